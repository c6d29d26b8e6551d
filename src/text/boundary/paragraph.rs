//! Paragraphs as the text has them: lines, ended by LF, CRLF or a lone CR.

use std::ops::Range;

use super::floor_char;

/// The line that holds `byte`, without its line end; a line end belongs to the line before it.
pub fn paragraph_at(text: &str, byte: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut byte = floor_char(text, byte);
    // Between CR and LF is still the end of the line before.
    if byte > 0 && bytes[byte - 1] == b'\r' && bytes.get(byte) == Some(&b'\n') {
        byte -= 1;
    }
    line_start(bytes, byte)..line_end(bytes, byte)
}

/// The start of the next line that is not blank, or the text's end.
pub fn next_paragraph(text: &str, byte: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = paragraph_at(text, byte).end;
    while at < bytes.len() {
        at += if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 };
        let end = line_end(bytes, at);
        if !text[at..end].trim().is_empty() {
            return at;
        }
        at = end;
    }
    text.len()
}

/// The start of the line that holds `byte`, or of the one before that is not blank if `byte` is its start; 0 at the top.
pub fn prev_paragraph(text: &str, byte: usize) -> usize {
    let byte = floor_char(text, byte);
    let mut at = byte;
    loop {
        let line = paragraph_at(text, at);
        if line.start < byte && !text[line.clone()].trim().is_empty() {
            return line.start;
        }
        if line.start == 0 {
            return 0;
        }
        at = line.start - 1;
    }
}

/// The start of the line that holds `byte`.
pub(super) fn line_start(bytes: &[u8], byte: usize) -> usize {
    bytes[..byte].iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(0, |at| at + 1)
}

/// The end of the line that holds `byte`, before its line end.
pub(super) fn line_end(bytes: &[u8], byte: usize) -> usize {
    bytes[byte..].iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(bytes.len(), |at| byte + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lf_crlf_and_cr_end_paragraphs() {
        let text = "uno\r\ndos\r\r\n \nမြန်မာ";
        for (byte, expected) in
            [(0, "uno"), (3, "uno"), (4, "uno"), (5, "dos"), (8, "dos"), (13, "မြန်မာ"), (99, "မြန်မာ")]
        {
            assert_eq!(&text[paragraph_at(text, byte)], expected, "byte {byte}");
        }
    }

    #[test]
    fn blank_lines_are_passed_over() {
        let text = "uno\r\n\r\n \ndos\n";
        assert_eq!(next_paragraph(text, 1), 9);
        assert_eq!(next_paragraph(text, 9), text.len());
        assert_eq!(prev_paragraph(text, text.len()), 9);
        assert_eq!(prev_paragraph(text, 9), 0);
        assert_eq!(prev_paragraph("\n\n", 2), 0);
        assert_eq!(paragraph_at("", 0), 0..0);
    }
}
