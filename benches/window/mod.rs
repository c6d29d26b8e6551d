//! The app without a window: a context, input made up, frames run as `eframe` runs them, tessellation included.
//!
//! Every frame stands 1/60 s after the one before, however long it took; the pointer rests over the text.

#![allow(dead_code, reason = "each bench uses a part of its own")]

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use egui::{
    Context, Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, RawInput, Rect, pos2, vec2,
};
use pressmark::gui::settings::Settings;
use pressmark::gui::{App, Start};

/// The window's size in points.
const SIZE: egui::Vec2 = vec2(1280.0, 800.0);
/// Where the pointer rests: over the text, in the window's size.
const OVER: (f32, f32) = (0.45, 0.5);

/// An app and what its window would give it.
pub struct Window {
    pub ctx: Context,
    pub app: App,
    scale: f32,
    time: f64,
    pointer: Pos2,
    news: Receiver<()>,
    /// What stands on the screen of the article's pictures, from top to bottom.
    pictures: Vec<Rect>,
}

impl Window {
    /// A window that shows the sample corpus of a home folder.
    pub fn bare(home: &Path, scale: f32) -> Self {
        Self::with(home, None, scale)
    }

    /// A window on an article.
    pub fn open(home: &Path, article: &Path, scale: f32) -> Self {
        Self::with(home, Some(article), scale)
    }

    fn with(home: &Path, article: Option<&Path>, scale: f32) -> Self {
        let ctx = Context::default();
        let (sender, news) = channel();
        ctx.set_request_repaint_callback(move |_| {
            let _ = sender.send(());
        });
        let start = Start {
            path: article.map(Path::to_owned),
            annotator: Some("bench".to_owned()),
            login: "bench".to_owned(),
            data: home.join("data"),
        };
        let app = App::with(&ctx, start, Settings::default());
        let pointer = pos2(SIZE.x * OVER.0, SIZE.y * OVER.1);
        let mut window = Self { ctx, app, scale, time: 0.0, pointer, news, pictures: Vec::new() };
        window.frame(vec![Event::WindowFocused(true), Event::PointerMoved(pointer)]);
        window
    }

    /// One frame; returns what it took.
    pub fn frame(&mut self, events: Vec<Event>) -> Duration {
        self.time += 1.0 / 60.0;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time),
            focused: true,
            max_texture_side: Some(8192),
            events,
            ..RawInput::default()
        };
        input.viewports.entry(input.viewport_id).or_default().native_pixels_per_point = Some(self.scale);
        let began = Instant::now();
        let output = self.ctx.run_ui(input, |ui| self.app.frame(ui));
        self.pictures.clear();
        for clipped in &output.shapes {
            if let egui::Shape::Mesh(mesh) = &clipped.shape
                && mesh.texture_id != egui::TextureId::default()
            {
                self.pictures.push(mesh.calc_bounds());
            }
        }
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let took = began.elapsed();
        assert!(!meshes.is_empty());
        took
    }

    /// Whether there is a stretch of the page with nothing on it, higher than the space around a heading.
    pub fn is_blank(&self) -> bool {
        let mut pictures = self.pictures.clone();
        pictures.sort_by(|a, b| a.top().total_cmp(&b.top()));
        let Some(first) = pictures.first() else { return true };
        // Below an article's last line there may be a third of the page.
        let mut end = first.top().max(40.0);
        if first.top() > 120.0 {
            return true;
        }
        for picture in &pictures {
            if picture.top() > end + 60.0 {
                return true;
            }
            end = end.max(picture.bottom());
        }
        end < SIZE.y * 0.6
    }

    /// The first chunk in view, and where its lines begin.
    pub fn top(&self) -> Option<(usize, f32)> {
        self.app.page()?.visible.first().map(|seen| (seen.chunk, seen.top))
    }

    /// Whether the page is full of text down to its foot, less the space below a paragraph.
    pub fn is_full(&self) -> bool {
        let Some(page) = self.app.page() else { return false };
        let last = page.paragraphs().last();
        last.is_some_and(|(seen, it)| page.chunk_rect(seen, it).bottom() > page.frame.rect.bottom() - 40.0)
    }

    /// A key with what the frame for it takes.
    pub fn key(&mut self, key: Key, modifiers: Modifiers) -> Duration {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.frame(vec![event(true), event(false)])
    }

    /// The wheel, turned by so many points. Never inlined, so that a profiler can be told to count this alone.
    #[inline(never)]
    pub fn wheel(&mut self, points: f32) -> Duration {
        self.frame(vec![Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, points),
            phase: egui::TouchPhase::Move,
            source: MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        }])
    }

    /// Selects so many characters from the caret.
    pub fn select(&mut self, characters: usize) {
        for _ in 0..characters {
            self.key(Key::ArrowRight, Modifiers::SHIFT);
        }
    }

    /// A click at a place, in the window's size.
    pub fn click(&mut self, x: f32, y: f32) {
        self.press(pos2(SIZE.x * x, SIZE.y * y));
        self.rest();
    }

    /// A click on the scroll bar; returns what the frames took that came after the press.
    pub fn scroll_bar(&mut self, fraction: f32) -> Duration {
        let bar = self.app.scroll_bar().expect("an article is open");
        self.press(pos2(bar.center().x, egui::lerp(bar.top() + 2.0..=bar.bottom() - 2.0, fraction)))
    }

    fn press(&mut self, pos: Pos2) -> Duration {
        let button =
            |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.frame(vec![Event::PointerMoved(pos)]);
        // So long after the last click that it makes no double click.
        self.time += 1.0;
        self.frame(vec![button(true)]);
        let took = self.frame(vec![button(false)]) + self.frame(Vec::new());
        self.frame(vec![Event::PointerMoved(self.pointer)]);
        took
    }

    /// Frames until nothing is asked for any more.
    pub fn rest(&mut self) {
        self.wait(Duration::from_millis(25));
    }

    /// Frames on news, for a while.
    pub fn wait(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if self.news.recv_timeout(left.max(Duration::from_millis(1))).is_ok() {
                while self.news.try_recv().is_ok() {}
                self.frame(Vec::new());
            }
            if left.is_zero() {
                self.frame(Vec::new());
                return;
            }
        }
    }

    /// Frames until the article, its marks and the fonts are there.
    pub fn settle(&mut self) {
        let end = Instant::now() + Duration::from_mins(1);
        while !self.app.is_settled() {
            assert!(Instant::now() < end, "the window never settles");
            self.wait(Duration::from_millis(5));
        }
        self.wait(Duration::from_millis(200));
    }

    /// Opens an article: the time to the end of the first frame that shows its text, and what the frame takes that
    /// brings the marks.
    pub fn open_and_wait(&mut self, article: &Path) -> (Duration, Duration) {
        while self.news.try_recv().is_ok() {}
        let (began, before) = (Instant::now(), self.app.title());
        self.app.open_path(article);
        let end = Instant::now() + Duration::from_mins(1);
        let mut shown = None;
        loop {
            assert!(Instant::now() < end, "the article never comes");
            let _ = self.news.recv_timeout(Duration::from_millis(50));
            let took = self.frame(Vec::new());
            if shown.is_none() && self.app.title() != before && !self.is_blank() {
                shown = Some(began.elapsed());
            }
            if let Some(shown) = shown
                && self.app.marks() > 0
            {
                return (shown, took);
            }
        }
    }
}
