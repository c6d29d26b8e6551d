//! A window without a display: an app on a temporary copy of a corpus, driven by keys, pointer and accessible names.
//!
//! Frames are stepped until a condition holds, in a bounded number; egui's time is the harness's own, a sixtieth of a
//! second a frame. Places on the page come from the page itself, so that no test depends on the width of a letter.

use std::path::PathBuf;
use std::time::Duration;

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use pressmark::article;
use pressmark::gui::settings::Settings;
use pressmark::gui::{App, Start};
use pressmark::model::{Annotation, Layer, Span};
use pressmark::store::sidecar;
use pressmark::workspace::Document;

use crate::disk::{Files, copy_of_seeds, files, told};

/// Ctrl, or the command key.
pub const CTRL: Modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
pub const SHIFT: Modifiers = Modifiers::SHIFT;
pub const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..CTRL };

/// Frames that a condition is waited for, a millisecond apart so that threads get their turn.
const PATIENCE: usize = 30_000;

/// A window and the folder that it works on.
pub struct Window {
    pub harness: Harness<'static, App>,
    pub root: PathBuf,
    folder: tempfile::TempDir,
}

/// How a window is opened.
pub struct Opening<'a> {
    pub annotator: Option<&'a str>,
    /// The article to begin with, relative to the corpus.
    pub article: Option<&'a str>,
    pub size: [f32; 2],
}

impl Default for Opening<'_> {
    fn default() -> Self {
        Self { annotator: Some("eve"), article: None, size: [1320.0, 860.0] }
    }
}

impl Window {
    /// The sample corpus on one of its articles, as an annotator works on it.
    pub fn seeds(annotator: &str, article: &str) -> Self {
        let opening = Opening { annotator: Some(annotator), article: Some(article), ..Opening::default() };
        Self::open(copy_of_seeds(), &opening)
    }

    /// One article with this text, as eve opens it for the first time.
    pub fn with_text(text: &str) -> Self {
        Self::with_files(&[("a.txt", text)])
    }

