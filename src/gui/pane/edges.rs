//! The edges of a mark: where they stand in every direction of writing, and where they can be taken hold of.

use egui::{Painter, Pos2, Rangef, Rect, Stroke, pos2, vec2};

use super::drag::Edge;
use super::page::Page;
use crate::gui::theme::Theme;
use crate::model::Annotation;
use crate::text::boundary;

/// Points within which an edge can be taken hold of.
const GRIP: f32 = 7.0;
/// The same inside of the mark, where a press more often begins a selection.
const INSIDE: f32 = 3.0;

/// An edge in view.
struct Upright {
    x: f32,
    y: Rangef,
    /// Whether the mark lies at its right: the start in scripts that run to the right, the end in others.
    rightward: bool,
    /// Width of the letter beside it.
    letter: f32,
}

impl Page<'_> {
    fn upright(&self, annotation: &Annotation, edge: Edge) -> Option<Upright> {
        let hull = annotation.hull()?;
        let start = edge == Edge::Start;
        let (seen, paragraph) = self.paragraphs().find(|(seen, _)| {
            let source = self.source(seen.chunk);
            if start {
                source.start() <= hull.start() && hull.start() < source.end()
            } else {
                source.start() < hull.end() && hull.end() <= source.end()
            }
        })?;
        let shown = paragraph.shown();
        let at = paragraph.shown_from_source(if start { hull.start() } else { hull.end() });
        let letter =
            if start { at..boundary::next_grapheme(shown, at) } else { boundary::prev_grapheme(shown, at)..at };
        let leftward = shown.get(letter.clone())?.chars().next().is_some_and(runs_left);
        let piece = *paragraph.pieces_shown(letter).first()?;
        let rect = self.letters(seen, paragraph, &paragraph.lines()[piece.line], &piece);
        let rightward = start != leftward;
        let x = if rightward { rect.left() } else { rect.right() };
        Some(Upright { x, y: rect.y_range(), rightward, letter: rect.width() })
    }

    /// Where a mark's edge can be taken hold of: a ball above its start and below its end.
    pub fn handle(&self, annotation: &Annotation, edge: Edge) -> Option<Pos2> {
        let upright = self.upright(annotation, edge)?;
        let x = upright.x + if upright.rightward { -1.0 } else { 1.0 };
        Some(match edge {
            Edge::Start => pos2(x, upright.y.min - 3.5),
            Edge::End => pos2(x, upright.y.max + 3.5),
        })
    }

    /// The edge of a mark that a place takes hold of: along its whole height, some points to both sides. A narrow
    /// letter leaves its middle free.
    pub fn edge_at(&self, annotation: &Annotation, at: Pos2) -> Option<Edge> {
        let away = |edge: Edge| {
            let upright = self.upright(annotation, edge)?;
            let inside = (upright.letter / 2.0).min(INSIDE);
            let (left, right) = if upright.rightward { (GRIP, inside) } else { (inside, GRIP) };
            let zone = Rect::from_x_y_ranges(upright.x - left..=upright.x + right, upright.y).expand2(vec2(0.0, 2.0));
            let held = zone.contains(at) || self.handle(annotation, edge)?.distance(at) <= GRIP;
            held.then_some(((upright.x - at.x).abs(), edge))
        };
        let edges = [Edge::End, Edge::Start].into_iter().filter_map(away);
        edges.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, edge)| edge)
    }

    /// Draws a ball and its stem at each edge in view.
    pub(super) fn paint_edges(&self, painter: &Painter, theme: &Theme, annotation: &Annotation) {
        for edge in [Edge::Start, Edge::End] {
            let Some((upright, ball)) = self.upright(annotation, edge).zip(self.handle(annotation, edge)) else {
                continue;
            };
            let foot = if edge == Edge::Start { upright.y.max } else { upright.y.min };
            painter.line_segment([ball, pos2(ball.x, foot)], Stroke::new(1.6, theme.accent));
            painter.circle_filled(ball, 3.6, theme.accent);
        }
    }
}

/// Whether a letter's script runs to the left.
fn runs_left(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c as u32, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}
