//! From a layer to rows of the tables.
//!
//! Each piece is whole rows with their line ends, so that a table without rows has its head all the same.

use serde_json::Value as Json;

use super::cells::rows;
use super::{ANNOTATIONS, ARTICLES, RELATIONS};
use crate::formats::loss::count_discussion;
use crate::formats::values::object_of;
use crate::formats::{Document, Done, Joint, Kind, Losses, Met, Piece, Writer};
use crate::model::{AUTHOR, Annotation, Attributes, Relation};
use crate::text::OffsetIndex;

const ANNOTATION_ROWS: Joint = Joint {
    open: "file,annotator,id,label,type,start,end,text,spans,unsure,note,attributes\r\n",
    between: "",
    close: "",
};
const RELATION_ROWS: Joint =
    Joint { open: "file,annotator,id,label,from,to,note,attributes\r\n", between: "", close: "" };
const ARTICLE_ROWS: Joint = Joint { open: "file,annotator,text,note,attributes\r\n", between: "", close: "" };

/// Writes tables.
pub(super) struct TableWriter;

impl Writer for TableWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let Document { file, text, layer } = document;
        let index = OffsetIndex::new(text);
        let head = layer.head();
        let mut annotations = Vec::new();
        for annotation in layer.annotations() {
            if annotation.orphan().is_some() {
                losses.add(Kind::Orphan, Done::Dropped, file, &annotation.id);
                continue;
            }
            annotations.push(annotation_row(document, &index, annotation));
            let Some(extra) = &annotation.extra else { continue };
            for _ in &extra.conflict {
                losses.add(Kind::OtherVersion, Done::Dropped, file, &annotation.id);
            }
            if extra.origin.is_some() || extra.made.is_some() {
                losses.add(Kind::Origin, Done::Dropped, file, &annotation.id);
            }
        }
        let mut relations = Vec::new();
        for relation in layer.relations() {
            let there = |id: &str| layer.get(id).is_some_and(|end| end.orphan().is_none());
            if there(&relation.from) && (relation.to == AUTHOR || there(&relation.to)) {
                relations.push(relation_row(document, relation));
            } else {
                losses.add(Kind::Relation, Done::Dropped, file, &relation.id);
            }
            let Some(extra) = &relation.extra else { continue };
            for _ in &extra.conflict {
                losses.add(Kind::OtherVersion, Done::Dropped, file, &relation.id);
            }
            if extra.made.is_some() {
                losses.add(Kind::Origin, Done::Dropped, file, &relation.id);
            }
        }
        count_discussion(layer, file, losses);
        let annotator = head.annotator.to_string();
        let article =
            vec![file.clone(), annotator, text.clone(), head.document_note.clone(), json(&head.document, &[])];
        vec![
            Piece::rows(ANNOTATIONS, rows(&annotations), ANNOTATION_ROWS),
            Piece::rows(RELATIONS, rows(&relations), RELATION_ROWS),
            Piece::rows(ARTICLES, rows(&[article]), ARTICLE_ROWS),
        ]
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        Vec::new()
    }
}

/// The row of an annotation that has a place. The text of several pieces is theirs, with a space between.
fn annotation_row(document: &Document, index: &OffsetIndex, annotation: &Annotation) -> Vec<String> {
    let text = &document.text;
    let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
    let pairs: Vec<(u64, u64)> = annotation.spans.iter().map(|span| (char(span.start()), char(span.end()))).collect();
    let said: Vec<&str> = annotation.spans.iter().filter_map(|span| span.slice(text)).collect();
    let spans: Vec<String> = pairs.iter().map(|(start, end)| format!("{start}:{end}")).collect();
    vec![
        document.file.clone(),
        document.layer.head().annotator.to_string(),
        annotation.id.to_string(),
        annotation.label.to_string(),
        annotation.kind().unwrap_or_default().to_owned(),
        pairs.first().map(|(start, _)| start.to_string()).unwrap_or_default(),
        pairs.last().map(|(_, end)| end.to_string()).unwrap_or_default(),
        said.join(" "),
        spans.join(" "),
        if annotation.unsure() { "yes" } else { "" }.to_owned(),
        annotation.note().to_owned(),
        json(&annotation.attributes, if annotation.kind().is_some() { &["type"] } else { &[] }),
    ]
}

fn relation_row(document: &Document, relation: &Relation) -> Vec<String> {
    vec![
        document.file.clone(),
        document.layer.head().annotator.to_string(),
        relation.id.to_string(),
        relation.label.to_string(),
        relation.from.to_string(),
        relation.to.to_string(),
        relation.note().to_owned(),
        json(&relation.attributes, &[]),
    ]
}

/// Attributes as an object of JSON; empty where there are none.
fn json(attributes: &Attributes, but: &[&str]) -> String {
    let mut object = object_of(attributes);
    object.retain(|name, _| !but.contains(&name.as_str()));
    if object.is_empty() { String::new() } else { Json::Object(object).to_string() }
}
