//! `export` in parts, with labels and with options: what has no effect or cannot be is told, and told before anything is written.

use std::fs;

use super::{Corpus, copy};

#[test]
fn options_that_do_not_fit_are_refused_or_told() {
    let corpus = Corpus::new();
    fs::create_dir(corpus.path("in")).expect("a folder");
    for name in ["talks.txt", "talks.txt.ada.ron"] {
        fs::rename(corpus.path(name), corpus.path("in").join(name)).expect("it moves");
    }
    fs::rename(corpus.path(".pressmark"), corpus.path("in/.pressmark")).expect("it moves");
    let export = |more: &[&str]| {
        let _ = fs::remove_dir_all(corpus.path("out"));
        let all = [&["export", "--annotator", "ada", "-o", "out"][..], more, &["in/talks.txt"]].concat();
        corpus.ends(&all)
    };
    for (options, told) in [
        (
            &["--to", "huggingface", "--table", "jsonl", "--shards", "2"][..],
            "huggingface as JSON lines is not written in shards",
        ),
        (&["--to", "spacy", "--shards", "0"], "give a whole number, 1 or more"),
        (&["--to", "spacy", "--shards", "3", "--shard", "3"], "of 3 shards, the first is 0 and the last 2"),
        (&["--to", "brat", "--without-text"], "brat is written with its text"),
        (&["--to", "brat", "--label", "persn"], "Nothing is marked as persn; there are entity"),
    ] {
        let (code, _, err) = export(options);
        assert!(code == 2 && err.contains(told), "{told}: {err}");
        assert!(!corpus.path("out").exists(), "{told}");
    }
    for (options, told) in [
        (&["--to", "brat", "--overlap", "first"][..], "--overlap has no effect on brat"),
        (&["--to", "spacy", "--overlap", "layers"], "--overlap layers has no effect on spacy"),
        (&["--to", "spacy", "--tags", "bioes"], "--tags has no effect on spacy"),
        (&["--to", "conll", "--table", "jsonl"], "--table has no effect on conll"),
    ] {
        let (code, _, err) = export(options);
        assert!(code == 0 && err.contains(told), "{told}: {err}");
    }
    let (code, _, err) = export(&["--to", "brat", "--label", "persn", "--label", "entity"]);
    assert!(code == 1 && err.contains("nothing is marked as persn; there are entity"), "{err}");
    // Nothing comes out before that is known.
    let (code, out, _) = corpus.ends(&["export", "--to", "jsonl", "--label", "persn", "in/talks.txt"]);
    assert_eq!((code, out.as_str()), (2, ""));
}

#[test]
fn parts_are_counted_and_empty_ones_are_told_and_not_named() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    let export = |to: &str, shares: &str, out: &str| {
        corpus.ends(&["export", "--to", to, "--all-annotators", "--split", shares, "-o", out, "seeds"])
    };
    let (code, _, err) = export("huggingface", "1000,1,1", "out");
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("train: ") && err.contains("; dev: 0 articles, 0 marks; test: 0 articles, 0 marks"), "{err}");
    assert!(err.contains("warning: dev is empty") && err.contains("warning: test is empty"), "{err}");
    let card = corpus.read("out/README.md");
    assert!(card.contains("- split: train") && !card.contains("- split: validation"), "{card}");
    // What was written in parts is known again.
    for to in ["doccano", "prodigy", "jsonl"] {
        assert_eq!(export(to, "1000,1,1", to).0, 1, "{to}");
        let (code, out, err) = corpus.ends(&["import", "--from", "auto", "-o", &format!("in-{to}"), to]);
        assert!(code < 2 && out.starts_with(to) && err.contains(&format!("recognised: {to} (1 file)")), "{err}");
        assert!(!err.contains("also there"), "{err}");
    }
    // A share of nothing is meant.
    let (code, _, err) = export("huggingface", "1,0,0", "all");
    assert!(code == 0 && !err.contains("warning"), "{err}");
}

#[test]
fn errors_name_no_temporary_file_and_no_number_of_the_system() {
    let corpus = Corpus::new();
    for to in ["jsonl", "brat"] {
        let export = |out: &str| corpus.ends(&["export", "--to", to, "--annotator", "ada", "-o", out, "talks.txt"]);
        let (code, _, err) = export("talks.txt/such/out");
        assert!(code == 2 && err.contains("talks.txt/such: this folder is not there."), "{err}");
        assert!(!err.contains("os error") && !err.contains(".pressmark-"), "{err}");
        // Folders that are not there are made, unless the way to them cannot be told yet.
        let out = tempfile::tempdir().expect("a folder");
        let out = out.path().join("no/such/out");
        let (code, _, err) = export(&out.to_string_lossy());
        assert!(code < 2 && out.exists(), "{err}");
        let (code, _, err) = export("none/../../out");
        assert!(code == 2 && err.contains("this folder is not there."), "{err}");
    }
    corpus.write(
        "set.jsonl",
        "{\"text\": \"Ada\", \"entities\": [{\"label\": \"PER\"}, {\"start_offset\": 2, \"end_offset\": 9}]}\n",
    );
    let (_, _, err) = corpus.ends(&["import", "--from", "doccano", "-o", "in", "set.jsonl"]);
    assert!(err.contains("a mark as PER does not say where it begins and ends; it is left out"), "{err}");
    assert!(err.contains("a mark without a label stands at 2 to 9") && !err.contains("null"), "{err}");
}

#[test]
fn how_far_an_annotator_is_comes_back_or_is_told() {
    let corpus = Corpus::new();
    let out = tempfile::tempdir().expect("a folder");
    let formats = pressmark::formats::FORMATS.iter().filter(|it| it.reads.is_some() && it.writes.is_some());
    let mut back = 0;
    for format in formats {
        let place = |name: &str| out.path().join(format!("{name}-{}", format.id)).to_string_lossy().into_owned();
        let (there, here) = (place("there"), place("here"));
        let (code, _, err) = corpus.ends(&["export", "--to", format.id, "-o", &there, "."]);
        assert!(code < 2, "{err}");
        let told = err.contains("left out (talks.txt: pressmark:status");
        let (code, _, err) = corpus.ends(&["import", "--from", format.id, "-o", &here, &there]);
        assert!(code < 2, "{}: {err}", format.id);
        let sidecars = walkdir::WalkDir::new(&here).into_iter().flatten();
        let is_layer = |path: &std::path::PathBuf| path.to_string_lossy().contains(".txt.");
        let sidecar = sidecars.map(walkdir::DirEntry::into_path).find(is_layer);
        let layer = fs::read_to_string(sidecar.expect("there is a layer")).expect("it can be read");
        let done = layer.contains("status: \"done\"") && !layer.contains("pressmark:status");
        assert!(done != told, "{}: {layer}", format.id);
        back += usize::from(done);
    }
    assert!(back > 10, "{back} formats say it");
}
