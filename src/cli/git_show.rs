//! `pressmark git-show`: what `git diff`, `git log -p` and `git show` print of a sidecar (git's `textconv`).
//!
//! One thing a line, so that git's own comparison of lines reads as changes of marks. It never fails on a file that it
//! does not know, since git would then show nothing of the whole commit: such a file is shown as it is.

use std::fs;

use anyhow::{Context, Result};

use super::Outcome;
use super::args::GitShow;
use super::output::Output;
use crate::store::merge::readable;

pub(super) fn run(args: &GitShow, output: &mut Output) -> Result<Outcome> {
    let bytes = fs::read(&args.file).with_context(|| format!("{}: cannot be read", args.file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    if let Some(lines) = readable(&args.file, &text) {
        lines.iter().try_for_each(|line| output.line(line))?;
    } else {
        text.lines().try_for_each(|line| output.line(line))?;
    }
    Ok(Outcome::Clean)
}
