//! The mouse on the page: selecting, choosing, moving edges, drawing links.
//!
//! A drag lives here until it is released; then it becomes one command.

use egui::{CursorIcon, Id as WidgetId, Modifiers, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::drag::{Drag, Edge};
use super::page::Page;
use super::{Pane, STRIP};
use crate::gui::command::Action;
use crate::gui::scene::Scene;
use crate::gui::view::Selection;
use crate::model::{Annotation, Id, Span, Spans};
use crate::text::boundary;
use crate::text::snap::{self, Snap};
use crate::workspace::Command;

/// What the pointer works with in a frame.
pub(super) struct Pointer<'a, 'b> {
    pub page: &'a Page<'b>,
    pub scene: &'a Scene<'b>,
    pub drag: &'a mut Drag,
    pub hovered: &'a mut Option<Id>,
    pub labels: &'a [Rect],
}

/// Asks for the pointer and the keyboard over the page, the strip beside it left out.
pub(super) fn response(ui: &Ui, frame: Rect) -> egui::Response {
    let rect = Rect::from_min_max(frame.min, pos2(frame.right() - STRIP, frame.bottom()));
    let id: WidgetId = Pane::id();
    let response = ui.interact(rect, id, Sense::click_and_drag() | Sense::focusable_noninteractive());
    response.widget_info(|| WidgetInfo::labeled(Role::GenericContainer, true, "Article text"));
    ui.memory_mut(|memory| {
        let filter = egui::EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: true };
        memory.set_focus_lock_filter(id, filter);
    });
    response
}

impl Pointer<'_, '_> {
    /// Takes the pointer's doings; returns pixels to scroll by while a drag leaves the view.
    pub fn pointer_ui(&mut self, ui: &mut Ui, response: &egui::Response, actions: &mut Vec<Action>) -> Option<f32> {
        let frame = self.page.frame.rect;
        let modifiers = ui.input(|input| input.modifiers);
        let at = response.interact_pointer_pos().or_else(|| response.hover_pos());
        let at = at.filter(|at| !self.labels.iter().any(|label| label.contains(*at)) || *self.drag != Drag::None);
        let pressed = ui.input(|input| input.pointer.primary_pressed()) && response.contains_pointer();
        let Some(at) = at else {
            if !ui.input(|input| input.pointer.primary_down()) {
                *self.drag = Drag::None;
            }
            return None;
        };
        if *self.drag == Drag::None && self.hovered.is_none() {
            *self.hovered = self.page.marks_at(at).first().map(|shape| shape.id.clone());
        }
        self.cursor(ui, at);
        if pressed {
            response.request_focus();
            self.press(at, modifiers, actions);
        } else if response.dragged() || (*self.drag != Drag::None && ui.input(|input| input.pointer.primary_down())) {
            self.pull(at, modifiers, response.dragged(), actions);
        }
        if ui.input(|input| input.pointer.primary_released()) {
            self.release(at, response, actions);
        }
        if matches!(self.drag, Drag::None) || !ui.input(|input| input.pointer.primary_down()) {
            return None;
        }
        let over = (frame.top() + 18.0 - at.y).max(0.0);
        let under = (at.y - frame.bottom() + 18.0).max(0.0);
        (over + under > 0.0).then_some((under - over) * 0.6 * self.page.frame.scale)
    }

    fn cursor(&self, ui: &Ui, at: Pos2) {
        let text = self.page.frame.left - 30.0
            ..self.page.frame.left + self.page.frame.measure.width / self.page.frame.scale + 8.0;
        let icon = match self.drag {
            Drag::Edge { .. } => CursorIcon::ResizeHorizontal,
            Drag::Link { .. } => CursorIcon::Crosshair,
            _ if self.edge_at(at).is_some() => CursorIcon::ResizeHorizontal,
            _ if self.knob_at(at).is_some() => CursorIcon::Crosshair,
            _ if text.contains(&at.x) => CursorIcon::Text,
            _ => CursorIcon::Default,
        };
        ui.ctx().set_cursor_icon(icon);
    }

    fn edge_at(&self, at: Pos2) -> Option<(Id, Edge)> {
        let chosen = self.scene.chosen().filter(|_| self.scene.editable())?;
        Some((chosen.id.clone(), self.page.edge_at(chosen, at)?))
    }

