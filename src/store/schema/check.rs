//! What does not fit together in a schema, and where it stands in the file.
//!
//! A schema that is taken in can be trusted: ids are unique, keys do not clash, and everything that is named is there.

use std::collections::{HashMap, HashSet};

use super::colors::ColorPart;
use super::file::{CorpusFile, LabelPart, RemovePart, SchemaPart};
use crate::model::schema::{AttributeKind, Label, RESERVED_KEYS, SLOTS};
use crate::model::{AUTHOR, Schema};

/// What attributes can be on besides labels and relations: the article.
pub(super) const DOCUMENT: &str = "document";
/// Attributes that the types of a label bring along.
const OF_TYPES: [&str; 2] = ["type", "kind"];

/// A fault, and the field and value by which it is found in the file.
#[derive(Debug)]
pub(super) struct Fault {
    pub reason: String,
    pub field: &'static str,
    pub value: String,
}

type Checked = Result<(), Fault>;

fn fault(field: &'static str, value: &str, reason: impl Into<String>) -> Checked {
    Err(Fault { reason: reason.into(), field, value: value.to_owned() })
}

/// What can only be seen in the file itself, before it is laid over another schema.
pub(super) fn check_part(part: &SchemaPart) -> Checked {
    if part.extends.is_none() && part.id.is_none() {
        return fault("schema", "", "a schema that extends no other needs an id");
    }
    unique("id", part.labels.iter().map(|label| label.id.as_str()), "label")?;
    for label in &part.labels {
        unique("id", label.types.iter().map(|kind| kind.id.as_str()), "type")?;
        check_label_part(label)?;
    }
    unique("id", part.relations.iter().map(|relation| relation.id.as_str()), "relation")?;
    for relation in &part.relations {
        one_char(relation.key.as_deref())?;
        named(relation.name.as_deref())?;
    }
    let mut seen = HashSet::new();
    for attribute in &part.attributes {
        if !seen.insert((&attribute.on, &attribute.id)) {
            let reason = format!("the attribute {} on {} is there twice", attribute.id, attribute.on);
            return fault("id", &attribute.id, reason);
        }
        named(attribute.name.as_deref())?;
        if attribute.values.is_some() && attribute.value.is_some() {
            return fault("id", &attribute.id, format!("the attribute {} has both values and value", attribute.id));
        }
        if attribute.values.is_none() && (attribute.many || attribute.ordered) {
            return fault("id", &attribute.id, format!("the attribute {} has no values to choose from", attribute.id));
        }
    }
    Ok(())
}

fn check_label_part(label: &LabelPart) -> Checked {
    one_char(label.key.as_deref())?;
    named(label.name.as_deref())?;
    color(label.color.as_ref())?;
    for kind in &label.types {
        one_char(kind.key.as_deref())?;
        named(kind.name.as_deref())?;
        color(kind.color.as_ref())?;
    }
    Ok(())
}

fn one_char(key: Option<&str>) -> Checked {
    match key {
        Some(key) if key.chars().count() > 1 => {
            fault("key", key, format!("a key is one character, not \u{201c}{key}\u{201d}"))
        }
        _ => Ok(()),
    }
}

fn named(name: Option<&str>) -> Checked {
    match name {
        Some(name) if name.trim().is_empty() => fault("name", name, "a name may not be empty"),
        _ => Ok(()),
    }
}

fn color(color: Option<&ColorPart>) -> Checked {
    match color {
        Some(ColorPart::Slot(slot)) if *slot >= SLOTS => {
            fault("color", "", format!("there is no colour {slot}; choose 0 to {}, or give two of your own", SLOTS - 1))
        }
        Some(ColorPart::Own(light, dark)) => {
            let wrong = [light, dark].into_iter().find(|color| !is_color(color));
            wrong.map_or(Ok(()), |color| fault("", color, format!("{color:?} is no colour; write it as \"#RRGGBB\"")))
        }
        _ => Ok(()),
    }
}

