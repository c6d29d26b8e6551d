//! The panels around the page: how wide they are, and when they fold away.
//!
//! The article comes first. A panel is as wide as its share of the window, or as wide as a person drew it; where the
//! lines of the article would get too short, panels give way, first in width, then altogether, with a button that
//! brings them back.

use egui::{CursorIcon, Id, Panel, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::command::Action;
use super::pane::Pane;
use super::panels;
use super::scene::Scene;

/// What the page needs for a line of some 30 letters and the space around it, in points.
const PAGE: f32 = 350.0;
/// The least that the list of articles can be used at.
const ARTICLES: f32 = 130.0;
/// The least that the marks and details can be used at.
const MARKS: f32 = 220.0;
/// Width of the button that a folded panel leaves.
const FOLDED: f32 = 22.0;

/// A panel that can be drawn wider.
#[derive(Clone, Copy)]
enum Side {
    Articles,
    Marks,
    Details,
}

impl Side {
    fn id(self) -> Id {
        Id::unique(match self {
            Self::Articles => "width of articles",
            Self::Marks => "width of marks",
            Self::Details => "height of details",
        })
    }

    /// The size that a person gave it.
    fn drawn(self, ui: &Ui) -> Option<f32> {
        ui.data_mut(|data| data.get_persisted::<f32>(self.id()))
    }
}

/// The panel that was asked for although the window is too narrow for it: one at a time.
fn asked_id() -> Id {
    Id::unique("panel asked for")
}

/// The widths of the two panels in a window this wide, from what they would like; none for one that has no room.
fn widths(wide: f32, articles: Option<f32>, marks: Option<f32>) -> (Option<f32>, Option<f32>) {
    let room = wide - PAGE;
    let least = |wanted: Option<f32>, least: f32| if wanted.is_some() { least } else { 0.0 };
    let (mut articles, mut marks) = (articles, marks);
    if room < least(articles, ARTICLES) + least(marks, MARKS) && marks.is_some() {
        articles = None;
    }
    if room < least(marks, MARKS) {
        marks = None;
    }
    let marks = marks.map(|wanted| wanted.min(room - least(articles, ARTICLES)).max(MARKS));
    let articles = articles.map(|wanted| wanted.min(room - marks.unwrap_or(0.0)).max(ARTICLES));
    (articles.filter(|_| room >= ARTICLES), marks)
}

/// The panels around the page, and the page.
pub(super) fn layout_ui(ui: &mut Ui, scene: &Scene<'_>, pane: &mut Pane, actions: &mut Vec<Action>) {
    Panel::top("menu").show(ui, |ui| panels::menu::menu_ui(ui, scene, actions));
    Panel::bottom("status").show(ui, |ui| panels::status::status_ui(ui, scene, actions));
    if let Some(offer) = &scene.datasets.offer {
        Panel::top("offer").show(ui, |ui| panels::offer::offer_ui(ui, offer, actions));
    }
    let wide = ui.available_width();
    let articles = (scene.settings.show_articles && scene.workspace.is_some())
        .then(|| Side::Articles.drawn(ui).unwrap_or((wide * 0.18).min(230.0)));
    let marks = (scene.settings.show_marks && scene.document.is_some())
        .then(|| Side::Marks.drawn(ui).unwrap_or((wide * 0.27).min(310.0)));
    let (articles_wide, marks_wide) = widths(wide, articles, marks);
    let mut edges: Vec<(Side, Rect)> = Vec::new();
    if articles.is_some()
        && let Some(width) = unfolded(ui, Side::Articles, articles_wide, "the list of articles")
    {
        let panel = Panel::left("articles").resizable(false).exact_size(width);
        let shown = panel.show(ui, |ui| panels::articles::articles_ui(ui, scene, actions));
        edges.push((Side::Articles, shown.response.rect));
    }
    if marks.is_some()
        && let Some(width) = unfolded(ui, Side::Marks, marks_wide, "marks and details")
    {
        let panel = Panel::right("marks").resizable(false).exact_size(width);
        let shown = panel.show(ui, |ui| {
            let height = ui.available_height();
            let details = Side::Details.drawn(ui).unwrap_or(height * 0.52);
            let details = details.clamp(120.0, (height - 100.0).max(121.0));
            let panel = Panel::bottom("details").resizable(false).exact_size(details);
            let shown = panel.show(ui, |ui| panels::details::details_ui(ui, scene, actions));
            edges.push((Side::Details, shown.response.rect));
            match scene.document.and_then(|document| document.places()) {
                Some(places) => panels::places::places_ui(ui, scene, places, actions),
                None => panels::annotations::annotations_ui(ui, scene, actions),
            }
        });
        edges.push((Side::Marks, shown.response.rect));
    }
    if scene.view.search.is_some() {
        Panel::top("search").show(ui, |ui| panels::search::search_ui(ui, scene, actions));
    }
    if let Some(item) = &scene.view.placing {
        let height = (ui.available_height() * 0.36).clamp(120.0, 210.0);
        Panel::bottom("placing").resizable(false).exact_size(height).show(ui, |ui| {
            panels::places::compare_ui(ui, scene, item, actions);
        });
    }
    egui::CentralPanel::no_frame().show(ui, |ui| {
        if scene.document.is_none() {
            ui.painter().rect_filled(ui.max_rect(), 0.0, scene.theme.paper);
            panels::help::welcome_ui(ui, scene, actions);
        }
        pane.pane_ui(ui, scene, actions);
    });
    for (side, rect) in edges {
        edge_ui(ui, side, rect);
    }
    panels::help::help_ui(ui, scene, actions);
    panels::export_sheet::export_sheet_ui(ui, scene, actions);
    panels::import_sheet::import_sheet_ui(ui, scene, actions);
    panels::dropping::dropping_ui(ui, scene);
    panels::homes::homes_ui(ui, scene, actions);
    panels::leaving::leaving_ui(ui, scene, actions);
}

/// The width of a panel that shows; one that has no room leaves a button at its side of the window, with which it
/// comes and goes.
fn unfolded(ui: &mut Ui, side: Side, room: Option<f32>, name: &str) -> Option<f32> {
    let asked = ui.data(|data| data.get_temp::<Id>(asked_id())) == Some(side.id());
    if room.is_some() {
        if asked {
            ui.data_mut(|data| data.remove::<Id>(asked_id()));
        }
        return room;
    }
    let left = matches!(side, Side::Articles);
    let panel = if left { Panel::left("articles folded") } else { Panel::right("marks folded") };
    let frame = egui::Frame::side_top_panel(ui.style()).inner_margin(2.0);
    panel.resizable(false).exact_size(FOLDED).frame(frame).show(ui, |ui| {
        ui.add_space(2.0);
        let sign = if left == asked { "«" } else { "»" };
        let verb = if asked { "Fold" } else { "Show" };
        let button = ui.add(egui::Button::new(sign).frame(false).min_size(vec2(FOLDED - 5.0, 22.0)));
        let words = format!("{verb} {name}");
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &words));
        let hint =
            if asked { String::new() } else { ": the window is too narrow to show it beside the article".into() };
        if button.on_hover_text(format!("{words}{hint}")).clicked() {
            ui.data_mut(|data| {
                data.remove::<Id>(asked_id());
                if !asked {
                    data.insert_temp(asked_id(), side.id());
                }
            });
        }
    });
    asked.then_some(if left { ARTICLES } else { MARKS })
}

