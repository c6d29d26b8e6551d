//! Small signs drawn by hand, so that no font need have them: a label's mark, the state of an article, a dot.
//!
//! None of them tells by colour alone: marks have a pattern and a letter, states a shape of their own.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, vec2,
};
use std::sync::Arc;

use super::visual::{has_right_to_left, visual};
use super::words::{BODY, SMALL};
use crate::gui::theme::{Theme, mix};
use crate::model::schema::Mark;
use crate::model::{Annotation, Schema, Status};

/// Width and height of a swatch, in points.
pub const SWATCH: egui::Vec2 = vec2(19.0, 17.0);

/// How a label or a type is drawn: pattern, colour number, letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The pattern; none for a label that the schema does not have.
    mark: Option<Mark>,
    color: Option<usize>,
    letter: char,
}

impl Sign {
    /// The sign of an annotation: the key of its type or label, else its first letter.
    pub fn of(schema: &Schema, annotation: &Annotation) -> Self {
        Self::of_label(schema, &annotation.label, annotation.kind())
    }

    /// The sign of a label, or of one of its types.
    pub fn of_label(schema: &Schema, label: &str, kind: Option<&str>) -> Self {
        let first = |name: &str| name.chars().next().unwrap_or('?');
        let Some(known) = schema.label(label) else { return Self { mark: None, color: None, letter: first(label) } };
        let kind = kind.and_then(|kind| known.type_by_id(kind));
        let (color, letter) = match kind {
            Some(kind) => (kind.color, kind.key.unwrap_or_else(|| first(&kind.name))),
            None => (known.color, known.key.unwrap_or_else(|| first(&known.name))),
        };
        Self { mark: Some(known.mark), color: Some(color), letter: letter.to_uppercase().next().unwrap_or(letter) }
    }

    /// Draws the sign into a rectangle of the size [`SWATCH`].
    pub fn paint(self, painter: &Painter, rect: Rect, theme: &Theme) {
        let color = theme.label(self.color);
        let (mut center, mut ink) = (rect.center(), theme.ink);
        match self.mark {
            Some(Mark::Fill) => {
                painter.rect_filled(rect, CornerRadius::same(3), theme.fill(self.color));
                if theme.dark {
                    let bar = Rect::from_min_max(Pos2::new(rect.left(), rect.bottom() - 2.0), rect.max);
                    painter.rect_filled(bar, CornerRadius::same(1), color);
                }
            }
            Some(line) => {
                center.y -= 2.0;
                ink = theme.label_text(self.color);
                paint_line(painter, line, rect, color);
            }
            None => {
                painter.rect_stroke(rect, 3.0, Stroke::new(1.0, theme.faded), egui::StrokeKind::Inside);
            }
        }
        painter.text(center, Align2::CENTER_CENTER, self.letter, FontId::proportional(SMALL), ink);
    }

    /// Adds the sign to a row of widgets.
    pub fn show(self, ui: &mut Ui, theme: &Theme) -> Response {
        let (rect, response) = ui.allocate_exact_size(SWATCH, Sense::hover());
        self.paint(ui.painter(), rect, theme);
        response
    }
}

fn paint_line(painter: &Painter, mark: Mark, rect: Rect, color: Color32) {
    let y = rect.bottom() - 1.5;
    let ends = [Pos2::new(rect.left() + 1.0, y), Pos2::new(rect.right() - 1.0, y)];
    let stroke = Stroke::new(2.0, color);
    match mark {
        Mark::Dashed => painter.extend(Shape::dashed_line(&ends, stroke, 4.0, 3.0)),
        Mark::Dotted => painter.extend(Shape::dotted_line(&ends, color, 4.0, 1.1)),
        Mark::Double => {
            let thin = Stroke::new(1.0, color);
            painter.line_segment(ends, thin);
            painter.line_segment(ends.map(|end| end - vec2(0.0, 3.0)), thin);
        }
        Mark::Solid | Mark::Fill => {
            painter.line_segment(ends, stroke);
        }
    }
}

