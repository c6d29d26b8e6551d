//! From the tables to layers.
//!
//! `articles.csv` is read row by row, with the annotations and relations of each from the tables beside it; those that belong to no
//! article are told. Commas, semicolons and tabs part cells, as the head says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::cells::as_it_was;
use super::{ANNOTATION, ANNOTATIONS, ARTICLE, ARTICLES, FOREIGN, RELATION, RELATIONS};
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::values::set_all;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside};
use crate::model::{Attributes, Value};
use crate::text::short;

/// Names that others have for our columns.
const OTHERS: [(&str, &str); 11] = [
    ("doc", "file"),
    ("document", "file"),
    ("filename", "file"),
    ("doc_id", "file"),
    ("start_offset", "start"),
    ("end_offset", "end"),
    ("begin", "start"),
    ("from_id", "from"),
    ("to_id", "to"),
    ("covered_text", "text"),
    ("content", "text"),
];

/// Reads `articles.csv` with the tables beside it. The other tables are read with it.
pub(super) fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut reading = Reading { source, report };
    let name = source.name.rsplit('/').next().unwrap_or_default();
    if name == ANNOTATIONS || name == RELATIONS {
        if reading.beside(ARTICLES).is_none() {
            let message = format!("there is no {ARTICLES} beside it, so no text; it is left out");
            reading.warn(1, WarningKind::BrokenLine, message);
        }
        return;
    }
    let Some(mut articles) = Table::new(source.bytes, &ARTICLE) else {
        return reading.warn(1, WarningKind::BrokenLine, "this is no table in UTF-8; it is left out");
    };
    if !articles.has("file") || !articles.has("text") {
        let message = "its head has no columns \"file\" and \"text\", so that it holds no articles; it is left out";
        return reading.warn(1, WarningKind::BrokenLine, message);
    }
    let mut annotations = reading.table(ANNOTATIONS, &ANNOTATION);
    let mut relations = reading.table(RELATIONS, &RELATION);
    let says_who = articles.has("annotator");
    while let Some(row) = articles.next(&mut |line, message| reading.warn(line, WarningKind::BrokenLine, message)) {
        // Where the articles do not say whose layer it is, the annotations do.
        let mut layers: BTreeSet<String> = BTreeSet::new();
        if !says_who {
            let of_file = |(file, _): &&(String, String)| *file == row.cell("file");
            let from = (row.cell("file"), String::new());
            let all = annotations.range(from.clone()..).chain(relations.range(from..)).map(|(layer, _)| layer);
            layers.extend(all.filter(of_file).map(|(_, annotator)| annotator.clone()));
        }
        if layers.is_empty() {
            layers.insert(row.cell("annotator"));
        }
        for annotator in layers {
            let layer = (row.cell("file"), annotator);
            let annotations = annotations.remove(&layer).unwrap_or_default();
            let relations = relations.remove(&layer).unwrap_or_default();
            reading.article(&row, layer, &annotations, &relations, take);
        }
    }
    for (name, rows) in [(ANNOTATIONS, annotations), (RELATIONS, relations)] {
        for ((file, _), rows) in rows {
            let message =
                format!("{file:?} is no article with a layer of that annotator; rows left out: {}", rows.len());
            reading.warn_of(name, rows.first().map_or(1, |row| row.line), WarningKind::BadPath, message);
        }
    }
}

/// Rows by the file and the annotator that they are of.
type Rows = BTreeMap<(String, String), Vec<Row>>;

struct Reading<'a> {
    source: &'a Source<'a>,
    report: &'a mut Report,
}

