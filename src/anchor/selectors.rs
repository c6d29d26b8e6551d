//! Finds annotations in a text by what they quote and what stood around them, without the text that they were made on.
//!
//! For sidecars that came alone. Stricter than [`super::Map`]: the very words are taken where they stand once or where
//! their surroundings single them out, words that are only alike where both are much alike. Two annotations that
//! would lie on the same words though they did not before are both left to be asked about.

use std::collections::HashMap;
use std::ops::Range;

use super::links::Links;
use super::search::Hit;
use super::token::Keys;
use super::{Anchored, Budget, CANDIDATES, Candidate, Map, STEPS, State};
use crate::model::{Span, Spans};

/// Alike enough, surroundings counted in.
const ENOUGH: f32 = 0.85;
/// So much less the next best place must be.
const MARGIN: f32 = 0.04;
/// Very words that stand once need no surroundings from so many characters on.
const LONG: u32 = 20;

/// An annotation as a sidecar describes it.
#[derive(Clone, Debug, Default)]
pub struct Quote<'a> {
    /// What its spans said, in order.
    pub texts: Vec<&'a str>,
    /// What stood before the first and after the last.
    pub context: (&'a str, &'a str),
    /// Where its first span began, in any unit that grows along the text; tells equal quotes apart.
    pub start: u64,
}

/// The places of quotes in a text, in their order.
pub fn find(text: &str, quotes: &[Quote<'_>]) -> Vec<Anchored> {
    // All that is known of the old text, one annotation after the other.
    let mut known = String::new();
    let mut asked: Vec<(Vec<Span>, Span)> = Vec::with_capacity(quotes.len());
    for quote in quotes {
        let from = known.len();
        known.push_str(quote.context.0);
        let mut spans = Vec::with_capacity(quote.texts.len());
        for (at, words) in quote.texts.iter().enumerate() {
            if at > 0 {
                known.push_str("\n\n");
            }
            spans.push(Span::from_range(known.len()..known.len() + words.len()));
            known.push_str(words);
        }
        known.push_str(quote.context.1);
        asked.push((spans, Span::from_range(from..known.len())));
        known.push_str("\n\n");
    }
    let mut keys = Keys::default();
    let (old, new) = (keys.cut(&known), keys.cut(text));
    let links = Links::new(old.len(), new.len());
    let mut map = Map { old_text: &known, new_text: text, keys, old, new, links, budget: Budget(STEPS), index: None };
    let mut found: Vec<Anchored> = asked.iter().map(|(spans, whole)| map.find(spans, *whole)).collect();
    part(quotes, &mut found);
    found
}

/// Takes the places of annotations back that stood apart and would now lie on each other.
fn part(quotes: &[Quote<'_>], found: &mut [Anchored]) {
    let mut starts: HashMap<Spans, (u64, bool)> = HashMap::new();
    for (quote, anchored) in quotes.iter().zip(found.iter()).filter(|(_, anchored)| !anchored.spans.is_empty()) {
        let entry = starts.entry(anchored.spans.clone()).or_insert((quote.start, false));
        entry.1 |= entry.0 != quote.start;
    }
    for anchored in found {
        if starts.get(&anchored.spans).is_some_and(|&(_, clash)| clash) {
            let spans = std::mem::take(&mut anchored.spans);
            anchored.candidates = vec![Candidate { spans, similarity: anchored.similarity }];
            anchored.state = State::Orphan;
        }
    }
}

impl Map<'_> {
    /// The place of one annotation; `whole` is all that is known of it.
    fn find(&mut self, spans: &[Span], whole: Span) -> Anchored {
        let within = self.old.within(whole.start(), whole.end());
        let mut places: Vec<(State, Span, f32)> = Vec::new();
        let mut candidates = Vec::new();
        for span in spans {
            let quote = self.old.within(span.start(), span.end());
            let mut hits = if quote.is_empty() { Vec::new() } else { self.same(&quote, &within) };
            let chars: u32 = self.old.keys[quote.clone()].iter().map(|&key| self.keys.chars(key)).sum();
            let once = hits.len() == 1 && chars >= LONG;
            if hits.is_empty() && !quote.is_empty() {
                hits = self.hits(&quote, &within);
            }
            let next = hits.get(1).map_or(0.0, |hit| hit.score);
            match hits.first() {
                Some(best) if once || (best.score >= ENOUGH && best.score - next >= MARGIN) => {
                    places.push(self.placed(*span, &quote, best));
                }
                _ => candidates.extend(hits.iter().take(CANDIDATES).map(|hit| self.placed(*span, &quote, hit))),
            }
        }
        let ordered = places.windows(2).all(|pair| pair[0].1.end() <= pair[1].1.start());
        if places.len() == spans.len() && ordered && !places.is_empty() {
            return Anchored {
                state: places.iter().map(|place| place.0).max().unwrap_or(State::Orphan),
                spans: places.iter().map(|place| place.1).collect(),
                similarity: places.iter().map(|place| place.2).fold(1.0, f32::min),
                candidates: Vec::new(),
            };
        }
        let candidates: Vec<Candidate> = candidates
            .into_iter()
            .filter(|_| spans.len() == 1)
            .map(|(_, span, similarity)| Candidate { spans: Spans::from_iter([span]), similarity })
            .collect();
        let similarity = candidates.first().map_or(0.0, |candidate| candidate.similarity);
        Anchored { state: State::Orphan, spans: Spans::new(), similarity, candidates }
    }

    fn placed(&self, span: Span, quote: &Range<usize>, hit: &Hit) -> (State, Span, f32) {
        let (start, end) = self.new.bytes(&hit.tokens);
        let words = span.slice(self.old_text).unwrap_or_default();
        // A quote that begins or ends inside of a word, or with white space.
        let first = self.old.list[quote.start].start;
        let exact = (start + span.start()).checked_sub(first).map(|start| Span::new(start, start + span.len()));
        if let Some(exact) = exact.filter(|exact| exact.slice(self.new_text) == Some(words)) {
            return (State::Exact, exact, 1.0);
        }
        let state = if hit.quote >= 1.0 { State::Moved } else { State::Edited };
        (state, Span::new(start, end), hit.quote)
    }
}
