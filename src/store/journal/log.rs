//! Goes on with a layer's journal, and folds it into the sidecar.
//!
//! What [`LayerLog::append`] has taken in lasts: it was synced. A fold announces the sidecar that it is about to write,
//! so that after a crash between the two either file tells where the other goes on. After a write that failed nothing
//! is known of the journal's end, and it is written anew from what is known to be sound before anything else is.

use std::path::Path;
use std::sync::Arc;

use super::files::{LayerFiles, local_folder};
use super::frame::{Chain, Frames};
use super::open::{Opened, Position, Tail, aside, read_bytes};
use super::record::{Context, Record};
use crate::article::{Article, sha256_hex};
use crate::edit::{Edit, apply};
use crate::model::{Layer, Schema};
use crate::store::StoreError;
use crate::store::disk::{self, Disk, DiskFile, read_if_there};
use crate::store::sidecar::{keep_text, save_sidecar, write_layer_with};
use crate::text::OffsetIndex;

/// Why a layer could not be folded into its sidecar, or its journal not be begun.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The sidecar or the journal is not as it was read: something else changed it. Nothing was written.
    #[error("{}: this file was changed by another program", .0.display())]
    Changed(std::path::PathBuf),
    /// A file cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A journal that is being gone on with.
pub struct LayerLog {
    disk: Arc<dyn Disk>,
    files: LayerFiles,
    article: Arc<Article>,
    index: OffsetIndex,
    /// The layer's head, where there is no sidecar yet.
    empty: Layer,
    /// None after a write that failed.
    file: Option<Box<dyn DiskFile>>,
    tail: Tail,
    sidecar: Option<String>,
    /// Changes that the sidecar does not have yet, in order.
    pending: Vec<Edit>,
}

/// A record, and the change that it is.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What the journal says.
    pub record: Record,
    /// What was done to the layer.
    pub change: Edit,
}

/// What a layer is gone on with from.
#[derive(Clone, Debug)]
pub struct Begin {
    /// The layer without its annotations and relations.
    pub empty: Layer,
    /// How its files stood.
    pub position: Position,
    /// Changes that the sidecar does not have yet, in order.
    pub pending: Vec<Edit>,
}

impl Begin {
    /// A layer that has no file yet.
    pub fn nothing(layer: &Layer) -> Self {
        Self { empty: Layer::new(layer.head().clone()), position: Position::default(), pending: Vec::new() }
    }

    /// A layer that was opened.
    pub fn opened(opened: &Opened) -> Self {
        Self {
            empty: Layer::new(opened.layer.head().clone()),
            position: opened.position.clone(),
            pending: opened.pending.clone(),
        }
    }
}

impl LayerLog {
    /// Begins a journal, or takes up the one that is there; the lock must be held. A damaged end is put aside.
    pub fn begin(
        disk: Arc<dyn Disk>,
        files: LayerFiles,
        article: Arc<Article>,
        begin: Begin,
    ) -> Result<Self, LogError> {
        let Begin { empty, position, pending } = begin;
        let journal = read_if_there(&*disk, &files.journal).map_err(StoreError::read(&files.journal))?;
        let bytes = journal.unwrap_or_default();
        if bytes.len() != position.length {
            return Err(LogError::Changed(files.journal));
        }
        check_sidecar(&*disk, &files.sidecar, position.sidecar.as_deref())?;
        keep_text(&*disk, &files.root, &article)?;
        let local = local_folder(&files.root);
        let folder = disk::folder_of(&files.journal);
        disk.create_folder(folder).map_err(StoreError::write(folder))?;
        let ignore = local.join(".gitignore");
        save_sidecar(&*disk, &ignore, b"# What is here is this machine's alone.\n*\n")?;
        let index = OffsetIndex::new(&article.text);
        let context = Context { article: &article, index: &index, path: &files.journal };
        let (contents, tail) = match position.journal {
            Some(tail) => (bytes[..tail.sound].to_vec(), tail),
            None => titled(context, position.sidecar.as_deref(), &empty),
        };
        if bytes != contents {
            if bytes.len() > contents.len() && !bytes.is_empty() && bytes.starts_with(&contents) {
                let aside = aside(&files.journal);
                disk::replace(&*disk, &aside, &bytes[contents.len()..]).map_err(StoreError::write(&aside))?;
            }
            disk::replace(&*disk, &files.journal, &contents).map_err(StoreError::write(&files.journal))?;
        }
        let file = disk.open(&files.journal).map_err(StoreError::write(&files.journal))?;
        Ok(Self { disk, files, article, index, empty, file: Some(file), tail, sidecar: position.sidecar, pending })
    }

