//! Saving on a thread of its own, so that the window never waits for the disk.
//!
//! Each step goes into the layer's journal at once and counts as saved when it lasts there. The journal is folded into
//! the sidecar after a rest, on a further thread, so that steps go on meanwhile.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::Wake;
use crate::article::Article;
use crate::model::{Layer, Schema};
use crate::store::disk::OsDisk;
use crate::store::journal::{
    Begin, Entry, Fold, Joined, LayerFiles, LayerLog, LogError, Signature, TakeInError, signature,
};

/// How long after a step the sidecar is written, when no other step comes.
const REST: Duration = Duration::from_secs(2);
/// How long steps can put that off.
const LONGEST: Duration = Duration::from_secs(30);
/// How long to wait after a write that failed.
const RETRY: Duration = Duration::from_secs(4);

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

/// A layer that steps will come for.
pub struct Opening {
    pub files: LayerFiles,
    pub article: Arc<Article>,
    pub schema: Arc<Schema>,
    pub begin: Begin,
}

/// What the thread is asked to do.
pub enum Job {
    /// A layer is gone on with; the one before must have been folded.
    Open(Box<Opening>),
    /// A step of it, and the revision that it led to.
    Step(u64, Box<Entry>),
    /// Write the sidecar now, and say with this ticket when that is done.
    Fold(u64),
    /// Something may have changed the sidecar: look, and say if so.
    Look,
    /// Put the layer together with what something else made of its sidecar. No step may come until that is done.
    TakeIn(Arc<RwLock<Layer>>),
    /// Nothing more will come.
    End,
    /// What a fold's own thread came to.
    Folding(Box<Result<Stage, LogError>>),
}

/// How far a fold is.
pub enum Stage {
    Made(Fold),
    Saved(Fold),
}

/// What came of a job, for the layer of a sidecar.
pub struct Outcome {
    pub sidecar: PathBuf,
    pub what: What,
}

/// What came of a job.
pub enum What {
    /// All up to a revision lasts.
    Saved(u64),
    /// Steps cannot be kept, and why; it is tried again by itself.
    Failed(String),
    /// The sidecar has everything, or why it cannot; for the ticket that asked, if one did.
    Folded(Option<u64>, Result<(), String>),
    /// Something else changed the sidecar.
    Changed,
    /// It was put together with that, or why that cannot be.
    TakenIn(Result<Option<Box<Joined>>, TakeInError>),
}

/// The saving thread.
pub struct Saver {
    jobs: Sender<Job>,
    outcomes: Receiver<Outcome>,
}

impl Saver {
    /// Starts the thread; it ends with the saver.
    pub fn start(wake: Wake) -> Self {
        let (jobs, inbox) = channel();
        let (outbox, outcomes) = channel();
        let own = jobs.clone();
        std::thread::spawn(move || {
            let mut worker = Worker { layer: None, own, outbox, wake };
            worker.run(&inbox);
        });
        Self { jobs, outcomes }
    }

    /// Asks for something.
    pub fn send(&self, job: Job) {
        // The thread lives as long as `self`; were it gone, the document would stay unsaved and say so.
        let _ = self.jobs.send(job);
    }

    /// What has come of jobs since the last call.
    pub fn poll(&self) -> Vec<Outcome> {
        self.outcomes.try_iter().collect()
    }

    /// Waits for the next outcome.
    pub fn wait(&self) -> Option<Outcome> {
        self.outcomes.recv().ok()
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.send(Job::End);
    }
}

struct Worker {
    layer: Option<Saved>,
    own: Sender<Job>,
    outbox: Sender<Outcome>,
    wake: Wake,
}

/// The layer that steps come for.
struct Saved {
    opening: Opening,
    log: Option<LayerLog>,
    /// Steps that do not last yet.
    waiting: Vec<(u64, Entry)>,
    retry: Option<Instant>,
    /// When the first and the last step came that the sidecar lacks.
    since: Option<(Instant, Instant)>,
    folding: bool,
    asked: Vec<u64>,
    take_in: Option<Arc<RwLock<Layer>>>,
    /// The sidecar as it was after the last fold.
    own: Option<Signature>,
}

