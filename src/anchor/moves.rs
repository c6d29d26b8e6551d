//! What was carried to another place in the text.
//!
//! First the same tokens in a row (tiles), the longest first, in competition with what stayed in order: a paragraph
//! that went elsewhere whole takes back the sentences that the diff gave to copies of them. Then stretches that were
//! carried and changed: two free stretches that share enough rare sequences are aligned with each other. Whatever could
//! have gone to several places is left alone, for `search` to ask about.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::Range;

use super::Budget;
use super::gaps::align;
use super::links::{How, Links, NONE, Run};
use super::token::{Gap, Keys, Tokens};

/// So many tokens in a row make a seed.
const SEED: usize = 4;
/// A seed that stands in more places of the new text says nothing.
const PLACES: usize = 6;
/// The least length of a tile that is no whole paragraph.
const TILE: u32 = 14;

/// A run that may be taken, the heaviest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Bid {
    weight: u32,
    kept: bool,
    old: Reverse<u32>,
    new: Reverse<u32>,
    len: u32,
    /// How much of it must be left for it to be taken.
    least: u32,
}

impl Bid {
    fn new(run: Run, kept: bool, least: u32) -> Self {
        // What stays in order is twice as likely.
        let weight = if kept { run.len * 2 } else { run.len };
        Self { weight, kept, old: Reverse(run.old), new: Reverse(run.new), len: run.len, least }
    }
}

/// The map of what stayed and of what was carried as it is.
pub(super) fn tiles(old: &Tokens, new: &Tokens, kept: &[Run]) -> Links {
    let mut links = Links::new(old.len(), new.len());
    let carried = carried(old, new, kept);
    let kept = &mended(old, new, kept, &carried);
    if carried.is_empty() {
        for run in kept {
            take(&mut links, *run, How::Kept);
        }
        return links;
    }
    let mut heap: BinaryHeap<Bid> = kept.iter().map(|&run| Bid::new(run, true, 0)).collect();
    let whole = carried.iter().filter(|&&run| is_whole(old, new, run));
    heap.extend(whole.map(|&run| Bid::new(run, false, run.len - run.len / 3)));
    while let Some(bid) = heap.pop() {
        let run = Run { old: bid.old.0, new: bid.new.0, len: bid.len };
        let free = free_parts(&links, run);
        if free.len() == 1 && free[0] == run {
            take(&mut links, run, if bid.kept { How::Kept } else { How::Carried });
        } else {
            let left = free.into_iter().filter(|part| part.len >= bid.least);
            heap.extend(left.map(|part| Bid::new(part, bid.kept, bid.least)));
        }
    }
    links
}

/// What stayed in order, with whole sentences put together again: where a deletion left the start of one sentence and
/// the end of another, and these make up one that stood between them, it is that one.
fn mended(old: &Tokens, new: &Tokens, kept: &[Run], carried: &[Run]) -> Vec<Run> {
    let mut mended: Vec<Run> = kept.to_vec();
    for &tile in carried.iter().filter(|tile| tile.len >= SEED as u32 + 2) {
        let at = mended.partition_point(|run| run.new + run.len <= tile.new);
        let [left, right] = mended.get(at..at + 2).unwrap_or_default() else { continue };
        let (joint, end) = (right.new, tile.new + tile.len);
        let between = left.old + left.len <= tile.old && tile.old + tile.len <= right.old;
        let covers = left.new + left.len == joint
            && left.new < tile.new
            && tile.new < joint
            && joint < end
            && end < right.new + right.len;
        let bound = |tokens: &Tokens, at: u32| tokens.gap(at as usize) >= Gap::Sentence;
        // Runs reach as far as they can, maybe over the ends of the sentence.
        let first = (tile.new..joint).find(|&at| bound(new, at) && bound(old, at - tile.new + tile.old));
        let last = (joint + 1..=end).rev().find(|&at| bound(new, at) && bound(old, at - tile.new + tile.old));
        let (true, true, Some(first), Some(last)) = (between, covers, first, last) else { continue };
        let right = Run { old: right.old + last - joint, new: last, len: right.len - (last - joint) };
        let whole = Run { old: tile.old + first - tile.new, new: first, len: last - first };
        mended[at].len = first - mended[at].new;
        mended[at + 1] = right;
        mended.insert(at + 1, whole);
    }
    mended
}

