//! From a layer to the lines of an `.ann` file.
//!
//! Ids that are brat's already stay; the others are numbered in the order of the text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use smol_str::SmolStr;

use super::lines::Lines;
use super::read::names_of;
use super::{ATTRIBUTE, FOREIGN, NOTE, TO_AUTHOR, UNSURE, config, name};
use crate::formats::loss::count_head;
use crate::formats::pieces::stretches;
use crate::formats::{Document, Done, Kind, Losses, Met, Names, Piece, Writer, full_label};
use crate::model::{AUTHOR, Annotation, Id, Layer, Relation, Schema, Value};
use crate::text::OffsetIndex;

/// Writes brat's files.
pub(super) struct BratWriter {
    schema: Schema,
    names: Names,
}

impl BratWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { schema: schema.clone(), names: Names::new(schema, name) }
    }
}

impl BratWriter {
    /// Whether an attribute takes more than values that can be listed.
    fn is_free(&self, on: &str, attribute: &str) -> bool {
        use crate::model::schema::AttributeKind as K;
        let known = self.schema.attributes_on(on).find(|known| known.id == attribute);
        known.is_some_and(|known| matches!(known.kind, K::Text | K::Link(_) | K::Number | K::Many(_) | K::Bool))
    }
}

impl Writer for BratWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        let Document { file, text, layer } = document;
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let index = OffsetIndex::new(text);
        let mut file_of = File { writer: self, article: file, lines: Lines::default(), losses, met };
        let mut ids: HashMap<&Id, String> = HashMap::new();
        let own: Vec<&Id> = layer.annotations().map(|annotation| &annotation.id).collect();
        let places = numbers(&own, 'T');
        let mut all: Vec<(Vec<Range<usize>>, String, &Annotation)> = Vec::new();
        for (annotation, id) in layer.annotations().zip(places) {
            let found = stretches(text, &annotation.spans);
            if annotation.orphan().is_some() {
                file_of.lose(Kind::Orphan, Done::Dropped, &annotation.id);
            } else if found.is_empty() {
                file_of.lose(Kind::Blank, Done::Dropped, &annotation.id);
            } else {
                all.push((found, id, annotation));
            }
        }
        // As they will stand when they are read again, where white space at the edges is gone.
        all.sort_by_cached_key(|(found, id, _)| {
            let end = found.last().map_or(0, |last| last.end);
            (found[0].start, usize::MAX - end, id.len(), id.clone())
        });
        let mut written = Vec::new();
        for (found, id, annotation) in all {
            file_of.met.labels.insert(full_label(annotation));
            file_of.lines.text_bound(&id, &self.names.of(annotation), text, &index, &found);
            ids.insert(&annotation.id, id);
            written.push(annotation);
        }
        // New numbers come after those of lines that are kept.
        for (id, _) in written.iter().flat_map(|annotation| kept_on(annotation)) {
            file_of.lines.begin_after(id);
        }
        let relations = file_of.relations(layer, &ids);
        file_of.kept(&written, &ids);
        for annotation in written {
            file_of.details(annotation, &ids[&annotation.id]);
        }
        for (relation, id) in relations {
            file_of.relation_details(relation, &id);
        }
        file_of.head(layer);
        let ann = file_of.lines.into_bytes();
        vec![Piece::whole(format!("{stem}.txt"), text.as_bytes()), Piece::whole(format!("{stem}.ann"), ann)]
    }

    fn whole(&self, met: &Met) -> Vec<Piece> {
        vec![
            Piece::whole("annotation.conf", config::annotation_conf(&self.schema, &self.names, met)),
            Piece::whole("visual.conf", config::visual_conf(&self.schema, &self.names)),
        ]
    }
}

/// The number of an id that is brat's own.
fn number(letter: char, id: &str) -> Option<usize> {
    let digits = id.strip_prefix(letter)?;
    let plain = !digits.is_empty() && digits.len() < 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && !digits.starts_with('0')).then(|| digits.parse().ok()).flatten()
}

/// brat's ids for ids in order: those that are brat's stay, the rest are numbered after the largest of them.
fn numbers(ids: &[&Id], letter: char) -> Vec<String> {
    let mut next = ids.iter().filter_map(|id| number(letter, id)).max().unwrap_or(0);
    let numbered = ids.iter().map(|id| {
        if number(letter, id).is_some() {
            return id.to_string();
        }
        next += 1;
        format!("{letter}{next}")
    });
    numbered.collect()
}

/// One `.ann` file that is being written.
struct File<'a> {
    writer: &'a BratWriter,
    article: &'a str,
    lines: Lines,
    losses: &'a mut Losses,
    met: &'a mut Met,
}

