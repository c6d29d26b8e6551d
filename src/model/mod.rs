//! The values that Pressmark works on: spans, annotations, relations, layers, schemas.
//!
//! Pure: no I/O, clock, randomness or serde here; files have their own types in `store` and `formats`.
//! Every offset is a UTF-8 byte on a character boundary of the article's text.

mod annotation;
mod discussion;
mod index;
mod layer;
mod order;
mod relation;
pub mod schema;
mod span;

pub use annotation::{Annotation, Attributes, Extra, Id, Origin, Orphan, Quoted, Spans, Value};
pub use discussion::{Comment, CommentTarget, Decision, Rejected};
pub use index::IntervalIndex;
pub use layer::{GOLD, Head, Layer, PartsError, SchemaRef, Status};
pub use relation::{AUTHOR, Relation, RelationExtra};
pub use schema::Schema;
pub use span::Span;
