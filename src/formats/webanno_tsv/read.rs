//! From a file to a layer: names become labels and attributes, numbers become ids, addresses become relations.
//!
//! What is not taken (words, grammar) is told, once for each layer.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json};
use smol_str::{SmolStr, format_smolstr};

use super::body::Body;
use super::header::{Header, Layer};
use super::rows::{Link, Mark, Relation, Rows};
use super::{FOREIGN, FORMAT_LINE, NOTHING};
use crate::formats::draft::Draft;
use crate::formats::taken::Taken;
use crate::formats::uima::plan::Shape;
use crate::formats::uima::{self, AUTHOR_LAYER, is_foreign, is_grammar, label_of};
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside, made};
use crate::model::{AUTHOR, Attributes, RelationExtra, Value};

/// Reads a file.
pub(super) fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut refuse = |message: String| {
        let kind = WarningKind::BrokenLine;
        report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message });
    };
    let Ok(text) = str::from_utf8(source.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source.bytes)) else {
        return refuse("it is not UTF-8; the file is left out".to_owned());
    };
    let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate();
    let first = lines.next().map_or("", |(_, line)| line);
    let Some(mut header) = Header::begin(first) else {
        return refuse(format!("it does not begin with {FORMAT_LINE}3; the file is left out"));
    };
    let body = Body::read(&mut header, lines.map(|(at, line)| (at + 1, line)));
    if body.units.is_empty() && !body.ours.contains_key("between") {
        return refuse("there is no token in it; the file is left out".to_owned());
    }
    take(document(source, &header, &body, report));
}

/// The document of a file.
fn document(source: &Source<'_>, header: &Header, body: &Body, report: &mut Report) -> Document {
    let names = body.ours.get("names").and_then(Json::as_object).cloned().unwrap_or_default();
    let rows = Rows::read(header, body, |layer| !is_grammar(&layer.name));
    let draft = Draft::new(source.path, Unit::Utf16, report);
    let mut reader = Reader { body, rows: &rows, names, draft, ids: HashMap::new(), taken: Taken::from([AUTHOR]) };
    for (line, kind, message) in &body.told {
        reader.draft.warn(*line, *kind, message.as_str());
    }
    reader.passed(header);
    let file = reader.head(source);
    for (number, mark) in rows.marks.iter().enumerate() {
        reader.mark(number, mark);
    }
    let mut slots = 0;
    for (number, mark) in rows.marks.iter().enumerate() {
        reader.slots(number, mark, &mut slots);
    }
    for (number, relation) in rows.relations.iter().enumerate() {
        reader.relation(number, relation);
    }
    for chain in rows.chains.values() {
        for (from, to) in chain.values().zip(chain.values().skip(1)) {
            reader.next(*from, *to);
        }
    }
    let Reader { mut draft, .. } = reader;
    // The layers of what Pressmark wrote are told by what is marked: their names are not the labels.
    if body.ours.is_empty() {
        draft.declare(header.declared());
    }
    draft.finish(file, body.text.clone())
}

/// The id that a column has, where the file came through INCEpTION from a CAS of ours.
fn said_or(features: &BTreeMap<SmolStr, String>, made: impl Fn() -> String) -> String {
    features.get(uima::ID).filter(|id| !id.is_empty() && *id != AUTHOR).cloned().unwrap_or_else(made)
}

struct Reader<'a> {
    body: &'a Body,
    rows: &'a Rows,
    /// What names stand for, where Pressmark wrote the file.
    names: Map<String, Json>,
    draft: Draft<'a>,
    /// What annotations are called.
    ids: HashMap<usize, String>,
    taken: Taken,
}