fn take(links: &mut Links, run: Run, how: How) {
    for at in 0..run.len as usize {
        links.link(run.old as usize + at, run.new as usize + at, how);
    }
}

/// The parts of a run whose tokens are free on both sides.
fn free_parts(links: &Links, run: Run) -> Vec<Run> {
    let mut parts = Vec::new();
    let mut len = 0;
    for at in 0..=run.len {
        let (old, new) = ((run.old + at) as usize, (run.new + at) as usize);
        if at < run.len && links.to_new[old] == NONE && links.to_old[new] == NONE {
            len += 1;
        } else if len > 0 {
            parts.push(Run { old: run.old + at - len, new: run.new + at - len, len });
            len = 0;
        }
    }
    parts
}

/// Whether a tile is more than a phrase that stands in both texts anyway: long, or a paragraph of its own.
fn is_whole(old: &Tokens, new: &Tokens, run: Run) -> bool {
    let bounds = |tokens: &Tokens, at: u32| {
        let (start, end) = (tokens.gap(at as usize), tokens.gap((at + run.len) as usize));
        start >= Gap::Line && end >= Gap::Line
    };
    run.len >= TILE * 2
        || (run.len >= TILE && (bounds(old, run.old) || bounds(new, run.new)))
        || (run.len >= SEED as u32 + 2 && bounds(old, run.old) && bounds(new, run.new))
}

/// Runs of the same tokens that do not lie in what stayed in order, as long as they can be.
fn carried(old: &Tokens, new: &Tokens, kept: &[Run]) -> Vec<Run> {
    let covered: u32 = kept.iter().map(|run| run.len).sum();
    if (old.len() as u32).saturating_sub(covered) < SEED as u32
        || (new.len() as u32).saturating_sub(covered) < SEED as u32
    {
        return Vec::new();
    }
    let seeds = Seeds::new(&new.keys, |_| true);
    // How far each diagonal was followed.
    let mut ends: HashMap<usize, usize> = HashMap::new();
    let mut found = Vec::new();
    let mut at_kept = 0;
    for at in 0..(old.len() + 1).saturating_sub(SEED) {
        while kept.get(at_kept).is_some_and(|run| ((run.old + run.len) as usize) <= at) {
            at_kept += 1;
        }
        let own =
            kept.get(at_kept).filter(|run| run.old as usize <= at).map(|run| run.new as usize + at - run.old as usize);
        for place in seeds.places(&old.keys[at..at + SEED]) {
            if own == Some(place) {
                continue;
            }
            let end = ends.entry(place + old.len() - at).or_default();
            if *end > at {
                continue;
            }
            let same = |by: usize| old.keys.get(at + by).is_some_and(|key| new.keys.get(place + by) == Some(key));
            let after = (SEED..old.len()).take_while(|&by| same(by)).count() + SEED;
            let before = (1..=at.min(place)).take_while(|&by| old.keys[at - by] == new.keys[place - by]).count();
            *end = at + after;
            found.push(Run { old: (at - before) as u32, new: (place - before) as u32, len: (before + after) as u32 });
        }
    }
    found.retain(|run| run.len > SEED as u32);
    found
}

/// Where each short sequence of a text stands.
struct Seeds<'t> {
    keys: &'t [u32],
    first: HashMap<[u32; SEED], u32>,
    next: Vec<u32>,
    crowded: HashSet<[u32; SEED]>,
}

impl<'t> Seeds<'t> {
    /// The sequences of `keys` whose first token is taken.
    fn new(keys: &'t [u32], takes: impl Fn(usize) -> bool) -> Self {
        let mut seeds = Self { keys, first: HashMap::new(), next: vec![NONE; keys.len()], crowded: HashSet::new() };
        let mut counts: HashMap<[u32; SEED], usize> = HashMap::new();
        for at in (0..(keys.len() + 1).saturating_sub(SEED)).rev().filter(|&at| takes(at)) {
            let seed = key(&keys[at..at + SEED]);
            let count = counts.entry(seed).or_default();
            *count += 1;
            if *count > PLACES {
                seeds.crowded.insert(seed);
                continue;
            }
            if let Some(later) = seeds.first.insert(seed, at as u32) {
                seeds.next[at] = later;
            }
        }
        seeds
    }

