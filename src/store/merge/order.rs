//! A total order of versions by what they say, so that the main version of a conflict is the same on every machine.
//!
//! Which of two comes first has no meaning of its own, but that a version with a place comes before one without.

use std::cmp::Ordering;

use crate::model::{Annotation, Attributes, Origin, Quoted, Relation, Value};

/// Annotations with a place first, then by place, label, attributes and the rest.
pub(super) fn annotations(one: &Annotation, other: &Annotation) -> Ordering {
    let place = |a: &Annotation| (a.spans.is_empty(), a.spans.to_vec(), a.label.clone());
    place(one)
        .cmp(&place(other))
        .then_with(|| attributes(&one.attributes, &other.attributes))
        .then_with(|| extra_key(one).cmp(&extra_key(other)))
        .then_with(|| one.orphan().map(orphan_key).cmp(&other.orphan().map(orphan_key)))
}

fn extra_key(annotation: &Annotation) -> (&str, bool, Option<[Option<&str>; 5]>, Option<&str>) {
    let extra = annotation.extra.as_deref();
    let origin = extra.and_then(|extra| extra.origin.as_ref()).map(origin_key);
    (annotation.note(), annotation.unsure(), origin, extra.and_then(|extra| extra.made.as_deref()))
}

/// Relations by label, ends, attributes and the rest.
pub(super) fn relations(one: &Relation, other: &Relation) -> Ordering {
    let made = |r: &Relation| r.extra.as_ref().and_then(|extra| extra.made.clone());
    (&one.label, &one.from, &one.to)
        .cmp(&(&other.label, &other.from, &other.to))
        .then_with(|| attributes(&one.attributes, &other.attributes))
        .then_with(|| (one.note(), made(one)).cmp(&(other.note(), made(other))))
}

fn attributes(one: &Attributes, other: &Attributes) -> Ordering {
    let keys = |all: &Attributes| all.iter().map(|(id, value)| (id.clone(), value_key(value))).collect::<Vec<_>>();
    keys(one).cmp(&keys(other))
}

fn value_key(value: &Value) -> (u8, Vec<String>, i64) {
    match value {
        Value::Text(text) => (0, vec![text.to_string()], 0),
        Value::Many(texts) => (1, texts.iter().map(ToString::to_string).collect(), 0),
        Value::Bool(value) => (2, Vec::new(), i64::from(*value)),
        Value::Number(number) => {
            // As `f64::total_cmp` orders them.
            let bits = number.to_bits().cast_signed();
            (3, Vec::new(), bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed())
        }
    }
}

fn origin_key(origin: &Origin) -> [Option<&str>; 5] {
    [
        Some(&origin.by),
        origin.rule.as_deref(),
        origin.import.as_deref(),
        origin.layer.as_deref(),
        origin.person.as_deref(),
    ]
}

type QuotedKey<'a> = Vec<(u64, u64, &'a str)>;

fn orphan_key(orphan: &crate::model::Orphan) -> (QuotedKey<'_>, (&str, &str), QuotedKey<'_>) {
    fn quotes(all: &[Quoted]) -> QuotedKey<'_> {
        all.iter().map(|quote| (quote.start, quote.end, quote.text.as_str())).collect()
    }
    (quotes(&orphan.spans), (&orphan.context.0, &orphan.context.1), quotes(&orphan.candidates))
}
