//! Why an article can't be opened: one sentence each, with the file and a way out.

use std::io;
use std::path::PathBuf;

/// Why a file can't be read as an article. Nothing is written, whatever the reason.
#[derive(Debug, thiserror::Error)]
pub enum ArticleError {
    /// There is no such file.
    #[error("{} does not exist; check the name, or open the folder that it should be in", .0.display())]
    Missing(PathBuf),
    /// The system does not let us read it.
    #[error("{} may not be read by you; ask its owner for the right to read it", .0.display())]
    Forbidden(PathBuf),
    /// Reading failed for another reason.
    #[error("{} could not be read ({source}); try again, or copy it to another place first", path.display())]
    Unreadable {
        /// What the system said.
        source: io::Error,
        /// The file.
        path: PathBuf,
    },
    /// A folder, where a file was expected.
    #[error("{} is a folder, not an article; open it as a corpus", .0.display())]
    Folder(PathBuf),
    /// No byte in it, or nothing but a byte order mark.
    #[error("{} is empty; there is nothing to mark", .0.display())]
    Empty(PathBuf),
    /// Over 1 GiB, in bytes.
    #[error("{} is {:.1} GiB long, and 1 GiB is the most that is read; split it into smaller files", path.display(), *bytes as f64 / 1_073_741_824.0)]
    TooLarge {
        /// Its length.
        bytes: u64,
        /// The file.
        path: PathBuf,
    },
    /// No text, by its first bytes or by the zero bytes in it.
    #[error("{} is {kind}, not plain text; save it as text or Markdown first", path.display())]
    Binary {
        /// What it seems to be, with its article ("a PDF document").
        kind: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// The sidecar records an encoding that no standard names.
    #[error("{} is recorded as \"{encoding}\", an encoding that is not known; correct `encoding` in its sidecar or remove the field", path.display())]
    UnknownEncoding {
        /// As the sidecar has it.
        encoding: String,
        /// The file.
        path: PathBuf,
    },
}
