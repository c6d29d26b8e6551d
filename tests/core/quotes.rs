//! Attributions: brat's lines as PolNeAR has them, rows with PARC's roles, and what is no part of either, counted.
//!
//! The lines are held against brat's rules: words are what stands there, an event's trigger has the event's kind, and
//! nothing is named that is not there.

use std::collections::BTreeMap;
use std::path::Path;

use pressmark::formats::quotes::FORMAT;
use pressmark::formats::{Document, Done, Kind, Losses, Options, Reads, Report, Source, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use serde_json::{Value as Json, json};

const TEXT: &str = "😀 “Rain,\nit will be,” said Zoë, “tomorrow”. Bob & Ann denied it. Nobody asked.";

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
    head.document.set("topic", Some(Value::Text("weather".into())));
    let mut zoe = mark("z", "entity", &["Zoë"]);
    zoe.attributes.set("type", Some(Value::Text("person".into())));
    let annotations = vec![
        mark("q", "quote", &["“Rain,\nit will be,”", "“tomorrow”"]),
        mark("s", "cue", &["said"]),
        zoe,
        mark("b", "entity", &["Bob"]),
        mark("a", "entity", &["Ann"]),
        mark("i", "quote", &["it. N"]),
        mark("d", "cue", &["denied"]),
        mark("n", "entity", &["Nobody"]),
        mark("k", "cue", &["asked"]),
        mark("alone", "quote", &["asked."]),
    ];
    let link = |id: &str, label: &str, from: &str, to: &str| Relation::new(id, label, from, to);
    let mut noted = link("5", "cue", "i", "d");
    noted.attributes.set("near", Some(Value::Bool(true)));
    let links = vec![
        link("1", "speaker", "q", "z"),
        link("2", "cue", "q", "s"),
        link("3", "speaker", "i", "b"),
        link("4", "speaker", "i", "a"),
        noted,
        link("6", "speaker", "alone", AUTHOR),
        link("7", "same", "b", "n"),
    ];
    let layer = Layer::from_parts(head, annotations, links).expect("it is sound");
    Document { file: "news/a.txt".to_owned(), text: TEXT.to_owned(), layer }
}

fn written(document: &Document) -> (BTreeMap<String, Vec<u8>>, Losses) {
    dataset(&FORMAT, &Options::default(), &builtin(), std::slice::from_ref(document)).expect("it is written")
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("UTF-8")
}

fn read(ann: (&str, &str), txt: (&str, &str)) -> (Option<Document>, Report) {
    let Some(Reads::Files(_, read)) = FORMAT.reads else { panic!("it is read file by file") };
    let beside = |name: &str| (name == txt.0).then(|| txt.1.as_bytes().to_vec());
    let source = Source { path: Path::new(ann.0), name: ann.0, bytes: ann.1.as_bytes(), beside: &beside };
    let (mut found, mut report) = (None, Report::default());
    read(&source, &mut report, &mut |document| found = Some(document));
    (found, report)
}

/// Source, cue and content of each quote, by their texts.
fn attributions(document: &Document) -> Vec<[String; 3]> {
    let quotes = document.layer.annotations().filter(|it| it.label == "quote");
    let of = |quote: &Annotation| {
        let ends = |label: &str| {
            let links = document.layer.relations_of(&quote.id).into_iter();
            let links = links.filter(|link| link.from == quote.id && link.label == label);
            let ends = links.filter_map(|link| document.layer.get(&link.to));
            let mut texts: Vec<String> = ends.map(|end| end.text(&document.text)).collect();
            texts.sort();
            texts.join("+")
        };
        [ends("speaker"), ends("cue"), quote.text(&document.text)]
    };
    quotes.map(of).collect()
}

