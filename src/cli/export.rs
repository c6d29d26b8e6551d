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
use crate::workspace::dataset::{ExportOrder, Split, Which, export};

pub(super) fn run(args: &Export, output: &mut Output) -> Result<Outcome> {
    let order = order(args);
    if args.json && order.output.is_none() {
        bail!("--json tells on standard output what was written: name a file or a folder with -o.");
    }
    let exported = export(&order, &mut *output, &Bar::new("articles"))?;
    if exported.layers == 0 {
        return Ok(Outcome::Found);
    }
    if order.output.is_some() {
        output::note(&format!("{} written", count(exported.layers, "layer")));
    }
    if args.json {
        output.json(&report(&args.to, exported.layers, &exported.losses))?;
    } else if !exported.losses.is_empty() {
        output::note(&format!("What {} cannot hold as it is:", args.to));
        exported.losses.to_string().lines().for_each(|line| output::note(&format!("  {line}")));
    }
    Ok(Outcome::found(exported.found))
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
