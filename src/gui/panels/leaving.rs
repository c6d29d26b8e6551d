//! What is asked when the window is to be closed and something cannot be saved.

use egui::{Modal, Ui};

use crate::gui::command::{Action, UiCommand};
use crate::gui::scene::Scene;
use crate::workspace::{Document, SaveState};

/// Paints the question, while it is open.
pub fn leaving_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    if !scene.view.unsaved_at_close {
        return;
    }
    let state = scene.document.map(Document::save_state);
    if state == Some(SaveState::Saved) {
        actions.push(Action::Leave);
        return;
    }
    let reason = match state {
        Some(SaveState::Failed(reason)) => reason,
        _ => "The last changes are not on disk yet.".to_owned(),
    };
    Modal::new(egui::Id::unique("leaving")).show(ui.ctx(), |ui| {
        ui.set_max_width(420.0);
        ui.heading("Not saved yet");
        ui.label(reason);
        ui.label("If you close now, the last changes are lost.");
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            if ui.button("Try to save again").clicked() {
                actions.push(Action::Run(UiCommand::SaveNow));
            }
            if ui.button("Keep open").clicked() {
                actions.push(Action::Stay);
            }
            if ui.button("Close and lose the changes").clicked() {
                actions.push(Action::Leave);
            }
        });
    });
}