#[test]
fn attributions_are_events_on_lines_that_brat_takes() {
    let (files, losses) = written(&document());
    let expected = [
        "T1\tContent 2 8;9 21;32 42\t“Rain, it will be,” “tomorrow”",
        "T2\tCue 22 26\tsaid",
        "T3\tSource 27 30\tZoë",
        "T4\tSource 44 47\tBob",
        "T5\tSource 50 53\tAnn",
        "T6\tCue 54 60\tdenied",
        "T7\tContent 61 66\tit. N",
        "T8\tContent 72 78\tasked.",
        "T9\tAttribution 22 26\tsaid",
        "T10\tAttribution 54 60\tdenied",
        "T11\tAttribution 72 78\tasked.",
        "E1\tAttribution:T9 Content:T1 Cue:T2 Source:T3",
        "E2\tAttribution:T10 Content:T7 Cue:T6 Source:T4 Source2:T5",
        "E3\tAttribution:T11 Content:T8",
        "",
    ];
    assert_eq!(text(&files, "news/a.ann").split('\n').collect::<Vec<_>>(), expected);
    assert_eq!(text(&files, "news/a.txt"), TEXT);
    assert!(text(&files, "annotation.conf").contains("\n[events]\nAttribution\t"));
    let told: Vec<(Kind, usize)> = losses
        .iter()
        .map(|(kind, done, count)| {
            assert_eq!(done, Done::Dropped);
            (kind, count.count)
        })
        .collect();
    let expected = [
        (Kind::Relation, 1),
        (Kind::RelationToAuthor, 1),
        (Kind::RelationAttribute, 1),
        (Kind::Attribute, 1),
        (Kind::ArticleAttribute, 1),
        (Kind::Mark, 2),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_row_has_the_three_roles_with_offsets_and_words() {
    let (files, _) = written(&document());
    let rows: Vec<Json> =
        text(&files, "quotes.jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[0],
        json!({
            "article": "news/a.txt", "annotator": "ada", "id": "E1", "offsets": "code points",
            "source": [{"start": 27, "end": 30, "text": "Zoë"}],
            "cue": [{"start": 22, "end": 26, "text": "said"}],
            "content": [{"start": 2, "end": 21, "text": "“Rain,\nit will be,”"}, {"start": 32, "end": 42, "text": "“tomorrow”"}],
        })
    );
    assert_eq!(rows[1]["source"].as_array().map(Vec::len), Some(2));
    assert_eq!((&rows[2]["source"], &rows[2]["cue"]), (&json!([]), &json!([])));
    assert!(files["quotes.jsonl"].is_ascii());
}

#[test]
fn attributions_come_back() {
    let was = document();
    let (files, _) = written(&was);
    let (found, report) = read(("a.ann", &text(&files, "news/a.ann")), ("a.txt", TEXT));
    assert_eq!(report.warnings, []);
    let found = found.expect("a document");
    assert_eq!(attributions(&found), attributions(&was));
    assert_eq!(found.layer.len(), 8, "marks without a part are not in it, and triggers are none");
    assert_eq!(
        text(&written(&Document { file: "news/a.txt".to_owned(), ..found }).0, "news/a.ann"),
        text(&files, "news/a.ann")
    );
}

#[test]
fn files_of_others_are_read_with_annotators_in_their_names_and_roles_in_small_letters() {
    let ann = "E1\tattribution:T4 content:T3 cue:T2 source:T1\r\nT1\tSource 10 13\tZoë\nT2\tCue 5 9\tsaid\nT3\tContent 0 4\tRain\nT4\tAttribution 5 9\tsaid\nT5\tPER 10 13\tZoë\n";
    let (found, report) = read(("x/a_b_ef2d.ann", ann), ("x/a_b.txt", "Rain said Zoë."));
    assert_eq!(report.warnings, []);
    let found = found.expect("a document");
    assert_eq!((found.file.as_str(), found.layer.head().annotator.as_str()), ("x/a_b.txt", "ef2d"));
    assert_eq!(attributions(&found), [["Zoë", "said", "Rain"].map(str::to_owned)]);
    assert_eq!(found.layer.get("T5").map(|it| it.label.as_str()), Some("PER"));
    // A text of the whole name goes before.
    let (found, _) = read(("a_b.ann", ann), ("a_b.txt", "Rain said Zoë."));
    assert_eq!(found.map(|it| it.layer.head().annotator.to_string()).as_deref(), Some(""));
    // A trigger is the cue where there is none.
    let ann = ann.replace(" cue:T2", "").replace("T2\tCue 5 9\tsaid\n", "");
    let (found, report) = read(("a.ann", &ann), ("a.txt", "Rain said Zoë."));
    assert_eq!(report.warnings, []);
    assert_eq!(found.map(|it| attributions(&it)), Some(vec![["Zoë", "said", "Rain"].map(str::to_owned)]));
}

#[test]
fn what_is_no_attribution_is_told() {
    let txt = ("a.txt", "Rain said Zoë.");
    let kinds = |ann: &str| {
        let (found, report) = read(("a.ann", ann), txt);
        (found.map(|it| it.layer.len()), report.warnings.iter().map(|it| it.kind).collect::<Vec<_>>())
    };
    use WarningKind::{BadPath, BrokenLine, RelationToNowhere, TakenId, UnknownField, Unplaced, WrongValue};
    assert_eq!(kinds("T1\tContent 0 4\tRain\nE1\tAttribution:T9 Content:T1\n"), (Some(1), vec![RelationToNowhere]));
    assert_eq!(
        kinds("T1\tContent 0 4\tRain\nA1\tNegated T1\nR1\tx Arg1:T1 Arg2:T1\n"),
        (Some(1), vec![UnknownField; 2])
    );
    assert_eq!(kinds("T1\tContent 0 4\tRain\nT1\tCue 5 9\tsaid\n"), (Some(2), vec![TakenId]));
    assert_eq!(kinds("T1\tContent 0 4\tSnow\n"), (Some(1), vec![Unplaced]));
    assert_eq!(
        kinds("T1\tCue 5 9\tsaid\nT2\tAttribution 5 9\tsaid\nE1\tAttribution:T2 Cue:T1 Mood:T1\n"),
        (Some(1), vec![UnknownField, WrongValue])
    );
    assert_eq!(
        kinds("T1\tContent 0 4\tRain\nT2\tAttribution 5 9\tsaid\nE1\tAttribution:T2 Content:T1 Cue:T7\n"),
        (Some(1), vec![WrongValue, RelationToNowhere])
    );
    assert_eq!(kinds("T2\tAttribution 5 9\tsaid\n"), (Some(0), vec![RelationToNowhere]));
    assert_eq!(
        kinds("QUOTE\tQ1\t0\t0\t0\t5\tx\nATTRIB\tQ1\tB\n"),
        (None, vec![BrokenLine; 3]),
        "LitBank's files are no brat"
    );
    let (found, report) = read(("a.ann", ""), ("a.txt", ""));
    assert!(found.is_none() && report.warnings[0].kind == WrongValue, "an article without text is none");
    let (found, report) = read(("b_c.ann", "T1\tContent 0 4\tRain\n"), txt);
    assert!(found.is_none() && report.warnings[0].kind == BadPath);
}
