//! What can be done with the selection, beside it: labels and types with their keys, a click or a key press away.
//!
//! Stands in the margin, so that it covers no text; in a narrow window, where it covers neither the selection nor the
//! pointer.

use egui::{Align2, Area, Frame, Id as WidgetId, Order, Rect, Ui, Vec2, pos2, vec2};
use smol_str::SmolStr;

use super::drag::Drag;
use super::page::Page;
use crate::gui::command::Action;
use crate::gui::panels::list::row_ui;
use crate::gui::panels::paint::{SWATCH, Sign};
use crate::gui::scene::Scene;
use crate::gui::view::Mode;
use crate::model::Id;
use crate::model::schema::Label;
use crate::workspace::Command;

/// Width of the list, in points.
const WIDTH: f32 = 148.0;
/// Height of one row, in points.
const ROW: f32 = 21.0;
/// Points between the list and what it is for.
const AWAY: f32 = 10.0;

/// One thing to do.
struct Row {
    sign: Option<Sign>,
    key: String,
    words: String,
    action: Action,
}

/// Paints the list, when there is something to choose.
pub fn palette_ui(ui: &mut Ui, page: &Page<'_>, scene: &Scene<'_>, drag: &Drag, actions: &mut Vec<Action>) {
    if *drag != Drag::None || !scene.editable() {
        return;
    }
    let Some((mut kept, rows)) = rows(page, scene) else { return };
    kept.retain(|rect| rect.intersects(page.frame.rect));
    let size = vec2(WIDTH + 10.0, rows.len() as f32 * ROW + 10.0);
    let Some(place) = kept_place(ui, page, kept, size) else { return };
    Area::new(WidgetId::unique("palette")).order(Order::Middle).fixed_pos(place.min).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(4.0).show(ui, |ui| {
            let area = egui::ScrollArea::vertical().max_height(place.height() - 10.0).min_scrolled_height(2.0 * ROW);
            area.show(ui, |ui| rows_ui(ui, scene, rows, actions));
        });
    });
}

/// The place as it was when the list came up, as long as nothing but the pointer has moved: a list that evades the
/// pointer could not be clicked.
fn kept_place(ui: &Ui, page: &Page<'_>, mut kept: Vec<Rect>, size: Vec2) -> Option<Rect> {
    let hull = kept.iter().fold(Rect::NOTHING, |hull, rect| hull.union(*rect));
    if !hull.is_positive() {
        return None;
    }
    let state = (page.frame.rect, hull, size);
    let id = WidgetId::unique("palette place");
    let last: Option<((Rect, Rect, Vec2), Rect)> = ui.data(|data| data.get_temp(id));
    if let Some((_, place)) = last.filter(|(before, _)| *before == state) {
        return Some(place);
    }
    if let Some(pointer) = ui.input(|input| input.pointer.latest_pos()).filter(|at| page.frame.rect.contains(*at)) {
        kept.insert(0, Rect::from_center_size(pointer, Vec2::splat(16.0)));
    }
    let frame = page.frame.rect;
    let frame = Rect::from_min_max(frame.min + vec2(4.0, 6.0), frame.max - vec2(super::STRIP + 4.0, 8.0));
    let margin = page.frame.left + page.frame.measure.width / page.frame.scale + 12.0;
    let place = place(frame, page.frame.margin.then_some(margin), &kept, size);
    ui.data_mut(|data| data.insert_temp(id, (state, place)));
    Some(place)
}

fn rows_ui(ui: &mut Ui, scene: &Scene<'_>, rows: Vec<Row>, actions: &mut Vec<Action>) {
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing.y = 0.0;
    for row in rows {
        let (rect, response) = row_ui(ui, ROW, false, scene.theme, || row.words.clone());
        let middle = rect.left_center();
        if let Some(sign) = row.sign {
            let swatch = Rect::from_center_size(middle + vec2(14.0, 0.0), SWATCH);
            sign.paint(ui.painter(), swatch, scene.theme);
        }
        let font = egui::FontId::proportional(13.0);
        let (ink, faded) = (scene.theme.ink, scene.theme.faded);
        ui.painter().text(middle + vec2(30.0, 0.0), Align2::LEFT_CENTER, &row.words, font.clone(), ink);
        let right = rect.right_center() - vec2(6.0, 0.0);
        ui.painter().text(right, Align2::RIGHT_CENTER, &row.key, font, faded);
        if response.clicked() {
            actions.push(row.action);
            actions.push(Action::FocusArticle);
        }
    }
}

/// What the list is for, which it must not cover, and the rows.
fn rows(page: &Page<'_>, scene: &Scene<'_>) -> Option<(Vec<Rect>, Vec<Row>)> {
    match &scene.view.mode {
        Mode::Kind(id) => {
            let annotation = scene.layer?.get(id)?;
            let label = scene.schema.label(&annotation.label)?;
            let rows = kinds(scene, label, |kind| {
                Action::Do(Command::Relabel { id: id.clone(), label: label.id.clone(), kind })
            });
            Some((page.boxes(id), rows))
        }
        Mode::ChooseRelation { from, to, relations } => {
            let rows = relations
                .iter()
                .enumerate()
                .map(|(at, relation)| relation_row(scene, at, from, to, relation))
                .collect();
            Some((page.boxes(from), rows))
        }
        Mode::Relabel => {
            let id = scene.view.chosen.as_ref()?;
            let relabel = |label: SmolStr, kind| Action::Do(Command::Relabel { id: id.clone(), label, kind });
            Some((page.boxes(id), labels(scene, relabel)))
        }
        Mode::Mark if !scene.view.selection.is_empty() => {
            let selected = scene.view.selection.painted(scene.text());
            let rects = selected.into_iter().flat_map(|span| page.rects(span)).collect();
            Some((rects, labels(scene, Action::Tag)))
        }
        _ => None,
    }
}

