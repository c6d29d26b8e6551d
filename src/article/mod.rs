//! An article: one source file as plain text and blocks.
//!
//! Reading decodes and never rewrites. Blocks say how the text is shown; they never change an offset: what markup
//! hides or replaces on screen is told by each block's [`Piece`]s. The text is held once, behind an [`Arc`].
//!
//! [`read`] is the way in. `decode` turns bytes into text, `plain` and `markdown` find the blocks, `display` shows one
//! block and maps what is shown back to the text.

mod decode;
mod display;
mod error;
mod hash;
mod hidden;
mod markdown;
mod pieces;
mod plain;
mod read;
mod types;

pub use display::Display;
pub use error::ArticleError;
pub use hash::{sha256_hex, sha256_hex_of};
pub use hidden::{Hidden, hidden};
pub use read::{from_bytes, is_article, open_regular, read};
pub use types::{Article, Block, BlockKind, ImageRef, Piece, Shown, Style, Warning};

#[cfg(test)]
mod properties;
