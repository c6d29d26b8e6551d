//! What the store asks of a disk, in steps as small as those that a crash can fall between.
//!
//! [`OsDisk`] is the real one; tests put a simulated one in its place, which loses, tears and reorders whatever was not
//! synced. Everything that saves work goes through this trait: a file is whole and lasts once [`replace`] has returned,
//! or once [`DiskFile::sync`] has for what was appended.

mod os;

use std::io;
use std::path::{Path, PathBuf};

pub use os::{OsDisk, create};

/// A file that is being written.
pub trait DiskFile: Send {
    /// Writes bytes at the end. After an error, any part of them may stand there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns when all that was appended lasts through a power cut. After an error nothing is known of what does.
    fn sync(&mut self) -> io::Result<()>;
}

/// A disk.
pub trait Disk: Send + Sync {
    /// All bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// The last bytes of a file, at most so many.
    fn read_end(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(path)?;
        Ok(bytes.split_off(bytes.len().saturating_sub(most)))
    }
    /// Opens a file that is there, to append to it.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Makes a temporary file from which `target` can be replaced, with the permissions that `target` has.
    fn temporary(&self, target: &Path) -> io::Result<(PathBuf, Box<dyn DiskFile>)>;
    /// Gives a file another name in its folder, in the place of the file that has it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder and those above it that are missing, so that they last.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Returns when the names of a folder last through a power cut.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// The file that a path stands for: where symbolic links lead.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;
    /// Whether a path leads to a place in a folder, also where nothing is there yet. This default knows no links.
    fn is_inside(&self, folder: &Path, path: &Path) -> bool {
        path.starts_with(folder)
    }
}

/// Reads a file; none when it is not there.
pub fn read_if_there(disk: &dyn Disk, path: &Path) -> io::Result<Option<Vec<u8>>> {
    match disk.read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts bytes in the place of a file, whole or not at all, so that they last: whatever happens on the way, the file is
/// either the old one or the new one.
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = disk.resolve(path)?;
    let (temporary, mut file) = disk.temporary(&target)?;
    let written = file.append(bytes).and_then(|()| file.sync());
    drop(file);
    if let Err(error) = written.and_then(|()| disk.rename(&temporary, &target)) {
        // Should this fail too, a file with a hidden name is left, which nobody takes for a sidecar.
        let _ = disk.remove(&temporary);
        return Err(error);
    }
    disk.sync_folder(folder_of(&target))
}

/// The folder that a path lies in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
