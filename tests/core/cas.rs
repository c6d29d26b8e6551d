//! UIMA's CAS: what is written is what INCEpTION and DKPro take, and comes back as it was.
//!
//! The rules are UIMA's own: ids are unique, references lead somewhere, types and features are declared, offsets are
//! UTF-16 units that fall into no character.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pressmark::formats::{
    Document, Done, Format, Kind, Losses, Options, Reads, Report, Source, WarningKind, cas, dataset,
};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, RelationExtra, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use serde_json::Value as Json;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi” & <left>.\n\nقال\tخالد مرحبا. Then\u{b} Zoë “spoke” on.\nEnd";

type Files = BTreeMap<String, Vec<u8>>;

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let head = Head::new("ada", SchemaRef { id: "".into(), version: 0 });
    let layer = Layer::from_parts(head, annotations, relations).expect("it is sound");
    Document { file: "news/talks.txt".to_owned(), text: TEXT.to_owned(), layer }
}

fn mark(id: &str, label: &str, words: &[&str]) -> Annotation {
    let span = |words: &&str| {
        let at = TEXT.find(words).expect("the words stand there");
        Span::from_range(at..at + words.len())
    };
    let mut annotation = Annotation::new(id, label, span(&words[0]));
    annotation.spans = words.iter().map(span).collect();
    annotation
}

fn text(value: &str) -> Option<Value> {
    Some(Value::Text(value.into()))
}

fn written(format: &Format, document: &Document) -> (Files, Losses) {
    dataset(format, &Options::default(), &builtin(), std::slice::from_ref(document)).expect("it is written")
}

fn read(format: &Format, name: &str, files: &Files) -> (Vec<Document>, Report) {
    let Some(Reads::Files(_, read)) = format.reads else { panic!("it is read by files") };
    let (mut report, mut found) = (Report::default(), Vec::new());
    let beside = |name: &str| files.get(name).cloned();
    let source = Source { path: Path::new(name), name, bytes: &files[name], beside: &beside };
    read(&source, &mut report, &mut |document| found.push(document));
    (found, report)
}

/// A layer with all that a layer can say, but for what is told as lost.
fn whole() -> Document {
    let mut person = mark("p1", "entity", &["Bob"]);
    person.attributes.set("type", text("person"));
    person.attributes.set("value", text("Q42"));
    person.attributes.set("class", text("a \"b\" <c> & d\ne"));
    let mut odd = mark("p2", "Прса", &["北京"]);
    odd.attributes.set("type", text("a b"));
    odd.attributes.set("count", Some(Value::Number(2.0)));
    let mut quote = mark("q1", "quote", &["“hi”", "“spoke”"]);
    quote.attributes.set("claim-type", Some(Value::Many(["x y".into(), "z".into()].into())));
    quote.attributes.set("checked", Some(Value::Bool(false)));
    quote.edit_extra(|extra| {
        extra.note = "two\nlines\tand a \\".to_owned();
        extra.unsure = true;
    });
    let mut other = mark("q2", "quote", &["😀"]);
    other.attributes.set("checked", text("perhaps"));
    let mut speaker = Relation::new("r1", "speaker", "q1", "p1");
    speaker.attributes.set("how", text("sure"));
    speaker.extra = Some(Box::new(RelationExtra { note: "n".to_owned(), ..RelationExtra::default() }));
    let links =
        vec![speaker, Relation::new("r2", "my link", "p1", "q2"), Relation::new("r3", "claimant", "q2", AUTHOR)];
    let mut whole = document(vec![person, odd, quote, other], links);
    let mut head = whole.layer.head().clone();
    head.document.set("topic", text("trade"));
    head.document.set("article", Some(Value::Bool(true)));
    head.document_note = "of the article".to_owned();
    let parts = (whole.layer.annotations().cloned().collect(), whole.layer.relations().into_iter().cloned().collect());
    whole.layer = Layer::from_parts(head, parts.0, parts.1).expect("it is sound");
    whole
}

