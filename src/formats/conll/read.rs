//! From a file of columns to layers, one for each article that begins in it.
//!
//! Ids say label and tokens, so that the files of several labels come together in one layer.

use std::collections::HashMap;
use std::path::Path;

use super::columns::{NO_REST, Places, Row, begins_article, is_comment, stretches};
use super::{ARTICLES, COLUMNS, LABELS, TOKENS};
use crate::formats::apart::side_by_side;
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside};
use crate::model::Value;
use crate::text::short;

/// So many articles are read beside each other.
const AT_ONCE: usize = 64;

/// Reads a file of columns.
pub(super) fn read(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let warn = |report: &mut Report, kind: WarningKind, message: String| {
        report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message: short(message) });
    };
    let Ok(text) = str::from_utf8(source.bytes) else {
        return warn(report, WarningKind::BrokenLine, "it is not UTF-8; the file is left out".to_owned());
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let named = articles(source, text);
    let labels = list(source, LABELS);
    let reader =
        Reader { path: source.path, labels: labels_of(&labels), places: Places::find(text, !named.is_empty()) };
    if reader.places.is_none() {
        if text.lines().all(|line| line.trim().is_empty() || begins_article(line)) {
            // Articles without a word.
            if named.is_empty() && !text.trim().is_empty() {
                warn(report, WarningKind::BrokenLine, "there is no word in it; the file is left out".to_owned());
            }
            named.into_iter().for_each(|name| take(reader.document(name, &[], report)));
            return;
        }
        let message = "no column of it holds tags such as O, B-PER or I-PER; the file is left out".to_owned();
        return warn(report, WarningKind::BrokenLine, message);
    }
    let mut parts = parts(text);
    let mut comments = 0;
    if parts.len() > 1 {
        let mut told = Report::default();
        let (sentences, remarks) = reader.sentences(parts[0], &mut told);
        // What stands before the first article is none where it has no word.
        if sentences.is_empty() {
            report.warnings.extend(told.warnings);
            comments += remarks;
            parts.remove(0);
        }
    }
    let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
    let mut named = named.into_iter();
    let numbered =
        |at: usize| if parts.len() > 1 { format!("{stem}-{:05}.txt", at + 1) } else { format!("{stem}.txt") };
    let named = (0..parts.len())
        .map(|at| named.next().unwrap_or_else(|| Name { file: numbered(at), annotator: String::new() }));
    let named: Vec<(Name, Part<'_>)> = named.zip(parts.iter().copied()).collect();
    for some in named.chunks(AT_ONCE) {
        let read = |(name, part): &(Name, Part<'_>), report: &mut Report| {
            let (sentences, comments) = reader.sentences(*part, report);
            (reader.document(name.clone(), &sentences, report), comments)
        };
        side_by_side(some, report, read, |(document, remarks)| {
            comments += remarks;
            take(document);
        });
    }
    if comments > 0 {
        let message = format!("{comments} lines that begin with # and have no tag are left out");
        warn(report, WarningKind::UnknownField, message);
    }
}

/// The lines of one article.
#[derive(Clone, Copy)]
struct Part<'t> {
    /// How many lines of the file stand before them.
    before: usize,
    text: &'t str,
}

/// What stands before the first line that begins an article, and after each; all of it where there is none.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut at, mut part) = (Vec::new(), 0, Part { before: 0, text });
    let mut from = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        if begins_article(line) {
            parts.push(Part { text: &text[from..at], ..part });
            (from, part.before) = (end, number + 1);
        }
        at = end;
    }
    parts.push(Part { text: &text[from..], ..part });
    parts
}

/// What the list of articles says of one.
#[derive(Clone)]
struct Name {
    file: String,
    annotator: String,
}

