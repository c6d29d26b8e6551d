//! What a place on the page means: words beside and between the letters, markup that is not shown, edges of marks.

use egui::{Key, Modifiers, pos2, vec2};

use crate::window::{SHIFT, Window};

const NONE: Modifiers = Modifiers::NONE;
const NEWS: &str = "Harbour talks fail\n\nSABLE BAY - Chen Hai met the port council on Monday. “We will stay,” he \
    said, “and we will talk.” The council closed the gate.\n\nNobody came.\n";

#[test]
fn a_double_click_means_a_word_that_is_shown() {
    let mut window = Window::with_files(&[(
        "a.md",
        "# Boats\n\n![A boat at sea](boat.png)\n\nThe *harbour* is **closed**.\n\nNobody came to the quay today.\n",
    )]);
    let last = window.letter(window.find("sea](").start() + 2);
    window.click_at(last.right_center() + vec2(2.0, 0.0), NONE, 2);
    assert_eq!(window.selected(), ["sea"], "beside a caption, not the bracket that ends it");
    let last = window.letter(window.find("closed").end() - 1);
    window.click_at(last.right_center() + vec2(60.0, 0.0), NONE, 2);
    assert_eq!(window.selected(), ["closed"], "far right of a line");
    let below = window.letter(window.find("harbour").start()).center_bottom();
    let above = window.letter(window.find("Nobody").start()).top();
    window.click_at(pos2(below.x, f32::midpoint(below.y, above)), NONE, 2);
    assert_eq!(window.selected().len(), 1);
    assert!(window.selected()[0].chars().all(char::is_alphabetic), "between paragraphs {:?}", window.selected());
    window.click_at(pos2(below.x, above + 200.0), NONE, 2);
    assert!(window.selected().is_empty(), "below the last line nothing is meant");
}

#[test]
fn what_is_not_shown_cannot_be_selected_alone() {
    let mut window = Window::with_files(&[("a.md", "The *harbour*\n\nis closed.\n")]);
    let end = window.find("harbour").end();
    window.caret_to(end);
    for _ in 0..3 {
        window.press(SHIFT, Key::ArrowRight);
        assert!(window.selected().is_empty(), "{:?}", window.selected());
    }
    window.press(SHIFT, Key::ArrowRight);
    assert_eq!(window.selected(), ["i"]);
}

#[test]
fn an_edge_is_taken_hold_of_at_its_whole_height_from_both_sides() {
    for side in [-2.0, 4.0] {
        for part in [0.15, 0.5, 0.9] {
            let mut window = Window::with_text(NEWS);
            window.tag("Chen", &[Key::Num1]);
            let rect = window.letter(window.find("Chen").end() - 1);
            let from = pos2(rect.right() + side, egui::lerp(rect.y_range(), part));
            let to = window.middle(window.find("Hai").start() + 1);
            window.drag(from, to, NONE);
            assert_eq!(window.chosen_text(), "Chen Hai", "{side} beside the edge, at {part} of its height");
        }
    }
}

#[test]
fn edges_of_a_script_that_runs_left_stand_where_its_words_begin_and_end() {
    let mut window = Window::with_text("قال السفير الجديد إن الاجتماع استمر طويلا في المدينة.\n");
    window.tag("السفير", &[Key::Num1]);
    let first = window.letter(window.find("السفير").start());
    let to = window.middle(window.find("قال").start());
    window.drag(first.right_center() + vec2(3.0, 0.0), to, NONE);
    assert_eq!(window.chosen_text(), "قال السفير", "the start is the right edge");
    let last = window.letter(window.find("السفير").end() - 2);
    let to = window.middle(window.find("الجديد").start() + 4);
    window.drag(last.left_center() - vec2(3.0, 0.0), to, NONE);
    assert_eq!(window.chosen_text(), "قال السفير الجديد", "the end is the left edge");
}

#[test]
fn a_click_beside_an_edge_chooses_what_lies_there() {
    let mut window = Window::with_text(NEWS);
    window.tag("Chen Hai", &[Key::Num1]);
    window.keys(&[Key::Escape, Key::Escape]);
    window.tag("Chen", &[Key::Num3]);
    let rect = window.letter(window.find("Chen").end() - 1);
    let at = rect.right_center() - vec2(2.0, 0.0);
    window.click_at(at, NONE, 1);
    assert_eq!(window.chosen_text(), "Chen Hai", "the next larger mark, as elsewhere");
    assert_eq!(window.marks().len(), 2);
}
