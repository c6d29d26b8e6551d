//! BioC: collections that `bioc` loads and validates, and back as they were; passages and relations of others are kept.
//!
//! The rules are those of `bioc.validate`: an annotation quotes all from its first location to its last, counted in code
//! points from the passage's offset, and relations name annotations that are there.

use std::path::Path;

use pressmark::formats::bioc::FORMAT;
use pressmark::formats::{Document, Done, Kind, Losses, Options, Reads, Report, Source, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Quoted, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi”.\n\nقال خالد\tمرحبا & <b>. 👩‍👩‍👧 left\u{2028}then\u{1}";

fn written(document: &Document) -> (String, Losses) {
    let (mut files, losses) =
        dataset(&FORMAT, &Options::default(), &builtin(), std::slice::from_ref(document)).expect("it is written");
    let (file, bytes) = files.pop_first().expect("a file");
    assert_eq!(file, "news/a.bioc.xml");
    (String::from_utf8(bytes).expect("UTF-8"), losses)
}

fn read(name: &str, bytes: &[u8]) -> (Vec<Document>, Report) {
    let Some(Reads::Files(_, read)) = FORMAT.reads else { panic!("BioC is read file by file") };
    let (mut documents, mut report) = (Vec::new(), Report::default());
    let source = Source { path: Path::new(name), name, bytes, beside: &|_| None };
    read(&source, &mut report, &mut |document| documents.push(document));
    (documents, report)
}

fn kinds(report: &Report) -> Vec<WarningKind> {
    report.warnings.iter().map(|warning| warning.kind).collect()
}

fn mark(id: &str, label: &str, words: &[&str]) -> Annotation {
    let spans = words.iter().map(|words| {
        let at = TEXT.find(words).expect("the words stand there");
        Span::from_range(at..at + words.len())
    });
    let mut annotation = Annotation::new(id, label, Span::new(0, 1));
    annotation.spans = spans.collect();
    annotation
}

fn document() -> Document {
    let mut head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
    head.document.set("topic", Some(Value::Text("trade".into())));
    head.document.set("tags", Some(Value::Many(["a|b".into(), "ü".into()].into())));
    head.document_note = String::from("a <note>\nof two lines\u{2}");
    let mut person = mark("p", "entity", &["Bob"]);
    person.attributes.set("type", Some(Value::Text("person".into())));
    person.attributes.set("sure", Some(Value::Bool(true)));
    person.attributes.set("score", Some(Value::Number(0.1)));
    person.edit_extra(|extra| {
        extra.note = String::from("who?");
        extra.unsure = true;
    });
    let quote = mark("q", "quote", &["“hi”", "مرحبا"]);
    let mut lost = mark("o", "claim", &["left"]);
    lost.spans.clear();
    lost.edit_extra(|extra| {
        let orphan = Quoted { start: 0, end: 4, text: "gone".to_owned() };
        extra.orphan = Some(pressmark::model::Orphan { spans: vec![orphan], ..Default::default() });
    });
    let end = mark("e", "claim", &["then\u{1}"]);
    let mut speaker = Relation::new("r", "speaker", "q", "p");
    speaker.attributes.set("why", Some(Value::Text("near".into())));
    let links = vec![speaker, Relation::new("s", "claimant", "e", AUTHOR), Relation::new("t", "about", "o", "p")];
    let layer = Layer::from_parts(head, vec![person, quote, lost, end], links).expect("it is sound");
    Document { file: "news/a.txt".to_owned(), text: TEXT.to_owned(), layer }
}

#[test]
fn a_layer_comes_back_but_for_what_has_no_place() {
    let document = document();
    let (xml, losses) = written(&document);
    let told: Vec<(Kind, Done, usize)> = losses.iter().map(|(kind, done, count)| (kind, done, count.count)).collect();
    assert_eq!(told, [(Kind::Orphan, Done::Dropped, 1), (Kind::Relation, Done::Dropped, 1)]);
    let (documents, report) = read("news/a.bioc.xml", xml.as_bytes());
    assert_eq!(report.warnings, []);
    let [found] = &documents[..] else { panic!("one document") };
    assert_eq!((&found.file, &found.text), (&document.file, &document.text));
    let (was, is) = (&document.layer, &found.layer);
    assert_eq!(is.annotations().collect::<Vec<_>>(), was.annotations().filter(|it| it.id != "o").collect::<Vec<_>>());
    assert_eq!(is.relations().len(), 2);
    assert!(is.relations().iter().all(|relation| was.relation(&relation.id) == Some(*relation)));
    assert_eq!((&is.head().document, &is.head().document_note), (&was.head().document, &was.head().document_note));
    assert_eq!(is.head().annotator, "ada");
}

#[test]
fn what_bioc_reads_is_in_its_places() {
    let (xml, _) = written(&document());
    assert!(!xml.contains('\u{1}') && !xml.contains('\u{2}'), "XML cannot hold these");
    for part in [
        "<source>Pressmark</source>\n<date></date>\n<key>Offsets and lengths count Unicode code points.",
        "<id>news/a.txt</id>",
        "<infon key=\"topic\">trade</infon>",
        "<infon key=\"tags\">[\"a|b\",\"ü\"]</infon>",
        "<infon key=\"pressmark:json\">[\"pressmark:note\",\"tags\"]</infon>",
        "<passage>\n<offset>0</offset>\n<text>😀 é",
        "<annotation id=\"p\">\n<infon key=\"type\">person</infon>\n<infon key=\"pressmark:label\">entity</infon>",
        "<location offset=\"10\" length=\"3\"/>\n<text>Bob</text>",
        // Of several pieces, all from the first to the last.
        "<location offset=\"19\" length=\"4\"/>\n<location offset=\"35\" length=\"5\"/>\n<text>“hi”.\n\nقال خالد\tمرحبا</text>",
        "<node refid=\"q\" role=\"from\"/>\n<node refid=\"p\" role=\"to\"/>",
        "<infon key=\"pressmark:to\">author</infon>\n<node refid=\"e\" role=\"from\"/>\n</relation>",
    ] {
        assert!(xml.contains(part), "{part}\nis not in\n{xml}");
    }
}

/// Two documents: passages with a gap, sentences, an n-ary relation, bytes as the unit of the second.
const FOREIGN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE collection SYSTEM "BioC.dtd">
<collection><source>A lab</source><date>2020</date><key>a.key</key><infon key="x">y</infon>
<document><id>7/8</id><infon key="year">2001</infon>
 <passage><infon key="type">title</infon><offset>5</offset><text>Ein Küchenhund.</text>
  <annotation id="1"><infon key="type">Dog</infon><infon key="same">a</infon><infon key="same">b</infon><location offset="9" length="10"/><text>Küchenhund</text></annotation></passage>
 <passage><infon key="type">body</infon><offset>22</offset>
  <sentence><infon key="s">1</infon><offset>22</offset><text>Er bellt. </text></sentence>
  <sentence><offset>32</offset><text>Laut.</text>
   <annotation id="2"><infon key="type">How</infon><location offset="32" length="4"/><text>Laut</text></annotation></sentence></passage>
 <annotation id="3"><infon key="type">All</infon><location offset="9" length="20"/><text>wrong</text></annotation>
 <relation id="R1"><infon key="type">barks</infon><node refid="1" role="Dog"/><node refid="2" role="How"/></relation>
 <relation id="R2"><infon key="type">all</infon><node refid="1" role="a"/><node refid="2" role="b"/><node refid="R1" role="c"/></relation>
</document>
<document><id>9</id><passage><offset>0</offset><text>Öl, Öl</text>
 <annotation id="1"><infon key="type">Oil</infon><location offset="5" length="3"/><text>Öl</text></annotation>
 <color>red</color></passage></document>
</collection>"#;

#[test]
fn a_collection_of_others_is_read_with_what_it_says_and_written_again() {
    let (documents, report) = read("lab/set.xml", FOREIGN.as_bytes());
    assert_eq!(
        kinds(&report),
        [WarningKind::Unplaced, WarningKind::UnknownField, WarningKind::OtherUnit],
        "{report:?}"
    );
    let [first, second] = &documents[..] else { panic!("two documents") };
    assert_eq!((first.file.as_str(), second.file.as_str()), ("lab/set/7-8.txt", "lab/set/9.txt"));
    assert_eq!(first.text, "Ein Küchenhund.\n\nEr bellt. Laut.");
    let texts = |document: &Document| {
        let all = document.layer.annotations();
        all.filter(|it| it.orphan().is_none())
            .map(|it| format!("{} {}", it.label, it.text(&document.text)))
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(first), ["Dog Küchenhund", "How Laut"]);
    assert_eq!(texts(second), ["Oil Öl"], "its offsets are bytes");
    assert_eq!(second.layer.annotations().next().map(|it| it.spans[0].start()), Some(5));
    let dog = first.layer.get("1").expect("it is there");
    assert_eq!(dog.attributes.get("same"), Some(&Value::Many(["a".into(), "b".into()].into())));
    let relation = first.layer.relation("R1").expect("it is of two");
    assert_eq!((relation.from.as_str(), relation.to.as_str(), relation.label.as_str()), ("1", "2", "barks"));
    assert_eq!(relation.attributes.text("bioc:roles"), Some(r#"["Dog","How"]"#));
    let said = &first.layer.head().document;
    assert_eq!((said.text("year"), said.text("bioc:id")), (Some("2001"), Some("7/8")));
    // Written again, it has all of that in its places.
    let again =
        dataset(&FORMAT, &Options::default(), &builtin(), std::slice::from_ref(first)).expect("it is written").0;
    let again = String::from_utf8_lossy(&again["lab/set/7-8.bioc.xml"]).into_owned();
    for part in [
        "<source>A lab</source>\n<date>2020</date>\n<key>a.key</key>\n<infon key=\"x\">y</infon>",
        "<id>7/8</id>",
        "<passage>\n<infon key=\"type\">title</infon>\n<offset>5</offset>\n<text>Ein Küchenhund.</text>",
        "<sentence>\n<offset>32</offset>\n<text>Laut.</text>\n<annotation id=\"2\">",
        "<location offset=\"9\" length=\"10\"/>",
        "<node refid=\"1\" role=\"Dog\"/>",
        "<node refid=\"R1\" role=\"c\"/>",
    ] {
        assert!(again.contains(part), "{part}\nis not in\n{again}");
    }
    let (twice, report) = read("lab/set/7-8.bioc.xml", again.as_bytes());
    assert_eq!(report.warnings, []);
    let once: Vec<&Annotation> = first.layer.annotations().filter(|it| it.orphan().is_none()).collect();
    assert_eq!(twice[0].layer.annotations().collect::<Vec<_>>(), once);
    assert_eq!(twice[0].layer.head(), first.layer.head());
}

#[test]
fn bioc_json_is_read_in_its_shapes() {
    let document = r#"{"id": "1", "infons": {"n": 3, "none": null}, "passages": [{"offset": 0, "infons": {}, "text": "Öl 😀", "sentences": [],
        "annotations": [{"id": "a", "infons": {"type": "Oil"}, "text": "😀", "locations": [{"offset": 3, "length": 1}]}], "relations": []}],
        "annotations": [], "relations": [], "pmid": 12}"#;
    let shapes = [
        format!("{{\"source\": \"x\", \"documents\": [{document}]}}"),
        format!("{{\"PubTator3\": [{document}]}}"),
        format!("[{document}]"),
        format!("[{{\"documents\": [{document}]}}]"),
        document.to_owned(),
    ];
    for shape in shapes {
        let (documents, report) = read("a.json", shape.as_bytes());
        assert_eq!(report.warnings, [], "{shape}");
        let [found] = &documents[..] else { panic!("one document: {shape}") };
        assert_eq!(found.layer.get("a").map(|it| it.text(&found.text)).as_deref(), Some("😀"));
        assert_eq!(found.layer.head().document.get("n"), Some(&Value::Number(3.0)));
        assert_eq!(found.layer.head().document.text("bioc:fields"), Some("{\"pmid\":12}"));
    }
}

