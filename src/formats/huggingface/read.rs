//! From rows to layers: those that Pressmark wrote, and others with `text` and `entities`, or with `tokens` and tags.
//!
//! Columns that we do not have are kept in attributes of the article.

use std::path::Path;

use rayon::prelude::*;
use serde_json::{Map, Value as Json};

use super::cells::Cell;
use super::drafted::{Link, Mark, attributes_of_cells, attributes_of_json, set_attributes};
use super::{FOREIGN, parquet};
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside};
use crate::model::{Status, Value};
use crate::text::short;

/// Columns that hold spans, and those that hold tags of tokens, as they are called in datasets.
const SPANS: [&str; 3] = ["entities", "spans", "annotations"];
const TAGS: [&str; 4] = ["ner_tags", "tags", "labels", "ner"];

/// What is left out where there are spans.
const TOKENS: [&str; 2] = ["tokens", "ner_tags"];

/// The file that is read, without its bytes.
#[derive(Clone, Copy)]
struct Table<'a> {
    path: &'a Path,
    name: &'a str,
}

impl Table<'_> {
    /// The article of a row that names none.
    fn numbered(&self, line: usize) -> String {
        let stem = self.name.rsplit_once('.').map_or(self.name, |(stem, _)| stem);
        format!("{stem}-{line:05}.txt")
    }
}

/// Reads a table.
pub(super) fn read(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let at = Table { path: source.path, name: source.name };
    if source.bytes.starts_with(b"PAR1") {
        return table(at, source.bytes, report, take);
    }
    let text = String::from_utf8_lossy(source.bytes);
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Json>(line) {
            Ok(json) => row(at, number + 1, json, None, report).into_iter().for_each(&mut *take),
            Err(error) => {
                warn(at, report, number + 1, &format!("this is not JSON ({error}); the line is left out"));
            }
        }
    }
}

/// Reads a file of Parquet: small groups of rows side by side, large ones row by row.
fn table(at: Table<'_>, bytes: &[u8], report: &mut Report, take: &mut dyn FnMut(Document)) {
    let file = match parquet::File::open(bytes) {
        Ok(file) => file,
        Err(reason) => return warn(at, report, 1, &format!("{reason}; the file is left out")),
    };
    let groups = file.groups();
    let mut found = 0;
    for some in groups.chunk_by(|one, other| one.is_small && other.is_small) {
        for some in some.chunks(rayon::current_num_threads()) {
            if let [large] = some
                && !large.is_small
            {
                let Some(rows) = group(at, &file, *large, report, take) else { return };
                found += rows;
                continue;
            }
            let read = |small: &parquet::Group| {
                let (mut report, mut documents) = (Report::default(), Vec::new());
                let rows = group(at, &file, *small, &mut report, &mut |document| documents.push(document));
                (rows, report, documents)
            };
            let read: Vec<_> = some.par_iter().map(read).collect();
            for (rows, told, documents) in read {
                report.warnings.extend(told.warnings);
                report.declared.extend(told.declared);
                documents.into_iter().for_each(&mut *take);
                let Some(rows) = rows else { return };
                found += rows;
            }
        }
    }
    if found == 0 {
        warn(at, report, 1, "there is no row in it");
    }
}

