//! The rules of the house, checked on the files as text: which room may use which, sizes, prologues, what is banned.
//!
//! Each failure names the file and line, the rule and the way out. Whoever needs an exception writes it into one of
//! the tables below, with its reason. The last tests plant a violation of each rule and see that it is found.

#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/source.rs"]
mod source;

use std::path::{Path, PathBuf};

use rules::Fault;
use source::Source;

/// What each room of `src` may use of the others. A room that is not here may not be there.
pub const ARROWS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("model", &["text"]),
    ("edit", &["model", "text"]),
    ("anchor", &["model", "text"]),
    ("review", &["model", "text"]),
    ("article", &["text", "model"]),
    ("formats", &["model", "text", "article"]),
    ("store", &["article", "text", "model", "edit"]),
    ("suggest", &["model", "text", "article"]),
    ("workspace", CORE),
    ("typeset", &["text", "article", "model"]),
    ("cli", CORE_AND_WORKSPACE),
    ("gui", GUI),
    ("main", &["cli", "gui", "workspace"]),
    ("lib", &[]),
];

const CORE: &[&str] = &["text", "model", "edit", "anchor", "review", "article", "formats", "store", "suggest"];
const CORE_AND_WORKSPACE: &[&str] =
    &["text", "model", "edit", "anchor", "review", "article", "formats", "store", "suggest", "workspace"];
const GUI: &[&str] =
    &["text", "model", "edit", "anchor", "review", "article", "formats", "store", "suggest", "workspace", "typeset"];

/// A word of the code and the only rooms or files that may say it.
pub struct Word {
    /// As code writes it.
    pub word: &'static str,
    /// Rooms, or paths of files; empty for none.
    pub only: &'static [&'static str],
    /// The way out.
    pub instead: &'static str,
}

