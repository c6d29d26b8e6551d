//! Archives that other programs export their projects as: unpacked into a folder that is there as long as it is read.
//!
//! A project of INCEpTION has an archive for each layer inside, with the layer's file and its types: those become
//! `annotation/ARTICLE/ANNOTATOR.xmi` with the types beside. How much is unpacked is bounded.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek};
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;
use zip::result::ZipError;

use super::order::ImportOrder;
use super::renamed::Renamed;
use super::{DatasetError, Listener};

/// An archive of so many bytes may hold this many, and this many more for each of its own.
const ROOM: u64 = 64 << 20;
const ROOM_A_BYTE: u64 = 200;
/// No archive holds more.
const MOST: u64 = 32 << 30;
/// An archive in an archive is read at once, up to this size.
const LARGEST_INNER: u64 = 1 << 30;
/// Folders of a project with what its layers are in a form of Java's own.
const SERIALISED: &str = "ser";
/// The folders of a project that hold layers.
pub(super) const LAYERS: [&str; 2] = ["annotation", "curation"];
/// What a project of INCEpTION says of itself.
pub(super) const PROJECT: &str = "exportedproject.json";

/// What is unpacked, as long as this is there.
struct Unpacked {
    /// The files and folders to read.
    files: Vec<PathBuf>,
    /// Folders that were made, and what they stand for.
    names: Vec<(String, String)>,
    held: Vec<TempDir>,
}

/// Does the work on what the order's archives hold, which is told of by the names of the archives.
pub(super) fn with_unpacked<T>(
    order: &ImportOrder,
    listener: &dyn Listener,
    work: impl FnOnce(&ImportOrder, &Renamed<'_>) -> Result<T, DatasetError>,
) -> Result<T, DatasetError> {
    let Unpacked { files, names, held } = unpacked(&order.files, listener)?;
    let order = ImportOrder { files, ..order.clone() };
    let renamed = Renamed { inner: listener, names };
    let worked = work(&order, &renamed).map_err(|error| renamed.error(error));
    // Not before.
    drop(held);
    worked
}

/// Whether a file is an archive.
pub(super) fn is_archive(file: &Path) -> bool {
    let mut head = [0; 4];
    let is_named = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) && file.is_file();
    is_named && File::open(file).and_then(|mut file| file.read_exact(&mut head)).is_ok() && &head == b"PK\x03\x04"
}

/// Unpacks the archives among files and folders that were named, and those of layers in projects that were unpacked by hand.
fn unpacked(named: &[PathBuf], listener: &dyn Listener) -> Result<Unpacked, DatasetError> {
    let mut all = Unpacked { files: Vec::new(), names: Vec::new(), held: Vec::new() };
    for path in named {
        if is_archive(path) {
            let into = all.folder(path, path.file_stem().map(Path::new))?;
            let size = fs::metadata(path).map_or(0, |data| data.len());
            let mut room = (ROOM + ROOM_A_BYTE * size).min(MOST);
            let file = File::open(path).map_err(|error| DatasetError::io("read", error, path))?;
            unpack(file, path, &into, &mut room, listener)?;
            all.files.push(into);
            continue;
        }
        all.files.push(path.clone());
        let inner = inner_archives(path);
        if !inner.is_empty() {
            let into = all.folder(path, path.file_name().map(Path::new))?;
            // What the project says of its layers is looked for above them.
            let says = path.join(PROJECT);
            if says.is_file() {
                fs::copy(&says, into.join(PROJECT)).map_err(|error| DatasetError::io("read", error, &says))?;
            }
            for archive in inner {
                let size = fs::metadata(&archive).map_or(0, |data| data.len());
                let mut room = (ROOM + ROOM_A_BYTE * size).min(MOST);
                let file = File::open(&archive).map_err(|error| DatasetError::io("read", error, &archive))?;
                let own = archive.strip_prefix(path).unwrap_or(&archive);
                unpack_layer(file, &archive, &into.join(own), &mut room)?;
            }
            all.files.push(into);
        }
    }
    Ok(all)
}

impl Unpacked {
    /// A new folder for what a path holds, with its name.
    fn folder(&mut self, path: &Path, name: Option<&Path>) -> Result<PathBuf, DatasetError> {
        let made = tempfile::Builder::new().prefix("pressmark-").tempdir();
        let made = made.map_err(|error| DatasetError::io("unpacked", error, path))?;
        let folder = made.path().join(name.unwrap_or(Path::new("archive")));
        fs::create_dir_all(&folder).map_err(|error| DatasetError::io("unpacked", error, path))?;
        self.names.push((folder.display().to_string(), path.display().to_string()));
        self.held.push(made);
        Ok(folder)
    }
}

/// Archives of layers in a folder that is a project.
fn inner_archives(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for kind in LAYERS {
        for article in fs::read_dir(folder.join(kind)).into_iter().flatten().flatten() {
            let files = fs::read_dir(article.path()).into_iter().flatten().flatten();
            found.extend(files.map(|file| file.path()).filter(|file| is_archive(file)));
        }
    }
    found.sort();
    found
}

