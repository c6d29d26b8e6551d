//! Dataset formats: one module a format, with a reader, a writer or both; none knows another.
//!
//! A reader takes in what it understands and puts the rest on a [`Report`]: file, line, kind, what was dropped.
//! Nothing is dropped in silence, and no input makes a reader panic. Files are opened and written by whoever calls.

mod ascii;
pub mod brat;
pub mod canonical;
pub mod doccano;
pub mod found;
pub mod jsonl;
mod loss;
mod names;
pub mod units;

use std::fmt;
use std::path::PathBuf;

pub use ascii::write_ascii;
pub use loss::{Count, Done, Kind, Losses, count_rest};
pub use names::{FullLabel, Met, Names, full_label};

use crate::model::{Layer, Schema};

/// A format that this version knows.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// As `--from` and `--to` name it.
    pub id: &'static str,
    /// Whether it can be imported.
    pub reads: bool,
    /// How it is written, if it can be exported.
    pub writes: Option<Shape>,
    /// What its offsets count.
    pub unit: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// What it cannot hold as it is; empty when it holds all.
    pub cannot: &'static [Kind],
}

/// What an exported dataset is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One file of JSON, a line a layer.
    Lines(fn(&Schema) -> Box<dyn LineWriter>),
    /// A folder of files, made by a writer.
    Folder(fn(&Schema) -> Box<dyn Writer>),
}

/// Writes layers as the files of a dataset. It has no state, so that layers can be written in parallel; what the whole
/// dataset needs comes from what was met.
pub trait Writer: Send + Sync {
    /// The files of one layer. What the format cannot hold is counted, what the layer uses is noted.
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece>;
    /// The files of the dataset as a whole.
    fn whole(&self, met: &Met) -> Vec<Piece>;
}

/// Writes layers as lines of JSON; as a [`Writer`] without state.
pub trait LineWriter: Send + Sync {
    /// The line of one layer. What the format cannot hold is counted.
    fn line(&self, document: &Document, losses: &mut Losses) -> serde_json::Value;
    /// Whether the format takes the text with all its line ends.
    fn keeps_newlines(&self) -> bool {
        false
    }
}

/// A file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its path in the dataset, with `/`.
    pub file: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// All formats, by id.
pub const FORMATS: &[Format] = &[brat::FORMAT, doccano::FORMAT, jsonl::FORMAT];

/// The format with this id.
pub fn format(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

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
    /// Offsets that count something else than the format says.
    OtherUnit,
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
            Self::OtherUnit => "other-unit",
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

/// Whether a dataset's path of an article stays inside the folder, and names nothing hidden.
fn is_inside(file: &str) -> bool {
    use std::path::{Component, Path};
    let plain =
        |part: Component<'_>| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b"."));
    !file.is_empty() && !file.contains(['\\', '\0']) && !file.ends_with('/') && Path::new(file).components().all(plain)
}
