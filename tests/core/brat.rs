//! brat's files: what is written satisfies brat's own rules, and comes back as it was.
//!
//! The rules are those that were measured on brat's parser and server; the reader here is one of its own, and strict.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use pressmark::formats::brat::{Config, FORMAT, read};
use pressmark::formats::{Document, Done, Kind, Losses, Options, Report, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use proptest::prelude::*;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi”.\n\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then\nZoë stayed \u{85}on, and so did မြန်မာ.\nEnd";

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
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

/// All files of a dataset of one document, and what was lost.
fn written(document: &Document) -> (HashMap<String, String>, Losses) {
    let written = dataset(&FORMAT, &Options::default(), &builtin(), std::slice::from_ref(document));
    let (files, losses) = written.expect("brat is written");
    let text = |(file, bytes)| (file, String::from_utf8(bytes).expect("UTF-8"));
    (files.into_iter().map(text).collect(), losses)
}

fn read_back(files: &HashMap<String, String>) -> (Document, Report) {
    let mut report = Report::default();
    let config = Config::read(&files["annotation.conf"]);
    let path = Path::new("news/talks.ann");
    let (ann, text) = (&files["news/talks.ann"], &files["news/talks.txt"]);
    (read(path, ann, "news/talks.txt", text, &config, &mut report), report)
}

/// Holds a dataset against brat's rules (FORMATS.md, section 2).
fn is_brat(files: &HashMap<String, String>) {
    let conf = &files["annotation.conf"];
    let sections: Vec<&str> = conf.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(sections, ["[entities]", "[relations]", "[events]", "[attributes]"]);
    let mut section = "";
    let mut declared: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for line in conf.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        let (name, rest) = line.split_once('\t').unwrap_or((line, ""));
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-<>".contains(c);
        assert!(!name.is_empty() && name.chars().all(is_name), "{line}");
        assert!(declared.entry(section).or_default().insert(name), "{name} is there twice");
        if let Some((_, values)) = rest.split_once("Value:") {
            assert!(!values.is_empty() && !values.contains(char::is_whitespace), "{line}");
        }
    }
    let text: Vec<char> = files["news/talks.txt"].chars().collect();
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let ann = &files["news/talks.ann"];
    assert!(ann.is_empty() || ann.ends_with('\n'));
    for line in ann.lines() {
        let (id, rest) = line.split_once('\t').expect("a tab after the id");
        let digits = id.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '#');
        assert!(id == "*" || !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()), "{line}");
        assert!(id == "*" || ids.insert(id), "{id} is there twice");
        let columns: Vec<&str> = rest.split('\t').collect();
        let words: Vec<&str> = columns[0].split(' ').collect();
        match id.as_bytes()[0] {
            b'T' => {
                assert!(declared["[entities]"].contains(words[0]), "{line}");
                assert_eq!(columns.len(), 2, "{line}");
                let mut said = Vec::new();
                let mut last = 0;
                for place in columns[0][words[0].len() + 1..].split(';') {
                    let (start, end) = place.split_once(' ').expect("two offsets");
                    let (start, end): (usize, usize) = (start.parse().expect("start"), end.parse().expect("end"));
                    assert!(last <= start && start < end && end <= text.len(), "{line}");
                    last = end;
                    let slice: String = text[start..end].iter().collect();
                    assert!(!slice.contains(['\n', '\r', '\t', '\u{85}', '\u{2028}', '\u{2029}']), "{line}");
                    said.push(slice);
                }
                assert_eq!(said.join(" "), columns[1], "{line}");
            }
            b'R' => {
                assert!(declared["[relations]"].contains(words[0]), "{line}");
                let [_, from, to] = words[..] else { panic!("{line}") };
                let end = |word: &str, role: &str| ids.contains(word.strip_prefix(role).expect("a role"));
                assert!(end(from, "Arg1:") && end(to, "Arg2:"), "{line}");
            }
            b'A' => {
                assert!(declared["[attributes]"].contains(words[0]) && ids.contains(words[1]), "{line}");
                assert!(words.len() <= 3 && columns.len() == 1, "{line}");
            }
            b'#' => assert!(words.len() == 2 && ids.contains(words[1]) && columns.len() == 2, "{line}"),
            _ => {}
        }
    }
}

