//! From a file of columns to layers, one for each article that begins in it.
//!
//! Ids say label and tokens, so that the files of several labels come together in one layer.

use std::collections::HashMap;

use super::columns::{Places, Row, begins_article, is_comment, stretches};
use super::{ARTICLES, COLUMNS, LABELS, TOKENS};
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside};
use crate::model::Value;
use crate::text::short;

/// Reads a file of columns.
pub(super) fn read(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut warn = |line: usize, kind: WarningKind, message: String| {
        report.warnings.push(Warning { file: source.path.to_owned(), line, kind, message: short(message) });
    };
    let Ok(text) = str::from_utf8(source.bytes) else {
        return warn(1, WarningKind::BrokenLine, "it is not UTF-8; the file is left out".to_owned());
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let named = articles(source, text);
    let Some(places) = Places::find(text, !named.is_empty()) else {
        if text.lines().all(|line| line.trim().is_empty() || begins_article(line)) {
            // Articles without a word.
            if named.is_empty() && !text.trim().is_empty() {
                warn(1, WarningKind::BrokenLine, "there is no word in it; the file is left out".to_owned());
            }
            for name in named {
                take(document(source, name, &[], report));
            }
            return;
        }
        let message = "no column of it holds tags such as O, B-PER or I-PER; the file is left out".to_owned();
        return warn(1, WarningKind::BrokenLine, message);
    };
    let (mut comments, mut names) = (0, named.into_iter());
    let mut sentences: Vec<Vec<Row>> = vec![Vec::new()];
    let mut found: Vec<(Option<Name>, Vec<Vec<Row>>)> = Vec::new();
    let mut begun = false;
    for (at, line) in text.lines().enumerate() {
        if begins_article(line) {
            let done = std::mem::replace(&mut sentences, vec![Vec::new()]);
            if begun || done.iter().any(|sentence| !sentence.is_empty()) {
                found.push((names.next(), done));
            }
            begun = true;
        } else if line.trim().is_empty() {
            sentences.push(Vec::new());
        } else if is_comment(line) {
            comments += 1;
        } else {
            match places.row(at + 1, line) {
                Ok(row) => sentences.last_mut().expect("there is always one").push(row),
                Err(reason) => warn(at + 1, WarningKind::BrokenLine, format!("{reason}; the line is left out")),
            }
        }
    }
    found.push((names.next(), sentences));
    if comments > 0 {
        warn(1, WarningKind::UnknownField, format!("{comments} lines that begin with # and have no tag are left out"));
    }
    let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
    let several = found.len() > 1;
    for (number, (name, mut sentences)) in found.into_iter().enumerate() {
        sentences.retain(|sentence| !sentence.is_empty());
        let file = if several { format!("{stem}-{:05}.txt", number + 1) } else { format!("{stem}.txt") };
        let name = name.unwrap_or_else(|| Name { file, annotator: String::new() });
        take(document(source, name, &sentences, report));
    }
}

/// What the list of articles says of one.
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

fn document(source: &Source<'_>, name: Name, sentences: &[Vec<Row>], report: &mut Report) -> Document {
    let mut draft = Draft::new(source.path, Unit::CodePoints, report);
    let labels = list(source, LABELS);
    let labels: HashMap<&str, (&str, &str)> = labels
        .lines()
        .filter_map(|line| line.split_once('\t').and_then(|(tag, full)| Some((tag, full.split_once('\t')?))))
        .collect();
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
            text.push_str(&row.token);
            chars += row.token.chars().count() as u64;
            places.push((start, chars));
        }
        let tags: Vec<&str> = sentence.iter().map(|row| row.tag.as_str()).collect();
        for (from, to, name) in stretches(&tags) {
            let id = format!("{name}-{}-{}", tokens + from, tokens + to);
            let (label, kind) = labels.get(name).copied().unwrap_or((name, ""));
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
    let rests: Vec<&str> = sentences.iter().flatten().map(|row| row.rest.as_str()).collect();
    if rests.iter().any(|rest| *rest != "-X- _") {
        draft.head.document.set(COLUMNS, Some(Value::Text(rests.join("\n").into())));
    }
    draft.finish(name.file, text)
}
