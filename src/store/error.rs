//! What can go wrong with files, each with its file, its place and a way out.
//!
//! A [`StoreError`] means that the file was not taken in at all; a [`Problem`] is something about a layer that was.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::Id;
use crate::text::short;

/// Why a file or a folder cannot be used. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file or folder is not there, or may not be read.
    #[error("{}: cannot be read: {}. {}", path.display(), describe(source), read_advice(source))]
    Read {
        /// What the system said.
        source: io::Error,
        /// The file.
        path: PathBuf,
    },
    /// The file is there, and is not what it should be.
    #[error("{}:{line}:{column}: {reason}. The file is left as it is; repair it there, or fetch it back from a backup or version control.", path.display())]
    Damaged {
        /// What is wrong, without a full stop.
        reason: String,
        /// Line, from 1.
        line: usize,
        /// Column in code points, from 1.
        column: usize,
        /// The file.
        path: PathBuf,
    },
    /// A file or folder cannot be written.
    #[error("{}: cannot be saved: {}. {}", path.display(), describe(source), write_advice(source))]
    Write {
        /// What the system said.
        source: io::Error,
        /// The file.
        path: PathBuf,
    },
    /// A symbolic link leads out of the corpus.
    #[error("{}: this leads out of the corpus folder through a link, where Pressmark neither reads nor writes. Put the file or folder itself in its place.", path.display())]
    Outside {
        /// The file, as the corpus names it.
        path: PathBuf,
    },
    /// A folder in which no article was found.
    #[error("{}: there is no article here: no file that ends in .txt or .md, hidden files, README and LICENSE aside. Choose a folder with articles, or look at include and exclude in its pressmark.ron. If it is a dataset of another program, `pressmark import` makes articles of it.", path.display())]
    NoArticles {
        /// The folder.
        path: PathBuf,
    },
    /// A file that is no article.
    #[error("{}: this is not an article that Pressmark reads. Choose a .txt or .md file, or a folder of them; a dataset of another program is taken in with `pressmark import`, or File → Import dataset.", path.display())]
    NotAnArticle {
        /// The file.
        path: PathBuf,
    },
}

impl StoreError {
    /// The file or folder that it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Read { path, .. }
            | Self::Damaged { path, .. }
            | Self::Write { path, .. }
            | Self::Outside { path }
            | Self::NoArticles { path }
            | Self::NotAnArticle { path } => path,
        }
    }

    /// A reading that failed.
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Read { source, path }
    }

    /// A writing that failed.
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Write { source, path }
    }
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the layer can be worked on.
    Warning,
    /// Something in the file is not as it should be; the layer is read-only.
    Error,
}

impl Severity {
    /// `warning` or `error`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something about a layer that its reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The sidecar.
    pub path: PathBuf,
    /// The annotation or relation that it is about.
    pub annotation: Option<Id>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and a way out: whole sentences.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.annotation {
            Some(id) => f.write_str(&short(format!("{id}: {}", self.message))),
            None => f.write_str(&short(self.message.clone())),
        }
    }
}

/// What the system said, in words that people know.
pub(crate) fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::AlreadyExists => "something of that name is there already".to_owned(),
        _ => without_codes(&error.to_string()),
    }
}

/// What the system said, without its own numbers, and without the name of what was to become a file.
pub(crate) fn without_codes(said: &str) -> String {
    let mut rest = said.split_once(" at path \"").map_or(said, |(before, _)| before);
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once(" (os error ") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    out + rest
}

fn read_advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "Check the path.",
        io::ErrorKind::PermissionDenied => "Ask for the right to read it, or open a copy.",
        _ => "Check the disk, or open a copy.",
    }
}

fn write_advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "The folder can be read only: copy it to a place where you may write, and open it there."
        }
        io::ErrorKind::StorageFull => "Make room; your work is still open, and is saved again by itself.",
        _ => "Check the disk; your work is still open.",
    }
}
