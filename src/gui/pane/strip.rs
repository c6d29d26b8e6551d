//! The scroll bar, and beside it a strip that shows where in the article marks and search hits are.
//!
//! The strip asks the layer once a pixel row, so that it costs the same however many marks there are.

use std::sync::Arc;

use egui::{Color32, Mesh, Rect, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2};

use super::page::Page;
use crate::gui::scene::Scene;
use crate::typeset::{Column, Place};
use crate::workspace::Document;

/// The strip's mesh, kept until what it shows changes.
#[derive(Default)]
pub struct Cache {
    key: Option<(u64, u64, Rect, bool, usize)>,
    mesh: Arc<Mesh>,
}

/// Paints both; returns the height to scroll to when the bar was pressed or dragged.
pub fn strip_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    scene: &Scene<'_>,
    cache: &mut Cache,
    column: &Column,
    place: Place,
) -> Option<f64> {
    let frame = page.frame.rect;
    let bar = Rect::from_min_max(pos2(frame.right() - 14.0, frame.top()), frame.max);
    let strip = Rect::from_min_max(pos2(frame.right() - 24.0, frame.top()), pos2(frame.right() - 15.0, frame.bottom()));
    paint_strip(ui, strip, scene, cache);

    let total = column.height().max(1.0);
    let view = f64::from(frame.height() * page.frame.scale);
    let response = ui.interact(strip.union(bar), super::Pane::scroll_bar_id(), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, "Scroll the article"));
    let fraction = column.height_before(place) / total;
    let length = ((view / (total + view * 0.3)) as f32 * bar.height()).clamp(28.0, bar.height());
    let top = bar.top() + (fraction as f32).clamp(0.0, 1.0) * (bar.height() - length);
    let thumb = Rect::from_min_size(pos2(bar.left() + 3.0, top), vec2(8.0, length));
    let strong = response.hovered() || response.dragged();
    let shade = if strong { scene.theme.faded } else { scene.theme.rule };
    ui.painter().rect_filled(thumb, 4.0, shade);

    let at = response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged())?;
    let reach = (bar.height() - length).max(1.0);
    let wanted = f64::from(((at.y - bar.top() - length / 2.0) / reach).clamp(0.0, 1.0)) * total;
    Some(wanted.min(total - 1.0))
}

fn paint_strip(ui: &Ui, strip: Rect, scene: &Scene<'_>, cache: &mut Cache) {
    let Some(layer) = scene.layer else { return };
    let hits = scene.view.search.as_ref().map_or(0, |search| search.sought.hits.len());
    let serial = scene.document.map_or(0, Document::serial);
    let key = Some((serial, layer.revision(), strip, scene.theme.dark, hits));
    if cache.key != key {
        cache.key = key;
        cache.mesh = Arc::new(mesh(strip, scene));
    }
    ui.painter().rect_filled(strip, 0.0, scene.theme.desk);
    ui.painter().add(Shape::mesh(cache.mesh.clone()));
}

fn mesh(strip: Rect, scene: &Scene<'_>) -> Mesh {
    let mut mesh = Mesh::default();
    let Some(layer) = scene.layer else { return mesh };
    let length = scene.text().len().max(1);
    let rows = (strip.height() / 2.0).max(1.0) as usize;
    let byte = |row: usize| (length as u64 * row as u64 / rows as u64) as u32;
    let mut before = 0;
    for row in 0..rows {
        let after = layer.count_before(byte(row + 1).max(byte(row) + 1));
        if after > before
            && let Some(first) = layer.nth(before)
        {
            let top = strip.top() + row as f32 * 2.0;
            let rect = Rect::from_min_size(pos2(strip.left() + 1.0, top), vec2(strip.width() - 2.0, 2.0));
            mesh.add_colored_rect(rect, scene.theme.label(scene.schema.color(first)));
        }
        before = after;
    }
    if let Some(search) = &scene.view.search {
        for hit in search.sought.hits.iter().take(5000) {
            let top = strip.top() + hit.start() as f32 / length as f32 * strip.height();
            let rect = Rect::from_min_size(pos2(strip.left(), top), vec2(strip.width(), 1.5));
            mesh.add_colored_rect(rect, if scene.theme.dark { Color32::WHITE } else { Color32::BLACK });
        }
    }
    mesh
}
