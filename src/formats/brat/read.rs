//! From an `.ann` file to a layer.
//!
//! What a layer has no place for (events, normalisations, equivalences) is kept word for word in attributes whose name
//! begins with `brat:`, so that it is in the next export. Every line that is not understood is on the report.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use smol_str::{SmolStr, format_smolstr};

use super::config::Config;
use super::lines::as_written;
use super::{ATTRIBUTE, FOREIGN, NOTE, TO_AUTHOR, UNSURE};
use crate::formats::pieces::together;
use crate::formats::places::{Place, Said, settle};
use crate::formats::taken::Taken;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Warning, WarningKind};
use crate::model::{
    AUTHOR, Annotation, Attributes, Head, Layer, Relation, RelationExtra, SchemaRef, Span, Spans, Value,
};
use crate::text::short;

/// Reads one document: its text and its annotations. `path` is the `.ann` file, for messages; `file` the article.
pub fn read(path: &Path, ann: &str, file: &str, text: &str, config: &Config, report: &mut Report) -> Document {
    let mut reader = Reader {
        path,
        config,
        report,
        annotations: BTreeMap::new(),
        order: Vec::new(),
        relations: Vec::new(),
        places: HashMap::new(),
        owners: HashMap::new(),
        by_id: HashMap::new(),
        attributes: BTreeMap::new(),
        kept: HashMap::new(),
        to_author: Taken::default(),
    };
    let lines: Vec<(usize, &str)> =
        ann.split('\n').enumerate().map(|(at, line)| (at + 1, line.trim_end_matches('\r'))).collect();
    // Lines may come in any order: what others refer to first.
    for pass in [Pass::TextBound, Pass::Events, Pass::Relations, Pass::Rest] {
        for &(number, line) in lines.iter().filter(|(_, line)| !line.trim().is_empty() && Pass::of(line) == pass) {
            if let Err(reason) = reader.line(number, line, pass) {
                reader.warn(number, WarningKind::BrokenLine, format!("{reason}; the line is left out"));
            }
        }
    }
    reader.place(text);
    reader.put_attributes();
    let Reader { mut annotations, order, relations, .. } = reader;
    let annotations = order.iter().filter_map(|id| annotations.remove(id)).collect();
    let head = Head::new("", SchemaRef { id: SmolStr::default(), version: 0 });
    let layer = Layer::from_parts(head, annotations, relations).expect("ids are looked at, and ends are there");
    Document { file: file.to_owned(), text: text.to_owned(), layer }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    TextBound,
    Relations,
    Events,
    Rest,
}

impl Pass {
    fn of(line: &str) -> Self {
        match line.as_bytes()[0] {
            b'T' => Self::TextBound,
            b'R' => Self::Relations,
            b'E' => Self::Events,
            _ => Self::Rest,
        }
    }
}

struct Reader<'a> {
    path: &'a Path,
    config: &'a Config,
    report: &'a mut Report,
    annotations: BTreeMap<SmolStr, Annotation>,
    /// Ids in the order of the file.
    order: Vec<SmolStr>,
    relations: Vec<Relation>,
    /// What each annotation says of its place.
    places: HashMap<SmolStr, Said>,
    /// The annotation that an event is kept on.
    owners: HashMap<SmolStr, SmolStr>,
    /// Where the relations of the file's own stand.
    by_id: HashMap<SmolStr, usize>,
    /// The attributes of annotations and relations, in the order of the file.
    attributes: BTreeMap<SmolStr, Vec<(SmolStr, Value)>>,
    /// How often an annotation keeps lines with an id.
    kept: HashMap<(SmolStr, SmolStr), usize>,
    /// The ids of relations to the author, which brat does not have.
    to_author: Taken,
}

type Refused = Result<(), String>;

