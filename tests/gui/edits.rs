//! Changing what is marked: types, labels, flags, edges, attributes, deleting; and what is refused.
//!
//! Each test ends at the layer or at the sidecar that was saved, never at a picture.

use egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::disk::{links, told};
use crate::window::{CTRL, CTRL_SHIFT, SHIFT, Window};

const NEWS: &str = "Harbour talks fail\n\nSABLE BAY - Chen Hai met the port council on Monday. “We will stay,” he \
    said, “and we will talk.” The council closed the gate.\n\nNobody came.\n";

#[test]
fn a_digit_after_e_sets_the_type() {
    let mut window = Window::with_text(NEWS);
    window.tag("port council", &[Key::E]);
    assert_eq!(window.marks(), ["entity: port council"]);
    assert!(window.says("Type: 1 Person, 2 Organization"), "the types are shown as they can be pressed");
    window.key(Key::Num2);
    assert_eq!(window.marks(), ["entity:organization: port council"]);
    assert_eq!(told(NEWS, &window.saved()), ["entity:organization: port council"]);
}

#[test]
fn r_repeats_the_last_label_and_type() {
    let mut window = Window::with_text(NEWS);
    window.tag("Monday", &[Key::Num5]);
    window.tag("Chen Hai", &[Key::R]);
    assert_eq!(window.marks(), ["entity:value: Chen Hai", "entity:value: Monday"]);
}

#[test]
fn r_repeats_a_type_that_was_set_after_e() {
    let mut window = Window::with_text(NEWS);
    window.tag("port council", &[Key::E, Key::Num2]);
    window.tag("SABLE BAY", &[Key::R]);
    assert_eq!(window.marks()[0], "entity:organization: SABLE BAY");
}

#[test]
fn t_changes_the_label_and_escape_thinks_better_of_it() {
    let mut window = Window::with_text(NEWS);
    window.tag("port council", &[Key::Num1]);
    window.keys(&[Key::T, Key::Num2]);
    assert_eq!(window.marks(), ["entity:organization: port council"]);
    window.keys(&[Key::T, Key::C]);
    assert_eq!(window.marks(), ["claim: port council"]);
    window.keys(&[Key::T, Key::Escape]);
    assert_eq!(window.marks(), ["claim: port council"]);
    window.press(CTRL, Key::Z);
    assert_eq!(window.message(), "Undone: relabel as claim");
}

#[test]
fn u_flags_as_unsure_and_takes_the_flag_off() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.key(Key::U);
    assert!(window.saved().nth(0).expect("the mark").unsure());
    assert!(window.has("Person: Chen Hai, unsure"), "the list says it");
    window.key(Key::U);
    assert!(!window.saved().nth(0).expect("the mark").unsure());
}

#[test]
fn delete_takes_the_links_along_and_one_undo_brings_all_back() {
    let mut window = Window::with_text(NEWS);
    let person = window.tag("Chen Hai", &[Key::Num1]);
    window.tag("“We will stay,”", &[Key::Q]);
    window.keys(&[Key::S, Key::F]);
    assert_eq!(window.document().layer().relations().len(), 1);
    let link = links(NEWS, &window.document().layer());
    let at = window.middle(window.find("Chen Hai").start());
    window.click_at(at, egui::Modifiers::NONE, 1);
    assert_eq!(window.chosen().map(|it| it.id.to_string()), Some(person));
    window.key(Key::Delete);
    assert_eq!(window.marks(), ["quote: “We will stay,”"]);
    assert!(window.document().layer().relations().is_empty());
    assert!(told(NEWS, &window.saved()).len() == 1 && window.read_back().relations().is_empty());
    window.press(CTRL, Key::Z);
    assert_eq!(window.message(), "Undone: delete person");
    assert_eq!(window.marks().len(), 2);
    assert_eq!(links(NEWS, &window.saved()), link);
}

#[test]
fn brackets_move_the_edges_by_words() {
    let mut window = Window::with_text(NEWS);
    window.tag("port council", &[Key::Num2]);
    window.key(Key::CloseBracket);
    assert_eq!(window.chosen_text(), "port council on");
    window.key(Key::OpenBracket);
    assert_eq!(window.chosen_text(), "the port council on");
    window.press_as(SHIFT, Key::CloseCurlyBracket, Key::CloseBracket);
    assert_eq!(window.chosen_text(), "the port council");
    window.press_as(SHIFT, Key::OpenCurlyBracket, Key::OpenBracket);
    assert_eq!(window.chosen_text(), "port council");
    for _ in 0..4 {
        window.press(CTRL, Key::Z);
    }
    assert_eq!(window.marks(), ["entity:organization: port council"], "each move is one step");
    window.press(CTRL, Key::Z);
    assert!(window.marks().is_empty());
}

