//! What is written is read again the same, and hostile lines are reported, never a panic.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::formats::write_ascii;
use crate::formats::{Document, Report};
use crate::model::Status;

const LINE: &str = r#"{"file": "talks.txt", "text": "Ada \u0645 \ud83d\udc69\u200d\ud83c\udfa4\r\nsaid no.", "annotator": "ann1", "status": "done",
 "schema": {"id": "news", "version": 2}, "document": {"attributes": {"topic": "trade"}, "note": "n"},
 "annotations": [{"id": "a1", "label": "entity", "spans": [[0, 3, "Ada"]], "context": ["", " \u0645 \ud83d\udc69\u200d\ud83c\udfa4\r\nsaid no."], "attributes": {"many": ["x", "y"], "number": 2.5, "type": "person", "yes": true}, "note": "w", "unsure": true, "origin": {"by": "suggestion", "rule": "gazetteer"}, "made": "2026-11-24T03:16:50Z"},
  {"id": "a2", "label": "quote", "spans": [[11, 15, "said"], [16, 18, "no"]], "context": ["Ada \u0645 \ud83d\udc69\u200d\ud83c\udfa4\r\n", "."], "conflict": [{"id": "a2", "label": "claim", "spans": [[16, 18, "no"]], "context": ["Ada \u0645 \ud83d\udc69\u200d\ud83c\udfa4\r\nsaid ", "."]}]},
  {"id": "a3", "label": "claim", "spans": [[900, 903, "xyz"]], "context": ["b", "a"], "orphan": {"candidates": [[1, 2, "d"]]}}],
 "relations": [{"id": "r1", "label": "speaker", "from": "a2", "to": "a1", "attributes": {"x": 1}, "note": "w"}, {"id": "r2", "label": "claimant", "from": "a3", "to": "author"}],
 "comments": [{"id": "c1", "on": ["ada", "a1"], "text": "Why?", "by": "ben"}, {"id": "c2", "on": [0, 3, "Ada"], "text": "So.", "by": "ada", "reply_to": "c1", "resolves": true}],
 "rejected": [{"rule": "gazetteer", "label": "entity", "text": "no"}],
 "decisions": [{"id": "d1", "sources": [["ada", "a1"]], "verdict": "chosen", "result": "a1", "by": "ada", "layers": {"ada": "00ff"}}],
 "conflict": [["status", "new"]]}"#;

fn one_line() -> String {
    LINE.replace("\n ", " ")
}

fn parse(text: &str) -> (Vec<Document>, Report) {
    read(Path::new("set.jsonl"), text)
}

fn written(document: &Document) -> String {
    let mut out = Vec::new();
    write_ascii(&mut out, &line_object(&document.file, &document.text, &document.layer)).expect("memory takes it");
    String::from_utf8(out).expect("it is ASCII")
}

#[test]
fn every_field_comes_back_to_the_byte() {
    let (documents, report) = parse(&one_line());
    assert_eq!(report, Report::default());
    assert_eq!(documents[0].layer.head().status, Status::Done);
    let again = written(&documents[0]);
    assert_eq!(again, one_line().replace("  {\"id\"", " {\"id\""));
    assert!(again.is_ascii());
}

#[test]
fn a_line_with_little_in_it_is_enough() {
    let (documents, report) = parse(
        "\u{feff}\n{\"file\": \"a/b.txt\", \"text\": \"Ada\", \"annotations\": [{\"label\": \"entity\", \"spans\": [[0, 3]], \"note\": \"\"}]}\r\n",
    );
    assert_eq!(report, Report::default());
    assert_eq!(documents[0].layer.nth(0).map(|a| (a.id.as_str(), a.text("Ada"))), Some(("l2a1", "Ada".to_owned())));
}

#[test]
fn what_is_not_taken_in_is_reported_with_line_and_kind() {
    let with = |rest: &str| format!("{{\"file\": \"a.txt\", \"text\": \"Ada said\", {rest}}}");
    let annotation =
        |rest: &str| with(&format!("\"annotations\": [{{\"id\": \"a1\", \"label\": \"entity\", {rest}}}]"));
    for (line, kind, kept) in [
        ("{".to_owned(), "broken-line", None),
        ("[1, 2]".to_owned(), "wrong-value", None),
        ("[".repeat(100_000), "broken-line", None),
        ("{\"file\": \"../a.txt\", \"text\": \"x\"}".to_owned(), "bad-path", None),
        ("{\"file\": \"/etc/a.txt\", \"text\": \"x\"}".to_owned(), "bad-path", None),
        ("{\"file\": \".git/a.txt\", \"text\": \"x\"}".to_owned(), "bad-path", None),
        ("{\"file\": \"a.txt\"}".to_owned(), "wrong-value", None),
        (with("\"mood\": 1"), "unknown-field", Some(0)),
        (with("\"status\": \"over\""), "wrong-value", Some(0)),
        (with("\"annotations\": {}"), "wrong-value", Some(0)),
        (with("\"annotations\": [7]"), "wrong-value", Some(0)),
        (with("\"annotations\": [{\"id\": \"a1\"}]"), "wrong-value", Some(0)),
        (annotation("\"spans\": [[0, 99]]"), "unplaced", Some(1)),
        (annotation("\"spans\": [[3, 0]]"), "unplaced", Some(1)),
        (annotation("\"spans\": [[0, 3, \"Bob\"]]"), "unplaced", Some(1)),
        (annotation("\"spans\": []"), "unplaced", Some(1)),
        (annotation("\"spans\": [[0, 3]], \"mood\": 1"), "unknown-field", Some(1)),
        (annotation("\"spans\": [[0, 3]], \"attributes\": {\"x\": {}}"), "wrong-value", Some(1)),
        (
            annotation("\"spans\": [[0, 3]]}, {\"id\": \"a1\", \"label\": \"cue\", \"spans\": [[4, 8]]"),
            "taken-id",
            Some(2),
        ),
        (
            with("\"relations\": [{\"id\": \"r\", \"label\": \"same\", \"from\": \"a\", \"to\": \"b\"}]"),
            "relation-to-nowhere",
            Some(0),
        ),
    ] {
        let (documents, report) = parse(&format!("\n{line}"));
        assert!(!report.warnings.is_empty(), "{line}");
        assert_eq!((report.warnings[0].kind.id(), report.warnings[0].line), (kind, 2), "{line}");
        assert_eq!(documents.first().map(|document| document.layer.len()), kept, "{line}");
    }
}

proptest! {
    #[test]
    fn no_dataset_makes_the_reader_panic(cut in 0usize..4000, put in "\\PC{0,6}") {
        let mut line = one_line();
        let at = (0..=cut.min(line.len())).rev().find(|&at| line.is_char_boundary(at)).unwrap_or(0);
        line.insert_str(at, &put);
        for document in parse(&line).0 {
            prop_assert_eq!(parse(&written(&document)).0, vec![document]);
        }
    }
}
