//! What can be done with the selection, beside it: labels and types with their keys, a click or a key press away.
//!
//! Stands in the margin, so that it covers no text; in a narrow window, below the selection.

use egui::{Align2, Area, Frame, Id as WidgetId, Order, Pos2, Rect, Ui, pos2, vec2};
use smol_str::SmolStr;

use super::drag::Drag;
use super::page::Page;
use crate::gui::command::Action;
use crate::gui::panels::list::row_ui;
use crate::gui::panels::paint::{SWATCH, Sign};
use crate::gui::scene::Scene;
use crate::gui::view::Mode;
use crate::model::schema::Label;
use crate::model::{Id, Span};
use crate::workspace::Command;

/// Width of the list, in points.
const WIDTH: f32 = 148.0;
/// Height of one row, in points.
const ROW: f32 = 21.0;

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
    let Some((beside, rows)) = rows(page, scene) else { return };
    let height = rows.len() as f32 * ROW + 10.0;
    let corner = place(page, beside, height);
    Area::new(WidgetId::unique("palette")).order(Order::Middle).fixed_pos(corner).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(4.0).show(ui, |ui| {
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
        });
    });
}

fn rows(page: &Page<'_>, scene: &Scene<'_>) -> Option<(Rect, Vec<Row>)> {
    match &scene.view.mode {
        Mode::Kind(id) => {
            let annotation = scene.layer?.get(id)?;
            let label = scene.schema.label(&annotation.label)?;
            let rows = kinds(scene, label, |kind| {
                Action::Do(Command::Relabel { id: id.clone(), label: label.id.clone(), kind })
            });
            Some((*page.boxes(id).last()?, rows))
        }
        Mode::ChooseRelation { from, to, relations } => {
            let rows = relations
                .iter()
                .enumerate()
                .map(|(at, relation)| relation_row(scene, at, from, to, relation))
                .collect();
            Some((*page.boxes(from).last()?, rows))
        }
        Mode::Relabel => {
            let id = scene.view.chosen.as_ref()?;
            let relabel = |label: SmolStr, kind| Action::Do(Command::Relabel { id: id.clone(), label, kind });
            Some((*page.boxes(id).last()?, labels(scene, relabel)))
        }
        Mode::Mark if !scene.view.selection.is_empty() => {
            let last: Span = *scene.view.selection.shown(scene.text()).last()?;
            Some((*page.rects(last).last()?, labels(scene, Action::Tag)))
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

fn place(page: &Page<'_>, beside: Rect, height: f32) -> Pos2 {
    let frame = page.frame.rect;
    let top = |wanted: f32| wanted.clamp(frame.top() + 6.0, (frame.bottom() - height - 8.0).max(frame.top() + 6.0));
    if page.frame.margin {
        let left = page.frame.left + page.frame.measure.width / page.frame.scale + 12.0;
        pos2(left.min(frame.right() - super::STRIP - WIDTH - 14.0), top(beside.top() - 6.0))
    } else {
        pos2(beside.left().min(frame.right() - WIDTH - 40.0), top(beside.bottom() + 10.0))
    }
}
