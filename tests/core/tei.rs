//! TEI: the characters of the body are the text, and every mark stands where it is, in the text or by a pointer.
//!
//! A small reader of its own looks: elements by their id with the offsets of their characters, and pointers taken apart.

use std::collections::BTreeMap;

use pressmark::formats::tei::FORMAT;
use pressmark::formats::{Document, Done, Kind, Losses, Options, dataset};
use pressmark::model::{AUTHOR, Annotation, Head, Layer, Orphan, Quoted, Relation, SchemaRef, Span, Value};
use pressmark::store::schema::builtin;
use proptest::prelude::*;
use quick_xml::events::Event;

const TEXT: &str = "\n😀 é “Hi & <b>,\nyou” said Zoë.\n \t\nقال خالد\tمرحبا. 👩‍👩‍👧 left\u{2028}then\u{1}\n\nEnd";

fn written(document: &Document) -> (String, Losses) {
    let (mut files, losses) =
        dataset(&FORMAT, &Options::default(), &builtin(), std::slice::from_ref(document)).expect("it is written");
    let (file, bytes) = files.pop_first().expect("a file");
    assert_eq!(file, "news/a.tei.xml");
    (String::from_utf8(bytes).expect("UTF-8"), losses)
}

/// The body's characters, and by their id the bytes of each element in it and of each `span` beside it.
fn places(xml: &str) -> (String, BTreeMap<String, Vec<(usize, usize)>>) {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut text, mut found, mut open, mut pointers) = (String::new(), BTreeMap::new(), Vec::new(), Vec::new());
    let mut inside = false;
    loop {
        match reader.read_event().expect("it is well-formed") {
            Event::Start(start) => {
                inside |= start.name().as_ref() == "body";
                let value = |name: &str| {
                    let found = start.try_get_attribute(name).expect("attributes are sound");
                    found.map(|it| it.value.into_owned())
                };
                if let Some(target) = value("target").filter(|_| start.name().as_ref() == "span") {
                    pointers.push((value("xml:id").expect("an id"), target));
                }
                open.push((value("xml:id").filter(|_| inside), text.len()));
            }
            Event::End(end) => {
                inside &= end.name().as_ref() != "body";
                if let Some((Some(id), start)) = open.pop() {
                    assert!(found.insert(id, vec![(start, text.len())]).is_none(), "ids are there once");
                }
            }
            Event::Text(more) if inside => text.push_str(&more.xml10_content()),
            Event::GeneralRef(name) if inside => {
                text.push_str(quick_xml::escape::resolve_xml_entity(&name).expect("XML's own"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    for (id, target) in pointers {
        let range = target.strip_prefix("#string-range(body,").and_then(|it| it.strip_suffix(')')).expect("a pointer");
        let numbers: Vec<usize> = range.split(',').map(|number| number.parse().expect("a number")).collect();
        let byte =
            |char: usize| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(char).expect("in the text");
        let stretches = numbers.chunks(2).map(|pair| (byte(pair[0]), byte(pair[0] + pair[1]))).collect();
        assert!(found.insert(id, stretches).is_none(), "a mark is in the text or beside it");
    }
    (text, found)
}

fn mark(id: &str, label: &str, words: &[&str]) -> Annotation {
    let spans = words.iter().map(|words| {
        let at = TEXT.find(words).expect("the words stand there");
        Span::from_range(at..at + words.len())
    });
    let mut annotation = Annotation::new(id, label, Span::new(0, 1));
    annotation.spans = spans.collect();
    annotation
}

fn document(annotations: Vec<Annotation>, relations: Vec<Relation>) -> Document {
    let mut head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
    head.document.set("language", Some(Value::Text("en".into())));
    let layer = Layer::from_parts(head, annotations, relations).expect("it is sound");
    Document { file: "news/a.txt".to_owned(), text: TEXT.to_owned(), layer }
}

fn person(id: &str, words: &str) -> Annotation {
    let mut person = mark(id, "entity", &[words]);
    person.attributes.set("type", Some(Value::Text("person".into())));
    person
}

#[test]
fn marks_that_nest_are_elements_and_the_others_stand_beside_the_text() {
    let mut quote = mark("q", "quote", &["“Hi & <b>,\nyou”"]);
    quote.attributes.set("form", Some(Value::Text("direct".into())));
    let mut claim = mark("c", "claim", &["you” said"]);
    claim.edit_extra(|extra| (extra.note, extra.unsure) = ("so <it> is".to_owned(), true));
    let mut lost = mark("o", "claim", &["left"]);
    lost.spans.clear();
    lost.edit_extra(|extra| {
        let spans = vec![Quoted { start: 0, end: 1, text: "x".to_owned() }];
        extra.orphan = Some(Orphan { spans, ..Orphan::default() });
    });
    let pieces = mark("two parts", "quote", &["مرحبا", "left"]);
    let mut speaker = Relation::new("r", "speaker", "q", "z");
    speaker.attributes.set("sure", Some(Value::Bool(false)));
    let links = vec![speaker, Relation::new("s", "claimant", "c", AUTHOR), Relation::new("t", "same", "o", "z")];
    let (xml, losses) = written(&document(vec![quote, claim, person("z", "Zoë"), lost, pieces], links));
    for part in [
        "<title>news/a.txt</title>\n<author xml:id=\"author\">",
        "<category xml:id=\"c-entity-person\" n=\"person\"><catDesc>entity: person</catDesc></category>",
        "<p>😀 é <said xml:id=\"m-q\" ana=\"#c-quote #f-m-q\" who=\"#m-z\" direct=\"true\">“Hi &amp; &lt;b&gt;,<lb/>\nyou”</said> said <persName xml:id=\"m-z\" ana=\"#c-entity-person\">Zoë</persName>.</p>\n \t\n<p>",
        "<span xml:id=\"m-c\" ana=\"#c-claim\" cert=\"low\" type=\"claim\" target=\"#string-range(body,16,9)\">you” said</span>",
        "<span xml:id=\"m-two_parts\" n=\"two parts\" ana=\"#c-quote\" type=\"quote\" target=\"#string-range(body,",
        "<relation xml:id=\"r-r\" name=\"speaker\" active=\"#m-q\" passive=\"#m-z\" ana=\"#f-r-r\"/>",
        "<relation xml:id=\"r-s\" name=\"claimant\" active=\"#m-c\" passive=\"#author\"/>",
        "<f name=\"form\"><string>direct</string></f>",
        "<f name=\"sure\"><binary value=\"false\"/></f>",
        "<note target=\"#m-c\">so &lt;it&gt; is</note>",
        "<text xml:lang=\"en\" ana=\"#f-article\"><body xml:id=\"body\" xml:space=\"preserve\">\n<p>",
        "then\u{FFFD}</p>\n\n<p>End</p></body>",
        "U+FFFD in body: 65: U+0001.",
    ] {
        assert!(xml.contains(part), "{part}\nis not in\n{xml}");
    }
    let told: Vec<(Kind, Done, usize)> = losses.iter().map(|(kind, done, count)| (kind, done, count.count)).collect();
    let expected = [
        (Kind::Orphan, Done::Dropped, 1),
        (Kind::Discontinuous, Done::Kept, 1),
        (Kind::Overlap, Done::Kept, 1),
        (Kind::Relation, Done::Dropped, 1),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_text_of_white_space_alone_has_a_paragraph() {
    let blank = Document { text: " \n\n".to_owned(), ..document(vec![], vec![]) };
    assert!(written(&blank).0.contains("xml:space=\"preserve\"> \n\n<p/></body>"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_mark_stands_where_it_is(cuts in prop::collection::vec((0usize..80, 1usize..20, 0usize..4, any::<bool>()), 0..10)) {
        let bounds: Vec<usize> = TEXT.char_indices().map(|(at, _)| at).chain([TEXT.len()]).collect();
        let last = bounds.len() - 1;
        let marks = cuts.iter().enumerate().map(|(id, &(start, length, label, two))| {
            let (start, end) = (start.min(last - 1), (start + length).min(last).max(1));
            let start = start.min(end - 1);
            let mut mark = Annotation::new(format!("{id}"), ["quote", "claim", "PER", "x y"][label], Span::from_range(bounds[start]..bounds[end]));
            if two && end + 2 <= last {
                mark.spans.push(Span::from_range(bounds[end + 1]..bounds[end + 2]));
            }
            mark
        });
        let document = document(marks.collect(), vec![]);
        let (xml, _) = written(&document);
        let (text, mut found) = places(&xml);
        prop_assert_eq!(&text, &TEXT.replace('\u{1}', "\u{FFFD}"));
        found.remove("body");
        let chars = |text: &str, byte: usize| text[..byte].chars().count();
        for mark in document.layer.annotations() {
            let place = found.remove(&format!("m-{}", mark.id)).expect("it is there");
            let place: Vec<_> = place.iter().map(|&(start, end)| (chars(&text, start), chars(&text, end))).collect();
            let was: Vec<_> = mark.spans.iter().map(|it| (chars(TEXT, it.start() as usize), chars(TEXT, it.end() as usize))).collect();
            prop_assert_eq!(place, was);
        }
        prop_assert!(found.is_empty(), "{:?}", found);
    }
}
