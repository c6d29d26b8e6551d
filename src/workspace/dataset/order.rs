//! What is asked for when a dataset is written or read, and what came of reading it.
//!
//! Plain values: the command line and the window fill them in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use smol_str::SmolStr;

use super::split::Split;
use crate::formats::Options;
use crate::model::Status;

/// Which layers are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// What the format takes where nobody chooses: all for the lossless one, else gold or the only layer.
    #[default]
    Fitting,
    /// One annotator's.
    Annotator(String),
    /// Every annotator's.
    All,
    /// Gold where there is one, else the only layer.
    Gold,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct ExportOrder {
    /// Articles or folders.
    pub paths: Vec<PathBuf>,
    /// The format.
    pub to: String,
    /// Whose layers.
    pub which: Which,
    /// Only layers with this status.
    pub status: Option<Status>,
    /// Only annotations with these labels or full labels; all where it is empty.
    pub labels: Vec<String>,
    /// How it is divided.
    pub split: Option<Split>,
    /// In how many files each part is written, where the format has bundles.
    pub shards: Option<usize>,
    /// The only one of them to write.
    pub shard: Option<usize>,
    /// The file or folder; standard output without one.
    pub output: Option<PathBuf>,
    /// Whether to write over what is there.
    pub force: bool,
    /// Whether to refuse when the format cannot hold all of it.
    pub strict: bool,
    /// Whether texts keep their line ends.
    pub keep_newlines: bool,
    /// Whether Markdown is written as it reads, without its markup.
    pub rendered: bool,
    /// Whether annotators get other names.
    pub anonymise: bool,
    /// Whether texts are left out.
    pub without_text: bool,
    /// What may be done with it, for the card.
    pub licence: Option<String>,
    /// What the writer is told.
    pub options: Options,
}

impl ExportOrder {
    /// What the writer is told.
    pub(super) fn writers(&self) -> Options {
        Options { labels: self.labels.clone(), ..self.options.clone() }
    }
}

/// What is asked for of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportOrder {
    /// The format; `auto` to find it out.
    pub from: String,
    /// Whose layers they become; the dataset's own annotators without it.
    pub annotator: Option<String>,
    /// Whose they become where the dataset does not say.
    pub login: String,
    /// Labels of the dataset, and what they become.
    pub map: Vec<(String, String)>,
    /// Whether what models predicted becomes layers, where the format has such.
    pub predictions: bool,
    /// The folder to import into.
    pub into: PathBuf,
    /// The dataset's files and folders.
    pub files: Vec<PathBuf>,
    /// Whether to refuse when not all of it is taken in.
    pub strict: bool,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The format it was read as.
    pub format: &'static str,
    /// Articles that were written.
    pub articles: usize,
    /// Annotations that were added.
    pub added: usize,
    /// Links that were added.
    pub links: usize,
    /// Whose layers they are.
    pub annotators: BTreeSet<String>,
    /// Whether all of it was there already.
    pub is_there: bool,
    /// How many things were told that were not taken as they are.
    pub told: usize,
}

/// What is in a dataset, before it is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// Its format.
    pub format: &'static str,
    /// Articles, layers, annotations and relations.
    pub articles: usize,
    /// Layers: an article has one for each annotator.
    pub layers: usize,
    /// Annotations.
    pub annotations: usize,
    /// Relations.
    pub relations: usize,
    /// How often each label is there.
    pub labels: BTreeMap<SmolStr, usize>,
    /// The annotators that it names.
    pub annotators: BTreeSet<String>,
    /// How many things cannot be taken as they are, and the first of them.
    pub warnings: usize,
    /// The first of them.
    pub first: Vec<String>,
}
