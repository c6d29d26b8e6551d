//! What a dataset's offsets count, found out by what it quotes.
//!
//! Old exports count other things than their format says (FORMATS.md, section 1): UTF-16 units, bytes, or characters of
//! a text that had CRLF. Another unit is taken for a whole document alone, and only when all of its quotes fit.

use std::cell::OnceCell;

use crate::model::Span;
use crate::text::{CharOffset, OffsetIndex, Utf16Offset};

/// What offsets count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points.
    CodePoints,
    /// UTF-16 code units.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
    /// Code points of the text with CRLF where it has LF now.
    WithCarriageReturns,
}

impl Unit {
    /// All of them, the likeliest first.
    pub const ALL: [Self; 4] = [Self::CodePoints, Self::Utf16, Self::Bytes, Self::WithCarriageReturns];

    /// As messages name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CodePoints => "code points",
            Self::Utf16 => "UTF-16 units",
            Self::Bytes => "bytes",
            Self::WithCarriageReturns => "code points of a text with CRLF",
        }
    }
}

/// A text with the offsets of its lines.
pub struct Offsets<'t> {
    text: &'t str,
    index: OffsetIndex,
    /// Where lines end, counted as [`Unit::WithCarriageReturns`] counts; made when it is asked for.
    line_ends: OnceCell<Vec<u64>>,
}

fn line_ends(text: &str) -> Vec<u64> {
    let ends = text.chars().enumerate().filter(|(_, c)| *c == '\n');
    ends.enumerate().map(|(before, (at, _))| (at + before) as u64).collect()
}

impl<'t> Offsets<'t> {
    /// The offsets of a text.
    pub fn new(text: &'t str) -> Self {
        Self { text, index: OffsetIndex::new(text), line_ends: OnceCell::new() }
    }

    /// The byte of an offset; none outside the text or inside a character.
    pub fn byte(&self, unit: Unit, offset: u64) -> Option<usize> {
        match unit {
            Unit::CodePoints => self.index.byte_from_char(self.text, CharOffset(offset)),
            Unit::Utf16 => self.index.byte_from_utf16(self.text, Utf16Offset(offset)),
            Unit::Bytes => usize::try_from(offset).ok().filter(|&byte| self.text.is_char_boundary(byte)),
            Unit::WithCarriageReturns => {
                // A line feed stands for two characters; between them there is no place here but the one before.
                let ends = self.line_ends.get_or_init(|| line_ends(self.text));
                let before = ends.partition_point(|&end| end < offset) as u64;
                self.index.byte_from_char(self.text, CharOffset(offset - before))
            }
        }
    }

    /// The span between two offsets.
    pub fn span(&self, unit: Unit, start: u64, end: u64) -> Option<Span> {
        let (start, end) = (self.byte(unit, start)?, self.byte(unit, end)?);
        (start < end && u32::try_from(end).is_ok()).then(|| Span::from_range(start..end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "😀 é e\u{301} 北京\nBob said hi.\nBob";

    #[test]
    fn the_unit_is_found_by_what_is_quoted() {
        let offsets = Offsets::new(TEXT);
        let of = |quotes: &[(u64, u64)]| {
            let says = |unit, &(start, end): &(u64, u64)| {
                offsets.span(unit, start, end).and_then(|span| span.slice(TEXT)) == Some("Bob")
            };
            Unit::ALL.into_iter().find(|&unit| quotes.iter().all(|quote| says(unit, quote)))
        };
        let unit = |start, end| of(&[(start, end)]);
        assert_eq!(unit(10, 13), Some(Unit::CodePoints));
        assert_eq!(unit(11, 14), Some(Unit::Utf16));
        assert_eq!(unit(19, 22), Some(Unit::Bytes));
        assert_eq!(unit(12, 15), None);
        assert_eq!(of(&[(11, 14), (25, 28)]), Some(Unit::WithCarriageReturns), "one CR, then two");
        assert_eq!(of(&[(10, 13), (11, 14)]), None, "one unit for all or none");
    }

    #[test]
    fn a_line_feed_stands_for_two_characters() {
        let offsets = Offsets::new("a\n\n😀b\n");
        let bytes: Vec<_> = (0..10).map(|offset| offsets.byte(Unit::WithCarriageReturns, offset)).collect();
        let places = [0, 1, 1, 2, 2, 3, 7, 8, 8, 9];
        assert_eq!(bytes, places.map(Some), "between the two there is no place but the one before");
        assert_eq!(offsets.byte(Unit::WithCarriageReturns, 10), None);
    }

    #[test]
    fn no_offset_is_found_outside_the_text() {
        let offsets = Offsets::new(TEXT);
        for unit in Unit::ALL {
            assert_eq!(offsets.byte(unit, 10_000), None, "{unit:?}");
            assert_eq!(offsets.byte(unit, u64::MAX), None, "{unit:?}");
            assert_eq!(offsets.span(unit, 3, 3), None);
        }
        assert_eq!(offsets.byte(Unit::Bytes, 1), None, "inside a character");
    }
}
