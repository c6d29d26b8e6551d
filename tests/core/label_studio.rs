//! Label Studio's tasks: what its editor takes, and back as they were.
//!
//! The rules are those that were measured on Label Studio 1.23.2: offsets are code points and fit the words, labels and controls
//! are declared, no relation leads nowhere, and nobody is said to have completed an annotation.

use std::collections::BTreeMap;
use std::path::Path;

use pressmark::formats::label_studio::FORMAT;
use pressmark::formats::{Document, Done, Kind, Losses, Options, Reads, Report, Source, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use serde_json::Value as Json;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi”.\n\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then";

type Files = BTreeMap<String, Vec<u8>>;

fn written(documents: &[Document]) -> (Files, Losses) {
    dataset(&FORMAT, &Options::default(), &builtin(), documents).expect("it is written")
}

fn read(name: &str, bytes: &[u8], config: Option<&str>) -> (Vec<Document>, Report) {
    let Some(Reads::Files(_, read)) = FORMAT.reads else { panic!("tasks are files") };
    let beside = |name: &str| config.filter(|_| name == "config.xml").map(|config| config.as_bytes().to_vec());
    let (mut report, mut found) = (Report::default(), Vec::new());
    let source = Source { path: Path::new(name), name, bytes, beside: &beside };
    read(&source, &mut report, &mut |document| found.push(document));
    (found, report)
}

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let mut head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
    head.document.set("source", Some(Value::Text("a wire".into())));
    head.document.set("length", Some(Value::Number(3.0)));
    head.document_note = "read twice".into();
    let layer = Layer::from_parts(head, annotations, relations).expect("it is sound");
    Document { file: "news/a.md".to_owned(), text: TEXT.to_owned(), layer }
}

fn mark(id: &str, label: &str, kind: &str, words: &str) -> Annotation {
    let at = TEXT.find(words).expect("the words stand there");
    let mut mark = Annotation::new(id, label, Span::from_range(at..at + words.len()));
    if !kind.is_empty() {
        mark.attributes.set("type", Some(Value::Text(kind.into())));
    }
    mark
}

/// The words that a configuration says in an attribute of its tags.
fn declared(config: &str, tag: &str, attribute: &str) -> Vec<String> {
    let tags = config.split('<').filter(|it| it.starts_with(&format!("{tag} ")));
    let values = tags.filter_map(|it| it.split(&format!(" {attribute}=\"")).nth(1)?.split('"').next());
    values.map(str::to_owned).collect()
}

/// Holds a dataset against what Label Studio takes.
fn is_label_studio(files: &Files) {
    let config = str::from_utf8(&files["config.xml"]).expect("UTF-8");
    let controls: Vec<String> =
        ["Labels", "Choices", "TextArea", "Number"].iter().flat_map(|tag| declared(config, tag, "name")).collect();
    let (labels, relations) = (declared(config, "Label", "value"), declared(config, "Relation", "value"));
    assert!(files["tasks.json"].is_ascii());
    let tasks: Json = serde_json::from_slice(&files["tasks.json"]).expect("JSON");
    for task in tasks.as_array().expect("an array") {
        let text: Vec<char> = task["data"]["text"].as_str().expect("a text").chars().collect();
        let annotation = &task["annotations"][0];
        assert!(annotation.get("completed_by").is_none());
        let rows = annotation["result"].as_array().expect("results");
        let ids: Vec<&str> =
            rows.iter().filter(|row| row["type"] == "labels").map(|row| row["id"].as_str().expect("an id")).collect();
        for row in rows {
            if row["type"] == "relation" {
                let ends = ["from_id", "to_id"].map(|end| row[end].as_str().expect("an end"));
                assert!(ends.iter().all(|end| ids.contains(end)), "{row}");
                let said = row["labels"].as_array().expect("labels");
                assert!(
                    said.iter().all(|label| relations.iter().any(|it| label == it.as_str())),
                    "{row} {relations:?}"
                );
                continue;
            }
            assert!(controls.iter().any(|name| row["from_name"] == name.as_str()), "{row} {controls:?}");
            assert_eq!(row["to_name"], "text");
            let value = &row["value"];
            if let Some(start) = value["start"].as_u64() {
                let end = value["end"].as_u64().expect("an end") as usize;
                let said: String = text[start as usize..end].iter().collect();
                assert!(value["text"].is_array() || value["text"] == said.as_str(), "{row}");
                assert!(ids.contains(&row["id"].as_str().expect("an id")), "{row}");
            }
            for label in value["labels"].as_array().into_iter().flatten() {
                assert!(labels.iter().any(|it| label == it.as_str()), "{row} {labels:?}");
            }
        }
    }
}

