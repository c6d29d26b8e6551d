//! The list of a dataset's files with their hashes, as `sha256sum -c` reads it.
//!
//! It tells what an export wrote from what somebody put beside it or changed since: only the former is ever replaced.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::article::sha256_hex_of;

/// How the names of lists begin and end; those of shards have a number between.
const BEGIN: &str = "files";
const END: &str = ".sha256";

/// The name of the list: each shard has its own.
pub(super) fn name(shard: Option<usize>) -> String {
    shard.map_or_else(|| format!("{BEGIN}{END}"), |shard| format!("{BEGIN}-{shard:05}{END}"))
}

fn is_list(name: &str) -> bool {
    let number = name.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    number.is_some_and(|it| {
        it.is_empty() || it.strip_prefix('-').is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// All files below a folder, with `/`, in order. A link is a file here: it is not followed.
fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(io::Error::from)?;
        if !entry.file_type().is_dir() {
            let name = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let parts: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            found.push((parts.join("/"), entry.path().to_path_buf()));
        }
    }
    Ok(found)
}

/// Writes the list of all that is in a folder.
pub(super) fn write(folder: &Path, shard: Option<usize>) -> io::Result<()> {
    let line = |(name, path): &(String, PathBuf)| Ok(format!("{}  {name}\n", sha256_hex_of(path)?));
    let lines: io::Result<Vec<String>> = files(folder)?.par_iter().map(line).collect();
    fs::write(folder.join(name(shard)), lines?.concat())
}

/// The first file in a folder that no export wrote, or that was changed since; nothing where there is none.
pub(super) fn first_of_others(folder: &Path) -> io::Result<Option<String>> {
    let all = files(folder)?;
    let mut known: HashMap<String, String> = HashMap::new();
    for (name, path) in all.iter().filter(|(name, _)| is_list(name)) {
        let list = fs::read_to_string(path).unwrap_or_default();
        let lines: Vec<(&str, &str)> = list.lines().filter_map(|line| line.split_once("  ")).collect();
        // A file of this name that is something else is somebody's.
        if lines.len() != list.lines().count() {
            return Ok(Some(name.clone()));
        }
        known.extend(lines.into_iter().map(|(hash, name)| (name.to_owned(), hash.to_owned())));
    }
    let is_ours = |(name, path): &(String, PathBuf)| {
        let hash = known.get(name);
        let same = || !path.is_symlink() && sha256_hex_of(path).is_ok_and(|found| Some(&found) == hash);
        is_list(name) || (hash.is_some() && same())
    };
    Ok(all.par_iter().find_first(|file| !is_ours(file)).map(|(name, _)| name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_put_there_or_changed_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        let others = || first_of_others(folder.path()).expect("it is read");
        put("train/a.conll", "Ada B-PER\n");
        put("README.md", "A card.");
        assert_eq!(others().as_deref(), Some("README.md"), "there is no list yet");
        write(folder.path(), None).expect("it is written");
        assert_eq!(others(), None);
        put("model/weights.bin", "days of work");
        assert_eq!(others().as_deref(), Some("model/weights.bin"));
        fs::remove_dir_all(folder.path().join("model")).expect("it goes");
        put("train/a.conll", "Ada B-ORG\n");
        assert_eq!(others().as_deref(), Some("train/a.conll"), "somebody corrected it");
        put("train/a.conll", "Ada B-PER\n");
        put("files-00001.sha256", "my notes");
        assert_eq!(others().as_deref(), Some("files-00001.sha256"));
    }
}
