//! Articles that are nearly the same, so that none of them is in the part that tests what another has taught.
//!
//! Two articles are near when they share most of their stretches of twenty letters (shingles; Broder 1997). What they share
//! is estimated by one permutation with 64 bins (Li, Owen and Zhang 2012), and looked for in bands of four (Indyk and
//! Motwani 1998), so that the cost grows with the articles and not with their pairs.

use std::collections::HashMap;

/// Letters and digits of a shingle.
const SHINGLE: usize = 20;
/// Bins of a signature, and how many make a band.
const BINS: usize = 64;
const BAND: usize = 4;
/// Articles that share so much of their shingles are near.
const NEAR: f64 = 0.7;
/// With so many articles of the same band one is compared.
const COMPARED: usize = 16;

/// What an article is compared by.
pub(super) type Signature = [u32; BINS];

/// The signature of a text: letters and digits count, their case does not.
pub(super) fn signature(text: &str) -> Signature {
    const BASE: u64 = 0x0100_0000_01b3;
    let letters: Vec<u32> =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(u32::from).collect();
    let mut bins = [u32::MAX; BINS];
    let mut add = |hash: u64| {
        let mixed = mix(hash);
        let bin = (mixed >> 58) as usize;
        bins[bin] = bins[bin].min((mixed as u32).min(u32::MAX - 1));
    };
    let first = letters.len().min(SHINGLE);
    let mut hash =
        letters[..first].iter().fold(0_u64, |hash, &c| hash.wrapping_mul(BASE).wrapping_add(u64::from(c) + 1));
    add(hash);
    let top = (1..SHINGLE).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    for (leaves, enters) in letters.iter().zip(letters.iter().skip(SHINGLE)) {
        hash = hash.wrapping_sub((u64::from(*leaves) + 1).wrapping_mul(top));
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(*enters) + 1);
        add(hash);
    }
    // A bin that nothing fell into takes the value of the next that has one, moved by the distance.
    let full = bins;
    for (at, bin) in bins.iter_mut().enumerate().filter(|(_, bin)| **bin == u32::MAX) {
        let next = (1..BINS).find(|step| full[(at + step) % BINS] != u32::MAX);
        if let Some(step) = next {
            *bin = full[(at + step) % BINS].wrapping_add((step as u32).wrapping_mul(0x9e37_79b9));
        }
    }
    bins
}

/// The finaliser of MurmurHash3 (Appleby).
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// For each article the first one of its group: itself, where none is near.
pub(super) fn groups(signatures: &[Signature]) -> Vec<usize> {
    let mut above: Vec<usize> = (0..signatures.len()).collect();
    let mut bands: HashMap<(usize, &[u32]), Vec<usize>> = HashMap::new();
    for (at, signature) in signatures.iter().enumerate() {
        for (band, values) in signature.chunks(BAND).enumerate() {
            let there = bands.entry((band, values)).or_default();
            for &other in there.iter() {
                if root(&mut above, at) != root(&mut above, other) && shared(signature, &signatures[other]) >= NEAR {
                    let (one, two) = (root(&mut above, at), root(&mut above, other));
                    above[one.max(two)] = one.min(two);
                }
            }
            if there.len() < COMPARED {
                there.push(at);
            }
        }
    }
    (0..signatures.len()).map(|at| root(&mut above, at)).collect()
}

fn root(above: &mut [usize], mut at: usize) -> usize {
    while above[at] != at {
        above[at] = above[above[at]];
        at = above[at];
    }
    at
}

/// The share of shingles that two articles have in common, estimated.
fn shared(one: &Signature, other: &Signature) -> f64 {
    one.iter().zip(other).filter(|(one, other)| one == other).count() as f64 / BINS as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: std::ops::Range<usize>) -> String {
        words.map(|word| format!("word{} ", mix(word as u64) % 100_000)).collect()
    }

    #[test]
    fn near_duplicates_come_together_and_others_do_not() {
        let article = text(0..400);
        let edited = article.replacen("word", "Word!", 40).replace(' ', "\n") + &text(5000..5020);
        let half = text(0..200) + &text(6000..6200);
        let texts =
            [article.clone(), text(1000..1400), edited, half, "短い".to_owned(), String::new(), "短 い".to_owned()];
        let signatures: Vec<Signature> = texts.iter().map(|text| signature(text)).collect();
        assert_eq!(groups(&signatures), [0, 1, 0, 3, 4, 5, 4]);
    }

    #[test]
    fn the_estimate_is_near_the_truth() {
        for (same, of) in [(400, 400), (300, 400), (200, 400), (0, 400)] {
            let other = text(0..same) + &text(9000..9000 + of - same);
            let truth = same as f64 / (2 * of - same) as f64;
            let found = shared(&signature(&text(0..of)), &signature(&other));
            assert!((found - truth).abs() < 0.2, "{same} of {of}: {found} for {truth}");
        }
    }
}
