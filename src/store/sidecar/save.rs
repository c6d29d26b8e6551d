//! Puts bytes on disk whole or not at all: a temporary file in the same folder, synced, renamed over the old one.
//!
//! Nothing is written when the file already says it. Permissions of a file that is there are kept, and a symbolic
//! link stays one. Along with a layer goes the text that it was made on, once, so that it can find its place again.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::store::StoreError;

/// Saves a sidecar, and keeps the article's text under `.pressmark/texts` of the corpus root.
pub fn save_layer(path: &Path, article: &Article, corpus_root: &Path, contents: &str) -> Result<(), StoreError> {
    let kept = corpus_root.join(".pressmark").join("texts").join(&article.text_sha256);
    if !kept.exists() {
        if let Some(folder) = kept.parent() {
            fs::create_dir_all(folder).map_err(StoreError::write(folder))?;
        }
        write_atomically(&kept, article.text.as_bytes()).map_err(StoreError::write(&kept))?;
    }
    write_atomically(path, contents.as_bytes()).map_err(StoreError::write(path))
}

/// Makes a file that is not there yet, and the folders above it; never writes over one.
pub fn create_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(StoreError::write(folder))?;
    }
    write_temporary(path, bytes, None)
        .and_then(|temporary| temporary.persist_noclobber(path).map_err(|error| error.error))
        .map_err(StoreError::write(path))?;
    sync_folder(folder_of(path));
    Ok(())
}

/// Whether files can be made in a folder. Asks by making one without a name, which changes nothing in the folder.
pub fn is_writable(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).is_ok()
}

/// Writes a file whole or not at all; leaves one alone that already holds these bytes.
fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = link_target(path)?;
    let before = match fs::metadata(&target) {
        Ok(metadata) => {
            if metadata.len() == bytes.len() as u64 && fs::read(&target)? == bytes {
                return Ok(());
            }
            Some(metadata.permissions())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if before.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let temporary = write_temporary(&target, bytes, before)?;
    temporary.persist(&target).map_err(|error| error.error)?;
    sync_folder(folder_of(&target));
    Ok(())
}

/// The bytes in a temporary file beside their target, synced, with the permissions that the target is to have.
fn write_temporary(
    target: &Path,
    bytes: &[u8],
    permissions: Option<fs::Permissions>,
) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pressmark-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file: the user's umask takes away what others may not do.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder_of(target))?;
    temporary.write_all(bytes)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file that a path stands for: where a symbolic link leads, even to a file that is not there yet.
fn link_target(path: &Path) -> io::Result<PathBuf> {
    const MOST: usize = 40;
    let mut target = path.to_path_buf();
    for _ in 0..MOST {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().map_or_else(|| next.clone(), |folder| folder.join(&next)),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("its symbolic links go in a circle"))
}

/// Makes the rename last through a power cut. Some file systems cannot, and the file itself is safe by then.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
