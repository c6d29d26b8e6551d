//! From a file of Web Annotations to layers, one for each who made some of them.
//!
//! The text stands beside the file; without it there is nothing that annotations could stand on.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value as Json};

use super::anchors::{Anchors, Found};
use super::items::{Item, item};
use super::names;
use super::shapes::{Shape, person, shape};
use super::{COLLECTION, FOREIGN, ITEMS, own};
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::values::set_all;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside};
use crate::model::{AUTHOR, Attributes, Value};
use crate::text::short;

/// Reads a file of annotations with the text beside it.
pub(super) fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut reading = Reading { source, report };
    let bytes = source.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(source.bytes);
    let shape = match serde_json::from_slice(bytes) {
        Ok(json) => shape(json),
        Err(error) => {
            let message = format!("this is not JSON ({error}); the file is left out");
            return reading.warn(error.line().max(1), WarningKind::BrokenLine, message);
        }
    };
    let Some(shape) = shape else {
        return reading.warn(1, WarningKind::BrokenLine, "these are no Web Annotations; the file is left out");
    };
    let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
    let beside = format!("{stem}.txt");
    let Some(text) = (source.beside)(&beside) else {
        let message = format!("there is no {beside} with the text beside it; the file is left out");
        return reading.warn(1, WarningKind::BadPath, message);
    };
    let Ok(text) = String::from_utf8(text) else {
        return reading.warn(1, WarningKind::BrokenLine, format!("{beside} is not UTF-8; the file is left out"));
    };
    reading.shape(shape, &beside, text.strip_prefix('\u{feff}').unwrap_or(&text), take);
}

struct Reading<'a> {
    source: &'a Source<'a>,
    report: &'a mut Report,
}

/// The number of an annotation in its file, from 1, with the annotation.
type Numbered = (usize, Item);

impl Reading<'_> {
    fn warn(&mut self, line: usize, kind: WarningKind, message: impl Into<String>) {
        let message = short(message.into());
        self.report.warnings.push(Warning { file: self.source.path.to_owned(), line, kind, message });
    }

    fn shape(&mut self, mut shape: Shape, beside: &str, text: &str, take: &mut dyn FnMut(Document)) {
        if shape.more {
            self.warn(
                1,
                WarningKind::UnknownField,
                "the collection has pages that are not in this file; they are left out",
            );
        }
        let mut file = shape.take_text(own::FILE);
        if !file.is_empty() && !is_inside(&file) {
            self.warn(
                1,
                WarningKind::BadPath,
                format!("{file:?} is no path inside the folder; the article is {beside}"),
            );
            file.clear();
        }
        let file = if file.is_empty() { beside.to_owned() } else { file };
        let collection = shape.collection.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        let note = shape.take_text(own::NOTE);
        let mut attributes = Attributes::default();
        if let Some(Json::Object(all)) = shape.collection.shift_remove(own::ATTRIBUTES) {
            set_all(&mut attributes, all, FOREIGN);
        }
        let creator = shape.collection.get("creator").cloned();
        let owner = creator.as_ref().map(person).unwrap_or_default();
        if creator.as_ref().is_some_and(|it| is_plain(it, &owner)) {
            shape.collection.shift_remove("creator");
        }
        let mut layers: BTreeMap<String, Vec<Numbered>> = BTreeMap::new();
        let mut kept: Vec<Json> = Vec::new();
        let there: HashSet<String> =
            shape.items.iter().filter_map(|item| item.get("id")?.as_str()).map(str::to_owned).collect();
        let author = names::iri(&collection, AUTHOR);
        let is_end = |iri: &str| iri == author || there.contains(iri);
        for (at, json) in std::mem::take(&mut shape.items).into_iter().enumerate() {
            match item(json, shape.hypothesis, &is_end) {
                Ok(item) => {
                    let by = item.by.as_ref().map_or_else(|| owner.clone(), person);
                    layers.entry(by).or_default().push((at + 1, item));
                }
                Err(other) => kept.push(other),
            }
        }
        keep(&mut attributes, COLLECTION, shape.take_rest());
        if layers.is_empty() {
            layers.insert(owner.clone(), Vec::new());
        }
        let unit = if shape.hypothesis { Unit::Utf16 } else { Unit::CodePoints };
        // What is of no stretch, or links what is elsewhere, stands with the first.
        let mut kept = Some(kept).filter(|kept| !kept.is_empty());
        for (annotator, items) in layers {
            let mut attributes = attributes.clone();
            let (links, items): (Vec<_>, Vec<_>) = items.into_iter().partition(|(_, item)| item.link.is_some());
            if let Some(kept) = kept.take() {
                attributes.set(ITEMS, Some(Value::Text(Json::Array(kept).to_string().into())));
            }
            let mut own = Report::default();
            let mut draft = Draft::new(self.source.path, Unit::CodePoints, &mut own);
            draft.head.annotator = annotator.into();
            draft.head.document_note.clone_from(&note);
            draft.head.document = attributes;
            marks(&mut draft, items, &collection, text, unit);
            for (number, item) in links {
                link(&mut draft, number, item, &collection);
            }
            take(draft.finish(file.clone(), text.to_owned()));
            self.report.warnings.append(&mut own.warnings);
        }
    }
}