    /// Where the files lie.
    pub fn files(&self) -> &LayerFiles {
        &self.files
    }

    /// Whether the sidecar lacks anything.
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Adds records; when this returns without an error, they last.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.write(entries.iter().map(|entry| &entry.record), true)?;
        self.pending.extend(entries.iter().map(|entry| entry.change.clone()));
        Ok(())
    }

    fn write<'r>(&mut self, records: impl IntoIterator<Item = &'r Record>, sync: bool) -> Result<(), StoreError> {
        let (mut bytes, mut chain) = (Vec::new(), self.tail.chain.clone());
        let context = Context { article: &self.article, index: &self.index, path: &self.files.journal };
        for record in records {
            chain.push(&mut bytes, &context.write(record));
        }
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.mended()?,
        };
        file.append(&bytes).map_err(StoreError::write(&self.files.journal))?;
        if sync {
            file.sync().map_err(StoreError::write(&self.files.journal))?;
        }
        self.file = Some(file);
        self.tail = Tail { sound: self.tail.sound + bytes.len(), chain };
        Ok(())
    }

    /// The journal written anew up to what is known to be sound.
    fn mended(&self) -> Result<Box<dyn DiskFile>, StoreError> {
        let path = &self.files.journal;
        let bytes = self.disk.read(path).map_err(StoreError::read(path))?;
        let frames = Frames::read(&bytes[..bytes.len().min(self.tail.sound)]);
        if frames.chain != self.tail.chain {
            let lost = std::io::Error::other("what was written to it is not there any more");
            return Err(StoreError::write(path)(lost));
        }
        disk::replace(&*self.disk, path, &bytes[..self.tail.sound]).map_err(StoreError::write(path))?;
        self.disk.open(path).map_err(StoreError::write(path))
    }

    /// Writes the sidecar anew with all that the journal has. Nothing is written when there is nothing new.
    pub fn fold(&mut self, schema: &Schema) -> Result<(), LogError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let layer = self.folded(schema)?;
        let contents = write_layer_with(&self.article, &self.index, &layer);
        let sha256 = sha256_hex(contents.as_bytes());
        self.write(&[Record::Fold(sha256.clone())], true)?;
        save_sidecar(&*self.disk, &self.files.sidecar, contents.as_bytes())?;
        self.sidecar = Some(sha256);
        self.pending.clear();
        self.empty = Layer::new(layer.head().clone());
        // Should this record be lost, the steps before it are looked at once more, and found to be there.
        self.write(&[Record::Folded], false)?;
        Ok(())
    }

    /// What the sidecar and the journal come to: the same way that it will be found again.
    fn folded(&self, schema: &Schema) -> Result<Layer, LogError> {
        let path = &self.files.sidecar;
        let bytes = check_sidecar(&*self.disk, path, self.sidecar.as_deref())?;
        let mut layer = match bytes {
            Some(bytes) => read_bytes(path, bytes, &self.article, schema)?.layer,
            None => self.empty.clone(),
        };
        for change in &self.pending {
            let misfit =
                |error: crate::edit::EditError| StoreError::write(path)(std::io::Error::other(error.to_string()));
            apply(&mut layer, change.clone()).map_err(misfit)?;
        }
        Ok(layer)
    }
}

/// The first record of a new journal, and where it is gone on with.
fn titled(context: Context<'_>, sidecar: Option<&str>, empty: &Layer) -> (Vec<u8>, Tail) {
    let (mut bytes, mut chain) = (Vec::new(), Chain::default());
    chain.push(&mut bytes, &context.write_title(sidecar.unwrap_or_default(), empty));
    let sound = bytes.len();
    (bytes, Tail { sound, chain })
}

/// The sidecar's bytes, if they are those that are expected.
fn check_sidecar(disk: &dyn Disk, path: &Path, expected: Option<&str>) -> Result<Option<Vec<u8>>, LogError> {
    let bytes = read_if_there(disk, path).map_err(StoreError::read(path))?;
    if bytes.as_deref().map(sha256_hex).as_deref() == expected {
        Ok(bytes)
    } else {
        Err(LogError::Changed(path.to_path_buf()))
    }
}
