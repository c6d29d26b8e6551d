//! The reading order of a layer: slots sorted by where they start, in chunks, so that putting one in moves a few
//! hundred numbers at most, however many there are.
//!
//! Each entry holds its start beside its slot: a search stays in the chunks and asks for a full key only where starts
//! are equal. No chunk is empty; what an entry's slot holds is the layer's business.

/// Entries in a chunk, at most.
const MOST: usize = 512;
/// Entries in a chunk that was just built: room for more before it splits.
const BUILT: usize = 384;
/// Below this many entries a chunk joins a neighbour.
const FEW: usize = 96;

/// A slot and where it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    start: u32,
    slot: u32,
}

/// Slots in reading order.
#[derive(Clone, Debug, Default)]
pub struct Order {
    chunks: Vec<Vec<Entry>>,
    /// How many entries stand before each chunk.
    before: Vec<u32>,
    len: usize,
}

/// Where an entry stands, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    chunk: usize,
    at: usize,
}

impl Order {
    /// An order of starts and slots that are sorted already.
    pub fn from_sorted(sorted: &[(u32, u32)]) -> Self {
        let entry = |&(start, slot): &(u32, u32)| Entry { start, slot };
        let chunks = sorted.chunks(BUILT).map(|chunk| chunk.iter().map(entry).collect()).collect();
        let mut order = Self { chunks, before: Vec::new(), len: sorted.len() };
        order.recount();
        order
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first place whose entry does not come before: it starts at `start` or later, and where it starts just there,
    /// `is_less` says of its slot whether it comes before nevertheless.
    pub fn find(&self, start: u32, is_less: impl Fn(u32) -> bool) -> Place {
        let comes_before = |entry: &Entry| entry.start < start || entry.start == start && is_less(entry.slot);
        // In the last chunk whose first entry comes before, or else at the start of the first.
        let chunk = self.chunks.partition_point(|chunk| comes_before(&chunk[0])).saturating_sub(1);
        let at = self.chunks.get(chunk).map_or(0, |entries| entries.partition_point(comes_before));
        Place { chunk, at }
    }

    /// How many entries stand before a place.
    pub fn rank(&self, place: Place) -> usize {
        self.before.get(place.chunk).map_or(0, |&before| before as usize + place.at)
    }

    /// The slot that so many others come before.
    pub fn nth(&self, at: usize) -> Option<u32> {
        let chunk = self.before.partition_point(|&before| before as usize <= at).checked_sub(1)?;
        self.chunks[chunk].get(at - self.before[chunk] as usize).map(|entry| entry.slot)
    }

    /// All slots in order.
    pub fn iter(&self) -> Slots<'_> {
        Slots { entries: self.chunks.iter().flatten(), left: self.len }
    }

    /// Puts a slot in at a place that [`Order::find`] gave for its start.
    pub fn insert(&mut self, place: Place, start: u32, slot: u32) {
        self.len += 1;
        if self.chunks.is_empty() {
            self.chunks.push(Vec::new());
            self.before.push(0);
        }
        let entries = &mut self.chunks[place.chunk];
        if entries.len() == entries.capacity() {
            // Never more than a full chunk: doubling would hold memory that is not used.
            entries.reserve_exact((MOST - entries.len()).min(entries.len() / 2 + 8));
        }
        entries.insert(place.at, Entry { start, slot });
        for before in &mut self.before[place.chunk + 1..] {
            *before += 1;
        }
        if self.chunks[place.chunk].len() >= MOST {
            let rest = self.chunks[place.chunk].split_off(MOST / 2);
            self.chunks.insert(place.chunk + 1, rest);
            self.recount();
        }
    }

    /// Takes the slot at a place out.
    pub fn remove(&mut self, place: Place) -> Option<u32> {
        let mut place = place;
        if self.chunks.get(place.chunk)?.len() <= place.at {
            place = Place { chunk: place.chunk + 1, at: 0 };
        }
        let entries = self.chunks.get_mut(place.chunk)?;
        let slot = entries.remove(place.at).slot;
        self.len -= 1;
        for before in &mut self.before[place.chunk + 1..] {
            *before -= 1;
        }
        if self.chunks[place.chunk].len() < FEW {
            self.join(place.chunk);
        }
        Some(slot)
    }

