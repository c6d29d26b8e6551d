//! What a list of articles shows of a sidecar, without reading it all in.
//!
//! Our own form has one annotation a line, so that lines are counted; a file in another form is parsed whole.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::read::parse_file;
use crate::article::open_regular;
use crate::model::Status;
use crate::store::StoreError;
use crate::store::source::{LARGEST, read_text};

/// The head of a sidecar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peek {
    /// How far its annotator is.
    pub status: Status,
    /// How many annotations there are, orphans included.
    pub annotations: usize,
    /// Whose layer it is.
    pub annotator: String,
    /// The encoding that the article was read with; empty when the file does not say. `article::read` takes it again.
    pub encoding: String,
    /// The hash of the text that it was made on.
    pub text_sha256: String,
}

impl Peek {
    /// Whether there is nothing in it that lists, exports and agreement should count.
    pub fn is_blank(&self) -> bool {
        self.annotations == 0 && self.status == Status::New
    }
}

/// The head of a sidecar and the number of its annotations.
pub fn peek(path: &Path) -> Result<Peek, StoreError> {
    counted(path, usize::MAX)
}

/// The same without going on once an annotation is seen: of any number, one is told.
pub fn glance(path: &Path) -> Result<Peek, StoreError> {
    counted(path, 1)
}

fn counted(path: &Path, most: usize) -> Result<Peek, StoreError> {
    let file = open_regular(path).map_err(StoreError::read(path))?;
    if let Some(peek) = count_lines(BufReader::with_capacity(1 << 16, file.take(LARGEST)), most) {
        return Ok(peek);
    }
    let text = read_text(path)?;
    let file = parse_file(path, &text)?;
    Ok(Peek {
        status: file.status.0,
        annotations: file.annotations.len().min(most),
        annotator: file.annotator.to_string(),
        encoding: file.source.encoding.to_string(),
        text_sha256: file.source.text_sha256.to_string(),
    })
}

/// The encoding that the article of a sidecar was read with; none when there is no sidecar, or it does not say.
pub fn recorded_encoding(path: &Path) -> Option<String> {
    glance(path).ok().map(|peek| peek.encoding).filter(|encoding| !encoding.is_empty())
}

/// Reads our own form up to the end of the annotations, or to so many of them; none for any other.
fn count_lines(mut reader: impl BufRead, most: usize) -> Option<Peek> {
    let mut peek = Peek {
        status: Status::New,
        annotations: 0,
        annotator: String::new(),
        encoding: String::new(),
        text_sha256: String::new(),
    };
    let mut line = Vec::new();
    let mut next = |line: &mut Vec<u8>| {
        line.clear();
        matches!(reader.read_until(b'\n', line), Ok(length) if length > 0)
    };
    if !(next(&mut line) && line == b"(\n") {
        return None;
    }
    loop {
        if !next(&mut line) {
            return None;
        }
        if line == b"    annotations: [\n" {
            break;
        }
        let text = std::str::from_utf8(&line).ok()?.strip_prefix("    ")?.strip_suffix(",\n")?;
        let (name, value) = text.split_once(": ")?;
        match name {
            "format" if value == "1" => {}
            "source" => {
                let told = |name| plain(value.split_once(name)?.1.split_once(", ")?.0);
                (peek.encoding, peek.text_sha256) = (told(" encoding: ")?, told(" text_sha256: ")?);
            }
            "annotator" => peek.annotator = plain(value)?,
            "status" => peek.status = Status::from_id(&plain(value)?)?,
            "schema" | "document" => {}
            "annotations" if value == "[]" => return Some(peek),
            _ => return None,
        }
    }
    while next(&mut line) {
        if line == b"    ],\n" {
            return Some(peek);
        }
        if !(line.starts_with(b"        (id: ") && line.ends_with(b"),\n")) {
            return None;
        }
        peek.annotations += 1;
        if peek.annotations == most {
            return Some(peek);
        }
    }
    None
}

/// A quoted text without escapes.
fn plain(value: &str) -> Option<String> {
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains(['"', '\\'])).then(|| text.to_owned())
}

/// The hashes of the article's file and of its text that a sidecar records.
pub fn recorded_hashes(path: &Path) -> Result<(String, String), StoreError> {
    let text = read_text(path)?;
    let file = parse_file(path, &text)?;
    Ok((file.source.sha256.to_string(), file.source.text_sha256.to_string()))
}
