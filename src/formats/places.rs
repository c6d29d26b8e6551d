//! Where a dataset's annotations stand in its text, by what they say of themselves: offsets, and mostly words.
//!
//! Offsets are held against the words. Where they do not fit, the other units are tried for the whole document; then the
//! words are looked for; what has more than one place, or none, is kept without one. Nothing is moved in silence.

use std::collections::HashMap;

use super::WarningKind;
use super::units::{Offsets, Unit};
use crate::model::{Orphan, Quoted, Span, Spans};
use crate::text::{OffsetIndex, short};

/// So many places of the same words are offered.
const CANDIDATES: usize = 8;
/// So many bytes of text are looked through for words that do not stand where they should, in all: some seconds.
const LOOKED_THROUGH: usize = 1 << 30;

/// What a dataset says of an annotation's place.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its line in the file, from 1.
    pub line: usize,
    /// What messages call it.
    pub name: String,
    /// Starts and ends, in the dataset's unit, in the order of the text.
    pub stretches: Vec<(u64, u64)>,
    /// The words that stand there; none where the dataset does not say.
    pub words: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// It stands here.
    At(Spans),
    /// It has no place, and is kept.
    Nowhere(Orphan),
    /// It says neither a stretch of the text nor any words.
    Nothing,
}

/// Finds the places of all annotations of a document. `joins` makes spans that touch but for white space one.
pub fn settle<'t>(
    text: &'t str,
    own: Unit,
    said: &'t [Said],
    joins: impl Fn(&[Span]) -> Spans,
    warn: &mut dyn FnMut(usize, WarningKind, String),
) -> Vec<Place> {
    let offsets = Offsets::new(text);
    let spans_in = |unit: Unit, said: &Said| -> Option<Vec<Span>> {
        let spans: Option<Vec<Span>> =
            said.stretches.iter().map(|&(start, end)| offsets.span(unit, start, end)).collect();
        spans.filter(|spans| !spans.is_empty() && spans.windows(2).all(|pair| pair[0].end() <= pair[1].start()))
    };
    let fits = |unit: Unit, said: &Said| -> Option<Vec<Span>> {
        let spans = spans_in(unit, said)?;
        let Some(words) = &said.words else { return Some(spans) };
        // Some writers put no space between pieces, or another one for a line end.
        let letters =
            spans.iter().filter_map(|span| span.slice(text)).flat_map(str::chars).filter(|c| !c.is_whitespace());
        letters.eq(words.chars().filter(|c| !c.is_whitespace())).then_some(spans)
    };
    let quotes = said.iter().any(|said| said.words.is_some());
    let units = [own].into_iter().chain(Unit::ALL.into_iter().filter(|&unit| unit != own && quotes));
    let all_in = |unit: Unit| said.iter().map(|said| fits(unit, said)).collect::<Option<Vec<Vec<Span>>>>();
    let all = units.into_iter().find_map(|unit| Some((unit, all_in(unit)?)));
    let unit = all.as_ref().map_or(own, |(unit, _)| *unit);
    if unit != own {
        let message =
            format!("the offsets count {}, not {}; they are taken so, since all of them fit", unit.name(), own.name());
        warn(said.first().map_or(1, |said| said.line), WarningKind::OtherUnit, message);
    }
    if let Some((_, all)) = all {
        return all.iter().map(|spans| Place::At(joins(spans))).collect();
    }
    let index = OffsetIndex::new(text);
    let mut search = Search { text, found: HashMap::new(), left: LOOKED_THROUGH };
    let mut place = |said: &'t Said| {
        if let Some(spans) = fits(unit, said) {
            return Place::At(joins(&spans));
        }
        let Some(words) = said.words.as_deref() else {
            let at: Vec<String> = said.stretches.iter().map(|(start, end)| format!("{start} to {end}")).collect();
            let message = if at.is_empty() {
                format!("{}: it does not say where it begins and ends; it is left out", said.name)
            } else {
                format!("{}: the text has nothing at {}; it is left out", said.name, at.join(", "))
            };
            warn(said.line, WarningKind::WrongValue, short(message));
            return Place::Nothing;
        };
        let found = search.places(words);
        if let [at] = found[..] {
            let message = format!("{}: its words stand elsewhere, and once; it is put there", said.name);
            warn(said.line, WarningKind::Moved, short(message));
            return Place::At([Span::from_range(at..at + words.len())].into_iter().collect());
        }
        let why = if search.left < text.len() { " (too many were looked for to look further)" } else { "" };
        let message =
            format!("{}: the text does not say what it quotes there; it is kept without a place{why}", said.name);
        warn(said.line, WarningKind::Unplaced, short(message));
        let length = words.chars().count() as u64;
        let quoted = |start: u64| Quoted { start, end: start + length, text: words.to_owned() };
        let candidates = found.iter().map(|&at| quoted(index.char_from_byte(text, at).0)).collect();
        let start = said.stretches.first().map_or(0, |stretch| stretch.0.min(u64::from(u32::MAX)));
        Place::Nowhere(Orphan { spans: vec![quoted(start)], candidates, ..Orphan::default() })
    };
    said.iter().map(&mut place).collect()
}

/// Looks for words, once for the same ones.
struct Search<'t> {
    text: &'t str,
    found: HashMap<&'t str, Vec<usize>>,
    /// Bytes that may still be looked through; after them, nothing is found.
    left: usize,
}

impl<'t> Search<'t> {
    /// The first places of these words.
    fn places(&mut self, words: &'t str) -> Vec<usize> {
        if words.trim().is_empty() || words.len() > self.text.len() {
            return Vec::new();
        }
        if let Some(found) = self.found.get(words) {
            return found.clone();
        }
        let Some(left) = self.left.checked_sub(self.text.len()) else { return Vec::new() };
        self.left = left;
        let found: Vec<usize> = self.text.match_indices(words).map(|(at, _)| at).take(CANDIDATES).collect();
        self.found.insert(words, found.clone());
        found
    }
}

/// Spans as they are.
pub fn apart(spans: &[Span]) -> Spans {
    spans.iter().copied().collect()
}