#[test]
fn brackets_with_ctrl_move_the_edges_by_characters() {
    let mut window = Window::with_text("Ada met 👩‍🔬Zoé\u{301}s team.\n");
    window.tag("met", &[Key::Num4]);
    window.press(CTRL, Key::CloseBracket);
    assert_eq!(window.chosen_text(), "met 👩‍🔬", "past the space; an emoji is one character to a person");
    window.press_as(CTRL_SHIFT, Key::CloseCurlyBracket, Key::CloseBracket);
    assert_eq!(window.chosen_text(), "met", "no mark ends with white space");
    window.press(CTRL, Key::OpenBracket);
    assert_eq!(window.chosen_text(), "a met");
    window.press_as(CTRL_SHIFT, Key::OpenCurlyBracket, Key::OpenBracket);
    assert_eq!(window.chosen_text(), "met", "no mark begins with white space");
}

#[test]
fn attributes_are_copied_from_mark_to_mark() {
    let mut window = Window::with_text(NEWS);
    window.tag("“We will stay,”", &[Key::Q]);
    window.click("Form: indirect");
    window.harness.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Standing").click();
    window.settle();
    window.click("anonymous");
    window.press(CTRL_SHIFT, Key::C);
    assert_eq!(window.message(), "Attributes copied.");
    window.tag("The council closed the gate", &[Key::Q]);
    window.press(CTRL_SHIFT, Key::V);
    let saved = window.saved();
    for mark in saved.annotations() {
        assert_eq!(mark.attributes.text("form"), Some("indirect"));
        assert_eq!(mark.attributes.text("standing"), Some("anonymous"));
    }
    window.tag("Monday", &[Key::Num5]);
    window.press(CTRL_SHIFT, Key::V);
    assert!(window.message().starts_with("Attributes can be copied between"), "{}", window.message());
}

#[test]
fn the_same_text_with_the_same_label_is_refused_kindly() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    let (marks, revision) = (window.marks(), window.document().layer().revision());
    // The chosen mark's edges would be taken hold of.
    window.keys(&[Key::Escape, Key::Escape]);
    window.drag_over(window.find("Chen Hai"), egui::Modifiers::NONE);
    window.key(Key::Num1);
    assert!(window.message().starts_with("This text is already marked as person."), "{}", window.message());
    assert!(window.says("This text is already marked as person."), "the status bar shows it");
    assert_eq!(window.marks(), marks);
    assert_eq!(window.document().layer().revision(), revision);
    assert_eq!(window.document().history().undo_name(), Some("tag person"), "nothing new to undo");
}

#[test]
fn a_label_key_without_a_selection_says_what_to_do() {
    let mut window = Window::with_text(NEWS);
    window.key(Key::Q);
    assert!(window.message().starts_with("Select some text first"), "{}", window.message());
    assert!(window.marks().is_empty());
}

#[test]
fn a_quote_in_two_pieces_by_keyboard_has_two_spans_on_disk() {
    let mut window = Window::with_text(NEWS);
    window.caret_to(window.find("“We").start());
    while !window.selected().concat().contains("stay,") {
        window.press(CTRL_SHIFT, Key::ArrowRight);
    }
    window.key(Key::M);
    let end = window.find("talk.”").end();
    while window.app().view().selection.focus < window.find("“and").start() {
        window.key(Key::ArrowRight);
    }
    while window.app().view().selection.focus < end {
        window.press(SHIFT, Key::ArrowRight);
    }
    assert_eq!(window.selected().len(), 2, "{:?}", window.selected());
    window.key(Key::Q);
    let saved = window.saved();
    assert_eq!(told(NEWS, &saved), ["quote: “We will stay,” … “and we will talk.”"]);
    assert_eq!(saved.nth(0).expect("the quote").spans.len(), 2);
}

#[test]
fn a_note_reaches_the_sidecar_when_its_field_is_left() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.harness.get_by_label("Note on this mark").focus();
    window.settle();
    window.harness.get_by_label("Note on this mark").type_text("the shipowner");
    window.settle();
    let at = window.middle(window.find("Nobody").start());
    window.click_at(at, egui::Modifiers::NONE, 1);
    assert_eq!(window.saved().nth(0).expect("the mark").note(), "the shipowner");
}
