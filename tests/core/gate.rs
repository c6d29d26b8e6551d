//! GATE: documents as gatenlp saved them, and XML as GATE writes it; a layer for each set, at the right place in any unit.
//!
//! The bdocjs texts are what gatenlp 1.0.8 wrote of the same document in both of its units.

use std::path::Path;

use pressmark::formats::gate::FORMAT;
use pressmark::formats::{Document, Reads, Report, Source, WarningKind};
use pressmark::model::{Attributes, Value};

/// By gatenlp, with code points.
const CODE_POINTS: &str = r#"{"annotation_sets": {"": {"name": "", "annotations": [{"type": "Person", "start": 2, "end": 5, "id": 0, "features": {"gender": "f", "conf": 0.5, "ok": true, "none": null, "list": ["a", "b"], "map": {"a": 1}, "ref": [1]}}, {"type": "Person", "start": 10, "end": 13, "id": 1, "features": {}}], "next_annid": 2}, "Key": {"name": "Key", "annotations": [{"type": "PER", "start": 2, "end": 5, "id": 0, "features": {}}, {"type": "Meeting", "start": 2, "end": 13, "id": 1, "features": {"args": [0]}}], "next_annid": 2}, "Empty": {"name": "Empty", "annotations": [], "next_annid": 0}}, "text": "\ud83d\ude00 Zo\u00eb met Bob.", "features": {"lang": "en", "n": 3, "l": ["a", 1]}, "offset_type": "p", "name": "x"}"#;
/// By gatenlp, with UTF-16 units.
const UTF16: &str = r#"{"annotation_sets": {"": {"name": "", "annotations": [{"type": "Person", "start": 3, "end": 6, "id": 0, "features": {"gender": "f", "conf": 0.5, "ok": true, "none": null, "list": ["a", "b"], "map": {"a": 1}, "ref": [1]}}, {"type": "Person", "start": 11, "end": 14, "id": 1, "features": {}}], "next_annid": 2}, "Key": {"name": "Key", "annotations": [{"type": "PER", "start": 3, "end": 6, "id": 0, "features": {}}, {"type": "Meeting", "start": 3, "end": 14, "id": 1, "features": {"args": [0]}}], "next_annid": 2}, "Empty": {"name": "Empty", "annotations": [], "next_annid": 0}}, "text": "\ud83d\ude00 Zo\u00eb met Bob.", "features": {"lang": "en", "n": 3, "l": ["a", 1]}, "offset_type": "j", "name": "x"}"#;

/// Node ids that say nothing, values of many classes, a relation of two and one of three.
const XML: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<GateDocument version="3">
<GateDocumentFeatures>
<Feature><Name className="java.lang.String">MimeType</Name><Value className="java.lang.String">text/plain</Value></Feature>
</GateDocumentFeatures>
<TextWithNodes>😀 <Node id="907"/>Zoë<Node id="3"/> &amp; <Node id="5"/>Bob<Node id="1"/>
met.</TextWithNodes>
<AnnotationSet>
<Annotation Id="1" Type="Person" StartNode="907" EndNode="3">
<Feature><Name className="java.lang.String">n</Name><Value className="java.lang.Integer">7</Value></Feature>
<Feature><Name className="java.lang.String">ok</Name><Value className="java.lang.Boolean">false</Value></Feature>
<Feature><Name className="java.lang.String">big</Name><Value className="java.lang.Long">9007199254740993</Value></Feature>
<Feature><Name className="java.lang.String">old</Name><Value className="java.util.ArrayList" itemClassName="java.lang.String">a;b</Value></Feature>
<Feature><Name className="java.lang.String">list</Name><Value className="gate.corpora.ObjectWrapper"><![CDATA[<gate.corpora.ObjectWrapper><value class="list"><string>x</string><string>y</string></value></gate.corpora.ObjectWrapper>]]></Value></Feature>
<Feature><Name className="java.lang.String">ids</Name><Value className="gate.corpora.ObjectWrapper"><![CDATA[<gate.corpora.ObjectWrapper><value class="list"><int>1</int><int>2</int></value></gate.corpora.ObjectWrapper>]]></Value></Feature>
<Feature><Name className="java.lang.String">blob</Name><Value className="gate.corpora.ObjectWrapper"><![CDATA[<gate.corpora.ObjectWrapper><value class="org.x.Thing"/></gate.corpora.ObjectWrapper>]]></Value></Feature>
</Annotation>
<Annotation Id="2" Type="Person" StartNode="5" EndNode="1"></Annotation>
</AnnotationSet>
<RelationSet><Relation Id="3" Type="knows" Members="1;2"><UserData/></Relation><Relation Id="4" Type="all" Members="2;1;2"/></RelationSet>
<AnnotationSet Name="Key"><Annotation Id="1" Type="PER" StartNode="907" EndNode="1"/></AnnotationSet>
</GateDocument>"#;

fn read(name: &str, bytes: &[u8]) -> (Vec<Document>, Report) {
    let Some(Reads::Files(_, read)) = FORMAT.reads else { panic!("it is read file by file") };
    let (mut documents, mut report) = (Vec::new(), Report::default());
    let source = Source { path: Path::new(name), name, bytes, beside: &|_| None };
    read(&source, &mut report, &mut |document| documents.push(document));
    (documents, report)
}

fn shown(document: &Document) -> Vec<String> {
    let all = document.layer.annotations();
    all.map(|it| format!("{} {} {}", it.id, it.label, it.text(&document.text))).collect()
}

