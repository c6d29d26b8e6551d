//! From a layer to a task with one annotation.
//!
//! A mark in several pieces becomes several regions with a relation from each to the next; all else of it stands on the
//! first. No relation leads to a region that is not there: Label Studio's editor fails on such.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::controls::{AUTHOR_OF, Controls, Held, LABEL, NOTE, OBJECT, Takes, UNSURE};
use super::predicted::in_code_points;
use super::{
    ANNOTATION, COMPLETED_BY, DATA, FIELDS, FOREIGN, OWN_FIELDS, PIECE, PREDICTIONS, RESULTS, TASK, config, hidden,
};
use crate::formats::loss::count_discussion;
use crate::formats::taken::Taken;
use crate::formats::tree::{Fields, Tree, fields};
use crate::formats::values::json_of;
use crate::formats::{Document, Done, Joint, Kind, Losses, Met, Names, Piece, Writer, write_ascii};
use crate::model::{AUTHOR, Annotation, Attributes, Id, Layer, Schema, Span, Value};
use crate::text::OffsetIndex;

/// Tasks are the items of one array.
const ARRAY: Joint = Joint { open: "[\n", between: ",\n", close: "\n]\n" };

/// Writes Label Studio's tasks.
pub(super) struct TaskWriter {
    schema: Schema,
    names: Names,
    controls: Controls,
}

impl TaskWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { schema: schema.clone(), names: Names::new(schema, config::fit), controls: Controls::new(schema) }
    }
}

impl Writer for TaskWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let Document { file, text, layer } = document;
        let index = OffsetIndex::new(text);
        let taken = layer.annotations().map(|annotation| annotation.id.to_string()).collect();
        let results = Vec::new();
        let mut task = Task { writer: self, file, text, index, results, taken, losses, met };
        for annotation in layer.annotations() {
            task.annotation(annotation);
        }
        task.relations(layer);
        let task = task.finish(layer);
        let mut bytes = Vec::new();
        write_ascii(&mut bytes, &task).expect("memory takes it");
        vec![Piece::rows("tasks.json", bytes, ARRAY)]
    }

    fn whole(&self, met: &Met) -> Vec<Piece> {
        vec![Piece::whole("config.xml", config::config_xml(&self.schema, &self.names, &self.controls, met))]
    }
}

/// The labels of the relations between the same two, and those.
type Row<'l> = (Vec<String>, &'l Id, &'l Id);

/// One task that is being written.
struct Task<'a> {
    writer: &'a TaskWriter,
    file: &'a str,
    text: &'a str,
    index: OffsetIndex,
    results: Vec<Tree<'a>>,
    taken: Taken,
    losses: &'a mut Losses,
    met: &'a mut Met,
}

impl<'a> Task<'a> {
    fn lose(&mut self, kind: Kind, done: Done, id: &str) {
        self.losses.add(kind, done, self.file, id);
    }

    /// An id that no region has yet.
    fn free(&mut self, id: String) -> String {
        self.taken.take(id, '+')
    }

