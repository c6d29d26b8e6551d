//! The files of a dataset: those that are named, and those of the format's endings in folders that are named.
//!
//! Which format they have is found out by their name and how they begin.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::archive::{LAYERS, PROJECT};
use super::richest::richest;
use super::{DatasetError, count};
use crate::formats::uima::project::is_initial;
use crate::formats::{Document, ReadFile, Report, Source};
use crate::store::disk::{Disk, OsDisk};

/// A larger file is none of a format that is read file by file.
const LARGEST: u64 = 2 << 30;
/// So many kinds of files are named.
const KINDS: usize = 4;

/// A file of a dataset.
pub(super) struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// The folder that was named; paths in the dataset count from there.
    root: PathBuf,
    /// Whether it was named itself.
    pub named: bool,
}

/// All files below a folder that are not hidden, in their order. Of a project of INCEpTION only its layers: what they were made
/// from is no layer, nor is the text as it was where somebody has worked on it.
fn below(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let all = WalkDir::new(folder).sort_by_file_name().into_iter();
    let all =
        all.filter_entry(move |entry| entry.depth() == 0 || !hidden(entry.file_name()) && !is_beside_layers(entry));
    let all = all.flatten().filter(|entry| entry.file_type().is_file() && !is_passed(entry.path()));
    all.map(walkdir::DirEntry::into_path)
}

/// Whether an entry is in a project's folder and holds none of its layers.
fn is_beside_layers(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name();
    let is_other =
        if entry.file_type().is_dir() { LAYERS.iter().all(|layers| name != *layers) } else { name == PROJECT };
    is_other && entry.path().with_file_name(PROJECT).is_file()
}

/// Whether a file is a text nobody worked on, of which there are layers too.
fn is_passed(file: &Path) -> bool {
    if !is_initial(&file.file_name().unwrap_or_default().to_string_lossy()) {
        return false;
    }
    let others = |folder: &Path| {
        let names = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|it| it.file_name().to_string_lossy().into_owned());
        names.filter(|name| !is_initial(name) && !name.to_lowercase().ends_with("typesystem.xml")).count()
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let curated =
        folder.ancestors().nth(2).map(|root| root.join("curation").join(folder.file_name().unwrap_or_default()));
    others(folder) > 0 || curated.is_some_and(|curated| others(&curated) > 0)
}

/// Whether a file has one of these endings.
fn ends_so(file: &Path, endings: &[&str]) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    endings.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
}

/// The files that are meant: files as they are, folders with all of these endings that is below them.
pub(super) fn find(named: &[PathBuf], endings: &[&str]) -> Result<Vec<Found>, DatasetError> {
    let mut found = Vec::new();
    for path in named {
        if path.is_file() {
            found.push(Found::alone(path));
            continue;
        }
        if !path.is_dir() {
            let why = format!("{}: this file or folder does not exist. Check the path.", path.display());
            return Err(DatasetError::refused(why));
        }
        let files = below(path).filter(|file| ends_so(file, endings));
        found.extend(files.map(|file| Found { path: file, root: path.clone(), named: false }));
    }
    Ok(found)
}

impl Found {
    /// A file without what lies in other folders.
    pub fn alone(path: &Path) -> Self {
        Self { path: path.to_path_buf(), root: path.parent().unwrap_or(Path::new("")).to_path_buf(), named: true }
    }

    /// The folder that was named; none where the file itself was.
    pub fn folder(&self) -> Option<&Path> {
        (!self.named).then_some(&self.root)
    }

    /// Its path in the dataset, with `/`.
    pub fn name(&self) -> String {
        let name = self.path.strip_prefix(&self.root).unwrap_or(&self.path);
        let name: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        name.join("/")
    }

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
        let name = self.name();
        let beside = |name: &str| {
            let plain = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            let path = self.root.join(name);
            // A link may lead to what is no part of the dataset.
            let plain = plain && OsDisk.is_inside(&self.root, &path);
            let small = plain && fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
            if small { fs::read(path).ok() } else { None }
        };
        read(&Source { path: &self.path, name: &name, bytes: &bytes, beside: &beside }, report, take);
        Ok(())
    }
}

