//! The lines of a text that are not blank, measured.
//!
//! LF, CRLF and a lone CR end lines. White space at a line's edges belongs to no line.

/// A line that is not blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The first byte that is no white space.
    pub start: usize,
    /// Past the last byte that is no white space.
    pub end: usize,
    /// Columns of white space before it.
    pub indent: usize,
    /// Columns that it takes in a fixed pitch: two for Han, kana and Hangul, none for marks. Counted up to 1,000.
    pub width: usize,
    /// Whether a blank line (or the text's start) stands before it.
    pub after_blank: bool,
}

impl Line {
    /// What stands in the line.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }
}

/// Finds the lines of a text.
pub(super) fn of(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut after_blank = true;
    let mut start = 0;
    while start < bytes.len() {
        let end = bytes[start..].iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(bytes.len(), |at| start + at);
        let whole = &text[start..end];
        let words = whole.trim();
        if words.is_empty() {
            after_blank = true;
        } else {
            let first = start + whole.len() - whole.trim_start().len();
            let last = first + words.len();
            lines.push(Line {
                start: first,
                end: last,
                indent: width(&text[start..first], 100),
                width: width(words, 1000),
                after_blank,
            });
            after_blank = false;
        }
        start = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    lines
}

/// Columns in a fixed pitch, up to `most`.
pub(super) fn width(words: &str, most: usize) -> usize {
    if words.len() <= most && words.is_ascii() {
        return words.len();
    }
    let mut columns = 0;
    for c in words.chars() {
        columns += column_width(c);
        if columns >= most {
            return most;
        }
    }
    columns
}

fn column_width(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{FE00}'..='\u{FE0F}'
        // Signs above and below in Arabic, Thai and Burmese.
        | '\u{64B}'..='\u{65F}'
        | '\u{E31}'
        | '\u{E34}'..='\u{E3A}'
        | '\u{E47}'..='\u{E4E}'
        | '\u{102D}'..='\u{1030}'
        | '\u{1032}'..='\u{1037}'
        | '\u{1039}'..='\u{103A}'
        | '\u{103D}'..='\u{103E}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => 2,
        _ => 1,
    }
}
