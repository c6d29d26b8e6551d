//! Web Annotations: what the model asks of them, and layers back as they were; exports of Hypothesis, which count UTF-16.
//!
//! The samples are made up; PyLD reads our files in `tests/clients`.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use pressmark::formats::w3c::FORMAT;
use pressmark::formats::{Document, Kind, Losses, Options, Reads, Report, Source, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Origin, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use serde_json::Value as Json;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi”.\n\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then";

type Files = BTreeMap<String, Vec<u8>>;

fn written(documents: &[Document]) -> (Files, Losses) {
    dataset(&FORMAT, &Options::default(), &builtin(), documents).expect("it is written")
}

fn read(files: &Files) -> (Vec<Document>, Report) {
    let Some(Reads::Files(endings, read)) = FORMAT.reads else { panic!("annotations are files") };
    let beside = |name: &str| files.get(name).cloned();
    let (mut report, mut found) = (Report::default(), Vec::new());
    for (name, bytes) in files.iter().filter(|(name, _)| endings.iter().any(|end| name.ends_with(&format!(".{end}")))) {
        let source = Source { path: Path::new(name), name, bytes, beside: &beside };
        read(&source, &mut report, &mut |document| found.push(document));
    }
    (found, report)
}

fn files(all: &[(&str, &str)]) -> Files {
    all.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn mark(id: &str, label: &str, words: &str) -> Annotation {
    let at = TEXT.find(words).expect("the words stand there");
    Annotation::new(id, label, Span::from_range(at..at + words.len()))
}

fn layer() -> Document {
    let mut person = mark("p 1", "entity", "Bob");
    person.attributes.set("type", Some(Value::Text("person".into())));
    person.attributes.set("aliases", Some(Value::Many(["one".into()].into())));
    person.edit_extra(|extra| {
        extra.made = Some("2024-01-01T00:00:00Z".into());
        extra.origin = Some(Origin {
            by: "suggestion".into(),
            rule: Some("names".into()),
            import: None,
            layer: None,
            person: None,
        });
    });
    let mut quote = mark("q", "quote", "“hi”");
    quote.spans = [quote.spans[0], mark("", "x", "مرحبا").spans[0]].into_iter().collect();
    quote.edit_extra(|extra| (extra.note, extra.unsure) = ("two\nlines".to_owned(), true));
    let mut speaker = Relation::new("r1", "speaker", "q", "p 1");
    speaker.attributes.set("how", Some(Value::Bool(true)));
    speaker.extra.get_or_insert_default().note = "once".into();
    let links = vec![speaker, Relation::new("r10", "claimant", "http://example.org/i", AUTHOR)];
    let mut head = Head::new("ada", SchemaRef { id: "".into(), version: 0 });
    head.document.set("topic", Some(Value::Text("trade".into())));
    head.document_note = "read twice".into();
    let marks = vec![person, quote, mark("http://example.org/i", "claim", "hi")];
    let layer = Layer::from_parts(head, marks, links).expect("it is sound");
    Document { file: "news/a b.md".to_owned(), text: TEXT.to_owned(), layer }
}

/// Holds a collection against the model.
fn is_w3c(file: &[u8], text: &str) {
    assert!(file.is_ascii());
    let whole: Json = serde_json::from_slice(file).expect("JSON");
    assert_eq!(
        (&whole["@context"][0], &whole["type"]),
        (&"http://www.w3.org/ns/anno.jsonld".into(), &"AnnotationCollection".into())
    );
    let items = whole["first"]["items"].as_array().expect("items");
    assert_eq!(whole["total"], items.len());
    assert_eq!(whole["first"]["type"], "AnnotationPage");
    let chars: Vec<char> = text.chars().collect();
    let mut ids: HashSet<&str> = HashSet::new();
    let all = [&whole["id"], &whole["first"]["id"]].into_iter().chain(items.iter().map(|item| &item["id"]));
    for id in all {
        let id = id.as_str().expect("an id");
        assert!(id.contains(':') && !id.contains(' ') && ids.insert(id), "{id}");
    }
    for item in items {
        assert_eq!(item["type"], "Annotation");
        if item["motivation"] == "linking" {
            let to = item["body"][0]["id"].as_str().expect("an end");
            assert!(
                ids.contains(item["target"].as_str().expect("an end")) && (ids.contains(to) || to.ends_with("#author"))
            );
            continue;
        }
        for target in item["target"].as_array().expect("targets") {
            assert!(target["source"].is_string());
            let (position, quote) = (&target["selector"][0], &target["selector"][1]);
            let at = |name: &str| position[name].as_u64().expect("a position") as usize;
            let said = |range: std::ops::Range<usize>| chars[range].iter().collect::<String>();
            assert_eq!(quote["exact"], said(at("start")..at("end")));
            assert_eq!(quote["prefix"], said(at("start").saturating_sub(32)..at("start")));
            assert_eq!(quote["suffix"], said(at("end")..(at("end") + 32).min(chars.len())));
        }
    }
}

#[test]
fn a_layer_comes_back_whole_from_a_collection_of_the_model() {
    let whole = layer();
    let (files, losses) = written(std::slice::from_ref(&whole));
    assert!(losses.is_empty(), "{losses}");
    assert_eq!(files.keys().collect::<Vec<_>>(), ["news/a b.md.jsonld", "news/a b.md.txt"]);
    is_w3c(&files["news/a b.md.jsonld"], TEXT);
    let (back, report) = read(&files);
    assert_eq!((back.as_slice(), report.warnings), ([whole].as_slice(), vec![]), "all of it comes back");
    assert_eq!(written(&back).0, files, "and again, to the byte");
}

#[test]
fn what_has_no_place_is_counted_and_not_linked() {
    let mut lost = mark("x", "quote", "hi");
    lost.spans.clear();
    lost.edit_extra(|extra| extra.orphan = Some(pressmark::model::Orphan::default()));
    let links = vec![Relation::new("r", "speaker", "x", AUTHOR)];
    let layer = Layer::from_parts(layer().layer.head().clone(), vec![lost], links).expect("it is sound");
    let (files, losses) = written(&[Document { layer, ..self::layer() }]);
    is_w3c(&files["news/a b.md.jsonld"], TEXT);
    let told: Vec<(Kind, usize)> = losses.iter().map(|(kind, _, count)| (kind, count.count)).collect();
    assert_eq!(told, [(Kind::Orphan, 1), (Kind::Relation, 1)]);
}

/// `annotator label words` of all marks.
fn told(found: &[Document]) -> Vec<String> {
    let one = |it: &Document| -> Vec<String> {
        let by = &it.layer.head().annotator;
        it.layer.annotations().map(|mark| format!("{by} {} {}", mark.label, mark.text(&it.text))).collect()
    };
    found.iter().flat_map(one).collect()
}

#[test]
fn an_export_of_hypothesis_counts_utf_16_and_comes_with_its_text_beside_it() {
    let rows = r#"{"total": 4, "rows": [
      {"id": "h1", "user": "acct:ada@hypothes.is", "uri": "http://x", "tags": ["PER", "hero"], "text": "who?", "created": "2024-01-01T00:00:00Z", "group": "g",
       "target": [{"source": "http://x", "selector": [{"type": "RangeSelector", "startOffset": 0}, {"type": "TextPositionSelector", "start": 3, "end": 6}, {"type": "TextQuoteSelector", "exact": "Bob", "prefix": "", "suffix": ""}]}]},
      {"id": "h2", "user": "acct:ben@hypothes.is", "uri": "http://x", "tags": [], "text": "", "target": [{"source": "http://x", "selector": [{"type": "TextQuoteSelector", "exact": "Bob", "prefix": "met ", "suffix": "."}]}]},
      {"id": "h3", "user": "acct:ada@hypothes.is", "uri": "http://x", "tags": ["page"], "text": "all", "target": [{"source": "http://x"}]}]}"#;
    let text = "😀 Bob met Bob.";
    let (found, report) = read(&files(&[("x.json", rows), ("x.txt", text)]));
    assert_eq!(report.warnings, vec![]);
    assert_eq!(told(&found), ["ada PER Bob", "ben mark Bob"]);
    let first = found[0].layer.nth(0).expect("a mark");
    assert_eq!((first.note(), first.attributes.get("w3c:tags")), ("who?", Some(&Value::Many(["hero".into()].into()))));
    assert_eq!(found[1].layer.nth(0).and_then(Annotation::hull).map(Span::start), Some(13), "the context tells which");
    let (files, _) = written(&found[..1]);
    let again: Json = serde_json::from_slice(&files["x.jsonld"]).expect("JSON");
    let items = again["first"]["items"].as_array().expect("items");
    assert_eq!(
        (&items[0]["group"], &items[0]["target"][0]["selector"][2]["type"]),
        (&"g".into(), &"RangeSelector".into())
    );
    assert_eq!(items[1]["text"], "all", "a note on the page is given back");
    let (none, report) = read(&self::files(&[("x.json", rows)]));
    assert_eq!((none.len(), report.warnings.len(), report.warnings[0].kind), (0, 1, WarningKind::BadPath));
}

