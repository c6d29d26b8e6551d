//! From a line of doccano's to a layer: entities and relations, or labels as `[start, end, label]`.
//!
//! doccano quotes no text, so that offsets are held against the text's length alone.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use crate::formats::taken::Taken;
use crate::formats::units::{Offsets, Unit};
use crate::formats::values::as_value;
use crate::formats::{Document, Report, SourceLine, Warning, WarningKind, is_inside, made, numbered};
use crate::model::{Annotation, Head, Layer, Relation, SchemaRef, Value};
use crate::text::short;

/// What stands where in an entity that is a list.
const OF_ENTITY: [&str; 3] = ["start_offset", "end_offset", "label"];

/// A line longer than this is none.
const LONGEST: usize = 256 << 20;

/// Reads one line; nothing where it is blank, and where it is left out, as the report tells.
pub fn read_line(source: &SourceLine<'_>, report: &mut Report) -> Option<Document> {
    let text = source.text;
    if text.trim().is_empty() {
        return None;
    }
    let mut line = Line { source, report };
    if text.len() > LONGEST {
        line.warn(WarningKind::BrokenLine, "the line is longer than 256 MiB; it is left out".to_owned());
        return None;
    }
    let mut fields = match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(fields)) => fields,
        Ok(_) => {
            line.warn(WarningKind::BrokenLine, "this is no JSON object; the line is left out".to_owned());
            return None;
        }
        Err(error) => {
            let message = format!("column {}: this is not JSON ({error}); the line is left out", error.column());
            line.warn(WarningKind::BrokenLine, message);
            return None;
        }
    };
    let Some(Json::String(text)) = fields.remove("text").filter(|text| text.as_str() != Some("")) else {
        line.warn(WarningKind::BrokenLine, "there is no text; the line is left out".to_owned());
        return None;
    };
    Some(line.document(fields, text))
}

struct Line<'a> {
    source: &'a SourceLine<'a>,
    report: &'a mut Report,
}

