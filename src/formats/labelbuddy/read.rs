//! From labelbuddy's documents to layers.
//!
//! Where code points and bytes disagree, code points are taken. Annotations of a text that is not in the file are looked for in
//! documents beside it, by their checksum.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};
use smol_str::format_smolstr;

use super::md5::md5_hex;
use super::{BESIDE, EXTRA, FOREIGN, OWN_FIELDS, TITLES, ours};
use crate::formats::draft::Draft;
use crate::formats::items::each_item;
use crate::formats::units::Unit;
use crate::formats::values::{set_all, value_of};
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside, numbered};
use crate::model::{Attributes, Value};
use crate::text::{OffsetIndex, short};

/// Reads a file of documents; one of labels has none.
pub(super) fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut file = File { source, report, texts: None };
    file.each(source.bytes, source.name, &mut |file, number, item| {
        if let Some(document) = file.document(number, item) {
            take(document);
        }
    });
}

struct File<'a> {
    source: &'a Source<'a>,
    report: &'a mut Report,
    /// Texts that are beside the file, by checksum.
    texts: Option<HashMap<String, String>>,
}

impl File<'_> {
    fn warn(&mut self, line: usize, kind: WarningKind, message: impl Into<String>) {
        let message = short(message.into());
        self.report.warnings.push(Warning { file: self.source.path.to_owned(), line, kind, message });
    }

    /// Hands over each object, by lines where the name says so.
    fn each(&mut self, bytes: &[u8], name: &str, take: &mut dyn FnMut(&mut Self, usize, Json)) {
        if name.to_ascii_lowercase().ends_with(".jsonl") {
            let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
            for (at, line) in
                bytes.split(|&byte| byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty())
            {
                match serde_json::from_slice(line) {
                    Ok(item) => take(self, at + 1, item),
                    Err(error) => {
                        let message = format!("this is not JSON ({error}); the line is left out");
                        self.warn(at + 1, WarningKind::BrokenLine, message);
                    }
                }
            }
            return;
        }
        if let Err((before, error)) = each_item(bytes, &mut |number, item| take(self, number, item)) {
            let message = format!("after document {before}: this is not JSON ({error}); the rest is left out");
            self.warn(before + 1, WarningKind::BrokenLine, message);
        }
    }

    fn document(&mut self, number: usize, item: Json) -> Option<Document> {
        let Json::Object(mut fields) = item else {
            self.warn(number, WarningKind::BrokenLine, "this is no document; it is left out");
            return None;
        };
        let is_label = fields.get("name").is_some_and(Json::is_string)
            && fields
                .keys()
                .all(|name| matches!(name.as_str(), "name" | "text" | "color" | "shortcut_key" | "background_color"));
        if is_label {
            return None;
        }
        let checksum = match fields.shift_remove("utf8_text_md5_checksum") {
            Some(Json::String(checksum)) => checksum,
            _ => String::new(),
        };
        let text = self.text(number, fields.shift_remove("text"), &checksum)?;
        let mut metadata =
            if let Some(Json::Object(data)) = fields.shift_remove("metadata") { data } else { Map::new() };
        let name = self.file(number, metadata.shift_remove("file"));
        let annotations =
            if let Some(Json::Array(all)) = fields.shift_remove("annotations") { all } else { Vec::new() };
        let mut attributes = Attributes::default();
        for title in TITLES {
            if let Some(Json::String(said)) = fields.shift_remove(title)
                && (title != TITLES[0] || said != name)
            {
                attributes.set(format!("{FOREIGN}{title}"), Some(Value::Text(said.into())));
            }
        }
        for (field, _) in fields.iter().filter(|(_, value)| !value.is_null()) {
            self.warn(number, WarningKind::UnknownField, format!("{field} is no field of a document; it is left out"));
        }
        let [_, annotator, note] = OWN_FIELDS.map(|name| match metadata.shift_remove(name) {
            Some(Json::String(text)) => text,
            Some(other) => {
                metadata.insert(name.to_owned(), other);
                String::new()
            }
            None => String::new(),
        });
        set_metadata(&mut attributes, metadata);
        let mut draft = Draft::new(self.source.path, Unit::CodePoints, self.report);
        draft.head.document = attributes;
        draft.head.annotator = annotator.into();
        draft.head.document_note = note;
        marks(&mut draft, number, &text, annotations);
        Some(draft.finish(name, text))
    }

    /// The document's text: its own, or that of a document beside it.
    fn text(&mut self, number: usize, text: Option<Json>, checksum: &str) -> Option<String> {
        if let Some(Json::String(text)) = text.filter(|text| text.as_str() != Some("")) {
            if !checksum.is_empty() && !checksum.eq_ignore_ascii_case(&md5_hex(text.as_bytes())) {
                let message = "the checksum is that of another text; offsets may be off";
                self.warn(number, WarningKind::WrongValue, message);
            }
            return Some(text);
        }
        if self.texts.is_none() {
            self.texts = Some(self.texts_beside());
        }
        let found = self.texts.as_ref().and_then(|texts| texts.get(&checksum.to_ascii_lowercase())).cloned();
        if found.is_none() {
            let message =
                format!("there is no text, and none beside it with the checksum {checksum:?}; it is left out");
            self.warn(number, WarningKind::BrokenLine, message);
        }
        found
    }

    fn texts_beside(&mut self) -> HashMap<String, String> {
        let mut texts = HashMap::new();
        let folder = self.source.name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        for name in BESIDE.map(|name| format!("{folder}{name}")) {
            let Some(bytes) = (self.source.beside)(&name).filter(|_| name != self.source.name) else { continue };
            // What is wrong with it is told where it is read itself.
            let mut report = Report::default();
            let mut file = File { source: self.source, report: &mut report, texts: None };
            file.each(&bytes, &name, &mut |_, _, item| {
                if let Some(text) = item.get("text").and_then(Json::as_str) {
                    texts.insert(md5_hex(text.as_bytes()), text.to_owned());
                }
            });
        }
        texts
    }

    /// The article's path: what the metadata calls it, or its number in the file.
    fn file(&mut self, number: usize, named: Option<Json>) -> String {
        if let Some(Json::String(file)) = named {
            if is_inside(&file) {
                return file;
            }
            let message = format!("{file:?} is no path inside the folder; the article gets a number");
            self.warn(number, WarningKind::BadPath, message);
        }
        numbered(self.source.name, number)
    }
}

