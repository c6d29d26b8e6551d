//! What commands do with a layer: read it whole, with what only the journal has, and change it in one step.
//!
//! A layer is changed under its lock alone, and through its journal, so that each change lasts whole or not at all.

use std::path::PathBuf;
use std::sync::Arc;

use super::files::LayerFiles;
use super::joined::change_between;
use super::lock::{Lock, LockError};
use super::log::{Begin, LayerLog, LogError};
use super::older::{fold_older, read_unplaced};
use super::open::{is_pending, open};
use super::opened::{AsBase, Opened, read_text};
use super::record::{Change, Entry};
use crate::article::{Article, sha256_hex};
use crate::edit::{Edit, EditError, apply};
use crate::model::{Layer, Schema};
use crate::store::StoreError;
use crate::store::disk::{OsDisk, read_if_there};
use crate::store::sidecar::{LoadedLayer, UnplacedLayer, create_file, keep_text, read_layer, write_layer};
use crate::store::source::text_of;

/// The step that gives annotations their places in a text that was edited.
pub const PLACES: &str = "find places again";

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

fn lock(files: &LayerFiles, command: &str) -> Result<Lock, ChangeError> {
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

/// A layer whose article was edited, held so that its annotations can be given places.
pub struct Placing {
    /// The right to change it.
    pub lock: Lock,
    /// The layer, no annotation having a place.
    pub unplaced: UnplacedLayer,
    /// What the sidecar has: the same, unless only what had no place before is looked for in the same text.
    pub base: Layer,
    /// What its first change goes on from: the one that gives places, in one step.
    pub begin: Begin,
}

/// Takes the right to place a layer's annotations in the text that its article has now. Nothing waits in its journal
/// alone afterwards. `who` is told to others that want to change it.
pub fn begin_placing(
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
    who: &str,
) -> Result<Placing, ChangeError> {
    let lock = Lock::take(files, who).map_err(|source| ChangeError::Held { source, path: files.sidecar.clone() })?;
    fold_pending(files, article, schema)?;
    if is_pending(&OsDisk, &files.journal)
        && let Some(reason) = open(&OsDisk, files, article, schema)?.and_then(|opened| opened.read_only)
    {
        return Err(ChangeError::ReadOnly(reason));
    }
    let unplaced = read_unplaced(&OsDisk, files, article, schema)?;
    if let Some(reason) = unplaced.loaded.read_only {
        return Err(ChangeError::ReadOnly(reason));
    }
    let bytes = |path| read_if_there(&OsDisk, path).map_err(StoreError::read(path)).map(Option::unwrap_or_default);
    let (sidecar, journal) = (bytes(&files.sidecar)?, bytes(&files.journal)?);
    let sha256 = sha256_hex(&sidecar);
    let text = text_of(&files.sidecar, sidecar)?;
    let base = read_text(&files.sidecar, &text, article, schema, AsBase::Yes)?.0.layer;
    let begin = Begin::unplaced(&base, sha256, journal.len());
    Ok(Placing { lock, unplaced, base, begin })
}

/// What came of giving a layer's annotations places: nothing of it is written yet.
pub struct Placed {
    /// The right to change the layer.
    pub lock: Lock,
    /// What the change goes on from.
    pub begin: Begin,
    /// The layer with its places.
    pub layer: Layer,
    /// The change, for the step [`PLACES`].
    pub change: Change,
}

impl Placing {
    /// Gives the annotations places by `edit`, which is one of the layer without places.
    pub fn carry_out(self, edit: Edit) -> Result<Placed, EditError> {
        let Self { lock, unplaced, base, begin } = self;
        let mut layer = unplaced.loaded.layer;
        apply(&mut layer, edit)?;
        let change = change_between(&base, &layer);
        Ok(Placed { lock, begin, layer, change })
    }
}

/// Gives a layer's annotations places by `edit`, in one step that can be taken back in the window, and writes its
/// sidecar.
pub fn place(
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
    placing: Placing,
    edit: Edit,
) -> Result<(), ChangeError> {
    let same_text = placing.unplaced.text_sha256 == article.text_sha256;
    let misfit = |source| ChangeError::Edit { source, path: files.sidecar.clone() };
    let Placed { lock: _lock, begin, change, .. } = placing.carry_out(edit).map_err(misfit)?;
    if same_text && change.edit == Edit::Batch(Vec::new()) {
        return Ok(());
    }
    let mut log = LayerLog::begin(Arc::new(OsDisk), files.clone(), Arc::new(article.clone()), begin)?;
    log.append(&[Entry::step(PLACES, change)])?;
    Ok(log.fold(schema)?)
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
