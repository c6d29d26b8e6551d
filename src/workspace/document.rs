//! The article in hand, with one annotator's layer, its history and how it stands with saving.
//!
//! A document whose layer could not be read, is another's, or is still being read takes no command.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use super::Notice;
use super::command::{self, Command, Done, Refusal};
use super::save::{Job, Outcome, SaveState, Saver};
use crate::article::Article;
use crate::edit::{Edit, History};
use crate::model::{Head, Layer, Schema, SchemaRef};
use crate::store::sidecar::{self, LoadedLayer};

/// How long to wait after an edit for the next one before saving.
const REST: Duration = Duration::from_millis(400);

/// How it stands with reading the layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerState {
    /// It is being read.
    Loading,
    /// It can be worked on.
    Ready,
    /// It can be looked at, and why not changed.
    ReadOnly(String),
}

/// How long to wait after a save that failed.
const RETRY: Duration = Duration::from_secs(4);
/// How many saves in a row give way to an edit that waits for the layer; the next one goes on to its end.
const PATIENCE: u32 = 3;

/// The article in hand.
pub struct Document {
    /// Its place in the corpus.
    pub number: usize,
    /// Whether the layer is the annotator's own.
    pub own: bool,
    article: Arc<Article>,
    sidecar: PathBuf,
    layer: Arc<RwLock<Layer>>,
    history: History,
    state: LayerState,
    saved: u64,
    /// The last save that was begun and has not ended.
    sent: Option<u64>,
    saves: u64,
    /// Saves in a row that gave way to an edit.
    given_way: u32,
    /// Set while an edit waits for the layer.
    awaited: Arc<AtomicBool>,
    changed: Option<Instant>,
    failure: Option<String>,
    problems: Vec<String>,
    serial: u64,
}

/// Numbers layers as they come, so that what is derived from one is never taken for another's.
static SERIAL: AtomicU64 = AtomicU64::new(1);

