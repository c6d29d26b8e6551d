//! From a layer to a task.
//!
//! Every span begins and ends at a token, as Prodigy asks for.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::{ANNOTATOR, ANSWER, FIELDS, FILE, META, OURS, SPANS, TASK, TOKENS};
use crate::formats::details::{annotation_json, relation_json};
use crate::formats::flat::{Stretch, stretches};
use crate::formats::loss::{count_details, count_head};
use crate::formats::tree::{Fields, Tree, fields};
use crate::formats::values::json_of;
use crate::formats::{Document, Done, Kind, LineWriter, Losses, Names, tokens, write_ascii};
use crate::model::{AUTHOR, Attributes, Relation, Schema, Status};
use crate::text::{OffsetIndex, OffsetWalk};

/// Writes Prodigy's tasks.
pub(super) struct ProdigyWriter {
    names: Names,
}

impl ProdigyWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { names: Names::new(schema, str::to_owned) }
    }
}

/// A token: its first code point, the one after its last, and whether a space comes after it.
pub(super) type Place = (u64, u64, bool);

/// The tokens that a text has where nobody says otherwise.
pub(super) fn places(text: &str, cuts: &[u32]) -> Vec<Place> {
    let mut walk = OffsetWalk::new(text);
    let mut char = |byte: u32| walk.char_from_byte(byte as usize).0;
    tokens::words(text, cuts, false).iter().map(|it| (char(it.start), char(it.end), it.space)).collect()
}

impl LineWriter for ProdigyWriter {
    fn line(&self, document: &Document, losses: &mut Losses) -> Json {
        serde_json::to_value(self.task(document, losses)).expect("a tree is a value")
    }

    fn write(&self, document: &Document, losses: &mut Losses, out: &mut Vec<u8>) {
        write_ascii(out, &self.task(document, losses)).expect("memory takes it");
    }
}

impl ProdigyWriter {
    /// The task of one layer.
    fn task<'d>(&self, document: &'d Document, losses: &mut Losses) -> Fields<'d> {
        let Document { file, text, layer } = document;
        let index = OffsetIndex::new(text);
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
        let all = stretches(document, Done::Split, losses, |_| true);
        let cuts: Vec<u32> = all.iter().flat_map(|it| [it.span.start(), it.span.end()]).collect();
        let places = kept_tokens(document, &all).unwrap_or_else(|| places(text, &cuts));
        let mut spans = Vec::new();
        let mut first: HashMap<&str, Fields<'d>> = HashMap::new();
        let mut covered = 0;
        for Stretch { span, annotation } in &all {
            if span.start() < covered {
                losses.add(Kind::Overlap, Done::Setting, file, &annotation.id);
            }
            covered = covered.max(span.end());
            let (start, end) = (char(span.start()), char(span.end()));
            let from = places.partition_point(|place| place.1 <= start);
            let to = places.partition_point(|place| place.0 < end).saturating_sub(1);
            let label = self.names.of(annotation);
            let mut object = fields! {"start": start, "end": end, "token_start": from, "token_end": to, "label": label};
            let begins = !first.contains_key(annotation.id.as_str());
            if begins {
                first.insert(&annotation.id, object.clone());
                add_fields(&mut object, &annotation.attributes);
            }
            object.set("id", annotation.id.as_str());
            let mut ours = if begins { annotation_json(annotation, &[FIELDS]) } else { Fields::default() };
            ours.set("label", annotation.label.as_str());
            if let Some(kind) = annotation.kind() {
                ours.set("type", kind);
            }
            object.set(OURS, ours);
            spans.push(object.into());
        }
        count_details(document, Done::Kept, losses);
        let (relations, to_author) = Self::relations(document, &first, losses);
        let head = &layer.head().document;
        let rejected = parsed(head, SPANS).filter(|_| spans.is_empty());
        let spans = rejected.map_or(Tree::List(spans), Tree::from);
        let tokens = token_objects(text, &places);
        let mut line = fields! {"text": text.as_str(), "meta": meta(document), "tokens": tokens, "spans": spans};
        let view = if relations.is_empty() { "spans_manual" } else { "relations" };
        if !relations.is_empty() {
            line.set("relations", relations);
        }
        line.set("_view_id", view);
        if let Some(Json::Object(kept)) = parsed(head, TASK) {
            line.extend(kept);
        }
        if !to_author.is_empty() {
            line.set(OURS, fields! {"relations": to_author});
        }
        let answer =
            if layer.head().status == Status::Skipped { head.text(ANSWER).unwrap_or("ignore") } else { "accept" };
        line.set("answer", answer);
        count_head(layer, file, losses);
        line
    }

    /// The relations between spans, and those to the author, who is none.
    fn relations<'d>(
        document: &'d Document,
        first: &HashMap<&str, Fields<'d>>,
        losses: &mut Losses,
    ) -> (Vec<Tree<'d>>, Vec<Tree<'d>>) {
        let Document { file, layer, .. } = document;
        let (mut between, mut to_author) = (Vec::new(), Vec::new());
        for relation in layer.relations() {
            match (first.get(relation.from.as_str()), first.get(relation.to.as_str())) {
                (Some(head), Some(child)) => {
                    between.push(between_spans(relation, head, child));
                    for _ in 0..relation.attributes.len() + usize::from(!relation.note().is_empty()) {
                        losses.add(Kind::RelationAttribute, Done::Kept, file, &relation.id);
                    }
                }
                (Some(_), None) if relation.to == AUTHOR => {
                    to_author.push(relation_json(relation, &[]).into());
                    losses.add(Kind::RelationToAuthor, Done::Kept, file, &relation.id);
                }
                _ => losses.add(Kind::Relation, Done::Dropped, file, &relation.id),
            }
        }
        (between, to_author)
    }
}

