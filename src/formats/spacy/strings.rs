//! spaCy's numbers for strings: one of its own symbols, or a hash.
//!
//! The table is that of spaCy 3.8.18; the hash is MurmurHash64A (Appleby) with seed 1, as spaCy's `hash_string`.

use std::collections::HashMap;
use std::sync::OnceLock;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use smol_str::SmolStr;

/// Number and name of each symbol.
const SYMBOLS: &str = include_str!("symbols.txt");

fn symbols() -> &'static HashMap<&'static str, u64> {
    static TABLE: OnceLock<HashMap<&'static str, u64>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = SYMBOLS.lines().filter_map(|line| line.split_once(' '));
        lines.filter_map(|(number, name)| Some((name, number.parse().ok()?))).collect()
    })
}

/// The name of a symbol.
pub(super) fn symbol(number: u64) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<u64, &'static str>> = OnceLock::new();
    NAMES.get_or_init(|| symbols().iter().map(|(name, number)| (*number, *name)).collect()).get(&number).copied()
}

/// The number of a string.
pub(super) fn number(text: &str) -> u64 {
    if text.is_empty() { 0 } else { symbols().get(text).copied().unwrap_or_else(|| murmur(text.as_bytes())) }
}

/// Strings, each once with its number, found by the hash that most have as their number.
#[derive(Default)]
pub(super) struct Strings(HashTable<Noted>);

struct Noted {
    hash: u64,
    number: u64,
    text: SmolStr,
}

impl Strings {
    /// The number of a string, which is noted.
    pub fn noted(&mut self, text: &str) -> u64 {
        if text.is_empty() {
            return 0;
        }
        let hash = murmur(text.as_bytes());
        match self.0.entry(hash, |it| it.hash == hash, |it| it.hash) {
            Entry::Occupied(there) => there.get().number,
            Entry::Vacant(place) => place.insert(Noted { hash, number: number(text), text: text.into() }).get().number,
        }
    }

    /// Takes in the strings of another.
    pub fn extend(&mut self, other: Self) {
        for noted in other.0 {
            let hash = noted.hash;
            self.0.entry(hash, |it| it.hash == hash, |it| it.hash).or_insert(noted);
        }
    }

    /// The strings in their order.
    pub fn sorted(&self) -> Vec<&str> {
        let mut texts: Vec<&str> = self.0.iter().map(|it| it.text.as_str()).collect();
        texts.sort_unstable();
        texts
    }
}

/// MurmurHash64A with seed 1.
fn murmur(bytes: &[u8]) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    const R: u32 = 47;
    let mut hash = 1_u64 ^ (bytes.len() as u64).wrapping_mul(M);
    let (blocks, rest) = bytes.as_chunks::<8>();
    for block in blocks {
        let mut k = u64::from_le_bytes(*block).wrapping_mul(M);
        k ^= k >> R;
        hash = (hash ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(M);
    }
    hash ^= hash >> R;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> R)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From spaCy 3.8.18: `spacy.strings.StringStore([...])[...]`.
    #[test]
    fn numbers_are_those_of_spacy() {
        assert_eq!(number(""), 0);
        assert_eq!(number("PERSON"), 380);
        assert_eq!(symbol(380), Some("PERSON"));
        for (text, wanted) in PROBES {
            assert_eq!(number(text), *wanted, "{text}");
        }
    }

    const PROBES: &[(&str, u64)] = &[
        ("Bob", 192_399_524_322_317_269),
        ("北京", 11_804_760_672_128_813_659),
        ("😀", 13_900_606_239_988_879_105),
        ("a", 11_901_859_001_352_538_922),
        ("12345678", 9_871_996_032_675_327_904),
        ("123456789", 2_056_675_840_866_671_865),
        ("Zoë Öster met", 9_036_030_621_460_966_605),
        ("entity", 10_735_120_811_148_635_719),
    ];
}
