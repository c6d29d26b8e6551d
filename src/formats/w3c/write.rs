//! From a layer to a collection of annotations.
//!
//! A mark is an annotation that classifies, with a target for each piece; a relation is one that links, from its target to its body.

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::names::{encoded, iri, uuid};
use super::{BODIES, COLLECTION, CONTEXT, ITEMS, KEPT, MOTIVATION, PREFIX, REST, SELECTORS, TAGS, own};
use crate::formats::loss::count_discussion;
use crate::formats::values::object_of;
use crate::formats::{Document, Done, Kind, Losses, Met, Names, Piece, Writer, write_ascii};
use crate::model::{AUTHOR, Annotation, Attributes, Origin, Relation, Schema, Span, Value};
use crate::text::OffsetIndex;

/// So many code points stand before and after quoted words.
const AROUND: usize = 32;

/// Writes collections of Web Annotations.
pub(super) struct CollectionWriter {
    names: Names,
}

impl CollectionWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { names: Names::new(schema, |name| if name.is_empty() { "_".to_owned() } else { name.to_owned() }) }
    }
}

impl Writer for CollectionWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let Document { file, text, layer } = document;
        // Articles of the same name with another ending must not share a file.
        let stem = file.strip_suffix(".txt").filter(|stem| !stem.is_empty() && !stem.ends_with('/')).unwrap_or(file);
        let source = format!("{}.txt", encoded(stem.rsplit('/').next().unwrap_or(stem)));
        let collection = uuid(&[file, &layer.head().annotator]);
        let index = OffsetIndex::new(text);
        let article = Article { collection, source, text, index };
        let mut items = Vec::new();
        for annotation in layer.annotations() {
            if annotation.orphan().is_some() {
                losses.add(Kind::Orphan, Done::Dropped, file, &annotation.id);
                continue;
            }
            items.push(article.annotation(annotation, &self.names.of(annotation)));
            for _ in annotation.extra.iter().flat_map(|extra| &extra.conflict) {
                losses.add(Kind::OtherVersion, Done::Dropped, file, &annotation.id);
            }
        }
        for relation in layer.relations() {
            let there = |id: &str| layer.get(id).is_some_and(|end| end.orphan().is_none());
            if there(&relation.from) && (relation.to == AUTHOR || there(&relation.to)) {
                items.push(article.relation(relation));
            } else {
                losses.add(Kind::Relation, Done::Dropped, file, &relation.id);
            }
            for _ in relation.extra.iter().flat_map(|extra| &extra.conflict) {
                losses.add(Kind::OtherVersion, Done::Dropped, file, &relation.id);
            }
        }
        count_discussion(layer, file, losses);
        let mut bytes = Vec::new();
        write_ascii(&mut bytes, &article.collection(document, items)).expect("memory takes it");
        bytes.push(b'\n');
        vec![Piece::whole(format!("{stem}.jsonld"), bytes), Piece::whole(format!("{stem}.txt"), text.as_bytes())]
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        Vec::new()
    }
}

struct Article<'a> {
    /// The collection's IRI.
    collection: String,
    /// Where the text is, from the collection's file.
    source: String,
    text: &'a str,
    index: OffsetIndex,
}

