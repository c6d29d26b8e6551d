//! From lines of JSON to layers. Each line stands for itself: a broken one is reported, the others are read.
//!
//! Offsets are held against the text; an annotation that does not stand where it says is kept without a place.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::bounds::too_much;
use super::fields::{Fields, Line, kind};
use crate::formats::{Document, Report, SourceLine, WarningKind, is_inside};
use crate::model::{
    AUTHOR, Annotation, Attributes, Comment, CommentTarget, Decision, Extra, Head, Layer, Origin, Orphan, Quoted,
    Rejected, Relation, RelationExtra, SchemaRef, Span, Spans, Status, Value,
};
use crate::text::{CharOffset, OffsetIndex};

/// The schema of a layer that does not name one.
const SCHEMA: &str = "news";

/// Reads a dataset; `path` is for messages.
pub fn read(path: &Path, dataset: &str) -> (Vec<Document>, Report) {
    let mut report = Report::default();
    let mut documents = Vec::new();
    let dataset = dataset.strip_prefix('\u{feff}').unwrap_or(dataset);
    for (at, text) in dataset.split('\n').enumerate() {
        let name = path.to_string_lossy();
        documents.extend(read_line(&SourceLine { path, name: &name, number: at + 1, text }, &mut report));
    }
    (documents, report)
}

/// Reads one line; nothing where it is blank, and where it is left out, as the report tells.
pub fn read_line(source: &SourceLine<'_>, report: &mut Report) -> Option<Document> {
    let SourceLine { path, number, text, .. } = *source;
    if text.trim().is_empty() {
        return None;
    }
    let mut line = Line { path, number, report };
    if let Some(reason) = too_much(text) {
        line.warn(WarningKind::BrokenLine, format!("{reason}; it is left out"));
        return None;
    }
    match serde_json::from_str::<Json>(text) {
        Ok(json) => document(json, &mut line),
        Err(error) => {
            let message = format!("column {}: this is not JSON ({error}); the line is left out", error.column());
            line.warn(WarningKind::BrokenLine, message);
            None
        }
    }
}

fn document(json: Json, line: &mut Line<'_>) -> Option<Document> {
    let mut fields = Fields::new(json, "the line", line)?;
    let file = fields.text("file", line);
    if !is_inside(&file) {
        line.warn(WarningKind::BadPath, format!("{file:?} is no path inside the folder; the line is left out"));
        return None;
    }
    let text = fields.text("text", line);
    if text.is_empty() {
        line.warn(WarningKind::WrongValue, format!("{file} has no text; the line is left out"));
        return None;
    }
    let mut reader = Reader { text: &text, index: OffsetIndex::new(&text) };
    let head = reader.head(&mut fields, line);
    let mut ids = Ids::default();
    ids.taken.insert(SmolStr::new(AUTHOR));
    let mut annotations = Vec::new();
    for (at, json) in fields.list("annotations", line).into_iter().enumerate() {
        if let Some(mut annotation) = reader.annotation(json, at, line) {
            ids.take(&mut annotation.id, line);
            annotations.push(annotation);
        }
    }
    let ends: HashSet<SmolStr> = annotations.iter().map(|annotation| annotation.id.clone()).collect();
    let mut relations = Vec::new();
    for (at, json) in fields.list("relations", line).into_iter().enumerate() {
        let Some(mut relation) = relation(json, at, line) else { continue };
        let nowhere = [&relation.from, &relation.to].into_iter().find(|end| *end != AUTHOR && !ends.contains(*end));
        if let Some(end) = nowhere {
            let message = format!("the relation {} leads to {end:?}, which is not there; it is left out", relation.id);
            line.warn(WarningKind::RelationToNowhere, message);
            continue;
        }
        ids.take(&mut relation.id, line);
        relations.push(relation);
    }
    fields.finish(line);
    match Layer::from_parts(head, annotations, relations) {
        Ok(layer) => Some(Document { file, text, layer }),
        Err(error) => {
            line.warn(WarningKind::BrokenLine, format!("{file}: {error:?}; the line is left out"));
            None
        }
    }
}

/// The ids of a layer, and with which number a search for one like it goes on.
#[derive(Default)]
struct Ids {
    taken: HashSet<SmolStr>,
    next: HashMap<SmolStr, usize>,
}

