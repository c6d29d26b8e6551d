//! Formats whose tokens have tags or spans: CoNLL, CoNLL-U, spaCy, Prodigy and Hugging Face, on one layer of nested, crossing
//! and broken marks.
//!
//! What the other programs need is stated here in small; `tests/clients` has the programs themselves look at it.

use std::collections::BTreeMap;
use std::path::Path;

use pressmark::formats::{
    Document, Done, Format, Kind, Losses, Options, Overlap, Reads, Report, Source, SourceLine, Tags, WarningKind,
};
use pressmark::formats::{conll, conllu, dataset, huggingface, prodigy, spacy};
use pressmark::model::{Annotation, Head, Layer, Relation, SchemaRef, Span, Status, Value};
use pressmark::store::schema::builtin;
use serde_json::Value as Json;

const TEXT: &str = "Mr. Chen said “no”. 😀 unhappy\nBob left.";

fn mark(id: &str, label: &str, kind: &str, words: &str) -> Annotation {
    let at = TEXT.find(words).expect("the words stand there");
    let mut mark = Annotation::new(id, label, Span::from_range(at..at + words.len()));
    mark.attributes.set("type", Some(kind).filter(|it| !it.is_empty()).map(|kind| Value::Text(kind.into())));
    mark
}

fn document() -> Document {
    let mut quote = mark("q", "quote", "", "“no”");
    quote.spans.push(mark("", "", "", "Bob left.").spans[0]);
    quote.edit_extra(|extra| extra.note = "two pieces".to_owned());
    let marks = vec![
        mark("c", "entity", "person", "Chen"),
        mark("m", "entity", "person", "Mr. Chen"),
        mark("u", "entity", "thing", "un"),
        mark("b", "entity", "person", "Bob"),
        quote,
    ];
    let layer = Layer::from_parts(
        Head::new("ada", SchemaRef { id: "news".into(), version: 1 }),
        marks,
        vec![Relation::new("r", "speaker", "q", "c")],
    );
    Document { file: "a.txt".to_owned(), text: TEXT.to_owned(), layer: layer.expect("it is sound") }
}

fn written(format: &Format, options: &Options) -> (BTreeMap<String, Vec<u8>>, Losses) {
    dataset(format, options, &builtin(), &[document()]).expect("it is written")
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("UTF-8")
}

fn count(losses: &Losses, kind: Kind, done: Done) -> usize {
    losses.iter().filter(|(its, how, _)| *its == kind && *how == done).map(|(.., count)| count.count).sum()
}

fn read(format: &Format, name: &str, contents: &str) -> (Vec<Document>, Report) {
    let (mut documents, mut report) = (Vec::new(), Report::default());
    match format.reads.expect("it is read") {
        Reads::Lines(_, read) => {
            let line = |(at, text)| SourceLine { path: Path::new(name), name, number: at + 1, text };
            documents.extend(contents.lines().enumerate().map(line).filter_map(|line| read(&line, &mut report)));
        }
        Reads::Files(_, read) => {
            let source = Source { path: Path::new(name), name, bytes: contents.as_bytes(), beside: &|_| None };
            read(&source, &mut report, &mut |document| documents.push(document));
        }
    }
    (documents, report)
}

/// Label, type and words of all marks.
fn said(document: &Document) -> Vec<String> {
    document.layer.annotations().map(|it| format!("{} {}", it.full_label(), it.text(&document.text))).collect()
}

#[test]
fn conll_has_a_file_for_each_label_and_what_overlaps_gives_way_or_has_a_lane() {
    let (files, losses) = written(&conll::FORMAT, &Options::default());
    let entities = text(&files, "entity.conll");
    assert_eq!(
        entities,
        "-DOCSTART- -X- O O\n\nMr -X- _ B-person\n. -X- _ I-person\nChen -X- _ I-person\nsaid -X- _ O\n“ -X- _ O\nno -X- _ O\n” -X- _ O\n. -X- _ O\n😀 -X- _ O\nun -X- _ B-thing\nhappy -X- _ O\n\nBob -X- _ B-person\nleft -X- _ O\n. -X- _ O\n\n"
    );
    assert!(text(&files, "quote.conll").contains("“ -X- _ B-quote\nno -X- _ I-quote\n” -X- _ I-quote\n"));
    assert_eq!(count(&losses, Kind::Overlap, Done::Covered), 1, "Chen gives way to Mr. Chen");
    assert_eq!(count(&losses, Kind::Discontinuous, Done::Split), 1);
    assert_eq!(count(&losses, Kind::Relation, Done::Dropped), 1);
    assert_eq!(count(&losses, Kind::Spacing, Done::Dropped), 1);
    let lanes = Options { overlap: Overlap::Layers, tags: Tags::Bioes, ..Options::default() };
    let (files, losses) = written(&conll::FORMAT, &lanes);
    assert_eq!(count(&losses, Kind::Overlap, Done::Covered), 0);
    assert!(text(&files, "entity.conll").contains("Bob -X- _ S-person"));
    let both = text(&files, "entity.conll") + &text(&files, "entity-2.conll");
    assert!(both.contains("Chen -X- _ E-person") && both.contains("Chen -X- _ S-person"), "{both}");
}

