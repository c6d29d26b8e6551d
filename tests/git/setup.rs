//! `git-setup` and its undoing, and what git shows of sidecars.
//!
//! Merging is left to `branches` and `texts`.

use std::fs;

use super::{QUOTE, Repo, SIDECAR, ours};

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn setting_up_twice_changes_nothing_and_removing_restores_to_the_byte() {
    for before in [None, Some(""), Some("*.png binary\n"), Some("*.png binary"), Some("a b\r\nc d\r\n"), Some("\n\n")] {
        let repo = Repo::bare();
        if let Some(before) = before {
            repo.write(".gitattributes", before);
        }
        let config = repo.read(".git/config");
        repo.pressmark(&["git-setup"]);
        let (attributes, configured) = (repo.read(".gitattributes"), repo.read(".git/config"));
        assert!(attributes.starts_with(before.unwrap_or_default()) && attributes.contains("merge=pressmark"));
        assert!(repo.pressmark(&["git-setup", "."]).contains("Nothing to do"));
        assert_eq!((repo.read(".gitattributes"), repo.read(".git/config")), (attributes, configured));
        repo.pressmark(&["git-setup", "--remove"]);
        assert_eq!(fs::read_to_string(repo.path(".gitattributes")).ok().as_deref(), before);
        assert_eq!(repo.read(".git/config"), config);
        assert!(repo.pressmark(&["git-setup", "--remove"]).contains("Nothing to do"));
    }
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_merge_that_began_without_the_setup_is_made_again_with_it() {
    let repo = Repo::bare();
    repo.pressmark(&["git-setup"]);
    repo.git(&["config", "--remove-section", "merge.pressmark"]);
    repo.commit("start");
    repo.branch("place", |repo| repo.edit(SIDECAR, "\"person\"", "\"place\""));
    repo.branch("marked", |repo| repo.edit(SIDECAR, "{\"type\"", "{\"role\": \"x\", \"type\""));
    assert_eq!(repo.try_git(&["merge", "--no-edit", "place"]).0, 1);
    assert!(repo.read(SIDECAR).contains("<<<<"), "git by itself merges lines");
    repo.pressmark(&["git-setup"]);
    repo.git(&["checkout", "--merge", SIDECAR]);
    let merged = repo.read(SIDECAR);
    assert!(merged.contains("\"place\"") && merged.contains("\"role\"") && !merged.contains("<<<<"), "{merged}");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn what_was_added_after_the_block_stays() {
    let repo = Repo::bare();
    repo.write(".gitattributes", "*.png binary");
    repo.pressmark(&["git-setup"]);
    let text = repo.read(".gitattributes");
    repo.write(".gitattributes", &format!("{text}*.jpg binary\n"));
    repo.pressmark(&["git-setup", "--remove"]);
    assert_eq!(repo.read(".gitattributes"), "*.png binary\n*.jpg binary\n");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_folder_outside_git_is_refused_kindly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = std::process::Command::new(super::program());
    let output = command.arg("git-setup").arg(folder.path()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("in no git repository") && told.contains("git init"), "{told}");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn attributes_reach_sidecars_articles_and_texts_and_nothing_else() {
    let repo = Repo::new();
    let of =
        |path: &str| repo.git(&["check-attr", "text", "merge", "diff", "--", path]).replace(&format!("{path}: "), "");
    for (path, expected) in [
        ("talks.txt.ada.ron", "text: unset\nmerge: pressmark\ndiff: pressmark\n"),
        ("deep/er/b.md.gold.ron", "text: unset\nmerge: pressmark\ndiff: pressmark\n"),
        ("pressmark.ron", "text: unspecified\nmerge: unspecified\ndiff: unspecified\n"),
        ("deep/pressmark.ron", "text: unspecified\nmerge: unspecified\ndiff: unspecified\n"),
        ("deep/A.TXT", "text: unset\nmerge: unspecified\ndiff: unspecified\n"),
        ("a.Markdown", "text: unset\nmerge: unspecified\ndiff: unspecified\n"),
        (".pressmark/texts/9f2c", "text: unset\nmerge: unspecified\ndiff: unspecified\n"),
        ("a.py", "text: unspecified\nmerge: unspecified\ndiff: unspecified\n"),
    ] {
        assert_eq!(of(path), expected, "{path}");
    }
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn line_ends_stay_under_autocrlf() {
    let repo = Repo::new();
    repo.git(&["config", "core.autocrlf", "true"]);
    let (article, sidecar) = (repo.read("talks.txt"), repo.read(SIDECAR));
    fs::remove_file(repo.path("talks.txt")).expect("it is there");
    fs::remove_file(repo.path(SIDECAR)).expect("it is there");
    repo.git(&["checkout", "--", "."]);
    assert_eq!((repo.read("talks.txt"), repo.read(SIDECAR)), (article, sidecar));
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn diff_log_and_show_print_readable_changes() {
    let repo = Repo::new();
    repo.add(SIDECAR, &QUOTE.replace("\"))", "\"), note: \"မြန်မာ \\\"so\\\"\")"));
    repo.edit(SIDECAR, "\"person\"", "\"place\"");
    let expected = [
        "+quote 11–13 “no” by ada note \"မြန်မာ \\\"so\\\"\" (q1)",
        "-entity:person 0–3 “Ada” by ada (a1)",
        "+entity:place 0–3 “Ada” by ada (a1)",
    ];
    let shows = |said: &str| {
        for line in expected {
            assert!(said.lines().any(|shown| shown == line), "{line}: {said}");
        }
        assert!(!said.contains("context:"), "{said}");
    };
    shows(&repo.git(&["diff"]));
    repo.commit("marked");
    shows(&repo.git(&["show"]));
    shows(&repo.git(&["log", "-p", "-1"]));
    shows(&repo.git(&["diff", "HEAD~1", "HEAD"]));
    assert!(repo.git(&["show", "HEAD~1"]).contains("+status done"), "a new file too");
    assert!(repo.git(&["format-patch", "-1", "--stdout"]).contains("context:"), "a patch is of the file itself");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn nothing_in_a_sidecar_steers_the_terminal() {
    let repo = Repo::new();
    repo.edit(SIDECAR, "{\"type\": \"person\"}", "{\"type\": \"person\", \"x\": \"\\u{1b}[2J\\u{202e}\\u{9b}\"}");
    repo.write("talks.txt.eve.ron", "( \u{1b}[31m no sidecar \u{9b}\u{202e}\n");
    repo.git(&["add", "--all"]);
    let said = repo.git(&["diff", "--cached"]);
    assert!(said.contains("u{1b}") && said.contains("no sidecar"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{said}");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn the_seeds_are_shown_in_full() {
    for entry in fs::read_dir(ours("seeds")).expect("they are there").flatten() {
        if entry.path().extension().is_some_and(|end| end == "ron") && entry.file_name() != "pressmark.ron" {
            let output = std::process::Command::new(super::program()).arg("git-show").arg(entry.path()).output();
            let shown = String::from_utf8(output.expect("it runs").stdout).expect("UTF-8");
            assert!(shown.starts_with("article ") && !shown.contains("context: ("), "{shown}");
        }
    }
}