impl Ids {
    /// Takes an id; a thing whose id is taken gets another one.
    fn take(&mut self, id: &mut SmolStr, line: &mut Line<'_>) {
        if self.taken.insert(id.clone()) {
            return;
        }
        let next = self.next.entry(id.clone()).or_insert(2);
        loop {
            let free = smol_str::format_smolstr!("{id}-{next}");
            *next += 1;
            if self.taken.insert(free.clone()) {
                line.warn(WarningKind::TakenId, format!("the id {id:?} is taken; the second one becomes {free:?}"));
                *id = free;
                return;
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    index: OffsetIndex,
}

impl Reader<'_> {
    fn head(&mut self, fields: &mut Fields, line: &mut Line<'_>) -> Head {
        let mut head = Head::new(fields.text("annotator", line), SchemaRef { id: SCHEMA.into(), version: 1 });
        if let Some(status) = fields.smol("status", line) {
            match Status::from_id(&status) {
                Some(status) => head.status = status,
                None => line.warn(WarningKind::WrongValue, format!("there is no status {status:?}; it is left out")),
            }
        }
        if let Some(mut schema) = fields.take("schema").and_then(|json| Fields::new(json, "schema", line)) {
            if let Some(id) = schema.smol("id", line) {
                head.schema.id = id;
            }
            let version = schema.take("version").and_then(|version| version.as_u64());
            head.schema.version = version.and_then(|version| u32::try_from(version).ok()).unwrap_or(1);
            schema.finish(line);
        }
        if let Some(mut document) = fields.take("document").and_then(|json| Fields::new(json, "document", line)) {
            head.document = attributes(document.map("attributes", line), "document", line);
            head.document_note = document.text("note", line);
            document.finish(line);
        }
        head.comments = fields.list("comments", line).into_iter().filter_map(|json| comment(json, line)).collect();
        for json in fields.list("rejected", line) {
            let Some(mut rejected) = Fields::new(json, "rejected", line) else { continue };
            head.rejected.push(Rejected {
                rule: rejected.text("rule", line).into(),
                label: rejected.text("label", line).into(),
                text: rejected.text("text", line),
            });
            rejected.finish(line);
        }
        head.decisions =
            fields.list("decisions", line).into_iter().filter_map(|json| self.decision(json, line)).collect();
        for json in fields.list("conflict", line) {
            match pair(&json) {
                Some((field, value)) => head.conflict.push((field.into(), value.into())),
                None => fields.wrong("conflict", &json, "a pair of texts", line),
            }
        }
        head
    }

    fn annotation(&mut self, json: Json, at: usize, line: &mut Line<'_>) -> Option<Annotation> {
        let mut fields = Fields::new(json, format!("annotation {}", at + 1), line)?;
        let id = fields.smol("id", line).unwrap_or_else(|| smol_str::format_smolstr!("l{}a{}", line.number, at + 1));
        fields.rename(format!("annotation {id}"));
        let Some(label) = fields.smol("label", line) else {
            line.warn(WarningKind::WrongValue, format!("annotation {id} has no label; it is left out"));
            return None;
        };
        let mut quotes = Vec::new();
        for json in fields.list("spans", line) {
            match quote(&json) {
                Some(quote) => quotes.push(quote),
                None => fields.wrong("spans", &json, "[start, end] or [start, end, \"text\"]", line),
            }
        }
        let context = fields.take("context").and_then(|json| {
            let pair = pair(&json);
            if pair.is_none() {
                fields.wrong("context", &json, "a pair of texts", line);
            }
            pair
        });
        let attributes = attributes(fields.map("attributes", line), &id, line);
        let orphan = fields.take("orphan").filter(|json| *json != Json::Bool(false));
        let candidates = orphan.as_ref().map(|json| candidates(json, &id, line));
        let (spans, orphan) = match candidates {
            Some(candidates) => (Spans::new(), Some(self.orphan(quotes, context, candidates))),
            None => match self.place(&quotes) {
                Ok(spans) => (spans, None),
                Err(reason) => {
                    line.warn(WarningKind::Unplaced, format!("annotation {id}: {reason}; it is kept without a place"));
                    (Spans::new(), Some(self.orphan(quotes, context, Vec::new())))
                }
            },
        };
        let extra = Extra {
            note: fields.text("note", line),
            unsure: fields.flag("unsure", line),
            origin: fields.take("origin").and_then(|json| origin(json, line)),
            made: fields.smol("made", line),
            orphan,
            conflict: self.annotations(fields.list("conflict", line), line),
        };
        fields.finish(line);
        let mut annotation = Annotation { id, label, spans, attributes, extra: None };
        annotation.edit_extra(|rare| *rare = extra);
        Some(annotation)
    }

    fn annotations(&mut self, list: Vec<Json>, line: &mut Line<'_>) -> Vec<Annotation> {
        list.into_iter().enumerate().filter_map(|(at, json)| self.annotation(json, at, line)).collect()
    }

    /// The bytes of spans that stand in the text as they are quoted.
    fn place(&self, quotes: &[(u64, u64, Option<String>)]) -> Result<Spans, String> {
        let mut spans = Spans::new();
        for (start, end, quote) in quotes {
            let bytes = |at: u64| self.index.byte_from_char(self.text, CharOffset(at));
            let (Some(from), Some(to)) = (bytes(*start), bytes(*end)) else {
                return Err(format!("[{start}, {end}] lies outside the text of {} characters", self.index.chars()));
            };
            if from >= to || spans.last().is_some_and(|last: &Span| last.end() as usize > from) {
                return Err(format!("[{start}, {end}] is empty, or out of order"));
            }
            if quote.as_ref().is_some_and(|quote| *quote != self.text[from..to]) {
                return Err(format!("the text at [{start}, {end}] is another"));
            }
            spans.push(Span::from_range(from..to));
        }
        if spans.is_empty() { Err("it has no span".to_owned()) } else { Ok(spans) }
    }

    fn orphan(
        &self,
        quotes: Vec<(u64, u64, Option<String>)>,
        context: Option<(String, String)>,
        candidates: Vec<Quoted>,
    ) -> Orphan {
        let spans = quotes.into_iter().map(|(start, end, text)| {
            let bytes = |at: u64| self.index.byte_from_char(self.text, CharOffset(at));
            let standing = || Some(self.text.get(bytes(start)?..bytes(end)?)?.to_owned());
            Quoted { start, end, text: text.or_else(standing).unwrap_or_default() }
        });
        Orphan { spans: spans.collect(), context: context.unwrap_or_default(), candidates }
    }

    fn decision(&mut self, json: Json, line: &mut Line<'_>) -> Option<Decision> {
        let mut fields = Fields::new(json, "a decision", line)?;
        let mut sources = Vec::new();
        for json in fields.list("sources", line) {
            match pair(&json) {
                Some((annotator, id)) => sources.push((annotator.into(), id.into())),
                None => fields.wrong("sources", &json, "[\"annotator\", \"id\"]", line),
            }
        }
        let mut layers = Vec::new();
        for (annotator, hash) in fields.map("layers", line) {
            match hash {
                Json::String(hash) => layers.push((annotator.into(), hash.into())),
                other => fields.wrong("layers", &other, "a text", line),
            }
        }
        let decision = Decision {
            id: fields.text("id", line).into(),
            sources,
            verdict: fields.text("verdict", line).into(),
            result: fields.smol("result", line),
            rejected: self.annotations(fields.list("rejected", line), line),
            reason: fields.text("reason", line),
            comment: fields.text("comment", line),
            by: fields.text("by", line).into(),
            made: fields.smol("made", line),
            layers,
        };
        fields.finish(line);
        Some(decision)
    }
}

fn relation(json: Json, at: usize, line: &mut Line<'_>) -> Option<Relation> {
    let mut fields = Fields::new(json, format!("relation {}", at + 1), line)?;
    let id = fields.smol("id", line).unwrap_or_else(|| smol_str::format_smolstr!("l{}r{}", line.number, at + 1));
    fields.rename(format!("relation {id}"));
    let label: SmolStr = fields.text("label", line).into();
    let (from, to): (SmolStr, SmolStr) = (fields.text("from", line).into(), fields.text("to", line).into());
    let attributes = attributes(fields.map("attributes", line), &id, line);
    let extra = RelationExtra {
        note: fields.text("note", line),
        made: fields.smol("made", line),
        conflict: fields
            .list("conflict", line)
            .into_iter()
            .enumerate()
            .filter_map(|(at, json)| relation(json, at, line))
            .collect(),
    };
    fields.finish(line);
    let extra = (extra != RelationExtra::default()).then(|| Box::new(extra));
    Some(Relation { id, label, from, to, attributes, extra })
}

fn comment(json: Json, line: &mut Line<'_>) -> Option<Comment> {
    let mut fields = Fields::new(json, "a comment", line)?;
    let on = fields.take("on").and_then(|json| {
        let annotation = pair(&json).map(|(annotator, id)| CommentTarget::Annotation(annotator.into(), id.into()));
        let target = annotation.or_else(|| {
            quote(&json)
                .map(|(start, end, text)| CommentTarget::Span(Quoted { start, end, text: text.unwrap_or_default() }))
        });
        if target.is_none() {
            fields.wrong("on", &json, "[\"annotator\", \"id\"] or [start, end, \"text\"]", line);
        }
        target
    });
    let comment = Comment {
        id: fields.text("id", line).into(),
        on,
        text: fields.text("text", line),
        by: fields.text("by", line).into(),
        made: fields.smol("made", line),
        reply_to: fields.smol("reply_to", line),
        resolves: fields.flag("resolves", line),
    };
    fields.finish(line);
    Some(comment)
}

fn origin(json: Json, line: &mut Line<'_>) -> Option<Origin> {
    let mut fields = Fields::new(json, "an origin", line)?;
    let origin = Origin {
        by: fields.text("by", line).into(),
        rule: fields.smol("rule", line),
        import: fields.smol("import", line),
        layer: fields.smol("layer", line),
        person: fields.smol("person", line),
    };
    fields.finish(line);
    Some(origin)
}

/// Where an annotation without a place might belong: none for a bare `true`.
fn candidates(json: &Json, id: &str, line: &mut Line<'_>) -> Vec<Quoted> {
    if *json == Json::Bool(true) {
        return Vec::new();
    }
    let Some(mut fields) = Fields::new(json.clone(), format!("orphan of {id}"), line) else { return Vec::new() };
    let mut all = Vec::new();
    for json in fields.list("candidates", line) {
        match quote(&json) {
            Some((start, end, text)) => all.push(Quoted { start, end, text: text.unwrap_or_default() }),
            None => fields.wrong("candidates", &json, "[start, end, \"text\"]", line),
        }
    }
    fields.finish(line);
    all
}

fn attributes(map: Map<String, Json>, of: &str, line: &mut Line<'_>) -> Attributes {
    let taken = map.into_iter().filter_map(|(key, json)| {
        let value = value(&json);
        if value.is_none() {
            let message =
                format!("the attribute {key} of {of} is {}, which no attribute takes; it is left out", kind(&json));
            line.warn(WarningKind::WrongValue, message);
        }
        Some((SmolStr::from(key), value?))
    });
    taken.collect()
}

fn value(json: &Json) -> Option<Value> {
    match json {
        Json::String(text) => Some(Value::Text(text.into())),
        Json::Bool(value) => Some(Value::Bool(*value)),
        Json::Number(number) => number.as_f64().map(Value::Number),
        Json::Array(list) => list
            .iter()
            .map(|json| json.as_str().map(SmolStr::new))
            .collect::<Option<Vec<_>>>()
            .map(|all| Value::Many(all.into())),
        Json::Null | Json::Object(_) => None,
    }
}

fn pair(json: &Json) -> Option<(String, String)> {
    match json.as_array()?.as_slice() {
        [first, second] => Some((first.as_str()?.to_owned(), second.as_str()?.to_owned())),
        _ => None,
    }
}

fn quote(json: &Json) -> Option<(u64, u64, Option<String>)> {
    match json.as_array()?.as_slice() {
        [start, end] => Some((start.as_u64()?, end.as_u64()?, None)),
        [start, end, text] => Some((start.as_u64()?, end.as_u64()?, Some(text.as_str()?.to_owned()))),
        _ => None,
    }
}
