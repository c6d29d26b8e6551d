//! Which of several formats a dataset is read in that has each document in all of them, such as GUM's `.conllu` beside `.tsv`.
//!
//! The first few documents are read in each; the one in which they say the most is taken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::found::{Found, sniff};
use crate::formats::{FORMATS, Reads, Report, format};

/// So many documents are held against each other.
const DOCUMENTS: usize = 3;
/// So many files are looked at for them.
const LOOKED_AT: usize = 50;
/// A larger file is not read for that.
const LARGEST: u64 = 16 << 20;

/// The format that says the most of the documents of a folder; `first` is the one of the file that was recognised.
pub(super) fn richest(first: &'static str, files: impl Iterator<Item = PathBuf>) -> &'static str {
    let mut said: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut documents = 0;
    for file in files.take(LOOKED_AT).filter(|file| sniff(file) == Some(first)) {
        let others: Vec<(&'static str, PathBuf)> = beside(&file).filter(|(other, _)| *other != first).collect();
        if others.is_empty() {
            continue;
        }
        for (id, path) in others.iter().map(|(id, path)| (*id, path)).chain([(first, &file)]) {
            *said.entry(id).or_default() += marks(path, id).unwrap_or_default();
        }
        documents += 1;
        if documents == DOCUMENTS {
            break;
        }
    }
    let own = said.get(first).copied().unwrap_or_default();
    let most = said.into_iter().max_by_key(|(_, marks)| *marks);
    most.filter(|(_, marks)| *marks > own).map_or(first, |(id, _)| id)
}

/// Files of the same name with the endings of other formats, and what they are.
fn beside(file: &Path) -> impl Iterator<Item = (&'static str, PathBuf)> + '_ {
    let endings = FORMATS.iter().filter_map(|format| match format.reads {
        Some(Reads::Files(endings, _)) => Some(endings.iter().map(|ending| (format.id, *ending))),
        _ => None,
    });
    endings.flatten().filter_map(move |(id, ending)| {
        let other = file.with_extension(ending);
        (other != file && other.is_file() && sniff(&other) == Some(id)).then_some((id, other))
    })
}

/// How many marks and links a file has.
fn marks(file: &Path, id: &str) -> Option<usize> {
    let Some(Reads::Files(_, read)) = format(id).and_then(|format| format.reads) else { return None };
    if fs::metadata(file).ok()?.len() > LARGEST {
        return None;
    }
    let mut marks = 0;
    let mut take = |document: crate::formats::Document| marks += document.layer.len() + document.layer.relation_count();
    Found::alone(file).read(read, &mut Report::default(), &mut take).ok()?;
    Some(marks)
}
