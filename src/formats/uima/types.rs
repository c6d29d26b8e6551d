//! Types and what their features take, as type systems declare them.

use std::collections::BTreeMap;

use smol_str::SmolStr;

/// A list of structures.
pub(in crate::formats) const FS_ARRAY: &str = "uima.cas.FSArray";
/// A list of texts.
pub(in crate::formats) const STRING_ARRAY: &str = "uima.cas.StringArray";
/// A text.
pub(in crate::formats) const STRING: &str = "uima.cas.String";
/// Yes or no.
pub(in crate::formats) const BOOLEAN: &str = "uima.cas.Boolean";
/// A number.
pub(in crate::formats) const DOUBLE: &str = "uima.cas.Double";
/// What everything is.
pub(in crate::formats) const TOP: &str = "uima.cas.TOP";

/// Supertypes are followed so far.
const DEEPEST: usize = 64;

/// What a feature takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::formats) struct Range {
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
pub(in crate::formats) struct Type {
    /// Its supertype.
    pub parent: SmolStr,
    /// Features of its own.
    pub features: BTreeMap<SmolStr, Range>,
}

/// Types by name.
#[derive(Clone, Debug, Default)]
pub(in crate::formats) struct Types(pub BTreeMap<SmolStr, Type>);

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

    /// The features of a type, and of those that it inherits from.
    pub fn features<'t>(&'t self, name: &'t str) -> impl Iterator<Item = (&'t SmolStr, &'t Range)> {
        self.line(name).filter_map(|name| self.0.get(name)).flat_map(|kind| &kind.features)
    }

    /// What a feature takes.
    pub fn range(&self, name: &str, feature: &str) -> Option<&Range> {
        self.line(name).find_map(|name| self.0.get(name)?.features.get(feature))
    }
}