fn labels(scene: &Scene<'_>, action: impl Fn(SmolStr, Option<SmolStr>) -> Action) -> Vec<Row> {
    let mut rows = Vec::new();
    for label in &scene.schema.labels {
        rows.push(Row {
            sign: Some(Sign::of_label(scene.schema, &label.id, None)),
            key: label.key.map(String::from).unwrap_or_default(),
            words: label.name.to_string(),
            action: action(label.id.clone(), None),
        });
        rows.extend(kinds(scene, label, |kind| action(label.id.clone(), kind)));
    }
    rows
}

fn kinds(scene: &Scene<'_>, label: &Label, action: impl Fn(Option<SmolStr>) -> Action) -> Vec<Row> {
    label
        .types
        .iter()
        .map(|kind| Row {
            sign: Some(Sign::of_label(scene.schema, &label.id, Some(&kind.id))),
            key: kind.key.map(String::from).unwrap_or_default(),
            words: kind.name.to_string(),
            action: action(Some(kind.id.clone())),
        })
        .collect()
}

fn relation_row(scene: &Scene<'_>, at: usize, from: &Id, to: &Id, relation: &SmolStr) -> Row {
    let name = scene.schema.relation(relation).map_or(relation, |kind| &kind.name);
    Row {
        sign: None,
        key: (at + 1).to_string(),
        words: name.to_string(),
        action: Action::Do(Command::Link { label: relation.clone(), from: from.clone(), to: to.clone() }),
    }
}

/// Where the list stands, and how high it may be: beside the text if there is a margin, else below, above, or at a side
/// of what it is for, and lower than it would be where no place is high enough. It covers neither that nor the pointer.
fn place(frame: Rect, margin: Option<f32>, kept: &[Rect], size: Vec2) -> Rect {
    let (mut top, mut bottom) = (frame.bottom(), frame.top());
    for rect in kept {
        (top, bottom) = (top.min(rect.top()), bottom.max(rect.bottom()));
    }
    let hull = kept.iter().fold(Rect::NOTHING, |hull, rect| hull.union(*rect));
    let down = |y: f32, height: f32| y.clamp(frame.top(), (frame.bottom() - height).max(frame.top()));
    let along = |x: f32| x.clamp(frame.left(), (frame.right() - size.x).max(frame.left()));
    let last = kept.last().copied().unwrap_or(frame);
    let at = |x: f32, y: f32| Rect::from_min_size(pos2(x, y), size);
    let beside = margin.map(|left| at(along(left), down(last.top() - 6.0, size.y)));
    let places = [
        at(along(last.left()), bottom + AWAY),
        at(along(last.left()), top - AWAY - size.y),
        at(hull.right() + AWAY, down(last.top() - 6.0, size.y)),
        at(hull.left() - AWAY - size.x, down(last.top() - 6.0, size.y)),
        // Beside the last line alone, where that is a short one.
        at(last.right() + AWAY, down(last.bottom(), size.y)),
    ];
    let fits = |place: &Rect| frame.contains_rect(*place) && !kept.iter().any(|rect| rect.intersects(*place));
    if let Some(place) = beside.into_iter().chain(places).find(fits) {
        return place;
    }
    let (over, under) = (top - AWAY - frame.top(), frame.bottom() - bottom - AWAY);
    if over.max(under) < 3.0 * ROW {
        // All that is in view is selected: a corner is where it hides least.
        return Rect::from_min_max(frame.max - size.min(frame.size()), frame.max);
    }
    let height = over.max(under).min(size.y);
    let y = if under >= over { down(bottom + AWAY, height) } else { down(top - AWAY - height, height) };
    Rect::from_min_size(pos2(along(last.left()), y), vec2(size.x, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_covers_neither_the_text_nor_the_pointer() {
        for (wide, high) in [(320.0, 500.0), (340.0, 300.0), (800.0, 830.0), (500.0, 200.0)] {
            let frame = Rect::from_min_size(pos2(200.0, 24.0), vec2(wide, high));
            for margin in [None, Some(frame.right() - 170.0)] {
                for line in 0..(high / 29.0) as usize {
                    for left in [0.0, 60.0, wide - 120.0] {
                        let corner = frame.min + vec2(left, line as f32 * 29.0);
                        let text = Rect::from_min_size(corner, vec2(90.0, 21.0)).intersect(frame);
                        let pointer = Rect::from_center_size(text.right_center(), Vec2::splat(16.0));
                        let place = place(frame, margin, &[pointer, text], vec2(WIDTH, 230.0));
                        let over = text.top() - frame.top() > 90.0 || frame.bottom() - text.bottom() > 90.0;
                        assert!(frame.contains_rect(place) || high < 90.0, "{place:?} in {frame:?}");
                        assert!(
                            !over || !place.intersects(text) && !place.intersects(pointer),
                            "{place:?} on {text:?}"
                        );
                        assert!(place.height() > 60.0);
                    }
                }
            }
        }
    }
}
