//! What a journal's records say, and how they are written: RON, with annotations as sidecars write them.
//!
//! A step holds the edit and the edit that takes it back, so that undo survives. Offsets are code points of the text
//! that the journal's first record names.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use crate::article::Article;
use crate::edit::Edit;
use crate::model::Layer;
use crate::store::sidecar::convert::Converter;
use crate::store::sidecar::file::{AnnotationFile, RelationFile, SidecarFile, Text};
use crate::store::sidecar::{parse_head, quoted, write_annotation, write_layer_with, write_relation};
use crate::text::OffsetIndex;

/// The journal format that this version writes.
pub const FORMAT: u32 = 1;
/// The record that nothing waits any more.
pub const FOLDED: &str = "Folded";

/// An edit, and what takes it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The edit.
    pub edit: Edit,
    /// What takes it back.
    pub back: Edit,
}

/// Something that happened to a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A step, with its name as in "Undo: tag quote".
    Step {
        /// What was done, in a few words.
        name: String,
        /// The change.
        change: Change,
    },
    /// The last step was taken back.
    Undo,
    /// The last step that was taken back was made again.
    Redo,
    /// What the first records say is about to stand in a sidecar.
    Fold {
        /// The sidecar's SHA-256.
        sha256: String,
        /// How many records, the title not counted.
        records: usize,
    },
    /// The sidecar that the last `Fold` tells of is in its place, and has everything.
    Folded,
    /// It is in its place, and more came meanwhile.
    PartlyFolded,
    /// Something else changed the sidecar, or took it away.
    Outside {
        /// SHA-256 of what is there now; empty for nothing.
        sha256: String,
        /// What leads from there to the layer as it was here. It is no step that a person can take back.
        change: Change,
    },
}

/// The first record: what the journal is about.
#[derive(Debug, PartialEq)]
pub struct Title {
    /// SHA-256 of the sidecar that the records after it change; empty when there was none.
    pub base: String,
    /// What the layer says besides annotations and relations, where there was no sidecar.
    pub layer: Layer,
}

/// What a journal's first record says of the article.
#[derive(Debug)]
pub struct Source {
    /// SHA-256 of the text that offsets count in.
    pub text_sha256: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// The article that a journal is about; none when the first record cannot be read.
pub fn source_of_title(record: &str) -> Option<Source> {
    match ron::from_str::<RecordFile<'_>>(record).ok()? {
        RecordFile::Journal { layer, .. } => {
            Some(Source { text_sha256: layer.source.text_sha256.to_string(), sha256: layer.source.sha256.to_string() })
        }
        _ => None,
    }
}

#[derive(Deserialize)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
enum RecordFile<'a> {
    Journal {
        format: u32,
        #[serde(borrow)]
        base: Text<'a>,
        layer: SidecarFile<'a>,
    },
    Step {
        #[serde(borrow)]
        name: Text<'a>,
        edits: Vec<EditFile<'a>>,
        back: Vec<EditFile<'a>>,
    },
    Undo,
    Redo,
    Fold(#[serde(borrow)] Text<'a>, usize),
    Folded,
    PartlyFolded,
    Outside {
        #[serde(borrow)]
        sidecar: Text<'a>,
        edits: Vec<EditFile<'a>>,
        back: Vec<EditFile<'a>>,
    },
}

