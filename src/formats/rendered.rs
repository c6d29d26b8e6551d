//! The text of an article as it reads on the page: Markdown without its markup, a line for each block.
//!
//! Marks go along: what is left out of the text is left out of them. A mark on nothing but markup has no place there.

use super::Document;
use super::canonical::moved;
use crate::article::{Article, Shown};
use crate::model::Span;

/// A document on the text as it reads; `article` is what it was made of.
pub fn rendered(document: Document, article: &Article) -> Document {
    let map = Map::new(article, &document.text);
    let Map { text, stretches } = map;
    moved(document, text, &|span| place(&stretches, span))
}

/// A stretch of the source, and where it stands in the text as it reads.
struct Stretch {
    source: (u32, u32),
    shown: (u32, u32),
    verbatim: bool,
}

struct Map {
    text: String,
    stretches: Vec<Stretch>,
}

impl Map {
    fn new(article: &Article, source: &str) -> Self {
        let mut map = Self { text: String::new(), stretches: Vec::new() };
        for block in article.blocks() {
            let begins = map.text.len();
            let whole = [(block.source.clone(), Shown::Source)];
            let pieces = block.pieces.iter().map(|piece| (piece.source.clone(), piece.shown.clone()));
            let pieces: Vec<_> = if block.pieces.is_empty() { whole.to_vec() } else { pieces.collect() };
            let mut parted = false;
            for (range, shown) in pieces {
                let words = match &shown {
                    Shown::Source => source.get(range.start as usize..range.end as usize).unwrap_or_default(),
                    Shown::Hidden => "",
                    Shown::Replaced(words) => words,
                };
                if !words.is_empty() && !parted && begins > 0 {
                    map.text.push('\n');
                }
                parted |= !words.is_empty();
                let from = map.text.len() as u32;
                map.text.push_str(words);
                let stretch = Stretch {
                    source: (range.start, range.end),
                    shown: (from, map.text.len() as u32),
                    verbatim: shown == Shown::Source,
                };
                map.stretches.push(stretch);
            }
        }
        map
    }
}

/// Where a span of the source stands in the text as it reads.
fn place(stretches: &[Stretch], span: Span) -> Option<Span> {
    let first = stretches.partition_point(|it| it.source.1 <= span.start());
    let within = stretches[first..].iter().take_while(|it| it.source.0 < span.end());
    let mut found: Option<(u32, u32)> = None;
    for it in within.filter(|it| it.shown.0 < it.shown.1) {
        let (from, to) = if it.verbatim {
            let at = |byte: u32| it.shown.0 + (byte.clamp(it.source.0, it.source.1) - it.source.0);
            (at(span.start()), at(span.end()))
        } else {
            it.shown
        };
        if from < to {
            found = Some((found.map_or(from, |(start, _)| start), to));
        }
    }
    found.map(|(start, end)| Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::from_bytes;
    use crate::model::{Annotation, Head, Layer, SchemaRef};

    #[test]
    fn marks_stand_on_the_same_words_without_markup() {
        let source =
            "# The *great* strike\n\nBob said **“no”** to [Zoë](http://x.example) &amp; left.\n\n- one\n- two\n";
        let article = from_bytes(std::path::Path::new("a.md"), source.as_bytes().to_vec(), None).expect("it is read");
        let find = |words: &str| {
            let at = source.find(words).expect("it is there");
            Span::from_range(at..at + words.len())
        };
        let words =
            ["*great* strike", "said **“no”** to", "[Zoë](http://x.example)", "http://x.example", "&amp;", "two"];
        let marks =
            words.iter().enumerate().map(|(at, words)| Annotation::new(format!("m{at}"), "entity", find(words)));
        let head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
        let layer = Layer::from_parts(head, marks.collect(), Vec::new()).expect("it is sound");
        let document = rendered(Document { file: "a.md".to_owned(), text: source.to_owned(), layer }, &article);
        assert_eq!(document.text, "The great strike\nBob said “no” to Zoë & left.\none\ntwo");
        let said = |id: &str| document.layer.get(id).map(|mark| mark.text(&document.text)).unwrap_or_default();
        assert_eq!(["m0", "m1", "m2", "m4", "m5"].map(said), ["great strike", "said “no” to", "Zoë", "&", "two"]);
        let hidden = document.layer.get("m3").expect("it is kept");
        assert!(hidden.orphan().is_some_and(|orphan| orphan.spans[0].text == "http://x.example"));
    }
}
