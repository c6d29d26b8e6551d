//! Datasets of every format: whatever a file holds, what is read of it makes sidecars, and what is written of those is
//! read again without a warning, and written again the same. What is not read is told.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use pressmark::formats::found::{LabelSet, made};
use pressmark::formats::{
    Document, Format, Options, Overlap, Reads, Report, Source, SourceLine, Table, Tags, Warning, dataset, format,
    is_inside,
};
use pressmark::model::{Annotation, Layer};
use pressmark::store::schema::{builtin, parse};

use super::jsonl::imports;
use super::told::is_clear;

/// What messages call the file.
const GIVEN: &str = "given.file";
/// Files of these formats have no lines that a person could count: what counts is a document, a row or a structure.
const WITHOUT_LINES: [&str; 8] =
    ["spacy", "huggingface", "gate", "cas-json", "bioc", "label-studio", "labelbuddy", "w3c"];

type Files = BTreeMap<String, Vec<u8>>;

/// Any bytes as a format, a file's name and the file, parted by line ends; after lines of `==== NAME` come the files beside
/// it. `FORMAT>OTHER` writes another format, and `FORMAT>OTHER+` writes it with the other choices. `spacy-inner` is what a
/// file of spaCy's holds before it is deflated.
pub fn check(data: &[u8]) {
    let Some((kind, rest)) = line(data) else { return };
    let Some((name, rest)) = line(rest) else { return };
    let (from, to) = kind.split_once('>').unwrap_or((kind, kind));
    let (to, options) = to.strip_suffix('+').map_or((to, Options::default()), |to| (to, others()));
    // What has another name is left out where it is written.
    if !is_inside(name) {
        return;
    }
    let (from, inner) = from.strip_suffix("-inner").map_or((from, false), |from| (from, from == "spacy"));
    let to = to.strip_suffix("-inner").unwrap_or(to);
    let (Some(from), Some(to)) = (format(from), format(to)) else { return };
    let Some(reads) = from.reads else { return };
    let mut files = parted(name, rest);
    if inner {
        files.entry(name.to_owned()).and_modify(|bytes| *bytes = deflated(bytes));
    }
    if matches!(reads, Reads::Lines(..)) && std::str::from_utf8(&files[name]).is_err() {
        // It is refused before it is read.
        return;
    }
    let (documents, report) = read(reads, &[name], &files);
    let is_blank = String::from_utf8_lossy(&files[name]).trim_matches('\u{feff}').trim().is_empty();
    // The tables of a layer are read with the articles beside them.
    let is_part = from.id == "csv" && files.len() > 1;
    assert!(!documents.is_empty() || !report.warnings.is_empty() || is_blank || is_part, "left out in silence");
    let last = 1 + files.values().map(|bytes| lines(bytes)).max().unwrap_or_default();
    for warning in &report.warnings {
        // It may be of a file beside.
        let beside = |name: &String| Path::new(name).file_name() == Some(warning.file.as_os_str());
        assert!(warning.file == Path::new(GIVEN) || files.keys().any(beside), "{warning}");
        let range = if WITHOUT_LINES.contains(&from.id) { 1..=usize::MAX } else { 1..=last };
        assert!(range.contains(&warning.line), "there is no such line: {warning}");
        is_clear(&format!("{warning}."), &format!("{}:", warning.file.display()));
    }
    for document in &documents {
        assert!(is_inside(&document.file), "{:?} leads elsewhere", document.file);
        imports(document);
    }
    if to.writes.is_some() {
        let documents = together(documents);
        let documents = one_each(documents);
        if !documents.is_empty() {
            settles(to, &options, &documents);
        }
    }
}

/// The other choices.
fn others() -> Options {
    Options { overlap: Overlap::Layers, tags: Tags::Bioes, table: Table::Jsonl, labels: Vec::new() }
}

/// The first line, if it is a text, and what comes after it.
fn line(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&data[..end]).ok()?, &data[end + 1..]))
}

/// Line ends of all kinds.
fn lines(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes)
        .chars()
        .filter(|c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'))
        .count()
}

/// The file and those beside it.
fn parted(name: &str, mut rest: &[u8]) -> Files {
    const BETWEEN: &[u8] = b"\n==== ";
    let (mut files, mut name) = (Files::new(), name.to_owned());
    while let Some(at) = rest.windows(BETWEEN.len()).position(|bytes| bytes == BETWEEN) {
        let Some((next, after)) = line(&rest[at + BETWEEN.len()..]) else { break };
        files.entry(std::mem::replace(&mut name, next.to_owned())).or_insert(rest[..at].to_vec());
        rest = after;
    }
    files.entry(name).or_insert(rest.to_vec());
    files
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut zip = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zip.write_all(bytes).expect("memory takes it");
    zip.finish().expect("memory takes it")
}