#[derive(Deserialize)]
#[expect(clippy::large_enum_variant, reason = "nearly all edits put an annotation")]
enum EditFile<'a> {
    Put(#[serde(borrow)] AnnotationFile<'a>),
    Remove(Text<'a>),
    Link(RelationFile<'a>),
    Unlink(Text<'a>),
    Head(Box<SidecarFile<'a>>),
}

/// The article that records are about, with its index at hand.
#[derive(Clone, Copy)]
pub struct Context<'t> {
    /// The article.
    pub article: &'t Article,
    /// Its code points.
    pub index: &'t OffsetIndex,
    /// The journal, for what is said of it.
    pub path: &'t Path,
}

impl Context<'_> {
    /// The first record of a journal.
    pub fn write_title(&self, base: &str, layer: &Layer) -> String {
        let empty = Layer::new(layer.head().clone());
        let layer = write_layer_with(self.article, self.index, &empty);
        format!("Journal(format: {FORMAT}, base: {}, layer: {})", quoted(base), layer.trim_end())
    }

    /// A record's text.
    pub fn write(&self, record: &Record) -> String {
        match record {
            Record::Step { name, change } => self.with_change(format!("Step(name: {}", quoted(name)), change),
            Record::Outside { sha256, change } => {
                self.with_change(format!("Outside(sidecar: {}", quoted(sha256)), change)
            }
            Record::Undo => "Undo".to_owned(),
            Record::Redo => "Redo".to_owned(),
            Record::Fold { sha256, records } => format!("Fold({}, {records})", quoted(sha256)),
            Record::Folded => FOLDED.to_owned(),
            Record::PartlyFolded => "PartlyFolded".to_owned(),
        }
    }

    fn with_change(&self, mut out: String, change: &Change) -> String {
        out.push_str(", edits: [\n");
        self.push_edit(&mut out, &change.edit);
        out.push_str("], back: [\n");
        self.push_edit(&mut out, &change.back);
        out.push_str("])");
        out
    }

    fn push_edit(&self, out: &mut String, edit: &Edit) {
        let (kind, text) = match edit {
            Edit::Put(annotation) => ("Put", write_annotation(self.article, self.index, annotation)),
            Edit::Remove(id) => ("Remove", quoted(id)),
            Edit::Link(relation) => ("Link", write_relation(self.article, self.index, relation)),
            Edit::Unlink(id) => ("Unlink", quoted(id)),
            Edit::Head(head) => (
                "Head",
                write_layer_with(self.article, self.index, &Layer::new((**head).clone())).trim_end().to_owned(),
            ),
            Edit::Batch(edits) => return edits.iter().for_each(|edit| self.push_edit(out, edit)),
        };
        out.write_fmt(format_args!("    {kind}({text}),\n")).expect("writing to a string does not fail");
    }

    /// Reads a record; the reason when it is none.
    pub fn read(&self, record: &str) -> Result<Record, String> {
        match ron::from_str::<RecordFile<'_>>(record).map_err(|error| error.to_string())? {
            RecordFile::Journal { .. } => Err("a journal begins twice".to_owned()),
            RecordFile::Step { name, edits, back } => {
                Ok(Record::Step { name: name.to_string(), change: self.change(edits, back)? })
            }
            RecordFile::Outside { sidecar, edits, back } => {
                Ok(Record::Outside { sha256: sidecar.to_string(), change: self.change(edits, back)? })
            }
            RecordFile::Undo => Ok(Record::Undo),
            RecordFile::Redo => Ok(Record::Redo),
            RecordFile::Fold(sha256, records) => Ok(Record::Fold { sha256: sha256.to_string(), records }),
            RecordFile::Folded => Ok(Record::Folded),
            RecordFile::PartlyFolded => Ok(Record::PartlyFolded),
        }
    }

    /// Reads the first record.
    pub fn read_title(&self, record: &str) -> Result<Title, String> {
        match ron::from_str::<RecordFile<'_>>(record).map_err(|error| error.to_string())? {
            RecordFile::Journal { format, .. } if format > FORMAT => {
                Err(format!("it has format {format}, and this version of Pressmark knows formats up to {FORMAT}"))
            }
            RecordFile::Journal { base, layer, .. } => {
                let mut converter = self.converter();
                let layer = Layer::new(parse_head(&mut converter, layer));
                known(&converter)?;
                Ok(Title { base: base.to_string(), layer })
            }
            _ => Err("it does not begin as a journal does".to_owned()),
        }
    }

    fn change(&self, edits: Vec<EditFile<'_>>, back: Vec<EditFile<'_>>) -> Result<Change, String> {
        Ok(Change { edit: self.edit(edits)?, back: self.edit(back)? })
    }

    fn edit(&self, edits: Vec<EditFile<'_>>) -> Result<Edit, String> {
        let mut converter = self.converter();
        let mut all: Vec<Edit> = edits
            .into_iter()
            .map(|edit| match edit {
                EditFile::Put(annotation) => Edit::Put(converter.annotation(annotation)),
                EditFile::Remove(id) => Edit::Remove((&*id).into()),
                EditFile::Link(relation) => Edit::Link(converter.relation(relation)),
                EditFile::Unlink(id) => Edit::Unlink((&*id).into()),
                EditFile::Head(head) => Edit::Head(Box::new(parse_head(&mut converter, *head))),
            })
            .collect();
        known(&converter)?;
        Ok(if all.len() == 1 { all.remove(0) } else { Edit::Batch(all) })
    }

    fn converter(&self) -> Converter<'_> {
        Converter {
            path: self.path,
            text: &self.article.text,
            index: self.index,
            same_text: true,
            unplaced: false,
            problems: Vec::new(),
            unknown: Vec::new(),
            lost: 0,
        }
    }
}

/// Everything was understood and stands where it says.
fn known(converter: &Converter<'_>) -> Result<(), String> {
    if let Some(problem) = converter.problems.first() {
        return Err(problem.message.clone());
    }
    match converter.unknown.first() {
        Some(field) => Err(format!("this version of Pressmark does not know {field}")),
        None => Ok(()),
    }
}

/// A record, and the change that it is.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What the journal says.
    pub record: Record,
    /// What was done to the layer.
    pub change: Change,
}

impl Entry {
    /// A step that was made.
    pub fn step(name: impl Into<String>, change: Change) -> Self {
        Self { record: Record::Step { name: name.into(), change: change.clone() }, change }
    }
}
