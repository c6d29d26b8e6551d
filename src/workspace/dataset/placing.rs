//! One layer of a dataset into the folder: its article, unless that is there, and what is new of its annotations.
//!
//! Writes over nothing; what is left out is told with the place in the dataset where it stands.

use std::collections::BTreeSet;
use std::path::Path;

use super::DatasetError;
use super::join::{Additions, additions, owned_by};
use super::naming::Origin;
use super::select::select_one;
use crate::article::{self, Article};
use crate::edit::apply;
use crate::formats::{self, Document};
use crate::model::{Layer, Schema};
use crate::store::corpus::layers_of;
use crate::store::disk::{Disk, OsDisk};
use crate::store::fresh;
use crate::store::journal::{ChangeError, LayerFiles, change, read_whole};
use crate::store::sidecar::{self, is_annotator, sidecar_path};

/// A layer that is still to be written.
pub(super) struct Waiting {
    /// The layer, with its article.
    pub document: Document,
    /// Whose it becomes.
    pub annotator: String,
    /// Where it stands in the dataset.
    pub origin: Origin,
    /// Whether it is no layer yet: the article alone is to be there.
    pub is_bare: bool,
}

/// Where layers go.
pub(super) struct Target<'a> {
    /// The folder.
    pub root: &'a Path,
    /// Its schema.
    pub schema: &'a Schema,
    /// Whether it was made for this, so that files need not last one by one.
    pub fresh: bool,
}

/// What became of one layer, or of many.
#[derive(Default)]
pub(super) struct Placed {
    /// Articles that were written.
    pub articles: usize,
    /// Annotations and links that were added.
    pub added: usize,
    /// Links.
    pub links: usize,
    /// Whether anything was written: a layer may be new and have nothing in it.
    pub is_new: bool,
    /// Whose layers there are.
    pub annotators: BTreeSet<String>,
    /// What was left out, and why.
    pub told: Vec<String>,
}

impl Placed {
    /// Counts another one too; gives what it tells.
    pub fn join(&mut self, other: Self) -> Vec<String> {
        self.articles += other.articles;
        self.added += other.added;
        self.links += other.links;
        self.is_new |= other.is_new || other.articles > 0;
        self.annotators.extend(other.annotators);
        other.told
    }
}

