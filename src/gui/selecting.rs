//! Widening and narrowing the selection, keeping pieces of it, and moving a mark's edges by word or character.

use super::app::App;
use super::command::UiCommand;
use super::pane::{Edge, moved_edge};
use super::view::{Mode, Selection};
use crate::model::Span;
use crate::text::boundary;
use crate::text::snap::{self, Snap};
use crate::workspace::Command;

impl App {
    pub(super) fn grow(&mut self, wider: bool) {
        let Some(document) = self.document() else { return };
        let article = document.article().clone();
        let text = &*article.text;
        let now = self.view.selection.current(text).range();
        let origin = if now.is_empty() { now.start as u32 } else { self.view.selection.origin };
        let next = if wider { snap::grow(text, &now) } else { snap::shrink(text, &now, origin as usize) };
        self.view.chosen = None;
        self.view.mode = Mode::Mark;
        let pieces = std::mem::take(&mut self.view.selection.pieces);
        self.view.selection = Selection { pieces, origin, ..Selection::span(Span::from_range(next)) };
    }

    pub(super) fn add_fragment(&mut self) {
        let Some(document) = self.document() else { return };
        let article = document.article().clone();
        self.view.selection.put_aside(&article.text);
        let count = self.view.selection.pieces.len();
        let kept = if count == 1 { "One piece kept".to_owned() } else { format!("{count} pieces kept") };
        self.say(format!("{kept}. Select the next one, then press the key of a label."), false);
    }

    pub(super) fn select_mark(&mut self) {
        let Some(spans) = self.with_chosen(|annotation| annotation.spans.clone()) else { return };
        if let Some((last, rest)) = spans.split_last() {
            self.view.selection = Selection { pieces: rest.to_vec(), ..Selection::span(*last) };
        }
    }

    /// Moves the edge that a command names.
    pub(super) fn move_edge_by(&mut self, command: UiCommand, snap: Snap) {
        use UiCommand as C;
        let edge = match command {
            C::StartOut | C::StartIn | C::StartOutChar | C::StartInChar => Edge::Start,
            _ => Edge::End,
        };
        let out = matches!(command, C::StartOut | C::EndOut | C::StartOutChar | C::EndOutChar);
        self.move_edge(edge, out, snap);
    }

    fn move_edge(&mut self, edge: Edge, out: bool, snap: Snap) {
        let Some(document) = self.document() else { return };
        let article = document.article().clone();
        let text = &*article.text;
        let Some((id, spans)) = self
            .with_chosen(|annotation| {
                let hull = annotation.hull()?;
                let byte = match edge {
                    Edge::Start => hull.start(),
                    Edge::End => hull.end(),
                } as usize;
                let forward = (edge == Edge::End) == out;
                let to = match (snap, forward) {
                    (Snap::Word, true) => word_end_after(text, byte),
                    (Snap::Word, false) if edge == Edge::End => word_end_before(text, byte),
                    (Snap::Word, false) => boundary::prev_word(text, byte),
                    (Snap::Character, true) => boundary::next_grapheme(text, byte),
                    (Snap::Character, false) => boundary::prev_grapheme(text, byte),
                };
                let to = if snap == Snap::Word && edge == Edge::Start && forward {
                    boundary::next_word(text, byte)
                } else {
                    to
                };
                let to = past_space(text, to, edge, out);
                Some((annotation.id.clone(), moved_edge(text, annotation, edge, to as u32, Snap::Character)))
            })
            .flatten()
        else {
            self.say(super::view::CHOOSE_FIRST, false);
            return;
        };
        self.perform(Command::SetSpans { id, spans });
    }
}

/// A mark neither begins nor ends with white space: an edge that comes to it goes on to what lies behind.
fn past_space(text: &str, mut to: usize, edge: Edge, out: bool) -> usize {
    let forward = (edge == Edge::End) == out;
    let on_space = |to: usize| match edge {
        Edge::Start => text[to..].chars().next().is_some_and(char::is_whitespace),
        Edge::End => text[..to].chars().next_back().is_some_and(char::is_whitespace),
    };
    while on_space(to) {
        let next = if forward { boundary::next_grapheme(text, to) } else { boundary::prev_grapheme(text, to) };
        if next == to {
            break;
        }
        to = next;
    }
    to
}

/// The end of the first word that ends after a byte.
fn word_end_after(text: &str, byte: usize) -> usize {
    let here = boundary::words(text, byte..boundary::paragraph_at(text, byte).end.max(byte));
    let found = here.iter().find(|word| word.end > byte).map(|word| word.end);
    found.unwrap_or_else(|| boundary::word_at(text, boundary::next_word(text, byte)).end)
}

/// The end of the last word that ends before a byte.
fn word_end_before(text: &str, byte: usize) -> usize {
    let from = boundary::prev_word(text, boundary::prev_word(text, byte));
    boundary::words(text, from..byte).iter().rev().find(|word| word.end < byte).map_or(from, |word| word.end)
}
