//! Whatever is wrong with a file: one clear sentence with the file, the place and a way out; nothing is written.

use std::fs;

use super::Corpus;

#[test]
fn paths_that_are_no_articles_are_refused() {
    let corpus = Corpus::new();
    corpus.write("photo.png", "\u{89}PNG");
    corpus.write("empty.txt", "");
    fs::write(corpus.path("binary.txt"), [0u8, 1, 2, 3, 0, 0, 255, 0]).expect("it is written");
    fs::create_dir(corpus.path("bare")).expect("a folder");
    let huge = fs::File::create(corpus.path("huge.txt")).expect("a file");
    huge.set_len((1 << 30) + 1).expect("a sparse file");
    for (path, message) in [
        ("nothing.txt", "does not exist"),
        ("photo.png", "not an article"),
        ("empty.txt", "is empty"),
        ("binary.txt", "not plain text"),
        ("huge.txt", "1 GiB is the most"),
        ("bare", "this is a folder"),
    ] {
        let (code, out, err) = corpus.ends(&["show", path]);
        assert_eq!((code, out.as_str()), (2, ""), "{path}");
        assert!(err.starts_with("error: ") && err.contains(path) && err.contains(message), "{path}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
    let (code, _, err) = corpus.ends(&["stats", "bare"]);
    assert!(code == 2 && err.contains("there is no article here"), "{err}");
}

#[test]
fn each_fault_of_a_sidecar_is_told_with_file_place_and_way_out() {
    let faults: &[(&str, &str, &str)] = &[
        ("    relations", "    relation", "relation (head)"),
        ("(0, 3, \"Ada\")", "(0, 300, \"Ada\")", "outside the text"),
        ("(0, 3, \"Ada\")", "(1, 4, \"Ada\")", "the article says"),
        ("(0, 3, \"Ada\")", "(0, \"3\", \"Ada\")", "talks.txt.ada.ron:8:"),
        ("\"a2\", label", "\"a1\", label", ":9:9: the id \"a1\" is there twice"),
        ("to: \"a1\"", "to: \"a7\"", "which is no annotation"),
        ("\"quote\"", "\"murmur\"", "no label murmur"),
        ("format: 1", "format: 2", "It has format 2"),
        ("    annotations: [", "    mood: 5,\n    annotations: [", "mood (head)"),
        ("\n)\n", "\n", "it is truncated"),
        ("(\n", "Dear all,\n", ":1:1:"),
        ("text_sha256: \"", "text_sha256: \"0", "The article was edited since"),
    ];
    for (old, new, message) in faults {
        let corpus = Corpus::new();
        let whole = corpus.read("talks.txt.ada.ron");
        let broken =
            if *new == "\n" { whole.trim_end().trim_end_matches(')').to_owned() } else { whole.replacen(old, new, 1) };
        assert_ne!(whole, broken, "{old:?} is not there");
        corpus.write("talks.txt.ada.ron", &broken);
        let (code, out, _) = corpus.ends(&["check", "."]);
        assert_eq!(code, 1, "{message}");
        assert!(out.contains("talks.txt.ada.ron") && out.contains(message), "{message:?} is not in {out}");
        assert_eq!(corpus.read("talks.txt.ada.ron"), broken, "nothing is written");
    }
}

#[test]
fn a_sidecar_that_lost_its_article_is_found() {
    let corpus = Corpus::new();
    fs::rename(corpus.path("talks.txt"), corpus.path("speeches.txt")).expect("it is renamed");
    let (code, out, _) = corpus.ends(&["check", "."]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("talks.txt.ada.ron: there is no talks.txt beside it"), "{out}");
    assert!(out.contains("1 article, 1 sidecar: 1 error"), "{out}");
}

#[test]
fn import_refuses_to_add_to_a_layer_that_it_does_not_understand() {
    let corpus = Corpus::new();
    corpus.write("set.jsonl", &super::line("ada", "done", r#"{"id": "n1", "label": "cue", "spans": [[4, 8]]}"#));
    corpus.edit("talks.txt.ada.ron", "status", "mood: 5,\n    status");
    let before = corpus.read("talks.txt.ada.ron");
    let (code, _, err) = corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]);
    assert!(code == 1 && err.contains("mood (head)"), "{err}");
    corpus.write("talks.txt.ada.ron", "(");
    assert_eq!(corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]).0, 2);
    assert_eq!(corpus.read("talks.txt.ada.ron"), "(");
    assert!(before.contains("mood"));
}

#[test]
fn a_faulty_schema_is_told_and_stops_an_import() {
    let corpus = Corpus::new();
    corpus.write("pressmark.ron", "(schema: (extends: \"news\",\n  labels: [(id: \"law\", key: \"e\")]))");
    let (code, out, _) = corpus.ends(&["check", "."]);
    assert!(code == 1 && out.contains("pressmark.ron:2:29: the key e of the label law is already taken"), "{out}");
    let (code, _, err) = corpus.ends(&["show", "talks.txt"]);
    assert!(code == 1 && err.contains("The built-in schema is used."), "{err}");
    corpus.write("set.jsonl", &super::line("ben", "done", super::PERSON));
    let (code, _, err) = corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]);
    assert!(code == 2 && err.contains("pressmark.ron:2:29"), "{err}");
    assert!(!corpus.path("talks.txt.ben.ron").exists());
}

#[test]
fn a_dataset_that_is_none_is_refused() {
    let corpus = Corpus::new();
    fs::write(corpus.path("latin.jsonl"), b"{\"file\": \"\xe9\"}").expect("it is written");
    corpus.write("words.jsonl", &"Dear all,\n".repeat(500));
    for (file, message) in [
        ("none.jsonl", "does not exist"),
        ("latin.jsonl", "byte 10 is not UTF-8"),
        ("words.jsonl", "nothing in it could be read as jsonl.\n  words.jsonl:1: "),
    ] {
        let (code, _, err) = corpus.ends(&["import", "--from", "jsonl", "-o", ".", file]);
        assert!(code == 2 && err.contains(file) && err.contains(message), "{err}");
        assert!(err.lines().count() < 6, "not a line for each wrong line: {err}");
    }
}