    /// A row for a stretch of the text.
    fn row(
        &self,
        id: impl Into<Cow<'a, str>>,
        control: impl Into<Cow<'a, str>>,
        kind: &'static str,
        span: Span,
        (field, value): (&'static str, Tree<'a>),
    ) -> Fields<'a> {
        let char = |byte: u32| self.index.char_from_byte(self.text, byte as usize).0;
        let text = span.slice(self.text).unwrap_or_default();
        let mut place = fields! {"start": char(span.start()), "end": char(span.end()), "text": text};
        // What a person types stands in the place of the words.
        place.set(field, value);
        let (id, control) = (id.into(), control.into());
        fields! {"id": id, "from_name": control, "to_name": OBJECT, "type": kind, "origin": "manual", "value": place}
    }

    fn annotation(&mut self, annotation: &'a Annotation) {
        let id = annotation.id.as_str();
        if annotation.orphan().is_some() {
            self.lose(Kind::Orphan, Done::Dropped, id);
            return;
        }
        let mut labels = vec![self.writer.names.of(annotation)];
        if let Some(Value::Many(more)) = annotation.attributes.get("label-studio:labels") {
            labels.extend(more.iter().map(ToString::to_string));
        }
        let mut before: Cow<'a, str> = Cow::Borrowed("");
        let mut links = Vec::new();
        for (at, span) in annotation.spans.iter().enumerate() {
            let own = if at == 0 { Cow::Borrowed(id) } else { Cow::Owned(self.free(format!("{id}.{}", at + 1))) };
            let mut row = self.row(own.clone(), LABEL, "labels", *span, ("labels", texts(labels.iter().cloned())));
            if at == 0 {
                add_foreign(&mut row, &annotation.attributes, &["labels"]);
            } else {
                links.push(relation(before, own.clone(), vec![PIECE.to_owned()], "right"));
                self.met.kept.insert(('r', PIECE.to_owned(), String::new()));
            }
            self.results.push(row.into());
            before = own;
        }
        if annotation.spans.len() > 1 {
            self.lose(Kind::Discontinuous, Done::Kept, id);
        }
        self.details(annotation);
        self.results.extend(links);
    }

    /// What an annotation says besides its place and label.
    fn details(&mut self, annotation: &'a Annotation) {
        let (id, span) = (annotation.id.as_str(), annotation.spans[0]);
        let own = |(name, _): &(&SmolStr, &Value)| *name != "type" && !name.starts_with(FOREIGN);
        for (name, value) in annotation.attributes.iter().filter(own) {
            let Some(held) = self.writer.controls.of_region(name, value) else {
                self.lose(Kind::Attribute, Done::Dropped, id);
                continue;
            };
            let Held { control, takes, kind, value: (field, value) } = held;
            let control = config::fit(&control);
            self.results.push(self.row(id, control.clone(), kind, span, (field, value.into())).into());
            self.met.kept.insert(('c', control, takes.id().to_owned()));
        }
        if annotation.unsure() {
            self.results.push(self.row(id, UNSURE, "choices", span, ("choices", vec![UNSURE.into()].into())).into());
        }
        if !annotation.note().is_empty() {
            self.results
                .push(self.row(id, NOTE, "textarea", span, ("text", vec![annotation.note().into()].into())).into());
        }
        let Some(extra) = &annotation.extra else { return };
        for _ in &extra.conflict {
            self.lose(Kind::OtherVersion, Done::Dropped, id);
        }
        if extra.origin.is_some() || extra.made.is_some() {
            self.lose(Kind::Origin, Done::Dropped, id);
        }
    }

    /// The relations, those between the same two in one row; those to the author are choices of a region.
    fn relations(&mut self, layer: &'a Layer) {
        let place = |id: &Id| layer.position(id).unwrap_or(usize::MAX);
        let mut rows: BTreeMap<(usize, usize, &str), Row<'_>> = BTreeMap::new();
        let mut to_author: BTreeMap<usize, Vec<SmolStr>> = BTreeMap::new();
        for link in layer.relations() {
            let there = |id: &Id| layer.get(id).is_some_and(|end| end.orphan().is_none());
            if !there(&link.from) || (link.to != AUTHOR && !there(&link.to)) {
                self.lose(Kind::Relation, Done::Dropped, &link.id);
                continue;
            }
            let extra = link.extra.as_deref();
            let notes = usize::from(!link.note().is_empty());
            let direction = link.attributes.text("label-studio:direction");
            for _ in 0..link.attributes.len() - usize::from(direction.is_some()) + notes {
                self.lose(Kind::RelationAttribute, Done::Dropped, &link.id);
            }
            for _ in extra.iter().flat_map(|extra| &extra.conflict) {
                self.lose(Kind::OtherVersion, Done::Dropped, &link.id);
            }
            if extra.is_some_and(|extra| extra.made.is_some()) {
                self.lose(Kind::Origin, Done::Dropped, &link.id);
            }
            if link.to == AUTHOR {
                self.lose(Kind::RelationToAuthor, Done::Kept, &link.id);
                self.met.kept.insert(('a', link.label.to_string(), String::new()));
                to_author.entry(place(&link.from)).or_default().push(link.label.clone());
            } else {
                let more = if hidden(&link.label, &[PIECE]) { "_" } else { "" };
                let label = config::fit(&format!("{}{more}", link.label));
                self.met.kept.insert(('r', label.clone(), String::new()));
                let key = (place(&link.from), place(&link.to), direction.unwrap_or("right"));
                rows.entry(key).or_insert_with(|| (Vec::new(), &link.from, &link.to)).0.push(label);
            }
        }
        for (at, mut labels) in to_author {
            labels.sort_unstable();
            let Some(annotation) = layer.nth(at) else { continue };
            let labels = texts(labels.iter().map(SmolStr::to_string));
            let row = self.row(annotation.id.as_str(), AUTHOR_OF, "choices", annotation.spans[0], ("choices", labels));
            self.results.push(row.into());
        }
        for ((_, _, direction), (mut labels, from, to)) in rows {
            labels.sort_unstable();
            self.results.push(relation(from.as_str(), to.as_str(), labels, direction));
        }
    }

    /// The whole task.
    fn finish(mut self, layer: &'a Layer) -> Fields<'a> {
        let attributes = &layer.head().document;
        let in_data: HashSet<&str> = match attributes.get(&format!("{FOREIGN}{FIELDS}")) {
            Some(Value::Many(names)) => names.iter().map(SmolStr::as_str).collect(),
            _ => HashSet::new(),
        };
        let mut data = fields! {"text": self.text, "file": self.file, "annotator": layer.head().annotator.as_str()};
        if !layer.head().document_note.is_empty() {
            data.set("note", layer.head().document_note.as_str());
        }
        for (name, value) in attributes.iter().filter(|(name, _)| !is_of_task(name)) {
            let held = if in_data.contains(name.as_str()) { None } else { self.writer.controls.of_task(name, value) };
            if let Some(Held { control, kind, value: (field, value), takes }) = held {
                debug_assert!(!matches!(takes, Takes::Text), "texts stand in the data");
                let id = self.free(format!("article {name}"));
                let value = Fields::of([(field.into(), value.into())]);
                let row = fields! {"id": id, "from_name": control, "to_name": OBJECT, "type": kind, "value": value};
                self.results.push(row.into());
                continue;
            }
            let json = json_of(value);
            let foreign = name.strip_prefix(FOREIGN).and_then(|name| name.strip_prefix(DATA));
            match foreign.zip(parsed(value)) {
                Some((name, json)) if !OWN_FIELDS.contains(&name) => data.set(name, json),
                _ => {
                    let more = if hidden(name, &OWN_FIELDS) { "_" } else { "" };
                    data.set(format!("{name}{more}"), json);
                }
            }
        }
        count_discussion(layer, self.file, self.losses);
        let own = |name: &str| attributes.get(&format!("{FOREIGN}{name}")).and_then(parsed);
        if own(COMPLETED_BY).is_some() {
            self.lose(Kind::ArticleAttribute, Done::Dropped, COMPLETED_BY);
        }
        if let Some(Json::Array(rows)) = own(RESULTS) {
            self.results.extend(rows.into_iter().map(Tree::from));
        }
        let kept = |json: Option<Json>| if let Some(Json::Object(fields)) = json { fields } else { Map::new() };
        let mut annotation = fields! {"result": std::mem::take(&mut self.results)};
        annotation.extend(kept(own(ANNOTATION)).into_iter().filter(|(name, _)| name != "result").collect());
        let mut predictions = own(PREDICTIONS).filter(Json::is_array).unwrap_or_else(|| Json::Array(Vec::new()));
        in_code_points(&mut predictions, self.text);
        let mut task = fields! {"data": data, "annotations": vec![annotation.into()], "predictions": predictions};
        for (name, value) in kept(own(TASK)) {
            task.set_new(name, value);
        }
        task
    }
}

