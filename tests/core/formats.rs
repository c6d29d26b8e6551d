//! What every format promises: what is read and written again comes out the same, and no input makes a reader panic.
//!
//! The texts hold what has broken other programs: emoji, joiners, combining marks, line ends, scripts without spaces.

use std::collections::BTreeMap;
use std::path::Path;

use pressmark::formats::found::{LabelSet, made, whole};
use pressmark::formats::{
    Document, Done, FORMATS, Format, Losses, Options, Overlap, Reads, Report, Source, SourceLine, Table, Tags, dataset,
};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::{builtin, parse};
use proptest::prelude::*;

const TEXT: &str = "😀 é e\u{301} 北京 Bob said “hi” to Zoë. Mr. Chen left.\n\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then,\u{a0}so\n  မြန်မာ ended.\nEnd";

type Files = BTreeMap<String, Vec<u8>>;

fn options() -> Vec<Options> {
    let plain = Options::default();
    vec![plain, Options { overlap: Overlap::Layers, tags: Tags::Bioes, table: Table::Jsonl, labels: Vec::new() }]
}

/// `met` is what was met so far: the schema of a folder stays when marks go.
fn written(format: &Format, options: &Options, documents: &[Document], met: &mut LabelSet) -> (Files, Losses) {
    // As `import` does: what the built-in schema does not have gets one of its own.
    documents.iter().for_each(|document| met.note(&document.layer));
    let text = made(met, &builtin(), false).0;
    let schema = parse(&text, Path::new("pressmark.ron")).expect("it is sound").schema;
    dataset(format, options, &schema, documents).expect("it is written")
}

/// Reads all files of a dataset as `import` does.
fn read(format: &Format, files: &Files) -> (Vec<Document>, Report) {
    let (mut documents, mut report) = (Vec::new(), Report::default());
    match format.reads.expect("it is read") {
        Reads::Lines(_, read) => {
            for (file, bytes) in files {
                let text = String::from_utf8_lossy(bytes);
                let lines = text.split('\n').enumerate();
                let line = |(at, text)| SourceLine { path: Path::new(file), name: file, number: at + 1, text };
                documents.extend(lines.map(line).filter_map(|line| read(&line, &mut report)));
            }
        }
        Reads::Files(endings, read) => {
            let beside = |name: &str| files.get(name).cloned();
            let meant = files.iter().filter(|(file, _)| endings.iter().any(|end| file.ends_with(&format!(".{end}"))));
            for (file, bytes) in meant {
                let source = Source { path: Path::new(file), name: file, bytes, beside: &beside };
                read(&source, &mut report, &mut |document| documents.push(document));
            }
        }
    }
    (together(documents), report)
}

/// Documents of one layer put together by id, as `import` does.
fn together(documents: Vec<Document>) -> Vec<Document> {
    let mut all: Vec<Document> = Vec::new();
    for document in documents {
        let same = |other: &&mut Document| {
            other.file == document.file && other.layer.head().annotator == document.layer.head().annotator
        };
        let Some(there) = all.iter_mut().find(same) else {
            all.push(document);
            continue;
        };
        assert_eq!(there.text, document.text, "{}: two texts of one article", there.file);
        let mut annotations: Vec<Annotation> = there.layer.annotations().cloned().collect();
        annotations.extend(document.layer.annotations().filter(|it| !there.layer.has_id(&it.id)).cloned());
        let relations = there.layer.relations().into_iter().chain(document.layer.relations()).cloned().collect();
        let layer = Layer::from_parts(there.layer.head().clone(), annotations, relations);
        there.layer = layer.expect("ends are there");
    }
    all
}

/// A file as text, for messages that can be read.
fn shown(files: &Files) -> String {
    let file = |(file, bytes): (&String, &Vec<u8>)| format!("== {file}\n{:.1500}\n", String::from_utf8_lossy(bytes));
    files.iter().map(file).collect()
}

/// The first file that differs.
fn difference(one: &Files, other: &Files) -> Option<String> {
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let name = names.into_iter().find(|name| one.get(*name) != other.get(*name))?;
    let text =
        |files: &Files| files.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let (one, other) = (text(one), text(other));
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count().saturating_sub(80);
    let part = |text: &str| text.chars().skip(same).take(240).collect::<String>();
    Some(format!("{name}, from character {same}:\n{}\nand\n{}", part(&one), part(&other)))
}

/// What is written, read, and written again is the same from the second time on.
fn settles(format: &Format, options: &Options, document: &Document) {
    let mut met = LabelSet::default();
    let (first, _) = written(format, options, std::slice::from_ref(document), &mut met);
    if format.reads.is_none() {
        return;
    }
    let (once, report) = read(format, &first);
    assert!(report.warnings.is_empty(), "{}: {:?}\n{}", format.id, report.warnings, shown(&first));
    let (second, losses) = written(format, options, &once, &mut met);
    let (twice, report) = read(format, &second);
    assert!(report.warnings.is_empty(), "{}: {:?}\n{}", format.id, report.warnings, shown(&second));
    let (third, _) = written(format, options, &twice, &mut met);
    assert_eq!(difference(&second, &third), None, "{}", format.id);
    // What the format cannot hold of what is read from it was counted.
    let lossless = losses.iter().all(|(_, done, _)| matches!(done, Done::Kept | Done::Setting));
    assert!(
        !lossless || once == twice,
        "{}: the second reading differs from the first\n{}\n{}",
        format.id,
        shown(&first),
        shown(&second)
    );
}

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let mut head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
    head.document.set("topic", Some(Value::Text("trade".into())));
    let layer = Layer::from_parts(head, annotations, relations).expect("it is sound");
    Document { file: "news/a.txt".to_owned(), text: TEXT.to_owned(), layer }
}

