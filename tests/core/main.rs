//! The core without files or windows: what a layer finds, what an edit changes, what undo restores.
//!
//! Data-driven tests in the notation of `notation.rs`, and properties against plain models in `walks.rs`.

mod crashes;
mod edits;
mod layers;
mod notation;
mod sim_disk;
mod walks;