#[test]
fn a_layer_comes_back_from_both_with_all_that_it_says() {
    let before = whole();
    for (format, name) in [(&cas::JSON, "news/talks.json"), (&cas::XMI, "news/talks.xmi")] {
        let (files, losses) = written(format, &before);
        let kinds: Vec<(Kind, Done)> = losses.iter().map(|(kind, done, _)| (kind, done)).collect();
        assert_eq!(kinds, [(Kind::Discontinuous, Done::Kept), (Kind::RelationToAuthor, Done::Kept)], "{}", format.id);
        let (after, report) = read(format, name, &files);
        assert_eq!(report.warnings, [], "{}", format.id);
        assert_eq!(after, std::slice::from_ref(&before), "{}", format.id);
        assert_eq!(written(format, &after[0]).0, files, "{}: and again, to the byte", format.id);
    }
}

/// Holds a file of JSON CAS against UIMA's rules.
#[test]
fn json_is_sound_to_uima() {
    let file: Json = serde_json::from_slice(&written(&cas::JSON, &whole()).0["news/talks.json"]).expect("JSON");
    let structures = file["%FEATURE_STRUCTURES"].as_array().expect("a list");
    assert_eq!(structures[0]["sofaString"], TEXT, "controls stand in JSON");
    let units: Vec<u16> = TEXT.encode_utf16().collect();
    let declared = |kind: &str, feature: &str| {
        let mut kind = kind.to_owned();
        while let Some(known) = file["%TYPES"].get(&kind) {
            assert_eq!(known["%NAME"], kind.as_str());
            if known.get(feature).is_some() {
                return true;
            }
            kind = known["%SUPER_TYPE"].as_str().expect("a name").to_owned();
        }
        kind == "uima.cas.Sofa" || kind == "uima.tcas.DocumentAnnotation" && feature == "language"
    };
    let ids: BTreeSet<u64> = structures.iter().map(|fs| fs["%ID"].as_u64().expect("an id")).collect();
    assert_eq!(ids.len(), structures.len(), "ids are unique");
    for fs in structures {
        let kind = fs["%TYPE"].as_str().expect("a type");
        for (name, value) in fs.as_object().expect("an object") {
            if name.starts_with('@') {
                assert!(ids.contains(&value.as_u64().expect("a reference")), "{fs}");
            }
            let plain = name.trim_start_matches('@');
            if !name.starts_with('%') && !["sofa", "begin", "end"].contains(&plain) {
                assert!(declared(kind, plain), "{kind} has no {plain}");
            }
        }
        if let (Some(begin), Some(end)) = (fs.get("begin").and_then(Json::as_u64), fs.get("end").and_then(Json::as_u64))
        {
            let slice = units.get(begin as usize..end as usize).expect("it is in the text");
            String::from_utf16(slice).expect("no character is cut");
        }
    }
    let place = |kind: &str| {
        let fs = structures.iter().find(|fs| fs["%TYPE"] == kind).expect("it is there");
        (fs["begin"].as_u64().unwrap_or(0), fs["end"].as_u64().unwrap_or(0))
    };
    assert_eq!(place("webanno.custom.Entity"), (11, 14), "Bob, in UTF-16 units");
    assert_eq!(place("webanno.custom.Speaker"), (11, 14), "a relation stands where it leads to");
    assert_eq!(place("webanno.custom.PressmarkAuthor"), (0, 0));
    let members = file["%VIEWS"]["_InitialView"]["%MEMBERS"].as_array().expect("members");
    assert!(members.iter().all(|id| ids.contains(&id.as_u64().unwrap_or(0))));
}

