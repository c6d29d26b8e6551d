//! Opens a layer: its sidecar, then what its journal has that the sidecar has not yet.
//!
//! Writes nothing. The journal tells which sidecar it goes on from: the one that it began with, or one that it was
//! folded into. A sidecar that is neither was changed by something else.

use std::path::Path;

use super::files::LayerFiles;
use super::frame::{Chain, Frames};
use super::record::{Context, Record, Title};
use crate::article::{Article, sha256_hex};
use crate::edit::{Edit, History, Step, apply};
use crate::model::{Layer, Schema};
use crate::store::disk::{Disk, read_if_there};
use crate::store::sidecar::{LoadedLayer, check_layer, parse_file, parse_layer};
use crate::store::source::text_of;
use crate::store::{Problem, StoreError};
use crate::text::OffsetIndex;

/// A layer as it was left, and what can be undone in it.
#[derive(Debug)]
pub struct Opened {
    /// The layer.
    pub layer: Layer,
    /// What can be undone and redone.
    pub history: History,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Why it must not be changed: whole sentences for its reader.
    pub read_only: Option<String>,
    /// What a person should know of how it was found again: whole sentences.
    pub notes: Vec<String>,
    /// How the files stood.
    pub position: Position,
    /// Changes of the journal that the sidecar does not have yet, in order.
    pub pending: Vec<Edit>,
    /// Whether something else changed the sidecar, so that `pending` is not in `layer`.
    pub outside: bool,
}

/// How the files of a layer stood when they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// SHA-256 of the sidecar; none when there is no sidecar.
    pub sidecar: Option<String>,
    /// The journal to go on with; none when a new one begins.
    pub journal: Option<Tail>,
    /// Length of the journal's file, the damaged part included.
    pub length: usize,
}

/// Where a journal is gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// Bytes that are sound.
    pub sound: usize,
    /// The checksum of the last sound record.
    pub chain: Chain,
}

/// Opens a layer; none when there is neither a sidecar nor a journal with something in it.
pub fn open(
    disk: &dyn Disk,
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
) -> Result<Option<Opened>, StoreError> {
    let sidecar = read_if_there(disk, &files.sidecar).map_err(StoreError::read(&files.sidecar))?;
    let journal = read_if_there(disk, &files.journal).map_err(StoreError::read(&files.journal))?;
    let sha256 = sidecar.as_deref().map(sha256_hex);
    let loaded = match sidecar {
        Some(bytes) => Some(read_bytes(&files.sidecar, bytes, article, schema)?),
        None => None,
    };
    let bytes = journal.unwrap_or_default();
    let frames = Frames::read(&bytes);
    let mut position = Position { sidecar: sha256, journal: None, length: bytes.len() };
    let Some((title, records)) = frames.records.split_first() else {
        return Ok(loaded.map(|loaded| plain(loaded, position, &files.journal)));
    };
    let index = OffsetIndex::new(&article.text);
    let context = Context { article, index: &index, path: &files.journal };
    let journal = match Journal::read(context, title, records) {
        Ok(journal) => journal,
        Err(reason) => return Ok(Some(unreadable(loaded, &position, &files.journal, &reason, article))),
    };
    if journal.title.text_sha256 != article.text_sha256 {
        return Ok(Some(journal.other_text(loaded, position, &files.journal)));
    }
    let tail = Tail { sound: frames.length, chain: frames.chain };
    let Some(from) = journal.goes_on_from(position.sidecar.as_deref()) else {
        return Ok(journal.changed_outside(loaded, position, &files.journal));
    };
    position.journal = Some(tail);
    let damaged = bytes.len() - frames.length;
    let mut opened = loaded.map_or_else(
        || empty(journal.title.layer.clone(), position.clone()),
        |loaded| plain(loaded, position.clone(), &files.journal),
    );
    opened.notes.clear();
    if damaged > 0 {
        opened.notes.push(format!(
            "The last {damaged} bytes of the journal were damaged, as happens in a power cut: what stands before them is \
             here. They are put aside in {} at the next change.",
            aside(&files.journal).display()
        ));
    }
    if opened.read_only.is_none() {
        replay(&mut opened, &journal.records, from, &files.journal);
        opened.problems = check_layer(&files.sidecar, &opened.layer, schema);
    }
    Ok(Some(opened))
}

/// The layer that a sidecar's bytes tell.
pub(super) fn read_bytes(
    path: &Path,
    bytes: Vec<u8>,
    article: &Article,
    schema: &Schema,
) -> Result<LoadedLayer, StoreError> {
    let text = text_of(path, bytes)?;
    parse_layer(path, &text, parse_file(path, &text)?, article, schema, false)
}

/// Where the damaged end of a journal is put.
pub fn aside(journal: &Path) -> std::path::PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(".damaged");
    name.into()
}

fn plain(loaded: LoadedLayer, position: Position, journal: &Path) -> Opened {
    let LoadedLayer { layer, problems, read_only } = loaded;
    let notes = if position.length > 0 {
        vec![format!("{}: the journal has no sound record.", journal.display())]
    } else {
        Vec::new()
    };
    Opened {
        layer,
        history: History::default(),
        problems,
        read_only,
        notes,
        position,
        pending: Vec::new(),
        outside: false,
    }
}

fn empty(layer: Layer, position: Position) -> Opened {
    plain(LoadedLayer { layer, problems: Vec::new(), read_only: None }, position, Path::new(""))
}

