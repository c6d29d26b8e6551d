//! The types of a dataset, declared as they are needed, in the shape that INCEpTION takes for layers.
//!
//! The same feature has the same range in all files of a dataset, unless its values are of several kinds.

use std::collections::BTreeSet;

use smol_str::{SmolStr, format_smolstr};

use super::plan::{Plan, Shape, Use};
use super::types::{BOOLEAN, Range, STRING, TOP, Types};
use super::{
    ANNOTATION, ARTICLE, ARTICLE_FEATURES, ID, Layers, METADATA, NOTE, PIECE, PIECES, SENTENCE, TOKEN, UNSURE,
};
use crate::formats::Met;
use crate::model::schema::AttributeKind;
use crate::model::{Schema, Value};

/// The features that any annotation may have.
pub(in crate::formats) const ID_RANGES: [(&str, &str); 3] = [(ID, STRING), (NOTE, STRING), (UNSURE, BOOLEAN)];

/// Types that are declared.
#[derive(Clone, Debug, Default)]
pub(in crate::formats) struct Declared {
    /// Whether several texts are written as one.
    pub flat: bool,
    /// All of them.
    pub types: Types,
}

impl Declared {
    /// A layer of annotations.
    pub fn layer(&mut self, name: &str) {
        if name != ANNOTATION {
            self.types.declare(name, ANNOTATION);
        }
    }

    /// A feature of a layer. Where it has two ranges it is a text.
    pub fn feature(&mut self, layer: &str, name: &str, range: &Range) {
        let known = self.types.declare(layer, ANNOTATION).features.entry(name.into()).or_insert_with(|| range.clone());
        if known != range && known.element.is_none() && range.element.is_none() {
            *known = Range::of(STRING);
        }
    }

    /// A layer of relations.
    pub fn relation(&mut self, layer: &str) {
        self.layer(layer);
        for end in ["Governor", "Dependent"] {
            self.feature(layer, end, &Range::of(ANNOTATION));
        }
    }

    /// A type of links of a slot.
    pub fn link(&mut self, name: &str, target: &str) {
        self.types.declare(name, TOP);
        self.feature(name, "role", &Range::of(STRING));
        self.feature(name, "target", &Range::of(target));
    }

    /// The pieces of a layer whose annotations may have several.
    pub fn pieces(&mut self, layer: &str, link: &str) {
        self.layer(PIECE);
        self.link(link, PIECE);
        self.feature(layer, PIECES, &Range::list(link));
    }

    /// What DKPro says of a document.
    pub fn metadata(&mut self) {
        self.types.declare(METADATA, "uima.tcas.DocumentAnnotation");
        for name in ["documentTitle", "documentId", "documentUri", "documentBaseUri", "collectionId"] {
            self.feature(METADATA, name, &Range::of(STRING));
        }
        self.feature(METADATA, "isLastSegment", &Range::of(BOOLEAN));
    }

    /// What an article has.
    pub fn article(&mut self) {
        self.types.declare(ARTICLE, "uima.cas.AnnotationBase");
        for name in ARTICLE_FEATURES {
            self.feature(ARTICLE, name, &Range::of(STRING));
        }
    }

    /// All that a schema has.
    pub fn schema(&mut self, schema: &Schema, layers: &Layers) {
        self.metadata();
        self.article();
        self.layer(TOKEN);
        self.layer(SENTENCE);
        let mut uses = BTreeSet::new();
        let none = Value::Text("x".into());
        for label in &schema.labels {
            let layer = layers.label(&label.id);
            self.layer(&layer);
            for (name, range) in ID_RANGES {
                self.feature(&layer, name, &Range::of(range));
            }
            if label.fragments {
                self.pieces(&layer, &format_smolstr!("{layer}PiecesLink"));
            }
            if !label.types.is_empty() {
                uses.insert(Use::new(&layer, true, &"type".into(), Shape::Text, &none));
            }
        }
        for relation in &schema.relations {
            let layer = layers.relation(&relation.id);
            self.relation(&layer);
            for (name, range) in &ID_RANGES[..2] {
                self.feature(&layer, name, &Range::of(range));
            }
        }
        for attribute in &schema.attributes {
            let shape = match attribute.kind {
                AttributeKind::Many(_) => Shape::List,
                AttributeKind::Number => Shape::Number,
                AttributeKind::Bool => Shape::Flag,
                AttributeKind::Choice(_) | AttributeKind::Text | AttributeKind::Link(_) => Shape::Text,
            };
            let (layer, span): (SmolStr, bool) = match attribute.on.as_str() {
                "document" => (ARTICLE.into(), false),
                on if schema.relation(on).is_some() && schema.label(on).is_none() => (layers.relation(on), false),
                on => (layers.label(on), true),
            };
            uses.insert(Use::new(&layer, span, &attribute.id, shape, &none));
        }
        let plan = Plan::new(uses);
        for (layer, feature, shape) in plan.all() {
            let shape = if self.flat && shape == Shape::List { Shape::Text } else { shape };
            self.feature(layer, feature, &shape.range());
        }
    }

    /// Notes all types for the dataset.
    pub fn note(&self, met: &mut Met) {
        for (name, kind) in &self.types.0 {
            met.kept.insert(('T', name.to_string(), kind.parent.to_string()));
            for (feature, range) in &kind.features {
                let element = range.element.as_deref().unwrap_or_default();
                met.kept.insert(('F', format!("{name} {feature}"), format!("{} {element}", range.name)));
            }
        }
    }

    /// Declares what was noted.
    pub fn met(&mut self, met: &Met) {
        for (_, name, parent) in met.kept.iter().filter(|(kind, ..)| *kind == 'T') {
            self.types.declare(name, parent);
        }
        for (_, at, range) in met.kept.iter().filter(|(kind, ..)| *kind == 'F') {
            let (Some((name, feature)), Some((range, element))) = (at.split_once(' '), range.split_once(' ')) else {
                continue;
            };
            let element = Some(element).filter(|element| !element.is_empty());
            self.feature(name, feature, &Range { element: element.map(SmolStr::from), ..Range::of(range) });
        }
    }
}
