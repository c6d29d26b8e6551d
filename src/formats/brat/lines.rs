//! The lines of an `.ann` file, and the stretches that an annotation may have in one.
//!
//! No line has a line end or a tab in its text, whatever the article or a note has there.

use std::fmt::Write as _;
use std::ops::Range;

use crate::model::{Span, Spans};
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

/// Whether a character ends a line for some reader of brat's files, or parts its columns.
fn breaks(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{B}' | '\u{C}' | '\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Spans between which stands nothing but a line end with white space around it are one.
pub(super) fn together(text: &str, spans: &[Span]) -> Spans {
    let mut joined = Spans::new();
    for &span in spans {
        match joined.last_mut() {
            Some(last) => {
                let between = text.get(last.end() as usize..span.start() as usize).unwrap_or("?");
                if between.chars().all(char::is_whitespace) && between.contains(breaks) {
                    *last = Span::new(last.start(), span.end());
                } else {
                    joined.push(span);
                }
            }
            None => joined.push(span),
        }
    }
    joined
}

/// The stretches of an annotation: its spans, parted at line ends and tabs, without the white space next to those.
pub(super) fn stretches(text: &str, spans: &[Span]) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(spans.len());
    for span in &together(text, spans) {
        let Some(words) = span.slice(text) else { continue };
        let (mut start, end) = (span.start() as usize, span.end() as usize);
        for part in words.split(breaks) {
            let stop = start + part.len();
            let from = if start == span.start() as usize { start } else { stop - part.trim_start().len() };
            let to = if stop == end { stop } else { start + part.trim_end().len() };
            if from < to && !text[from..to].trim().is_empty() {
                found.push(from..to);
            }
            start = stop + text[stop..].chars().next().map_or(0, char::len_utf8);
        }
    }
    found
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
    fn an_annotation_over_lines_has_a_stretch_in_each() {
        let text = "one two \n\n  three\tfour\u{2028}five six";
        let whole = [Span::from_range(0..text.len())];
        let words: Vec<&str> = stretches(text, &whole).into_iter().map(|range| &text[range]).collect();
        assert_eq!(words, ["one two", "three", "four", "five six"]);
        assert!(stretches(text, &[Span::new(8, 10)]).is_empty(), "nothing but line ends");
        assert_eq!(stretches(text, &[Span::new(0, 4)])[0], 0..4, "a span on one line stays as it is");
    }

    #[test]
    fn notes_stand_on_one_line() {
        let text = "a\nb\\n\tc\u{2028}\\";
        assert_eq!(one_line(text), "a\\nb\\\\n\\tc\\u{2028}\\\\");
        assert_eq!(as_written(&one_line(text)), text);
        assert_eq!(as_written("C:\\x \\u{zz}"), "C:\\x \\u{zz}");
    }
}
