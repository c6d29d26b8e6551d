//! Whether what was dropped on the window is a dataset of another program, or articles to be opened.
//!
//! A folder in which any article stands that no dataset brought with it is one of articles, and so is one with a layer of ours.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::archive::{PROJECT, is_archive};
use super::found::sniff;
use crate::article::is_article;
use crate::formats::{FORMATS, Reads};
use crate::store::schema::SCHEMA_FILE;

/// So many files and folders are looked at for an article.
const LOOKED_AT: usize = 5_000;

/// What of these paths is to be imported; nothing where they are to be opened. Reads the beginning of files, of a folder
/// at most until the first article.
pub fn dataset_among(paths: &[PathBuf]) -> Vec<PathBuf> {
    let is_dataset = match paths {
        [folder] if folder.is_dir() => is_dataset_folder(folder),
        [file] => !is_article(file),
        many => !many.iter().all(|path| path.is_dir() || is_article(path)),
    };
    if !is_dataset || paths.len() == 1 {
        return if is_dataset { paths.to_vec() } else { Vec::new() };
    }
    // A hand full of files: what belongs to a dataset without being its marks is found beside them.
    // One that is not recognised by itself is of the dataset where others with its ending are.
    let known: Vec<_> =
        paths.iter().filter(|path| path.is_file() && (sniff(path).is_some() || is_archive(path))).collect();
    let is_alike = |path: &Path| known.iter().any(|other| other.extension() == path.extension());
    let fits = |path: &&PathBuf| if known.is_empty() { !is_article(path) } else { is_alike(path) };
    paths.iter().filter(fits).cloned().collect()
}

fn is_dataset_folder(folder: &Path) -> bool {
    if folder.join(SCHEMA_FILE).is_file() || folder.join(".pressmark").is_dir() {
        return false;
    }
    if folder.join(PROJECT).is_file() {
        return true;
    }
    let mut found = false;
    let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())).flatten() {
        let path = entry.path();
        if !entry.file_type().is_file() {
            continue;
        }
        if is_article(path) && !is_beside(path) {
            // A text may still be a dataset that is named so.
            if sniff(path).is_none() {
                return false;
            }
            found = true;
        } else if !found {
            found = sniff(path).is_some();
        }
    }
    found
}

/// Whether a folder holds articles, as far as a short look tells.
pub fn holds_articles(folder: &Path) -> bool {
    let all = WalkDir::new(folder).into_iter().flatten().take(LOOKED_AT);
    all.filter(|entry| entry.file_type().is_file()).any(|entry| is_article(entry.path()))
}

/// Whether an article is one that a dataset brought with it: brat's has its marks beside it; a README is about it.
fn is_beside(article: &Path) -> bool {
    let name = article.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let about = ["readme", "license", "licence", "notice", "upstream", "changelog", "copying", "citation"];
    about.iter().any(|start| name.starts_with(start)) || article.with_extension("ann").is_file()
}

/// Whether a file is a dataset by how it begins, or an archive, which may hold one.
pub fn is_dataset_file(file: &Path) -> bool {
    file.is_file() && (sniff(file).is_some() || is_archive(file))
}

/// Whether a file's name is one that a dataset's may be. The file is not looked at.
pub fn may_be_dataset(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let has = |end: &&str| name.strip_suffix(*end).is_some_and(|rest| rest.ends_with('.'));
    let known = FORMATS.iter().filter_map(|format| format.reads).any(|reads| match reads {
        Reads::Lines(endings, _) | Reads::Files(endings, _) => endings.iter().any(has),
    });
    known || ["json", "jsonl", "xml", "tsv", "ann", "zip"].iter().any(has)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_dropped_is_told_apart() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[("a.txt", "Ada met Ben.")], false),
            (&[("a.txt", "Ada met Ben."), ("a.txt.eve.ron", "")], false),
            (&[("a.txt", "Ada met Ben."), ("a.ann", "T1\tPerson 0 3\tAda\n")], true),
            (&[("a.txt", "Ada."), ("a.ann", "T1\tPerson 0 3\tAda\n"), ("notes.md", "Mine.")], false),
            (&[("README.md", "A dataset."), ("train.conll", "Ada B-PER\n")], true),
            (&[("deep/er/x.jsonl", "{\"text\": \"Ada\", \"label\": [[0, 3, \"PER\"]]}")], true),
            (&[("pressmark.ron", ""), ("x.conll", "Ada B-PER\n")], false),
            (&[("picture.png", "no text")], false),
            (&[("exportedproject.json", "{}"), ("source/a.txt", "Ada.")], true),
            (&[], false),
        ];
        for (files, expected) in cases {
            let folder = tempfile::tempdir().expect("a folder");
            for (name, text) in *files {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, text).expect("a file");
            }
            assert_eq!(!dataset_among(&[folder.path().to_path_buf()]).is_empty(), *expected, "{files:?}");
        }
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(dataset_among(&paths(&["tasks.json"])), paths(&["tasks.json"]));
        assert!(dataset_among(&paths(&["a.md"])).is_empty() && dataset_among(&paths(&["a.md", "b.txt"])).is_empty());
        assert_eq!(dataset_among(&paths(&["a.bin", "a.txt"])), paths(&["a.bin"]));
        let folder = tempfile::tempdir().expect("a folder");
        let all = ["a.ann", "a.txt", "annotation.conf"].map(|name| folder.path().join(name));
        for (path, text) in all.iter().zip(["T1\tPerson 0 3\tAda\n", "Ada.", "[entities]\n"]) {
            fs::write(path, text).expect("a file");
        }
        assert_eq!(dataset_among(&all), all[..1], "the marks; their text is found beside them");
        assert!(may_be_dataset(Path::new("x/All.JSONL")) && !may_be_dataset(Path::new("b.pdf")));
    }
}