    /// Where a sequence stands; nowhere when it stands in too many places.
    fn places(&self, seed: &[u32]) -> impl Iterator<Item = usize> {
        debug_assert!(seed.len() == SEED && self.keys.len() == self.next.len());
        let seed = key(seed);
        let first = self.first.get(&seed).filter(|_| !self.crowded.contains(&seed)).copied().unwrap_or(NONE);
        std::iter::successors((first != NONE).then_some(first), |&at| {
            let next = self.next[at as usize];
            (next != NONE).then_some(next)
        })
        .map(|at| at as usize)
    }
}

fn key(seed: &[u32]) -> [u32; SEED] {
    std::array::from_fn(|at| seed[at])
}

/// Links free stretches that were carried and changed on the way.
pub(super) fn changed(old: &Tokens, new: &Tokens, keys: &Keys, links: &mut Links, budget: &mut Budget) {
    let olds: Vec<Range<usize>> = links.free_old().into_iter().filter(|range| range.len() >= 2 * SEED).collect();
    let news: Vec<Range<usize>> = links.free_new().into_iter().filter(|range| range.len() >= 2 * SEED).collect();
    if olds.is_empty() || news.is_empty() {
        return;
    }
    let mut stretch = vec![NONE; new.len()];
    for (number, range) in news.iter().enumerate() {
        stretch[range.clone()].fill(number as u32);
    }
    let seeds = Seeds::new(&new.keys, |at| stretch[at] != NONE && stretch[at + SEED - 1] == stretch[at]);
    let mut bids = Vec::new();
    for range in &olds {
        let mut votes: HashMap<u32, u32> = HashMap::new();
        for at in range.start..range.end + 1 - SEED {
            for place in seeds.places(&old.keys[at..at + SEED]) {
                *votes.entry(stretch[place]).or_default() += 1;
            }
        }
        let mut votes: Vec<(u32, u32)> = votes.into_iter().collect();
        votes.sort_unstable_by_key(|&(number, votes)| (Reverse(votes), number));
        bids.extend(votes.into_iter().take(3).map(|(number, votes)| (Reverse(votes), range.clone(), number)));
    }
    bids.sort_by_key(|(votes, range, number)| (*votes, range.start, *number));
    for (_, range, number) in bids {
        let other = &news[number as usize];
        let free =
            |partners: &[u32], range: &Range<usize>| partners[range.clone()].iter().all(|&partner| partner == NONE);
        if !free(&links.to_new, &range) || !free(&links.to_old, other) {
            continue;
        }
        let Some(pairs) = align(old, new, keys, &range, other, budget) else { continue };
        let pairs = dense(&pairs, old, keys);
        for (from, to) in pairs {
            links.link(from, to, How::Carried);
        }
    }
}

/// Of aligned pairs, those that stand close together; none when even these are few.
fn dense(pairs: &[(usize, usize)], old: &Tokens, keys: &Keys) -> Vec<(usize, usize)> {
    const APART: usize = 4;
    let mut best: (u32, Range<usize>) = (0, 0..0);
    let mut start = 0;
    for at in 0..pairs.len() {
        let torn =
            at + 1 == pairs.len() || pairs[at + 1].0 - pairs[at].0 > APART || pairs[at + 1].1 - pairs[at].1 > APART;
        if torn {
            let group = &pairs[start..=at];
            let chars: u32 = group.iter().map(|&(old_at, _)| keys.chars(old.keys[old_at])).sum();
            let wide = (group[group.len() - 1].0 - group[0].0 + 1).max(group[group.len() - 1].1 - group[0].1 + 1);
            if chars > best.0 && group.len() * 10 >= wide * 6 {
                best = (chars, start..at + 1);
            }
            start = at + 1;
        }
    }
    if best.1.len() < 2 * SEED || best.0 < 30 {
        return Vec::new();
    }
    pairs[best.1].to_vec()
}
