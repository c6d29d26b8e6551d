//! Sidecars whose article was renamed or moved: found when a corpus is opened, and renamed when a person says so.

use super::{Notice, Workspace, load};
use crate::store::follow::{Home, follow};

impl Workspace {
    /// Sidecars that lost their article, with the articles that they belong to.
    pub fn homes(&self) -> &[Home] {
        &self.homes
    }

    pub(super) fn look_for_homes(&self) {
        let articles = self.entries.iter().map(|entry| entry.path.clone()).collect();
        load::look_for_homes(self.root.clone(), articles, self.news.0.clone(), self.wake.clone());
    }

    /// Lets the sidecars follow their articles, or leaves them where they are.
    pub fn settle_homes(&mut self, wanted: bool) {
        let homes = std::mem::take(&mut self.homes);
        if !wanted {
            return;
        }
        let mut followed = 0;
        for home in &homes {
            match follow(&self.root, home) {
                Ok(()) => followed += 1,
                Err(error) => self.notices.push(Notice { text: error.to_string(), error: true }),
            }
        }
        if followed > 0 {
            let files = if followed == 1 { "One file of marks" } else { &format!("{followed} files of marks") };
            self.notices.push(Notice { text: format!("{files} followed the article."), error: false });
        }
        self.look_up_entries();
        let here = self.document.as_ref().filter(|here| homes.iter().any(|home| home.article == here.article().path));
        if let Some((number, annotator)) = here.map(|here| (here.number, here.layer().head().annotator.to_string())) {
            self.open_layer(number, &annotator);
        }
    }
}
