//! Versions of one annotation, and which annotations of two sides are the same one under two ids.
//!
//! What an annotation says is one judgement: these words (spans, or what an orphan had) are this (label, type, kind).
//! It is taken whole from one version. Other attributes, each by itself, the note, the mark "unsure" and where it came
//! from are put together when no two sides changed the same one; but attributes never move to another label.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::order;
use super::versions::{Versioned, field, flatten};
use crate::model::{Annotation, Attributes, Extra, Id, Layer, Orphan, Span, Value};

/// Attributes that belong to the judgement itself.
const FINER: [&str; 2] = ["type", "kind"];

impl Versioned for Annotation {
    fn versions(&self) -> Vec<Self> {
        let id = self.id.clone();
        let strip = move |whole: &Self| {
            let mut bare = Self { id: id.clone(), ..whole.clone() };
            let mut others = Vec::new();
            bare.edit_extra(|extra| others = std::mem::take(&mut extra.conflict));
            (bare, others)
        };
        let mut all = Vec::with_capacity(1);
        flatten(self, &strip, &mut all);
        all
    }

    fn with_others(mut self, others: Vec<Self>) -> Self {
        self.edit_extra(|extra| extra.conflict = others);
        self
    }

    fn order(&self, other: &Self) -> Ordering {
        order::annotations(self, other)
    }

    fn by_field(base: Option<&Self>, one: &Self, other: &Self) -> Option<Self> {
        base.map_or_else(|| united(one, other), |base| by_field(base, one, other))
    }
}

/// These words are this: spans, what an orphan had, label, type and kind.
type Judgement<'a> = (&'a [Span], Option<&'a Orphan>, &'a SmolStr, [Option<&'a Value>; 2]);

fn judgement(annotation: &Annotation) -> Judgement<'_> {
    let finer = FINER.map(|name| annotation.attributes.get(name));
    (&annotation.spans, annotation.orphan(), &annotation.label, finer)
}

fn extra(annotation: &Annotation) -> Extra {
    annotation.extra.as_deref().cloned().unwrap_or_default()
}

/// Both sides changed an annotation that they had in common.
fn by_field(base: &Annotation, one: &Annotation, other: &Annotation) -> Option<Annotation> {
    let said = field(&judgement(base), &judgement(one), &judgement(other))?;
    // An attribute that was given to one label must not end on another.
    let relabelled = |side: &Annotation, against: &Annotation| {
        side.label != base.label && rest(&against.attributes) != rest(&base.attributes)
    };
    if one.label != other.label && (relabelled(one, other) || relabelled(other, one)) {
        return None;
    }
    let spoken = if said == judgement(one) { one } else { other };
    let mut attributes = attributes(&base.attributes, &one.attributes, &other.attributes)?;
    for name in FINER {
        attributes.set(name, spoken.attributes.get(name).cloned());
    }
    let (was, first, second) = (extra(base), extra(one), extra(other));
    let came = |extra: &Extra| (extra.origin.clone(), extra.made.clone());
    let (origin, made) = field(&came(&was), &came(&first), &came(&second))?;
    let merged = Extra {
        note: field(&was.note, &first.note, &second.note)?,
        unsure: field(&was.unsure, &first.unsure, &second.unsure)?,
        origin,
        made,
        orphan: spoken.orphan().cloned(),
        conflict: Vec::new(),
    };
    let mut whole = Annotation { attributes, extra: None, ..spoken.clone() };
    whole.edit_extra(|extra| *extra = merged);
    Some(whole)
}

/// The same judgement, made on both sides: what one says more than the other is added.
fn united(one: &Annotation, other: &Annotation) -> Option<Annotation> {
    if judgement(one) != judgement(other) {
        return None;
    }
    let attributes = united_attributes(&one.attributes, &other.attributes)?;
    let (first, second) = (extra(one), extra(other));
    if first.origin.is_some() && second.origin.is_some() && first.origin != second.origin {
        return None;
    }
    let merged = Extra {
        note: united_note(&first.note, &second.note)?,
        unsure: first.unsure || second.unsure,
        origin: first.origin.or(second.origin),
        made: earlier(first.made, second.made),
        orphan: first.orphan,
        conflict: Vec::new(),
    };
    let mut whole = Annotation { attributes, extra: None, ..one.clone() };
    whole.edit_extra(|extra| *extra = merged);
    Some(whole)
}

