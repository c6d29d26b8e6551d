//! How a layer is kept while it is being worked on: the journal at once, the sidecar after a rest, one program at a time,
//! and nothing lost when another program changes, deletes or edits a file meanwhile.

use std::fs;
use std::time::{Duration, SystemTime};

use pressmark::model::Span;
use pressmark::workspace::{Command, LayerState};

use crate::program::{Folder, TEXT, is_saved, marks, said, tag, until};

#[test]
fn opening_and_looking_writes_nothing() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    drop(workspace);
    // Long ago, so that a time stamp of now would be seen.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in folder.all().into_keys() {
        fs::File::open(&path).and_then(|file| file.set_modified(long_ago)).expect("its time can be set");
    }
    let before = folder.all();
    let mut workspace = folder.open();
    workspace.poll();
    assert_eq!(marks(&workspace), ["Ada"]);
    assert!(workspace.perform(Command::Redo).is_err(), "there is nothing to do again");
    drop(workspace);
    assert_eq!(folder.all(), before);
}

#[test]
fn a_step_lasts_in_the_journal_before_the_sidecar_has_it_and_undo_survives() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    tag(&mut workspace, "Ben").expect("it is tagged");
    until(&mut workspace, "saved", is_saved);
    assert!(folder.journal().exists());
    assert!(!folder.sidecar().exists(), "the sidecar is written after a rest");
    // As if the program were killed here: it gets no chance to write anything more.
    let copy = Folder::new();
    fs::create_dir_all(copy.journal().parent().expect("a folder")).expect("a folder");
    fs::copy(folder.journal(), copy.journal()).expect("it is copied");
    let mut found = copy.open();
    assert_eq!(marks(&found), ["Ada", "Ben"]);
    let listed: Vec<&str> = found.annotators_of(0).collect();
    assert!(listed.is_empty() || listed == ["ada"]);
    found.perform(Command::Undo).expect("undo survives");
    assert_eq!(marks(&found), ["Ada"]);
    drop(found);
    let sidecar = fs::read_to_string(copy.sidecar()).expect("it is written on closing");
    assert!(sidecar.contains("\"Ada\"") && !sidecar.contains("\"Ben\""));
    let mut again = copy.open();
    again.perform(Command::Redo).expect("what was taken back can be made again");
    assert_eq!(marks(&again), ["Ada", "Ben"]);
}

#[test]
fn the_sidecar_is_written_after_a_rest() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    until(&mut workspace, "the sidecar comes", |_| folder.sidecar().exists());
}

#[test]
fn a_second_program_reads_and_takes_over_when_the_first_is_closed() {
    let folder = Folder::new();
    let mut first = folder.open();
    let mut second = folder.open();
    tag(&mut first, "Ada").expect("it is tagged");
    let refusal = tag(&mut second, "Ben").expect_err("the first holds the layer").to_string();
    assert!(refusal.contains("Pressmark of ada") && refusal.contains("process"), "{refusal}");
    let third = folder.open();
    let reason = third.read_only().expect("it is held").to_owned();
    assert!(reason.contains("Pressmark of ada"), "{reason}");
    let mut third = third;
    drop(first);
    until(&mut third, "the layer is free", |workspace| workspace.read_only().is_none());
    assert_eq!(marks(&third), ["Ada"]);
    tag(&mut third, "Ben").expect("it can be changed now");
}

#[test]
fn what_another_program_makes_of_the_sidecar_is_merged_while_it_is_open() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    assert!(workspace.save_now());
    // Another machine's work comes in, by git or a sync folder.
    let mine = fs::read_to_string(folder.sidecar()).expect("it is there");
    let line = "        (id: \"zzzzz1\", label: \"entity\", spans: [(8, 11, \"Zoe\")], context: (\"Ada met \", \". Ben\"), \
                attributes: {\"type\": \"person\"}),\n    ],";
    tag(&mut workspace, "Ben").expect("it is tagged");
    fs::write(folder.sidecar(), mine.replacen("    ],", line, 1)).expect("it is written");
    until(&mut workspace, "it is merged", |workspace| marks(workspace) == ["Ada", "Zoe", "Ben"]);
    assert!(said(&mut workspace).contains("another program changed this file"));
    assert_eq!(workspace.document().and_then(|it| it.history().undo_name()), Some("take in changes from outside"));
    drop(workspace);
    let both = fs::read_to_string(folder.sidecar()).expect("it is there");
    assert!(["\"Ada\"", "\"Zoe\"", "\"Ben\""].iter().all(|name| both.contains(name)), "{both}");
    let mut again = folder.open();
    again.perform(Command::Undo).expect("the merge is a step");
    assert_eq!(marks(&again), ["Ada", "Ben"]);
    again.perform(Command::Undo).expect("and the step before it");
    assert_eq!(marks(&again), ["Ada"]);
}

