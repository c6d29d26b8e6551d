//! What benches and tests may ask of the window: plain figures, nothing that changes it.

use std::path::PathBuf;

use egui::Rect;

use super::app::App;
use super::datasets::Datasets;
use super::pane::{Page, Pane};
use super::view::View;
use crate::typeset::Counts;
use crate::workspace::{Document, Workspace};

impl App {
    /// Paragraphs and bands that the last frame waited for.
    pub fn counts(&self) -> Counts {
        self.pane.counts()
    }

    /// How many marks the layer in hand holds.
    pub fn marks(&self) -> usize {
        self.document().map_or(0, |document| document.layer().len())
    }

    /// The file of the article in hand.
    pub fn title(&self) -> Option<PathBuf> {
        self.document().map(|document| document.article().path.clone())
    }

    /// Whether the article, its marks and all fonts are there.
    pub fn is_settled(&self) -> bool {
        self.pane.has_system_fonts() && self.document().is_some_and(|document| !Document::is_loading(document))
    }

    /// Where the scroll bar was painted, in points.
    pub fn scroll_bar(&self) -> Option<Rect> {
        self.ctx.read_response(Pane::scroll_bar_id()).map(|response| response.rect)
    }

    /// The corpus, where one is open.
    pub fn workspace(&self) -> Option<&Workspace> {
        self.workspace.as_ref()
    }

    /// What is chosen on the screen.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The sheets of datasets.
    pub fn datasets(&self) -> &Datasets {
        &self.datasets
    }

    /// The page as the last frame painted it; none before an article's first frame.
    pub fn page(&self) -> Option<Page<'_>> {
        self.pane.page()
    }

    /// Whether no thread is waited for: fonts, list, article and marks, as far as there are any. Saving does not count.
    pub fn is_idle(&self) -> bool {
        let read = |workspace: &Workspace| {
            workspace.loading().is_none()
                && !workspace.document().is_some_and(Document::is_loading)
                && workspace.entries().iter().all(|entry| entry.status.is_some())
        };
        !self.datasets.is_busy() && self.pane.has_system_fonts() && self.workspace.as_ref().is_none_or(read)
    }
}
