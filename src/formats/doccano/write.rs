//! From a layer to a line of doccano's.
//!
//! A mark in several pieces becomes several entities of its label; its relations stay on the first of them.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::{ATTRIBUTES, FOREIGN, GIVEN};
use crate::formats::values::json_of;
use crate::formats::{Document, Done, Kind, LineWriter, Losses, Names, count_rest};
use crate::model::{AUTHOR, Annotation, Id, Schema, Span, Value};
use crate::text::OffsetIndex;

/// A stretch, its label, the number that orders it among others in its place, and the annotation that it is of.
type Piece<'d> = (Span, String, usize, &'d Annotation);

/// Writes doccano's lines.
pub(super) struct DoccanoWriter {
    names: Names,
}

impl DoccanoWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { names: Names::new(schema, str::to_owned) }
    }

    /// All stretches with their labels, in an order that is the same when they are read again.
    fn pieces<'d>(&self, document: &'d Document, losses: &mut Losses) -> Vec<Piece<'d>> {
        let Document { file, layer, .. } = document;
        let mut pieces: Vec<Piece<'d>> = Vec::new();
        for (at, annotation) in layer.annotations().enumerate() {
            if annotation.orphan().is_some() {
                losses.add(Kind::Orphan, Done::Dropped, file, &annotation.id);
            }
            if annotation.spans.len() > 1 {
                losses.add(Kind::Discontinuous, Done::Split, file, &annotation.id);
            }
            let number = annotation.id.strip_prefix('e').and_then(|digits| digits.parse().ok()).unwrap_or(at);
            let label = self.names.of(annotation);
            pieces.extend(annotation.spans.iter().map(|&span| (span, label.clone(), number, annotation)));
        }
        pieces.sort_by(|one, other| {
            let key = |piece: &Piece<'d>| (piece.0.start(), u32::MAX - piece.0.end());
            key(one).cmp(&key(other)).then_with(|| one.1.cmp(&other.1)).then(one.2.cmp(&other.2))
        });
        pieces
    }
}

impl LineWriter for DoccanoWriter {
    fn line(&self, document: &Document, losses: &mut Losses) -> Json {
        let Document { file, text, layer } = document;
        let index = OffsetIndex::new(text);
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
        let (mut entities, mut first, mut covered) = (Vec::new(), HashMap::<&Id, usize>::new(), 0);
        for (span, label, _, annotation) in self.pieces(document, losses) {
            if span.start() < covered {
                losses.add(Kind::Overlap, Done::Setting, file, &annotation.id);
            }
            covered = covered.max(span.end());
            let id = entities.len() + 1;
            first.entry(&annotation.id).or_insert(id);
            let (start, end) = (char(span.start()), char(span.end()));
            entities.push(json!({"id": id, "label": label, "start_offset": start, "end_offset": end}));
        }
        let mut relations = Vec::new();
        for relation in layer.relations() {
            match (first.get(&relation.from), first.get(&relation.to)) {
                (Some(from), Some(to)) => {
                    relations.push((*from, *to, relation.label.as_str()));
                    if !relation.attributes.is_empty() || !relation.note().is_empty() {
                        losses.add(Kind::RelationAttribute, Done::Dropped, file, &relation.id);
                    }
                }
                (Some(_), None) if relation.to == AUTHOR => {
                    losses.add(Kind::RelationToAuthor, Done::Dropped, file, &relation.id);
                }
                _ => losses.add(Kind::Relation, Done::Dropped, file, &relation.id),
            }
        }
        relations.sort_unstable();
        let relations: Vec<Json> = relations
            .iter()
            .enumerate()
            .map(|(at, (from, to, label))| json!({"id": at + 1, "from_id": from, "to_id": to, "type": label}))
            .collect();
        count_rest(document, losses);
        let mut line = Map::new();
        line.insert("text".to_owned(), text.as_str().into());
        line.insert("entities".to_owned(), entities.into());
        line.insert("relations".to_owned(), relations.into());
        line.insert("file".to_owned(), file.as_str().into());
        line.insert("annotator".to_owned(), layer.head().annotator.as_str().into());
        // All else is metadata of the article for doccano. It stands in one field that every line has: doccano makes a table of
        // all lines, and its database refuses what a cell without a value becomes (NaN).
        let attributes: Map<String, Json> = layer
            .head()
            .document
            .iter()
            .map(|(name, value)| match (name.strip_prefix(FOREIGN), value) {
                (Some(own), Value::Text(text)) => match serde_json::from_str(text) {
                    Ok(json) if GIVEN.contains(&own) => (name.to_string(), json),
                    Ok(json) => (own.to_owned(), json),
                    Err(_) => (name.to_string(), text.as_str().into()),
                },
                _ => (name.to_string(), json_of(value)),
            })
            .collect();
        line.insert(ATTRIBUTES.to_owned(), attributes.into());
        line.into()
    }
}
