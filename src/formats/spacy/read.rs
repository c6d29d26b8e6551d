//! From a DocBin to layers: `doc.spans`, and what of `doc.ents` is not there.
//!
//! Tokens make the text. What Pressmark wrote comes back with all that its `user_data` says.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use rmpv::Value as Pack;
use serde_json::{Map, Value as Json};

use super::docbin::{ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE, ORTH, Unpacked, inflate, unpack, unpack_groups, value};
use super::strings::{number, symbol};
use super::{KB_ID, OURS};
use crate::formats::apart::side_by_side;
use crate::formats::details::{set_annotation, set_attributes, set_relation};
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside};
use crate::model::Value;
use crate::text::short;

/// Columns that say nothing that a layer could hold: norms, shapes and flags of words are made from the text.
const SILENT: std::ops::RangeInclusive<u64> = 1..=76;

/// The columns that are read.
const COLUMNS: [u64; 5] = [ORTH, ENT_IOB, ENT_TYPE, ENT_KB_ID, ENT_ID];

/// A text is no longer: the same word, said again and again, takes no room in a file.
const LONGEST: usize = 256 << 20;

/// Reads a `.spacy` file.
pub(super) fn read(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let plain = inflate(source.bytes);
    let bin = match plain.as_deref().map_err(Clone::clone).and_then(unpack) {
        Ok(bin) => bin,
        Err(reason) => {
            let message = short(format!("{reason}; the file is left out"));
            let kind = WarningKind::BrokenLine;
            report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message });
            return;
        }
    };
    let left: Vec<String> = bin
        .columns
        .iter()
        .filter(|column| !SILENT.contains(column) && ![ENT_IOB, ENT_TYPE, ENT_KB_ID, ENT_ID, 80, 81].contains(column))
        .map(|column| symbol(*column).map_or_else(|| column.to_string(), str::to_owned))
        .collect();
    if !left.is_empty() {
        let message = short(format!("what tokens say of {} is left out", left.join(", ")));
        let kind = WarningKind::UnknownField;
        report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message });
    }
    let table = Strings {
        texts: bin.strings.iter().map(|text| (number(text), *text)).collect(),
        columns: COLUMNS.map(|column| bin.columns.iter().position(|it| *it == column)),
    };
    let longest = bin.strings.iter().map(|text| text.len()).max().unwrap_or(0);
    let is_small = |doc: &Doc<'_>| doc.length.saturating_mul(longest) <= SMALL;
    let mut at = 0;
    let docs: Vec<Doc<'_>> = (bin.lengths.iter().enumerate())
        .map(|(number, &length)| {
            at += length;
            Doc { bin: &bin, table: &table, source: (source.path, source.name), number, first: at - length, length }
        })
        .collect();
    for some in docs.chunk_by(|one, other| is_small(one) && is_small(other)).flat_map(|some| some.chunks(AT_ONCE)) {
        side_by_side(some, report, Doc::read, |document| document.into_iter().for_each(&mut *take));
    }
}

/// So many documents are read at once, if none can have a longer text than this.
const AT_ONCE: usize = 32;
const SMALL: usize = 4 << 20;

/// What numbers stand for, and where the columns are.
struct Strings<'a> {
    texts: HashMap<u64, &'a str>,
    columns: [Option<usize>; 5],
}

/// A document of a DocBin.
struct Doc<'a> {
    bin: &'a Unpacked<'a>,
    table: &'a Strings<'a>,
    /// The file, and its path in the dataset.
    source: (&'a Path, &'a str),
    number: usize,
    first: usize,
    length: usize,
}

/// An annotation in the making.
#[derive(Default)]
struct Mark {
    id: String,
    label: String,
    kind: Option<String>,
    stretches: Vec<(u64, u64)>,
    kb_id: String,
}

