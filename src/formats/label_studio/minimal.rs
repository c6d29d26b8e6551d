//! The export JSON_MIN: the data, what was marked and who did it side by side, an item for each annotation.
//!
//! Label Studio writes no relations there, and no ids of regions.

use serde_json::{Map, Value as Json, json};

use super::config::Config;

/// Fields that an item has of its annotation, and what a task calls them.
const OF_ANNOTATION: [(&str, &str); 5] = [
    ("annotation_id", "id"),
    ("annotator", "completed_by"),
    ("created_at", "created_at"),
    ("updated_at", "updated_at"),
    ("lead_time", "lead_time"),
];
/// The field that says what a region is, which is also the kind of the result.
const KINDS: [&str; 3] = ["labels", "hypertextlabels", "paragraphlabels"];

/// The data of an item, which becomes the task that it was exported from; none where it is no such item.
pub(super) fn data_of(item: &mut Map<String, Json>, config: &Config) -> Option<Map<String, Json>> {
    let is_item = item.contains_key("annotation_id") && item.contains_key("annotator");
    if !is_item {
        return None;
    }
    let object = config.objects.first().map_or("text", |object| object.name.as_str());
    let mut annotation = Map::new();
    for (field, name) in OF_ANNOTATION {
        annotation.extend(item.shift_remove(field).map(|value| (name.to_owned(), value)));
    }
    let id = item.shift_remove("id");
    let (mut data, mut results) = (Map::new(), Vec::new());
    for (field, value) in std::mem::take(item) {
        let Some(regions) = value.as_array().filter(|all| !all.is_empty() && all.iter().all(|it| kind(it).is_some()))
        else {
            data.insert(field, value);
            continue;
        };
        for region in regions {
            let id = format!("r{}", results.len() + 1);
            let kind = kind(region);
            results.push(json!({"id": id, "from_name": field, "to_name": object, "type": kind, "value": region}));
        }
    }
    annotation.insert("result".to_owned(), results.into());
    item.extend(id.map(|id| ("id".to_owned(), id)));
    item.insert("annotations".to_owned(), json!([annotation]));
    Some(data)
}

/// What a region is a region of.
fn kind(region: &Json) -> Option<&'static str> {
    let has_place = region.get("start").is_some() && region.get("end").is_some();
    KINDS.into_iter().find(|kind| has_place && region.get(kind).is_some_and(Json::is_array))
}
