//! Relations of the mark in hand or under the pointer, as arcs; ends out of view are named at the page's edge.

use egui::epaint::CubicBezierShape;
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

use super::page::Page;
use crate::gui::scene::Scene;
use crate::model::{AUTHOR, Id, Relation};

/// Paints the arcs of the hovered mark, or else of the chosen one.
pub fn paint(painter: &Painter, page: &Page<'_>, scene: &Scene<'_>, hovered: Option<&Id>) {
    let Some(layer) = scene.layer else { return };
    let Some(id) = hovered.or(scene.view.chosen.as_ref()) else { return };
    let mut labels = Vec::new();
    for (number, relation) in layer.relations_of(id).into_iter().enumerate().take(12) {
        labels.extend(arc(painter, page, scene, relation, number));
    }
    label_ui(painter, page, scene, labels);
}

/// Draws the names of arcs, moved down where one would cover another.
fn label_ui(painter: &Painter, page: &Page<'_>, scene: &Scene<'_>, labels: Vec<(Pos2, String)>) {
    let frame = page.frame.rect;
    let mut taken: Vec<Rect> = Vec::new();
    for (middle, words) in labels {
        let galley = painter.layout_no_wrap(words, FontId::proportional(11.0), scene.theme.paper);
        let half = galley.size().x / 2.0;
        let middle = pos2(
            middle.x.clamp(frame.left() + half + 6.0, (frame.right() - half - 30.0).max(frame.left() + half + 6.0)),
            middle.y.clamp(frame.top() + 10.0, frame.bottom() - 10.0),
        );
        let mut rect = Align2::CENTER_CENTER.anchor_size(middle, galley.size()).expand2(vec2(5.0, 1.0));
        while let Some(other) = taken.iter().find(|other| other.intersects(rect)) {
            rect = rect.translate(vec2(0.0, other.bottom() + 1.0 - rect.top()));
        }
        taken.push(rect);
        painter.rect(rect, 4.0, scene.theme.accent, Stroke::new(1.0, scene.theme.paper), StrokeKind::Outside);
        painter.galley(rect.min + vec2(5.0, 1.0), galley, scene.theme.paper);
    }
}

/// Draws one arc; returns where its name belongs, and the name.
fn arc(
    painter: &Painter,
    page: &Page<'_>,
    scene: &Scene<'_>,
    relation: &Relation,
    number: usize,
) -> Option<(Pos2, String)> {
    let color = scene.theme.accent;
    let name = scene.schema.relation(&relation.label).map_or(relation.label.as_str(), |kind| kind.name.as_str());
    let from = anchor(page, scene, &relation.from);
    let to = if relation.to == AUTHOR { End::Author } else { anchor(page, scene, &relation.to) };
    if !matches!(from, End::Seen(_)) && !matches!(to, End::Seen(_)) {
        return None;
    }
    let frame = page.frame.rect;
    let place = |end: &End| match end {
        End::Seen(rect) => rect.center_top() - vec2(0.0, 2.0),
        End::Above => pos2(page.frame.left + 40.0 * (number as f32 + 1.0), frame.top() + 14.0),
        End::Below => pos2(page.frame.left + 40.0 * (number as f32 + 1.0), frame.bottom() - 14.0),
        End::Author => pos2(page.frame.left - 12.0, frame.top() + 18.0 + 16.0 * number as f32),
    };
    let (start, end) = (place(&from), place(&to));
    let lift = ((end - start).length() * 0.22).clamp(14.0, 70.0);
    let up = vec2(0.0, lift);
    let curve = CubicBezierShape::from_points_stroke(
        [start, start - up, end - up, end],
        false,
        Color32::TRANSPARENT,
        Stroke::new(1.5, color),
    );
    let middle = curve.sample(0.5);
    let before = curve.sample(0.97);
    painter.add(curve);
    head(painter, before, end, color);
    painter.circle_filled(start, 2.4, color);
    let other = match (&from, &to) {
        (End::Seen(_), End::Seen(_)) => String::new(),
        (_, End::Author) => ": the article itself".to_owned(),
        (End::Seen(_), _) => words_of(scene, &relation.to),
        _ => words_of(scene, &relation.from),
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
    let Some(annotation) = scene.layer.and_then(|layer| layer.get(id)) else { return String::new() };
    let words = annotation.text(scene.text());
    let short: String = words.chars().take(28).collect();
    if short.len() < words.len() { format!(": {short}…") } else { format!(": {short}") }
}

fn head(painter: &Painter, before: Pos2, tip: Pos2, color: Color32) {
    let along = (tip - before).normalized();
    let across = along.rot90();
    let back = tip - along * 7.0;
    painter.add(egui::Shape::convex_polygon(vec![tip, back + across * 3.4, back - across * 3.4], color, Stroke::NONE));
}
