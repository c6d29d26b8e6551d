//! doccano's lines: what doccano's importer takes, and back as it was.
//!
//! The rules are those that were measured on doccano 1.8.4: ids are integers, no relation leads nowhere, offsets are code
//! points, and nothing but ASCII stands in a line.

use std::path::Path;

use pressmark::formats::doccano::{FORMAT, read_line};
use pressmark::formats::{Document, Done, Kind, Losses, Options, Report, Shape, SourceLine, WarningKind, write_ascii};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use proptest::prelude::*;
use serde_json::Value as Json;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi”.\n\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then";

fn written(document: &Document) -> (String, Losses) {
    let Some(Shape::Lines(writer)) = FORMAT.writes else { panic!("doccano's are lines") };
    let (mut losses, mut line) = (Losses::default(), Vec::new());
    write_ascii(&mut line, &writer(&builtin(), &Options::default()).line(document, &mut losses))
        .expect("memory takes it");
    (String::from_utf8(line).expect("ASCII"), losses)
}

fn read(line: &str) -> (Option<Document>, Report) {
    let mut report = Report::default();
    (
        read_line(&SourceLine { path: Path::new("set.jsonl"), name: "set.jsonl", number: 7, text: line }, &mut report),
        report,
    )
}

/// Holds a line against what doccano takes.
fn is_doccano(line: &str) {
    assert!(line.is_ascii() && !line.contains('\n'));
    let json: Json = serde_json::from_str(line).expect("JSON");
    let text: Vec<char> = json["text"].as_str().expect("a text").chars().collect();
    let mut ids = Vec::new();
    for entity in json["entities"].as_array().expect("entities") {
        ids.push(entity["id"].as_u64().expect("an integer"));
        let (start, end) =
            (entity["start_offset"].as_u64().expect("start"), entity["end_offset"].as_u64().expect("end"));
        assert!(start < end && end as usize <= text.len(), "{entity}");
        assert!(entity["label"].as_str().is_some_and(|label| !label.is_empty()));
    }
    for relation in json["relations"].as_array().expect("relations") {
        assert!(relation["id"].is_u64() && relation["type"].is_string());
        let end = |name: &str| ids.contains(&relation[name].as_u64().expect("an integer"));
        assert!(end("from_id") && end("to_id"), "{relation}");
    }
}

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let mut head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
    head.document.set("topic", Some(Value::Text("trade".into())));
    head.document.set("doccano:meta", Some(Value::Text("{\"wiki\":[1,2]}".into())));
    let layer = Layer::from_parts(head, annotations, relations).expect("it is sound");
    Document { file: "news/a.txt".to_owned(), text: TEXT.to_owned(), layer }
}

fn mark(id: &str, label: &str, words: &str) -> Annotation {
    let at = TEXT.find(words).expect("the words stand there");
    Annotation::new(id, label, Span::from_range(at..at + words.len()))
}

#[test]
fn a_layer_goes_out_and_what_doccano_cannot_hold_is_counted() {
    let mut person = mark("p", "official", "Bob");
    person.attributes.set("mention", Some(Value::Text("name".into())));
    let mut quote = mark("q", "quote", "“hi”");
    quote.spans = [quote.spans[0], mark("", "", "مرحبا").spans[0]].into_iter().collect();
    let inside = mark("i", "claim", "hi");
    let links = vec![Relation::new("r", "speaker", "q", "p"), Relation::new("s", "claimant", "i", AUTHOR)];
    let (line, losses) = written(&document(vec![person, quote, inside], links));
    is_doccano(&line);
    let told: Vec<(Kind, Done, usize)> = losses.iter().map(|(kind, done, count)| (kind, done, count.count)).collect();
    assert_eq!(
        told,
        [
            (Kind::Discontinuous, Done::Split, 1),
            (Kind::Overlap, Done::Setting, 1),
            (Kind::RelationToAuthor, Done::Dropped, 1),
            (Kind::Attribute, Done::Dropped, 1),
        ]
    );
    let (back, report) = read(&line);
    let back = back.expect("a document");
    assert_eq!((back.file.as_str(), report.warnings), ("news/a.txt", vec![]));
    let said: Vec<String> = back.layer.annotations().map(|it| format!("{} {}", it.label, it.text(TEXT))).collect();
    assert_eq!(said, ["official Bob", "quote “hi”", "claim hi", "quote مرحبا"]);
    assert_eq!(back.layer.head().document, document(vec![], vec![]).layer.head().document, "metadata is kept");
    assert_eq!(written(&back).0, line, "and again, to the byte");
}

#[test]
fn both_shapes_of_doccano_are_read_and_what_is_wrong_is_told() {
    let (document, report) =
        read(r#"{"id": 3, "text": "Ada met Zoë", "label": [[0, 3, "PER"], [8, 11, "PER"]], "Comments": []}"#);
    let document = document.expect("a document");
    assert_eq!((document.file.as_str(), document.layer.len(), report.warnings.len()), ("set-00007.txt", 2, 0));
    for (line, kind) in [
        ("{\"label\": []}", WarningKind::BrokenLine),
        ("[1]", WarningKind::BrokenLine),
        ("{\"text\": ", WarningKind::BrokenLine),
        ("{\"text\": \"a\", \"label\": [[0, 9, \"X\"]]}", WarningKind::WrongValue),
        ("{\"text\": \"a\", \"label\": [[0, 1]]}", WarningKind::WrongValue),
        ("{\"text\": \"a\", \"file\": \"../x.txt\"}", WarningKind::BadPath),
        (
            "{\"text\": \"ab\", \"entities\": [], \"relations\": [{\"id\": 1, \"from_id\": 1, \"to_id\": 2, \"type\": \"x\"}]}",
            WarningKind::RelationToNowhere,
        ),
    ] {
        let (_, report) = read(line);
        let kinds: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
        assert_eq!(kinds, [(7, kind)], "{line}");
    }
}

proptest! {
    #[test]
    fn whatever_is_written_is_doccanos_and_is_written_again_the_same(
        cuts in prop::collection::vec((0usize..40, 1usize..12, 0usize..3), 0..8),
        links in prop::collection::vec((0usize..8, 0usize..8), 0..5),
    ) {
        let bounds: Vec<usize> = TEXT.char_indices().map(|(at, _)| at).chain([TEXT.len()]).collect();
        let annotations = cuts.iter().enumerate().map(|(id, &(start, length, label))| {
            let (start, end) = (start.min(bounds.len() - 2), (start + length).min(bounds.len() - 1));
            let span = Span::from_range(bounds[start.min(end - 1)]..bounds[end]);
            Annotation::new(format!("k{id}"), ["X", "quote", "Прса"][label], span)
        });
        let links = links.iter().filter(|(from, to)| from.max(to) < &cuts.len());
        let links = links.enumerate().map(|(at, (from, to))| Relation::new(format!("l{at}"), "same", format!("k{from}"), format!("k{to}")));
        let (line, _) = written(&document(annotations.collect(), links.collect()));
        is_doccano(&line);
        let (back, report) = read(&line);
        prop_assert_eq!(report.warnings, vec![]);
        let back = back.expect("a document");
        prop_assert_eq!(back.layer.len(), cuts.len());
        prop_assert_eq!(written(&back).0, line);
    }

    #[test]
    fn no_line_makes_the_reader_panic(line in "\\PC{0,40}|\\{\"text\": \"ab😀\", \"(label|entities|relations|meta)\": (\\[(\\[?[0-9\",x]{0,8}\\]?,?){0,3}\\]|3|\\{\\})\\}") {
        let _ = read(&line);
    }
}
