//! The end of a bench: what criterion measured in this run, as one table of medians with the ratio to the first size.
//!
//! Reads criterion's own estimates, so that table and criterion never disagree; estimates of earlier runs are left out.

#![allow(dead_code, reason = "each bench uses a part of its own")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use criterion::Criterion;

/// A bench run: criterion and when it began.
pub struct Run {
    pub criterion: Criterion,
    began: SystemTime,
    noted: BTreeMap<(String, String), f64>,
}

impl Run {
    /// Criterion as the command line asks for it, with its files in the target folder.
    pub fn new() -> Self {
        let criterion = Criterion::default().output_directory(&folder()).without_plots().configure_from_args();
        Self { criterion, began: SystemTime::now(), noted: BTreeMap::new() }
    }

    /// Takes in a time that the bench took itself.
    pub fn note(&mut self, group: &str, size: &str, time: Duration) {
        self.noted.insert((group.to_owned(), size.to_owned()), time.as_nanos() as f64);
    }

    /// Prints the medians of `groups`, whose benches are named by `sizes`.
    pub fn table(&mut self, title: &str, sizes: &[&str], groups: &[&str]) {
        self.criterion.final_summary();
        let mut lines = row(title, sizes.iter().copied());
        for group in groups {
            let medians: Vec<Option<f64>> = sizes.iter().map(|size| self.median(group, size)).collect();
            let cells: Vec<String> = medians.iter().map(|&median| cell(median, medians[0])).collect();
            lines += &row(group, cells.iter().map(String::as_str));
        }
        print(&lines);
    }

    /// The median in nanoseconds, if this run measured it.
    fn median(&self, group: &str, size: &str) -> Option<f64> {
        if let Some(&noted) = self.noted.get(&(group.to_owned(), size.to_owned())) {
            return Some(noted);
        }
        let name = |text: &str| text.replace(['/', '?', '"', '\\', '*', '<', '>', ':', '|', '^'], "_");
        let file = folder().join(name(group)).join(name(size)).join("new/estimates.json");
        let fresh = file.metadata().and_then(|metadata| metadata.modified()).is_ok_and(|made| made >= self.began);
        let estimates: serde_json::Value = serde_json::from_slice(&std::fs::read(file).ok().filter(|_| fresh)?).ok()?;
        estimates["median"]["point_estimate"].as_f64()
    }
}

fn row<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = format!("\n{name:<34}");
    for cell in cells {
        line.extend(std::iter::repeat_n(' ', 22usize.saturating_sub(cell.chars().count())));
        line.push_str(cell);
    }
    line
}

/// `12.3 µs ×1.4`; a dash for what was not measured.
fn cell(median: Option<f64>, first: Option<f64>) -> String {
    let Some(median) = median else { return "–".into() };
    let ratio = first.map_or(String::new(), |first| format!(" ×{:.2}", median / first));
    format!("{}{ratio}", time(median))
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.2} µs", n / 1e3),
        n if n < 1e9 => format!("{:.2} ms", n / 1e6),
        n => format!("{:.2} s", n / 1e9),
    }
}

/// Prints lines of a report.
#[expect(clippy::print_stdout, reason = "a bench is a front end of its own")]
pub fn print(lines: &str) {
    println!("{lines}");
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("criterion")
}
