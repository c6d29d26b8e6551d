//! Generated articles and layers as files: what the benches of opening and of the window read.

use std::path::{Path, PathBuf};

use pressmark::article::{self, Article};
use pressmark::store::sidecar;

/// An article on disk with its sidecar.
pub struct Files {
    /// The article's file.
    pub article: PathBuf,
    /// The sidecar of the annotator `bench`.
    pub sidecar: PathBuf,
}

/// Writes `text` as `name` into a folder, which becomes a corpus, with a sidecar of so many annotations beside it.
pub fn write(folder: &Path, name: &str, text: &str, annotations: usize, seed: u64) -> Files {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("the folder can be written");
    let article: Article = article::read(&path, None).expect("a generated article can be read");
    let layer = super::layer(&article.text, annotations, seed);
    let sidecar = sidecar::sidecar_path(&path, &layer.head().annotator);
    let contents = sidecar::write_layer(&article, &layer);
    sidecar::save_layer(&sidecar, &article, folder, &contents).expect("the folder can be written");
    Files { article: path, sidecar }
}
