//! brat's files: whatever is read makes a sidecar, and what is written of it is read and written again the same.

use std::path::Path;

use pressmark::formats::brat::{Config, FORMAT, read};
use pressmark::formats::{Document, Options, Report, dataset};
use pressmark::store::schema::builtin;

use super::jsonl::imports;
use super::told::is_clear;

/// Any bytes as a configuration, a text and annotations, parted by lines of `====`.
pub fn check(data: &[u8]) {
    let Ok(all) = std::str::from_utf8(data) else { return };
    let mut parts = all.splitn(3, "\n====\n");
    let (Some(conf), Some(text), Some(ann)) = (parts.next(), parts.next(), parts.next()) else { return };
    // The same text as a dataset has it.
    if text.contains('\r') || text.starts_with('\u{feff}') || text.is_empty() {
        return;
    }
    let (document, report) = taken(conf, text, ann);
    let last = ann.split('\n').count();
    for warning in &report.warnings {
        assert!((1..=last).contains(&warning.line));
        is_clear(&format!("{warning}."), "talks.ann:");
    }
    imports(&document);
    let (conf, first) = written(&document);
    let (again, _) = taken(&conf, text, &first);
    let (conf, second) = written(&again);
    let (third, report) = taken(&conf, text, &second);
    assert!(report.warnings.is_empty(), "{:?}\n{second}", report.warnings);
    let (conf_again, third) = written(&third);
    assert_eq!(third, second, "from the second time on it is the same");
    assert_eq!(conf_again, conf);
}

fn taken(conf: &str, text: &str, ann: &str) -> (Document, Report) {
    let mut report = Report::default();
    let document = read(Path::new("talks.ann"), ann, "talks.txt", text, &Config::read(conf), &mut report);
    (document, report)
}

/// The configuration and the annotations.
fn written(document: &Document) -> (String, String) {
    let written = dataset(&FORMAT, &Options::default(), &builtin(), std::slice::from_ref(document));
    let (files, _) = written.expect("brat is written");
    let file = |end: &str| files.iter().find(|(file, _)| file.ends_with(end)).expect("it is written").1;
    let text = |end: &str| String::from_utf8(file(end).clone()).expect("UTF-8");
    (text("annotation.conf"), text(".ann"))
}
