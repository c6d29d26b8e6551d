//! The checks behind `tests/tidy.rs`: each takes a file as text and gives the faults that it found.
//!
//! The tables of what is allowed stand in `tests/tidy.rs`, and how a file is taken apart in `source.rs`.

use std::fmt;

use crate::source::{Source, is_word, line_of, matching_brace, words};
use crate::{ARROWS, LONG_FILES, LONG_FUNCTIONS, LONG_PROLOGUES, WORDS};

/// Lines of a file without a reason, and with one.
pub const FILE_LINES: usize = 500;
const FILE_LINES_EVER: usize = 800;
/// Lines of a function.
pub const FUNCTION_LINES: usize = 80;
/// Lines of a prologue.
const PROLOGUE: std::ops::RangeInclusive<usize> = 2..=12;
/// A file of fewer lines needs one line of prologue only.
const SMALL_FILE: usize = 150;
/// Bytes of a binary outside `assets` and `seeds`.
pub const BINARY_BYTES: u64 = 1_000_000;

/// Only `edit` and `model` call these of a layer.
const CHANGING: &[&str] = &["put", "take", "insert_relation", "take_relation", "set_head"];

/// One place that breaks a rule.
pub struct Fault {
    pub path: String,
    pub line: usize,
    pub rule: String,
    pub way_out: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; way out: {}", self.path, self.line, self.rule, self.way_out)
    }
}

fn fault(path: &str, line: usize, rule: impl Into<String>, way_out: impl Into<String>) -> Fault {
    Fault { path: path.into(), line, rule: rule.into(), way_out: way_out.into() }
}

/// All faults of one Rust file.
pub fn of_file(source: &Source) -> Vec<Fault> {
    let checks = [arrows, said_words, layer_changes, unfinished, names, prologue, file_length, function_lengths];
    checks.iter().flat_map(|check| check(source)).collect()
}

fn arrows(source: &Source) -> Vec<Fault> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        let way_out = "move the file into a room, or give the new room a row in ARROWS of tests/tidy.rs";
        return vec![fault(&source.path, 1, format!("the room `{room}` is in no row of the table of arrows"), way_out)];
    };
    let mut faults = Vec::new();
    for (at, target) in uses(&source.shipped) {
        if target != room && ARROWS.iter().any(|(name, _)| *name == target) && !allowed.contains(&target) {
            let rule = format!("`{room}` may not use `{target}` ({room} → {})", allowed.join(", "));
            let way_out = format!("pass a value in, or move what both need below `{room}`");
            faults.push(fault(&source.path, line_of(&source.shipped, at), rule, way_out));
        }
    }
    // `super` in `src/text/mod.rs`, or twice in `src/text/index.rs`, is the crate: an arrow in disguise.
    let depth = source.modules().len();
    let chain = "super::".repeat(depth);
    if depth > 0 && room != "main" {
        for at in words(&source.shipped, &chain).filter(|&at| !source.shipped[..at].ends_with("super::")) {
            let rule = "a `super` that leads out of the room";
            faults.push(fault(&source.path, line_of(&source.shipped, at), rule, "write `crate::…`"));
        }
    }
    faults
}

