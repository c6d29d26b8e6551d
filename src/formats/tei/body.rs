//! The text with the marks that nest: paragraphs, line beginnings, and elements in each other.
//!
//! The characters that come out are those of the text, whatever elements stand between them.

use std::ops::Range;

use crate::formats::xml::escaped;

/// A mark that may stand in the text.
#[derive(Clone, Debug)]
pub(super) struct Inline<'l> {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its element.
    pub element: &'static str,
    /// The element's attributes, with a space before them.
    pub attributes: String,
    /// Which mark it is.
    pub id: &'l str,
}

/// White space between elements to XML.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The paragraphs of a text: what blank lines part, and no line ends at the text's ends.
pub(super) fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut found, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        if !is_space(bytes[at]) {
            at += 1;
            continue;
        }
        let end = (at..bytes.len()).find(|&end| !is_space(bytes[end])).unwrap_or(bytes.len());
        let lines = text[at..end].matches('\n').count();
        let outer = at == 0 || end == bytes.len();
        if lines > 1 || (lines == 1 && outer) {
            if start < at {
                found.push(start..at);
            }
            start = end;
        }
        at = end;
    }
    if start < bytes.len() {
        found.push(start..bytes.len());
    }
    found
}

/// Divides marks into those that lie in one paragraph and in each other, and the ids of the others. The first come first:
/// of those that begin together the longest.
pub(super) fn nested<'l>(mut marks: Vec<Inline<'l>>, paragraphs: &[Range<usize>]) -> (Vec<Inline<'l>>, Vec<&'l str>) {
    // A quote goes around a name of the same words.
    let rank = |element: &str| ["said", "seg"].iter().position(|other| *other == element).unwrap_or(2);
    marks.sort_by_key(|mark| (mark.range.start, usize::MAX - mark.range.end, rank(mark.element)));
    let (mut inside, mut beside): (Vec<Inline<'l>>, Vec<&'l str>) = (Vec::new(), Vec::new());
    let mut open: Vec<usize> = Vec::new();
    for mark in marks {
        let at = paragraphs.partition_point(|paragraph| paragraph.end <= mark.range.start);
        let in_one = paragraphs.get(at).is_some_and(|it| it.start <= mark.range.start && mark.range.end <= it.end);
        while open.last().is_some_and(|end| *end <= mark.range.start) {
            open.pop();
        }
        if in_one && open.last().is_none_or(|end| mark.range.end <= *end) {
            open.push(mark.range.end);
            inside.push(mark);
        } else {
            beside.push(mark.id);
        }
    }
    (inside, beside)
}

/// The content of `body`: the text in paragraphs, with these marks, which nest and are in order.
pub(super) fn body(text: &str, paragraphs: &[Range<usize>], marks: &[Inline<'_>]) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut marks = marks.iter().peekable();
    let mut at = 0;
    for paragraph in paragraphs {
        out.push_str(&escaped(&text[at..paragraph.start]));
        out.push_str("<p>");
        at = paragraph.start;
        let mut open: Vec<&Inline<'_>> = Vec::new();
        while let Some(mark) = marks.next_if(|mark| mark.range.start < paragraph.end) {
            close(&mut out, text, &mut at, &mut open, mark.range.start);
            lines(&mut out, &text[at..mark.range.start]);
            at = mark.range.start;
            out.extend(["<", mark.element, &mark.attributes, ">"]);
            open.push(mark);
        }
        close(&mut out, text, &mut at, &mut open, usize::MAX);
        lines(&mut out, &text[at..paragraph.end]);
        out.push_str("</p>");
        at = paragraph.end;
    }
    out.push_str(&escaped(&text[at..]));
    if paragraphs.is_empty() {
        out.push_str("<p/>");
    }
    out
}

/// Ends the elements that end before a byte, or there.
fn close(out: &mut String, text: &str, at: &mut usize, open: &mut Vec<&Inline<'_>>, before: usize) {
    while let Some(mark) = open.pop_if(|mark| mark.range.end <= before) {
        lines(out, &text[*at..mark.range.end]);
        *at = mark.range.end;
        out.extend(["</", mark.element, ">"]);
    }
}

/// A text whose lines begin with an element.
fn lines(out: &mut String, text: &str) {
    out.push_str(&escaped(text).replace('\n', "<lb/>\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs_and_line_ends_at_the_ends_are_in_none() {
        let parts = |text: &'static str| paragraphs(text).into_iter().map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(parts("\na b\nc \n \t\n d\n\n\n e\u{a0}\n"), ["a b\nc", "d", "e\u{a0}"]);
        assert_eq!(parts(" a "), [" a "]);
        assert!(parts(" \n ").is_empty() && parts("").is_empty());
    }

    #[test]
    fn marks_that_nest_are_elements_and_the_others_are_not() {
        let text = "abcdef\n\ngh";
        let mark =
            |id: &'static str, range: Range<usize>, element| Inline { range, element, attributes: String::new(), id };
        let marks = vec![
            mark("n", 0..4, "persName"),
            mark("q", 0..4, "said"),
            mark("x", 2..6, "seg"),
            mark("y", 4..5, "seg"),
            mark("over", 5..9, "seg"),
            mark("h", 9..10, "seg"),
        ];
        let paragraphs = paragraphs(text);
        let (inside, beside) = nested(marks, &paragraphs);
        assert_eq!(beside, ["x", "over"]);
        let expected = "<p><said><persName>abcd</persName></said><seg>e</seg>f</p>\n\n<p>g<seg>h</seg></p>";
        assert_eq!(body(text, &paragraphs, &inside), expected);
    }
}
