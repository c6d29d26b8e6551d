//! The core without a window: what a layer finds, what an edit changes, what undo restores, how it is kept.
//!
//! Data-driven tests in the notation of `notation.rs`, and properties against plain models in `walks.rs`.

mod bioc;
mod brat;
mod cas;
mod crashes;
mod doccano;
mod edits;
mod formats;
mod gate;
mod hostile_datasets;
mod layers;
mod notation;
mod places;
mod program;
mod quotes;
mod saving;
mod settling;
mod sim_disk;
mod tei;
mod walks;
mod webanno_tsv;
