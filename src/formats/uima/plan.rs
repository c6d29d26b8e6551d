//! The features that attributes become: one for each attribute and kind of value of a layer.
//!
//! The same uses have the same features, and what a feature does not say of its attribute is told.

use std::collections::{BTreeSet, HashMap};

use smol_str::{SmolStr, format_smolstr};

use super::types::{BOOLEAN, DOUBLE, Range, STRING, STRING_ARRAY};
use super::{ARTICLE, ARTICLE_FEATURES, VALUE, feature, is_tag};
use crate::model::Value;

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::formats) enum Shape {
    /// A text.
    Text,
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// Several texts.
    List,
}

impl Shape {
    /// The kind of a value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Text(_) => Self::Text,
            Value::Bool(_) => Self::Flag,
            Value::Number(_) => Self::Number,
            Value::Many(_) => Self::List,
        }
    }

    /// As files name it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "flag",
            Self::Number => "number",
            Self::List => "list",
        }
    }

    /// The one with this name.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Text, Self::Flag, Self::Number, Self::List].into_iter().find(|shape| shape.id() == id)
    }

    /// What a feature for it takes.
    pub fn range(self) -> Range {
        Range::of(match self {
            Self::Text => STRING,
            Self::Flag => BOOLEAN,
            Self::Number => DOUBLE,
            Self::List => STRING_ARRAY,
        })
    }
}

/// That a layer has an attribute with some kind of value. The finer label comes first of all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::formats) struct Use {
    layer: SmolStr,
    is_other: bool,
    attribute: SmolStr,
    shape: Shape,
    is_text: bool,
}

impl Use {
    /// An attribute's use; only annotations (`span`) have a finer label.
    pub fn new(layer: &SmolStr, span: bool, attribute: &SmolStr, shape: Shape, value: &Value) -> Self {
        let is_other = !(span && attribute == "type" && shape == Shape::Text);
        let is_text = value.as_text().is_some_and(|text| !is_tag(text)) || !span;
        Self { layer: layer.clone(), is_other, attribute: attribute.clone(), shape, is_text }
    }
}

/// Features by layer, attribute and kind of value.
#[derive(Clone, Debug, Default)]
pub(in crate::formats) struct Plan {
    features: HashMap<(SmolStr, SmolStr, Shape), SmolStr>,
    told: Vec<(String, SmolStr, Shape)>,
}

impl Plan {
    /// Features for all uses, which are the same for the same uses.
    pub fn new(uses: BTreeSet<Use>) -> Self {
        let mut plan = Self::default();
        let mut taken: BTreeSet<(SmolStr, SmolStr)> = BTreeSet::new();
        for Use { layer, is_other, attribute, shape, is_text } in uses {
            let key = (layer.clone(), attribute.clone(), shape);
            let mut name = if is_other { feature(&attribute) } else { VALUE.into() };
            let is_article = layer == ARTICLE && ARTICLE_FEATURES.contains(&name.as_str());
            if !plan.features.contains_key(&key) {
                if is_article || taken.contains(&(layer.clone(), name.clone())) {
                    name = format_smolstr!("{name}_{}", shape.id());
                }
                while !taken.insert((layer.clone(), name.clone())) {
                    name = format_smolstr!("{name}_");
                }
                plan.features.insert(key.clone(), name);
            }
            let name = &plan.features[&key];
            // A feature says its attribute, and `value` the finer label.
            let says_it = match name.as_str() {
                VALUE => attribute == if is_text { VALUE } else { "type" },
                name => name == attribute,
            };
            if !says_it || shape != Shape::Text {
                plan.told.push((format!("{layer}:{name}"), attribute, shape));
            }
        }
        plan
    }

    /// The feature of an attribute.
    pub fn feature(&self, layer: &SmolStr, attribute: &SmolStr, shape: Shape) -> SmolStr {
        self.features.get(&(layer.clone(), attribute.clone(), shape)).cloned().unwrap_or_else(|| feature(attribute))
    }

    /// What has to be told: layer and feature, the attribute, and the kind of its values.
    pub fn told(&self) -> impl Iterator<Item = (String, &str, &'static str)> {
        self.told.iter().map(|(at, attribute, shape)| (at.clone(), attribute.as_str(), shape.id()))
    }

    /// All features.
    pub fn all(&self) -> impl Iterator<Item = (&SmolStr, &SmolStr, Shape)> {
        let mut all: Vec<_> = self.features.iter().map(|((layer, _, shape), name)| (layer, name, *shape)).collect();
        all.sort_unstable();
        all.into_iter()
    }
}
