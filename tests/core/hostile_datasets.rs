//! Datasets that mean harm: what they claim is held against what they hold, nothing outside of them is read, and what they
//! say of ids and links is taken as far as it makes sense. `fuzz/src/datasets.rs` holds what must be so for any bytes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use pressmark::formats::found::{LabelSet, additions, whole};
use pressmark::formats::{Document, FORMATS, Options, Reads, Report, Source, SourceLine, dataset, format, is_inside};
use pressmark::model::{Annotation, Head, Layer, Relation, SchemaRef, Span};
use pressmark::store::schema::{builtin, parse};
use serde_json::json;

type Files = BTreeMap<String, Vec<u8>>;

/// Reads the first of some files, which the others stand beside.
fn read(id: &str, files: &[(&str, &[u8])]) -> (Vec<Document>, Report) {
    let all: Files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let (name, bytes) = files[0];
    let (mut documents, mut report) = (Vec::new(), Report::default());
    match format(id).and_then(|format| format.reads).expect("it is read") {
        Reads::Lines(_, read) => {
            for (at, text) in String::from_utf8_lossy(bytes).split('\n').enumerate() {
                let line = SourceLine { path: Path::new(name), name, number: at + 1, text };
                documents.extend(read(&line, &mut report));
            }
        }
        Reads::Files(_, read) => {
            let beside = |name: &str| all.get(name).cloned();
            let source = Source { path: Path::new(name), name, bytes, beside: &beside };
            read(&source, &mut report, &mut |document| documents.push(document));
        }
    }
    (documents, report)
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut zip = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zip.write_all(bytes).and_then(|()| zip.finish()).expect("memory takes it")
}

#[test]
fn no_entity_is_expanded_and_no_file_is_fetched_by_one() {
    let bomb: String = (1..30).map(|at| format!("<!ENTITY e{at} \"&e{0};&e{0};\">", at - 1)).collect();
    let bomb = format!("<!ENTITY e0 \"ha\">{bomb}<!ENTITY e \"&e29;\">");
    let fetch =
        "<!ENTITY e SYSTEM \"file:///etc/hostname\"><!ENTITY % more SYSTEM \"http://127.0.0.1:9/x\">%more;".to_owned();
    for declared in [bomb, fetch] {
        let head = format!("<?xml version=\"1.0\"?>\n<!DOCTYPE x [{declared}]>\n");
        let types = format!(
            "{head}<typeSystemDescription><types><typeDescription><name>&e;</name></typeDescription></types></typeSystemDescription>"
        );
        let cas = "<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\"><cas:Sofa xmi:id=\"1\" sofaNum=\"1\" sofaID=\"_InitialView\" sofaString=\"SAID\"/></xmi:XMI>";
        for (id, name, body) in [
            (
                "bioc",
                "a.xml",
                "<collection><document><id>a</id><passage><offset>0</offset><text>SAID</text></passage></document></collection>",
            ),
            ("gate", "a.xml", "<GateDocument><TextWithNodes>SAID</TextWithNodes></GateDocument>"),
            ("cas-xmi", "a.xmi", cas),
        ] {
            let (documents, report) = read(id, &[(name, format!("{head}{}", body.replace("SAID", "&e;")).as_bytes())]);
            assert!(!report.warnings.is_empty(), "{id}: it is told");
            assert!(documents.iter().all(|document| document.text.len() < 10), "{id}: {documents:?}");
        }
        let sound = cas.replace("SAID", "Ada");
        let (documents, report) = read("cas-xmi", &[("a.xmi", sound.as_bytes()), ("TypeSystem.xml", types.as_bytes())]);
        assert_eq!((documents.len(), report.warnings.len()), (1, 1), "{report:?}");
    }
}