#[test]
fn xmi_has_no_line_end_in_an_attribute_and_no_control() {
    let (files, _) = written(&cas::XMI, &whole());
    let xmi = String::from_utf8(files["news/talks.xmi"].clone()).expect("UTF-8");
    assert!(xmi.lines().skip(1).all(|line| line.starts_with('<') && line.ends_with('>')), "{xmi}");
    assert!(
        !xmi.contains(['\u{b}', '\t']) && xmi.contains("&#10;&#10;قال&#9;خالد") && xmi.contains("&amp; &lt;left&gt;")
    );
    assert!(xmi.contains("<custom:Entity xmi:id=") && xmi.contains("xmlns:custom=\"http:///webanno/custom.ecore\""));
    let types = String::from_utf8(files["TypeSystem.xml"].clone()).expect("UTF-8");
    for name in
        ["webanno.custom.Entity", "webanno.custom.Speaker", "webanno.custom.QuotePiecesLink", "uima.cas.StringArray"]
    {
        assert!(types.contains(&format!(">{name}<")), "{name}");
    }
}

#[test]
fn what_a_cas_has_no_place_for_is_counted() {
    let mut orphan = mark("o", "quote", &["on"]);
    orphan.spans.clear();
    orphan.edit_extra(|extra| extra.orphan = Some(pressmark::model::Orphan::default()));
    let mut made = mark("m", "quote", &["End"]);
    made.edit_extra(|extra| extra.made = Some("2026-07-18T10:00:00Z".into()));
    let links = vec![Relation::new("r", "about", "m", "o")];
    let (_, losses) = written(&cas::JSON, &document(vec![orphan, made], links));
    let kinds: Vec<(Kind, Done)> = losses.iter().map(|(kind, done, _)| (kind, done)).collect();
    assert_eq!(kinds, [Kind::Orphan, Kind::Relation, Kind::Origin].map(|kind| (kind, Done::Dropped)));
}

/// A project's file: a layer with a slot, a relation, a named entity, grammar, and no type system beside it.
const FOREIGN: &str = r#"<?xml version="1.1" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
  xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" xmlns:pos="http:///de/tudarmstadt/ukp/dkpro/core/api/lexmorph/type/pos.ecore"
  xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" xmlns:custom="http:///webanno/custom.ecore" xmlns:my="http:///org/example.ecore" xmi:version="2.0">
  <cas:NULL xmi:id="0"/>
  <type:Token xmi:id="2" sofa="1" begin="0" end="3"/><type:Token xmi:id="3" sofa="1" begin="4" end="9"/>
  <pos:POS xmi:id="4" sofa="1" begin="0" end="3" PosValue="X"/>
  <ner:NamedEntity xmi:id="5" sofa="1" begin="0" end="3" value="PER" identifier="Q1"/>
  <my:Thing xmi:id="6" sofa="1" begin="12" end="16" value="two words"/>
  <custom:Link xmi:id="7" role="agent" target="5"/>
  <custom:Event xmi:id="8" sofa="1" begin="4" end="9" links="7"/>
  <custom:Relation xmi:id="9" sofa="1" begin="12" end="16" Governor="5" Dependent="6" value="knows" role="met"/>
  <custom:OnWords xmi:id="10" sofa="1" begin="4" end="9" Governor="2" Dependent="3"/>
  <custom:Event xmi:id="11" sofa="1" begin="90" end="99"/>
  <custom:Event xmi:id="12" sofa="1" begin="0" end="3"/>
  <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="Bob&#10;spoke 😀Zo&#235; k"/>
  <cas:View sofa="1" members="2 3 4 5 6 8 9 10 11"/>
</xmi:XMI>"#;

