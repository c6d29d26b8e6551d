//! Dataset formats: one module a format, with a reader, a writer or both; none knows another.
//!
//! A reader takes in what it understands and puts the rest on a [`Report`]: file, line, kind, what was dropped.
//! Nothing is dropped in silence, and no input makes a reader panic. Files are opened and written by whoever calls.

pub mod jsonl;

use std::fmt;
use std::path::PathBuf;

use crate::model::Layer;

/// A format that this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// As `--from` and `--to` name it.
    pub id: &'static str,
    /// Whether it can be imported.
    pub reads: bool,
    /// Whether it can be exported.
    pub writes: bool,
    /// What its offsets count.
    pub unit: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
}

/// All formats, by id.
pub const FORMATS: &[Format] = &[Format {
    id: "jsonl",
    reads: true,
    writes: true,
    unit: "code points",
    about: "Pressmark's own, without any loss: one layer a line",
}];

/// A layer of an article, as a dataset holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The article's path from the corpus root, with `/`: no way out of the folder, no hidden name.
    pub file: String,
    /// The article's text.
    pub text: String,
    /// What was said about it; the annotator is empty where the dataset does not say.
    pub layer: Layer,
}

/// What kind of thing was not taken in as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// A line that is not in the format.
    BrokenLine,
    /// A field that the format does not have.
    UnknownField,
    /// A value of another kind than the field takes.
    WrongValue,
    /// A path that leads out of the folder, or to no article.
    BadPath,
    /// An annotation that does not stand where it says; kept without a place.
    Unplaced,
    /// A relation whose end is not there.
    RelationToNowhere,
    /// An id that is taken.
    TakenId,
}

impl WarningKind {
    /// A short name.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BrokenLine => "broken-line",
            Self::UnknownField => "unknown-field",
            Self::WrongValue => "wrong-value",
            Self::BadPath => "bad-path",
            Self::Unplaced => "unplaced",
            Self::RelationToNowhere => "relation-to-nowhere",
            Self::TakenId => "taken-id",
        }
    }
}

/// Something that was not taken in as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The dataset's file.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// What kind of thing it is.
    pub kind: WarningKind,
    /// What was dropped or changed, and why.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file.display(), self.line, self.kind.id(), self.message)
    }
}

/// What a reader could not take in as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order of the file.
    pub warnings: Vec<Warning>,
}
