//! The reading pane: the article as a printed page, with its marks.
//!
//! Holds what dies with it (scroll place, drags, pictures on the graphics card); everything else it reads from the
//! [`Scene`] and changes by actions. A frame touches only what is in view.

mod access;
mod arcs;
mod caret;
mod drag;
mod edges;
mod figures;
mod highlights;
mod margin;
mod page;
mod palette;
mod picture;
mod pointer;
mod signs;
mod strip;
mod textures;

use std::sync::Arc;

use egui::{Pos2, Rect, Sense, Ui, Vec2, pos2, vec2};

pub use caret::{Motion, Vertical};
pub use drag::Edge;
pub use page::Page;
pub use pointer::moved_edge;

use super::command::Action;
use super::scene::Scene;
use super::view::Selection;
use crate::article::Article;
use crate::model::{Id, Span};
use crate::typeset::{Column, Counts, Fonts, Measure, Place, Setter, Visible};

/// Room for labels beside the text, in points.
const MARGIN: f32 = 168.0;
/// Room for the strip and the scroll bar, in points.
const STRIP: f32 = 26.0;

/// The reading pane's own state.
pub struct Pane {
    fonts: Fonts,
    open: Option<Open>,
    drag: drag::Drag,
    hovered: Option<Id>,
    reveal: Option<Span>,
    scroll_to: Option<f64>,
    counts: Counts,
    focus_wanted: bool,
    /// The x that up and down keep to, in physical pixels.
    goal: Option<f32>,
}

/// What belongs to the article in view.
struct Open {
    article: Arc<Article>,
    setter: Setter,
    column: Column,
    place: Place,
    textures: textures::Textures,
    highlights: highlights::Cache,
    figures: figures::Figures,
    strip: strip::Cache,
    /// Where the page lay in the last frame, and what stood in view.
    painted: Option<(Frame, Vec<Visible>)>,
}

impl Pane {
    /// A pane that sets with these fonts.
    pub fn new(fonts: Fonts) -> Self {
        Self {
            fonts,
            open: None,
            drag: drag::Drag::None,
            hovered: None,
            reveal: None,
            scroll_to: None,
            counts: Counts::default(),
            focus_wanted: true,
            goal: None,
        }
    }

    /// Sets everything anew with other fonts.
    pub fn set_fonts(&mut self, fonts: Fonts) {
        self.fonts = fonts;
        if let Some(open) = &mut self.open {
            open.forget(self.fonts.clone());
        }
    }

    /// Scrolls so that a stretch of text can be seen.
    pub fn reveal(&mut self, span: Span) {
        self.reveal = Some(span);
    }

    /// Takes the keyboard.
    pub fn focus(&mut self) {
        self.focus_wanted = true;
    }

