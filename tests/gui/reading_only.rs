//! Layers, folders and files that may only be read: why is said, edits are refused, and not a byte changes.
//!
//! Bytes and times of change of every file of the corpus are compared before and after each article was looked at.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use pressmark::model::{Annotation, Head, Layer, SchemaRef, Span, Value};
use pressmark::store::sidecar;

use crate::disk::{copy_of_seeds, files};
use crate::window::{CTRL, Opening, Window};

const ARTICLE: &str = "border-fraud-talks.txt";
const SIDECAR: &str = "border-fraud-talks.txt.eve.ron";

/// A copy of the sample corpus where one file holds something else.
fn seeds_with(name: &str, contents: &str) -> tempfile::TempDir {
    let folder = copy_of_seeds();
    std::fs::write(folder.path().join(name), contents).expect("the folder can be written");
    folder
}

fn open(folder: tempfile::TempDir, annotator: &str) -> Window {
    Window::open(folder, &Opening { annotator: Some(annotator), article: Some(ARTICLE), ..Opening::default() })
}

fn reason(window: &Window) -> String {
    window.app().workspace().and_then(|workspace| workspace.read_only()).unwrap_or_default().to_owned()
}

/// Tries to edit by each way there is; says whether the reason was given.
#[track_caller]
fn refuses_edits(window: &mut Window) {
    let before = window.marks();
    let reason = reason(window);
    assert!(!reason.is_empty(), "it is not read only");
    window.drag_over(window.find("Published"), Modifiers::NONE);
    for key in [Key::Num1, Key::Q, Key::D] {
        window.key(key);
        assert_eq!(window.message(), reason, "{key:?}");
    }
    window.key(Key::J);
    window.keys(&[Key::U, Key::Delete, Key::CloseBracket]);
    window.press(CTRL, Key::Z);
    assert_eq!(window.marks(), before);
    assert!(window.says("read only:"), "the status bar says how it stands");
}

#[test]
fn looking_at_every_article_writes_nothing() {
    for annotator in ["eve", "ada", "ben"] {
        let folder = copy_of_seeds();
        let before = files(folder.path());
        let mut window = open(folder, annotator);
        window.press(CTRL, Key::PageUp);
        for _ in 0..window.app().workspace().expect("a corpus").entries().len() {
            window.press(CTRL, Key::PageUp);
        }
        assert_eq!(window.message(), "This is the first article.");
        for _ in 1..window.app().workspace().expect("a corpus").entries().len() {
            window.keys(&[Key::PageDown, Key::J, Key::Escape]);
            window.press(CTRL, Key::PageDown);
        }
        window.press(CTRL, Key::S);
        assert!(window.files() == before, "{annotator}: a file has changed");
    }
}

#[test]
fn anothers_layer_opens_from_the_view_menu_to_read_only() {
    let folder = copy_of_seeds();
    let before = files(folder.path());
    let mut window = open(folder, "eve");
    window.click("View");
    window.click_containing("Layers of this article");
    window.click("ada");
    window.until("ada's layer is open", |window| window.document().layer().head().annotator == "ada");
    window.settle();
    assert!(window.has("reading ada"));
    assert!(window.marks().len() > 20);
    assert!(reason(&window).contains("ada"));
    refuses_edits(&mut window);
    assert!(window.files() == before, "a file has changed");
    window.click("View");
    window.click_containing("Layers of this article");
    window.click("My layer (eve)");
    window.until("eve's layer is open", |window| window.document().layer().head().annotator == "eve");
    window.settle();
    assert_eq!(reason(&window), "");
}

#[test]
fn a_truncated_sidecar_opens_to_read_only_and_stays_as_it_is() {
    let whole =
        std::fs::read_to_string(copy_of_seeds().path().join("border-fraud-talks.txt.ada.ron")).expect("a sidecar");
    let folder = seeds_with(SIDECAR, &whole[..whole.len() / 2]);
    let before = files(folder.path());
    let mut window = open(folder, "eve");
    assert!(reason(&window).contains(SIDECAR), "{}", reason(&window));
    refuses_edits(&mut window);
    window.press(CTRL, Key::S);
    window.key(Key::N);
    assert_eq!(reason(&window), "", "the next article can be worked on");
    assert!(window.files() == before, "a file has changed");
}

#[test]
fn a_sidecar_of_a_newer_format_opens_to_read_only_and_says_so() {
    let whole =
        std::fs::read_to_string(copy_of_seeds().path().join("border-fraud-talks.txt.ada.ron")).expect("a sidecar");
    let newer = whole.replacen("format: 1", "format: 99", 1).replace("annotator: \"ada\"", "annotator: \"eve\"");
    let folder = seeds_with(SIDECAR, &newer);
    let before = files(folder.path());
    let mut window = open(folder, "eve");
    let said = reason(&window);
    assert!(said.contains("99") || said.contains("newer"), "{said}");
    refuses_edits(&mut window);
    window.press(CTRL, Key::S);
    assert!(window.files() == before, "a file has changed");
}

