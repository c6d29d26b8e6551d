//! Files that mean harm: what they hold neither steers the terminal nor leads out of the folder nor keeps the program
//! busy, and each is told in one clear sentence.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::Corpus;

/// Clears the screen, sets the window's title, answers for the user, turns the line round.
const EVIL: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{8}\r\u{202e}\u{2066}evil";

/// Nothing but text and line ends, whatever the files say.
fn harmless(arguments: &[&str], said: &str) {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
    };
    assert!(!said.contains(steers), "{arguments:?}: {said:?}");
}

/// Runs a command and sees that what it says is harmless; gives its code and all that it said.
fn ends(corpus: &Corpus, arguments: &[&str]) -> (i32, String) {
    let (code, out, err) = corpus.ends(arguments);
    harmless(arguments, &out);
    harmless(arguments, &err);
    assert!((0..=2).contains(&code) || code == 130, "{arguments:?} ends with {code}: {err}");
    (code, out + &err)
}

/// As a sidecar writes it; the raw characters where they may stand.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\r', "\\r"))
}

/// A layer that is hostile in every field that a person may be shown.
fn layer(annotator: &str) -> String {
    let evil = quoted(EVIL);
    format!(
        "(format: 1, source: (file: {evil}, text_sha256: {evil}), schema: (id: {evil}, version: 1), annotator: {annotator},
          annotations: [
            (id: {evil}, label: {evil}, spans: [(0, 3, {evil})], attributes: {{{evil}: {evil}, \"type\": {evil}}}, note: {evil},
             made: {evil}, origin: (by: {evil}, rule: {evil}), orphan: (candidates: [(0, 2, {evil})])),
            (id: \"a\", label: \"entity\", spans: [(0, 3, {evil})], context: ({evil}, {evil})),
            (id: \"b\", label: \"quote\", spans: [(0, 5, \"Ada{tail}\")], conflict: [(id: \"b\", label: {evil}, spans: [])])],
          relations: [(id: \"r\", label: {evil}, from: \"a\", to: {evil}), (id: \"s\", label: {evil}, from: {evil}, to: \"b\")],
          document: (attributes: {{{evil}: [{evil}]}}, note: {evil}), conflict: [(\"status\", {evil})],
          comments: [(id: {evil}, text: {evil}, by: {evil}, on: ({evil}, {evil}))], rejected: [(rule: {evil}, label: {evil}, text: {evil})],
          decisions: [(id: {evil}, verdict: {evil}, by: {evil}, sources: [({evil}, {evil})])])",
        tail = &EVIL[..2]
    )
}

#[cfg(unix)]
#[test]
fn nothing_from_a_file_steers_the_terminal() {
    let corpus = Corpus::new();
    let article = format!("{EVIL}.txt");
    corpus.write(&article, &format!("Ada{EVIL}\n"));
    corpus.write("talks.md", &format!("# Ada{EVIL}\n\n![{EVIL}](<{EVIL}>)\n"));
    fs::write(corpus.path("legacy.txt"), [b"Le g\xe9n\xe9ral a d\xe9clar\xe9".as_slice(), EVIL.as_bytes()].concat())
        .expect("a file");
    for (name, of) in [(article.as_str(), quoted("eve")), ("talks.md", quoted(EVIL)), ("legacy.txt", quoted("eve"))] {
        corpus.write(&format!("{name}.eve.ron"), &layer(&of));
    }
    corpus.write(&format!("gone{EVIL}.txt.eve.ron"), &layer("\"eve\""));
    corpus.write("talks.txt.bad.ron", &format!("(format: 1, {EVIL}: 3"));
    corpus.write("talks.txt.worse.ron", &format!("(format: 1, status: {})", quoted(EVIL)));
    let line = json!({"file": "x.txt", "text": format!("Ada{EVIL}"), "annotator": "eve", "status": EVIL, EVIL: EVIL,
        "annotations": [{"id": EVIL, "label": EVIL, "spans": [[0, 99, EVIL]], EVIL: EVIL, "attributes": {EVIL: {}}, "orphan": false},
            {"id": EVIL, "label": EVIL, "spans": [[0, 3]]}],
        "relations": [{"id": EVIL, "label": EVIL, "from": EVIL, "to": "nobody"}]});
    let names = [format!("../{EVIL}.txt"), format!("{EVIL}.txt"), "talks.txt".to_owned()];
    let others = names.map(|file| json!({"file": file, "text": format!("x{EVIL}"), "annotator": EVIL}).to_string());
    let dataset = format!("{EVIL}.jsonl");
    corpus.write(&dataset, &format!("{line}\n{}\n{{{EVIL}", others.join("\n")));
    let sidecar = format!("{article}.eve.ron");
    let flag = format!("--{EVIL}");
    let calls: &[&[&str]] = &[
        &["show", &article],
        &["show", &article, "--annotator", EVIL],
        &["show", &article, "--json"],
        &["show", "talks.md"],
        &["show", "legacy.txt"],
        &["show", "talks.txt"],
        &["show", EVIL],
        &["check", "."],
        &["check", ".", "--json"],
        &["stats", "."],
        &["stats", &article, "--json"],
        &["import", "--from", "jsonl", "-o", "new", &dataset],
        &["import", "--from", "jsonl", "-o", ".", &dataset, "--annotator", EVIL],
        &["import", "--from", "jsonl", "-o", ".", "--annotator", "eve", &dataset],
        &["import", "--from", "jsonl", "-o", EVIL, &article],
        &["export", "--to", "jsonl", "--all-annotators", "."],
        &["export", "--to", "jsonl", "--all-annotators", "-o", "out.jsonl", "."],
        &["export", "--to", "jsonl", &article],
        &["reanchor", "--dry-run", "--all-annotators", "."],
        &["reanchor", "--all-annotators", "--accept", "edited", "."],
        &["git-show", &sidecar],
        &["git-show", "talks.txt.bad.ron"],
        &["merge", "--ours", &sidecar, "--theirs", "talks.md.eve.ron"],
        &["merge", "--ours", &sidecar, "--theirs", &sidecar],
        &["git-setup", EVIL],
        &["show", &flag],
        &[EVIL, EVIL],
        &["formats", EVIL],
        &["export", "--to", EVIL, "."],
    ];
    for call in calls {
        ends(&corpus, call);
    }
    for (call, told) in [
        (&["show", &article][..], "Ada\\u{1b}["),
        (&["check", "."], "\\u{1b}[2J"),
        (&["git-show", &sidecar], "\\u{1b}[2J"),
        (&["show", &flag], "\\u{202e}"),
    ] {
        let (_, said) = ends(&corpus, call);
        assert!(said.contains(told), "{call:?} shows what was there: {said}");
    }
    for schema in [
        format!("(schema: (extends: {}))", quoted(EVIL)),
        format!("(schema: (id: {0}, labels: [(id: \"a\", name: {0}, key: {0})]))", quoted(EVIL)),
        format!("(exclude: [{}])", quoted(&format!("[{EVIL}"))),
        format!("(schema: ({EVIL}: 1))"),
    ] {
        corpus.write("pressmark.ron", &schema);
        for call in calls.iter().filter(|call| matches!(call[0], "show" | "check" | "stats" | "import")) {
            ends(&corpus, call);
        }
    }
}

/// A folder with a corpus in it and something outside that nobody may touch.
#[cfg(unix)]
struct Walled {
    outer: Corpus,
    before: Vec<(std::path::PathBuf, String)>,
}

#[cfg(unix)]
impl Walled {
    fn new() -> Self {
        let outer = Corpus::new();
        fs::create_dir_all(outer.path("desk/news")).expect("a folder");
        fs::create_dir(outer.path("private")).expect("a folder");
        fs::create_dir(outer.path("desk/.pressmark")).expect("a folder");
        outer.write("private/diary.txt", "Dear diary\n");
        outer.write("private/pressmark.ron", "(exclude: [\"*\"])");
        outer.write("desk/talks.txt", super::TALKS);
        fs::copy(outer.path("talks.txt.ada.ron"), outer.path("private/talks.txt.ada.ron")).expect("it is copied");
        let mut walled = Self { outer, before: Vec::new() };
        walled.before = walled.outside();
        walled
    }

    fn link(&self, to: &str, name: &str) {
        std::os::unix::fs::symlink(to, self.outer.path("desk").join(name)).expect("a link");
    }

    fn outside(&self) -> Vec<(std::path::PathBuf, String)> {
        let walk = walkdir::WalkDir::new(self.outer.0.path()).sort_by_file_name();
        let outside = walk.into_iter().filter_entry(|entry| entry.path() != self.outer.path("desk")).flatten();
        let files = outside.filter(|entry| entry.file_type().is_file());
        files.map(|entry| (entry.path().to_owned(), fs::read_to_string(entry.path()).expect("a text"))).collect()
    }

    /// Runs a command; whatever it does, nothing outside the desk is changed or told.
    fn ends(&self, arguments: &[&str]) -> (i32, String) {
        let (code, said) = ends(&self.outer, arguments);
        assert!(!said.contains("diary\n") && !said.contains("Dear"), "{arguments:?} tells what lies outside: {said}");
        assert_eq!(self.outside(), self.before, "{arguments:?} changes what lies outside");
        (code, said)
    }

    fn import(&self, file: &str, annotator: &str) -> (i32, String) {
        let annotation = json!({"id": "n1", "label": "cue", "spans": [[4, 8]]});
        let line = json!({"file": file, "text": super::TALKS, "annotator": annotator, "annotations": [annotation]});
        self.outer.write("desk/.set.jsonl", &line.to_string());
        self.ends(&["import", "--from", "jsonl", "-o", "desk", "desk/.set.jsonl"])
    }
}

#[cfg(unix)]
#[test]
fn an_import_writes_inside_its_folder_alone() {
    let walled = Walled::new();
    walled.link("../private", "more");
    walled.link("../private/new.txt", "new.txt");
    walled.link("/nowhere/at/all", "void");
    for file in [
        "../a.txt",
        "/tmp/a.txt",
        "news/../../a.txt",
        ".git/a.txt",
        "more/a.txt",
        "new.txt",
        "more/diary.txt",
        "void/a.txt",
    ] {
        let (code, said) = walled.import(file, "eve");
        assert!(code == 2 || code == 1, "{file}: {said}");
        let told = said.contains("leads out of") || said.contains("no path inside");
        assert!(told, "{file}: {said}");
    }
    for annotator in ["../eve", "/eve", "a/b", ".."] {
        let (code, said) = walled.import("talks.txt", annotator);
        assert!(code == 1 && said.contains("cannot be an annotator"), "{said}");
    }
    assert_eq!(walled.import("news/a.txt", "eve").0, 0, "inside it may");
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_are_neither_read_nor_written() {
    for (to, name, told) in [
        ("../private", "more", "desk/more: this link leads out"),
        ("../private/diary.txt", "diary.txt", "desk/diary.txt: this link leads out"),
        ("../private/talks.txt.ada.ron", "talks.txt.ada.ron", "desk/talks.txt.ada.ron: this link leads out"),
        ("../private/pressmark.ron", "pressmark.ron", "leads out of the corpus folder"),
    ] {
        let walled = Walled::new();
        walled.link(to, name);
        let (code, said) = walled.ends(&["check", "desk"]);
        assert!(code == 1 && said.contains(told), "{name}: {said}");
        for call in [
            &["show", "desk/talks.txt"][..],
            &["stats", "desk"],
            &["export", "--to", "jsonl", "--all-annotators", "desk"],
            &["reanchor", "--all-annotators", "desk"],
        ] {
            let (_, said) = walled.ends(call);
            assert!(!said.contains("a1") && !said.contains("person"), "{call:?} reads {name}: {said}");
        }
        walled.import("talks.txt", "ada");
    }
}

#[cfg(unix)]
#[test]
fn a_journal_or_a_kept_text_is_not_written_through_a_link() {
    for name in [".pressmark/local", ".pressmark/texts"] {
        let walled = Walled::new();
        assert_eq!(walled.import("talks.txt", "ada").0, 0);
        fs::remove_dir_all(walled.outer.path("desk").join(name)).ok();
        walled.link("../../private", name);
        for annotator in ["ada", "ben"] {
            let (code, said) = walled.import("talks.txt", annotator);
            assert!(code == 0 || said.contains("leads out of the corpus folder"), "{name}: {said}");
        }
    }
}

#[test]
fn what_a_sidecar_calls_its_article_is_never_opened() {
    let corpus = Corpus::new();
    corpus.edit("talks.txt.ada.ron", "file: \"talks.txt\"", "file: \"/etc/hostname\"");
    let (code, said) = ends(&corpus, &["show", "talks.txt"]);
    assert!(code == 0 && said.contains("Ada"), "{said}");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_keep_nobody_waiting() {
    let corpus = Corpus::new();
    let pipe = |name: &str| {
        let made = std::process::Command::new("mkfifo").arg(corpus.path(name)).status();
        assert!(made.expect("mkfifo is there").success());
    };
    for name in ["a.txt", "talks.txt.ben.ron", "pressmark.ron", ".pressmark/local/talks.txt.ada.ron.journal"] {
        fs::create_dir_all(corpus.path(name).parent().unwrap_or(Path::new("/"))).expect("a folder");
        pipe(name);
    }
    for call in [&["show", "a.txt"][..], &["show", "talks.txt"], &["check", "."], &["stats", "."]] {
        let (code, said) = ends(&corpus, call);
        assert!(code != 0 && said.contains("a pipe or a device"), "{call:?}: {said}");
    }
    std::os::unix::fs::symlink("/dev/zero", corpus.path("zero.txt")).expect("a link");
    let (code, said) = ends(&corpus, &["show", "zero.txt"]);
    assert!(code == 2 && said.contains("zero.txt") && said.contains("a pipe or a device"), "{said}");
}

#[test]
fn each_bound_is_told_with_file_and_place() {
    let deep = |levels: usize| "[".repeat(levels);
    let huge = |name: &str, corpus: &Corpus| {
        fs::File::create(corpus.path(name)).and_then(|file| file.set_len((512 << 20) + 1)).expect("a sparse file");
    };
    let corpus = Corpus::new();
    let whole = corpus.read("talks.txt.ada.ron");
    for levels in [200, 100_000] {
        corpus.write(
            "talks.txt.ada.ron",
            &whole.replace("    status", &format!("    mood: {},\n    status", deep(levels))),
        );
        let (code, said) = ends(&corpus, &["check", "."]);
        assert!(code == 1 && said.contains("talks.txt.ada.ron:6:") && said.contains("nested too deeply"), "{said}");
        corpus.write("pressmark.ron", &"(".repeat(levels));
        let (code, said) = ends(&corpus, &["check", "."]);
        assert!(code == 1 && said.contains("pressmark.ron:1:"), "{said}");
        fs::remove_file(corpus.path("pressmark.ron")).expect("it was there");
        corpus.write("set.jsonl", &format!("\n{{\"file\": \"a.txt\", \"mood\": {}", deep(levels)));
        let (code, said) = ends(&corpus, &["import", "--from", "jsonl", "-o", ".", "set.jsonl"]);
        assert!(code == 2 && said.contains("set.jsonl:2: ") && said.contains("levels"), "{said}");
        corpus.write("deep.md", &format!("{}Ada\n\n{}", "> ".repeat(levels), "*".repeat(levels)));
        assert_eq!(ends(&corpus, &["show", "deep.md"]).0, 0, "Markdown nests as it likes");
    }
    corpus.write("talks.txt.ada.ron", &whole);
    huge("talks.txt.ben.ron", &corpus);
    huge("pressmark.ron", &corpus);
    let (code, said) = ends(&corpus, &["check", "."]);
    assert!(code == 1 && said.contains("larger than 512 MiB") && said.contains("larger than 8 MiB"), "{said}");
    huge("set.jsonl", &corpus);
    fs::remove_file(corpus.path("pressmark.ron")).expect("it was there");
    let (code, said) = ends(&corpus, &["import", "--from", "jsonl", "-o", ".", "set.jsonl"]);
    assert!(code == 2 && said.contains("set.jsonl:1: this line is longer than 256 MiB"), "{said}");
}

#[test]
fn nesting_in_a_dataset_of_any_format_is_told_and_no_stack_ends() {
    let corpus = Corpus::new();
    let levels = 100_000;
    let lists = "[".repeat(levels);
    let elements = |open: &str| open.repeat(levels);
    for (format, name, content) in [
        ("jsonl", "a.jsonl", format!("{{\"file\":\"a.txt\",\"text\":\"x\",\"annotations\":{lists}")),
        ("doccano", "a.jsonl", format!("{{\"text\":\"x\",\"label\":{lists}")),
        ("prodigy", "a.jsonl", format!("{{\"text\":\"x\",\"spans\":{lists}")),
        ("huggingface", "a.jsonl", format!("{{\"text\":\"x\",\"entities\":{lists}")),
        ("bioc", "a.json", format!("{{\"documents\":{lists}")),
        ("bioc", "a.xml", format!("<collection><document>{}", elements("<passage>"))),
        ("gate", "a.bdocjs", format!("{{\"text\":\"x\",\"annotation_sets\":{}", "{\"a\":".repeat(levels))),
        ("gate", "a.xml", format!("<GateDocument>{}", elements("<TextWithNodes>"))),
        ("cas-json", "a.json", format!("{{\"%FEATURE_STRUCTURES\":{lists}")),
        ("cas-xmi", "a.xmi", format!("<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\">{}", elements("<a>"))),
        ("webanno-tsv", "a.tsv", format!("#FORMAT=WebAnno TSV 3.3\n\n#Text=x\n#Pressmark={lists}\n")),
        ("conllu", "a.conllu", format!("1\tx\t_\t_\t_\t_\t_\t_\t_\tEntity={}\n", "(e-x".repeat(levels))),
        ("brat", "a.ann", format!("T1\tP {}\tx\n", "0 1;".repeat(levels))),
        ("conll", "a.conll", format!("x {}\n", "B-".repeat(levels))),
    ] {
        corpus.write(name, &content);
        for from in [format, "auto"] {
            let (code, said) = ends(&corpus, &["import", "--from", from, "-o", "new", name]);
            assert!((0..=2).contains(&code) && said.contains(name) || code == 0, "{from}: {code}: {said:.400}");
        }
        fs::remove_file(corpus.path(name)).expect("it was there");
        fs::remove_dir_all(corpus.path("new")).ok();
    }
}

#[test]
fn a_damaged_table_is_told_in_one_sentence_without_a_backtrace() {
    let corpus = Corpus::new();
    assert_eq!(ends(&corpus, &["export", "--to", "huggingface", "-o", "out", "."]).0, 0);
    let table = walkdir::WalkDir::new(corpus.path("out")).into_iter().flatten();
    let table =
        table.map(|entry| entry.path().to_owned()).find(|path| path.extension().is_some_and(|end| end == "parquet"));
    let whole = fs::read(table.expect("a table")).expect("it is read");
    for at in (4..whole.len()).step_by(211) {
        for flip in [0x01, 0x80] {
            let mut damaged = whole.clone();
            damaged[at] ^= flip;
            fs::write(corpus.path("a.parquet"), &damaged).expect("it is written");
            let (_, said) = ends(&corpus, &["import", "--from", "huggingface", "-o", "new", "a.parquet"]);
            assert!(!said.contains("panicked") && !said.contains("backtrace"), "byte {at}: {said}");
            fs::remove_dir_all(corpus.path("new")).ok();
        }
    }
}

#[cfg(unix)]
#[test]
fn no_text_is_fetched_through_a_link_beside_a_dataset() {
    let walled = Walled::new();
    fs::create_dir(walled.outer.path("desk/set")).expect("a folder");
    walled.outer.write("desk/set/diary.ann", "T1\tperson 0 4\tDear\n");
    walled.link("../../private/diary.txt", "set/diary.txt");
    let (code, said) = walled.ends(&["import", "--from", "brat", "-o", "desk/new", "desk/set"]);
    assert!(code != 0 && said.contains("diary.ann"), "{said}");
    assert!(!walled.outer.path("desk/new/diary.txt").exists());
}
