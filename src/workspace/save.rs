//! Saving on a thread of its own: the layer is read under a shared lock, so that it need not be copied and the
//! window never waits for the disk.
//!
//! A save takes the layer as it stands when its turn comes, and says which revision that was. It gives way to an edit
//! that waits for the layer, and is begun again; one that was sent as firm writes a copy to its end.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};

use super::Wake;
use crate::article::Article;
use crate::model::Layer;
use crate::store;

/// How it stands with saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// All is on disk.
    Saved,
    /// Changes wait or are being written.
    Saving,
    /// The last try failed, and why.
    Failed(String),
}

/// A layer to be saved.
pub struct Job {
    pub sidecar: PathBuf,
    pub root: PathBuf,
    pub article: Arc<Article>,
    pub layer: Arc<RwLock<Layer>>,
    /// Which of the document's saves this is.
    pub ticket: u64,
    /// Whether it gives way to no edit.
    pub firm: bool,
    /// Set while an edit waits for the layer.
    pub awaited: Arc<AtomicBool>,
}

/// What came of a save.
pub struct Outcome {
    pub sidecar: PathBuf,
    /// Which of the document's saves it was.
    pub ticket: u64,
    /// The layer's revision that was written, or why it could not be; none when it gave way to an edit.
    pub result: Option<Result<u64, String>>,
}

/// The saving thread.
pub struct Saver {
    jobs: Sender<Job>,
    outcomes: Receiver<Outcome>,
}

impl Saver {
    /// Starts the thread; it ends with the saver.
    pub fn start(wake: Wake) -> Self {
        let (jobs, inbox) = channel::<Job>();
        let (outbox, outcomes) = channel();
        std::thread::spawn(move || {
            while let Ok(job) = inbox.recv() {
                if outbox.send(save(job)).is_err() {
                    return;
                }
                wake();
            }
        });
        Self { jobs, outcomes }
    }

    /// Hands a layer over to be saved.
    pub fn send(&self, job: Job) {
        // The thread lives as long as `self`; were it gone, the document would stay unsaved and say so.
        let _ = self.jobs.send(job);
    }

    /// What has come of saves since the last call.
    pub fn poll(&self) -> Vec<Outcome> {
        self.outcomes.try_iter().collect()
    }

    /// Waits for the next outcome.
    pub fn wait(&self) -> Option<Outcome> {
        self.outcomes.recv().ok()
    }
}

fn save(job: Job) -> Outcome {
    let layer = || job.layer.read().unwrap_or_else(PoisonError::into_inner);
    let written = if job.firm {
        let copy = layer().clone();
        Some((copy.revision(), store::sidecar::write_layer(&job.article, &copy)))
    } else {
        store::sidecar::write_layer_unless(&job.article, layer, &|| job.awaited.load(Ordering::Relaxed))
    };
    let result = written.map(|(revision, contents)| {
        let saved = store::sidecar::save_layer(&job.sidecar, &job.article, &job.root, &contents);
        saved.map(|()| revision).map_err(|error| error.to_string())
    });
    Outcome { sidecar: job.sidecar, ticket: job.ticket, result }
}
