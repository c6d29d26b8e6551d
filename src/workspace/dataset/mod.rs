//! Datasets out of a corpus and into one, for both front ends: what is asked for goes in as an order, what is to be told
//! comes out through a listener.
//!
//! Nothing here prints or reads the environment. Memory grows by no more than a few bytes an article.

mod annotators;
mod archive;
mod card;
mod choices;
mod chosen;
mod error;
mod export;
mod found;
mod import;
mod job;
mod join;
mod look;
mod manifest;
mod mapping;
mod naming;
mod offer;
mod order;
mod placing;
mod preview;
mod projects;
mod reading;
mod recognise;
mod renamed;
mod richest;
mod schema;
mod select;
mod similar;
mod sink;
mod split;
mod target;
mod used;
mod wanted;
mod whole;

use crate::formats::Report;

pub use choices::{Choices, Takes, Whose, takes};
pub use error::DatasetError;
pub use export::{Exported, export};
pub use found::sniff;
pub use import::import;
pub use job::{Job, Notes, Progress};
pub use look::{dataset_among, holds_articles, is_dataset_file, may_be_dataset};
pub use offer::{Offer, offer};
pub use order::{ExportOrder, ImportOrder, Imported, Recognised, Which};
pub use preview::{Preview, PreviewFile, preview};
pub use recognise::recognise;
pub use select::{Selection, filled, of_annotator, select, select_one};
pub use split::Split;
pub use target::{Standing, beside, named_target, standing};
pub use used::used_labels;
pub use whole::{Delivery, deliver, import_whole};

/// Hears how far the work is, and says when to stop.
pub trait Listener: Sync {
    /// Something is to be told: a line.
    fn note(&self, note: &str);
    /// Work of so many steps begins.
    fn begin(&self, _steps: usize) {}
    /// So many steps are done.
    fn step(&self, _steps: usize) {}
    /// So many layers were taken out of a file that is not done yet.
    fn took(&self, _layers: usize) {}
    /// Whether to stop; what was begun is taken away.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// A number with its noun.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Lines of a report, for a listener.
fn lines(report: &Report) -> impl Iterator<Item = String> {
    report.warnings.iter().map(ToString::to_string)
}
