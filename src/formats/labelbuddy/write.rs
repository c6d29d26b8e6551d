//! From a layer to a document of labelbuddy's.
//!
//! A mark in several pieces is an annotation for each, with the same id in `extra_data`; all else stands with the first.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::md5::md5_hex;
use super::{EXTRA, FOREIGN, OWN_FIELDS, TITLES, ours};
use crate::formats::colors::color;
use crate::formats::loss::count_discussion;
use crate::formats::values::{json_of, object_of};
use crate::formats::{Document, Done, Joint, Kind, Losses, Met, Names, Piece, Writer, write_ascii};
use crate::model::{AUTHOR, Annotation, Attributes, Layer, Relation, Schema};
use crate::text::OffsetIndex;

/// Documents stand on a line each.
const LINES: Joint = Joint { open: "", between: "\n", close: "\n" };

/// Writes labelbuddy's documents.
pub(super) struct BuddyWriter {
    schema: Schema,
    names: Names,
}

impl BuddyWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { schema: schema.clone(), names: Names::new(schema, fit) }
    }
}

/// labelbuddy takes any name but an empty one.
fn fit(name: &str) -> String {
    if name.is_empty() { "_".to_owned() } else { name.to_owned() }
}

impl Writer for BuddyWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let Document { file, text, layer } = document;
        let index = OffsetIndex::new(text);
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
        let mut all: Vec<(u32, u32, String, String)> = Vec::new();
        for annotation in layer.annotations() {
            if annotation.orphan().is_some() {
                losses.add(Kind::Orphan, Done::Dropped, file, &annotation.id);
                continue;
            }
            let label = self.names.of(annotation);
            let extra = extra(layer, annotation, &label);
            count(annotation, file, losses);
            if annotation.spans.len() > 1 {
                losses.add(Kind::Discontinuous, Done::Kept, file, &annotation.id);
            }
            for (at, span) in annotation.spans.iter().enumerate() {
                let extra = if at == 0 { extra.clone() } else { as_text(&json!({"id": annotation.id.as_str()})) };
                all.push((span.start(), span.end(), label.clone(), extra));
            }
        }
        all.sort_by(|one, other| (one.0, one.1, &one.2, &one.3).cmp(&(other.0, other.1, &other.2, &other.3)));
        count_relations(layer, file, losses);
        count_discussion(layer, file, losses);
        let annotations: Vec<Json> = all
            .iter()
            .map(|(start, end, label, extra)| {
                let mut json = json!({
                    "label_name": label,
                    "start_char": char(*start),
                    "end_char": char(*end),
                    "start_byte": start,
                    "end_byte": end,
                });
                if !extra.is_empty() {
                    json[EXTRA] = extra.as_str().into();
                }
                json
            })
            .collect();
        let mut line = json!({"text": text, "utf8_text_md5_checksum": md5_hex(text.as_bytes())});
        line["metadata"] = metadata(document, losses).into();
        let own = |name: &str| layer.head().document.text(&format!("{FOREIGN}{name}"));
        for title in TITLES {
            if let Some(said) = own(title).or((title == TITLES[0]).then_some(file)) {
                line[title] = said.into();
            }
        }
        line["annotations"] = annotations.into();
        let mut bytes = Vec::new();
        write_ascii(&mut bytes, &line).expect("memory takes it");
        vec![Piece::rows("documents.jsonl", bytes, LINES)]
    }

    fn whole(&self, met: &Met) -> Vec<Piece> {
        let keys = |label: &str, kind: Option<&SmolStr>| {
            let label = self.schema.label(label)?;
            kind.map_or(label.key, |kind| label.type_by_id(kind).and_then(|kind| kind.key))
        };
        let mut taken = BTreeSet::new();
        let mut all: Vec<Json> = Vec::new();
        let known = self.names.known().map(|(full, _)| full);
        let more = met.labels.iter().filter(|full| !self.names.known().any(|(known, _)| known == *full));
        for (at, full) in known.chain(more).enumerate() {
            let mut label = json!({"name": self.names.name(full), "color": color(at)});
            // labelbuddy takes one small letter, and each once.
            if let Some(key) =
                keys(&full.0, full.1.as_ref()).filter(|key| key.is_ascii_lowercase() && taken.insert(*key))
            {
                label["shortcut_key"] = key.to_string().into();
            }
            all.push(label);
        }
        let mut bytes = Vec::new();
        write_ascii(&mut bytes, &all).expect("memory takes it");
        bytes.push(b'\n');
        vec![Piece::whole("labels.json", bytes)]
    }
}

