//! The labels, attributes and relations of a schema that an import made, so that a later import can add to them.
//!
//! Keys, colours and the order of labels go along; what a built-in label has besides is not looked at.

use smol_str::SmolStr;

use super::{Additions, Ends, LabelSet, On, Sort, additions, whole};
use crate::formats::FullLabel;
use crate::model::schema::{AttributeKind, SLOTS};
use crate::model::{AUTHOR, Schema};

/// The whole `pressmark.ron` for a schema that an import made and for what was found besides, and what is in it. `base` is the
/// schema that it extends.
pub fn grown(found: &LabelSet, schema: &Schema, base: Option<&Schema>) -> (String, Additions) {
    let mut all = of_schema(schema);
    all.extend(found.clone());
    match base {
        None => whole(&all, &schema.id),
        Some(base) => {
            let more = additions(&all, base);
            (more.file(&format!("extends: {:?},", base.id.as_str())), more)
        }
    }
}

fn of_schema(schema: &Schema) -> LabelSet {
    let mut out = LabelSet::default();
    // Colours of the palette come again by the order of labels.
    let own = |color: usize| color.checked_sub(SLOTS).and_then(|at| schema.colors.get(at)).cloned();
    for label in &schema.labels {
        let full: FullLabel = (label.id.clone(), None);
        out.declare(full.clone());
        let look = out.looks.declare(&full);
        look.key = label.key.map(|key| SmolStr::from(key.to_string()));
        look.color = own(label.color).filter(|_| label.types.is_empty());
        for kind in &label.types {
            let full = (label.id.clone(), Some(kind.id.clone()));
            out.declare(full.clone());
            let look = out.looks.declare(&full);
            look.key = kind.key.map(|key| SmolStr::from(key.to_string()));
            look.color = own(kind.color);
            if !kind.kinds.is_empty() {
                out.kinds.entry(full).or_default().extend(kind.kinds.iter().cloned());
            }
        }
    }
    for attribute in &schema.attributes {
        let takes = out.declare_attribute(On::One(attribute.on.clone()), &attribute.id);
        match &attribute.kind {
            AttributeKind::Choice(values) => takes.remember(Sort::One, values),
            AttributeKind::Many(values) => takes.remember(Sort::Several, values),
            AttributeKind::Text | AttributeKind::Link(_) => takes.any_text(),
            AttributeKind::Number => takes.sort(Sort::Number),
            AttributeKind::Bool => takes.sort(Sort::Flag),
        }
    }
    for relation in &schema.relations {
        let ends =
            |list: &[SmolStr]| Ends { any: false, labels: list.iter().map(|end| full_of(schema, end)).collect() };
        out.relations.insert(relation.id.clone(), [ends(&relation.from), ends(&relation.to)]);
    }
    out
}

/// An end of a relation: `label`, `label:type`, or the author.
fn full_of(schema: &Schema, end: &str) -> FullLabel {
    match end.split_once(':') {
        Some((label, kind)) if end != AUTHOR && schema.label(end).is_none() => (label.into(), Some(kind.into())),
        _ => (end.into(), None),
    }
}
