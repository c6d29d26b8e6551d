//! The window: panels that read a [`scene::Scene`] and push actions, and an app that carries them out after painting.
//!
//! The only room that knows egui.

mod act;
mod app;
pub mod command;
mod keys;
mod layout;
mod linking;
pub mod pane;
pub mod panels;
mod probe;
pub mod scene;
mod selecting;
pub mod settings;
pub mod theme;
pub mod view;

use std::path::PathBuf;

pub use app::{App, Start};

/// Opens the window and returns when it is closed.
pub fn run(path: Option<PathBuf>, annotator: Option<String>) -> anyhow::Result<()> {
    let start = Start::here(path, annotator);
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Pressmark")
            .with_app_id("pressmark")
            .with_inner_size([1320.0, 860.0])
            .with_min_inner_size([640.0, 420.0])
            .with_drag_and_drop(true),
        ..Default::default()
    };
    eframe::run_native("pressmark", options, Box::new(|context| Ok(Box::new(App::new(context, start)))))
        .map_err(|error| {
            anyhow::anyhow!(
                "The window cannot be opened: {error}. Is there a display? The commands work without one; see pressmark --help."
            )
        })
}
