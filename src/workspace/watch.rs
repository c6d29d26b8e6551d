//! Watches the folder of the article in hand, so that what other programs do there is noticed.
//!
//! Says only that something happened; what it was is found by a look at the files. Where folders cannot be watched,
//! the look before each write is all there is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Wake;

/// A folder that is being watched.
pub struct Watch {
    watcher: Option<RecommendedWatcher>,
    folder: Option<PathBuf>,
    touched: Arc<AtomicBool>,
}

impl Watch {
    /// Watches nothing yet; wakes whoever polls when something happens.
    pub fn new(wake: Wake) -> Self {
        let touched = Arc::new(AtomicBool::new(false));
        let flag = touched.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                flag.store(true, Ordering::Relaxed);
                wake();
            }
        });
        Self { watcher: watcher.ok(), folder: None, touched }
    }

    /// Watches the folder of a file, in the place of the one before.
    pub fn follow(&mut self, file: &Path) {
        let Some(watcher) = &mut self.watcher else { return };
        let folder = file.parent().map(Path::to_path_buf);
        if folder == self.folder {
            return;
        }
        if let Some(before) = self.folder.take() {
            let _ = watcher.unwatch(&before);
        }
        self.folder = folder.filter(|folder| watcher.watch(folder, RecursiveMode::NonRecursive).is_ok());
    }

    /// Whether something happened since the last call.
    pub fn take_touched(&self) -> bool {
        self.touched.swap(false, Ordering::Relaxed)
    }

    /// Has the next call tell that something happened.
    pub fn touch(&self) {
        self.touched.store(true, Ordering::Relaxed);
    }
}
