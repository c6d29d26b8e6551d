//! `pressmark check`: sidecars against their articles and the schema.
//!
//! A damaged file is a finding here, not a reason to stop: all the others are still looked at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rayon::prelude::*;
use serde_json::json;

use super::Outcome;
use super::args::Check;
use super::output::Output;
use super::progress::Progress;
use super::select::{Selection, select};
use super::show::count;
use crate::store::Severity;
use crate::store::journal::{LayerFiles, read_whole};

/// So many problems that are alike are told to somebody who reads them on a terminal.
const ALIKE: usize = 10;
/// So many articles are read at once.
const AT_ONCE: usize = 64;

pub(super) fn run(args: &Check, output: &mut Output) -> Result<Outcome> {
    let mut tally = Tally { json: args.json, shortened: output.is_read(), ..Tally::default() };
    for selection in select(&args.paths)? {
        if let Some(error) = &selection.schema_error {
            tally.problem(output, &error.to_string(), Severity::Error)?;
        }
        let progress = Progress::of(selection.articles.len());
        let mut articles = selection.with_layers();
        loop {
            let some: Vec<_> = articles.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                break;
            }
            let found: Vec<Found> =
                some.par_iter().map(|(article, layers)| look_at(&selection, article, layers)).collect();
            for Found { sidecars, problems } in found {
                tally.articles += 1;
                tally.sidecars += sidecars;
                problems.iter().try_for_each(|(message, severity)| tally.problem(output, message, *severity))?;
            }
            progress.step(some.len());
        }
        for link in selection.links_out() {
            let message = format!("{}: this link leads out of the folder and is not followed.", link.display());
            tally.problem(output, &message, Severity::Warning)?;
        }
        for (sidecar, article) in selection.strays() {
            tally.sidecars += 1;
            let message = format!(
                "{}: there is no {article} beside it. If that was renamed or moved, give the sidecar the same name and place; `pressmark reanchor` looks for it.",
                sidecar.display()
            );
            tally.problem(output, &message, Severity::Error)?;
        }
    }
    let problems = tally.errors + tally.warnings;
    if args.json {
        let Tally { articles, sidecars, errors, warnings, problems: told, .. } = tally;
        output.json(&json!({
            "articles": articles, "sidecars": sidecars, "errors": errors, "warnings": warnings, "problems": told,
        }))?;
        return Ok(Outcome::found(problems > 0));
    }
    for line in tally.more() {
        output.line(&line)?;
    }
    let checked = format!("{}, {}", count(tally.articles, "article"), count(tally.sidecars, "sidecar"));
    if problems == 0 {
        output.line(&format!("{checked}: no problem"))?;
    } else {
        output.line(&format!("{checked}: {}, {}", count(tally.errors, "error"), count(tally.warnings, "warning")))?;
    }
    Ok(Outcome::found(problems > 0))
}

#[derive(Default)]
struct Tally {
    articles: usize,
    sidecars: usize,
    errors: usize,
    warnings: usize,
    json: bool,
    problems: Vec<serde_json::Value>,
    /// Whether somebody reads it who sees enough of a thousand that are alike: how many of each were told.
    shortened: bool,
    alike: BTreeMap<String, usize>,
}

impl Tally {
    fn problem(&mut self, output: &mut Output, message: &str, severity: Severity) -> Result<()> {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.json {
            self.problems.push(json!({"severity": severity.id(), "message": message}));
            return Ok(());
        }
        if self.shortened {
            let told = self.alike.entry(kind(message).to_owned()).or_default();
            *told += 1;
            if *told > ALIKE {
                return Ok(());
            }
        }
        output.line(&format!("{}: {message}", severity.id()))
    }

    /// How many more there are of what was told a few times.
    fn more(&self) -> Vec<String> {
        let more = self.alike.iter().filter(|(_, told)| **told > ALIKE);
        let mut lines: Vec<String> = more.map(|(kind, told)| format!("and {} more: {kind}", told - ALIKE)).collect();
        lines.extend((!lines.is_empty()).then(|| "All of them are in `pressmark check … > problems.txt`.".to_owned()));
        lines
    }
}

/// What a message says without the place: `FILE:LINE:COLUMN: WHAT`, `FILE: WHAT`.
fn kind(message: &str) -> &str {
    message.split_once(": ").map_or(message, |(_, what)| what)
}

/// What was found at an article.
#[derive(Default)]
struct Found {
    sidecars: usize,
    problems: Vec<(String, Severity)>,
}

/// Reads an article and its layers.
fn look_at(selection: &Selection, article: &Path, layers: &[(String, PathBuf)]) -> Found {
    let mut found = Found::default();
    let mut tell = |message: String, severity| found.problems.push((message, severity));
    let article = match selection.read(article, layers) {
        Ok(article) => article,
        Err(error) => {
            tell(format!("{error:#}"), Severity::Error);
            return found;
        }
    };
    for warning in &article.warnings {
        tell(format!("{}: {}", article.path.display(), warning.0), Severity::Warning);
    }
    for (_, path) in layers {
        match read_whole(&LayerFiles::new(&selection.root, path), &article, &selection.schema) {
            Ok((loaded, notes)) => {
                notes.into_iter().for_each(|note| tell(note, Severity::Warning));
                for problem in &loaded.problems {
                    tell(problem.to_string(), problem.severity);
                }
                let told = loaded.problems.iter().any(|problem| problem.severity == Severity::Error);
                if let Some(reason) = loaded.read_only.filter(|_| !told) {
                    tell(reason, Severity::Error);
                }
            }
            Err(error) => tell(error.to_string(), Severity::Error),
        }
    }
    found.sidecars = layers.len();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_told_a_few_times_to_a_reader() {
        let mut output = Output::new();
        let mut tally = Tally { shortened: true, ..Tally::default() };
        for line in 1..=30 {
            let message = format!("a.ron:{line}:9: the label \"x\" is not in the schema");
            tally.problem(&mut output, &message, Severity::Warning).expect("it is told");
        }
        tally.problem(&mut output, "b.ron: another: thing", Severity::Error).expect("it is told");
        assert_eq!((tally.warnings, tally.errors), (30, 1));
        assert_eq!(tally.more()[0], "and 20 more: the label \"x\" is not in the schema");
        assert_eq!(kind("b.ron: another: thing"), "another: thing");
        assert_eq!(Tally::default().more(), Vec::<String>::new());
    }
}
