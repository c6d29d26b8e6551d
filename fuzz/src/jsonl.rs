//! The project's own dataset format: what is read is written and read again the same; the rest is on the report.

use std::path::{Component, Path};

use pressmark::article::from_bytes;
use pressmark::formats::Document;
use pressmark::formats::jsonl::{line_object, read};
use pressmark::formats::write_ascii;
use pressmark::store::journal::open;
use pressmark::store::schema::builtin;
use pressmark::store::sidecar::write_layer;

use super::sidecar::{disk, files};
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
        imports(&again[0]);
    }
}

/// What is imported makes a sidecar that is read the same.
pub fn imports(document: &Document) {
    let article = from_bytes(Path::new("/desk/talks.txt"), document.text.clone().into_bytes(), Some("UTF-8"));
    let Some(article) = article.ok().filter(|article| *article.text == *document.text) else { return };
    let written = write_layer(&article, &document.layer);
    let disk = disk(&[(&files().sidecar, written.as_bytes())]);
    let opened = open(&disk, &files(), &article, &builtin()).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(opened.expect("a sidecar is there").layer, document.layer, "{written}");
}
