//! The sample corpus: in the binary, copied once to the user's data folder, so that nobody edits the original.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static SEEDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// Copies the sample corpus to `data/sample` unless it is there already, and returns that folder. Files that are there
/// are never written over.
pub fn install_sample(data: &Path) -> std::io::Result<PathBuf> {
    let root = data.join("sample");
    if root.exists() {
        return Ok(root);
    }
    std::fs::create_dir_all(data)?;
    let staging = tempfile::Builder::new().prefix(".sample").tempdir_in(data)?;
    SEEDS.extract(staging.path())?;
    match std::fs::rename(staging.path(), &root) {
        // Another window was faster: its copy is as good.
        Err(_) if root.exists() => {}
        other => other?,
    }
    Ok(root)
}
