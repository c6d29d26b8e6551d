//! What stands in the place of what: small blocks that were replaced, aligned word by word.
//!
//! Words that are alike (typos, other endings) are partners; where a block has as many words after as before, each is
//! the partner of the one in its place (names that were changed throughout). How alike two words are also tells how
//! much of a word is still there.

use std::ops::Range;

use smallvec::SmallVec;

use super::Budget;
use super::links::{How, Links, NONE};
use super::token::{Keys, Tokens};

/// The longest side of a block that is aligned.
const WIDE: usize = 400;
/// Longer keys, in bytes, are not compared character by character.
const LONG: usize = 256;
/// Words less alike than this are not the same word.
const ALIKE: f32 = 0.5;
/// Only words at least as alike are still there.
const SAME: f32 = 0.6;

/// How many characters of one key are still there in another, in order: the longest common subsequence; of very long
/// ones only what they begin and end with.
pub(super) fn common_chars(a: &str, b: &str) -> u32 {
    let start = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    let start = start.fold((0, 0), |(chars, bytes), (c, _)| (chars + 1, bytes + c.len_utf8()));
    let (a, b) = (&a[start.1..], &b[start.1..]);
    let end = a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b);
    let end = end.fold((0, 0), |(chars, bytes), (c, _)| (chars + 1, bytes + c.len_utf8()));
    let (a, b) = (&a[..a.len() - end.1], &b[..b.len() - end.1]);
    start.0 + end.0 + if a.len().max(b.len()) > LONG { 0 } else { subsequence(a, b) }
}