fn is_color(color: &str) -> bool {
    color
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What `remove` names must be there to be removed.
pub(super) fn check_removals(part: &SchemaPart, base: &Schema) -> Checked {
    for id in &part.remove.labels {
        if base.label(id).is_none() {
            return fault("", id, format!("there is no label {id} to remove"));
        }
    }
    for id in &part.remove.types {
        if !is_end(base, id) || !id.contains(':') {
            return fault("", id, format!("there is no type {id} to remove; write it as label:type"));
        }
    }
    for id in &part.remove.relations {
        if base.relation(id).is_none() {
            return fault("", id, format!("there is no relation {id} to remove"));
        }
    }
    for id in &part.remove.attributes {
        if !base.attributes.iter().any(|attribute| format!("{}.{}", attribute.on, attribute.id) == *id) {
            return fault("", id, format!("there is no attribute {id} to remove; write it as label.attribute"));
        }
    }
    Ok(())
}

/// What can be seen in the schema as it will be used.
pub(super) fn check_schema(schema: &Schema) -> Checked {
    check_own_id(&schema.id)?;
    if schema.labels.is_empty() {
        return fault("labels", "", "the schema has no label");
    }
    for label in &schema.labels {
        check_id(&label.id)?;
        if label.id == DOCUMENT || label.id == AUTHOR {
            return fault("id", &label.id, format!("{} is reserved and cannot be a label", label.id));
        }
        check_types(label)?;
    }
    check_colons(schema)?;
    check_keys(schema)?;
    check_attributes(schema)?;
    for relation in &schema.relations {
        check_id(&relation.id)?;
        for (field, ends) in [("from", &relation.from), ("to", &relation.to)] {
            if ends.is_empty() {
                return fault("id", &relation.id, format!("the relation {} has nothing in {field}", relation.id));
            }
            let unknown = ends.iter().find(|end| !(is_end(schema, end) || (field == "to" && *end == AUTHOR)));
            if let Some(end) = unknown {
                let reason = format!("the relation {} names {end} in {field}, and there is no such label", relation.id);
                return fault("", end, reason);
            }
        }
    }
    Ok(())
}

fn check_types(label: &Label) -> Checked {
    for kind in &label.types {
        check_id(&kind.id)?;
        if let Some(empty) = kind.kinds.iter().find(|finer| finer.trim().is_empty()) {
            return fault("", empty, format!("a kind of {} is empty", kind.id));
        }
        unique("", kind.kinds.iter().map(smol_str::SmolStr::as_str), "kind")?;
    }
    Ok(())
}

/// All single keys share one table: they are all pressed at the same time of reading.
fn check_keys(schema: &Schema) -> Checked {
    let mut taken: HashMap<char, String> =
        RESERVED_KEYS.iter().map(|&key| (key, "the program itself (press ? for all keys)".to_owned())).collect();
    let labels = schema.labels.iter().map(|label| (label.key, format!("the label {}", label.id)));
    let types = schema
        .labels
        .iter()
        .flat_map(|label| label.types.iter().map(move |kind| (kind.key, format!("the type {}:{}", label.id, kind.id))));
    let relations = schema.relations.iter().map(|relation| (relation.key, format!("the relation {}", relation.id)));
    for (key, owner) in labels.chain(types).chain(relations) {
        let Some(key) = key else { continue };
        let lower = key.to_lowercase().next().unwrap_or(key);
        if let Some(other) = taken.insert(lower, owner.clone()) {
            return fault("key", &key.to_string(), format!("the key {key} of {owner} is already taken by {other}"));
        }
    }
    Ok(())
}

fn check_attributes(schema: &Schema) -> Checked {
    for attribute in &schema.attributes {
        check_id(&attribute.id)?;
        let on = attribute.on.as_str();
        if on != DOCUMENT && schema.label(on).is_none() && schema.relation(on).is_none() {
            return fault(
                "on",
                on,
                format!("the attribute {} is on {on}, and there is no such label or relation", attribute.id),
            );
        }
        if OF_TYPES.contains(&attribute.id.as_str()) && schema.label(on).is_some_and(|label| !label.types.is_empty()) {
            return fault("id", &attribute.id, format!("{} is reserved: it says the type of {on}", attribute.id));
        }
        if let AttributeKind::Choice(values) | AttributeKind::Many(values) = &attribute.kind {
            if values.is_empty() || values.iter().any(|value| value.trim().is_empty()) {
                return fault(
                    "id",
                    &attribute.id,
                    format!("the attribute {} has an empty value, or none", attribute.id),
                );
            }
            unique("", values.iter().map(smol_str::SmolStr::as_str), "value")?;
            if let Some(default) = attribute.default.as_ref().filter(|default| !values.contains(default)) {
                return fault(
                    "default",
                    default,
                    format!("the default {default} of {} is none of its values", attribute.id),
                );
            }
        }
    }
    Ok(())
}

fn is_end(schema: &Schema, end: &str) -> bool {
    let is_type = |label: &Label| {
        end.strip_prefix(label.id.as_str())
            .and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|kind| label.type_by_id(kind).is_some())
    };
    schema.label(end).is_some() || schema.labels.iter().any(is_type)
}

