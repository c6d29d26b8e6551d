//! `import` of what other programs made: names that clash, formats that are found out, what is told of it all.
//!
//! Each dataset is a few lines that the test writes itself.

use std::fs;

use super::Corpus;

fn written(corpus: &Corpus, name: &str, contents: &str) {
    let path = corpus.path(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, contents).expect("it is written");
}

/// A task for each format that gives articles no name of their own.
fn unnamed(text: &str) -> [(&'static str, &'static str, String); 4] {
    let label = r#"[{"from_name": "label", "to_name": "text", "type": "labels", "value": {"start": 0, "end": 3, "labels": ["PER"]}}]"#;
    [
        ("doccano", "set.jsonl", format!("{{\"text\": \"{text}\", \"label\": [[0, 3, \"PER\"]]}}\n")),
        (
            "prodigy",
            "set.jsonl",
            format!("{{\"text\": \"{text}\", \"spans\": [{{\"start\": 0, \"end\": 3, \"label\": \"PER\"}}]}}\n"),
        ),
        (
            "label-studio",
            "1.json",
            format!("[{{\"data\": {{\"text\": \"{text}\"}}, \"annotations\": [{{\"result\": {label}}}]}}]"),
        ),
        (
            "labelbuddy",
            "set.jsonl",
            format!(
                "{{\"text\": \"{text}\", \"annotations\": [{{\"label_name\": \"PER\", \"start_char\": 0, \"end_char\": 3}}]}}\n"
            ),
        ),
    ]
}

