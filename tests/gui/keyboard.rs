//! Annotating by keyboard alone, and keys that belong to fields.
//!
//! The caret is moved as a person moves it; nothing is put anywhere by force.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::disk::{links, told};
use crate::window::{CTRL, CTRL_SHIFT, SHIFT, Window};

const NEWS: &str = "Harbour talks fail\n\nSABLE BAY - Chen Hai met the port council on Monday. “We will stay at \
    the table,” Chen Hai said. The council closed the gate.\n\nNobody came.\n";

#[test]
fn arrows_move_the_caret_by_letter_word_sentence_and_paragraph() {
    let mut window = Window::with_text(NEWS);
    let at = |window: &Window| window.app().view().selection.focus;
    assert_eq!(at(&window), 0);
    window.key(Key::ArrowRight);
    assert_eq!(at(&window), 1);
    window.press(CTRL, Key::ArrowRight);
    assert_eq!(at(&window), window.find("talks").start());
    window.press(CTRL, Key::ArrowLeft);
    assert_eq!(at(&window), 0);
    window.press(CTRL, Key::ArrowDown);
    assert_eq!(at(&window), window.find("SABLE").start());
    window.press(Modifiers::ALT, Key::ArrowRight);
    assert_eq!(at(&window), window.find("“We").start());
    window.press(CTRL, Key::ArrowUp);
    assert_eq!(at(&window), window.find("SABLE").start());
    window.press(CTRL, Key::Home);
    assert_eq!(at(&window), 0);
    window.press(CTRL, Key::End);
    assert_eq!(at(&window) as usize, NEWS.len());
    window.press(CTRL, Key::Home);
    window.key(Key::ArrowDown);
    assert!(at(&window) > window.find("fail").end() - 1, "down leads to another line");
}

#[test]
fn shift_and_arrows_select() {
    let mut window = Window::with_text(NEWS);
    window.press(CTRL, Key::ArrowRight);
    window.press(CTRL_SHIFT, Key::ArrowRight);
    assert_eq!(window.selected(), ["talks "]);
    window.press(SHIFT, Key::ArrowRight);
    assert_eq!(window.selected(), ["talks f"]);
    window.key(Key::ArrowRight);
    assert!(window.selected().is_empty());
}

#[test]
fn growing_takes_word_phrase_sentence_paragraph_and_shrinks_back() {
    let mut window = Window::with_text(NEWS);
    window.caret_to(window.find("gate").start() + 1);
    let mut seen = vec![String::new()];
    for _ in 0..3 {
        window.key(Key::G);
        seen.push(window.selected().concat());
    }
    assert_eq!(seen[1], "gate");
    assert!(seen[2..].contains(&"The council closed the gate.".to_owned()), "{seen:?}");
    assert!(seen[3].starts_with("SABLE BAY") || seen[3].starts_with("The council"), "{seen:?}");
    for before in seen.iter().rev().skip(1) {
        window.press(SHIFT, Key::G);
        assert_eq!(window.selected().concat(), *before);
    }
}

#[test]
fn an_entity_a_quote_and_its_speaker_by_keyboard_alone_are_on_disk() {
    let mut window = Window::with_text(NEWS);
    window.caret_to(window.find("Chen Hai met").start());
    window.press(CTRL_SHIFT, Key::ArrowRight);
    window.press(CTRL_SHIFT, Key::ArrowRight);
    window.key(Key::Num1);
    assert_eq!(window.marks(), ["entity:person: Chen Hai"]);
    assert_eq!(window.message(), "Tag person");

    window.caret_to(window.find("We will").start());
    for _ in 0..6 {
        if !window.selected().concat().contains("said.") {
            window.key(Key::G);
        }
    }
    assert_eq!(window.selected(), ["“We will stay at the table,” Chen Hai said."]);
    window.key(Key::Q);
    assert_eq!(window.chosen().expect("the quote is chosen").label, "quote");

    window.key(Key::S);
    assert!(window.says("type the letters on the partner"), "the status bar says what to do");
    window.key(Key::F);
    let expected = "speaker: “We will stay at the table,” Chen Hai said. → Chen Hai";
    assert_eq!(links(NEWS, &window.document().layer()), [expected]);

    window.press(CTRL, Key::Z);
    assert_eq!(window.message(), "Undone: link speaker");
    assert!(window.document().layer().relations().is_empty());
    window.press(CTRL, Key::Z);
    assert_eq!(window.message(), "Undone: tag quote");
    assert_eq!(window.marks(), ["entity:person: Chen Hai"]);
    window.press(CTRL_SHIFT, Key::Z);
    assert_eq!(window.message(), "Done again: tag quote");
    window.press(CTRL, Key::Y);
    assert_eq!(window.message(), "Done again: link speaker");

    let saved = window.saved();
    assert!(window.message().starts_with("Saved in "), "{}", window.message());
    let marks = ["entity:person: Chen Hai", "quote: “We will stay at the table,” Chen Hai said."];
    assert_eq!(told(NEWS, &saved), marks);
    assert_eq!(links(NEWS, &saved), [expected]);
    assert_eq!(saved.head().annotator, "eve");
    assert_eq!(saved.head().status.id(), "in-progress");
    assert_eq!(saved.annotations().last().and_then(|quote| quote.attributes.text("form")), Some("mixed"));
}

