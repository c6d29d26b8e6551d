//! What someone sees who has never seen the program.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use pressmark::gui::settings::Settings;
use pressmark::gui::{App, Start};

use crate::disk::copy_of_seeds;
use crate::window::{Opening, Window};

const TITLE: &str = "Ambassador presses Lomari to shut phone-fraud compounds along the Sael river";

#[test]
fn the_first_look_shows_an_article_and_asks_nothing() {
    let opening = Opening { annotator: None, article: Some("border-fraud-talks.txt"), ..Opening::default() };
    let window = Window::open(copy_of_seeds(), &opening);
    assert!(window.has(TITLE), "the title is a block of its own");
    assert!(window.has("Article text"));
    assert!(window.has("border-fraud-talks.txt, new, 0 marks"));
    assert!(window.has("harbour-strike.txt, new, 0 marks"));
    assert!(window.has("Annotator: eve"), "the login name until one changes it");
    assert!(!window.app().view().keys_open && !window.app().view().about_open);
    assert!(window.says("No marks yet. Select some text"), "it says what to do first");
    let dialogs = window.harness.query_all_by_role(egui::accesskit::Role::Dialog).count();
    assert_eq!(dialogs, 0, "no dialog stands in the way");
}

#[test]
fn without_a_path_the_sample_opens_on_its_first_story_in_the_users_folder() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let start = Start { path: None, annotator: None, login: "Eve O'Hara".into(), data: data.path().into() };
    let mut harness =
        Harness::builder().build_eframe(|creation| App::with(&creation.egui_ctx, start, Settings::default()));
    for _ in 0..10_000 {
        if harness.state().is_idle() && harness.state().workspace().is_some_and(|it| it.document().is_some()) {
            break;
        }
        harness.step();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let workspace = harness.state().workspace().expect("the sample is open");
    assert!(workspace.root().starts_with(data.path()));
    let document = workspace.document().expect("an article is open");
    assert_eq!(workspace.entries()[document.number].path.to_str(), Some("border-fraud-talks.txt"));
    assert_eq!(workspace.read_only(), None);
    harness.get_by_label(TITLE);
}

#[test]
fn rows_of_the_list_tell_status_and_number_of_marks() {
    let window = Window::seeds("ada", "harbour-strike.txt");
    let document = window.document();
    let marks = document.layer().len();
    assert!(marks > 100);
    assert!(window.has(&format!("harbour-strike.txt, done, {marks} marks")));
    assert!(window.is_chosen(&format!("harbour-strike.txt, done, {marks} marks")));
    assert!(window.has("election-roundup.md, done, 90 marks"));
}

#[test]
fn marks_in_view_are_named_for_screen_readers() {
    let window = Window::seeds("ada", "border-fraud-talks.txt");
    assert!(window.has("entity place: OSTVALE"));
    assert!(window.has("entity person: Ostvale's ambassador to Lomari, Ines Halden"));
    assert!(window.has("label Place"), "labels stand beside the text");
}

#[test]
fn a_click_on_a_row_opens_the_article() {
    let mut window = Window::seeds("ada", "border-fraud-talks.txt");
    let row = "election-roundup.md, done, 90 marks";
    window.click(row);
    window.until("the other article is open", |window| window.article() == "election-roundup.md");
    window.settle();
    assert!(window.is_chosen(row));
}