    /// What the last frame set and drew.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The page as the last frame painted it: where bytes and marks lie in the window.
    pub fn page(&self) -> Option<Page<'_>> {
        let open = self.open.as_ref()?;
        let (frame, visible) = open.painted.as_ref()?;
        Some(Page::new(*frame, &open.setter, &open.column, visible, &open.highlights))
    }

    /// The annotation under the pointer.
    pub fn hovered(&self) -> Option<&Id> {
        self.hovered.as_ref()
    }

    /// A character that no font has, where the article holds one.
    pub fn missing(&self) -> Option<char> {
        self.open.as_ref().and_then(|open| open.setter.missing())
    }

    /// The bytes that are in view.
    pub fn visible_span(&self) -> Option<Span> {
        self.open.as_ref().and_then(|open| open.highlights.visible())
    }

    /// Scrolls by a part of the view, down if positive.
    pub fn scroll_by(&mut self, pixels: f32) {
        if let Some(open) = &mut self.open {
            open.place.offset += pixels;
        }
    }

    /// The pane's id, that has the focus while the keyboard is the article's.
    pub fn id() -> egui::Id {
        egui::Id::unique("reading pane")
    }

    /// The scroll bar's id.
    pub fn scroll_bar_id() -> egui::Id {
        egui::Id::unique("scroll bar")
    }

    /// Whether the system's fonts are at hand.
    pub fn has_system_fonts(&self) -> bool {
        self.fonts.has_system()
    }

    /// Paints the article and takes the pointer's doings.
    pub fn pane_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
        let rect = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(rect, Sense::hover());
        ui.painter().rect_filled(rect, 0.0, scene.theme.paper);
        let Some(document) = scene.document else {
            self.open = None;
            return;
        };
        let scale = ui.ctx().pixels_per_point();
        let frame = Frame::new(rect, scale);
        self.take_up(document.article(), frame.measure, scene);
        let Some(open) = &mut self.open else { return };

        if response.contains_pointer() {
            let turned = ui.input(|input| input.smooth_scroll_delta().y);
            if turned != 0.0 {
                open.place.offset -= turned * scale;
                ui.input_mut(|input| input.smooth_scroll_delta = Vec2::ZERO);
            }
        }
        if let Some(height) = self.scroll_to.take() {
            open.place = open.column.place_at(height);
        }
        open.setter.collect(&mut open.column);
        let height = rect.height() * scale;
        let mut visible = open.column.view(&mut open.setter, &mut open.place, height);
        if let Some(span) = self.reveal.take()
            && open.bring_into_view(span, height)
        {
            visible = open.column.view(&mut open.setter, &mut open.place, height);
        }
        if open.figures.fit(&mut open.column, &visible, &open.article, scene, ui.ctx()) {
            visible = open.column.view(&mut open.setter, &mut open.place, height);
        }
        open.textures.upload(ui.ctx(), &mut open.setter, &open.column, &visible, height);
        open.highlights.update(scene, &open.setter, &open.column, &visible);
        let nearby = open.column.nearby(&visible, height);
        open.setter.ahead(&open.column, nearby, |band| open.textures.has(band));
        self.counts = open.setter.take_counts();

        let page = Page::new(frame, &open.setter, &open.column, &visible, &open.highlights);
        let painter = ui.painter_at(rect);
        page.paint_under(&painter, scene, &self.drag);
        open.textures.paint(&painter, &page, scene.theme);
        open.figures.paint(&painter, &page, scene);
        page.paint_over(
            &painter,
            scene,
            &self.drag,
            self.hovered.as_ref(),
            ui.memory(|memory| memory.has_focus(Self::id())),
        );

        let mut hover = None;
        // Labels come after the page, so that a click on one is theirs.
        let response = pointer::response(ui, frame.rect);
        page.tell_sign(&response, &open.article.text);
        let bar = strip::strip_ui(ui, &page, scene, &mut open.strip, &open.column, open.place);
        let labels = margin::margin_ui(ui, &page, scene, actions, &mut hover);
        let mut pointer =
            pointer::Pointer { page: &page, scene, drag: &mut self.drag, hovered: &mut hover, labels: &labels };
        let scrolled = pointer.pointer_ui(ui, &response, actions);
        actions.extend(unseen(&self.drag, &open.article, &scene.view.selection));
        arcs::paint(&painter, &page, scene, hover.as_ref().or(self.hovered.as_ref()));
        palette::palette_ui(ui, &page, scene, &self.drag, actions);
        access::access_ui(ui, &page, scene);
        open.painted = Some((frame, visible));
        if hover != self.hovered {
            self.hovered = hover;
            ui.ctx().request_repaint();
        }
        self.scroll_to = bar;
        if let Some(pixels) = scrolled {
            open.place.offset += pixels;
            ui.ctx().request_repaint();
        }
        if std::mem::take(&mut self.focus_wanted) {
            ui.memory_mut(|memory| memory.request_focus(Self::id()));
        }
    }

    /// Follows the scene to another article, width or scale.
    fn take_up(&mut self, article: &Arc<Article>, measure: Measure, _scene: &Scene<'_>) {
        match &mut self.open {
            Some(open) if Arc::ptr_eq(&open.article, article) => {
                if open.column.measure() != measure {
                    open.column.set_measure(measure);
                    open.forget(self.fonts.clone());
                }
            }
            _ => {
                self.drag = drag::Drag::None;
                self.hovered = None;
                self.open = Some(Open {
                    setter: Setter::new(self.fonts.clone(), article.clone()),
                    column: Column::new(article, measure),
                    article: article.clone(),
                    place: Place::default(),
                    textures: textures::Textures::default(),
                    highlights: highlights::Cache::default(),
                    figures: figures::Figures::default(),
                    strip: strip::Cache::default(),
                    painted: None,
                });
            }
        }
    }

    /// Where the caret goes for a motion that follows lines on the page.
    pub fn vertical(&mut self, byte: u32, motion: Vertical) -> Option<u32> {
        let open = self.open.as_mut()?;
        caret::vertical(&mut open.setter, &mut open.column, byte, &mut self.goal, motion)
    }

    /// Forgets the x that up and down keep to.
    pub fn forget_goal(&mut self) {
        self.goal = None;
    }
}

