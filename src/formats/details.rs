//! What an annotation, a relation or an article says besides its place, as JSON: for formats that have room for it.
//!
//! What is written here is read back the same, values of all kinds included.

use serde_json::{Map, Value as Json};

use super::values::{as_value, json_of};
use crate::model::{Annotation, Attributes, Relation, RelationExtra};

/// Attributes as a JSON object; those in `but` are left out.
pub fn attributes_json(attributes: &Attributes, but: &[&str]) -> Map<String, Json> {
    let wanted = attributes.iter().filter(|(name, _)| !but.contains(&name.as_str()));
    wanted.map(|(name, value)| (name.to_string(), json_of(value))).collect()
}

/// Attributes from a JSON object.
pub fn set_attributes(attributes: &mut Attributes, json: &Map<String, Json>) {
    attributes.extend(json.iter().filter_map(|(name, value)| Some((name.into(), as_value(value.clone())?))));
}

/// What an annotation says besides label, type and place; empty where that is nothing.
pub fn annotation_json(annotation: &Annotation) -> Map<String, Json> {
    let mut details = Map::new();
    let attributes = attributes_json(&annotation.attributes, &["type"]);
    if !attributes.is_empty() {
        details.insert("attributes".to_owned(), attributes.into());
    }
    if !annotation.note().is_empty() {
        details.insert("note".to_owned(), annotation.note().into());
    }
    if annotation.unsure() {
        details.insert("unsure".to_owned(), true.into());
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

/// A relation with all that it says.
pub fn relation_json(relation: &Relation) -> Map<String, Json> {
    let mut json = Map::new();
    for (name, value) in
        [("id", &relation.id), ("label", &relation.label), ("from", &relation.from), ("to", &relation.to)]
    {
        json.insert(name.to_owned(), value.as_str().into());
    }
    let attributes = attributes_json(&relation.attributes, &[]);
    if !attributes.is_empty() {
        json.insert("attributes".to_owned(), attributes.into());
    }
    if !relation.note().is_empty() {
        json.insert("note".to_owned(), relation.note().into());
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
