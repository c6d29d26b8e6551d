//! `import` and `export`: nothing is lost, nothing is written over.

use std::fs;
use std::path::Path;

use super::{Corpus, PERSON, TALKS, copy, line};

#[test]
fn what_is_exported_and_imported_again_is_the_same_to_the_byte() {
    for folder in ["seeds", "tests/fixtures/format-1"] {
        let corpus = Corpus::new();
        copy(folder, &corpus.path("copy"));
        assert_eq!(corpus.ends(&["export", "--to", "jsonl", "-o", "all.jsonl", "copy"]).0, 0);
        let (code, out, err) = corpus.ends(&["import", "--from", "jsonl", "-o", "again", "all.jsonl"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        let mut seen = 0;
        for entry in fs::read_dir(corpus.path("copy")).expect("it is listed").flatten() {
            let name = entry.file_name().into_string().expect("a plain name");
            if Path::new(&name).extension().is_some_and(|end| end == "ron") && name != "pressmark.ron" {
                let (before, after) = (corpus.read(&format!("copy/{name}")), corpus.read(&format!("again/{name}")));
                let rest = |text: &str| {
                    text.lines().filter(|line| !line.starts_with("    source:")).collect::<Vec<_>>().join("\n")
                };
                assert_eq!(rest(&before), rest(&after), "{name}");
                seen += 1;
            }
        }
        assert!(seen > 0, "{folder}");
    }
}

#[test]
fn import_adds_by_id_and_changes_nothing_that_is_there() {
    let corpus = Corpus::new();
    let other = r#"{"id": "a1", "label": "claim", "spans": [[0, 8]]}, {"id": "b1", "label": "cue", "spans": [[4, 8]]}"#;
    corpus.write("more.jsonl", &line("ada", "new", other));
    let (code, out, err) = corpus.ends(&["import", "--from", "jsonl", "-o", ".", "more.jsonl"]);
    assert_eq!((code, out.as_str()), (1, "0 articles written, 1 annotation added to .\n"));
    assert!(err.contains("a1 is there already with other content"), "{err}");
    let after = corpus.read("talks.txt.ada.ron");
    assert!(
        after.contains("(id: \"a1\", label: \"entity\"") && after.contains("(id: \"b1\"") && after.contains("\"done\""),
        "{after}"
    );
    let (code, out, _) = corpus.ends(&["import", "--from", "jsonl", "--annotator", "ben", "-o", ".", "more.jsonl"]);
    assert_eq!((code, out.as_str()), (0, "0 articles written, 2 annotations added to .\n"));
    assert!(corpus.read("talks.txt.ben.ron").contains("annotator: \"ben\""));
    assert_eq!(corpus.read("talks.txt"), TALKS);
}

#[test]
fn import_leaves_an_article_with_another_text_alone() {
    let corpus = Corpus::new();
    corpus.write("set.jsonl", &line("ben", "done", PERSON).replace("Ada said", "Eve said"));
    let (code, _, err) = corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]);
    assert_eq!(code, 1);
    assert!(err.contains("the article there has another text"), "{err}");
    assert!(!corpus.path("talks.txt.ben.ron").exists());
}

#[test]
fn export_writes_over_nothing_without_force() {
    let corpus = Corpus::new();
    corpus.write("set.jsonl", "old");
    let (code, out, err) = corpus.ends(&["export", "--to", "jsonl", "-o", "set.jsonl", "."]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("set.jsonl: this file is there already") && err.contains("--force"), "{err}");
    assert_eq!(corpus.read("set.jsonl"), "old");
    assert_eq!(corpus.ends(&["export", "--to", "jsonl", "--force", "-o", "set.jsonl", "."]).0, 0);
    let standard = corpus.ends(&["export", "--to", "jsonl", "-o", "-", "."]).1;
    assert_eq!(standard, corpus.read("set.jsonl"));
    assert_eq!(standard, corpus.ends(&["export", "--to", "jsonl", "talks.txt"]).1);
}

#[test]
fn an_export_that_fails_leaves_nothing_behind() {
    let corpus = Corpus::new();
    corpus.write("talks.txt.ben.ron", "(format: 1");
    let (code, _, err) = corpus.ends(&["export", "--to", "jsonl", "-o", "set.jsonl", "."]);
    assert_eq!(code, 2);
    assert!(err.contains("talks.txt.ben.ron:1:"), "{err}");
    let names: Vec<_> =
        fs::read_dir(corpus.path("")).expect("it is listed").flatten().map(|entry| entry.file_name()).collect();
    assert!(
        !names.iter().any(|name| name.to_string_lossy().contains("jsonl") || name.to_string_lossy().contains("tmp")),
        "{names:?}"
    );
}

#[test]
fn export_chooses_layers_labels_and_status() {
    let corpus = Corpus::new();
    corpus.write("set.jsonl", &line("ben", "in-progress", PERSON));
    corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]);
    let export = |rest: &[&str]| corpus.ends(&[&["export", "--to", "jsonl"], rest, &["talks.txt"]].concat());
    assert_eq!(export(&[]).1.lines().count(), 2);
    assert_eq!(export(&["--all-annotators"]).1.lines().count(), 2);
    assert_eq!(export(&["--annotator", "ben"]).1.lines().count(), 1);
    assert!(export(&["--status", "done"]).1.contains("\"annotator\": \"ada\""));
    let (code, _, err) = export(&["--prefer-gold"]);
    assert!(code == 2 && err.contains("ada and ben have layers of it"), "{err}");
    let people = export(&["--annotator", "ada", "--label", "entity:person"]).1;
    assert!(
        people.contains("\"a1\"") && !people.contains("\"a2\"") && people.contains("\"relations\": []"),
        "{people}"
    );
    assert_eq!(export(&["--label", "cue", "--annotator", "nobody"]).0, 1);
    assert_eq!(export(&["--annotator", "ada", "--prefer-gold"]).0, 2);
}

#[test]
fn a_split_is_made_by_article_and_seed() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("copy"));
    let split = |folder: &str| {
        corpus.ends(&["export", "--to", "jsonl", "--split", "50,25,25", "--seed", "7", "-o", folder, "copy"]).0
    };
    assert_eq!((split("one"), split("two")), (0, 0));
    let part = |folder: &str, part: &str| corpus.read(&format!("{folder}/{part}.jsonl"));
    let all: usize = ["train", "dev", "test"].iter().map(|name| part("one", name).lines().count()).sum();
    assert_eq!(all, corpus.ends(&["export", "--to", "jsonl", "copy"]).1.lines().count());
    assert_eq!(part("one", "train"), part("two", "train"));
}

#[test]
fn a_comment_without_an_id_does_not_make_the_sidecar_unreadable() {
    let corpus = Corpus::new();
    let line = super::line("eve", "done", super::PERSON)
        .replace("\"relations\"", "\"comments\": [{\"text\": \"Why?\"}], \"relations\"");
    corpus.write("set.jsonl", &line);
    assert_eq!(corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]).0, 0);
    let (code, out, _) = corpus.ends(&["check", "."]);
    assert_eq!(code, 0, "{out}");
}
