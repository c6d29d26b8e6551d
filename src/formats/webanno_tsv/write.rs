//! From a layer to a file: a row a token, in which each annotation of the token stands with all its features.
//!
//! Tokens end where annotations do, so that no row is a part of a token, but that of the article's author.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use serde_json::{Map, Number, Value as Json, json};
use smol_str::SmolStr;

use super::{FORMAT_LINE, NO_VALUE, NOTHING, OURS_LINE, TEXT_LINE, cells};
use crate::formats::uima::declare::{Declared, ID_RANGES};
use crate::formats::uima::plan::{Plan, Shape, Use};
use crate::formats::uima::types::{Range, STRING};
use crate::formats::uima::{self, ANNOTATION, AUTHOR_LAYER, Layers, Named, TYPE_SYSTEM, is_grammar, type_system};
use crate::formats::{Document, Done, Kind, Losses, Met, Piece, Token, Writer, tokens, write_ascii};
use crate::model::{AUTHOR, Annotation, Attributes, Id, Relation, Schema, Span, Value};
use crate::text::OffsetIndex;

/// Writes WebAnno TSV.
pub(super) struct TsvWriter {
    schema: Schema,
    layers: Layers,
}

impl TsvWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { schema: schema.clone(), layers: Layers::new(schema) }
    }
}

impl Writer for TsvWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let stem = document.file.rsplit_once('.').map_or(document.file.as_str(), |(stem, _)| stem);
        let mut file = File::new(self, document, losses);
        file.marks();
        file.relations();
        file.author();
        file.numbers();
        let out = file.all();
        uima::count_discussion(document, file.losses);
        file.declared.note(met);
        vec![Piece::whole(format!("{stem}.tsv"), out)]
    }

    fn whole(&self, met: &Met) -> Vec<Piece> {
        let mut declared = Declared { flat: true, ..Declared::default() };
        declared.schema(&self.schema, &self.layers);
        declared.met(met);
        vec![Piece::whole(TYPE_SYSTEM, type_system::write(&declared.types))]
    }
}

/// An annotation as it stands in the rows.
struct Mark<'d> {
    annotation: Option<&'d Annotation>,
    layer: SmolStr,
    /// Its tokens.
    tokens: Vec<usize>,
    /// Its number, where it has one.
    number: Option<usize>,
    features: BTreeMap<SmolStr, String>,
    /// Slots by feature.
    slots: BTreeMap<SmolStr, Vec<(String, usize)>>,
}

/// A relation as it stands in the row that it leads to.
struct Link {
    layer: SmolStr,
    from: usize,
    to: usize,
    features: BTreeMap<SmolStr, String>,
}

/// The columns of a layer.
#[derive(Default)]
struct Columns {
    features: BTreeSet<SmolStr>,
    /// The types of links and targets, by feature.
    slots: BTreeMap<SmolStr, (SmolStr, SmolStr)>,
}

/// One file that is being made.
struct File<'a> {
    writer: &'a TsvWriter,
    document: &'a Document,
    losses: &'a mut Losses,
    declared: Declared,
    index: OffsetIndex,
    tokens: Vec<Token>,
    /// Of each token, the number of its sentence and its own in it, from 1.
    places: Vec<(usize, usize)>,
    named: Named,
    plan: Plan,
    marks: Vec<Mark<'a>>,
    links: Vec<Link>,
    at: HashMap<&'a Id, usize>,
    /// Relations and their layers; the layers of slots are none.
    wanted: Vec<(&'a Relation, Option<SmolStr>)>,
    author: Option<usize>,
    spans: Map<String, Json>,
}

impl<'a> File<'a> {
    fn new(writer: &'a TsvWriter, document: &'a Document, losses: &'a mut Losses) -> Self {
        let spans = document.layer.annotations().flat_map(|annotation| annotation.spans.iter());
        let cuts: Vec<u32> = spans.flat_map(|span| [span.start(), span.end()]).collect();
        let all = tokens(&document.text, &cuts, &[], false);
        let tokens: Vec<Token> = all.into_iter().filter(|token| !token.blank).collect();
        let (mut places, mut sentence, mut number) = (Vec::with_capacity(tokens.len()), 0, 0);
        for (at, token) in tokens.iter().enumerate() {
            (sentence, number) = if token.sentence || at == 0 { (sentence + 1, 1) } else { (sentence, number + 1) };
            places.push((sentence, number));
        }
        Self {
            writer,
            document,
            losses,
            declared: Declared { flat: true, ..Declared::default() },
            index: OffsetIndex::new(&document.text),
            tokens,
            places,
            named: Named::default(),
            plan: Plan::default(),
            marks: Vec::new(),
            links: Vec::new(),
            at: HashMap::new(),
            wanted: Vec::new(),
            author: None,
            spans: Map::new(),
        }
    }