#[test]
fn enter_takes_the_suggested_partner_and_a_digit_the_relation() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.tag("“We will stay at the table,”", &[Key::Q]);
    window.keys(&[Key::L, Key::Enter]);
    assert!(window.says("Which link? 1 Speaker, 2 Addressee"), "two relations fit, and a digit chooses");
    window.key(Key::Num1);
    assert_eq!(links(NEWS, &window.document().layer()), ["speaker: “We will stay at the table,” → Chen Hai"]);
}

#[test]
fn letters_that_no_target_carries_link_nothing_and_escape_ends_the_link() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.tag("“We will stay at the table,”", &[Key::Q]);
    let marks = window.marks();
    window.keys(&[Key::S, Key::X]);
    assert!(window.message().starts_with("No mark carries these letters"), "{}", window.message());
    window.keys(&[Key::Escape, Key::X]);
    assert!(window.document().layer().relations().is_empty());
    assert_eq!(window.marks(), marks);
}

#[test]
fn a_claim_can_be_the_authors_own() {
    let mut window = Window::with_text(NEWS);
    window.tag("The council closed the gate", &[Key::C]);
    window.keys(&[Key::A, Key::Num0]);
    assert_eq!(links(NEWS, &window.document().layer()), ["claimant: The council closed the gate → author"]);
}

#[test]
fn letters_typed_into_a_note_tag_nothing_and_escape_keeps_the_mark_chosen() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    let before = window.marks();
    let id = window.app().view().chosen.clone();
    let revision = window.document().layer().revision();
    window.harness.get_by_label("Note on this mark").focus();
    window.settle();
    for (key, letter) in [(Key::E, "e"), (Key::Q, "q"), (Key::Num1, "1"), (Key::D, "d"), (Key::N, "n")] {
        window.harness.event(egui::Event::Key {
            key,
            physical_key: Some(key),
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        });
        window.harness.event(egui::Event::Text(letter.into()));
    }
    window.key(Key::Backspace);
    assert_eq!(window.marks(), before);
    assert_eq!(window.document().layer().revision(), revision, "typing alone changes nothing");
    window.key(Key::Escape);
    assert_eq!(window.app().view().chosen, id, "Esc leaves the field, and the mark stays chosen");
    assert_eq!(window.chosen().expect("it is chosen").note(), "eq1d");
    assert_eq!(window.article(), "a.txt");
}

#[test]
fn question_mark_opens_all_keys_on_any_layout_and_escape_closes_them() {
    let mut window = Window::with_text(NEWS);
    // A common keyboard: shift and the slash; a German one: shift and the key that is elsewhere the minus.
    for physical in [Key::Slash, Key::Minus] {
        window.press_as(SHIFT, Key::Questionmark, physical);
        assert!(window.app().view().keys_open, "{physical:?}");
        window.key(Key::Escape);
        assert!(!window.app().view().keys_open);
    }
}

#[test]
fn keys_work_on_a_layout_without_latin_letters() {
    let mut window = Window::with_text(NEWS);
    window.caret_to(window.find("gate").start());
    window.key(Key::G);
    // egui has no name for a letter of another script, so that the window is told the physical key alone.
    window.press_as(Modifiers::NONE, Key::C, Key::C);
    assert_eq!(window.marks(), ["claim: gate"]);
}

