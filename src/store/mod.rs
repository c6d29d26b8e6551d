//! What lies on disk: sidecars, schemas, corpus folders.
//!
//! Sidecars are read with `ron` into file types of their own and written by our own small writer, so that equal content
//! gives equal bytes. What a reader cannot understand makes a layer read-only, and what is damaged is refused with its
//! place: no save ever drops anything. Decoding articles is left to `article`, changing layers to `edit`. Nothing here
//! prints.

pub mod corpus;
pub mod disk;
mod error;
pub mod follow;
pub mod fresh;
pub mod journal;
pub mod merge;
pub mod schema;
pub mod sidecar;
mod source;

pub use error::{Problem, Severity, StoreError};
pub(crate) use error::{describe, without_codes};
