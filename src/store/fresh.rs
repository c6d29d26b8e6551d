//! Files of a corpus that is being made beside its place: nobody can open it yet, so that the disk may take them in any order,
//! all at once at the end. One by one, thousands of files would wait for it thousands of times.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::StoreError;
use super::sidecar::write_layer;
use crate::article::Article;
use crate::model::Layer;

/// Makes a file that is not there yet, and the folders above it; never writes over one. It lasts after [`sync`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = StoreError::write(path);
    let file = match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create_new(path))
        }
        made => made,
    };
    file.and_then(|mut file| file.write_all(bytes)).map_err(failed)
}

/// Makes the sidecar of a layer, and keeps the text that it was made on.
pub fn add_layer(root: &Path, sidecar: &Path, article: &Article, layer: &Layer) -> Result<(), StoreError> {
    let kept = root.join(".pressmark").join("texts").join(&article.text_sha256);
    match write(&kept, article.text.as_bytes()) {
        // Of this layer's article, or of another with the same text.
        Err(StoreError::Write { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {}
        written => written?,
    }
    write(sidecar, write_layer(article, layer).as_bytes())
}

/// Writes a layer anew that [`add_layer`] made.
pub fn change_layer(sidecar: &Path, article: &Article, layer: &Layer) -> Result<(), StoreError> {
    fs::write(sidecar, write_layer(article, layer)).map_err(StoreError::write(sidecar))
}

/// Returns when all that was written in a folder lasts through a power cut.
pub fn sync(folder: &Path) -> Result<(), StoreError> {
    sync_below(folder).map_err(StoreError::write(folder))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn sync_below(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn sync_below(folder: &Path) -> io::Result<()> {
    use super::disk::{Disk, OsDisk};
    for entry in walkdir::WalkDir::new(folder).contents_first(true) {
        let entry = entry.map_err(io::Error::from)?;
        if entry.file_type().is_dir() {
            OsDisk.sync_folder(entry.path())?;
        } else {
            // Only a file that may be written can be synced everywhere.
            File::options().append(true).open(entry.path())?.sync_all()?;
        }
    }
    Ok(())
}
