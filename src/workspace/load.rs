//! Reading articles, layers and the list's figures on threads of their own.
//!
//! Each request carries a ticket, so that what arrives late for an article that is no longer wanted is passed over.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use rayon::prelude::*;

use super::{Places, Review, Wake};
use crate::article::{self, Article};
use crate::model::{Layer, Schema, Status};
use crate::store;
use crate::store::disk::OsDisk;
use crate::store::follow::{Home, homes};
use crate::store::journal::{self, LayerFiles, Lock, Opened, Placed, Signature, signature};

/// How long an editor is given to write an article to its end.
const QUIET: std::time::Duration = std::time::Duration::from_millis(300);

/// What a thread has finished.
pub enum News {
    /// An article was read, or why not.
    Article {
        ticket: u64,
        number: usize,
        annotator: String,
        own: bool,
        article: Result<Arc<Article>, String>,
        /// Whose layers were made on another text of it.
        pending: Vec<String>,
    },
    /// Its layer was read.
    Layer { ticket: u64, read: Box<Read> },
    /// The article in hand was read once more, or why it cannot be.
    ArticleAgain { path: PathBuf, article: Result<Box<Article>, String> },
    /// The annotations of a layer whose article was edited have places, or why they cannot have them.
    Placed { ticket: u64, placed: Box<Result<Placed, String>> },
    /// Another program let go of a layer.
    Released { ticket: u64 },
    /// Status, number of annotations and annotators of each article of the corpus.
    Entries { annotator: String, found: Vec<(Status, usize, Vec<String>)> },
    /// Sidecars whose article was renamed or moved, with the articles that they belong to.
    Homes(Vec<Home>),
}

/// What was read of a layer.
pub struct Read {
    /// None when there is neither a sidecar nor a journal yet.
    pub layer: Result<Option<Opened>, String>,
    /// Who changes it, if another program does.
    pub holder: Option<String>,
    /// What its files looked like just before.
    pub seen: Seen,
    /// What was found again of one's own layer, where the article was edited since, and the layer as that shows it.
    pub places: Option<Box<(Places, Layer)>>,
}

/// What a layer's sidecar and journal look like from outside.
pub type Seen = (Signature, Signature);

/// What the files look like now.
pub fn look(files: &LayerFiles) -> Seen {
    (signature(&files.sidecar), signature(&files.journal))
}

/// What is to be read.
pub struct Request {
    pub ticket: u64,
    pub number: usize,
    pub root: PathBuf,
    pub path: PathBuf,
    pub annotator: String,
    pub own: bool,
    pub schema: Arc<Schema>,
}

/// Reads an article, then its layer.
pub fn start(request: Request, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        let Request { ticket, number, root, path, annotator, own, schema } = request;
        let sidecar = store::sidecar::sidecar_path(&path, &annotator);
        let encoding = store::sidecar::recorded_encoding(&sidecar);
        let article = article::read(&path, encoding.as_deref()).map(Arc::new).map_err(|error| error.to_string());
        // Long texts take their time: not in the window's thread.
        let _ = article.as_ref().map(|article| article.blocks().len());
        let found = article.as_ref().ok().cloned();
        let pending = found.as_deref().map(|article| made_before(&root, article)).unwrap_or_default();
        let _ = news.send(News::Article { ticket, number, annotator, own, article, pending });
        wake();
        if let Some(article) = found {
            let files = LayerFiles::new(&root, &sidecar);
            let read = Box::new(read(&files, &article, &schema, own));
            let _ = news.send(News::Layer { ticket, read });
            wake();
        }
    });
}

/// Whose layers of an article were made on another text of it.
fn made_before(root: &Path, article: &Article) -> Vec<String> {
    let layers = store::corpus::layers_of(root, article.path.strip_prefix(root).unwrap_or(&article.path));
    let before = layers.into_iter().filter(|(_, path)| {
        store::sidecar::peek(path).is_ok_and(|peek| !peek.is_blank() && peek.text_sha256 != article.text_sha256)
    });
    before.map(|(annotator, _)| annotator).collect()
}

/// Reads an article again that may have been edited by something else, once whoever writes it is likely done.
pub fn article_again(before: Arc<Article>, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        std::thread::park_timeout(QUIET);
        let article = article::read(&before.path, Some(before.encoding)).map(Box::new);
        let _ = article.as_ref().map(|article| article.blocks().len());
        let article = article.map_err(|error| error.to_string());
        let _ = news.send(News::ArticleAgain { path: before.path.clone(), article });
        wake();
    });
}

