//! doccano's JSONL: a line an article, with entities and relations by integer ids, or with labels as triples.
//!
//! Offsets are code points, the end not included. doccano drops overlapping entities of a project that does not allow
//! them, and fails on relations to such, so that overlaps are told.

mod labels;
mod read;
mod write;

pub use labels::declared;
pub use read::read_line;

use super::{Format, Kind, Reads, Shape};

/// doccano, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "doccano",
    reads: Some(Reads::Lines(&["jsonl", "doccano"], read_line)),
    writes: Some(Shape::Lines(|schema, _| Box::new(write::DoccanoWriter::new(schema)))),
    unit: "code points",
    about: "doccano's JSONL, for projects with sequence labels and relations",
    cannot: &[
        Kind::Orphan,
        Kind::Discontinuous,
        Kind::Overlap,
        Kind::RelationToAuthor,
        Kind::RelationAttribute,
        Kind::Attribute,
        Kind::Note,
        Kind::Unsure,
        Kind::ArticleNote,
        Kind::Discussion,
        Kind::OtherVersion,
        Kind::Origin,
    ],
    opens: "",
};

/// The file that holds the labels of a project, beside its lines.
pub const LABELS: &str = "label_config.json";
/// Begins the names of attributes that hold metadata of another shape, as JSON.
const FOREIGN: &str = "doccano:";
/// The field that holds all attributes of the article.
const ATTRIBUTES: &str = "attributes";
/// Fields of a line that are no metadata.
const RESERVED: [&str; 8] = ["text", "entities", "relations", "label", "labels", "file", "filename", "annotator"];
/// Fields that doccano gives every line: they are kept, and are never taken for the article's own attributes.
const GIVEN: [&str; 2] = ["id", "Comments"];
