//! A row in the order of its columns, before it becomes columns of Parquet or a line of JSON.
//!
//! Texts of the article are not copied: most cells are words of it.

use std::borrow::Cow;

use super::columns::Column;
use crate::formats::write_ascii;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Text(Cow<'a, str>),
    Whole(u64),
    Truth(bool),
    /// A value that is not there.
    Nothing,
    /// Values of one kind.
    Values(Vec<Cell<'a>>),
    /// Objects, each with a cell for each of its fields.
    Objects(Vec<Vec<Cell<'a>>>),
}

impl<'a> Cell<'a> {
    /// The text; empty where it is none.
    pub fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// The number, where it is one.
    pub fn whole(&self) -> Option<u64> {
        if let Self::Whole(number) = self { Some(*number) } else { None }
    }

    /// The objects; none where they are not there.
    pub fn objects(&self) -> &[Vec<Cell<'a>>] {
        if let Self::Objects(objects) = self { objects } else { &[] }
    }
}

/// Whatever is a text.
pub(super) fn text<'a>(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
    Cell::Text(text.into())
}

/// Writes an object of these fields.
pub(super) fn write_object(out: &mut Vec<u8>, fields: &[(&str, Column)], cells: &[Cell<'_>]) {
    list(out, (b'{', b'}'), fields.iter().zip(cells), |out, ((name, column), cell)| {
        write_ascii(out, *name).expect("memory takes it");
        out.extend_from_slice(b": ");
        write_cell(out, *column, cell);
    });
}

fn write_cell(out: &mut Vec<u8>, column: Column, cell: &Cell<'_>) {
    match (cell, column) {
        (Cell::Text(text), _) => write_ascii(out, text.as_ref()).expect("memory takes it"),
        (Cell::Whole(number), _) => write_ascii(out, number).expect("memory takes it"),
        (Cell::Truth(truth), _) => write_ascii(out, truth).expect("memory takes it"),
        (Cell::Nothing, _) => out.extend_from_slice(b"null"),
        (Cell::Values(values), Column::Values(of)) => {
            list(out, (b'[', b']'), values, |out, value| write_cell(out, *of, value));
        }
        (Cell::Objects(objects), Column::Objects(fields)) => {
            list(out, (b'[', b']'), objects, |out, cells| write_object(out, fields, cells));
        }
        (Cell::Values(_) | Cell::Objects(_), _) => out.extend_from_slice(b"[]"),
    }
}

fn list<T>(
    out: &mut Vec<u8>,
    (open, close): (u8, u8),
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(open);
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        write(out, item);
    }
    out.push(close);
}
