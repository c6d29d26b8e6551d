//! Relations of the mark in hand or under the pointer. Lines run between the lines of text and down the margin at its
//! left, and their names stand in that margin: nothing lies on a letter.

use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};
use std::sync::Arc;

use super::page::Page;
use crate::gui::panels::words::{AUTHOR_NAME, reading};
use crate::gui::scene::Scene;
use crate::model::{AUTHOR, Id, Relation};

/// Points above a mark's box at which a line runs: the gap between two lines of text.
const GAP: f32 = 3.5;
/// Points between the text and the first line in the margin, and between two of them.
const LANE: f32 = 6.0;
/// The narrowest name that is set from left to right; a narrower margin has it turned.
const NARROWEST: f32 = 56.0;

/// Paints the lines of the hovered mark, or else of the chosen one.
pub fn paint(painter: &Painter, page: &Page<'_>, scene: &Scene<'_>, hovered: Option<&Id>) {
    let Some(layer) = scene.layer else { return };
    let Some(id) = hovered.or(scene.view.chosen.as_ref()) else { return };
    let mut names = Vec::new();
    for (number, relation) in layer.relations_of(id).into_iter().enumerate().take(12) {
        names.extend(route(painter, page, scene, relation, number));
    }
    let mut taken = Vec::new();
    for (y, words) in names {
        taken.push(name_ui(painter, page, scene, (y, words), &taken));
    }
}

/// Puts a name into the margin, moved down where it would cover another; returns its box.
fn name_ui(painter: &Painter, page: &Page<'_>, scene: &Scene<'_>, (y, words): (f32, String), taken: &[Rect]) -> Rect {
    let margin = margin_of(page);
    let font = FontId::proportional(11.0);
    let ink = scene.theme.paper;
    let turned = margin.width() - 14.0 < NARROWEST;
    let galley: Arc<Galley> = if turned {
        painter.layout_no_wrap(words, font, ink)
    } else {
        painter.layout(words, font, ink, margin.width() - 14.0)
    };
    let size = if turned { galley.size().yx() } else { galley.size() } + vec2(8.0, 3.0);
    let x = if turned { margin.left() + size.x / 2.0 + 1.0 } else { margin.right() - size.x / 2.0 - 3.0 };
    let highest = margin.top() + size.y / 2.0 + 3.0;
    let middle = pos2(x, y.clamp(highest, (margin.bottom() - size.y / 2.0 - 3.0).max(highest)));
    let mut rect = Align2::CENTER_CENTER.anchor_size(middle, size);
    while let Some(other) = taken.iter().find(|other| other.intersects(rect)) {
        rect = rect.translate(vec2(0.0, other.bottom() + 1.0 - rect.top()));
    }
    painter.rect(rect, 4.0, scene.theme.accent, Stroke::new(1.0, scene.theme.paper), StrokeKind::Outside);
    if turned {
        // Read from the foot up, as on the spine of a book.
        let corner = rect.left_bottom() + vec2((size.x - galley.size().y) / 2.0, -(size.y - galley.size().x) / 2.0);
        painter.add(egui::epaint::TextShape::new(corner, galley, ink).with_angle(-std::f32::consts::FRAC_PI_2));
    } else {
        painter.galley(Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size()).min, galley, ink);
    }
    rect
}

/// The free strip at the left of the text.
fn margin_of(page: &Page<'_>) -> Rect {
    let frame = page.frame.rect;
    Rect::from_min_max(frame.min, pos2(page.frame.left - 4.0, frame.bottom()))
}

/// Draws one line; returns where its name belongs, and the name.
fn route(
    painter: &Painter,
    page: &Page<'_>,
    scene: &Scene<'_>,
    relation: &Relation,
    number: usize,
) -> Option<(f32, String)> {
    let name = scene.schema.relation(&relation.label).map_or(relation.label.as_str(), |kind| kind.name.as_str());
    let from = anchor(page, scene, &relation.from);
    let to = if relation.to == AUTHOR { End::Author } else { anchor(page, scene, &relation.to) };
    if !matches!(from, End::Seen(_)) && !matches!(to, End::Seen(_)) {
        return None;
    }
    let margin = margin_of(page);
    let stroke = Stroke::new(1.5, scene.theme.accent);
    let x = (margin.right() - 3.0 - LANE * (number % 4) as f32).max(margin.left() + 4.0);
    // Where a line meets the margin.
    let height = |end: &End| match end {
        End::Seen(rect) => Some(rect.top() - GAP),
        End::Above => Some(margin.top() + 4.0),
        End::Below => Some(margin.bottom() - 4.0),
        End::Author => None,
    };
    let (start, end) = (height(&from), height(&to));
    if let End::Seen(rect) = from {
        let at = pos2(rect.left() + 3.0, rect.top() - GAP);
        painter.line_segment([at, pos2(x, at.y)], stroke);
        painter.circle_filled(at, 2.2, scene.theme.accent);
    }
    if let End::Seen(rect) = to {
        let at = pos2(rect.left() + (rect.width() / 2.0).min(8.0), rect.top() - GAP);
        painter.line_segment([pos2(x, at.y), at], stroke);
        head(painter, at, at + vec2(0.0, GAP + 0.5), scene.theme.accent);
    }
    if let Some((start, end)) = start.zip(end) {
        painter.line_segment([pos2(x, start), pos2(x, end)], stroke);
        match to {
            End::Above => head(painter, pos2(x, end + 6.0), pos2(x, end), scene.theme.accent),
            End::Below => head(painter, pos2(x, end - 6.0), pos2(x, end), scene.theme.accent),
            _ => {}
        }
    }
    let other = match (&from, &to) {
        (End::Seen(_), End::Seen(_)) => String::new(),
        (_, End::Author) => format!(": {AUTHOR_NAME}"),
        (End::Seen(_), _) => words_of(scene, &relation.to),
        _ => words_of(scene, &relation.from),
    };
    let middle = match (start, end) {
        (Some(start), Some(end)) => f32::midpoint(start, end),
        (one, other) => one.or(other)?,
    };
    Some((middle, format!("{name}{other}")))
}

/// Where one end of a relation stands.
enum End {
    Seen(Rect),
    Above,
    Below,
    Author,
}

fn anchor(page: &Page<'_>, scene: &Scene<'_>, id: &Id) -> End {
    if let Some(rect) = page.boxes(id).into_iter().find(|rect| page.frame.rect.intersects(*rect)) {
        return End::Seen(rect);
    }
    let start = scene.layer.and_then(|layer| layer.get(id)).and_then(crate::model::Annotation::hull);
    let top = page.visible.first().map_or(0, |seen| page.source(seen.chunk).start());
    match start {
        Some(hull)
            if hull.start() >= top && !page.boxes(id).first().is_some_and(|it| it.top() < page.frame.rect.top()) =>
        {
            End::Below
        }
        _ => End::Above,
    }
}

fn words_of(scene: &Scene<'_>, id: &Id) -> String {
    let annotation = scene.layer.and_then(|layer| layer.get(id));
    let Some((annotation, document)) = annotation.zip(scene.document) else { return String::new() };
    format!(": {}", reading(annotation, document.article(), 28))
}

fn head(painter: &Painter, before: Pos2, tip: Pos2, color: Color32) {
    let along = (tip - before).normalized();
    let across = along.rot90();
    let back = tip - along * 5.5;
    painter.add(egui::Shape::convex_polygon(vec![tip, back + across * 3.2, back - across * 3.2], color, Stroke::NONE));
}
