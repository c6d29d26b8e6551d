//! Sidecars in the real git: merge driver, diff driver, `git-setup`. Not among the plain tests, since git must be there:
//!
//!     cargo test --test git -- --ignored
//!
//! Each test works in a repository of its own, with no configuration but its own.

mod branches;
mod errors;
mod setup;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A repository with one article and an annotator's layer of it.
struct Repo(tempfile::TempDir);

const ARTICLE: &str = "Ada said: \u{201c}no\u{201d} 👩\u{200d}🎤.\r\nقال خالد မြန်မာ, and so on, at some length.\n";
const SIDECAR: &str = "talks.txt.ada.ron";

impl Repo {
    /// Set up for Pressmark, on branch `main`.
    fn new() -> Self {
        let repo = Self::bare();
        repo.pressmark(&["git-setup"]);
        repo.commit("start");
        repo
    }

    /// Not set up, and nothing committed.
    fn bare() -> Self {
        let repo = Self(tempfile::tempdir().expect("a temporary folder"));
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo.write("talks.txt", ARTICLE);
        repo.layer("done", &[("a1", "entity", "(0, 3, \"Ada\")", "type", "person")]);
        repo
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, contents: &str) {
        fs::write(self.path(name), contents).expect("it is written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Puts one text in the place of another, which must be there.
    fn edit(&self, name: &str, old: &str, new: &str) {
        let before = self.read(name);
        assert!(before.contains(old), "{old:?} is not in {before}");
        self.write(name, &before.replace(old, new));
    }

    /// Adds a line to a list of the sidecar.
    fn add(&self, name: &str, annotation: &str) {
        let before = self.read(name);
        let begin = before.find("    annotations: [\n").expect("the canonical form") + "    annotations: [\n".len();
        self.write(name, &format!("{}        {annotation},\n{}", &before[..begin], &before[begin..]));
    }

    /// Writes the sidecar anew, by importing a dataset.
    fn layer(&self, status: &str, annotations: &[(&str, &str, &str, &str, &str)]) {
        let text = serde_json::to_string(ARTICLE).expect("a text");
        let each = annotations.iter().map(|(id, label, span, name, value)| {
            let bounds: Vec<&str> = span.trim_matches(['(', ')']).splitn(3, ", ").collect();
            format!(
                r#"{{"id": "{id}", "label": "{label}", "spans": [[{}, {}]], "attributes": {{"{name}": "{value}"}}}}"#,
                bounds[0], bounds[1]
            )
        });
        let all: Vec<String> = each.collect();
        let line = format!(
            r#"{{"file": "talks.txt", "text": {text}, "annotator": "ada", "status": "{status}", "annotations": [{}], "relations": []}}"#,
            all.join(", ")
        );
        let set = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(set.path(), line + "\n").expect("it is written");
        let _ = fs::remove_file(self.path(SIDECAR));
        let set = set.path().to_str().expect("UTF-8");
        self.pressmark(&["import", "--from", "jsonl", "-o", ".", set]);
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).args(arguments);
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_SYSTEM", "/dev/null"),
            ("GIT_AUTHOR_NAME", "Ada"),
            ("GIT_AUTHOR_EMAIL", "ada@example.org"),
            ("GIT_COMMITTER_NAME", "Ada"),
            ("GIT_COMMITTER_EMAIL", "ada@example.org"),
            ("GIT_EDITOR", "true"),
            ("LC_ALL", "C.UTF-8"),
        ] {
            command.env(name, value);
        }
        command.output().unwrap_or_else(|error| panic!("these tests need git: install it ({error})"))
    }

    /// Exit code and all that git says.
    fn try_git(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.command("git", arguments);
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().expect("it ends by itself"), String::from_utf8_lossy(&said).into_owned())
    }

    /// git does what it is told.
    fn git(&self, arguments: &[&str]) -> String {
        let (code, said) = self.try_git(arguments);
        assert_eq!(code, 0, "git {arguments:?}: {said}");
        said
    }

    /// Pressmark does what it is told.
    fn pressmark(&self, arguments: &[&str]) -> String {
        let output = self.command(program(), arguments);
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "pressmark {arguments:?}: {said}");
        said
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// On a new branch from `main`, changes something and commits it.
    fn branch(&self, name: &str, change: impl FnOnce(&Self)) {
        self.git(&["checkout", "--quiet", "-b", name, "main"]);
        change(self);
        self.commit(name);
    }

    /// Paths that a merge left open.
    fn unmerged(&self) -> Vec<String> {
        let said = self.git(&["diff", "--name-only", "--diff-filter=U"]);
        said.lines().map(str::to_owned).collect()
    }

    /// The sidecar opens, and can be worked on.
    fn is_sound(&self, article: &str) {
        self.pressmark(&["check", article]);
    }
}

fn program() -> PathBuf {
    assert_cmd::cargo::cargo_bin("pressmark")
}

const QUOTE: &str = r#"(id: "q1", label: "quote", spans: [(11, 13, "no")], context: ("Ada said: “", "” 👩\u{200d}🎤.\r\nقال خالد မြန်မာ, and so "))"#;

/// An entity on "said", with the 32 code points around it.
fn said(id: &str) -> String {
    format!(
        r#"(id: "{id}", label: "cue", spans: [(4, 8, "said")], context: ("Ada ", ": “no” 👩\u{{200d}}🎤.\r\nقال خالد မြန်မာ, an"))"#
    )
}

/// A path of the repository of Pressmark.
fn ours(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
