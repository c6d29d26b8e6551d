//! What a merge kept twice is settled by a person: one version stays, or each becomes a mark of its own, and undo
//! brings all of it back.

use std::fs;
use std::path::Path;

use pressmark::model::{Id, Layer};
use pressmark::store::merge::merge_sidecars;
use pressmark::workspace::{Command, Workspace, unsettled, versions};

use crate::program::{Folder, Program, said, tag};

/// A layer whose two sides gave one mark another type and another note, and the article another status.
fn merged() -> Folder {
    let folder = Folder::new();
    let mut program = folder.open();
    tag(&mut program, "Ada").expect("it is tagged");
    drop(program);
    let base = fs::read_to_string(folder.sidecar()).expect("a sidecar");
    let side = |from: &str, to: &str, status: &str| {
        base.replace(from, to).replace("status: \"in-progress\"", &format!("status: \"{status}\""))
    };
    let (ours, theirs) = (side("person", "place", "done"), side("person", "organization", "skipped"));
    assert!(ours != base && theirs != base, "{base}");
    let path = Path::new("a.txt.ada.ron");
    let merged = merge_sidecars(Some((path, &base)), (path, &ours), (path, &theirs), path, None).expect("they merge");
    assert_eq!(merged.conflicts.len(), 2);
    fs::write(folder.sidecar(), merged.contents).expect("it is written");
    folder
}

fn layer(workspace: &Workspace) -> Layer {
    workspace.document().expect("it is open").layer().clone()
}

fn only(program: &Program) -> (Id, Vec<String>) {
    let layer = layer(program);
    let mark = layer.annotations().next().expect("a mark").clone();
    (mark.id.clone(), versions(&mark).iter().filter_map(|version| version.kind().map(str::to_owned)).collect())
}

#[test]
fn one_version_stays_and_undo_brings_the_others_back() {
    let folder = merged();
    let mut program = folder.open();
    assert!(said(&mut program).contains("2 marks, links or fields in several versions"));
    let (id, kinds) = only(&program);
    assert_eq!(kinds.len(), 2);
    program.perform(Command::Settle { id: id.clone(), version: 1 }).expect("it is settled");
    assert_eq!(only(&program).1, [kinds[1].clone()]);
    program.perform(Command::Undo).expect("it is taken back");
    assert_eq!(only(&program).1, kinds);
    program.perform(Command::Settle { id: id.clone(), version: 2 }).expect_err("there is no third");
    program.perform(Command::SettleApart { id }).expect("each stays");
    assert_eq!((layer(&program).len(), unsettled(&layer(&program))), (2, 1));
}

#[test]
fn values_of_the_head_are_settled() {
    let folder = merged();
    let mut program = folder.open();
    let (shown, kept) = {
        let layer = layer(&program);
        (layer.head().status, layer.head().conflict[0].clone())
    };
    assert_eq!(kept.0, "status");
    program.perform(Command::SettleHead { field: kept.0.clone(), value: Some(kept.1.clone()) }).expect("it is settled");
    assert_eq!(layer(&program).head().status.id(), kept.1);
    assert!(layer(&program).head().conflict.is_empty());
    program.perform(Command::Undo).expect("it is taken back");
    program.perform(Command::SettleHead { field: kept.0, value: None }).expect("the one that counts stays");
    assert_eq!(layer(&program).head().status, shown);
    drop(program);
    assert!(layer(&folder.open()).head().conflict.is_empty(), "it is saved");
}
