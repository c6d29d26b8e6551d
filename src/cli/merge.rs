//! `pressmark merge`: two states of one sidecar as one, for people and as git's merge driver.
//!
//! What a merge is stands in `store::merge`; here are files and exit codes. Measured with git 2.47: after a driver's
//! exit of 1 the path stays unmerged with our result in the file; an exit of up to 128 is taken the same way whatever
//! the file holds, so that `git add` would lose theirs; above that git gives up the merge and leaves all as it was.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::args::Merge;
use super::old_texts::OldTexts;
use super::output::{self, Output};
use super::show::count;
use crate::store::corpus::root_of;
use crate::store::merge::{Conflict, ConflictOn, MergedSidecar};
use crate::workspace::{MergedFiles, merge_files};

/// So many ids of what was kept are told; conflicts are told all.
const NAMED: usize = 10;
/// How git's driver ends when it cannot merge.
pub(super) const UNMERGED: u8 = 130;

pub(super) fn run(args: &Merge, output: &mut Output) -> Result<Outcome> {
    match merged(args, output) {
        Err(error) if args.driver => {
            super::fail(&error);
            Ok(Outcome::Unmerged)
        }
        ended => ended,
    }
}

fn merged(args: &Merge, output: &mut Output) -> Result<Outcome> {
    let path = args.path.as_ref().or(args.output.as_ref()).unwrap_or(&args.ours);
    let base = args.base.as_deref().map(read_base).transpose()?.unwrap_or_default();
    let (ours, theirs) = (read(&args.ours)?, read(&args.theirs)?);
    // git's copies have names that tell nothing.
    let named = |file: &Path, side: &str| match &args.path {
        Some(path) => PathBuf::from(format!("{} ({side})", path.display())),
        None => file.to_path_buf(),
    };
    let base_path = named(args.base.as_deref().unwrap_or(Path::new("")), "base");
    let (ours_path, theirs_path) = (named(&args.ours, "ours"), named(&args.theirs, "theirs"));
    let root = root_of(path);
    let sides = [(&*ours_path, &*ours), (&*theirs_path, &*theirs)];
    // git runs its driver at the top of the tree; a path may lead into a folder that is not there yet.
    let folder =
        path.parent().filter(|folder| !args.driver && !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let texts = OldTexts::new(root.as_deref(), path, folder, &sides);
    let find = |sha256: &str| texts.find(sha256);
    let merged = merge_files(Some((&base_path, &base)), sides[0], sides[1], path, root.as_deref(), &find)?;
    let result = &merged.sidecar;
    match &args.output {
        _ if args.driver => {
            fs::write(&args.ours, &result.contents)
                .with_context(|| format!("{}: cannot be written", args.ours.display()))?;
        }
        Some(out) if out.as_os_str() != "-" => write_whole(out, &result.contents)?,
        _ => output.raw(&result.contents)?,
    }
    tell_texts(path, &merged);
    tell(path, result);
    Ok(Outcome::found(!result.conflicts.is_empty()))
}

/// What came of sides that were made on different states of the article.
fn tell_texts(path: &Path, merged: &MergedFiles) {
    let path = path.display();
    if merged.by_quotes {
        output::note(&format!(
            "{path}: the article's older text is not at hand; places were found by what the marks quote alone."
        ));
    }
    if merged.waiting > 0 {
        output::note(&format!(
            "{path}: the sides were made on different states of the article; without a place in it: {}. Open the article \
             to choose one.",
            count(merged.waiting, "mark")
        ));
    }
}

fn tell(path: &Path, result: &MergedSidecar) {
    let path = path.display();
    if !result.kept.is_empty() {
        let ids: Vec<&str> = result.kept.iter().map(smol_str::SmolStr::as_str).take(NAMED).collect();
        let more = result.kept.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        output::note(&format!(
            "{path}: deleted on one side, changed or needed on the other, and kept: {}{more}",
            ids.join(", ")
        ));
    }
    if !result.conflicts.is_empty() {
        output::note(&format!(
            "{path}: {} to settle; both versions of each are kept in the file:",
            count(result.conflicts.len(), "conflict")
        ));
    }
    for Conflict { on, id } in &result.conflicts {
        let on = match on {
            ConflictOn::Annotation => "annotation",
            ConflictOn::Relation => "relation",
            ConflictOn::Field => "field",
            ConflictOn::Comment => "comment",
            ConflictOn::Decision => "decision",
        };
        output::note(&format!("  {on} {id}"));
    }
}

fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let Ok(text) = String::from_utf8(bytes) else { bail!("{}: this is not UTF-8, and sidecars are.", path.display()) };
    Ok(text)
}

/// The base; none of it where there is no such file.
fn read_base(path: &Path) -> Result<String> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        _ => read(path),
    }
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, contents: &str) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(contents.as_bytes())?;
        let permissions = fs::metadata(path).map(|metadata| metadata.permissions());
        if let Ok(permissions) = permissions {
            file.as_file().set_permissions(permissions)?;
        }
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().with_context(|| format!("{}: cannot be written", path.display()))
}