impl Target<'_> {
    /// Writes a layer.
    pub fn place(&self, waiting: Waiting) -> Result<Placed, DatasetError> {
        let Waiting { document: Document { file, text, layer }, annotator, origin, is_bare } = waiting;
        let mut placed = Placed::default();
        let mut left_out = |why: String| {
            placed.told.push(format!("{origin}: {why}"));
            Ok(std::mem::take(&mut placed))
        };
        if !is_annotator(&annotator) {
            return left_out(format!(
                "{file}: {annotator:?} cannot be an annotator; name one with --annotator. It is left out."
            ));
        }
        if !formats::is_inside(&file) {
            return left_out(format!(
                "{file}: an article of this name would be hidden, or lie outside of the folder; its layer is left out."
            ));
        }
        let path = self.root.join(&file);
        if !OsDisk.is_inside(self.root, &path) {
            return left_out(format!("{file}: a link leads out of {}; it is left out.", self.root.display()));
        }
        let article = match self.article(&path, &text, &mut placed)? {
            Ok(article) => article,
            Err(why) => {
                placed.told.push(format!("{origin}: {}: {why}", path.display()));
                return Ok(placed);
            }
        };
        if is_bare {
            return Ok(placed);
        }
        let sidecar = sidecar_path(&path, &annotator);
        let imported = owned_by(layer, &annotator)?;
        placed.is_new = !sidecar.exists();
        if self.fresh && placed.is_new {
            fresh::add_layer(self.root, &sidecar, &article, &imported)?;
            (placed.added, placed.links) = (imported.len(), imported.relation_count());
            placed.annotators.insert(annotator);
            return Ok(placed);
        }
        if let Some(new) = self.joined(&sidecar, &article, &imported)? {
            (placed.added, placed.links) = (new.annotations, new.links);
            placed.annotators.insert(annotator);
            placed.told.extend(taken(&new, &origin, &sidecar));
            return Ok(placed);
        }
        let empty = Layer::new(imported.head().clone());
        let files = LayerFiles::new(self.root, &sidecar);
        let mut new = None;
        if let Some(none) = nothing_new(&files, &article, self.schema, &imported) {
            placed.annotators.insert(annotator);
            placed.told.extend(taken(&none, &origin, &sidecar));
            return Ok(placed);
        }
        let changed = change(&files, &article, self.schema, &empty, "import", |there| {
            let additions = additions(there, &imported);
            let edit = additions.edit.clone();
            new = Some(additions);
            Ok::<_, DatasetError>(edit)
        });
        match changed {
            Err(DatasetError::Change(error @ (ChangeError::ReadOnly(_) | ChangeError::Held { .. }))) => {
                placed.is_new = false;
                placed.told.push(format!("{origin}: {error} The imported layer is left out."));
                return Ok(placed);
            }
            changed => changed?,
        }
        placed.annotators.insert(annotator);
        if let Some(new) = new {
            (placed.added, placed.links) = (new.annotations, new.links);
            placed.is_new |= new.annotations + new.links > 0 || new.head;
            placed.told.extend(taken(&new, &origin, &sidecar));
        }
        Ok(placed)
    }

    /// Adds to a layer of a folder that nobody has open yet, as another file of the dataset holds another part of it: that
    /// needs neither lock nor journal. None where it has to be done with both.
    fn joined<'a>(
        &self,
        sidecar: &Path,
        article: &Article,
        imported: &'a Layer,
    ) -> Result<Option<Additions<'a>>, DatasetError> {
        if !self.fresh {
            return Ok(None);
        }
        let loaded = sidecar::read_layer(sidecar, article, self.schema)?;
        if loaded.read_only.is_some() {
            return Ok(None);
        }
        let mut layer = loaded.layer;
        let new = additions(&layer, imported);
        apply(&mut layer, new.edit.clone())?;
        fresh::change_layer(sidecar, article, &layer)?;
        Ok(Some(new))
    }

    /// The article with this text: the one that is there, or written now; or why there is none.
    fn article(
        &self,
        path: &Path,
        text: &str,
        placed: &mut Placed,
    ) -> Result<Result<Article, &'static str>, DatasetError> {
        const OTHER: &str =
            "the article there has another text; its layer is left out. Import into another folder to have both.";
        if self.fresh && path.exists() {
            // Written by this import, as UTF-8: no sidecar has to say what it is.
            let article = article::read(path, None)?;
            return Ok(if *article.text == *text { Ok(article) } else { Err(OTHER) });
        }
        if path.exists() {
            let selection = select_one(path)?;
            let layers = layers_of(&selection.root, &selection.articles[0]);
            let article = selection.read(&selection.articles[0].clone(), &layers)?;
            let is_same = *article.text == *text;
            return Ok(if is_same { Ok(Article { path: path.to_path_buf(), ..article }) } else { Err(OTHER) });
        }
        // A text that begins with a byte order mark of its own needs one before it; so does one that looks like no text, such as one
        // with a NUL, to be opened again.
        for mark in ["", "\u{feff}"] {
            let bytes = format!("{mark}{text}").into_bytes();
            let Ok(article) = article::from_bytes(path, bytes.clone(), None) else { continue };
            if *article.text == *text {
                if self.fresh {
                    fresh::write(path, &bytes)?;
                } else {
                    sidecar::create_file(path, &bytes)?;
                }
                placed.articles += 1;
                return Ok(Ok(article));
            }
        }
        Ok(Err("its text could not be read back the same; it is left out."))
    }
}

/// What an imported layer has, where all of it is there already: then neither lock nor journal is made for it.
fn nothing_new<'l>(
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
    imported: &'l Layer,
) -> Option<Additions<'l>> {
    // What cannot be read is told when it is to be changed.
    let (there, _) =
        Some(files).filter(|it| it.sidecar.exists()).and_then(|it| read_whole(it, article, schema).ok())?;
    let new = additions(&there.layer, imported);
    let is_nothing = new.annotations + new.links == 0 && !new.head;
    (is_nothing && there.read_only.is_none()).then_some(new)
}

/// What is there with other content, as it is told.
fn taken(new: &Additions<'_>, origin: &Origin, sidecar: &Path) -> Vec<String> {
    let told = |what: &str| {
        format!("{origin}: {}: {what} is there already with other content; it stays as it is.", sidecar.display())
    };
    new.taken.iter().map(|id| told(id)).chain(new.said.iter().map(|said| told(said))).collect()
}