    fn lose(&mut self, kind: Kind, done: Done, id: &str) {
        self.losses.add(kind, done, &self.document.file, id);
    }

    fn offset(&self, byte: u32) -> u64 {
        self.index.utf16_from_byte(&self.document.text, byte as usize).0
    }

    /// The annotations that have tokens.
    fn marks(&mut self) {
        for annotation in self.document.layer.annotations() {
            if annotation.orphan().is_some() {
                self.lose(Kind::Orphan, Done::Dropped, &annotation.id);
                continue;
            }
            let mut own: Vec<usize> = Vec::new();
            for span in &annotation.spans {
                let first = self.tokens.partition_point(|token| token.start < span.start());
                own.extend((first..self.tokens.len()).take_while(|at| self.tokens[*at].end <= span.end()));
            }
            if own.is_empty() {
                self.lose(Kind::Blank, Done::Dropped, &annotation.id);
                continue;
            }
            if annotation.spans.len() > 1 {
                self.lose(Kind::Discontinuous, Done::Kept, &annotation.id);
            }
            self.places_of(annotation, &own);
            let wanted = self.writer.layers.label(&annotation.label);
            let kept = annotation.attributes.text(uima::LAYER).filter(|kept| !is_grammar(kept));
            let (layer, _) = self.named.take(false, &annotation.label, kept, wanted);
            self.at.insert(&annotation.id, self.marks.len());
            self.marks.push(Mark {
                annotation: Some(annotation),
                layer,
                tokens: own,
                number: None,
                features: BTreeMap::new(),
                slots: BTreeMap::new(),
            });
            if let Some(extra) = &annotation.extra {
                for _ in &extra.conflict {
                    self.lose(Kind::OtherVersion, Done::Dropped, &annotation.id);
                }
                if extra.origin.is_some() || extra.made.is_some() {
                    self.lose(Kind::Origin, Done::Dropped, &annotation.id);
                }
            }
        }
    }

    /// Keeps the spans that tokens do not say: with white space at an edge, or with no token between.
    fn places_of(&mut self, annotation: &Annotation, own: &[usize]) {
        let mut said: Vec<Span> = Vec::new();
        for (number, &at) in own.iter().enumerate() {
            let token = self.tokens[at];
            match said.last_mut() {
                Some(last) if own[number - 1] + 1 == at => *last = Span::new(last.start(), token.end),
                _ => said.push(Span::new(token.start, token.end)),
            }
        }
        if said[..] != annotation.spans[..] {
            let places = annotation.spans.iter().map(|span| json!([self.offset(span.start()), self.offset(span.end())]));
            let places = places.collect();
            self.spans.insert(annotation.id.to_string(), places);
        }
    }