/// The edge of a panel: a drag gives the panel another size, a double click the size that goes with the window.
fn edge_ui(ui: &Ui, side: Side, rect: Rect) {
    let (from, to) = match side {
        Side::Articles => (rect.right_top(), rect.right_bottom()),
        Side::Marks => (rect.left_top(), rect.left_bottom()),
        Side::Details => (rect.left_top(), rect.right_top()),
    };
    let zone = Rect::from_two_pos(from, to).expand(3.0);
    let response = ui.interact(zone, side.id(), Sense::click_and_drag());
    let across = matches!(side, Side::Details);
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(if across { CursorIcon::ResizeVertical } else { CursorIcon::ResizeHorizontal });
        ui.painter().line_segment([from, to], Stroke::new(2.0, ui.visuals().widgets.active.bg_stroke.color));
    }
    if response.double_clicked() {
        ui.data_mut(|data| data.remove::<f32>(side.id()));
    } else if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let at = at.max(pos2(0.0, 0.0));
        let (size, range) = match side {
            Side::Articles => (at.x - rect.left(), ARTICLES..=420.0),
            Side::Marks => (rect.right() - at.x, MARKS..=520.0),
            Side::Details => (rect.bottom() - at.y, 120.0..=2000.0),
        };
        ui.data_mut(|data| data.insert_persisted(side.id(), size.clamp(*range.start(), *range.end())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_comes_first() {
        for wide in 300..1600 {
            let wide = wide as f32;
            for (articles, marks) in [(160.0, 220.0), (420.0, 520.0), (230.0, 310.0)] {
                let (left, right) = widths(wide, Some(articles), Some(marks));
                let page = wide - left.unwrap_or(0.0) - right.unwrap_or(0.0);
                assert!(page >= PAGE || left.is_none() && right.is_none(), "{wide}: {left:?} {right:?}");
                assert!(left.is_none_or(|left| left >= ARTICLES) && right.is_none_or(|right| right >= MARKS));
                assert!(left.is_none() || right.is_some(), "the list of articles goes first");
            }
        }
        assert_eq!(widths(1400.0, Some(230.0), Some(310.0)), (Some(230.0), Some(310.0)));
        assert_eq!(widths(500.0, Some(160.0), None), (Some(150.0), None));
        assert_eq!(widths(400.0, Some(160.0), None), (None, None));
    }
}