/// A journal that this version cannot read: the layer is shown as the sidecar has it, and nothing is written.
fn unreadable(
    loaded: Option<LoadedLayer>,
    position: &Position,
    journal: &Path,
    reason: &str,
    article: &Article,
) -> Opened {
    let nobody = || {
        let schema = crate::model::SchemaRef { id: "".into(), version: 0 };
        let name = crate::store::sidecar::annotator_of(&article.path, journal).unwrap_or_default();
        Layer::new(crate::model::Head::new(name, schema))
    };
    let mut opened =
        loaded.map_or_else(|| empty(nobody(), position.clone()), |it| plain(it, position.clone(), journal));
    opened.read_only = Some(format!(
        "{}: the journal of this layer cannot be read: {reason}. It holds work that is not in the sidecar yet, so the \
         layer can be looked at, not changed. Open it with the version of Pressmark that wrote it.",
        journal.display()
    ));
    opened
}

struct Journal {
    title: Title,
    records: Vec<Record>,
}

impl Journal {
    fn read(context: Context<'_>, title: &str, records: &[&str]) -> Result<Self, String> {
        let title = context.read_title(title)?;
        let other = title.text_sha256 != context.article.text_sha256;
        // What was marked in another text cannot be held against this one.
        let records = if other { &[] } else { records };
        let records = records.iter().map(|record| context.read(record)).collect::<Result<_, _>>()?;
        Ok(Self { title, records })
    }

    /// The first record that a sidecar does not have; none when the journal does not know it.
    fn goes_on_from(&self, sidecar: Option<&str>) -> Option<usize> {
        let sidecar = sidecar.unwrap_or_default();
        let fold = |record: &Record| matches!(record, Record::Fold(sha256) if sha256 == sidecar);
        let folded = self.records.iter().rposition(fold).map(|at| at + 1);
        folded.or((self.title.base == sidecar).then_some(0))
    }

    /// The changes after the last fold that is known to have come to its end.
    fn unfolded(&self) -> Result<Vec<Edit>, String> {
        let folded = self.records.iter().rposition(|record| *record == Record::Folded).map_or(0, |at| at + 1);
        let (mut walk, mut changes) = (Walk::default(), Vec::new());
        for (at, record) in self.records.iter().enumerate() {
            changes.extend(walk.change(record)?.filter(|_| at >= folded));
        }
        Ok(changes)
    }

    /// The sidecar was changed by something else. With nothing pending it counts, and a new journal begins.
    fn changed_outside(&self, loaded: Option<LoadedLayer>, position: Position, path: &Path) -> Option<Opened> {
        let pending = self.unfolded().unwrap_or_default();
        let mut opened = match loaded {
            Some(loaded) => plain(loaded, position, path),
            None if pending.is_empty() => return None,
            None => empty(self.title.layer.clone(), position),
        };
        opened.notes.clear();
        opened.outside = !pending.is_empty();
        opened.pending = pending;
        if opened.outside {
            let reason = format!(
                "{}: another program changed the sidecar while changes of yours were not in it yet. They are kept in the \
                 journal; until the two are put together, the layer can be looked at.",
                path.display()
            );
            opened.read_only.get_or_insert(reason);
        }
        Some(opened)
    }

    /// The article is another than the journal's.
    fn other_text(&self, loaded: Option<LoadedLayer>, position: Position, path: &Path) -> Opened {
        let mut opened = match loaded {
            Some(loaded) => plain(loaded, position, path),
            None => empty(self.title.layer.clone(), position),
        };
        opened.notes.clear();
        opened.read_only.get_or_insert_with(|| {
            format!(
                "{}: the article was edited since this journal was written; the layer can be looked at.",
                path.display()
            )
        });
        opened
    }
}

/// Makes the steps after `from` again; those before are only remembered, for undo.
fn replay(opened: &mut Opened, records: &[Record], from: usize, journal: &Path) {
    let mut walk = Walk::default();
    for (at, record) in records.iter().enumerate() {
        let made = walk.change(record).and_then(|change| {
            let Some(change) = change.filter(|_| at >= from) else { return Ok(()) };
            opened.pending.push(change.clone());
            apply(&mut opened.layer, change).map(drop).map_err(|error| error.to_string())
        });
        if let Err(reason) = made {
            opened.read_only = Some(format!(
                "{}: a step of the journal does not fit the sidecar ({reason}): the layer can be looked at, not changed. \
                 The journal stays as it is; report this, with both files.",
                journal.display()
            ));
            return;
        }
    }
    opened.history = walk.history();
}

/// A step: its name, what makes it, what takes it back.
type Made = (String, Edit, Edit);

/// Which steps stand and which are taken back, record by record.
#[derive(Default)]
struct Walk {
    done: Vec<Made>,
    undone: Vec<Made>,
}

impl Walk {
    /// The change that a record is; none when it changes nothing.
    fn change(&mut self, record: &Record) -> Result<Option<Edit>, String> {
        match record {
            Record::Step { name, edit, back } => {
                self.undone.clear();
                self.done.push((name.clone(), edit.clone(), back.clone()));
                Ok(Some(edit.clone()))
            }
            Record::Undo => {
                let step = self.done.pop().ok_or("there is nothing to undo")?;
                let back = step.2.clone();
                self.undone.push(step);
                Ok(Some(back))
            }
            Record::Redo => {
                let step = self.undone.pop().ok_or("there is nothing to make again")?;
                let edit = step.1.clone();
                self.done.push(step);
                Ok(Some(edit))
            }
            Record::Fold(_) | Record::Folded => Ok(None),
        }
    }

    fn history(self) -> History {
        let undo = self.done.into_iter().map(|(name, _, edit)| Step { name, edit }).collect();
        let redo = self.undone.into_iter().map(|(name, edit, _)| Step { name, edit }).collect();
        History::from_steps(undo, redo)
    }
}
