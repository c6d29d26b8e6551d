//! From a file of CoNLL-U to layers, one for each article that begins in it.
//!
//! Brackets are read where the file has them, else `name=B-PER` and the like. Grammar is kept as it was.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::brackets::{self, Bracket, unescaped};
use super::rows::{Article, Place, Row, articles, text};
use super::{ENTITY, FIELDS, FOREIGN, GLOBAL, OURS, ROWS};
use crate::formats::details::{set_annotation, set_attributes, set_relation};
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside};
use crate::model::Value;
use crate::text::short;

/// Values of MISC that hold tags, in the order in which they are looked for.
const TAGS: [&str; 3] = ["name", "NE", "NER"];

/// Reads a file.
pub(super) fn read(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut warn = |line: usize, message: String| {
        let kind = WarningKind::BrokenLine;
        report.warnings.push(Warning { file: source.path.to_owned(), line, kind, message: short(message) });
    };
    let Ok(whole) = str::from_utf8(source.bytes) else {
        return warn(1, "it is not UTF-8; the file is left out".to_owned());
    };
    let found = articles(whole.strip_prefix('\u{feff}').unwrap_or(whole), &mut warn);
    if found.is_empty() {
        return warn(1, "there is no sentence of CoNLL-U in it; the file is left out".to_owned());
    }
    let several = found.len() > 1;
    let mut fields = None;
    for (number, article) in found.iter().enumerate() {
        let comments = || article.sentences.iter().flat_map(|sentence| &sentence.comments);
        // The first article names the fields for all that do not.
        fields = comments().find_map(|line| line.strip_prefix(GLOBAL)).map(str::to_owned).or(fields);
        let mut reader = Reader {
            draft: Draft::new(source.path, Unit::CodePoints, report),
            article,
            ours: comments().any(|line| line == OURS),
            fields: fields.as_deref().unwrap_or(FIELDS).split('-').map(str::to_owned).collect(),
        };
        let (text, places) = text(article, reader.ours);
        if !reader.brackets(&places) {
            reader.tags(&places);
        }
        if reader.ours {
            reader.comments();
        } else {
            reader.keep(fields.as_deref());
        }
        let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
        let numbered = if several { format!("{stem}-{:05}.txt", number + 1) } else { format!("{stem}.txt") };
        let name = article.name.clone().filter(|name| is_inside(name));
        let name = name.map(|name| {
            if reader.ours || Path::new(&name).extension().is_some_and(|end| end == "txt") {
                name
            } else {
                format!("{name}.txt")
            }
        });
        take(reader.draft.finish(name.unwrap_or(numbered), text));
    }
}

/// An entity that is open, or was read: its fields, line, and stretches.
struct Read {
    fields: Vec<String>,
    line: usize,
    stretches: Vec<(u64, u64)>,
}

struct Reader<'d, 'r> {
    draft: Draft<'d>,
    article: &'r Article,
    ours: bool,
    fields: Vec<String>,
}

