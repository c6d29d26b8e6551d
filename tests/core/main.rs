//! The core without files or windows: what a layer finds, what an edit changes, what undo restores.
//!
//! Data-driven tests in the notation of `notation.rs`, and properties against plain models in `walks.rs`.

mod edits;
mod layers;
mod notation;
mod walks;
