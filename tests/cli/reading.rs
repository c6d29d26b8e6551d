//! `show`, `check`, `stats`, `formats`, help and streams.

use serde_json::Value;

use super::{Corpus, TALKS, copy};

fn json(text: &str) -> Value {
    assert!(text.is_ascii() && text.lines().count() == 1, "one document on one line of ASCII: {text}");
    serde_json::from_str(text).expect("it is JSON")
}

#[test]
fn show_prints_each_annotation_with_its_place() {
    let (code, out, err) = Corpus::new().ends(&["show", "talks.txt"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("talks.txt: 38 characters, 1 layer\n"), "{out}");
    assert!(out.contains("ada (done): 2 annotations, 1 relation\n"), "{out}");
    assert!(out.contains("  1:1       entity:person        Ada\n"), "{out}");
    assert!(out.contains("speaker:           Ada\n"), "{out}");
    assert!(out.contains("note: short"), "{out}");
}

#[test]
fn show_json_is_the_contract() {
    let corpus = Corpus::new();
    let (code, out, _) = corpus.ends(&["show", "talks.txt", "--annotator", "ada", "--json"]);
    let shown = json(&out);
    assert_eq!((code, &shown["file"], &shown["text"]), (0, &"talks.txt".into(), &TALKS.into()));
    assert_eq!(shown["sha256"].as_str().map(str::len), Some(64));
    let layer = &shown["layers"][0];
    assert_eq!((&layer["annotator"], &layer["status"]), (&"ada".into(), &"done".into()));
    assert_eq!(layer["annotations"][0]["spans"], serde_json::json!([[0, 3, "Ada"]]));
    assert!(layer.get("file").is_none() && layer.get("text").is_none());
    corpus.edit(
        "talks.txt.ada.ron",
        "a1\", label: \"entity\", spans: [(0, 3, \"Ada\")]",
        "a1\", label: \"entity\", spans: [(0, 3, \"Bob\")]",
    );
    let (code, out, err) = corpus.ends(&["show", "talks.txt", "--json"]);
    assert_eq!((code, &json(&out)["layers"][0]["annotations"][1]["orphan"]), (1, &true.into()));
    assert!(err.contains("can be looked at, not changed"), "{err}");
}

#[test]
fn check_is_silent_on_a_sound_corpus_and_names_what_is_not() {
    let corpus = Corpus::new();
    assert_eq!(corpus.ends(&["check", "."]), (0, "1 article, 1 sidecar: no problem\n".to_owned(), String::new()));
    corpus.edit("talks.txt.ada.ron", "\"speaker\"", "\"whisperer\"");
    let (code, out, _) = corpus.ends(&["check", "talks.txt"]);
    assert_eq!(code, 1);
    assert!(out.contains("talks.txt.ada.ron: r1: The schema news has no relation whisperer"), "{out}");
    assert!(out.ends_with("1 article, 1 sidecar: 0 errors, 1 warning\n"), "{out}");
}

#[test]
fn stats_counts_by_full_label() {
    let corpus = Corpus::new();
    let (code, out, _) = corpus.ends(&["stats", ".", "--json"]);
    let stats = json(&out);
    assert_eq!((code, &stats["articles"], &stats["characters"]), (0, &1.into(), &38.into()));
    let ada = &stats["annotators"][0];
    assert_eq!(
        (&ada["annotations"], &ada["statuses"]["done"], &ada["labels"]["entity:person"]),
        (&2.into(), &1.into(), &1.into())
    );
    let (_, out, _) = corpus.ends(&["stats", "."]);
    assert!(out.contains("ada: 1 layer (1 done), 2 annotations\n        1  entity:person\n"), "{out}");
}

#[test]
fn formats_lists_each_with_its_unit_and_what_it_cannot_hold() {
    let corpus = Corpus::new();
    let (code, out, _) = corpus.ends(&["formats", "--json"]);
    let formats = json(&out);
    let all = formats["formats"].as_array().expect("a list");
    let of = |id: &str| all.iter().find(|format| format["id"] == id).expect("it is listed");
    assert_eq!(
        (code, &of("jsonl")["unit"], &of("jsonl")["cannot"]),
        (0, &"code points".into(), &serde_json::json!([]))
    );
    assert!(of("brat")["cannot"].as_array().is_some_and(|cannot| cannot.contains(&"article-note".into())));
    assert!(all.iter().all(|format| format["reads"] == true || format["writes"] == true));
    let (_, out, _) = corpus.ends(&["formats"]);
    assert!(out.contains("import, export") && out.contains("changes or leaves out: marks without a place"), "{out}");
}

#[test]
fn help_has_examples_and_wrong_arguments_end_with_2() {
    let corpus = Corpus::new();
    for command in ["show", "check", "stats", "import", "export", "reanchor", "merge", "git-setup"] {
        let (code, out, err) = corpus.ends(&[command, "--help"]);
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
        assert!(out.contains("Example"), "{command} has no example");
    }
    for arguments in
        [&["export", "--to", "jsonl"][..], &["show"], &["check"], &["show", "talks.txt", "--annotator", "No One"]]
    {
        let (code, out, err) = corpus.ends(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(!err.is_empty());
    }
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let corpus = Corpus::new();
    corpus.write("evil.txt", "x \u{1b}[2J\u{202e} y\n");
    let sidecar = corpus.read("talks.txt.ada.ron");
    corpus.write("evil.txt.ada.ron", &sidecar.replace("note: \"short\"", "note: \"\\u{1b}[31mred\""));
    for arguments in [["show", "evil.txt"], ["check", "."], ["stats", "."]] {
        let (_, out, err) = corpus.ends(&arguments);
        assert!(!format!("{out}{err}").contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{arguments:?}");
    }
}

#[test]
fn a_broken_pipe_is_no_error() {
    let corpus = Corpus::new();
    corpus.write("long.txt", &"word ".repeat(200_000));
    let program = assert_cmd::cargo::cargo_bin("pressmark");
    let script = format!("{} show long.txt --json | head -c 10; echo ${{PIPESTATUS[0]}}", program.display());
    let output = std::process::Command::new("bash").arg("-c").arg(script).current_dir(corpus.path("")).output();
    let output = output.expect("bash runs");
    assert!(output.stdout.ends_with(b"0\n") && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn the_seeds_and_the_frozen_format_1_have_no_problem() {
    for folder in ["seeds", "tests/fixtures/format-1"] {
        let corpus = Corpus::new();
        copy(folder, &corpus.path("copy"));
        let (code, out, err) = corpus.ends(&["check", "copy"]);
        assert_eq!((code, err.as_str()), (0, ""), "{folder}: {out}");
    }
}
