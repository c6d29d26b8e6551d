//! What a schema needs so that it has all that was found in a dataset, as lines of a `pressmark.ron`.
//!
//! What a schema has stays as it is, with its keys and colours; nothing is taken away. What a schema cannot have is told.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::{SmolStr, format_smolstr};

use super::keys::Keys;
use super::lines::{attribute_text, kind_text, look_text, relation_text, shown_name, type_line};
use super::{DOCUMENT, Ends, LabelSet};
use crate::formats::FullLabel;
use crate::model::schema::{Label, RelationKind};
use crate::model::{AUTHOR, Schema};

/// No list of a schema is longer than this.
pub(super) const MOST: usize = 2_000;
/// No name that an import makes is longer, in bytes.
const LONGEST: usize = 2_000;
/// The file is far smaller than the largest that is read.
const ROOM: usize = 4 << 20;
/// What says the type of a mark.
const OF_TYPES: [&str; 2] = ["type", "kind"];

/// A list of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Of labels.
    Label,
    /// Of attributes.
    Attribute,
    /// Of relations.
    Relation,
}

impl Item {
    /// All lists, in the order of the file, with the field of the file and what people call them.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Label, "labels", "labels"),
        (Self::Attribute, "attributes", "fields"),
        (Self::Relation, "relations", "links"),
    ];
}

/// A line of a schema.
#[derive(Clone, Debug)]
pub struct Line {
    /// The list that it stands in.
    pub item: Item,
    /// What it adds: a label with its types, an attribute with what it is on, a relation.
    pub name: String,
    /// How many marks have the label.
    pub marks: usize,
    /// Whether the schema has something of this id, which the line makes wider.
    pub is_wider: bool,
    /// As it stands in the file, without the comma.
    pub text: String,
}

/// What a schema needs, and what it cannot have.
#[derive(Clone, Debug, Default)]
pub struct Additions {
    /// Lines to add.
    pub lines: Vec<Line>,
    /// What cannot be added, and why.
    pub left_out: Vec<(&'static str, String)>,
    /// Labels that do not get the key that the dataset gives them, with that key.
    pub keys: Vec<String>,
    bytes: usize,
}

/// Names that an import cannot give.
pub const RESERVED: &str = "are words of the schema itself (give them other names with --map)";
const UNFIT: &str = "have line ends or control characters, are blank, or are longer than 2,000 letters";
const TOO_MANY: &str = "are more than the 2,000 that a schema takes";
const CLASH: &str = "cannot be told from a type of another label";
const OTHER: &str = "hold other values than the field takes";
const NO_END: &str = "start or end at what is not in it";

/// What a schema needs to have all that was found.
pub fn additions(found: &LabelSet, schema: &Schema) -> Additions {
    let mut adding =
        Adding { found, schema, out: Additions::default(), labels: BTreeMap::new(), relations: BTreeSet::new() };
    adding.all_labels();
    adding.all_relations();
    adding.all_attributes();
    adding.out.lines.sort_by_key(|line| line.item);
    adding.out
}

impl Additions {
    /// The lines of a list, as they stand in the file.
    pub fn list(&self, item: Item) -> impl Iterator<Item = &str> {
        self.lines.iter().filter(move |line| line.item == item).map(|line| line.text.as_str())
    }

    /// A whole `pressmark.ron`: `begins` are the fields before the lists.
    pub fn file(&self, begins: &str) -> String {
        let mut out = format!(
            "// Made of what was found in a dataset; docs/schema.md tells what can be changed.\n(\n    schema: (\n        {begins}\n"
        );
        for (item, field, _) in Item::ALL {
            out.push_str(&format!("        {field}: [\n"));
            self.list(item).for_each(|line| out.push_str(&format!("            {line},\n")));
            out.push_str("        ],\n");
        }
        out.push_str("    ),\n)\n");
        out
    }

    fn add(&mut self, line: Line) {
        if self.bytes + line.text.len() > ROOM {
            self.left_out.push((TOO_MANY, line.name));
            return;
        }
        self.bytes += line.text.len();
        self.lines.push(line);
    }
}

/// A `pressmark.ron` of its own for all that was found, and what is in it.
pub fn whole(found: &LabelSet, id: &str) -> (String, Additions) {
    let none = Schema {
        id: id.into(),
        version: 1,
        labels: Vec::new(),
        attributes: Vec::new(),
        relations: Vec::new(),
        checks: Vec::new(),
        colors: Vec::new(),
    };
    let mut all = additions(found, &none);
    if all.list(Item::Label).next().is_none() {
        // A schema has at least one label.
        let text = "(id: \"mark\", name: \"mark\", key: \"1\", fragments: true)".to_owned();
        all.lines.insert(0, Line { item: Item::Label, name: "mark".to_owned(), marks: 0, is_wider: false, text });
    }
    (all.file(&format!("id: {id:?},\n        version: 1,")), all)
}

/// A `pressmark.ron` for a folder that has none, what is in it, and whether it extends the schema that is in force there. That
/// one stays where somebody works with it (`in_use`), or where it has all labels.
pub fn made(found: &LabelSet, in_force: &Schema, in_use: bool) -> (String, Additions, bool) {
    let more = additions(found, in_force);
    if in_use || more.list(Item::Label).next().is_none() {
        (more.file(&format!("extends: {:?},", in_force.id.as_str())), more, true)
    } else {
        let (text, all) = whole(found, "imported");
        (text, all, false)
    }
}

struct Adding<'a> {
    found: &'a LabelSet,
    schema: &'a Schema,
    out: Additions,
    /// The labels that there will be, with their types.
    labels: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The relations that there will be.
    relations: BTreeSet<&'a str>,
}

