//! Annotating with the mouse alone.
//!
//! Places come from the page, a fifth into a letter where it matters which of two gaps is nearer.

use egui::{Key, Modifiers};
use pressmark::gui::pane::Edge;

use crate::disk::{links, told};
use crate::window::{CTRL, CTRL_SHIFT, SHIFT, Window};

const NONE: Modifiers = Modifiers::NONE;
const NEWS: &str = "Harbour talks fail\n\nSABLE BAY - Chen Hai met the port council on Monday. “We will stay,” he \
    said, “and we will talk.” The council closed the gate.\n\nNobody came.\n";

/// From the middle of one letter to the middle of another.
fn drag_letters(window: &mut Window, from: u32, to: u32, modifiers: Modifiers) {
    let (from, to) = (window.middle(from), window.middle(to));
    window.drag(from, to, modifiers);
}

#[test]
fn a_drag_takes_whole_words() {
    let mut window = Window::with_text(NEWS);
    let (from, to) = (window.find("hen Hai").start(), window.find("ai met").start());
    drag_letters(&mut window, from, to, NONE);
    assert_eq!(window.selected(), ["Chen Hai"]);
    drag_letters(&mut window, to, from, NONE);
    assert_eq!(window.selected(), ["Chen Hai"], "backwards too");
}

#[test]
fn a_drag_with_ctrl_takes_characters() {
    let mut window = Window::with_text(NEWS);
    let chen = window.find("Chen").start();
    let (from, to) = (window.edge(chen, 0.2), window.edge(chen + 2, 0.8));
    window.drag(from, to, CTRL);
    assert_eq!(window.selected(), ["Che"]);
}

#[test]
fn a_drag_crosses_lines_and_paragraphs() {
    let mut window = Window::with_text(NEWS);
    let (from, to) = (window.find("alks").start(), window.find("ABLE").start());
    drag_letters(&mut window, from, to, NONE);
    assert_eq!(window.selected(), ["talks fail\n\nSABLE"]);
}

#[test]
fn a_double_click_takes_the_word_wherever_on_it() {
    let mut window = Window::with_text(NEWS);
    let word = window.find("council");
    for byte in word.range() {
        for side in [0.2, 0.8] {
            let rect = window.letter(byte as u32);
            let at = egui::pos2(egui::lerp(rect.x_range(), side), rect.center().y);
            window.click_at(at, NONE, 2);
            assert_eq!(window.selected(), ["council"], "letter {} at {side}", byte - word.range().start);
        }
    }
}

#[test]
fn a_triple_click_takes_the_sentence() {
    let mut window = Window::with_text(NEWS);
    let at = window.middle(window.find("closed").start());
    window.click_at(at, NONE, 3);
    assert_eq!(window.selected().concat().trim(), "The council closed the gate.");
}

#[test]
fn a_click_with_shift_extends() {
    let mut window = Window::with_text(NEWS);
    let (from, to) = (window.find("hen Hai").start(), window.find("ai met").start());
    let at = window.middle(from);
    window.click_at(at, NONE, 1);
    assert!(window.selected().is_empty());
    let at = window.middle(to);
    window.click_at(at, SHIFT, 1);
    assert_eq!(window.selected(), ["Chen Hai"]);
}

#[test]
fn a_click_chooses_the_inner_mark_and_another_one_the_outer() {
    let mut window = Window::with_text(NEWS);
    window.tag("The council closed the gate", &[Key::C]);
    window.tag("council closed", &[Key::Num4]);
    window.key(Key::Escape);
    assert_eq!(window.chosen(), None);
    let at = window.middle(window.find("losed").start());
    window.click_at(at, NONE, 1);
    assert_eq!(window.chosen_text(), "council closed");
    assert!(window.is_chosen("entity thing: council closed"));
    window.click_at(at, NONE, 1);
    assert_eq!(window.chosen_text(), "The council closed the gate");
    window.click_at(at, NONE, 1);
    assert_eq!(window.chosen_text(), "council closed", "and round again");
    let beside = window.middle(window.find("Nobody").start());
    window.click_at(beside, NONE, 1);
    assert_eq!(window.chosen(), None, "beside all marks nothing is chosen");
}

