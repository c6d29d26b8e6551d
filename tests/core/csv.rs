//! The tables: rows as RFC 4180 has them, no cell that a spreadsheet would run, and layers back as they were.
//!
//! The reader of rows here is a strict one of its own.

use std::collections::BTreeMap;
use std::path::Path;

use pressmark::formats::csv::FORMAT;
use pressmark::formats::{Document, Kind, Losses, Options, Reads, Report, Source, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;

const TEXT: &str = "=1+1 😀 e\u{301} 北京 Bob said “hi, \"you\"”.\n\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then";

type Files = BTreeMap<String, Vec<u8>>;

fn written(documents: &[Document]) -> (Files, Losses) {
    dataset(&FORMAT, &Options::default(), &builtin(), documents).expect("it is written")
}

fn read(files: &Files) -> (Vec<Document>, Report) {
    let Some(Reads::Files(_, read)) = FORMAT.reads else { panic!("tables are files") };
    let beside = |name: &str| files.get(name).cloned();
    let (mut report, mut found) = (Report::default(), Vec::new());
    for (name, bytes) in files {
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
    let mut person = mark("-p", "entity", "Bob");
    person.attributes.set("type", Some(Value::Text("person".into())));
    person.attributes.set("aliases", Some(Value::Many(["one".into()].into())));
    person.attributes.set("rank", Some(Value::Number(2.5)));
    let mut quote = mark("q", "quote", "“hi, \"you\"”");
    quote.spans = [quote.spans[0], mark("", "x", "مرحبا").spans[0]].into_iter().collect();
    quote.edit_extra(|extra| (extra.note, extra.unsure) = ("'=two\nlines".to_owned(), true));
    let mut speaker = Relation::new("r1", "speaker", "q", "-p");
    speaker.attributes.set("how", Some(Value::Bool(true)));
    speaker.extra.get_or_insert_default().note = "@once".into();
    let links = vec![speaker, Relation::new("r10", "claimant", "i", AUTHOR)];
    let mut head = Head::new("ada", SchemaRef { id: "".into(), version: 0 });
    head.document.set("topic", Some(Value::Text("trade".into())));
    head.document_note = "+ read twice".into();
    let layer = Layer::from_parts(head, vec![person, quote, mark("i", "claim", "=1+1")], links).expect("it is sound");
    Document { file: "news/a.md".to_owned(), text: TEXT.to_owned(), layer }
}

/// The cells of a table, read by the letter of the RFC: rows end in CRLF, and quotes are doubled.
fn cells(table: &[u8]) -> Vec<Vec<String>> {
    let table = str::from_utf8(table).expect("UTF-8");
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, table.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if !quoted => {
                assert!(cell.is_empty(), "a quote begins a cell");
                quoted = true;
            }
            '"' if chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => {
                quoted = false;
                assert!(matches!(chars.peek(), Some(',' | '\r')), "a quote ends a cell");
            }
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted, "the last row is ended");
    rows
}

#[test]
fn a_layer_comes_back_whole_from_tables_that_no_spreadsheet_runs() {
    let whole = layer();
    let (tables, losses) = written(std::slice::from_ref(&whole));
    assert!(losses.is_empty(), "{losses}");
    let text: Vec<char> = TEXT.chars().collect();
    for (name, table) in &tables {
        let rows = cells(table);
        assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{name}");
        for cell in rows.iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
    }
    let rows = cells(&tables["annotations.csv"]);
    assert_eq!(rows[0][..9].join(","), "file,annotator,id,label,type,start,end,text,spans");
    assert_eq!(rows[1][2..9].join(","), "i,claim,,0,4,'=1+1,0:4");
    assert_eq!(rows[2][2..9].join(","), "'-p,entity,person,13,16,Bob,13:16");
    let spans = rows[3][8].split(' ').map(|pair| pair.split_once(':').expect("a pair"));
    let said: Vec<String> = spans
        .map(|(start, end)| text[start.parse().expect("a number")..end.parse().expect("a number")].iter().collect())
        .collect();
    assert_eq!(said, ["“hi, \"you\"”", "مرحبا"]);
    let (back, report) = read(&tables);
    assert_eq!((back.as_slice(), report.warnings), ([whole].as_slice(), vec![]), "all of it comes back");
    assert_eq!(written(&back).0, tables, "and again, to the byte");
}

#[test]
fn what_has_no_place_is_counted() {
    let mut lost = mark("x", "quote", "hi");
    lost.spans.clear();
    lost.edit_extra(|extra| extra.orphan = Some(pressmark::model::Orphan::default()));
    let links = vec![Relation::new("r", "speaker", "x", AUTHOR)];
    let layer = Layer::from_parts(layer().layer.head().clone(), vec![lost], links).expect("it is sound");
    let (tables, losses) = written(&[Document { layer, ..self::layer() }]);
    let told: Vec<(Kind, usize)> = losses.iter().map(|(kind, _, count)| (kind, count.count)).collect();
    assert_eq!(told, [(Kind::Orphan, 1), (Kind::Relation, 1)]);
    assert_eq!((cells(&tables["annotations.csv"]).len(), cells(&tables["relations.csv"]).len()), (1, 1), "heads alone");
}

#[test]
fn tables_of_others_are_read() {
    let tables = files(&[
        ("articles.csv", "\u{feff}Doc;Text;Year\na.txt;\"Ada met\n\"\"Zoë\"\"\";1999\n"),
        (
            "annotations.csv",
            "doc\tannotator\tlabel\tbegin\tend\tscore\na.txt\tada\tPER\t0\t3\t0.5\na.txt\tben\tPER\t9\t12\t\nb.txt\tada\tPER\t0\t1\t\n",
        ),
    ]);
    let (found, report) = read(&tables);
    let kinds: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
    assert_eq!(kinds, [(4, WarningKind::BadPath)]);
    let said: Vec<String> = found
        .iter()
        .flat_map(|it| {
            it.layer.annotations().map(|mark| format!("{} {}", it.layer.head().annotator, mark.text(&it.text)))
        })
        .collect();
    assert_eq!(said, ["ada Ada", "ben Zoë"]);
    assert_eq!(found[0].layer.head().document.text("csv:Year"), Some("1999"));
    assert_eq!(found[0].layer.nth(0).and_then(|mark| mark.attributes.text("csv:score")), Some("0.5"));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let articles = "file,text\r\na.txt,Ada met Bob\r\n";
    for (annotations, kind) in [
        ("file,label,start,end,text\r\na.txt,X,0,99,\r\n", WarningKind::WrongValue),
        ("file,label,start,end,text\r\na.txt,X,,,\r\n", WarningKind::WrongValue),
        ("file,label,start,end,text\r\na.txt,X,1,4,Ada\r\n", WarningKind::Moved),
        ("file,label,start,end,text\r\na.txt,X,1,4,Eve\r\n", WarningKind::Unplaced),
        ("file,label,start,end,attributes\r\na.txt,X,0,3,{\r\n", WarningKind::WrongValue),
        ("file,label,start,end\r\na.txt,X,0,3,4,5\r\n", WarningKind::BrokenLine),
    ] {
        let (_, report) = read(&files(&[("articles.csv", articles), ("annotations.csv", annotations)]));
        let kinds: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
        assert_eq!(kinds, [(2, kind)], "{annotations} {:?}", report.warnings);
    }
    for (name, table) in [
        ("annotations.csv", "file,start\r\n"),
        ("x.csv", "a,b\r\n"),
        ("x.csv", ""),
        ("articles.csv", "file,text\r\n../x,y\r\n"),
    ] {
        let (_, report) = read(&files(&[(name, table)]));
        assert_eq!(report.warnings.len(), 1, "{name} {table}");
    }
}
