//! Attributes as infons, and back: a text stands as it is, all else as JSON, and an infon of ours lists which are.
//!
//! What was written comes back as the same value.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::{ATTRIBUTE, JSON, OURS};
use crate::formats::values::as_value;
use crate::formats::write_ascii;
use crate::formats::xml::{escaped, escaped_value, fits};
use crate::model::{Attributes, Value};

/// The infons of one element.
#[derive(Debug, Default)]
pub(super) struct Infons {
    out: String,
    json: Vec<String>,
}

impl Infons {
    /// Adds a text.
    pub fn text(&mut self, key: &str, text: &str) {
        if text.chars().all(fits) {
            self.plain(key, text);
        } else {
            self.json(key, &text.into());
        }
    }

    /// Adds what is no text.
    pub fn json(&mut self, key: &str, value: &Json) {
        let mut text = value.to_string();
        if !text.chars().all(fits) {
            let mut bytes = Vec::new();
            write_ascii(&mut bytes, value).expect("memory takes it");
            text = String::from_utf8(bytes).expect("it is ASCII");
        }
        self.plain(key, &text);
        self.json.push(key.to_owned());
    }

    fn plain(&mut self, key: &str, text: &str) {
        let (key, text) = (escaped_value(key), escaped(text));
        writeln!(self.out, "<infon key=\"{key}\">{text}</infon>").expect("a string takes it");
    }

    /// Adds attributes but those that are `left_out`; a name that has another sense here is told from it.
    pub fn attributes(&mut self, attributes: &Attributes, left_out: impl Fn(&str) -> bool) {
        for (name, value) in attributes.iter().filter(|(name, _)| !left_out(name)) {
            let key = if name == "type" || name.starts_with(OURS) || name.is_empty() {
                format!("{ATTRIBUTE}{name}")
            } else {
                name.to_string()
            };
            match value {
                Value::Text(text) => self.text(&key, text),
                Value::Many(all) => self.json(&key, &all.iter().map(SmolStr::as_str).collect()),
                Value::Bool(value) => self.json(&key, &(*value).into()),
                Value::Number(number) => match serde_json::Number::from_f64(*number) {
                    Some(number) => self.json(&key, &number.into()),
                    None => self.text(&key, &number.to_string()),
                },
            }
        }
    }

    /// The elements.
    pub fn elements(mut self) -> String {
        if !self.json.is_empty() {
            let list = Json::from(std::mem::take(&mut self.json)).to_string();
            self.plain(JSON, &list);
        }
        self.out
    }
}

/// The infons of an element as they were meant: those that are JSON are read.
pub(super) fn meant(infons: Option<Json>) -> Map<String, Json> {
    let Some(Json::Object(mut infons)) = infons else { return Map::new() };
    let list = infons.remove(JSON);
    let list = list.as_ref().and_then(Json::as_str).and_then(|list| serde_json::from_str::<Vec<String>>(list).ok());
    for key in list.unwrap_or_default() {
        if let Some(value) = infons.get_mut(&key)
            && let Some(read) = value.as_str().and_then(|text| serde_json::from_str(text).ok())
        {
            *value = read;
        }
    }
    infons
}

/// Takes a text out of infons.
pub(super) fn take_text(infons: &mut Map<String, Json>, key: &str) -> Option<String> {
    match infons.remove(key)? {
        Json::String(text) => Some(text),
        Json::Null => None,
        other => Some(other.to_string()),
    }
}

/// What is left of infons as attributes. Nothing is said by null.
pub(super) fn into_attributes(infons: Map<String, Json>) -> Attributes {
    let named = infons.into_iter().filter_map(|(key, value)| {
        let name = key.strip_prefix(ATTRIBUTE).unwrap_or(&key);
        Some((name.into(), as_value(value)?))
    });
    named.collect()
}