#[test]
fn problems_are_those_of_the_layer_that_was_put_together() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    assert!(workspace.save_now());
    drop(workspace);
    let line = |id: &str, place: &str, label: &str| {
        format!(
            "        (id: \"{id}\", label: \"{label}\", spans: [{place}], context: (\"Ada met \", \". Ben\"), attributes: \
             {{\"type\": \"person\"}}),\n    ],"
        )
    };
    let mine = fs::read_to_string(folder.sidecar()).expect("it is there");
    let odd = mine.replacen("    ],", &line("zzzzz1", "(8, 11, \"Zoe\")", "galaxy"), 1);
    fs::write(folder.sidecar(), &odd).expect("it is written");
    let mut workspace = folder.open();
    assert!(workspace.document().is_some_and(|it| it.problems().iter().any(|it| it.contains("galaxy"))));
    workspace.perform(Command::Delete { ids: vec!["zzzzz1".into()] }).expect("it is deleted");
    until(&mut workspace, "saved", is_saved);
    // As if the program were killed here, and another one then changed the sidecar.
    let copy = Folder::new();
    fs::create_dir_all(copy.journal().parent().expect("a folder")).expect("a folder");
    fs::copy(folder.journal(), copy.journal()).expect("it is copied");
    fs::write(copy.sidecar(), odd.replace("\"in-progress\"", "\"done\"")).expect("it is written");
    let found = copy.open();
    assert_eq!(marks(&found), ["Ada"]);
    assert_eq!(found.document().map(|it| it.problems().to_vec()), Some(Vec::new()));
}

#[test]
fn a_layer_that_was_only_looked_at_shows_what_another_program_makes_of_it() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    let mut other = folder.open();
    tag(&mut other, "Ada").expect("it is tagged");
    drop(other);
    until(&mut workspace, "it is shown", |workspace| marks(workspace) == ["Ada"]);
    until(&mut workspace, "and free", |workspace| workspace.read_only().is_none());
    tag(&mut workspace, "Ben").expect("it can be gone on with");
    assert_eq!(marks(&workspace), ["Ada", "Ben"]);
}

#[test]
fn a_layer_that_is_deleted_under_us_is_kept_and_said() {
    for begun in [true, false] {
        let folder = Folder::new();
        let mut workspace = folder.open();
        tag(&mut workspace, "Ada").expect("it is tagged");
        if !begun {
            drop(workspace);
            workspace = folder.open();
        }
        assert!(workspace.save_now());
        fs::remove_file(folder.sidecar()).expect("it was there");
        until(&mut workspace, "it is said", |workspace| said(workspace).contains("deleted"));
        assert_eq!(marks(&workspace), ["Ada"], "begun: {begun}");
        tag(&mut workspace, "Ben").expect("it can be gone on with");
        drop(workspace);
        let written = fs::read_to_string(folder.sidecar()).expect("it is written again");
        assert!(written.contains("\"Ada\"") && written.contains("\"Ben\""), "begun: {begun}: {written}");
    }
}

#[test]
fn an_article_that_is_edited_while_it_is_open_is_read_again_and_no_mark_is_lost() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    until(&mut workspace, "saved", is_saved);
    fs::write(folder.article(), format!("Late news. {TEXT}")).expect("it is written");
    until(&mut workspace, "it is read again", |workspace| {
        workspace.document().is_some_and(|document| {
            document.article().text.starts_with("Late") && matches!(document.state(), LayerState::ReadOnly(_))
        })
    });
    assert!(said(&mut workspace).contains("another program edited this article"));
    let sidecar = fs::read_to_string(folder.sidecar()).expect("it was written on the text before");
    assert!(sidecar.contains("(0, 3, \"Ada\")"), "{sidecar}");
}

