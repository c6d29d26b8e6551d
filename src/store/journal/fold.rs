//! Folds a journal into its sidecar.
//!
//! In three stages, so that steps can be appended meanwhile: [`Folding::make`] puts the new sidecar together from the
//! files, as it will be found again; [`LayerLog::announce`] says in the journal which sidecar is about to come, so that
//! after a crash between the two either file tells where the other goes on; [`Fold::save`] puts it in its place.

use std::path::PathBuf;
use std::sync::Arc;

use super::log::{LayerLog, LogError, check_sidecar};
use super::opened::{AsBase, read_text};
use super::record::{Change, Record};
use crate::article::{Article, sha256_hex};
use crate::edit::{EditError, apply};
use crate::model::{Layer, Schema};
use crate::store::StoreError;
use crate::store::disk::Disk;
use crate::store::sidecar::{save_sidecar, write_layer_with};
use crate::store::source::text_of;
use crate::text::OffsetIndex;

/// What a new sidecar is put together from.
pub struct Folding {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    sidecar: Option<String>,
    article: Arc<Article>,
    index: Arc<OffsetIndex>,
    empty: Layer,
    pending: Vec<Change>,
    records: usize,
}

/// A new sidecar.
pub struct Fold {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    /// What is to be there until it comes.
    before: Option<String>,
    contents: String,
    sha256: String,
    empty: Layer,
    changes: usize,
    records: usize,
}

impl Folding {
    /// Reads the sidecar and makes the pending changes. Writes nothing; can run on any thread.
    pub fn make(self, schema: &Schema) -> Result<Fold, LogError> {
        let path = self.path;
        let mut layer = match check_sidecar(&*self.disk, &path, self.sidecar.as_deref())? {
            Some(bytes) => read_text(&path, &text_of(&path, bytes)?, &self.article, schema, AsBase::Yes)?.0.layer,
            None => self.empty,
        };
        let changes = self.pending.len();
        for change in self.pending {
            let misfit = |error: EditError| StoreError::write(&path)(std::io::Error::other(error.to_string()));
            apply(&mut layer, change.edit).map_err(misfit)?;
        }
        let contents = write_layer_with(&self.article, &self.index, &layer);
        Ok(Fold {
            disk: self.disk,
            path,
            before: self.sidecar,
            sha256: sha256_hex(contents.as_bytes()),
            contents,
            empty: Layer::new(layer.head().clone()),
            changes,
            records: self.records,
        })
    }
}

impl Fold {
    /// Puts the sidecar in its place, unless something else changed the old one meanwhile. It must have been
    /// announced; can run on any thread.
    pub fn save(&self) -> Result<(), LogError> {
        check_sidecar(&*self.disk, &self.path, self.before.as_deref())?;
        Ok(save_sidecar(&*self.disk, &self.path, self.contents.as_bytes())?)
    }
}

impl LayerLog {
    /// What a fold is made from; none when the sidecar has everything.
    pub fn folding(&self) -> Option<Folding> {
        (!self.pending.is_empty()).then(|| Folding {
            disk: self.disk.clone(),
            path: self.files.sidecar.clone(),
            sidecar: self.sidecar.clone(),
            article: self.article.clone(),
            index: self.index.clone(),
            empty: self.empty.clone(),
            pending: self.pending.clone(),
            records: self.tail.records,
        })
    }

    /// Says that a sidecar is about to be in its place. One fold has to come to its end before the next begins.
    pub fn announce(&mut self, fold: &Fold) -> Result<(), LogError> {
        if fold.before != self.sidecar {
            return Err(LogError::Changed(self.files.sidecar.clone()));
        }
        Ok(self.write(&[Record::Fold { sha256: fold.sha256.clone(), records: fold.records }], true)?)
    }

    /// Takes in that the sidecar is in its place.
    pub fn finish(&mut self, fold: Fold) -> Result<(), StoreError> {
        self.sidecar = Some(fold.sha256);
        self.pending.drain(..fold.changes);
        self.empty = fold.empty;
        // Should this record be lost, the steps before it are looked at once more, and found to be there.
        let record = if self.pending.is_empty() { Record::Folded } else { Record::PartlyFolded };
        self.write(&[record], false)
    }

    /// Writes the sidecar anew with all that the journal has. Nothing is written when there is nothing new.
    pub fn fold(&mut self, schema: &Schema) -> Result<(), LogError> {
        let Some(folding) = self.folding() else { return Ok(()) };
        let fold = folding.make(schema)?;
        self.announce(&fold)?;
        fold.save()?;
        Ok(self.finish(fold)?)
    }
}