/// The rooms that the code names after `crate::` or `pressmark::`, with where.
fn uses(code: &str) -> Vec<(usize, &str)> {
    let starts = words(code, "crate::").map(|at| at + "crate::".len());
    let starts = starts.chain(words(code, "pressmark::").map(|at| at + "pressmark::".len()));
    let mut found = Vec::new();
    for start in starts {
        if !code[start..].starts_with('{') {
            found.push((start, word_at(code, start)));
            continue;
        }
        let end = matching_brace(code, start).unwrap_or(code.len());
        let (mut depth, mut fresh) = (0, false);
        for (at, c) in code[start..end].char_indices() {
            match c {
                '{' => (depth, fresh) = (depth + 1, depth == 0),
                '}' => depth -= 1,
                ',' => fresh = depth == 1,
                c if is_word(c) && fresh => {
                    found.push((start + at, word_at(code, start + at)));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn word_at(code: &str, at: usize) -> &str {
    let rest = &code[at..];
    &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]
}

/// What holds in tests and benches too.
const EVERYWHERE: &[&str] = &["todo!", "unimplemented!", "dbg!"];

fn said_words(source: &Source) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for rule in WORDS {
        let everywhere = EVERYWHERE.contains(&rule.word);
        let allowed = rule.only.iter().any(|only| Some(*only) == source.room() || *only == source.path);
        if allowed {
            continue;
        }
        let code = if everywhere { &source.code } else { &source.shipped };
        let mut last = 0;
        for at in words(code, rule.word) {
            let line = line_of(code, at);
            let covered = rule.word == "env::" && code[..at].ends_with("std::");
            if line != last && !covered {
                let place = if rule.only.is_empty() { "is never said".into() } else { rule.only.join(", ") };
                let only = if rule.only.is_empty() { place } else { format!("is said in {place} only") };
                faults.push(fault(&source.path, line, format!("`{}` {only}", rule.word), rule.instead));
            }
            last = line;
        }
    }
    faults
}

fn layer_changes(source: &Source) -> Vec<Fault> {
    if matches!(source.room(), Some("edit" | "model") | None) {
        return Vec::new();
    }
    let code = &source.shipped;
    let mut faults = Vec::new();
    for method in CHANGING {
        for at in words(code, method).filter(|&at| code[at + method.len()..].starts_with('(')) {
            let receiver = &code[..at];
            // `take` is a name of options and iterators too: there the receiver must look like a layer.
            let meant = if *method == "take" {
                receiver.ends_with("Layer::") || receiver.strip_suffix('.').is_some_and(is_a_layer)
            } else {
                receiver.ends_with('.') || receiver.ends_with("Layer::")
            };
            if meant {
                let rule = format!("`{method}` changes a layer behind the back of undo");
                faults.push(fault(&source.path, line_of(code, at), rule, "make an `Edit` and `edit::apply` it"));
            }
        }
    }
    faults
}

/// Whether an expression ends in something named a layer: `self.layer`, `the_layer`, `layers[0]`, `layer_mut(0)`.
fn is_a_layer(expression: &str) -> bool {
    let expression = expression.trim_end();
    let expression = match expression.chars().next_back() {
        Some(')') => expression.rfind('(').map_or("", |open| &expression[..open]),
        Some(']') => expression.rfind('[').map_or("", |open| &expression[..open]),
        _ => expression,
    };
    let start = expression.rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
    let name = &expression[start..];
    name.ends_with("layer") || name.ends_with("layers") || name.ends_with("layer_mut")
}

fn unfinished(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME")] {
        for at in words(&source.prose, mark) {
            let way_out = "do it, or file an issue and say here what holds today";
            faults.push(fault(&source.path, line_of(&source.prose, at), "something unfinished stands here", way_out));
        }
    }
    faults
}

fn names(source: &Source) -> Vec<Fault> {
    const EMPTY: [&str; 6] = ["util", "utils", "helper", "helpers", "manager", "managers"];
    let modules = source.modules();
    let empty = modules.iter().find(|module| module.split('_').any(|part| EMPTY.contains(&part)));
    let rule = empty.map(|module| format!("the name `{module}` says nothing of what is inside"));
    rule.map(|rule| fault(&source.path, 1, rule, "name it after what it knows")).into_iter().collect()
}

fn prologue(source: &Source) -> Vec<Fault> {
    let lines = source.text.lines().take_while(|line| line.starts_with("//!")).count();
    let small = source.text.lines().count() < SMALL_FILE;
    let excused = lines > 0 && ((small && lines == 1) || LONG_PROLOGUES.iter().any(|(path, _)| *path == source.path));
    if PROLOGUE.contains(&lines) || excused {
        return Vec::new();
    }
    let counted = format!("{lines} line{}", if lines == 1 { "" } else { "s" });
    let rule = format!("the prologue (`//!`) has {counted}, not {} to {}", PROLOGUE.start(), PROLOGUE.end());
    vec![fault(&source.path, 1, rule, "say what the file is, what it leaves to others, which invariant it keeps")]
}

/// Lines that a file may have, with a reason or without one.
pub const fn most_lines(excused: bool) -> usize {
    if excused { FILE_LINES_EVER } else { FILE_LINES }
}

fn file_length(source: &Source) -> Vec<Fault> {
    let lines = source.text.lines().count();
    let excused = LONG_FILES.iter().any(|(path, _)| *path == source.path);
    let most = most_lines(excused);
    if lines <= most {
        return Vec::new();
    }
    let rule = format!("the file has {lines} lines, over {most}");
    vec![fault(&source.path, most + 1, rule, "split it by what it knows, or give the reason in LONG_FILES (up to 800)")]
}

fn function_lengths(source: &Source) -> Vec<Fault> {
    let long = source.functions().into_iter().filter(|function| function.lines > FUNCTION_LINES);
    let mut faults = Vec::new();
    for function in long {
        let name = format!("{}::{}", source.path, function.name);
        if !LONG_FUNCTIONS.iter().any(|(excused, _)| *excused == name) {
            let rule = format!("`{}` has {} lines, over {FUNCTION_LINES}", function.name, function.lines);
            let way_out = "take a step out of it and name it; a flat table goes into LONG_FUNCTIONS with its reason";
            faults.push(fault(&source.path, function.line, rule, way_out));
        }
    }
    faults
}

/// Each dependency has a comment above it, or above it in its group of lines.
pub fn dependencies(path: &str, manifest: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let (mut inside, mut explained) = (false, false);
    for (number, line) in (1..).zip(manifest.lines()) {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
            explained = false;
        } else if line.is_empty() {
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else if inside && !explained && line.contains('=') {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            let rule = format!("nothing says why `{name}` is a dependency");
            faults.push(fault(path, number, rule, "write a comment above it, or above its group"));
        }
    }
    faults
}

/// Each relative link of a Markdown text leads to something that `exists`.
pub fn links(path: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<Fault> {
    use pulldown_cmark::{Event, Parser, Tag};
    let mut faults = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
        let target = dest_url.split('#').next().unwrap_or_default();
        let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
        if !elsewhere && !exists(target) {
            let rule = format!("the link `{dest_url}` leads nowhere");
            faults.push(fault(path, line_of(text, range.start), rule, "mend the path, or bring the file"));
        }
    }
    faults
}

/// A large binary outside the folders that are made for them.
pub fn large_binary(path: &str, bytes: &[u8]) -> Vec<Fault> {
    let kept = path.starts_with("assets/") || path.starts_with("seeds/");
    let binary = bytes.iter().take(8_192).any(|&byte| byte == 0);
    if kept || !binary || bytes.len() as u64 <= BINARY_BYTES {
        return Vec::new();
    }
    let rule = format!("a binary of {} bytes", bytes.len());
    vec![fault(path, 1, rule, "have the test make it, shrink it, or keep it in assets/ or seeds/")]
}
