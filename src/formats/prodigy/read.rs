//! From a task to a layer. What was not accepted is no annotation: its spans are kept beside, and the layer is skipped.
//!
//! Fields that we do not have are kept as JSON, tokens where they are others than ours.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::write::{Place, places};
use super::{ANNOTATOR, ANSWER, FIELDS, FILE, META, OURS, SPANS, TASK, TOKENS};
use crate::formats::details::{set_annotation, set_relation};
use crate::formats::draft::Draft;
use crate::formats::taken::Taken;
use crate::formats::units::Unit;
use crate::formats::values::as_value;
use crate::formats::{Document, Report, STATUS, SourceLine, WarningKind, is_inside, made, numbered};
use crate::model::{AUTHOR, Annotation, Relation, Status, Value};
use crate::text::{CharOffset, OffsetIndex};

/// Fields of a span and of a relation that are not kept as they are: they are written anew.
const OF_SPAN: [&str; 7] = ["start", "end", "token_start", "token_end", "label", "id", OURS];
const OF_RELATION: [&str; 6] = ["head", "child", "label", "head_span", "child_span", OURS];

/// Reads one line.
pub(super) fn read_line(source: &SourceLine<'_>, report: &mut Report) -> Option<Document> {
    let (number, text) = (source.number, source.text);
    if text.trim().is_empty() {
        return None;
    }
    let mut draft = Draft::new(source.path, Unit::CodePoints, report);
    let mut fields = match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(fields)) => fields,
        Ok(_) => {
            draft.warn(number, WarningKind::BrokenLine, "this is no JSON object; the line is left out");
            return None;
        }
        Err(error) => {
            let message = format!("column {}: this is not JSON ({error}); the line is left out", error.column());
            draft.warn(number, WarningKind::BrokenLine, message);
            return None;
        }
    };
    let Some(Json::String(text)) = fields.shift_remove("text").filter(|text| text.as_str() != Some("")) else {
        draft.warn(number, WarningKind::BrokenLine, "there is no text; the line is left out");
        return None;
    };
    let mut meta = object(fields.shift_remove("meta"));
    let mut file = None;
    if let Some(Json::String(said)) = meta.shift_remove(FILE) {
        if is_inside(&said) {
            file = Some(said);
        } else {
            draft.warn(
                number,
                WarningKind::BadPath,
                format!("{said:?} is no path inside the folder; the article gets a number"),
            );
        }
    }
    if let Some(Json::String(annotator)) = meta.shift_remove(ANNOTATOR) {
        draft.head.annotator = annotator.into();
    }
    // Who answered, in sessions of several people.
    if let Some(who) = ["_annotator_id", "_session_id"].into_iter().find_map(|name| fields.get(name)?.as_str())
        && draft.head.annotator.is_empty()
    {
        draft.head.annotator = who.into();
    }
    // The tasks that several people answered are told by what was asked: they are one article.
    let asked = fields.get("_input_hash").and_then(Json::as_i64).filter(|_| !draft.head.annotator.is_empty());
    let file = file.unwrap_or_else(|| match asked {
        Some(hash) => hashed(source.name, hash),
        None => numbered(source.name, number),
    });
    let accepted = spans(&mut draft, &mut fields, &text, number);
    if accepted {
        relations(&mut draft, &mut fields, number);
    }
    let answered = fields.shift_remove("answer").is_some();
    if accepted && answered && !meta.contains_key(STATUS) {
        draft.head.status = Status::Done;
    }
    fields.shift_remove("_view_id").into_iter().for_each(drop);
    let mut rest = Map::new();
    for (name, value) in meta {
        match as_value(value.clone()).filter(|_| !name.starts_with("prodigy:") && !value.is_object()) {
            Some(value) if !matches!(value, Value::Number(_)) => draft.head.document.set(name, Some(value)),
            _ => drop(rest.insert(name, value)),
        }
    }
    keep(&mut draft, META, rest);
    keep(&mut draft, TASK, fields);
    Some(draft.finish(file, text))
}

/// What an article is called that has a hash.
fn hashed(name: &str, hash: i64) -> String {
    let first = numbered(name, 0);
    let stem = first.strip_suffix("-00000.txt").unwrap_or(&first);
    format!("{stem}-{:08x}.txt", hash.cast_unsigned() & 0xffff_ffff)
}

/// Keeps fields as JSON in an attribute of the article.
fn keep(draft: &mut Draft<'_>, name: &str, fields: Map<String, Json>) {
    if !fields.is_empty() {
        draft.head.document.set(name, Some(Value::Text(Json::from(fields).to_string().into())));
    }
}

