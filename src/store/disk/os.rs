//! The system's own disk: what reads and writes, how long a file may be, and where links may lead.
//!
//! Pipes and devices are never opened to be read, since they may have no end, or never begin.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use super::{Disk, DiskFile, folder_of};
use crate::article::open_regular;

/// Larger files are not read: nothing of ours on a 1 GiB article takes so much.
const LARGEST: u64 = 1 << 30;
/// Symbolic links that are followed, at most.
const MOST_LINKS: usize = 40;

/// The system's own disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsDisk;

/// Makes a file that is not there yet, whole or not at all; never writes over one, even over one that comes meanwhile.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = temporary_beside(path)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist_noclobber(path).map_err(|error| error.error)?;
    OsDisk.sync_folder(folder_of(path))
}

fn temporary_beside(target: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pressmark-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file: the user's umask takes away what others may not do.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder_of(target))
}

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
        let (file, mut bytes) = (open_regular(path)?, Vec::new());
        let length = file.metadata()?.len();
        if length <= LARGEST {
            // It may grow meanwhile.
            file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        }
        if length.max(bytes.len() as u64) > LARGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 GiB"));
        }
        Ok(bytes)
    }

    fn read_end(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        let (mut file, mut bytes) = (open_regular(path)?, Vec::new());
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(most as u64)))?;
        file.take(most as u64).read_to_end(&mut bytes)?;
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
        let temporary = temporary_beside(target)?;
        if let Some(permissions) = permissions {
            temporary.as_file().set_permissions(permissions)?;
        }
        let (file, path) = temporary.keep().map_err(|error| error.error)?;
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
            // Network disks that know no such thing say that it is invalid; the file itself is safe by then.
            Ok(folder) if cfg!(unix) => folder.sync_all().or_else(|error| match error.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported => Ok(()),
                _ => Err(error),
            }),
            _ => Ok(()),
        }
    }

    fn is_inside(&self, folder: &Path, path: &Path) -> bool {
        if path.strip_prefix(folder).is_ok_and(|rest| has_no_links(folder, rest)) {
            return true;
        }
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(folder) = fs::canonicalize(folder) else { return false };
        let Ok(target) = self.resolve(path) else { return false };
        // What is not there yet lies where the nearest folder above it leads.
        let Ok(target) = std::path::absolute(target) else { return false };
        let there = target.ancestors().find(|above| above.symlink_metadata().is_ok());
        let plain = |above: &Path| {
            let rest = target.strip_prefix(above).unwrap_or(&target);
            rest.components().all(|part| matches!(part, Component::Normal(_)))
        };
        there.is_some_and(|above| plain(above) && fs::canonicalize(above).is_ok_and(|real| real.starts_with(folder)))
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

/// Whether a path below a folder has no link in it, as nearly all have none: nothing has to be followed then.
fn has_no_links(folder: &Path, rest: &Path) -> bool {
    if !rest.components().all(|part| matches!(part, Component::Normal(_))) {
        return false;
    }
    let mut at = folder.to_path_buf();
    for part in rest {
        at.push(part);
        match at.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => return false,
            Ok(_) => {}
            // What is not there leads nowhere, nor does what would be in it.
            Err(error) => return error.kind() == io::ErrorKind::NotFound && folder.is_dir(),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_place_in_a_folder_is_told_from_one_that_links_lead_out_to() {
        let outer = tempfile::tempdir().expect("a folder");
        let root = outer.path().join("desk");
        fs::create_dir_all(root.join("news")).expect("a folder");
        fs::create_dir(outer.path().join("deskpad")).expect("a folder");
        fs::write(root.join("a.txt"), "a").expect("a file");
        fs::write(outer.path().join("b.txt"), "b").expect("a file");
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, root.join(name)).expect("a link");
        link("a.txt", "in.txt");
        link("../b.txt", "out.txt");
        link("../new.txt", "nowhere.txt");
        link("..", "up");
        link("news", "down");
        link("out.txt", "twice.txt");
        link("round.txt", "round.txt");
        for (path, inside) in [
            ("a.txt", true),
            ("none/at/all.txt", true),
            ("in.txt", true),
            ("down/x.txt", true),
            ("down/../a.txt", true),
            ("out.txt", false),
            ("nowhere.txt", false),
            ("twice.txt", false),
            ("round.txt", false),
            ("up/b.txt", false),
            ("up/desk/a.txt", true),
            ("../b.txt", false),
            ("../deskpad/x.txt", false),
            ("none/../../b.txt", false),
            ("/etc/hostname", false),
        ] {
            assert_eq!(OsDisk.is_inside(&root, &root.join(path)), inside, "{path}");
        }
    }

    #[test]
    fn a_file_that_is_there_is_never_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        create(&path, b"first").expect("it is not there yet");
        assert_eq!(create(&path, b"second").expect_err("it is there").kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).expect("it is there"), b"first");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing temporary is left");
    }
}