/// Metadata as attributes; names that are ours by chance are kept as JSON.
fn set_metadata(attributes: &mut Attributes, metadata: Map<String, Json>) {
    attributes.extend(metadata.into_iter().map(|(name, json)| {
        match Some(&name).filter(|name| !name.starts_with(FOREIGN)).and_then(|_| value_of(&json)) {
            Some(value) => (name.into(), value),
            None => (format_smolstr!("{FOREIGN}{name}"), Value::Text(json.to_string().into())),
        }
    }));
}

/// An annotation of the file, or several that are pieces of one.
struct Found {
    id: String,
    name: String,
    stretches: Vec<(u64, u64)>,
    fields: Map<String, Json>,
    extra: String,
}

fn marks(draft: &mut Draft<'_>, number: usize, text: &str, annotations: Vec<Json>) {
    let index = OffsetIndex::new(text);
    let mut all: Vec<Found> = Vec::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for annotation in annotations {
        let Some(stretch) = stretch(draft, number, text, &index, &annotation) else {
            let message = format!("{} does not say where it begins and ends; it is left out", called(&annotation));
            draft.warn(number, WarningKind::WrongValue, message);
            continue;
        };
        let name = annotation.get("label_name").and_then(Json::as_str).unwrap_or_default().to_owned();
        let extra = annotation.get(EXTRA).and_then(Json::as_str).unwrap_or_default().to_owned();
        let Some(fields) = ours(&extra) else {
            let (id, fields) = (String::new(), Map::new());
            all.push(Found { id, name, stretches: vec![stretch], fields, extra });
            continue;
        };
        let id = fields.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        let key = (id.clone(), name.clone());
        let apart = |it: &(u64, u64)| it.1 <= stretch.0 || stretch.1 <= it.0;
        let whole = known.get(&key).map(|&at| &mut all[at]).filter(|it| it.stretches.iter().all(apart));
        if let Some(whole) = whole {
            whole.stretches.push(stretch);
            if whole.fields.len() < fields.len() {
                whole.fields = fields;
            }
        } else {
            known.insert(key, all.len());
            all.push(Found { id, name, stretches: vec![stretch], fields, extra: String::new() });
        }
    }
    for found in all {
        mark(draft, number, found);
    }
}

