//! What a person chooses for an export, before it becomes an order.
//!
//! Options that the chosen format does not know stay as they were chosen, and are left out of the order.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use super::{ExportOrder, Split, Which};
use crate::formats::{self, Format, Options, Shape};
use crate::model::Status;

/// Whose layers are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Gold where there is one, else the only layer.
    #[default]
    Gold,
    /// One annotator's.
    One(String),
    /// Everyone's.
    All,
}

/// What a person chooses for an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// The format's id.
    pub format: &'static str,
    /// Whose layers.
    pub whose: Whose,
    /// Only layers that are done.
    pub only_done: bool,
    /// Only annotations with these labels or full labels; all without a choice.
    pub labels: Option<BTreeSet<SmolStr>>,
    /// What the writer is told.
    pub options: Options,
    /// Whether it is divided by `split`.
    pub is_split: bool,
    /// Shares and seed.
    pub split: Split,
    /// Whether annotators get other names.
    pub anonymise: bool,
    /// Whether texts are left out.
    pub without_text: bool,
    /// What may be done with it, for the card; may be empty.
    pub licence: String,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            format: formats::jsonl::FORMAT.id,
            whose: Whose::default(),
            only_done: false,
            labels: None,
            options: Options::default(),
            is_split: false,
            split: Split { shares: [80, 10, 10], seed: 0, stratify: false },
            anonymise: false,
            without_text: false,
            licence: String::new(),
        }
    }
}

/// Which options a format takes heed of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    /// Which annotation is written where several overlap.
    pub overlap: bool,
    /// Whether it can write them all, each in a lane of its own.
    pub lanes: bool,
    /// How tags are spelled.
    pub tags: bool,
    /// How tables are written.
    pub table: bool,
    /// To be written without texts.
    pub without_text: bool,
}

/// Which options a format takes heed of.
pub fn takes(format: &str) -> Takes {
    let none = Takes::default();
    match format {
        "conll" => Takes { overlap: true, lanes: true, tags: true, ..none },
        "conllu" | "spacy" => Takes { overlap: true, ..none },
        "huggingface" => Takes { overlap: true, tags: true, table: true, ..none },
        "jsonl" => Takes { without_text: true, ..none },
        _ => none,
    }
}

impl Choices {
    /// The format.
    pub fn format(&self) -> Option<&'static Format> {
        formats::format(self.format)
    }

    /// Whether what is written is a folder, and not one file.
    pub fn is_folder(&self) -> bool {
        self.is_split || matches!(self.format().and_then(|format| format.writes), Some(Shape::Folder(_)))
    }

    /// The order for a corpus. Without a target it is one for a preview.
    pub fn order(&self, root: &Path, target: Option<PathBuf>, force: bool) -> ExportOrder {
        let takes = takes(self.format);
        let options = Options {
            overlap: if takes.overlap { self.options.overlap } else { Options::default().overlap },
            tags: if takes.tags { self.options.tags } else { Options::default().tags },
            table: if takes.table { self.options.table } else { Options::default().table },
            labels: Vec::new(),
        };
        let licence = self.licence.trim();
        ExportOrder {
            paths: vec![root.to_path_buf()],
            to: self.format.to_owned(),
            which: match &self.whose {
                Whose::Gold => Which::Gold,
                Whose::One(name) => Which::Annotator(name.clone()),
                Whose::All => Which::All,
            },
            status: self.only_done.then_some(Status::Done),
            labels: self.labels.iter().flatten().map(SmolStr::to_string).collect(),
            split: self.is_split.then_some(self.split),
            output: target,
            force,
            anonymise: self.anonymise,
            without_text: self.without_text && takes.without_text,
            licence: Some(licence.to_owned()).filter(|licence| !licence.is_empty()),
            options,
            ..ExportOrder::default()
        }
    }

    /// The same as far as a preview can differ.
    #[must_use]
    pub fn for_preview(&self) -> Self {
        Self { is_split: false, split: Self::default().split, licence: String::new(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Document, FORMATS, Overlap, Table, Tags, dataset};
    use crate::model::{Annotation, Head, Layer, Span};
    use crate::store::schema::builtin;

    /// A document in which annotations of one label overlap, in a way that each policy treats otherwise.
    fn overlapping() -> Document {
        let text = "Ada Byron met the old Charles Babbage here.";
        let mut layer = Layer::new(Head::new("eve", builtin().reference()));
        for (id, words) in [("a", "Ada Byron met"), ("b", "met the old Charles"), ("c", "Babbage")] {
            let at = text.find(words).expect("there");
            let mut annotation = Annotation::new(id, "entity", Span::from_range(at..at + words.len()));
            annotation.attributes.set("type", Some(crate::model::Value::Text("person".into())));
            crate::edit::apply(&mut layer, crate::edit::Edit::Put(annotation)).expect("it is put");
        }
        Document { file: "a.txt".to_owned(), text: text.to_owned(), layer }
    }

    #[test]
    fn each_format_offers_the_options_that_change_what_it_writes() {
        let document = [overlapping()];
        for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
            let written = |options: Options| dataset(format, &options, &builtin(), &document).expect("it writes").0;
            let plain = written(Options::default());
            let differs = |options| written(options) != plain;
            let first = differs(Options { overlap: Overlap::First, ..Options::default() });
            let lanes = differs(Options { overlap: Overlap::Layers, ..Options::default() });
            let found = Takes {
                overlap: first || lanes,
                lanes,
                tags: differs(Options { tags: Tags::Bioes, ..Options::default() }),
                table: differs(Options { table: Table::Jsonl, ..Options::default() }),
                without_text: format.id == "jsonl",
            };
            assert_eq!(takes(format.id), found, "{}", format.id);
        }
    }

    #[test]
    fn an_order_holds_what_was_chosen_and_what_the_format_knows() {
        let mut choices = Choices { format: "brat", is_split: true, licence: " CC0 ".into(), ..Choices::default() };
        choices.options.tags = Tags::Bioes;
        choices.without_text = true;
        choices.labels = Some(["entity".into()].into());
        let order = choices.order(Path::new("corpus"), Some("out".into()), true);
        assert_eq!((order.options, order.without_text, order.force), (Options::default(), false, true));
        assert_eq!((order.licence.as_deref(), order.labels), (Some("CC0"), vec!["entity".to_owned()]));
        assert!(order.split == Some(choices.split) && choices.is_folder());
        let whole = Choices { is_split: false, format: "jsonl", ..choices };
        assert!(whole.order(Path::new("corpus"), None, false).without_text && !whole.is_folder());
    }
}