#[test]
fn what_is_no_bioc_is_told() {
    let broken = |text: &str| {
        let (documents, report) = read("a.xml", text.as_bytes());
        (documents.len(), kinds(&report))
    };
    assert_eq!(broken("<TEI/>"), (0, vec![WarningKind::BrokenLine]));
    assert_eq!(broken("{\"text\": \"x\"}"), (0, vec![WarningKind::BrokenLine]));
    assert_eq!(broken("[1, {]"), (0, vec![WarningKind::BrokenLine]));
    let document = "<document><id>1</id><passage><offset>0</offset><text>ab</text></passage></document>";
    assert_eq!(broken(&format!("<collection>{document}<document>")), (1, vec![WarningKind::BrokenLine]));
    assert_eq!(broken(&format!("<collection>{document}{document}</collection>")), (2, vec![WarningKind::TakenId]));
    let blank = document.replace("ab", "");
    assert_eq!(broken(&format!("<collection>{blank}{document}</collection>")), (1, vec![WarningKind::WrongValue]));
    let far = document.replace(
        "</passage>",
        "<annotation id='1'><location offset='999999999999' length='9'/></annotation></passage>",
    );
    assert_eq!(broken(&format!("<collection>{far}</collection>")), (1, vec![WarningKind::WrongValue]));
    let two =
        document.replace("</passage>", "</passage><passage><offset>99999999999999</offset><text>c</text></passage>");
    let (documents, _) = read("a.xml", format!("<collection>{two}</collection>").as_bytes());
    assert_eq!(documents[0].text, "ab\nc", "no gap is as long as that");
}
