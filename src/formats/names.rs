//! The names of labels in datasets: short where that is plain, and never two labels under one name.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::taken::Taken;
use crate::model::{Annotation, Attributes, Layer, Schema, Value};

/// A label and its type.
pub type FullLabel = (SmolStr, Option<SmolStr>);

/// Names for all labels of a schema, and for those that it does not have.
#[derive(Clone, Debug, Default)]
pub struct Names {
    known: BTreeMap<FullLabel, String>,
    taken: Taken,
    /// What a format does to a name that it cannot write.
    fit: Option<fn(&str) -> String>,
}

impl Names {
    /// Names that a format can write as `fit` makes them. Of a label with a type that is the type's name for datasets or
    /// else its id; where two would have the same name, both are called by label and type.
    pub fn new(schema: &Schema, fit: fn(&str) -> String) -> Self {
        let mut wanted: Vec<(FullLabel, String)> = Vec::new();
        for label in &schema.labels {
            wanted.push(((label.id.clone(), None), label.export.as_ref().unwrap_or(&label.id).to_string()));
            for kind in &label.types {
                let name = kind.export.as_ref().unwrap_or(&kind.id).to_string();
                wanted.push(((label.id.clone(), Some(kind.id.clone())), name));
            }
        }
        let mut names = Self { known: BTreeMap::new(), taken: Taken::default(), fit: Some(fit) };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, name) in &wanted {
            *counts.entry(fit(name)).or_default() += 1;
        }
        for (full, name) in wanted {
            let fitted = fit(&name);
            let name = if counts[&fitted] > 1 { fit(&joined(&full)) } else { fitted };
            let name = names.taken.take(name, '_');
            names.known.insert(full, name);
        }
        names
    }

    /// The name of an annotation's label and type.
    pub fn of(&self, annotation: &Annotation) -> String {
        self.name(&(annotation.label.clone(), annotation.kind().map(SmolStr::from)))
    }

    /// The name of a label and type.
    pub fn name(&self, full: &FullLabel) -> String {
        if let Some(name) = self.known.get(full) {
            return name.clone();
        }
        let whole = joined(full);
        let fitted = self.fit.map_or_else(|| whole.clone(), |fit| fit(&whole));
        // The same for the same label, whatever else is in the dataset.
        if fitted == whole && !self.taken.has(&fitted) {
            return fitted;
        }
        format!("{fitted}-{:04x}", hash(&whole))
    }

    /// The names of the schema's labels, with the labels, in the schema's order of ids.
    pub fn known(&self) -> impl Iterator<Item = (&FullLabel, &String)> {
        self.known.iter()
    }
}

fn joined((label, kind): &FullLabel) -> String {
    match kind {
        Some(kind) => format!("{label}-{kind}"),
        None => label.to_string(),
    }
}

/// FNV-1a (Fowler, Noll, Vo), folded to 16 bits.
fn hash(text: &str) -> u16 {
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 16)) as u16
}

/// All that a dataset's layers used, told to a writer at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Labels with their types.
    pub labels: BTreeSet<FullLabel>,
    /// Values of attributes, by the label, type or relation that has them, and the attribute.
    pub attributes: BTreeMap<(SmolStr, SmolStr), BTreeSet<String>>,
    /// Relations, with the labels at both ends; none is the author.
    pub relations: BTreeSet<(SmolStr, FullLabel, Option<FullLabel>)>,
    /// What must be declared for lines that were kept word for word: kind of line, name, and roles or value.
    pub kept: BTreeSet<(char, String, String)>,
}

/// Of an attribute with more values than these, the rest is not noted.
const VALUES: usize = 24;

impl Met {
    /// Adds what a layer uses. Attributes whose name has a colon are some other format's, kept word for word.
    pub fn note(&mut self, layer: &Layer) {
        for annotation in layer.annotations() {
            self.labels.insert(full_label(annotation));
            self.note_attributes(&annotation.label, &annotation.attributes);
        }
        for relation in layer.relations() {
            let end = |id: &str| layer.get(id).map(full_label);
            if let Some(from) = end(&relation.from) {
                self.relations.insert((relation.label.clone(), from, end(&relation.to)));
            }
            self.note_attributes(&relation.label, &relation.attributes);
        }
        self.note_attributes("document", &layer.head().document);
    }

    fn note_attributes(&mut self, on: &str, attributes: &Attributes) {
        for (name, value) in attributes.iter().filter(|(name, _)| *name != "type" && !name.contains(':')) {
            let values = self.attributes.entry((on.into(), name.clone())).or_default();
            if values.len() <= VALUES {
                values.insert(match value {
                    Value::Bool(_) => String::new(),
                    other => other.to_string(),
                });
            }
        }
    }

    /// Adds what was met elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.labels.extend(other.labels);
        self.relations.extend(other.relations);
        self.kept.extend(other.kept);
        for (key, values) in other.attributes {
            self.attributes.entry(key).or_default().extend(values);
        }
    }
}

/// The label and type of an annotation.
pub fn full_label(annotation: &Annotation) -> FullLabel {
    (annotation.label.clone(), annotation.kind().map(SmolStr::from))
}
