//! What a CAS holds: feature structures by id, the views that index them, and the types that they are of.
//!
//! Both codecs read into this and write from it. Nothing here says what a structure means for an annotator.

use std::collections::BTreeMap;

use smol_str::SmolStr;

/// The type of a text.
pub(super) const SOFA: &str = "uima.cas.Sofa";
/// A list of structures.
pub(super) const FS_ARRAY: &str = "uima.cas.FSArray";
/// A list of texts.
pub(super) const STRING_ARRAY: &str = "uima.cas.StringArray";
/// A text.
pub(super) const STRING: &str = "uima.cas.String";
/// Yes or no.
pub(super) const BOOLEAN: &str = "uima.cas.Boolean";
/// A number.
pub(super) const DOUBLE: &str = "uima.cas.Double";
/// What everything is.
pub(super) const TOP: &str = "uima.cas.TOP";

/// Supertypes are followed so far.
const DEEPEST: usize = 64;

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

/// What a feature takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    /// The type of its values.
    pub name: SmolStr,
    /// What an array has in it.
    pub element: Option<SmolStr>,
    /// Whether XMI writes an array as a structure of its own.
    pub shared: bool,
}

impl Range {
    /// A range that is a type.
    pub fn of(name: &str) -> Self {
        Self { name: name.into(), element: None, shared: false }
    }

    /// A list of structures of a type.
    pub fn list(element: &str) -> Self {
        Self { name: FS_ARRAY.into(), element: Some(element.into()), shared: false }
    }
}

/// A type.
#[derive(Clone, Debug, Default)]
pub(super) struct Type {
    /// Its supertype.
    pub parent: SmolStr,
    /// Features of its own.
    pub features: BTreeMap<SmolStr, Range>,
}

/// Types by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Types(pub BTreeMap<SmolStr, Type>);

impl Types {
    /// Adds a type; its parent is the first that was told.
    pub fn declare(&mut self, name: &str, parent: &str) -> &mut Type {
        self.0.entry(name.into()).or_insert_with(|| Type { parent: parent.into(), features: BTreeMap::new() })
    }

    /// The type and its supertypes, as far as they are known by name.
    fn line<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let parent = |name: &&'t str| match *name {
            "uima.tcas.DocumentAnnotation" => Some("uima.tcas.Annotation"),
            "uima.tcas.Annotation" => Some("uima.cas.AnnotationBase"),
            "uima.cas.AnnotationBase" => Some(TOP),
            name => self.0.get(name).map(|kind| kind.parent.as_str()),
        };
        std::iter::successors(Some(name), parent).take(DEEPEST)
    }

    /// Whether a type is another one or inherits from it; none where the line of its supertypes is not known.
    pub fn is_a(&self, name: &str, other: &str) -> Option<bool> {
        let mut last = name;
        for name in self.line(name) {
            if name == other {
                return Some(true);
            }
            last = name;
        }
        (last == TOP || last.starts_with("uima.cas.")).then_some(false)
    }

    /// What a feature takes.
    pub fn range(&self, name: &str, feature: &str) -> Option<&Range> {
        self.line(name).find_map(|name| self.0.get(name)?.features.get(feature))
    }
}
