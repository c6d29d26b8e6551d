//! From a layer to the events of its quotes, and to their rows.
//!
//! A mark has a line for each role that it plays, and a quote an event, with a trigger of its own on the cue; where there is
//! no cue it stands on the quote, for brat has no event without a trigger.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::{Value as Json, json};

use super::{ATTRIBUTION, Role};
use crate::formats::pieces::stretches;
use crate::formats::{Document, Done, Joint, Kind, Losses, Met, Piece, Writer, count_rest, full_label, write_ascii};
use crate::model::{AUTHOR, Annotation, Layer, Relation};
use crate::text::OffsetIndex;

/// What brat needs to know of the events.
const CONF: &str = "[entities]
Source
Cue
Content

[relations]
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]
Attribution\tContent:Content, Source*:Source, Cue*:Cue

[attributes]
";

/// Writes attributions.
pub(super) struct QuotesWriter;

/// A quote with what its links lead to.
struct Attribution<'l> {
    content: &'l Annotation,
    sources: Vec<&'l Annotation>,
    cues: Vec<&'l Annotation>,
}

/// The stretches of all marks, by id.
type Places<'l> = BTreeMap<&'l str, Vec<Range<usize>>>;

/// A line of a mark: where it stands in the text (start, and from the end), its role, and its id by length.
type Key<'l> = (usize, usize, Role, usize, &'l str);

impl Writer for QuotesWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        let Document { file, text, layer } = document;
        let places: Places<'_> = layer.annotations().map(|it| (it.id.as_str(), stretches(text, &it.spans))).collect();
        let mut attributions = attributions(layer, &places);
        attributions.sort_by_key(|it| key(&places, it.content, Role::Content));
        let mut numbers: BTreeMap<Key<'_>, usize> = BTreeMap::new();
        for (annotation, role) in attributions.iter().flat_map(Attribution::parts) {
            numbers.insert(key(&places, annotation, role), 0);
            met.labels.insert(full_label(annotation));
        }
        numbers.values_mut().zip(1..).for_each(|(number, next)| *number = next);
        let number = |annotation: &Annotation, role: Role| numbers[&key(&places, annotation, role)];
        let index = OffsetIndex::new(text);
        let mut ann = String::new();
        for ((_, _, role, _, id), number) in &numbers {
            text_bound(&mut ann, *number, role.name(), text, &index, &places[*id]);
        }
        let mut events = String::new();
        for (at, attribution) in attributions.iter().enumerate() {
            let trigger = numbers.len() + 1 + at;
            let on = attribution.cues.iter().copied().min_by_key(|cue| number(cue, Role::Cue));
            let on = on.unwrap_or(attribution.content);
            text_bound(&mut ann, trigger, ATTRIBUTION, text, &index, &places[on.id.as_str()]);
            write!(events, "E{}\t{ATTRIBUTION}:T{trigger}", at + 1).expect("a string takes it");
            let content = number(attribution.content, Role::Content);
            write!(events, " Content:T{content}").expect("a string takes it");
            for (role, parts) in [(Role::Cue, &attribution.cues), (Role::Source, &attribution.sources)] {
                let ids: BTreeSet<usize> = parts.iter().map(|part| number(part, role)).collect();
                for (at, id) in ids.iter().enumerate() {
                    let more = if at == 0 { String::new() } else { (at + 1).to_string() };
                    write!(events, " {}{more}:T{id}", role.name()).expect("a string takes it");
                }
            }
            events.push('\n');
        }
        ann.push_str(&events);
        count(document, &attributions, &places, losses);
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let mut pieces =
            vec![Piece::whole(format!("{stem}.txt"), text.as_bytes()), Piece::whole(format!("{stem}.ann"), ann)];
        if !attributions.is_empty() {
            pieces.push(Piece::rows("quotes.jsonl", rows(document, &index, &attributions), Joint::default()));
        }
        pieces
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        vec![Piece::whole("annotation.conf", CONF)]
    }
}

impl<'l> Attribution<'l> {
    /// All marks in it with their roles.
    fn parts(&self) -> impl Iterator<Item = (&'l Annotation, Role)> + '_ {
        let cues = self.cues.iter().map(|&cue| (cue, Role::Cue));
        let sources = self.sources.iter().map(|&source| (source, Role::Source));
        [(self.content, Role::Content)].into_iter().chain(cues).chain(sources)
    }
}

/// What orders the lines of marks.
fn key<'l>(places: &Places<'_>, annotation: &'l Annotation, role: Role) -> Key<'l> {
    let place = &places[annotation.id.as_str()];
    let (start, end) = (place.first().map_or(0, |it| it.start), place.last().map_or(0, |it| it.end));
    (start, usize::MAX - end, role, annotation.id.len(), &annotation.id)
}

/// The attributions of all quotes that have a place.
fn attributions<'l>(layer: &'l Layer, places: &Places<'_>) -> Vec<Attribution<'l>> {
    let there = |annotation: &&Annotation| annotation.orphan().is_none() && !places[annotation.id.as_str()].is_empty();
    let quotes = layer.annotations().filter(|annotation| annotation.label == Role::Content.label()).filter(there);
    let of = |content: &'l Annotation| {
        let mut attribution = Attribution { content, sources: Vec::new(), cues: Vec::new() };
        for relation in links(layer, content) {
            let Some(end) = layer.get(&relation.to).filter(there) else { continue };
            let parts =
                if relation.label == Role::Cue.link() { &mut attribution.cues } else { &mut attribution.sources };
            if !parts.iter().any(|part| part.id == end.id) {
                parts.push(end);
            }
        }
        attribution
    };
    quotes.map(of).collect()
}

