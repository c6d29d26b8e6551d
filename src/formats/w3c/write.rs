//! From a layer to a collection of annotations.
//!
//! A mark is an annotation that classifies, with a target for each piece; a relation is one that links, from its target to its body.

use std::borrow::Cow;

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::names::{encoded, iri, uuid};
use super::{BODIES, COLLECTION, CONTEXT, ITEMS, KEPT, MOTIVATION, PREFIX, REST, SELECTORS, TAGS, own};
use crate::formats::loss::count_discussion;
use crate::formats::tree::{Fields, Tree, fields};
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
            items.push(article.annotation(annotation, self.names.of(annotation)));
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

impl<'a> Article<'a> {
    /// The whole file.
    fn collection(&'a self, document: &'a Document, mut items: Vec<Tree<'a>>) -> Fields<'a> {
        let head = document.layer.head();
        if let Some(Json::Array(kept)) = parsed(&head.document, ITEMS) {
            items.extend(kept.into_iter().map(Tree::from));
        }
        let kept = kept_fields(parsed(&head.document, COLLECTION));
        let mut contexts = vec![json!(CONTEXT)];
        contexts.extend(kept.get("@context").and_then(Json::as_array).into_iter().flatten().cloned());
        let as_json = |name: &str| json!({"@id": name, "@type": "@json"});
        contexts.push(json!({
            "pressmark": PREFIX,
            own::ATTRIBUTES: as_json(own::ATTRIBUTES),
            own::ORIGIN: as_json(own::ORIGIN),
        }));
        let file = document.file.as_str();
        let mut whole = fields! {
            "@context": Json::Array(contexts), "id": self.collection.as_str(), "type": "AnnotationCollection", "label": file
        };
        if !head.annotator.is_empty() {
            whole.set("creator", fields! {"type": "Person", "nickname": head.annotator.as_str()});
        }
        whole.set(own::FILE, file);
        if !head.document_note.is_empty() {
            whole.set(own::NOTE, head.document_note.as_str());
        }
        add_attributes(&mut whole, &head.document);
        let known = ["@context", "id", "type", "total", "first"];
        whole.extend(kept.into_iter().filter(|(name, _)| !known.contains(&name.as_str())).collect());
        whole.set("total", items.len());
        let page = uuid(&[&self.collection, "page 1"]);
        whole.set("first", fields! {"id": page, "type": "AnnotationPage", "startIndex": 0_u64, "items": items});
        whole
    }

    fn annotation(&'a self, annotation: &'a Annotation, name: String) -> Tree<'a> {
        let attributes = &annotation.attributes;
        let mut item = self.item(&annotation.id, "classifying", attributes);
        let mut bodies = vec![textual("classifying", name.clone())];
        if let Some(Value::Many(tags)) = attributes.get(TAGS) {
            bodies.extend(tags.iter().map(|tag| textual("tagging", tag.as_str())));
        }
        if !annotation.note().is_empty() {
            bodies.push(textual("commenting", annotation.note()));
        }
        if let Some(Json::Array(kept)) = parsed(attributes, BODIES) {
            bodies.extend(kept.into_iter().map(Tree::from));
        }
        item.set("body", bodies);
        let kept =
            parsed(attributes, SELECTORS).and_then(|kept| if let Json::Array(kept) = kept { Some(kept) } else { None });
        let mut kept = kept.unwrap_or_default();
        let targets = annotation.spans.iter().map(|span| self.target(*span, std::mem::take(&mut kept)));
        item.set("target", targets.collect::<Tree<'_>>());
        if name != annotation.label || annotation.kind().is_some() {
            item.set(own::NAME, name);
            item.set(own::LABEL, annotation.label.as_str());
        }
        if annotation.unsure() {
            item.set(own::UNSURE, true);
        }
        add_attributes(&mut item, attributes);
        if let Some(extra) = &annotation.extra {
            add_time(&mut item, extra.made.as_ref());
            if let Some(origin) = &extra.origin {
                item.set(own::ORIGIN, origin_json(origin));
            }
        }
        add_rest(&mut item, attributes);
        item.into()
    }

    /// A relation: what it starts from is the target, what it leads to the body.
    fn relation(&'a self, relation: &'a Relation) -> Tree<'a> {
        let mut item = self.item(&relation.id, "linking", &relation.attributes);
        let mut bodies = vec![
            fields! {"id": iri(&self.collection, &relation.to)}.into(),
            textual("tagging", relation.label.as_str()),
        ];
        if !relation.note().is_empty() {
            bodies.push(textual("commenting", relation.note()));
        }
        item.set("body", bodies);
        item.set("target", iri(&self.collection, &relation.from));
        add_attributes(&mut item, &relation.attributes);
        add_time(&mut item, relation.extra.as_ref().and_then(|extra| extra.made.as_ref()));
        add_rest(&mut item, &relation.attributes);
        item.into()
    }

