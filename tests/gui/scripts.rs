//! Selecting in scripts that run to the left or have no spaces. No font need be there: places come from the page.

use egui::{Key, Modifiers};

use crate::disk::told;
use crate::window::{CTRL, Window};

const NONE: Modifiers = Modifiers::NONE;

/// Double-clicks a letter inside a word and gives what is selected then.
#[track_caller]
fn double_clicked(window: &mut Window, words: &str, letter: usize) -> String {
    let span = window.find(words);
    window.show(span);
    let (at, _) = words.char_indices().nth(letter).expect("a letter");
    let place = window.edge(span.start() + at as u32, 0.3);
    window.click_at(place, NONE, 2);
    window.selected().concat()
}

#[test]
fn a_latin_name_inside_arabic_is_selected_just_so() {
    let mut window = Window::seeds("eve", "ar-desalination.txt");
    let name = "Marc Teixeira";
    let span = window.find(name);
    window.drag_over(span, NONE);
    assert_eq!(window.selected(), [name]);
    window.harness.event(egui::Event::Copy);
    window.harness.step();
    let copied = window
        .harness
        .output()
        .platform_output
        .commands
        .iter()
        .any(|command| matches!(command, egui::OutputCommand::CopyText(words) if words == name));
    assert!(copied, "the clipboard gets the name");
    window.key(Key::Num1);
    let text = window.text().text.clone();
    assert_eq!(told(&text, &window.saved()), [format!("entity:person: {name}")]);
}

#[test]
fn an_arabic_name_is_selected_from_right_to_left() {
    let mut window = Window::seeds("eve", "ar-desalination.txt");
    let name = "إدريس الزبيدي";
    window.drag_over(window.find(name), NONE);
    assert_eq!(window.selected(), [name]);
    window.key(Key::Num1);
    let text = window.text().text.clone();
    assert_eq!(told(&text, &window.saved()), [format!("entity:person: {name}")]);
}

#[test]
fn the_left_arrow_goes_forward_in_arabic() {
    let mut window = Window::seeds("eve", "ar-desalination.txt");
    window.press(CTRL, Key::Home);
    window.key(Key::ArrowLeft);
    let after = window.app().view().selection.focus;
    assert_eq!(after as usize, "م".len());
    window.key(Key::ArrowRight);
    assert_eq!(window.app().view().selection.focus, 0);
}

#[test]
fn a_double_click_takes_an_arabic_word() {
    let mut window = Window::seeds("eve", "ar-desalination.txt");
    assert_eq!(double_clicked(&mut window, "المهندسة", 3), "المهندسة");
}

#[test]
fn a_double_click_takes_a_chinese_word() {
    let mut window = Window::seeds("eve", "zh-night-market.txt");
    assert_eq!(double_clicked(&mut window, "夜市", 0), "夜市");
}

#[test]
fn a_double_click_takes_a_japanese_word() {
    let mut window = Window::seeds("eve", "ja-lighthouse.txt");
    assert_eq!(double_clicked(&mut window, "灯台守", 1), "灯台守");
}

#[test]
fn a_double_click_takes_a_thai_word() {
    let mut window = Window::seeds("eve", "th-railway.txt");
    assert_eq!(double_clicked(&mut window, "รถไฟ", 1), "รถไฟ");
}

#[test]
fn a_double_click_takes_a_burmese_word_and_not_the_paragraph() {
    let mut window = Window::seeds("eve", "my-tea-cooperatives.txt");
    let word = double_clicked(&mut window, "အသင်းက", 0);
    let letters = word.chars().count();
    assert!((2..=14).contains(&letters) && !word.contains(' '), "{word:?}");
    assert!(word.starts_with("အသင်း") || "သမဝါယမအသင်း".contains(&word), "{word:?}");
}

#[test]
fn a_mark_never_cuts_an_emoji_or_a_letter_with_its_marks() {
    let mut window = Window::with_text("We saw 👩‍🔬👩‍🔬 and Zoe\u{301} there.\r\nThen we left.\r\n");
    for words in ["👩‍🔬👩‍🔬", "Zoe\u{301}"] {
        let span = window.find(words);
        let text = window.text().text.clone();
        for byte in pressmark::text::words(&text, span.range()).iter().map(|word| word.start) {
            let at = window.edge(byte as u32, 0.3);
            window.click_at(at, NONE, 2);
            let selected = window.selected().concat();
            assert!(words.contains(&selected) && !selected.is_empty(), "{selected:?}");
            let start = window.app().view().selection.current(&text).range().start;
            assert_eq!(pressmark::text::next_grapheme(&text, pressmark::text::prev_grapheme(&text, start)), start);
        }
    }
}
