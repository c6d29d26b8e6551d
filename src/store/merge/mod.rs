//! Two states of one layer with a common past, merged by id. Told for people in `docs/merge.md`.
//!
//! [`merge`] is a pure function of layers on one text. Nothing is ever dropped: what both sides changed differently
//! stays in both versions, one of them the main one, the others in the `conflict` fields that a sidecar has. The
//! result does not depend on which side is called ours, and merging it again with either side gives it again.
//! [`merge_sidecars`] does the same for files, without a look at the article. What is done with a conflict is left to
//! the window, and how git is told to `cli`.

use std::collections::{BTreeMap, BTreeSet};

mod annotations;
mod changes;
mod files;
mod head;
mod order;
mod relations;
mod versions;

pub use changes::changes;
pub use files::{MergeError, MergedSidecar, merge_sidecars, readable};
pub use head::settle_field;

use crate::model::{Annotation, Id, Layer, Relation};
use versions::{is_new_conflict, merge_one};

/// What a conflict is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictOn {
    /// An annotation; its other versions stand in it.
    Annotation,
    /// A relation; its other versions stand in it.
    Relation,
    /// A field of the head; its other values stand in the head's `conflict`.
    Field,
    /// A comment that was changed on both sides; the second version stands beside it.
    Comment,
    /// A decision that was changed on both sides; the second version stands beside it.
    Decision,
}

/// What both sides changed differently in this merge. Conflicts that a side brought along are not told again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// What it is on.
    pub on: ConflictOn,
    /// The id of it, or the name of the field.
    pub id: Id,
}

/// Two layers as one.
#[derive(Clone, Debug)]
pub struct Merged {
    /// What both say.
    pub layer: Layer,
    /// What is to be settled, sorted.
    pub conflicts: Vec<Conflict>,
    /// Ids of what one side deleted and is there still, since the other side changed it or needs it; sorted.
    pub kept: Vec<Id>,
    /// Annotations that both sides added under two ids: the id that went, and the one that stayed.
    pub unified: Vec<(Id, Id)>,
}

/// Annotations and relations by id.
#[derive(Clone, Debug, Default)]
struct Parts {
    annotations: BTreeMap<Id, Annotation>,
    relations: BTreeMap<Id, Relation>,
}

impl Parts {
    fn of(layer: &Layer, gone: &BTreeMap<Id, Id>) -> Self {
        let mut parts = Self::default();
        for annotation in layer.annotations() {
            let mut annotation = annotation.clone();
            if let Some(id) = gone.get(&annotation.id) {
                rename(&mut annotation, id);
            }
            parts.annotations.insert(annotation.id.clone(), annotation);
        }
        for relation in layer.relations() {
            let mut relation = relation.clone();
            relations::follow(&mut relation, gone);
            // What an earlier merge had to rename, to be known again.
            if let Some(id) = relations::parted_from(layer, &relation.id) {
                relations::rename(&mut relation, &id);
            }
            parts.relations.insert(relation.id.clone(), relation);
        }
        parts
    }

    fn rename_relations(&mut self, gone: &BTreeMap<Id, Id>) {
        for (vanished, kept) in gone {
            if let Some(mut relation) = self.relations.remove(vanished) {
                relations::rename(&mut relation, kept);
                self.relations.insert(kept.clone(), relation);
            }
        }
    }
}

/// Gives an annotation and its other versions an id.
fn rename(annotation: &mut Annotation, id: &Id) {
    annotation.id = id.clone();
    if let Some(extra) = &mut annotation.extra {
        extra.conflict.iter_mut().for_each(|other| rename(other, id));
    }
}

/// Merges two states of one annotator's layer of one text. `base` is what both came from; without one, everything was
/// added by both sides.
pub fn merge(base: Option<&Layer>, ours: &Layer, theirs: &Layer) -> Merged {
    let unchanged =
        |layer: &Layer| Merged { layer: layer.clone(), conflicts: Vec::new(), kept: Vec::new(), unified: Vec::new() };
    if ours == theirs || base == Some(theirs) {
        return unchanged(ours);
    }
    if base == Some(ours) {
        return unchanged(theirs);
    }
    let gone = annotations::added_twice(base, ours, theirs);
    let before = base.map(|base| Parts::of(base, &BTreeMap::new())).unwrap_or_default();
    let mut mine = Parts::of(ours, &gone);
    let mut yours = Parts::of(theirs, &gone);
    let linked_twice = relations::added_twice(&before, &mine, &yours);
    mine.rename_relations(&linked_twice);
    yours.rename_relations(&linked_twice);

    let (mut merged, mut conflicts, mut kept) = (Parts::default(), Vec::new(), BTreeSet::new());
    for id in both(&mine.annotations, &yours.annotations) {
        let (was, one, other) = (before.annotations.get(id), mine.annotations.get(id), yours.annotations.get(id));
        let Some(annotation) = merge_one(was, one, other) else { continue };
        if was.is_some() && (one.is_none() || other.is_none()) {
            kept.insert(id.clone());
        }
        if is_new_conflict(&annotation, one, other) {
            conflicts.push(Conflict { on: ConflictOn::Annotation, id: id.clone() });
        }
        merged.annotations.insert(id.clone(), annotation);
    }
    for id in both(&mine.relations, &yours.relations) {
        let (was, one, other) = (before.relations.get(id), mine.relations.get(id), yours.relations.get(id));
        let Some(relation) = merge_one(was, one, other) else { continue };
        if was.is_some() && (one.is_none() || other.is_none()) {
            kept.insert(id.clone());
        }
        if is_new_conflict(&relation, one, other) {
            conflicts.push(Conflict { on: ConflictOn::Relation, id: id.clone() });
        }
        merged.relations.insert(id.clone(), relation);
    }
    kept.extend(relations::keep_ends(&mut merged, &before, [&mine, &yours]));
    relations::part_ids(&mut merged);

    let followed = |layer: &Layer| {
        let own = gone.iter().filter(|(vanished, _)| layer.get(vanished).is_some());
        let mut head = layer.head().clone();
        head::follow(&mut head, &own.map(|(vanished, kept)| (vanished.clone(), kept.clone())).collect());
        head
    };
    let (head, in_head) = head::merge(base.map(Layer::head), &followed(ours), &followed(theirs));
    conflicts.extend(in_head);
    conflicts.sort();
    let Parts { annotations, relations } = merged;
    let layer = Layer::from_parts(head, annotations.into_values().collect(), relations.into_values().collect());
    let layer = layer.expect("ids come from maps and were parted, and ends were kept");
    Merged { layer, conflicts, kept: kept.into_iter().collect(), unified: gone.into_iter().collect() }
}

fn both<'a, T>(one: &'a BTreeMap<Id, T>, other: &'a BTreeMap<Id, T>) -> BTreeSet<&'a Id> {
    one.keys().chain(other.keys()).collect()
}

#[cfg(test)]
mod tests;
