//! Where an export may go, and what stands there: nothing that is not a dataset is ever put out of its place.
//!
//! Looks at the disk; nothing is written.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value};

use super::DatasetError;
use super::choices::Choices;
use super::manifest::first_of_others;
use super::order::ExportOrder;
use super::split::PARTS;
use crate::article::is_article;
use crate::formats::{Format, Shape};

/// A first line that is longer is of no dataset that could be written over.
const HEAD: u64 = 1 << 28;
/// Formats whose texts are files of their own, as articles are.
const WITH_ARTICLES: [&str; 3] = ["brat", "quotes", "w3c"];

/// What stands where a dataset is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing, or an empty folder.
    Free,
    /// A file, or a dataset that was exported before: it can be replaced.
    Replaceable,
    /// Something that must stay, and why.
    Taken(String),
}

/// The name that a dataset of a corpus gets.
fn name(root: &Path, choices: &Choices) -> String {
    // `.` and the like have names too.
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let corpus = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let corpus = if corpus.is_empty() { "corpus".to_owned() } else { corpus };
    let name = format!("{corpus}-{}", choices.format);
    match (choices.is_folder(), choices.format) {
        (true, _) => name,
        (false, "jsonl") => format!("{corpus}.jsonl"),
        (false, _) => format!("{name}.jsonl"),
    }
}

/// The target in a folder, named after the corpus and the format.
pub fn named_target(folder: &Path, root: &Path, choices: &Choices) -> PathBuf {
    folder.join(name(root, choices))
}

/// A folder that is not there yet, beside a file or folder and named after it.
pub fn beside(path: &Path, folder: &Path, ending: &str) -> PathBuf {
    let stem = if path.is_dir() { path.file_name() } else { path.file_stem() };
    let stem = stem.unwrap_or_default().to_string_lossy();
    let stem = if stem.is_empty() { "dataset".into() } else { stem };
    let numbered = (2..1_000).map(|number| folder.join(format!("{stem}-{ending}-{number}")));
    let mut all = std::iter::once(folder.join(format!("{stem}-{ending}"))).chain(numbered);
    all.find(|path| !path.exists()).unwrap_or_else(|| folder.join(format!("{stem}-{ending}")))
}

/// What stands at the target of what was chosen in a window.
pub fn standing(target: &Path, root: &Path, choices: &Choices) -> Standing {
    match choices.format() {
        Some(format) => stands(target, &[root], format, choices.is_split, false),
        None => Standing::Free,
    }
}

/// Refuses an order whose target must stay as it is. What was exported before may be replaced if the order says so.
pub(super) fn refuse(order: &ExportOrder, format: &Format, roots: &[&Path]) -> Result<(), DatasetError> {
    let Some(target) = order.output.as_deref() else { return Ok(()) };
    match stands(target, roots, format, order.split.is_some(), order.shard.is_some()) {
        Standing::Taken(why) => Err(DatasetError::Refused(why)),
        Standing::Replaceable if !(order.force || order.shard.is_some()) => Err(DatasetError::refused(format!(
            "{}: this is there already. Choose another name, or put the new one in its place with --force.",
            target.display()
        ))),
        Standing::Replaceable | Standing::Free => Ok(()),
    }
}

