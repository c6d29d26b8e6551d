//! What an article is made of: plain values, with no way to read or change them.
//!
//! Every range counts bytes of the article's text. Blocks are sorted and do not overlap; the pieces of a block cover
//! its source whole, in order, so that every byte of it has a place on the page.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// What a block is, for display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// A section line above the title ("CHINA / DIPLOMACY").
    Kicker,
    /// The article's title.
    Title,
    /// A heading below it, levels 1 to 6.
    Heading(u8),
    /// Who wrote it, when it was published.
    Byline,
    /// Running text.
    Paragraph,
    /// An item of a list, with its depth from 0 and its number where the list has them.
    ListItem {
        /// How many lists it stands in, less one.
        depth: u8,
        /// Its number in an ordered list.
        number: Option<u32>,
    },
    /// What stands under a picture.
    Caption,
    /// A picture; its index in [`Article::images`].
    Figure(u32),
    /// A quoted passage of Markdown.
    BlockQuote,
    /// Lines to be shown as they are.
    Code,
    /// A line across the page.
    Rule,
}

/// How a stretch of text is set, for display.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "marks that are set and taken off independently")]
pub struct Style {
    /// Slanted.
    pub emphasis: bool,
    /// Heavy.
    pub strong: bool,
    /// Fixed width.
    pub code: bool,
    /// Struck through.
    pub strike: bool,
    /// Part of a link.
    pub link: bool,
    /// Stands for an invisible character.
    pub sign: bool,
}

/// What a piece of a block shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The source as it is.
    Source,
    /// Nothing: markup.
    Hidden,
    /// Another text in its place, such as `&` for `&amp;` or a space for a line end.
    Replaced(Box<str>),
}

/// A stretch of a block's source that is shown in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the article's text.
    pub source: Range<u32>,
    /// What stands on the page.
    pub shown: Shown,
    /// How it is set.
    pub style: Style,
}

/// A block: a stretch of the text that is shown as one paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Bytes of the article's text, without the blank lines around it. Blocks are sorted and do not overlap.
    pub source: Range<u32>,
    /// What is shown of it, in order, covering `source` whole; empty when all is shown as it stands.
    pub pieces: Box<[Piece]>,
}

/// A picture that a Markdown article names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRef {
    /// As the article writes it: relative to the article, or an address.
    pub target: String,
    /// The text that stands for it.
    pub alt: String,
}

/// Something about a source that its reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

/// One source file, read.
#[derive(Clone, Debug)]
pub struct Article {
    /// Where it was read from.
    pub path: PathBuf,
    /// Its plain text, nothing normalised; each malformed sequence is one U+FFFD.
    pub text: Arc<str>,
    /// The WHATWG name of its encoding.
    pub encoding: &'static str,
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-256 of the text as UTF-8, lower-case hexadecimal.
    pub text_sha256: String,
    /// Length of the text in code points.
    pub chars: u64,
    /// Where malformed bytes stood: bytes of the text, each one U+FFFD long.
    pub invalid: Vec<u32>,
    /// What its reader should know.
    pub warnings: Vec<Warning>,
    /// How the text is shown, once somebody asked: datasets never do.
    pub(crate) shape: OnceLock<Shape>,
}

/// How a text is shown.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub blocks: Vec<Block>,
    pub images: Vec<ImageRef>,
}
