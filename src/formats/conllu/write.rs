//! From a layer to sentences of CoNLL-U: those that were read where they still fit, else sentences of ICU's words.
//!
//! Brackets and tags are added to MISC; no other column is changed.

use std::collections::{BTreeMap, HashMap, HashSet};

use smol_str::{SmolStr, format_smolstr};

use super::brackets::escaped;
use super::rows::{Article, Place, Row, Sentence, articles, text};
use super::{ENTITY, FIELDS, FOREIGN, GLOBAL, OURS, ROWS, rows};
use crate::formats::details::{annotation_json, attributes_json, relation_json};
use crate::formats::flat::{Stretch, Tagged, stretches};
use crate::formats::loss::{count_details, count_head};
use crate::formats::tree::{Fields, fields};
use crate::formats::{
    Document, Done, Joint, Kind, Losses, Met, Names, Options, Piece, Writer, count_rest, tokens, write_ascii,
};
use crate::model::{AUTHOR, Annotation, Schema};
use crate::text::{OffsetIndex, OffsetWalk};

/// A sentence and a row of it.
type RowAt = (usize, usize);

/// The dataset's file.
const FILE: &str = "dataset.conllu";
/// A column without a value.
const NOTHING: SmolStr = SmolStr::new_static("_");

/// Writes CoNLL-U.
pub(super) struct ConlluWriter {
    names: Names,
    /// What has tags; all annotations have brackets.
    tagged: Tagged,
}

impl ConlluWriter {
    pub fn new(schema: &Schema, options: &Options) -> Self {
        Self { names: Names::new(schema, str::to_owned), tagged: Tagged::new(schema, options.overlap) }
    }
}

/// Where an annotation's stretch stands among the words: the first and the last.
struct Marked<'d> {
    annotation: &'d Annotation,
    from: usize,
    to: usize,
    piece: usize,
    pieces: usize,
}

impl Writer for ConlluWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        let Document { file, text, layer } = document;
        met.note(layer);
        let mut unsaid = Losses::default();
        let all = stretches(document, Done::Kept, &mut unsaid, |_| true);
        // Brackets are in pieces as annotations are.
        for (kind, done, count) in unsaid.iter().filter(|(kind, ..)| *kind != Kind::Discontinuous) {
            losses.add_all(kind, done, count);
        }
        // What has no tag has its brackets.
        let tagged = self.tagged.of(&all, file, &mut Losses::default());
        let kept = kept(document, &all);
        if kept.is_none() && layer.head().document.get(ROWS).is_some() {
            losses.add(Kind::ArticleAttribute, Done::Dropped, file, ROWS);
        }
        let foreign = kept.is_some();
        let (mut article, places) = kept.unwrap_or_else(|| made(document, &all, &tagged));
        if places.is_empty() {
            losses.add(Kind::Spacing, Done::Dropped, file, "");
            return Vec::new();
        }
        let index = OffsetIndex::new(text);
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
        let word = |it: &Stretch<'_>| {
            let (start, end) = (char(it.span.start()), char(it.span.end()));
            let from = places.partition_point(|place| place.end <= start);
            (from, places.partition_point(|place| place.start < end).max(from + 1) - 1)
        };
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut marked: Vec<Marked<'_>> = Vec::new();
        for stretch in &all {
            let piece = counts.entry(&stretch.annotation.id).or_default();
            *piece += 1;
            let (from, to) = word(stretch);
            marked.push(Marked { annotation: stretch.annotation, from, to, piece: *piece, pieces: 0 });
        }
        marked.iter_mut().for_each(|it| it.pieces = counts[it.annotation.id.as_str()]);
        let fields = layer.head().document.text(ENTITY).filter(|_| foreign).unwrap_or(FIELDS);
        let mut misc: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
        for (row, brackets) in self.brackets(&marked, &places, fields, foreign) {
            misc.entry(row).or_default().push(format!("Entity={brackets}"));
        }
        for stretch in &tagged {
            let (from, to) = word(stretch);
            let name = upper(&self.names.of(stretch.annotation));
            let rows = places[from..=to].iter().flat_map(|it| (it.first..=it.last).map(|row| (it.sentence, row)));
            let rows: Vec<(usize, usize)> = rows.collect();
            for (at, row) in rows.iter().enumerate() {
                let letter = match (at == 0, at + 1 == rows.len()) {
                    (true, true) => 'U',
                    (true, false) => 'B',
                    (false, true) => 'L',
                    (false, false) => 'I',
                };
                misc.entry(*row).or_default().push(format!("name={letter}-{name}"));
            }
        }
        if foreign {
            count_foreign(document, losses);
            let first = &mut article.sentences[0].comments;
            let at = first.iter().position(|line| line.starts_with("# newdoc")).map_or(0, |at| at + 1);
            first.insert(at, format!("{GLOBAL}{fields}"));
        } else {
            let written: HashSet<&str> = all.iter().map(|it| it.annotation.id.as_str()).collect();
            let said = comments(document, &written, losses);
            article.sentences[0].comments.splice(0..0, said);
        }
        vec![Piece::rows(FILE, lines(&article, &misc), Joint::default())]
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        Vec::new()
    }
}