impl Document {
    /// A document whose layer is still to come.
    pub(super) fn new(number: usize, article: Arc<Article>, annotator: &str, own: bool, schema: SchemaRef) -> Self {
        Self {
            number,
            own,
            sidecar: sidecar::sidecar_path(&article.path, annotator),
            layer: Arc::new(RwLock::new(Layer::new(Head::new(annotator, schema)))),
            article,
            history: History::default(),
            state: LayerState::Loading,
            saved: 0,
            sent: None,
            saves: 0,
            given_way: 0,
            awaited: Arc::default(),
            changed: None,
            failure: None,
            problems: Vec::new(),
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// A number that no other layer of this run has.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The article.
    pub fn article(&self) -> &Arc<Article> {
        &self.article
    }

    /// Where the layer is saved.
    pub fn sidecar(&self) -> &Path {
        &self.sidecar
    }

    /// The layer, to read; let go of it before a command.
    pub fn layer(&self) -> RwLockReadGuard<'_, Layer> {
        self.layer.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be undone and redone.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// How it stands with reading the layer.
    pub fn state(&self) -> &LayerState {
        &self.state
    }

    /// What the layer's file had wrong, a sentence each.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Whether the layer is still being read.
    pub fn is_loading(&self) -> bool {
        self.state == LayerState::Loading
    }

    /// Why nothing can be changed.
    pub fn read_only(&self) -> Option<&str> {
        match &self.state {
            LayerState::Loading => Some("The marks are still being read."),
            LayerState::Ready => None,
            LayerState::ReadOnly(reason) => Some(reason),
        }
    }

    /// How it stands with saving.
    pub fn save_state(&self) -> SaveState {
        if let Some(reason) = &self.failure {
            SaveState::Failed(reason.clone())
        } else if self.has_unsaved() {
            SaveState::Saving
        } else {
            SaveState::Saved
        }
    }

    /// When a save should be begun, if one waits.
    pub fn next_save(&self) -> Option<Duration> {
        let changed = self.changed.filter(|_| self.sent.is_none())?;
        Some((changed + REST).saturating_duration_since(Instant::now()))
    }

    pub(super) fn has_unsaved(&self) -> bool {
        self.saved != self.layer().revision()
    }

    pub(super) fn is_saving(&self) -> bool {
        self.sent.is_some()
    }

    pub(super) fn due(&self) -> bool {
        self.next_save() == Some(Duration::ZERO)
    }

    pub(super) fn send_to(&mut self, saver: &Saver, root: &Path) {
        self.saves += 1;
        self.sent = Some(self.saves);
        self.changed = None;
        saver.send(Job {
            sidecar: self.sidecar.clone(),
            root: root.to_owned(),
            article: self.article.clone(),
            layer: self.layer.clone(),
            ticket: self.saves,
            firm: self.given_way >= PATIENCE,
            awaited: self.awaited.clone(),
        });
    }

    pub(super) fn saved(&mut self, outcome: Outcome) {
        if outcome.sidecar != self.sidecar {
            return;
        }
        if self.sent == Some(outcome.ticket) {
            self.sent = None;
        }
        match outcome.result {
            None => {
                self.given_way += 1;
                self.changed.get_or_insert_with(Instant::now);
            }
            Some(Ok(revision)) => {
                self.saved = revision;
                self.failure = None;
                self.given_way = 0;
            }
            Some(Err(reason)) => {
                self.failure = Some(reason);
                self.changed = Some(Instant::now() + RETRY);
            }
        }
    }

    /// Takes the layer in that was read, or what came in its way; returns what a person should read of it.
    pub(super) fn install(&mut self, layer: Result<Option<LoadedLayer>, String>) -> Vec<Notice> {
        let mut notices = Vec::new();
        self.state = LayerState::Ready;
        match layer {
            Ok(None) => {
                if let Some(reason) = folder_read_only(&self.sidecar) {
                    notices.push(Notice { text: reason.clone(), error: true });
                    self.state = LayerState::ReadOnly(reason);
                }
            }
            Ok(Some(loaded)) => {
                self.saved = loaded.layer.revision();
                self.problems = loaded.problems.iter().map(|problem| problem.message.clone()).collect();
                let reason = loaded.read_only.or_else(|| folder_read_only(&self.sidecar));
                if let Some(reason) = reason {
                    notices.push(Notice { text: reason.clone(), error: true });
                    self.state = LayerState::ReadOnly(reason);
                } else if !self.problems.is_empty() {
                    let more = if self.problems.len() > 1 {
                        format!(" ({} more in the list of problems)", self.problems.len() - 1)
                    } else {
                        String::new()
                    };
                    notices.push(Notice { text: format!("{}{more}", self.problems[0]), error: false });
                }
                self.layer = Arc::new(RwLock::new(loaded.layer));
                self.serial = SERIAL.fetch_add(1, Ordering::Relaxed);
            }
            Err(reason) => {
                let reason = format!("{reason} The article opens to read only, and the file stays as it is.");
                notices.push(Notice { text: reason.clone(), error: true });
                self.state = LayerState::ReadOnly(reason);
            }
        }
        if !self.own && self.state == LayerState::Ready {
            let name = self.layer().head().annotator.clone();
            self.state = LayerState::ReadOnly(format!("This is the layer of {name}: it is here to read."));
        }
        notices
    }

    pub(super) fn perform(&mut self, command: Command, schema: &Schema) -> Result<Done, Refusal> {
        self.awaited.store(true, Ordering::Relaxed);
        let mut layer = self.layer.write().unwrap_or_else(PoisonError::into_inner);
        self.awaited.store(false, Ordering::Relaxed);
        let before = layer.revision();
        let done = match command {
            Command::Undo => step(self.history.undo(&mut layer), "Undone", "Nothing to undo.")?,
            Command::Redo => step(self.history.redo(&mut layer), "Done again", "Nothing to redo.")?,
            command => {
                let planned = command::plan(command, &layer, &self.article, schema)?;
                let edit = match command::begun(&layer, &planned.edit) {
                    Some(head) => Edit::Batch(vec![head, planned.edit]),
                    None => planned.edit,
                };
                self.history
                    .perform(&mut layer, planned.name.clone(), edit)
                    .map_err(|error| Refusal(format!("That cannot be done: {error}.")))?;
                Done { message: planned.message, created: planned.created }
            }
        };
        if layer.revision() != before {
            self.changed = Some(Instant::now());
            self.failure = None;
        }
        Ok(done)
    }
}

fn step(walked: Result<Option<String>, crate::edit::EditError>, verb: &str, nothing: &str) -> Result<Done, Refusal> {
    match walked {
        Ok(Some(name)) => Ok(Done { message: format!("{verb}: {name}"), created: None }),
        Ok(None) => Err(Refusal(nothing.to_owned())),
        Err(error) => Err(Refusal(format!("That cannot be done: {error}."))),
    }
}

fn folder_read_only(sidecar: &Path) -> Option<String> {
    let folder = sidecar.parent()?;
    (!crate::store::sidecar::is_writable(folder)).then(|| {
        format!("{} cannot be written to, so nothing can be saved: the article opens to read only.", folder.display())
    })
}