    /// Lets a small chunk go up in a neighbour that has room for it.
    fn join(&mut self, chunk: usize) {
        if self.chunks[chunk].is_empty() {
            self.chunks.remove(chunk);
        } else {
            let fits = |at: usize| {
                let pair = self.chunks.get(at).zip(self.chunks.get(at + 1));
                pair.is_some_and(|(one, next)| one.len() + next.len() <= BUILT)
            };
            let Some(first) = [Some(chunk), chunk.checked_sub(1)].into_iter().flatten().find(|&at| fits(at)) else {
                return;
            };
            let next = self.chunks.remove(first + 1);
            self.chunks[first].extend(next);
        }
        self.recount();
    }

    fn recount(&mut self) {
        let mut sum = 0;
        self.before.clear();
        for chunk in &self.chunks {
            self.before.push(sum);
            sum += chunk.len() as u32;
        }
    }
}

/// Slots from both ends, see [`Order::iter`].
pub struct Slots<'a> {
    entries: std::iter::Flatten<std::slice::Iter<'a, Vec<Entry>>>,
    left: usize,
}

impl Iterator for Slots<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let entry = self.entries.next()?;
        self.left -= 1;
        Some(entry.slot)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Slots<'_> {
    fn next_back(&mut self) -> Option<u32> {
        let entry = self.entries.next_back()?;
        self.left -= 1;
        Some(entry.slot)
    }
}

impl ExactSizeIterator for Slots<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Slots are their own tie-breakers here.
    fn find(order: &Order, start: u32, slot: u32) -> Place {
        order.find(start, |other| other < slot)
    }

    fn check(order: &Order, plain: &[(u32, u32)]) {
        assert_eq!(order.len(), plain.len());
        assert!(order.chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() < MOST));
        assert!(order.iter().eq(plain.iter().map(|&(_, slot)| slot)));
        assert!(order.iter().rev().eq(plain.iter().rev().map(|&(_, slot)| slot)));
        assert_eq!(order.iter().len(), plain.len());
        for (at, &(start, slot)) in plain.iter().enumerate() {
            let place = find(order, start, slot);
            assert_eq!((order.rank(place), order.nth(at)), (at, Some(slot)));
        }
        assert_eq!(order.nth(plain.len()), None);
        for start in [0, 1, 40, 200, u32::MAX] {
            let expected = plain.partition_point(|&(other, _)| other < start);
            assert_eq!(order.rank(order.find(start, |_| false)), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn keeps_the_order_of_a_plain_sorted_list(
            built in prop::collection::btree_map(0u32..4000, 0u32..300, 0..1500),
            steps in prop::collection::vec((0u32..300, 0u32..4000, any::<bool>()), 0..1200),
            emptied in any::<bool>(),
        ) {
            let mut plain: Vec<(u32, u32)> = built.into_iter().map(|(slot, start)| (start, slot)).collect();
            plain.sort_unstable();
            let mut order = Order::from_sorted(&plain);
            check(&order, &plain);
            for (start, slot, put) in steps {
                if put {
                    if let Err(at) = plain.binary_search(&(start, slot)) {
                        plain.insert(at, (start, slot));
                        order.insert(find(&order, start, slot), start, slot);
                    }
                } else if !plain.is_empty() {
                    let (start, slot) = plain.remove(slot as usize % plain.len());
                    prop_assert_eq!(order.remove(find(&order, start, slot)), Some(slot));
                }
            }
            check(&order, &plain);
            while emptied && !plain.is_empty() {
                let (start, slot) = plain.remove(plain.len() * 2 / 3);
                prop_assert_eq!(order.remove(find(&order, start, slot)), Some(slot));
            }
            check(&order, &plain);
        }
    }

    #[test]
    fn many_at_one_place_split_chunks() {
        let mut order = Order::default();
        let mut plain = Vec::new();
        for slot in (0..3000).rev() {
            order.insert(find(&order, 7, slot), 7, slot);
            plain.insert(0, (7, slot));
        }
        check(&order, &plain);
        assert!(order.chunks.len() > 5);
    }
}