/// The articles that the list beside says are in this file, if it has as many as begin in it.
fn articles(source: &Source<'_>, text: &str) -> Vec<Name> {
    let own = source.name.rsplit_once('/').map_or(source.name, |(_, own)| own);
    let list = list(source, ARTICLES);
    let named = list.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let (file, article) = (columns.next()?, columns.next()?);
        let annotator = columns.next().unwrap_or_default().to_owned();
        (file == own && is_inside(article)).then(|| Name { file: article.to_owned(), annotator })
    });
    let named: Vec<Name> = named.collect();
    let begun = text.lines().filter(|line| begins_article(line)).count();
    if named.len() == begun { named } else { Vec::new() }
}

/// A list that stands beside the file; empty where it is not there.
fn list(source: &Source<'_>, name: &str) -> String {
    let folder = source.name.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    let bytes = (source.beside)(&format!("{folder}{name}"));
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// What the names in tags stand for: label and kind.
fn labels_of(list: &str) -> HashMap<&str, (&str, &str)> {
    let lines = list.lines();
    lines.filter_map(|line| line.split_once('\t').and_then(|(tag, full)| Some((tag, full.split_once('\t')?)))).collect()
}

/// Reads the articles of one file.
struct Reader<'a> {
    path: &'a Path,
    labels: HashMap<&'a str, (&'a str, &'a str)>,
    places: Option<Places>,
}

impl Reader<'_> {
    /// The sentences of an article, and how many comments stand among them.
    fn sentences<'t>(&self, part: Part<'t>, report: &mut Report) -> (Vec<Vec<Row<'t>>>, usize) {
        let (mut sentences, mut comments) = (vec![Vec::new()], 0);
        let Some(places) = self.places else { return (Vec::new(), 0) };
        for (number, line) in (part.before + 1..).zip(part.text.lines()) {
            if line.trim().is_empty() {
                sentences.push(Vec::new());
            } else if is_comment(line) {
                comments += 1;
            } else {
                match places.row(number, line) {
                    Ok(row) => sentences.last_mut().expect("there is always one").push(row),
                    Err(reason) => {
                        let message = short(format!("{reason}; the line is left out"));
                        let (file, kind) = (self.path.to_owned(), WarningKind::BrokenLine);
                        report.warnings.push(Warning { file, line: number, kind, message });
                    }
                }
            }
        }
        sentences.retain(|sentence| !sentence.is_empty());
        (sentences, comments)
    }

    fn document(&self, name: Name, sentences: &[Vec<Row<'_>>], report: &mut Report) -> Document {
        let mut draft = Draft::new(self.path, Unit::CodePoints, report);
        let (mut text, mut chars, mut tokens) = (String::new(), 0_u64, 0);
        for sentence in sentences {
            if !text.is_empty() {
                text.push('\n');
                chars += 1;
            }
            let mut places = Vec::with_capacity(sentence.len());
            for (at, row) in sentence.iter().enumerate() {
                if at > 0 {
                    text.push(' ');
                    chars += 1;
                }
                let start = chars;
                text.push_str(row.token);
                chars += row.token.chars().count() as u64;
                places.push((start, chars));
            }
            let tags: Vec<&str> = sentence.iter().map(|row| row.tag).collect();
            for (from, to, name) in stretches(&tags) {
                let id = format!("{name}-{}-{}", tokens + from, tokens + to);
                let (label, kind) = self.labels.get(name).copied().unwrap_or((name, ""));
                let place = vec![(places[from].0, places[to - 1].1)];
                let annotation = draft.mark(&id, label, sentence[from].line, place, None);
                annotation
                    .attributes
                    .set("type", Some(kind).filter(|kind| !kind.is_empty()).map(|kind| Value::Text(kind.into())));
            }
            tokens += sentence.len();
        }
        draft.head.annotator = name.annotator.into();
        draft.head.document.set(TOKENS, Some(Value::Bool(true)));
        let rests: Vec<&str> = sentences.iter().flatten().map(|row| &*row.rest).collect();
        if rests.iter().any(|rest| *rest != NO_REST) {
            draft.head.document.set(COLUMNS, Some(Value::Text(rests.join("\n").into())));
        }
        draft.finish(name.file, text)
    }
}
