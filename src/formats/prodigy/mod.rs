//! Prodigy's JSONL: a task a line, with tokens, spans and relations between spans.
//!
//! Offsets are code points; a span's last token is included, and a relation names its ends by their last token. What
//! Prodigy does not know stands under `pressmark`, which it hands on unread.

mod read;
mod write;

use super::{Format, Kind, Reads, Shape};

/// Prodigy, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "prodigy",
    reads: Some(Reads::Lines(&["jsonl", "prodigy"], read::read_line)),
    writes: Some(Shape::Lines(|schema, _| Box::new(write::ProdigyWriter::new(schema)))),
    unit: "code points",
    about: "Prodigy's JSONL, for ner, spans and relations",
    cannot: &[
        Kind::Orphan,
        Kind::Blank,
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

/// What Prodigy hands on unread.
const OURS: &str = "pressmark";
/// Attributes of an article that hold what a task has and we do not, as JSON: other fields of the task, of its `meta`,
/// its tokens, and the spans of a task that was not accepted.
const TASK: &str = "prodigy:task";
const META: &str = "prodigy:meta";
const TOKENS: &str = "prodigy:tokens";
const SPANS: &str = "prodigy:spans";
/// What was answered where it was not `accept`.
const ANSWER: &str = "prodigy:answer";
/// Attributes of annotations and relations that hold their other fields, as JSON.
const FIELDS: &str = "prodigy:fields";
/// Fields of `meta` that say whose layer of which article it is.
const FILE: &str = "file";
const ANNOTATOR: &str = "annotator";
