//! Which token of the new text each token of the old one became.
//!
//! The first pass is a diff of the tokens in order (Histogram, of `imara-diff`); a hunk that could stand in several
//! places is slid to where a paragraph begins, and short matches between large replaced blocks are taken for chance
//! and dropped. What was carried elsewhere or reworded is left to `moves` and `gaps`.

use std::collections::HashMap;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, Token as DiffToken};

use super::token::{Keys, Tokens};

/// No token.
pub(super) const NONE: u32 = u32::MAX;

/// From so many tokens on a text is long.
const LARGE: usize = 12_000;

/// How a token came over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum How {
    /// Not at all.
    #[default]
    Gone,
    /// In order with the rest.
    Kept,
    /// To another place among the rest.
    Carried,
    /// Another token stands in its place.
    Replaced,
}

/// The same tokens in both texts, in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub old: u32,
    pub new: u32,
    pub len: u32,
}

/// The map between the tokens of two texts; each token has at most one partner.
#[derive(Debug)]
pub(super) struct Links {
    /// For each old token the new one, or [`NONE`].
    pub to_new: Vec<u32>,
    /// For each new token the old one, or [`NONE`].
    pub to_old: Vec<u32>,
    /// For each old token.
    pub how: Vec<How>,
}

impl Links {
    /// A map that knows nothing yet.
    pub fn new(old: usize, new: usize) -> Self {
        Self { to_new: vec![NONE; old], to_old: vec![NONE; new], how: vec![How::Gone; old] }
    }

    /// Makes two tokens partners; both are free.
    pub fn link(&mut self, old: usize, new: usize, how: How) {
        self.to_new[old] = new as u32;
        self.to_old[new] = old as u32;
        self.how[old] = how;
    }

    /// Stretches of old tokens without a partner.
    pub fn free_old(&self) -> Vec<Range<usize>> {
        free(&self.to_new)
    }

    /// Stretches of new tokens without a partner.
    pub fn free_new(&self) -> Vec<Range<usize>> {
        free(&self.to_old)
    }
}

fn free(partners: &[u32]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < partners.len() {
        let end = partners[at..].iter().position(|&partner| partner != NONE).map_or(partners.len(), |n| at + n);
        if end > at {
            found.push(at..end);
        }
        at = end + partners[end..].iter().position(|&partner| partner == NONE).unwrap_or(partners.len() - end);
    }
    found
}

/// Two stretches that stand for each other, either of them maybe empty.
#[derive(Clone, Debug)]
struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
}

/// What stayed in order: runs of the same tokens.
pub(super) fn kept(old: &Tokens, new: &Tokens, keys: &Keys) -> Vec<Run> {
    let Some(hunks) = compare(&old.keys, &new.keys, keys.count()) else { return ends(old, new) };
    let hunks = slide_all(hunks, old, new);
    runs(&without_islands(hunks, old, new, keys), old.len())
}

/// The hunks between two sequences of keys below `count`; none when it would take too long.
fn compare(old: &[u32], new: &[u32], count: u32) -> Option<Vec<Hunk>> {
    if old.len().min(new.len()) < LARGE {
        return diff(old, new, count);
    }
    // In a long text hardly a word is rare enough to hold on to, and sequences of three are: they first, then the words
    // between what they have in common.
    let mut numbers: HashMap<[u32; 3], u32> = HashMap::new();
    let [olds, news] = [old, new].map(|keys| {
        let of = |three: &[u32]| {
            let next = numbers.len() as u32;
            *numbers.entry([three[0], three[1], three[2]]).or_insert(next)
        };
        keys.windows(3).map(of).collect::<Vec<u32>>()
    });
    let common = runs(&diff(&olds, &news, numbers.len() as u32)?, olds.len());
    let (mut hunks, mut at) = (Vec::new(), (0, 0));
    let end = Run { old: old.len() as u32, new: new.len() as u32, len: 0 };
    let whole = common.into_iter().map(|run| Run { len: run.len + 2, ..run });
    for run in whole.chain([end]) {
        let (start_old, start_new, len) = (run.old as usize, run.new as usize, run.len as usize);
        // Two runs may share a token or two.
        let shift = at.0.max(start_old) - start_old;
        let shift = shift.max(at.1.max(start_new) - start_new);
        if shift >= len && len > 0 {
            continue;
        }
        let block = Hunk { old: at.0..start_old + shift, new: at.1..start_new + shift };
        hunks.extend(within(old, new, block)?);
        at = (start_old + len, start_new + len);
    }
    Some(hunks)
}

