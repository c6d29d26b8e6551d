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

/// Annotations that are copied in one go: about a millisecond's worth.
const SLICE: usize = 2000;
/// How often a copy in slices is begun again.
const TRIES: usize = 20;

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

/// A copy of a layer and its revision, made in slices so that an edit that waits gets the layer soon; begun again when
/// one came between, and made at once where edits come too fast for that.
fn copy(layer: &RwLock<Layer>) -> (u64, Layer) {
    let read = || layer.read().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..TRIES {
        let now = read();
        let (revision, count, head) = (now.revision(), now.len(), now.head().clone());
        let relations = now.relations().into_iter().cloned().collect();
        drop(now);
        let mut annotations = Vec::with_capacity(count);
        while annotations.len() < count {
            let now = read();
            if now.revision() != revision {
                break;
            }
            let end = (annotations.len() + SLICE).min(count);
            annotations.extend((annotations.len()..end).filter_map(|at| now.nth(at)).cloned());
        }
        if annotations.len() == count
            && let Ok(copy) = Layer::from_parts(head, annotations, relations)
        {
            return (revision, copy);
        }
    }
    let copy = read().clone();
    (copy.revision(), copy)
}

fn save(job: Job) -> Outcome {
    let layer = || job.layer.read().unwrap_or_else(PoisonError::into_inner);
    let written = if job.firm {
        let (revision, copy) = copy(&job.layer);
        Some((revision, store::sidecar::write_layer(&job.article, &copy)))
    } else {
        store::sidecar::write_layer_unless(&job.article, layer, &|| job.awaited.load(Ordering::Relaxed))
    };
    let result = written.map(|(revision, contents)| {
        let saved = store::sidecar::save_layer(&job.sidecar, &job.article, &job.root, &contents);
        saved.map(|()| revision).map_err(|error| error.to_string())
    });
    Outcome { sidecar: job.sidecar, ticket: job.ticket, result }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article;
    use crate::model::{Annotation, Head, SchemaRef, Span};

    #[test]
    fn a_copy_in_slices_is_the_layer() {
        let marks = (0..3 * SLICE as u32 + 7).map(|at| Annotation::new(format!("a{at}"), "cue", Span::new(at, at + 2)));
        let head = Head::new("ann1", SchemaRef { id: "news".into(), version: 1 });
        let layer = Layer::from_parts(head, marks.collect(), Vec::new()).expect("it is sound");
        let (revision, copied) = copy(&RwLock::new(layer.clone()));
        assert_eq!((revision, copied), (0, layer));
    }

    #[test]
    fn a_save_gives_way_to_an_edit_that_waits_unless_it_is_firm() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "Ada left.").expect("a file");
        let article = Arc::new(article::read(&path, None).expect("it can be read"));
        let head = Head::new("ann1", SchemaRef { id: "news".into(), version: 1 });
        let marks = vec![Annotation::new("k3f9x2", "entity", Span::new(0, 3))];
        let layer = Arc::new(RwLock::new(Layer::from_parts(head, marks, Vec::new()).expect("it is sound")));
        let sidecar = store::sidecar::sidecar_path(&path, "ann1");
        let job = |firm, awaited| Job {
            sidecar: sidecar.clone(),
            root: folder.path().to_owned(),
            article: article.clone(),
            layer: layer.clone(),
            ticket: 1,
            firm,
            awaited: Arc::new(AtomicBool::new(awaited)),
        };
        assert_eq!(save(job(false, true)).result, None);
        assert!(!sidecar.exists(), "nothing was written");
        assert_eq!(save(job(true, true)).result, Some(Ok(0)));
        let firm = std::fs::read(&sidecar).expect("it was written");
        assert_eq!(save(job(false, false)).result, Some(Ok(0)));
        assert_eq!(std::fs::read(&sidecar).expect("it is there"), firm);
    }
}