/// Whether a path is that of an archive with one layer.
fn is_layer(path: &Path) -> bool {
    let above = path.parent().and_then(Path::parent).and_then(Path::file_name);
    let is_archive = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    is_archive && above.is_some_and(|above| LAYERS.iter().any(|kind| above == *kind))
}

/// Whether a path is worth unpacking: nothing hidden, nothing that Java alone reads.
fn is_wanted(path: &Path) -> bool {
    let hidden =
        |part: Component<'_>| part.as_os_str().as_encoded_bytes().starts_with(b".") || part.as_os_str() == "__MACOSX";
    !path.components().any(hidden) && path.extension().is_none_or(|ending| ending != SERIALISED)
}

fn unpack(
    file: impl io::Read + Seek,
    archive: &Path,
    into: &Path,
    room: &mut u64,
    listener: &dyn Listener,
) -> Result<(), DatasetError> {
    let unreadable = |error| unreadable(archive, &error);
    let mut zip = ZipArchive::new(file).map_err(unreadable)?;
    listener.begin(zip.len());
    for at in 0..zip.len() {
        if listener.is_cancelled() {
            return Err(DatasetError::Cancelled);
        }
        listener.step(1);
        let mut entry = zip.by_index(at).map_err(unreadable)?;
        let Some(name) = entry.enclosed_name() else {
            let why = format!("{}: {:?} leads out of the archive.", archive.display(), entry.name());
            return Err(DatasetError::refused(format!("{why} Nothing of it is taken.")));
        };
        if entry.is_dir() || entry.is_symlink() || !is_wanted(&name) {
            continue;
        }
        let target = into.join(&name);
        if is_layer(&name) {
            let mut bytes = Vec::new();
            let most = LARGEST_INNER.min(*room);
            let read = (&mut entry).take(most + 1).read_to_end(&mut bytes);
            read.map_err(|error| unreadable(ZipError::Io(error)))?;
            if bytes.len() as u64 > most {
                return Err(too_large(archive));
            }
            unpack_layer(io::Cursor::new(bytes), &archive.join(&name), &target, room)?;
        } else {
            copy(entry, &target, archive, room)?;
        }
    }
    Ok(())
}

/// Unpacks the archive of a layer: `DOC/ben.zip` becomes `DOC/ben.xmi`, whatever the file in it is called, and its types.
fn unpack_layer(file: impl io::Read + Seek, archive: &Path, target: &Path, room: &mut u64) -> Result<(), DatasetError> {
    let unreadable = |error| unreadable(archive, &error);
    let mut zip = ZipArchive::new(file).map_err(unreadable)?;
    let is_types = |name: &str| name.to_lowercase().ends_with("typesystem.xml");
    let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
    let is_alone = names.iter().filter(|name| !is_types(name) && !name.ends_with('/')).count() == 1;
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(unreadable)?;
        let Some(name) = entry.enclosed_name() else { continue };
        if entry.is_dir() || entry.is_symlink() || !is_wanted(&name) {
            continue;
        }
        let own = name.file_name().unwrap_or_default();
        if is_types(entry.name()) {
            // The types of one layer need not be those of the next.
            let stem = target.file_stem().unwrap_or_default().to_string_lossy();
            copy(entry, &target.with_file_name(format!("{stem}-typesystem.xml")), archive, room)?;
        } else if is_alone {
            copy(entry, &target.with_extension(name.extension().unwrap_or_default()), archive, room)?;
        } else {
            copy(entry, &target.with_file_name(own), archive, room)?;
        }
    }
    Ok(())
}

fn copy(entry: impl io::Read, target: &Path, archive: &Path, room: &mut u64) -> Result<(), DatasetError> {
    let failed = |error| DatasetError::io("unpacked", error, archive);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = match File::create_new(target) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let name = target.file_name().unwrap_or_default().to_string_lossy();
            let why = format!("{}: there are two files in it that are called {name}.", archive.display());
            return Err(DatasetError::refused(format!("{why} Unpack it and name the folder.")));
        }
        Err(error) => return Err(failed(error)),
    };
    let mut entry = entry.take(*room + 1);
    let bytes = io::copy(&mut entry, &mut file).map_err(|error| unreadable(archive, &ZipError::Io(error)))?;
    *room = room.checked_sub(bytes).ok_or_else(|| too_large(archive))?;
    Ok(())
}

fn unreadable(archive: &Path, error: &ZipError) -> DatasetError {
    let why = match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            "it is locked with a password".to_owned()
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            "it is packed in a way that Pressmark does not know".to_owned()
        }
        ZipError::Io(error) if error.kind() != io::ErrorKind::InvalidInput => format!("it cannot be unpacked: {error}"),
        _ => return DatasetError::refused(format!("{}: it is broken. Export or copy it again.", archive.display())),
    };
    DatasetError::refused(format!("{}: {why}. Unpack it and name the folder.", archive.display()))
}

fn too_large(archive: &Path) -> DatasetError {
    let why = "what it holds is too large for an archive of its size";
    DatasetError::refused(format!("{}: {why}. If you trust it, unpack it and name the folder.", archive.display()))
}
