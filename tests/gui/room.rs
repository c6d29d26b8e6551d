//! How the window shares its room: the article first, panels at the width that goes with the window or was drawn.

use egui::{Modifiers, pos2};

use crate::window::{Opening, Window};

const TEXT: &str = "Harbour talks fail\n\nChen Hai met the port council on Monday, and nobody else came to the quay.\n";

fn open(size: [f32; 2]) -> Window {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.txt"), TEXT).expect("an article");
    Window::open(folder, &Opening { article: Some("a.txt"), size, ..Opening::default() })
}

fn page(window: &Window) -> egui::Rect {
    window.app().page().expect("the page is painted").frame.rect
}

fn resize(window: &mut Window, size: [f32; 2]) {
    window.harness.set_size(size.into());
    window.harness.run_steps(3);
    window.settle();
}

#[test]
fn panels_follow_the_window_unless_they_were_drawn() {
    let wide = page(&open([1400.0, 900.0]));
    let mut window = open([800.0, 600.0]);
    resize(&mut window, [1400.0, 900.0]);
    assert_eq!(page(&window), wide, "as if it had been opened at this size");

    let edge = page(&window).left();
    window.drag(pos2(edge - 1.0, 400.0), pos2(edge + 79.0, 400.0), Modifiers::NONE);
    let drawn = page(&window).left();
    assert!((drawn - edge - 80.0).abs() < 4.0, "the edge went from {edge} to {drawn}");
    resize(&mut window, [1200.0, 900.0]);
    assert!((page(&window).left() - drawn).abs() < 1.0, "a width that was drawn stays");
    window.click_at(pos2(drawn - 1.0, 400.0), Modifiers::NONE, 2);
    assert!(page(&window).left() < drawn - 20.0, "a double click lets it follow again");
}

#[test]
fn a_narrow_window_keeps_the_article_readable_and_its_panels_within_reach() {
    for zoom in [1.0, 1.6, 1.77, 2.4] {
        let mut window = open([1400.0 / zoom, 900.0 / zoom]);
        let text = {
            let frame = window.app().page().expect("the page is painted").frame;
            frame.measure.width / frame.scale
        };
        assert!(text >= 243.0, "{text} points of text at {zoom}: fewer than some 30 letters");
        if window.has("Show the list of articles") {
            window.click("Show the list of articles");
            assert!(window.says("a.txt, "), "the list shows");
            if window.has("Show marks and details") {
                window.click("Show marks and details");
                assert!(window.says("No marks yet") && !window.says("a.txt, "), "one at a time");
                window.click("Fold marks and details");
            } else {
                window.click("Fold the list of articles");
            }
        }
        assert!(window.has("Show the list of articles") || window.says("a.txt, "));
        assert!(window.has("Show marks and details") || window.says("Filter marks") || window.says("No marks yet"));
    }
}

#[test]
fn the_first_line_has_air_above_it_and_the_text_has_as_much_at_both_sides() {
    let window = open([1400.0, 900.0]);
    let page = page(&window);
    let first = window.letter(0);
    assert!(first.top() - page.top() > 20.0, "{first:?} in {page:?}");
    let frame = window.app().page().expect("the page is painted").frame;
    let text = frame.measure.width / frame.scale;
    let (left, right) = (frame.left - page.left(), page.right() - frame.left - text);
    assert!(left > 60.0 && right < 3.5 * left, "{left} at the left, {right} at the right");
}

#[test]
fn links_and_their_names_lie_on_no_letter() {
    for size in [[1400.0, 900.0], [800.0, 600.0]] {
        let mut window = Window::open(
            crate::disk::copy_of_seeds(),
            &Opening { annotator: Some("ada"), article: Some("ja-lighthouse.txt"), size },
        );
        let linked: Vec<_> = {
            let layer = window.document().layer();
            let marks = layer.annotations().filter(|mark| !layer.relations_of(&mark.id).is_empty());
            marks.filter_map(pressmark::model::Annotation::hull).take(12).collect()
        };
        let mut seen = 0;
        for span in linked {
            window.show(span);
            let at = window.middle(span.start());
            window.click_at(at, Modifiers::NONE, 1);
            let chosen = window.chosen();
            if chosen.is_none_or(|mark| window.document().layer().relations_of(&mark.id).is_empty()) {
                continue;
            }
            let page = window.app().page().expect("the page is painted");
            let text = page.frame.left..page.frame.left + page.frame.measure.width / page.frame.scale;
            let all = pressmark::model::Span::new(0, window.text().text.len() as u32);
            let letters: Vec<_> = page.rects(all).iter().map(|rect| rect.shrink2(egui::vec2(0.0, 1.0))).collect();
            let mut names = 0;
            for clipped in &window.harness.output().shapes {
                match &clipped.shape {
                    egui::Shape::Text(name) if !page.frame.rect.contains(name.pos) => {}
                    egui::Shape::Text(name) if is_link_name(name.galley.text()) && name.pos.x < text.start => {
                        let rect = name.visual_bounding_rect();
                        assert!(rect.right() <= text.start, "{} reaches into the text", name.galley.text());
                        names += 1;
                    }
                    egui::Shape::Text(name) if is_link_name(name.galley.text()) => {
                        assert!(!text.contains(&name.pos.x), "{} lies in the text", name.galley.text());
                    }
                    egui::Shape::LineSegment { points, stroke } if (stroke.width - 1.5).abs() < 0.01 => {
                        let line = egui::Rect::from_two_pos(points[0], points[1]);
                        assert!(!letters.iter().any(|rect| rect.intersects(line)), "a line on letters: {line:?}");
                    }
                    _ => {}
                }
            }
            assert!(names > 0, "a chosen mark that is linked has its links named");
            seen += 1;
        }
        assert!(seen > 4, "{seen} linked marks were looked at");
    }
}

fn is_link_name(words: &str) -> bool {
    ["Speaker", "Cue", "Claimant", "Same as", "Addressee", "Evidence"].iter().any(|name| words.starts_with(name))
}