/// The hunks of one block, whose keys are numbered anew so that it costs what it holds.
fn within(old: &[u32], new: &[u32], block: Hunk) -> Option<Vec<Hunk>> {
    if block.old.is_empty() || block.new.is_empty() {
        return Some(if block.old.is_empty() && block.new.is_empty() { Vec::new() } else { vec![block] });
    }
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let [olds, news] = [&old[block.old.clone()], &new[block.new.clone()]].map(|keys| {
        let of = |key: &u32| {
            let next = numbers.len() as u32;
            *numbers.entry(*key).or_insert(next)
        };
        keys.iter().map(of).collect::<Vec<u32>>()
    });
    let place = |range: Range<usize>, start: usize| range.start + start..range.end + start;
    let hunks = diff(&olds, &news, numbers.len() as u32)?.into_iter();
    Some(
        hunks
            .map(|hunk| Hunk { old: place(hunk.old, block.old.start), new: place(hunk.new, block.new.start) })
            .collect(),
    )
}

/// The hunks as Histogram finds them; none when it would take too long.
fn diff(old: &[u32], new: &[u32], count: u32) -> Option<Vec<Hunk>> {
    if toilsome(old, new, count) {
        return None;
    }
    let tokens = |keys: &[u32]| keys.iter().map(|&key| DiffToken::from(key)).collect::<Vec<_>>();
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &tokens(old), &tokens(new), count);
    let range = |range: Range<u32>| range.start as usize..range.end as usize;
    Some(diff.hunks().map(|hunk| Hunk { old: range(hunk.before), new: range(hunk.after) }).collect())
}

/// Whether the diff would take too long: Histogram hands stretches without a rare token over to Myers, which is slow on
/// long ones. No prose is like that; a table of two words is.
fn toilsome(old: &[u32], new: &[u32], count: u32) -> bool {
    const RARE: u32 = 64;
    const MOST: usize = 1_000_000_000;
    let mut counts = vec![0u32; count as usize];
    for &key in old.iter().chain(new) {
        counts[key as usize] += 1;
    }
    let work = |keys: &[u32]| {
        let stretches = keys.split(|&key| counts[key as usize] <= RARE);
        stretches.map(|stretch| stretch.len() * stretch.len()).sum::<usize>()
    };
    work(old).max(work(new)) > MOST
}

/// What the two texts have in common at their start and at their end.
fn ends(old: &Tokens, new: &Tokens) -> Vec<Run> {
    let least = old.len().min(new.len());
    let start = old.keys.iter().zip(&new.keys).take_while(|(a, b)| a == b).count();
    let pairs = old.keys.iter().rev().zip(new.keys.iter().rev());
    let end = pairs.take(least - start).take_while(|(a, b)| a == b).count();
    let run = |old: usize, new: usize, len: usize| Run { old: old as u32, new: new as u32, len: len as u32 };
    let runs = [run(0, 0, start), run(old.len() - end, new.len() - end, end)];
    runs.into_iter().filter(|run| run.len > 0).collect()
}

/// Slides insertions and deletions that could stand in several places: those that can meet become one.
fn slide_all(hunks: Vec<Hunk>, old: &Tokens, new: &Tokens) -> Vec<Hunk> {
    let mut slid: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for mut hunk in hunks {
        while let Some(last) = slid.last() {
            let room = hunk.new.start - last.new.end;
            let meets = |tokens: &Tokens, last: &Range<usize>, this: &Range<usize>| {
                (1..=room).all(|by| {
                    tokens.keys.get(this.start - by) == this.end.checked_sub(by).and_then(|at| tokens.keys.get(at))
                }) || (0..room).all(|by| tokens.keys.get(last.start + by) == tokens.keys.get(last.end + by))
            };
            let deleted = last.new.is_empty() && hunk.new.is_empty() && meets(old, &last.old, &hunk.old);
            let inserted = last.old.is_empty() && hunk.old.is_empty() && meets(new, &last.new, &hunk.new);
            if !(deleted || inserted) {
                break;
            }
            let length = (last.old.len() + hunk.old.len(), last.new.len() + hunk.new.len());
            let up = |side: &Range<usize>, tokens: &Tokens| {
                (1..=room).all(|by| tokens.keys.get(side.start - by) == tokens.keys.get(side.end - by))
            };
            let at = if (deleted && up(&hunk.old, old)) || (inserted && up(&hunk.new, new)) {
                (last.old.start, last.new.start)
            } else {
                (last.old.start + room, last.new.start + room)
            };
            hunk = Hunk { old: at.0..at.0 + length.0, new: at.1..at.1 + length.1 };
            slid.pop();
        }
        slid.push(hunk);
    }
    for at in 0..slid.len() {
        let before = at.checked_sub(1).map_or(0, |before| slid[before].new.end);
        let after = slid.get(at + 1).map_or(new.len(), |after| after.new.start);
        let hunk = &slid[at];
        let (side, tokens) = match (hunk.old.is_empty(), hunk.new.is_empty()) {
            (true, false) => (hunk.new.clone(), new),
            (false, true) => (hunk.old.clone(), old),
            _ => continue,
        };
        let by = slide(tokens, &side, (hunk.new.start - before, after - hunk.new.end));
        let shift = |range: &Range<usize>| range.start.wrapping_add_signed(by)..range.end.wrapping_add_signed(by);
        slid[at] = Hunk { old: shift(&hunk.old), new: shift(&hunk.new) };
    }
    slid
}