impl Worker {
    fn run(&mut self, inbox: &Receiver<Job>) {
        loop {
            let due = self.layer.as_ref().and_then(Saved::due);
            let job = match due {
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            let mut next = match job {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            // What waits behind it is written along, with one sync.
            let mut ended = false;
            while let Some(job) = next {
                ended |= matches!(job, Job::End);
                self.take(job);
                next = inbox.try_recv().ok();
            }
            self.work();
            if ended {
                return;
            }
        }
    }

    fn say(&self, what: What) {
        if let Some(layer) = &self.layer {
            let _ = self.outbox.send(Outcome { sidecar: layer.opening.files.sidecar.clone(), what });
            (self.wake)();
        }
    }

    fn take(&mut self, job: Job) {
        if let Job::Open(opening) = job {
            self.layer = Some(Saved::new(*opening));
            return;
        }
        let Some(layer) = &mut self.layer else { return };
        match job {
            Job::Open(_) | Job::End => {}
            Job::Step(revision, entry) => layer.waiting.push((revision, *entry)),
            Job::Fold(ticket) => {
                layer.asked.push(ticket);
                layer.retry = None;
            }
            Job::TakeIn(ours) => layer.take_in = Some(ours),
            Job::Look => {
                if layer.is_changed() {
                    self.say(What::Changed);
                }
            }
            Job::Folding(stage) => self.fold_on(*stage),
        }
    }

    fn work(&mut self) {
        let now = Instant::now();
        let Some(layer) = &mut self.layer else { return };
        if !layer.waiting.is_empty() && layer.retry.is_none_or(|retry| retry <= now) {
            let what = match layer.append() {
                Ok(revision) => {
                    layer.retry = None;
                    layer.since = Some((layer.since.map_or(now, |since| since.0), now));
                    What::Saved(revision)
                }
                Err(error) => {
                    layer.retry = Some(now + RETRY);
                    What::Failed(error.to_string())
                }
            };
            self.say(what);
        }
        self.answer();
        self.begin_fold(now);
    }

    /// Takes in what something else made of the sidecar, and answers those who asked for a fold.
    fn answer(&mut self) {
        let Some(layer) = &mut self.layer else { return };
        if layer.folding {
            return;
        }
        if let Some(ours) = layer.take_in.take() {
            let taken = layer.take_in(&ours);
            self.say(What::TakenIn(taken));
        }
        let Some(layer) = &mut self.layer else { return };
        let done = match (&layer.log, layer.waiting.is_empty()) {
            // Steps that cannot be kept were told of already.
            (_, false) => layer.retry.map(|_| Ok(())),
            (Some(log), true) if log.has_pending() => None,
            _ => Some(Ok(())),
        };
        if let Some(done) = done {
            for ticket in std::mem::take(&mut layer.asked) {
                self.say(What::Folded(Some(ticket), done.clone()));
            }
        }
    }

    fn begin_fold(&mut self, now: Instant) {
        let Some(layer) = &mut self.layer else { return };
        let due = !layer.asked.is_empty() || layer.fold_due().is_some_and(|due| due <= now);
        let Some(folding) = layer.log.as_ref().filter(|_| due && !layer.folding).and_then(LayerLog::folding) else {
            return;
        };
        layer.folding = true;
        layer.since = None;
        let (schema, own) = (layer.opening.schema.clone(), self.own.clone());
        std::thread::spawn(move || {
            let _ = own.send(Job::Folding(Box::new(folding.make(&schema).map(Stage::Made))));
        });
    }

    fn fold_on(&mut self, stage: Result<Stage, LogError>) {
        let Some(layer) = &mut self.layer else { return };
        let Some(log) = &mut layer.log else { return };
        let ended = match stage {
            Ok(Stage::Made(fold)) => log.announce(&fold).map(|()| Some(fold)),
            Ok(Stage::Saved(fold)) => {
                layer.own = Some(signature(&layer.opening.files.sidecar));
                log.finish(fold).map(|()| None).map_err(LogError::from)
            }
            Err(error) => Err(error),
        };
        match ended {
            Ok(Some(fold)) => {
                let own = self.own.clone();
                std::thread::spawn(move || {
                    let _ = own.send(Job::Folding(Box::new(fold.save().map(|()| Stage::Saved(fold)))));
                });
            }
            Ok(None) => {
                layer.folding = false;
                if !log.has_pending() {
                    self.say(What::Folded(None, Ok(())));
                }
            }
            Err(error) => {
                layer.folding = false;
                layer.since = Some((Instant::now(), Instant::now() + LONGEST));
                let asked = std::mem::take(&mut layer.asked);
                let reason = error.to_string();
                let changed = matches!(error, LogError::Changed(_));
                if changed {
                    self.say(What::Changed);
                }
                for ticket in asked {
                    self.say(What::Folded(Some(ticket), Err(reason.clone())));
                }
                if !changed {
                    self.say(What::Folded(None, Err(reason)));
                }
            }
        }
    }
}

impl Saved {
    fn new(opening: Opening) -> Self {
        Self {
            opening,
            log: None,
            waiting: Vec::new(),
            retry: None,
            since: None,
            folding: false,
            asked: Vec::new(),
            take_in: None,
            own: None,
        }
    }

    /// When there is something to do by itself.
    fn due(&self) -> Option<Instant> {
        let retry = self.retry.filter(|_| !self.waiting.is_empty());
        [retry, self.fold_due().filter(|_| !self.folding)].into_iter().flatten().min()
    }

    fn fold_due(&self) -> Option<Instant> {
        let (first, last) = self.since?;
        Some((last + REST).min(first + LONGEST))
    }

    /// Makes what waits last; the revision that it leads to.
    fn append(&mut self) -> Result<u64, LogError> {
        let log = if let Some(log) = &mut self.log {
            log
        } else {
            let Opening { files, article, begin, .. } = &self.opening;
            let log = LayerLog::begin(Arc::new(OsDisk), files.clone(), article.clone(), begin.clone())?;
            self.own = Some(signature(&files.sidecar));
            self.log.insert(log)
        };
        let entries: Vec<Entry> = self.waiting.iter().map(|(_, entry)| entry.clone()).collect();
        log.append(&entries)?;
        let revision = self.waiting.last().map_or(0, |(revision, _)| *revision);
        self.waiting.clear();
        Ok(revision)
    }

    /// Whether the sidecar is another than the last that was written or read here.
    fn is_changed(&self) -> bool {
        let Some(log) = self.log.as_ref().filter(|_| !self.folding) else { return false };
        self.own != Some(signature(&self.opening.files.sidecar)) && log.is_changed()
    }

    fn take_in(&mut self, ours: &RwLock<Layer>) -> Result<Option<Box<Joined>>, TakeInError> {
        let Some(log) = self.log.as_mut().filter(|_| self.waiting.is_empty()) else {
            return Err(TakeInError::Misfit("the last changes are not on disk yet".to_owned()));
        };
        let seen = signature(&self.opening.files.sidecar);
        let joined = log.take_in(&ours.read().unwrap_or_else(PoisonError::into_inner), &self.opening.schema)?;
        self.own = Some(seen);
        if joined.is_some() {
            self.since = Some((Instant::now(), Instant::now()));
        }
        Ok(joined.map(Box::new))
    }
}
