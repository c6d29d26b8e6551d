//! The schema that an import makes: nobody's marks are worse off, all labels of the dataset are in it, and `check` agrees
//! with what was just imported.

use std::fs;

use pressmark::formats::FORMATS;

use super::{Corpus, copy};

const LABELLED: &str = "{\"text\": \"Ada met Zoe in Rome.\", \"label\": [[0, 3, \"Gene\"], [8, 11, \"Important Stuff\"], [15, 19, \"Gene\"]]}\n";

/// A Label Studio project: its configuration, and the results of its only task.
fn label_studio(corpus: &Corpus, folder: &str, config: &str, data: &str, results: &str) {
    fs::create_dir_all(corpus.path(folder)).expect("a folder");
    corpus.write(&format!("{folder}/config.xml"), config);
    let task = format!(
        "[{{\"data\": {{\"text\": \"Ada met Zoe in Rome.\"{data}}}, \"annotations\": [{{\"result\": [{results}]}}]}}]"
    );
    corpus.write(&format!("{folder}/tasks.json"), &task);
}

fn region(id: &str, label: &str, start: usize, end: usize) -> String {
    format!(
        "{{\"id\": \"{id}\", \"from_name\": \"l\", \"to_name\": \"t\", \"type\": \"labels\", \"value\": {{\"start\": {start}, \"end\": {end}, \"labels\": [\"{label}\"]}}}}"
    )
}

fn choices(id: &str, control: &str, choices: &str) -> String {
    format!(
        "{{\"id\": \"{id}\", \"from_name\": \"{control}\", \"to_name\": \"t\", \"type\": \"choices\", \"value\": {{\"choices\": [{choices}]}}}}"
    )
}

/// Nothing is told of what lies in a folder.
fn assert_clean(corpus: &Corpus, folder: &str) {
    let (code, out, err) = corpus.ends(&["check", folder]);
    assert_eq!(code, 0, "{folder}: {out}{err}");
    assert!(!out.contains("warning"), "{folder}: {out}");
}

