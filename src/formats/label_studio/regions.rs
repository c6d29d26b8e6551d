//! From the results of an annotation to a layer in the making.
//!
//! Regions come first, then what controls say of them, then relations. A row that is of something else than the text is
//! kept as it is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::config::Config;
use super::controls::{AUTHOR_OF, LABEL, NOTE, UNSURE, attribute_of, value_of};
use super::html::{Page, full_path};
use super::{FOREIGN, PIECE, RESULTS, hidden};
use crate::formats::draft::Draft;
use crate::formats::taken::Taken;
use crate::formats::units::Unit;
use crate::formats::{Report, WarningKind, made};
use crate::model::{AUTHOR, Attributes, Value};

/// What a task's regions are of.
pub(super) struct Article {
    /// The text.
    pub text: String,
    /// How results name it; empty where nothing says.
    pub object: String,
    /// The text nodes, where it was HTML.
    pub page: Option<Page>,
    /// The first code points of the turns, where it was a dialogue.
    pub turns: Vec<u64>,
}

impl Article {
    /// A dialogue, a paragraph a turn.
    pub fn of_turns<'t>(object: String, texts: impl Iterator<Item = Option<&'t str>>) -> Self {
        let (mut text, mut turns, mut chars) = (String::new(), Vec::new(), 0);
        for turn in texts.map(Option::unwrap_or_default) {
            if !turns.is_empty() {
                text.push_str("\n\n");
                chars += 2;
            }
            turns.push(chars);
            text.push_str(turn);
            chars += turn.chars().count() as u64;
        }
        Self { text: if text.trim().is_empty() { String::new() } else { text }, object, page: None, turns }
    }

    /// Where a region stands, in code points; none where it says nothing of that.
    fn stretch(&self, value: &Json) -> Option<(u64, u64)> {
        let number = |json: &Json| json.as_u64().or_else(|| json.as_str()?.parse().ok());
        let pair = |at: &Json| Some((number(at.get("start")?)?, number(at.get("end")?)?));
        let offset = |name: &str| number(value.get(name)?);
        if let Some(page) = &self.page {
            if let Some((start, end)) = value.get("globalOffsets").and_then(pair) {
                return Some(page.stretch(start, end));
            }
            let end = |end: &str, offset: u64| page.char(&full_path(value.get(end)?.as_str()?), offset);
            return end("start", offset("startOffset")?).zip(end("end", offset("endOffset")?));
        }
        let (start, end) = pair(value)?;
        if self.turns.is_empty() {
            return Some((start, end));
        }
        let turn = |at: u64| self.turns.get(usize::try_from(at).ok()?);
        Some((turn(start)?.checked_add(offset("startOffset")?)?, turn(end)?.checked_add(offset("endOffset")?)?))
    }
}

/// A region: its row, and what of it became of the rows after it.
struct Region {
    label: SmolStr,
    kind: Option<SmolStr>,
    stretches: Vec<(u64, u64)>,
    words: Option<String>,
    attributes: Attributes,
    note: String,
    unsure: bool,
}

impl Region {
    /// Takes in a piece, and what was said of it that was not said of the whole.
    fn add(&mut self, piece: Self) {
        self.stretches.extend(piece.stretches);
        self.words = self.words.take().zip(piece.words).map(|(one, other)| format!("{one} {other}"));
        for (name, value) in piece.attributes.iter().filter(|(name, _)| !name.starts_with(FOREIGN)) {
            if self.attributes.get(name).is_none() {
                self.attributes.set(name.clone(), Some(value.clone()));
            }
        }
        if self.note.is_empty() {
            self.note = piece.note;
        }
        self.unsure |= piece.unsure;
    }
}

/// A layer of what the results of an annotation say.
pub(super) fn layer<'r>(
    path: &Path,
    number: usize,
    config: &Config,
    article: &Article,
    results: Vec<Json>,
    attributes: Attributes,
    report: &'r mut Report,
) -> Draft<'r> {
    let draft = Draft::new(path, Unit::CodePoints, report);
    let mut results_of = Results {
        config,
        article,
        number,
        draft,
        made: Taken::default(),
        order: Vec::new(),
        regions: HashMap::new(),
        links: Vec::new(),
        kept: Vec::new(),
    };
    results_of.draft.head.document = attributes;
    let (mut rows, mut links) = (Vec::new(), Vec::new());
    for row in results {
        match row {
            Json::Object(row) if row.get("type").and_then(Json::as_str) == Some("relation") => links.push(row),
            Json::Object(row) => rows.extend(results_of.region(row)),
            other => {
                let message = format!(
                    "{} is no result; it is left out",
                    if other.is_null() { "an empty entry".to_owned() } else { other.to_string() }
                );
                results_of.draft.warn(number, WarningKind::WrongValue, message);
            }
        }
    }
    for row in rows {
        results_of.control(row);
    }
    for row in links {
        results_of.relation(&row);
    }
    results_of.finish()
}