#[test]
fn steps_that_only_a_journal_has_go_along_with_an_edited_article() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    until(&mut workspace, "saved", is_saved);
    let copy = Folder::new();
    let from = folder.0.path().join(".pressmark");
    for entry in walkdir::WalkDir::new(&from).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let target = copy.0.path().join(".pressmark").join(entry.path().strip_prefix(&from).expect("it is below"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::copy(entry.path(), target).expect("it is copied");
    }
    fs::write(copy.article(), format!("Late news. {TEXT}")).expect("it is written");
    let opened = copy.open();
    assert!(opened.read_only().is_some_and(|reason| reason.contains("edited since")), "{:?}", opened.read_only());
    assert_eq!(marks(&opened), ["Ada"], "it is shown where it was found again");
    drop(opened);
    assert!(!copy.sidecar().exists(), "looking writes nothing");
    let run = assert_cmd::Command::cargo_bin("pressmark")
        .expect("the program")
        .args(["reanchor", "--annotator", "ada"])
        .arg(copy.0.path())
        .assert();
    run.success();
    let sidecar = fs::read_to_string(copy.sidecar()).expect("it is written");
    assert!(sidecar.contains("(11, 14, \"Ada\")"), "{sidecar}");
    assert_eq!(marks(&copy.open()), ["Ada"]);
}

#[test]
fn commands_read_what_only_the_journal_has_and_leave_a_layer_that_is_being_changed_alone() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    tag(&mut workspace, "Ada").expect("it is tagged");
    until(&mut workspace, "saved", is_saved);
    assert!(!folder.sidecar().exists());
    let run = |args: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("pressmark").expect("the program");
        let output = command.args(args).arg(folder.article()).output().expect("it runs");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    assert!(run(&["export", "--to", "jsonl"]).contains("\"Ada\""));
    assert!(run(&["show"]).contains("Ada"));
    let out = folder.0.path().join("in.jsonl");
    fs::write(&out, run(&["export", "--to", "jsonl"])).expect("it is written");
    let mut import = assert_cmd::Command::cargo_bin("pressmark").expect("the program");
    let told =
        import.args(["import", "--from", "jsonl", "-o"]).arg(folder.0.path()).arg(&out).output().expect("it runs");
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("has this layer open"), "{told}");
}

#[test]
fn an_article_and_its_sidecar_that_change_at_once_are_both_read_again() {
    let folder = Folder::new();
    let other = Folder::new();
    let edited = format!("Late news. {TEXT}");
    fs::write(other.article(), &edited).expect("it is written");
    let mut elsewhere = other.open();
    let spans = [Span::new(0, 4)].into_iter().collect();
    elsewhere.perform(Command::Tag { label: "cue".into(), kind: None, spans }).expect("it is tagged");
    drop(elsewhere);
    let mut workspace = folder.open();
    // As a git pull does.
    fs::write(folder.article(), &edited).expect("it is written");
    fs::copy(other.sidecar(), folder.sidecar()).expect("it is copied");
    until(&mut workspace, "both are read again", |workspace| {
        workspace.read_only().is_none() && marks(workspace) == ["Late"]
    });
}

#[test]
fn a_layer_that_is_opened_anew_is_not_held_by_its_own_program() {
    let folder = Folder::new();
    let mut workspace = folder.open();
    for words in ["Ada", "Ben", "Bern"] {
        tag(&mut workspace, words).expect("it is tagged");
        workspace.open_article(0);
        workspace.wait();
        assert_eq!(workspace.read_only(), None);
        assert_eq!(said(&mut workspace), "");
    }
    assert_eq!(marks(&workspace), ["Ada", "Ben", "Bern"]);
    // The article cannot be read any more: what is open stays, and can be gone on with.
    fs::remove_file(folder.article()).expect("it was there");
    workspace.open_article(0);
    until(&mut workspace, "it is back", |workspace| workspace.read_only().is_none());
    assert_eq!(marks(&workspace), ["Ada", "Ben", "Bern"]);
    tag(&mut workspace, "Zoe").expect("it is tagged");
}
