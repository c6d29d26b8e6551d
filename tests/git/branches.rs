//! Branches that both annotate, rename or delete the article, rebase, cherry-pick, and conflicts.
//!
//! After each merge the marks of both sides are there, and the sidecar is one that opens.

use super::{QUOTE, Repo, SIDECAR, said};

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn branches_that_both_annotate_merge_by_themselves() {
    let repo = Repo::new();
    repo.branch("quotes", |repo| repo.add(SIDECAR, QUOTE));
    repo.branch("cues", |repo| {
        repo.add(SIDECAR, &said("c1"));
        repo.edit(SIDECAR, "\"person\"", "\"place\"");
    });
    repo.git(&["merge", "--no-edit", "quotes"]);
    let merged = repo.read(SIDECAR);
    for part in ["\"q1\"", "\"c1\"", "\"place\""] {
        assert!(merged.contains(part), "{merged}");
    }
    repo.is_sound("talks.txt");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    // The other way round it is the same file.
    repo.git(&["checkout", "--quiet", "quotes"]);
    repo.git(&["merge", "--no-edit", "cues^1"]);
    assert_eq!(repo.read(SIDECAR), merged);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_conflict_leaves_the_path_unmerged_and_the_sidecar_valid() {
    let repo = Repo::new();
    repo.branch("place", |repo| repo.edit(SIDECAR, "\"person\"", "\"place\""));
    repo.branch("thing", |repo| repo.edit(SIDECAR, "\"person\"", "\"thing\""));
    let (code, told) = repo.try_git(&["merge", "--no-edit", "place"]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("annotation a1"), "{told}");
    assert_eq!(repo.unmerged(), [SIDECAR]);
    let merged = repo.read(SIDECAR);
    assert!(!merged.contains("<<<<") && merged.contains("conflict: [("), "{merged}");
    assert!(merged.contains("\"place\"") && merged.contains("\"thing\""), "{merged}");
    repo.is_sound("talks.txt");
    // Settled, and committed.
    let line = merged.lines().find(|line| line.contains("conflict")).expect("the annotation");
    let settled = format!("{}),", line.split_once(", conflict").expect("a conflict").0);
    repo.edit(SIDECAR, line, &settled);
    repo.commit("settled");
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn both_add_the_layer_without_a_common_past() {
    let repo = Repo::bare();
    repo.pressmark(&["git-setup"]);
    let sidecar = repo.read(SIDECAR);
    std::fs::remove_file(repo.path(SIDECAR)).expect("it is there");
    repo.commit("start");
    repo.branch("one", |repo| {
        repo.write(SIDECAR, &sidecar);
        repo.add(SIDECAR, QUOTE);
    });
    repo.branch("two", |repo| {
        repo.write(SIDECAR, &sidecar.replace("\"a1\"", "\"a0\""));
        repo.add(SIDECAR, &said("c1"));
    });
    repo.git(&["merge", "--no-edit", "one"]);
    let merged = repo.read(SIDECAR);
    assert!(merged.contains("\"a0\"") && !merged.contains("\"a1\""), "one entity of two: {merged}");
    assert!(merged.contains("\"q1\"") && merged.contains("\"c1\""), "{merged}");
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_renamed_article_takes_its_marks_along() {
    let repo = Repo::new();
    repo.branch("renamed", |repo| {
        repo.git(&["mv", "talks.txt", "border.txt"]);
        repo.git(&["mv", SIDECAR, "border.txt.ada.ron"]);
        repo.edit("border.txt.ada.ron", "file: \"talks.txt\"", "file: \"border.txt\"");
    });
    repo.branch("marked", |repo| repo.add(SIDECAR, QUOTE));
    repo.git(&["tag", "before"]);
    repo.git(&["merge", "--no-edit", "renamed"]);
    let merged = repo.read("border.txt.ada.ron");
    assert!(merged.contains("\"q1\"") && merged.contains("file: \"border.txt\""), "{merged}");
    assert!(!repo.path(SIDECAR).exists());
    repo.is_sound("border.txt");
    // And from the other side.
    repo.git(&["checkout", "--quiet", "renamed"]);
    repo.git(&["merge", "--no-edit", "before"]);
    assert_eq!(repo.read("border.txt.ada.ron"), merged);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_deleted_article_does_not_take_new_marks_along() {
    let repo = Repo::new();
    repo.branch("deleted", |repo| {
        repo.git(&["rm", "--quiet", "talks.txt", SIDECAR]);
    });
    repo.branch("marked", |repo| repo.add(SIDECAR, QUOTE));
    let (code, told) = repo.try_git(&["merge", "--no-edit", "deleted"]);
    assert_eq!(code, 1, "{told}");
    assert_eq!(repo.unmerged(), [SIDECAR], "git asks, since one side deleted what the other changed");
    assert!(repo.read(SIDECAR).contains("\"q1\""));
    // The article alone is deleted, while both go on marking: the merge needs neither article nor kept text.
    let repo = Repo::new();
    repo.git(&["rm", "-r", "--quiet", ".pressmark"]);
    repo.commit("no texts");
    repo.branch("deleted", |repo| {
        repo.git(&["rm", "--quiet", "talks.txt"]);
        repo.add(SIDECAR, &said("c1"));
    });
    repo.branch("marked", |repo| repo.add(SIDECAR, QUOTE));
    repo.git(&["merge", "--no-edit", "deleted"]);
    assert!(!repo.path("talks.txt").exists());
    let merged = repo.read(SIDECAR);
    assert!(merged.contains("\"q1\"") && merged.contains("\"c1\""), "{merged}");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_rebase_replays_marks_one_by_one() {
    let repo = Repo::new();
    repo.branch("work", |repo| repo.add(SIDECAR, QUOTE));
    repo.edit(SIDECAR, "\"person\"", "\"place\"");
    repo.commit("second");
    repo.branch("upstream", |repo| repo.add(SIDECAR, &said("c1")));
    repo.git(&["checkout", "--quiet", "work"]);
    repo.git(&["rebase", "upstream"]);
    let merged = repo.read(SIDECAR);
    for part in ["\"q1\"", "\"c1\"", "\"place\""] {
        assert!(merged.contains(part), "{merged}");
    }
    repo.is_sound("talks.txt");
    assert_eq!(repo.git(&["log", "--format=%s"]), "second\nwork\nupstream\nstart\n");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_rebase_stops_at_a_conflict_and_goes_on() {
    let repo = Repo::new();
    repo.branch("place", |repo| repo.edit(SIDECAR, "\"person\"", "\"place\""));
    repo.branch("thing", |repo| repo.edit(SIDECAR, "\"person\"", "\"thing\""));
    let (code, told) = repo.try_git(&["rebase", "place"]);
    assert_eq!(code, 1, "{told}");
    assert_eq!(repo.unmerged(), [SIDECAR]);
    repo.is_sound("talks.txt");
    repo.git(&["add", SIDECAR]);
    repo.git(&["rebase", "--continue"]);
    let merged = repo.read(SIDECAR);
    assert!(merged.contains("\"place\"") && merged.contains("\"thing\""), "added as it is, both stay: {merged}");
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_cherry_pick_takes_one_change_and_a_later_merge_takes_it_once() {
    let repo = Repo::new();
    repo.branch("work", |repo| repo.add(SIDECAR, QUOTE));
    repo.add(SIDECAR, &said("c1"));
    repo.commit("second");
    repo.git(&["checkout", "--quiet", "-b", "picked", "main"]);
    repo.edit(SIDECAR, "\"person\"", "\"place\"");
    repo.commit("own");
    repo.git(&["cherry-pick", "work"]);
    let picked = repo.read(SIDECAR);
    assert!(picked.contains("\"c1\"") && !picked.contains("\"q1\"") && picked.contains("\"place\""), "{picked}");
    repo.git(&["merge", "--no-edit", "work"]);
    let merged = repo.read(SIDECAR);
    assert_eq!(merged.matches("\"c1\"").count(), 1, "{merged}");
    assert!(merged.contains("\"q1\""), "{merged}");
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn two_that_merged_each_other_and_settled_differently_are_both_kept() {
    let repo = Repo::new();
    repo.branch("place", |repo| repo.edit(SIDECAR, "\"person\"", "\"place\""));
    repo.branch("thing", |repo| repo.edit(SIDECAR, "\"person\"", "\"thing\""));
    for (ours, theirs) in [("place", "thing"), ("thing", "place~0")] {
        repo.git(&["tag", &format!("old-{ours}"), ours]);
        repo.git(&["checkout", "--quiet", ours]);
        let settled = repo.read(SIDECAR);
        let theirs = if theirs == "thing" { "thing" } else { "old-place" };
        assert_eq!(repo.try_git(&["merge", "--no-edit", theirs]).0, 1);
        repo.write(SIDECAR, &settled);
        repo.commit("settled");
    }
    // The common past is itself a merge with a conflict, which git makes by the same driver.
    assert_eq!(repo.try_git(&["merge", "--no-edit", "place"]).0, 1);
    let merged = repo.read(SIDECAR);
    assert!(merged.contains("\"place\"") && merged.contains("\"thing\"") && !merged.contains("\"person\""), "{merged}");
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn names_that_a_shell_would_read_are_names() {
    let repo = Repo::new();
    for name in ["it's $(touch evil) a;b.txt", "မြန်မာ \u{202e}\"x\".txt"] {
        let sidecar = format!("{name}.ada.ron");
        repo.git(&["checkout", "--quiet", "main"]);
        repo.write(name, &repo.read("talks.txt"));
        repo.write(&sidecar, &repo.read(SIDECAR));
        repo.commit("odd");
        for (branch, type_) in [("one", "place"), ("two", "thing")] {
            repo.git(&["checkout", "--quiet", "-B", branch, "main"]);
            repo.edit(&sidecar, "\"person\"", &format!("\"{type_}\""));
            repo.commit(branch);
        }
        let (code, told) = repo.try_git(&["merge", "--no-edit", "one"]);
        assert!(code == 1 && told.contains("annotation a1"), "{told}");
        assert!(repo.read(&sidecar).contains("conflict: [("), "{told}");
        assert!(!repo.path("evil").exists());
        repo.commit("settled");
    }
}
