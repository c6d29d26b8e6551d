//! A journal whose article was edited before it was folded: its steps are about the text that was kept.
//!
//! To look at it nothing is written; [`fold_older`] brings the sidecar up to date on the old text, which is where
//! re-anchoring goes on from.

use std::path::Path;
use std::sync::Arc;

use super::files::LayerFiles;
use super::frame::Frames;
use super::log::{Begin, LayerLog, LogError};
use super::open::{Opened, open};
use super::past::Journal;
use super::record::{Context, Source, source_of_title};
use crate::article::{Article, from_bytes};
use crate::model::Schema;
use crate::store::StoreError;
use crate::store::disk::{Disk, read_if_there};
use crate::store::sidecar::{self, UnplacedLayer, write_layer};
use crate::text::OffsetIndex;

/// Steps on a text that is the article's no more.
pub(super) enum Older {
    /// The layer as it was on that text.
    Known(Box<(Article, Opened)>),
    /// The text, or what the sidecar was, is not known any more; how many steps wait, if that can be told.
    Unknown(Option<usize>),
}

impl Older {
    /// Why the layer cannot be changed before that is settled.
    pub(super) fn waits(&self, journal: &Path) -> String {
        let journal = journal.display();
        match self {
            Self::Known(known) => format!(
                "The article was edited since, and {} of this layer's changes are in the journal alone: the layer can \
                 be looked at. `pressmark reanchor` finds the places of its annotations again.",
                known.1.pending.len()
            ),
            Self::Unknown(steps) => format!(
                "{journal}: the article was edited since this journal was written, and {} cannot be placed any more: \
                 the layer can be looked at. They are kept in the journal. Put the article back as it was, or move the \
                 journal to another folder to go on without them.",
                steps.map_or_else(|| "its changes".to_owned(), |steps| format!("{steps} changes in it"))
            ),
        }
    }
}

/// What a journal on an older text has that the sidecar lacks; none when that is nothing.
pub(super) fn on_older_text(
    disk: &dyn Disk,
    files: &LayerFiles,
    source: &Source,
    article: &Article,
    schema: &Schema,
) -> Result<Option<Older>, StoreError> {
    let pending = |steps: Option<usize>| super::is_pending(disk, &files.journal).then_some(Older::Unknown(steps));
    let Some(old) = older_article(disk, files, source, article) else { return Ok(pending(None)) };
    let bytes = read_if_there(disk, &files.journal).map_err(StoreError::read(&files.journal))?.unwrap_or_default();
    let (frames, index) = (Frames::read(&bytes), OffsetIndex::new(&old.text));
    let context = Context { article: &old, index: &index, path: &files.journal };
    let Some((title, records)) = frames.records.split_first() else { return Ok(None) };
    let Ok(journal) = Journal::read(context, title, records) else { return Ok(pending(None)) };
    let unfolded = journal.unfolded().map(|changes| changes.len());
    let Some(opened) = open(disk, files, &old, schema)? else { return Ok(None) };
    Ok(match unfolded {
        _ if opened.read_only.is_none() => (!opened.pending.is_empty()).then(|| Older::Known(Box::new((old, opened)))),
        Ok(0) => None,
        Ok(steps) => Some(Older::Unknown(Some(steps))),
        Err(_) => pending(None),
    })
}

/// The article as it was, from the text that was kept.
fn older_article(disk: &dyn Disk, files: &LayerFiles, source: &Source, article: &Article) -> Option<Article> {
    let named = source.text_sha256.len() == 64 && source.text_sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = files.root.join(".pressmark").join("texts").join(&source.text_sha256);
    let bytes = named.then(|| disk.read(&path).ok())??;
    let old = from_bytes(&article.path, bytes, Some("UTF-8")).ok()?;
    let same = old.text_sha256 == source.text_sha256;
    same.then(|| Article { sha256: source.sha256.clone(), encoding: article.encoding, ..old })
}

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
        None => {
            match super::is_pending(disk, &files.journal).then(|| open(disk, files, article, schema)).transpose()? {
                Some(Some(opened)) if opened.read_only.is_none() => {
                    sidecar::parse_unplaced(&files.sidecar, &write_layer(article, &opened.layer), article, schema)
                }
                _ => sidecar::read_unplaced(&files.sidecar, article, schema),
            }
        }
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
