//! `pressmark import`: layers of a dataset into a folder.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use super::Outcome;
use super::args::Import;
use super::bar::Bar;
use super::output::{Output, note};
use super::show::count;
use crate::store::sidecar::fit_annotator;
use crate::workspace::dataset::{DatasetError, ImportOrder, Imported, import_whole, recognise};

/// So many annotators are named.
const NAMED: usize = 6;

pub(super) fn run(args: &Import, output: &mut Output) -> Result<Outcome> {
    let order = ImportOrder {
        from: args.from.clone(),
        annotator: args.annotator.clone(),
        login: fit_annotator(&whoami::username().unwrap_or_default()),
        map: args.map.clone(),
        into: args.output.clone().unwrap_or_default(),
        files: args.files.clone(),
        strict: args.strict,
        predictions: args.predictions,
    };
    if args.dry_run {
        return look(&order, output);
    }
    let into = order.into.display().to_string();
    let imported = match import_whole(&order, &Bar::new("files")) {
        Err(DatasetError::Cancelled) if order.into.exists() => {
            bail!("it was stopped; what was imported until then stays in {into}; importing again adds the rest")
        }
        imported => imported?,
    };
    output.line(&summary(&imported, &into))?;
    Ok(Outcome::found(imported.told > 0))
}

/// Tells what is in a dataset, and writes nothing.
fn look(order: &ImportOrder, output: &mut Output) -> Result<Outcome> {
    let found = recognise(order, &Bar::new("files"))?;
    let links = if found.relations > 0 { format!(" and {}", count(found.relations, "link")) } else { String::new() };
    // Where the dataset names nobody, they become those of whoever imports.
    let nobody = || BTreeSet::from([order.annotator.clone().unwrap_or_else(|| order.login.clone())]);
    let by = named(&if found.annotators.is_empty() { nobody() } else { found.annotators.clone() });
    output.line(&format!(
        "{}: {}, {}{links} in {}{}",
        found.format,
        count(found.articles, "article"),
        count(found.annotations, "annotation"),
        count(found.layers, "layer"),
        if by.is_empty() { by } else { format!(", those of {by}") },
    ))?;
    for (label, times) in &found.labels {
        output.line(&format!("  {label}: {times}"))?;
    }
    found.first.iter().for_each(|line| note(&format!("warning: {line}")));
    if found.warnings > found.first.len() {
        note(&format!("… and {} more warnings", found.warnings - found.first.len()));
    }
    note("nothing was written; to import it, leave out --dry-run and name a folder with -o");
    Ok(Outcome::found(found.warnings > 0))
}

/// The first annotators by name, and how many more there are.
fn named(annotators: &BTreeSet<String>) -> String {
    let mut names: Vec<&str> = annotators.iter().take(NAMED).map(String::as_str).collect();
    let more = format!("{} more", annotators.len().saturating_sub(NAMED));
    if annotators.len() > NAMED {
        names.push(&more);
    }
    match &names[..] {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}

/// What came of it, in a line.
fn summary(imported: &Imported, into: &str) -> String {
    let Imported { format, articles, added, links, annotators, is_there, .. } = imported;
    let names = named(annotators);
    let whose = if names.is_empty() { names } else { format!("; the layers are those of {names}") };
    let links = if *links > 0 { format!(" and {}", count(*links, "link")) } else { String::new() };
    if *is_there {
        return format!("{format}: all of it is there already, in {into}{whose}");
    }
    format!(
        "{format}: {} written, {}{links} added to {into}{whose}",
        count(*articles, "article"),
        count(*added, "annotation"),
    )
}
