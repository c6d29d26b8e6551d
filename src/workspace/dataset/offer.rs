//! Whether a folder that was opened for its articles looks like a project of another program, to be imported.
//!
//! Names decide first and few files are begun, so that large folders cost no more than their list. A folder with a layer,
//! a schema or a journal of ours is a corpus, and nothing is offered for it.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::archive::PROJECT;
use super::found::sniff;
use super::look::may_be_dataset;
use super::order::ImportOrder;
use super::recognise::recognise;
use super::richest::richest;
use super::{DatasetError, Listener};
use crate::article::is_article;
use crate::store::schema::SCHEMA_FILE;
use crate::store::sidecar::annotator_of;

/// A folder with more files is left alone: it is not known whether it has layers.
const LISTED: usize = 50_000;
/// So many files that may be a dataset's are begun.
const BEGUN: usize = 24;
/// So many bytes of such files are read for their counts.
const READ: u64 = 16 << 20;
/// What the layers of a project are where they are packed, most of the time.
const PROJECT_FORMAT: &str = "cas-xmi";

/// What a folder is offered to be imported as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The folder.
    pub folder: PathBuf,
    /// The format that it looks like.
    pub format: &'static str,
    /// How many articles and marks are in it, where it is small enough to be counted at once.
    pub counts: Option<(usize, usize)>,
}

/// Looks whether a folder of articles is a dataset too. Writes nothing.
pub fn offer(folder: &Path, listener: &dyn Listener) -> Result<Option<Offer>, DatasetError> {
    let Some((files, bytes)) = candidates(folder, listener)? else { return Ok(None) };
    // The layers of a project may be archives, which say nothing until they are unpacked.
    let project = folder.join(PROJECT).is_file().then_some(PROJECT_FORMAT);
    let Some(format) = files.iter().take(BEGUN).find_map(|file| sniff(file)).or(project) else { return Ok(None) };
    let offer = |format, counts| Some(Offer { folder: folder.to_path_buf(), format, counts });
    if bytes > READ {
        return Ok(offer(format, None));
    }
    let format = richest(format, files.iter().cloned());
    let from = if project.is_some() { "auto" } else { format };
    let order = ImportOrder { from: from.to_owned(), files: vec![folder.to_path_buf()], ..ImportOrder::default() };
    match recognise(&order, listener) {
        Ok(found) if found.annotations > 0 => Ok(offer(found.format, Some((found.articles, found.annotations)))),
        Err(DatasetError::Cancelled) => Err(DatasetError::Cancelled),
        // What cannot be read, or has no marks, is nothing to offer.
        _ => Ok(None),
    }
}

/// The files that may be a dataset's by their names, those that are the most telling first, and their size together; none
/// where the folder is a corpus.
fn candidates(folder: &Path, listener: &dyn Listener) -> Result<Option<(Vec<PathBuf>, u64)>, DatasetError> {
    if folder.join(SCHEMA_FILE).exists() || folder.join(".pressmark").exists() {
        return Ok(None);
    }
    let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())).flatten();
    let (mut beside, mut others) = (Vec::new(), Vec::new());
    for (number, entry) in walk.enumerate() {
        if listener.is_cancelled() {
            return Err(DatasetError::Cancelled);
        }
        let path = entry.path();
        if number >= LISTED || is_layer(path) {
            return Ok(None);
        }
        if !entry.file_type().is_file() || is_article(path) || !may_be_dataset(path) {
            continue;
        }
        let is_beside = path.extension().is_some_and(|it| it == "ann") && path.with_extension("txt").is_file();
        if is_beside { beside.push(entry.into_path()) } else { others.push(entry.into_path()) }
    }
    beside.append(&mut others);
    let bytes = beside.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
    Ok((!beside.is_empty()).then_some((beside, bytes)))
}

/// Whether a file's name is that of a layer of ours.
fn is_layer(file: &Path) -> bool {
    let name = file.file_stem().and_then(|stem| Path::new(stem).file_stem());
    let article = name.map(|name| file.with_file_name(name));
    article.is_some_and(|article| is_article(&article) && annotator_of(&article, file).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Deaf;

    impl Listener for Deaf {
        fn note(&self, _: &str) {}
    }

    #[test]
    fn folders_of_articles_that_are_projects_are_offered_and_corpora_never() {
        let brat: &[(&str, &str)] = &[("a.txt", "Ada met Ben."), ("a.ann", "T1\tPerson 0 3\tAda\n"), ("n.md", "Mine.")];
        let tasks = "[{\"id\": 1, \"data\": {\"text\": \"Ada met Ben.\"}, \"annotations\": [{\"result\": [{\"id\": \"x\", \
                     \"type\": \"labels\", \"from_name\": \"label\", \"to_name\": \"text\", \"value\": {\"start\": 0, \
                     \"end\": 3, \"text\": \"Ada\", \"labels\": [\"PER\"]}}]}]}]";
        let studio: &[(&str, &str)] = &[("START.md", "# How to"), ("tasks/one.json", tasks)];
        let with =
            |files: &[(&'static str, &'static str)], more| files.iter().copied().chain([more]).collect::<Vec<_>>();
        let none = "a.txt.eve.ron";
        let cases = [
            (brat.to_vec(), Some(("brat", 1, 1))),
            (studio.to_vec(), Some(("label-studio", 1, 1))),
            (with(brat, (none, "()")), None),
            (with(brat, ("deep/b.md.ben.ron", "()")), None),
            (with(brat, ("pressmark.ron", "()")), None),
            (with(brat, (".pressmark/local/x", "")), None),
            (with(brat, ("notes.ron", "()")), Some(("brat", 1, 1))),
            (vec![("a.md", "Ada."), ("package.json", "{\"name\": \"ada\"}"), ("t.csv", "a,b\n1,2\n")], None),
            (vec![("a.txt", "Ada."), ("a.ann", "no brat at all\n")], None),
            (vec![("a.txt", "Ada."), ("a.ann", "")], None),
            (vec![("a.txt", "Ada.")], None),
        ];
        for (files, expected) in cases {
            let folder = tempfile::tempdir().expect("a folder");
            for (name, text) in &files {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, text).expect("a file");
            }
            let offered = offer(folder.path(), &Deaf).expect("it is looked at");
            let counted = offered.map(|it| (it.format, it.counts)).map(|(format, counts)| {
                let (articles, marks) = counts.expect("it is small");
                (format, articles, marks)
            });
            assert_eq!(counted, expected, "{files:?}");
        }
    }

    #[test]
    fn a_large_dataset_is_offered_without_being_read() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), "Ada met Ben.").expect("a file");
        let line = "T1\tPerson 0 3\tAda\n";
        fs::write(folder.path().join("a.ann"), line.repeat((READ as usize) / line.len() + 1)).expect("a file");
        let offered = offer(folder.path(), &Deaf).expect("it is looked at").expect("it is one");
        assert_eq!((offered.format, offered.counts), ("brat", None));
    }
}
