//! BioC: a collection of documents, each of passages with annotations and relations; XML is written, XML and JSON are read.
//!
//! Offsets and lengths are code points, from the beginning of the document; what others count (bytes, in files of bconv's)
//! is found out by what annotations quote. A collection is written for each article, for `bioc.load` reads a file whole;
//! the article is one passage, so that its text need not be put together again from pieces with gaps between them, and no
//! mark lies across two. What Pressmark says of a layer besides stands in infons whose key begins with `pressmark:`.

mod blocks;
mod elements;
mod infons;
mod marks;
mod read;
mod write;

use super::{Format, Kind, Reads, Shape};

/// BioC, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "bioc",
    reads: Some(Reads::Files(&["bioc.xml", "bioc.json", "xml", "json"], read::read_file)),
    writes: Some(Shape::Folder(|schema, _| Box::new(write::BiocWriter::new(schema)))),
    unit: "code points",
    about: "BioC XML, a collection for each article; BioC JSON is read too",
    cannot: &[Kind::Orphan, Kind::Discussion, Kind::OtherVersion, Kind::Origin],
    opens: "import bioc\n\nwith open(\"NAME.bioc.xml\", \"rb\") as file:\n    collection = bioc.load(file)\n",
};

/// What the files of ours call their source.
const SOURCE: &str = "Pressmark";
/// What a collection says of its offsets.
const KEY: &str = "Offsets and lengths count Unicode code points. Infons listed in pressmark:json are JSON.";

/// Begins the names of attributes that hold what BioC has and a layer has not.
const FOREIGN: &str = "bioc:";
/// Begins the keys of infons that hold what a layer has and BioC has not.
const OURS: &str = "pressmark:";

/// The article's path.
const FILE: &str = "pressmark:file";
/// Whose layer it is.
const ANNOTATOR: &str = "pressmark:annotator";
/// Characters of the text that XML cannot hold: code point and number, as `12:1c`.
const CONTROLS: &str = "pressmark:controls";
/// The infons whose value is JSON.
const JSON: &str = "pressmark:json";
/// The label, where the infon `type` is a short name of it.
const LABEL: &str = "pressmark:label";
/// The finer label.
const TYPE: &str = "pressmark:type";
/// A note.
const NOTE: &str = "pressmark:note";
/// That the annotator is not sure.
const UNSURE: &str = "pressmark:unsure";
/// Where a relation leads that leads to no annotation.
const TO: &str = "pressmark:to";
/// Begins the key of an attribute whose name is taken by an infon of another sense.
const ATTRIBUTE: &str = "pressmark:attribute:";
