//! TEI P5: marks that nest stand in the text as elements, the others beside it; it is written only.
//!
//! The characters of `body`, with the white space between its paragraphs, are the article's text as it is, so that
//! `#string-range(body,OFFSET,LENGTH)` counts as every other format does. What is written is valid under `tei_all`.

mod body;
mod names;
mod write;

use super::{Format, Kind, Shape};

/// TEI, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "tei",
    reads: None,
    writes: Some(Shape::Folder(|schema, _| Box::new(write::TeiWriter::new(schema)))),
    unit: "code points",
    about: "TEI P5: elements in the text where marks nest, pointers beside it where not",
    cannot: &[Kind::Orphan, Kind::Discontinuous, Kind::Overlap, Kind::Discussion, Kind::OtherVersion, Kind::Origin],
    opens: "",
};
