//! Tables for Hugging Face's `datasets`: Parquet, or JSON lines, a row a layer, with features that old and new versions load.
//!
//! Offsets are code points of the column `text`, the end not included; the dataset's README names the features.

mod assembled;
mod cells;
mod columns;
mod drafted;
mod pages;
mod parquet;
mod read;
mod write;

use super::{Format, Kind, Reads, Shape};

/// Hugging Face's tables, as the list of formats tells them.
pub const FORMAT: Format = Format {
    id: "huggingface",
    reads: Some(Reads::Files(&["parquet", "jsonl"], read::read)),
    writes: Some(Shape::Folder(|schema, options| Box::new(write::TableWriter::new(schema, options)))),
    unit: "code points",
    about: "Hugging Face datasets: Parquet or JSON lines, with a dataset card",
    cannot: &[Kind::Orphan, Kind::ArticleNote, Kind::Discussion, Kind::OtherVersion, Kind::Origin],
    opens: "from datasets import load_dataset\n\ndataset = load_dataset(\"FOLDER\")",
};

/// Begins the names of attributes that hold columns that we do not have.
const FOREIGN: &str = "huggingface:";
