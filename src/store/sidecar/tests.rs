//! Round trips and refusals of sidecars.
//!
//! What is read is written back to the byte, and what is wrong is said with its place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::article::Article;
use crate::model::{
    Annotation, Attributes, Comment, CommentTarget, Decision, Head, Layer, Origin, Orphan, Quoted, Rejected, Relation,
    RelationExtra, SchemaRef, Span, Status, Value,
};
use crate::store::schema::builtin;
use crate::store::{Severity, StoreError};

/// An emoji with ZWJ, a combining mark, CRLF, Arabic, Chinese, Burmese, quotation marks, a tab and bidi controls.
const TEXT: &str =
    "Ada \"said\" 👩🏽\u{200d}🎤 cafe\u{301}\r\nقال خالد \u{202b}x\u{202c} 中文。\r\n\tမြန်မာ\\ \u{feff}end.";

fn article(text: &str) -> Article {
    Article {
        path: PathBuf::from("talks.txt"),
        text: Arc::from(text),
        encoding: "UTF-8",
        sha256: crate::article::sha256_hex(text.as_bytes()),
        text_sha256: crate::article::sha256_hex(text.as_bytes()),
        chars: text.chars().count() as u64,
        invalid: Vec::new(),
        warnings: Vec::new(),
        shape: std::sync::OnceLock::new(),
    }
}

fn head() -> Head {
    Head::new("ann1", SchemaRef { id: "news".into(), version: 1 })
}

fn read(article: &Article, sidecar: &str) -> Result<LoadedLayer, StoreError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("talks.txt.ann1.ron");
    std::fs::write(&path, sidecar).expect("it is written");
    read_layer(&path, article, &builtin())
}

/// A sidecar of `TEXT` whose list of annotations and what follows is given.
fn sidecar(rest: &str) -> String {
    let article = article(TEXT);
    write_layer(&article, &Layer::new(head())).replace("    annotations: [],\n", rest)
}

fn said() -> &'static str {
    r#"(id: "a1", label: "entity", spans: [(0, 3, "Ada")])"#
}

fn arb_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        any::<String>().prop_map(|text| text.chars().take(12).collect()),
        prop::sample::select(vec![
            "\u{200d}",
            "\u{2028}\u{7f}\u{85}\0",
            "မြန်မာ",
            "قال\u{202e}",
            "\"\\\"",
            "\\u{41}",
            "r#\"x\"#"
        ])
        .prop_map(str::to_owned),
    ]
}

fn arb_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        arb_text().prop_map(|text| Value::Text(text.into())),
        prop::collection::vec(arb_text(), 0..3).prop_map(|all| Value::Many(all.into_iter().map(Into::into).collect())),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::Number),
        (-1_000_000i64..1_000_000).prop_map(|number| Value::Number(number as f64)),
    ]
}

