//! What both front ends drive: an open corpus, the article in hand, its layer and history, saving, jobs.
//!
//! State changes by [`Command`]s alone, each one step of undo with a name. Reading, saving and loading run on threads
//! and come back through [`Workspace::poll`]; nothing here paints, prints or reads the environment.

mod checks;
mod command;
pub mod dataset;
mod document;
mod entries;
mod homes;
mod load;
mod merging;
mod places;
mod plan;
mod reanchor;
mod sample;
mod save;
mod seek;
mod settle;
mod tagging;
mod watch;
mod way;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

pub use checks::{Finding, findings};
pub use command::{Command, Done};
pub use document::{Document, LayerState};
pub use entries::Entry;
pub use merging::{MergedFiles, Side, merge_files};
pub use places::{Places, waiting};
pub use plan::Refusal;
pub use reanchor::{Choice, Review, ReviewItem};
pub use sample::install_sample;
pub use save::SaveState;
use save::{Job, Outcome, What};
pub use seek::{Hit, Sought, Target, targets};
pub use settle::{differences, link_versions, unsettled, versions};
pub use tagging::{guess_form, nearest_target};

use crate::article::Article;
use crate::model::Schema;
use crate::store::{self, corpus::Corpus};
use load::News;

/// Called from any thread when there is news to poll.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// An open corpus.
pub struct Workspace {
    root: PathBuf,
    schema: Arc<Schema>,
    /// Why nothing can be written at all, such as a faulty schema.
    read_only: Option<String>,
    annotator: String,
    entries: Vec<Entry>,
    document: Option<Document>,
    saver: save::Saver,
    watch: watch::Watch,
    /// Counts the folds that were asked for.
    folds: u64,
    /// Why the sidecar could not be written last, so that it is said once.
    unfolded: Option<String>,
    news: (Sender<News>, Receiver<News>),
    wake: Wake,
    loading: Option<usize>,
    ticket: u64,
    notices: Vec<Notice>,
    revision: u64,
    /// Sidecars whose article was renamed, while it is asked what is to become of them.
    homes: Vec<store::follow::Home>,
}

/// Something that a person should read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// One or two sentences.
    pub text: String,
    /// Whether something went wrong.
    pub error: bool,
}

impl Workspace {
    /// Opens the corpus that a folder is, or that an article stands in. The article's number, where `path` is one,
    /// comes beside; it is not opened yet.
    pub fn open(path: &Path, annotator: &str, wake: Wake) -> Result<(Self, Option<usize>), store::StoreError> {
        let corpus = store::corpus::open(path)?;
        let Corpus { root, articles, schema, schema_error, .. } = corpus;
        let chosen = path.is_file().then(|| path.canonicalize().ok()).flatten().and_then(|wanted| {
            articles.iter().position(|article| root.join(article).canonicalize().is_ok_and(|it| it == wanted))
        });
        let mut workspace = Self {
            root,
            schema: Arc::new(schema),
            read_only: schema_error.as_ref().map(|error| format!("{error} Until then, articles open to read only.")),
            annotator: store::sidecar::fit_annotator(annotator),
            entries: articles
                .into_iter()
                .map(|path| Entry { path, status: None, annotations: 0, annotators: Vec::new() })
                .collect(),
            document: None,
            saver: save::Saver::start(wake.clone()),
            watch: watch::Watch::new(wake.clone()),
            folds: 0,
            unfolded: None,
            news: channel(),
            wake,
            loading: None,
            ticket: 0,
            notices: Vec::new(),
            revision: 0,
            homes: Vec::new(),
        };
        if let Some(reason) = &workspace.read_only {
            workspace.notices.push(Notice { text: reason.clone(), error: true });
        }
        workspace.look_up_entries();
        if workspace.read_only.is_none() {
            workspace.look_for_homes();
        }
        Ok((workspace, chosen))
    }

    /// The folder that articles are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Labels, attributes and relations.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Whose layers are made here.
    pub fn annotator(&self) -> &str {
        &self.annotator
    }

    /// The articles of the corpus.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Who has a layer of an article, by its number.
    pub fn annotators_of(&self, number: usize) -> impl Iterator<Item = &str> {
        self.entries.get(number).into_iter().flat_map(|entry| entry.annotators.iter().map(String::as_str))
    }

