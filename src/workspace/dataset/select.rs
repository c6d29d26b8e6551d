//! Which articles and layers a command or a dataset is about.
//!
//! A path is an article or a folder; a folder stands for all its articles. Articles are read with the encoding that
//! their sidecars record.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::DatasetError;
use crate::article::{self, Article};
use crate::model::Schema;
use crate::store::StoreError;
use crate::store::corpus::{self, Corpus};
use crate::store::disk::OsDisk;
use crate::store::journal::{self, LayerFiles};
use crate::store::schema::{SchemaError, builtin, read_schema};
use crate::store::sidecar::{self, LoadedLayer, Peek, glance};

/// Articles of one corpus, with its schema.
pub struct Selection {
    /// The corpus's root; paths count from here.
    pub root: PathBuf,
    /// The articles, from the root.
    pub articles: Vec<PathBuf>,
    /// The corpus's schema, or the built-in one where that has a fault.
    pub schema: Schema,
    /// The fault.
    pub schema_error: Option<SchemaError>,
    /// What is to be told of the folder.
    pub warnings: Vec<String>,
    /// Whether it is a whole folder.
    whole: bool,
}

/// What paths stand for, in their order.
pub fn select(paths: &[PathBuf]) -> Result<Vec<Selection>, DatasetError> {
    paths.iter().map(|path| select_one(path)).collect()
}

/// What one path stands for.
pub fn select_one(path: &Path) -> Result<Selection, DatasetError> {
    if path.is_dir() {
        let Corpus { root, articles, schema, schema_error, warnings, .. } = corpus::open(path)?;
        let warnings = warnings.iter().map(|warning| format!("warning: {warning}")).collect();
        return Ok(Selection { root, articles, schema, schema_error, warnings, whole: true });
    }
    if !path.exists() {
        return Err(DatasetError::refused(format!(
            "{}: this file or folder does not exist. Check the path.",
            path.display()
        )));
    }
    if !article::is_article(path) {
        return Err(StoreError::NotAnArticle { path: path.to_path_buf() }.into());
    }
    let full = std::path::absolute(path).map_err(|source| DatasetError::io("read", source, path))?;
    let folder = || full.parent().unwrap_or(Path::new("/")).to_path_buf();
    let root = corpus::root_of(&full).unwrap_or_else(folder);
    let article = full.strip_prefix(&root).unwrap_or(&full).to_path_buf();
    let (schema, schema_error) = match read_schema(&root) {
        Ok(schema) => (schema, None),
        Err(error) => (builtin(), Some(error)),
    };
    Ok(Selection { root, articles: vec![article], schema, schema_error, warnings: Vec::new(), whole: false })
}

impl Selection {
    /// What is to be told of a faulty schema, where one goes on with the built-in one.
    pub fn schema_note(&self) -> Option<String> {
        self.schema_error.as_ref().map(|error| format!("warning: {error} The built-in schema is used."))
    }

    /// The articles, each with its sidecars by annotator. Folders are listed one after the other, each once.
    pub fn with_layers(&self) -> impl Iterator<Item = (&Path, Vec<(String, PathBuf)>)> + Send {
        let same_folder = |one: &PathBuf, other: &PathBuf| one.parent() == other.parent();
        let mut runs: Vec<&[PathBuf]> = self.articles.chunk_by(same_folder).collect();
        let folders: HashSet<_> = self.articles.iter().map(|article| article.parent()).collect();
        if runs.len() > folders.len() {
            // Articles of a folder stand before and after a folder in it: all are listed at once.
            runs = vec![&self.articles];
        }
        runs.into_iter()
            .flat_map(|articles| articles.iter().map(PathBuf::as_path).zip(corpus::layers_in(&self.root, articles)))
    }

    /// Sidecars of a folder whose article is not there, with its name.
    pub fn strays(&self) -> Vec<(PathBuf, String)> {
        if self.whole { corpus::strays(&self.root) } else { Vec::new() }
    }

    /// Links of a folder that lead out of it.
    pub fn links_out(&self) -> Vec<PathBuf> {
        if self.whole { corpus::links_out(&self.root) } else { Vec::new() }
    }

    /// Reads an article, with the encoding that the first of its sidecars records.
    pub fn read(&self, article: &Path, layers: &[(String, PathBuf)]) -> Result<Article, DatasetError> {
        let encoding = layers.iter().find_map(|(_, path)| sidecar::recorded_encoding(path));
        self.read_as(article, encoding.as_deref())
    }

    /// The same where what its sidecars record is known.
    pub fn read_as(&self, article: &Path, encoding: Option<&str>) -> Result<Article, DatasetError> {
        Ok(article::read(&self.root.join(article), encoding)?)
    }

    /// Reads a layer, with what is to be told of it.
    pub fn layer_and_notes(&self, path: &Path, article: &Article) -> Result<(LoadedLayer, Vec<String>), DatasetError> {
        let (loaded, notes) = journal::read_whole(&LayerFiles::new(&self.root, path), article, &self.schema)?;
        let notes = notes.iter().chain(&loaded.read_only).map(|note| format!("warning: {note}")).collect();
        Ok((loaded, notes))
    }

    /// An article's path as datasets name it: from the root, with `/`.
    pub fn name(article: &Path) -> String {
        article.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

/// Leaves out layers in which nobody has marked anything. Of the others' annotations only the first was looked at.
pub fn filled(
    root: &Path,
    layers: Vec<(String, PathBuf)>,
) -> Result<Vec<(String, PathBuf, Option<Peek>)>, DatasetError> {
    let mut kept = Vec::new();
    for (annotator, path) in layers {
        if journal::is_pending(&OsDisk, &LayerFiles::new(root, &path).journal) {
            kept.push((annotator, path, None));
            continue;
        }
        let peek = glance(&path)?;
        if !peek.is_blank() {
            kept.push((annotator, path, Some(peek)));
        }
    }
    Ok(kept)
}

/// The layers of one annotator, where one is named; that there is none is an error.
pub fn of_annotator(
    article: &Path,
    layers: Vec<(String, PathBuf)>,
    annotator: Option<&str>,
) -> Result<Vec<(String, PathBuf)>, DatasetError> {
    let Some(annotator) = annotator else { return Ok(layers) };
    let names: Vec<&str> = layers.iter().map(|(name, _)| name.as_str()).collect();
    if !names.contains(&annotator) {
        let there = match names.as_slice() {
            [] => "nobody has".to_owned(),
            [one] => format!("{one} has"),
            many => format!("{} have", many.join(", ")),
        };
        return Err(DatasetError::refused(format!("{}: {annotator} has no layer of it; {there}.", article.display())));
    }
    Ok(layers.into_iter().filter(|(name, _)| name == annotator).collect())
}
