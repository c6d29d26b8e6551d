//! Pressmark marks up articles: entities, quotes and claims, saved in plain files beside each source.
//!
//! # The house
//!
//! `text` knows offsets and boundaries. `model` holds pure values on it. `edit` is the only code that changes a layer;
//! `anchor` finds annotations again in an edited text. `formats` translate datasets. `article` reads sources, `store`
//! reads and writes sidecars, schemas and folders. `workspace` is what both front ends drive: `cli` and `gui`, which
//! never see each other. `typeset` sets paragraphs and knows no toolkit. `tests/tidy.rs` holds the table of allowed
//! arrows and checks it.
//!
//! # Invariants
//!
//! 1. Offsets are UTF-8 bytes on character boundaries everywhere but in `text`'s index, `store` files and `formats`.
//! 2. Only `edit` changes a layer, and every change has an inverse.
//! 3. `model` has no I/O, clock, randomness or serde; files have their own types in `store` and `formats`.
//! 4. Nothing below `cli` and `gui` prints, reads the environment or exits.
//! 5. No annotation is ever dropped: imports report, undo restores, a damaged file is never written over.
//! 6. Saving is atomic, and byte-identical for equal content.
//! 7. Painting never changes the workspace: panels read state and send commands, applied after painting.
//! 8. A frame costs what is visible, not what the article or the corpus holds.

pub mod anchor;
pub mod article;
pub mod cli;
pub mod edit;
pub mod formats;
#[cfg(feature = "gui")]
pub mod gui;
pub mod model;
pub mod store;
pub mod text;
#[cfg(feature = "gui")]
pub mod typeset;
pub mod workspace;
