//! The project's own lossless format: one layer a line, as JSON in ASCII.
//!
//! Offsets are code points. Every field of a sidecar stands here under its own name, so that what is exported and
//! imported again is the same layer.

mod bounds;
mod fields;
mod read;
#[cfg(test)]
mod tests;
mod write;

use serde_json::Value;

use super::{Document, Format, LineWriter, Losses, Reads, Shape, write_ascii};

/// The format, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "jsonl",
    reads: Some(Reads::Lines(&["jsonl"], read_line)),
    writes: Some(Shape::Lines(|_, _| Box::new(Whole))),
    unit: "code points",
    about: "Pressmark's own, without any loss: one layer a line",
    cannot: &[],
    opens: "import json\n\nlayers = [json.loads(line) for line in open(\"FILE\", encoding=\"utf-8\")]",
};

pub use bounds::LONGEST;
pub use read::{read, read_line};
pub use write::{Orphans, layer_object, line_object};

struct Whole;

impl LineWriter for Whole {
    fn line(&self, document: &Document, _: &mut Losses) -> Value {
        line_object(&document.file, &document.text, &document.layer)
    }

    fn write(&self, Document { file, text, layer }: &Document, _: &mut Losses, out: &mut Vec<u8>) {
        write_ascii(out, &write::Line { file, text, layer }).expect("memory takes it");
    }

    fn keeps_newlines(&self) -> bool {
        true
    }
}
