//! What an export takes of an article: the layers that are asked for, with the labels, names and text that are.
//!
//! Nothing is changed in the corpus; what is taken is a copy.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use smol_str::SmolStr;

use super::DatasetError;
use super::order::{ExportOrder, Which};
use super::select::{Selection, filled};
use crate::edit::{Edit, apply};
use crate::formats::canonical::with_line_feeds;
use crate::formats::rendered::rendered;
use crate::formats::{self, Document, Done, Kind, Losses, STATUS, prodigy};
use crate::model::{self, AUTHOR, Attributes, CommentTarget, Head, Layer, Status};
use crate::store::sidecar::{GOLD, Peek, recorded_encoding};

/// What is asked for of one article.
#[derive(Default)]
pub(super) struct Chosen {
    pub layers: Vec<ReadLayer>,
    pub notes: Vec<String>,
    pub read_only: bool,
}

pub(super) struct ReadLayer {
    pub annotator: String,
    /// Those of all its annotations, where some were asked for.
    pub labels: HashSet<SmolStr>,
    pub document: Document,
    /// What was left out before any format was asked.
    pub losses: Losses,
}

/// Formats that say how far an annotator is; in others it is an attribute of the article.
const WITH_STATUS: [&str; 2] = ["jsonl", "huggingface"];

/// A layer of an article, with its sidecar and what that begins with; steps that wait in a journal are not looked into.
type Peeked = (String, PathBuf, Option<Peek>);

/// Other names for all annotators, in the order of their own.
pub(super) fn anonymous(selections: &[Selection]) -> BTreeMap<String, String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for selection in selections {
        let names = selection.with_layers().flat_map(|(_, layers)| layers).map(|(name, _)| name);
        all.extend(names.filter(|name| name != GOLD));
    }
    all.into_iter().enumerate().map(|(at, name)| (name, format!("annotator-{}", at + 1))).collect()
}

/// Reads an article with the layers that are asked for. `whole` keeps the text with all its line ends.
pub(super) fn article(
    order: &ExportOrder,
    names: &BTreeMap<String, String>,
    whole: bool,
    selection: &Selection,
    path: &Path,
    layers: Vec<(String, PathBuf)>,
) -> Result<Chosen, DatasetError> {
    let layers = choose(order, path, filled(&selection.root, layers)?)?;
    if layers.is_empty() {
        return Ok(Chosen::default());
    }
    let known = layers.iter().find_map(|(_, sidecar, peek)| match peek {
        Some(peek) => Some(peek.encoding.clone()).filter(|encoding| !encoding.is_empty()),
        None => recorded_encoding(sidecar),
    });
    let article = selection.read_as(path, known.as_deref())?;
    let mut read = Chosen::default();
    for (annotator, sidecar, _) in layers {
        let (loaded, notes) = selection.layer_and_notes(&sidecar, &article)?;
        read.notes.extend(notes);
        // Steps that only the journal has may have changed it.
        if order.status.is_some_and(|status| status != loaded.layer.head().status) {
            continue;
        }
        read.read_only |= loaded.read_only.is_some();
        let mut labels = HashSet::new();
        if !order.labels.is_empty() {
            labels.extend(loaded.layer.annotations().flat_map(|it| [it.label.clone(), it.full_label()]));
        }
        let mut layer = with_labels(loaded.layer, &order.labels)?;
        let (mut annotator, mut losses) = (annotator, Losses::default());
        if order.anonymise {
            annotator = names.get(&annotator).cloned().unwrap_or(annotator);
            layer = renamed(&layer, names, &Selection::name(path), &mut losses)?;
        }
        let layer = if WITH_STATUS.contains(&order.to.as_str()) { layer } else { with_status(layer, &order.to)? };
        let document = Document { file: Selection::name(path), text: article.text.to_string(), layer };
        let document = if order.rendered { rendered(document, &article) } else { document };
        let document = if whole || order.keep_newlines { document } else { with_line_feeds(document) };
        read.layers.push(ReadLayer { annotator, labels, document, losses });
    }
    Ok(read)
}

/// The layers of an article that are asked for.
fn choose(order: &ExportOrder, article: &Path, mut layers: Vec<Peeked>) -> Result<Vec<Peeked>, DatasetError> {
    let fits =
        |peek: &Option<Peek>| order.status.is_none_or(|status| peek.as_ref().is_none_or(|peek| status == peek.status));
    layers.retain(|(_, _, peek)| fits(peek));
    if let Which::Annotator(annotator) = &order.which {
        layers.retain(|(name, ..)| name == annotator);
        return Ok(layers);
    }
    // The lossless format takes all; others hold one layer of an article.
    let fitting_all = order.which == Which::Fitting && order.to == formats::jsonl::FORMAT.id;
    if order.which == Which::All || fitting_all || layers.len() < 2 {
        return Ok(layers);
    }
    if let Some(gold) = layers.iter().find(|(name, ..)| name == GOLD) {
        return Ok(vec![gold.clone()]);
    }
    let names = layers.into_iter().map(|(name, ..)| name).collect();
    Err(DatasetError::SeveralLayers { article: article.to_path_buf(), names })
}

