//! Why a dataset could not be written or read.

use std::error::Error as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::article::ArticleError;
use crate::edit::EditError;
use crate::store::journal::ChangeError;
use crate::store::schema::SchemaError;
use crate::store::{StoreError, describe, without_codes};

/// Why a dataset could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// What is asked for cannot be done; the words say why, and the way out.
    #[error("{0}")]
    Refused(String),
    /// An article has several layers, none of which is gold, and one of them is to be written.
    #[error("{}: {} have layers of it, and none is gold. Choose one with --annotator, or take all with --all-annotators.", .article.display(), .names.join(" and "))]
    SeveralLayers {
        /// The article, from the root.
        article: PathBuf,
        /// Who has a layer of it.
        names: Vec<String>,
    },
    /// Nothing in it is of a format that is known.
    #[error("{}: {what} `pressmark formats` lists what can be imported; if this is one of them, name it with --from.", .path.display())]
    Unrecognised {
        /// The file or folder.
        path: PathBuf,
        /// What it is instead: a sentence.
        what: String,
    },
    /// Nothing in it could be read as the format that it was taken for.
    #[error("{}", unreadable(.path, .format, *.is_auto, .reasons).join("\n  "))]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The format.
        format: &'static str,
        /// Whether nobody said that it is of the format.
        is_auto: bool,
        /// The first that is wrong with it.
        reasons: Vec<String>,
    },
    /// It was asked to stop.
    #[error("it was stopped; nothing is written")]
    Cancelled,
    /// A corpus, an article's sidecar or a new file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A corpus's schema.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// An article.
    #[error(transparent)]
    Article(#[from] ArticleError),
    /// A layer that could not be changed.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// An edit that does not fit.
    #[error("a layer does not hold together: {0:?}")]
    Edit(EditError),
    /// A file that cannot be read or written.
    #[error("{}: cannot be {doing}", .path.display())]
    Io {
        /// What was tried: `read`, `written`.
        doing: &'static str,
        /// Why.
        source: io::Error,
        /// The file.
        path: PathBuf,
    },
}

/// That nothing could be read, and why, line by line.
fn unreadable(path: &Path, format: &str, is_auto: bool, reasons: &[String]) -> Vec<String> {
    let path = path.display();
    let first = if is_auto {
        format!("{path}: it looks like {format}, and nothing in it could be read. Name its format if it is another.")
    } else {
        format!("{path}: nothing in it could be read as {format}.")
    };
    [first].into_iter().chain(reasons.iter().cloned()).collect()
}

impl DatasetError {
    /// What it says, line by line: a name in it may hold what looks like the end of one.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Unreadable { path, format, is_auto, reasons } => unreadable(path, format, *is_auto, reasons),
            Self::Io { source, .. } => vec![format!("{self}: {}.", describe(source))],
            other => {
                let mut said = other.to_string();
                let mut cause = other.source();
                while let Some(error) = cause {
                    said = format!("{said}: {error}");
                    cause = error.source();
                }
                vec![without_codes(&said)]
            }
        }
    }

    /// The same of a folder that is made under another name than it will have.
    pub(super) fn renamed(self, from: &str, to: &str) -> Self {
        let lines = self.lines();
        match self {
            Self::Io { doing, source, path } => {
                Self::Io { doing, source, path: path.display().to_string().replace(from, to).into() }
            }
            _ if lines.iter().any(|line| line.contains(from)) => Self::Refused(lines.join("\n").replace(from, to)),
            error => error,
        }
    }

    /// What is asked for cannot be done.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    /// A file that cannot be read or written.
    pub fn io(doing: &'static str, source: io::Error, path: &Path) -> Self {
        Self::Io { doing, source, path: path.to_path_buf() }
    }
}

impl From<EditError> for DatasetError {
    fn from(error: EditError) -> Self {
        Self::Edit(error)
    }
}
