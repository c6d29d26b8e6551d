//! RON files as text: read with a limit, and places in them told by line and column.

use std::io::Read;
use std::path::Path;

use super::error::StoreError;
use crate::article::open_regular;
use crate::text::short;

/// Larger files are refused. A million marks take 250 MB; what is read takes some twenty times a file's size at worst.
pub(super) const LARGEST: u64 = 512 << 20;

/// A sidecar as text, without a byte order mark.
pub(super) fn read_text(path: &Path) -> Result<String, StoreError> {
    read_bounded(path, LARGEST)
}

/// A file of at most so many bytes as text, without a byte order mark.
pub(super) fn read_bounded(path: &Path, most: u64) -> Result<String, StoreError> {
    let file = open_regular(path).map_err(StoreError::read(path))?;
    if file.metadata().is_ok_and(|metadata| metadata.len() > most) {
        return Err(too_large(path, most));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(StoreError::read(path))?;
    if bytes.len() as u64 > most { Err(too_large(path, most)) } else { text_of(path, bytes) }
}

/// A file's bytes as text, without a byte order mark.
pub(super) fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, StoreError> {
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(path, LARGEST));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        damaged(path, "what follows is not UTF-8 text".to_owned(), line_column(&valid, valid.len()))
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

fn too_large(path: &Path, most: u64) -> StoreError {
    damaged(path, format!("the file is larger than {} MiB", most >> 20), (1, 1))
}

/// A file that is not what it should be.
pub(super) fn damaged(path: &Path, reason: String, (line, column): (usize, usize)) -> StoreError {
    StoreError::Damaged { reason: short(reason), line, column, path: path.to_path_buf() }
}

/// Line and column, both from 1, the column in code points.
pub(super) fn line_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// What `ron` found wrong with a text, without a full stop, and its line and column.
pub(super) fn ron_fault(text: &str, error: &ron::error::SpannedError) -> (String, (usize, usize)) {
    let written = text.trim_end();
    if written.is_empty() {
        return ("the file is empty".to_owned(), (1, 1));
    }
    // Our files are one pair of parentheses.
    if written.trim_start().starts_with('(') && !written.ends_with(')') {
        return ("the file ends in the middle: it is truncated".to_owned(), line_column(text, written.len()));
    }
    let at = byte_of(text, error.span.start.line, error.span.start.col);
    let blank = text[at..].len() - text[at..].trim_start().len();
    let place = line_column(text, at + blank);
    (ron_reason(&error.code), place)
}

/// The byte at a line and a column, or the end of the text.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    text[start..].char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| start + at)
}

/// What `ron` found wrong, in our words where they are clearer; no full stop.
fn ron_reason(error: &ron::Error) -> String {
    match error {
        ron::Error::Eof | ron::Error::ExpectedStringEnd => "the file ends in the middle: it is truncated".to_owned(),
        ron::Error::MissingStructField { field, .. } => format!("the field {field} is missing"),
        ron::Error::DuplicateStructField { field, .. } => format!("the field {field} stands there twice"),
        ron::Error::ExceededRecursionLimit => "it is nested too deeply".to_owned(),
        ron::Error::TrailingCharacters => "something follows after the end".to_owned(),
        ron::Error::ExpectedStructLike | ron::Error::ExpectedNamedStructLike(_) => {
            "there should be fields between parentheses here".to_owned()
        }
        ron::Error::InvalidValueForType { expected, found } => format!("expected {expected}, found {found}"),
        other => {
            let text = other.to_string();
            let mut chars = text.chars();
            chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
        }
    }
}
