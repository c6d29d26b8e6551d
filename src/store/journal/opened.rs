//! A layer as it was left: what opening gives, how its files stood, and how a sidecar alone is read.

use std::path::Path;

use super::frame::Chain;
use super::record::{Change, Record};
use crate::article::Article;
use crate::edit::History;
use crate::model::{Layer, Schema};
use crate::store::sidecar::{LoadedLayer, annotator_of, parse_file, parse_layer};
use crate::store::{Problem, StoreError};

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
    /// Changes that the sidecar does not have yet, in order.
    pub pending: Vec<Change>,
    /// The last of them, which the journal does not have yet either: the first change writes them.
    pub unwritten: Vec<Record>,
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
    /// How many records there are, the title not counted.
    pub records: usize,
}

/// What a sidecar is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AsBase {
    /// To be looked at.
    No,
    /// For the changes of its journal. When it was made on an older text of the article than they were, its annotations
    /// have no places: the first of the changes gave them those.
    Yes,
}

/// The layer that a sidecar's text tells, and whether it was made on the article's text.
pub(super) fn read_text(
    path: &Path,
    text: &str,
    article: &Article,
    schema: &Schema,
    as_base: AsBase,
) -> Result<(LoadedLayer, bool), StoreError> {
    let file = parse_file(path, text)?;
    let made_on_it = *file.source.text_sha256 == *article.text_sha256;
    let unplaced = as_base == AsBase::Yes && !made_on_it;
    Ok((parse_layer(path, text, file, article, schema, unplaced)?, made_on_it))
}

/// A layer as its sidecar tells it.
pub(super) fn plain(loaded: LoadedLayer, position: Position, journal: &Path) -> Opened {
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
        unwritten: Vec::new(),
    }
}

/// A layer of which there is no sidecar.
pub(super) fn empty(layer: Layer, position: Position) -> Opened {
    plain(LoadedLayer { layer, problems: Vec::new(), read_only: None }, position, Path::new(""))
}

/// A layer without a mark, where nothing else is known of it.
pub(super) fn nobody(article: &Article, journal: &Path) -> Layer {
    let schema = crate::model::SchemaRef { id: "".into(), version: 0 };
    let name = annotator_of(&article.path, journal).unwrap_or_default();
    Layer::new(crate::model::Head::new(name, schema))
}
