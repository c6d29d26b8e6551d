//! The window: panels that read a [`scene::Scene`] and push actions, and an app that carries them out after painting.
//!
//! The only room that knows egui.

mod act;
mod app;
pub mod command;
pub mod datasets;
mod exporting;
mod importing;
mod keys;
mod layout;
mod linking;
mod offering;
pub mod pane;
pub mod panels;
mod picked;
mod picking;
mod placing;
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
        .map_err(|error| anyhow::anyhow!("{}", no_window(&error.to_string())))
}

/// Why there is no window, without the place in a library's source that the message names.
fn no_window(reason: &str) -> String {
    let reason = match reason.rsplit_once(".rs:") {
        Some((_, rest)) => rest.split_once(": ").map_or(rest, |(_, words)| words),
        None => reason,
    };
    let reason = reason.trim_end_matches('.');
    format!(
        "The window cannot be opened: {reason}. It needs a display; the commands that `pressmark --help` lists work \
         without one."
    )
}

#[cfg(test)]
mod tests {
    use super::no_window;

    #[test]
    fn no_path_of_a_library_is_told() {
        let told = no_window("winit EventLoopError: os error at /r/x/mod.rs:765: neither DISPLAY nor that is set.");
        assert!(told.contains(": neither DISPLAY nor that is set. It needs") && !told.contains("/r/x"), "{told}");
    }
}