    fn item(&self, id: &str, motivation: &'static str, attributes: &Attributes) -> Fields<'a> {
        let motivation = parsed(attributes, MOTIVATION).map_or(Tree::from(motivation), Tree::from);
        fields! {"id": iri(&self.collection, id), "type": "Annotation", "motivation": motivation}
    }

    /// A stretch of the text, with more selectors that were kept.
    fn target(&'a self, span: Span, kept: Vec<Json>) -> Tree<'a> {
        let char = |byte: u32| self.index.char_from_byte(self.text, byte as usize).0;
        let (before, after) = (&self.text[..span.start() as usize], &self.text[span.end() as usize..]);
        let from = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let to = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
        let exact = span.slice(self.text).unwrap_or_default();
        let (before, after) = (&before[from..], &after[..to]);
        let position = fields! {"type": "TextPositionSelector", "start": char(span.start()), "end": char(span.end())};
        let quote = fields! {"type": "TextQuoteSelector", "exact": exact, "prefix": before, "suffix": after};
        let selectors = [position.into(), quote.into()].into_iter().chain(kept.into_iter().map(Tree::from));
        fields! {"source": self.source.as_str(), "selector": selectors.collect::<Tree<'_>>()}.into()
    }
}

fn textual<'a>(purpose: &'static str, value: impl Into<Cow<'a, str>>) -> Tree<'a> {
    fields! {"type": "TextualBody", "purpose": purpose, "value": value.into()}.into()
}

/// Attributes that have no place of their own.
fn add_attributes(item: &mut Fields<'_>, attributes: &Attributes) {
    let mut object = object_of(attributes);
    object.retain(|name, _| !KEPT.contains(&name.as_str()));
    if !object.is_empty() {
        item.set(own::ATTRIBUTES, object);
    }
}

fn add_time<'a>(item: &mut Fields<'a>, made: Option<&'a SmolStr>) {
    if let Some(made) = made {
        item.set("created", made.as_str());
    }
}

/// Fields that were kept when it was imported; ours stay as they are.
fn add_rest(item: &mut Fields<'_>, attributes: &Attributes) {
    for (name, value) in kept_fields(parsed(attributes, REST)) {
        item.set_new(name, value);
    }
}

fn origin_json(origin: &Origin) -> Fields<'_> {
    let mut object = fields! {"by": origin.by.as_str()};
    for (name, value) in
        [("rule", &origin.rule), ("import", &origin.import), ("layer", &origin.layer), ("person", &origin.person)]
    {
        if let Some(value) = value {
            object.set(name, value.as_str());
        }
    }
    object
}

fn parsed(attributes: &Attributes, name: &str) -> Option<Json> {
    serde_json::from_str(attributes.text(name)?).ok()
}

fn kept_fields(json: Option<Json>) -> Map<String, Json> {
    if let Some(Json::Object(fields)) = json { fields } else { Map::new() }
}
