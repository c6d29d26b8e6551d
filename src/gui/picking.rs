//! Dialogs for files and folders: each on a thread, because the desktop shows it while the window goes on.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rfd::FileDialog;

use super::app::App;
use super::picked::Picked;

/// A file dialog that ends sooner than this was never shown.
const NO_DIALOG: Duration = Duration::from_millis(250);

impl App {
    /// Asks for an article or a folder to open.
    pub(super) fn pick(&mut self, folder: bool) {
        self.ask(Picked::Path, move |dialog| {
            if folder {
                dialog.set_title("Open folder").pick_folder()
            } else {
                dialog.set_title("Open article").add_filter("Articles", &["txt", "text", "md", "markdown"]).pick_file()
            }
        });
    }

    /// Says it where it is seen: a sheet of a dataset hides the status bar, and has a line for the path.
    pub(super) fn say_there_is_no_dialog(&mut self) {
        let why = "No file dialog can be shown: this desktop has neither a file portal nor zenity.";
        if let Some(sheet) = &mut self.datasets.export {
            sheet.problem = Some(format!("{why} Type the path instead."));
        } else if self.datasets.import.is_some() {
            self.set_problem(format!("{why} Type the path instead, or drop the dataset on the window."));
        } else {
            self.say(format!("{why} Drop a file or a folder on the window, or install zenity."), true);
        }
    }

    /// Shows a dialog; what is chosen comes back with the news.
    pub(super) fn ask(
        &self,
        picked: fn(PathBuf) -> Picked,
        show: impl FnOnce(FileDialog) -> Option<PathBuf> + Send + 'static,
    ) {
        let (sender, ctx) = (self.picked.0.clone(), self.ctx.clone());
        let here = self.workspace.as_ref().map(|workspace| workspace.root().to_owned());
        std::thread::spawn(move || {
            let asked = Instant::now();
            let mut dialog = FileDialog::new();
            if let Some(here) = here {
                dialog = dialog.set_directory(here);
            }
            let chosen = show(dialog);
            // The dialog tells no failure from a dialog that was closed, but nobody closes one this fast.
            let failed = chosen.is_none() && asked.elapsed() < NO_DIALOG;
            if let Some(news) = chosen.map(picked).or(failed.then_some(Picked::NoDialog)) {
                let _ = sender.send(news);
                ctx.request_repaint();
            }
        });
    }
}