impl Reader<'_> {
    /// Tells of layers that are not taken.
    fn passed(&mut self, header: &Header) {
        let body = self.body;
        let full: Vec<&super::body::Unit> = body.units.iter().filter(|unit| !unit.cells.is_empty()).collect();
        let mut at = 0;
        for Layer { name, columns, .. } in &header.layers {
            let own = at..at + columns.len();
            at = own.end;
            if !is_grammar(name) {
                continue;
            }
            let mut filled = full.iter().filter(|unit| unit.cells[own.clone()].iter().any(|cell| cell != NOTHING));
            if let Some(first) = filled.next() {
                let message = format!("{} rows of {name} are words and grammar; they are left out", filled.count() + 1);
                self.draft.warn(first.line, WarningKind::UnknownField, message);
            }
        }
    }

    /// What the file says of the article; gives its path.
    fn head(&mut self, source: &Source<'_>) -> String {
        let text = |name: &str| self.body.ours.get(name).and_then(Json::as_str);
        let project = uima::in_project(source.name);
        let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
        let said = text("article").or(project.map(|(article, _)| article));
        let mut file = format!("{stem}.txt");
        match said {
            Some(said) if is_inside(said) => said.clone_into(&mut file),
            Some(said) => {
                let message = format!("{said:?} is no path inside the folder; the article is called {file}");
                self.draft.warn(1, WarningKind::BadPath, message);
            }
            None => {}
        }
        let annotator = text("annotator").or(project.filter(|_| self.body.ours.is_empty()).map(|(_, name)| name));
        self.draft.head.annotator = annotator.unwrap_or_default().into();
        self.draft.head.document_note = text("note").unwrap_or_default().to_owned();
        let document = self.body.ours.get("document").and_then(Json::as_object).into_iter().flatten();
        let document = document.map(|(name, value)| {
            let value = match value {
                Json::String(text) => Value::Text(text.into()),
                Json::Bool(value) => Value::Bool(*value),
                Json::Array(values) => Value::Many(values.iter().filter_map(Json::as_str).map(SmolStr::from).collect()),
                other => Value::Number(other.as_f64().unwrap_or(0.0)),
            };
            (SmolStr::from(name), value)
        });
        let said = self.body.said.iter();
        let said = said.map(|(name, said)| (format_smolstr!("{FOREIGN}{name}"), Value::Text(said.into())));
        self.draft.head.document = document.chain(said).collect();
        file
    }

    /// What an annotation, relation or slot is called: its id with us, which stands in a list in the order of the rows, or
    /// one that is made.
    fn name(&mut self, list: &str, number: usize, made: String) -> String {
        let all = self.body.ours.get(list).and_then(Json::as_array);
        let own = all.and_then(|ids| ids.get(number)).and_then(Json::as_str).filter(|id| !id.is_empty());
        self.taken.take(own.filter(|id| !self.taken.has(id)).map_or(made, str::to_owned), '+')
    }

    fn label(&self, layer: &str) -> SmolStr {
        self.names.get(layer).and_then(Json::as_str).map_or_else(|| label_of(layer), SmolStr::from)
    }

    fn mark(&mut self, number: usize, mark: &Mark) {
        if mark.layer == AUTHOR_LAYER {
            self.ids.insert(number, AUTHOR.to_owned());
            return;
        }
        let rows = Rows::stretches(&self.body.units, mark);
        let made = || made::of_stretches(&self.label(&mark.layer), &rows);
        let id = self.name("ids", number, said_or(&mark.features, made));
        self.ids.insert(number, id.clone());
        let stretches = self.places(&id).unwrap_or(rows);
        let words: Vec<&str> = mark.units.iter().map(|unit| self.body.units[*unit].word.as_str()).collect();
        let (line, words) = (self.body.units[mark.units[0]].line, words.join(" "));
        // Parts of words repeat what stands in the row before.
        let whole = mark
            .units
            .iter()
            .all(|unit| !words.is_empty() && self.body.units[*unit].place.0 < self.body.units[*unit].place.1);
        let (label, mut attributes, note, unsure) = self.details(&mark.layer, &mark.features, true);
        if is_foreign(&mark.layer) {
            attributes.set(uima::LAYER, Some(Value::Text(mark.layer.clone())));
        }
        let words = Some(words.as_str()).filter(|_| whole && !self.body.ours.contains_key("spans"));
        let made = self.draft.mark(&id, &label, line, stretches, words);
        made.attributes = attributes;
        made.edit_extra(|extra| {
            extra.note = note;
            extra.unsure = unsure;
        });
    }

    /// The stretches of an annotation whose tokens do not say them.
    fn places(&self, id: &str) -> Option<Vec<(u64, u64)>> {
        let said = self.body.ours.get("spans")?.get(id)?.as_array()?;
        said.iter().map(|pair| Some((pair.get(0)?.as_u64()?, pair.get(1)?.as_u64()?))).collect()
    }

    /// Label, attributes, note and flag.
    fn details(
        &self,
        layer: &SmolStr,
        features: &BTreeMap<SmolStr, String>,
        span: bool,
    ) -> (SmolStr, Attributes, String, bool) {
        let (mut attributes, mut note, mut unsure) = (Vec::new(), String::new(), false);
        for (name, value) in features {
            match name.as_str() {
                uima::ID => {}
                uima::NOTE => value.clone_into(&mut note),
                uima::UNSURE if span && matches!(value.as_str(), "true" | "false") => unsure = value == "true",
                _ => {
                    attributes.push(self.attribute(layer, name, value, span));
                }
            }
        }
        (self.label(layer), attributes.into_iter().collect(), note, unsure)
    }

    fn attribute(&self, layer: &str, name: &SmolStr, text: &str, span: bool) -> (SmolStr, Value) {
        let told = self.names.get(&format!("{layer}:{name}")).and_then(Json::as_array);
        let Some([Json::String(attribute), Json::String(shape)]) = told.map(Vec::as_slice) else {
            let is_type = span && name == uima::VALUE && uima::is_tag(text);
            return (if is_type { "type".into() } else { name.clone() }, Value::Text(text.into()));
        };
        let value = match Shape::from_id(shape) {
            Some(Shape::Flag) => Value::Bool(text == "true"),
            Some(Shape::Number) => text.parse().map_or_else(|_| Value::Text(text.into()), Value::Number),
            Some(Shape::List) if text.is_empty() => Value::Many(Box::default()),
            Some(Shape::List) => Value::Many(
                super::cells::split(text, '|').into_iter().map(|it| super::cells::unescaped(it).into()).collect(),
            ),
            _ => Value::Text(text.into()),
        };
        (attribute.into(), value)
    }

    fn slots(&mut self, number: usize, mark: &Mark, count: &mut usize) {
        let line = self.body.units[mark.units[0]].line;
        for (feature, (link, of, links)) in &mark.slots {
            let slot = if of.is_empty() || of == uima::ANNOTATION {
                format_smolstr!("{feature} link {link}")
            } else {
                format_smolstr!("{feature} link {link} {of}")
            };
            for (at, Link { role, target }) in links.iter().enumerate() {
                *count += 1;
                let found = target.as_ref().and_then(|(unit, number)| self.rows.resolve(self.body, of, unit, *number));
                let (Some(to), Some(from)) = (found.and_then(|to| self.ids.get(&to)), self.ids.get(&number)) else {
                    let message =
                        format!("the slot {feature} of {} leads to what is not there; it is left out", mark.layer);
                    self.draft.warn(line, WarningKind::RelationToNowhere, message);
                    continue;
                };
                let (from, to) = (from.clone(), to.clone());
                let label = if role.is_empty() { feature.as_str() } else { role };
                let id = self.name("slots", *count - 1, format!("{from}.{feature}{}", at + 1));
                let relation = self.draft.link(&id, label, &from, &to, line);
                relation.attributes.set(uima::SLOT, Some(Value::Text(slot.clone())));
            }
        }
    }

    /// An end of a relation. A word becomes an annotation.
    fn end(&mut self, base: &str, unit: &str, number: u64) -> Option<String> {
        if let Some(found) = self.rows.resolve(self.body, base, unit, number) {
            return self.ids.get(&found).cloned();
        }
        let found = *self.body.by_number.get(unit)?;
        if !is_grammar(base) {
            return None;
        }
        let id = format!("{}-{unit}", label_of(base));
        if !self.taken.has(&id) {
            self.taken.take(id.clone(), '+');
            let token = &self.body.units[found];
            let mark = self.draft.mark(&id, &label_of(base), token.line, vec![token.place], Some(&token.word));
            mark.attributes.set(uima::LAYER, Some(Value::Text(base.into())));
        }
        Some(id)
    }

    fn relation(&mut self, number: usize, relation: &Relation) {
        let body = self.body;
        let unit = &body.units[relation.unit];
        let line = unit.line;
        let to = self.end(&relation.base, &unit.number, relation.numbers.1);
        let from = self.end(&relation.base, &relation.from, relation.numbers.0);
        let (Some(from), Some(to)) = (from, to) else {
            let message = format!(
                "the relation of {} from {} leads to what is not there; it is left out",
                relation.layer, relation.from
            );
            return self.draft.warn(line, WarningKind::RelationToNowhere, message);
        };
        let made = said_or(&relation.features, || format!("{from}>{to}"));
        let id = self.name("links", number, made);
        let (label, mut attributes, note, _) = self.details(&relation.layer, &relation.features, false);
        if is_foreign(&relation.layer) {
            attributes.set(uima::LAYER, Some(Value::Text(relation.layer.clone())));
        }
        let made = self.draft.link(&id, &label, &from, &to, line);
        made.attributes = attributes;
        if !note.is_empty() {
            made.extra = Some(Box::new(RelationExtra { note, ..RelationExtra::default() }));
        }
    }

    /// A step of a chain.
    fn next(&mut self, from: usize, to: usize) {
        let (mark, line) = (&self.rows.marks[from], self.body.units[self.rows.marks[from].units[0]].line);
        let (Some(from), Some(to)) = (self.ids.get(&from).cloned(), self.ids.get(&to).cloned()) else { return };
        let id = self.name("", 0, format!("{from}.next1"));
        let relation = self.draft.link(&id, "next", &from, &to, line);
        relation.attributes.set(uima::SLOT, Some(Value::Text(format_smolstr!("next one {}", mark.layer))));
    }
}