/// Draws the state of an article: a ring (new), a ring with a core (in progress), a tick (done), a dash (skipped).
pub fn status_sign(painter: &Painter, center: Pos2, status: Option<Status>, theme: &Theme) {
    const RADIUS: f32 = 5.0;
    match status {
        None => {
            painter.circle_filled(center, 1.5, theme.faded);
        }
        Some(Status::New) => {
            painter.circle_stroke(center, RADIUS, Stroke::new(1.2, theme.faded));
        }
        Some(Status::InProgress) => {
            painter.circle_stroke(center, RADIUS, Stroke::new(1.2, theme.accent));
            painter.circle_filled(center, 2.4, theme.accent);
        }
        Some(Status::Done) => {
            painter.circle_filled(center, RADIUS + 0.6, theme.good);
            let tick = vec![center + vec2(-2.6, 0.1), center + vec2(-0.7, 2.1), center + vec2(2.7, -2.0)];
            painter.add(Shape::line(tick, Stroke::new(1.5, theme.paper)));
        }
        Some(Status::Skipped) => {
            painter.circle_stroke(center, RADIUS, Stroke::new(1.2, theme.faded));
            painter.line_segment([center - vec2(2.6, 0.0), center + vec2(2.6, 0.0)], Stroke::new(1.4, theme.faded));
        }
    }
}

/// Adds the state of an article to a row of widgets.
pub fn status_sign_ui(ui: &mut Ui, status: Option<Status>, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(13.0, 16.0), Sense::hover());
    status_sign(ui.painter(), rect.center(), status, theme);
}

/// A sign on a small button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Takes away or closes.
    Cross,
    /// To what is before.
    Up,
    /// To what comes after.
    Down,
    /// Is switched on.
    Tick,
}

impl Icon {
    /// Paints it around a place.
    pub fn paint(self, painter: &Painter, center: Pos2, color: Color32) {
        let stroke = Stroke::new(1.3, color);
        let arm = 3.4;
        match self {
            Self::Cross => {
                painter.line_segment([center - vec2(arm, arm), center + vec2(arm, arm)], stroke);
                painter.line_segment([center - vec2(arm, -arm), center + vec2(arm, -arm)], stroke);
            }
            Self::Tick => {
                painter.line_segment([center + vec2(-4.0, 0.0), center + vec2(-1.2, 3.0)], stroke);
                painter.line_segment([center + vec2(-1.2, 3.0), center + vec2(4.4, -3.6)], stroke);
            }
            Self::Up | Self::Down => {
                let tip = if self == Self::Up { -2.0 } else { 2.0 };
                let line = vec![center + vec2(-4.0, -tip), center + vec2(0.0, tip), center + vec2(4.0, -tip)];
                painter.add(Shape::line(line, stroke));
            }
        }
    }
}

/// Adds a small button with a sign; `name` is what a screen reader says and the tool tip shows.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, enabled: bool) -> Response {
    let button = egui::Button::new("").frame_when_inactive(false).min_size(vec2(20.0, 20.0));
    let response = ui.add_enabled(enabled, button);
    if ui.is_rect_visible(response.rect) {
        let color = ui.style().interact(&response).fg_stroke.color;
        let color = if enabled { color } else { color.gamma_multiply(0.4) };
        icon.paint(ui.painter(), response.rect.center(), color);
    }
    response.on_hover_text(name).accessible_name(name)
}

/// A line of words, cut with `…` where it ends when it is wider than `width`.
pub fn elided(ui: &Ui, words: impl Into<String>, size: f32, color: Color32, width: f32) -> Arc<Galley> {
    let font = FontId::proportional(size);
    let words = words.into();
    if !has_right_to_left(&words) {
        return clamped(ui, words, font, color, (width, 1));
    }
    // egui would cut at the right, where these words begin.
    let whole = clamped(ui, visual(&words), font.clone(), color, (f32::INFINITY, 1));
    if whole.size().x <= width {
        return whole;
    }
    let chars = words.chars().count();
    let mut keep = (chars as f32 * width.max(0.0) / whole.size().x) as usize;
    loop {
        let mut head: String = words.chars().take(keep).collect();
        head.truncate(head.trim_end().len());
        head.push('…');
        let galley = clamped(ui, visual(&head), font.clone(), color, (f32::INFINITY, 1));
        if keep == 0 || galley.size().x <= width {
            return galley;
        }
        keep -= (keep / 12).max(1);
    }
}

