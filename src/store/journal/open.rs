//! Opens a layer: its sidecar, then what its journal has that the sidecar has not yet.
//!
//! Writes nothing. The journal tells which sidecar it goes on from: the one that it began with, or one that it was
//! folded into. A sidecar that is neither was changed by something else.

use std::path::Path;

use super::files::{LayerFiles, aside};
use super::frame::Frames;
use super::joined::{Joined, before_and_after};
use super::opened::{AsBase, Opened, Position, Tail, empty, nobody, plain, read_text};
use super::past::{Journal, Walk};
use super::record::{Change, Context, FOLDED, Record, Source, source_of_title};
use crate::article::{Article, from_bytes, sha256_hex};
use crate::edit::apply;
use crate::model::Schema;
use crate::store::StoreError;
use crate::store::disk::{Disk, read_if_there};
use crate::store::sidecar::{LoadedLayer, annotator_of, check_layer};
use crate::store::source::text_of;
use crate::text::{OffsetIndex, short};

/// Opens a layer; none when there is neither a sidecar nor a journal with something in it.
pub fn open(
    disk: &dyn Disk,
    files: &LayerFiles,
    article: &Article,
    schema: &Schema,
) -> Result<Option<Opened>, StoreError> {
    files.check_inside(disk)?;
    let sidecar = read_if_there(disk, &files.sidecar).map_err(StoreError::read(&files.sidecar))?;
    let journal = read_if_there(disk, &files.journal).map_err(StoreError::read(&files.journal))?;
    let sha256 = sidecar.as_deref().map(sha256_hex);
    let text = sidecar.map(|bytes| text_of(&files.sidecar, bytes)).transpose()?;
    let read = |as_base| text.as_deref().map(|text| read_text(&files.sidecar, text, article, schema, as_base));
    let (mut loaded, made_on_it) = read(AsBase::No).transpose()?.unzip();
    let bytes = journal.unwrap_or_default();
    let frames = Frames::read(&bytes);
    let mut position = Position { sidecar: sha256, journal: None, length: bytes.len() };
    let Some((title, records)) = frames.records.split_first() else {
        return Ok(loaded.map(|loaded| plain(loaded, position, &files.journal)));
    };
    if let Some(source) = source_of_title(title).filter(|source| source.text_sha256 != article.text_sha256) {
        let waits = on_older_text(disk, files, &source, article, schema)?.map(|older| older.waits(&files.journal));
        let loaded = loaded.map(|loaded| plain(loaded, position.clone(), &files.journal));
        return Ok(older_text(loaded, position, waits, article));
    }
    let index = OffsetIndex::new(&article.text);
    let context = Context { article, index: &index, path: &files.journal };
    let journal = match Journal::read(context, title, records) {
        Ok(journal) => journal,
        Err(reason) => return Ok(Some(unreadable(loaded, &position, &files.journal, &reason, article))),
    };
    if let Some(reason) = other_owner(&journal, files, article).filter(|_| loaded.is_none()) {
        return Ok(Some(unreadable(loaded, &position, &files.journal, &reason, article)));
    }
    let tail = Tail { sound: frames.length, chain: frames.chain, records: journal.records.len() };
    let Some(from) = journal.goes_on_from(position.sidecar.as_deref()) else {
        let mut opened = changed_outside(&journal, loaded, position, tail, &files.journal);
        if let Some(opened) = opened.as_mut().filter(|opened| !opened.unwritten.is_empty()) {
            opened.problems = check_layer(&files.sidecar, &opened.layer, schema);
        }
        return Ok(opened);
    };
    if made_on_it == Some(false) && from < journal.records.len() {
        (loaded, _) = read(AsBase::Yes).transpose()?.unzip();
    }
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

/// Whether a journal may have changes that the sidecar lacks. Reads its last bytes alone.
pub fn is_pending(disk: &dyn Disk, journal: &Path) -> bool {
    let end = format!("\n{FOLDED}\n");
    disk.read_end(journal, end.len()).is_ok_and(|bytes| bytes != end.as_bytes())
}

/// Why a journal is not of the person whose name its file has; a sidecar made of it could not be changed any more.
fn other_owner(journal: &Journal, files: &LayerFiles, article: &Article) -> Option<String> {
    let says = &journal.title.layer.head().annotator;
    let owner = annotator_of(&article.path, &files.sidecar).filter(|owner| owner != says)?;
    Some(format!("its name says that it is {owner}'s, and it says that it is {says}'s"))
}

/// A journal that this version cannot read: the layer is shown as the sidecar has it, and nothing is written.
fn unreadable(
    loaded: Option<LoadedLayer>,
    position: &Position,
    journal: &Path,
    reason: &str,
    article: &Article,
) -> Opened {
    let reason = short(reason.to_owned());
    let mut opened = loaded
        .map_or_else(|| empty(nobody(article, journal), position.clone()), |it| plain(it, position.clone(), journal));
    opened.read_only = Some(format!(
        "{}: the journal of this layer cannot be read: {reason}. It holds work that is not in the sidecar yet, so the \
         layer can be looked at, not changed. Open it with the version of Pressmark that wrote it.",
        journal.display()
    ));
    opened
}

/// The journal is about a text that is the article's no more: the sidecar counts, unless the journal has more.
fn older_text(loaded: Option<Opened>, position: Position, waits: Option<String>, article: &Article) -> Option<Opened> {
    let mut opened = match (loaded, &waits) {
        (Some(loaded), _) => loaded,
        (None, None) => return None,
        (None, Some(_)) => empty(nobody(article, Path::new("")), position),
    };
    opened.notes.clear();
    if let Some(waits) = waits {
        opened.read_only = Some(waits);
    }
    Some(opened)
}

/// The sidecar was changed by something else, or is gone. With nothing pending it counts, and a new journal
/// begins; what is pending is put together with it.
fn changed_outside(
    journal: &Journal,
    loaded: Option<LoadedLayer>,
    position: Position,
    tail: Tail,
    path: &Path,
) -> Option<Opened> {
    let pending = match journal.unfolded() {
        Ok(pending) => pending,
        Err(reason) => {
            let mut opened = loaded.map_or_else(
                || empty(journal.title.layer.clone(), position.clone()),
                |loaded| plain(loaded, position.clone(), path),
            );
            opened.read_only = Some(misfit(path, &reason));
            return Some(opened);
        }
    };
    let deleted = loaded.is_none();
    if pending.is_empty() {
        return loaded.map(|loaded| Opened { notes: Vec::new(), ..plain(loaded, position, path) });
    }
    let mut opened = match loaded {
        Some(loaded) => plain(loaded, position, path),
        None => empty(journal.title.layer.clone(), position),
    };
    opened.notes.clear();
    if opened.read_only.is_none() {
        let sha256 = opened.position.sidecar.clone().unwrap_or_default();
        opened.history = journal.history();
        opened.position.journal = Some(tail);
        put_together(&mut opened, &pending, &sha256, deleted, path);
    }
    Some(opened)
}

/// Puts changes that the sidecar lacks together with what something else made of it. Nothing is written yet: the
/// records that say so are the first that will be.
fn put_together(opened: &mut Opened, pending: &[Change], sha256: &str, deleted: bool, path: &Path) {
    let (base, ours, misfits) = before_and_after(&opened.layer, pending);
    let joined = Joined::new(&base, &ours, &opened.layer, sha256);
    let made = pending.len();
    let was = if deleted { "deleted this layer's file" } else { "changed this layer's file" };
    let mut note = format!(
        "Another program {was} while {made} of your changes were not in it yet: the two were put together. {}",
        joined.told()
    );
    if misfits > 0 {
        let path = path.display();
        note =
            format!("{note} {misfits} of your changes are about marks that are gone there; they are kept in {path}.");
    }
    opened.notes.push(note.trim_end().to_owned());
    for entry in joined.entries() {
        if let (Record::Step { name, .. }, change) = (&entry.record, &entry.change) {
            opened.history.push(name.clone(), change.back.clone());
        }
        opened.unwritten.push(entry.record.clone());
        opened.pending.push(entry.change.clone());
    }
    opened.layer = joined.merged.layer;
}

fn misfit(journal: &Path, reason: &str) -> String {
    let reason = short(reason.to_owned());
    format!(
        "{}: a step of the journal does not fit the sidecar ({reason}): the layer can be looked at, not changed. The \
         journal stays as it is; report this, with both files.",
        journal.display()
    )
}

/// Makes the steps after `from` again; those before are only remembered, for undo.
fn replay(opened: &mut Opened, records: &[Record], from: usize, journal: &Path) {
    let mut walk = Walk::default();
    for (at, record) in records.iter().enumerate() {
        let made = walk.change(record).and_then(|change| {
            let Some(change) = change.filter(|_| at >= from) else { return Ok(()) };
            opened.pending.push(change.clone());
            apply(&mut opened.layer, change.edit).map(drop).map_err(|error| error.to_string())
        });
        if let Err(reason) = made {
            opened.read_only = Some(misfit(journal, &reason));
            return;
        }
    }
    opened.history = walk.history();
}

/// Steps on a text that is the article's no more.
pub(super) enum Older {
    /// The layer as it was on that text.
    Known(Box<(Article, Opened)>),
    /// The text, or what the sidecar was, is not known any more; how many steps wait, if that can be told.
    Unknown(Option<usize>),
}

impl Older {
    /// Why the layer cannot be changed before that is settled.
    pub(super) fn waits(&self, journal: &Path) -> String {
        let journal = journal.display();
        match self {
            Self::Known(known) => format!(
                "The article was edited since, and {} of this layer's changes are in the journal alone: the layer can \
                 be looked at. `pressmark reanchor` finds the places of its annotations again.",
                known.1.pending.len()
            ),
            Self::Unknown(steps) => format!(
                "{journal}: the article was edited since this journal was written, and {} cannot be placed any more: \
                 the layer can be looked at. They are kept in the journal. Put the article back as it was, or move the \
                 journal to another folder to go on without them.",
                steps.map_or_else(|| "its changes".to_owned(), |steps| format!("{steps} changes in it"))
            ),
        }
    }
}

/// What a journal on an older text has that the sidecar lacks; none when that is nothing.
pub(super) fn on_older_text(
    disk: &dyn Disk,
    files: &LayerFiles,
    source: &Source,
    article: &Article,
    schema: &Schema,
) -> Result<Option<Older>, StoreError> {
    let pending = |steps: Option<usize>| is_pending(disk, &files.journal).then_some(Older::Unknown(steps));
    let Some(old) = older_article(disk, files, source, article) else { return Ok(pending(None)) };
    let bytes = read_if_there(disk, &files.journal).map_err(StoreError::read(&files.journal))?.unwrap_or_default();
    let (frames, index) = (Frames::read(&bytes), OffsetIndex::new(&old.text));
    let context = Context { article: &old, index: &index, path: &files.journal };
    let Some((title, records)) = frames.records.split_first() else { return Ok(None) };
    let Ok(journal) = Journal::read(context, title, records) else { return Ok(pending(None)) };
    let unfolded = journal.unfolded().map(|changes| changes.len());
    let Some(opened) = open(disk, files, &old, schema)? else { return Ok(None) };
    Ok(match unfolded {
        _ if opened.read_only.is_none() => (!opened.pending.is_empty()).then(|| Older::Known(Box::new((old, opened)))),
        Ok(0) => None,
        Ok(steps) => Some(Older::Unknown(Some(steps))),
        Err(_) => pending(None),
    })
}

/// The article as it was, from the text that was kept.
fn older_article(disk: &dyn Disk, files: &LayerFiles, source: &Source, article: &Article) -> Option<Article> {
    let named = source.text_sha256.len() == 64 && source.text_sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = files.root.join(".pressmark").join("texts").join(&source.text_sha256);
    let bytes = named.then(|| disk.read(&path).ok())??;
    let old = from_bytes(&article.path, bytes, Some("UTF-8")).ok()?;
    let same = old.text_sha256 == source.text_sha256;
    same.then(|| Article { sha256: source.sha256.clone(), encoding: article.encoding, ..old })
}
