//! The mouse in a window without a display: wheel, clicks and drags, at places that come from the page itself.

use egui::{Event, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use pressmark::model::Span;

use crate::window::Window;

impl Window {
    /// Turns the wheel until the place is in view.
    #[track_caller]
    pub fn show(&mut self, span: Span) {
        for _ in 0..400 {
            let page = self.app().page().expect("the page is painted");
            let frame = page.frame.rect.shrink2(vec2(0.0, 2.0));
            match page.rects(span).first() {
                Some(rect) if frame.contains_rect(*rect) => return,
                _ => self.scroll(-200.0),
            }
        }
        panic!("{span:?} does not come into view");
    }

    /// Turns the wheel over the article; down is negative.
    pub fn scroll(&mut self, points: f32) {
        let at = self.harness.get_by_label("Article text").rect().center();
        self.harness.hover_at(at);
        self.harness.event(Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, points),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        self.settle();
    }

    /// Box of the character that begins at a byte.
    pub fn letter(&self, byte: u32) -> Rect {
        let article = self.text();
        let length = article.text[byte as usize..].chars().next().map_or(0, char::len_utf8) as u32;
        let page = self.app().page().expect("the page is painted");
        *page.rects(Span::new(byte, byte + length)).first().expect("the letter is in view")
    }

    /// The middle of the character that begins at a byte.
    pub fn middle(&self, byte: u32) -> Pos2 {
        self.letter(byte).center()
    }

    /// A place on a character: 0 where it begins as one reads it, 1 where it ends.
    pub fn edge(&self, byte: u32, part: f32) -> Pos2 {
        let rect = self.letter(byte);
        let article = self.text();
        let c = article.text[byte as usize..].chars().next().unwrap_or_default();
        let leftward = matches!(c as u32, 0x0590..=0x08FF);
        pos2(egui::lerp(rect.x_range(), if leftward { 1.0 - part } else { part }), rect.center().y)
    }

    /// Presses and releases the button of the mouse.
    pub fn click_at(&mut self, at: Pos2, modifiers: Modifiers, times: usize) {
        // Clicks of a while ago are not to be counted with these.
        self.harness.run_steps(60);
        self.harness.event(Event::ModifiersChanged(modifiers));
        self.harness.hover_at(at);
        for _ in 0..times {
            self.button(at, true, modifiers);
            self.button(at, false, modifiers);
        }
        self.harness.event(Event::ModifiersChanged(Modifiers::NONE));
        self.settle();
    }

    fn button(&self, pos: Pos2, pressed: bool, modifiers: Modifiers) {
        self.harness.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers });
    }

    /// Drags from one place to another in a few moves.
    pub fn drag(&mut self, from: Pos2, to: Pos2, modifiers: Modifiers) {
        self.harness.run_steps(60);
        self.harness.event(Event::ModifiersChanged(modifiers));
        self.harness.hover_at(from);
        self.button(from, true, modifiers);
        for step in 1..=4 {
            self.harness.hover_at(from.lerp(to, step as f32 / 4.0));
        }
        self.button(to, false, modifiers);
        self.harness.event(Event::ModifiersChanged(Modifiers::NONE));
        self.settle();
    }

    /// Selects from inside the first letter of some words to inside their last one.
    pub fn drag_over(&mut self, span: Span, modifiers: Modifiers) {
        self.show(span);
        let article = self.text();
        let words = span.slice(&article.text).expect("a span of the text");
        let last = words.char_indices().next_back().map_or(0, |(at, _)| at) as u32;
        let (from, to) = (self.edge(span.start(), 0.2), self.edge(span.start() + last, 0.8));
        self.drag(from, to, modifiers);
    }
}