#[test]
fn what_claims_gigabytes_is_refused_before_room_is_made() {
    // MessagePack: bytes, lists and maps of four thousand million.
    for claim in [
        &[0xc6, 0xff, 0xff, 0xff, 0xff, 1][..],
        &[0xdd, 0xff, 0xff, 0xff, 0xff],
        &[0x81, 0xa1, b'a', 0xdf, 0xff, 0xff, 0xff, 0xff],
    ] {
        let (documents, report) = read("spacy", &[("a.spacy", &deflated(claim))]);
        assert_eq!((documents.len(), report.warnings.len()), (0, 1));
    }
    // A list of zeros packs a thousand to one, and each is a value.
    let zeros = [&[0x81, 0xa1, b'a', 0xdd, 0x04, 0, 0, 0][..], &vec![0; 64 << 20]].concat();
    let (documents, report) = read("spacy", &[("a.spacy", &deflated(&zeros))]);
    assert!(documents.is_empty() && report.warnings[0].message.contains("values"), "{report:?}");
    // Parquet: the length of the footer, and of what is in it.
    for footer in [[0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [4, 0, 0, 0]] {
        let file = [&b"PAR1"[..], &[0x2c, 0x19, 0xfc, 0xff, 0xff, 0xff, 0x0f], &footer, b"PAR1"].concat();
        let (documents, report) = read("huggingface", &[("a.parquet", &file)]);
        assert_eq!((documents.len(), report.warnings.len()), (0, 1));
    }
    // Gaps that texts would have to fill.
    let far = u64::MAX - 1;
    let passages = format!(
        "<collection><document><id>a</id><passage><offset>0</offset><text>Ada</text></passage><passage><offset>{far}</offset><text>Ben</text></passage></document></collection>"
    );
    let tsv = format!(
        "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Ada\n1-1\t0-3\tAda\t\n\n#Text=Ben\n2-1\t{far}-{}\tBen\t\n",
        u64::MAX
    );
    for (id, name, bytes) in [("bioc", "a.xml", passages), ("webanno-tsv", "a.tsv", tsv)] {
        let (documents, _) = read(id, &[(name, bytes.as_bytes())]);
        assert!(documents.iter().all(|document| document.text.len() < 1_000_000), "{id}");
    }
}

#[test]
fn a_page_that_claims_more_than_it_packs_is_told() {
    let mark = Annotation::new("k", "entity", Span::new(0, 3));
    let whole = dataset(
        format("huggingface").expect("it is there"),
        &Options::default(),
        &builtin(),
        &[document(vec![mark], vec![])],
    );
    let bytes = whole.expect("it is written").0.remove("00000.parquet").expect("a table");
    assert_eq!(read("huggingface", &[("a.parquet", &bytes)]).0.len(), 1);
    // The first page's header: what kind it is, then how much it holds when it is unpacked.
    assert_eq!(bytes[4..7], [0x15, 0x04, 0x15], "of a dictionary");
    let at = 7 + bytes[7..].iter().position(|byte| byte & 0x80 == 0).expect("a number ends");
    let claims = [&bytes[..7], &[0x80, 0x80, 0x80, 0x80, 0x0a], &bytes[at + 1..]].concat();
    let (documents, report) = read("huggingface", &[("a.parquet", &claims)]);
    assert!(documents.is_empty() && report.warnings.len() == 1, "{report:?}");
}

#[test]
fn no_name_in_a_dataset_leads_out_of_the_folder() {
    let names = [
        "../a.txt",
        "/etc/a.txt",
        "b/../../a.txt",
        ".ssh/a.txt",
        "..\\a.txt",
        "C:\\a.txt",
        "\\\\host\\a.txt",
        "a\0.txt",
        "",
        ".",
        "b/.hidden.txt",
        "a.txt/",
    ];
    for name in names {
        let quoted = json!(name).to_string();
        let escaped = name.replace('\0', "");
        let jsonl = format!("{{\"file\":{quoted},\"text\":\"Ada spoke\",\"annotator\":\"a\"}}");
        let bioc = json!({"documents": [{"id": name, "passages": [{"offset": 0, "text": "Ada spoke"}]}]}).to_string();
        let conllu = format!("# newdoc id = {escaped}\n1\tAda\t_\t_\t_\t_\t_\t_\t_\t_\n");
        let articles = format!("a.conll\t{escaped}\tada\n");
        let cas = json!({"%FEATURE_STRUCTURES": [
            {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": name, "sofaString": "Ada spoke"},
            {"%ID": 2, "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData", "@sofa": 1, "begin": 0, "end": 9, "documentId": name, "documentTitle": name, "documentUri": name}],
            "%VIEWS": {name: {"%SOFA": 1, "%MEMBERS": [2]}}}).to_string();
        for (id, files) in [
            ("jsonl", vec![("a.jsonl", jsonl.as_bytes())]),
            ("doccano", vec![("a.jsonl", jsonl.as_bytes())]),
            ("doccano", vec![("a.jsonl", jsonl.replace("\"file\"", "\"filename\"").as_bytes())]),
            ("prodigy", vec![("a.jsonl", jsonl.as_bytes())]),
            (
                "prodigy",
                vec![(
                    "a.jsonl",
                    format!("{{\"text\":\"Ada\",\"meta\":{{\"file\":{quoted}}},\"spans\":[]}}").as_bytes(),
                )],
            ),
            ("huggingface", vec![("a.jsonl", jsonl.replace("\"file\"", "\"id\"").as_bytes())]),
            ("bioc", vec![("a.json", bioc.as_bytes())]),
            ("conllu", vec![("a.conllu", conllu.as_bytes())]),
            ("conll", vec![("a.conll", b"-DOCSTART- O\n\nAda O\n"), ("articles.tsv", articles.as_bytes())]),
            ("cas-json", vec![("a.json", cas.as_bytes())]),
        ] {
            let (documents, report) = read(id, &files);
            assert!(!documents.is_empty() || !report.warnings.is_empty(), "{id}, {name:?}");
            for document in documents {
                assert!(is_inside(&document.file), "{id}: {name:?} became {:?}", document.file);
            }
        }
    }
}

#[test]
fn only_files_beside_are_asked_for() {
    for asked in ["../a.ann", "/a.ann", "b/../../a.ann"] {
        assert!(!is_inside(asked));
    }
    for (id, name) in [
        ("brat", "b/c.d.ann"),
        ("quotes", "b/c.ann"),
        ("cas-xmi", "b/c.xmi"),
        ("conll", "b/c.conll"),
        ("spacy", "b/c.spacy"),
    ] {
        let beside = |name: &str| {
            assert!(is_inside(name), "{id} asks for {name}");
            None
        };
        let Some(Reads::Files(_, read)) = format(id).and_then(|format| format.reads) else { continue };
        let source = Source { path: Path::new(name), name, bytes: b"T1\tA 0 1\ta\n", beside: &beside };
        read(&source, &mut Report::default(), &mut drop);
    }
}

const TEXT: &str = "Ada spoke. Ben heard.";

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
    let layer = Layer::from_parts(head, annotations, relations).expect("it is sound");
    Document { file: "a.txt".to_owned(), text: TEXT.to_owned(), layer }
}

#[test]
fn ids_that_are_there_twice_and_links_to_nowhere_are_told_and_circles_are_taken() {
    // Three marks of which two have one id, and links to itself, there and back, and to nowhere.
    let (marks, links) = (["e", "e", "f"], [["e", "e"], ["e", "f"], ["f", "e"], ["e", "g"]]);
    let line = json!({"text": TEXT,
        "entities": marks.map(|id| json!({"id": id, "start_offset": 0, "end_offset": 3, "label": "P"})).to_vec(),
        "relations": links.map(|[from, to]| json!({"from_id": from, "to_id": to, "type": "t"})).to_vec()});
    let brat = "T1\tP 0 3\tAda\nT1\tP 4 9\tspoke\nT2\tP 4 9\tspoke\nR1\tself Arg1:T1 Arg2:T1\nR2\tthere Arg1:T1 Arg2:T2\nR3\tback Arg1:T2 Arg2:T1\nR4\tgone Arg1:T1 Arg2:T9\nR3\ttwice Arg1:T1 Arg2:T2\n";
    let places = json!([{"offset": 0, "length": 3}]);
    let bioc_marks =
        marks.map(|id| json!({"id": id, "infons": {"type": "P"}, "text": "Ada", "locations": places})).to_vec();
    let bioc_links = links.map(|[from, to]| {
        json!({"id": "R1", "infons": {"type": "r"}, "nodes": [{"refid": from, "role": "a"}, {"refid": to, "role": "b"}]})
    });
    let passage = json!({"offset": 0, "text": TEXT, "annotations": bioc_marks, "relations": bioc_links.to_vec()});
    let bioc = json!({"documents": [{"id": "a", "passages": [passage]}]});
    let rows = json!({"text": TEXT,
        "entities": marks.map(|id| json!({"id": id, "start": 0, "end": 3, "label": "P"})).to_vec(),
        "relations": links.map(|[from, to]| json!({"id": "r", "type": "t", "head": from, "tail": to})).to_vec()});
    let own = json!({"file": "a.txt", "text": TEXT, "annotator": "a",
        "annotations": marks.map(|id| json!({"id": id, "label": "P", "spans": [[0, 3]]})).to_vec(),
        "relations": links.map(|[from, to]| json!({"id": "r", "label": "t", "from": from, "to": to})).to_vec()});
    for (id, files) in [
        ("doccano", vec![("a.jsonl", line.to_string())]),
        ("brat", vec![("a.ann", brat.to_owned()), ("a.txt", TEXT.to_owned())]),
        ("bioc", vec![("a.json", bioc.to_string())]),
        ("huggingface", vec![("a.jsonl", rows.to_string())]),
        ("jsonl", vec![("a.jsonl", own.to_string())]),
    ] {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let (documents, report) = read(id, &files);
        let [document] = &documents[..] else { panic!("{id}: {report:?}") };
        assert_eq!(document.layer.relation_count(), 3, "{id}: {report:?}");
        assert!(document.layer.len() >= 2 && !report.warnings.is_empty(), "{id}: {report:?}");
    }
}

#[test]
fn a_schema_is_made_of_more_labels_than_it_can_have() {
    let mark = |at: usize| Annotation::new(format!("k{at}"), format!("L{at}"), Span::new(0, 3));
    let many = document((0..100_000).map(mark).collect(), vec![]);
    let mut met = LabelSet::default();
    met.note(&many.layer);
    let schema = parse(&whole(&met, "imported").0, Path::new("pressmark.ron")).expect("it is sound").schema;
    assert_eq!(schema.labels.len(), 2_000);
    assert_eq!(additions(&met, &schema).left_out.len(), 98_000, "whoever imports can tell");
}

/// Files of datasets that hold no articles.
const BESIDE: [&str; 4] = ["annotations.csv", "relations.csv", "labels.json", "config.xml"];

#[test]
fn thousands_of_marks_on_one_character_are_written_and_read() {
    let mark = |at: usize| Annotation::new(format!("k{at}"), ["entity", "quote", "cue"][at % 3], Span::new(0, 1));
    let many = document((0..2_000).map(mark).collect(), vec![]);
    for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
        let (files, _) =
            dataset(format, &Options::default(), &builtin(), std::slice::from_ref(&many)).expect("it is written");
        let Some(Reads::Lines(endings, _) | Reads::Files(endings, _)) = format.reads else { continue };
        let names = files.keys().filter(|name| {
            matches!(format.writes, Some(pressmark::formats::Shape::Lines(_)))
                || endings.iter().any(|end| name.ends_with(&format!(".{end}")))
        });
        for name in names {
            let mut all: Vec<(&str, &[u8])> = vec![(name, &files[name])];
            all.extend(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
            let (documents, report) = read(format.id, &all);
            assert_eq!(
                (documents.len(), report.warnings.len()),
                // What stands beside the articles is read with them.
                (
                    usize::from(
                        !["csv", "labelbuddy", "label-studio"].contains(&format.id) || !BESIDE.contains(&name.as_str())
                    ),
                    0
                ),
                "{}: {name}: {:?}",
                format.id,
                report.warnings.first()
            );
        }
    }
}
