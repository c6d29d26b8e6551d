//! One annotation: its bodies, targets and other fields, taken apart.
//!
//! What is not understood stays as JSON, so that it can be given back.

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::anchors::Part;
use super::shapes::list;
use super::{BODIES, FOREIGN, MOTIVATION, REST, SELECTORS, TAGS, own};
use crate::formats::values::set_all;
use crate::model::{Attributes, Origin, Value};

/// An annotation of the text, or one that links others.
#[derive(Default)]
pub(super) struct Item {
    /// As the file has it; may be empty.
    pub iri: String,
    /// Empty where nothing says it.
    pub label: String,
    pub note: String,
    pub unsure: bool,
    pub made: Option<SmolStr>,
    pub origin: Option<Origin>,
    pub attributes: Attributes,
    /// Stretches of the text; of none where it links.
    pub parts: Vec<Part>,
    /// The IRIs that it links, from and to.
    pub link: Option<(String, String)>,
    /// Who made it, where it says so itself.
    pub by: Option<Json>,
}

/// Takes an annotation apart; gives it back where it is not of a stretch of text, and does not link what `is_end` knows.
pub(super) fn item(json: Json, hypothesis: bool, is_end: &dyn Fn(&str) -> bool) -> Result<Item, Json> {
    let Json::Object(mut fields) = json.clone() else { return Err(json) };
    let mut item = Item::default();
    let (bodies, targets) = (list(fields.shift_remove("body")), list(fields.shift_remove("target")));
    let linking = list(fields.get("motivation").cloned()).iter().any(|why| why == "linking");
    let other = |json: &Json| {
        let object = json.as_object();
        let alone = object.is_some_and(|it| it.len() == 1);
        json.as_str().or_else(|| json.get("id").and_then(Json::as_str).filter(|_| alone)).map(str::to_owned)
    };
    let mut selectors = Vec::new();
    if linking {
        let [from] = targets.as_slice() else { return Err(json) };
        let ends: Vec<String> = bodies.iter().filter_map(other).collect();
        let ([to], Some(from)) = (ends.as_slice(), other(from)) else { return Err(json) };
        if !is_end(&from) || !is_end(to) {
            return Err(json);
        }
        item.link = Some((from, to.clone()));
    } else {
        for target in targets {
            item.parts.push(part(target, &mut selectors).ok_or_else(|| json.clone())?);
        }
        if item.parts.is_empty() || (item.parts.len() > 1 && !selectors.is_empty()) {
            return Err(json);
        }
    }
    item.iri = text(fields.shift_remove("id"));
    // The other end of a link is no body of its own.
    item.bodies(bodies.into_iter().filter(|body| !linking || other(body).is_none()).collect(), linking);
    if let Some(Json::String(note)) = fields.shift_remove("bodyValue") {
        item.note = note;
    }
    if hypothesis {
        item.of_hypothesis(&mut fields);
    }
    item.of_ours(&mut fields);
    if let Some(Json::String(made)) = fields.shift_remove("created") {
        item.made = Some(made.into());
    }
    let usual = if linking { "linking" } else { "classifying" };
    if let Some(why) = fields.shift_remove("motivation").filter(|why| why != usual) {
        if item.label.is_empty()
            && let Some(why) = why.as_str()
        {
            why.clone_into(&mut item.label);
        }
        item.keep(MOTIVATION, why);
    }
    item.by = fields.get("creator").cloned();
    fields.retain(|name, value| !(name == "type" && value == "Annotation"));
    if !selectors.is_empty() {
        item.keep(SELECTORS, selectors);
    }
    if !fields.is_empty() {
        item.keep(REST, fields);
    }
    Ok(item)
}

impl Item {
    fn keep(&mut self, name: &str, json: impl Into<Json>) {
        self.attributes.set(name, Some(Value::Text(json.into().to_string().into())));
    }

