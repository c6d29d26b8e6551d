//! Sidecars: what opens is written and read again the same, equal bytes for equal layers; what does not is told.

use std::path::Path;
use std::sync::Arc;

use pressmark::article::{Article, from_bytes};
use pressmark::edit::{Edit, apply};
use pressmark::model::Layer;
use pressmark::store::StoreError;
use pressmark::store::disk::{Disk, replace};
use pressmark::store::journal::{Begin, Change, Entry, LayerFiles, LayerLog, Opened, open};
use pressmark::store::merge::readable;
use pressmark::store::schema::builtin;
use pressmark::store::sidecar::write_layer;

use self::sim_disk::{Dice, SimDisk};
use super::told::is_clear;

#[path = "../../tests/core/sim_disk.rs"]
#[allow(dead_code, reason = "only crash tests use all of it")]
pub mod sim_disk;

/// The article that sidecars and journals are about; the corpus's sidecars quote it.
pub const TEXT: &str = "Ada met 👩\u{200d}🔬 Zoe\u{301}.\r\nقال خالد: မြန်မာ 陈海 said “we stay”.\n";

/// The article, on no disk.
pub fn article() -> Article {
    from_bytes(Path::new("/desk/talks.txt"), TEXT.as_bytes().to_vec(), None).expect("it is text")
}

/// Where the files lie, on no disk.
pub fn files() -> LayerFiles {
    LayerFiles::new(Path::new("/desk"), Path::new("/desk/talks.txt.ada.ron"))
}

/// A disk with some files.
pub fn disk(with: &[(&Path, &[u8])]) -> SimDisk {
    let disk = SimDisk::new(Dice(1), 0, None);
    for (path, bytes) in with {
        replace(&disk, path, bytes).expect("a disk without faults takes it");
    }
    disk
}

/// Opens the layer as the window does.
pub fn opened(disk: &dyn Disk) -> Result<Option<Opened>, StoreError> {
    open(disk, &files(), &article(), &builtin())
}

/// What is written is read again the same, and may be changed.
pub fn lasts(layer: &Layer) -> String {
    let written = write_layer(&article(), layer);
    let again =
        opened(&disk(&[(&files().sidecar, written.as_bytes())])).unwrap_or_else(|error| panic!("{error}: {written}"));
    let again = again.expect("a sidecar is there");
    assert_eq!(again.layer, *layer, "{written}");
    assert_eq!(write_layer(&article(), &again.layer), written, "equal layers give equal bytes");
    let alone = |reason: &String| !reason.contains("the field annotator says");
    assert!(again.read_only.as_ref().is_none_or(|reason| !alone(reason) || !again.problems.is_empty()), "{again:?}");
    written
}

/// A layer that may be changed can be: the journal takes a step in, finds it again, and takes it back.
fn changes(bytes: &[u8], opened: &Opened) {
    let Some(annotation) = opened.layer.annotations().next() else { return };
    let disk = disk(&[(&files().sidecar, bytes)]);
    let log = LayerLog::begin(Arc::new(disk.clone()), files(), Arc::new(article()), Begin::opened(opened));
    let mut log = log.unwrap_or_else(|error| panic!("it was opened to be changed: {error}"));
    let edit = Edit::remove_with_relations(&opened.layer, &annotation.id);
    let mut layer = opened.layer.clone();
    let back = apply(&mut layer, edit.clone()).expect("it is there");
    log.append(&[Entry::step("delete", Change { edit, back })]).expect("a disk without faults takes it");
    drop(log);
    let again = self::opened(&disk).expect("it opens again").expect("it is there");
    assert_eq!(again.read_only, None, "what the journal took in is read again");
    assert_eq!(again.layer, layer);
    let (mut layer, mut history) = (again.layer, again.history);
    history.undo(&mut layer).expect("it can be taken back");
    assert_eq!(layer, opened.layer, "undo restores what was deleted");
}

/// Any bytes as a sidecar.
pub fn check(data: &[u8]) {
    match opened(&disk(&[(&files().sidecar, data)])) {
        Ok(opened) => {
            let opened = opened.expect("a sidecar is there");
            let written = lasts(&opened.layer);
            for problem in &opened.problems {
                is_clear(&problem.to_string(), "talks.txt.ada.ron");
            }
            if let Some(reason) = &opened.read_only {
                is_clear(reason, "talks.txt.ada.ron");
            } else {
                assert!(readable(&files().sidecar, &written).is_some(), "git shows what can be changed");
                changes(data, &opened);
            }
        }
        Err(error) => is_clear(&error.to_string(), "talks.txt.ada.ron:"),
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = readable(&files().sidecar, text);
    }
}