impl Adding<'_> {
    fn leave(&mut self, why: &'static str, name: impl Into<String>) {
        self.out.left_out.push((why, name.into()));
    }

    fn all_labels(&mut self) {
        let (found, schema) = (self.found, self.schema);
        for label in &schema.labels {
            self.labels.insert(&label.id, label.types.iter().map(|kind| kind.id.as_str()).collect());
        }
        let mut wanted: BTreeMap<&str, (usize, Vec<&FullLabel>)> = BTreeMap::new();
        for (full, marks) in &found.labels {
            let (all, fulls) = wanted.entry(&full.0).or_default();
            *all += marks;
            fulls.push(full);
        }
        // Labels and types that the dataset lists, in its order; then the others.
        let place = |full: &FullLabel| found.looks.place(full);
        let mut wanted: Vec<_> = wanted.into_iter().collect();
        wanted.iter_mut().for_each(|(_, (_, fulls))| fulls.sort_by_key(|full| place(full)));
        wanted.sort_by_key(|(_, (_, fulls))| fulls.first().map(|full| place(full)));
        let mut types = self.labels.values().map(BTreeSet::len).sum::<usize>();
        let all = wanted.iter().flat_map(|(_, (_, fulls))| fulls.iter().copied());
        let mut keys = Keys::new(found, schema, all);
        self.out.keys = std::mem::take(&mut keys.refused);
        for (label, (marks, fulls)) in wanted {
            let known = schema.label(label);
            if known.is_none() {
                let why = match label {
                    DOCUMENT | AUTHOR => Some(RESERVED),
                    _ if !is_id(label) => Some(UNFIT),
                    _ if self.labels.len() >= MOST => Some(TOO_MANY),
                    _ if self.is_type(label) => Some(CLASH),
                    _ => None,
                };
                if let Some(why) = why {
                    self.leave(why, label);
                    continue;
                }
                self.labels.insert(label, BTreeSet::new());
            }
            let mut lines = Vec::new();
            for full in fulls {
                let Some(kind) = full.1.as_deref() else { continue };
                let is_known = known.is_some_and(|known| known.type_by_id(kind).is_some());
                let has_own = schema.attributes_on(label).any(|it| OF_TYPES.contains(&it.id.as_str()));
                let why = match kind {
                    _ if is_known => None,
                    _ if !is_id(kind) => Some(UNFIT),
                    _ if types >= MOST => Some(TOO_MANY),
                    _ if has_own || found.labels.contains_key(&(format_smolstr!("{label}:{kind}"), None)) => {
                        Some(CLASH)
                    }
                    _ => None,
                };
                if let Some(why) = why {
                    self.leave(why, format!("{label}:{kind}"));
                    continue;
                }
                if !is_known {
                    types += 1;
                    self.labels.entry(label).or_default().insert(kind);
                }
                lines.extend(type_line(found, full, known, keys.given(full)).map(|line| (kind, line)));
            }
            self.out.add_label(found, &(label.into(), None), marks, (known, &lines), &mut keys);
        }
    }

    /// Whether a label would read as a type of another one.
    fn is_type(&self, label: &str) -> bool {
        label
            .match_indices(':')
            .any(|(at, _)| self.labels.get(&label[..at]).is_some_and(|types| types.contains(&label[at + 1..])))
    }

    fn all_attributes(&mut self) {
        let (found, schema) = (self.found, self.schema);
        let mut count = schema.attributes.len();
        for ((on, name), takes) in found.all_attributes() {
            let types = self.labels.get(on);
            let of_types = OF_TYPES.contains(&name) && types.is_some_and(|types| !types.is_empty());
            // What is on something that is left out is left out with it.
            if of_types || (on != DOCUMENT && types.is_none() && !self.relations.contains(on)) {
                continue;
            }
            let known = schema.attributes_on(on).find(|attribute| attribute.id == name);
            let shown = if on == DOCUMENT { format!("{name} of the article") } else { format!("{name} of {on}") };
            let Some(known) = known else {
                if !is_id(name) || name.contains(':') {
                    self.leave(UNFIT, shown);
                } else if count >= MOST {
                    self.leave(TOO_MANY, shown);
                } else {
                    count += 1;
                    let text = format!(
                        "(on: {on:?}, id: {name:?}, name: {:?}, {})",
                        shown_name(name),
                        kind_text(&takes.kind())
                    );
                    self.out.add(Line { item: Item::Attribute, name: shown, marks: 0, is_wider: false, text });
                }
                continue;
            };
            if takes.fits(&known.kind) {
                continue;
            }
            match takes.wider(&known.kind) {
                Some(kind) => {
                    let text = attribute_text(known, &kind);
                    self.out.add(Line { item: Item::Attribute, name: shown, marks: 0, is_wider: true, text });
                }
                None => self.leave(OTHER, shown),
            }
        }
    }

    fn all_relations(&mut self) {
        let (found, schema) = (self.found, self.schema);
        let mut count = schema.relations.len();
        self.relations.extend(schema.relations.iter().map(|relation| relation.id.as_str()));
        for (label, ends) in &found.relations {
            let known = schema.relation(label);
            let [from, to] = ends;
            let (new_from, new_to) = (self.ends(from, known.is_some(), false), self.ends(to, known.is_some(), true));
            let why = match known {
                Some(_) => None,
                None if !is_id(label) => Some(UNFIT),
                None if count >= MOST => Some(TOO_MANY),
                None => (new_from.is_empty() || new_to.is_empty()).then_some(NO_END),
            };
            if let Some(why) = why {
                self.leave(why, label.as_str());
                continue;
            }
            let blank = RelationKind {
                id: label.clone(),
                name: shown_name(label).into(),
                from: Vec::new(),
                to: Vec::new(),
                max: None,
                key: None,
                symmetric: false,
                suggest: None,
            };
            let mut wide = known.cloned().unwrap_or(blank);
            self.relations.insert(label);
            let mut grown = false;
            for (list, new) in [(&mut wide.from, new_from), (&mut wide.to, new_to)] {
                for (end, label) in new {
                    if !list.iter().any(|known| *known == end || *known == label) {
                        list.push(end);
                        grown = true;
                    }
                }
            }
            if known.is_none() || grown {
                count += usize::from(known.is_none());
                let text = relation_text(&wide);
                let name = label.to_string();
                self.out.add(Line { item: Item::Relation, name, marks: 0, is_wider: known.is_some(), text });
            }
        }
    }

    /// The ends of a relation that the schema will have: labels, where it is a new one; labels with their types, where there is
    /// one that may ask for a type. Only what a relation leads to may be the author.
    fn ends(&self, ends: &Ends, known: bool, is_to: bool) -> BTreeSet<(SmolStr, SmolStr)> {
        let mut list: BTreeSet<(SmolStr, SmolStr)> = BTreeSet::new();
        let mut add = |end: SmolStr, label: &SmolStr| {
            if list.len() < MOST {
                list.insert((end, label.clone()));
            }
        };
        if ends.any && !known {
            let there = self.found.labels.keys().filter(|(label, _)| self.labels.contains_key(label.as_str()));
            there.for_each(|(label, _)| add(label.clone(), label));
        }
        for (label, kind) in &ends.labels {
            let types = self.labels.get(label.as_str());
            if label == AUTHOR && is_to {
                add(label.clone(), label);
            } else if let Some(types) = types {
                let kind = kind.as_deref().filter(|kind| known && types.contains(kind));
                add(kind.map_or_else(|| label.clone(), |kind| format_smolstr!("{label}:{kind}")), label);
            }
        }
        list
    }
}