/// Reads a group of rows, and tells how many; nothing where it is broken.
fn group(
    at: Table<'_>,
    file: &parquet::File,
    group: parquet::Group,
    report: &mut Report,
    take: &mut dyn FnMut(Document),
) -> Option<usize> {
    let mut number = group.before;
    // What is in tokens and tags is not looked at where the text and the spans are there, and is most of a row.
    let spans = SPANS.into_iter().find(|name| file.has(name, true)).filter(|_| file.has("text", false));
    let mut read = Ok(());
    if file.is_ours() {
        read = file.own_rows(group, &TOKENS, |cells| {
            let document = own(at, number + 1, cells, report);
            number += usize::from(document.is_some());
            document.map(&mut *take).is_some()
        });
    } else if let Some(name) = spans {
        let is_whole = |json: &Json| json[name].is_array() && json["text"].as_str().is_some_and(|it| !it.is_empty());
        read = file.rows(group, &TOKENS, |json| {
            let whole = is_whole(&json);
            if whole {
                number += 1;
                row(at, number, json, file.features.as_ref(), report).into_iter().for_each(&mut *take);
            }
            whole
        });
    }
    let (mut passed, before) = (group.before, number);
    if read.is_ok() && before < group.before + group.rows {
        // From the first row without them on, tokens are read too.
        read = file.rows(group, &[], |json| {
            passed += 1;
            if passed > before {
                number += 1;
                row(at, number, json, file.features.as_ref(), report).into_iter().for_each(&mut *take);
            }
            true
        });
    }
    if let Err(reason) = read {
        warn(at, report, number + 1, &format!("{reason}; this row and those after it are left out"));
        return None;
    }
    Some(number - group.before)
}

/// A row of our own columns, with text and spans; nothing of any other.
fn own(at: Table<'_>, line: usize, cells: &[Cell<'_>], report: &mut Report) -> Option<Document> {
    let [id, annotator, status, text, entities, relations, _, _, meta] = cells else { return None };
    let (Cell::Text(text), Cell::Objects(entities)) = (text, entities) else { return None };
    if text.is_empty() {
        return None;
    }
    let mut draft = Draft::new(at.path, Unit::CodePoints, report);
    for entity in entities {
        Mark::of_cells(entity).unwrap_or_default().add(&mut draft, line);
    }
    relations.objects().iter().filter_map(|it| Link::of_cells(it)).for_each(|link| link.add(&mut draft, line));
    draft.head.annotator = annotator.text().into();
    if let Some(status) = Status::from_id(status.text()) {
        draft.head.status = status;
    }
    set_attributes(&mut draft.head.document, attributes_of_cells(meta));
    let id = id.text();
    let is_file = names_file(id);
    if !(is_file || id.is_empty()) {
        draft.head.document.set(format!("{FOREIGN}id"), Some(Value::Text(id.into())));
    }
    let file = if is_file { id.to_owned() } else { at.numbered(line) };
    Some(draft.finish(file, text.to_string()))
}

/// Whether a row's id is the path of its article.
fn names_file(id: &str) -> bool {
    is_inside(id) && id.contains('.')
}

fn row(at: Table<'_>, line: usize, row: Json, features: Option<&Json>, report: &mut Report) -> Option<Document> {
    let Json::Object(row) = row else {
        warn(at, report, line, "the row is no object; it is left out");
        return None;
    };
    let draft = Draft::new(at.path, Unit::CodePoints, report);
    Reader { draft, line, features, row }.document(at)
}

fn warn(at: Table<'_>, report: &mut Report, line: usize, message: &str) {
    let kind = WarningKind::BrokenLine;
    report.warnings.push(Warning { file: at.path.to_owned(), line, kind, message: short(message.to_owned()) });
}

struct Reader<'a> {
    draft: Draft<'a>,
    line: usize,
    features: Option<&'a Json>,
    row: Map<String, Json>,
}

