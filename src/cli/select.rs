//! Which articles and layers a command is about, with what is to be told of them on standard error.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::output;
use crate::article::Article;
use crate::store::sidecar::LoadedLayer;
use crate::workspace::dataset;
pub(super) use crate::workspace::dataset::{Selection, of_annotator};

/// What paths stand for, in their order.
pub(super) fn select(paths: &[PathBuf]) -> Result<Vec<Selection>> {
    paths.iter().map(|path| select_one(path)).collect()
}

/// What one path stands for.
pub(super) fn select_one(path: &Path) -> Result<Selection> {
    let selection = dataset::select_one(path)?;
    selection.warnings.iter().for_each(|warning| output::note(warning));
    Ok(selection)
}

/// Tells of a faulty schema, for commands that go on with the built-in one.
pub(super) fn note_schema(selection: &Selection) -> bool {
    let note = selection.schema_note();
    note.iter().for_each(|note| output::note(note));
    note.is_some()
}

/// Reads a layer, and tells why it is less than whole.
pub(super) fn read_layer(selection: &Selection, path: &Path, article: &Article) -> Result<LoadedLayer> {
    let (loaded, notes) = selection.layer_and_notes(path, article)?;
    notes.iter().for_each(|note| output::note(note));
    Ok(loaded)
}
