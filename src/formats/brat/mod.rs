//! brat standoff: `NAME.txt` with `NAME.ann`, and the configuration that brat needs beside them.
//!
//! Offsets are code points, the end not included. What brat's lines cannot say of a layer stands in notes of a kind of
//! its own; a dataset that Pressmark wrote says so in `annotation.conf`, and is read back as it was.

mod config;
mod lines;
mod read;
mod write;

pub use config::Config;
pub use read::read;

use super::{Format, Kind, Shape};

/// brat, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "brat",
    reads: true,
    writes: Some(Shape::Folder(|schema| Box::new(write::BratWriter::new(schema)))),
    unit: "code points",
    about: "brat standoff: .ann beside .txt, with annotation.conf",
    cannot: &[
        Kind::Orphan,
        Kind::Blank,
        Kind::RelationToAuthor,
        Kind::ArticleAttribute,
        Kind::ArticleNote,
        Kind::Discussion,
        Kind::OtherVersion,
        Kind::Origin,
    ],
};

/// What flags an annotation that its annotator is not sure of.
const UNSURE: &str = "Unsure";
/// brat's own kind of note.
const NOTE: &str = "AnnotatorNotes";
/// Begins the kinds of notes that hold an attribute whose values cannot be listed.
const ATTRIBUTE: &str = "Attribute-";
/// Begins the kinds of notes that hold a relation to the article's author.
const TO_AUTHOR: &str = "Author-";
/// Begins the names of attributes that hold brat's lines word for word.
const FOREIGN: &str = "brat:";

/// A name as brat takes it: letters and digits of ASCII, `_` and `-`.
fn name(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}
