//! Puts bytes on disk whole or not at all: a temporary file in the same folder, synced, renamed over the old one.
//!
//! Nothing is written when the file already says it. Permissions of a file that is there are kept, and a symbolic
//! link stays one. Along with a layer goes the text that it was made on, once, so that it can find its place again.

use std::fs;
use std::path::{Path, PathBuf};

use super::FORMAT;
use super::file::FormatOnly;
use crate::article::Article;
use crate::store::StoreError;
use crate::store::disk::{self, Disk, OsDisk, read_if_there};

/// Saves a sidecar, and keeps the article's text under `.pressmark/texts` of the corpus root.
pub fn save_layer(path: &Path, article: &Article, corpus_root: &Path, contents: &str) -> Result<(), StoreError> {
    keep_text(&OsDisk, corpus_root, article)?;
    save_sidecar(&OsDisk, path, contents.as_bytes())
}

/// Keeps an article's text under `.pressmark/texts`, so that what was marked in it can find its place again.
pub(in crate::store) fn keep_text(disk: &dyn Disk, corpus_root: &Path, article: &Article) -> Result<(), StoreError> {
    let folder = corpus_root.join(".pressmark").join("texts");
    let kept = folder.join(&article.text_sha256);
    if !disk.is_inside(corpus_root, &kept) {
        return Err(StoreError::Outside { path: folder });
    }
    // What a power cut left of it is no text: it is written again.
    match disk.read(&kept) {
        Ok(bytes) if bytes == article.text.as_bytes() => return Ok(()),
        _ => disk.create_folder(&folder).map_err(StoreError::write(&folder))?,
    }
    disk::replace(disk, &kept, article.text.as_bytes()).map_err(StoreError::write(&kept))
}

/// Puts a sidecar on disk; leaves one alone that already holds these bytes. One of an older format is copied first.
pub(in crate::store) fn save_sidecar(disk: &dyn Disk, path: &Path, contents: &[u8]) -> Result<(), StoreError> {
    save_in_format(disk, path, contents, FORMAT)
}

/// The same in a format that is told.
fn save_in_format(disk: &dyn Disk, path: &Path, contents: &[u8], format: u32) -> Result<(), StoreError> {
    match disk.read(path) {
        Ok(bytes) if bytes == contents => return Ok(()),
        Ok(bytes) => {
            if let Some(older) = format_of(&bytes).filter(|&older| older < format) {
                copy_older(disk, path, &bytes, older)?;
            }
        }
        Err(_) => {}
    }
    disk::replace(disk, path, contents).map_err(StoreError::write(path))
}

/// The format that a sidecar says it has, if it is one.
fn format_of(bytes: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(bytes).ok()?;
    // Our own form says it in its second line; the whole of a large file is read for another form alone.
    let own = text.strip_prefix("(\n    format: ").and_then(|rest| rest.split_once(',')?.0.parse().ok());
    own.or_else(|| ron::from_str::<FormatOnly<'_>>(text).ok().map(|file| file.format))
}

/// Keeps a sidecar as it was before a newer format takes its place, beside it, under a name that no sidecar has: its own
/// with `.format-1` at its end, and a number after that where such a copy is there already.
fn copy_older(disk: &dyn Disk, path: &Path, bytes: &[u8], format: u32) -> Result<(), StoreError> {
    for number in 1.. {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".format-{format}"));
        if number > 1 {
            name.push(format!("-{number}"));
        }
        let copy = PathBuf::from(name);
        match read_if_there(disk, &copy).map_err(StoreError::read(&copy))? {
            Some(same) if same == bytes => break,
            Some(_) => {}
            None => return disk::replace(disk, &copy, bytes).map_err(StoreError::write(&copy)),
        }
    }
    Ok(())
}

/// Makes a file that is not there yet, and the folders above it; never writes over one.
pub fn create_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(StoreError::write(folder))?;
    }
    disk::create(path, bytes).map_err(StoreError::write(path))
}

/// Whether files can be made in a folder, as far as the system says without trying: asking changes nothing.
pub fn is_writable(folder: &Path) -> bool {
    #[cfg(unix)]
    return rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok();
    #[cfg(not(unix))]
    return fs::metadata(folder).is_ok_and(|metadata| !metadata.permissions().readonly());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sidecar::annotator_of;

    #[test]
    fn what_a_newer_format_replaces_is_copied_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("talks.txt.ann1.ron");
        let copy = |name: &str| std::fs::read_to_string(folder.path().join(name)).ok();
        let (old, other, new) = ("(\n    format: 1,\n)\n", "( format : 1 )", "(\n    format: 2,\n)\n");
        let save = |text: &str| save_in_format(&OsDisk, &path, text.as_bytes(), 2).expect("it is saved");
        std::fs::write(&path, old).expect("it is written");
        save(new);
        assert_eq!(copy("talks.txt.ann1.ron.format-1").as_deref(), Some(old));
        save("(\n    format: 2, \n)\n");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2, "the same format is not copied");
        // The old file came back (git checkout), was changed by an older version, and is replaced again.
        std::fs::write(&path, other).expect("it is written");
        save(new);
        assert_eq!(copy("talks.txt.ann1.ron.format-1").as_deref(), Some(old), "a copy is never written over");
        assert_eq!(copy("talks.txt.ann1.ron.format-1-2").as_deref(), Some(other));
        assert_eq!(copy("talks.txt.ann1.ron").as_deref(), Some(new));
        assert_eq!(annotator_of(Path::new("talks.txt"), Path::new("talks.txt.ann1.ron.format-1")), None);
    }
}
