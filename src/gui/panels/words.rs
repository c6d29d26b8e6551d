//! The words that several panels share: names of states, counts, snippets of marked text.
//!
//! Everything here is bounded: no function walks over more of a text than it gives back.

use egui::RichText;

use crate::article::Article;
use crate::gui::theme::Theme;
use crate::model::{Annotation, Span, Status};
use crate::text::boundary;

/// Size of ordinary words, in points.
pub const BODY: f32 = 13.0;
/// Size of what stands beside them: names of fields, counts.
pub const SMALL: f32 = 11.5;

/// What the article's own voice is called, where a link leads to it.
pub const AUTHOR_NAME: &str = "the author";

/// How far an annotator is, as a menu says it.
pub const fn status_title(status: Status) -> &'static str {
    match status {
        Status::New => "New",
        Status::InProgress => "In progress",
        Status::Done => "Done",
        Status::Skipped => "Skipped",
    }
}

/// How far an annotator is, in the middle of a sentence.
pub const fn status_words(status: Option<Status>) -> &'static str {
    match status {
        None => "not looked up yet",
        Some(Status::New) => "new",
        Some(Status::InProgress) => "in progress",
        Some(Status::Done) => "done",
        Some(Status::Skipped) => "skipped",
    }
}

/// A key of the schema as it stands on the keyboard, as the keys of commands are shown.
pub fn key_cap(key: char) -> String {
    key.to_uppercase().collect()
}

/// A number with a comma between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 mark`, `1,204 marks`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { many })
}

/// The first `limit` characters of the marked text on one line, fragments joined by ` … `.
pub fn snippet(annotation: &Annotation, text: &str, limit: usize) -> String {
    match annotation.orphan() {
        Some(orphan) => squeezed(orphan.spans.iter().map(|span| span.text.as_str()), limit),
        None => squeezed(annotation.spans.iter().filter_map(|span| span.slice(text)), limit),
    }
}

/// The same as it reads on the page, without markup. The saved text stays the source.
pub fn reading(annotation: &Annotation, article: &Article, limit: usize) -> String {
    if annotation.orphan().is_some() {
        return snippet(annotation, &article.text, limit);
    }
    // Markup takes room that does not show; addresses of links can be long.
    let most = (limit * 16) as u32;
    let cut = |span: &Span| {
        let end = boundary::floor_char(&article.text, span.end().min(span.start().saturating_add(most)) as usize);
        article.reads(span.start()..end as u32)
    };
    let pieces: Vec<String> = annotation.spans.iter().take(limit).map(cut).collect();
    squeezed(pieces.iter().map(String::as_str), limit)
}

/// Pieces on one line: white space made single spaces, cut with `…` after `limit` characters.
fn squeezed<'a>(pieces: impl Iterator<Item = &'a str>, limit: usize) -> String {
    let mut line = String::new();
    let mut left = limit;
    for piece in pieces {
        if !line.is_empty() {
            line.push_str(" … ");
        }
        let mut space = false;
        for c in piece.chars() {
            if c.is_whitespace() {
                space = !line.is_empty() && !line.ends_with(' ');
                continue;
            }
            if left == 0 {
                line.push('…');
                return line;
            }
            if std::mem::take(&mut space) {
                line.push(' ');
            }
            line.push(c);
            left -= 1;
        }
    }
    line
}

/// Words of less weight.
pub fn faint(theme: &Theme, text: impl Into<String>) -> RichText {
    RichText::new(text).size(SMALL).color(theme.faded)
}

/// The name of a section of a panel.
pub fn section(theme: &Theme, text: impl Into<String>) -> RichText {
    RichText::new(text).size(SMALL).strong().color(theme.faded)
}

/// The name at the head of a panel.
pub fn title(theme: &Theme, text: impl Into<String>) -> RichText {
    RichText::new(text).size(14.0).strong().color(theme.ink)
}

/// A warning beside what it is about.
pub fn warning(theme: &Theme, text: impl Into<String>) -> RichText {
    RichText::new(text).size(12.0).color(theme.warning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!(count(1, "mark", "marks"), "1 mark");
        assert_eq!(count(1204, "mark", "marks"), "1,204 marks");
    }

    #[test]
    fn what_is_read_holds_no_markup() {
        let text = "# Head\n\nWe have been *looking\nafter* [it](http://a.b/c), **so**.\n\n- Then more.\n";
        let article = crate::article::from_bytes("a.md".as_ref(), text.as_bytes().to_vec(), None).expect("an article");
        let start = text.find("been").expect("there");
        let annotation = Annotation::new("a", "quote", Span::from_range(start..text.len()));
        assert_eq!(reading(&annotation, &article, 80), "been looking after it, so. Then more.");
        assert_eq!(reading(&annotation, &article, 11), "been looking…");
        assert!(snippet(&annotation, text, 80).contains('*'), "the saved text is the source");
    }

    #[test]
    fn a_snippet_is_one_short_line() {
        let text = "The  family\r\n👩‍👩‍👧 met 陈海 in မြန်မာ; more";
        let mut annotation = Annotation::new("a", "quote", Span::from_range(0..text.len()));
        assert_eq!(snippet(&annotation, text, 9), "The family…");
        let end = text.find(" met").expect("it is there") as u32;
        annotation.spans = smallvec::smallvec![Span::new(0, 3), Span::new(13, end)];
        assert_eq!(snippet(&annotation, text, 40), "The … 👩‍👩‍👧");
        annotation.spans = smallvec::smallvec![Span::new(5, 900)];
        assert_eq!(snippet(&annotation, text, 40), "", "a span outside of the text shows nothing");
    }
}