    /// The article in hand.
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }

    /// The article that is being read, by number.
    pub fn loading(&self) -> Option<usize> {
        self.loading
    }

    /// Why nothing of the article in hand can be changed.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref().or_else(|| self.document.as_ref().and_then(Document::read_only))
    }

    /// What a person should read since the last call.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Grows when the list of articles changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Begins to read an article; [`Workspace::poll`] puts it in hand. What is in hand is saved first.
    pub fn open_article(&mut self, number: usize) {
        let annotator = self.annotator.clone();
        self.open_layer(number, &annotator);
    }

    /// Begins to read an article with the layer of any annotator; others' layers open to read only.
    pub fn open_layer(&mut self, number: usize, annotator: &str) {
        if number >= self.entries.len() {
            return;
        }
        if !self.save_now() {
            return;
        }
        let entry = &self.entries[number];
        let sidecar = store::sidecar::sidecar_path(&self.root.join(&entry.path), annotator);
        if let Some(document) = self.document.as_mut().filter(|document| document.sidecar() == sidecar) {
            document.let_go();
        }
        self.ticket += 1;
        self.loading = Some(number);
        load::start(
            load::Request {
                ticket: self.ticket,
                number,
                root: self.root.clone(),
                path: self.root.join(&entry.path),
                annotator: annotator.to_owned(),
                own: annotator == self.annotator,
                schema: self.schema.clone(),
            },
            self.news.0.clone(),
            self.wake.clone(),
        );
    }

    /// Opens the article after the one in hand (`1`) or before it (`-1`).
    pub fn step_article(&mut self, step: isize) {
        let here = self.loading.or_else(|| self.document.as_ref().map(|document| document.number));
        let target = here.map_or(Some(0), |here| here.checked_add_signed(step));
        match target.filter(|&target| target < self.entries.len()) {
            Some(target) => self.open_article(target),
            None => self.notices.push(Notice {
                text: if step > 0 { "This is the last article." } else { "This is the first article." }.to_owned(),
                error: false,
            }),
        }
    }

    /// Works on as another annotator; the article in hand is opened again with that one's layer.
    pub fn set_annotator(&mut self, name: &str) {
        if !self.save_now() {
            return;
        }
        self.annotator = store::sidecar::fit_annotator(name);
        self.look_up_entries();
        if let Some(document) = &self.document {
            self.open_article(document.number);
        }
    }

    /// Takes in what threads have finished. Returns whether anything changed.
    pub fn poll(&mut self) -> bool {
        let mut changed = false;
        while let Ok(news) = self.news.1.try_recv() {
            changed = true;
            self.take_in(news);
        }
        for outcome in self.saver.poll() {
            changed = true;
            self.take_outcome(outcome);
            self.refresh_entry();
        }
        if self.watch.take_touched() {
            self.look_outside();
        }
        changed
    }

    fn take_outcome(&mut self, outcome: Outcome) {
        let Some(document) = self.document.as_mut().filter(|it| it.sidecar() == outcome.sidecar) else { return };
        match outcome.what {
            What::Saved(revision) => document.take_saved(revision),
            What::Failed(reason) => document.take_failure(reason),
            What::Folded(_, Ok(())) => self.unfolded = None,
            // What came in its way is being taken in.
            What::Folded(_, Err(_)) if document.is_joining() => {}
            What::Folded(_, Err(reason)) => {
                if self.unfolded.as_ref() != Some(&reason) {
                    let text = format!("{reason} Your changes are safe in the journal meanwhile.");
                    self.notices.push(Notice { text, error: true });
                    self.unfolded = Some(reason);
                }
            }
            What::Changed => {
                if document.begin_joining() {
                    self.saver.send(Job::TakeIn(document.shared_layer()));
                }
            }
            What::TakenIn(taken) => {
                let text = match taken {
                    Ok(joined) => match document.take_joined(joined.as_deref()) {
                        Ok(()) => joined.map(|joined| (document.told_of(&joined), false)),
                        Err(error) => Some((format!("Changes of another program cannot be shown: {error}."), true)),
                    },
                    Err(error) => {
                        // What was marked here stays as it is.
                        let _ = document.take_joined(None);
                        let name = document.sidecar().display();
                        Some((
                            format!(
                                "{name}: another program changed this file, and it cannot be taken in: {error} Your changes are kept in the journal."
                            ),
                            true,
                        ))
                    }
                };
                if let Some((text, error)) = text.filter(|(text, _)| self.unfolded.as_ref() != Some(text)) {
                    self.unfolded = error.then(|| text.clone());
                    self.notices.push(Notice { text, error });
                }
            }
        }
    }

    /// Something happened in the article's folder: looks whether it concerns the article or its layer.
    fn look_outside(&mut self) {
        let Some(document) = &mut self.document else { return };
        if document.is_loading() || self.loading.is_some() {
            self.watch.touch();
            return;
        }
        if document.is_article_stale() {
            load::article_again(document.article().clone(), self.news.0.clone(), self.wake.clone());
        }
        if document.is_begun() {
            self.saver.send(Job::Look);
        } else if document.is_stale() {
            self.read_again();
        }
    }

    /// The article's file was changed by another program.
    fn take_article(&mut self, path: &Path, article: Result<Box<Article>, String>) {
        let Some(document) = self.document.as_ref().filter(|document| document.article().path == path) else { return };
        let name = document.article().path.display();
        match article {
            Ok(article) if article.text_sha256 == document.article().text_sha256 => {}
            Ok(_) => {
                let text = format!("{name}: another program edited this article; it is read again.");
                self.notices.push(Notice { text, error: false });
                let (number, annotator) = (document.number, document.layer().head().annotator.to_string());
                self.open_layer(number, &annotator);
            }
            Err(error) => {
                let text = format!("{error} It was there a moment ago: the article and your marks stay open here.");
                self.notices.push(Notice { text, error: true });
            }
        }
    }

    /// Reads the layer in hand again, which was not changed here.
    fn read_again(&mut self) {
        let Some(document) = &self.document else { return };
        self.ticket += 1;
        load::again(
            self.ticket,
            document.files().clone(),
            document.article().clone(),
            self.schema.clone(),
            document.own,
            self.news.0.clone(),
            self.wake.clone(),
        );
    }

    /// Waits until nothing is being read any more (for commands and tests, never for the window).
    pub fn wait(&mut self) {
        while self.loading.is_some() || self.document.as_ref().is_some_and(Document::is_loading) {
            match self.news.1.recv() {
                Ok(news) => self.take_in(news),
                Err(_) => return,
            }
        }
    }

    fn take_in(&mut self, news: News) {
        match news {
            News::Article { ticket, number, annotator, own, article, pending } if ticket == self.ticket => {
                self.loading = None;
                if !self.save_now() {
                    return;
                }
                match article {
                    Ok(article) => {
                        for warning in &article.warnings {
                            self.notices.push(Notice { text: warning.0.clone(), error: false });
                        }
                        self.watch.follow(&article.path);
                        let schema = self.schema.reference();
                        let document = Document::new(number, &self.root, article, &annotator, own, schema);
                        self.document = Some(document.with_pending(pending));
                    }
                    Err(text) => {
                        self.notices.push(Notice { text, error: true });
                        // What stays in hand may have been let go of.
                        if self.document.as_ref().is_some_and(Document::is_loading) {
                            self.read_again();
                        }
                    }
                }
            }
            News::Layer { ticket, read } if ticket == self.ticket => {
                // A change that came first counts; what something else did is then put together with it.
                if let Some(document) = self.document.as_mut().filter(|document| !document.is_begun()) {
                    let (was, held) = (document.state().clone(), document.is_held());
                    let notices = document.install(*read);
                    let same = was == *document.state() && matches!(was, LayerState::ReadOnly(_));
                    self.notices.extend(notices.into_iter().filter(|_| !same));
                    if held && document.read_only().is_none() {
                        let text = "The other program let go of this layer: it can be changed here now.".to_owned();
                        self.notices.push(Notice { text, error: false });
                    }
                    if document.is_held() {
                        let lock = document.files().lock.clone();
                        load::await_release(self.ticket, lock, self.news.0.clone(), self.wake.clone());
                    }
                }
            }
            News::ArticleAgain { path, article } => self.take_article(&path, article),
            News::Placed { ticket, placed } if ticket == self.ticket => self.take_placed(*placed),
            News::Released { ticket } if ticket == self.ticket => self.read_again(),
            News::Homes(homes) => self.homes = homes,
            News::Entries { annotator, found } if annotator == self.annotator => {
                for (entry, (status, annotations, annotators)) in self.entries.iter_mut().zip(found) {
                    entry.status = Some(status);
                    entry.annotations = annotations;
                    entry.annotators = annotators;
                }
                self.revision += 1;
            }
            _ => {}
        }
        self.refresh_entry();
    }

    /// Carries out a command on the article in hand.
    pub fn perform(&mut self, command: Command) -> Result<Done, Refusal> {
        if let Some(reason) = self.read_only() {
            return Err(Refusal(reason.to_owned()));
        }
        let document = self.document.as_mut().ok_or_else(|| Refusal("Open an article first.".to_owned()))?;
        let done = document.perform(command, &self.schema, &self.saver);
        if done.is_err() && !document.is_begun() && document.is_stale() {
            self.read_again();
        }
        let done = done?;
        self.refresh_entry();
        Ok(done)
    }

    /// Writes the sidecar of the article in hand, and waits until all is on disk or has failed. False if something is
    /// still unsaved: then the article must stay in hand.
    pub fn save_now(&mut self) -> bool {
        if !self.document.as_ref().is_some_and(Document::is_begun) {
            return true;
        }
        // What another program did to the sidecar meanwhile is taken in, and the sidecar written again.
        for _ in 0..3 {
            self.folds += 1;
            self.saver.send(Job::Fold(self.folds));
            let mut ended = false;
            while !ended || self.document.as_ref().is_some_and(Document::is_joining) {
                let Some(outcome) = self.saver.wait() else { break };
                let answer = match &outcome.what {
                    What::Folded(Some(ticket), result) if *ticket == self.folds => Some(result.is_ok()),
                    _ => None,
                };
                self.take_outcome(outcome);
                ended |= answer.is_some();
                if answer == Some(true) {
                    break;
                }
            }
            if self.unfolded.is_none() && !self.document.as_ref().is_some_and(Document::is_joining) {
                break;
            }
        }
        let Some(document) = &self.document else { return true };
        if let SaveState::Failed(reason) = document.save_state() {
            self.notices
                .push(Notice { text: format!("{reason} The article stays open until it is saved."), error: true });
        }
        !document.has_unsaved()
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        self.save_now();
    }
}
