//! What lies over the window while a file or a folder hangs over it: that it can be dropped, and what would come of it.

use egui::{Align2, Color32, FontId, LayerId, Order, Stroke, StrokeKind, Ui};

use crate::article::is_article;
use crate::gui::scene::Scene;
use crate::workspace::dataset::may_be_dataset;

/// Paints it, while something hangs there.
pub fn dropping_ui(ui: &Ui, scene: &Scene<'_>) {
    let Some(path) = ui.ctx().input(|input| input.raw.hovered_files.first()?.path.clone()) else { return };
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let (words, color) = if path.is_dir() {
        (format!("Drop to open or import the folder {name}"), scene.theme.accent)
    } else if is_article(&path) {
        (format!("Drop to open {name}"), scene.theme.accent)
    } else if may_be_dataset(&path) {
        (format!("Drop to import {name}"), scene.theme.accent)
    } else {
        (format!("{name} is not an article (.txt, .md) nor a dataset that Pressmark knows"), scene.theme.warning)
    };
    let rect = ui.ctx().content_rect();
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, egui::Id::unique("dropping")));
    painter.rect_filled(rect, 0.0, scene.theme.paper.gamma_multiply(0.85));
    painter.rect_stroke(rect.shrink(6.0), 6.0, Stroke::new(2.0, color), StrokeKind::Inside);
    let galley = painter.layout(words, FontId::proportional(18.0), Color32::PLACEHOLDER, rect.width() - 60.0);
    let place = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
    painter.galley(place.min, galley, scene.theme.ink);
}

#[cfg(test)]
mod tests {
    use super::super::stage::Stage;
    use super::*;

    #[test]
    fn what_hangs_over_the_window_is_named() {
        let cases =
            [("b.md", "Drop to open b.md"), ("b.pdf", "b.pdf is not an article"), ("b.ann", "Drop to import b.ann")];
        for (file, words) in cases {
            let mut harness = Stage::new("Ada left.").show(|ui, scene, _| dropping_ui(ui, scene));
            harness.step();
            let shown = |output: &egui::FullOutput| {
                let texts = output.shapes.iter().filter_map(|clipped| match &clipped.shape {
                    egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
                    _ => None,
                });
                texts.collect::<Vec<_>>().join("\n")
            };
            assert_eq!(shown(harness.output()), "");
            let hovered = egui::HoveredFile { path: Some(file.into()), ..Default::default() };
            harness.input_mut().hovered_files.push(hovered);
            harness.step();
            assert!(shown(harness.output()).contains(words), "{}", shown(harness.output()));
        }
    }
}
