//! The shapes that annotations come in: a collection with its first page, a page, a list, one alone, an answer of Hypothesis.

use serde_json::{Map, Value as Json};

use super::{CONTEXT, own};

/// What a file holds.
#[derive(Default)]
pub(super) struct Shape {
    /// The annotations.
    pub items: Vec<Json>,
    /// The fields of the collection, but for its pages.
    pub collection: Map<String, Json>,
    /// Whether Hypothesis wrote it.
    pub hypothesis: bool,
    /// The collection has pages that are not in the file.
    pub more: bool,
}

/// The annotations of a file; nothing where it has no such shape.
pub(super) fn shape(json: Json) -> Option<Shape> {
    let mut shape = Shape::default();
    match json {
        Json::Array(items) => shape.items = items,
        Json::Object(mut fields) => {
            if let Some(Json::Array(rows)) = fields.get_mut("rows") {
                shape.items = std::mem::take(rows);
            } else if is(&fields, "AnnotationCollection") || fields.contains_key("first") {
                shape.add_page(fields.shift_remove("first"));
                shape.add_page(fields.shift_remove("items"));
                shape.more |= fields.contains_key("next");
                fields.shift_remove("total");
                fields.shift_remove("last");
                shape.collection = fields;
            } else if is(&fields, "AnnotationPage") || fields.contains_key("items") {
                shape.more = ["next", "prev"].iter().any(|name| fields.contains_key(*name));
                shape.add_page(fields.shift_remove("items"));
            } else if fields.contains_key("@graph") {
                shape.add_page(fields.shift_remove("@graph"));
                shape.collection = fields;
            } else if is(&fields, "Annotation") || fields.contains_key("target") {
                shape.items = vec![fields.into()];
            } else {
                return None;
            }
        }
        _ => return None,
    }
    let some = |name: &str| shape.items.iter().any(|item| item.get(name).is_some());
    shape.hypothesis = some("uri") && !some("type") && !some("@context");
    let fits = |item: &Json| item.get("target").is_some() || item.get("body").is_some();
    (shape.items.is_empty() || shape.items.iter().any(fits)).then_some(shape)
}

impl Shape {
    fn add_page(&mut self, page: Option<Json>) {
        match page {
            None | Some(Json::Null) => {}
            Some(Json::Array(items)) => self.items.extend(items),
            Some(Json::Object(mut page)) => {
                self.more |= page.contains_key("next");
                if let Some(Json::Array(items)) = page.shift_remove("items") {
                    self.items.extend(items);
                } else {
                    self.more = true;
                }
            }
            // The name of a page that is elsewhere.
            Some(_) => self.more = true,
        }
    }

    /// A field of the collection, where it is a text.
    pub fn take_text(&mut self, name: &str) -> String {
        if self.collection.get(name).is_some_and(Json::is_string)
            && let Some(Json::String(text)) = self.collection.shift_remove(name)
        {
            return text;
        }
        String::new()
    }

    /// What is kept of the collection: fields that are not ours.
    pub fn take_rest(&mut self) -> Map<String, Json> {
        let mut rest = std::mem::take(&mut self.collection);
        for name in ["id", "type", "label", own::FILE, own::NOTE, own::ATTRIBUTES] {
            rest.shift_remove(name);
        }
        let contexts = match rest.shift_remove("@context") {
            Some(Json::Array(all)) => all,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let foreign = |context: &Json| context != CONTEXT && context.get("pressmark").is_none();
        let contexts: Vec<Json> = contexts.into_iter().filter(foreign).collect();
        if !contexts.is_empty() {
            rest.insert("@context".to_owned(), contexts.into());
        }
        rest
    }
}

/// Whether something is of a type.
pub(super) fn is(fields: &Map<String, Json>, wanted: &str) -> bool {
    match fields.get("type").or_else(|| fields.get("@type")) {
        Some(Json::String(own)) => own == wanted,
        Some(Json::Array(all)) => all.iter().any(|own| own == wanted),
        _ => false,
    }
}

/// What stands there once or several times.
pub(super) fn list(json: Option<Json>) -> Vec<Json> {
    match json {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(all)) => all,
        Some(one) => vec![one],
    }
}

/// Who somebody is: a name, or the end of an IRI; of Hypothesis' accounts the first part.
pub(super) fn person(json: &Json) -> String {
    let named = |field: &str| json.get(field).and_then(Json::as_str).filter(|name| !name.is_empty());
    let name = json.as_str().or_else(|| ["nickname", "name", "id"].into_iter().find_map(named)).unwrap_or_default();
    if let Some((user, _)) = name.strip_prefix("acct:").and_then(|account| account.split_once('@')) {
        return user.to_owned();
    }
    let end = name.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or_default();
    if name.contains("://") { end.to_owned() } else { name.to_owned() }
}
