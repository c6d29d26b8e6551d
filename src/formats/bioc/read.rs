//! From a document of BioC's to a layer: the text from its passages, annotations wherever they stand, relations of two.
//!
//! What a layer has no place for (passages, relations of more or fewer, sources) is kept in attributes whose name begins
//! with `bioc:`, so that it is in the next export.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json};

use super::blocks::{Block, Finder, Passage, layout};
use super::infons::{into_attributes, meant, take_text};
use super::marks::{Mark, add_mark, line_of, listed, number, relations, text_of, unit_of};
use super::{ANNOTATOR, CONTROLS, FILE, FOREIGN, KEY, NOTE, SOURCE, elements};
use crate::formats::draft::Draft;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside, xml};
use crate::model::Value;

/// Reads a collection in XML or JSON, or documents alone.
pub(super) fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut reader = Reader { source, report, names: HashMap::new() };
    let Some(text) = xml::decoded(source.bytes) else {
        return reader.warn(1, WarningKind::BrokenLine, "this is not the encoding that it says; the file is left out");
    };
    if text.trim_start().starts_with(['{', '[']) {
        return reader.json(&text, take);
    }
    let read = elements::documents(&text, &mut |collection, document| {
        if let Some(document) = reader.document(collection, document, 0) {
            take(document);
        }
    });
    match read {
        Ok(true) => {}
        Ok(false) => reader.warn(1, WarningKind::BrokenLine, "this is no collection of BioC's; the file is left out"),
        Err(fault) => {
            let message = format!("{}; what comes after it is left out", fault.message);
            reader.warn(fault.line, WarningKind::BrokenLine, message);
        }
    }
}

struct Reader<'a> {
    source: &'a Source<'a>,
    report: &'a mut Report,
    /// The paths that were given, and how often.
    names: HashMap<String, usize>,
}