fn layer() -> Document {
    let mut person = mark("p", "entity", "person", "Bob");
    person.attributes.set("mention", Some(Value::Text("name".into())));
    person.attributes.set("label", Some(Value::Text("true".into())));
    person.attributes.set("sure", Some(Value::Bool(false)));
    person.attributes.set("aliases", Some(Value::Many(["one".into()].into())));
    person.attributes.set("rank", Some(Value::Number(2.5)));
    let mut quote = mark("q", "quote", "direct", "“hi”");
    quote.spans = [quote.spans[0], mark("", "x", "", "مرحبا").spans[0]].into_iter().collect();
    quote.edit_extra(|extra| {
        extra.note = "two\nlines".into();
        extra.unsure = true;
    });
    let claim = mark("i", "claim", "", "hi");
    let links = vec![
        Relation::new("r1", "speaker", "q", "p"),
        Relation::new("r10", "claimant", "i", AUTHOR),
        Relation::new("r2", "cue", "q", "p"),
    ];
    document(vec![person, quote, claim], links)
}

#[test]
fn a_layer_comes_back_with_all_that_label_studio_has_a_place_for() {
    let whole = layer();
    let (files, losses) = written(std::slice::from_ref(&whole));
    is_label_studio(&files);
    let told: Vec<(Kind, Done, usize)> = losses.iter().map(|(kind, done, count)| (kind, done, count.count)).collect();
    assert_eq!(told, [(Kind::Discontinuous, Done::Kept, 1), (Kind::RelationToAuthor, Done::Kept, 1)]);
    let config = str::from_utf8(&files["config.xml"]).expect("UTF-8");
    let (back, report) = read("tasks.json", &files["tasks.json"], Some(config));
    assert_eq!((report.warnings, back.len()), (vec![], 1));
    assert_eq!((back[0].file.as_str(), &back[0].text), ("news/a.md", &whole.text));
    let (own, theirs) = (&whole.layer, &back[0].layer);
    assert_eq!(theirs.annotations().collect::<Vec<_>>(), own.annotations().collect::<Vec<_>>());
    let ends = |layer: &Layer| {
        let mut all: Vec<String> =
            layer.relations().iter().map(|it| format!("{} {} {}", it.from, it.label, it.to)).collect();
        all.sort();
        all
    };
    assert_eq!(ends(theirs), ends(own));
    assert_eq!(
        (&theirs.head().annotator, &theirs.head().document_note),
        (&own.head().annotator, &own.head().document_note)
    );
    assert_eq!(theirs.head().document, own.head().document);
    assert_eq!(written(&back).0, files, "and again, to the byte");
}

#[test]
fn what_has_no_place_is_counted_and_no_relation_leads_nowhere() {
    let mut lost = mark("x", "quote", "", "hi");
    lost.spans.clear();
    lost.edit_extra(|extra| extra.orphan = Some(pressmark::model::Orphan::default()));
    let mut noted = Relation::new("s", "speaker", "q", "p");
    noted.attributes.set("how", Some(Value::Text("said".into())));
    let links = vec![Relation::new("r", "speaker", "x", "p"), noted];
    let whole = document(vec![mark("p", "entity", "person", "Bob"), mark("q", "quote", "", "“hi”"), lost], links);
    let (files, losses) = written(&[whole]);
    is_label_studio(&files);
    let told: Vec<(Kind, usize)> = losses.iter().map(|(kind, _, count)| (kind, count.count)).collect();
    assert_eq!(told, [(Kind::Orphan, 1), (Kind::Relation, 1), (Kind::RelationAttribute, 1)]);
}

