//! What an attribute takes, as far as the values that were met and what a dataset declares tell it.
//!
//! Few short values that come again are a choice. Many or long ones, ones that hardly ever come twice, ids, paths and addresses are
//! text, unless the dataset lists them; what is of several sorts is text too.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::model::Value;
use crate::model::schema::AttributeKind;

/// An attribute with more values than these takes any text, unless the dataset lists them.
const FEW: usize = 20;
/// Values that were met at least so often, and of which there are so many, come again or are no choice.
const OFTEN: usize = 5;
const VARIED: usize = 4;
/// So many values are a choice of several.
const SEVERAL: usize = 200;
/// Nothing lists more.
const MOST: usize = 2_000;
/// A longer value is text that nobody chooses.
const LONGEST: usize = 100;

/// A sort of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// One text.
    One,
    /// Several texts.
    Several,
}

/// What an attribute takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    sorts: BTreeSet<Sort>,
    values: BTreeSet<SmolStr>,
    /// Which place those have that the dataset lists.
    places: BTreeMap<SmolStr, usize>,
    /// How many values were met.
    met: usize,
    /// Whether any text is taken.
    free: bool,
    /// Whether the dataset lists the values.
    listed: bool,
}

impl Takes {
    /// Adds a value that was met.
    pub fn note(&mut self, value: &Value) {
        match value {
            Value::Bool(_) => drop(self.sorts.insert(Sort::Flag)),
            Value::Number(_) => drop(self.sorts.insert(Sort::Number)),
            Value::Text(text) => {
                self.sorts.insert(Sort::One);
                self.met += 1;
                self.add(text);
            }
            Value::Many(texts) => {
                self.sorts.insert(Sort::Several);
                self.met += texts.len();
                texts.iter().for_each(|text| self.add(text));
            }
        }
    }

    /// Declares the sort of its values.
    pub fn sort(&mut self, sort: Sort) {
        self.sorts.insert(sort);
    }

    /// Declares that any text is taken.
    pub fn any_text(&mut self) {
        self.sorts.insert(Sort::One);
        self.free = true;
    }

    /// Declares its values.
    pub fn list<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) {
        for value in values {
            self.add(value);
            self.place(value);
        }
        self.listed = true;
    }

    /// Takes in the values that a schema has: those of one that is as short as the others may be joined by such as were met.
    pub(super) fn remember(&mut self, sort: Sort, values: &[SmolStr]) {
        self.sorts.insert(sort);
        for value in values {
            self.add(value);
            self.place(value);
        }
        self.met += 2 * values.len();
        self.listed |= matches!(self.kind(), AttributeKind::Text);
    }

    fn place(&mut self, value: &str) {
        let next = self.places.len();
        if self.values.contains(value) && !self.places.contains_key(value) {
            self.places.insert(value.into(), next);
        }
    }

    fn add(&mut self, value: &str) {
        if value.trim().is_empty() || value.len() > LONGEST || value.contains(char::is_control) {
            self.free = true;
        } else if self.values.len() < MOST {
            self.values.insert(value.into());
        } else {
            self.free |= !self.values.contains(value);
        }
    }

    /// Adds what is known from elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.sorts.extend(other.sorts);
        self.free |= other.free;
        self.listed |= other.listed;
        self.met += other.met;
        other.values.iter().for_each(|value| self.add(value));
        let mut listed: Vec<(&SmolStr, &usize)> = other.places.iter().collect();
        listed.sort_by_key(|(_, place)| **place);
        listed.into_iter().for_each(|(value, _)| self.place(value));
    }

    /// The values: those that are listed in their order, then the others by the alphabet.
    fn values(&self) -> Vec<SmolStr> {
        let mut all: Vec<SmolStr> = self.values.iter().cloned().collect();
        all.sort_by_key(|value| self.places.get(value).copied().unwrap_or(usize::MAX));
        all
    }

    /// What a schema says that it takes.
    pub fn kind(&self) -> AttributeKind {
        let is = |sort: Sort| self.sorts.len() == 1 && self.sorts.contains(&sort);
        let is_word = |value: &SmolStr| !value.contains(char::is_whitespace);
        let can_list = !self.free && !self.values.is_empty();
        let few = self.values.len() <= FEW && self.values.iter().all(is_word) && !self.is_varied();
        if is(Sort::Flag) {
            AttributeKind::Bool
        } else if is(Sort::Number) {
            AttributeKind::Number
        } else if is(Sort::One) && can_list && (self.listed || few) {
            AttributeKind::Choice(self.values())
        } else if self.sorts.iter().all(|sort| matches!(sort, Sort::One | Sort::Several))
            && self.sorts.contains(&Sort::Several)
            && can_list
            && (self.listed || (self.values.len() <= SEVERAL && !self.is_varied()))
        {
            AttributeKind::Many(self.values())
        } else {
            AttributeKind::Text
        }
    }

    /// Whether the values are such that nobody chooses one: hardly any came twice, or they name things elsewhere.
    fn is_varied(&self) -> bool {
        let distinct = self.values.len();
        let rare = distinct >= VARIED && self.met >= OFTEN && distinct * 2 > self.met;
        rare || self.values.iter().all(|value| is_name_of_a_thing(value))
    }

    /// The kind that a schema's attribute needs to take this too: none where it does already, or never can.
    pub fn wider(&self, kind: &AttributeKind) -> Option<AttributeKind> {
        let (known, sorts): (_, &[Sort]) = match kind {
            AttributeKind::Choice(known) => (known, &[Sort::One]),
            AttributeKind::Many(known) => (known, &[Sort::One, Sort::Several]),
            _ => return None,
        };
        let fits = !self.free && self.sorts.iter().all(|sort| sorts.contains(sort));
        let new: Vec<SmolStr> = self.values().into_iter().filter(|value| !known.contains(value)).collect();
        if !fits || new.is_empty() || known.len() + new.len() > MOST {
            return None;
        }
        let all = known.iter().cloned().chain(new).collect();
        Some(if matches!(kind, AttributeKind::Choice(_)) {
            AttributeKind::Choice(all)
        } else {
            AttributeKind::Many(all)
        })
    }

    /// Whether a schema's attribute takes all that was met.
    pub fn fits(&self, kind: &AttributeKind) -> bool {
        let only = |sorts: &[Sort]| self.sorts.iter().all(|sort| sorts.contains(sort));
        let listed = |known: &[SmolStr]| !self.free && self.values.iter().all(|value| known.contains(value));
        match kind {
            AttributeKind::Text => true,
            AttributeKind::Link(_) => only(&[Sort::One]),
            AttributeKind::Number => only(&[Sort::Number]),
            AttributeKind::Bool => only(&[Sort::Flag]),
            AttributeKind::Choice(known) => only(&[Sort::One]) && listed(known),
            AttributeKind::Many(known) => only(&[Sort::One, Sort::Several]) && listed(known),
        }
    }
}