#[test]
fn a_projects_layers_relations_and_slots_are_taken_and_written_again() {
    let files: Files = [("annotation/talk.txt/ben.xmi".to_owned(), FOREIGN.as_bytes().to_vec())].into();
    let (found, report) = read(&cas::XMI, "annotation/talk.txt/ben.xmi", &files);
    let layer = &found[0].layer;
    assert_eq!(found[0].text, "Bob\nspoke 😀Zoë k");
    assert_eq!((found[0].file.as_str(), layer.head().annotator.as_str()), ("talk.txt", "ben"));
    let mut told: Vec<String> =
        layer.annotations().map(|it| format!("{} {:?}", it.full_label(), it.text(&found[0].text))).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        ["Event \"spoke\"", "NamedEntity:PER \"Bob\"", "Thing \"Zoë \"", "Token \"Bob\"", "Token \"spoke\""]
    );
    let links: Vec<String> = layer.relations().iter().map(|it| format!("{} {} {}", it.label, it.from, it.to)).collect();
    // Their numbers would be others in the next export.
    assert_eq!(
        links,
        ["agent Event-4-9 NamedEntity-0-3", "Relation NamedEntity-0-3 Thing-12-16", "OnWords Token-0-3 Token-4-9"]
    );
    let knows = layer.relations().into_iter().find(|it| it.label == "Relation").expect("it is taken");
    assert_eq!((knows.attributes.text("value"), knows.attributes.text("role")), (Some("knows"), Some("met")));
    let kinds: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
    let wanted = [WarningKind::UnknownField, WarningKind::UnknownField, WarningKind::WrongValue];
    assert_eq!(kinds, [6, 14, 13].into_iter().zip(wanted).collect::<Vec<_>>(), "{:#?}", report.warnings);

    let xmi = String::from_utf8(written(&cas::XMI, &found[0]).0["talk.xmi"].clone()).expect("UTF-8");
    for part in [
        ":NamedEntity ",
        "org/example.ecore",
        ":Thing ",
        "<custom:Link ",
        "role=\"agent\"",
        "links=\"",
        "value=\"PER\"",
        "<custom:OnWords ",
    ] {
        assert!(xmi.contains(part), "{part}: {xmi}");
    }
    assert_eq!(xmi.matches(":Token ").count(), 5, "no word is there twice: {xmi}");
}

#[test]
fn what_is_wrong_is_told_and_nothing_panics() {
    let one = |format: &Format, name: &str, bytes: &str| {
        read(format, name, &[(name.to_owned(), bytes.as_bytes().to_vec())].into())
    };
    for bytes in ["", "[]", "{}", "{\"%VIEWS\": {}}", "{\"%FEATURE_STRUCTURES\": [{\"%TYPE\": \"uima.cas.Sofa\"}, 3]}"]
    {
        let (found, report) = one(&cas::JSON, "a.json", bytes);
        assert!(found.is_empty() && !report.warnings.is_empty(), "{bytes}");
    }
    let bomb =
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\">]><xmi:XMI xmlns:xmi=\"u\"><a b=\"&a;\"/></xmi:XMI>";
    let deep = format!("<xmi:XMI xmlns:xmi=\"u\">{}", "<a>".repeat(100_000));
    for bytes in [
        "",
        "x",
        "<a/>",
        "<xmi:XMI",
        "<xmi:XMI></a>",
        bomb,
        &deep,
        &FOREIGN[..900],
        &FOREIGN.replace("cas:Sofa", "cas:Sofo"),
    ] {
        let (found, report) = one(&cas::XMI, "a.xmi", bytes);
        assert!(found.is_empty() && !report.warnings.is_empty(), "{bytes:.80}");
    }
    // A list that leads back to itself.
    let ring = r##"{"%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "Bob"},
        {"%ID": 2, "%TYPE": "uima.cas.NonEmptyFSList", "@head": 3, "@tail": 2},
        {"%ID": 3, "%TYPE": "a.B", "@sofa": 1, "begin": 0, "end": 3, "@list": 2, "@gone": 9, "@self": 3, "#n": "NaN"}],
        "%TYPES": {"a.B": {"%SUPER_TYPE": "a.C"}, "a.C": {"%SUPER_TYPE": "a.B"}}, "%VIEWS": {"v": {"%SOFA": 1, "%MEMBERS": [3]}}}"##;
    let (found, report) = one(&cas::JSON, "a.json", ring);
    assert_eq!((found[0].layer.len(), report.warnings.len()), (1, 1), "{:?}", report.warnings);
    assert_eq!(found[0].layer.relation_count(), 2, "one through the list, and one of its own");
}
