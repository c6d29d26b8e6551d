//! From tasks to layers: the text, the annotators, and what a task says besides.
//!
//! Each annotation of a task is the layer of an annotator. Predictions are layers of the models that made them, where
//! that is asked for; else they are kept as they are.

use std::collections::HashSet;
use std::path::Path;

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::config::{Config, Object};
use super::html::{Page, full_path};
use super::minimal;
use super::regions::{Article, layer, set_json};
use super::{ANNOTATION, COMPLETED_BY, DATA, FIELDS, FOREIGN, OWN_FIELDS, PREDICTIONS, PREDICTIONS_KEPT, TASK, hidden};
use crate::formats::items::each_made;
use crate::formats::values::value_of;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside, numbered};
use crate::model::{Attributes, Status, Value};
use crate::text::short;

/// Reads a file of tasks.
pub(super) fn read(
    source: &Source<'_>,
    (config, with_predictions): (&Config, bool),
    report: &mut Report,
    take: &mut dyn FnMut(Document),
) {
    let (path, name) = (source.path, source.name);
    let layers = |number: usize, task: Json| {
        let (mut report, mut documents) = (Report::default(), Vec::new());
        let file = File { path, name, config, with_predictions, number, report: &mut report };
        file.task(task, &mut |document| documents.push(document));
        (report, documents)
    };
    let read = each_made(source.bytes, layers, &mut |(told, documents): (Report, Vec<Document>)| {
        report.warnings.extend(told.warnings);
        report.declared.extend(told.declared);
        documents.into_iter().for_each(&mut *take);
    });
    let failed = read.err();
    if let Some((before, error)) = failed {
        let message = short(format!("after task {before}: this is no JSON of tasks ({error}); the rest is left out"));
        let kind = WarningKind::BrokenLine;
        report.warnings.push(Warning { file: source.path.to_owned(), line: before + 1, kind, message });
    }
}

struct File<'a> {
    path: &'a Path,
    name: &'a str,
    config: &'a Config,
    /// Whether predictions are read as layers.
    with_predictions: bool,
    /// The task's number, from 1.
    number: usize,
    report: &'a mut Report,
}

