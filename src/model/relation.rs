//! A relation: a labelled, directed link from one annotation to another, or to the article's author.
//!
//! Relations never link relations, and never hold offsets.

use smol_str::SmolStr;

use super::{Attributes, Id};

/// The reserved end of a relation that stands for the article itself.
pub const AUTHOR: &str = "author";

/// A labelled, directed link.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Unique in its layer, among annotations too.
    pub id: Id,
    /// The schema's id of the relation, such as `speaker`.
    pub label: SmolStr,
    /// The annotation that it starts from.
    pub from: Id,
    /// The annotation that it leads to, or [`AUTHOR`].
    pub to: Id,
    /// By the schema.
    pub attributes: Attributes,
    /// What few relations have.
    pub extra: Option<Box<RelationExtra>>,
}

/// What few relations have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RelationExtra {
    /// A free note; empty for none.
    pub note: String,
    /// When it was made, UTC, RFC 3339.
    pub made: Option<SmolStr>,
    /// Other versions of this relation that a merge kept.
    pub conflict: Vec<Relation>,
}

impl Relation {
    /// A bare link.
    pub fn new(id: impl Into<Id>, label: impl Into<SmolStr>, from: impl Into<Id>, to: impl Into<Id>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            from: from.into(),
            to: to.into(),
            attributes: Attributes::default(),
            extra: None,
        }
    }

    /// The note; empty for none.
    pub fn note(&self) -> &str {
        self.extra.as_ref().map_or("", |extra| extra.note.as_str())
    }

    /// Whether the annotation is one of its ends.
    pub fn touches(&self, id: &str) -> bool {
        self.from == id || self.to == id
    }
}
