//! `merge` as scripts see it; what a merge is, is tested beside it, and git's part in `tests/git`.

use super::Corpus;

/// The corpus with two states of ada's layer that came from `base.ron`.
fn states() -> Corpus {
    let corpus = Corpus::new();
    let base = corpus.read("talks.txt.ada.ron");
    corpus.write("base.ron", &base);
    corpus.write("ours.ron", &base.replace("note: \"short\"", "note: \"curt\""));
    corpus.write("theirs.ron", &base.replace("\"person\"", "\"place\""));
    corpus
}

const SIDES: [&str; 7] = ["merge", "--base", "base.ron", "--ours", "ours.ron", "--theirs", "theirs.ron"];

#[test]
fn a_merge_goes_to_standard_output_or_a_file() {
    let corpus = states();
    let (code, out, err) = corpus.ends(&SIDES);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("\"curt\"") && out.contains("\"place\"") && !out.contains("\"person\""), "{out}");
    let (code, printed, _) = corpus.ends(&[&SIDES[..], &["-o", "ours.ron"]].concat());
    assert_eq!((code, printed.as_str()), (0, ""));
    assert_eq!(corpus.read("ours.ron"), out, "a side may be written over");
    corpus.write("talks.txt.ada.ron", &out);
    assert_eq!(corpus.ends(&["check", "."]).0, 0);
}

#[test]
fn conflicts_end_with_1_and_are_named() {
    let corpus = states();
    corpus.edit("ours.ron", "\"person\"", "\"thing\"");
    let (code, out, err) = corpus.ends(&SIDES);
    assert_eq!(code, 1);
    assert!(err.contains("1 conflict to settle") && err.contains("annotation a1"), "{err}");
    corpus.write("talks.txt.ada.ron", &out);
    assert_eq!(corpus.ends(&["check", "."]).0, 0, "and the sidecar is sound");
    let (code, _, _) = corpus.ends(&[&SIDES[..], &["--driver", "--path", "talks.txt.ada.ron"]].concat());
    assert_eq!((code, corpus.read("ours.ron")), (1, out), "the driver writes into ours");
}

#[test]
fn a_base_that_is_empty_or_missing_is_none() {
    let corpus = states();
    corpus.write("empty.ron", "");
    let without = ["merge", "--ours", "ours.ron", "--theirs", "theirs.ron"];
    let (code, expected, _) = corpus.ends(&without);
    assert_eq!(code, 1, "two types of one mark, and nothing to tell which is newer");
    for base in ["empty.ron", "none.ron"] {
        assert_eq!(corpus.ends(&[&without[..], &["--base", base]].concat()).1, expected, "{base}");
    }
}

#[test]
fn an_error_writes_nothing() {
    let corpus = states();
    let ours = corpus.read("ours.ron");
    corpus.write("theirs.ron", &corpus.read("theirs.ron")[..300]);
    let (code, out, err) = corpus.ends(&[&SIDES[..], &["-o", "ours.ron"]].concat());
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("theirs.ron:") && err.contains("truncated"), "{err}");
    let (code, _, err) = corpus.ends(&[&SIDES[..], &["--driver", "--path", "talks.txt.ada.ron"]].concat());
    assert_eq!(code, 130);
    assert!(err.contains("talks.txt.ada.ron (theirs):"), "{err}");
    corpus.edit("theirs.ron", "(\n", "\u{1b}[31m(\n");
    let (_, _, err) = corpus.ends(&SIDES);
    assert!(!err.contains('\u{1b}'), "{err}");
    assert_eq!(corpus.read("ours.ron"), ours);
    assert_eq!(corpus.ends(&["merge", "--ours", "ours.ron", "--theirs", "none.ron"]).0, 2);
}