impl Article<'_> {
    /// The whole file.
    fn collection(&self, document: &Document, mut items: Vec<Json>) -> Json {
        let head = document.layer.head();
        if let Some(Json::Array(kept)) = parsed(&head.document, ITEMS) {
            items.extend(kept);
        }
        let kept = fields(parsed(&head.document, COLLECTION));
        let mut contexts = vec![json!(CONTEXT)];
        contexts.extend(kept.get("@context").and_then(Json::as_array).into_iter().flatten().cloned());
        let as_json = |name: &str| json!({"@id": name, "@type": "@json"});
        contexts.push(json!({
            "pressmark": PREFIX,
            own::ATTRIBUTES: as_json(own::ATTRIBUTES),
            own::ORIGIN: as_json(own::ORIGIN),
        }));
        let mut whole = Map::new();
        whole.insert("@context".to_owned(), contexts.into());
        whole.insert("id".to_owned(), self.collection.as_str().into());
        whole.insert("type".to_owned(), "AnnotationCollection".into());
        whole.insert("label".to_owned(), document.file.as_str().into());
        if !head.annotator.is_empty() {
            whole.insert("creator".to_owned(), json!({"type": "Person", "nickname": head.annotator.as_str()}));
        }
        whole.insert(own::FILE.to_owned(), document.file.as_str().into());
        if !head.document_note.is_empty() {
            whole.insert(own::NOTE.to_owned(), head.document_note.as_str().into());
        }
        add_attributes(&mut whole, &head.document);
        let known = ["@context", "id", "type", "total", "first"];
        whole.extend(kept.into_iter().filter(|(name, _)| !known.contains(&name.as_str())));
        whole.insert("total".to_owned(), items.len().into());
        let page = uuid(&[&self.collection, "page 1"]);
        let page = json!({"id": page, "type": "AnnotationPage", "startIndex": 0, "items": items});
        whole.insert("first".to_owned(), page);
        whole.into()
    }

    fn annotation(&self, annotation: &Annotation, name: &str) -> Json {
        let attributes = &annotation.attributes;
        let mut item = self.item(&annotation.id, "classifying", attributes);
        let mut bodies = vec![textual("classifying", name)];
        if let Some(Value::Many(tags)) = attributes.get(TAGS) {
            bodies.extend(tags.iter().map(|tag| textual("tagging", tag)));
        }
        if !annotation.note().is_empty() {
            bodies.push(textual("commenting", annotation.note()));
        }
        if let Some(Json::Array(kept)) = parsed(attributes, BODIES) {
            bodies.extend(kept);
        }
        item.insert("body".to_owned(), bodies.into());
        let mut targets: Vec<Json> = annotation.spans.iter().map(|span| self.target(*span)).collect();
        if let Some(Json::Array(kept)) = parsed(attributes, SELECTORS)
            && let Some(Json::Array(selectors)) = targets[0].get_mut("selector")
        {
            selectors.extend(kept);
        }
        item.insert("target".to_owned(), targets.into());
        if name != annotation.label || annotation.kind().is_some() {
            item.insert(own::NAME.to_owned(), name.into());
            item.insert(own::LABEL.to_owned(), annotation.label.as_str().into());
        }
        if annotation.unsure() {
            item.insert(own::UNSURE.to_owned(), true.into());
        }
        add_attributes(&mut item, attributes);
        if let Some(extra) = &annotation.extra {
            add_time(&mut item, extra.made.as_ref());
            if let Some(origin) = &extra.origin {
                item.insert(own::ORIGIN.to_owned(), origin_json(origin));
            }
        }
        add_rest(&mut item, attributes);
        item.into()
    }

    /// A relation: what it starts from is the target, what it leads to the body.
    fn relation(&self, relation: &Relation) -> Json {
        let mut item = self.item(&relation.id, "linking", &relation.attributes);
        let mut bodies = vec![json!({"id": iri(&self.collection, &relation.to)}), textual("tagging", &relation.label)];
        if !relation.note().is_empty() {
            bodies.push(textual("commenting", relation.note()));
        }
        item.insert("body".to_owned(), bodies.into());
        item.insert("target".to_owned(), iri(&self.collection, &relation.from).into());
        add_attributes(&mut item, &relation.attributes);
        add_time(&mut item, relation.extra.as_ref().and_then(|extra| extra.made.as_ref()));
        add_rest(&mut item, &relation.attributes);
        item.into()
    }

    fn item(&self, id: &str, motivation: &str, attributes: &Attributes) -> Map<String, Json> {
        let mut item = Map::new();
        item.insert("id".to_owned(), iri(&self.collection, id).into());
        item.insert("type".to_owned(), "Annotation".into());
        let motivation = parsed(attributes, MOTIVATION).unwrap_or_else(|| motivation.into());
        item.insert("motivation".to_owned(), motivation);
        item
    }

    fn target(&self, span: Span) -> Json {
        let char = |byte: u32| self.index.char_from_byte(self.text, byte as usize).0;
        let (before, after) = (&self.text[..span.start() as usize], &self.text[span.end() as usize..]);
        let from = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let to = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
        let quote = json!({
            "type": "TextQuoteSelector",
            "exact": span.slice(self.text).unwrap_or_default(),
            "prefix": &before[from..],
            "suffix": &after[..to],
        });
        let position = json!({"type": "TextPositionSelector", "start": char(span.start()), "end": char(span.end())});
        json!({"source": self.source, "selector": [position, quote]})
    }
}

fn textual(purpose: &str, value: &str) -> Json {
    json!({"type": "TextualBody", "purpose": purpose, "value": value})
}

/// Attributes that have no place of their own.
fn add_attributes(item: &mut Map<String, Json>, attributes: &Attributes) {
    let mut object = object_of(attributes);
    object.retain(|name, _| !KEPT.contains(&name.as_str()));
    if !object.is_empty() {
        item.insert(own::ATTRIBUTES.to_owned(), object.into());
    }
}

fn add_time(item: &mut Map<String, Json>, made: Option<&SmolStr>) {
    if let Some(made) = made {
        item.insert("created".to_owned(), made.as_str().into());
    }
}

/// Fields that were kept when it was imported; ours stay as they are.
fn add_rest(item: &mut Map<String, Json>, attributes: &Attributes) {
    for (name, value) in fields(parsed(attributes, REST)) {
        item.entry(name).or_insert(value);
    }
}

fn origin_json(origin: &Origin) -> Json {
    let mut object = Map::new();
    object.insert("by".to_owned(), origin.by.as_str().into());
    for (name, value) in
        [("rule", &origin.rule), ("import", &origin.import), ("layer", &origin.layer), ("person", &origin.person)]
    {
        if let Some(value) = value {
            object.insert(name.to_owned(), value.as_str().into());
        }
    }
    object.into()
}

fn parsed(attributes: &Attributes, name: &str) -> Option<Json> {
    serde_json::from_str(attributes.text(name)?).ok()
}

fn fields(json: Option<Json>) -> Map<String, Json> {
    if let Some(Json::Object(fields)) = json { fields } else { Map::new() }
}
