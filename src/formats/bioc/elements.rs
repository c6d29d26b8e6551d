//! From BioC's elements to the same as BioC JSON has it, so that there is one reader for both.
//!
//! A document is handed over when it ends, so that no more than one of a large collection is held.

use serde_json::{Map, Value as Json};

use crate::formats::xml::{Element, Fault, Node, Part, Xml};

/// The field that tells the line of a document or annotation.
pub(super) const LINE: &str = "@line";

/// Hands over each document of a collection with what the collection says; gives whether this is a collection at all.
pub(super) fn documents(text: &str, take: &mut dyn FnMut(&Map<String, Json>, Json)) -> Result<bool, Fault> {
    let mut xml = Xml::new(text);
    let mut collection = Map::new();
    let mut inside = false;
    loop {
        match xml.part()? {
            Part::Open(open) if open.name == "collection" && !inside => inside = true,
            Part::Open(open) if open.name == "document" => {
                inside = true;
                let document = xml.whole(open)?;
                take(&collection, object(&document));
            }
            Part::Open(open) if inside => {
                let element = xml.whole(open)?;
                add(&mut collection, &element);
            }
            Part::Open(_) => return Ok(false),
            Part::End => return Ok(inside),
            Part::Close | Part::Text(_) => {}
        }
    }
}

/// An element with parts as an object.
fn object(element: &Element) -> Json {
    let mut fields = Map::new();
    fields.insert(LINE.to_owned(), element.line.into());
    for (name, value) in &element.attributes {
        fields.insert(name.clone(), value.as_str().into());
    }
    for inside in element.elements() {
        add(&mut fields, inside);
    }
    fields.into()
}

/// Adds an element to what it is a part of.
fn add(fields: &mut Map<String, Json>, element: &Element) {
    let list = match element.name.as_str() {
        "passage" => "passages",
        "sentence" => "sentences",
        "annotation" => "annotations",
        "relation" => "relations",
        "location" => "locations",
        "node" => "nodes",
        "infon" => {
            let infons = fields.entry("infons").or_insert_with(|| Map::new().into());
            let key = element.attribute("key").unwrap_or_default();
            if let Json::Object(infons) = infons {
                add_infon(infons, key, element.text());
            }
            return;
        }
        name => {
            let parts = element.inside.iter().any(|node| matches!(node, Node::Element(_)));
            let value = if parts { object(element) } else { element.text().into() };
            fields.insert(name.to_owned(), value);
            return;
        }
    };
    if let Json::Array(all) = fields.entry(list).or_insert_with(|| Json::Array(Vec::new())) {
        all.push(object(element));
    }
}

/// Of infons with the same key, all are kept.
fn add_infon(infons: &mut Map<String, Json>, key: &str, value: String) {
    match infons.get_mut(key) {
        None => {
            infons.insert(key.to_owned(), value.into());
        }
        Some(Json::Array(all)) => all.push(value.into()),
        Some(before) => {
            let first = before.take();
            *before = Json::Array(vec![first, value.into()]);
        }
    }
}
