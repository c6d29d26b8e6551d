//! Where an export may go: no article, no mark and no file of others is ever put out of its place, whatever is asked for.

use std::fs;

use pressmark::formats::{FORMATS, Shape};

use crate::Corpus;

fn files(corpus: &Corpus) -> Vec<(String, Vec<u8>)> {
    let all = walkdir::WalkDir::new(corpus.path("")).sort_by_file_name().into_iter().flatten();
    let files = all.filter(|entry| entry.file_type().is_file());
    files.map(|it| (it.path().display().to_string(), fs::read(it.path()).expect("a file"))).collect()
}

#[test]
fn force_replaces_nothing_but_datasets() {
    let corpus = Corpus::new();
    for folder in ["sub", "other"] {
        fs::create_dir(corpus.path(folder)).expect("a folder");
    }
    corpus.write("sub/one.txt", "Ada.");
    corpus.write("other/thesis.odt", "Years of work.");
    corpus.write("tasks.jsonl", "{\"text\": \"Ada.\", \"label\": []}\n");
    corpus.write("thesis.docx", "PK");
    let before = files(&corpus);
    let csv = ["export", "--to", "csv", "--force", "-o"];
    let lines = ["export", "--to", "jsonl", "--force", "-o"];
    let cases: &[(&[&str], &str, &str, &str)] = &[
        (&csv, ".", ".", "has no name"),
        (&csv, "./sub", "sub", "Your articles lie in"),
        (&csv, "sub", "sub/one.txt", "holds other files"),
        (&csv, "other", ".", "holds other files"),
        (&lines, "talks.txt", ".", "would be an article"),
        (&lines, "talks.txt.ben.ron", ".", "hold marks"),
        (&lines, "tasks.jsonl", ".", "was exported before"),
        (&lines, "thesis.docx", ".", "was exported before"),
        (&csv, "pressmark.ron", ".", "is named as marks"),
        (&lines, "sub", "sub", "is a folder"),
        (&["export", "--to", "brat", "--force", "-o"], "set", ".", "would become articles"),
        (&["export", "--to", "quotes", "-o"], "set", ".", "would become articles"),
        (&csv, "thesis.docx/set", ".", "is not there"),
        (&["export", "--to", "brat", "-o"], "sub/gone/set", ".", "would become articles"),
    ];
    for (command, target, from, expected) in cases {
        let (code, _, err) = corpus.ends(&[command, &[*target, from][..]].concat());
        assert_eq!(code, 2, "{target} from {from}: {err}");
        assert!(err.contains(expected), "{target} from {from}: {err}");
        assert_eq!(files(&corpus), before, "{target} from {from}");
    }
    assert_eq!(corpus.ends(&["export", "--to", "csv", "-o", "tables", "."]).0, 0, "tables are no articles");
    assert_eq!(corpus.ends(&["export", "--to", "csv", "-o", "tables", "."]).0, 2);
    assert_eq!(corpus.ends(&["export", "--to", "csv", "--force", "-o", "tables", "."]).0, 0);
    // What somebody put beside it, or corrected in it, keeps all of it where it is.
    fs::create_dir(corpus.path("tables/model")).expect("a folder");
    corpus.write("tables/model/weights.bin", "Days of work.");
    let (code, _, err) = corpus.ends(&["export", "--to", "csv", "--force", "-o", "tables", "."]);
    assert!(code == 2 && err.contains("model/weights.bin"), "{err}");
    fs::remove_dir_all(corpus.path("tables/model")).expect("it goes");
    corpus.write("tables/README.md", &corpus.read("tables/README.md").replace("ada", "Ada Woods"));
    let (code, _, err) = corpus.ends(&["export", "--to", "csv", "--force", "-o", "tables", "."]);
    assert!(code == 2 && err.contains("README.md, which no export wrote or which was changed"), "{err}");
    assert!(corpus.read("tables/files.sha256").contains("  annotations.csv\n"));
}

#[test]
fn no_other_format_makes_files_that_are_articles() {
    let corpus = Corpus::new();
    for format in FORMATS.iter().filter(|format| matches!(format.writes, Some(Shape::Folder(_)))) {
        let (code, _, err) = corpus.ends(&["export", "--to", format.id, "-o", format.id, "."]);
        let stays = err.contains("would become articles");
        assert!(code < 2 || stays, "{}: {err}", format.id);
    }
    let (_, out, _) = corpus.ends(&["stats", "--json", "."]);
    let stats: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(stats["articles"], 1, "{out}");
}
