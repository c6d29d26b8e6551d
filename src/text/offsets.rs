//! Offsets in every unit that files and people use, and the index that converts them.
//!
//! The index holds a checkpoint for each KiB of text and none of the text itself, so a conversion reads at most one
//! KiB. It is made in one pass that only counts bytes. Which unit a file uses is left to `store` and `formats`.
//! LF, CRLF and a lone CR end lines.

use super::boundary::floor_char;

/// An offset in Unicode code points from the start of a text.
///
/// ```
/// use pressmark::text::{CharOffset, OffsetIndex};
/// let text = "né!";
/// assert_eq!(OffsetIndex::new(text).char_from_byte(text, 3), CharOffset(2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CharOffset(pub u64);

/// An offset in UTF-16 code units from the start of a text.
///
/// ```
/// use pressmark::text::{OffsetIndex, Utf16Offset};
/// let text = "😀!";
/// assert_eq!(OffsetIndex::new(text).utf16_from_byte(text, 4), Utf16Offset(2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utf16Offset(pub u64);

/// A place as editors name it.
///
/// ```
/// use pressmark::text::{LineColumn, OffsetIndex};
/// let text = "one\r\ntwo";
/// assert_eq!(OffsetIndex::new(text).line_column(text, 6), LineColumn { line: 2, column: 2 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u64,
    /// The column in code points, from 1.
    pub column: u64,
}

/// Bytes from one checkpoint to the next.
const STEP: usize = 1024;
/// Bytes that are counted at once.
const BLOCK: usize = 64;

/// What has been counted up to a byte.
#[derive(Clone, Copy, Debug, Default)]
struct Checkpoint {
    byte: usize,
    chars: u64,
    utf16: u64,
    /// Lines ended before `byte`.
    lines: u64,
    /// Code points before the line that holds `byte`.
    line_start: u64,
}

/// Converts offsets of one text; about 40 bytes for each KiB of it. Each method must get the text that it was made of.
#[derive(Clone, Debug)]
pub struct OffsetIndex {
    checkpoints: Vec<Checkpoint>,
    end: Checkpoint,
}

impl OffsetIndex {
    /// Counts through a text once.
    pub fn new(text: &str) -> Self {
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
        let mut at = Checkpoint::default();
        loop {
            checkpoints.push(at);
            let next = super::boundary::ceil_char(text, checkpoints.len() * STEP);
            at = advance(text, at, next);
            if next == text.len() {
                return Self { checkpoints, end: at };
            }
        }
    }

    /// Length of the text in code points.
    pub fn chars(&self) -> u64 {
        self.end.chars
    }

    /// The code points before `byte`.
    pub fn char_from_byte(&self, text: &str, byte: usize) -> CharOffset {
        let byte = floor_char(text, byte);
        let from = self.checkpoint_before(byte);
        CharOffset(from.chars + count(&text.as_bytes()[from.byte..byte], starts_char))
    }

    /// The byte at which a code point starts; none past the end of the text.
    pub fn byte_from_char(&self, text: &str, offset: CharOffset) -> Option<usize> {
        if offset.0 >= self.end.chars {
            return (offset.0 == self.end.chars).then_some(self.end.byte);
        }
        let from = self.last_checkpoint(|point| point.chars <= offset.0);
        let (mut at, mut ahead) = (from.byte, offset.0 - from.chars);
        // Whole blocks are only counted; within the last, the character is looked for.
        while let Some(block) = text.as_bytes().get(at..at + BLOCK) {
            let chars = count(block, starts_char);
            if chars > ahead {
                break;
            }
            (at, ahead) = (at + BLOCK, ahead - chars);
        }
        let starts = text.as_bytes().get(at..)?.iter().enumerate().filter(|(_, byte)| starts_char(**byte));
        starts.map(|(next, _)| at + next).nth(ahead as usize)
    }

    /// The UTF-16 code units before `byte`.
    pub fn utf16_from_byte(&self, text: &str, byte: usize) -> Utf16Offset {
        let byte = floor_char(text, byte);
        let from = self.checkpoint_before(byte);
        let part = &text.as_bytes()[from.byte..byte];
        Utf16Offset(from.utf16 + count(part, starts_char) + count(part, |b| b >= 0xF0))
    }

