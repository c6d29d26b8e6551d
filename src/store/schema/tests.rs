//! What `pressmark.ron` can say, and each fault with its line and column.
//!
//! Faults are a table of text and message, so that a new one is a line.

use std::path::Path;

use super::*;
use crate::model::schema::{AttributeKind, Mark};

fn read(text: &str) -> Result<SchemaFile, SchemaError> {
    parse(text, Path::new("pressmark.ron"))
}

fn schema(text: &str) -> Schema {
    read(text).expect("it has no fault").schema
}

#[test]
fn the_built_in_schema_has_what_its_document_says() {
    let news = builtin();
    assert_eq!((news.id.as_str(), news.version), ("news", 1));
    let labels: Vec<_> =
        news.labels.iter().map(|label| (label.id.as_str(), label.key, label.mark, label.color)).collect();
    assert_eq!(
        labels,
        [
            ("entity", Some('e'), Mark::Fill, 0),
            ("quote", Some('q'), Mark::Solid, 5),
            ("claim", Some('c'), Mark::Dashed, 6),
            ("cue", Some('v'), Mark::Dotted, 7),
            ("evidence", Some('x'), Mark::Double, 8),
        ]
    );
    assert_eq!(news.typed_label().map(|label| label.types.len()), Some(5));
    assert_eq!((news.attributes.len(), news.relations.len(), news.checks.len()), (13, 8, 5));
    assert!(news.attributes_on("claim").any(|a| a.id == "claim-type" && matches!(a.kind, AttributeKind::Many(_))));
    assert_eq!(news.attributes_on("document").map(|a| a.id.as_str()).collect::<Vec<_>>(), ["topic", "language"]);
    assert_eq!(news.relation("same").map(|relation| relation.name.as_str()), Some("Same as"));
}

#[test]
fn a_file_without_a_schema_keeps_the_built_in_one() {
    assert_eq!(schema("(include: [\"news/**\"])"), builtin());
    assert_eq!(schema("()"), builtin());
}

#[test]
fn an_extension_changes_only_what_it_names() {
    let text = r#"(schema: (
        extends: "news", id: "court", version: 3,
        remove: (labels: ["evidence"], types: ["entity:value"], attributes: ["claim.verdict"], relations: ["same"]),
        labels: [
            (id: "claim", key: "k2"),
        ],
    ))"#;
    let text = text.replace("k2", "f");
    let court = schema(&text);
    assert_eq!((court.id.as_str(), court.version), ("court", 3));
    let claim = court.label("claim").expect("it is there");
    assert_eq!((claim.key, claim.name.as_str(), claim.mark, claim.fragments), (Some('f'), "Claim", Mark::Dashed, true));
    assert!(court.label("evidence").is_none() && court.relation("same").is_none());
    assert_eq!(court.relation("supports").map(|relation| relation.from.len()), Some(1));
    assert!(!court.attributes.iter().any(|a| a.on == "evidence" || a.id == "verdict"));
    assert_eq!(court.label("entity").map(|label| label.types.len()), Some(4));
}

#[test]
fn a_new_label_takes_the_next_free_colour_or_its_own() {
    let text = r##"(schema: (extends: "news", remove: (labels: ["evidence"]), labels: [
        (id: "event-name"), (id: "law", key: "w"), (id: "odd", color: ("#123456", "#abcdef")), (id: "twin", color: 2),
    ]))"##;
    let wide = schema(text);
    let colors: Vec<usize> = wide.labels.iter().skip(4).map(|label| label.color).collect();
    // Two of its own come first, in the order in which they were asked for.
    assert_eq!(colors, [8, 10, 9, 2]);
    assert_eq!(wide.colors.len(), 2);
    assert_eq!((wide.colors[0].0.as_str(), wide.colors[0].1.as_str()), ("#123456", "#abcdef"));
    assert_eq!(wide.label("event-name").map(|label| label.name.as_str()), Some("Event name"));
}

#[test]
fn a_schema_can_stand_alone() {
    let own = schema("(schema: (id: \"mine\", labels: [(id: \"a\", types: [(id: \"b\"), (id: \"c\")])]))");
    assert_eq!((own.labels.len(), own.version, own.labels[0].types[1].color), (1, 1, 1));
    assert_eq!(own.labels[0].color, 0);
}