fn between_spans<'d>(relation: &'d Relation, head: &Fields<'d>, child: &Fields<'d>) -> Tree<'d> {
    let end = |span: &Fields<'d>| span.get("token_end").cloned().expect("each span has one");
    let label = relation.label.as_str();
    let mut object = fields! {
        "head": end(head), "child": end(child), "label": label, "head_span": head.clone(), "child_span": child.clone()
    };
    add_fields(&mut object, &relation.attributes);
    object.set(OURS, relation_json(relation, &[FIELDS]));
    object.into()
}

/// Fields that another program had in a span or a relation.
fn add_fields(object: &mut Fields<'_>, attributes: &Attributes) {
    if let Some(Json::Object(kept)) = parsed(attributes, FIELDS) {
        for (name, value) in kept {
            object.set_new(name, value);
        }
    }
}

/// An attribute that holds JSON.
fn parsed(attributes: &Attributes, name: &str) -> Option<Json> {
    serde_json::from_str(attributes.text(name)?).ok()
}

/// What is said of the article.
fn meta(document: &Document) -> Map<String, Json> {
    let head = document.layer.head();
    let mut meta = match parsed(&head.document, META) {
        Some(Json::Object(meta)) => meta,
        _ => Map::new(),
    };
    for (name, value) in head.document.iter().filter(|(name, _)| !name.starts_with("prodigy:")) {
        meta.insert(name.to_string(), json_of(value));
    }
    meta.insert(FILE.to_owned(), document.file.as_str().into());
    meta.insert(ANNOTATOR.to_owned(), head.annotator.as_str().into());
    meta
}

fn token_objects<'d>(text: &'d str, places: &[Place]) -> Tree<'d> {
    // Ends and starts go forward through the text.
    let (mut byte, mut char) = (0, 0);
    let mut byte_of = |at: u64| {
        byte += text[byte..].chars().take((at - char) as usize).map(char::len_utf8).sum::<usize>();
        char = at;
        byte
    };
    let objects = places.iter().enumerate().map(|(id, &(start, end, space))| {
        let (from, to) = (byte_of(start), byte_of(end));
        fields! {"text": &text[from..to], "start": start, "end": end, "id": id, "ws": space}.into()
    });
    objects.collect()
}

/// The tokens that the task had, where every mark still begins and ends at one.
fn kept_tokens(document: &Document, all: &[Stretch<'_>]) -> Option<Vec<Place>> {
    let text = &document.text;
    let kept: Vec<Place> = serde_json::from_str(document.layer.head().document.text(TOKENS)?).ok()?;
    let length = text.chars().count() as u64;
    let mut at = 0;
    for &(start, end, _) in &kept {
        if start < at || end <= start || end > length {
            return None;
        }
        at = end;
    }
    let index = OffsetIndex::new(text);
    let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
    let fits = |it: &Stretch<'_>| {
        let (start, end) = (char(it.span.start()), char(it.span.end()));
        kept.binary_search_by_key(&start, |place| place.0).is_ok()
            && kept.binary_search_by_key(&end, |place| place.1).is_ok()
    };
    all.iter().all(fits).then_some(kept)
}
