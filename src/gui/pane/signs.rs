//! Signs for invisible characters: a frame around each, and what it is when the pointer rests on it.

use egui::{Painter, Rect, Response, Stroke, StrokeKind, vec2};

use super::page::Page;
use crate::article::hidden;
use crate::gui::theme::{Theme, mix};

impl Page<'_> {
    /// The signs in view: the byte of each and its box.
    fn signs(&self) -> impl Iterator<Item = (u32, Rect)> {
        self.paragraphs().flat_map(move |(seen, paragraph)| {
            let boxes = paragraph.signs().flat_map(|(byte, pieces)| pieces.into_iter().map(move |piece| (byte, piece)));
            boxes.map(move |(byte, piece)| {
                let line = &paragraph.lines()[piece.line];
                // The letters of a sign are small: it is as high as they are.
                let whole = self.letters(seen, paragraph, line, &piece);
                let baseline = self.frame.point(0.0, seen.top + line.baseline).y;
                let top = baseline - (baseline - whole.top()) * 0.56;
                (byte, Rect::from_x_y_ranges(whole.x_range(), top - 1.0..=baseline + 2.5))
            })
        })
    }

    /// Frames the signs, so that nobody takes their letters for the text's.
    pub(super) fn paint_signs(&self, painter: &Painter, theme: &Theme) {
        for (_, rect) in self.signs() {
            let fill = mix(theme.paper, theme.warning, 0.16);
            painter.rect(rect.expand2(vec2(0.0, 0.5)), 2.0, fill, Stroke::new(0.8, theme.warning), StrokeKind::Inside);
        }
    }

    /// Tells what the sign under the pointer stands for.
    pub(super) fn tell_sign(&self, response: &Response, text: &str) {
        let Some(at) = response.hover_pos() else { return };
        let Some((byte, _)) = self.signs().find(|(_, rect)| rect.expand(1.0).contains(at)) else { return };
        if let Some(it) = hidden(text, byte as usize..text.len()).next().filter(|it| it.at == byte as usize) {
            response.clone().on_hover_text_at_pointer(it.told());
        }
    }
}
