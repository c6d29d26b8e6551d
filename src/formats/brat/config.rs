//! `annotation.conf` and `visual.conf`: what brat must be told of labels, relations and attributes to show a dataset.
//!
//! All four sections stand there even when they are empty, no line has a comment at its end, and values have no spaces:
//! brat falls back to a configuration of its own for less (FORMATS.md, section 2).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use smol_str::SmolStr;

use super::name;
use crate::formats::{FullLabel, Met, Names};
use crate::model::schema::AttributeKind;
use crate::model::{Schema, Value};

/// The first line of a dataset that Pressmark wrote.
pub(super) const OURS: &str = "# Written by Pressmark. Lines like the next ones say what a name stands for.";

const SEVERAL: &str = "takes several";
const NUMBER: &str = "takes a number";
const YES_OR_NO: &str = "takes yes or no";

/// brat's declarations for a schema, and for what was met besides.
pub(super) fn annotation_conf(schema: &Schema, names: &Names, met: &Met) -> String {
    let mut all: BTreeMap<String, FullLabel> = names.known().map(|(full, name)| (name.clone(), full.clone())).collect();
    all.extend(met.labels.iter().map(|full| (names.name(full), full.clone())));
    let mut out = format!("{OURS}\n");
    for (short, (label, kind)) in &all {
        let kind = kind.as_ref().map(|kind| format!(":{kind}")).unwrap_or_default();
        push(&mut out, format_args!("# {short} = {label}{kind}"));
    }
    for attribute in &schema.attributes {
        let takes = match attribute.kind {
            AttributeKind::Many(_) => SEVERAL,
            AttributeKind::Number => NUMBER,
            AttributeKind::Bool => YES_OR_NO,
            _ => continue,
        };
        push(&mut out, format_args!("# {} {takes}", name(&attribute.id)));
    }
    out.push_str("[entities]\n");
    for short in all.keys() {
        push(&mut out, format_args!("{short}"));
    }
    out.push_str("[relations]\n");
    for (label, (from, to)) in relations(schema, names, met, &all) {
        push(&mut out, format_args!("{label}\tArg1:{}, Arg2:{}", ends(&from), ends(&to)));
    }
    out.push_str("<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n[events]\n");
    for (event, roles) in events(met) {
        let roles: Vec<String> = roles.iter().map(|role| format!("{role}*:<ANY>")).collect();
        push(&mut out, format_args!("{event}\t{}", roles.join(", ")));
    }
    out.push_str("[attributes]\n");
    for (attribute, (on, values)) in attributes(schema, met, &all) {
        let values = if values.is_empty() {
            String::new()
        } else {
            format!(", Value:{}", values.into_iter().collect::<Vec<_>>().join("|"))
        };
        push(&mut out, format_args!("{attribute}\tArg:{}{values}", ends(&on)));
    }
    out
}

/// What people see of the names, and the colours that the schema has for them.
pub(super) fn visual_conf(schema: &Schema, names: &Names) -> String {
    let mut out = String::from("[labels]\n");
    for ((label, kind), short) in names.known() {
        let Some(label) = schema.label(label) else { continue };
        let shown = match kind.as_ref().and_then(|kind| label.type_by_id(kind)) {
            Some(kind) => &kind.name,
            None => &label.name,
        };
        // A name that would part the columns stays as it is in the dataset.
        if !shown.contains(['|', '\n', '\t']) {
            push(&mut out, format_args!("{short} | {shown}"));
        }
    }
    out.push_str("[drawing]\n");
    for ((label, kind), short) in names.known() {
        if let Some((light, _)) = schema.own_colors(label, kind.as_deref()) {
            push(&mut out, format_args!("{short}\tbgColor:{}", light.to_ascii_uppercase()));
        }
    }
    out
}

/// What an `annotation.conf` says that a reader needs.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Whether Pressmark wrote the dataset.
    pub(super) ours: bool,
    names: BTreeMap<String, FullLabel>,
    yes_or_no: BTreeSet<String>,
    several: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl Config {
    /// Reads a configuration; what is not understood says nothing to a reader.
    pub fn read(conf: &str) -> Self {
        let mut config = Self { ours: conf.starts_with(OURS), ..Self::default() };
        for line in conf.lines() {
            if let Some((short, full)) = line.strip_prefix("# ").and_then(|line| line.split_once(" = ")) {
                let (label, kind) = full.split_once(':').map_or((full, None), |(label, kind)| (label, Some(kind)));
                config.names.insert(short.to_owned(), (label.into(), kind.map(SmolStr::from)));
            } else if let Some(name) = line.strip_prefix("# ").and_then(|line| line.strip_suffix(SEVERAL)) {
                config.several.insert(name.trim_end().to_owned());
            } else if let Some(name) = line.strip_prefix("# ").and_then(|line| line.strip_suffix(NUMBER)) {
                config.numbers.insert(name.trim_end().to_owned());
            } else if let Some(name) = line.strip_prefix("# ").and_then(|line| line.strip_suffix(YES_OR_NO)) {
                config.yes_or_no.insert(name.trim_end().to_owned());
            }
        }
        if config.ours { config } else { Self::default() }
    }

    /// The label and type that a name stands for.
    pub(super) fn label(&self, name: &str) -> FullLabel {
        self.names.get(name).cloned().unwrap_or_else(|| (name.into(), None))
    }

    /// Whether an attribute says yes or no.
    pub(super) fn is_flag(&self, name: &str) -> bool {
        self.yes_or_no.contains(name)
    }

    /// A value as the attribute takes it.
    pub(super) fn value(&self, name: &str, text: &str) -> Value {
        let number = || text.parse::<f64>().ok().filter(|number| number.is_finite());
        match text {
            "yes" | "no" if self.yes_or_no.contains(name) => Value::Bool(text == "yes"),
            _ if self.several.contains(name) => Value::Many(text.split('|').map(SmolStr::from).collect()),
            _ if self.numbers.contains(name) => number().map_or_else(|| Value::Text(text.into()), Value::Number),
            _ => Value::Text(text.into()),
        }
    }
}

