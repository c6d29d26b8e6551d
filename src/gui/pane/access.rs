//! What screen readers and tests find on the page: each block with its text, each mark with its name.
//!
//! The block that holds the caret says where it stands and what is selected.

use egui::{Role, Sense, Ui, WidgetInfo};

use super::page::Page;
use crate::gui::scene::Scene;
use crate::model::Span;

/// Adds the nodes of what is in view.
pub fn access_ui(ui: &mut Ui, page: &Page<'_>, scene: &Scene<'_>) {
    let Some(layer) = scene.layer else { return };
    let clip = page.frame.rect;
    for (seen, paragraph) in page.paragraphs() {
        let rect = page.chunk_rect(seen, paragraph);
        if !rect.intersects(clip) {
            continue;
        }
        let source = page.source(seen.chunk);
        let id = egui::Id::unique(("block", seen.chunk));
        let response = ui.interact(rect.intersect(clip), id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, paragraph.shown()));
        let selection = scene.view.selection.current(scene.text());
        let caret = scene.view.selection.focus;
        if source.start() <= caret && caret < source.end() {
            describe_caret(ui, id, scene, source, selection);
        }
        for shape in page.highlights.of(seen.chunk) {
            let Some(annotation) = layer.get(&shape.id) else { continue };
            let boxes = page.boxes(&shape.id);
            let Some(first) = boxes.iter().find(|rect| rect.intersects(clip)) else { continue };
            // Where a mark runs over several chunks, the first in view stands for it.
            if page
                .visible
                .iter()
                .take_while(|it| it.chunk < seen.chunk)
                .any(|it| page.highlights.of(it.chunk).iter().any(|other| other.id == shape.id))
            {
                continue;
            }
            let words = annotation.text(scene.text());
            let label = annotation.full_label().replace(':', " ");
            let name = format!("{label}: {words}");
            let chosen = scene.view.chosen.as_ref() == Some(&shape.id);
            let node = ui.interact(first.intersect(clip), egui::Id::unique(("mark", &shape.id)), Sense::hover());
            node.widget_info(|| WidgetInfo::selected(Role::Mark, true, chosen, name.as_str()));
        }
    }
}

fn describe_caret(ui: &Ui, id: egui::Id, scene: &Scene<'_>, source: Span, selection: Span) {
    let text = scene.text();
    let caret = scene.view.selection.focus;
    let before = Span::new(source.start(), caret).slice(text).map_or(0, |words| words.chars().count());
    let said = match selection.slice(text) {
        Some(words) if !words.is_empty() => format!("selected: {words}"),
        _ => format!("caret at character {}", before + 1),
    };
    ui.ctx().accesskit_node_builder(id, |node| node.set_description(said));
}
