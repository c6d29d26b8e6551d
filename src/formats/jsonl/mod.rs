//! The project's own lossless format: one layer a line, as JSON in ASCII.
//!
//! Offsets are code points. Every field of a sidecar stands here under its own name, so that what is exported and
//! imported again is the same layer.

mod ascii;
mod bounds;
mod fields;
mod read;
#[cfg(test)]
mod tests;
mod write;

use super::{Format, Shape};

/// The format, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "jsonl",
    reads: true,
    writes: Some(Shape::Lines),
    unit: "code points",
    about: "Pressmark's own, without any loss: one layer a line",
    cannot: &[],
};

pub use ascii::write_ascii;
pub use bounds::LONGEST;
pub use read::{read, read_line};
pub use write::{Orphans, layer_object, line_object};
