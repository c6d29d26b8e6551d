//! The stretches that an annotation has on lines of text, in formats whose lines must not have a line end inside, and how
//! such stretches become one span again.
//!
//! What is parted here and put together again is the same, but for white space at line ends.

use std::ops::Range;

use crate::model::{Span, Spans};

/// Whether a character ends a line for some reader of brat's files, or parts its columns.
pub(super) fn breaks(c: char) -> bool {
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
}