/// What the document says of the article.
fn metadata(document: &Document, losses: &mut Losses) -> Map<String, Json> {
    let head = document.layer.head();
    let mut fields = Map::new();
    fields.insert("file".to_owned(), document.file.as_str().into());
    fields.insert("annotator".to_owned(), head.annotator.as_str().into());
    if !head.document_note.is_empty() {
        fields.insert("note".to_owned(), head.document_note.as_str().into());
    }
    for (name, value) in head.document.iter() {
        let foreign = name.strip_prefix(FOREIGN);
        if foreign.is_some_and(|name| TITLES.contains(&name)) {
            continue;
        }
        let kept = foreign.zip(value.as_text().and_then(|text| serde_json::from_str(text).ok()));
        let (name, json) = kept.unwrap_or_else(|| (name.as_str(), json_of(value)));
        if OWN_FIELDS.contains(&name) || fields.contains_key(name) {
            losses.add(Kind::ArticleAttribute, Done::Dropped, &document.file, name);
        } else {
            fields.insert(name.to_owned(), json);
        }
    }
    fields
}

/// What labelbuddy has no place for, as it keeps it; a text of others alone stays as it is.
fn extra(layer: &Layer, annotation: &Annotation, label: &str) -> String {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), annotation.id.as_str().into());
    // Where the label was changed in labelbuddy, the name says it.
    if annotation.label != label || annotation.kind().is_some() {
        fields.insert("name".to_owned(), label.into());
        fields.insert("label".to_owned(), annotation.label.as_str().into());
    }
    // The type is an attribute like any other.
    let mut own = annotation.attributes.clone();
    let foreign = format!("{FOREIGN}{EXTRA}");
    let text = own.text(&foreign).map(str::to_owned);
    own.set(foreign.as_str(), None);
    add(&mut fields, &own, annotation.note());
    if annotation.unsure() {
        fields.insert("unsure".to_owned(), true.into());
    }
    let mut relations: Vec<&Relation> = layer.relations_of(&annotation.id);
    relations.retain(|relation| relation.from == annotation.id && is_written(layer, relation));
    relations.sort_by(|one, other| one.id.cmp(&other.id));
    if !relations.is_empty() {
        let all = relations.iter().map(|relation| {
            let mut fields = Map::new();
            for (name, value) in [("id", &relation.id), ("label", &relation.label), ("to", &relation.to)] {
                fields.insert(name.to_owned(), value.as_str().into());
            }
            add(&mut fields, &relation.attributes, relation.note());
            Json::Object(fields)
        });
        fields.insert("relations".to_owned(), all.collect());
    }
    match text {
        Some(text) if fields.len() == 1 && ours(&text).is_none() => text,
        Some(text) => {
            fields.insert(EXTRA.to_owned(), text.into());
            as_text(&fields.into())
        }
        None => as_text(&fields.into()),
    }
}

fn is_written(layer: &Layer, relation: &Relation) -> bool {
    let there = |id: &str| layer.get(id).is_some_and(|end| end.orphan().is_none());
    there(&relation.from) && (relation.to == AUTHOR || there(&relation.to))
}

fn add(fields: &mut Map<String, Json>, attributes: &Attributes, note: &str) {
    if !attributes.is_empty() {
        fields.insert("attributes".to_owned(), object_of(attributes).into());
    }
    if !note.is_empty() {
        fields.insert("note".to_owned(), note.into());
    }
}

fn as_text(json: &Json) -> String {
    json.to_string()
}

fn count(annotation: &Annotation, file: &str, losses: &mut Losses) {
    let Some(extra) = &annotation.extra else { return };
    for _ in &extra.conflict {
        losses.add(Kind::OtherVersion, Done::Dropped, file, &annotation.id);
    }
    if extra.origin.is_some() || extra.made.is_some() {
        losses.add(Kind::Origin, Done::Dropped, file, &annotation.id);
    }
}

/// Relations are not labelbuddy's: they stand in texts that Pressmark reads back.
fn count_relations(layer: &Layer, file: &str, losses: &mut Losses) {
    for relation in layer.relations() {
        let kind = if relation.to == AUTHOR { Kind::RelationToAuthor } else { Kind::Relation };
        let done = if is_written(layer, relation) { Done::Kept } else { Done::Dropped };
        losses.add(kind, done, file, &relation.id);
        let Some(extra) = &relation.extra else { continue };
        for _ in &extra.conflict {
            losses.add(Kind::OtherVersion, Done::Dropped, file, &relation.id);
        }
        if extra.made.is_some() {
            losses.add(Kind::Origin, Done::Dropped, file, &relation.id);
        }
    }
}