impl File<'_> {
    fn warn(&mut self, kind: WarningKind, message: impl Into<String>) {
        let message = short(message.into());
        self.report.warnings.push(Warning { file: self.path.to_owned(), line: self.number, kind, message });
    }

    fn task(mut self, task: Json, take: &mut dyn FnMut(Document)) {
        let Json::Object(mut task) = task else {
            return self.warn(WarningKind::BrokenLine, "this is no task; it is left out");
        };
        let Some((mut data, is_minimal)) = self.data(&mut task) else {
            return self.warn(WarningKind::BrokenLine, "there is no data in this task; it is left out");
        };
        let mut annotations: Vec<Json> =
            ["annotations", "completions"].into_iter().flat_map(|name| list(task.shift_remove(name))).collect();
        let mut predictions = list(task.shift_remove("predictions"));
        let by_people = if self.with_predictions && !predictions.is_empty() { annotations.len() } else { usize::MAX };
        if self.with_predictions {
            annotations.append(&mut predictions);
        }
        let Some(article) = self.article(&mut data, &annotations) else { return };
        let file = self.file(&mut data, task.get("id").and_then(Json::as_u64), is_minimal);
        let annotator =
            if let Some(Json::String(name)) = data.shift_remove("annotator") { name } else { String::new() };
        let note = match data.shift_remove("note") {
            Some(Json::String(note)) => note,
            Some(other) => {
                data.insert("note_".to_owned(), other);
                String::new()
            }
            None => String::new(),
        };
        let mut attributes = self.attributes(data);
        self.rest(task, predictions, &mut attributes);
        // A task without annotations is an article that nobody has worked on.
        let annotations = if annotations.is_empty() { vec![json!({"result": []})] } else { annotations };
        let mut used: HashSet<String> = HashSet::new();
        for (at, annotation) in annotations.into_iter().enumerate() {
            let Json::Object(mut annotation) = annotation else {
                self.warn(WarningKind::BrokenLine, "an annotation of this task is no object; it is left out");
                continue;
            };
            let results = list(annotation.shift_remove("result"));
            let by = annotation.shift_remove(COMPLETED_BY).filter(|by| !by.is_null());
            let mut attributes = attributes.clone();
            let mut name = match &by {
                _ if at >= by_people => model(&annotation),
                _ if at == 0 && !annotator.is_empty() => {
                    if let Some(by) = by {
                        set_json(&mut attributes, COMPLETED_BY, by);
                    }
                    annotator.clone()
                }
                Some(by) => person(by),
                None if at == 0 => String::new(),
                None => format!("{}-{}", if annotator.is_empty() { "annotator" } else { &annotator }, at + 1),
            };
            while !used.insert(name.clone()) {
                name = format!("{name}-{}", at + 1);
            }
            let cancelled = annotation.get("was_cancelled") == Some(&Json::Bool(true));
            if !annotation.is_empty() {
                set_json(&mut attributes, ANNOTATION, annotation);
            }
            let mut draft = layer(self.path, self.number, self.config, &article, results, attributes, self.report);
            draft.head.annotator = name.into();
            if cancelled {
                draft.head.status = Status::Skipped;
            }
            draft.head.document_note.clone_from(&note);
            take(draft.finish(file.clone(), article.text.clone()));
        }
    }

    /// The data of a task, and whether it is of an export that has little more.
    fn data(&self, task: &mut Map<String, Json>) -> Option<(Map<String, Json>, bool)> {
        match task.shift_remove("data") {
            Some(Json::Object(data)) => Some((data, false)),
            Some(_) => None,
            None => match minimal::data_of(task, self.config) {
                Some(data) => Some((data, true)),
                // Label Studio also takes data alone.
                None => task.get("text").is_some_and(Json::is_string).then(|| (std::mem::take(task), false)),
            },
        }
    }

    /// Keeps what is no mark of anybody's.
    fn rest(&mut self, task: Map<String, Json>, predictions: Vec<Json>, attributes: &mut Attributes) {
        if !predictions.is_empty() {
            let message = format!(
                "{PREDICTIONS_KEPT}, and not read as marks: {}; --predictions makes them layers",
                predictions.len()
            );
            self.warn(WarningKind::UnknownField, message);
            set_json(attributes, PREDICTIONS, predictions);
        }
        if let Some(drafts) = task.get("drafts").and_then(Json::as_array).filter(|drafts| !drafts.is_empty()) {
            let count = drafts.len();
            let message = format!("drafts that nobody submitted are kept as they are, and not read as marks: {count}");
            self.warn(WarningKind::UnknownField, message);
        }
        if !task.is_empty() {
            set_json(attributes, TASK, task);
        }
    }

    /// The article's text: as the configuration says where it is, or what looks like it.
    fn article(&mut self, data: &mut Map<String, Json>, annotations: &[Json]) -> Option<Article> {
        let own = self.config.objects.iter().find(|object| data.contains_key(&object.field)).cloned();
        let object = own.or_else(|| guessed(data, annotations));
        let Some(object) = object else {
            self.warn(WarningKind::BrokenLine, "there is no text in this task; it is left out");
            return None;
        };
        if object.remote {
            let message = format!("{} says where the text is, and is not the text; the task is left out", object.field);
            self.warn(WarningKind::BrokenLine, message);
            return None;
        }
        let wanted = || {
            let results =
                annotations.iter().flat_map(|it| it.get("result").and_then(Json::as_array).into_iter().flatten());
            let ends =
                results.flat_map(|row| ["start", "end"].map(|end| row.get("value").and_then(|value| value.get(end))));
            ends.flatten().filter_map(Json::as_str).map(full_path).collect::<HashSet<String>>()
        };
        let article = match data.get(&object.field) {
            Some(Json::String(html)) if object.tag == "hypertext" => {
                let page = Page::new(html, &wanted());
                Article { text: page.text.clone(), object: object.name, page: Some(page), turns: Vec::new() }
            }
            Some(Json::String(text)) => {
                let text = text.clone();
                Article { text, object: object.name, page: None, turns: Vec::new() }
            }
            Some(Json::Array(turns)) => {
                let key = object.text_key.as_deref().unwrap_or("text");
                Article::of_turns(object.name, turns.iter().map(|turn| turn.get(key).and_then(Json::as_str)))
            }
            _ => Article { text: String::new(), object: object.name, page: None, turns: Vec::new() },
        };
        if article.text.is_empty() {
            self.warn(WarningKind::BrokenLine, format!("{} holds no text; the task is left out", object.field));
            return None;
        }
        // A dialogue says more than the text; what is text alone is the article.
        if !data.get(&object.field).is_some_and(Json::is_array) {
            data.shift_remove(&object.field);
        }
        Some(article)
    }

    /// The article's path: what the data calls it, or the task's number. Of a project that was exported, the project and the
    /// number that the task has there, so that it is the same in the next export.
    fn file(&mut self, data: &mut Map<String, Json>, id: Option<u64>, is_minimal: bool) -> String {
        if let Some(Json::String(file)) = data.shift_remove("file") {
            if is_inside(&file) {
                return file;
            }
            let message = format!("{file:?} is no path inside the folder; the article gets a number");
            self.warn(WarningKind::BadPath, message);
        }
        match (project(self.name), id) {
            (Some(project), Some(id)) => numbered(&project, id as usize),
            // Each annotation of a task is an item of its own there.
            (None, Some(id)) if is_minimal => numbered(self.name, id as usize),
            _ => numbered(self.name, self.number),
        }
    }

    /// The fields of the data as attributes of the article.
    fn attributes(&self, data: Map<String, Json>) -> Attributes {
        let mut attributes = Attributes::default();
        let mut fields: Vec<SmolStr> = Vec::new();
        for (name, json) in data {
            let plain = if hidden(&name, &OWN_FIELDS) { name.strip_suffix('_').unwrap_or(&name) } else { &name };
            let value = if plain.starts_with(FOREIGN) { None } else { value_of(&json) };
            let Some(value) = value else {
                set_json(&mut attributes, &format!("{DATA}{plain}"), json);
                continue;
            };
            attributes.set(plain, Some(value));
            // Ours are where the schema says, which the configuration tells too.
            if !self.config.ours || self.config.is_of_task(plain) {
                fields.push(plain.into());
            }
        }
        if !fields.is_empty() {
            fields.sort_unstable();
            attributes.set(format!("{FOREIGN}{FIELDS}"), Some(Value::Many(fields.into())));
        }
        attributes
    }
}

