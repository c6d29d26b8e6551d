//! Edited articles with the true place of every mark: what re-anchoring is measured on.
//!
//! Every character knows where it came from, through any number of edits, so that the place of a mark afterwards is
//! known by construction: from the first to the last of its characters that are there. A mark of which less than a
//! fifth of the letters is left is deleted; between a fifth and a half, or torn far apart, it is not scored.

#![allow(dead_code, unused_imports, reason = "the bench and the test each use a part of their own")]

mod baselines;
mod edits;
mod news;
mod score;

pub use baselines::{exact_with_context, same_position};
pub use edits::{EDITS, MIXED};
pub use score::{Score, Table};

use super::generate::Random;
use pressmark::model::Span;

/// A mark before and after.
pub struct Mark {
    /// `PERSON`, `QUOTE` and so on.
    pub kind: String,
    /// In the old text.
    pub span: Span,
    /// In the new text; none when it was deleted.
    pub gold: Option<Span>,
    /// Whether it is left out of scores.
    pub gray: bool,
}

/// An article before and after one edit.
pub struct Case {
    /// What was done.
    pub edit: String,
    /// The text before.
    pub old: String,
    /// The text after.
    pub new: String,
    /// The marks, in order.
    pub marks: Vec<Mark>,
}

/// A character that remembers where it came from.
#[derive(Clone, Copy)]
pub struct Tracked {
    c: char,
    /// Its place in the old text, or that of what it was typed over; none for what is new.
    from: Option<usize>,
    /// Whether it is the old character itself.
    alive: bool,
}

/// The old text as characters, what is marked in it, and words to write with.
pub struct Source {
    chars: Vec<char>,
    /// Kind, first character, the one after the last.
    marks: Vec<(&'static str, usize, usize)>,
}

/// All edits of `articles` articles, or only those named; `repeat` articles make one document.
pub fn cases(seed: u64, articles: usize, repeat: usize, only: Option<&str>) -> Vec<Case> {
    let mut all = Vec::new();
    for number in 0..articles as u64 {
        let mut random = Random::new(seed * 10_007 + number);
        let mut source = Source { chars: Vec::new(), marks: Vec::new() };
        for _ in 0..repeat {
            news::write(&mut source, &mut random);
            source.chars.push('\n');
        }
        let names = EDITS.iter().map(|(name, _)| *name).chain(MIXED.iter().map(|(name, _)| *name));
        for name in names.filter(|name| only.is_none_or(|only| only == *name)) {
            let salt =
                name.bytes().fold(seed * 31 + number, |salt, byte| salt.wrapping_mul(31).wrapping_add(u64::from(byte)));
            all.push(source.edited(name, &mut Random::new(salt)));
        }
    }
    all
}

impl Source {
    fn edited(&self, name: &str, random: &mut Random) -> Case {
        let mut text: Vec<Tracked> =
            self.chars.iter().enumerate().map(|(at, &c)| Tracked { c, from: Some(at), alive: true }).collect();
        edits::run(name, &mut text, self, random);
        let old: String = self.chars.iter().collect();
        let new: String = text.iter().map(|tracked| tracked.c).collect();
        let bytes = |chars: &mut dyn Iterator<Item = char>| {
            let mut at = 0;
            let mut all = vec![0u32];
            for c in chars {
                at += c.len_utf8() as u32;
                all.push(at);
            }
            all
        };
        let old_bytes = bytes(&mut self.chars.iter().copied());
        let new_bytes = bytes(&mut text.iter().map(|tracked| tracked.c));
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); self.chars.len()];
        let mut alive = vec![false; self.chars.len()];
        for (at, tracked) in text.iter().enumerate() {
            if let Some(from) = tracked.from {
                places[from].push(at);
                alive[from] |= tracked.alive;
            }
        }
        let marks = self.marks.iter().map(|&(kind, start, end)| {
            let letters = (start..end).filter(|&at| self.chars[at].is_alphanumeric()).count();
            let living = (start..end).filter(|&at| self.chars[at].is_alphanumeric() && alive[at]).count();
            let left = living as f64 / letters.max(1) as f64;
            let found: Vec<usize> = (start..end).flat_map(|at| places[at].iter().copied()).collect();
            let hull = found.iter().min().copied().zip(found.iter().max().map(|&last| last + 1));
            let hull = hull.filter(|_| left >= 0.2);
            let torn = hull.is_some_and(|(first, last)| last - first > 4 * found.len() + 20);
            Mark {
                kind: kind.to_owned(),
                span: Span::new(old_bytes[start], old_bytes[end]),
                gold: hull.map(|(first, last)| Span::new(new_bytes[first], new_bytes[last])),
                gray: (0.2..0.5).contains(&left) || torn,
            }
        });
        Case { edit: name.to_owned(), marks: marks.collect(), old, new }
    }
}

/// Cases from lines of JSON with `edit`, `old`, `new` and `anns` (`kind`, `start`, `end`, `gold`, `gray`; code points).
pub fn read(lines: &str) -> Vec<Case> {
    lines.lines().map(|line| case(&serde_json::from_str(line).expect("a line of JSON"))).collect()
}

fn case(value: &serde_json::Value) -> Case {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let (old, new) = (text("old"), text("new"));
    let bytes =
        |text: &str| text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect::<Vec<_>>();
    let (old_bytes, new_bytes) = (bytes(&old), bytes(&new));
    let number = |value: &serde_json::Value| value.as_u64().expect("an offset") as usize;
    let marks = value["anns"].as_array().into_iter().flatten().map(|mark| Mark {
        kind: mark["kind"].as_str().unwrap_or_default().to_owned(),
        span: Span::new(old_bytes[number(&mark["start"])], old_bytes[number(&mark["end"])]),
        gold: mark["gold"].as_array().map(|gold| Span::new(new_bytes[number(&gold[0])], new_bytes[number(&gold[1])])),
        gray: mark["gray"].as_bool().unwrap_or_default(),
    });
    Case { edit: text("edit"), marks: marks.collect(), old, new }
}
