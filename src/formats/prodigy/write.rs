//! From a layer to a task.
//!
//! Every span begins and ends at a token, as Prodigy asks for.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::{ANNOTATOR, ANSWER, FIELDS, FILE, META, OURS, SPANS, TASK, TOKENS};
use crate::formats::details::{annotation_json, relation_json};
use crate::formats::flat::{Stretch, stretches};
use crate::formats::loss::{count_details, count_head};
use crate::formats::values::json_of;
use crate::formats::{Document, Done, Kind, LineWriter, Losses, Names, tokens};
use crate::model::{AUTHOR, Attributes, Relation, Schema, Status};
use crate::text::OffsetIndex;

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
    let index = OffsetIndex::new(text);
    let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
    tokens::words(text, cuts, false).iter().map(|it| (char(it.start), char(it.end), it.space)).collect()
}

impl LineWriter for ProdigyWriter {
    fn line(&self, document: &Document, losses: &mut Losses) -> Json {
        let Document { file, text, layer } = document;
        let index = OffsetIndex::new(text);
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
        let all = stretches(document, Done::Split, losses, |_| true);
        let cuts: Vec<u32> = all.iter().flat_map(|it| [it.span.start(), it.span.end()]).collect();
        let places = kept_tokens(document, &all).unwrap_or_else(|| places(text, &cuts));
        let mut spans = Vec::new();
        let mut first: HashMap<&str, Map<String, Json>> = HashMap::new();
        let mut covered = 0;
        for Stretch { span, annotation } in &all {
            if span.start() < covered {
                losses.add(Kind::Overlap, Done::Setting, file, &annotation.id);
            }
            covered = covered.max(span.end());
            let (start, end) = (char(span.start()), char(span.end()));
            let from = places.partition_point(|place| place.1 <= start);
            let to = places.partition_point(|place| place.0 < end).saturating_sub(1);
            let mut object = Map::new();
            let numbers = [("start", start), ("end", end), ("token_start", from as u64), ("token_end", to as u64)];
            numbers.into_iter().for_each(|(name, number)| drop(object.insert(name.to_owned(), number.into())));
            object.insert("label".to_owned(), self.names.of(annotation).into());
            let begins = !first.contains_key(annotation.id.as_str());
            if begins {
                first.insert(&annotation.id, object.clone());
                add_fields(&mut object, &annotation.attributes);
            }
            object.insert("id".to_owned(), annotation.id.as_str().into());
            let mut ours = if begins { annotation_json(annotation) } else { Map::new() };
            strip(&mut ours);
            ours.insert("label".to_owned(), annotation.label.as_str().into());
            if let Some(kind) = annotation.kind() {
                ours.insert("type".to_owned(), kind.into());
            }
            object.insert(OURS.to_owned(), ours.into());
            spans.push(object.into());
        }
        count_details(document, Done::Kept, losses);
        let (relations, to_author) = Self::relations(document, &first, losses);
        let mut line = Map::new();
        line.insert("text".to_owned(), text.as_str().into());
        line.insert("meta".to_owned(), meta(document).into());
        line.insert("tokens".to_owned(), token_objects(text, &places));
        let head = &layer.head().document;
        let rejected = parsed(head, SPANS).filter(|_| spans.is_empty());
        line.insert("spans".to_owned(), rejected.unwrap_or(Json::Array(spans)));
        let view = if relations.is_empty() { "spans_manual" } else { "relations" };
        if !relations.is_empty() {
            line.insert("relations".to_owned(), relations.into());
        }
        line.insert("_view_id".to_owned(), view.into());
        if let Some(Json::Object(kept)) = parsed(head, TASK) {
            line.extend(kept);
        }
        if !to_author.is_empty() {
            line.insert(OURS.to_owned(), json!({"relations": to_author}));
        }
        let answer =
            if layer.head().status == Status::Skipped { head.text(ANSWER).unwrap_or("ignore") } else { "accept" };
        line.insert("answer".to_owned(), answer.into());
        count_head(layer, file, losses);
        line.into()
    }
}

impl ProdigyWriter {
    /// The relations between spans, and those to the author, who is none.
    fn relations(
        document: &Document,
        first: &HashMap<&str, Map<String, Json>>,
        losses: &mut Losses,
    ) -> (Vec<Json>, Vec<Json>) {
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
                    to_author.push(relation_json(relation).into());
                    losses.add(Kind::RelationToAuthor, Done::Kept, file, &relation.id);
                }
                _ => losses.add(Kind::Relation, Done::Dropped, file, &relation.id),
            }
        }
        (between, to_author)
    }
}

fn between_spans(relation: &Relation, head: &Map<String, Json>, child: &Map<String, Json>) -> Json {
    let mut object = Map::new();
    let end = |span: &Map<String, Json>| span.get("token_end").cloned().unwrap_or_default();
    object.insert("head".to_owned(), end(head));
    object.insert("child".to_owned(), end(child));
    object.insert("label".to_owned(), relation.label.as_str().into());
    object.insert("head_span".to_owned(), head.clone().into());
    object.insert("child_span".to_owned(), child.clone().into());
    add_fields(&mut object, &relation.attributes);
    let mut ours = relation_json(relation);
    strip(&mut ours);
    object.insert(OURS.to_owned(), ours.into());
    object.into()
}

/// Fields that another program had in a span or a relation.
fn add_fields(object: &mut Map<String, Json>, attributes: &Attributes) {
    if let Some(Json::Object(kept)) = parsed(attributes, FIELDS) {
        for (name, value) in kept {
            object.entry(name).or_insert(value);
        }
    }
}

/// Takes out what stands as fields of its own.
fn strip(details: &mut Map<String, Json>) {
    if let Some(Json::Object(attributes)) = details.get_mut("attributes") {
        attributes.shift_remove(FIELDS);
        if attributes.is_empty() {
            details.remove("attributes");
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

fn token_objects(text: &str, places: &[Place]) -> Json {
    let mut chars = text.chars();
    let mut at = 0;
    let mut objects = Vec::with_capacity(places.len());
    for (id, &(start, end, space)) in places.iter().enumerate() {
        let word: String = chars.by_ref().skip((start - at) as usize).take((end - start) as usize).collect();
        objects.push(json!({"text": word, "start": start, "end": end, "id": id, "ws": space}));
        at = end;
    }
    objects.into()
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
