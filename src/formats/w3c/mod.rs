//! W3C Web Annotations as JSON-LD: a collection an article, `NAME.jsonld`, with its text beside it as `NAME.txt`.
//!
//! Positions are code points, as the model says, the end not included, and each has the words beside it. Our own fields stand under
//! a second context: processors drop what no context has. Exports of Hypothesis, which count UTF-16, are read too.

mod anchors;
mod items;
mod names;
mod read;
mod shapes;
mod write;

use super::{Format, Kind, Reads, Shape};

/// Web Annotations, as the list of formats tells them.
pub const FORMAT: Format = Format {
    id: "w3c",
    reads: Some(Reads::Files(&["jsonld", "json"], read::read_file)),
    writes: Some(Shape::Folder(|schema, _| Box::new(write::CollectionWriter::new(schema)))),
    unit: "code points",
    about: "W3C Web Annotations (JSON-LD), a collection an article; reads Hypothesis too",
    cannot: &[Kind::Orphan, Kind::Discussion, Kind::OtherVersion],
    opens: "",
};

/// The context of the model.
const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
/// What our own names stand for.
const PREFIX: &str = "urn:pressmark:";
/// The fields of our own.
mod own {
    /// The article's path.
    pub const FILE: &str = "pressmark:file";
    /// A note on the article.
    pub const NOTE: &str = "pressmark:note";
    /// Attributes, as JSON.
    pub const ATTRIBUTES: &str = "pressmark:attributes";
    /// The name that stands in the body, where it is not the label itself.
    pub const NAME: &str = "pressmark:name";
    /// The label that the name stands for.
    pub const LABEL: &str = "pressmark:label";
    /// The annotator is not sure.
    pub const UNSURE: &str = "pressmark:unsure";
    /// Who or what made it, as JSON.
    pub const ORIGIN: &str = "pressmark:origin";
}

/// Begins the names of attributes that hold what only others have.
const FOREIGN: &str = "w3c:";
/// Kept of an annotation: fields, bodies and selectors as JSON, further labels, why it was made.
const REST: &str = "w3c:rest";
const BODIES: &str = "w3c:bodies";
const SELECTORS: &str = "w3c:selectors";
const TAGS: &str = "w3c:tags";
const MOTIVATION: &str = "w3c:motivation";
/// Kept of an article: annotations of something else, and fields of the collection, as JSON.
const ITEMS: &str = "w3c:items";
const COLLECTION: &str = "w3c:collection";
/// All of those, which stand in places of their own.
const KEPT: [&str; 7] = [REST, BODIES, SELECTORS, TAGS, MOTIVATION, ITEMS, COLLECTION];
