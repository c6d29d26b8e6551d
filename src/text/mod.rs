//! Offsets and boundaries of a text, for every script.
//!
//! Bytes are plain `usize` (or a [`crate::model::Span`]), always on a character boundary; every other unit has a type of its own.
//! Nothing here copies or normalises a text. A byte that is no character boundary, or lies past the end, is moved
//! down to the nearest one: no function here panics, whatever it is given.

pub mod boundary;
pub mod offsets;
pub mod quotes;
mod short;
pub mod snap;

pub use boundary::{
    ceil_char, floor_char, next_grapheme, next_paragraph, next_sentence, next_word, paragraph_at, prev_grapheme,
    prev_paragraph, prev_sentence, prev_word, sentence_at, word_at, words,
};
pub use offsets::{CharOffset, LineColumn, OffsetIndex, OffsetWalk, Utf16Offset};
pub use short::short;
pub use snap::{Snap, grow, shrink, snap, trim};