/// The links of a quote that make its attribution.
fn links<'l>(layer: &'l Layer, content: &Annotation) -> impl Iterator<Item = &'l Relation> {
    let id = content.id.clone();
    let known = |relation: &&Relation| [Role::Cue, Role::Source].iter().any(|role| role.link() == relation.label);
    layer.relations_of(&id).into_iter().filter(move |relation| relation.from == id).filter(known)
}

fn text_bound(out: &mut String, id: usize, kind: &str, text: &str, index: &OffsetIndex, places: &[Range<usize>]) {
    let char = |byte: usize| index.char_from_byte(text, byte).0;
    let offsets: Vec<String> = places.iter().map(|it| format!("{} {}", char(it.start), char(it.end))).collect();
    let words: Vec<&str> = places.iter().map(|it| &text[it.clone()]).collect();
    writeln!(out, "T{id}\t{kind} {}\t{}", offsets.join(";"), words.join(" ")).expect("a string takes it");
}

/// A row for each attribution: the stretches of each role, with their words.
fn rows(document: &Document, index: &OffsetIndex, attributions: &[Attribution<'_>]) -> Vec<u8> {
    let Document { file, text, layer } = document;
    let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
    let of = |marks: &[&Annotation]| -> Json {
        let mut spans: Vec<_> = marks.iter().flat_map(|mark| mark.spans.iter().map(|span| (*span, &mark.id))).collect();
        spans.sort_by_key(|(span, id)| (span.start(), span.end(), id.len(), id.as_str()));
        let spans = spans.iter().map(|(span, _)| {
            let words = span.slice(text).unwrap_or_default();
            json!({"start": char(span.start()), "end": char(span.end()), "text": words})
        });
        spans.collect()
    };
    let mut out = Vec::new();
    for (at, attribution) in attributions.iter().enumerate() {
        let row = json!({
            "article": file,
            "annotator": layer.head().annotator.as_str(),
            "id": format!("E{}", at + 1),
            "offsets": "code points",
            "source": of(&attribution.sources),
            "cue": of(&attribution.cues),
            "content": of(&[attribution.content]),
        });
        write_ascii(&mut out, &row).expect("memory takes it");
        out.push(b'\n');
    }
    out
}

/// Counts all that is in no attribution.
fn count(document: &Document, attributions: &[Attribution<'_>], places: &Places<'_>, losses: &mut Losses) {
    let Document { file, layer, .. } = document;
    let parts: HashSet<&str> =
        attributions.iter().flat_map(Attribution::parts).map(|(annotation, _)| annotation.id.as_str()).collect();
    for annotation in layer.annotations() {
        let id = annotation.id.as_str();
        if annotation.orphan().is_some() {
            losses.add(Kind::Orphan, Done::Dropped, file, id);
        } else if places[id].is_empty() {
            losses.add(Kind::Blank, Done::Dropped, file, id);
        } else if !parts.contains(id) {
            losses.add(Kind::Mark, Done::Dropped, file, id);
        } else if annotation.kind().is_some() {
            losses.add(Kind::Attribute, Done::Dropped, file, id);
        }
    }
    let mut seen: HashSet<(&str, &str, &str)> = HashSet::new();
    let mut links: Vec<&str> = Vec::new();
    for attribution in attributions {
        links.extend(self::links(layer, attribution.content).map(|relation| relation.id.as_str()));
    }
    let written: HashSet<&str> = links.into_iter().collect();
    for relation in layer.relations() {
        let new = seen.insert((&relation.from, &relation.label, &relation.to));
        if relation.to == AUTHOR {
            losses.add(Kind::RelationToAuthor, Done::Dropped, file, &relation.id);
        } else if !(written.contains(relation.id.as_str()) && parts.contains(relation.to.as_str()) && new) {
            losses.add(Kind::Relation, Done::Dropped, file, &relation.id);
        } else if !relation.attributes.is_empty() || !relation.note().is_empty() {
            losses.add(Kind::RelationAttribute, Done::Dropped, file, &relation.id);
        }
    }
    for (name, _) in layer.head().document.iter() {
        losses.add(Kind::ArticleAttribute, Done::Dropped, file, name);
    }
    count_rest(document, losses);
}