/// All that is named, folders with what is below them.
fn all_files(named: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let files = named.iter().filter(|path| path.is_file()).cloned();
    files.chain(named.iter().filter(|path| path.is_dir()).flat_map(|folder| below(folder)))
}

/// The format of all that is named: that of the first file which has one, or a richer one that its folder has the same documents in.
pub(super) fn sniff_all(named: &[PathBuf]) -> Result<&'static str, DatasetError> {
    // What is not there is told.
    find(named, &[])?;
    let first = all_files(named).find_map(|file| Some((sniff(&file)?, file)));
    let first = first.map(|(first, file)| {
        // Who names a file means it.
        if named.contains(&file) { first } else { richest(first, all_files(named)) }
    });
    first.ok_or_else(|| {
        let path = named.first().cloned().unwrap_or_default();
        let what = match named {
            [file] if file.is_file() => "this file is no dataset that Pressmark knows.".to_owned(),
            _ => match kinds(named) {
                None => return empty(&path),
                Some(kinds) => format!("there is no dataset in it that Pressmark knows: it holds {kinds}."),
            },
        };
        DatasetError::Unrecognised { path, what }
    })
}

fn empty(folder: &Path) -> DatasetError {
    let why =
        format!("{}: this folder is empty. Name the file or the folder that holds the dataset.", folder.display());
    DatasetError::refused(why)
}

/// What files there are, by their endings, the most first; nothing where there is none.
fn kinds(named: &[PathBuf]) -> Option<String> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for file in all_files(named) {
        let ending = file.extension().map(|ending| format!(".{} file", ending.to_string_lossy().to_lowercase()));
        *kinds.entry(ending.unwrap_or_else(|| "other file".to_owned())).or_default() += 1;
    }
    let mut kinds: Vec<(String, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more: usize = kinds.iter().skip(KINDS).map(|(_, count)| count).sum();
    let mut parts: Vec<String> = kinds.iter().take(KINDS).map(|(kind, number)| count(*number, kind)).collect();
    parts.extend((more > 0).then(|| format!("{more} more")));
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// That no file which is named, or below what is named, can be of the format.
pub(super) fn no_file(named: &[PathBuf], endings: &[&str], format: &str) -> DatasetError {
    let path = named.first().cloned().unwrap_or_default();
    let Some(kinds) = kinds(named) else { return empty(&path) };
    let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    DatasetError::refused(format!(
        "{}: no file in it ends in {}, as those of {format} do; it holds {kinds}.",
        path.display(),
        endings.join(" or ")
    ))
}

/// Counts files that are not of a format's endings and look like those of another one.
pub(super) fn others_among(
    named: &[PathBuf],
    endings: &[&str],
    format: &str,
    others: &mut BTreeMap<&'static str, usize>,
) -> Result<(), DatasetError> {
    let meant: HashSet<PathBuf> = find(named, endings)?.into_iter().map(|file| file.path).collect();
    for other in all_files(named).filter(|file| !meant.contains(file)).filter_map(|file| sniff(&file)) {
        if other != format {
            *others.entry(other).or_default() += 1;
        }
    }
    Ok(())
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
        "doccano" => "doccano",
        "prodigy" => "prodigy",
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

/// brat's, where most lines begin as brat's do; LitBank's files with this ending are not.
fn sniff_ann(text: &str) -> Option<&'static str> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(200);
    let is_brat = |line: &&str| {
        let id = line.split('\t').next().unwrap_or_default();
        let mut chars = id.chars();
        chars.next().is_some_and(|first| "TREAMN#*".contains(first)) && chars.all(|c| c.is_ascii_digit())
    };
    // One that is broken makes it no other format; half of them do.
    if lines().filter(is_brat).count() * 2 < lines().count() {
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
    } else if has(&["annotator", "annotations", "text_sha256"]) {
        "jsonl"
    } else if any(&["label_name", "utf8_text_md5_checksum"]) {
        "labelbuddy"
    } else if has(&["data"]) && any(&["annotations", "completions", "predictions"])
        || has(&["from_name", "to_name"])
        || has(&["annotation_id", "annotator"])
    {
        "label-studio"
    } else if any(&["start_offset", "from_id"])
        || ending == "jsonl" && (text.contains("\"entities\": [[") || text.contains("\"entities\":[["))
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
