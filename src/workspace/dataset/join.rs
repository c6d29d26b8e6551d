//! What an import adds to a layer that is there: by id, and nothing is written over.

use super::DatasetError;
use crate::edit::{Edit, apply};
use crate::model::{Head, Id, Layer, Status};

/// What is new of an imported layer.
pub(super) struct Additions<'l> {
    /// All of it, as one step.
    pub edit: Edit,
    /// So many annotations.
    pub annotations: usize,
    /// So many links.
    pub links: usize,
    /// Whether it says something new of the article.
    pub head: bool,
    /// The ids that are taken by others.
    pub taken: Vec<&'l Id>,
    /// What the layer says of the article in another way: it stays as it is.
    pub said: Vec<String>,
}

/// What is new of an imported layer.
pub(super) fn additions<'l>(layer: &Layer, imported: &'l Layer) -> Additions<'l> {
    let mut edits = Vec::new();
    let (mut added, mut links, mut taken) = (0, 0, Vec::new());
    for annotation in imported.annotations() {
        match layer.get(&annotation.id) {
            Some(there) if there == annotation => {}
            None if layer.relation(&annotation.id).is_none() => {
                added += 1;
                edits.push(Edit::Put(annotation.clone()));
            }
            _ => taken.push(&annotation.id),
        }
    }
    for relation in imported.relations() {
        match layer.relation(&relation.id) {
            Some(there) if there == relation => {}
            None if layer.get(&relation.id).is_none() => {
                links += 1;
                edits.push(Edit::Link(relation.clone()));
            }
            _ => taken.push(&relation.id),
        }
    }
    let said = said_otherwise(layer.head(), imported.head());
    let head = joined(layer.head(), imported.head());
    let is_new = head != *layer.head();
    edits.push(Edit::Head(Box::new(head)));
    Additions { edit: Edit::Batch(edits), annotations: added, links, head: is_new, taken, said }
}

/// The layer under the annotator's own name.
pub(super) fn owned_by(mut layer: Layer, annotator: &str) -> Result<Layer, DatasetError> {
    let head = Head { annotator: annotator.into(), ..layer.head().clone() };
    apply(&mut layer, Edit::Head(Box::new(head)))?;
    Ok(layer)
}

/// What both say of the article, and not the same. What other programs keep there for themselves (`NAME:…`) is not compared, such as
/// how long somebody took; nor is a layer that went on since it came.
fn said_otherwise(there: &Head, imported: &Head) -> Vec<String> {
    let differs = |name: &str| there.document.get(name).is_some_and(|value| Some(value) != imported.document.get(name));
    let names = imported.document.iter().map(|(name, _)| name.as_str());
    let mut said: Vec<String> = names
        .filter(|name| !name.contains(':') && differs(name))
        .map(|name| format!("{name} of the article"))
        .collect();
    if !imported.document_note.is_empty() && there.document_note != imported.document_note {
        said.extend(Some("the note on the article".to_owned()).filter(|_| !there.document_note.is_empty()));
    }
    let is_settled = |status: Status| matches!(status, Status::Done | Status::Skipped);
    if there.status != imported.status && (there.status == Status::Skipped || is_settled(imported.status)) {
        said.push(format!("its status, which is {} in the dataset,", imported.status.id()));
    }
    said
}

/// What is there, with what it does not have yet.
fn joined(there: &Head, imported: &Head) -> Head {
    let mut head = there.clone();
    for (name, value) in imported.document.iter() {
        if head.document.get(name).is_none() {
            head.document.set(name.clone(), Some(value.clone()));
        }
    }
    if head.document_note.is_empty() {
        head.document_note.clone_from(&imported.document_note);
    }
    let known = |id: &Id| there.comments.iter().any(|comment| comment.id == *id);
    head.comments.extend(imported.comments.iter().filter(|comment| !known(&comment.id)).cloned());
    let known = |id: &Id| there.decisions.iter().any(|decision| decision.id == *id);
    head.decisions.extend(imported.decisions.iter().filter(|decision| !known(&decision.id)).cloned());
    head.rejected.extend(imported.rejected.iter().filter(|rejected| !there.rejected.contains(rejected)).cloned());
    head.conflict.extend(imported.conflict.iter().filter(|conflict| !there.conflict.contains(conflict)).cloned());
    head
}