impl File<'_> {
    fn lose(&mut self, kind: Kind, done: Done, id: &str) {
        self.losses.add(kind, done, self.article, id);
    }

    /// Writes the relations between annotations that are in the file, by their ends where brat has not numbered them.
    fn relations<'l>(&mut self, layer: &'l Layer, ids: &HashMap<&Id, String>) -> Vec<(&'l Relation, String)> {
        let mut all = layer.relations();
        let end = |id: &Id| ids.get(id).map(|id| (id.len(), id.clone()));
        all.sort_by_cached_key(|it| {
            (number('R', &it.id).unwrap_or(usize::MAX), end(&it.from), name(&it.label), end(&it.to))
        });
        let (to_author, between): (Vec<&Relation>, Vec<&Relation>) = all.into_iter().partition(|it| it.to == AUTHOR);
        let own: Vec<&Id> = between.iter().map(|relation| &relation.id).collect();
        let mut written = Vec::new();
        for (relation, id) in between.iter().zip(numbers(&own, 'R')) {
            let (Some(from), Some(to)) = (ids.get(&relation.from), ids.get(&relation.to)) else {
                self.lose(Kind::Relation, Done::Dropped, &relation.id);
                continue;
            };
            self.lines.relation(&id, &name(&relation.label), from, to);
            let end = |id: &Id| layer.get(id).map(full_label);
            if let Some(from) = end(&relation.from) {
                self.met.relations.insert((relation.label.clone(), from, end(&relation.to)));
            }
            written.push((*relation, id));
        }
        for relation in to_author {
            let Some(from) = ids.get(&relation.from) else {
                self.lose(Kind::Relation, Done::Dropped, &relation.id);
                continue;
            };
            self.lines.note(&format!("{TO_AUTHOR}{}", name(&relation.label)), from, AUTHOR);
            self.lose(Kind::RelationToAuthor, Done::Kept, &relation.id);
            for _ in relation.attributes.iter() {
                self.lose(Kind::RelationAttribute, Done::Dropped, &relation.id);
            }
            if !relation.note().is_empty() {
                self.lose(Kind::RelationAttribute, Done::Dropped, &relation.id);
            }
        }
        written
    }

    /// Lines of a brat dataset that were kept when it was imported. What they name must be there.
    fn kept(&mut self, written: &[&Annotation], ids: &HashMap<&Id, String>) {
        let mut lines: Vec<(&str, &str, &Id)> = Vec::new();
        for annotation in written {
            lines.extend(kept_on(annotation).map(|(id, rest)| (id, rest, &annotation.id)));
        }
        // What others refer to first.
        lines.sort_by_key(|(id, rest, _)| {
            (id.chars().next().and_then(|c| "ER".find(c)).unwrap_or(2), id.len(), *id, *rest)
        });
        let here: HashSet<&str> =
            ids.iter().filter(|(own, id)| **own == id.as_str()).map(|(_, id)| id.as_str()).collect();
        let gone = gone(&lines, &here);
        for (at, (id, rest, on)) in lines.into_iter().enumerate() {
            if gone.contains(&at) {
                self.lose(Kind::Attribute, Done::Dropped, on);
            } else {
                self.lines.kept(id, rest);
                self.met.kept.extend(declared(id, rest));
            }
        }
    }

    /// What an annotation says besides its place.
    fn details(&mut self, annotation: &Annotation, id: &str) {
        let on = annotation.label.clone();
        let own = |(attribute, _): &(&SmolStr, &Value)| *attribute != "type" && !attribute.starts_with(FOREIGN);
        for (attribute, value) in in_order(annotation.attributes.iter().filter(own)) {
            self.value(&on, attribute, value, id);
        }
        if annotation.unsure() {
            self.lines.attribute(UNSURE, id, None);
            self.met.attributes.entry((on, UNSURE.into())).or_default();
        }
        if !annotation.note().is_empty() {
            self.lines.note(NOTE, id, annotation.note());
        }
        let Some(extra) = &annotation.extra else { return };
        for _ in &extra.conflict {
            self.lose(Kind::OtherVersion, Done::Dropped, &annotation.id);
        }
        if extra.origin.is_some() || extra.made.is_some() {
            self.lose(Kind::Origin, Done::Dropped, &annotation.id);
        }
    }

    fn relation_details(&mut self, relation: &Relation, id: &str) {
        for (attribute, value) in in_order(relation.attributes.iter()) {
            self.value(&relation.label, attribute, value, id);
        }
        if !relation.note().is_empty() {
            self.lines.note(NOTE, id, relation.note());
        }
        let Some(extra) = &relation.extra else { return };
        for _ in &extra.conflict {
            self.lose(Kind::OtherVersion, Done::Dropped, &relation.id);
        }
        if extra.made.is_some() {
            self.lose(Kind::Origin, Done::Dropped, &relation.id);
        }
    }

    /// A value that brat's configuration can declare is an attribute, any other a note of the attribute's name.
    fn value(&mut self, on: &SmolStr, attribute: &SmolStr, value: &Value, id: &str) {
        let written = written(value);
        let key = || (on.clone(), attribute.clone());
        match value {
            Value::Bool(true) => {
                self.met.attributes.entry(key()).or_default();
                self.lines.attribute(&name(attribute), id, None);
            }
            Value::Text(_) | Value::Bool(_) if config::is_value(&written) && !self.writer.is_free(on, attribute) => {
                self.met.attributes.entry(key()).or_default().insert(written.clone());
                self.lines.attribute(&name(attribute), id, Some(&written));
            }
            _ => self.lines.note(&format!("{ATTRIBUTE}{}", name(attribute)), id, &written),
        }
    }

    /// What a layer says of the article.
    fn head(&mut self, layer: &Layer) {
        let head = layer.head();
        for (attribute, _) in head.document.iter() {
            self.lose(Kind::ArticleAttribute, Done::Dropped, attribute);
        }
        count_head(layer, self.article, self.losses);
    }
}

