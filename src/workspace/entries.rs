//! The list of a corpus's articles, with what the annotator has done of each.

use std::path::PathBuf;

use super::{Workspace, load};
use crate::model::Status;

/// An article in the list of a corpus.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Relative to the corpus root.
    pub path: PathBuf,
    /// How far the annotator is with it; none until it was looked up.
    pub status: Option<Status>,
    /// How many annotations the annotator's layer holds.
    pub annotations: usize,
    /// All annotators with a layer of it.
    pub annotators: Vec<String>,
}

impl Workspace {
    pub(super) fn refresh_entry(&mut self) {
        let Some(document) = &self.document else { return };
        let (number, own) = (document.number, document.own);
        let layer = document.layer();
        if let Some(entry) = self.entries.get_mut(number).filter(|_| own && !document.is_loading()) {
            let now = (Some(layer.head().status), layer.len());
            if (entry.status, entry.annotations) != now {
                (entry.status, entry.annotations) = now;
                self.revision += 1;
            }
        }
    }

    pub(super) fn look_up_entries(&self) {
        load::look_up(
            self.root.clone(),
            self.entries.iter().map(|entry| entry.path.clone()).collect(),
            self.annotator.clone(),
            self.news.0.clone(),
            self.wake.clone(),
        );
    }
}
