//! The project's own dataset format: what is read is written and read again the same; the rest is on the report.

use std::path::{Component, Path};

use pressmark::formats::jsonl::{line_object, read, write_ascii};

use super::told::is_clear;

/// Any bytes as a dataset.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (documents, report) = read(Path::new("set.jsonl"), text);
    let lines = text.split('\n').filter(|line| !line.trim_start_matches('\u{feff}').trim().is_empty()).count();
    assert!(documents.len() <= lines);
    assert!(documents.len() == lines || !report.warnings.is_empty(), "a line was left out in silence");
    let last = text.split('\n').count();
    for warning in &report.warnings {
        assert!((1..=last).contains(&warning.line));
        is_clear(&format!("{warning}."), "set.jsonl:");
    }
    for document in documents {
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
        assert!(Path::new(&document.file).components().all(inside), "{:?} leads elsewhere", document.file);
        let mut line = Vec::new();
        write_ascii(&mut line, &line_object(&document.file, &document.text, &document.layer)).expect("memory takes it");
        assert!(line.iter().all(|byte| (b' '..=b'~').contains(byte)), "it is one line of ASCII");
        let line = String::from_utf8(line).expect("it is ASCII");
        let (again, _) = read(Path::new("set.jsonl"), &line);
        assert_eq!(again, [document], "{line}");
    }
}
