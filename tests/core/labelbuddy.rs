//! labelbuddy's documents: both offsets fit, the checksum is the text's, and all that it has no place for comes back.
//!
//! labelbuddy itself is not run.

use std::collections::BTreeMap;
use std::path::Path;

use pressmark::formats::labelbuddy::FORMAT;
use pressmark::formats::{Document, Done, Kind, Losses, Options, Reads, Report, Source, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use serde_json::Value as Json;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi”.\n\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then";

fn written(documents: &[Document]) -> (BTreeMap<String, Vec<u8>>, Losses) {
    dataset(&FORMAT, &Options::default(), &builtin(), documents).expect("it is written")
}

fn read(name: &str, bytes: &[u8], beside: Option<(&str, &str)>) -> (Vec<Document>, Report) {
    let Some(Reads::Files(_, read)) = FORMAT.reads else { panic!("documents are files") };
    let other = |name: &str| beside.filter(|(file, _)| *file == name).map(|(_, text)| text.as_bytes().to_vec());
    let (mut report, mut found) = (Report::default(), Vec::new());
    let source = Source { path: Path::new(name), name, bytes, beside: &other };
    read(&source, &mut report, &mut |document| found.push(document));
    (found, report)
}

fn mark(id: &str, label: &str, kind: &str, words: &str) -> Annotation {
    let at = TEXT.find(words).expect("the words stand there");
    let mut mark = Annotation::new(id, label, Span::from_range(at..at + words.len()));
    if !kind.is_empty() {
        mark.attributes.set("type", Some(Value::Text(kind.into())));
    }
    mark
}

fn layer() -> Document {
    let mut person = mark("p", "entity", "person", "Bob");
    person.attributes.set("aliases", Some(Value::Many(["one".into()].into())));
    person.attributes.set("rank", Some(Value::Number(2.0)));
    let mut quote = mark("q", "quote", "", "“hi”");
    quote.spans = [quote.spans[0], mark("", "x", "", "مرحبا").spans[0]].into_iter().collect();
    quote.edit_extra(|extra| (extra.note, extra.unsure) = ("two\nlines".to_owned(), true));
    let mut speaker = Relation::new("r1", "speaker", "q", "p");
    speaker.attributes.set("how", Some(Value::Bool(true)));
    speaker.extra.get_or_insert_default().note = "sure".into();
    let links = vec![speaker, Relation::new("r10", "claimant", "i", AUTHOR)];
    let mut head = Head::new("ada", SchemaRef { id: "".into(), version: 0 });
    head.document.set("length", Some(Value::Number(3.0)));
    head.document.set("labelbuddy:meta", Some(Value::Text("{\"wiki\":[1,2]}".into())));
    head.document.set("labelbuddy:display_title", Some(Value::Text("<b>A</b>".into())));
    head.document_note = "read twice".into();
    let marks = vec![person, quote, mark("i", "claim", "", "hi")];
    let layer = Layer::from_parts(head, marks, links).expect("it is sound");
    Document { file: "news/a.md".to_owned(), text: TEXT.to_owned(), layer }
}

#[test]
fn a_layer_comes_back_whole_and_every_annotation_says_its_place_twice() {
    let whole = layer();
    let (files, losses) = written(std::slice::from_ref(&whole));
    let told: Vec<(Kind, Done, usize)> = losses.iter().map(|(kind, done, count)| (kind, done, count.count)).collect();
    let kept = |kind| (kind, Done::Kept, 1);
    assert_eq!(told, [kept(Kind::Discontinuous), kept(Kind::Relation), kept(Kind::RelationToAuthor)]);
    assert!(files.values().all(|bytes| bytes.is_ascii()));
    let line: Json = serde_json::from_slice(&files["documents.jsonl"]).expect("JSON");
    assert_eq!(line["utf8_text_md5_checksum"].as_str().map(str::len), Some(32));
    let text = line["text"].as_str().expect("a text");
    let labels: Json = serde_json::from_slice(&files["labels.json"]).expect("JSON");
    let names: Vec<&str> =
        labels.as_array().expect("labels").iter().map(|it| it["name"].as_str().expect("a name")).collect();
    let mut said = Vec::new();
    for annotation in line["annotations"].as_array().expect("annotations") {
        let at = |name: &str| annotation[name].as_u64().expect("an offset") as usize;
        let words = &text[at("start_byte")..at("end_byte")];
        let chars: String = text.chars().skip(at("start_char")).take(at("end_char") - at("start_char")).collect();
        assert_eq!(words, chars);
        let name = annotation["label_name"].as_str().expect("a label");
        assert!(names.contains(&name), "{name} {names:?}");
        said.push(format!("{name} {words}"));
    }
    assert_eq!(said, ["person Bob", "quote “hi”", "claim hi", "quote مرحبا"]);
    let (back, report) = read("documents.jsonl", &files["documents.jsonl"], None);
    assert_eq!(report.warnings, vec![]);
    assert_eq!(back, vec![whole], "all of it comes back");
    assert_eq!(written(&back).0, files, "and again, to the byte");
    assert_eq!(
        read("labels.json", &files["labels.json"], None),
        (vec![], Report::default()),
        "labels are no documents"
    );
}

#[test]
fn documents_of_others_are_read_and_their_texts_given_back() {
    let array = r#"[{"text": "😀 Ada met Zoë", "metadata": {"pmid": 7, "n": 1.5, "at": {"a": 1}}, "list_title": "One", "annotations": [
        {"label_name": "NER method", "start_byte": 5, "end_byte": 8, "extra_data": "a remark"},
        {"label_name": "PER", "start_char": 10, "end_char": 13, "start_byte": 13, "end_byte": 17},
        {"label_name": "PER", "start_char": 2, "end_char": 5, "extra_data": "{\"value\": 3}"}]}]"#;
    let (found, report) = read("set.json", array.as_bytes(), None);
    assert_eq!(report.warnings, vec![]);
    assert_eq!(found[0].file, "set-00001.txt");
    let marks = found[0].layer.annotations();
    let said: Vec<String> = marks.map(|it| format!("{} {}", it.label, it.text(&found[0].text))).collect();
    assert_eq!(said, ["NER method Ada", "PER Ada", "PER Zoë"]);
    let (files, _) = written(&found);
    let again: Json = serde_json::from_slice(&files["documents.jsonl"]).expect("JSON");
    assert_eq!(again["metadata"]["pmid"], 7);
    assert_eq!((&again["metadata"]["at"]["a"], &again["list_title"]), (&1.into(), &"One".into()));
    let extra: Vec<&str> = again["annotations"]
        .as_array()
        .expect("annotations")
        .iter()
        .filter_map(|it| it["extra_data"].as_str())
        .collect();
    assert_eq!((extra[0], extra[1]), ("a remark", "{\"value\": 3}"));
}

