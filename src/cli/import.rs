//! `pressmark import`: layers of a dataset into a folder.

use anyhow::{Result, bail};

use super::Outcome;
use super::args::Import;
use super::bar::Bar;
use super::output::Output;
use super::show::count;
use crate::store::sidecar::fit_annotator;
use crate::workspace::dataset::{DatasetError, ImportOrder, Imported, import_whole};

/// So many annotators are named.
const NAMED: usize = 6;

pub(super) fn run(args: &Import, output: &mut Output) -> Result<Outcome> {
    let order = ImportOrder {
        from: args.from.clone(),
        annotator: args.annotator.clone(),
        login: fit_annotator(&whoami::username().unwrap_or_default()),
        map: args.map.clone(),
        into: args.output.clone(),
        files: args.files.clone(),
        strict: args.strict,
        predictions: args.predictions,
    };
    let imported = match import_whole(&order, &Bar::new("files")) {
        Err(DatasetError::Cancelled) if order.into.exists() => bail!(
            "it was stopped; what was imported until then stays in {}; importing again adds the rest",
            order.into.display()
        ),
        imported => imported?,
    };
    output.line(&summary(&imported, &args.output.display().to_string()))?;
    Ok(Outcome::found(imported.told > 0))
}

/// What came of it, in a line.
fn summary(imported: &Imported, into: &str) -> String {
    let Imported { format, articles, added, links, annotators, is_there, .. } = imported;
    let mut names: Vec<&str> = annotators.iter().take(NAMED).map(String::as_str).collect();
    let more = format!("{} more", annotators.len().saturating_sub(NAMED));
    if annotators.len() > NAMED {
        names.push(&more);
    }
    let whose = match &names[..] {
        [] => String::new(),
        [one] => format!("; the layers are those of {one}"),
        [some @ .., last] => format!("; the layers are those of {} and {last}", some.join(", ")),
    };
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
