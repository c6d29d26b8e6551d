//! Puts bytes on disk whole or not at all: a temporary file in the same folder, synced, renamed over the old one.
//!
//! Nothing is written when the file already says it. Permissions of a file that is there are kept, and a symbolic
//! link stays one. Along with a layer goes the text that it was made on, once, so that it can find its place again.

use std::fs;
use std::path::Path;

use crate::article::Article;
use crate::store::StoreError;
use crate::store::disk::{self, Disk, OsDisk};

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

/// Puts a sidecar on disk; leaves one alone that already holds these bytes.
pub(in crate::store) fn save_sidecar(disk: &dyn Disk, path: &Path, contents: &[u8]) -> Result<(), StoreError> {
    match disk.read(path) {
        Ok(bytes) if bytes == contents => Ok(()),
        _ => disk::replace(disk, path, contents).map_err(StoreError::write(path)),
    }
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
