//! The keys of labels: those that a project gives them, where the window does not need them itself, then any that are free.

use std::collections::{BTreeMap, BTreeSet};

use super::LabelSet;
use crate::formats::FullLabel;
use crate::model::Schema;
use crate::model::schema::RESERVED_KEYS;

/// The keys that labels get, in their order.
const FREE: &str = "123456789eqcvxaswzbfhio";

/// Who gets which key.
pub(super) struct Keys<'a> {
    given: BTreeMap<&'a FullLabel, char>,
    taken: BTreeSet<char>,
    /// Labels that do not get the key that the project gives them, with that key.
    pub refused: Vec<String>,
}

impl<'a> Keys<'a> {
    /// Gives the labels that are new in a schema the keys that they ask for, in their order.
    pub fn new(found: &LabelSet, schema: &Schema, wanted: impl Iterator<Item = &'a FullLabel>) -> Self {
        let labels = schema.labels.iter().flat_map(|label| label.types.iter().map(|kind| kind.key).chain([label.key]));
        let all = labels.chain(schema.relations.iter().map(|relation| relation.key));
        let taken: BTreeSet<char> = all.flatten().flat_map(char::to_lowercase).collect();
        let mut keys = Self { given: BTreeMap::new(), taken, refused: Vec::new() };
        for full in wanted {
            let known = schema.label(&full.0);
            let is_known = match &full.1 {
                None => known.is_some(),
                Some(kind) => known.is_some_and(|known| known.type_by_id(kind).is_some()),
            };
            let Some(key) = found.looks.of(full).and_then(|look| look.key.as_deref()).filter(|_| !is_known) else {
                continue;
            };
            match usable(key).filter(|key| keys.taken.insert(*key)) {
                Some(key) => drop(keys.given.insert(full, key)),
                None => keys.refused.push(format!("{key} of {}", full.1.as_ref().unwrap_or(&full.0))),
            }
        }
        keys
    }

    /// The key that a label or type asked for and got.
    pub fn given(&self, full: &FullLabel) -> Option<char> {
        self.given.get(full).copied()
    }

    /// The next key that nobody has.
    pub fn next(&mut self) -> Option<char> {
        FREE.chars().find(|key| self.taken.insert(*key))
    }
}

/// A key that can be one: a single letter or digit that the window does not need itself.
fn usable(key: &str) -> Option<char> {
    let mut chars = key.chars();
    let key = chars.next().filter(char::is_ascii_alphanumeric)?.to_ascii_lowercase();
    (chars.next().is_none() && !RESERVED_KEYS.contains(&key)).then_some(key)
}