#[test]
fn a_value_chosen_by_keyboard_leaves_the_keyboard_where_it_is() {
    let mut window = Window::with_text(NEWS);
    window.tag("“We will stay at the table,”", &[Key::Q]);
    // A warning comes above it with this choice: a direct quote turns indirect, and back.
    for value in ["Form: indirect", "Form: direct"] {
        window.harness.get_by_label(value).focus();
        window.settle();
        window.key(Key::Space);
        assert!(window.is_chosen(value), "{value}");
        assert!(window.harness.get_by_label(value).is_focused(), "{value}");
    }
    let mark = window.marks();
    window.keys(&[Key::E, Key::T, Key::Num3, Key::D]);
    assert_eq!(window.marks(), mark, "letters are no commands while a control has the keyboard");
}

#[test]
fn a_list_that_opens_closes_with_the_choice_and_escape_closes_nothing_else() {
    let mut window = Window::with_text(NEWS);
    window.tag("“We will stay at the table,”", &[Key::Q]);
    let id = window.app().view().chosen.clone();
    window.harness.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Standing").focus();
    window.settle();
    window.key(Key::Space);
    assert!(window.has("anonymous"));
    window.harness.get_by_label("anonymous").focus();
    window.settle();
    window.key(Key::Enter);
    assert_eq!(window.chosen().expect("it is chosen").attributes.text("standing"), Some("anonymous"));
    assert!(!window.has("on-record"), "the list is closed");
    assert!(window.harness.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Standing").is_focused());
    window.key(Key::Space);
    assert!(window.has("on-record"));
    window.key(Key::Escape);
    assert!(!window.has("on-record"));
    assert_eq!(window.app().view().chosen, id, "the mark stays chosen");
}

#[test]
fn what_cannot_be_linked_is_told() {
    let mut window = Window::with_text(NEWS);
    window.key(Key::S);
    assert!(window.message().starts_with("Choose a mark first"), "{}", window.message());
    window.key(Key::J);
    assert_eq!(window.message(), "There is no mark here yet.");
    window.tag("Chen Hai", &[Key::Num1]);
    window.key(Key::S);
    assert_eq!(window.message(), "Only a mark tagged quote can have a speaker; this one is tagged person.");
}

#[test]
fn a_search_lets_go_of_the_mark_that_was_chosen() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.press(CTRL, Key::F);
    window.harness.get_by_label("Find in the article").type_text("council");
    window.settle();
    window.key(Key::Escape);
    assert_eq!(window.app().view().chosen, None);
    window.key(Key::Delete);
    assert_eq!(window.marks(), ["entity:person: Chen Hai"], "Delete takes out what is chosen, and nothing else");
}

#[test]
fn a_change_of_label_says_what_it_leaves_out() {
    let mut window = Window::with_text(NEWS);
    window.tag("“We will stay at the table,”", &[Key::Q]);
    window.keys(&[Key::T, Key::C]);
    assert_eq!(window.message(), "Relabel as claim (without form; undo brings it back)");
    window.keys(&[Key::T, Key::Q]);
    assert_eq!(window.chosen().expect("it is chosen").attributes.text("form"), Some("direct"), "guessed anew");
}

#[test]
fn f6_goes_through_all_panels() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.key(Key::F6);
    assert!(!window.harness.get_by_label("Filter marks by their text").is_focused());
    for name in ["Filter marks by their text", "Filter articles by name"] {
        window.key(Key::F6);
        assert!(window.harness.get_by_label(name).is_focused(), "{name}");
    }
    window.key(Key::F6);
    window.caret_to(3);
    assert_eq!(window.app().view().selection.focus, 3, "the article has the keyboard again");
}

#[test]
fn menus_open_by_keys_and_esc_leads_back_to_the_article() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    for (modifiers, key, item) in [(Modifiers::NONE, Key::F10, "Open article…"), (Modifiers::ALT, Key::M, "Details")]
    {
        window.press(modifiers, key);
        assert!(window.has(item), "{item} stands in the menu");
        window.key(Key::Escape);
        assert!(!window.has("Quit") && window.app().view().chosen.is_some(), "Esc closed the menu alone");
    }
    window.press(Modifiers::ALT, Key::G);
    window.keys(&[Key::ArrowDown, Key::Enter]);
    assert!(!window.has("Next article"), "a line was carried out and the menu closed");
    window.caret_to(3);
    window.key(Key::ArrowRight);
    assert_eq!(window.app().view().selection.focus, 4, "the article has the keyboard again");
}