    fn knob_at(&self, at: Pos2) -> Option<Id> {
        let chosen = self.scene.chosen().filter(|_| self.scene.editable())?;
        let knob = self.page.knob(chosen)?;
        Rect::from_center_size(knob, egui::vec2(16.0, 14.0)).contains(at).then(|| chosen.id.clone())
    }

    fn press(&mut self, at: Pos2, modifiers: Modifiers, actions: &mut Vec<Action>) {
        if let Some((id, edge)) = self.edge_at(at) {
            let spans = self.scene.layer.and_then(|layer| layer.get(&id)).map(|it| it.spans.clone());
            *self.drag = Drag::Edge { id, edge, spans: spans.unwrap_or_default() };
            return;
        }
        if let Some(from) = self.knob_at(at) {
            *self.drag = Drag::Link { from, at };
            return;
        }
        let Some(byte) = self.page.byte_at(at) else { return };
        let text = self.scene.text();
        let mut selection = self.scene.view.selection.clone();
        let snap = self.snap(modifiers);
        if modifiers.command && modifiers.shift {
            selection.put_aside(text);
            selection = Selection { pieces: selection.pieces, snap, ..Selection::caret(byte) };
        } else if modifiers.shift {
            selection.focus = byte;
            selection.snap = snap;
        } else {
            selection = Selection { snap, ..Selection::caret(byte) };
        }
        *self.drag = Drag::Select;
        actions.push(Action::Select(selection));
    }

    /// Whole words, unless the settings or ctrl say characters.
    fn snap(&self, modifiers: Modifiers) -> Snap {
        let turned = modifiers.command && !modifiers.shift;
        if self.scene.settings.snap_to_words == turned { Snap::Character } else { Snap::Word }
    }

    fn pull(&mut self, at: Pos2, modifiers: Modifiers, moved: bool, actions: &mut Vec<Action>) {
        let text = self.scene.text();
        match self.drag {
            Drag::None => {}
            Drag::Edge { .. } if !moved => {}
            Drag::Link { at: tip, .. } => *tip = at,
            Drag::Select => {
                let Some(byte) = self.page.byte_at(at) else { return };
                let mut selection = self.scene.view.selection.clone();
                selection.focus = byte;
                if selection.anchor != byte {
                    selection.snap = self.snap(modifiers);
                }
                if selection != self.scene.view.selection {
                    actions.push(Action::Select(selection));
                }
            }
            Drag::Edge { id, edge, .. } => {
                let (id, edge) = (id.clone(), *edge);
                let Some(byte) = self.page.byte_at(at) else { return };
                let Some(annotation) = self.scene.layer.and_then(|layer| layer.get(&id)) else { return };
                let moved = moved_edge(text, annotation, edge, byte, self.snap(modifiers));
                if let Drag::Edge { spans, .. } = &mut *self.drag {
                    *spans = moved;
                }
            }
        }
    }

    fn release(&mut self, at: Pos2, response: &egui::Response, actions: &mut Vec<Action>) {
        let text = self.scene.text();
        match std::mem::replace(self.drag, Drag::None) {
            // An edge that was not moved is a place like any other.
            Drag::Edge { .. } if response.clicked() => {
                if let Some(byte) = self.page.byte_at(at) {
                    actions.push(Action::Select(Selection::caret(byte)));
                }
                self.click(&response.ctx, at, actions);
            }
            Drag::Edge { id, spans, .. } => {
                let before = self.scene.layer.and_then(|layer| layer.get(&id)).map(|it| &it.spans);
                if before.is_some_and(|before| *before != spans) {
                    actions.push(Action::Do(Command::SetSpans { id, spans }));
                }
            }
            Drag::Link { from, .. } => {
                let target = self.page.marks_at(at).into_iter().find(|shape| shape.id != from);
                match target {
                    Some(target) => {
                        actions.push(Action::BeginLink(from, None));
                        actions.push(Action::EndLink(target.id.clone()));
                    }
                    None => actions.push(Action::BeginLink(from, None)),
                }
            }
            Drag::Select if response.triple_clicked() => {
                if let Some(word) = self.page.word_at(text, at) {
                    let sentence = boundary::sentence_at(text, word.start() as usize);
                    actions.push(Action::Select(Selection::span(Span::from_range(sentence))));
                }
            }
            Drag::Select if response.double_clicked() => {
                if let Some(word) = self.page.word_at(text, at) {
                    actions.push(Action::Select(Selection::span(word)));
                }
            }
            Drag::Select if response.clicked() && self.scene.view.selection.pieces.is_empty() => {
                self.click(&response.ctx, at, actions);
            }
            _ => {}
        }
    }

