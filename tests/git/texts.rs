//! Branches of which one, or both, edited the article: marks of both sides come to one text, and none is lost.

use super::{QUOTE, Repo, SIDECAR, said};

/// One branch marks on the old text; on the other the article is edited, re-anchored and marked.
fn marked_and_edited(prepare: impl FnOnce(&Repo)) -> Repo {
    let repo = Repo::new();
    prepare(&repo);
    repo.branch("marked", |repo| repo.add(SIDECAR, QUOTE));
    repo.branch("edited", |repo| {
        repo.add(SIDECAR, &said("c1"));
        repo.edit("talks.txt", "Ada said", "Late on Monday, in the rain, Ada said");
        repo.pressmark(&["reanchor", "--annotator", "ada", "talks.txt"]);
    });
    repo
}

fn has_all(repo: &Repo) {
    let merged = repo.read(SIDECAR);
    // 29 characters were put in before all of them.
    for part in ["\"a1\"", "(29, 32, \"Ada\")", "\"c1\"", "(33, 37, \"said\")", "\"q1\"", "(40, 42, \"no\")"] {
        assert!(merged.contains(part), "{part} in {merged}");
    }
    assert!(!merged.contains("orphan") && !merged.contains("conflict"), "{merged}");
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn a_branch_that_edited_the_article_merges_either_way_round() {
    let repo = marked_and_edited(|_| {});
    repo.git(&["merge", "--no-edit", "marked"]);
    has_all(&repo);
    let merged = repo.read(SIDECAR);
    repo.git(&["checkout", "--quiet", "marked"]);
    repo.git(&["merge", "--no-edit", "edited^1"]);
    assert_eq!(repo.read(SIDECAR), merged);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn so_do_a_rebase_and_a_cherry_pick() {
    for (here, command, there) in [
        ("marked", "rebase", "edited"),
        ("edited", "rebase", "marked"),
        ("marked", "cherry-pick", "edited"),
        ("edited", "cherry-pick", "marked"),
    ] {
        let repo = marked_and_edited(|_| {});
        repo.git(&["checkout", "--quiet", here]);
        repo.git(&[command, there]);
        has_all(&repo);
    }
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn where_no_texts_are_kept_the_articles_of_the_history_do() {
    let repo = marked_and_edited(|repo| {
        repo.git(&["rm", "--quiet", "-r", "--cached", ".pressmark"]);
        repo.write(".gitignore", ".pressmark/\n");
        repo.commit("no texts");
    });
    std::fs::remove_dir_all(repo.path(".pressmark/texts")).expect("they are there");
    repo.git(&["merge", "--no-edit", "marked"]);
    has_all(&repo);
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn both_edited_the_article_and_no_mark_is_lost() {
    let repo = Repo::new();
    repo.branch("one", |repo| {
        repo.add(SIDECAR, QUOTE);
        repo.edit("talks.txt", "Ada said", "In the end Ada said");
        repo.pressmark(&["reanchor", "--annotator", "ada", "talks.txt"]);
    });
    repo.branch("other", |repo| {
        repo.add(SIDECAR, &said("c1"));
        repo.edit("talks.txt", "at some length.\n", "at some length.\nThen she left.\n");
        repo.pressmark(&["reanchor", "--annotator", "ada", "talks.txt"]);
    });
    // git leaves the two lines of the article to be settled or merges them; the sidecar merges by itself.
    let (_, told) = repo.try_git(&["merge", "--no-edit", "one"]);
    assert!(!repo.unmerged().contains(&SIDECAR.to_owned()), "{told}");
    let merged = repo.read(SIDECAR);
    for id in ["\"a1\"", "\"c1\"", "\"q1\""] {
        assert!(merged.contains(id), "{merged}");
    }
    assert!(!merged.contains("conflict"), "{merged}");
    repo.write(
        "talks.txt",
        &super::ARTICLE.replace("Ada said", "In the end Ada said").replace("length.\n", "length.\nThen she left.\n"),
    );
    repo.pressmark(&["reanchor", "--annotator", "ada", "talks.txt"]);
    let placed = repo.read(SIDECAR);
    for part in ["(11, 14, \"Ada\")", "(15, 19, \"said\")", "(22, 24, \"no\")"] {
        assert!(placed.contains(part), "{part} in {placed}");
    }
    repo.is_sound("talks.txt");
}

#[test]
#[ignore = "git must be there: tests/full.sh runs it"]
fn what_the_other_side_cut_waits_and_that_is_said() {
    let repo = Repo::new();
    repo.branch("marked", |repo| repo.add(SIDECAR, QUOTE));
    repo.branch("edited", |repo| {
        repo.edit("talks.txt", " said: \u{201c}no\u{201d} 👩\u{200d}🎤", " kept silent");
        repo.pressmark(&["reanchor", "--annotator", "ada", "talks.txt"]);
    });
    let (code, told) = repo.try_git(&["merge", "--no-edit", "marked"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("without a place in it: 1 mark"), "{told}");
    let merged = repo.read(SIDECAR);
    assert!(merged.contains("\"q1\"") && merged.contains("orphan"), "{merged}");
}
