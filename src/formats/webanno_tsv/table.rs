//! The table of a file that is made: header, sentences, rows and cells.
//!
//! Layers stand in the order of their names, annotations of a row in the order of the layer.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use serde_json::{Map, Number, Value as Json, json};
use smol_str::SmolStr;

use super::write::{File, Link, Mark};
use super::{FORMAT_LINE, NO_VALUE, NOTHING, OURS_LINE, TEXT_LINE, cells};
use crate::formats::uima::{self, ANNOTATION};
use crate::formats::write_ascii;
use crate::model::{AUTHOR, Id, Value};
use crate::text::OffsetWalk;

/// The columns of a layer.
#[derive(Default)]
struct Columns {
    features: BTreeSet<SmolStr>,
    /// The types of links and targets, by feature.
    slots: BTreeMap<SmolStr, (SmolStr, SmolStr)>,
}

/// The features of layers of relations, and the layers that they link.
type Relations = BTreeMap<SmolStr, (BTreeSet<SmolStr>, BTreeSet<SmolStr>)>;

impl File<'_> {
    /// The file.
    pub(super) fn all(&mut self) -> Vec<u8> {
        let mut spans: BTreeMap<SmolStr, Columns> = BTreeMap::new();
        for mark in &self.marks {
            let columns = spans.entry(mark.layer.clone()).or_default();
            columns.features.extend(mark.features.keys().cloned());
        }
        for relation in self.document.layer.relations() {
            let (Some(slot), Some(&from)) = (uima::slot(&relation.attributes), self.at.get(&relation.from)) else {
                continue;
            };
            if self.marks[from].slots.contains_key(slot.feature) {
                let columns = spans.entry(self.marks[from].layer.clone()).or_default();
                columns.features.remove(slot.feature);
                columns.slots.insert(slot.feature.into(), (slot.of.into(), slot.target.into()));
            }
        }
        let mut relations: Relations = BTreeMap::new();
        for link in &self.links {
            let (features, ends) = relations.entry(link.layer.clone()).or_default();
            features.extend(link.features.keys().cloned());
            ends.extend([&self.marks[link.from].layer, &self.marks[link.to].layer].map(Clone::clone));
        }
        let mut out = format!("{FORMAT_LINE}3.3\n");
        for (layer, columns) in &spans {
            push(&mut out, format_args!("#T_SP={layer}"));
            for feature in &columns.features {
                push(&mut out, format_args!("|{feature}"));
            }
            for (feature, (link, target)) in &columns.slots {
                push(&mut out, format_args!("|ROLE_{layer}:{feature}_{link}|{target}"));
            }
            out.push_str(if columns.features.is_empty() && columns.slots.is_empty() { "|\n" } else { "\n" });
        }
        for (layer, (features, ends)) in &relations {
            push(&mut out, format_args!("#T_RL={layer}"));
            for feature in features {
                push(&mut out, format_args!("|{feature}"));
            }
            let base = ends.first().filter(|_| ends.len() == 1).map_or(ANNOTATION, SmolStr::as_str);
            push(&mut out, format_args!("|BT_{base}\n"));
        }
        out.push('\n');
        self.body(&mut out, &spans, &relations);
        out.into_bytes()
    }

    fn body(&self, out: &mut String, spans: &BTreeMap<SmolStr, Columns>, relations: &Relations) {
        let text = &self.document.text;
        let mut here: Vec<Vec<usize>> = vec![Vec::new(); self.tokens.len()];
        for (at, mark) in self.marks.iter().enumerate() {
            for &token in &mark.tokens {
                here[token].push(at);
            }
        }
        let mut ends: HashMap<(usize, bool), Vec<&Link>> = HashMap::new();
        for link in &self.links {
            let token = self.marks[link.to].tokens.first().copied().unwrap_or(0);
            ends.entry((token, self.author == Some(link.to))).or_default().push(link);
        }
        let mut between: Vec<&str> = Vec::new();
        let mut sentences: Vec<(usize, usize)> = Vec::new();
        for (at, place) in self.places.iter().enumerate() {
            match sentences.last_mut() {
                Some(last) if place.1 > 1 => last.1 = at,
                _ => sentences.push((at, at)),
            }
        }
        let mut last = 0;
        for &(first, end) in &sentences {
            between.push(&text[last..self.tokens[first].start as usize]);
            last = self.tokens[end].end as usize;
        }
        between.push(&text[last..]);
        if sentences.is_empty() {
            push(out, format_args!("\n{OURS_LINE}{}\n", self.ours(&between, Map::new())));
        }
        let ids = self.ids(&here, &ends, spans, relations);
        let mut walk = OffsetWalk::new(text);
        // The cells of most tokens.
        let mut bare = String::new();
        self.row(&mut bare, &[], &[], spans, relations);
        for (number, (first, end)) in sentences.into_iter().enumerate() {
            out.push('\n');
            if number == 0 {
                push(out, format_args!("{OURS_LINE}{}\n", self.ours(&between, ids.clone())));
            }
            for line in text[self.tokens[first].start as usize..self.tokens[end].end as usize].split('\n') {
                push(out, format_args!("{TEXT_LINE}{}\n", cells::text(line)));
            }
            for (at, own) in here.iter().enumerate().take(end + 1).skip(first) {
                let token = self.tokens[at];
                let address = format!("{}-{}", self.places[at].0, self.places[at].1);
                let mut offset = |byte: u32| walk.utf16_from_byte(byte as usize).0;
                let place = (offset(token.start), offset(token.end));
                push(out, format_args!("{address}\t{}-{}\t{}\t", place.0, place.1, token.of(text)));
                match ends.get(&(at, false)) {
                    None if own.is_empty() => out.push_str(&bare),
                    links => self.row(out, own, links.map_or(&[][..], Vec::as_slice), spans, relations),
                }
                if at == 0
                    && let Some(author) = self.author
                {
                    push(out, format_args!("{address}.1\t{0}-{0}\t\t", place.0));
                    self.row(out, &[author], ends.get(&(0, true)).map_or(&[][..], Vec::as_slice), spans, relations);
                }
            }
        }
    }

    /// The ids of annotations, relations and slots, in the order in which a reader of the rows meets them.
    fn ids(
        &self,
        here: &[Vec<usize>],
        ends: &HashMap<(usize, bool), Vec<&Link>>,
        spans: &BTreeMap<SmolStr, Columns>,
        relations: &Relations,
    ) -> Map<String, Json> {
        let author: Vec<usize> = self.author.into_iter().collect();
        let mut rows: Vec<(&[usize], (usize, bool))> =
            here.iter().enumerate().map(|(at, own)| (own.as_slice(), (at, false))).collect();
        rows.insert(1.min(rows.len()), (&author, (0, true)));
        let mut met = BTreeSet::new();
        let (mut marks, mut links) = (Vec::<&usize>::new(), Vec::new());
        for (own, end) in rows {
            for layer in spans.keys() {
                marks.extend(own.iter().filter(|at| self.marks[**at].layer == *layer && met.insert(**at)));
            }
            let ends = ends.get(&end).map_or(&[][..], Vec::as_slice);
            for layer in relations.keys() {
                links.extend(ends.iter().filter(|link| link.layer == *layer).map(|link| link.id.as_str()));
            }
        }
        let id = |at: &usize| self.marks[*at].annotation.map_or(AUTHOR, |annotation| &annotation.id);
        let slots: Vec<&str> =
            marks.iter().flat_map(|at| self.marks[**at].slots.values().flatten()).map(|(.., id)| id.as_str()).collect();
        let marks: Vec<&str> = marks.into_iter().map(id).collect();
        let all = [("ids", marks), ("links", links), ("slots", slots)].into_iter().filter(|(_, ids)| !ids.is_empty());
        all.map(|(name, ids)| (name.to_owned(), ids.into())).collect()
    }

    /// The cells of a row.
    fn row(
        &self,
        out: &mut String,
        here: &[usize],
        ends: &[&Link],
        spans: &BTreeMap<SmolStr, Columns>,
        relations: &Relations,
    ) {
        let cell = |out: &mut String, values: Vec<String>| {
            match &values[..] {
                [] => out.push_str(NOTHING),
                [one] => out.push_str(one),
                several => out.push_str(&several.join("|")),
            }
            out.push('\t');
        };
        let value = |features: &BTreeMap<SmolStr, String>, feature: &SmolStr| {
            features.get(feature).map_or_else(|| NO_VALUE.to_owned(), |value| cells::value(value))
        };
        let bracket = |number: Option<usize>| number.map(|number| format!("[{number}]")).unwrap_or_default();
        for (layer, columns) in spans {
            let own: Vec<&Mark<'_>> =
                here.iter().map(|at| &self.marks[*at]).filter(|mark| mark.layer == *layer).collect();
            for feature in &columns.features {
                cell(out, own.iter().map(|mark| value(&mark.features, feature) + &bracket(mark.number)).collect());
            }
            for feature in columns.slots.keys() {
                let links = |mark: &Mark<'_>| mark.slots.get(feature).cloned().unwrap_or_default();
                let roles = |mark: &&Mark<'_>| {
                    let roles: Vec<String> = links(mark).into_iter().map(|(role, ..)| role).collect();
                    (if roles.is_empty() { NOTHING.to_owned() } else { roles.join(";") }) + &bracket(mark.number)
                };
                let targets = |mark: &&Mark<'_>| {
                    let to = |(_, to, _): (String, usize, Id)| self.address(to) + &bracket(self.marks[to].number);
                    let targets: Vec<String> = links(mark).into_iter().map(to).collect();
                    if targets.is_empty() { NO_VALUE.to_owned() } else { targets.join(";") }
                };
                cell(out, own.iter().map(roles).collect());
                cell(out, own.iter().map(targets).collect());
            }
            if columns.features.is_empty() && columns.slots.is_empty() {
                cell(out, own.iter().map(|mark| NO_VALUE.to_owned() + &bracket(mark.number)).collect());
            }
        }
        for (layer, (features, _)) in relations {
            let own: Vec<&&Link> = ends.iter().filter(|link| link.layer == *layer).collect();
            for feature in features {
                cell(out, own.iter().map(|link| value(&link.features, feature)).collect());
            }
            let number = |mark: usize| self.marks[mark].number.unwrap_or(0);
            let from =
                |link: &&&Link| format!("{}[{}_{}]", self.address(link.from), number(link.from), number(link.to));
            cell(out, own.iter().map(from).collect());
        }
        out.push('\n');
    }

    /// What only Pressmark has, on one line.
    fn ours(&self, between: &[&str], ids: Map<String, Json>) -> String {
        let head = self.document.layer.head();
        let mut ours = Map::new();
        ours.insert("article".to_owned(), self.document.file.as_str().into());
        ours.insert("annotator".to_owned(), head.annotator.as_str().into());
        if !head.document_note.is_empty() {
            ours.insert("note".to_owned(), head.document_note.as_str().into());
        }
        let value = |value: &Value| match value {
            Value::Text(text) => Json::from(text.as_str()),
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Value::Many(values) => values.iter().map(SmolStr::as_str).collect(),
        };
        let document: Map<String, Json> =
            head.document.iter().map(|(name, it)| (name.to_string(), value(it))).collect();
        let mut names: BTreeMap<String, Json> = BTreeMap::new();
        names.extend(self.named.told().map(|(layer, label)| (layer.to_string(), label.as_str().into())));
        names.extend(self.plan.told().map(|(at, attribute, shape)| (at, json!([attribute, shape]))));
        let fields = [("document", document), ("names", names.into_iter().collect()), ("spans", self.spans.clone())];
        ours.extend(
            fields.into_iter().filter(|(_, map)| !map.is_empty()).map(|(name, map)| (name.to_owned(), map.into())),
        );
        ours.extend(ids);
        ours.insert("between".to_owned(), between.into());
        let mut bytes = Vec::new();
        write_ascii(&mut bytes, &ours).expect("memory takes it");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes it");
}