/// The layer with how far its annotator is in an attribute of the article, where an import would not suppose it.
fn with_status(mut layer: Layer, to: &str) -> Result<Layer, DatasetError> {
    // An answer of Prodigy says that a task is done with, or skipped.
    let is_open = matches!(layer.head().status, Status::New | Status::InProgress);
    if is_open != (to == prodigy::FORMAT.id) {
        return Ok(layer);
    }
    let mut head = layer.head().clone();
    head.document.set(STATUS, Some(model::Value::Text(head.status.id().into())));
    apply(&mut layer, Edit::Head(Box::new(head)))?;
    Ok(layer)
}

/// Takes the status out of the attributes of an article, where the format had no other place for it.
pub(super) fn without_status(head: &mut Head) {
    let told = head.document.text(STATUS).and_then(Status::from_id);
    if let Some(status) = told.filter(|_| head.status == Status::New) {
        head.status = status;
        head.document.set(STATUS, None);
    }
}

/// The layer with the annotations of these labels alone, and the relations between them.
fn with_labels(layer: Layer, labels: &[String]) -> Result<Layer, DatasetError> {
    if labels.is_empty() {
        return Ok(layer);
    }
    let wanted = |label: &str| labels.iter().any(|other| other == label);
    let annotations: Vec<_> =
        layer.annotations().filter(|a| wanted(&a.label) || wanted(&a.full_label())).cloned().collect();
    let ids: HashSet<&str> = annotations.iter().map(|annotation| annotation.id.as_str()).collect();
    let is_there = |end: &str| end == AUTHOR || ids.contains(end);
    let relations: Vec<_> =
        layer.relations().into_iter().filter(|r| is_there(&r.from) && is_there(&r.to)).cloned().collect();
    Layer::from_parts(layer.head().clone(), annotations, relations)
        .map_err(|error| DatasetError::refused(format!("a part of a layer does not hold together: {error:?}")))
}

/// The layer with other names for people, wherever it names one. What other programs had is kept word for word in
/// attributes, and may name people anywhere: it is left out, and counted.
fn renamed(
    layer: &Layer,
    names: &BTreeMap<String, String>,
    file: &str,
    losses: &mut Losses,
) -> Result<Layer, DatasetError> {
    let other = |name: &SmolStr| -> SmolStr {
        match names.get(name.as_str()) {
            Some(name) => name.into(),
            None if name == GOLD || name.is_empty() => name.clone(),
            None => "somebody".into(),
        }
    };
    let mut head = layer.head().clone();
    head.annotator = other(&head.annotator);
    for comment in &mut head.comments {
        comment.by = other(&comment.by);
    }
    for comment in &mut head.comments {
        if let Some(CommentTarget::Annotation(layer, _)) = &mut comment.on {
            *layer = other(layer);
        }
    }
    for decision in &mut head.decisions {
        decision.by = other(&decision.by);
        decision.sources.iter_mut().for_each(|(name, _)| *name = other(name));
        decision.layers.iter_mut().for_each(|(name, _)| *name = other(name));
    }
    let mut own_alone = |attributes: &mut Attributes, kind: Kind| {
        let foreign = |name: &str| name.contains(':') && name != STATUS;
        for name in attributes.iter().filter(|(name, _)| foreign(name)).map(|(name, _)| name) {
            losses.add(kind, Done::Dropped, file, name);
        }
        if attributes.iter().any(|(name, _)| foreign(name)) {
            let own = attributes.iter().filter(|(name, _)| !foreign(name));
            *attributes = own.map(|(name, value)| (name.clone(), value.clone())).collect();
        }
    };
    own_alone(&mut head.document, Kind::ArticleAttribute);
    let mut annotations: Vec<_> = layer.annotations().cloned().collect();
    for annotation in &mut annotations {
        own_alone(&mut annotation.attributes, Kind::Attribute);
        annotation.edit_extra(|extra| {
            if let Some(origin) = &mut extra.origin {
                origin.person = origin.person.as_ref().map(other);
                origin.layer = origin.layer.as_ref().map(other);
            }
        });
    }
    let mut relations: Vec<_> = layer.relations().into_iter().cloned().collect();
    relations.iter_mut().for_each(|relation| own_alone(&mut relation.attributes, Kind::RelationAttribute));
    Layer::from_parts(head, annotations, relations)
        .map_err(|error| DatasetError::refused(format!("a layer does not hold together: {error:?}")))
}

/// A line of the lossless format without what the article says: offsets stay, and the hash of the text.
pub(super) fn without_text(mut line: Value, text: &str) -> Value {
    if let Some(fields) = line.as_object_mut() {
        fields.shift_remove("text");
        fields.insert(super::reading::TEXT_HASH.to_owned(), crate::article::sha256_hex(text.as_bytes()).into());
        fields.values_mut().for_each(strip);
    }
    line
}

/// Takes out what spans quote, and their contexts.
fn strip(value: &mut Value) {
    match value {
        Value::Array(items) => {
            if let [Value::Number(_), Value::Number(_), Value::String(_)] = items[..] {
                items.truncate(2);
            }
            items.iter_mut().for_each(strip);
        }
        Value::Object(fields) => {
            fields.shift_remove("context");
            fields.values_mut().for_each(strip);
        }
        _ => {}
    }
}