fn marks(draft: &mut Draft<'_>, items: Vec<Numbered>, collection: &str, text: &str, own: Unit) {
    let anchors = Anchors::new(text, own, &items.iter().flat_map(|(_, item)| &item.parts));
    if anchors.unit != own {
        let message = format!(
            "positions count {}, not {}; they are taken so, since all of them fit",
            anchors.unit.name(),
            own.name()
        );
        draft.warn(items.first().map_or(1, |(number, _)| *number), WarningKind::OtherUnit, message);
    }
    for (number, item) in items {
        let id = names::id(collection, &item.iri);
        let found: Vec<Found> = item.parts.iter().map(|part| anchors.find(part)).collect();
        let places: Option<Vec<(u64, u64)>> = found
            .iter()
            .map(|found| match found {
                Found::There(start, end) | Found::Elsewhere(start, end) => Some((*start, *end)),
                Found::Nowhere => None,
            })
            .collect();
        let moved = places.is_some() && found.iter().any(|found| matches!(found, Found::Elsewhere(..)));
        if moved {
            let message =
                format!("{id}: its words stand elsewhere, and once with what is around them; it is put there");
            draft.warn(number, WarningKind::Moved, message);
        }
        let said: Vec<&str> = item.parts.iter().filter_map(|part| part.exact.as_deref()).collect();
        let words = Some(said.join(" ")).filter(|words| said.len() == item.parts.len() && !words.is_empty());
        let stretches = places.unwrap_or_else(|| item.parts.iter().filter_map(|part| part.position).collect());
        let mark = draft.mark(&id, &item.label, number, stretches, words.as_deref());
        mark.attributes = item.attributes;
        mark.edit_extra(|extra| {
            extra.note = item.note;
            extra.unsure = item.unsure;
            extra.made = item.made;
            extra.origin = item.origin;
        });
    }
}

fn link(draft: &mut Draft<'_>, number: usize, item: Item, collection: &str) {
    let (from, to) = item.link.unwrap_or_default();
    let [id, from, to] = [&item.iri, &from, &to].map(|iri| names::id(collection, iri));
    let link = draft.link(&id, &item.label, &from, &to, number);
    link.attributes = item.attributes;
    if !item.note.is_empty() || item.made.is_some() {
        let extra = link.extra.get_or_insert_default();
        extra.note = item.note;
        extra.made = item.made;
    }
}

/// Whether a creator says no more than a name.
fn is_plain(creator: &Json, name: &str) -> bool {
    let known = |(field, value): (&String, &Json)| match field.as_str() {
        "type" => value == "Person",
        "nickname" => value == name,
        _ => false,
    };
    creator.as_object().is_some_and(|fields| fields.iter().all(known))
}

fn keep(attributes: &mut Attributes, name: &str, fields: Map<String, Json>) {
    if !fields.is_empty() {
        attributes.set(name, Some(Value::Text(Json::Object(fields).to_string().into())));
    }
}