#[test]
fn conll_of_others_is_read_with_its_columns_and_wrong_lines_are_told() {
    let foreign = "EU NNP I-NP I-ORG\nrejects VBZ I-VP O\nGerman JJ I-NP I-MISC\n\nbroken\nPeter NNP I-NP I-PER\nBlackburn NNP I-NP I-PER\n";
    let (documents, report) = read(&conll::FORMAT, "x.conll", foreign);
    assert_eq!(said(&documents[0]), ["ORG EU", "MISC German", "PER Peter Blackburn"]);
    assert_eq!(documents[0].text, "EU rejects German\nPeter Blackburn");
    let told: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
    assert_eq!(told, [(5, WarningKind::BrokenLine)]);
    assert_eq!(
        documents[0].layer.head().document.text("conll:columns"),
        Some("NNP I-NP\nVBZ I-VP\nJJ I-NP\nNNP I-NP\nNNP I-NP")
    );
    let again = dataset(&conll::FORMAT, &Options::default(), &builtin(), &documents).expect("it is written").0;
    let one = again.values().find(|bytes| String::from_utf8_lossy(bytes).contains("B-ORG")).expect("it is there");
    assert!(
        String::from_utf8_lossy(one).contains("EU NNP I-NP B-ORG\nrejects VBZ I-VP O\n"),
        "columns are written again"
    );
}

#[test]
fn conllu_has_brackets_for_all_marks_and_tags_for_spacy() {
    let (files, losses) = written(&conllu::FORMAT, &Options::default());
    let rows = text(&files, "dataset.conllu");
    for row in [
        "1\tMr\t_\t_\t_\t_\t_\t_\t_\tEntity=(m-person-1|name=B-PERSON|SpaceAfter=No",
        "3\tChen\t_\t_\t_\t_\t_\t_\t_\tEntity=m)(c-person-1)|name=L-PERSON",
        "5\t“\t_\t_\t_\t_\t_\t_\t_\tEntity=(q[1/2]-quote-1|SpaceAfter=No",
        "# text = Mr. Chen said “no”. 😀 unhappy",
        "# relation = {\"id\": \"r\", \"label\": \"speaker\", \"from\": \"q\", \"to\": \"c\"}",
    ] {
        assert!(rows.lines().any(|line| line == row), "{row}\n{rows}");
    }
    assert!(rows.lines().any(|line| line.contains("\thappy\t") && line.ends_with("SpacesAfter=\\n")), "{rows}");
    assert!(rows.lines().all(|line| line.is_empty() || line.starts_with('#') || line.split('\t').count() == 10));
    assert_eq!(count(&losses, Kind::Relation, Done::Kept), 1);
    let (documents, report) = read(&conllu::FORMAT, "dataset.conllu", &rows);
    assert_eq!((said(&documents[0]), report.warnings), (said(&document()), vec![]));
    assert_eq!(documents[0].text, TEXT);
}

#[test]
fn conllu_of_others_keeps_its_grammar() {
    let row = |id: &str, form: &str, misc: &str| format!("{id}\t{form}\tlemma\tNOUN\t_\t_\t0\troot\t_\t{misc}\n");
    let foreign = [
        "# newdoc id = talk\n# global.Entity = GRP-etype-infstat\n# newpar\n# sent_id = s1\n".to_owned(),
        row("1", "Bob", "Entity=(7-animal-new)|MSeg=B-ob"),
        row("2-3", "don't", "_"),
        row("2", "do", "Entity=(8-act-acc"),
        row("3", "n't", "Entity=8)"),
        row("4", "go", "SpaceAfter=No"),
        "\n".to_owned(),
    ]
    .concat();
    let (documents, report) = read(&conllu::FORMAT, "x.conllu", &foreign);
    assert_eq!((said(&documents[0]), report.warnings), (vec!["animal Bob".to_owned(), "act don't".to_owned()], vec![]));
    assert_eq!((documents[0].file.as_str(), documents[0].text.as_str()), ("talk.txt", "Bob don't go"));
    let files = dataset(&conllu::FORMAT, &Options::default(), &builtin(), &documents).expect("it is written").0;
    let again = text(&files, "dataset.conllu");
    for line in [
        "1\tBob\tlemma\tNOUN\t_\t_\t0\troot\t_\tEntity=(7-animal-new)|MSeg=B-ob",
        "# global.Entity = GRP-etype-infstat",
        "# sent_id = s1",
    ] {
        assert!(again.lines().any(|it| it == line), "{line}\n{again}");
    }
    let (_, report) = read(&conllu::FORMAT, "y.conllu", &row("1", "Bob", "Entity=(7-person"));
    assert!(report.warnings[0].message.contains("never closed"), "{:?}", report.warnings);
}