impl Additions {
    fn add_label(
        &mut self,
        found: &LabelSet,
        full: &FullLabel,
        marks: usize,
        (known, types): (Option<&Label>, &[(&str, String)]),
        keys: &mut Keys<'_>,
    ) {
        let label = full.0.as_str();
        if known.is_some() && types.is_empty() {
            return;
        }
        let lines: Vec<&str> = types.iter().map(|(_, line)| line.as_str()).collect();
        let types_text = if lines.is_empty() { String::new() } else { format!(", types: [{}]", lines.join(", ")) };
        let (name, text) = if known.is_some() {
            let kinds: Vec<&str> = types.iter().map(|(kind, _)| *kind).collect();
            (format!("{label}:{}", kinds.join(", ")), format!("(id: {label:?}{types_text})"))
        } else {
            let key = keys.given(full).or_else(|| keys.next());
            let look = look_text(found, full, key);
            let shown = shown_name(label);
            (
                label.to_owned(),
                format!("(id: {label:?}, name: {shown:?}{look}, fragments: true, nesting: Any{types_text})"),
            )
        };
        self.add(Line { item: Item::Label, name, marks, is_wider: known.is_some(), text });
    }
}

/// Whether a schema that an import makes can have this id; none is one too.
fn is_id(id: &str) -> bool {
    id.is_empty() || (!id.trim().is_empty() && id.len() <= LONGEST && !id.contains(char::is_control))
}
