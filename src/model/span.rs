//! A span: a half-open range of an article's text.
//!
//! Offsets are UTF-8 bytes on character boundaries, kept in 32 bits (articles over 1 GiB are refused when read).
//! What a span means in another unit is left to `text`; whether it lies inside a text, to whoever makes it.

use std::ops::Range;

/// A half-open range of UTF-8 bytes, `start <= end`.
///
/// ```
/// use pressmark::model::Span;
/// let span = Span::new(4, 9);
/// assert_eq!((span.start(), span.end(), span.len()), (4, 9, 5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// A span from byte `start` up to and without byte `end`; the two are exchanged if they come in the wrong order.
    pub const fn new(start: u32, end: u32) -> Self {
        if start <= end { Self { start, end } } else { Self { start: end, end: start } }
    }

    /// A span over a `usize` range of bytes. The text it comes from is at most 1 GiB.
    pub fn from_range(range: Range<usize>) -> Self {
        Self::new(range.start as u32, range.end as u32)
    }

    /// The first byte.
    pub const fn start(self) -> u32 {
        self.start
    }

    /// The byte after the last.
    pub const fn end(self) -> u32 {
        self.end
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span covers nothing.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The bytes as a range, to slice a text with.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the two share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside this span.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the byte lies inside.
    pub const fn contains_byte(self, byte: u32) -> bool {
        self.start <= byte && byte < self.end
    }

    /// The text that the span covers, or none when it does not fit the text.
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }
}