fn attributes(of: &Attributes) -> Vec<(&str, Value)> {
    of.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn a_bdocjs_has_a_layer_for_each_set_in_either_unit() {
    for json in [CODE_POINTS, UTF16] {
        let (documents, report) = read("x/a.bdocjs", json.as_bytes());
        assert_eq!(report.warnings, []);
        let [first, key] = &documents[..] else { panic!("two sets have something in them") };
        assert_eq!((first.file.as_str(), first.text.as_str()), ("x/a.txt", "😀 Zoë met Bob."));
        assert_eq!((first.layer.head().annotator.as_str(), key.layer.head().annotator.as_str()), ("", "Key"));
        assert_eq!(shown(first), ["0 Person Zoë", "1 Person Bob"]);
        assert_eq!(shown(key), ["0 PER Zoë", "1 Meeting Zoë met Bob"]);
        let expected = [
            ("conf", Value::Number(0.5)),
            ("gate:map", text("{\"a\":1}")),
            ("gate:ref", text("[1]")),
            ("gender", text("f")),
            ("list", Value::Many(["a".into(), "b".into()].into())),
            ("ok", Value::Bool(true)),
        ];
        assert_eq!(attributes(&first.layer.get("0").expect("it is there").attributes), expected);
        let article = [("gate:l", text("[\"a\",1]")), ("lang", text("en")), ("n", Value::Number(3.0))];
        assert_eq!(attributes(&key.layer.head().document), article);
    }
}

#[test]
fn xml_is_read_by_where_its_nodes_stand() {
    let (documents, report) = read("a.txt.xml", XML.as_bytes());
    assert_eq!(report.warnings, []);
    let [first, key] = &documents[..] else { panic!("two sets") };
    assert_eq!((first.file.as_str(), first.text.as_str()), ("a.txt", "😀 Zoë & Bob\nmet."));
    assert_eq!(shown(first), ["1 Person Zoë", "2 Person Bob"]);
    assert_eq!(shown(key), ["1 PER Zoë & Bob"]);
    let blob = "{\"gate.corpora.ObjectWrapper\":\"<gate.corpora.ObjectWrapper><value class=\\\"org.x.Thing\\\"/></gate.corpora.ObjectWrapper>\"}";
    let expected = [
        ("big", text("9007199254740993")),
        ("gate:blob", text(blob)),
        ("gate:ids", text("[1,2]")),
        ("list", Value::Many(["x".into(), "y".into()].into())),
        ("n", Value::Number(7.0)),
        ("ok", Value::Bool(false)),
        ("old", Value::Many(["a".into(), "b".into()].into())),
    ];
    assert_eq!(attributes(&first.layer.get("1").expect("it is there").attributes), expected);
    let links = first.layer.relations();
    assert_eq!(
        (links.len(), links[0].label.as_str(), links[0].from.as_str(), links[0].to.as_str()),
        (1, "knows", "1", "2")
    );
    let kept = first.layer.get("2").and_then(|it| it.attributes.text("gate:relation:4").map(str::to_owned));
    assert_eq!(kept.as_deref(), Some(r#"{"type":"all","members":["2","1","2"],"features":{}}"#));
    assert_eq!(first.layer.head().document.text("MimeType"), Some("text/plain"));
}

#[test]
fn old_files_are_in_the_encoding_that_they_say() {
    let old = "<?xml version=\"1.0\" encoding=\"windows-1252\"?><GateDocument><TextWithNodes><Node id=\"0\"/>Zo\u{eb}<Node id=\"3\"/></TextWithNodes><AnnotationSet><Annotation Id=\"1\" Type=\"P\" StartNode=\"0\" EndNode=\"3\"/></AnnotationSet></GateDocument>";
    let bytes: Vec<u8> = old.chars().map(|c| u8::try_from(c as u32).expect("Latin")).collect();
    let (documents, report) = read("a.xml", &bytes);
    assert_eq!((report.warnings.len(), shown(&documents[0])), (0, vec!["1 P Zoë".to_owned()]));
}

#[test]
fn what_is_no_document_or_is_broken_is_told() {
    use WarningKind::{BrokenLine, RelationToNowhere, UnknownField, WrongValue};
    let kinds = |bytes: &str| {
        let (documents, report) = read("a.xml", bytes.as_bytes());
        (documents.len(), report.warnings.iter().map(|it| it.kind).collect::<Vec<_>>())
    };
    assert_eq!(kinds("<collection/>"), (0, vec![BrokenLine]));
    assert_eq!(kinds("{\"text\": \"x\"}"), (0, vec![BrokenLine]));
    assert_eq!(kinds("{"), (0, vec![BrokenLine]));
    assert_eq!(kinds(&XML[..XML.len() - 200]), (1, vec![BrokenLine]), "what came before is there");
    assert_eq!(kinds(&XML.replace("StartNode=\"5\"", "StartNode=\"55\"")), (2, vec![WrongValue, RelationToNowhere]));
    assert_eq!(kinds(&XML.replace("EndNode=\"3\"", "EndNode=\"907\"")), (2, vec![WrongValue, RelationToNowhere]));
    assert_eq!(kinds(&XML.replace("<RelationSet>", "<More/><RelationSet>")), (2, vec![UnknownField]));
    let empty = "<GateDocument><TextWithNodes>x</TextWithNodes><AnnotationSet></AnnotationSet></GateDocument>";
    assert_eq!(kinds(empty), (1, vec![]), "an article without marks is one all the same");
    assert_eq!(kinds(&empty.replace(">x<", "><")), (0, vec![WrongValue]));
    assert_eq!(kinds(&CODE_POINTS.replace("\"end\": 5", "\"end\": 500000")), (2, vec![WrongValue, WrongValue]));
    assert_eq!(kinds(&CODE_POINTS.replace("\"start\": 10, ", "")), (2, vec![WrongValue]));
    assert_eq!(kinds(&CODE_POINTS.replace("\"p\"", "\"x\"")), (2, vec![WrongValue]));
}