/// A path, or `.` for an empty one.
fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// `joins` is what only adds files to a dataset that is there.
fn stands(target: &Path, roots: &[&Path], format: &Format, split: bool, joins: bool) -> Standing {
    let taken = |why: String| Standing::Taken(why);
    let shown = target.display();
    let Some(above) = target.parent().filter(|_| target.file_name().is_some()) else {
        return taken(format!("{shown} has no name. Give the dataset one."));
    };
    let above = or_here(above);
    // Folders that are not there are made, below one that is.
    let there = above.ancestors().map(or_here).find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let missing = above.strip_prefix(there).unwrap_or(above);
    if !there.is_dir() || !missing.components().all(|part| matches!(part, Component::Normal(_))) {
        return taken(format!("{}: this folder is not there. Choose one that is, or make it first.", above.display()));
    }
    let lines = matches!(format.writes, Some(Shape::Lines(_)));
    let is_folder = split || !lines;
    // Folders that are linked to are the same.
    let full = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let place = full(&full(there).join(missing).join(target.file_name().unwrap_or_default()));
    let is_in = |path: &Path, folder: &Path| path.starts_with(folder);
    if is_folder && roots.iter().any(|root| is_in(&full(root), &place)) {
        return taken(format!("Your articles lie in {shown}. Choose another name."));
    }
    if is_folder && !lines && writes_articles(format) && roots.iter().any(|root| is_in(&place, &full(root))) {
        return taken(format!(
            "{shown} lies among the articles, and what is written there would become articles. Choose a folder outside."
        ));
    }
    if is_folder && target.extension().is_some_and(|end| end == "ron") {
        return taken(format!("{shown} is named as marks and schemas are. Choose another name."));
    }
    let named_so = is_article(target) || target.extension().is_some_and(|end| end == "ron");
    if !is_folder
        && !target.is_dir()
        && named_so
        && (target.exists() || roots.iter().any(|root| is_in(&place, &full(root))))
    {
        return taken(format!("{shown} would be an article or hold marks, by its name. Choose another."));
    }
    if !target.exists() {
        return Standing::Free;
    }
    match (is_folder, target.is_dir()) {
        (false, true) => taken(format!("{shown} is a folder. Give the file another name.")),
        (true, false) => taken(format!("{shown} is a file. Give the folder another name.")),
        (false, false) if is_our_file(target, format) => Standing::Replaceable,
        (false, false) => {
            taken(format!("{shown} is no {} file that was exported before. It stays; choose another name.", format.id))
        }
        (true, true) if fs::read_dir(target).is_ok_and(|mut all| all.next().is_none()) => Standing::Free,
        // Only files with these names are written.
        (true, true) if lines => {
            let names = PARTS.map(|part| format!("{part}.{}", format.id));
            let names = names.iter().map(String::as_str).chain(["README.md", "split.tsv"]);
            let any = names.map(|name| target.join(name)).any(|file| file.exists());
            if any && !is_ours(target) {
                taken(holds_other(target))
            } else if any {
                Standing::Replaceable
            } else {
                Standing::Free
            }
        }
        (true, true) if is_ours(target) && joins => Standing::Replaceable,
        (true, true) if is_ours(target) => match first_of_others(target) {
            Ok(None) => Standing::Replaceable,
            Ok(Some(file)) => taken(format!(
                "{shown} holds {file}, which no export wrote or which was changed since. Move it elsewhere, or choose another name."
            )),
            Err(error) => taken(format!("{shown} cannot be looked at: {error}.")),
        },
        (true, true) => taken(holds_other(target)),
    }
}

/// Whether a dataset has files that a corpus takes for articles.
fn writes_articles(format: &Format) -> bool {
    WITH_ARTICLES.contains(&format.id)
}

fn holds_other(target: &Path) -> String {
    format!("{} holds other files, which stay as they are. Choose another name.", target.display())
}

/// Whether a file is one of lines that was exported before, or empty: ours say which article they are of.
fn is_our_file(file: &Path, format: &Format) -> bool {
    let mut head = String::new();
    let read = fs::File::open(file).map(BufReader::new).and_then(|reader| reader.take(HEAD).read_line(&mut head));
    let line: Map<String, Value> = serde_json::from_str(&head).unwrap_or_default();
    let says = |object: &Map<String, Value>| object.contains_key("file") && object.contains_key("annotator");
    let is_ours = match format.id {
        "jsonl" => says(&line) && line.contains_key("annotations"),
        _ => {
            line.contains_key("text") && (says(&line) || line.get("meta").and_then(Value::as_object).is_some_and(says))
        }
    };
    read.is_ok() && (head.is_empty() || is_ours)
}