impl Line<'_> {
    fn warn(&mut self, kind: WarningKind, message: String) {
        let message = short(message);
        let (file, line) = (self.source.path.to_path_buf(), self.source.number);
        self.report.warnings.push(Warning { file, line, kind, message });
    }

    fn document(&mut self, mut fields: Map<String, Json>, text: String) -> Document {
        let file = self.file(&mut fields);
        let offsets = Offsets::new(&text);
        let mut annotations: Vec<Annotation> = Vec::new();
        let mut ids: HashMap<String, SmolStr> = HashMap::new();
        // doccano numbers marks anew in each project, and not at all in some: the ids are made.
        let mut taken = Taken::default();
        for entity in list(fields.remove("entities")) {
            // Sequence labelling with labels of the text has `[start, end, label]` here too.
            let at = |name: &str| OF_ENTITY.iter().position(|it| *it == name).and_then(|at| entity.get(at));
            let part = |name: &str| entity.get(name).or_else(|| at(name)).cloned().unwrap_or_default();
            let place = (&part("start_offset"), &part("end_offset"));
            let added = self.annotation(&offsets, &mut taken, place, &part("label"));
            if let Some(added) = added {
                if let Some(id) = entity.get("id") {
                    ids.insert(id.to_string(), added.id.clone());
                }
                annotations.push(added);
            }
        }
        for triple in ["label", "labels"].into_iter().flat_map(|name| list(fields.remove(name))) {
            let part = |at: usize| triple.get(at).cloned().unwrap_or_default();
            annotations.extend(self.annotation(&offsets, &mut taken, (&part(0), &part(1)), &part(2)));
        }
        let mut relations = Vec::new();
        for relation in list(fields.remove("relations")) {
            let end = |name: &str| relation.get(name).and_then(|id| ids.get(&id.to_string())).cloned();
            let label = relation.get("type").and_then(Json::as_str);
            let (Some(from), Some(to), Some(label)) = (end("from_id"), end("to_id"), label) else {
                let said = |name: &str| relation.get(name).filter(|value| !value.is_null()).map(Json::to_string);
                let end = |name: &str| said(name).unwrap_or_else(|| "nothing".to_owned());
                let message = format!(
                    "the relation {} from {} to {} leads to an entity that is not there; it is left out",
                    label.unwrap_or("without a type"),
                    end("from_id"),
                    end("to_id")
                );
                self.warn(WarningKind::RelationToNowhere, message);
                continue;
            };
            let id = taken.take(made::of_link(label, &from, &to), '+');
            relations.push(Relation::new(id, label, from, to));
        }
        let annotator = match fields.remove("annotator") {
            Some(Json::String(annotator)) => annotator,
            _ => String::new(),
        };
        let mut head = Head::new(annotator, SchemaRef { id: SmolStr::default(), version: 0 });
        // What else a line has is doccano's metadata of the article; what Pressmark wrote stands in one field.
        let ours = match fields.shift_remove(super::ATTRIBUTES) {
            Some(Json::Object(ours)) => ours,
            Some(other) => Map::from_iter([(super::ATTRIBUTES.to_owned(), other)]),
            None => Map::new(),
        };
        let theirs = fields.into_iter().filter(|(name, _)| !super::RESERVED.contains(&name.as_str()));
        for (name, value) in theirs {
            let nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            match super::GIVEN.contains(&name.as_str()) {
                true if nothing => {}
                true => keep(&mut head, format!("{}{name}", super::FOREIGN), value),
                false => keep(&mut head, name, value),
            }
        }
        for (name, value) in ours {
            keep(&mut head, name, value);
        }
        let layer = Layer::from_parts(head, annotations, relations).expect("each id is there once, and ends are there");
        Document { file, text, layer }
    }

    /// The article's path: what the line calls it, or its number in the dataset.
    fn file(&mut self, fields: &mut Map<String, Json>) -> String {
        for name in ["file", "filename"] {
            if let Some(Json::String(file)) = fields.remove(name) {
                if is_inside(&file) {
                    return file;
                }
                self.warn(
                    WarningKind::BadPath,
                    format!("{file:?} is no path inside the folder; the article gets a number"),
                );
            }
        }
        numbered(self.source.name, self.source.number)
    }

    fn annotation(
        &mut self,
        offsets: &Offsets<'_>,
        taken: &mut Taken,
        (start, end): (&Json, &Json),
        label: &Json,
    ) -> Option<Annotation> {
        let place = start.as_u64().zip(end.as_u64());
        let span = place.and_then(|(start, end)| offsets.span(Unit::CodePoints, start, end));
        match (place.zip(span), label.as_str().filter(|label| !label.is_empty())) {
            (Some(((start, end), span)), Some(label)) => {
                Some(Annotation::new(taken.take(made::of_mark(label, start, end), '+'), label, span))
            }
            (None, name) => {
                let name = name.map_or_else(|| "a mark without a label".to_owned(), |name| format!("a mark as {name}"));
                let message = if start.is_null() || end.is_null() {
                    format!("{name} does not say where it begins and ends; it is left out")
                } else {
                    format!("{name} stands at {start} to {end}, where the text has no words for it; it is left out")
                };
                self.warn(WarningKind::WrongValue, message);
                None
            }
            (_, None) => {
                self.warn(
                    WarningKind::WrongValue,
                    format!("the mark at {start} to {end} has no label; it is left out"),
                );
                None
            }
        }
    }
}

/// Keeps a value as an attribute of the article: of another shape, as JSON under a name of its own.
fn keep(head: &mut Head, name: String, value: Json) {
    if name.strip_prefix(super::FOREIGN).is_some_and(|own| super::GIVEN.contains(&own)) {
        head.document.set(name, Some(Value::Text(value.to_string().into())));
        return;
    }
    // A name that is ours by chance is kept as one of another shape, and so is what has parts of its own.
    let plain = !name.starts_with(super::FOREIGN);
    let parts = value.is_object() || value.as_array().is_some_and(|all| !all.iter().all(Json::is_string));
    if plain && !parts {
        head.document.set(name, as_value(value));
    } else {
        let name = format!("{}{name}", super::FOREIGN);
        head.document.set(name, Some(Value::Text(value.to_string().into())));
    }
}

fn list(value: Option<Json>) -> Vec<Json> {
    if let Some(Json::Array(list)) = value { list } else { Vec::new() }
}
