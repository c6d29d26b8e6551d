//! bdocjs: a document as gatenlp saves it.
//!
//! What is not as it should be is told by the set and the number of the annotation in it.

use serde_json::{Map, Value as Json};

use super::{Gate, Mark};
use crate::formats::WarningKind;
use crate::formats::units::Unit;

/// Takes a document apart; `warn` takes a line, a kind and a message. The error says why it is none.
pub(super) fn document(text: &str, warn: &mut dyn FnMut(usize, WarningKind, String)) -> Result<Gate, (usize, String)> {
    let json: Json =
        serde_json::from_str(text).map_err(|error| (error.line().max(1), format!("this is not JSON ({error})")))?;
    let Json::Object(mut fields) = json else { return Err((1, "this is no JSON object".to_owned())) };
    let sets = fields.remove("annotation_sets");
    let (Some(Json::String(text)), Some(Json::Object(sets))) = (fields.remove("text"), sets) else {
        return Err((1, "there is no text with annotation sets".to_owned()));
    };
    let unit = match fields.remove("offset_type") {
        Some(Json::String(unit)) if unit == "j" => Unit::Utf16,
        Some(Json::String(unit)) if unit == "p" => Unit::CodePoints,
        None | Some(Json::Null) => Unit::CodePoints,
        Some(other) => {
            warn(
                1,
                WarningKind::WrongValue,
                format!("the offset type {other} is unknown; offsets are taken as code points"),
            );
            Unit::CodePoints
        }
    };
    let mut gate = Gate { text, features: features(fields.remove("features")), unit, sets: Vec::new() };
    fields.remove("name");
    for name in fields.keys() {
        warn(1, WarningKind::UnknownField, format!("{name:?} is no field of a document; it is left out"));
    }
    for (name, set) in sets {
        let all = set.get("annotations").and_then(Json::as_array).cloned().unwrap_or_default();
        let into = gate.set(&name);
        for (at, annotation) in all.into_iter().enumerate() {
            if let Some(mark) = mark(annotation, at + 1) {
                into.marks.push(mark);
            } else {
                let message = format!("annotation {} of the set {name:?} has no type or place; it is left out", at + 1);
                warn(at + 1, WarningKind::WrongValue, message);
            }
        }
    }
    Ok(gate)
}

fn mark(annotation: Json, line: usize) -> Option<Mark> {
    let Json::Object(mut fields) = annotation else { return None };
    let number = |name: &str| fields.get(name).and_then(Json::as_u64);
    let (start, end) = (number("start")?, number("end")?);
    let id = match fields.remove("id") {
        Some(Json::String(id)) => id,
        Some(Json::Number(id)) => id.to_string(),
        _ => String::new(),
    };
    let Some(Json::String(kind)) = fields.remove("type") else { return None };
    Some(Mark { line, id, kind, start, end, features: features(fields.remove("features")) })
}

fn features(value: Option<Json>) -> Map<String, Json> {
    if let Some(Json::Object(features)) = value { features } else { Map::new() }
}
