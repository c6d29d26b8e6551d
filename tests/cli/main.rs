//! The command line as scripts see it: streams, exit codes, files. Every test works on a temporary copy.

mod archives;
mod bad_input;
mod exchange;
mod foreign;
mod hostile;
mod looks;
mod merging;
mod parts;
mod reading;
mod reanchor;
mod schemas;
mod stopping;
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// A folder with one article and two layers of it.
struct Corpus(tempfile::TempDir);

const TALKS: &str = "Ada said: \u{201c}no\u{201d} 👩\u{200d}🎤.\r\nقال خالد မြန်မာ.\n";

impl Corpus {
    fn new() -> Self {
        let corpus = Self(tempfile::tempdir().expect("a temporary folder"));
        corpus.write("talks.txt", TALKS);
        corpus.write("set.jsonl", &line("ada", "done", PERSON));
        corpus.run(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]).assert().success();
        fs::remove_file(corpus.path("set.jsonl")).expect("it was there");
        corpus
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, contents: &str) {
        fs::write(self.path(name), contents).expect("it is written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("it is there")
    }

    /// Changes a file by putting one text in the place of another, which must be there.
    fn edit(&self, name: &str, old: &str, new: &str) {
        let before = self.read(name);
        assert!(before.contains(old), "{old:?} is not in {before}");
        self.write(name, &before.replace(old, new));
    }

    fn run(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("pressmark").expect("it was built");
        command.current_dir(self.0.path()).args(arguments);
        command
    }

    /// Exit code, standard output, standard error.
    fn ends(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.run(arguments).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
        (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
    }
}

const PERSON: &str = r#"{"id": "a1", "label": "entity", "spans": [[0, 3]], "attributes": {"type": "person"}}, {"id": "a2", "label": "quote", "spans": [[10, 14]], "note": "short"}"#;

/// A line of jsonl on the article.
fn line(annotator: &str, status: &str, annotations: &str) -> String {
    let text = serde_json::to_string(TALKS).expect("a text");
    format!(
        "{{\"file\": \"talks.txt\", \"text\": {text}, \"annotator\": \"{annotator}\", \"status\": \"{status}\", \
         \"annotations\": [{annotations}], \"relations\": [{}]}}\n",
        if annotations.contains("a2") { r#"{"id": "r1", "label": "speaker", "from": "a2", "to": "a1"}"# } else { "" }
    )
}

/// Copies a folder of the repository.
fn copy(from: &str, to: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
    for entry in walkdir::WalkDir::new(&root).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let target = to.join(entry.path().strip_prefix(&root).expect("it lies below"));
        fs::create_dir_all(target.parent().expect("it has a folder")).expect("a folder");
        fs::copy(entry.path(), target).expect("it is copied");
    }
}