/// Whether an attribute of the article holds something of the task, not of its data.
fn is_of_task(name: &str) -> bool {
    let own = [FIELDS, TASK, ANNOTATION, PREDICTIONS, RESULTS, COMPLETED_BY];
    name.strip_prefix(FOREIGN).is_some_and(|name| own.contains(&name))
}

fn parsed(value: &Value) -> Option<Json> {
    serde_json::from_str(value.as_text()?).ok()
}

fn texts<'a>(texts: impl Iterator<Item = String>) -> Tree<'a> {
    texts.map(Tree::from).collect()
}

fn relation<'a>(
    from: impl Into<Cow<'a, str>>,
    to: impl Into<Cow<'a, str>>,
    labels: Vec<String>,
    direction: &'a str,
) -> Tree<'a> {
    let (from, to, labels) = (from.into(), to.into(), texts(labels.into_iter()));
    fields! {"type": "relation", "from_id": from, "to_id": to, "direction": direction, "labels": labels}.into()
}

/// Fields of a region that were kept when it was imported; ours stay as they are, except who or what made it.
fn add_foreign<'a>(row: &mut Fields<'a>, attributes: &'a Attributes, but: &[&str]) {
    for (name, value) in attributes.iter() {
        let Some(name) = name.strip_prefix(FOREIGN).filter(|name| !but.contains(name)) else { continue };
        let json = parsed(value).unwrap_or_else(|| value.to_string().into());
        if name == "origin" || row.get(name).is_none() {
            row.set(name, json);
        }
    }
}
