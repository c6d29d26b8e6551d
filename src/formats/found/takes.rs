//! What an attribute takes, as far as the values that were met and what a dataset declares tell it.
//!
//! Few short values are a choice, many or long ones are text; what is of several sorts is text too.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::model::Value;
use crate::model::schema::AttributeKind;

/// An attribute with more values than these takes any text, unless the dataset lists them.
const FEW: usize = 24;
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
                self.add(text);
            }
            Value::Many(texts) => {
                self.sorts.insert(Sort::Several);
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
        values.into_iter().for_each(|value| self.add(value));
        self.listed = true;
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
        other.values.iter().for_each(|value| self.add(value));
    }

    fn values(&self) -> Vec<SmolStr> {
        self.values.iter().cloned().collect()
    }

    /// What a schema says that it takes.
    pub fn kind(&self) -> AttributeKind {
        let is = |sort: Sort| self.sorts.len() == 1 && self.sorts.contains(&sort);
        let is_word = |value: &SmolStr| !value.contains(char::is_whitespace);
        let can_list = !self.free && !self.values.is_empty();
        let few = self.values.len() <= FEW && self.values.iter().all(is_word);
        if is(Sort::Flag) {
            AttributeKind::Bool
        } else if is(Sort::Number) {
            AttributeKind::Number
        } else if is(Sort::One) && can_list && (self.listed || few) {
            AttributeKind::Choice(self.values())
        } else if self.sorts.iter().all(|sort| matches!(sort, Sort::One | Sort::Several))
            && self.sorts.contains(&Sort::Several)
            && can_list
            && (self.listed || self.values.len() <= SEVERAL)
        {
            AttributeKind::Many(self.values())
        } else {
            AttributeKind::Text
        }
    }

    /// The kind that a schema's attribute needs to take this too: none where it does already, or never can.
    pub fn wider(&self, kind: &AttributeKind) -> Option<AttributeKind> {
        let (known, sorts): (_, &[Sort]) = match kind {
            AttributeKind::Choice(known) => (known, &[Sort::One]),
            AttributeKind::Many(known) => (known, &[Sort::One, Sort::Several]),
            _ => return None,
        };
        let fits = !self.free && self.sorts.iter().all(|sort| sorts.contains(sort));
        let new: Vec<SmolStr> = self.values.iter().filter(|value| !known.contains(value)).cloned().collect();
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