impl ConlluWriter {
    /// The brackets of each word that has some: what closes first, then what opens, the longest first.
    fn brackets(
        &self,
        marked: &[Marked<'_>],
        places: &[Place],
        fields: &str,
        foreign: bool,
    ) -> BTreeMap<RowAt, String> {
        let mut found: BTreeMap<RowAt, (String, String)> = BTreeMap::new();
        let mut closing: Vec<(RowAt, RowAt, String)> = Vec::new();
        for it in marked {
            let id = it.annotation.attributes.text("conllu:eid").or_else(|| {
                let first = fields.split('-').next().unwrap_or_default();
                it.annotation.attributes.text(&format!("{FOREIGN}{first}"))
            });
            let id = if foreign {
                id.map_or_else(|| escaped(&it.annotation.id), str::to_owned)
            } else {
                escaped(&it.annotation.id)
            };
            let eid = if it.pieces > 1 { format!("{id}[{}/{}]", it.piece, it.pieces) } else { id };
            let values = fields.split('-').enumerate().map(|(at, field)| match (at, field) {
                (0, _) => eid.clone(),
                (_, "etype") => escaped(&self.names.of(it.annotation)),
                (_, field) => {
                    let kept = it.annotation.attributes.text(&format!("{FOREIGN}{field}")).filter(|_| foreign);
                    kept.unwrap_or(if field == "head" { "1" } else { "" }).to_owned()
                }
            });
            let mut values: Vec<String> = values.collect();
            // Fields that are empty at the end are not written.
            while values.len() > 2 && values.last().is_some_and(String::is_empty) {
                values.pop();
            }
            let (from, to) = (places[it.from], places[it.to]);
            let (from, to) = ((from.sentence, from.first), (to.sentence, to.last));
            let single = if from == to { ")" } else { "" };
            let (opening, _) = found.entry(from).or_default();
            opening.push_str(&format!("({}{single}", values.join("-")));
            if from != to {
                closing.push((to, from, eid));
            }
        }
        // What opened last closes first.
        closing.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        for (to, _, eid) in closing {
            found.entry(to).or_default().1.push_str(&format!("{eid})"));
        }
        found.into_iter().map(|(at, (opens, closes))| (at, closes + &opens)).collect()
    }
}

/// The sentences that were read, where they make this text and every mark begins and ends with a word.
fn kept(document: &Document, all: &[Stretch<'_>]) -> Option<(Article, Vec<Place>)> {
    let kept = document.layer.head().document.text(ROWS)?;
    let article = articles(kept, |_, _| ()).into_iter().next()?;
    let (made, places) = text(&article, false);
    let index = OffsetIndex::new(&document.text);
    let char = |byte: u32| index.char_from_byte(&document.text, byte as usize).0;
    let fits = |it: &Stretch<'_>| {
        let (start, end) = (char(it.span.start()), char(it.span.end()));
        let begins = places.binary_search_by_key(&start, |place| place.start).is_ok();
        begins && places.binary_search_by_key(&end, |place| place.end).is_ok()
    };
    (made == document.text && all.iter().all(fits)).then_some((article, places))
}

/// Sentences of ICU's words.
fn made(document: &Document, all: &[Stretch<'_>], tagged: &[Stretch<'_>]) -> (Article, Vec<Place>) {
    let Document { file, text, .. } = document;
    let cuts: Vec<u32> = all.iter().flat_map(|it| [it.span.start(), it.span.end()]).collect();
    let whole: Vec<(u32, u32)> = tagged.iter().map(|it| (it.span.start(), it.span.end())).collect();
    let words: Vec<_> = tokens(text, &cuts, &whole, false).into_iter().filter(|token| !token.blank).collect();
    let mut walk = OffsetWalk::new(text);
    let mut char = |byte: u32| walk.char_from_byte(byte as usize).0;
    let mut article = Article::default();
    let mut places = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let before = if at == 0 { 0 } else { words[at - 1].end };
        if word.sentence || at == 0 {
            let number = article.sentences.len() + 1;
            let mut comments = Vec::new();
            if at == 0 || text[before as usize..word.start as usize].contains('\n') {
                comments.push("# newpar".to_owned());
            }
            comments.push(format!("# sent_id = {}-{number}", file.replace(char::is_whitespace, "_")));
            let next = words[at + 1..].iter().position(|word| word.sentence).map(|next| at + next);
            let end = words[next.unwrap_or(words.len() - 1)].end;
            let said: String = text[word.start as usize..end as usize]
                .chars()
                .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
                .collect();
            comments.push(format!("# text = {said}"));
            article.sentences.push(Sentence { comments, rows: Vec::new() });
        }
        let after = words.get(at + 1).map_or(text.len() as u32, |next| next.start);
        let mut misc = match &text[word.end as usize..after as usize] {
            "" => SmolStr::new_static("SpaceAfter=No"),
            " " => NOTHING,
            spaces => format_smolstr!("SpacesAfter={}", rows::escaped(spaces)),
        };
        if at == 0 && word.start > 0 {
            let first = rows::escaped(&text[..word.start as usize]);
            misc = format_smolstr!("{misc}|SpacesBefore={first}");
        }
        let sentence = article.sentences.len() - 1;
        let own = &mut article.sentences[sentence].rows;
        let mut columns = vec![NOTHING; 10];
        (columns[0], columns[1], columns[9]) = (format_smolstr!("{}", own.len() + 1), word.of(text).into(), misc);
        places.push(Place {
            sentence,
            first: own.len(),
            last: own.len(),
            start: char(word.start),
            end: char(word.end),
        });
        own.push(Row { line: 0, columns });
    }
    (article, places)
}

