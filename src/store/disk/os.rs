//! The system's own disk.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{Disk, DiskFile, folder_of};

/// Larger files are not read: nothing of ours on a 1 GiB article takes so much.
const LARGEST: u64 = 1 << 30;
/// Symbolic links that are followed, at most.
const MOST_LINKS: usize = 40;

/// The system's own disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsDisk;

impl DiskFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

impl Disk for OsDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 GiB"));
        }
        Ok(bytes)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(File::options().append(true).open(path)?))
    }

    fn temporary(&self, target: &Path) -> io::Result<(PathBuf, Box<dyn DiskFile>)> {
        let permissions = match fs::metadata(target) {
            Ok(metadata) if metadata.permissions().readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
            Ok(metadata) => Some(metadata.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".pressmark-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As for any new file: the user's umask takes away what others may not do.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let (file, path) = builder.tempfile_in(folder_of(target))?.keep().map_err(|error| error.error)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        Ok((path, Box::new(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.exists()).collect();
        fs::create_dir_all(path)?;
        for folder in missing {
            self.sync_folder(folder_of(folder))?;
        }
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Not every system lets a folder be opened; where it cannot be, its file system orders renames by itself.
        match File::open(path) {
            Ok(folder) if cfg!(unix) => folder.sync_all(),
            _ => Ok(()),
        }
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let mut target = path.to_path_buf();
        for _ in 0..MOST_LINKS {
            match fs::read_link(&target) {
                Ok(next) => target = target.parent().map_or_else(|| next.clone(), |folder| folder.join(&next)),
                Err(_) => return Ok(target),
            }
        }
        Err(io::Error::other("its symbolic links go in a circle"))
    }
}
