//! Which articles are in which part of a split, and in which shard.
//!
//! No article and no near-duplicate of it is on two sides: leakage beats stability, and stability beats the ratio. An article's
//! side comes from its name and the seed, that of a group from its smallest name; where groups that were on two
//! sides become one, the side of most of them counts, and who moved is told.

use std::collections::{BTreeMap, HashMap};

use smol_str::SmolStr;

/// The parts of a split, by their order in the shares.
pub(super) const PARTS: [&str; 3] = ["train", "dev", "test"];

/// So many moves are told one by one.
const TOLD: usize = 5;

/// A split that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Shares of train, dev and test.
    pub shares: [u32; 3],
    /// What the parts are drawn with.
    pub seed: u64,
    /// Whether every label comes near the shares. This is not stable when articles are added.
    pub stratify: bool,
}

/// What a split needs to know of an article.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    /// Its path from the root.
    pub name: String,
    /// The first article of its group of near-duplicates.
    pub group: usize,
    /// How often it has each label.
    pub labels: BTreeMap<SmolStr, usize>,
}

/// The part of each article, and what is to be told. `former` says where articles were in the dataset that this one replaces.
pub(super) fn parts(members: &[Member], split: Split, former: &HashMap<String, usize>) -> (Vec<usize>, Vec<String>) {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        groups.entry(member.group).or_default().push(at);
    }
    let mut notes = Vec::new();
    let several: Vec<&Vec<usize>> = groups.values().filter(|group| group.len() > 1).collect();
    if !several.is_empty() {
        let articles: usize = several.iter().map(|group| group.len()).sum();
        notes.push(format!(
            "{articles} articles are near-duplicates of others, in {}: each group is in one part",
            super::count(several.len(), "group")
        ));
    }
    let sides = if split.stratify {
        notes.push(
            "--stratify draws anew when articles are added or labels change: the parts are not stable".to_owned(),
        );
        stratified(members, &groups, split)
    } else {
        groups.values().map(|group| side(members, group, split, former)).collect()
    };
    let mut parts = vec![0; members.len()];
    for (group, side) in groups.values().zip(sides) {
        group.iter().for_each(|&at| parts[at] = side);
    }
    let moved: Vec<String> = members
        .iter()
        .zip(&parts)
        .filter_map(|(member, part)| {
            let was = *former.get(&member.name)?;
            (was != *part).then(|| format!("{} moves from {} to {}", member.name, PARTS[was], PARTS[*part]))
        })
        .collect();
    notes.extend(moved.iter().take(TOLD).cloned());
    if moved.len() > TOLD {
        notes.push(format!("{} more articles move to another part", moved.len() - TOLD));
    }
    (parts, notes)
}

/// The side of a group: where most of it was, or else what its smallest name says.
fn side(members: &[Member], group: &[usize], split: Split, former: &HashMap<String, usize>) -> usize {
    let mut were = [0_usize; 3];
    for part in group.iter().filter_map(|&at| former.get(&members[at].name)) {
        were[*part] += 1;
    }
    let most = were.iter().copied().max().unwrap_or_default();
    if most > 0 {
        return were.iter().position(|&count| count == most).unwrap_or_default();
    }
    let first = group.iter().map(|&at| members[at].name.as_str()).min().unwrap_or_default();
    part_of(first, split.shares, split.seed)
}

/// Sides that bring every label near the shares: the rarest label first, each group to the part that wants most of it
/// (Sechidis, Tsoumakas and Vlahavas 2011).
fn stratified(members: &[Member], groups: &BTreeMap<usize, Vec<usize>>, split: Split) -> Vec<usize> {
    let sum: f64 = split.shares.iter().map(|&share| f64::from(share)).sum();
    let shares = split.shares.map(|share| f64::from(share) / sum.max(1.0));
    let groups: Vec<&Vec<usize>> = groups.values().collect();
    let labels: Vec<BTreeMap<&str, f64>> = groups
        .iter()
        .map(|group| {
            let mut all = BTreeMap::new();
            for (label, count) in group.iter().flat_map(|&at| &members[at].labels) {
                *all.entry(label.as_str()).or_default() += *count as f64;
            }
            all
        })
        .collect();
    let mut wanted: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
    for (label, count) in labels.iter().flatten() {
        let of = wanted.entry(label).or_default();
        (0..3).for_each(|part| of[part] += count * shares[part]);
    }
    let mut room = shares.map(|share| share * members.len() as f64);
    let mut sides: Vec<Option<usize>> = vec![None; groups.len()];
    loop {
        let left = |at: &usize| sides[*at].is_none();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for at in (0..groups.len()).filter(left) {
            labels[at].keys().for_each(|label| *counts.entry(label).or_default() += 1);
        }
        let rarest = counts.iter().min_by_key(|(label, count)| (**count, **label)).map(|(label, _)| *label);
        let mut chosen: Vec<usize> = (0..groups.len())
            .filter(|at| left(at) && rarest.is_none_or(|label| labels[*at].contains_key(label)))
            .collect();
        if chosen.is_empty() {
            break;
        }
        chosen.sort_by_key(|&at| hash(&members[groups[at][0]].name, split.seed));
        for at in chosen {
            let wants = |part: usize| rarest.and_then(|label| wanted.get(label)).map_or(0.0, |of| of[part]);
            let side = (0..3).filter(|&part| shares[part] > 0.0).max_by(|&one, &other| {
                wants(one).total_cmp(&wants(other)).then(room[one].total_cmp(&room[other])).then(other.cmp(&one))
            });
            let side = side.unwrap_or_default();
            sides[at] = Some(side);
            room[side] -= groups[at].len() as f64;
            for (label, count) in &labels[at] {
                if let Some(of) = wanted.get_mut(label) {
                    of[side] -= count;
                }
            }
        }
    }
    sides.into_iter().map(Option::unwrap_or_default).collect()
}

