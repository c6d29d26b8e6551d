//! The lines of an `.ann` file.
//!
//! No line has a line end or a tab in its text, whatever the article or a note has there.

use std::fmt::Write as _;
use std::ops::Range;

use crate::formats::pieces::breaks;
use crate::text::OffsetIndex;

/// The lines of a file, in the order of kinds that brat's own files have.
#[derive(Debug, Default)]
pub(super) struct Lines {
    out: String,
    attributes: usize,
    notes: usize,
}

impl Lines {
    /// A text-bound annotation.
    pub fn text_bound(&mut self, id: &str, kind: &str, text: &str, index: &OffsetIndex, stretches: &[Range<usize>]) {
        let char = |byte: usize| index.char_from_byte(text, byte).0;
        let places: Vec<String> =
            stretches.iter().map(|range| format!("{} {}", char(range.start), char(range.end))).collect();
        let words: Vec<&str> = stretches.iter().map(|range| &text[range.clone()]).collect();
        self.line(format_args!("{id}\t{kind} {}\t{}", places.join(";"), words.join(" ")));
    }

    /// A relation of two annotations.
    pub fn relation(&mut self, id: &str, kind: &str, from: &str, to: &str) {
        self.line(format_args!("{id}\t{kind} Arg1:{from} Arg2:{to}"));
    }

    /// An attribute: with a value, or by being there.
    pub fn attribute(&mut self, name: &str, of: &str, value: Option<&str>) {
        self.attributes += 1;
        let number = self.attributes;
        match value {
            Some(value) => self.line(format_args!("A{number}\t{name} {of} {value}")),
            None => self.line(format_args!("A{number}\t{name} {of}")),
        }
    }

    /// A note of a kind, on one line.
    pub fn note(&mut self, kind: &str, on: &str, text: &str) {
        self.notes += 1;
        let number = self.notes;
        self.line(format_args!("#{number}\t{kind} {on}\t{}", one_line(text)));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.out, "{line}").expect("a string takes it");
    }

    /// A line that was kept word for word.
    pub fn kept(&mut self, id: &str, rest: &str) {
        self.line(format_args!("{id}\t{rest}"));
    }

    /// Numbers attributes and notes after those of lines that are kept.
    pub fn begin_after(&mut self, id: &str) {
        let number = id.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        match id.bytes().next().unwrap_or_default() {
            b'A' | b'M' => self.attributes = self.attributes.max(number),
            b'#' => self.notes = self.notes.max(number),
            _ => {}
        }
    }

    /// The file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }
}

/// A text without line ends: `\\n` for a line feed, `\\t`, `\\r`, `\\u{2028}` for others, `\\\\` for a backslash.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if breaks(c) => {
                write!(out, "\\u{{{:x}}}", c as u32).expect("a string takes it");
            }
            c => out.push(c),
        }
    }
    out
}

/// What [`one_line`] was made of.
pub(super) fn as_written(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let code = rest.strip_prefix("u{").and_then(|rest| rest.split_once('}'));
        let code = code
            .and_then(|(code, _)| Some((u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?, code.len() + 3)));
        let (c, length) = match (rest.chars().next(), code) {
            (Some('n'), _) => ('\n', 1),
            (Some('t'), _) => ('\t', 1),
            (Some('r'), _) => ('\r', 1),
            (Some('\\'), _) => ('\\', 1),
            (Some('u'), Some(code)) => code,
            _ => ('\\', 0),
        };
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_stand_on_one_line() {
        let text = "a\nb\\n\tc\u{2028}\\";
        assert_eq!(one_line(text), "a\\nb\\\\n\\tc\\u{2028}\\\\");
        assert_eq!(as_written(&one_line(text)), text);
        assert_eq!(as_written("C:\\x \\u{zz}"), "C:\\x \\u{zz}");
    }
}
