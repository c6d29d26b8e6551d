//! Exports and imports as a window runs them: with what came of it all in one piece.
//!
//! An import into a new folder is whole or not there at all. One into a folder that is there adds to it, as far as it came.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::import::import_into;
use super::renamed::Renamed;
use super::{DatasetError, ExportOrder, Exported, ImportOrder, Imported, Listener, export, import};

/// So many files of a dataset are listed.
const LISTED: usize = 500;

/// What was written, and where.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// What became of the order.
    pub exported: Exported,
    /// The file or folder.
    pub target: PathBuf,
    /// Its first files, from the folder, with their sizes in bytes.
    pub files: Vec<(String, u64)>,
    /// How many files there are.
    pub count: usize,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// Exports to the order's target and lists what was written.
pub fn deliver(order: &ExportOrder, listener: &dyn Listener) -> Result<Delivery, DatasetError> {
    let target = order.output.clone().unwrap_or_default();
    // An empty folder holds nothing to be asked about.
    let empty = target.is_dir() && fs::read_dir(&target).is_ok_and(|mut all| all.next().is_none());
    let order = ExportOrder { force: order.force || empty, ..order.clone() };
    let exported = export(&order, &mut std::io::sink(), listener)?;
    let mut delivery = Delivery { exported, target, ..Delivery::default() };
    if delivery.exported.layers == 0 {
        return Ok(delivery);
    }
    for entry in WalkDir::new(&delivery.target).sort_by_file_name().into_iter().flatten() {
        if !entry.file_type().is_file() {
            continue;
        }
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        (delivery.count, delivery.bytes) = (delivery.count + 1, delivery.bytes + size);
        if delivery.files.len() < LISTED {
            let name = entry.path().strip_prefix(&delivery.target).unwrap_or(entry.path());
            let name = if name.as_os_str().is_empty() { Path::new(entry.file_name()) } else { name };
            delivery.files.push((name.display().to_string(), size));
        }
    }
    Ok(delivery)
}

/// Imports into the order's folder. One that is not there yet is made beside its place and named when it is whole.
pub fn import_whole(order: &ImportOrder, listener: &dyn Listener) -> Result<Imported, DatasetError> {
    let target = &order.into;
    if target.exists() {
        return import(order, listener);
    }
    let failed = |error| DatasetError::io("made", error, target);
    let above = target.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !above.is_dir() {
        return Err(DatasetError::refused(format!("{} is not there. Choose a folder that is.", above.display())));
    }
    let made = tempfile::Builder::new().prefix(".pressmark-").suffix(".tmp").tempdir_in(above).map_err(failed)?;
    let into = made.path().join(target.file_name().unwrap_or_default());
    let names = vec![(into.display().to_string(), target.display().to_string())];
    let renamed = Renamed { inner: listener, names };
    let imported = import_into(&ImportOrder { into: into.clone(), ..order.clone() }, true, &renamed);
    let imported = imported.map_err(|error| renamed.error(error))?;
    if listener.is_cancelled() {
        return Err(DatasetError::Cancelled);
    }
    if target.exists() {
        let why = format!("{} came while the dataset was read. Choose another name.", target.display());
        return Err(DatasetError::refused(why));
    }
    fs::rename(&into, target).map_err(failed)?;
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::workspace::dataset::{Choices, Whose};

    /// Hears, and stops after so many steps or layers.
    struct Ear {
        notes: Mutex<Vec<String>>,
        left: AtomicUsize,
    }

    impl Ear {
        fn until(left: usize) -> Self {
            Self { notes: Mutex::default(), left: AtomicUsize::new(left) }
        }

        fn count(&self) {
            let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        }
    }

    impl Listener for Ear {
        fn note(&self, note: &str) {
            self.notes.lock().expect("no panic").push(note.to_owned());
        }

        fn step(&self, _: usize) {
            self.count();
        }

        fn took(&self, _: usize) {
            self.count();
        }

        fn is_cancelled(&self) -> bool {
            self.left.load(Ordering::Relaxed) == 0
        }
    }

    fn dataset(folder: &Path, lines: usize) -> PathBuf {
        let file = folder.join("tasks.jsonl");
        let line =
            |at: usize| format!("{{\"id\": {at}, \"text\": \"Ada met Ben, {at}.\", \"label\": [[0, 3, \"PER\"]]}}\n");
        fs::write(&file, (0..lines).map(line).collect::<String>()).expect("a dataset");
        file
    }

    fn order(file: &Path, into: PathBuf) -> ImportOrder {
        let files = vec![file.to_path_buf()];
        ImportOrder { from: "auto".into(), login: "eve".into(), into, files, ..ImportOrder::default() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut all: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn a_new_folder_is_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = dataset(folder.path(), 70);
        let into = folder.path().join("corpus");
        for left in [0, 1, 80, 141] {
            let stopped = import_whole(&order(&file, into.clone()), &Ear::until(left));
            assert!(matches!(stopped, Err(DatasetError::Cancelled)), "{left}: {stopped:?}");
            assert_eq!(names(folder.path()), ["tasks.jsonl"], "{left}: nothing stays");
        }
        let ear = Ear::until(usize::MAX);
        let imported = import_whole(&order(&file, into.clone()), &ear).expect("it is imported");
        assert_eq!((imported.articles, imported.added), (70, 70));
        assert_eq!(names(folder.path()), ["corpus", "tasks.jsonl"]);
        let notes = ear.notes.lock().expect("no panic").join("\n");
        assert!(notes.contains(&into.display().to_string()) && !notes.contains(".pressmark-"), "{notes}");
        // Once more: nothing is added, nothing taken away.
        let again = import_whole(&order(&file, into.clone()), &Ear::until(usize::MAX)).expect("it is imported");
        assert_eq!((again.articles, again.added), (0, 0));
        let lost =
            import_whole(&order(&file, folder.path().join("gone/corpus")), &Ear::until(1)).expect_err("no folder");
        assert!(lost.to_string().contains("gone is not there"), "{lost}");
    }

    #[test]
    fn an_export_tells_its_files_and_leaves_nothing_when_it_is_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
        let target = folder.path().join("out");
        for (format, split) in [("brat", false), ("brat", true), ("jsonl", false), ("jsonl", true)] {
            let choices = Choices { format, whose: Whose::All, is_split: split, ..Choices::default() };
            let order = choices.order(&root, Some(target.clone()), false);
            let stopped = deliver(&order, &Ear::until(0));
            assert!(matches!(stopped, Err(DatasetError::Cancelled)), "{format}");
            assert_eq!(names(folder.path()), [""; 0], "{format}: nothing stays");
            let delivery = deliver(&order, &Ear::until(usize::MAX)).expect("it is exported");
            assert!(delivery.exported.layers > 1 && delivery.bytes > 1_000, "{delivery:?}");
            assert_eq!(delivery.count, delivery.files.len());
            if choices.is_folder() {
                assert!(delivery.files.iter().any(|(name, _)| name == "README.md"), "{delivery:?}");
                fs::remove_dir_all(&target).expect("it is a folder");
            } else {
                assert_eq!(delivery.files[0].0, "out");
                fs::remove_file(&target).expect("it is a file");
            }
        }
        fs::create_dir(&target).expect("an empty folder");
        let choices = Choices { format: "brat", whose: Whose::One("nobody".into()), ..Choices::default() };
        let none = deliver(&choices.order(&root, Some(target), false), &Ear::until(9)).expect("there is nothing");
        assert_eq!((none.exported.layers, none.count), (0, 0));
    }
}
