//! Where characters, words, sentences and paragraphs begin and end, by ICU's rules and dictionaries.
//!
//! Every function looks at a window around its place that ends at certain boundaries, so that its cost does not grow
//! with the text, and finds what segmenting the whole text would find. What a selection makes of the boundaries is
//! left to [`super::snap`].

mod grapheme;
mod paragraph;
mod sentence;
mod word;

pub use grapheme::{graphemes, next_grapheme, prev_grapheme};
pub use paragraph::{next_paragraph, paragraph_at, prev_paragraph};
pub(super) use sentence::is_abbreviation_before;
pub use sentence::{next_sentence, prev_sentence, sentence_at, sentence_starts};
pub use word::{next_word, prev_word, word_at, word_breaks, words};

/// The nearest character boundary at or before `byte`, at most the text's length.
pub fn floor_char(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte)
}

/// The nearest character boundary at or after `byte`, at most the text's length.
pub fn ceil_char(text: &str, byte: usize) -> usize {
    text.ceil_char_boundary(byte)
}

/// The character that starts at `byte`.
pub(super) fn char_at(text: &str, byte: usize) -> Option<char> {
    text.get(byte..)?.chars().next()
}

/// The character that ends at `byte`.
pub(super) fn char_before(text: &str, byte: usize) -> Option<char> {
    text.get(..byte)?.chars().next_back()
}

/// Whether a segment is a word: something of it can be read.
pub(super) fn is_word(segment: &str) -> bool {
    segment.chars().any(char::is_alphanumeric)
}

/// `byte`, moved past white space but not past `end`.
fn skip_space(text: &str, byte: usize, end: usize) -> usize {
    text.get(byte..end).map_or(byte, |rest| end - rest.trim_start().len())
}