/// Reads a layer again that may have been changed by something else.
pub fn again(
    ticket: u64,
    files: LayerFiles,
    article: Arc<Article>,
    schema: Arc<Schema>,
    own: bool,
    news: Sender<News>,
    wake: Wake,
) {
    std::thread::spawn(move || {
        let read = Box::new(read(&files, &article, &schema, own));
        let _ = news.send(News::Layer { ticket, read });
        wake();
    });
}

fn read(files: &LayerFiles, article: &Article, schema: &Schema, own: bool) -> Read {
    let (holder, seen) = (Lock::holder(&files.lock), look(files));
    let layer = journal::open(&OsDisk, files, article, schema).map_err(|error| error.to_string());
    let shut = matches!(&layer, Ok(Some(opened)) if opened.read_only.is_some());
    let places = (own && shut).then(|| places(files, article, schema)).flatten().map(Box::new);
    Read { layer, holder, seen, places }
}

/// Where the annotations of a layer belong whose article was edited; none when it cannot be changed for another reason.
fn places(files: &LayerFiles, article: &Article, schema: &Schema) -> Option<(Places, Layer)> {
    let unplaced = journal::read_unplaced(&OsDisk, files, article, schema).ok()?;
    let edited = unplaced.text_sha256 != article.text_sha256 && unplaced.loaded.read_only.is_none();
    edited.then(|| {
        let old = store::sidecar::kept_text(&files.root, &unplaced.text_sha256);
        let places = Places::new(Review::new(unplaced, old.as_deref(), &article.text));
        let shown = places.shown(&article.text);
        (places, shown)
    })
}

/// A layer whose annotations are to be placed.
pub struct Place {
    pub ticket: u64,
    pub files: LayerFiles,
    pub article: Arc<Article>,
    pub schema: Arc<Schema>,
    pub who: String,
    pub places: Arc<Places>,
}

/// Gives the annotations of a layer whose article was edited the places that were chosen; nothing is written here.
pub fn place(request: Place, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        let Place { ticket, files, article, schema, who, places } = request;
        let placing = journal::begin_placing(&files, &article, &schema, &who).map_err(|error| error.to_string());
        let placed = placing.and_then(|placing| places.carry_out(placing, &article.text));
        let _ = news.send(News::Placed { ticket, placed: Box::new(placed) });
        wake();
    });
}

/// Tells when another program lets go of a layer.
pub fn await_release(ticket: u64, lock: PathBuf, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        if Lock::await_release(&lock).is_ok() {
            let _ = news.send(News::Released { ticket });
            wake();
        }
    });
}

/// Looks for sidecars whose article was renamed or moved.
pub fn look_for_homes(root: PathBuf, articles: Vec<PathBuf>, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        let found = homes(&root, &articles, &store::corpus::strays(&root));
        if !found.is_empty() {
            let _ = news.send(News::Homes(found));
            wake();
        }
    });
}

/// Looks up the figures of the whole list.
pub fn look_up(root: PathBuf, paths: Vec<PathBuf>, annotator: String, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        let layers = store::corpus::layers_in(&root, &paths);
        let all = paths.par_iter().zip(layers);
        let found = all.map(|(path, layers)| figures(&root, path, &annotator, layers)).collect();
        let _ = news.send(News::Entries { annotator, found });
        wake();
    });
}

fn figures_of(root: &Path, article: &Path, sidecar: &Path) -> Option<(Status, usize)> {
    let files = LayerFiles::new(root, sidecar);
    if !journal::is_pending(&OsDisk, &files.journal) {
        let peek = store::sidecar::peek(sidecar).ok()?;
        return Some((peek.status, peek.annotations));
    }
    // Steps wait that the sidecar lacks: the layer is read whole.
    let article = article::read(&root.join(article), store::sidecar::recorded_encoding(sidecar).as_deref()).ok()?;
    let opened = journal::open(&OsDisk, &files, &article, &store::schema::builtin()).ok()??;
    Some((opened.layer.head().status, opened.layer.len()))
}

fn figures(
    root: &Path,
    article: &Path,
    annotator: &str,
    layers: Vec<(String, PathBuf)>,
) -> (Status, usize, Vec<String>) {
    let own = layers.iter().find(|(name, _)| name == annotator);
    let (status, annotations) = own.and_then(|(_, path)| figures_of(root, article, path)).unwrap_or((Status::New, 0));
    (status, annotations, layers.into_iter().map(|(name, _)| name).collect())
}
