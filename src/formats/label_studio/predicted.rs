//! Predictions that were kept as they came, and go out again with the text's offsets.
//!
//! What they quote tells which unit they count in; where nothing is quoted, or nothing fits, they stay as they are.

use serde_json::Value as Json;

use crate::text::{CharOffset, OffsetIndex, Utf16Offset};

/// Turns offsets that count UTF-16 units into code points, if only so all of them fit what they quote.
pub(super) fn in_code_points(predictions: &mut Json, text: &str) {
    let index = OffsetIndex::new(text);
    let chars = |at: u64| index.byte_from_char(text, CharOffset(at));
    let utf16 = |at: u64| index.byte_from_utf16(text, Utf16Offset(at));
    let fits = |value: &Json, byte: &dyn Fn(u64) -> Option<usize>| {
        let Some(quoted) = value.get("text").and_then(Json::as_str) else { return true };
        let at = |name: &str| value.get(name).and_then(Json::as_u64).and_then(byte);
        at("start").zip(at("end")).and_then(|(start, end)| text.get(start..end)) == Some(quoted)
    };
    let all: Vec<&mut Json> = values(predictions).collect();
    if all.iter().all(|value| fits(value, &chars)) || !all.iter().all(|value| fits(value, &utf16)) {
        return;
    }
    for value in all {
        for name in ["start", "end"] {
            if let Some(byte) = value.get(name).and_then(Json::as_u64).and_then(utf16) {
                value[name] = index.char_from_byte(text, byte).0.into();
            }
        }
    }
}

/// What says where something stands.
fn values(predictions: &mut Json) -> impl Iterator<Item = &mut Json> {
    let all = predictions.as_array_mut().into_iter().flatten();
    let results = all.filter_map(|it| it.get_mut("result")?.as_array_mut()).flatten();
    results.filter_map(|it| it.get_mut("value")).filter(|value| value.get("start").is_some_and(Json::is_u64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn offsets_become_code_points_where_all_of_them_count_otherwise() {
        let text = "😀 Ada met Ben.";
        let made = |ada: [u64; 2], ben: [u64; 2]| {
            let value =
                |[start, end]: [u64; 2], text: &str| json!({"value": {"start": start, "end": end, "text": text}});
            json!([{"model_version": "m", "result": [value(ada, "Ada"), value(ben, "Ben"), {"value": {"choices": ["x"]}}]}])
        };
        let after = |mut predictions: Json| {
            in_code_points(&mut predictions, text);
            predictions
        };
        assert_eq!(after(made([3, 6], [11, 14])), made([2, 5], [10, 13]));
        for kept in [made([2, 5], [10, 13]), made([3, 6], [10, 13]), made([90, 95], [10, 13])] {
            assert_eq!(after(kept.clone()), kept);
        }
        assert_eq!(after(json!({"result": 3})), json!({"result": 3}));
    }
}