    /// The byte of a UTF-16 offset; none inside a surrogate pair or past the end of the text.
    pub fn byte_from_utf16(&self, text: &str, offset: Utf16Offset) -> Option<usize> {
        if offset.0 >= self.end.utf16 {
            return (offset.0 == self.end.utf16).then_some(self.end.byte);
        }
        let from = self.last_checkpoint(|point| point.utf16 <= offset.0);
        let (mut at, mut ahead) = (from.byte, offset.0 - from.utf16);
        while let Some(block) = text.as_bytes().get(at..at + BLOCK) {
            let units = count(block, starts_char) + count(block, |byte| byte >= 0xF0);
            if units > ahead {
                break;
            }
            (at, ahead) = (at + BLOCK, ahead - units);
        }
        let starts = text.as_bytes().get(at..)?.iter().enumerate().filter(|(_, byte)| starts_char(**byte));
        for (next, byte) in starts {
            if ahead == 0 {
                return Some(at + next);
            }
            ahead = ahead.checked_sub(if *byte >= 0xF0 { 2 } else { 1 })?;
        }
        None
    }

    /// Line and column of a byte; the end of a line still belongs to it.
    pub fn line_column(&self, text: &str, byte: usize) -> LineColumn {
        let at = self.count_to(text, byte);
        LineColumn { line: at.lines + 1, column: at.chars - at.line_start + 1 }
    }

    fn count_to(&self, text: &str, byte: usize) -> Checkpoint {
        let byte = floor_char(text, byte);
        advance(text, self.checkpoint_before(byte), byte)
    }

    /// The last checkpoint that is not after `byte`, which begins a character.
    fn checkpoint_before(&self, byte: usize) -> Checkpoint {
        let guess = (byte / STEP).min(self.checkpoints.len() - 1);
        let from = self.checkpoints[guess];
        // A checkpoint lies up to three bytes past its multiple where a character straddles it.
        if from.byte > byte { self.checkpoints[guess - 1] } else { from }
    }

    fn last_checkpoint(&self, before: impl Fn(&Checkpoint) -> bool) -> Checkpoint {
        let after = self.checkpoints.partition_point(before);
        self.checkpoints[after.saturating_sub(1)]
    }
}

/// Converts offsets that come mostly in the order of a text, such as those of its tokens: each is counted from the one before.
///
/// ```
/// use pressmark::text::{CharOffset, OffsetWalk, Utf16Offset};
/// let mut walk = OffsetWalk::new("é😀!");
/// assert_eq!((walk.char_from_byte(2), walk.utf16_from_byte(6)), (CharOffset(1), Utf16Offset(3)));
/// ```
#[derive(Clone, Debug)]
pub struct OffsetWalk<'t> {
    text: &'t str,
    byte: usize,
    chars: u64,
    utf16: u64,
}

impl<'t> OffsetWalk<'t> {
    /// Stands at the start of a text.
    pub fn new(text: &'t str) -> Self {
        Self { text, byte: 0, chars: 0, utf16: 0 }
    }

    /// The code points before `byte`.
    pub fn char_from_byte(&mut self, byte: usize) -> CharOffset {
        self.go(byte);
        CharOffset(self.chars)
    }

    /// The UTF-16 code units before `byte`.
    pub fn utf16_from_byte(&mut self, byte: usize) -> Utf16Offset {
        self.go(byte);
        Utf16Offset(self.utf16)
    }

    fn go(&mut self, byte: usize) {
        let byte = floor_char(self.text, byte);
        let (from, to) = (self.byte.min(byte), self.byte.max(byte));
        let (mut chars, mut utf16) = (0, 0);
        for &byte in &self.text.as_bytes()[from..to] {
            chars += u64::from(starts_char(byte));
            utf16 += u64::from(starts_char(byte)) + u64::from(byte >= 0xF0);
        }
        if byte < self.byte {
            (self.chars, self.utf16) = (self.chars - chars, self.utf16 - utf16);
        } else {
            (self.chars, self.utf16) = (self.chars + chars, self.utf16 + utf16);
        }
        self.byte = byte;
    }
}

/// Counts on from a checkpoint to a later byte. The loops only count, so that the compiler vectorises them.
fn advance(text: &str, from: Checkpoint, to: usize) -> Checkpoint {
    let bytes = text.as_bytes();
    let part = &bytes[from.byte..to];
    let mut at = Checkpoint { byte: to, ..from };
    if part.is_ascii() {
        at.chars += part.len() as u64;
        at.utf16 += part.len() as u64;
    } else {
        let chars = count(part, starts_char);
        at.chars += chars;
        at.utf16 += chars + count(part, |b| b >= 0xF0);
    }
    let last = if part.contains(&b'\r') {
        // A CR before an LF ends no line of its own, even if the LF lies past this part.
        let ends_line = |&i: &usize| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
        at.lines += (from.byte..to).filter(ends_line).count() as u64;
        (from.byte..to).rev().find(ends_line)
    } else {
        at.lines += count(part, |b| b == b'\n');
        part.iter().rposition(|&b| b == b'\n').map(|last| from.byte + last)
    };
    if let Some(last) = last {
        at.line_start = at.chars - count(&bytes[last + 1..to], starts_char);
    }
    at
}