/// Which of the lines that were kept cannot be written: they name what is not there, or an event that cannot be written.
fn gone(lines: &[(&str, &str, &Id)], here: &HashSet<&str>) -> HashSet<usize> {
    let mut events: HashMap<&str, usize> = HashMap::new();
    for (id, ..) in lines.iter().filter(|(id, ..)| id.starts_with('E')) {
        *events.entry(id).or_default() += 1;
    }
    let mut naming: HashMap<&str, Vec<usize>> = HashMap::new();
    let (mut gone, mut left) = (HashSet::new(), Vec::new());
    for (at, (_, rest, _)) in lines.iter().enumerate() {
        let names = names_of(rest);
        let there = |name: &&str| name.starts_with('R') || here.contains(name) || events.contains_key(name);
        if !names.iter().all(there) || rest.contains(['\n', '\r']) {
            left.push(at);
        }
        names
            .into_iter()
            .filter(|name| name.starts_with('E'))
            .for_each(|name| naming.entry(name).or_default().push(at));
    }
    while let Some(at) = left.pop() {
        let id = lines[at].0;
        if !gone.insert(at) {
            continue;
        }
        if let Some(count) = events.get_mut(id) {
            *count -= 1;
            if *count == 0 {
                left.extend(naming.get(id).into_iter().flatten());
            }
        }
    }
    gone
}

/// The lines that are kept on an annotation: id and rest.
fn kept_on<'a>(annotation: &'a Annotation) -> impl Iterator<Item = (&'a str, &'a str)> {
    let kept = annotation.attributes.iter().filter_map(|(name, value)| Some((name.strip_prefix(FOREIGN)?, value)));
    let plain = |id: &'a str| match id.rsplit_once('+') {
        Some((id, number)) if number.len() == 7 && number.bytes().all(|byte| byte.is_ascii_digit()) => id,
        _ => id,
    };
    let lines = kept.map(move |(id, value)| (plain(id), value.as_text().unwrap_or_default()));
    lines.filter(|(id, _)| !id.is_empty())
}

/// Attributes by the names that they have in the file, so that they stand in the same order when they are read again.
fn in_order<'a>(attributes: impl Iterator<Item = (&'a SmolStr, &'a Value)>) -> Vec<(&'a SmolStr, &'a Value)> {
    let mut all: Vec<_> = attributes.collect();
    all.sort_by_key(|(attribute, _)| name(attribute));
    all
}

/// A value as a line has it.
fn written(value: &Value) -> String {
    match value {
        Value::Many(values) => values.join("|"),
        other => other.to_string(),
    }
}

/// What the configuration must have for a line that is kept.
fn declared(id: &str, rest: &str) -> Vec<(char, String, String)> {
    let mut words = rest.split_whitespace();
    let first = words.next().unwrap_or_default();
    match id.as_bytes()[0] {
        b'E' => {
            let event = first.split_once(':').map_or(first, |(event, _)| event).to_owned();
            let roles = words.filter_map(|word| {
                word.split_once(':').map(|(role, _)| role.trim_end_matches(|c: char| c.is_ascii_digit()))
            });
            let mut all: Vec<_> = roles.map(|role| ('E', event.clone(), role.to_owned())).collect();
            all.push(('E', event, String::new()));
            all
        }
        b'A' | b'M' => vec![('A', first.to_owned(), words.nth(1).unwrap_or_default().to_owned())],
        b'R' => vec![('R', first.to_owned(), String::new())],
        _ => Vec::new(),
    }
}