impl Open {
    fn forget(&mut self, fonts: Fonts) {
        self.setter.forget(fonts);
        self.textures = textures::Textures::default();
        self.highlights = highlights::Cache::default();
        self.figures.forget_sizes();
        self.painted = None;
    }

    /// Moves the place so that a span can be seen; false if it can be seen already.
    fn bring_into_view(&mut self, span: Span, height: f32) -> bool {
        let chunk = self.column.chunk_at(span.start());
        self.setter.ensure(&mut self.column, &[chunk]);
        let Some(paragraph) = self.setter.get(chunk) else { return false };
        let (_, line) = paragraph.caret(span.start());
        let Some(line) = paragraph.lines().get(line).copied() else { return false };
        let at = Place { chunk, offset: line.top + self.column.above(chunk) };
        let below = self.column.height_before(at) - self.column.height_before(self.place);
        let room = f64::from(line.bottom - line.top);
        if below > room && below < f64::from(height) - 2.5 * room {
            return false;
        }
        self.place = at;
        self.place.offset -= if (-f64::from(height)..0.0).contains(&below) && below > -room * 4.0 {
            line.bottom - line.top
        } else if below >= 0.0 && below < f64::from(height) + room * 4.0 {
            height - 3.0 * (line.bottom - line.top)
        } else {
            height / 3.0
        };
        true
    }
}

/// Lets go of a stretch that shows nothing, such as markup that the caret went through: a mark on it could not be seen.
fn unseen(drag: &drag::Drag, article: &Article, selection: &Selection) -> Option<Action> {
    if *drag != drag::Drag::None {
        return None;
    }
    let hand = selection.current(&article.text);
    let caret = Selection { pieces: selection.pieces.clone(), ..Selection::caret(selection.focus) };
    (!hand.is_empty() && !article.shows(hand.start()..hand.end())).then_some(Action::Select(caret))
}

/// Where the page lies in the window.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The whole pane, in points.
    pub rect: Rect,
    /// Physical pixels to a point.
    pub scale: f32,
    /// The measure of the text.
    pub measure: Measure,
    /// Left edge of the text, in points, on a whole pixel.
    pub left: f32,
    /// Whether labels stand beside the text.
    pub margin: bool,
}

impl Frame {
    fn new(rect: Rect, scale: f32) -> Self {
        let side = 28.0;
        let margin = rect.width() > 560.0;
        let room = rect.width() - STRIP - 2.0 * side - if margin { MARGIN - side } else { 0.0 };
        let measure = Measure::fit(scale, room * scale);
        let text = measure.width / scale;
        // The text stands in the middle, or near it if there are labels: those want some of what is spare.
        let middle = (rect.width() - STRIP - text) / 2.0;
        let labelled = rect.width() - STRIP - text - if margin { MARGIN } else { 0.0 };
        let left = rect.left() + middle.min(labelled * 0.8).max(side);
        Self { rect, scale, measure, left: (left * scale).round() / scale, margin }
    }

    /// Physical pixels of the page to points of the window; whole pixels stay whole.
    pub fn point(&self, x: f32, y: f32) -> Pos2 {
        pos2(self.left + x / self.scale, self.rect.top() + y.round() / self.scale)
    }

    /// Points of the window to physical pixels of the page.
    pub fn pixel(&self, at: Pos2) -> Vec2 {
        vec2(at.x - self.left, at.y - self.rect.top()) * self.scale
    }
}
