//! What lies on disk around a window: copies of the sample corpus, layers told in words, the state of all files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pressmark::model::Layer;

/// Bytes and time of change of every file below a folder.
pub type Files = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

/// Marks as `label: text`, in reading order; the parts of one mark stand on either side of ` … `.
pub fn told(text: &str, layer: &Layer) -> Vec<String> {
    layer
        .annotations()
        .map(|annotation| {
            let words: Vec<&str> = annotation.spans.iter().filter_map(|span| span.slice(text)).collect();
            format!("{}: {}", annotation.full_label(), words.join(" … "))
        })
        .collect()
}

/// Relations as `label: text of one end → text of the other`.
pub fn links(text: &str, layer: &Layer) -> Vec<String> {
    let words = |id: &str| layer.get(id).map_or_else(|| id.to_owned(), |annotation| annotation.text(text));
    let mut all: Vec<String> = layer
        .relations()
        .into_iter()
        .map(|link| format!("{}: {} → {}", link.label, words(&link.from), words(&link.to)))
        .collect();
    all.sort_unstable();
    all
}

/// A copy of the sample corpus in a folder of its own.
pub fn copy_of_seeds() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir(&target).expect("a folder");
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// Bytes and time of change of every file below a folder, hidden ones too.
pub fn files(folder: &Path) -> Files {
    let mut all = Files::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.insert(path.clone(), (Vec::new(), changed(&path)));
            all.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            all.insert(path.clone(), (bytes, changed(&path)));
        }
    }
    all
}

fn changed(path: &Path) -> SystemTime {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).expect("a time of change")
}
