//! To be written.

use egui::Ui;

use crate::gui::command::Action;
use crate::gui::scene::Scene;

/// Paints the panel.
pub fn help_ui(_ui: &mut Ui, _scene: &Scene<'_>, _actions: &mut Vec<Action>) {}