    /// The relations whose ends are there, as columns or as slots, and what all names mean.
    fn relations(&mut self) {
        for relation in self.document.layer.relations() {
            let there = |id: &Id| id == AUTHOR || self.at.contains_key(id);
            if !(self.at.contains_key(&relation.from) && there(&relation.to)) || self.tokens.is_empty() {
                self.lose(Kind::Relation, Done::Dropped, &relation.id);
                continue;
            }
            if relation.to == AUTHOR {
                self.lose(Kind::RelationToAuthor, Done::Kept, &relation.id);
            }
            if let Some(extra) = &relation.extra {
                for _ in &extra.conflict {
                    self.lose(Kind::OtherVersion, Done::Dropped, &relation.id);
                }
                if extra.made.is_some() {
                    self.lose(Kind::Origin, Done::Dropped, &relation.id);
                }
            }
            let layer = if uima::slot(&relation.attributes).is_some_and(|slot| slot.kind == "link") {
                let lost = relation.attributes.len() - 1 + usize::from(!relation.note().is_empty());
                (0..lost).for_each(|_| self.lose(Kind::RelationAttribute, Done::Dropped, &relation.id));
                None
            } else {
                let wanted = self.writer.layers.relation(&relation.label);
                let kept = relation.attributes.text(uima::LAYER).filter(|kept| !is_grammar(kept));
                Some(self.named.take(true, &relation.label, kept, wanted).0)
            };
            self.wanted.push((relation, layer));
        }
        let mut uses = BTreeSet::new();
        let mut add = |layer: &SmolStr, span: bool, attributes: &Attributes| {
            for (name, value) in attributes.iter().filter(|(name, value)| !is_said(layer, name, value)) {
                uses.insert(Use::new(layer, span, name, Shape::of(value), value));
            }
        };
        for Mark { layer, annotation, .. } in &self.marks {
            annotation.iter().for_each(|annotation| add(layer, true, &annotation.attributes));
        }
        for (relation, layer) in &self.wanted {
            layer.iter().for_each(|layer| add(layer, false, &relation.attributes));
        }
        self.plan = Plan::new(uses);
    }

    /// The article's author, where relations lead there: an empty annotation at the first token.
    fn author(&mut self) {
        if self.wanted.iter().any(|(relation, _)| relation.to == AUTHOR) {
            self.author = Some(self.marks.len());
            self.declared.layer(AUTHOR_LAYER);
            self.marks.push(Mark {
                annotation: None,
                layer: AUTHOR_LAYER.into(),
                tokens: Vec::new(),
                number: None,
                features: BTreeMap::new(),
                slots: BTreeMap::new(),
            });
        }
        for at in 0..self.marks.len() {
            let Mark { annotation: Some(annotation), layer, .. } = &self.marks[at] else { continue };
            let (annotation, layer) = (*annotation, layer.clone());
            self.declared.layer(&layer);
            self.marks[at].features =
                self.features(&layer, &annotation.id, &annotation.attributes, annotation.note(), annotation.unsure());
        }
        for (relation, layer) in std::mem::take(&mut self.wanted) {
            let end = |id: &Id| if id == AUTHOR { self.author } else { self.at.get(id).copied() };
            let (Some(from), Some(to)) = (end(&relation.from), end(&relation.to)) else { continue };
            match (layer, uima::slot(&relation.attributes)) {
                (Some(layer), _) => {
                    self.declared.relation(&layer);
                    let features = self.features(&layer, &relation.id, &relation.attributes, relation.note(), false);
                    self.links.push(Link { layer, from, to, features });
                }
                (None, Some(slot)) => {
                    let host = self.marks[from].layer.clone();
                    self.declared.layer(slot.target);
                    self.declared.link(slot.of, slot.target);
                    self.declared.feature(&host, slot.feature, Range::list(slot.of));
                    let role = if relation.label == slot.feature { NO_VALUE.to_owned() } else { cells::value(&relation.label) };
                    self.marks[from].slots.entry(slot.feature.into()).or_default().push((role, to));
                }
                (None, None) => {}
            }
        }
    }

    /// The features of an annotation or relation.
    fn features(
        &mut self,
        layer: &SmolStr,
        id: &str,
        attributes: &Attributes,
        note: &str,
        unsure: bool,
    ) -> BTreeMap<SmolStr, String> {
        let mut features: BTreeMap<SmolStr, String> = BTreeMap::new();
        features.insert(uima::ID.into(), id.to_owned());
        if !note.is_empty() {
            features.insert(uima::NOTE.into(), note.to_owned());
        }
        if unsure {
            features.insert(uima::UNSURE.into(), "true".to_owned());
        }
        for (name, range) in ID_RANGES.iter().filter(|(name, _)| features.contains_key(*name)) {
            self.declared.feature(layer, name, Range::of(range));
        }
        for (name, value) in attributes.iter().filter(|(name, value)| !is_said(layer, name, value)) {
            let shape = Shape::of(value);
            let feature = self.plan.feature(layer, name, shape);
            let text = match value {
                Value::Text(text) => text.to_string(),
                Value::Bool(value) => value.to_string(),
                Value::Number(number) => format!("{number:?}"),
                Value::Many(values) => {
                    values.iter().map(|value| value.replace('\\', "\\\\").replace('|', "\\|")).collect::<Vec<_>>().join("|")
                }
            };
            self.declared.feature(layer, &feature, if shape == Shape::List { Range::of(STRING) } else { shape.range() });
            features.insert(feature, text);
        }
        features
    }

