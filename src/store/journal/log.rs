//! Goes on with a layer's journal.
//!
//! What [`LayerLog::append`] has taken in lasts: it was synced. After a write that failed nothing is known of the
//! journal's end, and it is written anew from what is known to be sound before anything else is. How the journal comes
//! into the sidecar is in `fold`, and what is done when something else wrote the sidecar in `outside`.

use std::path::Path;
use std::sync::Arc;

use super::files::{IGNORE, LayerFiles, aside, local_folder};
use super::frame::{Chain, Frames};
use super::joined::change_between;
use super::opened::{Opened, Position, Tail};
use super::record::{Change, Context, Entry, Record};
use crate::article::{Article, sha256_hex};
use crate::model::Layer;
use crate::store::StoreError;
use crate::store::disk::{self, Disk, DiskFile, read_if_there};
use crate::store::sidecar::{keep_text, save_sidecar};
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
    pub(super) disk: Arc<dyn Disk>,
    pub(super) files: LayerFiles,
    pub(super) article: Arc<Article>,
    pub(super) index: Arc<OffsetIndex>,
    /// The layer's head, where there is no sidecar yet.
    pub(super) empty: Layer,
    /// None after a write that failed.
    file: Option<Box<dyn DiskFile>>,
    pub(super) tail: Tail,
    pub(super) sidecar: Option<String>,
    /// Changes that the sidecar does not have yet, in order.
    pub(super) pending: Vec<Change>,
}

/// What a layer is gone on with from.
#[derive(Clone, Debug)]
pub struct Begin {
    /// The layer without its annotations and relations.
    pub empty: Layer,
    /// How its files stood.
    pub position: Position,
    /// Changes that the sidecar does not have yet, in order.
    pub pending: Vec<Change>,
    /// The last of them, which the journal does not have yet either.
    pub unwritten: Vec<Record>,
}

impl Begin {
    /// A layer that has no file yet.
    pub fn nothing(layer: &Layer) -> Self {
        Self {
            empty: Layer::new(layer.head().clone()),
            position: Position::default(),
            pending: Vec::new(),
            unwritten: Vec::new(),
        }
    }

    /// A layer whose files something else took away: its marks are still at hand, and are written again.
    pub fn deleted(layer: &Layer) -> Self {
        let empty = Layer::new(layer.head().clone());
        let change = change_between(&empty, layer);
        let unwritten = vec![Record::Outside { sha256: String::new(), change: change.clone() }];
        Self { empty, position: Position::default(), pending: vec![change], unwritten }
    }

    /// A layer on another text than its sidecar's, of which a new journal begins: its first change gives the
    /// annotations their places.
    pub fn unplaced(layer: &Layer, sidecar: String, length: usize) -> Self {
        let position = Position { sidecar: Some(sidecar), journal: None, length };
        Self { position, ..Self::nothing(layer) }
    }

    /// A layer that was opened.
    pub fn opened(opened: &Opened) -> Self {
        Self {
            empty: Layer::new(opened.layer.head().clone()),
            position: opened.position.clone(),
            pending: opened.pending.clone(),
            unwritten: opened.unwritten.clone(),
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
        files.check_inside(&*disk)?;
        let Begin { empty, position, pending, unwritten } = begin;
        let journal = read_if_there(&*disk, &files.journal).map_err(StoreError::read(&files.journal))?;
        let bytes = journal.unwrap_or_default();
        let index = Arc::new(OffsetIndex::new(&article.text));
        let context = Context { article: &article, index: &index, path: &files.journal };
        let goes_on = position.journal.is_some();
        let (mut contents, mut tail) = match position.journal.clone() {
            Some(tail) => {
                let sound = bytes.get(..tail.sound).filter(|sound| Frames::read(sound).chain == tail.chain);
                (sound.ok_or_else(|| LogError::Changed(files.journal.clone()))?.to_vec(), tail)
            }
            None => titled(context, position.sidecar.as_deref(), &empty),
        };
        let sound = contents.len();
        push(context, &mut contents, &mut tail, &unwritten);
        // A beginning that failed half-way may have left its end there already; the journal of a layer whose sidecar
        // was taken away is put aside.
        let fresh = position == Position::default();
        if bytes.len() != position.length && bytes != contents && !fresh {
            return Err(LogError::Changed(files.journal));
        }
        check_sidecar(&*disk, &files.sidecar, position.sidecar.as_deref())?;
        keep_text(&*disk, &files.root, &article)?;
        make_folder(&*disk, &files)?;
        if bytes == contents {
            // Whoever made it may have failed before its name lasted.
            disk.sync_folder(disk::folder_of(&files.journal)).map_err(StoreError::write(&files.journal))?;
        } else {
            let damaged = match goes_on {
                true => &bytes[sound..],
                false if fresh || Frames::read(&bytes).records.is_empty() => &bytes[..],
                false => &[],
            };
            if !damaged.is_empty() {
                let aside = aside(&files.journal);
                disk::replace(&*disk, &aside, damaged).map_err(StoreError::write(&aside))?;
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

    pub(super) fn write<'r>(
        &mut self,
        records: impl IntoIterator<Item = &'r Record>,
        sync: bool,
    ) -> Result<(), StoreError> {
        let (mut bytes, mut tail) = (Vec::new(), self.tail.clone());
        let context = Context { article: &self.article, index: &self.index, path: &self.files.journal };
        push(context, &mut bytes, &mut tail, records);
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.mended()?,
        };
        file.append(&bytes).map_err(StoreError::write(&self.files.journal))?;
        if sync {
            file.sync().map_err(StoreError::write(&self.files.journal))?;
        }
        self.file = Some(file);
        self.tail = tail;
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
}

/// Appends records to bytes that will be written.
fn push<'r>(context: Context<'_>, bytes: &mut Vec<u8>, tail: &mut Tail, records: impl IntoIterator<Item = &'r Record>) {
    let before = bytes.len();
    for record in records {
        tail.chain.push(bytes, &context.write(record));
        tail.records += 1;
    }
    tail.sound += bytes.len() - before;
}

/// The first record of a new journal, and where it is gone on with.
fn titled(context: Context<'_>, sidecar: Option<&str>, empty: &Layer) -> (Vec<u8>, Tail) {
    let (mut bytes, mut chain) = (Vec::new(), Chain::default());
    chain.push(&mut bytes, &context.write_title(sidecar.unwrap_or_default(), empty));
    let sound = bytes.len();
    (bytes, Tail { sound, chain, records: 0 })
}

/// Makes the journal's folder, which git is told to pass over.
fn make_folder(disk: &dyn Disk, files: &LayerFiles) -> Result<(), StoreError> {
    let folder = disk::folder_of(&files.journal);
    disk.create_folder(folder).map_err(StoreError::write(folder))?;
    let ignore = local_folder(&files.root).join(".gitignore");
    save_sidecar(disk, &ignore, IGNORE)
}

/// The sidecar's bytes, if they are those that are expected.
pub(super) fn check_sidecar(disk: &dyn Disk, path: &Path, expected: Option<&str>) -> Result<Option<Vec<u8>>, LogError> {
    let bytes = read_if_there(disk, path).map_err(StoreError::read(path))?;
    if bytes.as_deref().map(sha256_hex).as_deref() == expected {
        Ok(bytes)
    } else {
        Err(LogError::Changed(path.to_path_buf()))
    }
}
