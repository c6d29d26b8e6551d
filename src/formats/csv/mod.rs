//! Tables for spreadsheets and pandas: `annotations.csv`, `relations.csv` and `articles.csv` (RFC 4180).
//!
//! A row an annotation, a relation, a layer of an article. Offsets are code points, the end not included. No cell is one that
//! a spreadsheet would run.

mod cells;
mod read;
mod write;

use super::{Format, Kind, Reads, Shape};

/// The tables, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "csv",
    reads: Some(Reads::Files(&["csv"], read::read_file)),
    writes: Some(Shape::Folder(|_, _| Box::new(write::TableWriter))),
    unit: "code points",
    about: "tables: annotations.csv, relations.csv, articles.csv",
    cannot: &[Kind::Orphan, Kind::Discussion, Kind::OtherVersion, Kind::Origin],
    opens: "pandas.read_csv(\"annotations.csv\", keep_default_na=False)",
};

/// Begins the names of attributes that hold columns of others.
const FOREIGN: &str = "csv:";
/// The file of annotations.
const ANNOTATIONS: &str = "annotations.csv";
/// The file of relations.
const RELATIONS: &str = "relations.csv";
/// The file of articles.
const ARTICLES: &str = "articles.csv";
/// The columns of [`ANNOTATIONS`].
const ANNOTATION: [&str; 12] =
    ["file", "annotator", "id", "label", "type", "start", "end", "text", "spans", "unsure", "note", "attributes"];
/// The columns of [`RELATIONS`].
const RELATION: [&str; 8] = ["file", "annotator", "id", "label", "from", "to", "note", "attributes"];
/// The columns of [`ARTICLES`].
const ARTICLE: [&str; 5] = ["file", "annotator", "text", "note", "attributes"];
