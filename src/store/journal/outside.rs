//! What is done when something else changed or deleted a sidecar: git, a sync folder, an editor.
//!
//! What was there before is known from the changes that the sidecar lacked and what takes them back, so that the two
//! are merged three ways. A record says what leads from the sidecar as it is now to the layer as it was here; the merge
//! itself is a step, with undo.

use super::log::{Entry, LayerLog};
use super::open::{AsBase, read_text};
use super::record::{Change, Record};
use crate::article::sha256_hex;
use crate::edit::{Edit, apply};
use crate::model::{Layer, Schema};
use crate::store::StoreError;
use crate::store::disk::read_if_there;
use crate::store::merge::{Merged, changes, merge};
use crate::store::source::text_of;

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

impl LayerLog {
    /// Whether the sidecar is another than the journal goes on from. One that cannot be read counts as such.
    pub fn is_changed(&self) -> bool {
        let bytes = read_if_there(&*self.disk, &self.files.sidecar);
        bytes.map_or(true, |bytes| bytes.as_deref().map(sha256_hex) != self.sidecar)
    }

    /// Takes in what something else made of the sidecar; none when nothing did. `ours` is the layer with all that was
    /// appended. A sidecar that cannot be taken in whole is an error, and changes nothing.
    pub fn take_in(&mut self, ours: &Layer, schema: &Schema) -> Result<Option<Joined>, TakeInError> {
        let path = &self.files.sidecar;
        let bytes = read_if_there(&*self.disk, path).map_err(StoreError::read(path))?;
        let sha256 = bytes.as_deref().map(sha256_hex);
        if sha256 == self.sidecar {
            return Ok(None);
        }
        let mut base = ours.clone();
        for change in self.pending.iter().rev() {
            apply(&mut base, change.back.clone()).map_err(|error| TakeInError::Misfit(error.to_string()))?;
        }
        let theirs = match bytes {
            Some(bytes) => {
                let (loaded, _) = read_text(path, &text_of(path, bytes)?, &self.article, schema, AsBase::No)?;
                if let Some(reason) = loaded.read_only {
                    return Err(TakeInError::ReadOnly(reason));
                }
                loaded.layer
            }
            // It was deleted: what was marked here stays.
            None => Layer::new(ours.head().clone()),
        };
        let base = if sha256.is_none() { theirs.clone() } else { base };
        let joined = Joined::new(&base, ours, &theirs, sha256.as_deref().unwrap_or_default());
        self.write(joined.entries().map(|entry| &entry.record), true)?;
        self.sidecar = sha256;
        self.pending = joined.entries().map(|entry| entry.change.clone()).collect();
        if self.sidecar.is_none() {
            self.empty = Layer::new(ours.head().clone());
        }
        Ok(Some(joined))
    }
}

/// Why a sidecar that something else changed cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It can be looked at, not changed.
    #[error("{0}")]
    ReadOnly(String),
    /// The journal does not lead back to what the sidecar was.
    #[error("the journal does not lead back to the sidecar: {0}")]
    Misfit(String),
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
