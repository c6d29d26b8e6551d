//! What people say about annotations: comments, turned-down suggestions, and a reviewer's decisions.
//!
//! Kept and written by every save; shown and made by later parts of the program.

use smol_str::SmolStr;

use super::{Annotation, Id, Quoted};

/// What a comment is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommentTarget {
    /// An annotation of a layer: the annotator and the annotation's id.
    Annotation(SmolStr, Id),
    /// A stretch of text.
    Span(Quoted),
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Unique in its layer.
    pub id: Id,
    /// What it is on; none for the whole article.
    pub on: Option<CommentTarget>,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub by: SmolStr,
    /// When, UTC, RFC 3339.
    pub made: Option<SmolStr>,
    /// The comment that it answers.
    pub reply_to: Option<Id>,
    /// Whether it settles what it answers.
    pub resolves: bool,
}

/// A suggestion that the annotator turned down, so that it is not made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The rule that made it.
    pub rule: SmolStr,
    /// The label that it would have given.
    pub label: SmolStr,
    /// The text that it was on.
    pub text: String,
}

/// A reviewer's decision about one place, with all that it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Unique in its layer.
    pub id: Id,
    /// The annotations that were compared: annotator and id.
    pub sources: Vec<(SmolStr, Id)>,
    /// What was decided, such as `agreed`, `chosen`, `corrected`, `rejected`.
    pub verdict: SmolStr,
    /// The gold annotation that came of it.
    pub result: Option<Id>,
    /// Versions that were turned down, whole.
    pub rejected: Vec<Annotation>,
    /// Why, in the words of the project's list of reasons; empty for none.
    pub reason: String,
    /// Why, in the reviewer's words; empty for none.
    pub comment: String,
    /// Who decided.
    pub by: SmolStr,
    /// When, UTC, RFC 3339.
    pub made: Option<SmolStr>,
    /// The text that each layer was made on: annotator and `text_sha256`.
    pub layers: Vec<(SmolStr, SmolStr)>,
}
