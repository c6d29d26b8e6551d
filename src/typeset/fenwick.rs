//! Running sums that change: how high everything above a chunk is, and which chunk stands at a height.
//!
//! A binary indexed tree (Fenwick, "A New Data Structure for Cumulative Frequency Tables", 1994), in f64 so that the
//! height of a very long article keeps its fractions.

/// Sums of a list of lengths.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    tree: Vec<f64>,
    values: Vec<f64>,
}

impl Sums {
    /// Sums of these lengths, in one pass.
    pub fn new(values: Vec<f64>) -> Self {
        let mut tree = values.clone();
        for at in 1..=tree.len() {
            let parent = at + (at & at.wrapping_neg());
            if parent <= tree.len() {
                tree[parent - 1] += tree[at - 1];
            }
        }
        Self { tree, values }
    }

    /// The length at an index.
    pub fn get(&self, at: usize) -> f64 {
        self.values[at]
    }

    /// Changes the length at an index.
    pub fn set(&mut self, at: usize, value: f64) {
        let difference = value - self.values[at];
        self.values[at] = value;
        let mut node = at + 1;
        while node <= self.tree.len() {
            self.tree[node - 1] += difference;
            node += node & node.wrapping_neg();
        }
    }

    /// The sum of all lengths before an index.
    pub fn before(&self, at: usize) -> f64 {
        let mut sum = 0.0;
        let mut node = at.min(self.tree.len());
        while node > 0 {
            sum += self.tree[node - 1];
            node &= node - 1;
        }
        sum
    }

    /// The sum of all lengths.
    pub fn total(&self) -> f64 {
        self.before(self.tree.len())
    }

    /// The index whose stretch holds this height, and how far into it; the last one beyond the end.
    pub fn find(&self, height: f64) -> (usize, f64) {
        let (mut at, mut left) = (0, height.max(0.0));
        let mut step = self.tree.len().next_power_of_two();
        while step > 0 {
            let next = at + step;
            if next <= self.tree.len() && self.tree[next - 1] <= left {
                at = next;
                left -= self.tree[next - 1];
            }
            step /= 2;
        }
        if at >= self.values.len() {
            let last = self.values.len().saturating_sub(1);
            return (last, self.values.get(last).copied().unwrap_or(0.0));
        }
        (at, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_are_those_of_a_plain_list(
            mut values in prop::collection::vec(1u32..90, 1..60),
            changes in prop::collection::vec((0usize..60, 1u32..90), 0..30),
            height in 0u32..6000,
        ) {
            let mut sums = Sums::new(values.iter().map(|&v| f64::from(v)).collect());
            for (at, value) in changes {
                let at = at % values.len();
                values[at] = value;
                sums.set(at, f64::from(value));
            }
            for at in 0..=values.len() {
                prop_assert_eq!(sums.before(at), f64::from(values[..at].iter().sum::<u32>()));
            }
            let (at, left) = sums.find(f64::from(height));
            let total: u32 = values.iter().sum();
            if height < total {
                prop_assert_eq!(sums.before(at) + left, f64::from(height));
                prop_assert!(left < f64::from(values[at]));
            } else {
                prop_assert_eq!(at, values.len() - 1);
            }
        }
    }
}