/// By how many tokens a stretch is best slid, at most `room` to the left and right: to where it begins after the
/// widest gap, and the least way.
fn slide(tokens: &Tokens, side: &Range<usize>, room: (usize, usize)) -> isize {
    let keys = &tokens.keys;
    let score = |by: isize| {
        let start = side.start.wrapping_add_signed(by);
        let end = side.end.wrapping_add_signed(by);
        (tokens.gap(start).min(tokens.gap(end)), tokens.gap(start).max(tokens.gap(end)), -by.abs())
    };
    let mut best = (score(0), 0);
    let mut consider = |by: isize| best = best.max((score(by), by));
    let mut by = 0;
    while by < room.0 && keys[side.start - by - 1] == keys[side.end - by - 1] {
        by += 1;
        consider(-by.cast_signed());
    }
    by = 0;
    while by < room.1 && keys[side.start + by] == keys[side.end + by] {
        by += 1;
        consider(by.cast_signed());
    }
    best.1
}

/// Joins large hunks that only a short match keeps apart.
fn without_islands(hunks: Vec<Hunk>, old: &Tokens, new: &Tokens, keys: &Keys) -> Vec<Hunk> {
    let mut joined: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for hunk in hunks {
        match joined.last_mut() {
            Some(last) if is_island(last, &hunk, old, new, keys) => {
                last.old.end = hunk.old.end;
                last.new.end = hunk.new.end;
            }
            _ => joined.push(hunk),
        }
    }
    joined
}

/// Whether the match between two hunks is so short beside them that it came about by chance.
fn is_island(before: &Hunk, after: &Hunk, old: &Tokens, new: &Tokens, keys: &Keys) -> bool {
    let island = before.old.end..after.old.start;
    // A mark that changed places with the words beside it.
    let passed = |gone: &Range<usize>, come: &Range<usize>| {
        !gone.is_empty() && gone.len() <= 4 && old.keys[gone.clone()] == new.keys[come.clone()]
    };
    if island.len() == 1
        && !old.list[island.start].word
        && (passed(&before.old, &after.new) || passed(&after.old, &before.new))
    {
        return true;
    }
    let chars: u32 = old.keys[island.clone()].iter().map(|&key| keys.chars(key)).sum();
    // A block that is alike on both sides was reworded, and the words between are its own.
    let reworded = |hunk: &Hunk| {
        let (long, short) = (hunk.old.len().max(hunk.new.len()), hunk.old.len().min(hunk.new.len()));
        long <= short + short / 2 + 1 && long < 8
    };
    let sides = [before, after].into_iter().filter(|hunk| !reworded(hunk));
    let (gone, come) = sides.fold((0, 0), |sum, hunk| (sum.0 + hunk.old.len(), sum.1 + hunk.new.len()));
    let least = gone.min(come);
    match island.len() {
        0 => true,
        1 => least >= 4 || (chars <= 2 && least >= 2),
        2 => least >= 6 || (chars <= 4 && least >= 4),
        3 | 4 => least >= 12,
        _ => false,
    }
}

fn runs(hunks: &[Hunk], end: usize) -> Vec<Run> {
    let mut found = Vec::with_capacity(hunks.len() + 1);
    let (mut old, mut new) = (0, 0);
    for hunk in hunks {
        if hunk.old.start > old {
            found.push(Run { old: old as u32, new: new as u32, len: (hunk.old.start - old) as u32 });
        }
        (old, new) = (hunk.old.end, hunk.new.end);
    }
    if end > old {
        found.push(Run { old: old as u32, new: new as u32, len: (end - old) as u32 });
    }
    found
}
