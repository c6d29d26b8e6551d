//! doccano exports a file for each annotator (`ben.jsonl`, `eve.jsonl`, and `unknown.jsonl` of texts that nobody worked on), unless
//! a project shares its annotations: then there is one, `all.jsonl`.
//!
//! The files say the annotators by their names alone, and the same texts stand in several of them under one id.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::found::Found;
use crate::edit::{Edit, apply};
use crate::formats::{Document, numbered};
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

/// Folders with a file for each annotator, among the files of a dataset.
pub(super) fn by_user(files: &[Found]) -> HashSet<PathBuf> {
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
            let mut hash = DefaultHasher::new();
            text.hash(&mut hash);
            let hash = hash.finish();
            match texts.insert(id, hash) {
                Some(before) if before == hash => shared = true,
                Some(_) => return false,
                None => {}
            }
        }
    }
    shared
}

/// Says whose a layer is, and calls the article by the id that it has with doccano: each file has the same article. Gives whether
/// nobody has worked on it.
pub(super) fn settle(file: &Found, line: usize, document: &mut Document) -> bool {
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
    if head.annotator.is_empty() && own != NOBODY {
        let head = Head { annotator: own.into(), ..head.clone() };
        apply(&mut document.layer, Edit::Head(Box::new(head))).expect("any head fits");
    }
    is_initial
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
