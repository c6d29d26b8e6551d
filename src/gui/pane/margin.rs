//! Labels beside the text: what begins on each line, a click away.

use egui::{Align2, FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::page::Page;
use crate::gui::command::Action;
use crate::gui::scene::Scene;
use crate::model::Id;
use crate::model::schema::Mark;

/// Points between two labels of one line.
const GAP: f32 = 9.0;

/// Paints the labels; returns the boxes that they take, so that a press there starts no selection.
pub fn margin_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    scene: &Scene<'_>,
    actions: &mut Vec<Action>,
    hover: &mut Option<Id>,
) -> Vec<Rect> {
    let mut taken = Vec::new();
    if !page.frame.margin {
        return taken;
    }
    let left = page.frame.left + page.frame.measure.width / page.frame.scale + 18.0;
    let right = page.frame.rect.right() - super::STRIP - 4.0;
    let painter = ui.painter_at(page.frame.rect);
    let font = FontId::proportional(11.5);
    for (seen, paragraph) in page.paragraphs() {
        let mut x = left;
        let mut last_line = usize::MAX;
        let mut hidden = 0;
        let mut starting: Vec<_> =
            page.highlights.of(seen.chunk).iter().filter_map(|shape| Some((shape.starts?, shape))).collect();
        starting.sort_by_key(|(line, shape)| (*line, shape.hull.start(), shape.hull.end()));
        for (at, &(line, shape)) in starting.iter().enumerate() {
            if line != last_line {
                (x, last_line, hidden) = (left, line, 0);
            }
            let place = &paragraph.lines()[line];
            let baseline = page.frame.point(0.0, seen.top + place.baseline).y;
            if baseline < page.frame.rect.top() - 20.0 || baseline > page.frame.rect.bottom() + 20.0 {
                continue;
            }
            let chosen = scene.view.chosen.as_ref() == Some(&shape.id);
            let color = if chosen { scene.theme.accent } else { scene.theme.label_text(shape.color) };
            let galley = painter.layout_no_wrap(shape.name.to_string(), font.clone(), color);
            let rest = starting[at..].iter().take_while(|(other, _)| *other == line).count();
            let needed = galley.size().x + 12.0 + if rest > 1 { 24.0 } else { 0.0 };
            if x + needed > right || hidden > 0 {
                if hidden == 0 {
                    let words = format!("+{rest}");
                    painter.text(pos2(x, baseline - 4.0), Align2::LEFT_CENTER, words, font.clone(), scene.theme.faded);
                }
                hidden += 1;
                continue;
            }
            let rect = Rect::from_min_size(
                pos2(x, baseline - 4.0 - galley.size().y / 2.0),
                vec2(galley.size().x + 12.0, galley.size().y),
            );
            swatch(&painter, scene, shape.mark, shape.color, pos2(x + 4.0, baseline - 4.0));
            painter.galley(pos2(x + 12.0, rect.top()), galley, color);
            let response = ui.interact(rect.expand(2.0), egui::Id::unique(("label", &shape.id)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("label {}", shape.name)));
            if response.hovered() {
                *hover = Some(shape.id.clone());
            }
            if response.clicked() {
                actions.push(Action::Choose(Some(shape.id.clone())));
                actions.push(Action::FocusArticle);
            }
            taken.push(rect.expand(2.0));
            x += rect.width() + GAP;
        }
    }
    taken
}

/// A small sample of how a label is drawn.
pub fn swatch(painter: &egui::Painter, scene: &Scene<'_>, mark: Mark, color: Option<usize>, at: egui::Pos2) {
    let shade = scene.theme.label(color);
    let (from, to) = (at - vec2(4.0, 0.0), at + vec2(4.0, 0.0));
    match mark {
        Mark::Fill => {
            let rect = Rect::from_center_size(at, vec2(8.0, 8.0));
            painter.rect(
                rect,
                2.0,
                scene.theme.fill(color),
                Stroke::new(0.8, scene.theme.faded),
                egui::StrokeKind::Inside,
            );
        }
        Mark::Solid => {
            painter.line_segment([from, to], Stroke::new(2.2, shade));
        }
        Mark::Dashed => painter.extend(egui::Shape::dashed_line(&[from, to], Stroke::new(2.2, shade), 3.2, 1.8)),
        Mark::Dotted => painter.extend(egui::Shape::dotted_line(&[from, to], shade, 3.4, 1.2)),
        Mark::Double => {
            painter.line_segment([from - vec2(0.0, 1.5), to - vec2(0.0, 1.5)], Stroke::new(1.2, shade));
            painter.line_segment([from + vec2(0.0, 1.5), to + vec2(0.0, 1.5)], Stroke::new(1.2, shade));
        }
    }
}
