//! Sidecars: one file per annotator and article, in format 1 (`docs/sidecar.md`).
//!
//! [`read_layer`] takes in what is there and says what it did not understand; [`write_layer`] gives the canonical
//! text; [`save_layer`] puts it on disk, whole or not at all.

mod alone;
mod check;
mod context;
pub(super) mod convert;
pub(super) mod file;
mod name;
mod peek;
mod quote;
mod read;
mod readable;
mod save;
mod write;

pub(in crate::store) use alone::{MadeOn, read_together, same_text};
pub use alone::{article_of, layer_on, unplaced_on};
pub use check::check_layer;
pub(super) use convert::value_from_written;
pub use name::{annotator_of, fit_annotator, is_annotator, sidecar_path};
pub use peek::{Peek, glance, peek, recorded_encoding, recorded_hashes};
pub(super) use quote::quoted;
pub use read::{LoadedLayer, UnplacedLayer, kept_text, read_layer, read_unplaced};
pub(super) use read::{parse_file, parse_head, parse_layer, parse_unplaced};
pub use readable::readable;
pub use save::{create_file, is_writable, save_layer};
pub(super) use save::{keep_text, save_sidecar};
pub(super) use write::value_as_written;
pub use write::write_layer;
pub(super) use write::{write_annotation, write_layer_with, write_relation};

/// The sidecar format that this version writes.
pub const FORMAT: u32 = 1;
pub use crate::model::GOLD;

#[cfg(test)]
mod tests;
