//! Ctrl+C while datasets are read and written: nothing half made is left, and the shell hears what ended the program.

#![cfg(unix)]

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use super::Corpus;

/// Enough to be at work for longer than a signal takes.
const MANY: usize = 4000;

/// A dataset of many articles.
fn dataset(corpus: &Corpus) {
    let task = |at: usize| {
        let text = format!("Ada said number {at}. ").repeat(40);
        format!("{{\"text\": \"{text}\", \"label\": [[0, 3, \"person\"]]}}\n")
    };
    corpus.write("tasks.jsonl", &(0..MANY).map(task).collect::<String>());
}

fn start(corpus: &Corpus, arguments: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("pressmark"))
        .args(arguments)
        .current_dir(corpus.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// What stands in the folder while something is made beside its place.
fn half_made(corpus: &Corpus) -> Vec<String> {
    let names = fs::read_dir(corpus.path("")).expect("it is listed").flatten();
    names.filter_map(|it| it.file_name().into_string().ok()).filter(|name| name.starts_with(".pressmark-")).collect()
}

/// So many articles are there.
fn articles(corpus: &Corpus) -> usize {
    let names = fs::read_dir(corpus.path("")).expect("it is listed").flatten();
    names.filter(|it| it.path().extension().is_some_and(|end| end == "txt")).count()
}

/// Interrupts it when it has begun.
fn interrupted(mut child: Child, has_begun: impl Fn() -> bool) -> Output {
    while !has_begun() && child.try_wait().expect("it can be asked").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(sent.expect("sh is there").success(), "it ended before it was interrupted");
    child.wait_with_output().expect("it ends")
}

#[test]
fn an_import_that_is_interrupted_leaves_nothing_behind() {
    let corpus = Corpus::new();
    dataset(&corpus);
    let output = interrupted(start(&corpus, &["import", "--from", "doccano", "-o", "made", "tasks.jsonl"]), || {
        !half_made(&corpus).is_empty()
    });
    assert_eq!(output.status.signal(), Some(2), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: it was stopped; nothing is written\n");
    assert!(half_made(&corpus).is_empty() && !corpus.path("made").exists());
}

#[test]
fn an_export_that_is_interrupted_leaves_nothing_behind() {
    let corpus = Corpus::new();
    dataset(&corpus);
    assert_eq!(corpus.ends(&["import", "--from", "doccano", "-o", "made", "tasks.jsonl"]).0, 0);
    let output = interrupted(start(&corpus, &["export", "--to", "brat", "-o", "out", "made"]), || {
        !half_made(&corpus).is_empty()
    });
    assert_eq!(output.status.signal(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).ends_with("error: it was stopped; nothing is written\n"));
    assert!(half_made(&corpus).is_empty() && !corpus.path("out").exists());
}

#[test]
fn an_import_into_a_folder_that_is_there_says_what_stays() {
    let corpus = Corpus::new();
    dataset(&corpus);
    let child = start(&corpus, &["import", "--from", "doccano", "-o", ".", "tasks.jsonl"]);
    let output = interrupted(child, || articles(&corpus) > 1);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("it was stopped; what was imported until then stays in .; importing again adds the rest"),
        "{told}"
    );
    assert!(corpus.ends(&["check", "."]).2.is_empty());
    assert_eq!(corpus.ends(&["import", "--from", "doccano", "-o", ".", "tasks.jsonl"]).0, 0);
    assert_eq!(articles(&corpus), MANY + 1);
}
