//! The place of one fragment in the new text, by the partners of its tokens.
//!
//! A fragment is there when enough of its letters are, and when these were not torn apart. Where its first or last
//! words were replaced it reaches up to the neighbours' partners. What is not there comes back as lost, with the places
//! that remain of it.

use std::ops::Range;

use super::gaps::shared_chars;
use super::links::{How, NONE};
use super::{Map, State};
use crate::model::Span;

/// Less than this part of its letters, and a fragment is gone.
const ALIVE: f32 = 0.48;

/// A fragment's place in the new text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub span: Span,
    /// Never [`State::Orphan`].
    pub state: State,
    /// From 0 to 1: twice the characters in common by those of both, white space aside.
    pub similarity: f32,
}

/// Where a fragment stands, or the places that hold a part of it.
pub(super) fn project(map: &Map<'_>, span: Span) -> Result<Place, Vec<Place>> {
    let tokens = map.old.within(span.start(), span.end());
    if tokens.is_empty() {
        return blank(map, span, tokens.start).ok_or_else(Vec::new);
    }
    let clusters = clusters(map, &tokens);
    let Some(best) = clusters.iter().max_by_key(|cluster| (cluster.live, std::cmp::Reverse(cluster.first))) else {
        return Err(Vec::new());
    };
    let total = clusters[0].total.max(1);
    let whole = Cluster {
        first: clusters[0].first,
        last: clusters[clusters.len() - 1].last,
        low: clusters.iter().map(|cluster| cluster.low).min().unwrap_or_default(),
        high: clusters.iter().map(|cluster| cluster.high).max().unwrap_or_default(),
        live: clusters.iter().map(|cluster| cluster.live).sum(),
        total,
    };
    let wide = map.new.list[whole.high].end - map.new.list[whole.low].start;
    let torn = f64::from(wide) > 2.5 * f64::from(span.len()) + 24.0
        || (best.live * 5 >= total * 4 && f64::from(wide) > 1.5 * f64::from(span.len()) + 24.0);
    let chosen = if torn { best } else { &whole };
    let needed = if torn { 0.5 } else { ALIVE };
    let alive = chosen.live as f32 / total as f32 >= needed;
    if alive {
        return Ok(place(map, span, &tokens, chosen, true));
    }
    Err(clusters
        .iter()
        .filter(|cluster| cluster.live as f32 / total as f32 >= 0.2)
        .map(|cluster| place(map, span, &tokens, cluster, false))
        .collect())
}

/// Partners that follow each other in both texts.
#[derive(Clone, Copy, Debug)]
struct Cluster {
    /// First and last old token with a partner.
    first: usize,
    last: usize,
    /// First and last new token.
    low: usize,
    high: usize,
    /// Letters that are still there.
    live: u32,
    /// Letters of the whole fragment.
    total: u32,
}

fn clusters(map: &Map<'_>, tokens: &Range<usize>) -> Vec<Cluster> {
    let worded = map.old.list[tokens.clone()].iter().any(|token| token.word);
    let chars = |at: usize| {
        if worded && !map.old.list[at].word { 0 } else { map.keys.chars(map.old.keys[at]) }
    };
    let total: u32 = tokens.clone().map(chars).sum();
    let mut found: Vec<Cluster> = Vec::new();
    for at in tokens.clone() {
        let partner = map.links.to_new[at];
        if partner == NONE {
            continue;
        }
        let partner = partner as usize;
        let live = if chars(at) == 0 { 0 } else { map.common(at, partner) };
        match found.last_mut() {
            Some(last) if partner > last.high && partner - last.high <= 2 * (at - last.last) + 16 => {
                last.last = at;
                last.high = partner;
                last.live += live;
            }
            _ => found.push(Cluster { first: at, last: at, low: partner, high: partner, live, total }),
        }
    }
    found
}