fn arb_attributes() -> impl Strategy<Value = Attributes> {
    prop::collection::vec((arb_text(), arb_value()), 0..3)
        .prop_map(|all| all.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn arb_quoted() -> impl Strategy<Value = Quoted> {
    (0u64..2000, 0u64..2000, arb_text()).prop_map(|(start, end, text)| Quoted { start, end, text })
}

/// An annotation on a whole text, with its spans cut at character boundaries.
fn arb_annotation(id: String) -> impl Strategy<Value = Annotation> {
    let bounds: Vec<u32> = TEXT.char_indices().map(|(at, _)| at as u32).chain([TEXT.len() as u32]).collect();
    let cuts = prop::collection::btree_set(prop::sample::select(bounds), 2..5);
    let orphan = prop::option::weighted(
        0.2,
        (
            prop::collection::vec(arb_quoted(), 0..3),
            (arb_text(), arb_text()),
            prop::collection::vec(arb_quoted(), 0..2),
        ),
    );
    let origin = prop::option::weighted(0.3, (arb_text(), prop::option::of("[a-z]{1,8}")));
    (cuts, arb_attributes(), arb_text(), any::<bool>(), origin, orphan).prop_map(
        move |(cuts, attributes, note, unsure, origin, orphan)| {
            let cuts: Vec<u32> = cuts.into_iter().collect();
            let mut annotation = Annotation::new(id.as_str(), "entity", Span::new(cuts[0], cuts[1]));
            if let [_, _, start, end] = cuts[..] {
                annotation.spans.push(Span::new(start, end));
            }
            annotation.attributes = attributes;
            annotation.edit_extra(|extra| {
                extra.note = note;
                extra.unsure = unsure;
                extra.origin =
                    origin.map(|(by, rule)| Origin { by: by.into(), rule: rule.map(Into::into), ..Origin::default() });
                extra.orphan = orphan.map(|(spans, context, candidates)| Orphan { spans, context, candidates });
            });
            if annotation.orphan().is_some() {
                annotation.spans.clear();
            }
            annotation
        },
    )
}

fn arb_layer() -> impl Strategy<Value = Layer> {
    let annotations = (0usize..6).prop_flat_map(|count| {
        (0..count).map(|at| arb_annotation(format!("a{at}")).boxed()).collect::<Vec<BoxedStrategy<Annotation>>>()
    });
    (annotations, arb_annotation("other".to_owned()), arb_attributes(), arb_text(), arb_quoted(), 0usize..4).prop_map(
        |(mut annotations, other, attributes, text, quoted, status)| {
            let mut relations = Vec::new();
            let mut head = head();
            head.status = Status::ALL[status];
            if let Some(first) = annotations.first_mut() {
                first.edit_extra(|extra| {
                    extra.conflict = vec![other.clone()];
                    extra.made = Some("2026-11-24T03:16:50Z".into());
                });
                let mut relation = Relation::new("r1", "same", "a0", "author");
                relation.attributes = attributes.clone();
                let extra = RelationExtra {
                    note: text.clone(),
                    made: None,
                    conflict: vec![Relation::new("r1", "about", "a", "b")],
                };
                relation.extra = Some(Box::new(extra));
                relations.push(relation);
                head.decisions.push(Decision {
                    id: "d1".into(),
                    sources: vec![("ada".into(), "a0".into())],
                    verdict: "chosen".into(),
                    result: Some("a0".into()),
                    rejected: vec![other],
                    reason: text.clone(),
                    comment: String::new(),
                    by: "ada".into(),
                    made: None,
                    layers: vec![("ben".into(), "00".into()), ("ada".into(), "ff".into())],
                });
                for (id, on) in [
                    ("c1", Some(CommentTarget::Span(quoted))),
                    ("c2", Some(CommentTarget::Annotation("ada".into(), "a0".into()))),
                    ("c3", None),
                ] {
                    head.comments.push(Comment {
                        id: id.into(),
                        on,
                        text: text.clone(),
                        by: "ada".into(),
                        made: None,
                        reply_to: Some("c1".into()),
                        resolves: id == "c2",
                    });
                }
                head.rejected.push(Rejected { rule: "gazetteer".into(), label: "entity".into(), text: text.clone() });
                head.conflict.push(("status".into(), "done".into()));
            }
            head.document = attributes;
            head.document_note = text;
            Layer::from_parts(head, annotations, relations).expect("its parts fit")
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_and_written_to_the_byte(layer in arb_layer()) {
        let article = article(TEXT);
        let written = write_layer(&article, &layer);
        let loaded = read(&article, &written).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&loaded.layer, &layer);
        prop_assert_eq!(&loaded.read_only, &None);
        prop_assert_eq!(write_layer(&article, &loaded.layer), written);
    }

    #[test]
    fn peek_agrees_with_a_full_reading(layer in arb_layer()) {
        let article = article(TEXT);
        let folder = tempfile::tempdir()?;
        let written = write_layer(&article, &layer);
        // The second is the same in another form, which lines do not tell.
        for contents in [written.clone(), written.replace("\n    status", "\n  status")] {
            let path = folder.path().join("talks.txt.ann1.ron");
            std::fs::write(&path, contents)?;
            let peek = peek(&path).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!((peek.status, peek.annotations), (layer.head().status, layer.len()));
            prop_assert_eq!((peek.annotator.as_str(), peek.encoding.as_str()), ("ann1", "UTF-8"));
        }
    }

    #[test]
    fn no_sidecar_makes_the_reader_panic(cut in 0usize..2000, put in "\\PC{0,6}", layer in arb_layer()) {
        let article = article(TEXT);
        let mut written = write_layer(&article, &layer);
        let at = (0..=cut.min(written.len())).rev().find(|&at| written.is_char_boundary(at)).unwrap_or(0);
        let whole = written.trim_end().len();
        written.insert_str(at, &put);
        let _ = read(&article, &written);
        written.truncate(at);
        prop_assert!(at >= whole || read(&article, &written).is_err());
    }
}

#[test]
fn the_canonical_form_is_exactly_this() {
    let article = article("Ada said \u{201c}no\u{200d}\u{201d}.\n");
    let mut person = Annotation::new("a1", "entity", Span::new(0, 3));
    person.attributes.set("type", Some(Value::Text("person".into())));
    person.attributes.set("mention", Some(Value::Text("name".into())));
    person.edit_extra(|extra| {
        extra.note = "Who?".into();
        extra.unsure = true;
        extra.origin = Some(Origin { by: "suggestion".into(), rule: Some("gazetteer".into()), ..Origin::default() });
        extra.made = Some("2026-11-24T03:16:50Z".into());
    });
    let quote = Annotation::new("a2", "quote", Span::new(9, 20));
    let mut lost = Annotation::new("a3", "claim", Span::new(0, 0));
    lost.spans.clear();
    lost.edit_extra(|extra| {
        extra.orphan = Some(Orphan {
            spans: vec![Quoted { start: 2, end: 4, text: "xy".into() }],
            context: ("b".into(), String::new()),
            candidates: vec![Quoted { start: 5, end: 7, text: "xy".into() }],
        });
    });
    let mut head = head();
    head.status = Status::Done;
    head.document.set("topic", Some(Value::Text("trade".into())));
    head.document_note = "Long.".into();
    let relations = vec![Relation::new("r1", "speaker", "a2", "a1")];
    let layer = Layer::from_parts(head, vec![lost, quote, person], relations).expect("its parts fit");
    let expected = r#"(
    format: 1,
    source: (file: "talks.txt", sha256: "HASH", encoding: "UTF-8", text_sha256: "HASH", chars: 16),
    schema: (id: "news", version: 1),
    annotator: "ann1",
    status: "done",
    document: (attributes: {"topic": "trade"}, note: "Long."),
    annotations: [
        (id: "a1", label: "entity", spans: [(0, 3, "Ada")], context: ("", " said “no\u{200d}”.\n"), attributes: {"mention": "name", "type": "person"}, note: "Who?", unsure: true, origin: (by: "suggestion", rule: "gazetteer"), made: "2026-11-24T03:16:50Z"),
        (id: "a3", label: "claim", spans: [(2, 4, "xy")], context: ("b", ""), orphan: (candidates: [(5, 7, "xy")])),
        (id: "a2", label: "quote", spans: [(9, 14, "“no\u{200d}”")], context: ("Ada said ", ".\n")),
    ],
    relations: [
        (id: "r1", label: "speaker", from: "a2", to: "a1"),
    ],
)
"#;
    assert_eq!(write_layer(&article, &layer), expected.replace("HASH", &article.text_sha256));
}

#[test]
fn each_kind_of_damage_is_refused_with_its_place() {
    let list = |inner: &str| sidecar(&format!("    annotations: [\n        {inner},\n    ],\n"));
    let whole = list(said());
    let cases = [
        ("", "1:1: the file is empty"),
        ("Dear all,", "1:"),
        (&whole[..whole.len() - 20], "the file ends in the middle"),
        (&list(r#"(id: "a1", label: "entity", spans: [(0, "3", "Ada")])"#), "8:"),
        (&list(r#"(id: "a1", label: 7, spans: [(0, 3, "Ada")])"#), "8:"),
        (&list(r#"(label: "entity", spans: [(0, 3, "Ada")])"#), "the field id is missing"),
        (&list(r#"(id: "a1", id: "a2", label: "entity", spans: [])"#), "the field id stands there twice"),
        (&list(r#"(id: "a1", label: "entity", spans: [(-1, 3, "Ada")])"#), "8:"),
        (
            &list(r#"(id: "a1", label: "entity", spans: [(0, 3, "Ada")], attributes: {"x": "1", "x": "2"})"#),
            "\"x\" stands there twice",
        ),
        (&list(&format!("{},\n        {}", said(), said())), "9:9: the id \"a1\" is there twice"),
        (&list(&said().replace("a1", "author")), "8:10: \"author\" cannot be an id"),
        (&whole.replace("\"new\"", "\"finished\""), "6:"),
        (&whole.replace("format: 1", "format: 0"), "2:5: there is no format 0"),
        (&whole.replace("format: 1", "format: 9").replace("spans", "places"), "2:5: format 9 is newer"),
    ];
    for (text, expected) in cases {
        let error = read(&article(TEXT), text).expect_err(text).to_string();
        assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        assert!(error.contains("talks.txt.ann1.ron:") && error.contains("left as it is"), "{error}");
    }
}

#[test]
fn a_sidecar_in_another_encoding_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("talks.txt.ann1.ron");
    std::fs::write(&path, b"(\n  format: \xff1)").expect("it is written");
    let error = read_layer(&path, &article(TEXT), &builtin()).expect_err("it is no text").to_string();
    assert!(error.contains(":2:11: what follows is not UTF-8 text"), "{error}");
}

#[test]
fn what_cannot_be_placed_is_kept_as_an_orphan_in_a_layer_that_is_read_only() {
    for (inner, message) in [
        (r#"(id: "a1", label: "entity", spans: [(0, 300, "Ada")])"#, "outside the text"),
        (r#"(id: "a1", label: "entity", spans: [(900, 903, "Ada")])"#, "outside the text"),
        (r#"(id: "a1", label: "entity", spans: [(1, 4, "Ada")])"#, "not \u{201c}Ada\u{201d}"),
        (r#"(id: "a1", label: "entity", spans: [(3, 0, "Ada")])"#, "turned round"),
        (r#"(id: "a1", label: "entity", spans: [(0, 3, "Ada"), (2, 5, "a \"")])"#, "overlaps"),
        (r#"(id: "a1", label: "entity", spans: [])"#, "no span"),
    ] {
        let loaded = read(&article(TEXT), &sidecar(&format!("    annotations: [{inner}],\n"))).expect(inner);
        assert!(loaded.layer.get("a1").is_some_and(|annotation| annotation.orphan().is_some()), "{inner}");
        assert!(loaded.problems[0].message.contains(message), "{message:?} is not in {:?}", loaded.problems[0].message);
        assert!(loaded.read_only.is_some());
    }
}

#[test]
fn a_layer_that_holds_what_is_not_understood_is_read_only_and_says_what() {
    let with = |rest: &str| sidecar(&format!("    annotations: [{}],\n{rest}", said()));
    for (text, reason) in [
        (with("    mood: [Good(1), (x: 2), {\"a\": 1}],\n"), "mood (head)"),
        (with("").replace("spans:", "shape: (1, 2), spans:"), "shape (a1)"),
        (with("").replace("format: 1", "format: 2"), "It has format 2"),
        (with("").replace("\"ann1\"", "\"bob\""), "One problem"),
        (with("    relations: [(id: \"r1\", label: \"same\", from: \"a1\", to: \"zz\")],\n"), "One problem"),
    ] {
        let loaded = read(&article(TEXT), &text).expect(reason);
        assert_eq!(loaded.layer.len(), 1, "{reason}");
        let why = loaded.read_only.expect(reason);
        assert!(why.contains(reason), "{reason:?} is not in {why:?}");
    }
}

#[test]
fn an_edited_article_keeps_what_still_stands_and_orphans_the_rest() {
    let text = sidecar(
        r#"    annotations: [
        (id: "a1", label: "entity", spans: [(0, 3, "Ada")], context: ("", " x")),
        (id: "a2", label: "quote", spans: [(5, 9, "said")], context: ("\"", "\"")),
    ],
"#,
    );
    let loaded = read(&article("Ada was silent."), &text).expect("it opens");
    assert!(loaded.layer.get("a1").is_some_and(|annotation| annotation.orphan().is_none()));
    let orphan = loaded.layer.get("a2").and_then(Annotation::orphan).expect("it has no place");
    assert_eq!((orphan.spans[0].start, orphan.context.0.as_str()), (5, "\""));
    assert!(loaded.read_only.is_some_and(|why| why.contains("The article was edited since: 1 of 2")));
    assert_eq!(loaded.problems, []);
}

#[test]
fn what_the_schema_does_not_know_is_a_warning_and_stays() {
    let inner = r#"    annotations: [
        (id: "a1", label: "mystery", spans: [(0, 3, "Ada")]),
        (id: "a2", label: "entity", spans: [(0, 3, "Ada")], attributes: {"type": "alien", "mood": "good"}),
        (id: "a3", label: "quote", spans: [(5, 9, "said")], attributes: {"form": "sung"}),
    ],
    relations: [(id: "r1", label: "speaker", from: "a2", to: "a3"), (id: "r2", label: "hears", from: "a2", to: "a3")],
"#;
    let loaded = read(&article(TEXT), &sidecar(inner)).expect("it opens");
    assert_eq!(loaded.read_only, None);
    let messages: Vec<String> = loaded.problems.iter().map(|p| p.message.clone()).collect();
    let expected = [
        "no label mystery",
        "no type alien",
        "no attribute mood",
        "form takes one of",
        "speaker leads",
        "no relation hears",
    ];
    assert!(messages.len() == expected.len(), "{messages:#?}");
    for needle in expected {
        assert!(messages.iter().any(|message| message.contains(needle)), "{needle:?} is not in {messages:#?}");
    }
    assert!(loaded.problems.iter().all(|problem| problem.severity == Severity::Warning));
    let again = write_layer(&article(TEXT), &loaded.layer);
    for kept in ["mystery", "alien", "mood", "sung", "hears"] {
        assert!(again.contains(kept), "{kept}");
    }
}

#[test]
fn saving_keeps_the_text_once_and_touches_nothing_that_is_equal() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    let article = article(TEXT);
    let path = root.join("talks.txt.ann1.ron");
    let modified = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).expect("it is there");
    let contents = write_layer(&article, &Layer::new(head()));
    save_layer(&path, &article, root, &contents).expect("it is saved");
    let kept = root.join(".pressmark/texts").join(&article.text_sha256);
    assert_eq!(std::fs::read_to_string(&kept).expect("the text is kept"), TEXT);
    let old = std::time::SystemTime::UNIX_EPOCH;
    for path in [&path, &kept] {
        std::fs::File::options().append(true).open(path).and_then(|file| file.set_modified(old)).expect("it is set");
    }
    save_layer(&path, &article, root, &contents).expect("it is saved");
    assert_eq!((modified(&path), modified(&kept)), (old, old));
    save_layer(&path, &article, root, "(other)").expect("it is saved");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "(other)");
    assert_eq!(std::fs::read_dir(root).expect("it is listed").count(), 2, "no temporary file is left");
}

#[cfg(unix)]
#[test]
fn saving_keeps_permissions_and_follows_a_link() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    std::fs::create_dir(root.join("real")).expect("a folder");
    let real = root.join("real/layer.ron");
    std::fs::write(&real, "old").expect("it is written");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("they are set");
    let link = root.join("talks.txt.ann1.ron");
    std::os::unix::fs::symlink("real/layer.ron", &link).expect("a link");
    save_layer(&link, &article(TEXT), root, "new").expect("it is saved");
    assert!(link.is_symlink());
    assert_eq!(std::fs::read_to_string(&real).expect("it is there"), "new");
    assert_eq!(std::fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);
}

#[test]
fn every_seed_is_read_without_a_problem_and_rewritten_to_the_byte() {
    assert!(rewritten("seeds") > 20);
}

#[test]
fn format_1_is_read_for_ever() {
    assert_eq!(rewritten("tests/fixtures/format-1"), 2);
    // The files are frozen: a new case of the format goes into a new file.
    let frozen = [
        ("pressmark.ron", "81ba89452aa2d958874e25165587c578e7a7e9b026cf426ab2e047fee2a59c43"),
        ("talks.txt", "cfef8dd8ff714095fe924f24468c17611c4cbe467cfa9f0d0de762bd09d483ab"),
        ("talks.txt.ann1.ron", "3269d8cb82486c33781bbcef1de64cf2a01678431f8ae0abccf08c7e04410955"),
        ("talks.txt.ben.ron", "3f5056d467c4937f07138e442829b1062140bd0ed48dadc86e9b74ecbf36f8ee"),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-1");
    for (name, sha256) in frozen {
        let bytes = std::fs::read(folder.join(name)).expect("it is there");
        assert_eq!(crate::article::sha256_hex(&bytes), sha256, "{name} was changed");
    }
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), frozen.len() + 1, "and .gitattributes");
}

/// Reads and rewrites all sidecars of a folder of the repository, and counts them.
fn rewritten(folder: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let corpus = crate::store::corpus::open(&root).expect("it is a corpus");
    let mut seen = 0;
    for (article, layers) in corpus.articles.iter().zip(crate::store::corpus::layers_in(&root, &corpus.articles)) {
        for (_, path) in layers {
            let article =
                crate::article::read(&root.join(article), recorded_encoding(&path).as_deref()).expect("it is read");
            let loaded = read_layer(&path, &article, &corpus.schema).expect("it is whole");
            assert_eq!((loaded.problems, loaded.read_only), (vec![], None), "{}", path.display());
            let written = std::fs::read_to_string(&path).expect("it is there");
            assert!(write_layer(&article, &loaded.layer) == written, "{} is not canonical", path.display());
            seen += 1;
        }
    }
    seen
}
