//! spaCy's binary corpora: `.spacy` files (DocBin), which `spacy train` reads as they are.
//!
//! Every annotation stands in `doc.spans`, under its label; those that have types, the longest where they overlap, in
//! `doc.ents` too. What spaCy has no place for stands in each document's `user_data`, which spaCy leaves alone unless
//! it is asked for it, and relations in `relations.jsonl` beside.

mod docbin;
mod read;
mod strings;
mod write;

use super::{Format, Kind, Reads, Shape};

/// spaCy, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "spacy",
    reads: Some(Reads::Files(&["spacy"], read::read)),
    writes: Some(Shape::Folder(|schema, options| Box::new(write::SpacyWriter::new(schema, options)))),
    unit: "tokens",
    about: "spaCy's DocBin: .spacy files with doc.ents and doc.spans",
    cannot: &[
        Kind::Orphan,
        Kind::Blank,
        Kind::Discontinuous,
        Kind::Overlap,
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
    opens: "import spacy\nfrom spacy.tokens import DocBin\n\nnlp = spacy.blank(\"xx\")\ndocs = list(DocBin().from_disk(\"FILE\").get_docs(nlp.vocab))",
};

/// The name under which our part of `user_data` stands.
const OURS: &str = "pressmark";
/// The attribute that holds an entity's id in a knowledge base.
const KB_ID: &str = "spacy:kb_id";