/// Reads files of a dataset as `import` does.
fn read(reads: Reads, names: &[&str], files: &Files) -> (Vec<Document>, Report) {
    let (mut documents, mut report) = (Vec::new(), Report::default());
    let beside = |name: &str| files.get(name).cloned();
    for name in names {
        let bytes = &files[*name];
        match reads {
            Reads::Lines(_, read) => {
                let text = std::str::from_utf8(bytes).expect("it is UTF-8");
                for (at, line) in text.trim_start_matches('\u{feff}').split('\n').enumerate() {
                    let told = report.warnings.len();
                    let source = SourceLine { path: Path::new(GIVEN), name: GIVEN, number: at + 1, text: line };
                    let document = read(&source, &mut report);
                    let is_told = document.is_some() || report.warnings.len() > told;
                    assert!(is_told || line.trim().is_empty(), "line {} is left out in silence", at + 1);
                    documents.extend(document);
                }
            }
            Reads::Files(_, read) => {
                let source = Source { path: Path::new(GIVEN), name, bytes, beside: &beside };
                read(&source, &mut report, &mut |document| documents.push(document));
            }
        }
    }
    (documents, report)
}

/// Documents of one layer put together by id, as `import` does; what has another text is left out there too.
fn together(documents: Vec<Document>) -> Vec<Document> {
    let mut all: Vec<Document> = Vec::new();
    for document in documents {
        let Some(there) = all.iter_mut().find(|other| other.file == document.file) else {
            all.push(document);
            continue;
        };
        if there.text != document.text || there.layer.head().annotator != document.layer.head().annotator {
            continue;
        }
        let mut annotations: Vec<Annotation> = there.layer.annotations().cloned().collect();
        annotations.extend(document.layer.annotations().filter(|it| !there.layer.has_id(&it.id)).cloned());
        let mut relations: Vec<_> = there.layer.relations().into_iter().cloned().collect();
        let known = |id: &str| there.layer.has_id(id);
        relations.extend(document.layer.relations().into_iter().filter(|it| !known(&it.id)).cloned());
        if let Ok(layer) = Layer::from_parts(there.layer.head().clone(), annotations, relations) {
            there.layer = layer;
        }
    }
    all
}

/// Articles whose files an export would not mix up: their names differ in more than the ending.
fn one_each(documents: Vec<Document>) -> Vec<Document> {
    let stem = |file: &str| file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_lowercase();
    let mut seen = std::collections::BTreeSet::new();
    documents.into_iter().filter(|document| seen.insert(stem(&document.file))).collect()
}

/// What is written is read without a warning, and is the same from the second time on.
fn settles(format: &Format, options: &Options, documents: &[Document]) {
    let first = written(format, options, documents);
    let Some(reads) = format.reads else { return };
    // What is kept for its own program alone is told each time.
    let is_kept = |warning: &Warning| warning.message.contains("kept as they are");
    let (once, mut report) = read_all(reads, &first);
    report.warnings.retain(|warning| !is_kept(warning));
    assert!(report.warnings.is_empty(), "{:?}\n{}", report.warnings, shown(&first));
    let second = written(format, options, &once);
    let (twice, mut report) = read_all(reads, &second);
    report.warnings.retain(|warning| !is_kept(warning));
    assert!(report.warnings.is_empty(), "the second time: {:?}\n{}", report.warnings, shown(&second));
    let third = written(format, options, &twice);
    assert!(third == second, "it is another the third time:\n{}\nand\n{}", shown(&second), shown(&third));
}

fn written(format: &Format, options: &Options, documents: &[Document]) -> Files {
    let mut met = LabelSet::default();
    documents.iter().for_each(|document| met.note(&document.layer));
    let text = made(&met, &builtin(), false).0;
    let schema = parse(&text, Path::new("pressmark.ron")).expect("the schema is sound").schema;
    dataset(format, options, &schema, documents).expect("it is written").0
}

fn read_all(reads: Reads, files: &Files) -> (Vec<Document>, Report) {
    let names: Vec<&str> = match reads {
        Reads::Lines(..) => files.keys().map(String::as_str).collect(),
        Reads::Files(endings, _) => {
            let meant = |file: &&String| endings.iter().any(|end| file.ends_with(&format!(".{end}")));
            files.keys().filter(meant).map(String::as_str).collect()
        }
    };
    let (documents, report) = read(reads, &names, files);
    (together(documents), report)
}

/// Files as a person reads them.
fn shown(files: &Files) -> String {
    let file = |(file, bytes): (&String, &Vec<u8>)| format!("== {file}\n{:.3000}\n", String::from_utf8_lossy(bytes));
    files.iter().map(file).collect()
}