#[test]
fn an_import_among_articles_leaves_their_marks_all_that_they_had() {
    let corpus = Corpus::new();
    assert_clean(&corpus, ".");
    corpus.write("more.jsonl", LABELLED);
    let (code, _, err) = corpus.ends(&["import", "--from", "doccano", "--annotator", "ben", "-o", ".", "more.jsonl"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("made of the built-in labels and what was found besides: Gene, Important Stuff"), "{err}");
    let schema = corpus.read("pressmark.ron");
    for part in ["extends: \"news\"", "(id: \"Gene\", name: \"Gene\", key: \"", "(id: \"Important Stuff\""] {
        assert!(schema.contains(part), "{part} in {schema}");
    }
    assert_clean(&corpus, ".");
    // A value that a field of the built-in schema does not have widens it, and nothing of it goes.
    let corpus = Corpus::new();
    let region = region("a", "quote", 0, 3);
    let form = choices("a", "form", "\"sung\"");
    let config = "<View><Labels name=\"l\" toName=\"t\"><Label value=\"quote\"/></Labels><Text name=\"t\" value=\"$text\"/></View>";
    label_studio(&corpus, "ls", config, "", &format!("{region}, {form}"));
    let (code, _, err) = corpus.ends(&["import", "--from", "label-studio", "--annotator", "ben", "-o", ".", "ls"]);
    assert_eq!(code, 0, "{err}");
    let schema = corpus.read("pressmark.ron");
    assert!(
        schema.contains("values: [\"direct\", \"indirect\", \"mixed\", \"sung\"], guess: QuotationMarks"),
        "{schema}"
    );
    assert_clean(&corpus, ".");
}

#[test]
fn what_a_schema_lacks_is_told_and_the_file_stays_as_it_is() {
    let corpus = Corpus::new();
    let own = "(schema: (extends: \"news\", labels: [(id: \"law\")]))";
    corpus.write("pressmark.ron", own);
    corpus.write("more.jsonl", LABELLED);
    let (code, _, err) = corpus.ends(&["import", "--from", "doccano", "--annotator", "ben", "-o", ".", "more.jsonl"]);
    assert_eq!(code, 0, "{err}");
    for part in [
        "pressmark.ron: does not have these labels of the dataset: Gene, Important Stuff (3 marks); marks keep them",
        "add these lines",
        "  labels: [\n    (id: \"Gene\", name: \"Gene\", key: \"6\"",
    ] {
        assert!(err.contains(part), "{part} in {err}");
    }
    assert_eq!(corpus.read("pressmark.ron"), own);
    // The lines are good as they are.
    let lines: String = err.lines().filter(|line| line.starts_with("    (")).collect();
    corpus.write("pressmark.ron", &own.replace("(id: \"law\")", &format!("(id: \"law\"), {lines}")));
    assert_clean(&corpus, ".");
}

#[test]
fn what_a_project_declares_is_in_the_schema_although_nothing_uses_it() {
    let corpus = Corpus::new();
    fs::create_dir_all(corpus.path("b")).expect("a folder");
    corpus.write(
        "b/annotation.conf",
        "[entities]\nPER\nORG\n[relations]\nWorks-for Arg1:PER, Arg2:ORG\n_gt_N Arg1:Span, Arg2:Span\n[events]\nBirth Who:PER\n[attributes]\nConfidence Arg:<ENTITY>, Value:High|Neutral|Low\n",
    );
    corpus.write("b/one.txt", "Ada met Zoe.\n");
    corpus.write("b/one.ann", "T1\tPER 0 3\tAda\nA1\tConfidence T1 High\n");
    let config = "<View><Labels name=\"l\" toName=\"t\"><Label value=\"Person\"/><Label value=\"Other thing\"/></Labels>\
        <Relations><Relation value=\"knows\"/></Relations><Rating name=\"overall\" toName=\"t\"/>\
        <Choices name=\"mood\" toName=\"t\" perRegion=\"true\"><Choice value=\"very glad\"/><Choice value=\"sad\"/></Choices>\
        <Text name=\"t\" value=\"$text\"/></View>";
    label_studio(&corpus, "ls", config, "", &region("a", "Person", 0, 3));
    fs::create_dir_all(corpus.path("tsv")).expect("a folder");
    corpus.write(
        "tsv/a.tsv",
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Person|role\n#T_SP=webanno.custom.Place|value\n#T_RL=webanno.custom.Knows|since|BT_webanno.custom.Person\n\n\n#Text=Ada met\n1-1\t0-3\tAda\tqueen\t_\t_\t_\t\n1-2\t4-7\tmet\t_\t_\t_\t_\t\n",
    );
    for (format, folder, parts) in [
        (
            "brat",
            "b",
            &[
                "(id: \"ORG\"",
                "(id: \"Birth\"",
                "from: [\"PER\"], to: [\"ORG\"]",
                "(id: \"_gt_N\"",
                "(on: \"ORG\", id: \"Confidence\", name: \"Confidence\", values: [\"High\", \"Neutral\", \"Low\"])",
            ] as &[&str],
        ),
        (
            "label-studio",
            "ls",
            &[
                "(id: \"Other thing\"",
                "(id: \"knows\"",
                "id: \"overall\", name: \"overall\", value: Number",
                "(on: \"Other thing\", id: \"mood\", name: \"mood\", values: [\"very glad\", \"sad\"])",
            ],
        ),
        (
            "webanno-tsv",
            "tsv",
            &["(id: \"Place\"", "(id: \"Knows\"", "from: [\"Person\"]", "(on: \"Knows\", id: \"since\""],
        ),
    ] {
        let into = format!("from-{folder}");
        let (code, _, err) = corpus.ends(&["import", "--from", format, "--annotator", "x", "-o", &into, folder]);
        assert_eq!(code, 0, "{err}");
        let schema = corpus.read(&format!("{into}/pressmark.ron"));
        for part in parts {
            assert!(schema.contains(part), "{part} in {schema}");
        }
        assert_clean(&corpus, &into);
    }
    // Labels that get other names get them in the schema too.
    let map = ["--map", "PER=entity:person", "--map", "Works-for=about"];
    let (code, _, err) =
        corpus.ends(&[&["import", "--from", "brat", "--annotator", "x", "-o", "mapped", "b"], &map[..]].concat());
    assert_eq!(code, 0, "{err}");
    let schema = corpus.read("mapped/pressmark.ron");
    assert!(
        !schema.contains("PER") && schema.contains("(id: \"about\", name: \"about\", from: [\"entity\"]"),
        "{schema}"
    );
}

#[test]
fn labels_of_any_letters_get_an_entry_and_go_out_as_they_came() {
    let corpus = Corpus::new();
    let names =
        ["Important Stuff", "_gt_N", "a:b", " x", "C++ (lang.)", "тип", "entity:person", "\u{301}é \\\"q\\\" 'r'"];
    let labels: Vec<String> = names.iter().map(|name| format!("[0, 3, \"{name}\"]")).collect();
    let odd = "[0, 3, \"document\"], [0, 3, \"two\\nlines\"]";
    corpus.write("set.jsonl", &format!("{{\"text\": \"Ada met Zoe.\", \"label\": [{}]}}\n", labels.join(", ")));
    corpus.write("odd.jsonl", &format!("{{\"text\": \"Ada met Zoe.\", \"label\": [{odd}]}}\n"));
    for (into, set) in [("c", "set.jsonl"), ("d", "two.jsonl")] {
        let (code, _, err) = corpus.ends(&["import", "--from", "doccano", "--annotator", "x", "-o", into, set]);
        assert_eq!(code, 0, "{err}");
        assert_clean(&corpus, into);
        let out = if into == "c" { "two.jsonl" } else { "three.jsonl" };
        assert_eq!(corpus.ends(&["export", "--to", "doccano", "-o", out, into]).0, 0);
    }
    let two = corpus.read("two.jsonl");
    assert_eq!(two, corpus.read("three.jsonl"), "the same to the byte");
    assert!(two.contains("\"Important Stuff\"") && two.contains("\"_gt_N\"") && two.contains("\"a:b\""), "{two}");
    let (code, _, err) = corpus.ends(&["import", "--from", "doccano", "--annotator", "x", "-o", "e", "odd.jsonl"]);
    assert_eq!(code, 0, "{err}");
    for part in ["words of the schema itself (give them other names with --map): document;", "\"two\\nlines\";"] {
        assert!(err.contains(part), "{part} in {err}");
    }
    assert!(!err.contains("2,000 that"), "only what applies: {err}");
}

#[test]
fn check_has_nothing_to_say_of_a_folder_that_was_just_imported() {
    let corpus = Corpus::new();
    copy("seeds", &corpus.path("seeds"));
    for format in FORMATS.iter().filter(|it| it.reads.is_some() && it.writes.is_some() && it.id != "jsonl") {
        let (set, into) = (format!("{}.set", format.id), format!("{}.in", format.id));
        let (code, _, err) = corpus.ends(&["export", "--to", format.id, "--annotator", "ada", "-o", &set, "seeds"]);
        assert_eq!(code, 0, "{err}");
        let (_, _, err) = corpus.ends(&["import", "--from", format.id, "--annotator", "x", "-o", &into, &set]);
        let (_, out, _) = corpus.ends(&["check", &into]);
        let told = |part: &str| out.lines().any(|line| line.contains(part));
        let of_schema = ["he schema", " takes ", "has no type", "has no kind", "leads from"];
        assert!(!of_schema.iter().any(|part| told(part)), "{}: {err}\n{out}", format.id);
    }
}

#[test]
fn values_of_several_sorts_fit_the_schema_that_is_made_of_them() {
    let corpus = Corpus::new();
    let config = "<View><Labels name=\"l\" toName=\"t\"><Label value=\"Person\"/></Labels>\
        <Choices name=\"mood\" toName=\"t\" perRegion=\"true\"><Choice value=\"glad\"/><Choice value=\"sad\"/></Choices>\
        <Text name=\"t\" value=\"$text\"/></View>";
    let rating = "{\"id\": \"r\", \"from_name\": \"stars\", \"to_name\": \"t\", \"type\": \"rating\", \"value\": {\"rating\": 5}}";
    let link = "{\"type\": \"relation\", \"from_id\": \"a\", \"to_id\": \"b\", \"direction\": \"right\"}";
    let results = [
        region("a", "Person", 0, 3),
        region("b", "Person", 8, 11),
        region("c", "Nobody declared", 15, 19),
        choices("a", "mood", "\"glad\""),
        choices("b", "mood", "\"glad\", \"sad\""),
        choices("a", "odd", "\"true\""),
        choices("b", "odd", "\"maybe\""),
        choices("c", "new", "\"two words\", \"word\""),
        rating.to_owned(),
        link.to_owned(),
    ];
    label_studio(
        &corpus,
        "ls",
        config,
        ", \"overall\": 5, \"helpful\": [\"1\", \"2\"], \"empty\": \"\"",
        &results.join(", "),
    );
    let (code, _, err) = corpus.ends(&["import", "--from", "label-studio", "--annotator", "x", "-o", "c", "ls"]);
    assert_eq!(code, 0, "{err}");
    let schema = corpus.read("c/pressmark.ron");
    for part in [
        "(on: \"document\", id: \"overall\", name: \"overall\", value: Number)",
        "(on: \"document\", id: \"stars\", name: \"stars\", value: Number)",
        "(on: \"Person\", id: \"mood\", name: \"mood\", values: [\"glad\", \"sad\"], many: true)",
        "(id: \"link\", name: \"link\", from: [\"Person\"], to: [\"Person\"])",
    ] {
        assert!(schema.contains(part), "{part} in {schema}");
    }
    assert_clean(&corpus, "c");
}

/// The ids in a list of a schema, in their order.
fn ids(schema: &str, list: &str) -> Vec<String> {
    let lines = schema.lines().skip_while(|line| line.trim() != format!("{list}: [")).skip(1);
    let own = lines.take_while(|line| line.trim() != "],").filter_map(|line| line.split("id: \"").nth(1));
    own.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn labels_keep_the_order_keys_and_colours_of_their_project() {
    let corpus = Corpus::new();
    let config = "<View><Labels name=\"l\" toName=\"t\"><Label value=\"Zoo\" hotkey=\"w\" background=\"#ff0000\"/>\
        <Label value=\"Bar\" hotkey=\"d\"/><Label value=\"Ask\" hotkey=\"W\" background=\"navy\"/><Label value=\"Own\"/></Labels>\
        <Choices name=\"sure\" toName=\"t\" perRegion=\"true\"><Choice value=\"High\"/><Choice value=\"Neutral\"/><Choice value=\"Low\"/></Choices>\
        <Text name=\"t\" value=\"$text\"/></View>";
    let results = [region("a", "Ask", 0, 3), region("b", "Met", 4, 7)].join(", ");
    label_studio(&corpus, "ls", config, "", &results);
    let (code, _, err) = corpus.ends(&["import", "--from", "auto", "-o", "out", "ls"]);
    assert_eq!(code, 0, "{err}");
    let schema = corpus.read("out/pressmark.ron");
    assert_eq!(ids(&schema, "labels"), ["Zoo", "Bar", "Ask", "Own", "Met"], "{schema}");
    for part in [
        "(id: \"Zoo\", name: \"Zoo\", key: \"w\", color: (\"#FF0000\", \"#",
        "(id: \"Bar\", name: \"Bar\", key: \"1\", fragments",
        "(id: \"Ask\", name: \"Ask\", key: \"2\", color: (\"#000080\", ",
        "values: [\"High\", \"Neutral\", \"Low\"]",
    ] {
        assert!(schema.contains(part), "{part} in {schema}");
    }
    assert!(err.contains("that another label has: d of Bar, W of Ask; these labels get other keys"), "{err}");
    assert_clean(&corpus, "out");
    // doccano's labels lie beside the lines, brat's colours beside its names.
    fs::create_dir_all(corpus.path("doccano")).expect("a folder");
    corpus.write("doccano/all.jsonl", LABELLED);
    corpus.write(
        "doccano/label_config.json",
        "[{\"text\": \"Zoo\", \"suffix_key\": \"z\"}, {\"text\": \"Gene\", \"background_color\": \"#0f0\"}]",
    );
    assert_eq!(corpus.ends(&["import", "--from", "doccano", "-o", "genes", "doccano"]).0, 0);
    let schema = corpus.read("genes/pressmark.ron");
    assert_eq!(ids(&schema, "labels"), ["Zoo", "Gene", "Important Stuff"]);
    assert!(schema.contains("key: \"z\"") && schema.contains("name: \"Gene\", key: \"1\", color: (\"#"), "{schema}");
    fs::create_dir_all(corpus.path("brat")).expect("a folder");
    corpus.write("brat/a.txt", "Ada met Zoe.");
    corpus.write("brat/a.ann", "T1\tPerson 0 3\tAda\n");
    corpus.write("brat/annotation.conf", "[entities]\nPlace\nPerson\n[relations]\n[events]\n[attributes]\n");
    corpus.write("brat/visual.conf", "[labels]\n[drawing]\nPerson bgColor:#0000AA\n");
    assert_eq!(corpus.ends(&["import", "--from", "auto", "-o", "people", "brat"]).0, 0);
    let schema = corpus.read("people/pressmark.ron");
    assert_eq!(ids(&schema, "labels"), ["Place", "Person"]);
    assert!(schema.contains("color: (\"#0000AA\", "), "{schema}");
    assert_clean(&corpus, "people");
}

#[test]
fn what_names_an_article_elsewhere_is_a_field_of_text() {
    let corpus = Corpus::new();
    let lines: String = (0..6)
        .map(|at| {
            let mood = if at % 2 == 0 { "glad" } else { "sad" };
            format!("{{\"text\": \"Ada {at}.\", \"asin\": \"B0000{at}QX\", \"mood\": \"{mood}\", \"editor\": \"e{at}\", \"label\": [[0, 3, \"Gene\"]]}}\n")
        })
        .collect();
    corpus.write("more.jsonl", &lines);
    assert_eq!(corpus.ends(&["import", "--from", "doccano", "-o", "out", "more.jsonl"]).0, 0);
    let schema = corpus.read("out/pressmark.ron");
    for part in ["name: \"asin\", value: Text", "name: \"editor\", value: Text", "values: [\"glad\", \"sad\"]"] {
        assert!(schema.contains(part), "{part} in {schema}");
    }
    assert_clean(&corpus, "out");
}

#[test]
fn a_schema_that_an_import_made_grows_until_somebody_changes_it() {
    let corpus = Corpus::new();
    let line = |text: &str, label: &str| {
        format!("{{\"text\": \"{text}\", \"mood\": \"{label}\", \"label\": [[0, 3, \"{label}\"]]}}\n")
    };
    let import = |name: &str, label: &str| {
        corpus.write(name, &line(&format!("Ada {label}."), label));
        let (code, _, err) = corpus.ends(&["import", "--from", "doccano", "-o", "out", name]);
        assert_eq!(code, 0, "{err}");
        err
    };
    import("one.jsonl", "Zoo");
    let first = corpus.read("out/pressmark.ron");
    let told = import("two.jsonl", "Bar");
    assert!(told.contains("an import made it, and it gets what was found besides: Bar, mood of the article"), "{told}");
    let second = corpus.read("out/pressmark.ron");
    assert_eq!(ids(&second, "labels"), ["Zoo", "Bar"]);
    let zoo = |schema: &str| schema.lines().find(|line| line.contains("\"Zoo\", name")).map(str::to_owned);
    assert_eq!(zoo(&first), zoo(&second), "what was there keeps its key and colour");
    assert!(second.contains("values: [\"Zoo\", \"Bar\"]"), "{second}");
    assert_clean(&corpus, "out");
    // The same again is nothing new, and what somebody changed is theirs.
    import("two.jsonl", "Bar");
    assert_eq!(corpus.read("out/pressmark.ron"), second);
    let own = second.replace("name: \"Zoo\"", "name: \"Zoological\"");
    corpus.write("out/pressmark.ron", &own);
    let told = import("three.jsonl", "Own");
    assert!(told.contains("does not have these labels of the dataset: Own") && corpus.read("out/pressmark.ron") == own);
    // One that extends the built-in labels grows too.
    let corpus = Corpus::new();
    corpus.write("more.jsonl", LABELLED);
    corpus.write("less.jsonl", &line("Ada went.", "Bar"));
    for (name, labels) in [("more.jsonl", 2), ("less.jsonl", 3)] {
        assert_eq!(corpus.ends(&["import", "--from", "doccano", "--annotator", "ben", "-o", ".", name]).0, 0);
        let schema = corpus.read("pressmark.ron");
        assert!(schema.contains("extends: \"news\"") && ids(&schema, "labels").len() == labels, "{schema}");
        assert_clean(&corpus, ".");
    }
}
