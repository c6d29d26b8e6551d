//! The only code that changes a layer.
//!
//! An [`Edit`] is a value; applying it returns its inverse, so that undo is the inverse applied. Edits carry the ids of
//! what they make: whoever builds an edit gives them. A change of many annotations is one [`Edit::Batch`], which
//! happens whole or not at all.

mod history;

pub use history::{History, Step};

use crate::model::{AUTHOR, Annotation, Head, Id, Layer, Relation};

/// A change of a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Adds an annotation, or puts it in the place of the one with its id.
    Put(Annotation),
    /// Takes an annotation out. Its relations must have gone before; [`Edit::remove_with_relations`] sees to it.
    Remove(Id),
    /// Adds a relation, or puts it in the place of the one with its id.
    Link(Relation),
    /// Takes a relation out.
    Unlink(Id),
    /// Exchanges what the layer says besides its annotations.
    Head(Box<Head>),
    /// Several changes as one, in order.
    Batch(Vec<Edit>),
}

/// Why an edit cannot be applied. The layer is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No annotation or relation has the id.
    #[error("there is nothing with the id {0}")]
    Missing(Id),
    /// The id belongs to a thing of the other kind.
    #[error("the id {0} is taken")]
    Taken(Id),
    /// The annotation still has relations.
    #[error("the annotation {0} still has relations")]
    Linked(Id),
    /// An annotation without a place that is no orphan, or with spans that are empty, unsorted or overlapping.
    #[error("the spans of {0} are empty, out of order or overlap")]
    Spans(Id),
}

impl Edit {
    /// Takes an annotation out, its relations first.
    pub fn remove_with_relations(layer: &Layer, id: &Id) -> Self {
        let mut edits: Vec<Self> =
            layer.relations_of(id).iter().map(|relation| Self::Unlink(relation.id.clone())).collect();
        edits.push(Self::Remove(id.clone()));
        Self::Batch(edits)
    }
}

/// Changes the layer, and returns the edit that takes the change back.
pub fn apply(layer: &mut Layer, edit: Edit) -> Result<Edit, EditError> {
    match edit {
        Edit::Put(annotation) => {
            if layer.relation(&annotation.id).is_some() || annotation.id == AUTHOR {
                return Err(EditError::Taken(annotation.id));
            }
            if !placed_well(&annotation) {
                return Err(EditError::Spans(annotation.id));
            }
            let id = annotation.id.clone();
            Ok(layer.put(annotation).map_or(Edit::Remove(id), Edit::Put))
        }
        Edit::Remove(id) => {
            if !layer.relations_of(&id).is_empty() {
                return Err(EditError::Linked(id));
            }
            layer.take(&id).map(Edit::Put).ok_or(EditError::Missing(id))
        }
        Edit::Link(relation) => {
            if layer.get(&relation.id).is_some() || relation.id == AUTHOR {
                return Err(EditError::Taken(relation.id));
            }
            for end in [&relation.from, &relation.to] {
                if end != AUTHOR && layer.get(end).is_none() {
                    return Err(EditError::Missing(end.clone()));
                }
            }
            let id = relation.id.clone();
            Ok(layer.insert_relation(relation).map_or(Edit::Unlink(id), Edit::Link))
        }
        Edit::Unlink(id) => layer.take_relation(&id).map(Edit::Link).ok_or(EditError::Missing(id)),
        Edit::Head(head) => Ok(Edit::Head(Box::new(layer.set_head(*head)))),
        Edit::Batch(edits) => {
            let mut inverses = Vec::with_capacity(edits.len());
            for edit in edits {
                match apply(layer, edit) {
                    Ok(inverse) => inverses.push(inverse),
                    Err(error) => {
                        for inverse in inverses.into_iter().rev() {
                            apply(layer, inverse).expect("an inverse fits the state that it came from");
                        }
                        return Err(error);
                    }
                }
            }
            inverses.reverse();
            Ok(Edit::Batch(inverses))
        }
    }
}

fn placed_well(annotation: &Annotation) -> bool {
    let sorted = annotation.spans.windows(2).all(|pair| pair[0].end() <= pair[1].start());
    let filled = annotation.spans.iter().all(|span| !span.is_empty());
    sorted && filled && (annotation.spans.is_empty() == annotation.orphan().is_some())
}
