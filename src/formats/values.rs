//! Values of JSON as values of attributes, for formats whose features are of any kind.
//!
//! A number that would not come out the same is a text, and so is what has parts of its own.

use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::model::Value;

/// The value of an attribute. Null says nothing; what has parts is its JSON.
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
