//! A program at work on an article in a folder of its own, as the window drives it: what the tests of saving share.

use std::collections::BTreeMap;
use std::fs;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use pressmark::model::Span;
use pressmark::workspace::{Command, Done, Refusal, SaveState, Workspace};

pub const TEXT: &str = "Ada met Zoe. Ben said “we stay”. Then they left for Bern.\n";

/// How long something may take to be noticed before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with one article.
pub struct Folder(pub tempfile::TempDir);

/// A program that has the article open, and what wakes it.
pub struct Program {
    pub workspace: Workspace,
    pub woken: Receiver<()>,
}

impl Deref for Program {
    type Target = Workspace;
    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

impl DerefMut for Program {
    fn deref_mut(&mut self) -> &mut Workspace {
        &mut self.workspace
    }
}

impl Folder {
    pub fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        fs::write(folder.article(), TEXT).expect("an article");
        folder
    }

    pub fn article(&self) -> PathBuf {
        self.0.path().join("a.txt")
    }

    pub fn sidecar(&self) -> PathBuf {
        self.0.path().join("a.txt.ada.ron")
    }

    pub fn journal(&self) -> PathBuf {
        self.0.path().join(".pressmark/local/a.txt.ada.ron.journal")
    }

    pub fn open(&self) -> Program {
        let (wake, woken) = channel();
        let wake = Arc::new(move || {
            // Nobody listens any more when the program is gone.
            let _ = wake.send(());
        });
        let (mut workspace, _) = Workspace::open(&self.article(), "ada", wake).expect("a corpus");
        workspace.open_article(0);
        workspace.wait();
        Program { workspace, woken }
    }

    /// Every file, with its bytes and when it was changed last; folders with the latter.
    pub fn all(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let walk = walkdir::WalkDir::new(self.0.path()).into_iter().flatten();
        let state = |path: &Path| {
            let changed = fs::metadata(path).and_then(|metadata| metadata.modified()).expect("it is there");
            (fs::read(path).unwrap_or_default(), changed)
        };
        walk.map(|entry| (entry.path().to_path_buf(), state(entry.path()))).collect()
    }
}

pub fn tag(workspace: &mut Workspace, words: &str) -> Result<Done, Refusal> {
    let at = TEXT.find(words).expect("the words stand there");
    let spans = [Span::from_range(at..at + words.len())].into_iter().collect();
    workspace.perform(Command::Tag { label: "entity".into(), kind: Some("person".into()), spans })
}

/// Takes in what wakes the program until something is so.
pub fn until(program: &mut Program, what: &str, mut so: impl FnMut(&mut Workspace) -> bool) {
    program.workspace.poll();
    while !so(&mut program.workspace) {
        program
            .woken
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("{what}: {:?}", program.workspace.take_notices()));
        program.workspace.poll();
    }
}

pub fn is_saved(workspace: &mut Workspace) -> bool {
    workspace.document().is_some_and(|document| document.save_state() == SaveState::Saved)
}

pub fn marks(workspace: &Workspace) -> Vec<String> {
    let document = workspace.document().expect("it is open");
    document.layer().annotations().map(|annotation| annotation.text(&document.article().text)).collect()
}

/// What is told to a person since the last call.
pub fn said(workspace: &mut Workspace) -> String {
    workspace.take_notices().into_iter().map(|notice| notice.text).collect::<Vec<_>>().join(" ")
}
