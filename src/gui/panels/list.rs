//! A long list of rows of one height, of which only the visible ones are made; it scrolls to a row that is asked for.
//!
//! Where it is scrolled to dies with the list, in egui's temporary memory. What a row looks like is left to the panel.

use egui::{Id, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::paint;
use super::{put_back, take_out};
use crate::gui::theme::Theme;

/// A list of rows.
pub struct List {
    /// Tells this list from others.
    pub id: Id,
    /// Height of a row, in points.
    pub row: f32,
    /// How many rows there are.
    pub total: usize,
    /// A row to be brought into sight, if it is out of it.
    pub reveal: Option<usize>,
}

/// How far the list is scrolled, and how much of it shows, in points.
#[derive(Clone, Copy, Default)]
struct Place {
    offset: f32,
    height: f32,
}

impl List {
    /// Calls `row` for each visible row.
    pub fn show(self, ui: &mut Ui, mut row: impl FnMut(&mut Ui, usize)) {
        let Place { offset, height } = take_out(ui.ctx(), self.id);
        let height = if height > 0.0 { height } else { ui.available_height() };
        let mut area = ScrollArea::vertical().id_salt(self.id).auto_shrink([false, false]);
        if let Some(reveal) = self.reveal {
            let top = reveal as f32 * self.row;
            if top < offset || top + self.row > offset + height {
                // Past the end, the area would spring back.
                let last = (self.total as f32 * self.row - height).max(0.0);
                area = area.vertical_scroll_offset((top - (height - self.row) / 2.0).clamp(0.0, last));
            }
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let shown = area.show_rows(ui, self.row, self.total, |ui, visible| {
            for at in visible {
                ui.push_id(at, |ui| row(ui, at));
            }
        });
        put_back(
            ui.ctx(),
            self.id,
            Place { offset: shown.state.clamped_offset().y, height: shown.inner_rect.height() },
        );
    }
}

/// A row that can be clicked: its place, ground and accessible name. The caller paints what stands on it.
pub fn row_ui(ui: &mut Ui, height: f32, chosen: bool, theme: &Theme, name: impl Fn() -> String) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, chosen, name()));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if ui.is_rect_visible(rect) {
        paint::row_ground(ui.painter(), rect.shrink2(vec2(2.0, 0.5)), &response, chosen, theme);
    }
    (rect, response)
}
