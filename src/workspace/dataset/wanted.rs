//! What an export is asked for and cannot be given: it is refused before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::DatasetError;
use super::chosen::article;
use super::order::ExportOrder;
use super::select::Selection;
use crate::formats::{Table, jsonl};

/// So many labels are named.
const NAMED: usize = 20;
/// So many articles are read at once.
const AT_ONCE: usize = 64;

/// Refuses what the format does not do (`bundles` says whether it makes shards), and labels of which the articles have none.
pub(super) fn check(order: &ExportOrder, bundles: bool, selections: &[Selection]) -> Result<(), DatasetError> {
    if let Some(shards) = order.shards {
        if !bundles {
            let table = if order.options.table == Table::Jsonl { " as JSON lines" } else { "" };
            return Err(DatasetError::refused(format!(
                "{}{table} is not written in shards; spacy and huggingface (Parquet) are. Leave out --shards.",
                order.to
            )));
        }
        if shards == 0 {
            return Err(DatasetError::refused("There must be one shard at least: --shards 1."));
        }
        if let Some(shard) = order.shard.filter(|shard| *shard >= shards) {
            return Err(DatasetError::refused(format!(
                "There is no shard {shard}: of {}, the first is 0 and the last {}.",
                super::count(shards, "shard"),
                shards - 1
            )));
        }
    }
    if order.without_text && order.to != jsonl::FORMAT.id {
        let why = format!("{} is written with its text; --without-text is for {}.", order.to, jsonl::FORMAT.id);
        return Err(DatasetError::refused(why));
    }
    if order.labels.is_empty() { Ok(()) } else { some_label(order, selections) }
}

/// Looks for a mark with one of the labels, which is mostly found at once.
fn some_label(order: &ExportOrder, selections: &[Selection]) -> Result<(), DatasetError> {
    let (mut there, mut layers) = (BTreeSet::new(), 0);
    for selection in selections {
        let articles: Vec<(&Path, Vec<(String, PathBuf)>)> = selection.with_layers().collect();
        for some in articles.chunks(AT_ONCE) {
            let read = |(path, layers): &(&Path, Vec<(String, PathBuf)>)| {
                article(order, &BTreeMap::new(), true, selection, path, layers.clone())
            };
            for read in some.par_iter().map(read).collect::<Vec<_>>() {
                let read = read?;
                layers += read.layers.len();
                there.extend(read.layers.into_iter().flat_map(|layer| layer.labels));
            }
            if order.labels.iter().any(|label| there.contains(label.as_str())) {
                return Ok(());
            }
        }
    }
    if layers == 0 {
        return Ok(());
    }
    Err(DatasetError::refused(format!(
        "Nothing is marked as {}; {}. Nothing is written.",
        order.labels.join(" or "),
        there_are(&there)
    )))
}

/// The first of some names, for a message.
pub(super) fn there_are(names: &BTreeSet<SmolStr>) -> String {
    if names.is_empty() {
        return "there are none".to_owned();
    }
    let first: Vec<&str> = names.iter().take(NAMED).map(SmolStr::as_str).collect();
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    format!("there are {}{more}", first.join(", "))
}
