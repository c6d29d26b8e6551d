//! What a CAS holds: feature structures by id, the views that index them, and the types that they are of.
//!
//! Both codecs read into this and write from it. Nothing here says what a structure means for an annotator.

use smol_str::SmolStr;

use crate::formats::uima::types::Types;

/// The type of a text.
pub(super) const SOFA: &str = "uima.cas.Sofa";

/// The value of a feature.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Feature {
    /// A text, or what a codec could not tell from one.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Another structure.
    One(u64),
    /// Several structures.
    Many(Vec<u64>),
    /// Several texts.
    Texts(Vec<String>),
}

/// A feature structure.
#[derive(Clone, Debug, Default)]
pub(super) struct Fs {
    /// Unique in its file.
    pub id: u64,
    /// The full name of its type.
    pub kind: SmolStr,
    /// Its line in the file, or its number among the structures; from 1.
    pub line: usize,
    /// The text that it is about.
    pub sofa: Option<u64>,
    /// Where it begins and ends, in UTF-16 units.
    pub place: Option<(u64, u64)>,
    /// All other features.
    pub features: Vec<(SmolStr, Feature)>,
}

impl Fs {
    /// A feature.
    pub fn get(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A feature that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        if let Some(Feature::Text(text)) = self.get(name) { Some(text) } else { None }
    }

    /// A feature that is another structure.
    pub fn one(&self, name: &str) -> Option<u64> {
        if let Some(Feature::One(id)) = self.get(name) { Some(*id) } else { None }
    }
}

/// What is indexed of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// The id of the text.
    pub sofa: u64,
    /// The ids of all that is indexed.
    pub members: Vec<u64>,
}

/// A CAS.
#[derive(Clone, Debug, Default)]
pub(super) struct Cas {
    /// The types that the file, or one beside it, declares.
    pub types: Types,
    /// In the order of the file.
    pub structures: Vec<Fs>,
    /// In the order of the file.
    pub views: Vec<View>,
    /// What the codec left out: where, and what.
    pub told: Vec<(usize, String)>,
}
