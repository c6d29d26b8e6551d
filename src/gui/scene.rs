//! All that a panel may look at while it paints: shared references, nothing else.

use super::datasets::Datasets;
use super::settings::Settings;
use super::theme::Theme;
use super::view::View;
use crate::model::{Annotation, Layer, Schema};
use crate::workspace::{Document, Workspace};

/// What is on the screen in this frame.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The corpus, where one is open.
    pub workspace: Option<&'a Workspace>,
    /// The article in hand.
    pub document: Option<&'a Document>,
    /// Its layer.
    pub layer: Option<&'a Layer>,
    /// Labels, attributes and relations.
    pub schema: &'a Schema,
    /// Colours.
    pub theme: &'a Theme,
    /// What is chosen.
    pub view: &'a View,
    /// The sheets of datasets.
    pub datasets: &'a Datasets,
    /// What is remembered.
    pub settings: &'a Settings,
}

impl<'a> Scene<'a> {
    /// The annotation in hand.
    pub fn chosen(&self) -> Option<&'a Annotation> {
        self.layer?.get(self.view.chosen.as_deref()?)
    }

    /// The article's text; empty without one.
    pub fn text(&self) -> &'a str {
        self.document.map_or("", |document| &document.article().text)
    }

    /// Whether the layer can be changed.
    pub fn editable(&self) -> bool {
        self.document.is_some() && self.workspace.is_some_and(|workspace| workspace.read_only().is_none())
    }
}
