//! A stage for tests of panels: a corpus in a temporary folder, its first article open, and what a panel would be told.

use std::sync::Arc;

use egui_kittest::Harness;

use crate::gui::command::Action;
use crate::gui::datasets::Datasets;
use crate::gui::scene::Scene;
use crate::gui::settings::Settings;
use crate::gui::theme::Theme;
use crate::gui::view::{Selection, View};
use crate::model::{Id, Span};
use crate::workspace::{Command, Workspace};

/// What a panel paints from, and what it asked for.
pub struct Stage {
    pub workspace: Workspace,
    pub view: View,
    pub settings: Settings,
    pub datasets: Datasets,
    pub actions: Vec<Action>,
    _folder: tempfile::TempDir,
}

/// How a panel is called.
type Panel = fn(&mut egui::Ui, &Scene<'_>, &mut Vec<Action>);

impl Stage {
    /// An article with this text, open.
    pub fn new(text: &str) -> Self {
        Self::with_files(&[("article.txt", text)])
    }

    /// Articles, the first of which is open.
    pub fn with_files(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
            std::fs::write(path, text).expect("an article");
        }
        let (mut workspace, _) = Workspace::open(folder.path(), "ada", Arc::new(|| {})).expect("a corpus");
        workspace.open_article(0);
        workspace.wait();
        let (view, settings, datasets) = (View::default(), Settings::default(), Datasets::default());
        Self { workspace, view, settings, datasets, actions: Vec::new(), _folder: folder }
    }

    fn span(&self, words: &str) -> Span {
        let text = &self.workspace.document().expect("an article").article().text;
        let at = text.find(words).expect("the words stand in the text");
        Span::from_range(at..at + words.len())
    }

    /// Tags the first place of these words.
    pub fn tag(&mut self, label: &str, kind: Option<&str>, words: &str) {
        let spans = smallvec::smallvec![self.span(words)];
        let command = Command::Tag { label: label.into(), kind: kind.map(Into::into), spans };
        self.workspace.perform(command).expect("the tag is taken");
    }

    /// Tags the first so many words of five bytes.
    pub fn tag_each_word(&mut self, label: &str, kind: Option<&str>, count: u32) {
        for at in 0..count {
            let spans = smallvec::smallvec![Span::new(at * 5, at * 5 + 4)];
            let command = Command::Tag { label: label.into(), kind: kind.map(Into::into), spans };
            self.workspace.perform(command).expect("the tag is taken");
        }
    }

    /// The id of the annotation on these words.
    pub fn id_of(&self, words: &str) -> Id {
        let span = self.span(words);
        let layer = self.workspace.document().expect("an article").layer();
        let found = layer.annotations().find(|annotation| annotation.hull() == Some(span));
        found.expect("the words are marked").id.clone()
    }

    /// The id of the last annotation.
    pub fn last_id(&self) -> Id {
        let layer = self.workspace.document().expect("an article").layer();
        layer.annotations().next_back().expect("a mark").id.clone()
    }

    /// What people see of an attribute.
    pub fn attribute_name(&self, on: &str, id: &str) -> String {
        let schema = self.workspace.schema();
        schema.attributes_on(on).find(|it| it.id == id).expect("the schema has it").name.to_string()
    }

    /// Carries out a command on the annotation on these words.
    pub fn perform_on(&mut self, words: &str, command: impl Fn(Id) -> Command) {
        let id = self.id_of(words);
        self.workspace.perform(command(id)).expect("the command is taken");
    }

    /// Links the annotations on these words.
    pub fn link(&mut self, label: &str, from: &str, to: &str) {
        let command = Command::Link { label: label.into(), from: self.id_of(from), to: self.id_of(to) };
        self.workspace.perform(command).expect("the link is taken");
    }

    /// Takes the annotation on these words in hand.
    pub fn choose(&mut self, words: &str) {
        self.view.chosen = Some(self.id_of(words));
    }

    /// Selects these words.
    pub fn select(&mut self, words: &str) {
        self.view.selection = Selection::span(self.span(words));
    }

    /// Shows a panel; what it asks for collects in [`Stage::actions`] and is not carried out.
    pub fn show(self, panel: Panel) -> Harness<'static, Self> {
        let mut applied = false;
        let mut builder = Harness::builder().with_size(egui::vec2(640.0, 700.0));
        // egui's own fonts have no other scripts; with Latin text, a sign of ours that is missing fails the test.
        let text = self.workspace.document().map(|document| document.article().text.clone()).unwrap_or_default();
        if text.chars().any(|c| c.is_alphabetic() && c > '\u{24F}') {
            builder = builder.allow_missing_glyphs();
        }
        builder.build_ui_state(
            move |ui, stage: &mut Self| {
                if !std::mem::replace(&mut applied, true) {
                    Theme::light().apply(ui.ctx());
                }
                let theme = Theme::light();
                let layer = stage.workspace.document().map(crate::workspace::Document::layer);
                let scene = Scene {
                    workspace: Some(&stage.workspace),
                    document: stage.workspace.document(),
                    layer: layer.as_deref(),
                    schema: stage.workspace.schema(),
                    theme: &theme,
                    view: &stage.view,
                    settings: &stage.settings,
                    datasets: &stage.datasets,
                };
                panel(ui, &scene, &mut stage.actions);
            },
            self,
        )
    }
}
