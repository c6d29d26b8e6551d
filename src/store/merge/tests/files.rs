//! Sidecars as files: what the article would have given, without the article; and what is refused.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::article::{Article, sha256_hex};
use crate::store::sidecar::write_layer;

/// An emoji with ZWJ, a combining mark, CRLF, Arabic, Chinese, Burmese; longer than the contexts.
const TEXT: &str = "Ada \"said\" 👩🏽\u{200d}🎤 cafe\u{301}\r\nقال خالد \u{202b}x\u{202c} 中文。\r\n\tမြန်မာ\\ and then some more of it, twice as long as before, so that much lies between. The end.";

fn article() -> Article {
    let hash = sha256_hex(TEXT.as_bytes());
    Article {
        path: PathBuf::from("talks.txt"),
        text: Arc::from(TEXT),
        encoding: "UTF-8",
        sha256: hash.clone(),
        text_sha256: hash,
        chars: TEXT.chars().count() as u64,
        invalid: Vec::new(),
        warnings: Vec::new(),
        shape: std::sync::OnceLock::new(),
    }
}

/// The layer with its small spans spread over the whole text.
fn spread(layer: &Layer) -> Layer {
    let bounds: Vec<u32> = TEXT.char_indices().map(|(at, _)| at as u32).chain([TEXT.len() as u32]).collect();
    let place = |at: u32| bounds[(at as usize * bounds.len() / 6).min(bounds.len() - 1)];
    let annotations = layer.annotations().map(|annotation| {
        let mut annotation = annotation.clone();
        annotation.spans.iter_mut().for_each(|span| *span = Span::new(place(span.start()), place(span.end())));
        annotation
    });
    let relations = layer.relations().into_iter().cloned().collect();
    Layer::from_parts(layer.head().clone(), annotations.collect(), relations).expect("as before")
}

fn merged(base: &str, ours: &str, theirs: &str, root: Option<&Path>) -> Result<MergedSidecar, MergeError> {
    let path = Path::new("talks.txt.ann1.ron");
    let base = (!base.is_empty()).then_some((Path::new("base"), base));
    merge_sidecars(base, (Path::new("ours"), ours), (Path::new("theirs"), theirs), path, root)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_article_is_not_needed(start in laws::steps(6), ours in laws::steps(6), theirs in laws::steps(6)) {
        let base = laws::after(&Layer::new(head()), &start);
        let (ours, theirs) = (laws::after(&base, &ours), laws::after(&base, &theirs));
        let (base, ours, theirs) = (spread(&base), spread(&ours), spread(&theirs));
        let article = article();
        let file = |layer: &Layer| write_layer(&article, layer);
        let expected = merge(Some(&base), &ours, &theirs);
        let got = merged(&file(&base), &file(&ours), &file(&theirs), None);
        let got = got.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&got.contents, &file(&expected.layer));
        prop_assert_eq!(got.conflicts, expected.conflicts);
        // Conflicts and all, it is a side of the next merge.
        let again = merged(&file(&base), &got.contents, &file(&theirs), None);
        prop_assert_eq!(again.map_err(|error| TestCaseError::fail(error.to_string()))?.contents, got.contents);
    }
}

fn file(lines: &str) -> String {
    write_layer(&article(), &spread(&layer(lines)))
}

#[test]
fn an_empty_base_is_none() {
    let (ours, theirs) = (file("a entity 0-1"), file("b quote 2-3"));
    let result = merged("\n", &ours, &theirs, None).expect("it merges");
    assert_eq!(result.contents, file("a entity 0-1; b quote 2-3"));
}

#[test]
fn sides_that_are_not_understood_are_refused_with_their_name() {
    let sound = file("a entity 0-1");
    let cases = [
        (String::new(), "theirs:1:1: the file is empty"),
        (sound[..sound.len() - 20].to_owned(), "truncated"),
        (sound.replace("status:", "mood: 1, status:"), "mood (head)"),
        (sound.replace("format: 1", "format: 2"), "format 2"),
        (sound.replace("label: \"entity\"", "label: \"entity\", sure: true"), "sure (a)"),
        (sound.replace("(id: \"a\"", "(id: \"author\""), "cannot be an id"),
        (sound.replace("\"ann1\"", "\"ann2\""), "ann1's layer and the other ann2's"),
        (sound.replace("\"UTF-8\"", "\"klingon\""), "klingon"),
        (sound.replace("text_sha256: \"", "text_sha256: \"0"), "different states of the article"),
        (sound.replace("(0, ", "(9, "), "says"),
        ("<<<<<<< ours\n(\n=======\n>>>>>>> theirs\n".to_owned(), "theirs:1:1"),
    ];
    for (broken, expected) in cases {
        let error = merged("", &sound, &broken, None).expect_err(expected).to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(merged("", &broken, &sound, None).is_err(), "{expected}");
    }
}

#[test]
fn a_sidecar_without_contexts_asks_the_kept_text() {
    let whole = file("a entity 0-1; b quote 2-3");
    let cut = |text: &str| {
        let mut out = String::new();
        for line in text.lines() {
            let start = line.find(", context: (").unwrap_or(line.len());
            let end = line[start..].find("\"),").map_or(line.len(), |at| start + at + 3);
            writeln!(out, "{}{}", &line[..start], if start < end { ")," } else { "" }).expect("a string takes it");
        }
        out
    };
    let bare = cut(&whole);
    assert!(!bare.contains("context"), "{bare}");
    let error = merged("", &bare, &file("c cue 4-5"), None).expect_err("it is not told").to_string();
    assert!(error.contains(".pressmark/texts/"), "{error}");
    let root = tempfile::tempdir().expect("a temporary folder");
    let texts = root.path().join(".pressmark/texts");
    std::fs::create_dir_all(&texts).expect("a folder");
    let kept = texts.join(sha256_hex(TEXT.as_bytes()));
    std::fs::write(&kept, TEXT).expect("it is written");
    let result = merged("", &bare, &file("c cue 4-5"), Some(root.path())).expect("it merges");
    assert_eq!(result.contents, file("a entity 0-1; b quote 2-3; c cue 4-5"));
    std::fs::write(&kept, "something else").expect("it is written");
    assert!(merged("", &bare, &file("c cue 4-5"), Some(root.path())).is_err(), "another text is not believed");
}

#[test]
fn a_new_name_or_encoding_of_one_side_is_followed() {
    let base = file("a entity 0-1");
    let renamed = base.replace("talks.txt", "border.txt");
    let theirs = file("a entity 0-1; b quote 2-3");
    let expected = theirs.replace("talks.txt", "border.txt");
    assert_eq!(merged(&base, &renamed, &theirs, None).expect("it merges").contents, expected);
    assert_eq!(merged(&base, &theirs, &renamed, None).expect("it merges").contents, expected);
}