/// Takes in spans and tokens; tells whether the task was accepted.
fn spans(draft: &mut Draft<'_>, fields: &mut Map<String, Json>, text: &str, line: usize) -> bool {
    let spans = list(fields.shift_remove("spans"));
    let answer = fields.get("answer").and_then(Json::as_str).unwrap_or("accept").to_owned();
    let tokens: Vec<Place> = list(fields.shift_remove("tokens")).iter().filter_map(token).collect();
    if answer != "accept" {
        draft.head.status = Status::Skipped;
        draft.head.document.set(ANSWER, Some(Value::Text(answer.as_str().into())));
        if !spans.is_empty() {
            let kept = Json::from(spans).to_string();
            draft.head.document.set(SPANS, Some(Value::Text(kept.into())));
        }
        // Relations of what is no annotation stay where they are: with the other fields of the task.
        keep_tokens(draft, text, &tokens, &[]);
        return false;
    }
    let mut places: HashMap<String, Vec<(u64, u64)>> = HashMap::new();
    let mut taken = Taken::default();
    let mut all: Vec<(String, Map<String, Json>)> = Vec::new();
    let mut edges = Vec::new();
    for (at, span) in spans.into_iter().enumerate() {
        let Json::Object(span) = span else {
            draft.warn(line, WarningKind::WrongValue, format!("span {} is no JSON object; it is left out", at + 1));
            continue;
        };
        if span.get("answer").and_then(Json::as_str).is_some_and(|answer| answer != "accept") {
            draft.warn(line, WarningKind::WrongValue, format!("span {} was not accepted; it is left out", at + 1));
            continue;
        }
        let place = |name: &str| span.get(name).and_then(Json::as_u64);
        let (Some(start), Some(end)) = (place("start"), place("end")) else {
            draft.warn(
                line,
                WarningKind::WrongValue,
                format!("span {} has no start or no end; it is left out", at + 1),
            );
            continue;
        };
        edges.extend([start, end]);
        // Only what Pressmark wrote has pieces of one annotation under one id.
        let id = span.get("id").and_then(Json::as_str).filter(|_| span.contains_key(OURS)).unwrap_or_default();
        let label = span.get("label").and_then(Json::as_str).unwrap_or_default();
        let id = if id.is_empty() { taken.take(made::of_mark(label, start, end), '+') } else { id.to_owned() };
        let pieces = places.entry(id.clone()).or_default();
        if pieces.is_empty() {
            all.push((id, span.clone()));
        }
        pieces.push((start, end));
    }
    for (id, mut span) in all {
        let said = span.get("label").and_then(Json::as_str).unwrap_or_default().to_owned();
        let ours = object(span.shift_remove(OURS));
        let label = ours.get("label").and_then(Json::as_str).unwrap_or(&said);
        let annotation = draft.mark(&id, label, line, places.remove(&id).unwrap_or_default(), None);
        let kind = ours.get("type").and_then(Json::as_str);
        set_annotation(annotation, &ours);
        annotation.attributes.set("type", kind.map(|kind| Value::Text(kind.into())));
        keep_fields(annotation, span);
    }
    keep_tokens(draft, text, &tokens, &edges);
    true
}

fn keep_fields(annotation: &mut Annotation, mut span: Map<String, Json>) {
    OF_SPAN.iter().for_each(|name| drop(span.shift_remove(*name)));
    if !span.is_empty() {
        annotation.attributes.set(FIELDS, Some(Value::Text(Json::from(span).to_string().into())));
    }
}

/// Keeps tokens that are others than those that would be written.
fn keep_tokens(draft: &mut Draft<'_>, text: &str, tokens: &[Place], edges: &[u64]) {
    let index = OffsetIndex::new(text);
    let cuts: Vec<u32> =
        edges.iter().filter_map(|&edge| index.byte_from_char(text, CharOffset(edge))).map(|byte| byte as u32).collect();
    if !tokens.is_empty() && tokens != places(text, &cuts) {
        let kept = serde_json::to_string(tokens).unwrap_or_default();
        draft.head.document.set(TOKENS, Some(Value::Text(kept.into())));
    }
}

fn token(json: &Json) -> Option<Place> {
    let place = |name: &str| json.get(name).and_then(Json::as_u64);
    Some((place("start")?, place("end")?, json.get("ws").and_then(Json::as_bool).unwrap_or_default()))
}

fn relations(draft: &mut Draft<'_>, fields: &mut Map<String, Json>, line: usize) {
    let ours = object(fields.shift_remove(OURS));
    for relation in list(fields.shift_remove("relations")) {
        let mut relation = object(Some(relation));
        let ours = object(relation.shift_remove(OURS));
        let said = |name: &str| ours.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let end = |own: &str, span: &str| {
            let known = said(own);
            if known.is_empty() { ends_at(draft, relation.get(span)) } else { known }
        };
        let (from, to) = (end("from", "head_span"), end("to", "child_span"));
        let label = relation.get("label").and_then(Json::as_str).unwrap_or_default().to_owned();
        let link = draft.link(&said("id"), &label, &from, &to, line);
        set_relation(link, &ours);
        OF_RELATION.iter().for_each(|name| drop(relation.shift_remove(*name)));
        keep_of_relation(link, relation);
    }
    for relation in list(ours.get("relations").cloned()) {
        let relation = object(Some(relation));
        let said = |name: &str| relation.get(name).and_then(Json::as_str).unwrap_or_default();
        let link = draft.link(said("id"), said("label"), said("from"), AUTHOR, line);
        set_relation(link, &relation);
    }
}

fn keep_of_relation(relation: &mut Relation, fields: Map<String, Json>) {
    if !fields.is_empty() {
        relation.attributes.set(FIELDS, Some(Value::Text(Json::from(fields).to_string().into())));
    }
}

/// The name of the annotation that stands where a relation's end says.
fn ends_at(draft: &Draft<'_>, span: Option<&Json>) -> String {
    let place = |name: &str| span.and_then(|span| span.get(name)).and_then(Json::as_u64).unwrap_or(u64::MAX);
    let label = span.and_then(|span| span.get("label")).and_then(Json::as_str);
    draft.standing_at((place("start"), place("end")), label).unwrap_or_default()
}

fn object(value: Option<Json>) -> Map<String, Json> {
    if let Some(Json::Object(object)) = value { object } else { Map::new() }
}

fn list(value: Option<Json>) -> Vec<Json> {
    if let Some(Json::Array(list)) = value { list } else { Vec::new() }
}
