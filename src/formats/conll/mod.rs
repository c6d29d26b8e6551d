//! CoNLL: a token a line with its tag in the last column, sentences parted by empty lines; one file for each label.
//!
//! A token has one tag, so that what overlaps gives way or goes into a file of its own. The space between tokens is not in
//! the format; a text that is read from it has one space between tokens and a line for each sentence.

mod columns;
mod read;
mod write;

use super::{Format, Kind, Reads, Shape};

/// CoNLL, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "conll",
    reads: Some(Reads::Files(&["conll", "iob", "iob2", "bio", "bioes"], read::read)),
    writes: Some(Shape::Folder(|schema, options| Box::new(write::ConllWriter::new(schema, options)))),
    unit: "tokens",
    about: "CoNLL-2003 columns with IOB2 or BIOES tags, a file for each label",
    cannot: &[
        Kind::Spacing,
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
    opens: "sentences = [\n    [line.split() for line in block.splitlines() if not line.startswith(\"-DOCSTART-\")]\n    for block in open(\"FILE\", encoding=\"utf-8\").read().split(\"\\n\\n\")\n]",
};

/// Begins an article.
const DOCSTART: &str = "-DOCSTART-";
/// Which articles stand in which file, in their order.
const ARTICLES: &str = "articles.tsv";
/// What each tag's name stands for: a label, and a type of it.
const LABELS: &str = "labels.tsv";
/// The attribute of an article whose tokens are what stands between white space.
const TOKENS: &str = "conll:tokens";
/// The attribute of an article that holds what stood between its tokens and their tags, a line for each token.
const COLUMNS: &str = "conll:columns";
