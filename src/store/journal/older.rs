//! A journal whose article was edited before it was folded: its steps are about the text that was kept.
//!
//! To look at it nothing is written; [`fold_older`] brings the sidecar up to date on the old text, which is where
//! re-anchoring goes on from.

use std::sync::Arc;

use super::files::LayerFiles;
use super::frame::Frames;
use super::log::{Begin, LayerLog, LogError};
use super::open::{Older, is_pending, on_older_text, open};
use super::opened::Opened;
use super::record::source_of_title;
use crate::article::Article;
use crate::model::Schema;
use crate::store::StoreError;
use crate::store::disk::{Disk, read_if_there};
use crate::store::sidecar::{self, UnplacedLayer, write_layer};

fn find(
    disk: &dyn Disk,
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
) -> Result<Option<(Article, Opened)>, StoreError> {
    let bytes = read_if_there(disk, &files.journal).map_err(StoreError::read(&files.journal))?.unwrap_or_default();
    let source = Frames::read(&bytes).records.first().and_then(|title| source_of_title(title));
    let Some(source) = source.filter(|source| source.text_sha256 != article.text_sha256) else { return Ok(None) };
    match on_older_text(disk, files, &source, article, schema)? {
        None => Ok(None),
        Some(Older::Known(known)) => Ok(Some(*known)),
        Some(unknown) => {
            let reason = std::io::Error::other(unknown.waits(&files.journal));
            Err(StoreError::read(&files.journal)(reason))
        }
    }
}

/// The layer of an article that was edited since, for its annotations to be placed anew: the sidecar's, with what the
/// journal has besides.
pub fn read_unplaced(
    disk: &dyn Disk,
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
) -> Result<UnplacedLayer, StoreError> {
    files.check_inside(disk)?;
    match find(disk, files, article, schema)? {
        Some((old, opened)) => {
            sidecar::parse_unplaced(&files.sidecar, &write_layer(&old, &opened.layer), article, schema)
        }
        None => match is_pending(disk, &files.journal).then(|| open(disk, files, article, schema)).transpose()? {
            Some(Some(opened)) if opened.read_only.is_none() => {
                sidecar::parse_unplaced(&files.sidecar, &write_layer(article, &opened.layer), article, schema)
            }
            _ => sidecar::read_unplaced(&files.sidecar, article, schema),
        },
    }
}

/// Brings a sidecar up to date on the text that its journal was written on, so that nothing waits there; the lock must
/// be held.
pub(super) fn fold_older(
    disk: &Arc<dyn Disk>,
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
) -> Result<(), LogError> {
    let Some((old, opened)) = find(&**disk, files, article, schema)? else { return Ok(()) };
    LayerLog::begin(disk.clone(), files.clone(), Arc::new(old), Begin::opened(&opened))?.fold(schema)
}
