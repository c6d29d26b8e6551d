//! `pressmark import`: layers of a dataset into a folder.

use anyhow::Result;

use super::Outcome;
use super::args::Import;
use super::bar::Bar;
use super::output::Output;
use super::show::count;
use crate::store::sidecar::fit_annotator;
use crate::workspace::dataset::{ImportOrder, import_whole};

pub(super) fn run(args: &Import, output: &mut Output) -> Result<Outcome> {
    let order = ImportOrder {
        from: args.from.clone(),
        annotator: args.annotator.clone(),
        login: fit_annotator(&whoami::username().unwrap_or_default()),
        map: args.map.clone(),
        into: args.output.clone(),
        files: args.files.clone(),
        strict: args.strict,
    };
    let imported = import_whole(&order, &Bar::new("files"))?;
    output.line(&format!(
        "{} written, {} added to {}",
        count(imported.articles, "article"),
        count(imported.added, "annotation"),
        args.output.display()
    ))?;
    Ok(Outcome::found(imported.told > 0))
}