/// `label words [start end] attributes` of all marks.
fn told(document: &Document) -> Vec<String> {
    let marks = document.layer.annotations();
    marks
        .map(|it| {
            let attributes: Vec<String> =
                it.attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{} {}{}", it.label, it.text(&document.text), attributes.concat())
        })
        .collect()
}

#[test]
fn an_export_of_others_is_read_and_given_back() {
    let config = r#"<View><Labels name="ner" toName="t"><Label value="PER"/></Labels><Text name="t" value="$body"/>
        <Choices name="mood" toName="t" choice="multiple"><Choice value="calm"/></Choices></View>"#;
    let task = r#"[{"id": 7, "data": {"body": "😀 Ada met Bob.", "url": "x://y", "tags": {"a": 1}}, "predictions": [{"result": []}],
      "annotations": [{"id": 1, "completed_by": {"id": 3, "email": "eve@example.org"}, "lead_time": 2.5, "result": [
        {"id": "a", "from_name": "ner", "to_name": "t", "type": "labels", "score": 0.5, "value": {"start": 2, "end": 5, "text": "Ada", "labels": ["PER", "HERO"]}},
        {"id": "b", "from_name": "ner", "to_name": "t", "type": "labels", "value": {"start": 10, "end": 13, "text": "Bob", "labels": ["PER"]}},
        {"id": "b", "from_name": "sure", "to_name": "t", "type": "choices", "value": {"start": 10, "end": 13, "choices": ["true"]}},
        {"id": "c", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["calm"]}},
        {"id": "d", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": {"x": 1}},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "left", "labels": []},
        {"type": "relation", "from_id": "a", "to_id": "d", "direction": "right", "labels": ["in"]}]},
       {"result": []}]}]"#;
    let (found, report) = read("export.json", task.as_bytes(), Some(config));
    let kinds: Vec<WarningKind> = report.warnings.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [WarningKind::UnknownField, WarningKind::RelationToNowhere], "{:?}", report.warnings);
    let whole = &found[0];
    assert_eq!((whole.file.as_str(), whole.text.as_str()), ("export-00001.txt", "😀 Ada met Bob."));
    assert_eq!(told(whole), ["PER Ada label-studio:labels=HERO label-studio:score=0.5", "PER Bob sure=yes"]);
    let link = whole.layer.relations()[0];
    assert_eq!((link.from.as_str(), link.label.as_str(), link.to.as_str()), ("b", "link", "a"));
    assert_eq!(whole.layer.head().document.get("mood"), Some(&Value::Many(["calm".into()].into())));
    let by: Vec<&str> = found.iter().map(|it| it.layer.head().annotator.as_str()).collect();
    assert_eq!(by, ["eve@example.org", "annotator-2"]);
    let (files, _) = written(&found);
    let again: Json = serde_json::from_slice(&files["tasks.json"]).expect("JSON");
    let task = &again[0];
    assert_eq!(
        (&task["id"], &task["data"]["tags"]["a"], &task["data"]["url"]),
        (&7.into(), &1.into(), &"x://y".into())
    );
    assert_eq!(task["annotations"][0]["lead_time"], 2.5);
    assert_eq!(task["annotations"][0]["result"][0]["score"], 0.5);
    assert_eq!(task["annotations"][0]["result"][0]["value"]["labels"], serde_json::json!(["PER", "HERO"]));
    let rows = task["annotations"][0]["result"].as_array().expect("results");
    assert!(rows.iter().any(|row| row["type"] == "rectanglelabels" && row["value"]["x"] == 1));
}