    /// Chooses the smallest mark here, or the next larger one when it is chosen already.
    fn click(&mut self, ctx: &egui::Context, at: Pos2, actions: &mut Vec<Action>) {
        // What was selected before a press in this same frame is not what was clicked on.
        let fresh = ctx.input(|input| input.pointer.primary_pressed());
        if !fresh && self.scene.view.selection.anchor != self.scene.view.selection.focus {
            return;
        }
        let marks = self.page.marks_at(at);
        if let crate::gui::view::Mode::Link { .. } = self.scene.view.mode {
            if let Some(mark) = marks.first() {
                actions.push(Action::EndLink(mark.id.clone()));
            }
            return;
        }
        let chosen = marks.iter().position(|mark| Some(&mark.id) == self.scene.view.chosen.as_ref());
        let next = match chosen {
            Some(at) => marks.get((at + 1) % marks.len()),
            None => marks.first(),
        };
        actions.push(Action::Choose(next.map(|mark| mark.id.clone())));
    }
}

/// An annotation's spans with one edge at another byte; what it passes by goes.
pub fn moved_edge(text: &str, annotation: &Annotation, edge: Edge, byte: u32, snap: Snap) -> Spans {
    let Some(hull) = annotation.hull() else { return annotation.spans.clone() };
    let wanted = match edge {
        Edge::Start => Span::new(byte.min(hull.end().saturating_sub(1)), hull.end()),
        Edge::End => Span::new(hull.start(), byte.max(hull.start() + 1)),
    };
    let aligned = boundary::floor_char(text, wanted.start() as usize)..boundary::ceil_char(text, wanted.end() as usize);
    let snapped = snap::snap(text, &aligned, snap);
    // No mark begins or ends with white space.
    let words = text[snapped.clone()].trim();
    let snapped = if words.is_empty() {
        return annotation.spans.clone();
    } else {
        let start = snapped.start + (text[snapped.clone()].len() - text[snapped.clone()].trim_start().len());
        Span::from_range(start..start + words.len())
    };
    // Only the edge in hand moves.
    let wanted = match edge {
        Edge::Start => Span::new(snapped.start(), hull.end()),
        Edge::End => Span::new(hull.start(), snapped.end()),
    };
    let mut spans: Spans = annotation
        .spans
        .iter()
        .filter(|span| span.overlaps(wanted))
        .map(|span| Span::new(span.start().max(wanted.start()), span.end().min(wanted.end())))
        .collect();
    match (edge, spans.is_empty()) {
        (_, true) => spans.push(wanted),
        (Edge::Start, _) => spans[0] = Span::new(wanted.start(), spans[0].end()),
        (Edge::End, _) => {
            let last = spans.len() - 1;
            spans[last] = Span::new(spans[last].start(), wanted.end());
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_passes_fragments_by_and_never_crosses_the_other() {
        let text = "“We will go,” she said, “and stay.”";
        let mut quote = Annotation::new("q", "quote", Span::new(0, 17));
        let second = text.find("“and").expect("it is there") as u32;
        quote.spans.push(Span::new(second, text.len() as u32));
        let check = |edge, byte: usize, expected: &[&str]| {
            let spans = moved_edge(text, &quote, edge, byte as u32, Snap::Character);
            let found: Vec<&str> = spans.iter().filter_map(|span| span.slice(text)).collect();
            assert_eq!(found, expected);
        };
        check(Edge::End, text.find(" stay").expect("there"), &["“We will go,”", "“and"]);
        check(Edge::End, 3, &["“"]);
        check(Edge::Start, text.find("and").expect("there"), &["and stay.”"]);
        check(Edge::Start, text.len(), &["”"]);
        check(Edge::End, text.find("“and").expect("there"), &["“We will go,” she said,"]);
    }
}
