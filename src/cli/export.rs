//! `pressmark export`: layers as a dataset.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::Outcome;
use super::args::Export;
use super::bar::Bar;
use super::output::{self, Output};
use super::show::count;
use crate::formats::Losses;
use crate::formats::{self, Shape};
use crate::workspace::dataset::{DatasetError, ExportOrder, Split, Which, export, takes};

pub(super) fn run(args: &Export, output: &mut Output) -> Result<Outcome> {
    let order = order(args);
    if args.json && order.output.is_none() {
        bail!("--json tells on standard output what was written: name a file or a folder with -o.");
    }
    without_effect(args).iter().for_each(|note| output::note(note));
    let exported = match export(&order, &mut *output, &Bar::new("articles")) {
        Err(DatasetError::Cancelled) if order.output.is_none() => bail!("it was stopped; what was printed is a part"),
        exported => exported?,
    };
    if exported.layers == 0 {
        return Ok(Outcome::Found);
    }
    if order.output.is_some() {
        output::note(&format!("{} written", count(exported.layers, "layer")));
    }
    if args.json {
        output.json(&report(&args.to, exported.layers, &exported.losses))?;
    } else if !exported.losses.is_empty() {
        output::note(&format!("What {} changes or leaves out:", args.to));
        exported.losses.to_string().lines().for_each(|line| output::note(&format!("  {line}")));
    }
    Ok(Outcome::found(exported.found))
}

/// Options that the format takes no heed of.
fn without_effect(args: &Export) -> Vec<String> {
    let (takes, to) = (takes(&args.to), &args.to);
    let mut notes = Vec::new();
    let mut note = |option: &str, why: &str| notes.push(format!("{option} has no effect on {to}: {why}"));
    let alone = "it is for formats in which a token has one tag";
    if args.overlap != "longest" && !takes.overlap {
        note("--overlap", alone);
    } else if args.overlap == "layers" && !takes.lanes {
        note("--overlap layers", "it has no layers for marks that overlap, so the longest is taken");
    }
    if args.tags != "iob2" && !takes.tags {
        note("--tags", alone);
    }
    if args.table != "parquet" && !takes.table {
        note("--table", "it is for huggingface");
    }
    let is_one_file =
        args.split.is_none() && matches!(formats::format(to).and_then(|format| format.writes), Some(Shape::Lines(_)));
    if args.licence.is_some() && is_one_file {
        note("--licence", "one file has no card; with --split there is one");
    }
    notes
}

/// What was meant by the arguments.
fn order(args: &Export) -> ExportOrder {
    let which = match &args.annotator {
        Some(annotator) => Which::Annotator(annotator.clone()),
        None if args.all_annotators => Which::All,
        None if args.prefer_gold => Which::Gold,
        None => Which::Fitting,
    };
    ExportOrder {
        paths: args.paths.clone(),
        to: args.to.clone(),
        which,
        status: args.status,
        labels: args.labels.clone(),
        split: args.split.map(|shares| Split { shares, seed: args.seed, stratify: args.stratify }),
        shards: args.shards,
        shard: args.shard,
        output: args.output.clone().filter(|path| path != Path::new("-")),
        force: args.force,
        strict: args.strict,
        keep_newlines: args.keep_newlines(),
        rendered: args.markdown == "rendered",
        anonymise: args.anonymise,
        without_text: args.without_text,
        licence: args.licence.clone(),
        options: args.options(),
    }
}

/// The losses as `--json` tells them.
fn report(format: &str, layers: usize, losses: &Losses) -> Value {
    let losses: Vec<Value> = losses
        .iter()
        .map(|(kind, done, count)| {
            json!({"kind": kind.id(), "done": done.id(), "count": count.count, "first": count.first})
        })
        .collect();
    json!({"format": format, "layers": layers, "losses": losses})
}
