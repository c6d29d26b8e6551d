//! doccano's lines: whatever is read makes a sidecar, and what is written of it is read and written again the same.

use std::path::{Component, Path};

use pressmark::formats::doccano::{FORMAT, read_line};
use pressmark::formats::{Document, Losses, Options, Report, Shape, SourceLine, write_ascii};
use pressmark::store::schema::builtin;

use super::jsonl::imports;
use super::told::is_clear;

/// A line of a file.
fn line(text: &str) -> SourceLine<'_> {
    SourceLine { path: Path::new("set.jsonl"), name: "set.jsonl", number: 1, text }
}

/// Any bytes as a line.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut report = Report::default();
    let document = read_line(&line(text), &mut report);
    assert!(document.is_some() || text.trim().is_empty() || !report.warnings.is_empty(), "left out in silence");
    for warning in &report.warnings {
        is_clear(&format!("{warning}."), "set.jsonl:");
    }
    let Some(document) = document else { return };
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
    assert!(Path::new(&document.file).components().all(inside), "{:?} leads elsewhere", document.file);
    imports(&document);
    let first = written(&document);
    let mut report = Report::default();
    let again = read_line(&line(&first), &mut report).expect("a document");
    assert!(report.warnings.is_empty(), "{:?}\n{first}", report.warnings);
    assert_eq!(written(&again), first);
}

fn written(document: &Document) -> String {
    let Some(Shape::Lines(writer)) = FORMAT.writes else { panic!("doccano's are lines") };
    let mut line = Vec::new();
    write_ascii(&mut line, &writer(&builtin(), &Options::default()).line(document, &mut Losses::default()))
        .expect("memory takes it");
    String::from_utf8(line).expect("ASCII")
}
