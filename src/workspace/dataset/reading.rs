//! Files of a dataset in their order: lines, many at a time, so that they can be read side by side.
//!
//! No more than [`MOST`] bytes of lines are held, or one line that is longer.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use super::found::Found;
use super::select::select_one;
use super::{DatasetError, lines};
use crate::article;
use crate::formats::found::LabelSet;
use crate::formats::{Document, ReadFile, Report, jsonl};
use crate::store::corpus::layers_of;
use crate::store::disk::{Disk, OsDisk};

/// So many lines are read at once, or files.
pub(super) const AT_ONCE: usize = 128;
/// So many bytes of lines are held.
const MOST: usize = 16 << 20;
/// Files up to this size are read side by side.
const SMALL: u64 = 256 << 10;
/// The field of a line that stands for its text.
pub(super) const TEXT_HASH: &str = "text_sha256";

/// A line of a file.
pub(super) struct Line {
    /// From 1.
    pub number: usize,
    /// Bytes of the file before it.
    before: usize,
    bytes: Vec<u8>,
}

impl Line {
    /// Its text, without what marks the order of bytes before the first.
    pub fn text(&self, file: &Path) -> Result<&str, DatasetError> {
        let text = str::from_utf8(self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes)).map_err(|error| {
            let byte = self.before + error.valid_up_to();
            DatasetError::refused(format!("{}: byte {byte} is not UTF-8, and the format is.", file.display()))
        })?;
        Ok(if self.number == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text })
    }
}

/// The lines of a file.
pub(super) struct Lines<'f> {
    file: &'f Path,
    reader: BufReader<File>,
    number: usize,
    before: usize,
}

impl<'f> Lines<'f> {
    /// Opens a file.
    pub fn open(file: &'f Path) -> Result<Self, DatasetError> {
        let opened = File::open(file).map_err(|error| DatasetError::io("read", error, file))?;
        Ok(Self { file, reader: BufReader::with_capacity(1 << 16, opened), number: 0, before: 0 })
    }

    /// The next lines, none at the end; and what is wrong after them.
    pub fn some(&mut self) -> (Vec<Line>, Result<(), DatasetError>) {
        let (mut some, mut held) = (Vec::new(), 0);
        while some.len() < AT_ONCE && held < MOST {
            match self.line() {
                Ok(Some(line)) => {
                    held += line.bytes.len();
                    some.push(line);
                }
                Ok(None) => break,
                Err(error) => return (some, Err(error)),
            }
        }
        (some, Ok(()))
    }

    fn line(&mut self) -> Result<Option<Line>, DatasetError> {
        let mut bytes = Vec::new();
        let length = (&mut self.reader).take(jsonl::LONGEST as u64 + 1).read_until(b'\n', &mut bytes);
        if length.map_err(|error| DatasetError::io("read", error, self.file))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if bytes.len() > jsonl::LONGEST && !bytes.ends_with(b"\n") {
            let why = format!(
                "{}:{}: this line is longer than 256 MiB, which no layer is.",
                self.file.display(),
                self.number
            );
            return Err(DatasetError::refused(why));
        }
        let before = self.before;
        self.before += bytes.len();
        Ok(Some(Line { number: self.number, before, bytes }))
    }
}

/// What a small file gave: what is to be told, documents, and what it declares.
pub(super) type Read = (Vec<String>, Vec<Document>, LabelSet);

/// Reads a whole file.
pub(super) fn whole(file: &Found, read: ReadFile) -> Result<Read, DatasetError> {
    let (mut report, mut documents) = (Report::default(), Vec::new());
    file.read(read, &mut report, &mut |document| documents.push(document))?;
    Ok((lines(&report).collect(), documents, report.declared))
}

/// Files that are read together: some that are small, or one.
pub(super) fn together(files: &[Found]) -> impl Iterator<Item = &[Found]> {
    let is_small = |file: &Found| fs::metadata(&file.path).is_ok_and(|data| data.len() <= SMALL);
    let mut left = files;
    std::iter::from_fn(move || {
        let small = left.iter().take(AT_ONCE).take_while(|file| is_small(file)).count();
        let (some, rest) = left.split_at_checked(small.max(1))?;
        left = rest;
        Some(some)
    })
}

/// A line of our own format that has no text gets that of the article which is there, if its hash is the same.
pub(super) fn with_text<'l>(into: &Path, line: &'l str) -> Cow<'l, str> {
    if !line.contains(TEXT_HASH) {
        return Cow::Borrowed(line);
    }
    let found = || {
        let mut fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).ok()?;
        if fields.contains_key("text") {
            return None;
        }
        let hash = fields.shift_remove(TEXT_HASH)?;
        let path = into.join(fields.get("file")?.as_str()?);
        if !path.is_file() || !OsDisk.is_inside(into, &path) {
            return None;
        }
        let selection = select_one(&path).ok()?;
        let name = selection.articles.first()?;
        let article = selection.read(name, &layers_of(&selection.root, name)).ok()?;
        let same = hash.as_str() == Some(article::sha256_hex(article.text.as_bytes()).as_str());
        same.then(|| fields.insert("text".to_owned(), article.text.to_string().into()));
        same.then(|| serde_json::Value::from(fields).to_string())
    };
    found().map_or(Cow::Borrowed(line), Cow::Owned)
}

/// A larger file that tells of a dataset is none.
const LARGEST_BESIDE: u64 = 16 << 20;

/// What a file holds that lies beside another one of the dataset.
pub(super) fn beside(file: &Path, name: &str) -> Option<Vec<u8>> {
    let path = file.with_file_name(name);
    let is_small = std::fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST_BESIDE);
    is_small.then(|| std::fs::read(path).ok()).flatten()
}
