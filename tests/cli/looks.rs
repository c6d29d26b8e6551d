//! Colours and keys of labels on their way out: the other program gets those of the schema, and a later import brings
//! back the same.

use std::fs;

use super::Corpus;

/// Colours of all sorts: one for both papers, one too light and one too dark for one of them; and more labels without one
/// than the program has colours for.
const CONFIG: &str = "<View><Labels name=\"l\" toName=\"t\"><Label value=\"Claim\" background=\"#D4380D\" hotkey=\"w\"/>\
    <Label value=\"Pale\" background=\"#FFF1B8\"/><Label value=\"Deep\" background=\"navy\" hotkey=\"x\"/>\
    <Label value=\"A\"/><Label value=\"B\"/><Label value=\"C\"/><Label value=\"D\"/><Label value=\"E\"/><Label value=\"F\"/>\
    <Label value=\"G\"/><Label value=\"H\"/><Label value=\"I\"/><Label value=\"J\"/></Labels>\
    <Text name=\"t\" value=\"$text\"/></View>";

const TASKS: &str = "[{\"data\": {\"text\": \"Ada met Zoe.\"}, \"annotations\": [{\"result\": [{\"id\": \"a\", \"from_name\": \"l\", \
    \"to_name\": \"t\", \"type\": \"labels\", \"value\": {\"start\": 0, \"end\": 3, \"labels\": [\"Claim\"]}}]}]}]";

fn project(corpus: &Corpus) {
    fs::create_dir_all(corpus.path("ls")).expect("a folder");
    corpus.write("ls/config.xml", CONFIG);
    corpus.write("ls/tasks.json", TASKS);
    import(corpus, "ls", "one");
}

fn import(corpus: &Corpus, from: &str, to: &str) {
    let (code, _, err) = corpus.ends(&["import", "--from", "auto", "-o", to, from]);
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("get other keys"), "{err}");
}

fn export(corpus: &Corpus, format: &str, from: &str, to: &str) {
    let (code, _, err) = corpus.ends(&["export", "--to", format, "-o", to, from]);
    assert_eq!(code, 0, "{err}");
}

/// What stands in a schema of a label or type with this name, after its name and before anything but key and colour.
fn looks<'s>(schema: &'s str, name: &str) -> Option<&'s str> {
    let rest = schema.split_once(&format!("name: {name:?}"))?.1;
    let line = rest.lines().next()?;
    Some(line.split_once(", fragments").map_or(line, |(looks, _)| looks))
}

/// The colours alone.
fn colors<'s>(schema: &'s str, name: &str) -> Option<&'s str> {
    looks(schema, name)?.split_once("color: ").map(|(_, colors)| colors)
}

#[test]
fn label_studio_gets_the_colours_and_keys_of_the_schema_and_gives_them_back() {
    let corpus = Corpus::new();
    project(&corpus);
    export(&corpus, "label-studio", "one", "out");
    let config = corpus.read("out/config.xml");
    for part in [
        "<Label value=\"Claim\" background=\"#D4380D\" hotkey=\"w\"/>",
        "<Label value=\"Deep\" background=\"#000080\" hotkey=\"x\"/>",
        // Without a colour of its own it gets any, and the key is the one that it has here.
        "<Label value=\"A\" background=\"#bbcc33\" hotkey=\"2\"/>",
    ] {
        assert!(config.contains(part), "{part} in {config}");
    }
    import(&corpus, "out", "two");
    let (one, two) = (corpus.read("one/pressmark.ron"), corpus.read("two/pressmark.ron"));
    for name in ["Claim", "Pale", "Deep", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J"] {
        assert!(looks(&one, name).is_some(), "{name} in {one}");
        assert_eq!(looks(&one, name), looks(&two, name), "{name}");
    }
    export(&corpus, "label-studio", "two", "out2");
    assert_eq!(config, corpus.read("out2/config.xml"));
}

#[test]
fn brat_gets_the_colours_of_the_schema_and_gives_them_back() {
    let corpus = Corpus::new();
    project(&corpus);
    export(&corpus, "brat", "one", "out");
    let visual = corpus.read("out/visual.conf");
    let (names, drawing) = visual.split_once("[drawing]\n").expect("the section");
    assert!(names.starts_with("[labels]\n") && names.contains("Claim | Claim\n"), "{visual}");
    let drawn: Vec<&str> = drawing.lines().collect();
    assert_eq!(drawn.len(), 3, "only labels with a colour of their own: {drawing}");
    assert_eq!(drawn[..2], ["Claim\tbgColor:#D4380D", "Deep\tbgColor:#000080"]);
    assert!(drawn[2].starts_with("Pale\tbgColor:#"), "{drawing}");
    import(&corpus, "out", "two");
    let (one, two) = (corpus.read("one/pressmark.ron"), corpus.read("two/pressmark.ron"));
    for name in ["Claim", "Pale", "Deep"] {
        assert!(colors(&one, name).is_some(), "{name} in {one}");
        assert_eq!(colors(&one, name), colors(&two, name), "{name}");
    }
    assert_eq!(colors(&two, "J"), None);
    export(&corpus, "brat", "two", "out2");
    assert_eq!(visual, corpus.read("out2/visual.conf"));
}

#[test]
fn types_have_their_own_colours_and_keys_elsewhere_too() {
    let corpus = Corpus::new();
    project(&corpus);
    let label = "(id: \"Claim\", name: \"Claim\", types: [(id: \"Hard fact\", name: \"Hard\", key: \"h\", color: (\"#a8071a\", \"#ff7875\")), \
        (id: \"Guess\", name: \"Guess\", key: \"v\")])";
    corpus.write("one/pressmark.ron", &format!("(schema: (id: \"mine\", version: 1, labels: [{label}]))"));
    export(&corpus, "label-studio", "one", "out");
    let config = corpus.read("out/config.xml");
    for part in [
        "value=\"Hard fact\" background=\"#A8071A\" hotkey=\"h\" hint=",
        "value=\"Guess\" background=\"#44bb99\" hotkey=\"v\" hint=",
    ] {
        assert!(config.contains(part), "{part} in {config}");
    }
    export(&corpus, "brat", "one", "brat");
    let visual = corpus.read("brat/visual.conf");
    // As `annotation.conf` calls it.
    assert!(visual.contains("\nHard_fact\tbgColor:#A8071A\n") && !visual.contains("Guess\tbgColor"), "{visual}");
    import(&corpus, "out", "two");
    let two = corpus.read("two/pressmark.ron");
    assert!(two.contains("key: \"h\", color: (\"#A8071A\", ") && two.contains("name: \"Guess\", key: \"v\")"), "{two}");
}