#[test]
fn annotations_of_others_are_read_in_all_their_shapes() {
    let quote = |id: &str, more: &str| {
        format!(
            r#"{{"@context": "http://www.w3.org/ns/anno.jsonld", "id": "http://e.org/{id}", "type": "Annotation", {more}, "target": {{"source": "http://e.org/a", "selector": {{"type": "TextQuoteSelector", "exact": "Ada"}}}}}}"#
        )
    };
    let bodies = r#""motivation": "tagging", "creator": {"id": "http://e.org/eve"}, "body": ["http://e.org/b", {"type": "TextualBody", "purpose": "tagging", "value": "PER"}, {"type": "TextualBody", "value": "a note"}]"#;
    let one = quote("1", bodies);
    let other = quote("2", r#""motivation": "highlighting", "bodyValue": "short""#);
    let shapes = [
        one.clone(),
        format!("[{one}, {other}]"),
        format!(r#"{{"type": "AnnotationPage", "items": [{one}, {other}]}}"#),
        format!(
            r#"{{"type": "AnnotationCollection", "creator": "http://e.org/us", "first": {{"items": [{one}, {other}]}}}}"#
        ),
    ];
    for (at, json) in shapes.iter().enumerate() {
        let (found, report) = read(&files(&[("x.jsonld", json), ("x.txt", "Ada met Bob")]));
        assert_eq!(report.warnings, vec![]);
        let owner = if at == 3 { "us" } else { "" };
        let mut wanted = vec!["eve PER Ada".to_owned()];
        if at > 0 {
            wanted.push(format!("{owner} highlighting Ada"));
            wanted.sort();
        }
        let mut all = told(&found);
        all.sort();
        assert_eq!(all, wanted);
        let eve = found.iter().find(|it| it.layer.head().annotator == "eve").expect("a layer");
        let mark = eve.layer.nth(0).expect("a mark");
        assert_eq!(
            (mark.note(), mark.id.as_str(), mark.attributes.text("w3c:motivation")),
            ("a note", "http://e.org/1", Some("\"tagging\""))
        );
        let (files, _) = written(std::slice::from_ref(eve));
        let again: Json = serde_json::from_slice(&files["x.jsonld"]).expect("JSON");
        let item = &again["first"]["items"][0];
        assert_eq!((&item["id"], &item["motivation"]), (&"http://e.org/1".into(), &"tagging".into()));
        assert!(item["body"].as_array().expect("bodies").contains(&"http://e.org/b".into()));
    }
}

#[test]
fn what_is_wrong_is_told() {
    let at = |start: u64, end: u64, exact: &str| {
        format!(
            r#"[{{"type": "Annotation", "target": {{"selector": [{{"type": "TextPositionSelector", "start": {start}, "end": {end}}}, {{"type": "TextQuoteSelector", "exact": "{exact}"}}]}}}}]"#
        )
    };
    for (json, kinds) in [
        ("{".to_owned(), vec![WarningKind::BrokenLine]),
        ("[1]".to_owned(), vec![WarningKind::BrokenLine]),
        (
            "{\"type\": \"AnnotationCollection\", \"first\": \"http://e.org/page1\"}".to_owned(),
            vec![WarningKind::UnknownField],
        ),
        (at(1, 4, "Ada"), vec![WarningKind::Moved]),
        (at(0, 3, "Eve"), vec![WarningKind::Unplaced]),
    ] {
        let (_, report) = read(&files(&[("x.jsonld", &json), ("x.txt", "Ada met Bob")]));
        let told: Vec<WarningKind> = report.warnings.iter().map(|it| it.kind).collect();
        assert_eq!(told, kinds, "{json} {:?}", report.warnings);
    }
}