#[inline]
fn starts_char(byte: u8) -> bool {
    byte.cast_signed() >= -0x40
}

fn count(bytes: &[u8], counts: impl Fn(u8) -> bool) -> u64 {
    // Short runs summed in a byte, so that sixteen bytes go through one instruction.
    bytes.chunks(192).map(|run| u64::from(run.iter().map(|&b| u8::from(counts(b))).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive_line_column(text: &str, byte: usize) -> LineColumn {
        let mut at = LineColumn { line: 1, column: 1 };
        for (i, c) in text[..byte].char_indices() {
            let ends = c == '\n' || (c == '\r' && !text[i + 1..].starts_with('\n'));
            at = if ends {
                LineColumn { line: at.line + 1, column: 1 }
            } else {
                LineColumn { line: at.line, column: at.column + 1 }
            };
        }
        at
    }

    fn check_all(text: &str) {
        let index = OffsetIndex::new(text);
        assert_eq!(index.chars(), text.chars().count() as u64);
        let (mut chars, mut utf16) = (0, 0);
        let mut walk = OffsetWalk::new(text);
        for byte in (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)) {
            // There and back again.
            let away = (byte * 31) % 97;
            assert_eq!(walk.utf16_from_byte(away), index.utf16_from_byte(text, away));
            assert_eq!(walk.char_from_byte(byte), CharOffset(chars));
            assert_eq!(walk.utf16_from_byte(byte), Utf16Offset(utf16));
            assert_eq!(index.char_from_byte(text, byte), CharOffset(chars));
            assert_eq!(index.byte_from_char(text, CharOffset(chars)), Some(byte));
            assert_eq!(index.utf16_from_byte(text, byte), Utf16Offset(utf16));
            assert_eq!(index.byte_from_utf16(text, Utf16Offset(utf16)), Some(byte));
            if let Some(c) = text[byte..].chars().next() {
                if c.len_utf16() == 2 {
                    assert_eq!(index.byte_from_utf16(text, Utf16Offset(utf16 + 1)), None, "inside a pair at {byte}");
                }
                chars += 1;
                utf16 += c.len_utf16() as u64;
            }
        }
        assert_eq!(index.byte_from_char(text, CharOffset(chars + 1)), None);
        assert_eq!(index.byte_from_utf16(text, Utf16Offset(utf16 + 1)), None);
        for byte in (0..=text.len()).step_by(7).map(|byte| floor_char(text, byte)) {
            assert_eq!(index.line_column(text, byte), naive_line_column(text, byte), "byte {byte}");
        }
    }

    #[test]
    fn conversions_agree_with_counting_in_every_script() {
        let samples = ["", "plain", "👩‍👩‍👧 e\u{301}\r\nنص عربي\rမြန်မာ\nไทย 日本語\n\r\n\r", "\u{10FFFF}", "\r\n"];
        for sample in samples {
            check_all(sample);
            // Long enough to have several checkpoints, with characters and CRLF astride them.
            for pad in 0..4 {
                check_all(&format!("{}{}", "x".repeat(pad), sample.repeat(90)));
            }
        }
    }

    #[test]
    fn crlf_astride_a_checkpoint_ends_one_line() {
        let text = format!("{}\r\nb", "a".repeat(STEP - 1));
        let index = OffsetIndex::new(&text);
        assert_eq!(index.line_column(&text, STEP), LineColumn { line: 1, column: STEP as u64 + 1 });
        assert_eq!(index.line_column(&text, STEP + 1), LineColumn { line: 2, column: 1 });
    }

    #[test]
    fn bytes_outside_or_inside_a_character_are_moved_down() {
        let index = OffsetIndex::new("é");
        assert_eq!(index.char_from_byte("é", 1), CharOffset(0));
        assert_eq!(index.char_from_byte("é", 99), CharOffset(1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn conversions_agree_with_counting(parts in prop::collection::vec("[a-z\r\né中😀\u{301}]{0,200}", 0..12)) {
            check_all(&parts.concat());
        }
    }
}
