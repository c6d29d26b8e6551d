//! Marks, links and attributes as a row has them, from JSON or from columns, and what they become of a layer.
//!
//! Texts are those of the row, not copied; what is missing is empty. Whether a place is sound is left to the draft.

use serde_json::Value as Json;

use super::cells::Cell;
use crate::formats::draft::Draft;
use crate::model::{Attributes, RelationExtra, Value};

/// Name, value and kind of an attribute.
pub(super) type Attribute<'a> = [&'a str; 3];

/// A mark; texts are empty where there are none.
#[derive(Default)]
pub(super) struct Mark<'a> {
    id: &'a str,
    label: &'a str,
    layer: &'a str,
    kind: &'a str,
    words: &'a str,
    stretches: Vec<(u64, u64)>,
    attributes: Vec<Attribute<'a>>,
    note: &'a str,
    unsure: bool,
}

impl<'a> Mark<'a> {
    /// From an object as it is found in many datasets.
    pub fn of_json(span: &'a Json) -> Self {
        let text = |names: &[&str]| names.iter().find_map(|name| span.get(*name)).and_then(Json::as_str).unwrap_or("");
        let place = |object: &Json| Some((object.get("start")?.as_u64()?, object.get("end")?.as_u64()?));
        let fragments = span.get("fragments").and_then(Json::as_array).into_iter().flatten();
        let mut stretches: Vec<(u64, u64)> = fragments.filter_map(place).collect();
        if stretches.is_empty() {
            stretches.extend(place(span));
        }
        Self {
            id: text(&["id"]),
            label: text(&["label", "entity_group", "type"]),
            layer: text(&["layer"]),
            kind: text(&["type"]),
            words: text(&["text"]),
            stretches,
            attributes: attributes_of_json(span.get("attributes")),
            note: text(&["note"]),
            unsure: span.get("unsure").and_then(Json::as_bool).unwrap_or_default(),
        }
    }

    /// From cells in the order of our columns.
    pub fn of_cells(cells: &'a [Cell<'a>]) -> Option<Self> {
        let [id, label, layer, kind, start, end, words, fragments, attributes, note, unsure] = cells else {
            return None;
        };
        let mut stretches: Vec<(u64, u64)> = fragments.objects().iter().filter_map(|it| place(it)).collect();
        if stretches.is_empty() {
            stretches.extend(start.whole().zip(end.whole()));
        }
        Some(Self {
            id: id.text(),
            label: label.text(),
            layer: layer.text(),
            kind: kind.text(),
            words: words.text(),
            stretches,
            attributes: attributes_of_cells(attributes),
            note: note.text(),
            unsure: matches!(unsure, Cell::Truth(true)),
        })
    }

    /// Adds it to a layer.
    pub fn add(self, draft: &mut Draft<'_>, line: usize) {
        let Self { id, label, layer, kind, words, stretches, attributes, note, unsure } = self;
        let words = Some(words).filter(|words| !words.is_empty() && stretches.len() < 2);
        let label = if layer.is_empty() { label } else { layer };
        let annotation = draft.mark(id, label, line, stretches, words);
        set_attributes(&mut annotation.attributes, attributes);
        if !layer.is_empty() {
            let kind = Some(kind).filter(|kind| !kind.is_empty()).map(|kind| Value::Text(kind.into()));
            annotation.attributes.set("type", kind);
        }
        annotation.edit_extra(|extra| (extra.note, extra.unsure) = (note.to_owned(), unsure));
    }
}

fn place(cells: &[Cell<'_>]) -> Option<(u64, u64)> {
    let [start, end] = cells else { return None };
    start.whole().zip(end.whole())
}

/// A link between marks.
pub(super) struct Link<'a> {
    id: &'a str,
    label: &'a str,
    from: &'a str,
    to: &'a str,
    attributes: Vec<Attribute<'a>>,
    note: &'a str,
}

impl<'a> Link<'a> {
    /// From an object.
    pub fn of_json(relation: &'a Json) -> Self {
        let text = |name: &str| relation.get(name).and_then(Json::as_str).unwrap_or_default();
        let attributes = attributes_of_json(relation.get("attributes"));
        Self {
            id: text("id"),
            label: text("type"),
            from: text("head"),
            to: text("tail"),
            attributes,
            note: text("note"),
        }
    }

    /// From cells in the order of our columns.
    pub fn of_cells(cells: &'a [Cell<'a>]) -> Option<Self> {
        let [id, label, from, to, attributes, note] = cells else { return None };
        let attributes = attributes_of_cells(attributes);
        Some(Self {
            id: id.text(),
            label: label.text(),
            from: from.text(),
            to: to.text(),
            attributes,
            note: note.text(),
        })
    }

    /// Adds it to a layer.
    pub fn add(self, draft: &mut Draft<'_>, line: usize) {
        let link = draft.link(self.id, self.label, self.from, self.to, line);
        set_attributes(&mut link.attributes, self.attributes);
        if !self.note.is_empty() {
            link.extra = Some(Box::new(RelationExtra { note: self.note.to_owned(), ..RelationExtra::default() }));
        }
    }
}

/// Attributes from a list of objects.
pub(super) fn attributes_of_json(list: Option<&Json>) -> Vec<Attribute<'_>> {
    let all = list.and_then(Json::as_array).into_iter().flatten();
    all.map(|it| ["name", "value", "kind"].map(|name| it.get(name).and_then(Json::as_str).unwrap_or_default()))
        .collect()
}

/// Attributes from a cell of objects.
pub(super) fn attributes_of_cells<'a>(cell: &'a Cell<'a>) -> Vec<Attribute<'a>> {
    let attribute = |cells: &'a Vec<Cell<'a>>| {
        let [name, value, kind] = cells.as_slice() else { return None };
        Some([name.text(), value.text(), kind.text()])
    };
    cell.objects().iter().filter_map(attribute).collect()
}

/// Adds attributes to others.
pub(super) fn set_attributes(attributes: &mut Attributes, all: Vec<Attribute<'_>>) {
    attributes.extend(all.into_iter().filter(|[name, ..]| !name.is_empty()).map(|[name, value, kind]| {
        let text = || Value::Text(value.into());
        let value = match kind {
            "bool" => Value::Bool(value == "true"),
            "number" => Value::Number(value.parse().unwrap_or_default()),
            "many" => match serde_json::from_str(value) {
                Ok(Json::Array(values)) => {
                    Value::Many(values.iter().filter_map(Json::as_str).map(Into::into).collect())
                }
                _ => text(),
            },
            _ => text(),
        };
        (name.into(), value)
    }));
}
