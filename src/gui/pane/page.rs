//! The page as it lies in the window in this frame: from points to bytes and back, and the marks drawn on it.
//!
//! Tints and the selection go under the letters, lines and frames over the paper between them; nothing hides a letter.

use egui::{Color32, Painter, Pos2, Rect, Shape as Drawn, Stroke, StrokeKind, pos2, vec2};

use super::Frame;
use super::drag::Drag;
use super::highlights::{Cache, Shape};
use crate::gui::scene::Scene;
use crate::gui::theme::{Theme, mix};
use crate::gui::view::Mode;
use crate::model::schema::Mark;
use crate::model::{Annotation, Id, Span};
use crate::text::boundary;
use crate::typeset::{Column, LineBox, Paragraph, Piece, Setter, Visible};

/// Points between two lanes of lines.
const LANE: f32 = 3.6;

/// The page in this frame.
pub struct Page<'a> {
    /// Where it lies.
    pub frame: Frame,
    /// The set paragraphs.
    pub setter: &'a Setter,
    /// What stands where.
    pub column: &'a Column,
    /// The chunks in view.
    pub visible: &'a [Visible],
    /// The marks in view.
    pub highlights: &'a Cache,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        frame: Frame,
        setter: &'a Setter,
        column: &'a Column,
        visible: &'a [Visible],
        highlights: &'a Cache,
    ) -> Self {
        Self { frame, setter, column, visible, highlights }
    }

    /// The chunks in view with their paragraphs.
    pub fn paragraphs(&self) -> impl Iterator<Item = (Visible, &'a Paragraph)> {
        self.visible.iter().filter_map(|&seen| Some((seen, self.setter.get(seen.chunk)?.as_ref())))
    }

    /// The bytes of a chunk.
    pub fn source(&self, chunk: usize) -> Span {
        let source = &self.column.chunks()[chunk].source;
        Span::new(source.start, source.end)
    }

    /// A chunk's box in the window, in points.
    pub fn chunk_rect(&self, seen: Visible, paragraph: &Paragraph) -> Rect {
        let corner = self.frame.point(0.0, seen.top);
        Rect::from_min_size(corner, vec2(self.frame.measure.width, paragraph.height()) / self.frame.scale)
    }

    /// The byte that a place in the window means.
    pub fn byte_at(&self, at: Pos2) -> Option<u32> {
        let pixel = self.frame.pixel(at);
        let (seen, paragraph) = self
            .paragraphs()
            .take_while(|(seen, _)| seen.top <= pixel.y)
            .last()
            .or_else(|| self.paragraphs().next())?;
        let inside = (pixel.y - seen.top).clamp(0.0, paragraph.height() - 1.0);
        Some(paragraph.byte_at(pixel.x - paragraph.look().indent, inside))
    }

    /// The word that a place in the window means: the one under it, a punctuation mark too, or else the nearest of its
    /// line. None where the line shows no word and where no line is near: what is not shown is never meant.
    pub fn word_at(&self, text: &str, at: Pos2) -> Option<Span> {
        let pixel = self.frame.pixel(at);
        let (seen, paragraph) = self.paragraphs().min_by(|(one, first), (other, second)| {
            let away = |seen: &Visible, height: f32| (seen.top - pixel.y).max(pixel.y - seen.top - height).max(0.0);
            away(one, first.height()).total_cmp(&away(other, second.height()))
        })?;
        let (x, y) = (pixel.x - paragraph.look().indent, pixel.y - seen.top);
        let pitch = paragraph.look().pitch;
        if y < -pitch || y > paragraph.height() + pitch {
            return None;
        }
        let line = ((y / pitch).max(0.0) as usize).min(paragraph.lines().len().checked_sub(1)?);
        let source = paragraph.line_source(line);
        let away = |span: Span| {
            let pieces = paragraph.pieces(span.start()..span.end());
            let pieces = pieces.iter().filter(|piece| piece.line == line);
            pieces.map(|piece| (piece.left - x).max(x - piece.right).max(0.0)).min_by(f32::total_cmp)
        };
        let gap = paragraph.byte_at(x, y) as usize;
        let letters = [boundary::prev_grapheme(text, gap)..gap, gap..boundary::next_grapheme(text, gap)];
        let under = letters.into_iter().find(|letter| {
            let blank = text.get(letter.clone()).is_none_or(|letter| letter.trim().is_empty());
            !blank && away(Span::from_range(letter.clone())) == Some(0.0)
        });
        if let Some(letter) = under {
            return Some(Span::from_range(boundary::word_at(text, letter.start)));
        }
        let words = boundary::words(text, source.start as usize..source.end as usize);
        let words = words.into_iter().map(|word| Span::from_range(boundary::word_at(text, word.start)));
        words.filter_map(|word| Some((away(word)?, word))).min_by(|one, other| one.0.total_cmp(&other.0)).map(|it| it.1)
    }

    /// A line's box in the window, in points: from the top of its letters to their foot.
    pub fn letters(&self, seen: Visible, paragraph: &Paragraph, line: &LineBox, piece: &Piece) -> Rect {
        let indent = paragraph.look().indent;
        let top = seen.top + line.baseline - line.ascent;
        let bottom = seen.top + line.baseline + line.descent;
        Rect::from_min_max(self.frame.point(piece.left + indent, top), self.frame.point(piece.right + indent, bottom))
    }

    /// The boxes that a stretch of text covers in the window.
    pub fn rects(&self, span: Span) -> Vec<Rect> {
        let mut rects = Vec::new();
        for (seen, paragraph) in self.paragraphs() {
            let source = self.source(seen.chunk);
            if !source.overlaps(span) {
                continue;
            }
            let part = span.start().max(source.start())..span.end().min(source.end());
            for piece in paragraph.pieces(part) {
                rects.push(self.letters(seen, paragraph, &paragraph.lines()[piece.line], &piece));
            }
        }
        rects
    }

    /// Where a caret before a byte stands, in points; none when it is out of view.
    pub fn caret_rect(&self, byte: u32) -> Option<Rect> {
        let (seen, paragraph) = self.paragraphs().find(|(seen, _)| {
            let source = self.source(seen.chunk);
            source.start() <= byte && byte <= source.end()
        })?;
        let (x, line) = paragraph.caret(byte);
        let line = paragraph.lines().get(line)?;
        let piece = Piece { line: 0, left: x, right: x };
        let rect = self.letters(seen, paragraph, line, &piece);
        Some(Rect::from_min_max(rect.min - vec2(0.0, 1.0), pos2(rect.min.x + 1.5, rect.max.y + 1.0)))
    }

    /// The boxes of a mark in view.
    pub fn boxes(&self, id: &str) -> Vec<Rect> {
        let mut boxes = Vec::new();
        for (seen, paragraph) in self.paragraphs() {
            for shape in self.highlights.of(seen.chunk).iter().filter(|shape| shape.id == id) {
                for piece in &shape.pieces {
                    boxes.push(self.letters(seen, paragraph, &paragraph.lines()[piece.line], piece));
                }
            }
        }
        boxes
    }

    /// The marks whose boxes hold a place, the smallest first.
    pub fn marks_at(&self, at: Pos2) -> Vec<&'a Shape> {
        let mut found: Vec<&Shape> = Vec::new();
        for (seen, paragraph) in self.paragraphs() {
            if !self.chunk_rect(seen, paragraph).expand(6.0).contains(at) {
                continue;
            }
            found.extend(self.highlights.of(seen.chunk).iter().filter(|shape| {
                shape.pieces.iter().any(|piece| {
                    let rect = self.letters(seen, paragraph, &paragraph.lines()[piece.line], piece);
                    let foot = if shape.mark == Mark::Fill { 0.0 } else { (shape.lane as f32 + 1.0) * LANE };
                    rect.with_max_y(rect.max.y + foot).contains(at)
                })
            }));
        }
        found.sort_by_key(|shape| shape.hull.len());
        found
    }

    /// What lies under the letters: tints and the selection.
    pub(super) fn paint_under(&self, painter: &Painter, scene: &Scene<'_>, drag: &Drag) {
        self.paint_signs(painter, scene.theme);
        for (seen, paragraph) in self.paragraphs() {
            let mut fills: Vec<&Shape> =
                self.highlights.of(seen.chunk).iter().filter(|shape| shape.mark == Mark::Fill).collect();
            fills.sort_by_key(|shape| shape.lane);
            for shape in fills {
                for piece in &shape.pieces {
                    let rect = self.letters(seen, paragraph, &paragraph.lines()[piece.line], piece);
                    tint(painter, scene.theme, shape, rect);
                }
            }
        }
        let text = scene.text();
        for span in scene.view.selection.painted(text) {
            for rect in self.rects(span) {
                // Over tints the selection lets them shine through, and its frame says what it is.
                painter.rect_filled(rect.expand2(vec2(0.0, 2.0)), 2.0, scene.theme.selection.gamma_multiply(0.72));
                painter.line_segment(
                    [rect.left_bottom() + vec2(0.0, 2.0), rect.right_bottom() + vec2(0.0, 2.0)],
                    Stroke::new(1.5, scene.theme.accent),
                );
            }
        }
        self.paint_hits(painter, scene);
        self.paint_invalid(painter, scene);
        if let Drag::Edge { spans, .. } = drag {
            for &span in spans {
                for rect in self.rects(span) {
                    painter.rect_filled(rect, 2.0, scene.theme.selection);
                }
            }
        }
    }

    /// Frames what stands for bytes that were no text, so that nobody takes it for what was written.
    fn paint_invalid(&self, painter: &Painter, scene: &Scene<'_>) {
        let Some((document, seen)) = scene.document.zip(self.highlights.visible()) else { return };
        let invalid = &document.article().invalid;
        let first = invalid.partition_point(|&at| at < seen.start());
        for &at in invalid[first..].iter().take_while(|&&at| at < seen.end()) {
            for rect in self.rects(Span::new(at, at + '\u{FFFD}'.len_utf8() as u32)) {
                painter.rect_stroke(rect, 2.0, Stroke::new(1.0, scene.theme.error), StrokeKind::Outside);
            }
        }
    }

    /// Frames what a search found in view.
    fn paint_hits(&self, painter: &Painter, scene: &Scene<'_>) {
        let Some((search, seen)) = scene.view.search.as_ref().zip(self.highlights.visible()) else { return };
        let hits = &search.sought.hits;
        let first = hits.partition_point(|hit| hit.end() < seen.start());
        for &hit in hits[first..].iter().take_while(|hit| hit.start() < seen.end()) {
            for rect in self.rects(hit) {
                painter.rect_stroke(rect, 2.0, Stroke::new(1.0, scene.theme.warning), StrokeKind::Outside);
            }
        }
    }

    /// What lies over the paper: lines, the chosen mark's frame, the caret, hints of a link.
    pub(super) fn paint_over(
        &self,
        painter: &Painter,
        scene: &Scene<'_>,
        drag: &Drag,
        hovered: Option<&Id>,
        focused: bool,
    ) {
        for (seen, paragraph) in self.paragraphs() {
            for shape in self.highlights.of(seen.chunk) {
                let chosen = scene.view.chosen.as_ref() == Some(&shape.id);
                for piece in &shape.pieces {
                    let rect = self.letters(seen, paragraph, &paragraph.lines()[piece.line], piece);
                    if shape.mark != Mark::Fill {
                        line(painter, scene.theme, shape, rect, hovered == Some(&shape.id) || chosen);
                    }
                    if shape.unsure {
                        painter.text(
                            rect.right_top() + vec2(-1.0, -2.0),
                            egui::Align2::LEFT_CENTER,
                            "?",
                            egui::FontId::proportional(10.5),
                            scene.theme.warning,
                        );
                    }
                    if chosen || hovered == Some(&shape.id) {
                        let width = if chosen { 1.6 } else { 1.0 };
                        let color = if chosen { scene.theme.accent } else { scene.theme.faded };
                        painter.rect_stroke(rect.expand(1.0), 3.0, Stroke::new(width, color), StrokeKind::Outside);
                    }
                }
            }
        }
        if let Some(chosen) = scene.chosen().filter(|_| scene.editable()) {
            self.paint_edges(painter, scene.theme, chosen);
            if let Some(at) = self.knob(chosen) {
                let link = matches!(drag, Drag::Link { .. });
                let fill = if link { scene.theme.accent } else { scene.theme.paper };
                painter.rect(
                    Rect::from_center_size(at, vec2(12.0, 9.0)),
                    3.0,
                    fill,
                    Stroke::new(1.2, scene.theme.accent),
                    StrokeKind::Middle,
                );
                let ink = if link { scene.theme.paper } else { scene.theme.accent };
                painter.arrow(at - vec2(3.5, 0.0), vec2(7.0, 0.0), Stroke::new(1.1, ink));
            }
        }
        if focused
            && !matches!(drag, Drag::Edge { .. })
            && let Some(rect) = self.caret_rect(scene.view.selection.caret_place(scene.text()))
        {
            painter.rect_filled(rect, 0.0, scene.theme.accent);
        }
        self.paint_offered(painter, scene);
        if let Mode::Link { hints, typed, suggested, .. } = &scene.view.mode {
            for hint in hints.iter().filter(|hint| hint.letters.starts_with(typed.as_str())) {
                if let Some(rect) = self.boxes(&hint.id).first() {
                    badge(painter, scene.theme, rect.left_top(), &hint.letters, suggested.as_ref() == Some(&hint.id));
                }
            }
        }
    }

    /// Frames the places that are offered for a mark that has none, each with its number.
    fn paint_offered(&self, painter: &Painter, scene: &Scene<'_>) {
        let Some(item) = &scene.view.placing else { return };
        for (number, (spans, _)) in item.offered().enumerate() {
            let mut first = true;
            for rect in spans.iter().flat_map(|&span| self.rects(span)) {
                painter.rect_stroke(rect.expand(1.0), 3.0, Stroke::new(1.4, scene.theme.accent), StrokeKind::Outside);
                if std::mem::take(&mut first) {
                    badge(painter, scene.theme, rect.left_top(), &(number + 1).to_string(), number == 0);
                }
            }
        }
    }

    /// Where a link can be drawn from a mark.
    pub fn knob(&self, annotation: &Annotation) -> Option<Pos2> {
        self.boxes(&annotation.id).last().map(|rect| rect.right_top() + vec2(8.0, -4.0))
    }
}

