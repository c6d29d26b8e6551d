//! The merge of sidecars on one text as files: read, merged, written.
//!
//! The result is a function of the three files, and of `.pressmark/texts` only where they do not quote enough: the
//! article is not looked at, since git may have it in any state just then. A side that is not understood in full is
//! an error, and nothing is written.

use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use super::versions::field;
use super::{Conflict, Merged, merge};
use crate::model::Id;
use crate::store::StoreError;
pub use crate::store::sidecar::readable;
use crate::store::sidecar::{MadeOn, read_together, same_text};

/// Why sidecars cannot be merged. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A file is damaged, or not understood in full.
    #[error(transparent)]
    Side(#[from] StoreError),
    /// The files are of different people.
    #[error("{}: one side is {one}'s layer and the other {other}'s; a merge is of two states of one layer. To compare two people's layers, leave each in its own file.", path.display())]
    Annotators {
        /// Whose the one is.
        one: SmolStr,
        /// Whose the other is.
        other: SmolStr,
        /// What is merged.
        path: PathBuf,
    },
    /// The files were made on different states of the article.
    #[error("{}: the sides were made on different states of the article, and neither's text is at hand in .pressmark/texts. Put the article back as it was on one side, or commit .pressmark/texts there, and merge again.", path.display())]
    Texts {
        /// What is merged.
        path: PathBuf,
    },
}

/// A merged sidecar.
#[derive(Clone, Debug)]
pub struct MergedSidecar {
    /// The file's contents, in the canonical form.
    pub contents: String,
    /// What is to be settled.
    pub conflicts: Vec<Conflict>,
    /// Ids of what was deleted on one side and is there still.
    pub kept: Vec<Id>,
}

/// Merges two states of a sidecar, each with the path that errors tell. An empty base is none. `path` is the sidecar
/// that is merged, `root` the corpus's root, where there is one. Sides on different texts are
/// [`MergeError::Texts`]: `workspace` brings them to one.
pub fn merge_sidecars(
    base: Option<(&Path, &str)>,
    ours: (&Path, &str),
    theirs: (&Path, &str),
    path: &Path,
    root: Option<&Path>,
) -> Result<MergedSidecar, MergeError> {
    let base = base.filter(|(_, text)| !text.trim().is_empty());
    let files: Vec<(&Path, &str)> = [ours, theirs].into_iter().chain(base).collect();
    if same_text(&files)?.is_none() {
        return Err(MergeError::Texts { path: path.to_path_buf() });
    }
    let (text, sides) = read_together(&files, root)?;
    let (ours, theirs, base) = (&sides[0], &sides[1], sides.get(2));
    let (one, other) = (&ours.layer.head().annotator, &theirs.layer.head().annotator);
    if one != other {
        return Err(MergeError::Annotators { one: one.clone(), other: other.clone(), path: path.to_path_buf() });
    }
    let Merged { layer, conflicts, kept, .. } = merge(base.map(|base| &base.layer), &ours.layer, &theirs.layer);
    let made_on = made_on(base.map(|base| &base.made_on), &ours.made_on, &theirs.made_on);
    Ok(MergedSidecar { contents: made_on.write(&text, &layer), conflicts, kept })
}

/// The article that the result names. It is the same text by any of them, so that a rename or a new encoding on one
/// side is followed; of two, one is taken by its name alone, and the next save writes what is so.
fn made_on(base: Option<&MadeOn>, ours: &MadeOn, theirs: &MadeOn) -> MadeOn {
    let smaller = ours.min(theirs);
    base.and_then(|base| field(base, ours, theirs)).unwrap_or_else(|| smaller.clone())
}