/// Any text that can be printed: labels of other programs have spaces and signs. None at all is what some call a mark or a link.
fn check_id(id: &str) -> Checked {
    if id.contains(char::is_control) || (!id.is_empty() && id.trim().is_empty()) {
        return fault(
            "id",
            id,
            format!("{id:?} cannot be an id: it has no line ends or control characters, and is not blank"),
        );
    }
    Ok(())
}

/// The schema's own id stands in every sidecar.
fn check_own_id(id: &str) -> Checked {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if !id.chars().all(fits) || !id.starts_with(char::is_alphanumeric) {
        return fault("id", id, format!("{id:?} cannot be the id of a schema: use letters, digits, - and _"));
    }
    Ok(())
}

/// A label whose id has a colon must not read as a type of another one.
fn check_colons(schema: &Schema) -> Checked {
    for label in schema.labels.iter().filter(|label| label.id.contains(':')) {
        let of = |other: &Label| {
            let kind = label.id.strip_prefix(other.id.as_str()).and_then(|rest| rest.strip_prefix(':'));
            kind.is_some_and(|kind| other.type_by_id(kind).is_some())
        };
        if schema.labels.iter().any(of) {
            return fault("id", &label.id, format!("the label {} cannot be told from the type of that name", label.id));
        }
    }
    Ok(())
}

fn unique<'a>(field: &'static str, ids: impl Iterator<Item = &'a str>, what: &str) -> Checked {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            return fault(field, id, format!("the {what} {id} is there twice"));
        }
    }
    Ok(())
}

/// What globs and nothing else say is looked at where they are built.
pub(super) fn check_file(file: &CorpusFile) -> Checked {
    few("include", file.include.len())?;
    few("exclude", file.exclude.len())?;
    let Some(part) = &file.schema else { return Ok(()) };
    check_sizes(part)?;
    check_part(part)
}

/// So many labels, attributes, relations and patterns may stand in one list, which all are held against each other.
const MOST: usize = 2_000;

/// No list of a schema is longer than a person could choose from, or than is quickly looked through.
fn check_sizes(part: &SchemaPart) -> Checked {
    few("labels", part.labels.len())?;
    few("types", part.labels.iter().map(|label| label.types.len()).sum())?;
    for kinds in part.labels.iter().flat_map(|label| &label.types).filter_map(|kind| kind.kinds.as_ref()) {
        few("kinds", kinds.len())?;
    }
    few("attributes", part.attributes.len())?;
    for values in part.attributes.iter().filter_map(|attribute| attribute.values.as_ref()) {
        few("values", values.len())?;
    }
    few("relations", part.relations.len())?;
    for relation in &part.relations {
        few("from", relation.from.len())?;
        few("to", relation.to.len())?;
    }
    let RemovePart { labels, types, attributes, relations } = &part.remove;
    few("remove", labels.len() + types.len() + attributes.len() + relations.len())
}

fn few(field: &'static str, count: usize) -> Checked {
    if count > MOST {
        return fault(field, "", format!("there are {count} {field}, and {MOST} is the most"));
    }
    Ok(())
}