impl Doc<'_> {
    /// The value of one of [`COLUMNS`].
    fn column(&self, column: u64, token: usize) -> u64 {
        let at = COLUMNS.iter().position(|it| *it == column).and_then(|at| self.table.columns[at]);
        at.map_or(0, |at| self.bin.value(self.first + token, at))
    }

    fn string(&self, number: u64) -> &str {
        self.table.texts.get(&number).copied().or_else(|| symbol(number)).unwrap_or_default()
    }

    fn read(&self, report: &mut Report) -> Option<Document> {
        let (path, file) = self.source;
        let mut draft = Draft::new(path, Unit::CodePoints, report);
        let line = self.number + 1;
        let mut text = String::new();
        let mut chars = Vec::with_capacity(self.length);
        let mut count = 0_u64;
        for token in 0..self.length {
            let orth = self.string(self.column(ORTH, token));
            if orth.is_empty() {
                let message = format!("document {line}: token {} has no string; the document is left out", token + 1);
                draft.warn(line, WarningKind::BrokenLine, message);
                return None;
            }
            let length = orth.chars().count() as u64;
            if text.len() + orth.len() > LONGEST {
                let message =
                    format!("the text of document {line} is longer than {} MiB; it is left out", LONGEST >> 20);
                draft.warn(line, WarningKind::BrokenLine, message);
                return None;
            }
            chars.push((count, count + length));
            text.push_str(orth);
            count += length;
            if self.bin.spaces[self.first + token] != 0 {
                text.push(' ');
                count += 1;
            }
        }
        if text.is_empty() {
            draft.warn(line, WarningKind::BrokenLine, format!("document {line} has no text; it is left out"));
            return None;
        }
        let ours = self.ours();
        let details = ours.get("annotations").and_then(Json::as_object);
        for mark in self.marks(&chars, !ours.is_empty()) {
            let annotation = draft.mark(&mark.id, &mark.label, line, mark.stretches, None);
            annotation.attributes.set("type", mark.kind.map(|kind| Value::Text(kind.into())));
            if !mark.kb_id.is_empty() {
                annotation.attributes.set(KB_ID, Some(Value::Text(mark.kb_id.into())));
            }
            if let Some(details) = details.and_then(|all| all.get(&mark.id)?.as_object()) {
                set_annotation(annotation, details);
                let kind = details.get("type").and_then(Json::as_str);
                annotation.attributes.set("type", kind.map(|kind| Value::Text(kind.into())));
            }
        }
        let said = |name: &str| ours.get(name).and_then(Json::as_str).unwrap_or_default();
        for relation in ours.get("relations").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object)
        {
            let said = |name: &str| relation.get(name).and_then(Json::as_str).unwrap_or_default();
            let link = draft.link(said("id"), said("label"), said("from"), said("to"), line);
            set_relation(link, relation);
        }
        draft.head.annotator = said("annotator").into();
        if let Some(attributes) = ours.get("document").and_then(Json::as_object) {
            set_attributes(&mut draft.head.document, attributes);
        }
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let name = if is_inside(said("file")) { said("file").to_owned() } else { format!("{stem}-{line:05}.txt") };
        Some(draft.finish(name, text))
    }

    /// What Pressmark wrote into the document's `user_data`.
    fn ours(&self) -> Map<String, Json> {
        let Some(Pack::Map(fields)) = self.bin.user_data.get(self.number).and_then(|bytes| value(bytes)) else {
            return Map::new();
        };
        let ours = fields.iter().find(|(key, _)| key.as_str() == Some(OURS)).and_then(|(_, value)| value.as_str());
        match ours.and_then(|text| serde_json::from_str(text).ok()) {
            Some(Json::Object(ours)) => ours,
            _ => Map::new(),
        }
    }

    /// The annotations: all spans of groups, then the entities that no group has.
    fn marks(&self, chars: &[(u64, u64)], ours: bool) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
        let mut there: HashSet<(u64, u64, String)> = HashSet::new();
        let groups = self.bin.groups.get(self.number).map(|bytes| unpack_groups(bytes)).unwrap_or_default();
        for (key, span) in groups {
            let (id, name) = (self.string(span.id).to_owned(), self.string(span.label).to_owned());
            let stretch = (span.chars.0.max(0) as u64, span.chars.1.max(0) as u64);
            there.insert((stretch.0, stretch.1, name.clone()));
            // Pieces of one annotation have its id.
            if let Some(&at) = by_id.get(&id).filter(|_| ours && !id.is_empty()) {
                marks[at].stretches.push(stretch);
                continue;
            }
            by_id.insert(id.clone(), marks.len());
            // Another program's keys name a task, its labels the annotation.
            let label = if ours || name.is_empty() { key } else { name };
            marks.push(Mark { id, label, stretches: vec![stretch], ..Mark::default() });
        }
        let mut token = 0;
        while token < self.length {
            let begins = self.column(ENT_TYPE, token) != 0 && matches!(self.column(ENT_IOB, token), 1 | 3);
            if !begins {
                token += 1;
                continue;
            }
            let from = token;
            token += 1;
            while token < self.length && self.column(ENT_IOB, token) == 1 && self.column(ENT_TYPE, token) != 0 {
                token += 1;
            }
            let stretch = (chars[from].0, chars[token - 1].1);
            let label = self.string(self.column(ENT_TYPE, from)).to_owned();
            if there.contains(&(stretch.0, stretch.1, label.clone())) {
                continue;
            }
            let id = self.string(self.column(ENT_ID, from)).to_owned();
            let id = if by_id.contains_key(&id) { String::new() } else { id };
            by_id.insert(id.clone(), marks.len());
            let kb_id = self.string(self.column(ENT_KB_ID, from)).to_owned();
            marks.push(Mark { id, label, stretches: vec![stretch], kb_id, kind: None });
        }
        marks
    }
}
