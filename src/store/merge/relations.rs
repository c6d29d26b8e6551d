//! Versions of one relation, and what relations need: ends that are there, and an id of their own.
//!
//! A relation's label and ends are one judgement; its attributes, note and time merge as those of annotations do.
//! Relations follow their annotations: to the id that stayed of two, and back where a deletion did not last.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::annotations::{attributes, earlier, pair_off, united_attributes, united_note};
use super::versions::{Versioned, field, flatten};
use super::{Parts, order};
use crate::model::{AUTHOR, Attributes, Id, Layer, Relation, RelationExtra, Value};

impl Versioned for Relation {
    fn versions(&self) -> Vec<Self> {
        let id = self.id.clone();
        let strip = move |whole: &Self| {
            let mut extra = whole.extra.as_deref().cloned().unwrap_or_default();
            let others = std::mem::take(&mut extra.conflict);
            (with_extra(Self { id: id.clone(), ..whole.clone() }, extra), others)
        };
        let mut all = Vec::with_capacity(1);
        flatten(self, &strip, &mut all);
        all
    }

    fn with_others(self, others: Vec<Self>) -> Self {
        let mut extra = self.extra.as_deref().cloned().unwrap_or_default();
        extra.conflict = others;
        with_extra(self, extra)
    }

    fn order(&self, other: &Self) -> Ordering {
        order::relations(self, other)
    }

    fn by_field(base: Option<&Self>, one: &Self, other: &Self) -> Option<Self> {
        let judgement = |r: &Self| (r.label.clone(), r.from.clone(), r.to.clone());
        let extra = |r: &Self| r.extra.as_deref().cloned().unwrap_or_default();
        let (first, second) = (extra(one), extra(other));
        let Some(base) = base else {
            if judgement(one) != judgement(other) {
                return None;
            }
            let attributes = united_attributes(&one.attributes, &other.attributes)?;
            let note = united_note(&first.note, &second.note)?;
            let made = earlier(first.made, second.made);
            return Some(with_extra(
                Self { attributes, ..one.clone() },
                RelationExtra { note, made, conflict: Vec::new() },
            ));
        };
        let (label, from, to) = field(&judgement(base), &judgement(one), &judgement(other))?;
        let relabelled =
            |side: &Self, against: &Self| side.label != base.label && against.attributes != base.attributes;
        if one.label != other.label && (relabelled(one, other) || relabelled(other, one)) {
            return None;
        }
        let mut attributes = attributes(&base.attributes, &one.attributes, &other.attributes)?;
        for name in ["type", "kind"] {
            let value = |all: &Attributes| all.get(name).cloned();
            let value: Option<Value> =
                field(&value(&base.attributes), &value(&one.attributes), &value(&other.attributes))?;
            attributes.set(name, value);
        }
        let was = extra(base);
        let note = field(&was.note, &first.note, &second.note)?;
        let made = field(&was.made, &first.made, &second.made)?;
        let bare = Self { id: one.id.clone(), label, from, to, attributes, extra: None };
        Some(with_extra(bare, RelationExtra { note, made, conflict: Vec::new() }))
    }
}

fn with_extra(mut relation: Relation, extra: RelationExtra) -> Relation {
    relation.extra = (extra != RelationExtra::default()).then(|| Box::new(extra));
    relation
}

/// The relation with its ends, and those of its other versions, at the ids that stayed.
pub(super) fn follow(relation: &mut Relation, gone: &BTreeMap<Id, Id>) {
    for end in [&mut relation.from, &mut relation.to] {
        if let Some(kept) = gone.get(end) {
            *end = kept.clone();
        }
    }
    if let Some(extra) = &mut relation.extra {
        extra.conflict.iter_mut().for_each(|other| follow(other, gone));
    }
}

/// Which relations were added on both sides with the same label and ends; as `annotations::added_twice`.
pub(super) fn added_twice(base: &Parts, ours: &Parts, theirs: &Parts) -> BTreeMap<Id, Id> {
    type Key = (smol_str::SmolStr, Id, Id);
    let added = |side: &Parts, other: &Parts| -> BTreeMap<Key, Vec<Id>> {
        let mut found: BTreeMap<Key, Vec<Id>> = BTreeMap::new();
        let new = |r: &&Relation| !base.relations.contains_key(&r.id) && !other.relations.contains_key(&r.id);
        for relation in side.relations.values().filter(new) {
            let key = (relation.label.clone(), relation.from.clone(), relation.to.clone());
            found.entry(key).or_default().push(relation.id.clone());
        }
        found
    };
    let yours = added(theirs, ours);
    pair_off(added(ours, theirs).into_iter().filter_map(|(key, ids)| Some((ids, yours.get(&key)?.clone()))))
}

/// Brings back what the merged relations lead to, and then the relations of what was kept against a deletion, which
/// went only because it did. Returns the annotations that were brought back.
pub(super) fn keep_ends(merged: &mut Parts, base: &Parts, sides: [&Parts; 2]) -> Vec<Id> {
    let mut back = Vec::new();
    for relation in merged.relations.values() {
        for end in relation.versions().iter().flat_map(|version| [version.from.clone(), version.to.clone()]) {
            let held = sides.iter().find_map(|side| side.annotations.get(&end));
            if let Some(held) = held.filter(|_| end != AUTHOR && !merged.annotations.contains_key(&end)) {
                merged.annotations.insert(end.clone(), held.clone());
                back.push(end);
            }
        }
    }
    for (id, _) in base.relations.iter().filter(|(id, _)| !merged.relations.contains_key(*id)).collect::<Vec<_>>() {
        let [one, other] = sides;
        let (kept, deleting) = match (one.relations.get(id), other.relations.get(id)) {
            (Some(kept), None) => (kept, other),
            (None, Some(kept)) => (kept, one),
            _ => continue,
        };
        let there = |end: &Id| end == AUTHOR || merged.annotations.contains_key(end);
        let went = |end: &Id| end != AUTHOR && !deleting.annotations.contains_key(end);
        let ends = [&kept.from, &kept.to];
        if ends.iter().any(|end| went(end)) && ends.iter().all(|end| there(end)) {
            merged.relations.insert(id.clone(), kept.clone());
        }
    }
    back
}

/// Gives relations another id where an annotation of the other side has theirs: one in two thousand million.
pub(super) fn part_ids(merged: &mut Parts) {
    let taken: Vec<Id> = merged.relations.keys().filter(|id| merged.annotations.contains_key(*id)).cloned().collect();
    for id in taken {
        let Some(mut relation) = merged.relations.remove(&id) else { continue };
        let free = |id: &Id| !merged.annotations.contains_key(id) && !merged.relations.contains_key(id);
        let other = (1..u32::MAX).map(|n| smol_str::format_smolstr!("{id}-r{n}")).find(free).unwrap_or(id);
        rename(&mut relation, &other);
        merged.relations.insert(other, relation);
    }
}

/// The id that a relation had before it was parted from an annotation of the same id.
pub(super) fn parted_from(layer: &Layer, id: &Id) -> Option<Id> {
    id.strip_suffix("-r1").filter(|first| layer.get(first).is_some()).map(Id::from)
}

/// Gives a relation and its other versions an id.
pub(super) fn rename(relation: &mut Relation, id: &Id) {
    relation.id = id.clone();
    if let Some(extra) = &mut relation.extra {
        extra.conflict.iter_mut().for_each(|other| rename(other, id));
    }
}
