//! An article that was edited in another program, in the window: what was found again is gone through by keys and
//! buttons, taken over in one step, and what waits can be placed later.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::window::{CTRL, CTRL_SHIFT, Opening, Window};

const BEFORE: &str = "Ada met Zoe. Ben said “we stay”. Then they left for Bern.\n";
const AFTER: &str = "Late news. Ada met them. Ben said “we may stay”. Then they left for Bern.\n";

/// Four marks on an article that was edited since.
fn edited() -> Window {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.txt"), BEFORE).expect("an article");
    let mut window = Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() });
    for (words, key) in [("Ada", Key::Num1), ("Zoe", Key::Num1), ("“we stay”", Key::Q), ("Bern", Key::Num3)] {
        window.tag(words, &[key]);
    }
    let folder = window.close();
    std::fs::write(folder.path().join("a.txt"), AFTER).expect("the article is edited");
    Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() })
}

/// What is marked, in reading order; then what waits without a place.
fn texts(window: &Window) -> Vec<String> {
    let article = window.text();
    window.document().layer().annotations().map(|mark| mark.text(&article.text)).collect()
}

#[test]
fn what_was_found_again_is_decided_on_by_keys_and_taken_over_at_once() {
    let mut window = edited();
    let before = window.files();
    assert!(window.has("The article was edited"), "{}", window.message());
    assert!(window.says("2 marks were found again. 2 want a look, 0 of them decided on."));
    window.key(Key::J);
    assert!(window.has("Before") && window.has("Now"), "old and new stand side by side");
    assert!(window.says("Nothing in the article is like it."), "Zoe is gone");
    window.key(Key::Num1);
    assert!(window.message().contains("No place is offered") || window.says("0 of them decided on"));
    window.key(Key::O);
    assert!(window.says("1 of them decided on"));
    window.key(Key::Enter);
    assert!(window.says("2 of them decided on") && window.message().contains("All are decided on"));
    assert_eq!(window.files(), before, "nothing was written");
    window.press(CTRL, Key::Enter);
    window.settle();
    assert_eq!(texts(&window), ["Ada", "“we may stay”", "Bern", "Zoe"]);
    assert!(window.has("Without a place"), "what was kept waits in the list of marks");
    window.press(CTRL, Key::Z);
    assert_eq!(window.message(), "Undone: find places again");
    window.press(CTRL_SHIFT, Key::Z);
    let saved = window.saved();
    assert_eq!(saved.annotations().filter(|mark| mark.orphan().is_none()).count(), 3);
}

#[test]
fn what_waits_is_put_on_selected_text() {
    let mut window = edited();
    window.press(CTRL, Key::Enter);
    window.settle();
    window.click_containing("Person: Zoe");
    window.key(Key::S);
    assert!(window.message().contains("Select the text"), "{}", window.message());
    let them = window.find("them");
    window.drag_over(them, Modifiers::NONE);
    assert!(window.app().view().placing.is_some(), "the mark stays in hand while text is selected");
    window.key(Key::S);
    assert_eq!(window.message(), "Place person");
    assert_eq!(window.chosen_text(), "them");
    assert!(window.app().view().placing.is_none());
}

#[test]
fn places_are_taken_by_the_mouse_too() {
    let mut window = edited();
    window.click_containing("Quote: “we stay”, edited");
    window.click_containing("Place 1");
    assert!(window.says("1 of them decided on"));
    window.click_containing("Quote: “we stay”, edited");
    window.click("Decide later");
    assert!(window.says("0 of them decided on"));
    window.click_containing("Place 1");
    window.click("Take places over");
    window.settle();
    assert!(window.harness.query_by_label("The article was edited").is_none());
    assert_eq!(texts(&window), ["Ada", "“we may stay”", "Bern", "Zoe"]);
}

#[test]
fn versions_that_a_merge_kept_are_settled_in_the_details() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.txt"), BEFORE).expect("an article");
    let mut window = Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() });
    window.tag("Ada", &[Key::Num1]);
    let folder = window.close();
    let sidecar = folder.path().join("a.txt.eve.ron");
    let base = std::fs::read_to_string(&sidecar).expect("a sidecar");
    let side = |kind: &str| base.replace("person", kind);
    let path = std::path::Path::new("a.txt.eve.ron");
    let (ours, theirs) = (side("place"), side("organization"));
    let merged =
        pressmark::store::merge::merge_sidecars(Some((path, &base)), (path, &ours), (path, &theirs), path, None);
    std::fs::write(&sidecar, merged.expect("they merge").contents).expect("it is written");
    let mut window = Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() });
    assert!(window.message().contains("A merge kept two versions"), "{}", window.message());
    window.click_containing("Ada, A merge kept several versions");
    assert!(window.has("Label: Place") && window.has("Label: Organization"));
    window.click("Keep version 2");
    assert!(!window.has("A merge kept several versions"));
    assert_eq!(window.message(), "Settle two versions");
    let saved = window.saved();
    assert!(saved.annotations().all(|mark| mark.extra.as_ref().is_none_or(|extra| extra.conflict.is_empty())));
}
