//! Values of attributes as JSON, for formats that hold any.
//!
//! What comes from JSON goes back as it was, but for `1.0`, which is 1.

use serde_json::{Map, Number, Value as Json};
use smol_str::{SmolStr, format_smolstr};

use crate::model::{Attributes, Value};

/// Whole numbers up to here are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value as JSON; whole numbers stand without a point, and what is no number is null.
pub(super) fn json_of(value: &Value) -> Json {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Many(values) => values.iter().map(SmolStr::as_str).collect(),
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < EXACT => (*number as i64).into(),
        Value::Number(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
    }
}

/// A value that comes from JSON; none for what attributes do not hold.
pub(super) fn value_of(json: &Json) -> Option<Value> {
    match json {
        Json::String(text) => Some(Value::Text(text.as_str().into())),
        Json::Bool(flag) => Some(Value::Bool(*flag)),
        Json::Number(number) => number.as_f64().filter(|number| number.abs() < EXACT).map(Value::Number),
        Json::Array(all) => all.iter().map(|it| it.as_str().map(SmolStr::from)).collect::<Option<_>>().map(Value::Many),
        Json::Null | Json::Object(_) => None,
    }
}

/// Attributes as an object.
pub(super) fn object_of(attributes: &Attributes) -> Map<String, Json> {
    attributes.iter().map(|(name, value)| (name.to_string(), json_of(value))).collect()
}

/// Sets attributes from an object; what attributes do not hold is kept as JSON under a name that `foreign` begins.
pub(super) fn set_all(attributes: &mut Attributes, object: Map<String, Json>, foreign: &str) {
    attributes.extend(object.into_iter().map(|(name, json)| match value_of(&json) {
        Some(value) => (name.into(), value),
        None => (format_smolstr!("{foreign}{name}"), Value::Text(json.to_string().into())),
    }));
}

/// The value of an attribute, of whatever comes from JSON: null says nothing, what has parts is its JSON as text, and so is a
/// number that would not come out the same.
pub(super) fn as_value(value: Json) -> Option<Value> {
    Some(match value {
        Json::Null => return None,
        Json::Bool(value) => Value::Bool(value),
        Json::String(text) => Value::Text(text.into()),
        Json::Number(number) => match number.as_f64() {
            // A number that would not come out the same is a text.
            Some(value) if number.is_f64() || value.abs() < 9e15 => Value::Number(value),
            _ => Value::Text(number.to_string().into()),
        },
        Json::Array(all) if all.iter().all(Json::is_string) => {
            Value::Many(all.iter().filter_map(Json::as_str).map(SmolStr::from).collect())
        }
        other => Value::Text(other.to_string().into()),
    })
}
