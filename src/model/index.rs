//! Which annotations touch a stretch of text, at a cost that follows what is found and not what the layer holds.
//!
//! Hierarchical bins, as genome browsers use them (Kent et al., "The Human Genome Browser at UCSC", Genome Research 12,
//! 2002): an interval stands in the smallest bin that holds it whole, bins grow eightfold from level to level, and a
//! query looks into the few bins of each level that it meets. Adding and removing touch one bin.

use std::collections::HashMap;

use super::Span;

/// Bytes in a bin of the lowest level, as a power of two.
const SMALLEST: u32 = 9;
/// Each level's bins are this power of two larger than those below.
const GROWTH: u32 = 3;
/// Enough levels that one bin of the last holds every 32-bit offset.
const LEVELS: usize = 9;

/// Intervals of bytes, each with the number of the slot that it belongs to.
#[derive(Clone, Debug, Default)]
pub struct IntervalIndex {
    levels: [HashMap<u32, Vec<Entry>>; LEVELS],
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    span: Span,
    slot: u32,
}

impl IntervalIndex {
    fn bin(span: Span) -> (usize, u32) {
        let last = span.end().max(span.start() + 1) - 1;
        for level in 0..LEVELS {
            let shift = SMALLEST + GROWTH * level as u32;
            if shift >= u32::BITS {
                return (level, 0);
            }
            if span.start() >> shift == last >> shift {
                return (level, span.start() >> shift);
            }
        }
        (LEVELS - 1, 0)
    }

    /// Adds an interval for a slot.
    pub fn insert(&mut self, span: Span, slot: u32) {
        let (level, bin) = Self::bin(span);
        self.levels[level].entry(bin).or_default().push(Entry { span, slot });
    }

    /// Gives back what the bins have grown ahead.
    pub fn shrink(&mut self) {
        for bins in &mut self.levels {
            bins.shrink_to_fit();
            bins.values_mut().for_each(Vec::shrink_to_fit);
        }
    }

    /// Takes an interval of a slot away again.
    pub fn remove(&mut self, span: Span, slot: u32) {
        let (level, bin) = Self::bin(span);
        if let Some(entries) = self.levels[level].get_mut(&bin) {
            if let Some(at) = entries.iter().position(|entry| entry.slot == slot && entry.span == span) {
                entries.swap_remove(at);
            }
            if entries.is_empty() {
                self.levels[level].remove(&bin);
            }
        }
    }

    /// Calls `found` with each interval that shares a byte with `query`, in no particular order. An empty query is a
    /// caret: it meets the intervals that hold the byte before or after it.
    pub fn each(&self, query: Span, mut found: impl FnMut(Span, u32)) {
        let query = if query.is_empty() {
            Span::new(query.start().saturating_sub(1), query.end().saturating_add(1))
        } else {
            query
        };
        let last = query.end() - 1;
        for (level, bins) in self.levels.iter().enumerate() {
            if bins.is_empty() {
                continue;
            }
            let shift = SMALLEST + GROWTH * level as u32;
            let (from, to) = if shift >= u32::BITS { (0, 0) } else { (query.start() >> shift, last >> shift) };
            let mut look = |entries: &[Entry]| {
                for entry in entries.iter().filter(|entry| entry.span.overlaps(query)) {
                    found(entry.span, entry.slot);
                }
            };
            if (to - from) as usize >= bins.len() {
                for bin in sorted_bins(bins, from, to) {
                    look(&bins[&bin]);
                }
            } else {
                for bin in from..=to {
                    if let Some(entries) = bins.get(&bin) {
                        look(entries);
                    }
                }
            }
        }
    }
}

fn sorted_bins(bins: &HashMap<u32, Vec<Entry>>, from: u32, to: u32) -> Vec<u32> {
    let mut met: Vec<u32> = bins.keys().copied().filter(|bin| (from..=to).contains(bin)).collect();
    met.sort_unstable();
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_just_what_a_plain_scan_finds(
            spans in prop::collection::vec((0u32..90_000, 0u32..20_000), 0..120),
            gone in prop::collection::vec(any::<bool>(), 120),
            query in (0u32..100_000, 1u32..30_000),
        ) {
            let spans: Vec<Span> = spans.iter().map(|&(start, len)| Span::new(start, start + len)).collect();
            let mut index = IntervalIndex::default();
            for (slot, &span) in spans.iter().enumerate() {
                index.insert(span, slot as u32);
            }
            for (slot, &span) in spans.iter().enumerate().filter(|&(slot, _)| gone[slot]) {
                index.remove(span, slot as u32);
            }
            let query = Span::new(query.0, query.0 + query.1);
            let mut found = Vec::new();
            index.each(query, |_, slot| found.push(slot));
            found.sort_unstable();
            let expected: Vec<u32> = (0..spans.len() as u32)
                .filter(|&slot| !gone[slot as usize] && spans[slot as usize].overlaps(query))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_caret_meets_what_stands_on_either_side() {
        let mut index = IntervalIndex::default();
        index.insert(Span::new(0, 4), 1);
        index.insert(Span::new(4, 8), 2);
        index.insert(Span::new(9, 12), 3);
        let mut found = Vec::new();
        index.each(Span::new(4, 4), |_, slot| found.push(slot));
        found.sort_unstable();
        assert_eq!(found, [1, 2]);
    }
}
