//! Going through articles, marks and search hits.

use egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::window::{CTRL, SHIFT, Window};

const NEWS: &str = "Ada met Charles. Ada left.\n\nCharles stayed with ADA.\n";

#[test]
fn n_and_p_go_through_the_articles_and_stop_at_the_ends() {
    let mut window = Window::with_files(&[("a.txt", "One."), ("b.txt", "Two."), ("c.txt", "Three.")]);
    window.key(Key::N);
    assert_eq!(window.article(), "b.txt");
    window.press(CTRL, Key::PageDown);
    assert_eq!(window.article(), "c.txt");
    assert!(window.has("Three."), "its text is in view");
    window.key(Key::N);
    assert_eq!((window.article().as_str(), window.message()), ("c.txt", "This is the last article."));
    window.press(CTRL, Key::PageUp);
    assert_eq!(window.article(), "b.txt");
    window.key(Key::P);
    assert_eq!(window.article(), "a.txt");
}

#[test]
fn a_change_is_saved_when_the_next_article_opens_and_is_there_on_return() {
    let mut window = Window::with_files(&[("a.txt", NEWS), ("b.txt", "Two.")]);
    window.tag("Charles", &[Key::Num1]);
    window.key(Key::N);
    assert!(window.root.join("a.txt.eve.ron").exists());
    window.key(Key::P);
    assert_eq!(window.marks(), ["entity:person: Charles"]);
}

#[test]
fn an_edit_is_saved_by_itself() {
    let mut window = Window::with_text(NEWS);
    window.tag("Charles", &[Key::Num1]);
    let sidecar = window.root.join("a.txt.eve.ron");
    window.until("the sidecar is there", |_| sidecar.exists());
    window.until("the status bar says so", |window| window.has("saved"));
    assert_eq!(window.read_back().len(), 1);
}

#[test]
fn j_and_k_go_through_the_marks() {
    let mut window = Window::seeds("ada", "border-fraud-talks.txt");
    let first: Vec<String> = window.document().layer().annotations().take(3).map(|it| it.id.to_string()).collect();
    let chosen = |window: &Window| window.chosen().map(|it| it.id.to_string());
    for id in &first {
        window.key(Key::J);
        assert_eq!(chosen(&window).as_ref(), Some(id));
    }
    window.key(Key::K);
    assert_eq!(chosen(&window).as_ref(), Some(&first[1]));
    window.keys(&[Key::K, Key::K]);
    assert_eq!(window.message(), "This is the first mark.");
    assert_eq!(chosen(&window).as_ref(), Some(&first[0]));
}

#[test]
fn a_mark_far_down_comes_into_view_when_it_is_gone_to() {
    let mut window = Window::seeds("ada", "long-read-river.txt");
    window.press(CTRL, Key::End);
    window.key(Key::K);
    let mark = window.chosen().expect("the last mark");
    let seen = window.app().page().expect("a page").boxes(&mark.id);
    assert!(seen.iter().any(|rect| window.harness.ctx.content_rect().contains_rect(*rect)), "{seen:?}");
}

#[test]
fn d_marks_the_article_done_and_the_list_says_so() {
    let mut window = Window::with_text(NEWS);
    assert!(window.has("a.txt, new, 0 marks"));
    window.tag("Charles", &[Key::Num1]);
    assert!(window.has("a.txt, in progress, 1 mark"));
    window.key(Key::D);
    assert!(window.has("a.txt, done, 1 mark"));
    assert!(window.has("1 of 1 done"));
    assert_eq!(window.saved().head().status.id(), "done");
    window.key(Key::D);
    assert!(window.has("a.txt, in progress, 1 mark"));
}

#[test]
fn an_article_without_marks_can_be_done() {
    let mut window = Window::with_text("Nothing to see.\n");
    window.key(Key::D);
    assert!(window.has("a.txt, done, 0 marks"));
    let saved = window.saved();
    assert_eq!((saved.head().status.id(), saved.len()), ("done", 0));
}

#[test]
fn ctrl_f_finds_f3_goes_on_and_escape_keeps_the_mark_chosen() {
    let mut window = Window::with_text(NEWS);
    window.tag("Charles", &[Key::Num1]);
    let id = window.app().view().chosen.clone();
    window.press(CTRL, Key::F);
    let field = "Find in the article";
    assert!(window.harness.get_by_label(field).is_focused());
    window.harness.get_by_label(field).type_text("nowhere");
    window.settle();
    assert!(window.says("not found"));
    assert_eq!(window.app().view().chosen, id);
    window.key(Key::Escape);
    assert!(window.app().view().search.is_none(), "Esc closes the search");
    assert_eq!(window.app().view().chosen, id, "and the chosen mark stays");

    window.press(CTRL, Key::F);
    for _ in 0..10 {
        window.key(Key::Backspace);
    }
    window.harness.get_by_label(field).type_text("ada");
    window.settle();
    assert!(window.has("1 of 3") || window.has("2 of 3"), "case does not count");
    let at = |window: &Window| window.app().view().search.as_ref().map(|search| search.at);
    let first = at(&window).expect("a hit");
    for step in 1..=3 {
        window.key(Key::F3);
        assert_eq!(at(&window), Some((first + step) % 3));
        assert_eq!(window.selected().concat().to_lowercase(), "ada");
    }
    window.press(SHIFT, Key::F3);
    assert_eq!(at(&window), Some((first + 2) % 3));
    assert_eq!(window.marks(), ["entity:person: Charles"], "letters of the search tag nothing");
    window.key(Key::Escape);
    window.tag("ADA", &[Key::Num1]);
}

#[test]
fn switching_the_annotator_shows_that_ones_layer() {
    let mut window = Window::seeds("ada", "border-fraud-talks.txt");
    let ada = window.marks();
    window.click("Annotator: ada");
    for _ in 0..3 {
        window.key(Key::Backspace);
    }
    window.harness.get_by_label("Name of the annotator").type_text("ben");
    window.settle();
    window.key(Key::Enter);
    window.until("the other layer is open", |window| window.has("Annotator: ben") && window.app().is_idle());
    assert_eq!(window.document().layer().head().annotator, "ben");
    assert_ne!(window.marks(), ada);
    assert_eq!(window.app().workspace().and_then(|it| it.read_only()), None);
}
