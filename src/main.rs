//! Arguments to window or command line; an error is printed once.

use std::path::PathBuf;
use std::process::ExitCode;

use pressmark::cli::{self, Asked};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Asked::Done(code) => code,
        Asked::Window { path, annotator } => match open_window(path, annotator) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                cli::fail(&error);
                ExitCode::from(2)
            }
        },
    }
}

#[cfg(feature = "gui")]
fn open_window(path: Option<PathBuf>, annotator: Option<String>) -> anyhow::Result<()> {
    pressmark::gui::run(path, annotator)
}

#[cfg(not(feature = "gui"))]
fn open_window(_path: Option<PathBuf>, _annotator: Option<String>) -> anyhow::Result<()> {
    anyhow::bail!("this build of Pressmark has no window; use one of the commands that `pressmark --help` lists")
}
