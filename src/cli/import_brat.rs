//! brat's datasets, found in folders: each `.ann` file with its `.txt` and the configuration that it stands under.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::formats::brat::{Config, read};
use crate::formats::{Document, Report, Warning, WarningKind};

/// An `.ann` file.
pub(super) struct Ann {
    path: PathBuf,
    /// The folder that was named; the article's path counts from there.
    root: PathBuf,
}

/// The `.ann` files that are meant: files as they are, folders with all that is below them.
pub(super) fn find(named: &[PathBuf]) -> Result<Vec<Ann>> {
    let mut found = Vec::new();
    for path in named {
        if path.is_file() {
            let root = path.parent().unwrap_or(Path::new("")).to_path_buf();
            found.push(Ann { path: path.with_extension("ann"), root });
            continue;
        }
        if !path.is_dir() {
            bail!("{}: this file or folder does not exist. Check the path.", path.display());
        }
        let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
        let below = WalkDir::new(path).sort_by_file_name().into_iter();
        let below = below.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())).flatten();
        for entry in below.filter(|entry| entry.file_type().is_file()) {
            if entry.path().extension().is_some_and(|end| end == "ann") {
                found.push(Ann { path: entry.path().to_path_buf(), root: path.clone() });
            }
        }
    }
    Ok(found)
}

impl Ann {
    /// The `.ann` file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the document; none where its text is not there, as the report tells.
    pub fn read(&self, report: &mut Report) -> Result<Option<Document>> {
        let text_path = self.path.with_extension("txt");
        if !text_path.exists() {
            report.warnings.push(Warning {
                file: self.path.clone(),
                line: 1,
                kind: WarningKind::BadPath,
                message: format!("there is no {} beside it; the file is left out", text_path.display()),
            });
            return Ok(None);
        }
        let name = text_path.strip_prefix(&self.root).unwrap_or(&text_path);
        let name: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let (text, ann) = (utf8(&text_path)?, utf8(&self.path)?);
        Ok(Some(read(&self.path, &ann, &name.join("/"), &text, &self.config()?, report)))
    }

    /// The configuration of the folder, or of the nearest above it up to the folder that was named.
    fn config(&self) -> Result<Config> {
        for folder in self.path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)) {
            let conf = folder.join("annotation.conf");
            if conf.is_file() {
                return Ok(Config::read(&utf8(&conf)?));
            }
        }
        Ok(Config::default())
    }
}

fn utf8(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        anyhow::anyhow!("{}: byte {byte} is not UTF-8, and brat's files are.", path.display())
    })
}
