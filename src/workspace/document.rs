//! The article in hand, with one annotator's layer, its history and how it stands with saving.
//!
//! A document whose layer could not be read, is another's, or is still being read takes no command.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::command::{self, Command, Done};
use super::load::{Read, Seen, look};
use super::plan::Refusal;
use super::save::{Job, Opening, SaveState, Saver};
use super::way::{Walk, Way};
use super::{Choice, Notice, Places, unsettled};
use crate::article::Article;
use crate::edit::{Edit, EditError, History, Step, apply};
use crate::model::{Head, Id, Layer, Schema, SchemaRef};
use crate::store::journal::{
    Begin, Entry, Joined, LayerFiles, Lock, LockError, Opened, PLACES, Placed, Signature, signature,
};
use crate::store::merge::changes;
use crate::store::sidecar;

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

/// The article in hand.
pub struct Document {
    /// Its place in the corpus.
    pub number: usize,
    /// Whether the layer is the annotator's own.
    pub own: bool,
    article: Arc<Article>,
    files: LayerFiles,
    layer: Arc<RwLock<Layer>>,
    history: History,
    state: LayerState,
    /// Whether another program changes the layer.
    held: bool,
    /// Whether the layer is being put together with what something else made of its sidecar.
    joining: bool,
    /// What its files looked like when they were read.
    seen: Seen,
    article_seen: Signature,
    /// What the first change goes on from; taken by it.
    begin: Option<Begin>,
    lock: Option<Lock>,
    /// The revision up to which all lasts.
    saved: u64,
    failure: Option<String>,
    problems: Vec<String>,
    /// What was found again, while the article is another than the layer was made on.
    places: Option<Arc<Places>>,
    /// Whose layers were made on another text of the article.
    pending: Vec<String>,
    serial: u64,
}

/// Numbers layers as they come, so that what is derived from one is never taken for another's.
static SERIAL: AtomicU64 = AtomicU64::new(1);

impl Document {
    pub(super) fn with_pending(self, pending: Vec<String>) -> Self {
        Self { pending, ..self }
    }

    /// Whether an annotator's layer was made on another text of the article, and waits for its owner to open it.
    pub fn is_pending(&self, annotator: &str) -> bool {
        self.pending.iter().any(|name| name == annotator)
    }