/// A tint with the pattern of its type at its foot; a tint in a tint leaves the outer one's rim free.
fn tint(painter: &Painter, theme: &Theme, shape: &Shape, rect: Rect) {
    let inset = (shape.lane as f32 * 2.5).min(rect.height() / 3.0);
    let rect = rect.expand2(vec2(0.5, 1.0)).shrink2(vec2(0.0, inset));
    let full = theme.label(shape.color);
    painter.rect_filled(rect, 2.5, theme.fill(shape.color));
    let foot = if theme.dark { full } else { mix(full, theme.ink, 0.45) };
    let y = rect.bottom() - 1.0;
    let (from, to) = (pos2(rect.left() + 1.0, y), pos2(rect.right() - 1.0, y));
    let stroke = Stroke::new(if theme.dark { 2.0 } else { 1.4 }, foot);
    match shape.pattern {
        0 => {
            if theme.dark {
                painter.line_segment([from, to], stroke);
            }
        }
        1 => {
            painter.line_segment([from, to], stroke);
            painter.line_segment([from - vec2(0.0, 3.0), to - vec2(0.0, 3.0)], Stroke::new(0.8, foot));
        }
        2 => painter.extend(Drawn::dotted_line(&[from, to], foot, 4.0, 1.1)),
        3 => painter.extend(Drawn::dashed_line(&[from, to], stroke, 6.0, 3.0)),
        _ => {
            painter.line_segment([from, to], stroke);
        }
    }
}