/// What was read is what was written, but for ids and for what was told as lost.
fn told(document: &Document) -> Vec<String> {
    let layer = &document.layer;
    let name = |annotation: &Annotation| {
        let mut parts = vec![annotation.full_label().to_string(), annotation.text(&document.text)];
        let said = annotation.attributes.iter().filter(|(name, _)| *name != "type");
        parts.extend(said.map(|(name, value)| format!("{name}={value:?}")));
        parts.push(annotation.note().to_owned());
        parts.push(annotation.unsure().to_string());
        parts.join("; ")
    };
    let mut all: Vec<String> = layer.annotations().map(name).collect();
    let end = |id: &str| layer.get(id).map_or_else(|| id.to_owned(), name);
    all.extend(layer.relations().into_iter().map(|it| {
        let said: Vec<String> = it.attributes.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        format!("{} {} -> {} {} {}", it.label, end(&it.from), end(&it.to), said.join(" "), it.note())
    }));
    all.sort_unstable();
    all
}

#[test]
fn a_layer_comes_back_with_all_that_it_says() {
    let mut person = mark("p1", "entity", &["Bob"]);
    person.attributes.set("type", Some(Value::Text("person".into())));
    person.attributes.set("link", Some(Value::Text("Q42".into())));
    let mut quote = mark("q1", "quote", &["“hi”", "مرحبا. 👩‍👩‍👧 left"]);
    quote.attributes.set("form", Some(Value::Text("direct".into())));
    quote.edit_extra(|extra| extra.note = "two\nlines, a \\ and a\ttab".to_owned());
    let mut claim = mark("c1", "claim", &["then\nZoë stayed"]);
    claim.edit_extra(|extra| extra.unsure = true);
    let relations = vec![Relation::new("r1", "speaker", "q1", "p1"), Relation::new("r2", "claimant", "c1", AUTHOR)];
    let before = document(vec![person, quote, claim], relations);
    let (files, losses) = written(&before);
    is_brat(&files);
    let kinds: Vec<(Kind, Done)> = losses.iter().map(|(kind, done, _)| (kind, done)).collect();
    assert_eq!(kinds, [(Kind::RelationToAuthor, Done::Kept)]);
    assert!(files["news/talks.ann"].contains("T1\tperson 10 13\tBob\n"), "{}", files["news/talks.ann"]);
    assert!(files["news/talks.ann"].contains("then Zoë stayed\n"), "a line end parts it: {}", files["news/talks.ann"]);
    let (after, report) = read_back(&files);
    assert_eq!(report.warnings, []);
    assert_eq!(told(&after), told(&before));
    assert_eq!(written(&after).0, files, "and again, to the byte");
}

const FOREIGN: &str = "T1\tPerson 10 13\tBob\nT2\tSay 14 18\tsaid\nT3\tPerson 10 13;19 23\tBob “hi”\n\
    E1\tSay:T2 Agent:T1\nA1\tNegation E1\nM2\tConfidence T1 High\nR1\tKnows Arg1:T1 Arg2:T3\t\n\
    *\tCoref T1 T3\nN1\tReference T1 Wikidata:Q42\tBob\n#1\tAnnotatorNotes T1\tC:\\new\n#2\tSTATUS T2\tFINISHED\n";

fn foreign(ann: &str) -> (Document, Report) {
    let mut report = Report::default();
    let document = read(Path::new("a.ann"), ann, "news/talks.txt", TEXT, &Config::default(), &mut report);
    (document, report)
}

#[test]
fn what_brat_has_and_we_do_not_is_in_the_next_export() {
    let (document, report) = foreign(FOREIGN);
    assert_eq!(report.warnings, []);
    let bob = document.layer.get("T1").expect("it is there");
    assert_eq!((bob.label.as_str(), bob.note()), ("Person", "C:\\new"), "a foreign note stays as it is");
    assert_eq!(bob.attributes.text("Confidence"), Some("High"));
    let (files, _) = written(&document);
    let ann = &files["news/talks.ann"];
    for line in FOREIGN.lines().filter(|line| line.starts_with(['E', '*', 'N'])).chain(["A1\tNegation E1"]) {
        assert!(ann.lines().any(|written| written == line), "{line} in {ann}");
    }
    assert!(ann.contains("#2\tSTATUS T2\tFINISHED"), "{ann}");
    is_brat(&files);
    let (again, report) = read_back(&files);
    assert_eq!(report.warnings, []);
    assert_eq!(written(&again).0["news/talks.ann"], *ann);
}

#[test]
fn every_line_that_is_not_understood_is_told() {
    let broken = "T1\tPerson 10 13\tBob\nnonsense\nT2 Person 1 2 x\nT3\tPerson 9 4\tx\nT1\tPerson 14 18\tsaid\n\
        R1\tKnows Arg1:T1 Arg2:T9\nA1\tX T8\n#1\tAnnotatorNotes\nQUOTE\tQ1\t3\nT4\tPerson 99999 999999\tfar\nE1\tDie:T7\n";
    let (document, report) = foreign(broken);
    let lines: BTreeSet<usize> = report.warnings.iter().map(|warning| warning.line).collect();
    assert_eq!(lines, (2..=11).collect(), "{:#?}", report.warnings);
    assert_eq!(document.layer.len(), 2);
    let far = document.layer.get("T4").and_then(Annotation::orphan).expect("it is kept without a place");
    assert_eq!(far.spans[0].text, "far");
}

