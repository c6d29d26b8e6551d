//! The files of a dataset: those that are named, and those of the format's endings in folders that are named.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::formats::{Document, ReadFile, Report, Source};

/// A larger file is none of a format that is read file by file.
const LARGEST: u64 = 2 << 30;

/// A file of a dataset.
pub(super) struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// The folder that was named; paths in the dataset count from there.
    root: PathBuf,
    /// Whether it was named itself.
    pub named: bool,
}

/// The files that are meant: files as they are, folders with all of these endings that is below them.
pub(super) fn find(named: &[PathBuf], endings: &[&str]) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for path in named {
        if path.is_file() {
            let root = path.parent().unwrap_or(Path::new("")).to_path_buf();
            found.push(Found { path: path.clone(), root, named: true });
            continue;
        }
        if !path.is_dir() {
            bail!("{}: this file or folder does not exist. Check the path.", path.display());
        }
        let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
        let below = WalkDir::new(path).sort_by_file_name().into_iter();
        let below = below.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())).flatten();
        for entry in below.filter(|entry| entry.file_type().is_file()) {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            if endings.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'))) {
                found.push(Found { path: entry.path().to_path_buf(), root: path.clone(), named: false });
            }
        }
    }
    Ok(found)
}

impl Found {
    /// Reads the file's documents.
    pub fn read(&self, read: ReadFile, report: &mut Report, take: &mut dyn FnMut(Document)) -> Result<()> {
        let unreadable = || format!("{}: cannot be read", self.path.display());
        let size = fs::metadata(&self.path).with_context(unreadable)?.len();
        if size > LARGEST {
            bail!("{}: this file is larger than 2 GiB. Divide it.", self.path.display());
        }
        let bytes = fs::read(&self.path).with_context(unreadable)?;
        let name = self.path.strip_prefix(&self.root).unwrap_or(&self.path);
        let name: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let beside = |name: &str| {
            let plain = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            let path = self.root.join(name);
            let small = plain && fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
            if small { fs::read(path).ok() } else { None }
        };
        read(&Source { path: &self.path, name: &name.join("/"), bytes: &bytes, beside: &beside }, report, take);
        Ok(())
    }
}