    /// Numbers for all that a row alone does not say: annotations of several tokens, of one layer in one token, and ends
    /// of relations.
    fn numbers(&mut self) {
        let mut needs: BTreeSet<usize> = self.author.into_iter().collect();
        needs.extend(self.links.iter().flat_map(|link| [link.from, link.to]));
        let mut first: HashMap<(&SmolStr, usize), usize> = HashMap::new();
        for (at, mark) in self.marks.iter().enumerate() {
            needs.extend(mark.slots.values().flatten().map(|(_, to)| *to));
            needs.extend((mark.tokens.len() > 1).then_some(at));
            for &token in &mark.tokens {
                if let Some(other) = first.insert((&mark.layer, token), at) {
                    needs.extend([at, other]);
                }
            }
        }
        for (number, at) in needs.into_iter().enumerate() {
            self.marks[at].number = Some(number + 1);
        }
    }

    /// The address of the row that an annotation begins in.
    fn address(&self, mark: usize) -> String {
        let (sentence, token) = self.places[self.marks[mark].tokens.first().copied().unwrap_or(0)];
        let part = if self.author == Some(mark) { ".1" } else { "" };
        format!("{sentence}-{token}{part}")
    }

    /// The file.
    fn all(&mut self) -> Vec<u8> {
        let mut spans: BTreeMap<SmolStr, Columns> = BTreeMap::new();
        for mark in &self.marks {
            let columns = spans.entry(mark.layer.clone()).or_default();
            columns.features.extend(mark.features.keys().cloned());
        }
        for relation in self.document.layer.relations() {
            let (Some(slot), Some(&from)) = (uima::slot(&relation.attributes), self.at.get(&relation.from)) else { continue };
            if self.marks[from].slots.contains_key(slot.feature) {
                let columns = spans.entry(self.marks[from].layer.clone()).or_default();
                columns.features.remove(slot.feature);
                columns.slots.insert(slot.feature.into(), (slot.of.into(), slot.target.into()));
            }
        }
        let mut relations: BTreeMap<SmolStr, (BTreeSet<SmolStr>, BTreeSet<SmolStr>)> = BTreeMap::new();
        for link in &self.links {
            let (features, ends) = relations.entry(link.layer.clone()).or_default();
            features.extend(link.features.keys().cloned());
            ends.extend([&self.marks[link.from].layer, &self.marks[link.to].layer].map(Clone::clone));
        }
        let mut out = format!("{FORMAT_LINE}3.3\n");
        for (layer, columns) in &spans {
            push(&mut out, format_args!("#T_SP={layer}"));
            columns.features.iter().for_each(|feature| push(&mut out, format_args!("|{feature}")));
            for (feature, (link, target)) in &columns.slots {
                push(&mut out, format_args!("|ROLE_{layer}:{feature}_{link}|{target}"));
            }
            out.push_str(if columns.features.is_empty() && columns.slots.is_empty() { "|\n" } else { "\n" });
        }
        for (layer, (features, ends)) in &relations {
            push(&mut out, format_args!("#T_RL={layer}"));
            features.iter().for_each(|feature| push(&mut out, format_args!("|{feature}")));
            let base = ends.first().filter(|_| ends.len() == 1).map_or(ANNOTATION, SmolStr::as_str);
            push(&mut out, format_args!("|BT_{base}\n"));
        }
        out.push('\n');
        self.body(&mut out, &spans, &relations);
        out.into_bytes()
    }