impl Reading<'_> {
    fn warn(&mut self, line: usize, kind: WarningKind, message: impl Into<String>) {
        self.warn_of(ARTICLES, line, kind, message);
    }

    /// Tells of a line of one of the tables.
    fn warn_of(&mut self, table: &str, line: usize, kind: WarningKind, message: impl Into<String>) {
        let path = self.source.path;
        let file = if table == ARTICLES { path.to_owned() } else { path.with_file_name(table) };
        self.report.warnings.push(Warning { file, line, kind, message: short(message.into()) });
    }

    fn beside(&self, name: &str) -> Option<Vec<u8>> {
        let folder = self.source.name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        (self.source.beside)(&format!("{folder}{name}"))
    }

    /// A table that is beside the articles.
    fn table(&mut self, name: &str, columns: &[&'static str]) -> Rows {
        let mut rows = Rows::new();
        let Some(bytes) = self.beside(name) else { return rows };
        let Some(mut table) = Table::new(&bytes, columns) else {
            self.warn_of(name, 1, WarningKind::BrokenLine, "this is no table in UTF-8; it is left out");
            return rows;
        };
        let mut broken = |line, message: String| self.warn_of(name, line, WarningKind::BrokenLine, message);
        while let Some(row) = table.next(&mut broken) {
            rows.entry((row.cell("file"), row.cell("annotator"))).or_default().push(row);
        }
        rows
    }

    fn article(
        &mut self,
        row: &Row,
        (mut file, annotator): (String, String),
        annotations: &[Row],
        relations: &[Row],
        take: &mut dyn FnMut(Document),
    ) {
        let text = row.cell("text");
        if text.is_empty() {
            return self.warn(row.line, WarningKind::BrokenLine, format!("{file} has no text; it is left out"));
        }
        if !is_inside(&file) {
            let message = format!("{file:?} is no path inside the folder; the article gets a number");
            self.warn(row.line, WarningKind::BadPath, message);
            let folder = self.source.name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            file = format!("{folder}article-{:05}.txt", row.line);
        }
        let document = self.attributes(row, ARTICLES);
        let marks: Vec<Attributes> = annotations.iter().map(|row| self.attributes(row, ANNOTATIONS)).collect();
        let links: Vec<Attributes> = relations.iter().map(|row| self.attributes(row, RELATIONS)).collect();
        let mut own = Report::default();
        let mut draft = Draft::new(&self.source.path.with_file_name(ANNOTATIONS), Unit::CodePoints, &mut own);
        draft.head.annotator = annotator.into();
        draft.head.document_note = row.cell("note");
        draft.head.document = document;
        for (row, attributes) in annotations.iter().zip(marks) {
            annotation(&mut draft, row, attributes);
        }
        for (row, attributes) in relations.iter().zip(links) {
            relation(&mut draft, row, attributes);
        }
        take(draft.finish(file, text));
        for mut warning in own.warnings {
            if warning.kind == WarningKind::RelationToNowhere {
                warning.file = self.source.path.with_file_name(RELATIONS);
            }
            self.report.warnings.push(warning);
        }
    }

    /// The attributes of a row: its own, and cells of other columns.
    fn attributes(&mut self, row: &Row, table: &str) -> Attributes {
        let mut attributes = Attributes::default();
        let cell = row.cell("attributes");
        match serde_json::from_str::<Map<String, Json>>(&cell) {
            Ok(object) => set_all(&mut attributes, object, FOREIGN),
            Err(_) if cell.is_empty() => {}
            Err(error) => {
                let message = format!("its attributes are no object of JSON ({error}); they are left out");
                self.warn_of(table, row.line, WarningKind::WrongValue, message);
            }
        }
        for (name, cell) in &row.others {
            attributes.set(format!("{FOREIGN}{name}"), Some(Value::Text(cell.as_str().into())));
        }
        let kind = row.cell("type");
        if !kind.is_empty() {
            attributes.set("type", Some(Value::Text(kind.into())));
        }
        attributes
    }
}

/// A row: its line, cells of our columns, and others.
struct Row {
    line: usize,
    known: Vec<(&'static str, String)>,
    others: Vec<(String, String)>,
}

impl Row {
    fn cell(&self, column: &str) -> String {
        self.known.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell.clone()).unwrap_or_default()
    }
}

/// A table that is read row by row.
struct Table<'b> {
    bytes: &'b [u8],
    reader: csv::Reader<&'b [u8]>,
    /// Our column, or the name of another one.
    columns: Vec<Result<&'static str, String>>,
}