/// Where an annotation stands, in code points.
fn stretch(
    draft: &mut Draft<'_>,
    number: usize,
    text: &str,
    index: &OffsetIndex,
    annotation: &Json,
) -> Option<(u64, u64)> {
    let pair = |start: &str, end: &str| Some((annotation.get(start)?.as_u64()?, annotation.get(end)?.as_u64()?));
    let char = |byte: u64| {
        let byte = usize::try_from(byte).ok().filter(|&byte| text.is_char_boundary(byte))?;
        Some(index.char_from_byte(text, byte).0)
    };
    let bytes = pair("start_byte", "end_byte").and_then(|(start, end)| char(start).zip(char(end)));
    let Some(chars) = pair("start_char", "end_char") else { return bytes };
    if pair("start_byte", "end_byte").is_some() && bytes != Some(chars) {
        let message = format!("{}: its bytes are another place; the code points are taken", called(annotation));
        draft.warn(number, WarningKind::OtherUnit, message);
    }
    Some(chars)
}

/// What an annotation is called in messages.
fn called(annotation: &Json) -> String {
    match annotation.get("label_name").and_then(Json::as_str) {
        Some(name) => format!("an annotation as {name}"),
        None => "an annotation without a label".to_owned(),
    }
}

fn mark(draft: &mut Draft<'_>, number: usize, found: Found) {
    let Found { id, name, stretches, mut fields, extra } = found;
    let mut taken = |field: &str| fields.shift_remove(field);
    let text = |json: Option<Json>| if let Some(Json::String(text)) = json { text } else { String::new() };
    let object = |json: Option<Json>| if let Some(Json::Object(object)) = json { object } else { Map::new() };
    taken("id");
    let (known_as, label) = (text(taken("name")), text(taken("label")));
    let (mut attributes, note) = (object(taken("attributes")), text(taken("note")));
    let unsure = taken("unsure") == Some(Json::Bool(true));
    let (relations, kept) = (taken("relations"), taken(EXTRA));
    for field in fields.keys() {
        draft.warn(number, WarningKind::UnknownField, format!("{field} of {id} is not known; it is left out"));
    }
    let same = known_as == name;
    if !same && !label.is_empty() {
        attributes.shift_remove("type");
    }
    let label = if same && !label.is_empty() { &label } else { &name };
    let own = draft.mark(&id, label, number, stretches, None);
    set_all(&mut own.attributes, attributes, FOREIGN);
    let kept = kept.and_then(|kept| kept.as_str().map(str::to_owned)).unwrap_or(extra);
    if !kept.is_empty() {
        own.attributes.set(format!("{FOREIGN}{EXTRA}"), Some(Value::Text(kept.into())));
    }
    own.edit_extra(|extra| (extra.note, extra.unsure) = (note, unsure));
    for relation in relations.as_ref().and_then(Json::as_array).into_iter().flatten() {
        let said = |field: &str| relation.get(field).and_then(Json::as_str).unwrap_or_default();
        let link = draft.link(said("id"), said("label"), &id, said("to"), number);
        set_all(&mut link.attributes, object(relation.get("attributes").cloned()), FOREIGN);
        let note = said("note").to_owned();
        if !note.is_empty() {
            link.extra.get_or_insert_default().note = note;
        }
    }
}
