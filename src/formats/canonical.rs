//! The text as datasets hold it: lines end in LF, and there is no byte order mark at its start.
//!
//! Readers fold CRLF or count it twice (FORMATS.md, section 1), so that offsets past the first line would be off. What
//! is left out of the text is left out of every offset.

use super::Document;
use crate::model::{Annotation, CommentTarget, Head, Layer, Orphan, Quoted, Span};
use crate::text::{CharOffset, OffsetIndex};

/// A document on the text with LF; the same where there is nothing to change.
pub fn with_line_feeds(document: Document) -> Document {
    let text = &document.text;
    if !text.contains('\r') && !text.starts_with('\u{FEFF}') {
        return document;
    }
    let map = Map::new(text);
    let new = map.text(text);
    moved(document, new, &|span| Some(map.span(span)))
}

/// A document on another text: `to` says where a span stands there, and nothing where none of it does. What has no
/// place is kept without one.
pub(super) fn moved(document: Document, new: String, to: &dyn Fn(Span) -> Option<Span>) -> Document {
    let (old_index, new_index) = (OffsetIndex::new(&document.text), OffsetIndex::new(&new));
    let place = Place { to, old: &document.text, new: &new, old_index: &old_index, new_index: &new_index };
    let layer = &document.layer;
    let annotations = layer.annotations().map(|annotation| place.annotation(annotation)).collect();
    let relations = layer.relations().into_iter().cloned().collect();
    let layer = Layer::from_parts(place.head(layer.head()), annotations, relations);
    let layer = layer.expect("ids and ends are as they were");
    Document { file: document.file, text: new, layer }
}

/// The bytes of a text that are left out, in order.
struct Map {
    left_out: Vec<u32>,
    mark: u32,
}

impl Map {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let crs = bytes.iter().enumerate().filter(|&(at, &byte)| byte == b'\r' && bytes.get(at + 1) == Some(&b'\n'));
        let mark = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() as u32 } else { 0 };
        Self { left_out: crs.map(|(at, _)| at as u32).collect(), mark }
    }

    fn text(&self, text: &str) -> String {
        text[self.mark as usize..].replace("\r\n", "\n").replace('\r', "\n")
    }

    fn byte(&self, byte: u32) -> u32 {
        let before = self.left_out.partition_point(|&at| at < byte) as u32;
        byte.max(self.mark) - self.mark - before
    }

    /// A span of bytes that are left out alone becomes that of the line feed after them, or the first character.
    fn span(&self, span: Span) -> Span {
        let (start, end) = (self.byte(span.start()), self.byte(span.end()));
        Span::new(start, end.max(start + 1))
    }
}

struct Place<'a> {
    to: &'a dyn Fn(Span) -> Option<Span>,
    old: &'a str,
    new: &'a str,
    old_index: &'a OffsetIndex,
    new_index: &'a OffsetIndex,
}

impl Place<'_> {
    fn annotation(&self, annotation: &Annotation) -> Annotation {
        let mut moved = annotation.clone();
        let to = annotation.spans.iter().filter_map(|span| (self.to)(*span));
        let whole =
            |to: Span| Span::new(to.start(), crate::text::boundary::ceil_char(self.new, to.end() as usize) as u32);
        moved.spans = to.map(whole).collect();
        if moved.spans.is_empty() && annotation.orphan().is_none() {
            let char = |byte: u32| self.old_index.char_from_byte(self.old, byte as usize).0;
            let quoted = |span: &Span| Quoted {
                start: char(span.start()),
                end: char(span.end()),
                text: span.slice(self.old).unwrap_or_default().to_owned(),
            };
            let spans = annotation.spans.iter().map(quoted).collect();
            moved.edit_extra(|extra| extra.orphan = Some(Orphan { spans, ..Orphan::default() }));
        }
        // Two pieces of which one was left out alone may have become one.
        moved.spans.dedup_by(|later, earlier| later.start() < earlier.end());
        moved.edit_extra(|extra| {
            for other in &mut extra.conflict {
                *other = self.annotation(other);
            }
        });
        moved
    }

    fn head(&self, head: &Head) -> Head {
        let mut head = head.clone();
        for comment in &mut head.comments {
            if let Some(CommentTarget::Span(quoted)) = &mut comment.on {
                self.quoted(quoted);
            }
        }
        for decision in &mut head.decisions {
            for other in &mut decision.rejected {
                *other = self.annotation(other);
            }
        }
        head
    }

    fn quoted(&self, quoted: &mut Quoted) {
        let byte = |char| self.old_index.byte_from_char(self.old, CharOffset(char));
        let (Some(start), Some(end)) = (byte(quoted.start), byte(quoted.end)) else { return };
        let Some(span) = (self.to)(Span::from_range(start..end)) else { return };
        let char = |byte: u32| self.new_index.char_from_byte(self.new, byte as usize).0;
        if let Some(text) = span.slice(self.new) {
            *quoted = Quoted { start: char(span.start()), end: char(span.end()), text: text.to_owned() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SchemaRef;

    fn document(text: &str, spans: &[(usize, usize)]) -> Document {
        let head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
        let marks = spans
            .iter()
            .enumerate()
            .map(|(id, &(start, end))| Annotation::new(format!("m{id}"), "entity", Span::from_range(start..end)));
        let layer = Layer::from_parts(head, marks.collect(), Vec::new()).expect("it is sound");
        Document { file: "a.txt".to_owned(), text: text.to_owned(), layer }
    }

    fn texts(document: &Document) -> Vec<String> {
        document.layer.annotations().map(|mark| mark.text(&document.text)).collect()
    }

    #[test]
    fn marks_stand_on_the_same_words_without_carriage_returns() {
        let text = "\u{FEFF}One 👩‍🎤.\r\nTwo\rthree\r\n\r\nfour";
        let find = |words: &str| {
            let at = text.find(words).expect("it is there");
            (at, at + words.len())
        };
        let document =
            with_line_feeds(document(text, &[find("One"), find("👩‍🎤"), find("Two\rthree"), find("three\r\n\r\nfour")]));
        assert_eq!(document.text, "One 👩‍🎤.\nTwo\nthree\n\nfour");
        assert_eq!(texts(&document), ["One", "👩‍🎤", "Two\nthree", "three\n\nfour"]);
    }

    #[test]
    fn a_mark_on_what_is_left_out_is_not_lost() {
        let document = with_line_feeds(document("\u{FEFF}a\r\nb", &[(0, 3), (4, 5), (4, 6)]));
        assert_eq!(texts(&document), ["a", "\n", "\n"]);
    }

    #[test]
    fn a_text_that_has_none_stays_as_it_is() {
        let plain = document("One.\nTwo.", &[(0, 3)]);
        assert_eq!(with_line_feeds(plain.clone()), plain);
    }
}
