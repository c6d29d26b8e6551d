//! Where the files of a layer lie.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::store::StoreError;
use crate::store::disk::Disk;

/// The files of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerFiles {
    /// The corpus root.
    pub root: PathBuf,
    /// The sidecar, beside its article.
    pub sidecar: PathBuf,
    /// The journal: `.pressmark/local/<path of the sidecar from the root>.journal`.
    pub journal: PathBuf,
    /// The lock, beside the journal.
    pub lock: PathBuf,
}

impl LayerFiles {
    /// The files of the layer that a sidecar holds.
    pub fn new(root: &Path, sidecar: &Path) -> Self {
        let inside = sidecar.strip_prefix(root).unwrap_or_else(|_| Path::new(sidecar.file_name().unwrap_or_default()));
        let beside = |suffix: &str| {
            let mut name = local_folder(root).join(inside).into_os_string();
            name.push(suffix);
            PathBuf::from(name)
        };
        Self { root: root.to_owned(), sidecar: sidecar.to_owned(), journal: beside(".journal"), lock: beside(".lock") }
    }
}

impl LayerFiles {
    /// None of the files lies outside the corpus, wherever links lead; whoever reads or writes them asks first.
    pub fn check_inside(&self, disk: &dyn Disk) -> Result<(), StoreError> {
        match [&self.sidecar, &self.journal].into_iter().find(|path| !disk.is_inside(&self.root, path)) {
            Some(path) => Err(StoreError::Outside { path: path.clone() }),
            None => Ok(()),
        }
    }
}

/// What a file looks like from outside: when it was changed last, and its length. None when it is not there.
pub type Signature = Option<(SystemTime, u64)>;

/// What a file looks like now, without reading it.
pub fn signature(path: &Path) -> Signature {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// What tells git to pass over what is this machine's alone.
pub const IGNORE: &[u8] = b"# What is here is this machine's alone.\n*\n";

/// Where a corpus keeps what is this machine's alone.
pub fn local_folder(root: &Path) -> PathBuf {
    root.join(".pressmark").join("local")
}

/// Where the damaged end of a journal is put.
pub fn aside(journal: &Path) -> std::path::PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(".damaged");
    name.into()
}
