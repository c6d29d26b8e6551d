//! `label_config.json`, which doccano exports from the labels of a project: their order, keys and colours.

use serde_json::Value as Json;

use crate::formats::found::LabelSet;

/// The labels of a project; none where it is something else.
pub fn declared(config: &[u8]) -> LabelSet {
    let mut out = LabelSet::default();
    let Ok(Json::Array(labels)) = serde_json::from_slice(config) else { return out };
    for label in &labels {
        let own = |name: &str| label.get(name).and_then(Json::as_str).filter(|value| !value.is_empty());
        let Some(text) = own("text") else { continue };
        let full = (text.into(), None);
        out.declare(full.clone());
        let key = match (own("prefix_key"), own("suffix_key")) {
            (Some(prefix), Some(suffix)) => Some(format!("{prefix}+{suffix}")),
            (_, suffix) => suffix.map(str::to_owned),
        };
        let look = out.looks.declare(&full);
        look.take_key(key.as_deref());
        look.take_color(own("background_color"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_their_order_keys_and_colours() {
        let config = r##"[{"id": 2, "text": "PER", "prefix_key": null, "suffix_key": "w", "background_color": "#FFA8A8"},
            {"text": "LOC", "prefix_key": "ctrl", "suffix_key": "l"}, {"no": "text"}, 3]"##;
        let found = declared(config.as_bytes());
        let look = |label: &str| found.looks.of(&(label.into(), None)).cloned().expect("it is declared");
        assert_eq!((look("PER").place, look("PER").key.as_deref()), (0, Some("w")));
        assert!(look("PER").color.is_some() && look("LOC").color.is_none());
        assert_eq!((look("LOC").place, look("LOC").key.as_deref(), found.labels.len()), (1, Some("ctrl+l"), 2));
        for none in ["", "{}", "[", "[[\"text\"]]"] {
            assert_eq!(declared(none.as_bytes()), LabelSet::default(), "{none}");
        }
    }
}