/// The place that a cluster stands for, stretched over words that were replaced at its ends if `reach` says so.
fn place(map: &Map<'_>, span: Span, tokens: &Range<usize>, cluster: &Cluster, reach: bool) -> Place {
    let (mut low, mut high) = (cluster.low, cluster.high);
    let links = &map.links;
    let (mut cut_start, mut cut_end) = (cluster.first == tokens.start, cluster.last + 1 == tokens.end);
    if reach && cluster.first > tokens.start {
        let neighbour = tokens.start.checked_sub(1).map_or(NONE, |at| links.to_new[at]);
        let start = if tokens.start == 0 { Some(0) } else { (neighbour != NONE).then_some(neighbour as usize + 1) };
        let most = 2 * (cluster.first - tokens.start) + 2;
        if let Some(start) = start.filter(|&start| start < low && low - start <= most)
            && links.to_old[start..low].iter().all(|&old| old == NONE)
        {
            low = start;
            cut_start = false;
        }
    }
    if reach && cluster.last + 1 < tokens.end {
        let neighbour = links.to_new.get(tokens.end).copied().unwrap_or(NONE);
        let end = if tokens.end == map.old.len() {
            Some(map.new.len())
        } else {
            (neighbour != NONE).then_some(neighbour as usize)
        };
        let most = 2 * (tokens.end - 1 - cluster.last) + 2;
        if let Some(end) = end.filter(|&end| end > high + 1 && end - high - 1 <= most)
            && links.to_old[high + 1..end].iter().all(|&old| old == NONE)
        {
            high = end - 1;
            cut_end = false;
        }
    }
    let mut start = map.new.list[low].start;
    let mut end = map.new.list[high].end;
    // A fragment that begins or ends inside of a word does so in the new text.
    if cut_start && span.start() > map.old.list[cluster.first].start {
        start = map.inside(cluster.first, low, span.start());
    }
    if cut_end && span.end() < map.old.list[cluster.last].end {
        end = map.inside(cluster.last, high, span.end());
    }
    if start >= end {
        (start, end) = (map.new.list[low].start, map.new.list[high].end);
    }
    map.place(span, Span::new(start, end))
}

/// The place of a stretch of white space before an old token, where its neighbours are still neighbours.
fn blank(map: &Map<'_>, span: Span, after: usize) -> Option<Place> {
    let before = map.links.to_new.get(after.checked_sub(1)?).copied().filter(|&at| at != NONE)? as usize;
    let follower = map.links.to_new.get(after).copied().filter(|&at| at != NONE)? as usize;
    if follower != before + 1 || span.is_empty() {
        return None;
    }
    let shift = span.start().checked_sub(map.old.list[after - 1].end)?;
    let start = map.new.list[before].end + shift;
    let found = Span::new(start, start + span.len());
    let same = span.slice(map.old_text).is_some() && found.slice(map.new_text) == span.slice(map.old_text);
    (same && found.end() <= map.new.list[follower].start).then_some(Place {
        span: found,
        state: State::Exact,
        similarity: 1.0,
    })
}

impl Map<'_> {
    /// How many characters of an old token its partner still has.
    pub(super) fn common(&self, old: usize, new: usize) -> u32 {
        let (a, b) = (self.old.keys[old], self.new.keys[new]);
        shared_chars(&self.keys, a, b)
    }

    /// A byte inside an old token as one of its partner: so many characters from the start, or from the end.
    fn inside(&self, old: usize, new: usize, byte: u32) -> u32 {
        let (from, to) = (self.old.list[old], self.new.list[new]);
        let before = &self.old_text[from.start as usize..byte as usize];
        let word = &self.new_text[to.start as usize..to.end as usize];
        let after = &self.old_text[byte as usize..from.end as usize];
        if !word.starts_with(before) && word.ends_with(after) {
            return to.end - after.len() as u32;
        }
        let skip = before.chars().count();
        to.start + word.char_indices().nth(skip).map_or(word.len(), |(at, _)| at) as u32
    }

    /// What kind of place `found` is for the old `span`.
    fn place(&self, span: Span, found: Span) -> Place {
        let old = self.old.within(span.start(), span.end());
        let new = self.new.within(found.start(), found.end());
        let carried = self.links.how[old.clone()].contains(&How::Carried);
        let same = span.slice(self.old_text) == found.slice(self.new_text);
        let alike = self.old.keys[old.clone()] == self.new.keys[new.clone()];
        let whole = |tokens: &super::token::Tokens, range: &Range<usize>, span: Span| {
            !range.is_empty() && tokens.bytes(range) == (span.start(), span.end())
        };
        let state = if same && !carried {
            State::Exact
        } else if same || (alike && whole(&self.old, &old, span) && whole(&self.new, &new, found)) {
            State::Moved
        } else {
            State::Edited
        };
        let similarity = if state == State::Edited { self.similarity(&old, &new) } else { 1.0 };
        Place { span: found, state, similarity }
    }

    fn similarity(&self, old: &Range<usize>, new: &Range<usize>) -> f32 {
        let chars = |keys: &[u32]| keys.iter().map(|&key| self.keys.chars(key)).sum::<u32>();
        let all = chars(&self.old.keys[old.clone()]) + chars(&self.new.keys[new.clone()]);
        let partner = |at: usize| Some(self.links.to_new[at] as usize).filter(|at| new.contains(at));
        let common: u32 = old.clone().filter_map(|at| Some(self.common(at, partner(at)?))).sum();
        ((2 * common) as f32 / all.max(1) as f32).min(0.999)
    }
}
