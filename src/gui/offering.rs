//! The offer to import a folder that was opened for its articles and looks like a project of another program.
//!
//! It is looked for on a thread once the folder is open, and goes with the folder. Who does not want it is not asked again.

use std::path::{Path, PathBuf};

use super::app::App;
use crate::workspace::dataset::{Job, offer};

/// So many folders are remembered for which nobody wants the offer.
const REMEMBERED: usize = 100;

impl App {
    /// A folder was opened: looks whether it is a dataset too.
    pub(super) fn look_for_offer(&mut self, path: &Path) {
        (self.datasets.offering, self.datasets.offer) = (None, None);
        let folder = path.to_path_buf();
        if path.is_dir() && !self.settings.unwanted_offers.contains(&folder) {
            self.datasets.offering = Some(Job::start(self.waker(), move |listener| offer(&folder, listener)));
        }
    }

    /// Takes in what the thread found.
    pub(super) fn follow_offer(&mut self) {
        let Some(outcome) = self.datasets.offering.as_ref().and_then(Job::poll) else { return };
        self.datasets.offering = None;
        let is_open = |folder: &Path| self.workspace.as_ref().is_some_and(|workspace| workspace.root() == folder);
        self.datasets.offer = outcome.ok().flatten().filter(|offer| is_open(&offer.folder));
    }

    /// Shows the sheet of an import for the folder, or does not ask for it again.
    pub(super) fn answer_offer(&mut self, import: bool) {
        if import {
            let folder = self.datasets.offer.as_ref().map(|offer| offer.folder.clone());
            self.open_import(folder.into_iter().collect());
        } else if let Some(offer) = self.datasets.offer.take() {
            self.decline_offer(offer.folder);
            self.pane.focus();
        }
    }

    /// Nobody wants this folder to be imported: it is opened for its articles.
    pub(super) fn decline_offer(&mut self, folder: PathBuf) {
        let unwanted = &mut self.settings.unwanted_offers;
        unwanted.retain(|known| *known != folder);
        unwanted.push(folder);
        unwanted.drain(..unwanted.len().saturating_sub(REMEMBERED));
    }
}
