//! The header of a file: its version, its layers, and what each column is.

use smol_str::SmolStr;

use super::FORMAT_LINE;
use crate::formats::found::{LabelSet, On};
use crate::formats::uima::{declared, label_of};

/// What a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layered {
    /// Annotations.
    Spans,
    /// Relations.
    Relations,
    /// Chains of annotations.
    Chains,
}

/// What a column has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// That there is an annotation, and nothing else.
    Presence,
    /// Values of a feature.
    Feature(SmolStr),
    /// Roles of a slot, and the type of its links.
    Roles(SmolStr, SmolStr),
    /// What a slot leads to, and its type.
    Targets(SmolStr),
    /// Where a relation starts from, and the type of both ends.
    Base(SmolStr),
}

/// A layer with its columns, in the order of the rows.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub kind: Layered,
    /// The full name.
    pub name: SmolStr,
    pub columns: Vec<Column>,
}

/// The header of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// Whether texts are escaped as in Java.
    pub java: bool,
    pub layers: Vec<Layer>,
    /// So many columns come after a row's number, offsets and word.
    pub columns: usize,
}

impl Header {
    /// The header that begins with this line; none where it is no file of version 3.
    pub fn begin(line: &str) -> Option<Self> {
        let version = line.trim_end().strip_prefix(FORMAT_LINE)?;
        let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
        (major == "3").then(|| Self { java: matches!(minor, "0" | "1"), layers: Vec::new(), columns: 0 })
    }

    /// Takes a line of the header, if it declares a layer.
    pub fn take(&mut self, line: &str) -> bool {
        let kinds = [("#T_SP=", Layered::Spans), ("#T_RL=", Layered::Relations), ("#T_CH=", Layered::Chains)];
        let Some((kind, rest)) = kinds.into_iter().find_map(|(begin, kind)| Some((kind, line.strip_prefix(begin)?)))
        else {
            return false;
        };
        let mut words = rest.trim_end().split('|');
        let name: SmolStr = words.next().unwrap_or_default().into();
        let mut columns: Vec<Column> = Vec::new();
        for word in words.filter(|word| !word.is_empty()) {
            let column = match columns.last() {
                _ if kind == Layered::Relations && word.starts_with("BT_") => Column::Base(word[3..].into()),
                _ if kind == Layered::Spans && word.starts_with("ROLE_") => roles(&word[5..]),
                Some(Column::Roles(..)) => Column::Targets(word.into()),
                _ => Column::Feature(word.into()),
            };
            columns.push(column);
        }
        if columns.is_empty() {
            columns.push(Column::Presence);
        }
        self.columns += columns.len();
        self.layers.push(Layer { kind, name, columns });
        true
    }
}

impl Header {
    /// What can be marked: layers, and their features, of whose values only those that are met tell more.
    pub fn declared(&self) -> LabelSet {
        let mut out = LabelSet::default();
        for Layer { kind, name, columns } in self.layers.iter().filter(|layer| declared::is_own(&layer.name)) {
            let label = label_of(name);
            if *kind == Layered::Relations {
                let ends = out.relations.entry(label.clone()).or_default();
                for base in
                    columns.iter().filter_map(|column| if let Column::Base(base) = column { Some(base) } else { None })
                {
                    ends.iter_mut().for_each(|ends| declared::add_end(ends, base));
                }
            } else {
                out.declare((label.clone(), None));
            }
            // What chains have stands on their links.
            for column in columns.iter().filter(|_| *kind != Layered::Chains) {
                if let Column::Feature(feature) = column
                    && !declared::is_layers_own(feature)
                {
                    out.declare_attribute(On::One(label.clone()), feature);
                }
            }
        }
        out
    }
}

/// `LAYER:FEATURE_LINK`; the link's name has dots in it, the feature's has none.
fn roles(word: &str) -> Column {
    let rest = word.split_once(':').map_or(word, |(_, rest)| rest);
    let dot = rest.find('.').unwrap_or(rest.len());
    match rest[..dot].rfind('_') {
        Some(at) => Column::Roles(rest[..at].into(), rest[at + 1..].into()),
        None => Column::Roles(rest.into(), SmolStr::default()),
    }
}