    /// A document whose layer is still to come.
    pub(super) fn new(
        number: usize,
        root: &Path,
        article: Arc<Article>,
        annotator: &str,
        own: bool,
        schema: SchemaRef,
    ) -> Self {
        Self {
            number,
            own,
            files: LayerFiles::new(root, &sidecar::sidecar_path(&article.path, annotator)),
            layer: Arc::new(RwLock::new(Layer::new(Head::new(annotator, schema)))),
            article_seen: signature(&article.path),
            article,
            history: History::default(),
            state: LayerState::Loading,
            held: false,
            joining: false,
            seen: Seen::default(),
            begin: None,
            lock: None,
            saved: 0,
            failure: None,
            problems: Vec::new(),
            places: None,
            pending: Vec::new(),
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
        &self.files.sidecar
    }

    pub(super) fn files(&self) -> &LayerFiles {
        &self.files
    }

    pub(super) fn shared_layer(&self) -> Arc<RwLock<Layer>> {
        self.layer.clone()
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

    /// What was found again of a layer whose article was edited, until it is carried out.
    pub fn places(&self) -> Option<&Places> {
        self.places.as_deref()
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

    pub(super) fn has_unsaved(&self) -> bool {
        self.saved != self.layer().revision()
    }

    /// Whether a change was made, so that the layer's journal is being written here.
    pub(super) fn is_begun(&self) -> bool {
        self.lock.is_some()
    }

    pub(super) fn is_held(&self) -> bool {
        self.held
    }

    /// Whether something else changed the files since they were read.
    pub(super) fn is_stale(&self) -> bool {
        look(&self.files) != self.seen
    }

    /// Takes in that all up to a revision lasts.
    pub(super) fn take_saved(&mut self, revision: u64) {
        self.saved = revision;
        self.failure = None;
    }

    /// Takes in that steps cannot be kept.
    pub(super) fn take_failure(&mut self, reason: String) {
        self.failure = Some(reason);
    }

    /// No change is taken until [`Document::take_joined`]; false if that waits already.
    pub(super) fn begin_joining(&mut self) -> bool {
        !std::mem::replace(&mut self.joining, true)
    }

    pub(super) fn is_joining(&self) -> bool {
        self.joining
    }

    /// Whether the article's file is another than the one that was read.
    pub(super) fn is_article_stale(&mut self) -> bool {
        let now = signature(&self.article.path);
        std::mem::replace(&mut self.article_seen, now) != now
    }

    /// Takes in what came of putting the layer together with what something else made of its sidecar.
    pub(super) fn take_joined(&mut self, joined: Option<&Joined>) -> Result<(), EditError> {
        self.joining = false;
        let Some((name, edit)) = joined.and_then(Joined::step) else { return Ok(()) };
        let saved = !self.has_unsaved();
        let mut layer = self.layer.write().unwrap_or_else(PoisonError::into_inner);
        self.history.perform(&mut layer, name, edit.clone())?;
        if saved {
            self.saved = layer.revision();
        }
        Ok(())
    }

    /// Takes the layer in that was read, or what came in its way; returns what a person should read of it.
    pub(super) fn install(&mut self, read: Read) -> Vec<Notice> {
        let mut notices = Vec::new();
        let again = self.state != LayerState::Loading;
        let Read { layer, holder, seen, places } = read;
        let earlier = self.places.take();
        (self.state, self.seen, self.held) = (LayerState::Ready, seen, self.own && holder.is_some());
        let mut reason = None;
        match layer {
            Ok(None) => {
                let begin = if self.layer().is_empty() {
                    Begin::nothing(&self.layer())
                } else {
                    notices.push(Notice { text: self.deleted(), error: true });
                    Begin::deleted(&self.layer())
                };
                self.begin = Some(begin);
            }
            Ok(Some(opened)) => {
                reason.clone_from(&opened.read_only);
                notices.extend(opened.notes.iter().map(|note| Notice { text: note.clone(), error: false }));
                self.problems = opened.problems.iter().map(|problem| problem.message.clone()).collect();
                if let Some(first) = self.problems.first().filter(|_| reason.is_none()) {
                    let more = match self.problems.len() - 1 {
                        0 => String::new(),
                        more => format!(" ({more} more in the list of problems)"),
                    };
                    notices.push(Notice { text: format!("{first}{more}"), error: false });
                }
                self.put_in(opened, again);
                notices.extend(
                    match unsettled(&self.layer()) {
                        0 => None,
                        1 => Some(
                            "A merge kept two versions of one mark, link or field: choose one in the details."
                                .to_owned(),
                        ),
                        many => Some(format!(
                            "A merge kept {many} marks, links or fields in several versions: choose in the details."
                        )),
                    }
                    .map(|text| Notice { text, error: false }),
                );
                if let Some(places) = places.filter(|_| !self.held) {
                    let (places, shown) = *places;
                    let reason = self.show_places(places, shown, earlier.as_deref());
                    self.state = LayerState::ReadOnly(reason.clone());
                    return vec![Notice { text: reason, error: false }];
                }
            }
            Err(error) => {
                reason = Some(format!("{error} The article opens to read only, and the file stays as it is."));
            }
        }
        let reason = reason
            .or_else(|| folder_read_only(&self.files.sidecar))
            .or_else(|| holder.filter(|_| self.own).map(|holder| LockError::Held(holder).to_string()));
        if let Some(reason) = reason {
            notices.push(Notice { text: reason.clone(), error: true });
            self.state = LayerState::ReadOnly(reason);
        } else if !self.own {
            let name = self.layer().head().annotator.clone();
            self.state = LayerState::ReadOnly(format!("This is the layer of {name}: it is here to read."));
        }
        notices
    }

    /// What a person should know of changes of another program that were taken in.
    pub(super) fn told_of(&self, joined: &Joined) -> String {
        if !self.files.sidecar.exists() {
            return self.deleted();
        }
        let name = self.files.sidecar.display();
        format!("{name}: another program changed this file; its changes were taken in. {}", joined.told())
    }

    fn deleted(&self) -> String {
        format!(
            "{}: another program deleted this file. Your marks are still here; the next change writes it again.",
            self.files.sidecar.display()
        )
    }

    /// Puts a layer that was read in the place of the one that is shown; what is derived from that stays where it can.
    fn put_in(&mut self, opened: Opened, again: bool) {
        self.begin = Some(Begin::opened(&opened));
        if again {
            let mut layer = self.layer.write().unwrap_or_else(PoisonError::into_inner);
            let edit = Edit::Batch(changes(&layer, &opened.layer));
            if apply(&mut layer, edit).is_err() {
                *layer = opened.layer;
                self.serial = SERIAL.fetch_add(1, Ordering::Relaxed);
            }
            self.saved = layer.revision();
        } else {
            self.saved = opened.layer.revision();
            self.layer = Arc::new(RwLock::new(opened.layer));
            self.serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        }
        self.history = opened.history;
    }

    /// Shows the layer as it was found again; returns why it cannot be changed yet.
    fn show_places(&mut self, mut places: Places, mut shown: Layer, earlier: Option<&Places>) -> String {
        if earlier.is_some_and(|earlier| places.remember(earlier)) {
            shown = places.shown(&self.article.text);
        }
        self.saved = shown.revision();
        self.layer = Arc::new(RwLock::new(shown));
        self.serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        self.problems.clear();
        let doubtful = places.doubtful().len();
        self.places = Some(Arc::new(places));
        let first = "The article was edited since you marked it.";
        match doubtful {
            0 => format!("{first} All marks were found again: take the places over to go on."),
            1 => format!("{first} One mark wants a look, then take the places over."),
            many => format!("{first} {many} marks want a look, then take the places over."),
        }
    }

    pub(super) fn choose_place(&mut self, id: &Id, choice: Option<Choice>) {
        let Some(places) = &mut self.places else { return };
        let Some(shown) = Arc::make_mut(places).choose(id, choice, &self.article.text) else { return };
        let mut layer = self.layer.write().unwrap_or_else(PoisonError::into_inner);
        // It is a mark of this layer, so that it fits.
        let _ = apply(&mut layer, Edit::Put(shown));
        self.saved = layer.revision();
    }

    /// Who changes the layer, as others are told.
    pub(super) fn who(&self) -> String {
        format!("Pressmark of {} (process {})", self.layer().head().annotator, std::process::id())
    }

    /// No change is taken until [`Document::take_placed`], or until the layer is read again; what was chosen. None
    /// where there is nothing to choose, and while that is being carried out.
    pub(super) fn begin_placing(&mut self) -> Option<Arc<Places>> {
        let places = self.places.clone().filter(|_| !self.is_loading())?;
        self.state = LayerState::Loading;
        Some(places)
    }

    /// Takes the layer in with its places, as its first step on this text; what a person should know.
    pub(super) fn take_placed(&mut self, placed: Placed, schema: &Arc<Schema>, saver: &Saver) -> String {
        let Placed { lock, begin, layer, change } = placed;
        let step = Step { name: PLACES.to_owned(), edit: change.back.clone() };
        self.history = History::from_steps(vec![step], Vec::new());
        let revision = layer.revision();
        (self.places, self.begin, self.lock) = (None, None, Some(lock));
        (self.saved, self.state) = (revision.wrapping_sub(1), LayerState::Ready);
        let left = layer.annotations().filter(|annotation| annotation.orphan().is_some()).count();
        self.layer = Arc::new(RwLock::new(layer));
        self.serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let (files, article) = (self.files.clone(), self.article.clone());
        saver.send(Job::Open(Box::new(Opening { files, article, schema: schema.clone(), begin })));
        saver.send(Job::Step(revision, Box::new(Entry::step(PLACES, change))));
        match left {
            0 => "The marks have their places again.".to_owned(),
            1 => "The marks have their places again. One waits without a place, in the list of marks.".to_owned(),
            left => format!("The marks have their places again. {left} wait without a place, in the list of marks."),
        }
    }

    /// Takes the right to change the layer; the first change does.
    fn take_lock(&mut self, saver: &Saver, schema: &Arc<Schema>) -> Result<(), Refusal> {
        if self.lock.is_some() {
            return Ok(());
        }
        let lock = Lock::take(&self.files, &self.who()).map_err(|error| {
            self.held = matches!(error, LockError::Held(_));
            if self.held {
                self.state = LayerState::ReadOnly(error.to_string());
            }
            Refusal(error.to_string())
        })?;
        if self.is_stale() {
            return Err(Refusal(
                "Another program changed this layer just now: it is read again. Try once more.".into(),
            ));
        }
        let begin = self.begin.take().unwrap_or_else(|| Begin::nothing(&self.layer()));
        let (files, article) = (self.files.clone(), self.article.clone());
        saver.send(Job::Open(Box::new(Opening { files, article, schema: schema.clone(), begin })));
        self.lock = Some(lock);
        Ok(())
    }

    /// Lets go of a layer that is saved and about to be read anew: until it is, no change is taken.
    pub(super) fn let_go(&mut self) {
        (self.lock, self.begin, self.state) = (None, None, LayerState::Loading);
    }

    pub(super) fn perform(&mut self, command: Command, schema: &Arc<Schema>, saver: &Saver) -> Result<Done, Refusal> {
        if self.joining {
            return Err(Refusal("The marks are being put together with changes of another program. Try again.".into()));
        }
        let shared = self.layer.clone();
        let planned = match command {
            Command::Undo => Way::back(&self.history)?,
            Command::Redo => Way::again(&self.history)?,
            command => {
                let layer = shared.read().unwrap_or_else(PoisonError::into_inner);
                let planned = command::plan(command, &layer, &self.article, schema)?;
                let edit = match command::begun(&layer, &planned.edit) {
                    Some(head) => Edit::Batch(vec![head, planned.edit]),
                    None => planned.edit,
                };
                let done = Done { message: planned.message, created: planned.created };
                Way { walk: Walk::Make(planned.name), edit, done }
            }
        };
        self.take_lock(saver, schema)?;
        let mut layer = shared.write().unwrap_or_else(PoisonError::into_inner);
        let before = layer.revision();
        let entry = planned.walk.make(&mut self.history, &mut layer, planned.edit);
        let entry = entry.map_err(|error| Refusal(format!("That cannot be done: {error}.")))?;
        if layer.revision() != before {
            self.failure = None;
        }
        saver.send(Job::Step(layer.revision(), Box::new(entry)));
        Ok(planned.done)
    }
}

fn folder_read_only(sidecar: &Path) -> Option<String> {
    let folder = sidecar.parent()?;
    (!crate::store::sidecar::is_writable(folder)).then(|| {
        format!("{} cannot be written to, so nothing can be saved: the article opens to read only.", folder.display())
    })
}
