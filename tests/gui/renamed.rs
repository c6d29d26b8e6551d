//! An article that was renamed or moved, and layers of others that wait since it was edited.

use egui::Key;

use crate::window::{Opening, Window};

const TEXT: &str = "Ada met Zoe. Ben said “we stay”. Then they left for Bern, all of them but one.\n";

/// A folder with two marks of eve's on an article; then something is done to it, and it is opened again.
fn reopened(change: impl FnOnce(&std::path::Path)) -> Window {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.txt"), TEXT).expect("an article");
    let mut window = Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() });
    window.tag("Ada", &[Key::Num1]);
    window.tag("“we stay”", &[Key::Q]);
    let folder = window.close();
    change(folder.path());
    Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() })
}

fn rename(folder: &std::path::Path) {
    std::fs::rename(folder.join("a.txt"), folder.join("speech.txt")).expect("it is renamed");
}

#[test]
fn marks_follow_their_renamed_article_when_they_are_told_to() {
    let mut window = reopened(rename);
    window.until("it is asked", |window| window.has("Marks without their article"));
    assert!(window.has("a.txt.eve.ron") && window.has("has the same text"));
    let before = window.files();
    window.click("Rename the files of marks");
    window.settle();
    window.until("they came along", |window| window.marks().len() == 2);
    assert_eq!(window.marks(), ["entity:person: Ada", "quote: “we stay”"]);
    let after = window.files();
    assert!(!after.keys().any(|name| name.ends_with("a.txt.eve.ron")), "{:?}", after.keys());
    let bytes = |files: &crate::disk::Files, end: &str| {
        files.iter().find(|(name, _)| name.ends_with(end)).map(|(_, file)| file.clone())
    };
    assert_eq!(bytes(&after, "speech.txt.eve.ron").map(|it| it.0), bytes(&before, "a.txt.eve.ron").map(|it| it.0));
    // Undo came along too.
    window.press(crate::window::CTRL, Key::Z);
    assert_eq!(window.message(), "Undone: tag quote");
}

#[test]
fn nothing_is_renamed_when_it_is_not_wanted() {
    let mut window = reopened(rename);
    window.until("it is asked", |window| window.has("Marks without their article"));
    let before = window.files();
    window.click("Not now");
    window.settle();
    assert!(!window.has("Marks without their article"));
    assert_eq!(window.files(), before);
}

#[test]
fn layers_of_others_wait_until_their_owner_opens_the_edited_article() {
    let mut window = reopened(|folder| {
        let eve = std::fs::read_to_string(folder.join("a.txt.eve.ron")).expect("a sidecar");
        std::fs::write(folder.join("a.txt.ben.ron"), eve.replace("\"eve\"", "\"ben\"")).expect("ben's is the same");
        std::fs::write(folder.join("a.txt"), TEXT.replace("Ada met", "Late at night Ada met")).expect("an edit");
    });
    window.click("View");
    window.click_containing("Layers of this article");
    assert!(window.has("ben (pending)") && window.says("My layer (eve)"));
    let before = window.files();
    window.click("ben (pending)");
    window.settle();
    assert_eq!(window.files(), before, "looking places nothing");
}
