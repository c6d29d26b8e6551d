//! A schema for what was found in a dataset: its labels, attributes and links, so that work can go on at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use smol_str::SmolStr;

use super::Met;
use crate::model::{AUTHOR, Attributes, Layer, Schema, Value};

/// An attribute with more values than these takes any text.
const VALUES: usize = 24;
/// No list of a schema is longer than this.
const MOST: usize = 2_000;
/// What cannot be a label, and what says the type of one.
const RESERVED: [&str; 2] = ["document", AUTHOR];
const OF_TYPES: [&str; 2] = ["type", "kind"];
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
    let mut labels: BTreeMap<&str, BTreeSet<&SmolStr>> = BTreeMap::new();
    let mut types = 0;
    for (label, kind) in met.labels.iter().filter(|(label, _)| is_id(label) && !RESERVED.contains(&label.as_str())) {
        if labels.len() == MOST && !labels.contains_key(label.as_str()) {
            continue;
        }
        let all = labels.entry(label).or_default();
        if let Some(kind) = kind.as_ref().filter(|kind| is_id(kind) && types < MOST) {
            types += usize::from(all.insert(kind));
        }
    }
    if labels.is_empty() {
        // A schema has at least one label; this is what nameless ones are called.
        labels.insert("mark", BTreeSet::new());
    }
    let relations = relations(met, &labels);
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
    let is_there = |on: &str| on == "document" || labels.contains_key(on) || relations.contains_key(on);
    let has_types = |on: &str| labels.get(on).is_some_and(|types| !types.is_empty());
    let wanted = met
        .attributes
        .iter()
        .filter(|((on, name), _)| is_there(on) && is_id(name) && !(OF_TYPES.contains(&name.as_str()) && has_types(on)));
    for ((on, name), values) in wanted.take(MOST) {
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

/// Relations with the labels at both ends, where the schema has such.
fn relations<'m>(
    met: &'m Met,
    labels: &BTreeMap<&str, BTreeSet<&SmolStr>>,
) -> BTreeMap<&'m str, [BTreeSet<&'m str>; 2]> {
    let mut relations: BTreeMap<&str, [BTreeSet<&str>; 2]> = BTreeMap::new();
    for (label, (from, _), to) in met.relations.iter().filter(|(label, ..)| is_id(label)) {
        let to = to.as_ref().map_or(AUTHOR, |(to, _)| to);
        let known = labels.contains_key(from.as_str()) && (to == AUTHOR || labels.contains_key(to));
        if known && (relations.len() < MOST || relations.contains_key(label.as_str())) {
            let [froms, tos] = relations.entry(label).or_default();
            froms.insert(from);
            tos.insert(to);
        }
    }
    relations
}

/// Whether a schema can have this id.
fn is_id(id: &str) -> bool {
    id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) && id.starts_with(char::is_alphanumeric)
}

fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("a string takes it");
}