#[test]
fn a_later_export_of_marks_without_ids_adds_those_that_are_new() {
    let label = |start: usize, end: usize| {
        format!(
            r#"{{"from_name": "label", "to_name": "text", "type": "labels", "value": {{"start": {start}, "end": {end}, "labels": ["PER"]}}}}"#
        )
    };
    let mark =
        |start: usize, end: usize| format!(r#"{{"label_name": "PER", "start_char": {start}, "end_char": {end}}}"#);
    let span = |start: usize, end: usize| format!(r#"{{"start": {start}, "end": {end}, "label": "PER"}}"#);
    let list = |start: usize, end: usize| format!(r#"[{start}, {end}, "PER"]"#);
    type Made<'m> = &'m dyn Fn(usize, usize) -> String;
    let formats: [(&str, &str, &str, &str, Made<'_>); 4] = [
        ("doccano", "set.jsonl", r#"{"text": "Ada met Ben.", "label": ["#, "]}\n", &list),
        ("prodigy", "set.jsonl", r#"{"text": "Ada met Ben.", "spans": ["#, "]}\n", &span),
        ("labelbuddy", "set.jsonl", r#"{"text": "Ada met Ben.", "annotations": ["#, "]}\n", &mark),
        (
            "label-studio",
            "1.json",
            r#"[{"id": 1, "data": {"text": "Ada met Ben."}, "annotations": [{"result": ["#,
            "]}]}]",
            &label,
        ),
    ];
    for (format, file, begin, end, made) in formats {
        let corpus = Corpus::new();
        let import = || corpus.ends(&["import", "--from", format, "--annotator", "ben", "-o", "out", file]);
        written(&corpus, file, &format!("{begin}{}{end}", made(8, 11)));
        assert_eq!(import().0, 0);
        written(&corpus, file, &format!("{begin}{}, {}{end}", made(0, 3), made(8, 11)));
        let (code, out, err) = import();
        assert!(code == 0 && out.contains(" 1 annotation added"), "{format}: {out}{err}");
        let (_, out, err) = import();
        assert!(out.contains("all of it is there already"), "{format}: {out}{err}");
    }
}

#[test]
fn what_a_later_export_says_otherwise_of_an_article_is_told() {
    let corpus = Corpus::new();
    let task = |tone: &str, answer: &str| {
        format!(
            "{{\"text\": \"Ada met Ben.\", \"meta\": {{\"tone\": \"{tone}\"}}, \"spans\": [], \"answer\": \"{answer}\"}}\n"
        )
    };
    let import = || corpus.ends(&["import", "--from", "prodigy", "--annotator", "ben", "-o", "out", "set.jsonl"]);
    written(&corpus, "set.jsonl", &task("good", "ignore"));
    assert_eq!(import().0, 0);
    written(&corpus, "set.jsonl", &task("bad", "accept"));
    let (code, _, err) = import();
    assert_eq!(code, 1, "{err}");
    for told in ["tone of the article is there already", "its status, which is done in the dataset, is there already"] {
        assert!(err.contains(told), "{told}: {err}");
    }
    assert!(corpus.read("out/set-00001.txt.ben.ron").contains("\"good\""), "nothing is written over");
    // Two people's answers that are to become one layer.
    written(
        &corpus,
        "two.jsonl",
        &[task("good", "accept"), task("bad", "accept")]
            .concat()
            .replace("\"spans\"", "\"_annotator_id\": \"x\", \"_input_hash\": -5, \"spans\""),
    );
    let (code, _, err) = corpus.ends(&["import", "--from", "prodigy", "--annotator", "ben", "-o", "new", "two.jsonl"]);
    assert!(code == 1 && err.contains("tone of the article is there already with other content"), "{err}");
}

#[test]
fn answers_of_several_people_to_one_task_are_layers_of_one_article() {
    let corpus = Corpus::new();
    let task = |who: &str, hash: i64, text: &str| {
        format!(
            "{{\"text\": \"{text}\", \"_input_hash\": {hash}, \"_annotator_id\": \"ner-{who}\", \"spans\": [{{\"start\": 0, \"end\": 3, \"label\": \"PER\"}}], \"answer\": \"accept\"}}\n"
        )
    };
    let all = [
        task("ada", -7, "Ada met Ben."),
        task("ada", 9, "Eve left."),
        task("ben", 9, "Eve left."),
        task("ben", -7, "Ada met Ben."),
    ];
    written(&corpus, "set.jsonl", &all.concat());
    let (code, out, err) = corpus.ends(&["import", "--from", "prodigy", "-o", "out", "set.jsonl"]);
    assert!(code == 0 && out.contains("2 articles written, 4 annotations added"), "{out}{err}");
    for name in ["set-fffffff9.txt.ner-ada.ron", "set-fffffff9.txt.ner-ben.ron", "set-00000009.txt.ner-ben.ron"] {
        assert!(corpus.path("out").join(name).exists(), "{name}");
    }
    // One that is not done yet comes back so.
    let open = corpus.read("out/set-00000009.txt.ner-ben.ron").replace("status: \"done\"", "status: \"in-progress\"");
    corpus.write("out/set-00000009.txt.ner-ben.ron", &open);
    assert_eq!(corpus.ends(&["export", "--to", "prodigy", "--annotator", "ner-ben", "-o", "back.jsonl", "out"]).0, 0);
    assert_eq!(corpus.ends(&["import", "--from", "prodigy", "-o", "again", "back.jsonl"]).0, 0);
    let status = |name: &str| corpus.read(&format!("again/{name}.txt.ner-ben.ron")).contains("\"in-progress\"");
    assert!(status("set-00000009") && !status("set-fffffff9"));
}

#[test]
fn a_text_that_looks_like_no_text_keeps_no_other_from_being_taken() {
    let corpus = Corpus::new();
    written(
        &corpus,
        "set.jsonl",
        "{\"text\": \"Ada.\", \"label\": []}\n{\"text\": \"a\\u0000b\", \"label\": []}\n{\"text\": \"Eve.\", \"label\": []}\n",
    );
    let (code, out, err) = corpus.ends(&["import", "--from", "doccano", "-o", "out", "set.jsonl"]);
    assert!(code == 0 && out.contains("3 articles written"), "{out}{err}");
    assert_eq!(corpus.ends(&["check", "out"]).0, 0, "each can be opened again");
    let again = corpus.ends(&["import", "--from", "doccano", "-o", "out", "set.jsonl"]);
    assert!(again.0 == 0 && again.1.contains("all of it is there already"), "{again:?}");
}

#[test]
fn files_of_one_name_in_two_folders_are_two_articles() {
    for ((format, file, first), (.., second)) in unnamed("Ada met Ben.").into_iter().zip(unnamed("Eve left.")) {
        let corpus = Corpus::new();
        written(&corpus, &format!("in/a/{file}"), &first);
        written(&corpus, &format!("in/b/{file}"), &second);
        let stem = file.split('.').next().expect("a stem");
        for from in ["auto", format] {
            let (code, out, err) = corpus.ends(&["import", "--from", from, "--annotator", "ben", "-o", "out", "in"]);
            assert!(code == 0 && !err.contains("warning"), "{format}: {out}{err}");
            let said = if from == "auto" { "2 articles written, 2 annotations" } else { "all of it is there already" };
            assert!(out.contains(format) && out.contains(said) && out.contains("those of ben"), "{out}");
        }
        assert_eq!(corpus.read(&format!("out/a/{stem}-00001.txt")), "Ada met Ben.");
        assert!(corpus.read(&format!("out/b/{stem}-00001.txt.ben.ron")).contains("\"PER\""));
        // One file has the name that it always had.
        let one = format!("in/a/{file}");
        assert_eq!(corpus.ends(&["import", "--from", format, "-o", "one", &one]).0, 0);
        assert!(corpus.path(&format!("one/{stem}-00001.txt")).is_file(), "{format}");
    }
}

#[test]
fn a_second_text_of_a_name_gets_a_free_one_and_finds_it_again() {
    let corpus = Corpus::new();
    let line = |text: &str| format!("{{\"file\": \"a.txt\", \"text\": \"{text}\", \"label\": [[0, 3, \"PER\"]]}}\n");
    written(&corpus, "set.jsonl", &[line("Ada."), line("Eve."), line("Ada.")].concat());
    for said in ["2 articles written, 2 annotations", "all of it is there already"] {
        let (code, out, err) = corpus.ends(&["import", "--from", "doccano", "-o", "out", "set.jsonl"]);
        assert!(code == 1 && out.contains(said), "{out}{err}");
        assert!(err.contains("set.jsonl:2: another text of this dataset is called a.txt; this one becomes a-2.txt"));
        assert_eq!((corpus.read("out/a.txt"), corpus.read("out/a-2.txt")), ("Ada.".to_owned(), "Eve.".to_owned()));
        assert!(!corpus.path("out/a-3.txt").exists() && !corpus.path("out/a-2-2.txt").exists());
    }
    // Nothing was new, so nothing was begun.
    let local = corpus.path("out/.pressmark/local");
    let begun = walkdir::WalkDir::new(&local).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    assert_eq!(begun.count(), 0, "{}", local.display());
    // What was in the folder before stays, and nothing of the dataset is left out for it.
    written(&corpus, "old/a.txt", "Mine.");
    for said in ["2 articles written, 2 annotations added", "all of it is there already"] {
        let (code, out, err) = corpus.ends(&["import", "--from", "doccano", "-o", "old", "set.jsonl"]);
        assert!(code == 1 && out.contains(said), "{out}");
        assert!(err.contains("set.jsonl:1: the article a.txt is there with another text; this one becomes a-2.txt."));
        let texts = ["a", "a-2", "a-3"].map(|name| corpus.read(&format!("old/{name}.txt")));
        assert_eq!(texts, ["Mine.", "Ada.", "Eve."]);
    }
    // The same text is the article that is there.
    written(&corpus, "same/a.txt", "Ada.");
    let (_, out, _) = corpus.ends(&["import", "--from", "doccano", "-o", "same", "set.jsonl"]);
    assert!(out.contains("1 article written, 2 annotations added"), "{out}");
    assert!(corpus.path("same/a.txt.eve.ron").exists() || corpus.path("same/a-2.txt").exists());
    assert_eq!(corpus.ends(&["import", "--strict", "--from", "doccano", "-o", "new", "set.jsonl"]).0, 2);
}

#[test]
fn auto_says_what_it_took_it_for_and_what_else_is_there() {
    let corpus = Corpus::new();
    written(&corpus, "in/a.ann", "what is this\nT1\tPER 0 3\tAda\nT2\tPER 8 11\tBen\n");
    written(&corpus, "in/a.txt", "Ada met Ben.");
    written(&corpus, "in/x/b.tsv", "#FORMAT=WebAnno TSV 3.2\n");
    written(&corpus, "in/x/c.jsonl", "{\"text\": \"Ada\", \"label\": [[0, 3, \"PER\"]]}\n");
    let (code, out, err) = corpus.ends(&["import", "--from", "auto", "-o", "out", "in"]);
    assert!(code == 1 && out.contains("brat: 1 article written, 2 annotations"), "{out}{err}");
    assert!(err.contains("recognised: brat (1 file)") && err.contains("in/a.ann:1: "), "{err}");
    assert!(err.contains("also there, and not read: 1 file of webanno-tsv; import them with --from webanno-tsv"));
    assert!(err.contains("1 file of doccano"), "{err}");
    // Files with the same ending, of another format.
    written(&corpus, "two/a.jsonl", "{\"text\": \"Ada\", \"label\": [[0, 3, \"PER\"]]}\n");
    written(&corpus, "two/b.jsonl", "{\"data\": {\"x\": \"Ada\"}, \"annotations\": []}\n");
    let (code, _, err) = corpus.ends(&["import", "--from", "auto", "-o", "out2", "two"]);
    assert!(
        code == 0 && err.contains("recognised: doccano (1 file)") && err.contains("1 file of label-studio"),
        "{err}"
    );
    // Ours, without texts.
    assert_eq!(corpus.ends(&["export", "--to", "jsonl", "--without-text", "-o", "bare.jsonl", "talks.txt"]).0, 0);
    let (code, out, err) = corpus.ends(&["import", "--from", "auto", "-o", ".", "bare.jsonl"]);
    assert!(
        code == 0 && out.contains("jsonl: all of it is there already") && err.contains("recognised: jsonl"),
        "{err}"
    );
}

#[test]
fn what_is_no_dataset_is_told_apart() {
    let corpus = Corpus::new();
    fs::create_dir(corpus.path("empty")).expect("a folder");
    written(&corpus, "mine/a.txt", "Ada met Ben.");
    written(&corpus, "mine/b.png", "\u{1}");
    written(&corpus, "bad/x.ann", "what\tis this\nand this\n");
    for (arguments, told) in [
        (&["--from", "auto", "empty"][..], "empty: this folder is empty. Name the file or the folder"),
        (&["--from", "brat", "empty"], "empty: this folder is empty"),
        (
            &["--from", "auto", "mine"],
            "it holds 1 .png file, 1 .txt file. `pressmark formats` lists what can be imported",
        ),
        (&["--from", "brat", "mine"], "mine: no file in it ends in .ann, as those of brat do; it holds 1 .png file"),
        (&["--from", "auto", "mine/b.png"], "mine/b.png: this file is no dataset that Pressmark knows"),
        (&["--from", "brat", "bad"], "bad: nothing in it could be read as brat.\n  bad/x.ann:1: "),
    ] {
        let (code, _, err) = corpus.ends(&[&["import", "-o", "out"][..], arguments].concat());
        assert!(code == 2 && err.contains(told) && !err.contains("\\n") && !err.contains("is it "), "{told}: {err}");
    }
}

#[test]
fn labels_that_are_mapped_and_not_there_are_told() {
    let corpus = Corpus::new();
    written(&corpus, "set.jsonl", "{\"text\": \"Ada met.\", \"label\": [[0, 3, \"PER\"], [4, 7, \"ACT\"]]}\n");
    let import =
        |map: &str, into: &str| corpus.ends(&["import", "--from", "doccano", "--map", map, "-o", into, "set.jsonl"]);
    let (code, _, err) = import("PERSON=entity:person", "one");
    assert!(code == 1 && err.contains("nothing has the label PERSON; there are ACT, PER."), "{err}");
    let (code, _, err) = import("PER=entity:persn", "two");
    assert!(code == 1 && err.contains("entity has no type persn in the schema; there are ") && err.contains("person"));
    assert_eq!(err.matches("persn in the schema").count(), 1, "{err}");
    let (code, _, err) = import("PER=entity:person", "three");
    assert!(code == 0 && !err.contains("warning"), "{err}");
}

#[test]
fn of_two_formats_with_the_same_documents_the_richer_one_is_taken() {
    let corpus = Corpus::new();
    let brat = "T1\tPER 0 3\tAda\nT2\tPER 8 11\tBen\n";
    let bare = "# text = Ada met Ben.\n1\tAda\t_\t_\t_\t_\t_\t_\t_\t_\n2\tmet\t_\t_\t_\t_\t_\t_\t_\t_\n3\tBen.\t_\t_\t_\t_\t_\t_\t_\t_\n\n";
    for name in ["b", "c"] {
        written(&corpus, &format!("in/{name}.conllu"), bare);
        written(&corpus, &format!("in/{name}.txt"), "Ada met Ben.");
    }
    // What lies beside it only now and then, or says no more, changes nothing.
    let recognised = || {
        let (code, _, err) = corpus.ends(&["import", "--from", "auto", "-o", "out", "in"]);
        let _ = fs::remove_dir_all(corpus.path("out"));
        assert!(code < 2, "{err}");
        err.lines().find(|line| line.starts_with("recognised: ")).map(str::to_owned).unwrap_or_default()
    };
    written(&corpus, "in/z.ann", brat);
    written(&corpus, "in/z.txt", "Ada met Ben.");
    assert_eq!(recognised(), "recognised: conllu (2 files)");
    written(&corpus, "in/b.ann", "");
    assert_eq!(recognised(), "recognised: brat (2 files)", "it comes first by its name");
    fs::remove_file(corpus.path("in/b.ann")).expect("it was there");
    written(&corpus, "in/c.ann", brat);
    assert_eq!(recognised(), "recognised: brat (2 files)");
}

#[test]
fn predictions_are_layers_where_they_are_asked_for() {
    let corpus = Corpus::new();
    let row = |label: &str| {
        format!(
            "{{\"id\": \"a\", \"from_name\": \"l\", \"to_name\": \"t\", \"type\": \"labels\", \"value\": {{\"start\": 0, \"end\": 3, \"labels\": [\"{label}\"]}}}}"
        )
    };
    let tasks = format!(
        "[{{\"data\": {{\"text\": \"Ada met Zoe.\"}}, \"annotations\": [{{\"completed_by\": \"ben\", \"result\": [{}]}}],\
         \"predictions\": [{{\"model_version\": \"tiny-2\", \"score\": 0.5, \"result\": [{}]}}, {{\"result\": [{}]}}]}},\
         {{\"data\": {{\"text\": \"Zoe left.\"}}, \"predictions\": [{{\"model_version\": \"tiny-2\", \"result\": [{}]}}]}}]",
        row("PER"),
        row("ORG"),
        row("LOC"),
        row("ORG")
    );
    written(&corpus, "tasks.json", &tasks);
    let (_, out, err) = corpus.ends(&["import", "--from", "label-studio", "-o", "without", "tasks.json"]);
    assert!(out.contains("2 articles written, 1 annotation added"), "{out}");
    assert!(
        err.contains("predictions are kept as they are, and not read as marks: 2; --predictions makes them layers"),
        "{err}"
    );
    let import = ["import", "--predictions", "--from", "label-studio", "-o", "with", "tasks.json"];
    for said in [
        "2 articles written, 4 annotations added to with; the layers are those of ben, prediction and tiny-2",
        "all of it is there already",
    ] {
        let (code, out, err) = corpus.ends(&import);
        assert!(code == 0 && out.contains(said), "{out}{err}");
    }
    assert!(corpus.read("with/tasks-00001.txt.tiny-2.ron").contains("ORG"));
    assert!(corpus.read("with/tasks-00001.txt.prediction.ron").contains("LOC"));
    assert!(corpus.path("with/tasks-00002.txt.tiny-2.ron").exists());
    let (code, _, err) = corpus.ends(&["import", "--predictions", "--from", "doccano", "-o", "no", "tasks.json"]);
    assert!(code == 2 && err.contains("--predictions is for label-studio alone"), "{err}");
}

#[test]
fn what_other_programs_say_of_people_and_tasks_is_kept_and_left_out_where_names_are() {
    let corpus = Corpus::new();
    let line = r#"{"id": 7, "text": "Ada met Ben.", "label": [[0, 3, "PER"]], "Comments": ["ask Tom"]}"#;
    corpus.write("tasks.jsonl", line);
    corpus.run(&["import", "--from", "doccano", "-o", "doc", "tasks.jsonl"]).assert().success();
    let (_, lossless, _) = corpus.ends(&["export", "--to", "jsonl", "doc"]);
    assert!(lossless.contains(r#""doccano:id": "7""#) && lossless.contains("ask Tom"), "{lossless}");
    corpus.run(&["export", "--to", "doccano", "-o", "again.jsonl", "doc"]).assert().success();
    corpus.run(&["import", "--from", "doccano", "-o", "doc2", "again.jsonl"]).assert().success();
    assert_eq!(corpus.ends(&["export", "--to", "jsonl", "doc2"]).1, lossless, "it comes back the same");

    let task = r#"{"text": "Ada met Ben.", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept", "_annotator_id": "news-mia", "by": {"who": "mia@x.org"}}"#;
    corpus.write("db.jsonl", task);
    corpus.run(&["import", "--from", "prodigy", "-o", "prod", "db.jsonl"]).assert().success();
    let sidecars = fs::read_dir(corpus.path("prod")).expect("a folder").flatten();
    assert!(sidecars.map(|it| it.file_name()).any(|name| name.to_string_lossy().ends_with(".news-mia.ron")));
    for to in ["jsonl", "prodigy", "label-studio"] {
        let out = format!("out-{to}");
        let (code, _, err) = corpus.ends(&["export", "--to", to, "--anonymise", "-o", &out, "prod"]);
        assert!(code == 0 && err.contains("attribute of an article: left out"), "{err}");
        let files =
            walkdir::WalkDir::new(corpus.path(&out)).into_iter().flatten().filter(|it| it.file_type().is_file());
        for file in files {
            let text = fs::read_to_string(file.path()).expect("it can be read");
            assert!(!text.contains("mia"), "{to}: {text}");
        }
        assert_eq!(corpus.ends(&["export", "--to", to, "--anonymise", "--strict", "-o", "no", "prod"]).0, 2);
    }
    let (_, _, err) = corpus.ends(&["export", "--to", "jsonl", "--annotator", "adda", "prod"]);
    assert!(err.contains("adda has no layer here; who has one: news-mia"), "{err}");
}

#[test]
fn the_next_export_of_a_label_studio_project_finds_the_articles_of_the_last() {
    let corpus = Corpus::new();
    let task = |id: usize, text: &str, by: usize| {
        format!(
            r#"{{"id": {id}, "data": {{"text": "{text}"}}, "annotations": [{{"id": {id}, "completed_by": {by}, "result": [{{"id": "r{by}",
            "from_name": "label", "to_name": "text", "type": "labels", "value": {{"start": 0, "end": 3, "labels": ["PER"]}}}}]}}]}}"#
        )
    };
    written(&corpus, "project-3-at-2026-05-01-12-30-0a1b2c3d.json", &format!("[{}]", task(7, "Ada met Ben.", 1)));
    // The next one begins with a task that is new.
    let both = [task(9, "Eve left.", 2), task(7, "Ada met Ben.", 2)];
    written(&corpus, "project-3-at-2026-06-02-08-00-99aabbcc.json", &format!("[{}]", both.join(",")));
    for name in ["project-3-at-2026-05-01-12-30-0a1b2c3d.json", "project-3-at-2026-06-02-08-00-99aabbcc.json"] {
        let (code, out, err) = corpus.ends(&["import", "-o", "made", name]);
        assert_eq!(code, 0, "{out}{err}");
    }
    for name in ["7.txt.user-1.ron", "7.txt.user-2.ron", "9.txt.user-2.ron"] {
        assert!(corpus.path(&format!("made/project-3-0000{name}")).exists(), "{name}");
    }
    let articles = fs::read_dir(corpus.path("made")).expect("it is listed").flatten();
    assert_eq!(articles.filter(|it| it.path().extension().is_some_and(|end| end == "txt")).count(), 2);
}

#[test]
fn folders_of_brat_with_the_same_articles_are_those_of_annotators() {
    let corpus = Corpus::new();
    for (whose, marks) in [("ben", "T1\tPER 0 3\tAda\n"), ("eve", "T1\tPER 0 3\tAda\nT2\tPER 8 11\tBen\n")] {
        written(&corpus, &format!("both/{whose}/day/talk.txt"), "Ada met Ben.");
        written(&corpus, &format!("both/{whose}/day/talk.ann"), marks);
    }
    written(&corpus, "both/eve/more.txt", "Eve left.");
    written(&corpus, "both/eve/more.ann", "T1\tPER 0 3\tEve\n");
    let (code, out, err) = corpus.ends(&["import", "-o", "made", "both"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("2 articles written, 4 annotations added") && out.contains("those of ben and eve"), "{out}");
    assert!(err.contains("the folders ben and eve have the same articles: they are taken for annotators"), "{err}");
    for name in ["day/talk.txt.ben.ron", "day/talk.txt.eve.ron", "more.txt.eve.ron"] {
        assert!(corpus.path("made").join(name).exists(), "{name}");
    }
    // Named one by one they are the same, and so is what we export of several.
    let (_, out, _) = corpus.ends(&["import", "-o", "named", "both/ben", "both/eve"]);
    assert!(out.contains("2 articles written, 4 annotations added") && out.contains("those of ben and eve"), "{out}");
    assert_eq!(corpus.ends(&["export", "--to", "brat", "--all-annotators", "-o", "out", "made"]).0, 0);
    let (_, out, err) = corpus.ends(&["import", "-o", "again", "out"]);
    assert!(
        out.contains("2 articles written, 4 annotations added") && out.contains("those of ben and eve"),
        "{out}{err}"
    );
    // Folders of different articles are no annotators.
    written(&corpus, "both/ben/day/talk.txt", "Ada met Eve.");
    let (_, out, err) = corpus.ends(&["import", "--annotator", "ada", "-o", "apart", "both"]);
    assert!(out.contains("3 articles written") && !err.contains("taken for annotators"), "{out}{err}");
}
