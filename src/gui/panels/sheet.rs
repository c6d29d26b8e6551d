//! A sheet of fields: what the details of an annotation and those of the article share while they are painted.
//!
//! It lays names and controls out in two columns, hands the keyboard to the first control when that is asked for, and
//! keeps controls disabled where the layer cannot be changed.

use egui::{Align, AsIdSalt, Layout, Response, Ui, UiBuilder, vec2};

use super::draft::{Drafts, Field, Reading, Typed};
use super::paint;
use super::words;
use crate::gui::command::{Action, UiCommand, shortcut_text};
use crate::gui::scene::Scene;
use crate::model::Annotation;
use crate::workspace::Command;

/// Width of the column of names, in points.
const NAMES: f32 = 82.0;

/// A sheet of fields while it is painted.
pub struct Sheet<'a> {
    /// What is on the screen.
    pub scene: &'a Scene<'a>,
    /// Words being typed.
    pub drafts: &'a mut Drafts,
    /// What is to be carried out.
    pub actions: &'a mut Vec<Action>,
    /// Whether anything can be changed.
    pub editable: bool,
    /// Whether the next control takes the keyboard.
    pub focus: bool,
}

impl<'a> Sheet<'a> {
    /// A sheet on a scene. While another article is being read nothing can be changed, so that no words typed meanwhile
    /// are lost with the article that leaves.
    pub fn new(scene: &'a Scene<'a>, drafts: &'a mut Drafts, actions: &'a mut Vec<Action>) -> Self {
        let leaving = scene.workspace.is_some_and(|workspace| workspace.loading().is_some());
        Self { scene, drafts, actions, editable: scene.editable() && !leaving, focus: scene.view.focus_details }
    }

    /// Asks for a command.
    pub fn perform(&mut self, command: Command) {
        self.actions.push(Action::Do(command));
    }

    /// The first `limit` characters of a mark's text on one line, as it reads on the page.
    pub fn reading(&self, annotation: &Annotation, limit: usize) -> String {
        let document = self.scene.document;
        document.map_or_else(String::new, |document| words::reading(annotation, document.article(), limit))
    }

    /// Gives the keyboard to this control, if the sheet was opened by keyboard and it is the first.
    pub fn claim(&mut self, response: &Response) {
        if self.focus && response.enabled() {
            response.request_focus();
            self.focus = false;
        }
    }

    /// Says on top why nothing can be changed.
    pub fn reason_ui(&self, ui: &mut Ui) {
        if let Some(reason) = self.scene.workspace.and_then(|workspace| workspace.read_only()) {
            ui.label(words::warning(self.scene.theme, reason));
        }
    }

    /// A part of the sheet whose controls keep the keyboard while others come and go above it: egui counts what it
    /// painted before, unless a part has an id of its own.
    pub fn steady_ui<R>(&mut self, ui: &mut Ui, part: impl AsIdSalt, add: impl FnOnce(&mut Self, &mut Ui) -> R) -> R {
        let id = ui.scope_id().with(("part", part));
        ui.scope_builder(UiBuilder::new().scope_id(id), |ui| add(self, ui)).inner
    }

    /// A name in the left column and its controls in the right one.
    pub fn row_ui(&mut self, ui: &mut Ui, name: &str, controls: impl FnOnce(&mut Self, &mut Ui)) {
        self.steady_ui(ui, ("row", name), |sheet, ui| {
            ui.horizontal_top(|ui| {
                ui.allocate_ui_with_layout(vec2(NAMES, 20.0), Layout::left_to_right(Align::Center), |ui| {
                    ui.set_min_width(NAMES);
                    ui.add(egui::Label::new(words::faint(sheet.scene.theme, name)).truncate());
                });
                ui.vertical(|ui| controls(sheet, ui));
            });
        });
    }

    /// The name of a section, over a hair line.
    pub fn section_ui(&self, ui: &mut Ui, name: &str) {
        ui.add_space(8.0);
        ui.label(words::section(self.scene.theme, name));
        let top = ui.cursor().top() - 3.0;
        let line = egui::Stroke::new(1.0, self.scene.theme.rule);
        ui.painter().hline(ui.max_rect().x_range(), top, line);
    }

    /// A field for words as wide as there is room.
    pub fn typed_ui(&mut self, ui: &mut Ui, typed: &TypedField<'_>) {
        let wide = ui.available_width();
        let (response, error) = ui
            .add_enabled_ui(self.editable, |ui| {
                paint::outline_fields(ui, self.scene.theme);
                Typed {
                    field: typed.field.clone(),
                    current: typed.current,
                    reading: typed.reading,
                    lines: typed.lines,
                    hint: typed.hint,
                    name: typed.name,
                    width: wide,
                }
                .show(ui, self.drafts, self.actions)
            })
            .inner;
        self.claim(&response);
        if let Some(error) = error {
            ui.label(words::warning(self.scene.theme, error));
        }
    }

    /// A button for a command without payload, with its key in the tool tip.
    pub fn command_ui(&mut self, ui: &mut Ui, command: UiCommand, text: &str, enabled: bool) {
        let keys = command.shortcuts().first().map(shortcut_text).unwrap_or_default();
        let button = ui
            .add_enabled(enabled, egui::Button::new(text))
            .on_hover_text(format!("{} ({keys})", command.tip()))
            .on_disabled_hover_text(command.tip());
        if button.clicked() {
            self.actions.push(Action::Run(command));
        }
    }
}

/// What a field for words sets and how it looks; see [`Typed`].
pub struct TypedField<'a> {
    pub field: Field,
    pub current: &'a str,
    pub reading: Reading,
    pub lines: usize,
    pub hint: &'a str,
    pub name: &'a str,
}
