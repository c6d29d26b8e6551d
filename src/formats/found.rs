//! A schema for what was found in a dataset: its labels, attributes and links, so that work can go on at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use smol_str::SmolStr;

use super::Met;
use crate::model::{AUTHOR, Attributes, Layer, Schema, Value};

/// An attribute with more values than these takes any text.
const VALUES: usize = 24;
/// The keys that labels get, in their order.
const KEYS: &str = "123456789eqcvxaswzbfhio";

impl Met {
    /// Adds what a layer uses. Attributes whose name has a colon are some other format's, kept word for word.
    pub fn note(&mut self, layer: &Layer) {
        for annotation in layer.annotations() {
            self.labels.insert(super::full_label(annotation));
            self.note_attributes(&annotation.label, &annotation.attributes);
        }
        for relation in layer.relations() {
            let end = |id: &str| layer.get(id).map(super::full_label);
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

    /// Whether a schema has all labels and relations that were met.
    pub fn is_in(&self, schema: &Schema) -> bool {
        let labels = self.labels.iter().all(|(label, kind)| {
            let known = schema.label(label);
            known.is_some_and(|known| kind.as_ref().is_none_or(|kind| known.type_by_id(kind).is_some()))
        });
        labels && self.relations.iter().all(|(label, ..)| schema.relation(label).is_some())
    }
}

/// A `pressmark.ron` for all that was met.
pub fn schema_text(met: &Met, id: &str) -> String {
    let mut labels: BTreeMap<&SmolStr, BTreeSet<&SmolStr>> = BTreeMap::new();
    for (label, kind) in met.labels.iter().filter(|(label, kind)| is_id(label) && kind.as_deref().is_none_or(is_id)) {
        labels.entry(label).or_default().extend(kind);
    }
    let mut out = format!(
        "// Made of what was found in a dataset; docs/schema.md tells what can be changed.\n(\n    schema: (\n        id: {id:?},\n        version: 1,\n        labels: [\n"
    );
    let mut keys = KEYS.chars();
    for (label, kinds) in &labels {
        let key = keys.next().map(|key| format!(", key: \"{key}\"")).unwrap_or_default();
        let types: Vec<String> = kinds.iter().map(|kind| format!("(id: {kind:?}, name: {kind:?})")).collect();
        let types = if types.is_empty() { String::new() } else { format!(", types: [{}]", types.join(", ")) };
        push(
            &mut out,
            format_args!("            (id: {label:?}, name: {label:?}{key}, fragments: true, nesting: Any{types}),"),
        );
    }
    out.push_str("        ],\n        attributes: [\n");
    for ((on, name), values) in met.attributes.iter().filter(|((on, name), _)| is_id(on) && is_id(name)) {
        let takes = match values.len() {
            _ if values.iter().all(String::is_empty) => "value: Bool".to_owned(),
            0..=VALUES if values.iter().all(|value| !value.is_empty() && !value.contains(char::is_whitespace)) => {
                let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
                format!("values: [{}]", values.join(", "))
            }
            _ => "value: Text".to_owned(),
        };
        push(&mut out, format_args!("            (on: {on:?}, id: {name:?}, name: {name:?}, {takes}),"));
    }
    out.push_str("        ],\n        relations: [\n");
    let mut relations: BTreeMap<&SmolStr, [BTreeSet<&str>; 2]> = BTreeMap::new();
    for (label, (from, _), to) in &met.relations {
        if !is_id(label) || !is_id(from) || to.as_ref().is_some_and(|(to, _)| !is_id(to)) {
            continue;
        }
        let [froms, tos] = relations.entry(label).or_default();
        froms.insert(from);
        tos.insert(to.as_ref().map_or(AUTHOR, |(to, _)| to));
    }
    for (label, [from, to]) in &relations {
        let list = |ends: &BTreeSet<&str>| ends.iter().map(|end| format!("{end:?}")).collect::<Vec<_>>().join(", ");
        push(
            &mut out,
            format_args!("            (id: {label:?}, name: {label:?}, from: [{}], to: [{}]),", list(from), list(to)),
        );
    }
    out.push_str("        ],\n    ),\n)\n");
    out
}

/// Whether a schema can have this id.
fn is_id(id: &str) -> bool {
    id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) && id.starts_with(char::is_alphanumeric)
}

fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("a string takes it");
}
