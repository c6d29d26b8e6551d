//! Every control can be found by its name, at any size of the window, and no two keys clash.

use egui::Key;
use pressmark::gui::command::UiCommand;

use crate::disk::copy_of_seeds;
use crate::window::{CTRL, Opening, SHIFT, Window};

const SIZES: [[f32; 2]; 2] = [[640.0, 420.0], [1400.0, 900.0]];

#[track_caller]
fn check(window: &Window, what: &str) {
    let unnamed = window.harness.unnamed_widgets();
    assert!(unnamed.is_empty(), "{what}: {}", unnamed.join("\n"));
}

#[test]
fn every_visible_control_has_a_name_at_every_size() {
    for size in SIZES {
        let opening = Opening { annotator: Some("ada"), article: Some("border-fraud-talks.txt"), size };
        let mut window = Window::open(copy_of_seeds(), &opening);
        let about = |what: &str| format!("{what} at {size:?}");
        check(&window, &about("the article's sheet"));
        // Marks of each label in turn: the details differ.
        let labels = ["entity", "quote", "claim", "cue"];
        for label in labels {
            let layer = window.document().layer();
            let steps = layer.annotations().position(|annotation| annotation.label == label);
            drop(layer);
            let Some(steps) = steps else { continue };
            window.press(CTRL, Key::Home);
            window.key(Key::Escape);
            window.key(Key::Escape);
            for _ in 0..=steps {
                window.key(Key::J);
            }
            assert_eq!(window.chosen().expect("a mark").label, label);
            check(&window, &about(label));
        }
        window.press(CTRL, Key::F);
        check(&window, &about("the search"));
        window.key(Key::Escape);
        window.press(SHIFT, Key::Questionmark);
        assert!(window.app().view().keys_open);
        check(&window, &about("all keys"));
        window.key(Key::Escape);
        window.click("Help");
        window.click("About Pressmark");
        assert!(window.app().view().about_open);
        check(&window, &about("about"));
        window.key(Key::Escape);
        for menu in ["File", "Edit", "Select", "Mark", "Go", "View", "Help"] {
            window.click(menu);
            check(&window, &about(menu));
            window.key(Key::Escape);
        }
        window.keys(&[Key::F7, Key::F8]);
        check(&window, &about("the article alone"));
    }
}

#[test]
fn a_window_without_an_article_has_names_too() {
    for size in SIZES {
        let folder = tempfile::tempdir().expect("a folder");
        let window = Window::open(folder, &Opening { size, ..Opening::default() });
        check(&window, "an empty folder");
        assert!(window.says("Open"), "it says what to do");
    }
}

#[test]
fn no_two_shortcuts_clash_with_each_other_or_with_the_schema() {
    let schema = pressmark::store::schema::builtin();
    let mut schema_keys: Vec<char> = schema.labels.iter().filter_map(|label| label.key).collect();
    schema_keys.extend(schema.labels.iter().flat_map(|label| &label.types).filter_map(|kind| kind.key));
    schema_keys.extend(schema.relations.iter().filter_map(|relation| relation.key));
    let count = schema_keys.len();
    schema_keys.sort_unstable();
    schema_keys.dedup();
    assert_eq!(schema_keys.len(), count, "two keys of the built-in schema are the same");
    let mut seen = Vec::new();
    for command in UiCommand::ALL {
        for shortcut in command.shortcuts() {
            assert!(!seen.contains(shortcut), "{command:?} shares {shortcut:?}");
            seen.push(*shortcut);
            let name = shortcut.logical_key.name().to_lowercase();
            let plain = shortcut.modifiers.is_none();
            assert!(!plain || !schema_keys.iter().any(|key| key.to_string() == name), "{command:?} takes {name}");
        }
    }
    // What egui and the desktop keep for themselves.
    assert!(seen.iter().all(|shortcut| shortcut.logical_key != Key::Tab));
}

#[test]
fn both_themes_and_every_zoom_keep_the_article_there() {
    let mut window = Window::with_text("Ada met Charles.\n");
    for key in [Key::Plus, Key::Plus, Key::Minus, Key::Num0] {
        window.press(CTRL, key);
        assert!(window.has("Ada met Charles."), "{key:?}");
    }
    window.key(Key::F12);
    let first = window.harness.ctx.theme();
    window.key(Key::F12);
    assert_ne!(window.harness.ctx.theme(), first);
    assert!(window.has("Ada met Charles."));
}
