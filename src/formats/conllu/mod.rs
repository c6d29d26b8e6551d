//! CoNLL-U: ten columns, with annotations in the last one, as `name=B-PERSON` for spaCy and as CorefUD's brackets.
//!
//! Brackets nest, overlap and are in pieces as annotations are. Comments hold what the columns do not; white space
//! stands in `SpacesAfter`, so that the text comes back whole. Grammar that was read is kept, and written again.

mod brackets;
mod read;
mod rows;
mod write;

use super::{Format, Kind, Reads, Shape};

/// CoNLL-U, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "conllu",
    reads: Some(Reads::Files(&["conllu"], read::read)),
    writes: Some(Shape::Folder(|schema, options| Box::new(write::ConlluWriter::new(schema, options)))),
    unit: "tokens",
    about: "CoNLL-U with entities in MISC, as spaCy and CorefUD read them",
    cannot: &[
        Kind::Orphan,
        Kind::Blank,
        Kind::Relation,
        Kind::Attribute,
        Kind::Note,
        Kind::Unsure,
        Kind::ArticleAttribute,
        Kind::ArticleNote,
        Kind::Discussion,
        Kind::OtherVersion,
        Kind::Origin,
    ],
    opens: "import conllu\n\nsentences = conllu.parse(open(\"FILE\", encoding=\"utf-8\").read())",
};

/// The comment that says that Pressmark wrote an article.
const OURS: &str = "# generator = Pressmark";
/// The fields of our brackets.
const FIELDS: &str = "eid-etype-head";
/// The comment that names the fields of brackets.
const GLOBAL: &str = "# global.Entity = ";
/// The attribute of an article that holds its sentences as they were read, without what annotations say.
const ROWS: &str = "conllu:rows";
/// The attribute of an article that holds the fields of the brackets that were read.
const ENTITY: &str = "conllu:entity";
/// Begins the names of attributes that hold a bracket's other fields.
const FOREIGN: &str = "conllu:";
