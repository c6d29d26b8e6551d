//! A side that cannot be merged: git keeps all that was there, on both sides.

use super::{QUOTE, Repo, SIDECAR, program, said};

/// One branch breaks the sidecar, the other marks; then they merge.
fn after_a_merge(break_it: impl FnOnce(&Repo)) -> (Repo, i32, String, String) {
    let repo = Repo::new();
    repo.branch("broken", break_it);
    repo.branch("marked", |repo| repo.add(SIDECAR, QUOTE));
    let before = repo.read(SIDECAR);
    let (code, told) = repo.try_git(&["merge", "--no-edit", "broken"]);
    (repo, code, told, before)
}

fn nothing_is_lost(repo: &Repo, code: i32, told: &str, before: &str) {
    assert_ne!(code, 0, "{told}");
    assert_eq!(repo.read(SIDECAR), before, "ours is as it was");
    // Not a path that `git add` would take for settled with one side alone.
    let (committed, said) = repo.try_git(&["commit", "--all", "--no-edit", "--quiet", "--message", "all"]);
    assert!(
        repo.try_git(&["rev-parse", "--verify", "--quiet", "HEAD^2"]).0 != 0,
        "no merge was made: {committed} {said}"
    );
    assert!(repo.git(&["show", &format!("marked:{SIDECAR}")]).contains("q1"), "ours is in its branch");
    repo.git(&["cat-file", "-e", &format!("broken:{SIDECAR}")]);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_damaged_side_stops_git_and_loses_nothing() {
    let (repo, code, told, before) = after_a_merge(|repo| {
        let text = repo.read(SIDECAR);
        repo.write(SIDECAR, &text[..text.len() / 2]);
    });
    assert!(told.contains("talks.txt.ada.ron (theirs)") && told.contains("truncated"), "{told}");
    nothing_is_lost(&repo, code, &told, &before);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn unknown_fields_and_newer_formats_stop_git() {
    let cases: [(&str, &str, &str); 2] =
        [("status: ", "mood: \"good\",\n    status: ", "mood (head)"), ("format: 1", "format: 2", "format 2")];
    for (old, new, expected) in cases {
        let (repo, code, told, before) = after_a_merge(|repo| repo.edit(SIDECAR, old, new));
        assert!(told.contains(expected), "{told}");
        nothing_is_lost(&repo, code, &told, &before);
    }
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn an_error_in_a_rebase_or_a_cherry_pick_loses_nothing() {
    for command in ["rebase", "cherry-pick"] {
        let repo = Repo::new();
        repo.branch("broken", |repo| repo.edit(SIDECAR, "format: 1", "format: 2"));
        repo.branch("marked", |repo| repo.add(SIDECAR, QUOTE));
        let (code, told) = repo.try_git(&[command, "broken"]);
        assert_ne!(code, 0, "{told}");
        if command == "rebase" {
            let todo = repo.read(".git/rebase-merge/git-rebase-todo");
            assert!(todo.starts_with("pick") && todo.contains("marked"), "the commit is still to be done: {todo}");
        }
        let (_, told) = repo.try_git(&[command, "--abort"]);
        repo.git(&["checkout", "--quiet", "--force", "marked"]);
        assert!(repo.read(SIDECAR).contains("\"q1\""), "{command}: {told}");
        repo.is_sound("talks.txt");
    }
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_program_that_is_gone_stops_git() {
    let repo = Repo::new();
    let driver = repo.git(&["config", "merge.pressmark.driver"]);
    let own = program().to_string_lossy().into_owned();
    assert!(driver.contains(&own), "{driver}");
    repo.git(&["config", "merge.pressmark.driver", driver.trim_end().replace(&own, "/nowhere/pressmark").as_str()]);
    repo.branch("one", |repo| repo.add(SIDECAR, QUOTE));
    repo.branch("marked", |repo| repo.add(SIDECAR, &said("q1")));
    let before = repo.read(SIDECAR);
    let (code, told) = repo.try_git(&["merge", "--no-edit", "one"]);
    assert_ne!(code, 0, "{told}");
    assert_eq!(repo.read(SIDECAR), before);
    assert!(repo.try_git(&["rev-parse", "--verify", "--quiet", "HEAD^2"]).0 != 0);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_merge_that_pressmark_refuses_can_be_settled_by_taking_a_side() {
    let (repo, code, told, before) = after_a_merge(|repo| repo.edit(SIDECAR, "format: 1", "format: 2"));
    assert_ne!(code, 0, "{told}");
    let (code, told) = repo.try_git(&["-c", "merge.pressmark.driver=false", "merge", "--no-edit", "broken"]);
    assert_eq!((code, repo.unmerged()), (1, vec![SIDECAR.to_owned()]), "{told}");
    assert_eq!(repo.read(SIDECAR), before);
    repo.git(&["checkout", "--theirs", SIDECAR]);
    assert!(repo.read(SIDECAR).contains("format: 2"));
    repo.git(&["checkout", "--ours", SIDECAR]);
    repo.commit("ours");
    repo.is_sound("talks.txt");
}
