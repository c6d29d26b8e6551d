//! Whose layers are, where only the names of files or folders say it.
//!
//! doccano exports a file for each annotator (`ben.jsonl`, `eve.jsonl`, and `unknown.jsonl` of texts that nobody worked on), unless
//! a project shares its annotations: then there is one, `all.jsonl`. The same texts stand in several files under one id. With brat,
//! each annotator has a copy of the folder (`ben/talk.ann`, `eve/talk.ann`), and the same texts stand under the same names.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::found::Found;
use crate::edit::{Edit, apply};
use crate::formats::{Document, brat, doccano, numbered, quotes};
use crate::model::Head;

/// What nobody worked on.
const NOBODY: &str = "unknown";
/// What all share.
const SHARED: &str = "all";
/// So much of each file is looked at.
const LOOKED_AT: u64 = 1 << 20;

/// The part of a line that says which text it is of.
#[derive(Deserialize)]
struct Line {
    id: u64,
    text: String,
}

/// So many texts of each folder are held against those of the others.
const COMPARED: usize = 200;

/// Which files are whose.
#[derive(Default)]
pub(super) struct Annotators {
    /// Folders with a file for each annotator.
    by_file: HashSet<PathBuf>,
    /// Folders that each are an annotator's, with the part of a document's name that says so.
    by_folder: BTreeMap<PathBuf, (String, String)>,
}

impl Annotators {
    /// Those of a dataset, as far as its files tell.
    pub fn of(format: &str, files: &[Found]) -> Self {
        let mut annotators = Self::default();
        if format == doccano::FORMAT.id {
            annotators.by_file = by_file(files);
        } else if format == brat::FORMAT.id || format == quotes::FORMAT.id {
            annotators.by_folder = by_folder(files);
        }
        annotators
    }

    /// What was taken for annotators, where that is to be told.
    pub fn note(&self) -> Option<String> {
        let names: BTreeSet<&str> = self.by_folder.values().map(|(name, _)| name.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let (last, some) = names.split_last()?;
        Some(format!(
            "the folders {} and {last} have the same articles: they are taken for annotators",
            some.join(", ")
        ))
    }

    /// Says whose a layer is, where the dataset does not, and calls its article as it is called for all. Gives whether nobody has
    /// worked on it.
    pub fn settle(&self, file: &Found, number: usize, document: &mut Document) -> bool {
        if file.path.parent().is_some_and(|folder| self.by_file.contains(folder)) {
            return settle_line(file, number, document);
        }
        if self.by_folder.is_empty() {
            return false;
        }
        let whose = file.path.ancestors().find_map(|folder| self.by_folder.get(folder));
        if let Some((annotator, prefix)) = whose {
            if let Some(own) = document.file.strip_prefix(prefix.as_str()) {
                document.file = own.to_owned();
            }
            name(document, annotator);
        }
        false
    }
}

/// Folders that have the same texts under the same names, if no name has two texts.
fn by_folder(files: &[Found]) -> BTreeMap<PathBuf, (String, String)> {
    let roots: HashSet<&Path> = files.iter().filter_map(Found::folder).collect();
    let mut texts: HashMap<String, Option<u64>> = HashMap::new();
    let (mut folders, mut shared, mut read) = (BTreeMap::new(), BTreeSet::new(), HashMap::<PathBuf, usize>::new());
    for file in files {
        let (Some(root), name) = (file.folder(), file.name()) else { return BTreeMap::new() };
        let (folder, annotator, own) = if roots.len() > 1 {
            let annotator = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (root.to_path_buf(), annotator, name.clone())
        } else {
            let Some((first, own)) = name.split_once('/') else { return BTreeMap::new() };
            (root.join(first), first.to_owned(), own.to_owned())
        };
        let prefix = name.strip_suffix(own.as_str()).unwrap_or_default().to_owned();
        folders.insert(folder.clone(), (annotator, prefix));
        let count = read.entry(folder.clone()).or_default();
        *count += 1;
        if *count > COMPARED {
            continue;
        }
        let text = fs::read(file.path.with_extension("txt")).ok().map(|text| hash(&text));
        match texts.insert(own.clone(), text) {
            Some(before) if before != text || text.is_none() => return BTreeMap::new(),
            Some(_) => drop(shared.insert(own)),
            None => {}
        }
    }
    if shared.is_empty() { BTreeMap::new() } else { folders }
}

/// Folders with a file for each annotator, among the files of a dataset.
fn by_file(files: &[Found]) -> HashSet<PathBuf> {
    let mut folders: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for file in files {
        folders.entry(file.path.parent().unwrap_or(Path::new(""))).or_default().push(&file.path);
    }
    folders.retain(|_, files| {
        let is_shared = files.iter().any(|file| stem(file) == SHARED);
        files.len() > 1 && !is_shared && (files.iter().any(|file| stem(file) == NOBODY) || share_texts(files))
    });
    folders.keys().map(|folder| folder.to_path_buf()).collect()
}

/// Whether files have the same texts under the same ids, and none another under one of them.
fn share_texts(files: &[&Path]) -> bool {
    let (mut texts, mut shared) = (HashMap::new(), false);
    for file in files {
        let Ok(opened) = File::open(file) else { return false };
        for line in BufReader::new(opened.take(LOOKED_AT)).lines().map_while(Result::ok) {
            let Ok(Line { id, text }) = serde_json::from_str(&line) else { continue };
            let text = hash(&text);
            match texts.insert(id, text) {
                Some(before) if before == text => shared = true,
                Some(_) => return false,
                None => {}
            }
        }
    }
    shared
}

/// The same for a line of doccano's: its article is called by the id that it has there, which is the same in each file.
fn settle_line(file: &Found, line: usize, document: &mut Document) -> bool {
    let own = stem(&file.path);
    let head = document.layer.head();
    let is_initial = own == NOBODY && document.layer.is_empty() && head.annotator.is_empty();
    if document.file == numbered(&file.name(), line)
        && let Some(id) = head.document.text("doccano:id").and_then(|id| id.parse().ok())
    {
        let name = file.name();
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        document.file = numbered(format!("{folder}/doccano").trim_start_matches('/'), id);
    }
    if own != NOBODY {
        name(document, &own);
    }
    is_initial
}

/// Names the annotator of a layer that has none.
fn name(document: &mut Document, annotator: &str) {
    let head = document.layer.head();
    if head.annotator.is_empty() {
        let head = Head { annotator: annotator.into(), ..head.clone() };
        apply(&mut document.layer, Edit::Head(Box::new(head))).expect("any head fits");
    }
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn hash(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