fn subsequence(a: &str, b: &str) -> u32 {
    let b: SmallVec<[char; 32]> = b.chars().collect();
    let mut row: SmallVec<[u32; 32]> = smallvec::smallvec![0; b.len() + 1];
    for x in a.chars() {
        let mut diagonal = 0;
        for (at, &y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// At least as much as [`common_chars`] of two keys, and sooner known.
fn common_at_most(a: &str, b: &str) -> u32 {
    let set = |text: &str| text.chars().fold(0u64, |set, c| set | 1 << (c as u32 % 64));
    let (in_a, in_b) = (set(a), set(b));
    let within = |text: &str, set: u64| text.chars().filter(|&c| set & 1 << (c as u32 % 64) != 0).count() as u32;
    within(a, in_b).min(within(b, in_a))
}

/// The characters that two keys have in common; none where the two are too different to be the same word.
pub(super) fn shared_chars(keys: &Keys, a: u32, b: u32) -> u32 {
    let both = keys.chars(a) + keys.chars(b);
    if a == b {
        return keys.chars(a);
    }
    let common = common_chars(keys.text(a), keys.text(b));
    if (2 * common) as f32 >= SAME * both as f32 { common } else { 0 }
}

/// From 0 to 1, how alike two keys are: twice what is common by both lengths.
fn likeness(keys: &Keys, a: u32, b: u32) -> f32 {
    if a == b {
        return 1.0;
    }
    let (long, short) = (keys.chars(a).max(keys.chars(b)), keys.chars(a).min(keys.chars(b)));
    if short < 2 || long > 2 * short + 1 || long > 64 {
        return 0.0;
    }
    let (a, b) = (keys.text(a), keys.text(b));
    let share = |common: u32| (2 * common) as f32 / (long + short) as f32;
    if share(common_at_most(a, b)) < ALIKE { 0.0 } else { share(common_chars(a, b)) }
}

/// The best pairs in order of two stretches: same tokens and words that are alike. None when it costs too much.
pub(super) fn align(
    old: &Tokens,
    new: &Tokens,
    keys: &Keys,
    from: &Range<usize>,
    to: &Range<usize>,
    budget: &mut Budget,
) -> Option<Vec<(usize, usize)>> {
    let (height, width) = (from.len(), to.len());
    if height > WIDE || width > WIDE || !budget.spend(height * width) {
        return None;
    }
    // The score of the best pairs of what remains from (row, column) on.
    let mut best = vec![0f32; (height + 1) * (width + 1)];
    let mut worth = vec![0f32; height * width];
    for row in (0..height).rev() {
        for column in (0..width).rev() {
            let (a, b) = (old.keys[from.start + row], new.keys[to.start + column]);
            let alike = if old.list[from.start + row].word == new.list[to.start + column].word {
                likeness(keys, a, b)
            } else {
                0.0
            };
            let value = if alike < ALIKE {
                0.0
            } else {
                let weight =
                    if old.list[from.start + row].word { 1.0 + keys.chars(a).min(8) as f32 / 4.0 } else { 0.6 };
                // Pairs that stand together are worth a little more than the same ones scattered.
                let next = row + 1 < height && column + 1 < width && worth[(row + 1) * width + column + 1] > 0.0;
                weight * alike * alike + if next { 0.3 } else { 0.0 }
            };
            worth[row * width + column] = value;
            let skip = best[(row + 1) * (width + 1) + column].max(best[row * (width + 1) + column + 1]);
            let pair = if value > 0.0 { best[(row + 1) * (width + 1) + column + 1] + value } else { 0.0 };
            best[row * (width + 1) + column] = skip.max(pair);
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (0, 0);
    while row < height && column < width {
        let here = best[row * (width + 1) + column];
        let value = worth[row * width + column];
        if value > 0.0 && here <= best[(row + 1) * (width + 1) + column + 1] + value {
            pairs.push((from.start + row, to.start + column));
            (row, column) = (row + 1, column + 1);
        } else if here <= best[(row + 1) * (width + 1) + column] {
            row += 1;
        } else {
            column += 1;
        }
    }
    Some(pairs)
}

/// Links what is left in blocks that stand between partners.
pub(super) fn fill(old: &Tokens, new: &Tokens, keys: &Keys, links: &mut Links, budget: &mut Budget) {
    for range in links.free_old() {
        let left = range.start.checked_sub(1).map_or(NONE, |at| links.to_new[at]);
        let right = links.to_new.get(range.end).copied().unwrap_or(NONE);
        let after = if range.start == 0 { Some(0) } else { (left != NONE).then_some(left as usize + 1) };
        let before = if range.end == old.len() { Some(new.len()) } else { (right != NONE).then_some(right as usize) };
        let forward = after.map(|start| start..free_end(links, start));
        let backward = before.map(|end| free_start(links, end)..end);
        let same = forward.is_some() && forward == backward;
        let blocks = [forward, backward.filter(|_| !same)];
        let found = blocks
            .into_iter()
            .flatten()
            .filter(|block| !block.is_empty())
            .filter_map(|block| pairs_of(old, new, keys, &range, &block, same, budget))
            .max_by_key(|(worth, _)| *worth);
        if let Some((_, pairs)) = found {
            for (from, to) in pairs {
                links.link(from, to, How::Replaced);
            }
        }
    }
}

fn free_end(links: &Links, start: usize) -> usize {
    links.to_old[start..].iter().position(|&partner| partner != NONE).map_or(links.to_old.len(), |n| start + n)
}

fn free_start(links: &Links, end: usize) -> usize {
    links.to_old[..end].iter().rposition(|&partner| partner != NONE).map_or(0, |at| at + 1)
}

/// The partners in one block and how many characters they have in common; none when the two are not alike.
fn pairs_of(
    old: &Tokens,
    new: &Tokens,
    keys: &Keys,
    from: &Range<usize>,
    to: &Range<usize>,
    enclosed: bool,
    budget: &mut Budget,
) -> Option<(u32, Vec<(usize, usize)>)> {
    let sure = align(old, new, keys, from, to, budget)?;
    let common: u32 = sure.iter().map(|&(a, b)| common_chars(keys.text(old.keys[a]), keys.text(new.keys[b]))).sum();
    let chars = |tokens: &Tokens, range: &Range<usize>| -> u32 {
        tokens.keys[range.clone()].iter().map(|&key| keys.chars(key)).sum()
    };
    let (old_chars, new_chars) = (chars(old, from), chars(new, to));
    let small = from.len() <= 3 && to.len() <= 3;
    let even = from.len() == to.len() && from.len() <= 12;
    let alike = if from.len().max(to.len()) <= 8 {
        common * 2 >= old_chars.min(new_chars) && common * 4 >= old_chars.max(new_chars)
    } else {
        common * 10 >= old_chars.min(new_chars) * 6 && common * 10 >= old_chars.max(new_chars) * 4
    };
    if !(alike || enclosed && (small || even)) {
        return None;
    }
    let mut pairs = Vec::with_capacity(from.len());
    let (mut row, mut column) = (from.start, to.start);
    for (a, b) in sure.into_iter().chain([(from.end, to.end)]) {
        // As many before as after: each for the one in its place.
        if a - row == b - column {
            pairs.extend(
                (0..a - row).map(|by| (row + by, column + by)).filter(|&(a, b)| old.list[a].word == new.list[b].word),
            );
        }
        if a < from.end {
            pairs.push((a, b));
        }
        (row, column) = (a + 1, b + 1);
    }
    Some((common, pairs))
}