type Ends = BTreeSet<String>;

/// The names of a label, or of one of its types.
fn named(end: &str, all: &BTreeMap<String, FullLabel>) -> Ends {
    let (label, kind) = end.split_once(':').map_or((end, None), |(label, kind)| (label, Some(kind)));
    let fits = |full: &FullLabel| full.0 == label && kind.is_none_or(|kind| full.1.as_deref() == Some(kind));
    all.iter().filter(|(_, full)| fits(full)).map(|(short, _)| short.clone()).collect()
}

/// Events that were kept, with their roles. A role may be there any number of times.
fn events(met: &Met) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, event, role) in met.kept.iter().filter(|(kind, event, _)| *kind == 'E' && is_name(event)) {
        found.entry(event).or_default().extend(Some(role.as_str()).filter(|role| is_name(role)));
    }
    found
}

/// Whether brat's configuration takes a name.
fn is_name(text: &str) -> bool {
    !text.is_empty() && name(text) == text
}

fn relations(
    schema: &Schema,
    names: &Names,
    met: &Met,
    all: &BTreeMap<String, FullLabel>,
) -> BTreeMap<String, (Ends, Ends)> {
    let mut found: BTreeMap<String, (Ends, Ends)> = BTreeMap::new();
    for relation in &schema.relations {
        let (from, to) = found.entry(name(&relation.id)).or_default();
        from.extend(relation.from.iter().flat_map(|end| named(end, all)));
        to.extend(relation.to.iter().flat_map(|end| named(end, all)));
    }
    for (label, from, to) in &met.relations {
        let (froms, tos) = found.entry(name(label)).or_default();
        froms.insert(names.name(from));
        tos.extend(to.as_ref().map(|to| names.name(to)));
    }
    for (_, label, _) in met.kept.iter().filter(|(kind, label, _)| *kind == 'R' && is_name(label)) {
        let (froms, tos) = found.entry(label.clone()).or_default();
        froms.insert("<ANY>".to_owned());
        tos.insert("<ANY>".to_owned());
    }
    found.retain(|_, (from, to)| !from.is_empty() && !to.is_empty());
    found
}

/// Attributes whose values can be listed, or that are there or not. One name has one list, on whatever it stands.
fn attributes(
    schema: &Schema,
    met: &Met,
    all: &BTreeMap<String, FullLabel>,
) -> BTreeMap<String, (Ends, BTreeSet<String>)> {
    let mut found: BTreeMap<String, (Ends, BTreeSet<String>)> = BTreeMap::new();
    let on_of = |on: &SmolStr| {
        let labels = named(on, all);
        if labels.is_empty() { Ends::from(["<RELATION>".to_owned()]) } else { labels }
    };
    for attribute in &schema.attributes {
        let values: Vec<String> = match &attribute.kind {
            AttributeKind::Choice(values) => values.iter().map(ToString::to_string).collect(),
            AttributeKind::Bool => Vec::new(),
            _ => continue,
        };
        if attribute.on == "document" || attribute.id == "type" {
            continue;
        }
        let (ends, known) = found.entry(name(&attribute.id)).or_default();
        ends.extend(on_of(&attribute.on));
        known.extend(values.into_iter().filter(|value| is_value(value)));
    }
    for ((on, attribute), values) in &met.attributes {
        let (ends, known) = found.entry(name(attribute)).or_default();
        ends.extend(on_of(on));
        known.extend(values.iter().cloned());
    }
    for (_, attribute, value) in met.kept.iter().filter(|(kind, attribute, _)| *kind == 'A' && is_name(attribute)) {
        let (ends, known) = found.entry(attribute.clone()).or_default();
        ends.insert("<EVENT>".to_owned());
        known.extend(Some(value.clone()).filter(|value| is_value(value)));
    }
    found
}

/// Whether brat's configuration takes a value.
pub(super) fn is_value(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic() && !"|,:<>".contains(c))
}

fn ends(ends: &Ends) -> String {
    ends.iter().cloned().collect::<Vec<_>>().join("|")
}

fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("a string takes it");
}
