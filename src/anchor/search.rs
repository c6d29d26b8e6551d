//! The last resort: looks for words that the map has lost, wherever they might be in the new text.
//!
//! Tokens of the quote vote for places; the best few are aligned with it. A place is taken only where nobody else owns
//! the text, where quote and surroundings are alike enough, and where no other place comes near; all the rest are
//! candidates. Every step is paid from the article's budget.

use std::collections::HashMap;
use std::ops::Range;

use super::gaps::{align, common_chars};
use super::links::NONE;
use super::project::Place;
use super::token::Tokens;
use super::{CANDIDATES, Map, State};
use crate::model::Span;

/// A token that stands in more places does not vote.
const COMMON: usize = 60;
/// So many places are aligned.
const TRIED: usize = 4;
/// Tokens on either side that count as surroundings.
const AROUND: usize = 8;
/// Shorter quotes, in characters, are not taken where they were not expected.
const SHORT: u32 = 12;
const ENOUGH: f32 = 0.8;
const MARGIN: f32 = 0.03;
/// Less alike than this is no candidate.
const FAINT: f32 = 0.45;

/// Where each key stands in a text.
#[derive(Debug)]
pub(super) struct Index {
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Index {
    /// The places of the keys of `tokens`, which are all below `count`.
    pub fn new(tokens: &Tokens, count: u32) -> Self {
        let mut starts = vec![0u32; count as usize + 1];
        for &key in &tokens.keys {
            starts[key as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![0; tokens.len()];
        for (at, &key) in tokens.keys.iter().enumerate() {
            places[next[key as usize] as usize] = at as u32;
            next[key as usize] += 1;
        }
        Self { starts, places }
    }

    fn of(&self, key: u32) -> &[u32] {
        &self.places[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }
}

/// A place that was aligned with the quote.
pub(super) struct Hit {
    /// In the new text.
    pub tokens: Range<usize>,
    /// How alike the words are, from 0 to 1.
    pub quote: f32,
    /// The same with what stands around.
    pub score: f32,
    /// Whether nobody else owns them.
    pub free: bool,
}

impl Map<'_> {
    /// Looks for a fragment; `parts` are what the map still knows of it.
    pub(super) fn search(&mut self, span: Span, mut parts: Vec<Place>) -> Result<Place, Vec<Place>> {
        let quote = self.old.within(span.start(), span.end());
        if quote.is_empty() || span.slice(self.old_text).is_none() {
            return Err(parts);
        }
        let chars: u32 = self.old.keys[quote.clone()].iter().map(|&key| self.keys.chars(key)).sum();
        let all = 0..self.old.len();
        let hits = self.hits(&quote, &all);
        let taken = hits.first().is_some_and(|best| {
            let next = hits.get(1).map_or(0.0, |next| next.score);
            chars >= SHORT && best.free && best.score >= ENOUGH && best.score - next >= MARGIN
        });
        let place = |map: &Self, hit: &Hit| {
            let (start, end) = map.new.bytes(&hit.tokens);
            let same = map.old.keys[quote.clone()] == map.new.keys[hit.tokens.clone()];
            let state = if same { State::Moved } else { State::Edited };
            Place { span: Span::new(start, end), state, similarity: hit.quote }
        };
        if taken {
            return Ok(place(self, &hits[0]));
        }
        parts.extend(hits.iter().take(CANDIDATES).map(|hit| place(self, hit)));
        Err(parts)
    }

    /// The places of the quote's very words, as many as can be paid for.
    pub(super) fn same(&mut self, quote: &Range<usize>, within: &Range<usize>) -> Vec<Hit> {
        self.fill_index();
        let Some(index) = self.index.as_ref() else { return Vec::new() };
        let rarest = quote.clone().min_by_key(|&at| index.of(self.old.keys[at]).len());
        let Some(rarest) = rarest else { return Vec::new() };
        let places = index.of(self.old.keys[rarest]);
        if !self.budget.spend(places.len() * (quote.len() + 4 * AROUND)) {
            return Vec::new();
        }
        let starts = places.iter().filter_map(|&place| (place as usize).checked_sub(rarest - quote.start));
        let ranges = starts.map(|start| start..start + quote.len());
        let same = ranges.filter(|range| self.new.keys.get(range.clone()) == Some(&self.old.keys[quote.clone()]));
        let mut hits: Vec<Hit> = same
            .map(|tokens| {
                let score = 0.75 + 0.25 * self.surroundings(quote, within, &tokens);
                Hit { tokens, quote: 1.0, score, free: true }
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.tokens.start.cmp(&b.tokens.start)));
        hits
    }

    fn fill_index(&mut self) {
        if self.index.is_none() {
            self.index = Some(Index::new(&self.new, self.keys.count()));
        }
    }

    /// Places that are like the quote, the likest first; `within` is the old text that counts as surroundings.
    pub(super) fn hits(&mut self, quote: &Range<usize>, within: &Range<usize>) -> Vec<Hit> {
        self.fill_index();
        let Some(index) = self.index.as_ref() else { return Vec::new() };
        // Votes for where the quote would begin, in buckets of a few tokens.
        let bucket = (quote.len() / 4).max(2);
        let mut votes: HashMap<usize, u32> = HashMap::new();
        for at in quote.clone() {
            let key = self.old.keys[at];
            let places = index.of(key);
            if places.len() > COMMON || !self.old.list[at].word {
                continue;
            }
            if !self.budget.spend(places.len()) {
                return Vec::new();
            }
            for &place in places {
                let start = (place as usize + quote.len()).saturating_sub(at - quote.start);
                let weight = self.keys.chars(key) * 8 / (places.len() as u32 + 4) + 1;
                *votes.entry(start / bucket).or_default() += weight;
                *votes.entry(start / bucket + 1).or_default() += weight;
            }
        }
        let mut votes: Vec<(u32, usize)> = votes.into_iter().map(|(bucket, votes)| (votes, bucket)).collect();
        votes.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut starts: Vec<usize> = Vec::new();
        for (_, number) in votes {
            let start = (number * bucket).saturating_sub(quote.len());
            if starts.iter().all(|&other| other.abs_diff(start) > 2 * bucket) {
                starts.push(start);
            }
            if starts.len() == TRIED {
                break;
            }
        }
        let mut hits: Vec<Hit> =
            starts.into_iter().filter_map(|start| self.hit(quote, within, start, bucket)).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.tokens.start.cmp(&b.tokens.start)));
        hits.dedup_by(|a, b| a.tokens == b.tokens);
        hits
    }

    fn hit(&mut self, quote: &Range<usize>, within: &Range<usize>, start: usize, slack: usize) -> Option<Hit> {
        let window = start.saturating_sub(2 * slack)..(start + quote.len() + 2 * slack).min(self.new.len());
        let pairs = align(&self.old, &self.new, &self.keys, quote, &window, &mut self.budget)?;
        let pairs = tight(&pairs, quote.len());
        let tokens = pairs.first()?.1..pairs.last()?.1 + 1;
        let chars = |keys: &[u32]| keys.iter().map(|&key| self.keys.chars(key)).sum::<u32>();
        let text = |key: u32| self.keys.text(key);
        let common: u32 =
            pairs.iter().map(|&(a, b)| common_chars(text(self.old.keys[a]), text(self.new.keys[b]))).sum();
        let all = chars(&self.old.keys[quote.clone()]) + chars(&self.new.keys[tokens.clone()]);
        let likeness = (2 * common) as f32 / all.max(1) as f32;
        if likeness < FAINT {
            return None;
        }
        let around = self.surroundings(quote, within, &tokens);
        let free = self.links.to_old[tokens.clone()].iter().all(|&old| old == NONE || quote.contains(&(old as usize)));
        Some(Hit { tokens, quote: likeness, score: 0.75 * likeness + 0.25 * around, free })
    }

    /// From 0 to 1, how much of what stood around the quote stands around its new place: what stands next to it counts
    /// most, and only as far as `within` reaches.
    fn surroundings(&self, quote: &Range<usize>, within: &Range<usize>, tokens: &Range<usize>) -> f32 {
        let before = quote.start.saturating_sub(AROUND).max(within.start)..quote.start;
        let after = quote.end..(quote.end + AROUND).min(within.end);
        let near_before = tokens.start.saturating_sub(AROUND)..tokens.start;
        let near_after = tokens.end..(tokens.end + AROUND).min(self.new.len());
        let (mut found, mut asked) = (0.0, 0.0);
        let sides: [(&mut dyn Iterator<Item = usize>, _); 2] =
            [(&mut before.rev(), near_before), (&mut after.into_iter(), near_after)];
        for (olds, news) in sides {
            for (distance, at) in olds.enumerate() {
                let weight = self.keys.chars(self.old.keys[at]).min(8) as f32 / (distance + 2) as f32;
                asked += weight;
                if self.new.keys[news.clone()].contains(&self.old.keys[at]) {
                    found += weight;
                }
            }
        }
        if asked == 0.0 { 1.0 } else { found / asked }
    }
}

/// The pairs without stragglers far from the others at either end.
fn tight(pairs: &[(usize, usize)], length: usize) -> &[(usize, usize)] {
    let apart = length / 4 + 3;
    let mut range = 0..pairs.len();
    let middle = pairs.len() / 2;
    for at in 1..pairs.len() {
        if pairs[at].1 - pairs[at - 1].1 > apart {
            if at <= middle {
                range.start = at;
            } else if range.end == pairs.len() {
                range.end = at;
            }
        }
    }
    &pairs[range]
}
