//! labelbuddy's documents with annotations, as lines or as an array, and its labels.
//!
//! Offsets stand there in code points and in bytes, the end not included. What labelbuddy has no place for stands in the text
//! that it keeps with each annotation (`extra_data`), as JSON.

mod md5;
mod read;
mod write;

use serde_json::{Map, Value as Json};

use super::{Format, Kind, Reads, Shape};

/// labelbuddy, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "labelbuddy",
    reads: Some(Reads::Files(&["jsonl", "json"], read::read_file)),
    writes: Some(Shape::Folder(|schema, _| Box::new(write::BuddyWriter::new(schema)))),
    unit: "code points, bytes",
    about: "labelbuddy's documents with annotations, and its labels",
    cannot: &[Kind::Orphan, Kind::Discussion, Kind::OtherVersion, Kind::Origin],
    opens: "",
};

/// Begins the names of attributes that hold what only labelbuddy has.
const FOREIGN: &str = "labelbuddy:";
/// Fields of the metadata that are ours.
const OWN_FIELDS: [&str; 3] = ["file", "annotator", "note"];
/// Titles that labelbuddy shows.
const TITLES: [&str; 2] = ["list_title", "display_title"];
/// Where documents may be that annotations alone belong to.
const BESIDE: [&str; 4] = ["documents.jsonl", "documents.json", "docs.jsonl", "docs.json"];
/// The text that labelbuddy keeps with an annotation.
const EXTRA: &str = "extra_data";

/// What Pressmark wrote into that text; none where others did.
fn ours(extra: &str) -> Option<Map<String, Json>> {
    let fields = serde_json::from_str(extra).ok();
    fields.filter(|fields: &Map<String, Json>| fields.get("id").is_some_and(Json::is_string))
}
