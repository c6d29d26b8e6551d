//! What is done when something else changed or deleted a sidecar: git, a sync folder, an editor.
//!
//! What was there before is known from the changes that the sidecar lacked and what takes them back, so that the two
//! are merged three ways. A record says what leads from the sidecar as it is now to the layer as it was here; the merge
//! itself is a step, with undo.

use super::joined::Joined;
use super::log::LayerLog;
use super::opened::{AsBase, read_text};
use crate::article::sha256_hex;
use crate::edit::apply;
use crate::model::{Layer, Schema};
use crate::store::StoreError;
use crate::store::disk::read_if_there;
use crate::store::source::text_of;

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