#[test]
fn each_fault_is_told_with_its_line_and_column() {
    let news = |rest: &str| format!("(schema: (extends: \"news\",\n{rest}\n))");
    for (text, expected) in [
        ("", "1:1: the file is empty"),
        ("(schema: (id: \"x\"", "the file ends in the middle"),
        ("(schema: 5)", "1:10: there should be fields"),
        ("(colour: 5)", "unexpected field named `colour`"),
        ("(schema: ())", "1:2: a schema that extends no other needs an id"),
        ("(schema: (id: \"x\"))", "the schema has no label"),
        (&news("labels: [(id: \"law\", colour: 3)]"), "2:22: unexpected field named `colour`"),
        (&news("labels: [(id: \"law\"), (id: \"law\")]"), "2:28: the label law is there twice"),
        (&news("labels: [(id: \"  \")]"), "2:15: \"  \" cannot be an id"),
        (
            &news("labels: [(id: \"entity:person\")]"),
            "2:15: the label entity:person cannot be told from the type of that name",
        ),
        ("(schema: (id: \"a b\", labels: [(id: \"x\")]))", "\"a b\" cannot be the id of a schema"),
        (&news("labels: [(id: \"document\")]"), "2:15: document is reserved"),
        (
            &news("labels: [(id: \"law\", key: \"e\")]"),
            "2:27: the key e of the label law is already taken by the label entity",
        ),
        (
            &news("labels: [(id: \"law\", key: \"L\")]"),
            "2:27: the key L of the label law is already taken by the program",
        ),
        (&news("labels: [(id: \"law\", key: \"1\")]"), "2:27: the key 1 of the type entity:person is already taken"),
        (&news("labels: [(id: \"law\", key: \"ab\")]"), "2:27: a key is one character"),
        (&news("labels: [(id: \"law\", name: \"\")]"), "2:28: a name may not be empty"),
        (&news("labels: [(id: \"law\", color: 12)]"), "there is no colour 12"),
        (&news("labels: [(id: \"law\", color: (\"red\", \"#000000\"))]"), "\"red\" is no colour"),
        (&news("labels: [(id: \"law\", mark: Wavy)]"), "unexpected variant named `Wavy`"),
        (&news("attributes: [(on: \"lwa\", id: \"x\")]"), "2:19: the attribute x is on lwa"),
        (
            &news("attributes: [(on: \"quote\", id: \"x\", values: [])]"),
            "2:32: the attribute x has an empty value, or none",
        ),
        (&news("attributes: [(on: \"quote\", id: \"x\", values: [\"\"])]"), "has an empty value"),
        (&news("attributes: [(on: \"quote\", id: \"x\", values: [\"a\", \"a\"])]"), "the value a is there twice"),
        (&news("attributes: [(on: \"quote\", id: \"x\", values: [\"a\"], default: \"b\")]"), "the default b of x"),
        (&news("attributes: [(on: \"entity\", id: \"type\")]"), "type is reserved"),
        (
            &news("relations: [(id: \"x\", from: [\"quote\"], to: [\"judge\"])]"),
            "2:45: the relation x names judge in to",
        ),
        (&news("relations: [(id: \"x\", from: [\"author\"], to: [\"quote\"])]"), "the relation x names author in from"),
        (&news("relations: [(id: \"x\", from: [], to: [\"quote\"])]"), "the relation x has nothing in from"),
        (
            &news("relations: [(id: \"x\", from: [\"quote\"], to: [\"cue\"], key: \"s\")]"),
            "the key s of the relation x",
        ),
        (&news("remove: (labels: [\"nothing\"])"), "2:19: there is no label nothing to remove"),
        ("(schema: (extends: \"olds\"))", "1:20: there is no schema olds to extend"),
        ("(exclude: [\"a{b\"])", "1:12: \"a{b\" is no pattern for files"),
    ] {
        let error = read(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        assert!(error.starts_with("pressmark.ron:") && error.ends_with("open the folder again."), "{error}");
    }
}

#[test]
fn no_list_is_longer_than_is_quickly_looked_through() {
    let many = |one: &str| vec![one; 2_001].join(", ");
    for (text, field) in [
        (format!("(exclude: [{}])", many("\"a\"")), "exclude"),
        (format!("(schema: (id: \"x\", labels: [{}]))", many("(id: \"a\")")), "labels"),
        (format!("(schema: (id: \"x\", labels: [(id: \"a\", types: [{}])]))", many("(id: \"a\")")), "types"),
        (format!("(schema: (extends: \"news\", remove: (labels: [{}])))", many("\"a\"")), "remove"),
    ] {
        let error = read(&text).expect_err(field).to_string();
        assert!(error.contains(&format!("there are 2001 {field}, and 2000 is the most")), "{error}");
    }
}

#[test]
fn globs_choose_articles_by_their_path_from_the_root() {
    let file = read("(include: [\"news/**\", \"*.md\"], exclude: [\"**/draft*\"])").expect("it has no fault");
    for (path, taken) in
        [("news/a.txt", true), ("news/x/b.txt", true), ("c.md", true), ("x/c.md", false), ("news/draft1.txt", false)]
    {
        assert_eq!(file.takes(Path::new(path)), taken, "{path}");
    }
}