fn rest(attributes: &Attributes) -> Vec<(&SmolStr, &Value)> {
    attributes.iter().filter(|(name, _)| !FINER.contains(&name.as_str())).collect()
}

/// Attributes of which no side changed what the other changed, `type` and `kind` left to the judgement.
pub(super) fn attributes(base: &Attributes, one: &Attributes, other: &Attributes) -> Option<Attributes> {
    let names: BTreeSet<&SmolStr> =
        [base, one, other].into_iter().flat_map(Attributes::iter).map(|(name, _)| name).collect();
    let mut merged = Attributes::default();
    for name in names.into_iter().filter(|name| !FINER.contains(&name.as_str())) {
        merged.set(name.clone(), field(&base.get(name), &one.get(name), &other.get(name))?.cloned());
    }
    Some(merged)
}

/// The attributes of both; none where they give one different values.
pub(super) fn united_attributes(one: &Attributes, other: &Attributes) -> Option<Attributes> {
    let agree = |(name, value): (&SmolStr, &Value)| other.get(name).is_none_or(|theirs| theirs == value);
    one.iter().all(agree).then(|| one.iter().chain(other.iter()).map(|(name, v)| (name.clone(), v.clone())).collect())
}

/// The note that is there; none where there are two.
pub(super) fn united_note(one: &str, other: &str) -> Option<String> {
    (one.is_empty() || other.is_empty() || one == other).then(|| if one.is_empty() { other } else { one }.to_owned())
}

/// Of two times of making, the earlier.
pub(super) fn earlier(one: Option<SmolStr>, other: Option<SmolStr>) -> Option<SmolStr> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Which annotations were added on both sides with the same spans, label and type: the ids that go, each with the
/// smaller id that stays. Several of the same on one side are paired off in the order of their ids.
pub(super) fn added_twice(base: Option<&Layer>, ours: &Layer, theirs: &Layer) -> BTreeMap<Id, Id> {
    type Key<'a> = (&'a [Span], &'a SmolStr, Option<&'a str>);
    let added = |side: &'_ Layer, other: &Layer| -> Vec<Id> {
        let known = |id: &Id| other.get(id).is_some() || base.is_some_and(|base| base.get(id).is_some());
        side.annotations().map(|a| a.id.clone()).filter(|id| !known(id)).collect()
    };
    fn by_key<'a>(layer: &'a Layer, ids: &[Id]) -> BTreeMap<Key<'a>, Vec<Id>> {
        let mut found: BTreeMap<Key<'a>, Vec<Id>> = BTreeMap::new();
        for annotation in ids.iter().filter_map(|id| layer.get(id)).filter(|a| !a.spans.is_empty()) {
            let key = (&annotation.spans[..], &annotation.label, annotation.kind());
            found.entry(key).or_default().push(annotation.id.clone());
        }
        found
    }
    let (mine, yours) = (added(ours, theirs), added(theirs, ours));
    let (mine, yours) = (by_key(ours, &mine), by_key(theirs, &yours));
    let both = mine.into_iter().filter_map(|(key, ids)| Some((ids, yours.get(&key)?.clone())));
    pair_off(both)
}

/// Pairs ids of two sides, smallest with smallest: the greater of each pair, with the smaller.
pub(super) fn pair_off(lists: impl Iterator<Item = (Vec<Id>, Vec<Id>)>) -> BTreeMap<Id, Id> {
    let mut gone = BTreeMap::new();
    for (mut mine, mut yours) in lists {
        mine.sort_unstable();
        yours.sort_unstable();
        for (one, other) in mine.into_iter().zip(yours) {
            let (kept, vanished) = if one < other { (one, other) } else { (other, one) };
            gone.insert(vanished, kept);
        }
    }
    gone
}