impl Reader<'_> {
    fn document(mut self, at: Table<'_>) -> Option<Document> {
        let numbered = at.numbered(self.line);
        let id = self.text("id");
        let file = id.clone().filter(|id| names_file(id));
        if let (None, Some(id)) = (&file, id) {
            self.row.insert("id".to_owned(), id.into());
        }
        let tokens: Vec<String> = strings(self.row.get("tokens"));
        let text = match self.text("text").filter(|text| !text.is_empty()) {
            Some(text) => text,
            None if !tokens.is_empty() => tokens.join(" "),
            None => {
                let message = "there is neither text nor tokens; the row is left out";
                self.draft.warn(self.line, WarningKind::BrokenLine, message);
                return None;
            }
        };
        let spans = SPANS.into_iter().find(|name| self.row.get(*name).is_some_and(Json::is_array));
        if let Some(name) = spans {
            self.spans(name);
            TOKENS.into_iter().for_each(|name| drop(self.row.shift_remove(name)));
        } else if let Some(name) = TAGS.into_iter().find(|name| self.row.contains_key(*name)) {
            self.tags(name, &tokens, &text);
        }
        self.relations();
        if let Some(annotator) = self.text("annotator") {
            self.draft.head.annotator = annotator.into();
        }
        if let Some(status) = self.text("status").as_deref().and_then(Status::from_id) {
            self.draft.head.status = status;
        }
        let meta = self.row.shift_remove("meta");
        set_attributes(&mut self.draft.head.document, attributes_of_json(meta.as_ref()));
        for (name, value) in std::mem::take(&mut self.row) {
            let value = if let Json::String(text) = value { text } else { value.to_string() };
            self.draft.head.document.set(format!("{FOREIGN}{name}"), Some(Value::Text(value.into())));
        }
        Some(self.draft.finish(file.unwrap_or(numbered), text))
    }

    /// Takes a column of text out of the row.
    fn text(&mut self, name: &str) -> Option<String> {
        if !self.row.get(name)?.is_string() {
            return None;
        }
        self.row.shift_remove(name).and_then(|value| value.as_str().map(str::to_owned))
    }

    fn spans(&mut self, name: &str) {
        for span in &list(self.row.shift_remove(name)) {
            Mark::of_json(span).add(&mut self.draft, self.line);
        }
    }

    fn relations(&mut self) {
        for relation in &list(self.row.shift_remove("relations")) {
            Link::of_json(relation).add(&mut self.draft, self.line);
        }
    }

    /// Takes in tags of tokens: by name, or as numbers of the names that the features give.
    fn tags(&mut self, name: &str, tokens: &[String], text: &str) {
        let line = self.line;
        let names = self.features.and_then(|all| {
            let feature = &all["info"]["features"][name]["feature"]["names"];
            feature.as_array().map(|names| names.iter().filter_map(Json::as_str).map(str::to_owned).collect::<Vec<_>>())
        });
        let tags = list(self.row.shift_remove(name));
        let tag = |tag: &Json| match tag {
            Json::String(tag) => Some(tag.clone()),
            Json::Number(number) => names.as_ref()?.get(number.as_u64()? as usize).cloned(),
            _ => None,
        };
        let known: Vec<String> = tags.iter().filter_map(tag).collect();
        if known.len() != tokens.len() {
            let message = if tokens.is_empty() {
                format!("there are no tokens that {name} could be the tags of; it is left out")
            } else {
                format!("{name} does not have one tag for each of {} tokens; it is left out", tokens.len())
            };
            return self.draft.warn(line, WarningKind::WrongValue, message);
        }
        self.row.shift_remove("tokens");
        let (mut at, mut from) = (0_u64, 0);
        let mut open: Option<(String, u64, u64)> = None;
        let mut found = Vec::new();
        for (token, tag) in tokens.iter().zip(&known) {
            // Tokens stand in the text one after the other, whatever is between them.
            let Some(start) = text[from..].find(token.as_str()) else {
                let message = format!("the token {token:?} is not in the text; what comes after it is left out");
                self.draft.warn(line, WarningKind::WrongValue, message);
                break;
            };
            at += text[from..from + start].chars().count() as u64;
            let end = at + token.chars().count() as u64;
            from += start + token.len();
            let (letter, label) = tag.split_once('-').unwrap_or(("O", ""));
            match &mut open {
                Some((before, _, last)) if before == label && matches!(letter, "I" | "E" | "L") => *last = end,
                _ => {
                    found.extend(open.take());
                    open = (!label.is_empty()).then(|| (label.to_owned(), at, end));
                }
            }
            at = end;
        }
        found.extend(open);
        for (label, start, end) in found {
            self.draft.mark("", &label, line, vec![(start, end)], None);
        }
    }
}

fn strings(value: Option<&Json>) -> Vec<String> {
    value.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

fn list(value: Option<Json>) -> Vec<Json> {
    if let Some(Json::Array(list)) = value { list } else { Vec::new() }
}
