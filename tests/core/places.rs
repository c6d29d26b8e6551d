//! An article that was edited in another program: its marks find their places again, a person decides on the rest, all
//! of it is one step that can be taken back, and nothing is written before that.

use std::fs;
use std::path::Path;

use pressmark::anchor::State;
use pressmark::model::{Span, Spans};
use pressmark::workspace::{Choice, Command, LayerState, Workspace, waiting};

use crate::program::{Folder, Program, is_saved, marks, said, tag, until};

/// The same article with a word changed in one mark, one mark gone, and all of them further down.
const EDITED: &str = "Late news. Ada met them. Ben said “we may stay”. Then they left for Bern.\n";

/// Three marks, saved; then the article is edited.
fn edited() -> Folder {
    let folder = Folder::new();
    let mut program = folder.open();
    for words in ["Ada", "Zoe", "we stay", "Bern"] {
        tag(&mut program, words).expect("it is tagged");
    }
    drop(program);
    fs::write(folder.article(), EDITED).expect("the article is edited");
    folder
}

/// What is marked, and what waits without a place.
fn state(workspace: &Workspace) -> (Vec<String>, Vec<String>) {
    let document = workspace.document().expect("it is open");
    let layer = document.layer();
    let waits = layer.annotations().filter_map(|mark| mark.orphan()).map(|orphan| orphan.spans[0].text.clone());
    let placed = layer.annotations().filter(|mark| mark.orphan().is_none());
    let mut waits: Vec<String> = waits.collect();
    waits.sort();
    (placed.map(|mark| mark.text(&document.article().text)).collect(), waits)
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn id_of(program: &Program, words: &str) -> pressmark::model::Id {
    let places = program.document().and_then(|document| document.places()).expect("there is something to decide on");
    places.doubtful().find(|item| item.old[0].text == words).expect("it is in doubt").id.clone()
}

fn take(program: &mut Program) {
    program.take_places();
    program.wait();
    until(program, "the places are kept", is_saved);
}

fn copy_of(folder: &Folder) -> Folder {
    let copy = tempfile::tempdir().expect("a folder");
    for entry in walkdir::WalkDir::new(folder.0.path()).into_iter().flatten() {
        let to = copy.path().join(entry.path().strip_prefix(folder.0.path()).expect("it lies in it"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("a folder");
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
    Folder(copy)
}

fn sidecar(path: &Path) -> String {
    fs::read_to_string(path).expect("there is a sidecar")
}

#[test]
fn looking_at_what_was_found_writes_nothing() {
    let folder = edited();
    let before = folder.all();
    let mut program = folder.open();
    assert!(said(&mut program).contains("2 marks want a look"));
    assert_eq!(state(&program), (texts(&["Ada", "Bern"]), texts(&["Zoe", "we stay"])));
    let document = program.document().expect("it is open");
    assert!(matches!(document.state(), LayerState::ReadOnly(_)), "nothing can be changed yet");
    let places = document.places().expect("something is to be decided on");
    let found: Vec<State> = places.doubtful().map(|item| item.state).collect();
    assert_eq!((places.found(), found), (2, vec![State::Orphan, State::Edited]));
    let quote = id_of(&program, "we stay");
    program.choose_place(&quote, Some(Choice::Take));
    assert_eq!(state(&program).0, ["Ada", "we may stay", "Bern"], "it is shown as it would be");
    program.choose_place(&quote, None);
    assert_eq!(state(&program).0, ["Ada", "Bern"]);
    drop(program);
    assert_eq!(folder.all(), before);
}

#[test]
fn all_that_was_decided_is_one_step_that_can_be_taken_back() {
    let folder = edited();
    let mut program = folder.open();
    let (quote, zoe) = (id_of(&program, "we stay"), id_of(&program, "Zoe"));
    program.choose_place(&quote, Some(Choice::Take));
    let them = EDITED.find("them").expect("it stands there");
    let here: Spans = [Span::from_range(them..them + 4)].into_iter().collect();
    program.choose_place(&zoe, Some(Choice::At(here)));
    take(&mut program);
    let placed = texts(&["Ada", "them", "we may stay", "Bern"]);
    assert_eq!(state(&program), (placed.clone(), vec![]));
    assert_eq!(program.document().and_then(|it| it.history().undo_name()), Some("find places again"));
    program.perform(Command::Undo).expect("it is taken back");
    assert_eq!(state(&program).0, texts(&[]), "in one step");
    program.perform(Command::Redo).expect("it is made again");
    drop(program);
    let mut again = folder.open();
    assert_eq!((state(&again).0, said(&mut again)), (placed, String::new()));
    again.perform(Command::Undo).expect("undo is still known");
    assert_eq!(state(&again).0, texts(&[]));
}

#[test]
fn what_was_saved_outlives_a_crash_before_the_sidecar_is_written() {
    let folder = edited();
    let before = sidecar(&folder.sidecar());
    let mut program = folder.open();
    take(&mut program);
    let late: Spans = [Span::new(0, 4)].into_iter().collect();
    let command = Command::Tag { label: "entity".into(), kind: Some("value".into()), spans: late };
    program.perform(command).expect("it is tagged");
    until(&mut program, "the tag lasts", is_saved);
    let crashed = copy_of(&folder);
    assert_eq!(sidecar(&crashed.sidecar()), before, "the sidecar is the old one yet");
    let mut found = crashed.open();
    assert_eq!(state(&found), (texts(&["Late", "Ada", "Bern"]), texts(&["Zoe", "we stay"])));
    assert_eq!(said(&mut found), "");
    found.perform(Command::Undo).expect("the tag is taken back");
    found.perform(Command::Undo).expect("the places are taken back");
    assert_eq!(state(&found).0, texts(&[]));
    found.perform(Command::Redo).expect("they are found again");
    drop(found);
    assert!(sidecar(&crashed.sidecar()).contains("Bern"));
    assert_eq!(state(&crashed.open()).0, ["Ada", "Bern"]);
    drop(program);
    assert_eq!(state(&folder.open()).0, ["Late", "Ada", "Bern"]);
}

#[test]
fn what_waits_can_be_placed_later() {
    let folder = edited();
    let mut program = folder.open();
    take(&mut program);
    assert!(said(&mut program).contains("2 wait without a place"));
    let document = program.document().expect("it is open");
    let layer = document.layer();
    let held = layer
        .annotations()
        .find_map(|mark| waiting(mark, &document.article().text).filter(|it| it.old[0].text == "we stay"));
    let item = held.expect("it waits");
    let (place, _) = item.offered().next().expect("its place is offered");
    let command = Command::Place { id: item.id.clone(), spans: place.clone() };
    drop(layer);
    program.perform(command).expect("it is placed");
    assert_eq!(marks(&program)[1], "we may stay");
    assert_eq!(program.document().and_then(|it| it.history().undo_name()), Some("place person"));
}

#[test]
fn steps_that_only_a_journal_has_are_placed_too() {
    let folder = Folder::new();
    let mut program = folder.open();
    tag(&mut program, "Ada").expect("it is tagged");
    until(&mut program, "saved", is_saved);
    let crashed = copy_of(&folder);
    assert!(!crashed.sidecar().exists());
    fs::write(crashed.article(), EDITED).expect("the article is edited");
    let mut found = crashed.open();
    take(&mut found);
    assert_eq!(state(&found).0, ["Ada"]);
    drop(found);
    assert!(sidecar(&crashed.sidecar()).contains("(11, 14, \"Ada\")"));
}

#[test]
fn a_layer_that_changed_meanwhile_is_looked_at_once_more() {
    let folder = edited();
    let mut program = folder.open();
    let changed = sidecar(&folder.sidecar()).replace("status: \"in-progress\"", "status: \"done\"");
    assert_ne!(changed, sidecar(&folder.sidecar()));
    fs::write(folder.sidecar(), &changed).expect("another program writes it");
    program.take_places();
    program.wait();
    assert!(said(&mut program).contains("Look once more"));
    until(&mut program, "it is read again", |it| it.document().is_some_and(|it| !it.is_loading()));
    assert_eq!(sidecar(&folder.sidecar()), changed, "nothing was written");
    take(&mut program);
    drop(program);
    assert!(sidecar(&folder.sidecar()).contains("status: \"done\""));
}