#[test]
fn offsets_that_count_something_else_are_found_out() {
    for (start, unit) in [(11, "UTF-16 units"), (19, "bytes")] {
        let said = TEXT.find("said").expect("it is there") - TEXT.find("Bob").expect("it is there");
        let ann =
            format!("T1\tPerson {start} {}\tBob\nT2\tSay {} {}\tsaid\n", start + 3, start + said, start + said + 4);
        let (document, report) = foreign(&ann);
        let told = &report.warnings[..];
        assert!(matches!(told, [one] if one.kind == WarningKind::OtherUnit && one.message.contains(unit)), "{told:?}");
        let texts: Vec<String> = document.layer.annotations().map(|it| it.text(TEXT)).collect();
        assert_eq!(texts, ["Bob", "said"]);
    }
}

fn annotation() -> impl Strategy<Value = Annotation> {
    let labels = prop::sample::select(vec![
        ("entity", Some("person")),
        ("entity", None),
        ("entity", Some("a b")),
        ("quote", None),
        ("person", None),
        ("Прса", Some("x")),
    ]);
    let cuts = prop::collection::btree_set(0..TEXT.chars().count() + 1, 2..7);
    let value = prop::option::of(prop_oneof![
        "[a-zé |:,\\\\\n]{0,6}".prop_map(|text| Value::Text(text.into())),
        any::<bool>().prop_map(Value::Bool),
    ]);
    (labels, cuts, value, "[a-z\\\\\n\u{2028}]{0,5}", any::<bool>()).prop_map(
        |((label, kind), cuts, value, note, unsure)| {
            let bounds: Vec<usize> = TEXT.char_indices().map(|(at, _)| at).chain([TEXT.len()]).collect();
            let cuts: Vec<usize> = cuts.into_iter().collect();
            let spans: Vec<Span> =
                cuts.chunks_exact(2).map(|pair| Span::from_range(bounds[pair[0]]..bounds[pair[1]])).collect();
            let mut annotation = Annotation::new("x", label, spans[0]);
            annotation.spans = spans.into_iter().collect();
            annotation.attributes.set("type", kind.map(|kind| Value::Text(kind.into())));
            annotation.attributes.set("stance", value);
            annotation.edit_extra(|extra| {
                extra.note = note;
                extra.unsure = unsure;
            });
            annotation
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_written_is_brats_and_is_written_again_the_same(
        annotations in prop::collection::vec(annotation(), 0..8),
        links in prop::collection::vec((0usize..8, 0usize..9, prop::sample::select(vec!["speaker", "my link"])), 0..5),
    ) {
        let ids: Vec<String> = (0..annotations.len()).map(|at| format!("k{at}")).collect();
        let annotations: Vec<Annotation> =
            annotations.into_iter().zip(&ids).map(|(it, id)| Annotation { id: id.as_str().into(), ..it }).collect();
        let end = |at: usize| ids.get(at).map_or(AUTHOR, String::as_str);
        let relations = links.iter().enumerate().filter(|(_, (from, ..))| *from < ids.len());
        let relations = relations.map(|(at, &(from, to, label))| Relation::new(format!("l{at}"), label, end(from), end(to)));
        let before = document(annotations.clone(), relations.collect());
        let (files, losses) = written(&before);
        is_brat(&files);
        let blank = losses.iter().filter(|(kind, ..)| *kind == Kind::Blank).map(|(.., count)| count.count).sum::<usize>();
        let (after, report) = read_back(&files);
        prop_assert_eq!(report.warnings, vec![]);
        prop_assert_eq!(after.layer.len() + blank, annotations.len());
        let again = written(&after).0;
        prop_assert_eq!(&again["news/talks.ann"], &files["news/talks.ann"]);
        // From the second time on nothing changes any more.
        prop_assert_eq!(told(&read_back(&again).0), told(&after));
    }

    #[test]
    fn no_file_makes_the_reader_panic(ann in "([TREAMN#*][0-9]{0,2}[\t ](\\PC{0,6}[ \t:;0-9]){0,6}\n){0,6}", conf in "\\PC{0,40}") {
        let mut report = Report::default();
        let config = Config::read(&conf);
        let document = read(Path::new("a.ann"), &ann, "a.txt", TEXT, &config, &mut report);
        prop_assert!(document.layer.len() <= ann.lines().count());
    }
}
