//! What is asked when sidecars of the corpus lost their article, and another article has its text.

use egui::{Grid, Key, Modal, ScrollArea, Ui};

use super::words;
use crate::gui::command::Action;
use crate::gui::scene::Scene;
use crate::store::follow::Sign;

/// Paints the question, while there is something to ask.
pub fn homes_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let Some(workspace) = scene.workspace.filter(|workspace| !workspace.homes().is_empty()) else { return };
    let inside = |path: &std::path::Path| {
        let path = path.strip_prefix(workspace.root()).unwrap_or(path);
        path.display().to_string()
    };
    Modal::new(egui::Id::unique("homes")).show(ui.ctx(), |ui| {
        ui.set_max_width(560.0);
        ui.heading("Marks without their article");
        ui.label("These articles were renamed or moved, it seems, and their files of marks were not:");
        ui.add_space(6.0);
        ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
            Grid::new("homes").num_columns(2).spacing([16.0, 6.0]).show(ui, |ui| {
                for home in workspace.homes() {
                    ui.label(inside(&home.sidecar));
                    let known = match home.sign {
                        Sign::Same => "has the same text",
                        Sign::Near => "has most of its text",
                    };
                    ui.horizontal(|ui| {
                        ui.label(inside(&home.article));
                        ui.label(words::faint(scene.theme, known));
                    });
                    ui.end_row();
                }
            });
        });
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let rename = ui.button("Rename the files of marks");
            if rename.on_hover_text("Each gets the name of its article. Nothing else in it changes.").clicked() {
                actions.push(Action::Follow(true));
            }
            if ui.button("Not now").clicked() || ui.input(|input| input.key_pressed(Key::Escape)) {
                actions.push(Action::Follow(false));
            }
        });
    });
}
