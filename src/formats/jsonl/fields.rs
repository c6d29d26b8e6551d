//! The fields of a JSON object, taken one by one; what is left over or of the wrong kind goes on the report.

use std::path::Path;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use crate::formats::{Report, Warning, WarningKind};
use crate::text::short;

/// Where in the dataset one is, and what was noticed there.
pub(super) struct Line<'p> {
    /// The dataset's file.
    pub path: &'p Path,
    /// Line, from 1.
    pub number: usize,
    /// All that was noticed.
    pub report: &'p mut Report,
}

impl Line<'_> {
    /// Puts something on the report.
    pub fn warn(&mut self, kind: WarningKind, message: impl Into<String>) {
        let warning =
            Warning { file: self.path.to_path_buf(), line: self.number, kind, message: short(message.into()) };
        self.report.warnings.push(warning);
    }
}

/// An object whose fields are taken out.
pub(super) struct Fields {
    map: Map<String, Json>,
    /// How messages name the object.
    name: String,
}

impl Fields {
    /// An object; anything else goes on the report.
    pub fn new(json: Json, name: impl Into<String>, line: &mut Line<'_>) -> Option<Self> {
        let name = name.into();
        match json {
            Json::Object(map) => Some(Self { map, name }),
            other => {
                line.warn(
                    WarningKind::WrongValue,
                    format!("{name} is {}, not an object; it is left out", kind(&other)),
                );
                None
            }
        }
    }

    /// Names the object better, once its id is known.
    pub fn rename(&mut self, name: String) {
        self.name = name;
    }

    /// A field as it is; `null` is none.
    pub fn take(&mut self, field: &str) -> Option<Json> {
        self.map.shift_remove(field).filter(|value| !value.is_null())
    }

    /// A text; empty where there is none.
    pub fn text(&mut self, field: &str, line: &mut Line<'_>) -> String {
        match self.take(field) {
            None => String::new(),
            Some(Json::String(text)) => text,
            Some(other) => {
                self.wrong(field, &other, "a text", line);
                String::new()
            }
        }
    }

    /// A short text; none where it is empty.
    pub fn smol(&mut self, field: &str, line: &mut Line<'_>) -> Option<SmolStr> {
        let text = self.text(field, line);
        (!text.is_empty()).then(|| text.into())
    }

    /// `true` or `false`; false where there is none.
    pub fn flag(&mut self, field: &str, line: &mut Line<'_>) -> bool {
        match self.take(field) {
            None => false,
            Some(Json::Bool(value)) => value,
            Some(other) => {
                self.wrong(field, &other, "true or false", line);
                false
            }
        }
    }

    /// A list; empty where there is none.
    pub fn list(&mut self, field: &str, line: &mut Line<'_>) -> Vec<Json> {
        match self.take(field) {
            None => Vec::new(),
            Some(Json::Array(list)) => list,
            Some(other) => {
                self.wrong(field, &other, "a list", line);
                Vec::new()
            }
        }
    }

    /// Names with values; empty where there are none.
    pub fn map(&mut self, field: &str, line: &mut Line<'_>) -> Map<String, Json> {
        match self.take(field) {
            None => Map::new(),
            Some(Json::Object(map)) => map,
            Some(other) => {
                self.wrong(field, &other, "an object", line);
                Map::new()
            }
        }
    }

    /// Puts a value of the wrong kind on the report.
    pub fn wrong(&self, field: &str, value: &Json, expected: &str, line: &mut Line<'_>) {
        let message = format!("{field} of {} is {}, not {expected}; it is left out", self.name, kind(value));
        line.warn(WarningKind::WrongValue, message);
    }

    /// Puts what was not asked for on the report.
    pub fn finish(self, line: &mut Line<'_>) {
        for field in self.map.keys() {
            line.warn(WarningKind::UnknownField, format!("{field} of {} is not known; it is left out", self.name));
        }
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