const fn word(word: &'static str, only: &'static [&'static str], instead: &'static str) -> Word {
    Word { word, only, instead }
}

const PRINTERS: &[&str] = &["cli", "gui", "main"];
const READERS: &[&str] = &["store", "formats", "workspace", "cli", "src/gui/settings.rs"];

/// Who may say what.
pub const WORDS: &[Word] = &[
    word("egui", &["gui"], "the window's toolkit stays in gui: hand plain values over"),
    word("eframe", &["gui"], "the window's toolkit stays in gui: hand plain values over"),
    word("rfd", &["gui"], "ask for files in gui and hand the path down"),
    word("parley", &["typeset"], "ask typeset for lines and rectangles"),
    word("vello_cpu", &["typeset"], "ask typeset for pixels"),
    word("clap", &["cli", "main"], "arguments are read in cli: take plain values"),
    word("serde", READERS, "give the file a type of its own in store or formats"),
    word("serde_json", READERS, "give the file a type of its own in store or formats"),
    word("anyhow", PRINTERS, "make it a variant of the module's error enum"),
    word("std::env", PRINTERS, "take the value as an argument; cli and gui read the environment"),
    word("env::", PRINTERS, "take the value as an argument; cli and gui read the environment"),
    word("println!", PRINTERS, "return it; cli prints"),
    word("eprintln!", PRINTERS, "return it; cli prints"),
    word("print!", PRINTERS, "return it; cli prints"),
    word("eprint!", PRINTERS, "return it; cli prints"),
    word("process::exit", PRINTERS, "return an error; main exits"),
    word("thread::sleep", &[], "wait for the event itself: a channel, or a repaint request"),
    word("todo!", &[], "write it, or leave it out and file an issue"),
    word("unimplemented!", &[], "write it, or return an error"),
    word("dbg!", &[], "take it out again"),
    word(".unwrap()", &[], "return the error, or `expect` with the reason why it cannot happen"),
];

/// Files of over 500 lines, each with its reason. None may be over 800.
pub const LONG_FILES: &[(&str, &str)] = &[];

/// Functions of over 80 lines (`path::name`), each with its reason: flat tables and flat matches only.
pub const LONG_FUNCTIONS: &[(&str, &str)] = &[];

/// Files with a longer prologue than twelve lines, each with its reason.
pub const LONG_PROLOGUES: &[(&str, &str)] = &[("src/lib.rs", "it is the architecture and its invariants")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of the package, with `/` and from its root, in order; not what is hidden, generated or git's own.
fn files() -> Vec<PathBuf> {
    walkdir::WalkDir::new(root())
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || (!name.starts_with('.') && name != "target")
        })
        .map(|entry| entry.expect("the package's folders can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(root()).expect("it lies in the root").to_owned())
        .collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn sources() -> Vec<Source> {
    let paths = files().into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let paths = paths.map(|path| path.to_string_lossy().replace('\\', "/"));
    apart(paths.map(|path| Source::new(&path, &read(&path))).collect())
}

/// Marks the files that others bring in for tests only.
fn apart(sources: Vec<Source>) -> Vec<Source> {
    let tests: Vec<String> = sources.iter().flat_map(Source::files_of_tests).collect();
    let known = |source: Source| if tests.contains(&source.path) { source.only_for_tests() } else { source };
    sources.into_iter().map(known).collect()
}

fn none_of(faults: &[Fault]) {
    let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} against the rules of the house:\n\n{}\n", list.len(), list.join("\n"));
}

#[test]
fn every_file_keeps_the_rules() {
    let sources = sources();
    assert!(sources.iter().any(|source| source.path == "src/lib.rs"), "no sources were found");
    none_of(&sources.iter().flat_map(rules::of_file).collect::<Vec<_>>());
}

#[test]
fn every_exception_is_still_needed() {
    let sources = sources();
    let mut stale = Vec::new();
    for (path, _) in LONG_FILES {
        if !sources.iter().any(|source| source.path == *path && source.text.lines().count() > rules::FILE_LINES) {
            stale.push(*path);
        }
    }
    for (name, _) in LONG_FUNCTIONS {
        let long = |source: &Source| {
            let mut all = source.functions().into_iter();
            all.any(|f| f.lines > rules::FUNCTION_LINES && format!("{}::{}", source.path, f.name) == *name)
        };
        if !sources.iter().any(long) {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "tests/tidy.rs: these exceptions are not needed any more: {stale:?}");
}

#[test]
fn every_dependency_says_why_it_is_there() {
    none_of(&rules::dependencies("Cargo.toml", &read("Cargo.toml")));
}

#[test]
fn links_between_documents_lead_somewhere() {
    let documents = files().into_iter().filter(|path| path.extension().is_some_and(|end| end == "md"));
    for path in documents.filter(|path| path.starts_with("docs") || path.parent() == Some(Path::new(""))) {
        let folder = root().join(&path);
        let folder = folder.parent().expect("a file lies in a folder");
        let path = path.to_string_lossy().replace('\\', "/");
        none_of(&rules::links(&path, &read(&path), |target| folder.join(target).exists()));
    }
}

#[test]
fn no_large_binary_lies_among_the_files() {
    for path in files() {
        let name = path.to_string_lossy().replace('\\', "/");
        let size = root().join(&path).metadata().map_or(0, |metadata| metadata.len());
        if size > rules::BINARY_BYTES {
            let bytes = std::fs::read(root().join(&path)).expect("the file can be read");
            none_of(&rules::large_binary(&name, &bytes));
        }
    }
}

/// A file of code that keeps every rule, with `line` in it.
fn planted(path: &str, line: &str) -> Source {
    Source::new(path, &format!("//! What it is.\n//! What it leaves to others.\n\nuse std::fmt;\n\n{line}\n"))
}

#[test]
fn what_is_planted_is_found_with_its_line_and_a_way_out() {
    let long_function = format!("fn long() {{\n{}}}", "    step();\n".repeat(80));
    let long_file = "const A: u8 = 0;\n".repeat(500);
    let cases: &[(&str, &str, &str)] = &[
        ("src/model/span.rs", "use crate::edit::Edit;", "`model` may not use `edit`"),
        ("src/model/span.rs", "use crate::{\n    text::Chars,\n    store,\n};", "`model` may not use `store`"),
        ("src/cli/show.rs", "fn f() { crate::gui::run(); }", "`cli` may not use `gui`"),
        ("src/gui/app.rs", "use crate::cli::output;", "`gui` may not use `cli`"),
        ("src/text/mod.rs", "use super::model::Span;", "`super` that leads out of the room"),
        ("src/attic/mod.rs", "fn f() {}", "`attic` is in no row"),
        ("src/main.rs", "use pressmark::store;", "`main` may not use `store`"),
        ("src/typeset/line.rs", "use egui::Rect;", "`egui`"),
        ("src/workspace/mod.rs", "use eframe::App;", "`eframe`"),
        ("src/cli/mod.rs", "fn f() { rfd::open(); }", "`rfd`"),
        ("src/gui/page.rs", "use parley::Layout;", "`parley`"),
        ("src/gui/page.rs", "use vello_cpu::Pixmap;", "`vello_cpu`"),
        ("src/gui/mod.rs", "use clap::Parser;", "`clap`"),
        ("src/model/layer.rs", "#[derive(serde::Serialize)]\nstruct A;", "`serde`"),
        ("src/gui/app.rs", "fn f() { serde_json::to_string(&1); }", "`serde_json`"),
        ("src/store/mod.rs", "use anyhow::Context;", "`anyhow`"),
        ("src/store/mod.rs", "fn f() { std::env::var(\"HOME\"); }", "`std::env`"),
        ("src/store/mod.rs", "fn f() { env::var(\"HOME\"); }", "`env::`"),
        ("src/workspace/mod.rs", "fn f() { println!(\"\"); }", "`println!`"),
        ("src/formats/mod.rs", "fn f() { eprintln!(\"\"); }", "`eprintln!`"),
        ("src/formats/mod.rs", "fn f() { print!(\"\"); }", "`print!`"),
        ("src/formats/mod.rs", "fn f() { eprint!(\"\"); }", "`eprint!`"),
        ("src/formats/mod.rs", "fn f() { std::process::exit(1); }", "`process::exit`"),
        ("src/gui/mod.rs", "fn f() { std::thread::sleep(d); }", "`thread::sleep`"),
        ("src/gui/mod.rs", "fn f() { todo!() }", "`todo!`"),
        ("src/gui/mod.rs", "fn f() { unimplemented!() }", "`unimplemented!`"),
        ("tests/core/main.rs", "fn f() { dbg!(1); }", "`dbg!`"),
        ("src/gui/mod.rs", "fn f() { g().unwrap(); }", "`.unwrap()`"),
        ("src/store/mod.rs", "fn f() { layer.put(annotation); }", "changes a layer"),
        ("src/workspace/mod.rs", "fn f() { self.layer.take(&id); }", "changes a layer"),
        ("src/gui/mod.rs", "fn f() { all.layer_mut(0).take(id); }", "changes a layer"),
        ("src/review/gold.rs", "fn f() { gold.insert_relation(relation); }", "changes a layer"),
        ("src/review/gold.rs", "fn f() { gold.take_relation(&id); }", "changes a layer"),
        ("src/formats/jsonl.rs", "fn f() { Layer::set_head(gold, head); }", "changes a layer"),
        ("src/store/mod.rs", concat!("// TO", "DO: later"), "unfinished"),
        ("benches/layer.rs", concat!("/* FIX", "ME */"), "unfinished"),
        ("src/gui/utils.rs", "fn f() {}", "says nothing"),
        ("src/store/manager/mod.rs", "fn f() {}", "says nothing"),
        ("src/text/string_helpers.rs", "fn f() {}", "says nothing"),
        ("src/gui/page.rs", &long_function, "`long` has 82 lines"),
        ("src/gui/page.rs", &long_file, "506 lines, over 500"),
    ];
    for (path, line, expected) in cases {
        let faults = rules::of_file(&planted(path, line));
        assert_eq!(faults.len(), 1, "{path}: {line}: {:?}", faults.iter().map(ToString::to_string).collect::<Vec<_>>());
        let said = faults[0].to_string();
        assert!(said.contains(expected), "{said}: not {expected}");
        assert!(said.starts_with(&format!("{path}:")) && said.contains("way out:"), "{said}");
    }
    for Word { word, .. } in WORDS {
        let said = format!("`{word}`");
        assert!(cases.iter().any(|(.., expected)| *expected == said), "no case plants {word}");
    }
    assert_eq!((rules::most_lines(false), rules::most_lines(true)), (500, 800), "no reason lifts the upper bound");
    let fault = &rules::of_file(&planted("src/gui/mod.rs", "fn a() {}\nfn b() { dbg!(1); }"))[0];
    assert_eq!(fault.line, 7, "the line of the fault itself");
}

#[test]
fn prologues_are_measured() {
    let cases = [
        (
            "const A: u8 = 0;\nconst B: u8 = 0;\nconst C: u8 = 0;\nconst D: u8 = 0;\nconst E: u8 = 0;\n".to_owned(),
            "0 lines",
        ),
        (format!("//! One.\n{}", "const A: u8 = 0;\n".repeat(149)), "1 line"),
        (format!("{}{}", "//! One.\n".repeat(13), "const A: u8 = 0;\n"), "13 lines"),
    ];
    for (text, expected) in cases {
        let faults = rules::of_file(&Source::new("src/text/mod.rs", &text));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().contains(expected), "{}", faults[0]);
    }
}

#[test]
fn what_is_allowed_is_left_alone() {
    let cases = [
        ("src/gui/page.rs", "use crate::{typeset::Line, workspace};\nuse super::panel;"),
        ("src/model/layer.rs", "use super::Span;\nfn f() { self.take(&id); layer.put(a); }"),
        ("src/model/layer.rs", "#[cfg(test)]\nmod tests {\n    use crate::edit;\n    fn f() { g().unwrap(); }\n}"),
        ("src/model/mod.rs", "// crate::gui, egui, .unwrap(), println!\nconst A: &str = \"crate::gui egui todo!()\";"),
        ("src/model/mod.rs", "const A: &str = r#\"a \" egui\"#; const B: char = '\"'; struct C<'a>(&'a str);"),
        ("src/text/mod.rs", "fn f() { chars.take(3); cell.take(); Some(1).as_mut().take(); unwrap_or(1); }"),
        ("src/gui/settings.rs", "use serde::Serialize;"),
        ("src/cli/mod.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\");\nfn f() { println!(\"\"); }"),
        ("src/text/mod.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\"); struct Eguild;"),
        ("tests/core/main.rs", "use pressmark::gui;\nfn f(a: [u8; 4]) { g().unwrap(); }"),
    ];
    for (path, line) in cases {
        let faults = rules::of_file(&planted(path, line));
        assert!(faults.is_empty(), "{path}: {line}: {}", faults[0]);
    }
}

#[test]
fn a_file_that_is_declared_for_tests_may_do_what_tests_may() {
    let free = "use crate::gui;\nfn f() { g().unwrap(); }";
    let faults = |declared: &str| {
        let all = ["src/text/snap_tests.rs", "src/text/snap/tests.rs", "src/text/snap/tests/mod.rs"];
        let all = all.iter().map(|path| planted(path, free)).chain([planted("src/text/snap.rs", declared)]);
        apart(all.collect()).iter().flat_map(rules::of_file).map(|fault| fault.path).collect::<Vec<_>>()
    };
    assert_eq!(faults("mod tests;").len(), 6, "two faults in each of three files");
    let declared = faults("#[cfg(test)]\nmod tests;");
    assert_eq!(declared, ["src/text/snap_tests.rs"; 2]);
    let declared = faults("#[cfg(test)]\n#[path = \"snap_tests.rs\"]\nmod tests;");
    assert_eq!(
        declared,
        [
            "src/text/snap/tests.rs",
            "src/text/snap/tests.rs",
            "src/text/snap/tests/mod.rs",
            "src/text/snap/tests/mod.rs"
        ]
    );
}

#[test]
fn unexplained_dependencies_dead_links_and_large_binaries_are_found() {
    let manifest =
        "[dependencies]\n# Why.\na = \"1\"\nb = \"1\"\n\nc = \"1\"\n\n[dev-dependencies]\nd = { version = \"1\" }\n";
    let faults = rules::dependencies("Cargo.toml", manifest);
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [6, 9]);
    assert!(faults[0].to_string().contains("way out:"));

    let document =
        "[a](there.md) [b](gone.md#part)\n![c](docs/gone.png \"title\") [d](https://x.org) [e](#here)\n`[f](g)`\n";
    let faults = rules::links("README.md", document, |target| target == "there.md");
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2]);

    let mut bytes = vec![b'a'; 1_000_001];
    assert!(rules::large_binary("tests/data.txt", &bytes).is_empty(), "a text is no binary");
    bytes[100] = 0;
    assert_eq!(rules::large_binary("tests/data.bin", &bytes).len(), 1);
    assert!(rules::large_binary("assets/face.ttf", &bytes).is_empty());
    assert!(rules::large_binary("tests/data.bin", &bytes[..1_000_000]).is_empty());
}
