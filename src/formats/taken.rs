//! Names of which each may be there once: the second gets another one, at a cost that does not grow with how many there are.

use std::collections::HashMap;

/// Names that are taken, each with the number at which the search for one like it goes on.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken(HashMap<String, usize>);

impl Taken {
    /// Whether a name is taken.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Takes a name, or one like it: with `mark` after it, then with numbers after that.
    pub fn take(&mut self, name: String, mark: char) -> String {
        let Some(next) = self.0.get(&name) else {
            self.0.insert(name.clone(), 1);
            return name;
        };
        let mut next = *next;
        let free = loop {
            let free = if next == 1 { format!("{name}{mark}") } else { format!("{name}{mark}{next}") };
            next += 1;
            if !self.0.contains_key(&free) {
                break free;
            }
        };
        self.0.insert(name, next);
        self.0.insert(free.clone(), 1);
        free
    }
}

impl<const N: usize> From<[&str; N]> for Taken {
    fn from(names: [&str; N]) -> Self {
        Self(names.into_iter().map(|name| (name.to_owned(), 1)).collect())
    }
}

impl FromIterator<String> for Taken {
    fn from_iter<T: IntoIterator<Item = String>>(names: T) -> Self {
        Self(names.into_iter().map(|name| (name, 1)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_given_twice() {
        let mut taken = Taken::from(["author"]);
        let wanted = ["a", "a+2", "a", "a", "a", "a+", "author"];
        let given: Vec<String> = wanted.into_iter().map(|name| taken.take(name.to_owned(), '+')).collect();
        assert_eq!(given, ["a", "a+2", "a+", "a+3", "a+4", "a++", "author+"]);
        assert!(taken.has("a+4") && !taken.has("b"));
    }
}