struct Results<'a, 'r> {
    config: &'a Config,
    article: &'a Article,
    number: usize,
    draft: Draft<'r>,
    /// Ids in the order of the file.
    order: Vec<String>,
    /// Ids of regions that had none.
    made: Taken,
    regions: HashMap<String, Region>,
    /// Ends, label and whether it has two directions.
    links: Vec<(String, String, SmolStr, bool)>,
    kept: Vec<Json>,
}

impl<'r> Results<'_, 'r> {
    /// Takes a region with a label; gives back what is no such.
    fn region(&mut self, mut row: Map<String, Json>) -> Option<Map<String, Json>> {
        let kind = row.get("type").and_then(Json::as_str).unwrap_or_default();
        let is_text = matches!(kind, "labels" | "hypertextlabels" | "paragraphlabels");
        let of_this = is_of(&row, &self.article.object);
        let value = row.get("value").cloned().unwrap_or_default();
        let stretch = if is_text && of_this { self.article.stretch(&value) } else { None };
        let words = value.get("text").and_then(Json::as_str).filter(|words| !words.is_empty());
        // Line feeds between blocks of HTML are written as `\n`.
        let words =
            words.map(|words| if self.article.page.is_some() { words.replace("\\n", "\n") } else { words.to_owned() });
        let id = id_of(&row);
        if !is_text || !of_this || (stretch.is_none() && words.is_none()) || self.regions.contains_key(&id) {
            return Some(row);
        }
        let labels = labels_of(&value, kind);
        let (label, kind) = labels.first().map_or_else(Default::default, |label| self.config.label(label));
        let mut attributes = Attributes::default();
        if labels.len() > 1 {
            attributes.set(format!("{FOREIGN}labels"), Some(Value::Many(labels[1..].into())));
        }
        for name in ["id", "from_name", "to_name", "type", "value", "source"] {
            row.shift_remove(name);
        }
        let says = |name: &str, json: &Json| match json {
            Json::Null | Json::Bool(false) => false,
            Json::String(text) => name != "origin" || text != "manual",
            _ => true,
        };
        for (name, json) in row.into_iter().filter(|(name, json)| says(name, json) && name != "labels") {
            set_json(&mut attributes, &name, json);
        }
        let stretches: Vec<(u64, u64)> = stretch.into_iter().collect();
        let id = if id.is_empty() { self.made.take(made::of_stretches(&label, &stretches), '+') } else { id };
        self.order.push(id.clone());
        self.regions
            .insert(id, Region { label, kind, stretches, words, attributes, note: String::new(), unsure: false });
        None
    }

    /// Takes what a control says of a region, or of the whole task.
    fn control(&mut self, row: Map<String, Json>) {
        let control = row.get("from_name").and_then(Json::as_str).unwrap_or_default().to_owned();
        let (name, takes) = attribute_of(&control);
        let kind = row.get("type").and_then(Json::as_str).unwrap_or_default();
        let ours = self.config.ours || !self.config.there;
        let of_this = is_of(&row, &self.article.object);
        let value = if name.is_empty() || name.starts_with(FOREIGN) || !of_this {
            None
        } else {
            value_of(&row, takes, self.config.takes_several(&control))
        };
        let places = row.get("value").is_some_and(|value| value.get("start").is_some());
        match (self.regions.get_mut(&id_of(&row)), value) {
            (Some(region), Some(Value::Text(choice))) if ours && control == UNSURE && choice == UNSURE => {
                region.unsure = true;
            }
            (Some(region), Some(Value::Text(note))) if control == NOTE && kind == "textarea" => {
                region.note = note.to_string();
            }
            (Some(region), Some(Value::Many(notes))) if control == NOTE && kind == "textarea" => {
                region.note = notes.join("\n");
            }
            (Some(_), Some(value)) if ours && control == AUTHOR_OF => {
                let labels = match value {
                    Value::Many(labels) => labels.to_vec(),
                    other => vec![other.to_string().into()],
                };
                let from = id_of(&row);
                self.links.extend(labels.into_iter().map(|label| (from.clone(), AUTHOR.to_owned(), label, false)));
            }
            (Some(region), Some(value)) if region.attributes.get(name).is_none() => {
                region.attributes.set(name, Some(value));
            }
            // Another label of the same region.
            (Some(region), None) if kind.ends_with("labels") && of_this && control != LABEL && !name.is_empty() => {
                let labels = labels_of(row.get("value").unwrap_or(&Json::Null), kind);
                if !labels.is_empty() && region.attributes.get(name).is_none() {
                    let value =
                        if labels.len() == 1 { Value::Text(labels[0].clone()) } else { Value::Many(labels.into()) };
                    region.attributes.set(name, Some(value));
                } else {
                    self.kept.push(row.into());
                }
            }
            (None, Some(value)) if !places && self.draft.head.document.get(name).is_none() && name != "type" => {
                self.draft.head.document.set(name, Some(value));
            }
            _ => self.kept.push(row.into()),
        }
    }

    fn relation(&mut self, row: &Map<String, Json>) {
        let end = |name: &str| match row.get(name) {
            Some(Json::String(id)) => id.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let direction = row.get("direction").and_then(Json::as_str).unwrap_or("right");
        let (mut from, mut to) = (end("from_id"), end("to_id"));
        if direction == "left" {
            std::mem::swap(&mut from, &mut to);
        }
        let labels: Vec<SmolStr> = row
            .get("labels")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(SmolStr::from)
            .collect();
        let labels = if labels.is_empty() { vec![SmolStr::default()] } else { labels };
        for label in labels {
            self.links.push((from.clone(), to.clone(), label, direction == "bi"));
        }
    }

    /// Makes one of the pieces that a relation joins.
    fn join_pieces(&mut self) {
        let (pieces, links): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.links).into_iter().partition(|it| it.2 == PIECE);
        self.links = links;
        let mut next: BTreeMap<&String, &String> = BTreeMap::new();
        let mut later: HashSet<&String> = HashSet::new();
        for (from, to, ..) in &pieces {
            let same = self
                .regions
                .get(from)
                .zip(self.regions.get(to))
                .is_some_and(|(one, other)| one.label == other.label && one.kind == other.kind && from != to);
            if same && !next.contains_key(from) && later.insert(to) {
                next.insert(from, to);
            }
        }
        let mut first_of: HashMap<String, String> = HashMap::new();
        for first in self.order.iter().filter(|id| !later.contains(id)) {
            let mut at = first;
            while let Some(to) = next.get(at) {
                at = to;
                let Some(piece) = self.regions.remove(at) else { break };
                first_of.insert(at.clone(), first.clone());
                let Some(whole) = self.regions.get_mut(first) else { break };
                whole.add(piece);
            }
        }
        // What leads to a piece leads to the whole; a circle of pieces has no first one, and stays a circle of links.
        let is_joined = |(from, to): (&String, &String)| first_of.contains_key(to) && next.get(from) == Some(&to);
        let circles: Vec<_> = pieces.iter().filter(|(from, to, ..)| !is_joined((from, to))).cloned().collect();
        self.links.extend(circles);
        for end in self.links.iter_mut().flat_map(|(from, to, ..)| [from, to]) {
            if let Some(first) = first_of.get(end) {
                end.clone_from(first);
            }
        }
        self.order.retain(|id| !first_of.contains_key(id));
    }

    fn finish(mut self) -> Draft<'r> {
        self.join_pieces();
        let Self { number, mut draft, order, mut regions, links, kept, .. } = self;
        for id in order {
            let Some(region) = regions.remove(&id) else { continue };
            let mark = draft.mark(&id, &region.label, number, region.stretches, region.words.as_deref());
            mark.attributes = region.attributes;
            if let Some(kind) = region.kind {
                mark.attributes.set("type", Some(Value::Text(kind)));
            }
            mark.edit_extra(|extra| {
                extra.note = region.note;
                extra.unsure = region.unsure;
            });
        }
        for (from, to, label, both) in links {
            // A label that ours would hide has one line more.
            let plain = if hidden(&label, &[PIECE]) { label.strip_suffix('_').unwrap_or(&label) } else { &label };
            // Named by its ends: it is the same one when others are gone or come.
            let link = draft.link(&format!("{from}-{plain}-{to}"), plain, &from, &to, number);
            if both {
                link.attributes.set(format!("{FOREIGN}direction"), Some(Value::Text("bi".into())));
            }
        }
        if !kept.is_empty() {
            set_json(&mut draft.head.document, RESULTS, kept);
        }
        draft
    }
}

/// Whether a row is of this object.
fn is_of(row: &Map<String, Json>, object: &str) -> bool {
    let to = row.get("to_name").and_then(Json::as_str).unwrap_or_default();
    object.is_empty() || to.is_empty() || to == object
}

fn id_of(row: &Map<String, Json>) -> String {
    match row.get("id") {
        Some(Json::String(id)) => id.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn labels_of(value: &Json, kind: &str) -> Vec<SmolStr> {
    let labels = value.get(kind).or_else(|| value.get("labels"));
    labels.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(SmolStr::from).collect()
}

/// Keeps something as JSON.
pub(super) fn set_json(attributes: &mut Attributes, name: &str, json: impl Into<Json>) {
    attributes.set(format!("{FOREIGN}{name}"), Some(Value::Text(json.into().to_string().into())));
}