/// A file's name on one line, cut in its middle: names of a dataset often differ in the number at their end.
pub fn elided_name(ui: &Ui, name: &str, size: f32, color: Color32, width: f32) -> Arc<Galley> {
    const TAIL: usize = 10;
    let plain = elided(ui, name, size, color, width);
    let chars: Vec<char> = name.chars().collect();
    if !plain.elided || has_right_to_left(name) || chars.len() < 2 * TAIL {
        return plain;
    }
    let tail: String = chars[chars.len() - TAIL..].iter().collect();
    let whole = clamped(ui, name.to_owned(), FontId::proportional(size), color, (f32::INFINITY, 1)).size().x;
    let most = (chars.len() as f32 * width.max(0.0) / whole) as usize;
    for keep in (4..(most + 4).saturating_sub(TAIL).min(chars.len() - TAIL)).rev() {
        let head: String = chars[..keep].iter().collect();
        let short = format!("{head}…{tail}");
        let galley = clamped(ui, short, FontId::proportional(size), color, (f32::INFINITY, 1));
        if galley.size().x <= width {
            return galley;
        }
    }
    plain
}

/// Words on at most so many lines of a width, cut with `…` at the end.
pub fn paragraph(ui: &Ui, words: impl Into<String>, color: Color32, width: f32, rows: usize) -> Arc<Galley> {
    let font = FontId::proportional(BODY + 0.5);
    let words = words.into();
    if !has_right_to_left(&words) {
        return clamped(ui, words, font, color, (width, rows));
    }
    // Lines are broken in the order of reading, then each is put in the order of the screen.
    let fits = |line: &str| clamped(ui, visual(line), font.clone(), color, (f32::INFINITY, 1)).size().x <= width;
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in words.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || fits(&longer) {
            line = longer;
        } else if lines.len() + 1 < rows {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        } else {
            line.push('…');
            break;
        }
    }
    lines.push(line);
    let shown: Vec<_> = lines.iter().map(|line| visual(line)).collect();
    clamped(ui, shown.join("\n"), font, color, (f32::INFINITY, rows))
}

fn clamped(ui: &Ui, words: impl Into<String>, font: FontId, color: Color32, size: (f32, usize)) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(words.into(), TextFormat::simple(font, color));
    job.wrap.max_width = size.0.max(0.0);
    job.wrap.max_rows = size.1;
    job.wrap.break_anywhere = size.1 == 1;
    ui.painter().layout_job(job)
}

/// How high a list that opens may be before it scrolls.
pub fn list_height(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().height() * 0.6).max(200.0)
}

/// Gives the fields and boxes that follow in this `Ui` a hair line, so that they stand out from the desk in both themes.
pub fn outline_fields(ui: &mut Ui, theme: &Theme) {
    ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::new(1.0, theme.rule);
}

/// Paints a galley centred on a row, its left edge at `x`.
pub fn on_row(painter: &Painter, row: Rect, x: f32, galley: Arc<Galley>, color: Color32) {
    let y = row.center().y - galley.size().y / 2.0;
    painter.galley(Pos2::new(x, y), galley, color);
}

/// Paints what lies behind a row of a list: chosen, hovered, in the keyboard's focus.
pub fn row_ground(painter: &Painter, rect: Rect, response: &Response, chosen: bool, theme: &Theme) {
    let ground = if chosen {
        Some(theme.selection)
    } else if response.hovered() {
        Some(mix(theme.desk, theme.ink, 0.06))
    } else {
        None
    };
    let corners = CornerRadius::same(4);
    if let Some(ground) = ground {
        painter.rect_filled(rect, corners, ground);
    }
    if response.has_focus() {
        painter.rect_stroke(rect, corners, Stroke::new(1.0, theme.accent), egui::StrokeKind::Inside);
    }
}
