//! Who may change a layer: one program at a time, held by a lock that the system lets go of when its program ends.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::files::{IGNORE, LayerFiles, local_folder};
use crate::article::open_regular;
use crate::store::StoreError;
use crate::store::disk::{OsDisk, folder_of};

/// The right to change a layer, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why a layer cannot be changed now.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another program changes it.
    #[error("{0} has this layer open and changes it. Here it can be read until it is closed there.")]
    Held(String),
    /// The lock's file cannot be made.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Lock {
    /// Takes the lock; `who` is told to others that want it. A lock of a program that has ended is free.
    pub fn take(files: &LayerFiles, who: &str) -> Result<Self, LockError> {
        files.check_inside(&OsDisk)?;
        let folder = folder_of(&files.lock);
        std::fs::create_dir_all(folder).map_err(StoreError::write(folder))?;
        let ignore = local_folder(&files.root).join(".gitignore");
        if !ignore.exists() {
            std::fs::write(&ignore, IGNORE).map_err(StoreError::write(&ignore))?;
        }
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&files.lock);
        let mut file = open.map_err(StoreError::write(&files.lock))?;
        match try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held(holder(&mut file))),
            // Some network disks know no locks; then the check before each write is all there is.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(StoreError::write(&files.lock)(error).into()),
        }
        let told =
            file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).and_then(|_| file.write_all(who.as_bytes()));
        told.map_err(StoreError::write(&files.lock))?;
        Ok(Self { _file: file })
    }

    /// Waits until nobody holds the lock.
    pub fn await_release(path: &Path) -> io::Result<()> {
        open_regular(path)?.lock_shared()
    }

    /// Who holds the lock now, if somebody does. Asks without writing.
    pub fn holder(path: &Path) -> Option<String> {
        let mut file = open_regular(path).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(holder(&mut file)),
            _ => None,
        }
    }
}

/// Tries a few times, since whoever asks who holds it holds it for a moment.
fn try_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 0..100 {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
            taken => return taken,
        }
    }
    file.try_lock()
}

fn holder(file: &mut File) -> String {
    let mut who = String::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(200).read_to_string(&mut who));
    let who: String = who.chars().filter(|c| !c.is_control()).collect();
    if read.is_err() || who.is_empty() { "Another Pressmark".to_owned() } else { who }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_program_holds_a_layer_and_others_learn_who() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = LayerFiles::new(folder.path(), &folder.path().join("a.txt.ada.ron"));
        assert_eq!(Lock::holder(&files.lock), None);
        let lock = Lock::take(&files, "Pressmark of ada (process 7)").expect("it is free");
        assert_eq!(Lock::holder(&files.lock).as_deref(), Some("Pressmark of ada (process 7)"));
        assert!(matches!(Lock::take(&files, "ben"), Err(LockError::Held(who)) if who.contains("ada")));
        drop(lock);
        assert_eq!(Lock::holder(&files.lock), None);
        Lock::take(&files, "ben").expect("it is free again");
    }
}
