//! The files of a dataset: those that are named, and those of the format's endings in folders that are named.
//!
//! Which format they have is found out by their name and how they begin.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::DatasetError;
use crate::formats::{Document, ReadFile, Report, Source};
use crate::store::disk::{Disk, OsDisk};

/// A larger file is none of a format that is read file by file.
const LARGEST: u64 = 2 << 30;

/// A file of a dataset.
pub(super) struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// The folder that was named; paths in the dataset count from there.
    root: PathBuf,
    /// Whether it was named itself.
    pub named: bool,
}

/// The files that are meant: files as they are, folders with all of these endings that is below them.
pub(super) fn find(named: &[PathBuf], endings: &[&str]) -> Result<Vec<Found>, DatasetError> {
    let mut found = Vec::new();
    for path in named {
        if path.is_file() {
            let root = path.parent().unwrap_or(Path::new("")).to_path_buf();
            found.push(Found { path: path.clone(), root, named: true });
            continue;
        }
        if !path.is_dir() {
            let why = format!("{}: this file or folder does not exist. Check the path.", path.display());
            return Err(DatasetError::refused(why));
        }
        let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
        let below = WalkDir::new(path).sort_by_file_name().into_iter();
        let below = below.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())).flatten();
        for entry in below.filter(|entry| entry.file_type().is_file()) {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            if endings.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'))) {
                found.push(Found { path: entry.path().to_path_buf(), root: path.clone(), named: false });
            }
        }
    }
    Ok(found)
}

impl Found {
    /// Reads the file's documents.
    pub fn read(
        &self,
        read: ReadFile,
        report: &mut Report,
        take: &mut dyn FnMut(Document),
    ) -> Result<(), DatasetError> {
        let unreadable = |error| DatasetError::io("read", error, &self.path);
        let size = fs::metadata(&self.path).map_err(unreadable)?.len();
        if size > LARGEST {
            let why = format!("{}: this file is larger than 2 GiB. Divide it.", self.path.display());
            return Err(DatasetError::refused(why));
        }
        let bytes = fs::read(&self.path).map_err(unreadable)?;
        let name = self.path.strip_prefix(&self.root).unwrap_or(&self.path);
        let name: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let beside = |name: &str| {
            let plain = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            let path = self.root.join(name);
            // A link may lead to what is no part of the dataset.
            let plain = plain && OsDisk.is_inside(&self.root, &path);
            let small = plain && fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
            if small { fs::read(path).ok() } else { None }
        };
        read(&Source { path: &self.path, name: &name.join("/"), bytes: &bytes, beside: &beside }, report, take);
        Ok(())
    }
}

/// The format of all that is named: that of the first file which has one.
pub(super) fn sniff_all(named: &[PathBuf]) -> Result<&'static str, DatasetError> {
    let files = find(named, &[""]);
    let mut files: Vec<PathBuf> = files?.into_iter().map(|file| file.path).collect();
    for folder in named.iter().filter(|path| path.is_dir()) {
        let below = WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
        files.extend(below.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path));
    }
    let path = named.first().cloned().unwrap_or_default();
    files.iter().find_map(|file| sniff(file)).ok_or(DatasetError::Unrecognised { path })
}

/// So much of a file is looked at.
const HEAD: u64 = 64 * 1024;

/// The format of a file, by its name and how it begins.
pub fn sniff(file: &Path) -> Option<&'static str> {
    let mut head = Vec::new();
    fs::File::open(file).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let text = String::from_utf8_lossy(&head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let has = |words: &[&str]| words.iter().all(|word| text.contains(word));
    Some(match ending.as_str() {
        "spacy" => "spacy",
        "parquet" => "huggingface",
        "conllu" => "conllu",
        "conll" | "iob" | "iob2" | "bio" | "bioes" => "conll",
        "tsv" if text.starts_with("#FORMAT=WebAnno TSV") => "webanno-tsv",
        "ann" => return sniff_ann(text),
        "csv" if text.starts_with("file,") || text.starts_with("article,") => "csv",
        "xmi" => "cas-xmi",
        "bdocjs" => "gate",
        "jsonld" => "w3c",
        "xml" if has(&["<GateDocument"]) => "gate",
        "xml" if has(&["<collection"]) => "bioc",
        "xml" if has(&["xmi:XMI"]) => "cas-xmi",
        "json" | "jsonl" | "txt" | "" if text.starts_with(['{', '[']) => return sniff_json(text, &ending),
        _ => return None,
    })
}

/// brat's, where lines begin as brat's do; LitBank's files with this ending are not.
fn sniff_ann(text: &str) -> Option<&'static str> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let is_brat = |line: &&str| {
        let id = line.split('\t').next().unwrap_or_default();
        let mut chars = id.chars();
        chars.next().is_some_and(|first| "TREAMN#*".contains(first)) && chars.all(|c| c.is_ascii_digit())
    };
    if !lines.iter().all(is_brat) {
        return None;
    }
    let attributions = text.lines().any(|line| line.starts_with('E') && line.contains("\tAttribution:"));
    Some(if attributions { "quotes" } else { "brat" })
}

fn sniff_json(text: &str, ending: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().all(|word| text.contains(&format!("\"{word}\"")));
    let any = |words: &[&str]| words.iter().any(|word| text.contains(&format!("\"{word}\"")));
    let found = if has(&["%TYPES"]) || has(&["%FEATURE_STRUCTURES"]) {
        "cas-json"
    } else if has(&["documents", "passages"]) {
        "bioc"
    } else if has(&["annotation_sets"]) {
        "gate"
    } else if any(&["anno.jsonld", "http://www.w3.org/ns/anno.jsonld"]) || has(&["target", "selector"]) {
        "w3c"
    } else if any(&["label_name", "utf8_text_md5_checksum"]) {
        "labelbuddy"
    } else if has(&["data"]) && any(&["annotations", "completions", "predictions"]) || has(&["from_name", "to_name"]) {
        "label-studio"
    } else if any(&["start_offset", "from_id"])
        || text.lines().next().is_some_and(|line| line.contains("\"label\": [[") || line.contains("\"label\":[["))
    {
        "doccano"
    } else if any(&["_task_hash", "_input_hash", "token_start", "_view_id"]) || has(&["text", "spans", "answer"]) {
        "prodigy"
    } else if has(&["text", "annotator", "annotations"]) && text.contains("\"spans\"") {
        "jsonl"
    } else if any(&["ner_tags", "entities", "tokens"]) {
        "huggingface"
    } else if has(&["text", "spans"]) {
        "prodigy"
    } else if ending == "jsonl" && has(&["text", "label"]) {
        "doccano"
    } else {
        return None;
    };
    Some(found)
}