#[test]
fn annotations_alone_find_their_text_by_its_checksum() {
    let line = r#"{"utf8_text_md5_checksum": "900150983CD24FB0D6963F7D28E17F72", "annotations": [{"label_name": "X", "start_char": 0, "end_char": 2}]}"#;
    let (found, report) =
        read("sub/ada.jsonl", line.as_bytes(), Some(("sub/documents.jsonl", "{\"text\": \"abc\"}\n")));
    assert_eq!((report.warnings, found[0].text.as_str(), found[0].layer.len()), (vec![], "abc", 1));
    let (found, report) = read("sub/ada.jsonl", line.as_bytes(), None);
    assert_eq!((found.len(), report.warnings[0].kind), (0, WarningKind::BrokenLine));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (line, kind) in [
        ("[1]", WarningKind::BrokenLine),
        ("{\"text\": ", WarningKind::BrokenLine),
        ("{\"text\": \"a\", \"annotations\": [{\"label_name\": \"X\"}]}", WarningKind::WrongValue),
        (
            "{\"text\": \"a\", \"annotations\": [{\"label_name\": \"X\", \"start_char\": 0, \"end_char\": 9}]}",
            WarningKind::WrongValue,
        ),
        (
            "{\"text\": \"éa\", \"annotations\": [{\"label_name\": \"X\", \"start_char\": 0, \"end_char\": 1, \"start_byte\": 0, \"end_byte\": 1}]}",
            WarningKind::OtherUnit,
        ),
        ("{\"text\": \"a\", \"utf8_text_md5_checksum\": \"0\"}", WarningKind::WrongValue),
        ("{\"text\": \"a\", \"metadata\": {\"file\": \"/etc/x\"}}", WarningKind::BadPath),
        ("{\"text\": \"a\", \"colour\": 1}", WarningKind::UnknownField),
    ] {
        let (_, report) = read("a.jsonl", format!("\n{line}\n").as_bytes(), None);
        let kinds: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
        assert_eq!(kinds, [(2, kind)], "{line}");
    }
}
