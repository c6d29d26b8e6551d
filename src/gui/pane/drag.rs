//! A drag that has begun and is not released yet: it dies with the pane and changes nothing.

use egui::Pos2;

use crate::model::{Id, Spans};

/// An edge of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Where it starts.
    Start,
    /// Where it ends.
    End,
}

/// A drag that has begun.
#[derive(Clone, Debug, PartialEq)]
pub enum Drag {
    /// None.
    None,
    /// Text is being selected.
    Select,
    /// An edge of a mark is being moved; the spans as they would be.
    Edge { id: Id, edge: Edge, spans: Spans },
    /// A link is being drawn.
    Link { from: Id, at: Pos2 },
}
