//! Two states of a layer put together, as the records and the step that the journal is told.

use super::record::{Change, Entry, Record};
use crate::edit::{Edit, apply};
use crate::model::Layer;
use crate::store::merge::{Merged, changes, merge};

/// Two states put together.
#[derive(Debug)]
pub struct Joined {
    /// What both say.
    pub merged: Merged,
    outside: Entry,
    step: Option<Entry>,
}

impl Joined {
    pub(super) fn new(base: &Layer, ours: &Layer, theirs: &Layer, sha256: &str) -> Self {
        let merged = merge(Some(base), ours, theirs);
        let change = change_between(theirs, ours);
        let outside = Entry { record: Record::Outside { sha256: sha256.to_owned(), change: change.clone() }, change };
        let step = (merged.layer != *ours)
            .then(|| Entry::step("take in changes from outside", change_between(ours, &merged.layer)));
        Self { merged, outside, step }
    }

    /// What the journal is told, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        std::iter::once(&self.outside).chain(&self.step)
    }

    /// The step that leads from the layer as it was here to what both say; none when that is the same.
    pub fn step(&self) -> Option<(&str, &Edit)> {
        match self.step.as_ref().map(|entry| (&entry.record, &entry.change)) {
            Some((Record::Step { name, .. }, change)) => Some((name, &change.edit)),
            _ => None,
        }
    }

    /// What a person should know of it: whole sentences.
    pub fn told(&self) -> String {
        let mut told = String::new();
        let many = |count: usize, one: &str, more: &str| match count {
            0 => String::new(),
            1 => format!("{one} "),
            count => format!("{count} {more} "),
        };
        told += &many(
            self.merged.conflicts.len(),
            "One mark was changed on both sides: both versions are kept, to be settled.",
            "marks were changed on both sides: both versions are kept, to be settled.",
        );
        told += &many(
            self.merged.kept.len(),
            "One mark that was deleted on one side and changed or needed on the other is kept.",
            "marks that were deleted on one side and changed or needed on the other are kept.",
        );
        told.trim_end().to_owned()
    }
}

/// The change that leads from one state to another.
pub(super) fn change_between(from: &Layer, to: &Layer) -> Change {
    Change { edit: Edit::Batch(changes(from, to)), back: Edit::Batch(changes(to, from)) }
}

/// What a sidecar must have been before changes that it lacks, and what they make of that, as far as can be told from
/// the sidecar as it is now: only what the changes touch is put back. Counts the changes that do not fit any more.
pub(super) fn before_and_after(theirs: &Layer, pending: &[Change]) -> (Layer, Layer, usize) {
    let mut base = theirs.clone();
    for change in pending.iter().rev() {
        apply_what_fits(&mut base, &change.back);
    }
    let mut ours = base.clone();
    let misfits = pending.iter().map(|change| apply_what_fits(&mut ours, &change.edit)).sum();
    (base, ours, misfits)
}

/// Makes each part of an edit that can be made; counts those that say something and cannot.
fn apply_what_fits(layer: &mut Layer, edit: &Edit) -> usize {
    match edit {
        Edit::Batch(edits) => edits.iter().map(|edit| apply_what_fits(layer, edit)).sum(),
        Edit::Remove(id) => {
            let edit = Edit::remove_with_relations(layer, id);
            // What is gone already needs no removing.
            let _ = apply(layer, edit);
            0
        }
        Edit::Unlink(_) => {
            let _ = apply(layer, edit.clone());
            0
        }
        Edit::Put(_) | Edit::Link(_) | Edit::Head(_) => usize::from(apply(layer, edit.clone()).is_err()),
    }
}
