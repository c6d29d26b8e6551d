//! `import` and `export`: nothing is lost, nothing is written over.
//!
//! What a format cannot hold is told; what is exported, imported and exported again is the same to the byte.

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
    assert_eq!(
        (code, out.as_str()),
        (1, "jsonl: 0 articles written, 1 annotation added to .; the layers are those of ada\n")
    );
    assert!(err.contains("a1 is there already with other content"), "{err}");
    let after = corpus.read("talks.txt.ada.ron");
    assert!(
        after.contains("(id: \"a1\", label: \"entity\"") && after.contains("(id: \"b1\"") && after.contains("\"done\""),
        "{after}"
    );
    let (code, out, _) = corpus.ends(&["import", "--from", "jsonl", "--annotator", "ben", "-o", ".", "more.jsonl"]);
    assert_eq!(
        (code, out.as_str()),
        (0, "jsonl: 0 articles written, 2 annotations added to .; the layers are those of ben\n")
    );
    assert!(corpus.read("talks.txt.ben.ron").contains("annotator: \"ben\""));
    assert_eq!(corpus.read("talks.txt"), TALKS);
}

#[test]
fn import_leaves_an_article_with_another_text_alone() {
    let corpus = Corpus::new();
    corpus.write("set.jsonl", &line("ben", "done", PERSON).replace("Ada said", "Eve said"));
    let (code, _, err) = corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]);
    assert_eq!(code, 1);
    assert!(err.contains("set.jsonl:1: ./talks.txt: the article there has another text"), "{err}");
    assert!(!corpus.path("talks.txt.ben.ron").exists());
}

#[test]
fn export_writes_over_nothing_without_force() {
    let corpus = Corpus::new();
    let old = line("eve", "done", PERSON);
    corpus.write("set.jsonl", &old);
    let (code, out, err) = corpus.ends(&["export", "--to", "jsonl", "-o", "set.jsonl", "."]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("set.jsonl: this is there already") && err.contains("--force"), "{err}");
    assert_eq!(corpus.read("set.jsonl"), old);
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
    // So few articles leave a part empty, which is told.
    assert_eq!((split("one"), split("two")), (1, 1));
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

#[test]
fn brats_files_go_out_and_come_back_and_what_they_cannot_hold_is_told() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    let export: &[&str] = &["export", "--to", "brat", "--annotator", "ada", "-o", "brat", "seeds"];
    let (code, out, err) = corpus.ends(export);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(
        err.contains("links to the author: kept in another form") && err.contains("notes on articles: left out"),
        "{err}"
    );
    assert!(corpus.path("brat/annotation.conf").exists() && corpus.path("brat/harbour-strike.ann").exists());
    let (code, _, err) = corpus.ends(export);
    assert!(code == 2 && err.contains("there already") && err.contains("--force"), "{err}");
    let (code, _, err) = corpus.ends(&["import", "--from", "brat", "--annotator", "ada", "-o", "again", "brat"]);
    assert_eq!((code, err.as_str()), (0, ""), "its labels are those of the built-in schema");
    assert_eq!(corpus.ends(&["check", "again"]).0, 0);
    let (code, out, _) =
        corpus.ends(&["export", "--to", "brat", "--annotator", "ada", "--json", "-o", "brat2", "again"]);
    let told: serde_json::Value = serde_json::from_str(&out).expect("one JSON document");
    assert_eq!(
        (code, told["format"].as_str(), told["losses"][0]["kind"].as_str()),
        (0, Some("brat"), Some("relation-to-author"))
    );
    for entry in fs::read_dir(corpus.path("brat")).expect("it is listed").flatten() {
        let name = entry.file_name().into_string().expect("a plain name");
        // The card tells the name of the folder, and what was lost on the way; the list has its hash.
        if ["README.md", "files.sha256"].contains(&name.as_str()) {
            continue;
        }
        assert_eq!(corpus.read(&format!("brat/{name}")), corpus.read(&format!("brat2/{name}")), "{name}");
        assert!(!corpus.read(&format!("brat/{name}")).contains('\r'), "{name} has lines that end in LF");
    }
    let (code, _, err) = corpus.ends(&["export", "--to", "brat", "--strict", "--annotator", "ada", "-o", "s", "seeds"]);
    assert!(code == 2 && err.contains("nothing is written") && !corpus.path("s").exists(), "{err}");
    let (code, _, err) = corpus.ends(&["export", "--to", "brat", "-o", "s", "seeds"]);
    assert!(code == 2 && err.contains("none is gold"), "several layers and no gold: {err}");
    let split: &[&str] = &["export", "--to", "brat", "--all-annotators", "--split", "1,1,1", "-o", "parts", "seeds"];
    assert_eq!(corpus.ends(split).0, 0);
    assert!(corpus.path("parts/train/ada/annotation.conf").exists() && corpus.path("parts/test/ben").is_dir());
}