#[test]
fn dragging_an_edge_is_one_step_of_undo() {
    let mut window = Window::with_text(NEWS);
    let id = window.tag("port council", &[Key::Num2]);
    let mark = window.chosen().expect("it is chosen");
    assert_eq!(mark.id, id);
    let grip = window.app().page().expect("a page").handle(&mark, Edge::End).expect("it is in view");
    let to = window.middle(window.find("onday").start());
    window.drag(grip, to, NONE);
    assert_eq!(window.chosen_text(), "port council on Monday", "to the end of the word");
    let mark = window.chosen().expect("it is chosen");
    let grip = window.app().page().expect("a page").handle(&mark, Edge::Start).expect("it is in view");
    let to = window.middle(window.find("council on").start() + 1);
    window.drag(grip, to, NONE);
    assert_eq!(window.chosen_text(), "council on Monday");
    window.press(CTRL, Key::Z);
    assert_eq!(window.message(), "Undone: move the edges of organization");
    assert_eq!(window.marks(), ["entity:organization: port council on Monday"]);
    window.press(CTRL, Key::Z);
    assert_eq!(window.marks(), ["entity:organization: port council"]);
}

#[test]
fn dragging_from_the_knob_to_another_mark_links_them() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.tag("“We will stay,”", &[Key::Q]);
    let quote = window.chosen().expect("the quote is chosen");
    let knob = window.app().page().expect("a page").knob(&quote).expect("it is in view");
    let to = window.middle(window.find("Chen Hai").start());
    window.drag(knob, to, NONE);
    window.click("Speaker");
    assert_eq!(links(NEWS, &window.document().layer()), ["speaker: “We will stay,” → Chen Hai"]);
}

#[test]
fn a_link_that_the_schema_does_not_allow_is_refused_kindly() {
    let mut window = Window::with_text(NEWS);
    window.tag("Monday", &[Key::Num5]);
    window.tag("“We will stay,”", &[Key::Q]);
    let quote = window.chosen().expect("the quote is chosen");
    let knob = window.app().page().expect("a page").knob(&quote).expect("it is in view");
    let to = window.middle(window.find("Monday").start());
    window.drag(knob, to, NONE);
    assert!(window.document().layer().relations().is_empty());
    assert!(!window.message().is_empty() && !window.message().starts_with("Tag"), "{}", window.message());
}

#[test]
fn the_menu_tags_and_links() {
    let mut window = Window::with_text(NEWS);
    window.drag_over(window.find("Chen Hai"), NONE);
    window.click("Mark");
    window.click_containing("Mark as");
    window.click("Mark as Person");
    assert_eq!(window.marks(), ["entity:person: Chen Hai"]);
    window.drag_over(window.find("“We will stay,”"), NONE);
    window.click("Mark");
    window.click_containing("Mark as");
    window.click("Mark as Quote");
    assert_eq!(window.marks().len(), 2);
    window.click("Mark");
    window.click_containing("Link as");
    window.click("Link as Speaker");
    let at = window.middle(window.find("Chen Hai").start() + 1);
    window.click_at(at, NONE, 1);
    assert_eq!(links(NEWS, &window.document().layer()), ["speaker: “We will stay,” → Chen Hai"]);
}

#[test]
fn a_quote_in_two_pieces_by_mouse_has_two_spans_on_disk() {
    let mut window = Window::with_text(NEWS);
    window.drag_over(window.find("“We will stay,”"), NONE);
    window.drag_over(window.find("“and we will talk.”"), CTRL_SHIFT);
    assert_eq!(window.selected(), ["“We will stay,”", "“and we will talk.”"]);
    window.key(Key::Q);
    let saved = window.saved();
    assert_eq!(told(NEWS, &saved), ["quote: “We will stay,” … “and we will talk.”"]);
    assert_eq!(saved.nth(0).expect("the quote").spans.len(), 2);
}

#[test]
fn a_click_on_a_label_beside_the_text_chooses_its_mark() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.key(Key::Escape);
    assert_eq!(window.chosen(), None);
    window.click("label Person");
    assert_eq!(window.chosen_text(), "Chen Hai");
}

#[test]
fn a_click_in_the_list_of_marks_goes_there() {
    let mut window = Window::seeds("ada", "border-fraud-talks.txt");
    window.key(Key::J);
    window.click("Place: OSTVALE");
    assert_eq!(window.chosen_text(), "OSTVALE");
}