/// A line under the text, in the mark's style and lane.
fn line(painter: &Painter, theme: &Theme, shape: &Shape, rect: Rect, strong: bool) {
    let y = rect.bottom() + 1.6 + shape.lane as f32 * LANE;
    let (from, to) = (pos2(rect.left(), y), pos2(rect.right(), y));
    let color = theme.label(shape.color);
    let stroke = Stroke::new(if strong { 2.6 } else { 1.8 }, color);
    match shape.mark {
        Mark::Dashed => painter.extend(Drawn::dashed_line(&[from, to], stroke, 7.0, 3.5)),
        Mark::Dotted => painter.extend(Drawn::dotted_line(&[from, to], color, 3.6, 1.1)),
        Mark::Double => {
            painter.line_segment([from, to], Stroke::new(1.0, color));
            painter.line_segment([from + vec2(0.0, 2.2), to + vec2(0.0, 2.2)], Stroke::new(1.0, color));
        }
        Mark::Solid | Mark::Fill => {
            painter.line_segment([from, to], stroke);
        }
    }
    // A small upright at each end shows where neighbours of one kind meet.
    for x in [rect.left() + 0.5, rect.right() - 0.5] {
        painter.line_segment([pos2(x, y - 2.6), pos2(x, y + 0.9)], Stroke::new(1.0, color));
    }
}

/// The letters that a link's target answers to.
fn badge(painter: &Painter, theme: &Theme, at: Pos2, letters: &str, suggested: bool) {
    let (fill, ink) = if suggested { (theme.accent, theme.paper) } else { (theme.ink, theme.paper) };
    let galley = painter.layout_no_wrap(letters.to_owned(), egui::FontId::monospace(12.0), ink);
    let rect = Rect::from_min_size(at - vec2(4.0, 13.0), galley.size() + vec2(7.0, 1.0));
    painter.rect(rect, 3.0, fill, Stroke::new(1.0, theme.paper), StrokeKind::Outside);
    painter.galley(rect.min + vec2(3.5, 0.5), galley, Color32::PLACEHOLDER);
}
