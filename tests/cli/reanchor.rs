//! `reanchor`: an edited article keeps its marks, and nothing is written that nobody asked for.

use std::fs;

use super::{Corpus, TALKS};

fn json(out: &str) -> serde_json::Value {
    serde_json::from_str(out).expect("one JSON document")
}

/// The article with a sentence before, and one mark's words changed.
fn edited() -> Corpus {
    let corpus = Corpus::new();
    corpus.write("talks.txt", &format!("Good morning to all of you. {}", TALKS.replace("“no”", "“oh no”")));
    corpus
}

const ADA: &[&str] = &["reanchor", "--annotator", "ada", "."];

#[test]
fn marks_follow_their_words_and_the_rest_waits_in_the_file() {
    let corpus = edited();
    let before = corpus.read("talks.txt.ada.ron");
    let (code, out, err) = corpus.ends(&["reanchor", "--dry-run", "--annotator", "ada", "."]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(
        out.contains("1 exact, 1 edited") && out.contains("edited  a2") && out.ends_with("nothing was written\n"),
        "{out}"
    );
    assert_eq!(corpus.read("talks.txt.ada.ron"), before);

    assert_eq!(corpus.ends(ADA).0, 1);
    let after = corpus.read("talks.txt.ada.ron");
    assert!(after.contains("(28, 31, \"Ada\")"), "{after}");
    assert!(after.contains("note: \"short\"") && after.contains("orphan: (candidates: [("), "{after}");
    assert!(after.contains("speaker"), "the relation stays: {after}");
    assert_eq!(corpus.ends(&["check", "."]).0, 0, "the layer is whole and can be worked on");
    assert_eq!(corpus.ends(ADA).0, 1, "what waits is still told");
    assert_eq!(corpus.read("talks.txt.ada.ron"), after, "and nothing changes");
}

#[test]
fn edited_marks_are_taken_over_when_asked_for() {
    let corpus = edited();
    let (code, out, _) = corpus.ends(&["reanchor", "--accept", "edited", "--annotator", "ada", "."]);
    assert_eq!(code, 0, "{out}");
    let after = corpus.read("talks.txt.ada.ron");
    assert!(after.contains("\"“oh no”\"") && !after.contains("orphan"), "{after}");
    assert_eq!(corpus.ends(ADA), (0, "every layer stands on its article's text\n".to_owned(), String::new()));
    let kept = fs::read_dir(corpus.path(".pressmark/texts")).expect("a folder").count();
    assert_eq!(kept, 2, "the old and the new text are kept");
}

#[test]
fn another_annotators_layer_waits_for_its_owner() {
    let corpus = edited();
    let before = corpus.read("talks.txt.ada.ron");
    let (code, out, _) = corpus.ends(&["reanchor", "--annotator", "ben", "."]);
    assert!(code == 0 && out.contains("talks.txt.ada.ron: pending"), "{out}");
    let (_, out, _) = corpus.ends(&["reanchor", "--annotator", "ben", "--json", "."]);
    assert_eq!(json(&out)["layers"][0]["counts"]["pending"], 2);
    assert_eq!(corpus.read("talks.txt.ada.ron"), before);
    assert_eq!(corpus.ends(&["reanchor", "--all-annotators", "."]).0, 1);
    assert_ne!(corpus.read("talks.txt.ada.ron"), before);
}

#[test]
fn json_has_states_places_and_similarities() {
    let corpus = edited();
    let (code, out, err) = corpus.ends(&["reanchor", "--dry-run", "--json", "--annotator", "ada", "talks.txt"]);
    assert_eq!((code, err.as_str()), (1, ""));
    let layer = &json(&out)["layers"][0];
    assert_eq!((&layer["file"], &layer["annotator"]), (&"talks.txt".into(), &"ada".into()));
    assert_eq!((&layer["counts"]["exact"], &layer["counts"]["edited"]), (&1.into(), &1.into()));
    let (first, second) = (&layer["annotations"][0], &layer["annotations"][1]);
    assert_eq!((&first["id"], &first["state"], &first["similarity"]), (&"a1".into(), &"exact".into(), &1.0.into()));
    assert_eq!(first["spans"], serde_json::json!([[28, 31, "Ada"]]));
    assert_eq!(second["state"], "edited");
    assert!(second["similarity"].as_f64().is_some_and(|it| it > 0.5 && it < 1.0), "{second}");
    assert_eq!(second["candidates"], serde_json::json!([]));
}

#[test]
fn without_the_old_text_quotes_and_context_are_used() {
    let corpus = edited();
    fs::remove_dir_all(corpus.path(".pressmark")).expect("it was there");
    corpus.write("pressmark.ron", "()");
    let (code, out, _) = corpus.ends(ADA);
    assert!(code == 1 && out.contains("by quotes and context"), "{out}");
    let after = corpus.read("talks.txt.ada.ron");
    assert!(after.contains("\"a1\"") && after.contains("\"a2\"") && after.contains("(28, 31, \"Ada\")"), "{after}");
}

#[test]
fn sidecars_follow_an_article_that_was_renamed_and_edited() {
    let corpus = Corpus::new();
    fs::create_dir(corpus.path("new")).expect("a folder");
    fs::rename(corpus.path("talks.txt"), corpus.path("new/speeches.txt")).expect("it is renamed");
    let (code, _, err) = corpus.ends(ADA);
    assert!(code == 1 && err.contains("--follow renames the sidecar") && err.contains("speeches.txt.ada.ron"), "{err}");
    assert!(corpus.path("talks.txt.ada.ron").exists());
    let (code, out, err) = corpus.ends(&["reanchor", "--follow", "--annotator", "ada", "."]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(!corpus.path("talks.txt.ada.ron").exists());
    assert_eq!(corpus.ends(&["check", "."]).0, 0);
}

#[test]
fn an_article_that_was_renamed_and_edited_is_known_by_most_of_its_text() {
    let corpus = Corpus::new();
    let news = "The council met on Monday. Ada Keller said that nobody had asked her about the harbour at all. \
                A vote is due before the summer, and two more hearings are planned for the autumn of next year.";
    let marks = r#"{"id": "a1", "label": "entity", "spans": [[27, 37]]}"#;
    let line = format!(
        "{{\"file\": \"news.txt\", \"text\": {}, \"annotator\": \"ada\", \"annotations\": [{marks}]}}\n",
        serde_json::to_string(news).expect("a text")
    );
    corpus.write("set.jsonl", &line);
    assert_eq!(corpus.ends(&["import", "--from", "jsonl", "-o", ".", "set.jsonl"]).0, 0);
    fs::remove_file(corpus.path("news.txt")).expect("it was there");
    corpus.write("council.txt", &news.replace("met on Monday", "met again on Tuesday"));
    let (code, _, err) = corpus.ends(ADA);
    assert!(code == 1 && err.contains("council.txt has most of its text"), "{err}");
    let (code, out, err) = corpus.ends(&["reanchor", "--follow", "--annotator", "ada", "."]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let after = corpus.read("council.txt.ada.ron");
    assert!(after.contains("Ada Keller") && after.contains("file: \"council.txt\""), "{after}");
    assert!(!corpus.path("news.txt.ada.ron").exists());
}

#[test]
fn what_is_not_understood_is_told_and_left_alone() {
    let corpus = edited();
    corpus.edit("talks.txt.ada.ron", "    status", "    mood: 5,\n    status");
    let before = corpus.read("talks.txt.ada.ron");
    let (code, _, err) = corpus.ends(ADA);
    assert!(code == 1 && err.contains("mood (head)"), "{err}");
    corpus.write("talks.txt.ben.ron", "(");
    let (code, _, err) = corpus.ends(&["reanchor", "--all-annotators", "."]);
    assert!(code == 1 && err.contains("talks.txt.ben.ron"), "{err}");
    assert_eq!(corpus.read("talks.txt.ada.ron"), before);
}