impl<'r> Reader<'_, 'r> {
    /// The rows of all tokens, each with the place of its word.
    fn tokens(&self, places: &[Place]) -> Vec<(&'r Row, Place)> {
        let rows = |place: &Place| {
            let place = *place;
            let rows = &self.article.sentences[place.sentence].rows[place.first..=place.last];
            rows.iter().filter(|row| !row.columns[0].contains('.')).map(move |row| (row, place))
        };
        places.iter().flat_map(rows).collect()
    }

    /// Takes in the brackets; tells whether there are any.
    fn brackets(&mut self, places: &[Place]) -> bool {
        let mut all: Vec<Read> = Vec::new();
        // What is open, by id, the last one last.
        let mut open: BTreeMap<String, Vec<(usize, u64)>> = BTreeMap::new();
        // The annotation that a first piece began, by id.
        let mut begun: HashMap<String, usize> = HashMap::new();
        let mut any = false;
        for (row, place) in self.tokens(places) {
            let Some(value) = row.value("Entity") else { continue };
            any = true;
            let line = row.line;
            let read = match brackets::read(value) {
                Ok(read) => read,
                Err(reason) => {
                    self.draft.warn(
                        line,
                        WarningKind::WrongValue,
                        format!("{reason}; the token's brackets are left out"),
                    );
                    continue;
                }
            };
            for bracket in read {
                match bracket {
                    Bracket::Open { fields, piece, closes } => {
                        let later = piece.is_some_and(|piece| piece > 1);
                        let at = if let Some(&at) = begun.get(&fields[0]).filter(|_| later) {
                            at
                        } else {
                            all.push(Read { fields, line, stretches: Vec::new() });
                            all.len() - 1
                        };
                        if piece == Some(1) {
                            begun.insert(all[at].fields[0].clone(), at);
                        }
                        if closes {
                            all[at].stretches.push((place.start, place.end));
                        } else {
                            open.entry(all[at].fields[0].clone()).or_default().push((at, place.start));
                        }
                    }
                    Bracket::Close { eid, .. } => {
                        let Some((at, start)) = open.get_mut(&eid).and_then(Vec::pop) else {
                            let message = format!("{eid}) closes what is not open; it is left out");
                            self.draft.warn(line, WarningKind::WrongValue, message);
                            continue;
                        };
                        all[at].stretches.push((start, place.end));
                    }
                }
            }
        }
        let mut open: Vec<(usize, u64)> = open.into_values().flatten().collect();
        open.sort_unstable();
        for (at, _) in open {
            let (eid, line) = (all[at].fields[0].clone(), all[at].line);
            self.draft.warn(line, WarningKind::WrongValue, format!("({eid} is never closed; it is left out"));
        }
        for entity in all.into_iter().filter(|entity| !entity.stretches.is_empty()) {
            let field = |name: &str| {
                let at = self.fields.iter().position(|field| field == name)?;
                entity.fields.get(at).map(|value| unescaped(value))
            };
            let label = field("etype").unwrap_or_default();
            if self.ours {
                self.draft.mark(&unescaped(&entity.fields[0]), &label, entity.line, entity.stretches, None);
                continue;
            }
            let others: Vec<(String, String)> = self.fields.iter().cloned().zip(entity.fields).collect();
            let annotation = self.draft.mark("", &label, entity.line, entity.stretches, None);
            for (name, value) in others.into_iter().filter(|(name, value)| name != "etype" && !value.is_empty()) {
                annotation.attributes.set(format!("{FOREIGN}{name}"), Some(Value::Text(value.into())));
            }
        }
        any
    }

    /// Takes in tags.
    fn tags(&mut self, places: &[Place]) {
        let mut open: Option<(String, usize, (u64, u64))> = None;
        let mut done = Vec::new();
        for (row, place) in self.tokens(places) {
            let tag = TAGS.iter().find_map(|name| row.value(name)).and_then(|tag| tag.split_once('-'));
            let Some((letter, label)) = tag.filter(|(letter, _)| matches!(*letter, "B" | "I" | "L" | "U" | "E" | "S"))
            else {
                done.extend(open.take());
                continue;
            };
            match &mut open {
                Some((before, _, stretch)) if before == label && matches!(letter, "I" | "L" | "E") => {
                    stretch.1 = place.end;
                }
                _ => done.extend(open.replace((label.to_owned(), row.line, (place.start, place.end)))),
            }
            if matches!(letter, "L" | "U" | "E" | "S") {
                done.extend(open.take());
            }
        }
        done.extend(open);
        for (label, line, stretch) in done {
            self.draft.mark("", &label, line, vec![stretch], None);
        }
    }

    /// Takes in what Pressmark's comments say.
    fn comments(&mut self) {
        for sentence in &self.article.sentences {
            let line = sentence.rows.first().map_or(1, |row| row.line);
            for comment in &sentence.comments {
                let said = |name: &str| comment.strip_prefix(name);
                let object = |text: &str| match serde_json::from_str(text) {
                    Ok(Json::Object(object)) => object,
                    _ => Map::new(),
                };
                if let Some(annotator) = said("# annotator = ") {
                    self.draft.head.annotator = annotator.into();
                } else if let Some(attributes) = said("# article = ") {
                    set_attributes(&mut self.draft.head.document, &object(attributes));
                } else if let Some(details) = said("# mark = ") {
                    let details = object(details);
                    let text = |name: &str| details.get(name).and_then(Json::as_str);
                    let Some(annotation) = text("id").and_then(|id| self.draft.get(id)) else { continue };
                    annotation.label = text("label").unwrap_or(&annotation.label).into();
                    set_annotation(annotation, &details);
                    annotation.attributes.set("type", text("type").map(|kind| Value::Text(kind.into())));
                } else if let Some(relation) = said("# relation = ") {
                    let relation = object(relation);
                    let text = |name: &str| relation.get(name).and_then(Json::as_str).unwrap_or_default();
                    let link = self.draft.link(text("id"), text("label"), text("from"), text("to"), line);
                    set_relation(link, &relation);
                }
            }
        }
    }

    /// Keeps the sentences as they are, without what annotations say.
    fn keep(&mut self, fields: Option<&str>) {
        let mut kept = String::new();
        for sentence in &self.article.sentences {
            for comment in sentence.comments.iter().filter(|line| !line.starts_with(GLOBAL)) {
                kept.push_str(comment);
                kept.push('\n');
            }
            for row in &sentence.rows {
                let ours = |value: &&str| !TAGS.iter().chain(&["Entity"]).any(|name| is_value(value, name));
                let misc: Vec<&str> = row.misc().filter(ours).collect();
                let misc = if misc.is_empty() { "_".to_owned() } else { misc.join("|") };
                kept.push_str(&row.columns[..9].join("\t"));
                kept.push('\t');
                kept.push_str(&misc);
                kept.push('\n');
            }
            kept.push('\n');
        }
        self.draft.head.document.set(ROWS, Some(Value::Text(kept.into())));
        self.draft.head.document.set(ENTITY, fields.map(|fields| Value::Text(fields.into())));
    }
}

/// Whether a value of MISC has this name.
pub(super) fn is_value(value: &str, name: &str) -> bool {
    value.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
}
