//! What screen readers and tests find on the page: each block with its lines, caret and selection, each mark with its
//! name.
//!
//! The lines are text runs as AccessKit asks for them, at most 255 characters each; they cost nothing while nobody
//! listens.

use egui::accesskit::{self, TextPosition, TextSelection};
use egui::{Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::page::Page;
use crate::gui::panels::words::reading;
use crate::gui::scene::Scene;
use crate::text::boundary;
use crate::typeset::{Paragraph, Visible};

/// Characters of a run, at most: AccessKit counts them in bytes.
const LONGEST: usize = 255;
/// Characters of a mark's text that its name says, at most.
const READ: usize = 1000;

/// Adds the nodes of what is in view.
pub fn access_ui(ui: &mut Ui, page: &Page<'_>, scene: &Scene<'_>) {
    let clip = page.frame.rect;
    for (seen, paragraph) in page.paragraphs() {
        let rect = page.chunk_rect(seen, paragraph);
        if !rect.intersects(clip) {
            continue;
        }
        let id = Id::unique(("block", seen.chunk));
        let response = ui.interact(rect.intersect(clip), id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, paragraph.shown()));
        lines_ui(ui, id, page, seen, paragraph, scene);
        marks_ui(ui, page, seen, paragraph, scene);
    }
}

/// The marks that begin in a chunk, or run into the view with it.
fn marks_ui(ui: &mut Ui, page: &Page<'_>, seen: Visible, paragraph: &Paragraph, scene: &Scene<'_>) {
    let (Some(layer), Some(document)) = (scene.layer, scene.document) else { return };
    let clip = page.frame.rect;
    let first = page.visible.first().is_some_and(|it| it.chunk == seen.chunk);
    for shape in page.highlights.of(seen.chunk) {
        // A mark over several chunks is named once.
        if shape.starts.is_none() && !first {
            continue;
        }
        let boxes =
            shape.pieces.iter().map(|piece| page.letters(seen, paragraph, &paragraph.lines()[piece.line], piece));
        let Some(place) = boxes.into_iter().find(|rect| rect.intersects(clip)) else { continue };
        let Some(annotation) = layer.get(&shape.id) else { continue };
        let chosen = scene.view.chosen.as_ref() == Some(&shape.id);
        let node = ui.interact(place.intersect(clip), Id::unique(("mark", &shape.id)), Sense::hover());
        node.widget_info(|| {
            let label = annotation.full_label().replace(':', " ");
            WidgetInfo::selected(
                Role::Mark,
                true,
                chosen,
                format!("{label}: {}", reading(annotation, document.article(), READ)),
            )
        });
    }
}

/// A block's lines as text runs, with the caret and the selection where they stand in it.
fn lines_ui(ui: &mut Ui, block: Id, page: &Page<'_>, seen: Visible, paragraph: &Paragraph, scene: &Scene<'_>) {
    let listening = ui.ctx().accesskit_node_builder(block, |_| ()).is_some();
    if !listening {
        return;
    }
    let mut runs = Vec::new();
    for (number, line) in paragraph.lines().iter().enumerate() {
        let range = paragraph.line_range(number);
        let lengths = character_lengths(&paragraph.shown()[range.clone()]);
        let corner = page.frame.point(0.0, seen.top + line.top);
        let size = vec2(page.frame.measure.width, line.bottom - line.top) / page.frame.scale;
        let rect = Rect::from_min_size(corner, size);
        let mut start = range.start;
        for lengths in lengths.chunks(LONGEST) {
            let end = start + lengths.iter().map(|&length| usize::from(length)).sum::<usize>();
            let place = UiBuilder::new().accessibility_parent(block).id_salt((block, start)).max_rect(rect);
            let node = ui.new_child(place).unique_id();
            ui.ctx().accesskit_node_builder(node, |run| {
                run.set_role(accesskit::Role::TextRun);
                run.set_value(&paragraph.shown()[start..end]);
                run.set_character_lengths(lengths.to_vec());
            });
            runs.push(Run { start, end, node });
            start = end;
        }
    }
    let source = page.source(seen.chunk);
    let caret = scene.view.selection.caret_place(scene.text());
    if !(source.start() <= caret && caret < source.end().max(source.start() + 1)) {
        return;
    }
    let selected = scene.view.selection.current(scene.text());
    let other = if caret == selected.end() { selected.start() } else { selected.end() };
    let place = |byte: u32| {
        let shown = paragraph.shown_from_source(byte.clamp(source.start(), source.end()));
        let run = runs.iter().find(|run| shown < run.end).or(runs.last())?;
        let before = &paragraph.shown()[run.start.min(shown)..shown];
        Some(TextPosition { node: run.node.accesskit_id(), character_index: character_lengths(before).len() })
    };
    if let Some((anchor, focus)) = place(other).zip(place(caret)) {
        ui.ctx().accesskit_node_builder(block, |node| node.set_text_selection(TextSelection { anchor, focus }));
    }
}

/// A text run: bytes of the text as it is shown, and its node.
struct Run {
    start: usize,
    end: usize,
    node: Id,
}

/// Bytes of each character as a reader counts them; one of more than 255 bytes is counted in parts.
fn character_lengths(words: &str) -> Vec<u8> {
    let mut lengths = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let end = boundary::next_grapheme(words, at).max(at + 1);
        if let Ok(length) = u8::try_from(end - at) {
            lengths.push(length);
        } else {
            lengths.extend(words[at..end].chars().map(|c| c.len_utf8() as u8));
        }
        at = end;
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_as_readers_count_them() {
        assert_eq!(character_lengths("ae\u{301}👩\u{200d}🔬 ب"), [1, 3, 11, 1, 2]);
        let tower = format!("e{}", "\u{301}".repeat(200));
        assert_eq!(character_lengths(&tower).iter().map(|&length| usize::from(length)).sum::<usize>(), tower.len());
    }
}
