//! The core without a window: what a layer finds, what an edit changes, what undo restores, how it is kept.
//!
//! Data-driven tests in the notation of `notation.rs`, and properties against plain models in `walks.rs`.

#![allow(clippy::assigning_clones, reason = "tests say what they set, and lose no time by it")]
#![allow(clippy::unnecessary_wraps, clippy::type_complexity, reason = "small readers of formats, for one test each")]

mod bioc;
mod brat;
mod cas;
mod crashes;
mod csv;
mod doccano;
mod edits;
mod formats;
mod gate;
mod hostile_datasets;
mod label_studio;
mod labelbuddy;
mod layers;
mod notation;
mod places;
mod program;
mod quotes;
mod saving;
mod settling;
mod sim_disk;
mod tagged;
mod tei;
mod w3c;
mod walks;
mod webanno_tsv;
