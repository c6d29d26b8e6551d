//! What comes of asking for a file or a folder.
//!
//! The dialogs themselves are in `picking`.

use std::path::PathBuf;

/// What came of asking for a file or a folder.
pub(super) enum Picked {
    /// One to open.
    Path(PathBuf),
    /// The place of an export.
    Target(PathBuf),
    /// A dataset.
    Dataset(PathBuf),
    /// A folder for a corpus that is imported.
    Into(PathBuf),
    /// There is nothing on this machine that could ask.
    NoDialog,
}
