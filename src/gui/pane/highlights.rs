//! Where the marks in view stand on their lines, and in which lane: plain data, kept per chunk until the layer or the
//! setting changes.

use std::collections::HashMap;
use std::sync::Arc;

use crate::gui::scene::Scene;
use crate::model::schema::Mark;
use crate::model::{Annotation, Id, Span};
use crate::typeset::{Column, Paragraph, Piece, Setter, Visible};
use crate::workspace::Document;
use smol_str::SmolStr;

/// A mark in one chunk.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The annotation.
    pub id: Id,
    /// How it is drawn.
    pub mark: Mark,
    /// Number of its colour; none when the schema does not have its label.
    pub color: Option<usize>,
    /// For a tint: how many tints it stands in. For a line: its lane, counted from the text.
    pub lane: usize,
    /// Which of the label's types it is, for the pattern at the tint's foot.
    pub pattern: usize,
    /// What its label says.
    pub name: SmolStr,
    /// Flagged as unsure.
    pub unsure: bool,
    /// The pieces of lines that it covers, in pixels of the paragraph.
    pub pieces: Vec<Piece>,
    /// The line that it starts on, where it starts in this chunk.
    pub starts: Option<usize>,
    /// Whether it ends in this chunk.
    pub ends: bool,
    /// From its first byte to its last.
    pub hull: Span,
}

/// The layer's serial and revision, the paragraph's address, and the shapes that came of them.
type Kept = ((u64, u64), *const Paragraph, Arc<[Shape]>);

/// The shapes of the chunks in view.
#[derive(Default)]
pub struct Cache {
    chunks: HashMap<usize, Kept>,
    visible: Option<Span>,
}

impl Cache {
    /// The bytes in view.
    pub fn visible(&self) -> Option<Span> {
        self.visible
    }

    /// Brings the shapes of what is in view up to date.
    pub fn update(&mut self, scene: &Scene<'_>, setter: &Setter, column: &Column, visible: &[Visible]) {
        let source = |seen: &Visible| column.chunks()[seen.chunk].source.clone();
        self.visible =
            visible.first().zip(visible.last()).map(|(first, last)| Span::new(source(first).start, source(last).end));
        let Some(layer) = scene.layer else {
            self.chunks.clear();
            return;
        };
        if self.chunks.len() > 4 * visible.len() + 64 {
            self.chunks.clear();
        }
        let state = (scene.document.map_or(0, Document::serial), layer.revision());
        for seen in visible {
            let Some(paragraph) = setter.get(seen.chunk) else { continue };
            let address = Arc::as_ptr(paragraph);
            if self.chunks.get(&seen.chunk).is_some_and(|kept| kept.0 == state && kept.1 == address) {
                continue;
            }
            let source = source(seen);
            let annotations = layer.overlapping(Span::new(source.start, source.end));
            let shapes = shapes(scene, paragraph, &source, &annotations);
            self.chunks.insert(seen.chunk, (state, address, shapes.into()));
        }
    }

    /// The shapes of a chunk in view.
    pub fn of(&self, chunk: usize) -> &[Shape] {
        self.chunks.get(&chunk).map_or(&[], |kept| &kept.2)
    }
}

fn shapes(
    scene: &Scene<'_>,
    paragraph: &Paragraph,
    source: &std::ops::Range<u32>,
    annotations: &[&Annotation],
) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = annotations
        .iter()
        .filter_map(|annotation| {
            let hull = annotation.hull()?;
            let label = scene.schema.label(&annotation.label);
            let pieces = annotation
                .spans
                .iter()
                .map(|span| span.start().max(source.start)..span.end().min(source.end))
                .filter(|part| part.start < part.end)
                .flat_map(|part| paragraph.pieces(part))
                .collect();
            let starts =
                (source.start <= hull.start() && hull.start() < source.end).then(|| paragraph.caret(hull.start()).1);
            Some(Shape {
                id: annotation.id.clone(),
                mark: label.map_or(Mark::Dotted, |label| label.mark),
                color: scene.schema.color(annotation),
                lane: 0,
                pattern: label
                    .and_then(|label| label.types.iter().position(|kind| Some(kind.id.as_str()) == annotation.kind()))
                    .unwrap_or(0),
                name: scene.schema.label_name(annotation),
                unsure: annotation.unsure(),
                pieces,
                starts,
                ends: source.start < hull.end() && hull.end() <= source.end,
                hull,
            })
        })
        .collect();
    assign_lanes(&mut shapes);
    shapes
}

/// Short marks lie nearest to the text, so that a mark lies between the text and what holds it; of tints, the shorter
/// lies inside the longer.
fn assign_lanes(shapes: &mut [Shape]) {
    let mut order: Vec<usize> = (0..shapes.len()).collect();
    order.sort_by_key(|&at| (shapes[at].hull.len(), shapes[at].hull.start()));
    for (rank, &at) in order.iter().enumerate() {
        let (hull, fill) = (shapes[at].hull, shapes[at].mark == Mark::Fill);
        let others = |at: usize| shapes[at].hull.overlaps(hull) && (shapes[at].mark == Mark::Fill) == fill;
        let lane = if fill {
            order[rank + 1..].iter().filter(|&&other| others(other)).count()
        } else {
            let taken: Vec<usize> =
                order[..rank].iter().filter(|&&other| others(other)).map(|&other| shapes[other].lane).collect();
            (0..=taken.len()).find(|lane| !taken.contains(lane)).unwrap_or(0)
        };
        shapes[at].lane = lane;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(start: u32, end: u32, mark: Mark) -> Shape {
        Shape {
            id: "a".into(),
            mark,
            color: None,
            lane: 0,
            pattern: 0,
            name: "A".into(),
            unsure: false,
            pieces: Vec::new(),
            starts: None,
            ends: false,
            hull: Span::new(start, end),
        }
    }

    #[test]
    fn lines_that_meet_never_share_a_lane() {
        let mut shapes: Vec<Shape> = [(0, 90), (5, 20), (15, 40), (50, 60), (55, 95), (100, 110)]
            .map(|(start, end)| shape(start, end, Mark::Solid))
            .into();
        assign_lanes(&mut shapes);
        for (at, first) in shapes.iter().enumerate() {
            for second in &shapes[at + 1..] {
                assert!(!first.hull.overlaps(second.hull) || first.lane != second.lane, "{first:?} {second:?}");
            }
        }
        assert_eq!(shapes[5].lane, 0);
        assert!(shapes[0].lane > shapes[1].lane, "what holds others lies below them");
    }

    #[test]
    fn a_tint_in_a_tint_is_the_deeper_one() {
        let mut shapes = [shape(0, 30, Mark::Fill), shape(4, 10, Mark::Fill), shape(12, 20, Mark::Solid)];
        assign_lanes(&mut shapes);
        assert_eq!(shapes.map(|shape| shape.lane), [0, 1, 0]);
    }
}