#[test]
fn a_brat_project_becomes_a_corpus_with_a_schema() {
    let corpus = Corpus::new();
    fs::create_dir_all(corpus.path("b/x")).expect("folders");
    corpus.write("b/annotation.conf", "[entities]\nPER\n[relations]\n[events]\n[attributes]\n");
    corpus.write("b/x/one.txt", "Ada met Zoe.\n");
    corpus.write(
        "b/x/one.ann",
        "T1\tPER 0 3\tAda\nT2\tPER 8 11\tZoe\nR1\tKnows Arg1:T1 Arg2:T2\nA1\tNegation T1\nnonsense\n",
    );
    corpus.write("b/two.ann", "T1\tPER 0 3\tBen\n");
    corpus.write("b/three.txt", "Not brat.\n");
    corpus.write("b/three.ann", "QUOTE\tQ1\nQUOTE\tQ2\n");
    let (code, _, err) = corpus.ends(&["import", "--from", "brat", "--annotator", "ann1", "-o", "c", "b"]);
    assert_eq!(code, 1, "{err}");
    for part in ["one.ann:5: ", "two.ann:1: ", "no line of it is brat's", "c/pressmark.ron: made of"] {
        assert!(err.contains(part), "{part} in {err}");
    }
    let sidecar = corpus.read("c/x/one.txt.ann1.ron");
    for part in ["label: \"PER\"", "label: \"Knows\"", "\"Negation\": true"] {
        assert!(sidecar.contains(part), "{part} in {sidecar}");
    }
    let (code, out, err) = corpus.ends(&["check", "c"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(!corpus.path("c/three.txt").exists());
}

#[test]
fn doccanos_lines_go_out_and_come_back_under_the_labels_that_are_asked_for() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    let (code, _, err) = corpus.ends(&["export", "--to", "doccano", "--annotator", "ada", "-o", "set.jsonl", "seeds"]);
    assert!(code == 0 && err.contains("marks in several pieces: split"), "{err}");
    let mut import = vec!["import", "--from", "doccano", "-o", "again", "set.jsonl"];
    let types = ["person", "organization", "place", "thing", "value"];
    let maps: Vec<String> = types.iter().map(|kind| format!("{kind}=entity:{kind}")).collect();
    import.extend(maps.iter().flat_map(|map| ["--map", map]));
    let (code, _, err) = corpus.ends(&import);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(!corpus.path("again/pressmark.ron").exists(), "the built-in schema has all of it");
    assert_eq!(corpus.ends(&["check", "again"]).0, 0);
    let (code, _, err) = corpus.ends(&["export", "--to", "doccano", "--annotator", "ada", "-o", "two.jsonl", "again"]);
    assert_eq!(code, 0, "{err}");
    assert!(corpus.read("set.jsonl") == corpus.read("two.jsonl"), "the same to the byte");
    let (code, _, err) = corpus.ends(&["import", "--from", "doccano", "-o", "plain", "set.jsonl"]);
    assert!(code == 0 && err.contains("made of the labels"), "{err}");
    assert_eq!(corpus.ends(&["check", "plain"]).0, 0);
    assert_eq!(corpus.ends(&["import", "--from", "doccano", "--map", "x", "-o", "plain", "set.jsonl"]).0, 2);
}

#[test]
fn a_dataset_without_texts_comes_together_with_the_articles() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    let export: &[&str] =
        &["export", "--to", "jsonl", "--without-text", "--annotator", "ada", "-o", "bare.jsonl", "seeds"];
    assert_eq!(corpus.ends(export).0, 0);
    let bare = corpus.read("bare.jsonl");
    assert!(
        !bare.contains("Ambassador") && bare.contains("text_sha256") && !bare.contains("context"),
        "no word of them"
    );
    let (code, _, err) = corpus.ends(&["import", "--from", "jsonl", "-o", "nothing", "bare.jsonl"]);
    assert!(code == 2 && err.contains("has no text"), "{err}");
    copy("seeds", &corpus.path("again"));
    for entry in fs::read_dir(corpus.path("again")).expect("it is listed").flatten() {
        if entry.path().extension().is_some_and(|end| end == "ron") {
            fs::remove_file(entry.path()).expect("it goes");
        }
    }
    let (code, out, err) = corpus.ends(&["import", "--from", "jsonl", "-o", "again", "bare.jsonl"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(corpus.ends(&["export", "--to", "brat", "--annotator", "ada", "-o", "one", "seeds"]).0, 0);
    assert_eq!(corpus.ends(&["export", "--to", "brat", "--annotator", "ada", "-o", "two", "again"]).0, 0);
    let ann = |folder: &str| corpus.read(&format!("{folder}/border-fraud-talks.ann"));
    assert_eq!(ann("one"), ann("two"));
}

#[test]
fn annotators_get_other_names_everywhere() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    assert_eq!(corpus.ends(&["export", "--to", "jsonl", "--anonymise", "-o", "all.jsonl", "seeds"]).0, 0);
    let all = corpus.read("all.jsonl");
    assert!(all.contains("\"annotator\": \"annotator-1\"") && all.contains("annotator-2"));
    assert!(!all.contains("\"ada\"") && !all.contains("\"ben\""));
}

#[test]
fn near_duplicates_are_in_one_part_and_moves_are_told() {
    let corpus = Corpus::new();
    fs::create_dir(corpus.path("set")).expect("it is made");
    let words =
        |seed: usize| (0..300).map(|n| format!("word{} ", (n * 7919 + seed * 104_729) % 10_007)).collect::<String>();
    for n in 0..30 {
        let text = words(n);
        corpus.write(&format!("set/{n:02}.txt"), &text);
        corpus.write(&format!("set/{n:02}-copy.txt"), &text.replacen("word", "Word!", 12));
    }
    let line = |name: &str, text: &str| {
        format!(
            "{}\n",
            serde_json::json!({"file": name, "text": text, "schema": {"id": "news", "version": 1}, "annotator": "ada",
            "status": "done", "annotations": [{"id": "a", "label": "entity", "spans": [[0, 4]]}]})
        )
    };
    let mut lines = String::new();
    for n in 0..30 {
        for name in [format!("{n:02}.txt"), format!("{n:02}-copy.txt")] {
            lines += &line(&name, &corpus.read(&format!("set/{name}")));
        }
    }
    corpus.write("set.jsonl", &lines);
    assert_eq!(corpus.ends(&["import", "--from", "jsonl", "-o", "set", "set.jsonl"]).0, 0);
    let split: &[&str] = &["export", "--to", "conllu", "--split", "40,30,30", "--seed", "5", "-o", "parts", "set"];
    let (code, _, err) = corpus.ends(split);
    assert!(code == 0 && err.contains("60 articles are near-duplicates of others, in 30 groups"), "{err}");
    let list = corpus.read("parts/split.tsv");
    let parts: std::collections::BTreeMap<&str, &str> = list.lines().filter_map(|line| line.split_once('\t')).collect();
    for n in 0..30 {
        assert_eq!(parts[format!("{n:02}.txt").as_str()], parts[format!("{n:02}-copy.txt").as_str()]);
    }
    let kinds: std::collections::BTreeSet<&&str> = parts.values().collect();
    assert_eq!(kinds.len(), 3, "all parts have some");
    assert!(corpus.read("parts/README.md").contains("| train |"));
    // An article that stands between two groups brings them together, on the side of most.
    let mixed: String = words(1).chars().take(1500).chain(words(2).chars().take(1500)).collect();
    corpus.write("set/bridge.txt", &mixed);
    let again: &[&str] =
        &["export", "--to", "conllu", "--split", "40,30,30", "--seed", "5", "--force", "-o", "parts", "set"];
    assert_eq!(corpus.ends(again).0, 0);
    let second = corpus.read("parts/split.tsv");
    assert!(list.lines().all(|line| second.contains(line)), "nothing moved that did not have to");
}

#[test]
fn shards_are_written_one_by_one_or_all_at_once() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    let whole: &[&str] =
        &["export", "--to", "huggingface", "--annotator", "ada", "--shards", "3", "-o", "whole", "seeds"];
    assert_eq!(corpus.ends(whole).0, 0);
    for shard in ["0", "1", "2"] {
        let one: &[&str] = &[
            "export",
            "--to",
            "huggingface",
            "--annotator",
            "ada",
            "--shards",
            "3",
            "--shard",
            shard,
            "-o",
            "parts",
            "seeds",
        ];
        assert_eq!(corpus.ends(one).0, 0, "{shard}");
    }
    for shard in 0..3 {
        let bytes = |folder: &str| fs::read(corpus.path(&format!("{folder}/{shard:05}.parquet"))).expect("it is there");
        assert!(bytes("whole") == bytes("parts"), "{shard}");
    }
    let (code, _, err) =
        corpus.ends(&["export", "--to", "brat", "--annotator", "ada", "--shards", "3", "-o", "no", "seeds"]);
    assert!(code == 2 && err.contains("not written in shards"), "{err}");
}

#[test]
fn formats_are_found_out_by_what_is_in_the_files() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    for format in pressmark::formats::FORMATS.iter().filter(|format| format.writes.is_some() && format.reads.is_some())
    {
        let out = format!("out-{}", format.id);
        let lines = ["jsonl", "doccano", "prodigy"].contains(&format.id);
        let target = if lines { format!("{out}.jsonl") } else { out.clone() };
        assert_eq!(
            corpus.ends(&["export", "--to", format.id, "--annotator", "ada", "-o", &target, "seeds"]).0,
            0,
            "{}",
            format.id
        );
        let into = format!("in-{}", format.id);
        let (code, said, err) = corpus.ends(&["import", "--from", "auto", "-o", &into, &target]);
        let marks: usize =
            said.split(", ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap_or_default();
        assert!(code < 2 && marks > 300, "{}: {code} {said} {}", format.id, &err[..err.len().min(500)]);
        assert!(!err.contains("warning"), "{}: {}", format.id, &err[..err.len().min(500)]);
    }
}
