//! Labels of a dataset that become others, as `--map` says.
//!
//! What is asked for and cannot be is told: a label that the dataset does not have, a type that the schema does not have.

use std::collections::BTreeSet;

use smol_str::{SmolStr, format_smolstr};

use super::DatasetError;
use super::wanted::there_are;
use crate::edit::{Edit, apply};
use crate::formats::FullLabel;
use crate::formats::found::LabelSet;
use crate::model::{Layer, Relation, Schema, Value};

/// A label and its type, where one is asked for.
fn parts(to: &str) -> (&str, Option<&str>) {
    to.split_once(':').map_or((to, None), |(label, kind)| (label, Some(kind)))
}

/// The layer with the labels that were asked for.
pub(super) fn mapped(map: &[(String, String)], mut layer: Layer) -> Result<Layer, DatasetError> {
    let mut edits = Vec::new();
    for annotation in layer.annotations() {
        let full = annotation.full_label();
        let Some((_, to)) = map.iter().find(|(from, _)| *from == full) else { continue };
        let (label, kind) = parts(to);
        let mut changed = annotation.clone();
        changed.label = label.into();
        changed.attributes.set("type", kind.map(|kind| Value::Text(kind.into())));
        edits.push(Edit::Put(changed));
    }
    for relation in layer.relations() {
        if let Some((_, to)) = map.iter().find(|(from, _)| *from == relation.label) {
            edits.push(Edit::Link(Relation { label: to.as_str().into(), ..relation.clone() }));
        }
    }
    apply(&mut layer, Edit::Batch(edits))?;
    Ok(layer)
}

/// What a dataset declares, with the labels that were asked for.
pub(super) fn mapped_set(map: &[(String, String)], declared: LabelSet) -> LabelSet {
    let to = |from: &str| map.iter().find(|(label, _)| label == from).map(|(_, to)| to.as_str());
    let full = |label: &FullLabel| {
        let Some(to) = to(&written(label)) else { return label.clone() };
        let (label, kind) = parts(to);
        (label.into(), kind.map(SmolStr::from))
    };
    declared.mapped(full, |label| to(label).unwrap_or(label).into())
}

/// A label with its type, as `--map` names it.
fn written((label, kind): &FullLabel) -> SmolStr {
    kind.as_ref().map_or_else(|| label.clone(), |kind| format_smolstr!("{label}:{kind}"))
}

/// Adds the labels that a dataset declares, whether anything has them or not.
pub(super) fn note_declared(declared: &LabelSet, met: &mut BTreeSet<SmolStr>) {
    met.extend(declared.labels.keys().map(written));
    met.extend(declared.relations.keys().cloned());
}

/// Adds the labels of a layer, as `--map` names them.
pub(super) fn note_labels(layer: &Layer, met: &mut BTreeSet<SmolStr>) {
    met.extend(layer.annotations().map(crate::model::Annotation::full_label));
    met.extend(layer.relations().into_iter().map(|relation| relation.label.clone()));
}

/// What is to be told of labels that were asked for and that no mark or link has.
pub(super) fn without_use(map: &[(String, String)], met: &BTreeSet<SmolStr>) -> Vec<String> {
    let unused = map.iter().filter(|(from, _)| !met.contains(from.as_str()));
    unused.map(|(from, to)| format!("--map {from}={to}: nothing has the label {from}; {}.", there_are(met))).collect()
}

/// What is to be told of labels that they become and that the schema does not have. A folder without a schema of its own
/// gets one with the labels that are found, but a type that is missing among others is likely a slip.
pub(super) fn unknown_targets(map: &[(String, String)], schema: &Schema, is_own: bool) -> Vec<String> {
    let mut told = Vec::new();
    for (from, to) in map {
        let (label, kind) = parts(to);
        let known = schema.label(label);
        let types = || known.into_iter().flat_map(|known| &known.types).map(|it| it.id.clone()).collect();
        let is_link = schema.relation(to).is_some();
        match (known, kind) {
            (Some(known), Some(kind)) if known.type_by_id(kind).is_none() => told
                .push(format!("--map {from}={to}: {label} has no type {kind} in the schema; {}.", there_are(&types()))),
            (None, _) if is_own && !is_link => {
                let labels = schema.labels.iter().map(|it| it.id.clone()).collect();
                told.push(format!("--map {from}={to}: the schema has no label {label}; {}.", there_are(&labels)));
            }
            _ => {}
        }
    }
    told
}