#[test]
fn old_exports_html_and_dialogues_are_read() {
    let html = r#"[{"data": {"text": "<p>Ada <b>met</b></p><p>B&amp;B.</p>"}, "completions": [{"result": [
        {"id": 1, "from_name": "ner", "to_name": "text", "type": "hypertextlabels", "value": {"start": "/p[1]/b[1]/text()[1]", "startOffset": 0, "end": "/p[1]/b/text()", "endOffset": 3, "text": "met", "hypertextlabels": ["ACT"]}},
        {"id": 2, "from_name": "ner", "to_name": "text", "type": "hypertextlabels", "value": {"start": "?", "end": "?", "startOffset": 0, "endOffset": 3, "globalOffsets": {"start": 4, "end": 10}, "text": "met\\nB&B", "hypertextlabels": ["TWO"]}}]}]}]"#;
    let (found, report) = read("old.json", html.as_bytes(), None);
    assert_eq!((report.warnings, found[0].text.as_str()), (vec![], "Ada met\n\nB&B."));
    assert_eq!(told(&found[0]), ["ACT met", "TWO met\n\nB&B"]);
    let turns = r#"{"data": {"talk": [{"who": "Ada", "say": "Hi."}, {"who": "Bob", "say": "Well, hi."}]}, "annotations": [{"result": [
        {"id": "x", "type": "paragraphlabels", "to_name": "t", "from_name": "l", "value": {"start": "1", "end": "1", "startOffset": 6, "endOffset": 8, "paragraphlabels": ["GREETING"]}}]}]}"#;
    let config = r#"<View><Paragraphs name="t" value="$talk" textKey="say"/></View>"#;
    let (found, report) = read("talk.json", turns.as_bytes(), Some(config));
    assert_eq!((report.warnings, found[0].text.as_str()), (vec![], "Hi.\n\nWell, hi."));
    assert_eq!(told(&found[0]), ["GREETING hi"]);
}

#[test]
fn what_is_wrong_is_told_with_the_number_of_the_task() {
    for (tasks, kind) in [
        ("[{\"data\": {\"text\": \"a\"}}, 3]", WarningKind::BrokenLine),
        ("[{\"data\": {\"text\": \"a\"}}, {\"data\": {\"n\": 1}}]", WarningKind::BrokenLine),
        ("[{\"data\": {\"text\": \"a\"}}, {\"data\"", WarningKind::BrokenLine),
        ("[{\"data\": {\"text\": \"a\"}}, {\"data\": {\"text\": \"a\", \"file\": \"../x\"}}]", WarningKind::BadPath),
        (
            "[{\"data\": {\"text\": \"a\"}}, {\"data\": {\"text\": \"a\"}, \"annotations\": [{\"result\": [{\"id\": \"r\", \"type\": \"labels\", \"value\": {\"start\": 0, \"end\": 9, \"labels\": [\"X\"]}}]}]}]",
            WarningKind::WrongValue,
        ),
    ] {
        let (_, report) = read("a.json", tasks.as_bytes(), None);
        let kinds: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
        assert_eq!(kinds, [(2, kind)], "{tasks}");
    }
}

/// An item for each annotation of a task, as the export JSON_MIN has it, and a draft that nobody submitted.
#[test]
fn the_small_export_and_drafts_are_understood() {
    let item = |by: usize| {
        format!(
            r#"{{"id": 12, "text": "Ada met Ben.", "source": "wire", "label": [{{"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}},
            {{"start": 8, "end": 11, "text": "Ben", "labels": ["PER"]}}], "sentiment": "Positive", "annotator": {by}, "annotation_id": {by},
            "created_at": "2026-05-01T12:00:00Z", "updated_at": "2026-05-01T12:00:00Z", "lead_time": 3.5}}"#
        )
    };
    let (found, report) = read("min.json", format!("[{}, {}]", item(1), item(2)).as_bytes(), None);
    assert_eq!(report.warnings, []);
    let told: Vec<(&str, &str, usize)> =
        found.iter().map(|it| (it.file.as_str(), it.layer.head().annotator.as_str(), it.layer.len())).collect();
    assert_eq!(told, [("min-00012.txt", "user-1", 2), ("min-00012.txt", "user-2", 2)]);
    assert_eq!(found[0].layer.head().document.text("sentiment"), Some("Positive"));
    let full = found[0].layer.annotations().map(|it| it.text(&found[0].text));
    assert_eq!(full.collect::<Vec<_>>(), ["Ada", "Ben"]);

    let draft = r#"{"id": 1, "data": {"text": "Ada."}, "annotations": [], "drafts": [{"id": 3, "result": []}]}"#;
    let (_, report) = read("tasks.json", draft.as_bytes(), None);
    assert!(report.warnings[0].to_string().contains("drafts that nobody submitted are kept"), "{:?}", report.warnings);
}
