//! Reading articles, layers and the list's figures on threads of their own.
//!
//! Each request carries a ticket, so that what arrives late for an article that is no longer wanted is passed over.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use rayon::prelude::*;

use super::Wake;
use crate::article::{self, Article};
use crate::model::{Schema, Status};
use crate::store::{self, sidecar::LoadedLayer};

/// What a thread has finished.
pub enum News {
    /// An article was read, or why not.
    Article { ticket: u64, number: usize, annotator: String, own: bool, article: Result<Arc<Article>, String> },
    /// Its layer was read; none when there is no sidecar yet.
    Layer { ticket: u64, layer: Result<Option<Box<LoadedLayer>>, String> },
    /// Status, number of annotations and annotators of each article of the corpus.
    Entries { annotator: String, found: Vec<(Status, usize, Vec<String>)> },
}

/// What is to be read.
pub struct Request {
    pub ticket: u64,
    pub number: usize,
    pub path: PathBuf,
    pub annotator: String,
    pub own: bool,
    pub schema: Arc<Schema>,
}

/// Reads an article, then its layer.
pub fn start(request: Request, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        let Request { ticket, number, path, annotator, own, schema } = request;
        let sidecar = store::sidecar::sidecar_path(&path, &annotator);
        let encoding = store::sidecar::recorded_encoding(&sidecar);
        let article = article::read(&path, encoding.as_deref()).map(Arc::new).map_err(|error| error.to_string());
        let read = article.as_ref().ok().cloned();
        let _ = news.send(News::Article { ticket, number, annotator, own, article });
        wake();
        if let Some(article) = read {
            let layer = if sidecar.exists() {
                let layer = store::sidecar::read_layer(&sidecar, &article, &schema);
                layer.map(|layer| Some(Box::new(layer))).map_err(|error| error.to_string())
            } else {
                Ok(None)
            };
            let _ = news.send(News::Layer { ticket, layer });
            wake();
        }
    });
}

/// Looks up the figures of the whole list.
pub fn look_up(root: PathBuf, paths: Vec<PathBuf>, annotator: String, news: Sender<News>, wake: Wake) {
    std::thread::spawn(move || {
        let found = paths.par_iter().map(|path| figures(&root, path, &annotator)).collect();
        let _ = news.send(News::Entries { annotator, found });
        wake();
    });
}

fn figures(root: &Path, article: &Path, annotator: &str) -> (Status, usize, Vec<String>) {
    let layers = store::corpus::layers_of(root, article);
    let own = layers.iter().find(|(name, _)| name == annotator);
    let (status, annotations) = own
        .and_then(|(_, path)| store::sidecar::peek(path).ok())
        .map_or((Status::New, 0), |peek| (peek.status, peek.annotations));
    (status, annotations, layers.into_iter().map(|(name, _)| name).collect())
}
