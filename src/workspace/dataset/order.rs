//! What is asked for when a dataset is written.
//!
//! Plain values: the command line and the window fill them in.

use std::path::PathBuf;

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
