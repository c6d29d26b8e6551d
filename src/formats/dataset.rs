//! A dataset in memory: for a look at how an article will be written, and for tests.
//!
//! Whoever writes to a disk puts the same pieces together there.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::{Content, Document, Format, Joint, Losses, Met, Options, Piece, Shape, write_ascii};
use crate::model::Schema;

/// The files of a dataset, and what was lost. Nothing where the format cannot be written.
pub fn dataset(
    format: &Format,
    options: &Options,
    schema: &Schema,
    documents: &[Document],
) -> Option<(BTreeMap<String, Vec<u8>>, Losses)> {
    let (mut files, mut losses) = (BTreeMap::new(), Losses::default());
    let writer = match format.writes? {
        Shape::Lines(writer) => {
            let (writer, mut lines) = (writer(schema, options), Vec::new());
            for document in documents {
                write_ascii(&mut lines, &writer.line(document, &mut losses)).expect("memory takes it");
                lines.push(b'\n');
            }
            return Some(([(format!("dataset.{}", format.id), lines)].into(), losses));
        }
        Shape::Folder(writer) => writer(schema, options),
    };
    let mut met = Met::default();
    let mut pieces: Vec<Piece> =
        documents.iter().flat_map(|document| writer.document(document, &mut losses, &mut met)).collect();
    pieces.extend(writer.whole(&met));
    let bundles = writer.bundles();
    let shared = Shared::default();
    let mut bundle = None;
    let mut joints: BTreeMap<String, Joint> = BTreeMap::new();
    for piece in pieces {
        match piece.content {
            Content::Whole(bytes) => drop(files.insert(piece.file, bytes)),
            Content::Rows(bytes, joint) => {
                let begun = joints.insert(piece.file.clone(), joint).is_some();
                let file: &mut Vec<u8> = files.entry(piece.file).or_default();
                file.extend_from_slice(if begun { joint.between } else { joint.open }.as_bytes());
                file.extend_from_slice(&bytes);
            }
            Content::Block(block) => {
                if bundle.is_none() {
                    bundle = Some((bundles?.begin)(Box::new(shared.clone())).expect("memory takes it"));
                }
                bundle.as_mut()?.add(block).expect("memory takes it");
            }
        }
    }
    for (file, joint) in joints {
        files.entry(file).or_default().extend_from_slice(joint.close.as_bytes());
    }
    if let Some(bundle) = bundle {
        bundle.finish().expect("memory takes it");
        files.insert(format!("00000.{}", bundles?.ending), shared.taken());
    }
    Some((files, losses))
}

/// Bytes that are written in one place and read in another.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn taken(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