/// The shard of each article: those of a part stand one after the other, so that one file is open at a time.
pub(super) fn shards(parts: &[usize], shards: usize) -> Vec<usize> {
    let mut counts = [0_usize; 3];
    parts.iter().for_each(|&part| counts[part] += 1);
    let mut seen = [0_usize; 3];
    let shard = |&part: &usize| {
        let shard = seen[part] * shards / counts[part].max(1);
        seen[part] += 1;
        shard
    };
    parts.iter().map(shard).collect()
}

/// The part that a name falls into: by itself and the seed alone, so that no other article moves it.
fn part_of(name: &str, shares: [u32; 3], seed: u64) -> usize {
    let sum: u64 = shares.iter().map(|&share| u64::from(share)).sum();
    let mut at = (hash(name, seed) >> 32) % sum.max(1);
    for (part, share) in shares.into_iter().enumerate() {
        if at < u64::from(share) {
            return part;
        }
        at -= u64::from(share);
    }
    0
}

/// FNV-1a (Fowler, Noll, Vo) with a final mix, for its low bits are too even for short names.
fn hash(name: &str, seed: u64) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLIT: Split = Split { shares: [80, 10, 10], seed: 7, stratify: false };

    fn members(names: &[&str], groups: &[usize]) -> Vec<Member> {
        let member =
            |(name, group): (&&str, &usize)| Member { name: (*name).to_owned(), group: *group, ..Member::default() };
        names.iter().zip(groups).map(member).collect()
    }

    #[test]
    fn parts_come_near_their_shares_and_stay() {
        let mut counts = [0; 3];
        for n in 0..10_000 {
            let name = format!("news/{n}.txt");
            let part = part_of(&name, SPLIT.shares, 7);
            assert_eq!(part, part_of(&name, SPLIT.shares, 7));
            counts[part] += 1;
        }
        assert!((7_800..8_200).contains(&counts[0]) && counts[1] > 850 && counts[2] > 850, "{counts:?}");
        let drawn = |seed| (0..50).map(|n| part_of(&n.to_string(), [1, 1, 1], seed)).collect::<Vec<_>>();
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn a_group_is_on_one_side_and_goes_where_most_of_it_was() {
        let all = members(&["a", "b", "c", "d"], &[0, 1, 0, 1]);
        let (parts_now, notes) = parts(&all, SPLIT, &HashMap::new());
        assert!(parts_now[0] == parts_now[2] && parts_now[1] == parts_now[3]);
        assert!(notes[0].contains("4 articles are near-duplicates of others, in 2 groups"), "{notes:?}");
        let one = members(&["a", "b", "c", "d"], &[0, 0, 0, 0]);
        let former: HashMap<String, usize> =
            [("a", 0), ("b", 2), ("c", 2)].map(|(name, part)| (name.to_owned(), part)).into();
        let (now, notes) = parts(&one, SPLIT, &former);
        assert_eq!(now, [2, 2, 2, 2]);
        assert!(notes.iter().any(|note| note == "a moves from train to test"), "{notes:?}");
    }

    #[test]
    fn stratified_parts_have_their_share_of_each_label() {
        let names: Vec<String> = (0..200).map(|n| format!("{n}.txt")).collect();
        let mut all = members(&names.iter().map(String::as_str).collect::<Vec<_>>(), &(0..200).collect::<Vec<_>>());
        for (at, member) in all.iter_mut().enumerate() {
            member.labels = [("common".into(), 5)].into();
            if at % 20 == 0 {
                member.labels.insert("rare".into(), 1);
            }
        }
        let (sides, notes) = parts(&all, Split { stratify: true, ..SPLIT }, &HashMap::new());
        let of = |part, label: &str| {
            sides.iter().zip(&all).filter(|(side, it)| **side == part && it.labels.contains_key(label)).count()
        };
        assert_eq!([of(0, "rare"), of(1, "rare"), of(2, "rare")], [8, 1, 1]);
        assert_eq!([of(0, "common"), of(1, "common"), of(2, "common")], [160, 20, 20]);
        assert!(notes[0].contains("not stable"));
    }

    #[test]
    fn shards_of_a_part_are_as_large_as_each_other() {
        assert_eq!(shards(&[0, 0, 2, 0, 0, 2], 2), [0, 0, 0, 1, 1, 1]);
        assert_eq!(shards(&[0; 5], 3), [0, 0, 1, 1, 2]);
    }
}