#[test]
fn a_sidecar_with_a_field_that_is_not_known_opens_to_read_only() {
    let whole =
        std::fs::read_to_string(copy_of_seeds().path().join("border-fraud-talks.txt.ada.ron")).expect("a sidecar");
    let odd = whole
        .replacen("status:", "mood: \"fine\",\n    status:", 1)
        .replace("annotator: \"ada\"", "annotator: \"eve\"");
    let folder = seeds_with(SIDECAR, &odd);
    let before = files(folder.path());
    let mut window = open(folder, "eve");
    assert!(reason(&window).contains("mood"), "{}", reason(&window));
    refuses_edits(&mut window);
    window.press(CTRL, Key::S);
    assert!(window.files() == before, "a file has changed");
}

#[test]
fn a_faulty_schema_says_line_and_column_and_opens_to_read_only() {
    let folder =
        seeds_with("pressmark.ron", "(\n    schema: (\n        id: \"mine\",\n        labels: oops,\n    ),\n)\n");
    let before = files(folder.path());
    let mut window = open(folder, "ada");
    let said = reason(&window);
    assert!(said.contains("pressmark.ron") && said.contains('4'), "{said}");
    assert!(said.contains("line 4") || said.contains(":4:"), "{said}");
    refuses_edits(&mut window);
    window.press(CTRL, Key::S);
    assert!(window.files() == before, "a file has changed");
}

#[test]
fn a_schema_with_clashing_keys_says_which() {
    let schema = "(\n    schema: (\n        id: \"mine\",\n        version: 1,\n        labels: [\n            (id: \"a\", \
        name: \"A\", key: \"a\"),\n            (id: \"b\", name: \"B\", key: \"a\"),\n        ],\n    ),\n)\n";
    let mut window = open(seeds_with("pressmark.ron", schema), "eve");
    assert!(reason(&window).contains("key"), "{}", reason(&window));
    refuses_edits(&mut window);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_opens_to_read_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = copy_of_seeds();
    let root = folder.path().to_owned();
    let allow = |mode| std::fs::set_permissions(&root, std::fs::Permissions::from_mode(mode)).expect("permissions");
    allow(0o555);
    if tempfile::tempfile_in(&root).is_ok() {
        // The superuser may write everywhere: there is nothing to see then.
        return;
    }
    let before = files(&root);
    let mut window = open(folder, "ada");
    let said = reason(&window);
    refuses_edits(&mut window);
    let same = window.files() == before;
    allow(0o755);
    assert!(said.contains("cannot be written to"), "{said}");
    assert!(same, "a file has changed");
}

#[test]
fn an_article_that_is_gone_is_told_and_the_others_open() {
    let folder = copy_of_seeds();
    let mut window = open(folder, "eve");
    std::fs::remove_file(window.root.join("election-roundup.md")).expect("it is there");
    window.click("election-roundup.md, new, 0 marks");
    assert!(window.message().contains("election-roundup.md"), "{}", window.message());
    window.click("harbour-strike.txt, new, 0 marks");
    assert_eq!(window.article(), "harbour-strike.txt");
}

#[test]
fn many_problems_are_folded_away() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "Chen Hai spoke.\n".repeat(90)).expect("an article");
    let article = pressmark::article::read(&path, None).expect("it can be read");
    let head = Head::new("eve", SchemaRef { id: "news".into(), version: 1 });
    let mark = |at: u32| Annotation::new(format!("f{at:05}"), "nonsense", Span::new(at * 16, at * 16 + 8));
    let layer = Layer::from_parts(head, (0..90).map(mark).collect(), Vec::new()).expect("a layer");
    std::fs::write(folder.path().join("a.txt.eve.ron"), sidecar::write_layer(&article, &layer)).expect("a sidecar");
    let mut window = Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() });
    assert_eq!(window.document().problems().len(), 90);
    assert!(!window.has("pressmark check lists all 90."));
    window.harness.get_by_label("84 more").click_accesskit();
    window.settle();
    assert!(window.has("pressmark check lists all 90."));
}

#[test]
fn what_other_formats_left_is_named_and_not_spread_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "Ada stays.\n").expect("an article");
    let article = pressmark::article::read(&path, None).expect("it can be read");
    let mut head = Head::new("eve", SchemaRef { id: "news".into(), version: 1 });
    for (name, words) in [("conllu:rows", "1 Ada _".repeat(5_000)), ("odd", "long ".repeat(300))] {
        head.document.set(name, Some(Value::Text(words.into())));
    }
    let mark = Annotation::new("a", "entity", Span::new(0, 3));
    let layer = Layer::from_parts(head, vec![mark], Vec::new()).expect("a layer");
    std::fs::write(folder.path().join("a.txt.eve.ron"), sidecar::write_layer(&article, &layer)).expect("a sidecar");
    let window = Window::open(folder, &Opening { annotator: Some("eve"), ..Opening::default() });
    assert!(window.says("Kept for exports: conllu:rows"));
    assert!(!window.says("1 Ada _") && !window.says(&"long ".repeat(60)) && window.says("(not in the schema)"));
}
