//! WebAnno TSV: what is written can be read by WebAnno's rules, and comes back as it was.
//!
//! The reader of rules here puts the text together as WebAnno does, and holds every row against it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pressmark::formats::webanno_tsv::FORMAT;
use pressmark::formats::{Document, Done, Kind, Losses, Options, Reads, Report, Source, WarningKind, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, RelationExtra, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;

const TEXT: &str =
    "\n 😀 é e\u{301} 北京 Bob said “hi” [x_y].  Then he\nleft.\n\n\nقال\tخالد مرحبا. Zoë “spoke” on\\n.\u{2028}End ";

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let mut head = Head::new("ada", SchemaRef { id: "".into(), version: 0 });
    head.document.set("topic", Some(Value::Text("trade".into())));
    head.document.set("seen", Some(Value::Bool(true)));
    head.document_note = "of the article".to_owned();
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

fn written(document: &Document) -> (BTreeMap<String, Vec<u8>>, Losses) {
    dataset(&FORMAT, &Options::default(), &builtin(), std::slice::from_ref(document)).expect("it is written")
}

fn read(name: &str, bytes: &[u8]) -> (Vec<Document>, Report) {
    let Some(Reads::Files(_, read)) = FORMAT.reads else { panic!("it is read by files") };
    let (mut report, mut found) = (Report::default(), Vec::new());
    let source = Source { path: Path::new(name), name, bytes, beside: &|_| None };
    read(&source, &mut report, &mut |document| found.push(document));
    (found, report)
}

fn whole() -> Document {
    let mut person = mark("p1", "entity", &["Bob"]);
    person.attributes.set("type", text("person"));
    person.attributes.set("link", text("a_b|c;[d]*->\\\te\nf"));
    let mut part = mark("p2", "entity", &["北"]);
    part.attributes.set("type", text("a b"));
    part.attributes.set("count", Some(Value::Number(2.0)));
    // In pieces: apart, next to each other, and with white space at an edge.
    let mut quote = mark("q1", "quote", &["“hi”", "“spoke” on"]);
    quote.attributes.set("claim-type", Some(Value::Many(["x|y".into(), "z\\".into()].into())));
    quote.edit_extra(|extra| {
        extra.note = "two\nlines".to_owned();
        extra.unsure = true;
    });
    let next = mark("q2", "quote", &["Bob", "said"]);
    let wide = mark("q3", "quote", &["said “hi” [x_y].  "]);
    let mut speaker = Relation::new("r1", "speaker", "q1", "p1");
    speaker.attributes.set("how", text("_"));
    speaker.extra = Some(Box::new(RelationExtra { note: "n".to_owned(), ..RelationExtra::default() }));
    let mut slot = Relation::new("s1", "agent", "q2", "p2");
    slot.attributes.set("cas:slot", text("links link webanno.custom.Link"));
    let links = vec![
        speaker,
        Relation::new("r2", "same", "p2", "p1"),
        Relation::new("r3", "claimant", "q2", AUTHOR),
        Relation::new("r4", "my link", "q3", "p1"),
        slot,
    ];
    document(vec![person, part, quote, next, wide], links)
}

#[test]
fn a_layer_comes_back_with_all_that_it_says() {
    let before = whole();
    let (files, losses) = written(&before);
    let kinds: Vec<(Kind, Done)> = losses.iter().map(|(kind, done, _)| (kind, done)).collect();
    assert_eq!(kinds, [(Kind::Discontinuous, Done::Kept), (Kind::RelationToAuthor, Done::Kept)]);
    let (after, report) = read("news/talks.tsv", &files["news/talks.tsv"]);
    assert_eq!(report.warnings, []);
    assert_eq!(after, std::slice::from_ref(&before));
    assert_eq!(written(&after[0]).0, files, "and again, to the byte");
}

/// The text as WebAnno puts it together, and its rows: number, word and cells.
fn as_webanno(tsv: &str) -> (Vec<u16>, Vec<(String, (usize, usize), Vec<String>)>) {
    let (mut all, mut rows, mut sentence): (Vec<u16>, Vec<_>, String) = (Vec::new(), Vec::new(), String::new());
    let columns: usize = tsv.lines().filter(|line| line.starts_with("#T_")).map(|line| line.matches('|').count()).sum();
    for line in tsv.split('\n').skip_while(|line| line.starts_with("#T_") || line.starts_with("#FORMAT")) {
        if let Some(text) = line.strip_prefix("#Text=") {
            let text = text.replace("\\\\", "\u{1}").replace("\\t", "\t").replace('\u{1}', "\\");
            sentence.push_str(&format!("{text}\n"));
        } else if !line.is_empty() && !line.starts_with('#') {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!((fields.len(), fields.last()), (columns + 4, Some(&"")), "a row ends with a tab: {line}");
            let (begin, end) = fields[1].split_once('-').expect("two offsets");
            let (begin, end): (usize, usize) = (begin.parse().expect("begin"), end.parse().expect("end"));
            if !sentence.is_empty() {
                if all.len() == begin + 1 {
                    assert_eq!(all.pop(), Some(10));
                }
                all.resize(begin.max(all.len()), 32);
                assert_eq!(all.len(), begin, "a sentence begins where its first token does: {line}");
                all.extend(std::mem::take(&mut sentence).encode_utf16());
            }
            assert_eq!(String::from_utf16(&all[begin..end]).expect("no character is cut"), fields[2], "{line}");
            rows.push((
                fields[0].to_owned(),
                (begin, end),
                fields[3..fields.len() - 1].iter().map(ToString::to_string).collect(),
            ));
        }
    }
    (all, rows)
}

#[test]
fn webanno_finds_the_words_where_they_are_and_every_reference() {
    let tsv = String::from_utf8(written(&whole()).0["news/talks.tsv"].clone()).expect("UTF-8");
    assert!(tsv.starts_with("#FORMAT=WebAnno TSV 3.3\n#T_SP="), "{tsv}");
    let header = tsv.split("\n\n\n").next().expect("two empty lines after the header");
    assert!(header.lines().skip(1).all(|line| line.starts_with("#T_SP=") || line.starts_with("#T_RL=")), "{header}");
    assert!(header.contains("|ROLE_webanno.custom.Quote:links_webanno.custom.Link|uima.tcas.Annotation"), "{header}");
    assert!(header.contains("#T_RL=webanno.custom.Same|BT_webanno.custom.Entity"), "{header}");
    let (all, rows) = as_webanno(&tsv);
    let spaces = |text: &str| text.replace(['\n', '\t', '\u{2028}'], " ").trim_end().to_owned();
    assert_eq!(spaces(&String::from_utf16(&all).expect("sound")), spaces(TEXT), "but for white space it is the text");
    let numbers: BTreeSet<&str> = rows.iter().map(|(number, ..)| number.as_str()).collect();
    let mut given = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for (number, (begin, end), cells) in &rows {
        assert!((begin < end) != number.contains('.'), "{number}: the author alone is a part of a token");
        for cell in cells {
            for item in cell.split('|') {
                let Some((before, inside)) = item.strip_suffix(']').and_then(|item| item.rsplit_once('[')) else {
                    continue;
                };
                if numbers.contains(before) {
                    asked.extend(inside.split('_').map(str::to_owned));
                } else {
                    given.insert(inside.to_owned());
                }
            }
        }
    }
    assert!(!asked.is_empty() && asked.is_subset(&given), "{asked:?} of {given:?}\n{tsv}");
}

#[test]
fn what_has_no_token_is_counted() {
    let blank = mark("b", "quote", &["\n\n"]);
    let mut made = mark("m", "quote", &["End"]);
    made.edit_extra(|extra| extra.made = Some("2026-07-18T10:00:00Z".into()));
    let mut slot = Relation::new("s", "links", "m", "m");
    slot.attributes.set("cas:slot", text("links link webanno.custom.Link"));
    slot.attributes.set("how", text("sure"));
    let (_, losses) = written(&document(vec![blank, made], vec![Relation::new("r", "about", "m", "b"), slot]));
    let kinds: Vec<(Kind, Done)> = losses.iter().map(|(kind, done, _)| (kind, done)).collect();
    assert_eq!(
        kinds,
        [Kind::Blank, Kind::Relation, Kind::RelationAttribute, Kind::Origin].map(|kind| (kind, Done::Dropped))
    );
}

const FOREIGN: &str = "#FORMAT=WebAnno TSV 3.2\n#T_SP=webanno.custom.Event|kind|ROLE_webanno.custom.Event:links_webanno.custom.Link|webanno.custom.Who\n\
#T_SP=webanno.custom.Who|\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n\
#T_CH=webanno.custom.CorefLink|referenceType|referenceRelation\n#T_RL=webanno.custom.Rel|value|BT_webanno.custom.Who\n\
#T_RL=webanno.custom.OnWords|BT_de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token\n#Summary=what it says\n\n\n\
#Text=😀 Ada met Ben .\n\
1-1\t0-2\t😀\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n\
1-2\t3-6\tAda\t_\t_\t_\t*\tNNP\t[1]\t*->1-1\t_\t_\t_\t\n\
1-3\t7-10\tmet\ta\\|b\tby;*\t1-2;1-4[2]\t_\t_\t_\t_\t_\t_\t_\t\n\
1-4\t11-14\tBen\t_\t_\t_\t*[2]|*[3]\t_\the[1]\tsame->1-2\tknows|*\t1-2[0_2]|1-2[0_3]\t1-2\t\n\
1-5\t15-16\t.\t_\t_\t_\t*[3]\t_\t_\t_\t_\t_\t_\t\n\
\n#Text=So .\n2-1\t17-19\tSo\t_\t_\t_\t*[9]\t_\t_\t_\t_\t_\t_\t\n2-1.1\t17-18\tS\t_\t_\t_\t*\t_\t_\t_\t_\t_\t_\t\n2-2\t20-21\t.\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n";

#[test]
fn webannos_layers_slots_chains_and_stacks_are_taken() {
    let (found, report) = read("annotation/talk.txt/ben.tsv", FOREIGN.as_bytes());
    let (document, layer) = (&found[0], &found[0].layer);
    assert_eq!(document.text, "😀 Ada met Ben .\nSo .");
    assert_eq!((document.file.as_str(), layer.head().annotator.as_str()), ("talk.txt", "ben"));
    assert_eq!(layer.head().document.text("webanno:Summary"), Some("what it says"));
    let said = |it: &Annotation| format!("{} {}", it.label, it.text(&document.text));
    let told: Vec<String> = layer.annotations().map(said).collect();
    let wanted = [
        "CorefLink Ada",
        "Token Ada",
        "Who Ada",
        "Event met",
        "Who Ben .",
        "CorefLink Ben",
        "Token Ben",
        "Who Ben",
        "Who So",
        "Who S",
    ];
    assert_eq!(told.iter().map(String::as_str).collect::<BTreeSet<_>>(), wanted.into_iter().collect());
    let end = |id: &str| layer.get(id).map(said).unwrap_or_default();
    let links: BTreeSet<String> =
        layer.relations().iter().map(|it| format!("{}: {} > {}", it.label, end(&it.from), end(&it.to))).collect();
    let wanted = [
        "by: Event met > Who Ada",
        "links: Event met > Who Ben",
        "Rel: Who Ada > Who Ben",
        "Rel: Who Ada > Who Ben .",
        "OnWords: Token Ada > Token Ben",
        "next: CorefLink Ada > CorefLink Ben",
    ];
    assert_eq!(links.iter().map(String::as_str).collect::<BTreeSet<_>>(), wanted.into_iter().collect());
    let event = layer.annotations().find(|it| it.label == "Event").expect("it is there");
    assert_eq!(event.attributes.text("kind"), Some("a|b"));
    let kinds: Vec<(usize, WarningKind)> = report.warnings.iter().map(|it| (it.line, it.kind)).collect();
    assert_eq!(kinds, [(13, WarningKind::UnknownField)], "grammar: {:?}", report.warnings);
    let again = String::from_utf8(written(document).0["talk.tsv"].clone()).expect("UTF-8");
    assert!(
        again.contains(
            "#T_SP=webanno.custom.Event|kind|ROLE_webanno.custom.Event:links_webanno.custom.Link|webanno.custom.Who\n"
        ),
        "{again}"
    );
    let (twice, report) = read("talk.tsv", again.as_bytes());
    assert_eq!((twice, report.warnings), (found, vec![]));
}

#[test]
fn offsets_in_code_points_are_found_out_and_what_is_wrong_is_told() {
    // After the emoji each offset is one less where code points are counted.
    let points = "#FORMAT=WebAnno TSV 3.1\n#T_SP=webanno.custom.Who|\n\n\n#Text=😀 Ada\n1-1\t0-1\t😀\t_\t\n1-2\t2-5\tAda\t*\t\n\n#Text=Ben\n2-1\t6-9\tBen\t*\t\n";
    let (found, report) = read("a.tsv", points.as_bytes());
    assert_eq!(found[0].text, "😀 Ada\nBen");
    let words: Vec<String> = found[0].layer.annotations().map(|it| it.text(&found[0].text)).collect();
    assert_eq!(words, ["Ada", "Ben"]);
    assert!(matches!(&report.warnings[..], [one] if one.kind == WarningKind::OtherUnit), "{:?}", report.warnings);

    for bytes in [
        "",
        "a\tb\n",
        "#FORMAT=WebAnno TSV 2.0\n",
        "#FORMAT=WebAnno TSV 3.3\n\n\n",
        "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=x\nx\n",
    ] {
        let (found, report) = read("a.tsv", bytes.as_bytes());
        assert!(found.is_empty() && !report.warnings.is_empty(), "{bytes:?}");
    }
    let broken = "#FORMAT=WebAnno TSV 3.3\n#T_SP=a.Who|x\n#T_RL=a.Rel|BT_a.Who\n\n\n#Text=Ada met\n#What=1\n1-1\t0-3\tAda\tv[1]\t9-9\t\nrow\n\
        1-2\t4-7\tmet\tv[1]\t1-1[7_8]\t_\t_\t\n1-2\t4-99999999999999999999\tmet\n\n#Text=so\n2-1\t900000000000-900000000002\tso\tw\t_\t\n";
    let (found, report) = read("a.tsv", broken.as_bytes());
    assert_eq!(found[0].text, "Ada met\nso");
    let lines: BTreeSet<usize> = report.warnings.iter().map(|it| it.line).collect();
    assert_eq!(lines, [7, 8, 9, 10, 11, 14].into(), "{:#?}", report.warnings);
}
