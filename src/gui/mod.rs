//! gui.

use std::path::PathBuf;

/// Opens the window on an article or a corpus.
pub fn run(path: Option<PathBuf>, annotator: Option<String>) -> anyhow::Result<()> {
    let _ = (path, annotator);
    anyhow::bail!("the window is still to come; use one of the commands that `pressmark --help` lists")
}