/// What is labelled, where no configuration tells: the field `text`, a dialogue, or the longest text.
fn guessed(data: &Map<String, Json>, annotations: &[Json]) -> Option<Object> {
    let results = || annotations.iter().flat_map(|it| it.get("result").and_then(Json::as_array).into_iter().flatten());
    let is = |kind: &str| results().any(|row| row.get("type").and_then(Json::as_str) == Some(kind));
    let tag = if is("hypertextlabels") { "hypertext" } else { "text" };
    let name = results().find_map(|row| row.get("to_name").and_then(Json::as_str)).unwrap_or_default();
    let object = |field: &str, tag: &str| Object {
        name: name.to_owned(),
        tag: tag.to_owned(),
        field: field.to_owned(),
        text_key: None,
        remote: false,
    };
    if data.get("text").is_some_and(Json::is_string) {
        return Some(object("text", tag));
    }
    if is("paragraphlabels") {
        let turns = data.iter().find(|(_, value)| value.as_array().is_some_and(|it| it.iter().all(Json::is_object)));
        return turns.map(|(field, _)| object(field, "paragraphs"));
    }
    let texts = data.iter().filter_map(|(field, value)| Some((value.as_str()?.len(), field)));
    let texts = texts.filter(|(_, field)| !OWN_FIELDS.contains(&field.as_str()));
    texts.max().map(|(_, field)| object(field, tag))
}

/// Which model made a prediction.
fn model(prediction: &Map<String, Json>) -> String {
    let version = prediction.get("model_version").and_then(Json::as_str).map(str::trim);
    version.filter(|version| !version.is_empty()).unwrap_or("prediction").to_owned()
}

/// Who made an annotation.
fn person(by: &Json) -> String {
    let named = |field: &str| by.get(field).and_then(Json::as_str).filter(|name| !name.is_empty());
    match by {
        Json::String(name) => name.clone(),
        Json::Object(_) => match named("username").or(named("email")) {
            Some(name) => name.to_owned(),
            None => format!("user-{}", by.get("id").unwrap_or(&Json::Null)),
        },
        other => format!("user-{other}"),
    }
}

fn list(value: Option<Json>) -> Vec<Json> {
    if let Some(Json::Array(list)) = value { list } else { Vec::new() }
}

/// `news/project-3` of `news/project-3-at-2026-05-01-12-30-0a1b2c3d.json`, as Label Studio names what it exports.
fn project(name: &str) -> Option<String> {
    let (folder, own) = name.rsplit_once('/').map_or(("", name), |(folder, own)| (folder, own));
    let (project, time) = own.split_once("-at-")?;
    let is_number = project.strip_prefix("project-")?.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = time.starts_with("20") && time.matches('-').count() > 2;
    (is_number && is_time).then(|| format!("{folder}/{project}").trim_start_matches('/').to_owned())
}
