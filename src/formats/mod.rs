//! Dataset formats: one module a format, with a reader, a writer or both; none knows another.
//!
//! A reader takes in what it understands and puts the rest on a [`Report`]: file, line, kind, what was dropped.
//! Nothing is dropped in silence, and no input makes a reader panic. Files are opened and written by whoever calls.

mod apart;
mod ascii;
pub mod bioc;
pub mod brat;
pub mod canonical;
pub mod cas;
mod caught;
mod colors;
pub mod conll;
pub mod conllu;
pub mod csv;
mod dataset;
mod details;
pub mod doccano;
mod draft;
mod flat;
pub mod found;
pub mod gate;
pub mod huggingface;
mod items;
pub mod jsonl;
pub mod label_studio;
pub mod labelbuddy;
mod loss;
mod made;
mod names;
mod pieces;
mod places;
pub mod prodigy;
pub mod quotes;
pub mod rendered;
pub mod spacy;
mod taken;
pub mod tei;
mod tokens;
mod tree;
pub mod uima;
pub mod units;
mod values;
pub mod w3c;
pub mod webanno_tsv;
mod xml;

use std::any::Any;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use ascii::write_ascii;
pub use dataset::dataset;
pub use flat::Overlap;
pub use loss::{Count, Done, Kind, Losses, count_rest};
pub use names::{FullLabel, Met, Names, full_label};
pub use tokens::{Tags, Token, tokens};

use crate::model::{Layer, Schema};

/// A format that this version knows.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// As `--from` and `--to` name it.
    pub id: &'static str,
    /// How it is read, if it can be imported.
    pub reads: Option<Reads>,
    /// How it is written, if it can be exported.
    pub writes: Option<Shape>,
    /// What its offsets count.
    pub unit: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// What it leaves out, or holds in another form alone; empty when it holds all as it is.
    pub cannot: &'static [Kind],
    /// How a dataset of it is opened, in Python; empty where that is not its use.
    pub opens: &'static str,
}

/// How a format is read. The endings are those that its files have in a folder; a file that is named itself may have any.
#[derive(Clone, Copy, Debug)]
pub enum Reads {
    /// Line by line, so that no more than one is held.
    Lines(&'static [&'static str], ReadLine),
    /// File by file.
    Files(&'static [&'static str], ReadFile),
}

/// Reads a line; nothing where it is left out, as the report tells.
pub type ReadLine = fn(&SourceLine<'_>, &mut Report) -> Option<Document>;
/// Reads a file, and hands over its documents one by one.
pub type ReadFile = fn(&Source<'_>, &mut Report, &mut dyn FnMut(Document));

/// A line of a dataset that is being read.
#[derive(Clone, Copy)]
pub struct SourceLine<'a> {
    /// The file, for messages.
    pub path: &'a Path,
    /// The file's path in the dataset, with `/`.
    pub name: &'a str,
    /// The line, from 1.
    pub number: usize,
    /// What it says.
    pub text: &'a str,
}

/// A file of a dataset that is being read.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The file, for messages.
    pub path: &'a Path,
    /// Its path in the dataset, with `/`.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
    /// What another file of the dataset holds, by its path in it; nothing where it is not there.
    pub beside: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

/// What an exported dataset is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One file of JSON, a line a layer.
    Lines(fn(&Schema, &Options) -> Box<dyn LineWriter>),
    /// A folder of files, made by a writer.
    Folder(fn(&Schema, &Options) -> Box<dyn Writer>),
}

/// What whoever exports may choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which annotation is written where several overlap and the format takes one.
    pub overlap: Overlap,
    /// How tags of tokens are spelled.
    pub tags: Tags,
    /// How tables are written.
    pub table: Table,
    /// The only labels and full labels that are written; all where there are none.
    pub labels: Vec<String>,
}

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Table {
    /// Apache Parquet.
    #[default]
    Parquet,
    /// JSON, a line a row.
    Jsonl,
}

/// Writes layers as the files of a dataset. It has no state, so that layers can be written in parallel; what the whole
/// dataset needs comes from what was met.
pub trait Writer: Send + Sync {
    /// The files of one layer, or its parts of files. What the format cannot hold is counted, what the layer uses noted.
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece>;
    /// The files of the dataset as a whole.
    fn whole(&self, met: &Met) -> Vec<Piece>;
    /// What stands before the dataset's card, as YAML, for a program that reads cards; `parts` are the folders of a split, or
    /// one without a name.
    fn front(&self, _parts: &[String]) -> Option<String> {
        None
    }
    /// How blocks are bundled, where [`Writer::document`] makes such.
    fn bundles(&self) -> Option<Bundles> {
        None
    }
}