#[test]
fn every_format_writes_an_article_without_marks_and_reads_it_back() {
    for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
        for options in options() {
            settles(format, &options, &document(vec![], vec![]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read_and_written_again_the_same(
        cuts in prop::collection::vec((0usize..90, 1usize..14, 0usize..4, 0usize..4), 0..8),
        links in prop::collection::vec((0usize..8, 0usize..9), 0..5),
    ) {
        let bounds: Vec<usize> = TEXT.char_indices().map(|(at, _)| at).chain([TEXT.len()]).collect();
        let mut annotations = Vec::new();
        for (id, &(start, length, label, more)) in cuts.iter().enumerate() {
            let (start, end) = (start.min(bounds.len() - 2), (start + length).min(bounds.len() - 1));
            let mut mark = Annotation::new(format!("k{id}"), ["PER", "quote", "entity", "Прса"][label], Span::from_range(bounds[start.min(end - 1)]..bounds[end]));
            if label == 2 {
                mark.attributes.set("type", Some(Value::Text("person".into())));
            }
            match more {
                1 => mark.edit_extra(|extra| extra.note = "a note; with \"marks\", <tags> & =signs".to_owned()),
                2 => mark.attributes.set("form", Some(Value::Text("di,rect|a b".into()))),
                3 if end + 3 < bounds.len() => mark.spans.push(Span::from_range(bounds[end + 1]..bounds[end + 3])),
                _ => {}
            }
            annotations.push(mark);
        }
        let count = annotations.len();
        let ends = links.iter().filter(|(from, to)| *from < count && (*to < count || *to == 8));
        let links = ends.enumerate().map(|(at, (from, to))| {
            let to = if *to == 8 { AUTHOR.to_owned() } else { format!("k{to}") };
            Relation::new(format!("l{at}"), "speaker", format!("k{from}"), to)
        });
        let document = document(annotations, links.collect());
        for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
            for options in options() {
                settles(format, &options, &document);
            }
        }
    }

    #[test]
    fn whatever_labels_a_dataset_has_there_is_a_schema_for_it(
        names in prop::collection::vec("document|author|Gene or Protein|[a-c_]|-x|Прса|\\PC{0,3}", 1..6),
        attributes in prop::collection::vec(("kind|type|form|a b|[a-c]", "\\PC{0,6}", 0usize..6), 0..6),
    ) {
        let mut annotations: Vec<Annotation> = names.iter().enumerate().map(|(at, name)| Annotation::new(format!("k{at}"), name.as_str(), Span::new(5, 7))).collect();
        for (name, value, on) in &attributes {
            let at = on % annotations.len();
            annotations[at].attributes.set(name.as_str(), Some(Value::Text(value.as_str().into())));
        }
        let ends = annotations.len();
        let links = names.iter().enumerate().map(|(at, name)| Relation::new(format!("l{at}"), name.as_str(), format!("k{at}"), if at + 1 < ends { format!("k{}", at + 1) } else { AUTHOR.to_owned() }));
        let document = document(annotations, links.collect());
        let mut met = LabelSet::default();
        met.note(&document.layer);
        let made = parse(&whole(&met, "imported").0, Path::new("pressmark.ron"));
        prop_assert!(made.is_ok(), "{:?}", made.err());
        let wider = parse(&pressmark::formats::found::made(&met, &builtin(), true).0, Path::new("pressmark.ron"));
        prop_assert!(wider.is_ok(), "{:?}", wider.err());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), word in "\\PC{0,60}", cut in 0usize..4000, flip in 0usize..4000) {
        let mark = Annotation::new("k", "entity", Span::new(5, 7));
        let whole = document(vec![mark], vec![]);
        for format in FORMATS.iter().filter(|format| format.reads.is_some()) {
            let mut inputs = vec![bytes.clone(), word.clone().into_bytes()];
            if format.writes.is_some() {
                let files = written(format, &Options::default(), std::slice::from_ref(&whole), &mut LabelSet::default()).0;
                for bytes in files.into_values() {
                    inputs.push(bytes[..cut.min(bytes.len())].to_vec());
                    let mut flipped = bytes;
                    let at = flip % flipped.len().max(1);
                    flipped.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (cut % 8));
                    inputs.push(flipped);
                }
            }
            let (Reads::Lines(endings, _) | Reads::Files(endings, _)) = format.reads.expect("it is read");
            for input in inputs {
                for end in endings {
                    read(format, &[(format!("a.{end}"), input.clone())].into());
                }
            }
        }
    }
}