/// What the columns have no place for, as comments of the first sentence.
fn comments(document: &Document, written: &HashSet<&str>, losses: &mut Losses) -> Vec<String> {
    let Document { file, layer, .. } = document;
    let one_line = |name: &str, json: Fields<'_>| {
        let mut line = format!("# {name} = ").into_bytes();
        write_ascii(&mut line, &json).expect("memory takes it");
        String::from_utf8(line).expect("ASCII")
    };
    let name = file.replace(['\n', '\r'], " ");
    let mut lines = vec![format!("# newdoc id = {name}"), format!("{GLOBAL}{FIELDS}"), OURS.to_owned()];
    if !layer.head().annotator.is_empty() {
        lines.push(format!("# annotator = {}", layer.head().annotator));
    }
    let attributes = attributes_json(&layer.head().document, &[ROWS, ENTITY]);
    attributes.iter().for_each(|(name, _)| losses.add(Kind::ArticleAttribute, Done::Kept, file, name));
    if !attributes.is_empty() {
        lines.push(one_line("article", attributes));
    }
    for annotation in layer.annotations().filter(|it| written.contains(it.id.as_str())) {
        let mut mark = fields! {"id": annotation.id.as_str(), "label": annotation.label.as_str()};
        if let Some(kind) = annotation.kind() {
            mark.set("type", kind);
        }
        mark.append(annotation_json(annotation, &[]));
        lines.push(one_line("mark", mark));
    }
    count_details(document, Done::Kept, losses);
    for relation in layer.relations() {
        let there = |id: &str| id == AUTHOR || written.contains(id);
        let done = if there(&relation.from) && there(&relation.to) { Done::Kept } else { Done::Dropped };
        losses.add(Kind::Relation, done, file, &relation.id);
        if done == Done::Kept {
            lines.push(one_line("relation", relation_json(relation, &[])));
        }
    }
    count_head(layer, file, losses);
    lines
}

/// Counts what sentences that were read have no place for.
fn count_foreign(document: &Document, losses: &mut Losses) {
    let Document { file, layer, .. } = document;
    for relation in layer.relations() {
        losses.add(Kind::Relation, Done::Dropped, file, &relation.id);
    }
    for (name, _) in layer.head().document.iter().filter(|(name, _)| ![ROWS, ENTITY].contains(&name.as_str())) {
        losses.add(Kind::ArticleAttribute, Done::Dropped, file, name);
    }
    // The other fields of a bracket are written.
    let mut own = document.clone();
    let layer = &document.layer;
    let marks = layer.annotations().cloned().map(|mut annotation| {
        let kept: Vec<_> = annotation
            .attributes
            .iter()
            .filter(|(name, _)| name.starts_with(FOREIGN))
            .map(|(name, _)| name.clone())
            .collect();
        kept.into_iter().for_each(|name| annotation.attributes.set(name, None));
        annotation
    });
    let relations = layer.relations().into_iter().cloned().collect();
    own.layer = crate::model::Layer::from_parts(layer.head().clone(), marks.collect(), relations)
        .expect("ids are as they were");
    count_rest(&own, losses);
}

/// The sentences' lines, with what annotations add to MISC.
fn lines(article: &Article, misc: &BTreeMap<(usize, usize), Vec<String>>) -> String {
    let mut out = String::new();
    for (number, sentence) in article.sentences.iter().enumerate() {
        for comment in &sentence.comments {
            out.push_str(comment);
            out.push('\n');
        }
        for (at, row) in sentence.rows.iter().enumerate() {
            for column in &row.columns[..9] {
                out.push_str(column);
                out.push('\t');
            }
            let begins = out.len();
            let mut value = |value: &str| {
                if out.len() > begins {
                    out.push('|');
                }
                out.push_str(value);
            };
            if let Some(added) = misc.get(&(number, at)) {
                let mut values: Vec<&str> = row.misc().chain(added.iter().map(String::as_str)).collect();
                values.sort_by_key(|value| value.split('=').next().unwrap_or_default().to_lowercase());
                values.into_iter().for_each(&mut value);
            } else {
                row.misc().for_each(&mut value);
            }
            if out.len() == begins {
                out.push('_');
            }
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// A label as spaCy's converter takes it: capital letters and `_`.
fn upper(name: &str) -> String {
    let upper = name.to_uppercase();
    upper.chars().map(|c| if c.is_ascii_uppercase() { c } else { '_' }).collect()
}