/// Whether a folder is a dataset that was exported before: it has a card of ours.
fn is_ours(folder: &Path) -> bool {
    fs::read_to_string(folder.join("README.md")).is_ok_and(|card| card.contains(", written by Pressmark "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_exported_before_can_be_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["corpus/sub", "empty", "other", "ours"] {
            fs::create_dir_all(path(name)).expect("a folder");
        }
        for (name, text) in [
            ("corpus/a.txt", "Ada."),
            ("other/thesis.odt", "Years of work."),
            ("ours/README.md", "# x\n\nbrat, written by Pressmark 0.1.0.\n"),
            ("old.jsonl", "{\"file\": \"a.txt\", \"annotator\": \"ada\", \"text\": \"\", \"annotations\": []}\n"),
            ("tasks.jsonl", "{\"text\": \"Ada.\", \"label\": []}\n"),
        ] {
            fs::write(path(name), text).expect("a file");
        }
        crate::workspace::dataset::manifest::write(&path("ours"), None).expect("it is listed");
        let brat = Choices { format: "brat", ..Choices::default() };
        let csv = Choices { format: "csv", ..Choices::default() };
        let lines = Choices::default();
        let split = Choices { is_split: true, ..Choices::default() };
        let cases: &[(&str, &Choices, &str)] = &[
            ("new", &brat, "free"),
            ("new.jsonl", &lines, "free"),
            ("empty", &brat, "free"),
            ("ours", &brat, "replaceable"),
            ("old.jsonl", &lines, "replaceable"),
            ("other", &brat, "holds other files"),
            ("corpus", &brat, "Your articles lie in"),
            ("corpus/sub", &brat, "would become articles"),
            ("corpus/all.jsonl", &lines, "free"),
            ("corpus/tables", &csv, "free"),
            ("corpus/a.txt", &lines, "would be an article"),
            ("tasks.jsonl", &lines, "is no jsonl file that was exported before"),
            ("marks.ron", &csv, "is named as marks"),
            ("old.jsonl", &brat, "is a file"),
            ("empty", &lines, "is a folder"),
            ("gone/new", &brat, "free"),
            ("corpus/gone/new", &brat, "would become articles"),
            ("corpus/gone/a.txt", &lines, "would be an article"),
            ("gone/../corpus/new", &brat, "is not there"),
            ("old.jsonl/new", &brat, "is not there"),
            ("other", &split, "free"),
            ("ours", &split, "replaceable"),
        ];
        for (name, choices, expected) in cases {
            let found = match standing(&path(name), &path("corpus"), choices) {
                Standing::Free => "free".to_owned(),
                Standing::Replaceable => "replaceable".to_owned(),
                Standing::Taken(why) => why,
            };
            assert!(found.contains(expected), "{name}: {found}");
        }
        let above = standing(folder.path(), &path("corpus"), &brat);
        assert!(matches!(above, Standing::Taken(_)), "what the corpus lies in stays: {above:?}");
    }

    #[test]
    fn names_come_from_the_corpus_and_the_format() {
        let brat = Choices { format: "brat", ..Choices::default() };
        assert_eq!(named_target(Path::new("/d"), Path::new("/c/news"), &brat), Path::new("/d/news-brat"));
        let lines = Choices { format: "doccano", ..Choices::default() };
        assert_eq!(named_target(Path::new("/d"), Path::new("/"), &lines), Path::new("/d/corpus-doccano.jsonl"));
        let folder = tempfile::tempdir().expect("a folder");
        let first = beside(Path::new("/x/tasks.json"), folder.path(), "pressmark");
        assert_eq!(first, folder.path().join("tasks-pressmark"));
        fs::create_dir(&first).expect("it is taken now");
        let second = beside(Path::new("/x/tasks.json"), folder.path(), "pressmark");
        assert_eq!(second, folder.path().join("tasks-pressmark-2"));
    }
}
