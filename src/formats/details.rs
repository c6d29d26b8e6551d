//! What an annotation, a relation or an article says besides its place, as JSON: for formats that have room for it.
//!
//! What is written here is read back the same, values of all kinds included.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::tree::{Fields, Tree, fields};
use super::values::{as_value, json_of};
use crate::model::{Annotation, Attributes, Relation, RelationExtra, Value};

/// Attributes as a JSON object; those in `but` are left out.
pub(super) fn attributes_json<'a>(attributes: &'a Attributes, but: &[&str]) -> Fields<'a> {
    let wanted = attributes.iter().filter(|(name, _)| !but.contains(&name.as_str()));
    let field = |(name, value): (&'a SmolStr, &'a Value)| {
        let tree = if let Value::Text(text) = value { Tree::from(text.as_str()) } else { json_of(value).into() };
        (Cow::Borrowed(name.as_str()), tree)
    };
    wanted.map(field).collect()
}

/// Attributes from a JSON object.
pub fn set_attributes(attributes: &mut Attributes, json: &Map<String, Json>) {
    attributes.extend(json.iter().filter_map(|(name, value)| Some((name.into(), as_value(value.clone())?))));
}

/// What an annotation says besides label, type and place; empty where that is nothing. Attributes in `but` are left out.
pub(super) fn annotation_json<'a>(annotation: &'a Annotation, but: &[&str]) -> Fields<'a> {
    let mut details = Fields::default();
    let attributes = attributes_json(&annotation.attributes, &[&["type"], but].concat());
    if !attributes.is_empty() {
        details.set("attributes", attributes);
    }
    if !annotation.note().is_empty() {
        details.set("note", annotation.note());
    }
    if annotation.unsure() {
        details.set("unsure", true);
    }
    details
}

/// Sets what [`annotation_json`] says.
pub fn set_annotation(annotation: &mut Annotation, details: &Map<String, Json>) {
    if let Some(attributes) = details.get("attributes").and_then(Json::as_object) {
        set_attributes(&mut annotation.attributes, attributes);
    }
    let note = details.get("note").and_then(Json::as_str).unwrap_or_default();
    let unsure = details.get("unsure").and_then(Json::as_bool).unwrap_or_default();
    if !note.is_empty() || unsure {
        annotation.edit_extra(|extra| (extra.note, extra.unsure) = (note.to_owned(), unsure));
    }
}

/// A relation with all that it says. Attributes in `but` are left out.
pub(super) fn relation_json<'a>(relation: &'a Relation, but: &[&str]) -> Fields<'a> {
    let Relation { id, label, from, to, .. } = relation;
    let mut json = fields! {"id": id.as_str(), "label": label.as_str(), "from": from.as_str(), "to": to.as_str()};
    let attributes = attributes_json(&relation.attributes, but);
    if !attributes.is_empty() {
        json.set("attributes", attributes);
    }
    if !relation.note().is_empty() {
        json.set("note", relation.note());
    }
    json
}

/// Sets attributes and note of a relation.
pub fn set_relation(relation: &mut Relation, details: &Map<String, Json>) {
    if let Some(attributes) = details.get("attributes").and_then(Json::as_object) {
        set_attributes(&mut relation.attributes, attributes);
    }
    if let Some(note) = details.get("note").and_then(Json::as_str).filter(|note| !note.is_empty()) {
        relation.extra = Some(Box::new(RelationExtra { note: note.to_owned(), ..RelationExtra::default() }));
    }
}
