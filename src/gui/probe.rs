//! What benches and tests may ask of the window: plain figures, nothing that changes it.

use std::path::PathBuf;

use egui::Rect;

use super::app::App;
use crate::typeset::Counts;
use crate::workspace::Document;

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
        self.ctx.read_response(super::pane::Pane::scroll_bar_id()).map(|response| response.rect)
    }
}
