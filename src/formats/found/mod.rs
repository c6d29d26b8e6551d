//! The labels, attributes and links of a dataset: those that its layers use, and those that it declares.
//!
//! A schema is made of them (`additions`), so that work can go on at once with the labels that a project has.

mod additions;
mod keys;
mod known;
mod lines;
mod looks;
mod takes;

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

pub use additions::{Additions, Item, Line, additions, made, whole};
pub use known::grown;
pub use looks::{Look, Looks};
pub use takes::{Sort, Takes};

use super::{FullLabel, full_label};
use crate::model::{AUTHOR, Attributes, Layer, Value};

/// What the attributes of the article itself are on.
pub const DOCUMENT: &str = "document";

/// What an attribute is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// A label, a relation, or the article.
    One(SmolStr),
    /// Every label.
    Labels,
    /// Every relation.
    Relations,
}

/// What one end of a relation may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Whether it may be a mark of any label.
    pub any: bool,
    /// Labels; one of them may be the article's author.
    pub labels: BTreeSet<FullLabel>,
}

/// Labels, attributes and relations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSet {
    /// Labels and types, with how many marks have them; of one that is only declared there are none.
    pub labels: BTreeMap<FullLabel, usize>,
    /// Finer kinds of types.
    pub kinds: BTreeMap<FullLabel, BTreeSet<SmolStr>>,
    /// Attributes, by what they are on and their name.
    pub attributes: BTreeMap<(On, SmolStr), Takes>,
    /// How the labels look that were declared, and their order.
    pub looks: Looks,
    /// Relations, with where they start from and what they lead to.
    pub relations: BTreeMap<SmolStr, [Ends; 2]>,
}

impl LabelSet {
    /// Adds what a layer uses. Attributes whose name has a colon are some other format's, kept word for word.
    pub fn note(&mut self, layer: &Layer) {
        for annotation in layer.annotations() {
            let full = full_label(annotation);
            if let (Some(_), Some(kind)) = (&full.1, annotation.attributes.text("kind")) {
                self.kinds.entry(full.clone()).or_default().insert(kind.into());
            }
            *self.labels.entry(full).or_default() += 1;
            self.note_attributes(&annotation.label, &annotation.attributes);
        }
        for relation in layer.relations() {
            let end = |id: &str| layer.get(id).map(full_label);
            if let Some(from) = end(&relation.from) {
                let to = end(&relation.to).unwrap_or_else(|| (AUTHOR.into(), None));
                let [froms, tos] = self.relations.entry(relation.label.clone()).or_default();
                froms.labels.insert(from);
                tos.labels.insert(to);
            }
            self.note_attributes(&relation.label, &relation.attributes);
        }
        self.note_attributes(DOCUMENT, &layer.head().document);
    }

    fn note_attributes(&mut self, on: &str, attributes: &Attributes) {
        for (name, value) in attributes.iter().filter(|(name, _)| !name.contains(':')) {
            // The type of a mark is none of its attributes.
            if name != "type" || on == DOCUMENT || !matches!(value, Value::Text(_)) || self.relations.contains_key(on) {
                self.attributes.entry((On::One(on.into()), name.clone())).or_default().note(value);
            }
        }
    }

    /// Declares a label, or a type of one.
    pub fn declare(&mut self, full: FullLabel) {
        self.looks.declare(&full);
        self.labels.entry(full).or_default();
    }

    /// Declares an attribute; what it takes is to be told.
    pub fn declare_attribute(&mut self, on: On, name: &str) -> &mut Takes {
        self.attributes.entry((on, name.into())).or_default()
    }

    /// Adds what was found elsewhere.
    pub fn extend(&mut self, other: Self) {
        for (full, marks) in other.labels {
            *self.labels.entry(full).or_default() += marks;
        }
        self.looks.extend(other.looks, Clone::clone);
        for (full, kinds) in other.kinds {
            self.kinds.entry(full).or_default().extend(kinds);
        }
        for (key, takes) in other.attributes {
            self.attributes.entry(key).or_default().extend(takes);
        }
        for (label, ends) in other.relations {
            let known = self.relations.entry(label).or_default();
            for (known, new) in known.iter_mut().zip(ends) {
                known.any |= new.any;
                known.labels.extend(new.labels);
            }
        }
    }

    /// The same with other labels: `full` says what a label and type becomes, `relation` what a relation does.
    #[must_use]
    pub fn mapped(self, full: impl Fn(&FullLabel) -> FullLabel, relation: impl Fn(&str) -> SmolStr) -> Self {
        let mut mapped = Self::default();
        for (label, marks) in &self.labels {
            *mapped.labels.entry(full(label)).or_default() += marks;
        }
        mapped.looks.extend(self.looks, &full);
        for (label, kinds) in self.kinds {
            mapped.kinds.entry(full(&label)).or_default().extend(kinds);
        }
        for ((on, name), takes) in self.attributes {
            let on = match on {
                On::One(on) if self.relations.contains_key(&on) => On::One(relation(&on)),
                On::One(on) if on != DOCUMENT => On::One(full(&(on, None)).0),
                on => on,
            };
            mapped.attributes.entry((on, name)).or_default().extend(takes);
        }
        for (label, ends) in self.relations {
            let known = mapped.relations.entry(relation(&label)).or_default();
            for (known, new) in known.iter_mut().zip(ends) {
                known.any |= new.any;
                known.labels.extend(new.labels.iter().map(&full));
            }
        }
        mapped
    }

    /// The attributes of each label and relation, and of the article.
    fn all_attributes(&self) -> BTreeMap<(&str, &str), Takes> {
        let mut all: BTreeMap<(&str, &str), Takes> = BTreeMap::new();
        let labels: BTreeSet<&str> = self.labels.keys().map(|(label, _)| label.as_str()).collect();
        for ((on, name), takes) in &self.attributes {
            let on: Vec<&str> = match on {
                On::One(on) => vec![on],
                On::Labels => labels.iter().copied().collect(),
                On::Relations => self.relations.keys().map(SmolStr::as_str).collect(),
            };
            for on in on.into_iter().take(additions::MOST) {
                if all.len() > 4 * additions::MOST {
                    return all;
                }
                all.entry((on, name)).or_default().extend(takes.clone());
            }
        }
        all
    }
}