impl Reader<'_> {
    fn warn(&mut self, line: usize, kind: WarningKind, message: String) {
        let message = short(message);
        self.report.warnings.push(Warning { file: self.path.to_path_buf(), line, kind, message });
    }

    fn line(&mut self, number: usize, line: &str, pass: Pass) -> Refused {
        let (id, rest) = line.split_once('\t').ok_or("there is no tab after the id")?;
        match pass {
            Pass::TextBound => self.text_bound(number, id, rest),
            Pass::Relations => self.relation(id, rest),
            Pass::Events => self.event(id, rest),
            Pass::Rest => match id.bytes().next().unwrap_or_default() {
                b'A' | b'M' => self.attribute(id, rest),
                b'#' => self.note(id, rest),
                b'*' | b'N' => self.foreign(id, rest),
                _ => Err(format!("{id:?} is no id that brat has")),
            },
        }
    }

    fn text_bound(&mut self, number: usize, id: &str, rest: &str) -> Refused {
        is_id(id, 'T')?;
        let (head, words) = rest.split_once('\t').ok_or("there is no tab before the text")?;
        let (kind, places) = head.split_once(' ').ok_or("there are no offsets")?;
        let mut stretches = Vec::new();
        for place in places.split(';') {
            let (start, end) = place.trim().split_once(' ').ok_or("an offset is missing")?;
            let number = |text: &str| text.parse::<u64>().map_err(|_| format!("{text:?} is no offset"));
            let (start, end) = (number(start)?, number(end.trim())?);
            if start >= end {
                return Err(format!("{start} to {end} is no stretch of text"));
            }
            stretches.push((start, end));
        }
        stretches.sort_unstable();
        if self.annotations.contains_key(id) {
            return Err(format!("the id {id} is there twice"));
        }
        let (label, finer) = self.config.label(kind);
        let mut annotation = Annotation::new(id, label, Span::new(0, 1));
        annotation.attributes.set("type", finer.map(Value::Text));
        self.annotations.insert(id.into(), annotation);
        self.order.push(id.into());
        self.places
            .insert(id.into(), Said { line: number, name: id.to_owned(), stretches, words: Some(words.to_owned()) });
        Ok(())
    }

    fn relation(&mut self, id: &str, rest: &str) -> Refused {
        is_id(id, 'R')?;
        let mut words = rest.split_whitespace();
        let label = words.next().ok_or("there is no label")?;
        let ends: Vec<&str> = words.filter_map(|word| word.split_once(':').map(|(_, end)| end)).collect();
        let [from, to] = ends[..] else { return Err("a relation has two ends".to_owned()) };
        if let Some(owner) = [from, to].iter().find_map(|end| self.owners.get(*end)).cloned() {
            return self.keep(&owner, id, rest);
        }
        if let Some(end) = [from, to].into_iter().find(|end| !self.annotations.contains_key(*end)) {
            return Err(format!("{end} is not there"));
        }
        if self.by_id.insert(id.into(), self.relations.len()).is_some() {
            return Err(format!("the id {id} is there twice"));
        }
        self.relations.push(Relation::new(id, label, from, to));
        Ok(())
    }

    /// An event is kept on its trigger.
    fn event(&mut self, id: &str, rest: &str) -> Refused {
        is_id(id, 'E')?;
        let trigger =
            rest.split_whitespace().next().and_then(|word| word.split_once(':')).ok_or("there is no trigger")?.1;
        self.keep(trigger, id, rest)?;
        self.owners.insert(id.into(), trigger.into());
        Ok(())
    }

    fn attribute(&mut self, id: &str, rest: &str) -> Refused {
        let mut words = rest.splitn(3, ' ');
        let (Some(name), Some(on)) = (words.next(), words.next()) else {
            return Err("there is nothing that it is of".to_owned());
        };
        let value = words.next().map(str::trim_end).filter(|value| !value.is_empty());
        if let Some(owner) = self.owners.get(on).cloned() {
            return self.keep(&owner, id, rest);
        }
        let value = value.map_or(Value::Bool(true), |value| self.config.value(name, value));
        if !self.by_id.contains_key(on) {
            let ours = self.config.ours;
            let annotation = self.annotations.get_mut(on).ok_or_else(|| format!("{on} is not there"))?;
            if ours && name == UNSURE {
                annotation.edit_extra(|extra| extra.unsure = true);
                return Ok(());
            }
        }
        self.attributes.entry(on.into()).or_default().push((name.into(), value));
        Ok(())
    }

    fn note(&mut self, id: &str, rest: &str) -> Refused {
        let (head, text) = rest.split_once('\t').unwrap_or((rest, ""));
        let (kind, on) = head.split_once(' ').ok_or("there is nothing that it is on")?;
        let on = on.trim();
        let text = if self.config.ours { as_written(text) } else { text.to_owned() };
        if let Some(owner) = self.owners.get(on).cloned() {
            return self.keep(&owner, id, rest);
        }
        let ours = |prefix| kind.strip_prefix(prefix).filter(|name| self.config.ours && !name.is_empty());
        if let Some(label) = ours(TO_AUTHOR).filter(|_| self.annotations.contains_key(on)) {
            let id = self.to_author.take(format!("author-{on}-{label}"), '+');
            self.relations.push(Relation::new(id, label, on, AUTHOR));
            return Ok(());
        }
        let attribute = ours(ATTRIBUTE).map(str::to_owned);
        if kind != NOTE && attribute.is_none() {
            return self.keep(on, id, rest);
        }
        let add = |note: &mut String| {
            note.push_str(if note.is_empty() { "" } else { "\n" });
            note.push_str(&text);
        };
        let relation = self.by_id.get(on).copied();
        if relation.is_none() && !self.annotations.contains_key(on) {
            return Err(format!("{on} is not there"));
        }
        if let Some(name) = attribute {
            let value = self.config.value(&name, &text);
            self.attributes.entry(on.into()).or_default().push((name.into(), value));
        } else if let Some(relation) = relation.and_then(|at| self.relations.get_mut(at)) {
            let mut extra = relation.extra.take().unwrap_or_default();
            add(&mut extra.note);
            relation.extra = (*extra != RelationExtra::default()).then_some(extra);
        } else if let Some(annotation) = self.annotations.get_mut(on) {
            annotation.edit_extra(|extra| add(&mut extra.note));
        }
        Ok(())
    }

    /// A normalisation or an equivalence, kept on the first annotation that it names.
    fn foreign(&mut self, id: &str, rest: &str) -> Refused {
        let first = rest.split_whitespace().find(|word| self.annotations.contains_key(*word));
        let first = first.ok_or("it names no annotation that is there")?.to_owned();
        self.keep(&first, id, rest)
    }

    /// Keeps a line word for word on an annotation.
    fn keep(&mut self, on: &str, id: &str, rest: &str) -> Refused {
        if !self.annotations.contains_key(on) {
            return Err(format!("{on} is not there"));
        }
        let before = self.kept.entry((on.into(), id.into())).or_default();
        *before += 1;
        // Names of attributes have an order of their own, which must be that of the lines.
        let name = match *before {
            1 => format_smolstr!("{FOREIGN}{id}"),
            number => format_smolstr!("{FOREIGN}{id}+{number:07}"),
        };
        self.attributes.entry(on.into()).or_default().push((name, Value::Text(rest.into())));
        Ok(())
    }

    /// Gives annotations and relations their attributes, all at once.
    fn put_attributes(&mut self) {
        let whole = |before: &mut Attributes, more: Vec<(SmolStr, Value)>| {
            let before = std::mem::take(before);
            before.iter().map(|(name, value)| (name.clone(), value.clone())).chain(more).collect()
        };
        for (on, more) in std::mem::take(&mut self.attributes) {
            if let Some(relation) = self.by_id.get(&on).and_then(|at| self.relations.get_mut(*at)) {
                relation.attributes = whole(&mut relation.attributes, more);
            } else if let Some(annotation) = self.annotations.get_mut(&on) {
                annotation.attributes = whole(&mut annotation.attributes, more);
            }
        }
    }

    /// Gives the annotations their places.
    fn place(&mut self, text: &str) {
        let said: Vec<Said> = self.order.iter().map(|id| self.places[id].clone()).collect();
        let (path, report) = (self.path, &mut *self.report);
        let mut warn =
            |line, kind, message| report.warnings.push(Warning { file: path.to_owned(), line, kind, message });
        let places = settle(text, Unit::CodePoints, &said, |spans| together(text, spans), &mut warn);
        for (id, place) in self.order.iter().zip(places) {
            let Some(annotation) = self.annotations.get_mut(id) else { continue };
            annotation.spans = Spans::new();
            match place {
                Place::At(spans) => annotation.spans = spans,
                Place::Nowhere(orphan) => annotation.edit_extra(|extra| extra.orphan = Some(orphan)),
                // Its lines always have words, if only none.
                Place::Nothing => {}
            }
        }
    }
}

fn is_id(id: &str, letter: char) -> Refused {
    let digits = id.strip_prefix(letter).unwrap_or_default();
    let plain = !digits.is_empty() && digits.bytes().take_while(u8::is_ascii_digit).count() > 0;
    if plain && !id.contains(char::is_whitespace) { Ok(()) } else { Err(format!("{id:?} is no id that brat has")) }
}

/// Names of brat's ids in a line that was kept, for a writer to see whether they are there.
pub(super) fn names_of(rest: &str) -> HashSet<&str> {
    let words = rest.split(|c: char| c.is_whitespace() || c == ':');
    words.filter(|word| is_id(word, 'T').is_ok() || is_id(word, 'E').is_ok() || is_id(word, 'R').is_ok()).collect()
}