    /// Articles, the first of which is open.
    pub fn with_files(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, contents) in files {
            std::fs::write(folder.path().join(name), contents).expect("an article");
        }
        Self::open(folder, &Opening { article: Some(files[0].0), ..Opening::default() })
    }

    /// A corpus that was made ready in a folder.
    pub fn open(folder: tempfile::TempDir, opening: &Opening<'_>) -> Self {
        let mut window = Self::open_unsettled(folder, opening);
        window.settle();
        window
    }

    /// The same, as the first frames left it.
    pub fn open_unsettled(folder: tempfile::TempDir, opening: &Opening<'_>) -> Self {
        let root = folder.path().to_owned();
        let path = opening.article.map_or_else(|| root.clone(), |article| root.join(article));
        let annotator = opening.annotator.map(str::to_owned);
        let start = Start { path: Some(path), annotator, login: "eve".into(), data: root.join("data") };
        let harness = Harness::builder()
            .with_size(opening.size)
            .with_step_dt(1.0 / 60.0)
            // What the panels are written in need not have every script; the article is set by other means.
            .allow_missing_glyphs()
            .build_eframe(|creation| App::with(&creation.egui_ctx, start, Settings::default()));
        Self { harness, root, folder }
    }

    /// Closes the window, with all saved; its folder stays.
    pub fn close(self) -> tempfile::TempDir {
        let Self { mut harness, folder, .. } = self;
        eframe::App::on_exit(harness.state_mut(), None);
        folder
    }

    pub fn app(&self) -> &App {
        self.harness.state()
    }

    pub fn document(&self) -> &Document {
        self.app().workspace().and_then(|workspace| workspace.document()).expect("an article is open")
    }

    pub fn text(&self) -> std::sync::Arc<article::Article> {
        self.document().article().clone()
    }

    /// The name of the article in hand.
    pub fn article(&self) -> String {
        let workspace = self.app().workspace().expect("a corpus is open");
        workspace.entries()[self.document().number].path.to_string_lossy().into_owned()
    }

    /// What the status bar says of the last step.
    pub fn message(&self) -> &str {
        self.app().view().message.as_ref().map_or("", |(notice, _)| &notice.text)
    }

    /// Steps frames until something holds.
    #[track_caller]
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..PATIENCE {
            if holds(self) {
                return;
            }
            self.harness.step();
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("in vain waited until {what}; the status bar says: {}", self.message());
    }

    /// Steps frames until no thread is waited for and nothing moves.
    #[track_caller]
    pub fn settle(&mut self) {
        self.harness.step();
        for _ in 0..60 {
            self.until("all is read", |window| window.app().is_idle());
            self.harness.step();
            if self.app().is_idle() && !self.harness.ctx.has_requested_repaint() {
                return;
            }
        }
    }

    /// Presses a key as a keyboard of the common layout gives it.
    pub fn key(&mut self, key: Key) {
        self.press(Modifiers::NONE, key);
    }

    pub fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Presses keys one after the other.
    pub fn keys(&mut self, keys: &[Key]) {
        for &key in keys {
            self.key(key);
        }
    }

    /// A key whose logical and physical names differ, as with `{` on a common keyboard.
    pub fn press_as(&mut self, modifiers: Modifiers, logical: Key, physical: Key) {
        self.harness.event(Event::ModifiersChanged(modifiers));
        for pressed in [true, false] {
            let key = Event::Key { key: logical, physical_key: Some(physical), pressed, repeat: false, modifiers };
            self.harness.event(key);
        }
        self.harness.event(Event::ModifiersChanged(Modifiers::NONE));
        self.settle();
    }

    /// The nth place of some words, from 0.
    pub fn nth(&self, words: &str, n: usize) -> Span {
        let article = self.text();
        let (at, found) = article.text.match_indices(words).nth(n).expect("the words stand in the text");
        Span::from_range(at..at + found.len())
    }

    pub fn find(&self, words: &str) -> Span {
        self.nth(words, 0)
    }

    /// Clicks a control by its accessible name.
    #[track_caller]
    pub fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.settle();
    }

    /// Clicks the one control whose name holds these words.
    #[track_caller]
    pub fn click_containing(&mut self, words: &str) {
        self.harness.get_by_label_contains(words).click();
        self.settle();
    }

    /// Chooses something of a list that may have to be scrolled to, as a screen reader does.
    pub fn choose_containing(&mut self, words: &str) {
        self.harness.get_by_label_contains(words).click_accesskit();
        self.settle();
    }

    pub fn has(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }

    /// Whether any node's name holds these words.
    pub fn says(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    /// Whether a node counts as chosen for a screen reader.
    pub fn is_chosen(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).any(|node| {
            let node = node.accesskit_node();
            node.is_selected() == Some(true) || node.toggled() == Some(egui::accesskit::Toggled::True)
        })
    }

    /// What is selected, piece by piece.
    pub fn selected(&self) -> Vec<String> {
        let article = self.text();
        let shown = self.app().view().selection.shown(&article.text);
        shown.iter().filter_map(|span| span.slice(&article.text)).map(str::to_owned).collect()
    }

    /// Puts the caret at a byte by keyboard: to the start, then word by word, then letter by letter.
    pub fn caret_to(&mut self, byte: u32) {
        self.press(CTRL, Key::Home);
        let article = self.text();
        while self.app().view().selection.focus < byte {
            let before = self.app().view().selection.focus;
            let paragraph = pressmark::text::boundary::next_paragraph(&article.text, before as usize) as u32;
            let word = pressmark::text::boundary::next_word(&article.text, before as usize) as u32;
            if paragraph <= byte {
                self.press(CTRL, Key::ArrowDown);
            } else if word <= byte {
                self.press(CTRL, Key::ArrowRight);
            } else {
                self.key(Key::ArrowRight);
            }
            assert!(self.app().view().selection.focus > before, "the caret stays at {before}");
        }
        assert_eq!(self.app().view().selection.focus, byte);
    }

    /// Tags the nth place of some words by mouse and key; returns the mark's id.
    #[track_caller]
    pub fn tag(&mut self, words: &str, keys: &[Key]) -> String {
        let span = self.find(words);
        self.drag_over(span, Modifiers::NONE);
        assert_eq!(self.selected(), [words]);
        self.keys(keys);
        let layer = self.document().layer();
        let made = layer.annotations().find(|annotation| annotation.hull() == Some(span));
        made.unwrap_or_else(|| panic!("{words} is not marked: {}", self.message())).id.to_string()
    }

    /// The chosen mark.
    pub fn chosen(&self) -> Option<Annotation> {
        self.document().layer().get(self.app().view().chosen.as_deref()?).cloned()
    }

    /// The text of the chosen mark.
    pub fn chosen_text(&self) -> String {
        let article = self.text();
        self.chosen().map(|annotation| annotation.text(&article.text)).unwrap_or_default()
    }

    /// All marks as `label: text`, in reading order.
    pub fn marks(&self) -> Vec<String> {
        told(&self.text().text, &self.document().layer())
    }

    /// Saves with ctrl+S and reads the sidecar back from disk.
    #[track_caller]
    pub fn saved(&mut self) -> Layer {
        self.press(CTRL, Key::S);
        self.read_back()
    }

    /// Reads the sidecar of the article in hand from disk.
    #[track_caller]
    pub fn read_back(&self) -> Layer {
        let document = self.document();
        let schema = self.app().workspace().expect("a corpus").schema().clone();
        let loaded = sidecar::read_layer(document.sidecar(), document.article(), &schema).expect("a sidecar on disk");
        assert!(loaded.problems.is_empty(), "the saved sidecar has problems");
        loaded.layer
    }

    pub fn files(&self) -> Files {
        files(&self.root)
    }
}