/// Whether a value is an address, a path, or an id that a machine gave.
fn is_name_of_a_thing(value: &str) -> bool {
    let is_address = value.contains("://") || value.starts_with("www.") || value.starts_with("mailto:");
    let (folder, file) = value.rsplit_once(['/', '\\']).unwrap_or(("", value));
    let has_ending = file.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && (1..=5).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric())
    });
    let is_path = value.starts_with(['/', '~']) && value.len() > 2 || !folder.is_empty() && has_ending;
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    let is_number = digits >= OFTEN && digits == value.len();
    is_address || is_path || is_number || (is_plain && value.len() >= 8 && digits >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind<'v>(values: impl IntoIterator<Item = &'v str>) -> AttributeKind {
        let mut takes = Takes::default();
        values.into_iter().for_each(|value| takes.note(&Value::Text(value.into())));
        takes.kind()
    }

    #[test]
    fn values_that_nobody_chooses_are_text() {
        let is_choice = |values: &[&str]| matches!(kind(values.iter().copied()), AttributeKind::Choice(_));
        assert!(is_choice(&["high", "low", "high", "low", "mid", "high"]));
        assert!(is_choice(&["high", "low", "mid", "none"]), "too few to tell");
        assert!(!is_choice(&["ada", "ben", "eve", "zoe", "kim"]), "each comes once");
        assert!(
            is_choice(&["n/a", "yes", "n/a", "no"]) && is_choice(&["COVID-19", "flu"]) && is_choice(&["v1.0", "v2.0"])
        );
        for ids in [
            &["https://example.org/a"][..],
            &["www.example.org"],
            &["/data/upload/1.wav", "/data/upload/2.wav"],
            &["audio/talk.mp3"],
            &["10234", "10235"],
            &["B00004YRQ9"],
            &["6f1e0c1a-93d2-4b66-8b0e-0a6f2d1c9e77"],
        ] {
            assert_eq!(kind(ids.iter().copied()), AttributeKind::Text, "{ids:?}");
        }
        let many: Vec<String> = (0..21).map(|at| format!("v{at}")).collect();
        let often = || (0..9).flat_map(|_| many.iter().map(String::as_str));
        assert_eq!(kind(often()), AttributeKind::Text);
        assert!(matches!(kind(often().filter(|value| *value != "v20")), AttributeKind::Choice(_)));
        let mut listed = Takes::default();
        listed.sort(Sort::One);
        listed.list(many.iter().map(String::as_str));
        assert!(matches!(listed.kind(), AttributeKind::Choice(values) if values.len() == 21), "what is declared stays");
    }
}