/// How blocks become files.
#[derive(Clone, Copy, Debug)]
pub struct Bundles {
    /// The ending of the files.
    pub ending: &'static str,
    /// So many layers stand in a file, where nothing else is asked for.
    pub layers: usize,
    /// Begins a file.
    pub begin: BeginBundle,
}

/// Begins a file that is made of blocks.
pub type BeginBundle = fn(Box<dyn Write + Send>) -> io::Result<Box<dyn Bundle>>;

/// A file that is made of blocks.
pub trait Bundle: Send {
    /// Adds the block of a layer.
    fn add(&mut self, block: Block) -> io::Result<()>;
    /// Ends the file.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// What one layer gives to a bundle; each format has a type of its own.
pub type Block = Box<dyn Any + Send>;

/// Writes layers as lines of JSON; as a [`Writer`] without state.
pub trait LineWriter: Send + Sync {
    /// The line of one layer. What the format cannot hold is counted.
    fn line(&self, document: &Document, losses: &mut Losses) -> serde_json::Value;
    /// Writes that line, without its end.
    fn write(&self, document: &Document, losses: &mut Losses, out: &mut Vec<u8>) {
        write_ascii(out, &self.line(document, losses)).expect("memory takes it");
    }
    /// Whether the format takes the text with all its line ends.
    fn keeps_newlines(&self) -> bool {
        false
    }
}

/// A file of a dataset, or a part of one.
pub struct Piece {
    /// The file's path in the dataset, with `/`; empty for a block, which goes where there is room.
    pub file: String,
    /// What it holds.
    pub content: Content,
}

/// What a piece is.
pub enum Content {
    /// A whole file.
    Whole(Vec<u8>),
    /// Rows of a file that other layers have rows in.
    Rows(Vec<u8>, Joint),
    /// What goes into a bundle.
    Block(Block),
}

/// What stands around the rows of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joint {
    /// Before the first.
    pub open: &'static str,
    /// Between two.
    pub between: &'static str,
    /// After the last.
    pub close: &'static str,
}

impl Piece {
    /// A whole file.
    pub fn whole(file: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { file: file.into(), content: Content::Whole(bytes.into()) }
    }

    /// Rows of a file.
    pub fn rows(file: impl Into<String>, bytes: impl Into<Vec<u8>>, joint: Joint) -> Self {
        Self { file: file.into(), content: Content::Rows(bytes.into(), joint) }
    }

    /// A block of a bundle.
    pub fn block(block: impl Any + Send) -> Self {
        Self { file: String::new(), content: Content::Block(Box::new(block)) }
    }
}

/// All formats, by id.
pub const FORMATS: &[Format] = &[
    bioc::FORMAT,
    brat::FORMAT,
    cas::JSON,
    cas::XMI,
    conll::FORMAT,
    conllu::FORMAT,
    csv::FORMAT,
    doccano::FORMAT,
    gate::FORMAT,
    huggingface::FORMAT,
    jsonl::FORMAT,
    label_studio::FORMAT,
    labelbuddy::FORMAT,
    prodigy::FORMAT,
    quotes::FORMAT,
    spacy::FORMAT,
    tei::FORMAT,
    w3c::FORMAT,
    webanno_tsv::FORMAT,
];

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
    /// An annotation that does not stand where it says; its words were found elsewhere.
    Moved,
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
            Self::Moved => "moved",
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
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// What a reader tells besides documents: what it could not take in as it was, and the labels that the dataset declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order of the file.
    pub warnings: Vec<Warning>,
    /// What the dataset says that can be marked in it, whether or not anything is.
    pub declared: found::LabelSet,
}

/// The attribute of an article that holds how far its annotator is, where a format has no other place for it.
pub const STATUS: &str = "pressmark:status";

/// What an article is called that the dataset gives no name: by the file's path in the dataset, and its number there.
pub(crate) fn numbered(name: &str, number: usize) -> String {
    let (folder, own) = name.rsplit_once('/').map_or(("", name), |(folder, own)| (folder, own));
    let stem = Path::new(own).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = if folder.is_empty() { stem } else { format!("{folder}/{stem}") };
    format!("{}-{number:05}.txt", if is_inside(&stem) { &stem } else { "article" })
}

/// Longer names are refused by file systems, once the ending of a sidecar is added.
const LONGEST_NAME: usize = 160;

/// Whether a dataset's path of an article stays inside the folder, names nothing hidden, and can be a file's.
pub fn is_inside(file: &str) -> bool {
    use std::path::Component;
    let plain = |part: Component<'_>| {
        let Component::Normal(name) = part else { return false };
        !name.as_encoded_bytes().starts_with(b".") && name.len() <= LONGEST_NAME
    };
    let fits = !file.is_empty() && file.len() < 1024 && !file.ends_with('/');
    fits && !file.contains(|c: char| c == '\\' || c.is_control()) && Path::new(file).components().all(plain)
}
