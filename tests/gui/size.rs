//! What a frame does in a large article, in counts: paragraphs that it waited for, bands that it drew, nodes that it
//! made. Times belong to the benches.

#[path = "../../benches/generate/mod.rs"]
pub mod generate;

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::window::{CTRL, Opening, Window};

const BYTES: usize = 1 << 20;
const MARKS: usize = 10_000;
/// Paragraphs that the first frame may set: a few screens, far from the 4,000 of the article.
const FIRST: usize = 60;
/// Paragraphs and bands that one turn of the wheel may wait for.
const TURN: usize = 12;

/// A window on a large article, gone to from a small one so that every frame of it is looked at.
fn open(text: &str) -> Window {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.txt"), "Small.\n").expect("an article");
    generate::files::write(folder.path(), "large.txt", text, MARKS, 2);
    let opening = Opening { annotator: Some("bench"), article: Some("a.txt"), ..Opening::default() };
    let mut window = Window::open(folder, &opening);
    let mut fullest = busiest(&mut window, Modifiers::NONE, Key::N);
    for _ in 0..30_000 {
        if window.app().is_idle() && window.article() == "large.txt" {
            break;
        }
        window.harness.step();
        fullest = fullest.max(window.app().counts().set);
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    for _ in 0..4 {
        window.harness.step();
        fullest = fullest.max(window.app().counts().set);
    }
    assert!((1..FIRST).contains(&fullest), "a frame set {fullest} paragraphs");
    window.settle();
    assert_eq!(window.document().layer().len(), MARKS);
    window
}

/// Presses a key, one event a frame; the most paragraphs and bands that one of the frames waited for.
fn busiest(window: &mut Window, modifiers: Modifiers, key: Key) -> usize {
    let press = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    let events = [Event::ModifiersChanged(modifiers), press, Event::ModifiersChanged(Modifiers::NONE)];
    let mut most = 0;
    let mut step = |window: &mut Window| {
        window.harness.step();
        let counts = window.app().counts();
        most = most.max(counts.set.max(counts.drawn));
    };
    for event in events {
        window.harness.event(event);
        step(window);
    }
    for _ in 0..4 {
        step(window);
    }
    most
}

/// Scrolls through some screens; no frame waits for more than what came into view.
#[track_caller]
fn scroll_costs_what_is_visible(window: &mut Window) {
    let at = window.harness.get_by_label("Article text").rect().center();
    window.harness.hover_at(at);
    window.harness.step();
    let before = window.app().page().and_then(|page| page.visible.first().map(|seen| seen.chunk));
    for _ in 0..120 {
        window.harness.event(Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -120.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        window.harness.step();
        let counts = window.app().counts();
        assert!(counts.set <= TURN && counts.drawn <= TURN, "a frame waited for {counts:?}");
        let nodes = window.harness.root().children_recursive().count();
        assert!(nodes < 4_000, "{nodes} accessible nodes");
    }
    let after = window.app().page().and_then(|page| page.visible.first().map(|seen| seen.chunk));
    assert_ne!(before, after, "it did scroll");
}

/// Goes to the end and back, and marks there: a jump sets at most a few screens, a mark nothing.
#[track_caller]
fn jumps_and_tags(window: &mut Window) {
    for key in [Key::End, Key::Home, Key::End] {
        let most = busiest(window, CTRL, key);
        assert!(most < FIRST, "a jump waited for {most}");
    }
    window.keys(&[Key::K, Key::Escape, Key::Escape, Key::G]);
    let marks = window.document().layer().len();
    let most = busiest(window, Modifiers::NONE, Key::X);
    assert_eq!(most, 0, "a mark sets nothing anew");
    assert_eq!(window.document().layer().len(), marks + 1, "{}", window.message());
    assert_eq!(busiest(window, CTRL, Key::Z), 0, "nor does taking it back");
    assert_eq!(window.document().layer().len(), marks);
}

#[test]
fn a_large_article_costs_what_is_visible() {
    let mut window = open(&generate::article(BYTES, 1));
    scroll_costs_what_is_visible(&mut window);
    jumps_and_tags(&mut window);
}

#[test]
fn a_large_article_of_one_paragraph_costs_what_is_visible() {
    let mut window = open(&generate::single_paragraph(BYTES, 1));
    scroll_costs_what_is_visible(&mut window);
    jumps_and_tags(&mut window);
}