impl<'b> Table<'b> {
    /// A table with a head; none where its first line is not UTF-8, or there is none.
    fn new(bytes: &'b [u8], own: &[&'static str]) -> Option<Self> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let count = |sign: u8| first.split(|&byte| byte == sign).count();
        let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|&sign| count(sign)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        let columns = reader.headers().ok().filter(|head| !head.is_empty())?.iter();
        let name = |name: &str| {
            let name = as_it_was(name).trim().to_owned();
            let lower = name.to_lowercase();
            let known = OTHERS.iter().find(|(other, _)| *other == lower).map_or(lower.as_str(), |(_, own)| own);
            own.iter().find(|own| **own == known).copied().ok_or(name)
        };
        let columns = columns.map(name).collect();
        Some(Self { bytes, reader, columns })
    }

    /// The line of a row. The reader stops between CR and LF, on the line before.
    fn line(&self, at: &csv::Position) -> usize {
        let stopped = self.bytes.get(at.byte() as usize) == Some(&b'\n');
        at.line() as usize + usize::from(stopped)
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|it| it.as_ref().is_ok_and(|name| *name == column))
    }

    /// The next row; tells of those that are none.
    fn next(&mut self, broken: &mut dyn FnMut(usize, String)) -> Option<Row> {
        let mut record = csv::StringRecord::new();
        loop {
            match self.reader.read_record(&mut record) {
                Ok(false) => return None,
                Ok(true) => break,
                Err(error) => {
                    let line = error.position().map_or(1, |at| self.line(at));
                    broken(line, format!("{error}; the row is left out"));
                    // Only a row that is not UTF-8 has another one after it.
                    if !matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) {
                        return None;
                    }
                }
            }
        }
        let line = record.position().map_or(1, |at| self.line(at));
        if record.len() > self.columns.len() {
            broken(line, "there are more cells than columns; those after the last column are left out".to_owned());
        }
        let mut row = Row { line, known: Vec::new(), others: Vec::new() };
        for (column, cell) in self.columns.iter().zip(record.iter()) {
            let cell = as_it_was(cell).to_owned();
            match column {
                Ok(own) => row.known.push((own, cell)),
                Err(other) if !cell.is_empty() => row.others.push((other.clone(), cell)),
                Err(_) => {}
            }
        }
        Some(row)
    }
}

fn annotation(draft: &mut Draft<'_>, row: &Row, attributes: Attributes) {
    let pair = |(start, end): (&str, &str)| Some((start.trim().parse().ok()?, end.trim().parse().ok()?));
    let spans = row.cell("spans");
    let parts = spans.split_whitespace().map(|part| part.split_once(':').and_then(pair));
    let stretches: Option<Vec<(u64, u64)>> = if spans.trim().is_empty() {
        pair((&row.cell("start"), &row.cell("end"))).map(|pair| vec![pair])
    } else {
        parts.collect()
    };
    let words = Some(row.cell("text")).filter(|words| !words.is_empty());
    if stretches.is_none() && words.is_none() {
        let message = format!("{} says no place and no words; it is left out", row.cell("id"));
        return draft.warn(row.line, WarningKind::WrongValue, message);
    }
    let id = row.cell("id");
    let mark = draft.mark(&id, &row.cell("label"), row.line, stretches.unwrap_or_default(), words.as_deref());
    mark.attributes = attributes;
    let unsure = matches!(row.cell("unsure").to_lowercase().as_str(), "yes" | "true" | "1");
    mark.edit_extra(|extra| (extra.note, extra.unsure) = (row.cell("note"), unsure));
}

fn relation(draft: &mut Draft<'_>, row: &Row, attributes: Attributes) {
    let (id, label, from, to) = (row.cell("id"), row.cell("label"), row.cell("from"), row.cell("to"));
    let link = draft.link(&id, &label, &from, &to, row.line);
    link.attributes = attributes;
    let note = row.cell("note");
    if !note.is_empty() {
        link.extra.get_or_insert_default().note = note;
    }
}
