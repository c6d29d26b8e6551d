//! WebAnno TSV 3: a row a token, a column a feature, as WebAnno and INCEpTION have it.
//!
//! Offsets are UTF-16 units. An annotation stands in the rows of its tokens under a number of its own. What the format
//! does not know stands in the line `#Pressmark=` before the first sentence, which INCEpTION skips.

mod body;
mod cells;
mod header;
mod read;
mod rows;
mod table;
mod write;

use super::{Format, Kind, Reads, Shape};

/// WebAnno TSV, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "webanno-tsv",
    reads: Some(Reads::Files(&["tsv"], read::read_file)),
    writes: Some(Shape::Folder(|schema, _| Box::new(write::TsvWriter::new(schema)))),
    unit: "UTF-16 units",
    about: "WebAnno TSV 3, as WebAnno and INCEpTION have it",
    cannot: &[
        Kind::Orphan,
        Kind::Blank,
        Kind::Discontinuous,
        Kind::RelationToAuthor,
        Kind::Discussion,
        Kind::OtherVersion,
        Kind::Origin,
    ],
    opens: "",
};

/// Begins every file, with the version after it.
const FORMAT_LINE: &str = "#FORMAT=WebAnno TSV ";
/// Begins the line of what only Pressmark has.
const OURS_LINE: &str = "#Pressmark=";
/// Begins a line of a sentence's text.
const TEXT_LINE: &str = "#Text=";
/// Nothing.
const NOTHING: &str = "_";
/// An annotation without a value.
const NO_VALUE: &str = "*";
/// Begins the names of attributes that hold lines of a header.
const FOREIGN: &str = "webanno:";
