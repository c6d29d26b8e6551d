//! What commands do with a layer: read it whole, with what only the journal has, and change it in one step.

use std::path::PathBuf;
use std::sync::Arc;

use super::files::LayerFiles;
use super::lock::{Lock, LockError};
use super::log::{Begin, Entry, LayerLog, LogError};
use super::older::fold_older;
use super::open::{Opened, is_pending, open};
use super::record::Change;
use crate::article::Article;
use crate::edit::{Edit, EditError, apply};
use crate::model::{Layer, Schema};
use crate::store::StoreError;
use crate::store::disk::OsDisk;
use crate::store::sidecar::{LoadedLayer, create_file, keep_text, read_layer, write_layer};

/// Why a command cannot change a layer. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Another program changes it.
    #[error("{}: {source}", path.display())]
    Held {
        /// Who.
        source: LockError,
        /// The sidecar.
        path: PathBuf,
    },
    /// It can be looked at, not changed: a whole sentence.
    #[error("{0}")]
    ReadOnly(String),
    /// The change does not fit it.
    #[error("{}: cannot be changed: {source}", path.display())]
    Edit {
        /// Why.
        source: EditError,
        /// The sidecar.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads a layer, with the steps that its sidecar lacks. What a person should know of those comes beside.
pub fn read_whole(
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
) -> Result<(LoadedLayer, Vec<String>), StoreError> {
    files.check_inside(&OsDisk)?;
    if is_pending(&OsDisk, &files.journal)
        && let Some(Opened { layer, problems, read_only, notes, .. }) = open(&OsDisk, files, article, schema)?
    {
        return Ok((LoadedLayer { layer, problems, read_only }, notes));
    }
    Ok((read_layer(&files.sidecar, article, schema)?, Vec::new()))
}

/// Takes the right to change a layer for a command.
pub fn lock(files: &LayerFiles, command: &str) -> Result<Lock, ChangeError> {
    let who = format!("pressmark {command} (process {})", std::process::id());
    Lock::take(files, &who).map_err(|source| ChangeError::Held { source, path: files.sidecar.clone() })
}

/// Changes a layer in one step, which can be taken back in the window, and writes its sidecar. `edit` gets the layer as
/// it is; `empty` is what there is where there is none yet.
pub fn change<E: From<ChangeError>>(
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
    empty: &Layer,
    name: &str,
    edit: impl FnOnce(&Layer) -> Result<Edit, E>,
) -> Result<(), E> {
    if !files.sidecar.exists() && !files.journal.exists() {
        // Nothing is there that could be lost or taken back to.
        return add(files, article, empty, edit);
    }
    let _lock = lock(files, name)?;
    let opened = open(&OsDisk, files, article, schema).map_err(ChangeError::from)?;
    if let Some(reason) = opened.as_ref().and_then(|opened| opened.read_only.clone()) {
        return Err(ChangeError::ReadOnly(reason).into());
    }
    let begin = opened.as_ref().map_or_else(|| Begin::nothing(empty), Begin::opened);
    let mut layer = opened.map_or_else(|| empty.clone(), |opened| opened.layer);
    let edit = edit(&layer)?;
    let back =
        apply(&mut layer, edit.clone()).map_err(|source| ChangeError::Edit { source, path: files.sidecar.clone() })?;
    let write = || -> Result<(), LogError> {
        let mut log = LayerLog::begin(Arc::new(OsDisk), files.clone(), Arc::new(article.clone()), begin)?;
        log.append(&[Entry::step(name, Change { edit, back })])?;
        log.fold(schema)
    };
    Ok(write().map_err(ChangeError::from)?)
}

/// Makes a layer that is not there yet; never writes over one that comes meanwhile.
fn add<E: From<ChangeError>>(
    files: &LayerFiles,
    article: &Article,
    empty: &Layer,
    edit: impl FnOnce(&Layer) -> Result<Edit, E>,
) -> Result<(), E> {
    files.check_inside(&OsDisk).map_err(ChangeError::from)?;
    let mut layer = empty.clone();
    apply(&mut layer, edit(empty)?).map_err(|source| ChangeError::Edit { source, path: files.sidecar.clone() })?;
    let write = || {
        keep_text(&OsDisk, &files.root, article)?;
        create_file(&files.sidecar, write_layer(article, &layer).as_bytes())
    };
    Ok(write().map_err(ChangeError::from)?)
}

/// Writes a sidecar whose journal has more, whichever text that is about; the lock must be held.
pub fn fold_pending(files: &LayerFiles, article: &Article, schema: &Schema) -> Result<(), ChangeError> {
    if !is_pending(&OsDisk, &files.journal) {
        return Ok(());
    }
    fold_older(&(Arc::new(OsDisk) as _), files, article, schema)?;
    match open(&OsDisk, files, article, schema)? {
        Some(opened) if opened.read_only.is_none() && !opened.pending.is_empty() => {
            let begin = Begin::opened(&opened);
            let mut log = LayerLog::begin(Arc::new(OsDisk), files.clone(), Arc::new(article.clone()), begin)?;
            Ok(log.fold(schema)?)
        }
        _ => Ok(()),
    }
}