    fn body(
        &self,
        out: &mut String,
        spans: &BTreeMap<SmolStr, Columns>,
        relations: &BTreeMap<SmolStr, (BTreeSet<SmolStr>, BTreeSet<SmolStr>)>,
    ) {
        let text = &self.document.text;
        let mut here: Vec<Vec<usize>> = vec![Vec::new(); self.tokens.len()];
        for (at, mark) in self.marks.iter().enumerate() {
            mark.tokens.iter().for_each(|token| here[*token].push(at));
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
            push(out, format_args!("\n{OURS_LINE}{}\n", self.ours(&between)));
        }
        for (number, (first, end)) in sentences.into_iter().enumerate() {
            out.push('\n');
            if number == 0 {
                push(out, format_args!("{OURS_LINE}{}\n", self.ours(&between)));
            }
            for line in text[self.tokens[first].start as usize..self.tokens[end].end as usize].split('\n') {
                push(out, format_args!("{TEXT_LINE}{}\n", cells::text(line)));
            }
            for at in first..=end {
                let token = self.tokens[at];
                let address = format!("{}-{}", self.places[at].0, self.places[at].1);
                let place = (self.offset(token.start), self.offset(token.end));
                push(out, format_args!("{address}\t{}-{}\t{}\t", place.0, place.1, token.of(text)));
                self.row(out, &here[at], ends.get(&(at, false)).map_or(&[][..], Vec::as_slice), spans, relations);
                if at == 0
                    && let Some(author) = self.author
                {
                    push(out, format_args!("{address}.1\t{0}-{0}\t\t", place.0));
                    self.row(out, &[author], ends.get(&(0, true)).map_or(&[][..], Vec::as_slice), spans, relations);
                }
            }
        }
    }

    /// The cells of a row.
    fn row(
        &self,
        out: &mut String,
        here: &[usize],
        ends: &[&Link],
        spans: &BTreeMap<SmolStr, Columns>,
        relations: &BTreeMap<SmolStr, (BTreeSet<SmolStr>, BTreeSet<SmolStr>)>,
    ) {
        let cell = |out: &mut String, values: Vec<String>| {
            out.push_str(&if values.is_empty() { NOTHING.to_owned() } else { values.join("|") });
            out.push('\t');
        };
        let value = |features: &BTreeMap<SmolStr, String>, feature: &SmolStr| {
            features.get(feature).map_or_else(|| NO_VALUE.to_owned(), |value| cells::value(value))
        };
        let bracket = |number: Option<usize>| number.map(|number| format!("[{number}]")).unwrap_or_default();
        for (layer, columns) in spans {
            let own: Vec<&Mark<'_>> = here.iter().map(|at| &self.marks[*at]).filter(|mark| mark.layer == *layer).collect();
            for feature in &columns.features {
                cell(out, own.iter().map(|mark| value(&mark.features, feature) + &bracket(mark.number)).collect());
            }
            for feature in columns.slots.keys() {
                let links = |mark: &Mark<'_>| mark.slots.get(feature).cloned().unwrap_or_default();
                let roles = |mark: &&Mark<'_>| {
                    let roles: Vec<String> = links(mark).into_iter().map(|(role, _)| role).collect();
                    (if roles.is_empty() { NOTHING.to_owned() } else { roles.join(";") }) + &bracket(mark.number)
                };
                let targets = |mark: &&Mark<'_>| {
                    let to = |(_, to): (String, usize)| self.address(to) + &bracket(self.marks[to].number);
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
            let from = |link: &&&Link| format!("{}[{}_{}]", self.address(link.from), number(link.from), number(link.to));
            cell(out, own.iter().map(from).collect());
        }
        out.push('\n');
    }

    /// What only Pressmark has, on one line.
    fn ours(&self, between: &[&str]) -> String {
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
        let document: Map<String, Json> = head.document.iter().map(|(name, it)| (name.to_string(), value(it))).collect();
        let mut names: BTreeMap<String, Json> = BTreeMap::new();
        names.extend(self.named.told().map(|(layer, label)| (layer.to_string(), label.as_str().into())));
        names.extend(self.plan.told().map(|(at, attribute, shape)| (at, json!([attribute, shape]))));
        let fields = [("document", document), ("names", names.into_iter().collect()), ("spans", self.spans.clone())];
        ours.extend(fields.into_iter().filter(|(_, map)| !map.is_empty()).map(|(name, map)| (name.to_owned(), map.into())));
        ours.insert("between".to_owned(), between.into());
        let mut bytes = Vec::new();
        write_ascii(&mut bytes, &ours.into()).expect("memory takes it");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Whether an attribute is told by the name of its layer.
fn is_said(layer: &SmolStr, name: &str, value: &Value) -> bool {
    name == uima::LAYER && value.as_text() == Some(layer)
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes it");
}