impl Reader<'_> {
    fn warn(&mut self, line: usize, kind: WarningKind, message: impl Into<String>) {
        let message = crate::text::short(message.into());
        self.report.warnings.push(Warning { file: self.source.path.to_owned(), line, kind, message });
    }

    /// Documents of a collection, of a list, or alone; what stands around them is what a collection says.
    fn json(&mut self, text: &str, take: &mut dyn FnMut(Document)) {
        let documents = match serde_json::from_str(text) {
            Ok(Json::Object(mut fields)) => {
                if let Some(Json::Array(documents)) = fields.remove("documents").or_else(|| fields.remove("PubTator3"))
                {
                    let all = documents.into_iter().map(|document| (fields.clone(), document));
                    all.collect()
                } else if fields.contains_key("passages") {
                    vec![(Map::new(), fields.into())]
                } else {
                    Vec::new()
                }
            }
            Ok(Json::Array(all)) => all
                .into_iter()
                .flat_map(|one| match one {
                    Json::Object(mut fields) if fields.get("documents").is_some_and(Json::is_array) => {
                        let documents = fields.remove("documents").unwrap_or_default();
                        listed(Some(documents)).map(|document| (fields.clone(), document)).collect()
                    }
                    Json::Object(fields) if fields.contains_key("passages") => vec![(Map::new(), fields.into())],
                    _ => Vec::new(),
                })
                .collect(),
            Ok(_) => Vec::new(),
            Err(error) => {
                let message = format!("this is not JSON ({error}); the file is left out");
                return self.warn(error.line().max(1), WarningKind::BrokenLine, message);
            }
        };
        if documents.is_empty() {
            return self.warn(
                1,
                WarningKind::BrokenLine,
                "there are no documents of BioC's in it; the file is left out",
            );
        }
        for (at, (collection, document)) in documents.into_iter().enumerate() {
            if let Some(document) = self.document(&collection, document, at + 1) {
                take(document);
            }
        }
    }

    fn document(&mut self, collection: &Map<String, Json>, document: Json, at: usize) -> Option<Document> {
        let mut fields = if let Json::Object(fields) = document { fields } else { Map::new() };
        let line = line_of(&mut fields, at);
        let id = text_of(fields.remove("id"));
        let mut infons = meant(fields.remove("infons"));
        let (blocks, passages, marks) = self.blocks(&mut fields, line);
        if blocks.iter().all(|block| block.text.is_empty()) {
            self.warn(line, WarningKind::WrongValue, format!("the document {id:?} has no text; it is left out"));
            return None;
        }
        let controls = take_text(&mut infons, CONTROLS).unwrap_or_default();
        let unit = unit_of(&blocks, &marks);
        let finder = Finder::new(&blocks, unit);
        let text = with_controls(&finder.joined.text, &controls);
        let file = self.file(take_text(&mut infons, FILE), &id, line);
        let mut draft = Draft::new(self.source.path, Unit::CodePoints, self.report);
        if unit != Unit::CodePoints {
            let message = format!("the offsets count {}, not code points; they are taken so", unit.name());
            draft.warn(line, WarningKind::OtherUnit, message);
        }
        let index = crate::text::OffsetIndex::new(&text);
        let code_points = |at: usize| index.char_from_byte(&finder.joined.text, at).0;
        let mut known = HashSet::new();
        for mark in marks {
            known.extend(add_mark(&mut draft, mark, unit, &finder, &code_points, !controls.is_empty()));
        }
        let kept = relations(&mut draft, &mut fields, &known, line);
        draft.head.annotator = take_text(&mut infons, ANNOTATOR).unwrap_or_default().into();
        draft.head.document_note = take_text(&mut infons, NOTE).unwrap_or_default();
        let mut said = into_attributes(infons);
        let mut keep = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                let value = if let Json::String(text) = value { text } else { value.to_string() };
                said.set(format!("{FOREIGN}{name}"), Some(Value::Text(value.into())));
            }
        };
        keep("id", (id != file && !id.is_empty()).then(|| id.into()));
        keep("passages", layout(&blocks, &finder.joined, &passages, unit));
        keep("relations", (!kept.is_empty()).then(|| kept.into()));
        keep("collection", foreign_collection(collection));
        fields.remove("bioctype");
        keep("fields", (!fields.is_empty()).then(|| fields.into()));
        draft.head.document = said;
        Some(draft.finish(file, text))
    }

    /// The texts of a document, what its passages say, and all annotations; relations are gathered in its fields.
    fn blocks(&mut self, fields: &mut Map<String, Json>, line: usize) -> (Vec<Block>, Vec<Passage>, Vec<Mark>) {
        let (mut blocks, mut passages, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        let mut links: Vec<Json> = Vec::new();
        let mut all: Vec<Json> = listed(fields.remove("passages")).collect();
        if all.is_empty() {
            // The whole text may stand in the document, or sentences without a passage.
            let whole = ["text", "sentences"].map(|name| (name.to_owned(), fields.remove(name).unwrap_or_default()));
            all.push(whole.into_iter().collect::<Map<_, _>>().into());
        }
        for passage in all {
            let Json::Object(mut passage) = passage else { continue };
            let line = line_of(&mut passage, line);
            let text = text_of(passage.remove("text"));
            let offset = number(&passage.remove("offset").unwrap_or_default()).unwrap_or(0);
            let mut own = Passage { infons: meant(passage.remove("infons")), sentences: None };
            let first = blocks.len();
            let sentences: Vec<Json> = listed(passage.remove("sentences")).collect();
            let by_sentences = text.is_empty() && !sentences.is_empty();
            if !by_sentences {
                blocks.push(Block { offset, text });
            }
            for sentence in sentences {
                let Json::Object(mut sentence) = sentence else { continue };
                let line = line_of(&mut sentence, line);
                let infons = meant(sentence.remove("infons"));
                let text = text_of(sentence.remove("text"));
                let offset = number(&sentence.remove("offset").unwrap_or_default()).unwrap_or(offset);
                if by_sentences {
                    blocks.push(Block { offset, text });
                    own.sentences.get_or_insert_default().push(infons);
                } else if !infons.is_empty() {
                    let message = "the passage has its text itself; infons of its sentences are left out";
                    self.warn(line, WarningKind::UnknownField, message);
                }
                let found = listed(sentence.remove("annotations"));
                marks.extend(found.filter_map(|mark| Mark::new(mark, blocks.len() - 1..blocks.len(), line)));
                links.extend(listed(sentence.remove("relations")));
                self.unknown(&sentence, line);
            }
            let found = listed(passage.remove("annotations"));
            marks.extend(found.filter_map(|mark| Mark::new(mark, first..blocks.len(), line)));
            links.extend(listed(passage.remove("relations")));
            self.unknown(&passage, line);
            passages.push(own);
        }
        marks.extend(listed(fields.remove("annotations")).filter_map(|mark| Mark::new(mark, 0..blocks.len(), line)));
        links.extend(listed(fields.remove("relations")));
        fields.insert("relations".to_owned(), links.into());
        (blocks, passages, marks)
    }

    /// Tells of fields that no passage has.
    fn unknown(&mut self, fields: &Map<String, Json>, line: usize) {
        for name in fields.keys().filter(|name| *name != "bioctype") {
            self.warn(
                line,
                WarningKind::UnknownField,
                format!("{name:?} is nothing that a passage has; it is left out"),
            );
        }
    }

    /// The article's path: as Pressmark said it, else by the name of the file and the document's id.
    fn file(&mut self, said: Option<String>, id: &str, line: usize) -> String {
        if let Some(said) = said {
            if is_inside(&said) {
                return said;
            }
            let message = format!("{said:?} is no path inside the folder; the article gets another");
            self.warn(line, WarningKind::BadPath, message);
        }
        let (folder, name) = self.source.name.rsplit_once('/').map_or(("", self.source.name), |(a, b)| (a, b));
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        let id: String =
            id.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c }).collect();
        let id = id.trim_matches(['.', ' ']);
        let mut wanted =
            [folder, stem, id].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/");
        if !is_inside(&wanted) {
            "article".clone_into(&mut wanted);
        }
        let count = self.names.entry(wanted.clone()).or_default();
        *count += 1;
        if *count == 1 {
            return format!("{wanted}.txt");
        }
        let other = format!("{wanted}-{count}.txt");
        let message = format!("there was a document {id:?} before; this one is called {other}");
        self.warn(line, WarningKind::TakenId, message);
        other
    }
}

/// What a collection says that is not of ours.
fn foreign_collection(collection: &Map<String, Json>) -> Option<Json> {
    let mut said = collection.clone();
    said.remove("bioctype");
    said.retain(|_, value| {
        !matches!(value, Json::Null) && *value != Json::Object(Map::new()) && value.as_str() != Some("")
    });
    let ours = said.get("source").and_then(Json::as_str) == Some(SOURCE);
    if ours {
        said.remove("source");
        said.retain(|name, value| !(name == "key" && value.as_str() == Some(KEY)));
    }
    (!said.is_empty()).then(|| said.into())
}

/// The text with the characters that XML could not hold.
fn with_controls(text: &str, controls: &str) -> String {
    let of = |word: &str| {
        let (at, code) = word.split_once(':')?;
        Some((at.parse::<usize>().ok()?, u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?))
    };
    let known: HashMap<usize, char> = controls.split(' ').filter_map(of).collect();
    if known.is_empty() {
        return text.to_owned();
    }
    let as_it_was = |(at, c)| if c == '\u{FFFD}' { known.get(&at).copied().unwrap_or(c) } else { c };
    text.chars().enumerate().map(as_it_was).collect()
}