#[test]
fn spacy_has_all_marks_in_spans_and_the_longest_in_ents() {
    let (files, losses) = written(&spacy::FORMAT, &Options::default());
    assert_eq!(count(&losses, Kind::Overlap, Done::Kept), 1);
    let source =
        Source { path: Path::new("00000.spacy"), name: "00000.spacy", bytes: &files["00000.spacy"], beside: &|_| None };
    let (mut found, mut report) = (Vec::new(), Report::default());
    let Some(Reads::Files(_, read)) = spacy::FORMAT.reads else { panic!("spaCy's are files") };
    read(&source, &mut report, &mut |document| found.push(document));
    assert_eq!((found.len(), report.warnings.len()), (1, 0));
    let (back, layer) = (&found[0], document().layer);
    assert_eq!((said(back), back.text.as_str(), back.file.as_str()), (said(&document()), TEXT, "a.txt"));
    let all = |layer: &Layer| layer.annotations().cloned().collect::<Vec<_>>();
    assert_eq!(all(&back.layer), all(&layer), "ids, pieces and notes too");
    assert_eq!(back.layer.relations(), layer.relations());
    let relations: Json = serde_json::from_str(text(&files, "relations.jsonl").trim()).expect("JSON");
    assert_eq!(relations["relations"][0]["label"], "speaker");
}

#[test]
fn prodigys_spans_are_tokens_and_its_answers_are_honoured() {
    let (files, losses) = written(&prodigy::FORMAT, &Options::default());
    let line: Json = serde_json::from_str(text(&files, "dataset.prodigy").trim()).expect("JSON");
    let chars: Vec<char> = TEXT.chars().collect();
    let part = |from: &Json, to: &Json| -> String {
        chars[from.as_u64().unwrap_or(0) as usize..to.as_u64().unwrap_or(0) as usize].iter().collect()
    };
    for span in line["spans"].as_array().expect("spans") {
        let token = |name: &str| &line["tokens"][span[name].as_u64().expect("a token") as usize];
        assert_eq!(token("token_start")["start"], span["start"]);
        assert_eq!(token("token_end")["end"], span["end"], "the last token is included");
    }
    for token in line["tokens"].as_array().expect("tokens") {
        assert_eq!(token["text"], part(&token["start"], &token["end"]));
    }
    let relation = &line["relations"][0];
    assert_eq!((&relation["head"], &relation["label"]), (&relation["head_span"]["token_end"], &"speaker".into()));
    assert_eq!(count(&losses, Kind::Overlap, Done::Setting), 2, "Chen, and Bob in the quote");
    let foreign = r#"{"text":"R&B voice","spans":[{"start":0,"end":3,"label":"X","score":0.5}],"_task_hash":-5,"answer":"reject"}"#;
    let (documents, report) = read(&prodigy::FORMAT, "x.jsonl", foreign);
    let head = documents[0].layer.head();
    assert_eq!((documents[0].layer.len(), head.status, report.warnings.len()), (0, Status::Skipped, 0));
    assert!(head.document.text("prodigy:spans").is_some_and(|spans| spans.contains("0.5")));
    let again = dataset(&prodigy::FORMAT, &Options::default(), &builtin(), &documents).expect("it is written").0;
    let again: Json = serde_json::from_str(text(&again, "dataset.prodigy").trim()).expect("JSON");
    assert_eq!(
        (&again["answer"], &again["spans"][0]["score"], &again["_task_hash"]),
        (&"reject".into(), &0.5.into(), &(-5).into())
    );
}

#[test]
fn tables_of_others_are_read_by_spans_or_by_tags() {
    let rows = "{\"id\": \"7\", \"tokens\": [\"Zoë\", \"met\", \"Bob\"], \"ner_tags\": [\"B-PER\", \"O\", \"S-PER\"]}\n{\"text\": \"😀 Bob\", \"entities\": [{\"start\": 2, \"end\": 5, \"label\": \"PER\"}], \"source\": {\"url\": 1}}\n{\"tokens\": [\"a\"], \"ner_tags\": [3]}\n3\n";
    let (documents, report) = read(&huggingface::FORMAT, "x.jsonl", rows);
    assert_eq!(
        documents.iter().map(said).collect::<Vec<_>>(),
        [vec!["PER Zoë".to_owned(), "PER Bob".to_owned()], vec!["PER Bob".to_owned()], vec![]]
    );
    assert_eq!(documents[1].layer.head().document.text("huggingface:source"), Some("{\"url\":1}"));
    let told: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
    assert_eq!(told, [(3, WarningKind::WrongValue), (4, WarningKind::BrokenLine)]);
}