    /// Labels, tags and a note; other bodies are kept.
    fn bodies(&mut self, bodies: Vec<Json>, linking: bool) {
        let (mut tags, mut kept) = (Vec::<SmolStr>::new(), Vec::new());
        for body in bodies {
            let plain = body.as_object().is_some_and(|fields| {
                fields.iter().all(|(name, value)| match name.as_str() {
                    "value" => value.is_string(),
                    "purpose" => true,
                    "type" => value == "TextualBody",
                    "format" => value == "text/plain",
                    _ => false,
                })
            });
            let value = body.get("value").and_then(Json::as_str).filter(|value| plain && !value.is_empty());
            match (body.get("purpose").and_then(Json::as_str), value) {
                (Some("classifying" | "tagging"), Some(value)) if self.label.is_empty() => {
                    value.clone_into(&mut self.label);
                }
                (Some("classifying" | "tagging"), Some(value)) if !linking => tags.push(value.into()),
                (None | Some("commenting" | "describing"), Some(value)) if self.note.is_empty() => {
                    value.clone_into(&mut self.note);
                }
                _ => kept.push(body),
            }
        }
        if !tags.is_empty() {
            self.attributes.set(TAGS, Some(Value::Many(tags.into())));
        }
        if !kept.is_empty() {
            self.keep(BODIES, kept);
        }
    }

    /// The first tag is the label, the text the note.
    fn of_hypothesis(&mut self, fields: &mut Map<String, Json>) {
        let tags = list(fields.shift_remove("tags"));
        let mut tags = tags.iter().filter_map(Json::as_str);
        tags.next().unwrap_or_default().clone_into(&mut self.label);
        let tags: Vec<SmolStr> = tags.map(SmolStr::from).collect();
        if !tags.is_empty() {
            self.attributes.set(TAGS, Some(Value::Many(tags.into())));
        }
        self.note = text(fields.shift_remove("text"));
        if let Some(user) = fields.shift_remove("user") {
            fields.insert("creator".to_owned(), user);
        }
    }

    /// What Pressmark wrote.
    fn of_ours(&mut self, fields: &mut Map<String, Json>) {
        let (name, label) = (text(fields.shift_remove(own::NAME)), text(fields.shift_remove(own::LABEL)));
        let mut attributes = object(fields.shift_remove(own::ATTRIBUTES));
        // Where another program changed the label, the body says it.
        if !label.is_empty() && name == self.label {
            self.label = label;
        } else if !label.is_empty() {
            attributes.shift_remove("type");
        }
        set_all(&mut self.attributes, attributes, FOREIGN);
        self.unsure = fields.shift_remove(own::UNSURE) == Some(Json::Bool(true));
        let mut origin = object(fields.shift_remove(own::ORIGIN));
        let mut said =
            |name: &str| Some(SmolStr::from(text(origin.shift_remove(name)))).filter(|said| !said.is_empty());
        if let Some(by) = said("by") {
            let (rule, import, layer, person) = (said("rule"), said("import"), said("layer"), said("person"));
            self.origin = Some(Origin { by, rule, import, layer, person });
        }
    }
}

/// A stretch of the text that a target says; other selectors of it are put with the rest.
fn part(target: Json, others: &mut Vec<Json>) -> Option<Part> {
    let Json::Object(mut target) = target else { return None };
    let mut part = Part::default();
    let selectors = list(target.shift_remove("selector"));
    for selector in selectors {
        let kind = selector.get("type").and_then(Json::as_str).unwrap_or_default();
        let number = |name: &str| selector.get(name).and_then(Json::as_u64);
        let said = |name: &str| selector.get(name).and_then(Json::as_str);
        let refined = selector.get("refinedBy").is_some();
        match kind {
            "TextPositionSelector"
                if part.position.is_none() && !refined && number("start").is_some() && number("end").is_some() =>
            {
                part.position = number("start").zip(number("end"));
            }
            "TextQuoteSelector" if part.exact.is_none() && !refined && said("exact").is_some() => {
                part.exact = said("exact").map(str::to_owned);
                said("prefix").unwrap_or_default().clone_into(&mut part.prefix);
                said("suffix").unwrap_or_default().clone_into(&mut part.suffix);
            }
            _ => others.push(selector),
        }
    }
    (part.position.is_some() || part.exact.is_some()).then_some(part)
}

fn text(json: Option<Json>) -> String {
    if let Some(Json::String(text)) = json { text } else { String::new() }
}

fn object(json: Option<Json>) -> Map<String, Json> {
    if let Some(Json::Object(object)) = json { object } else { Map::new() }
}
