//! Controls: how attributes stand in regions, and what kind of control each value needs.
//!
//! A control has the attribute's name where the value is of the kind that the schema declares; any other value stands in a
//! control whose name ends with its kind. So a reader needs no schema to know the kind.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::{FOREIGN, hidden};
use crate::formats::values::json_of;
use crate::model::schema::AttributeKind;
use crate::model::{Schema, Value};

/// The control for labels.
pub(super) const LABEL: &str = "label";
/// The object that all controls are for.
pub(super) const OBJECT: &str = "text";
/// The control for notes.
pub(super) const NOTE: &str = "note";
/// The control that flags what its annotator is not sure of; its only choice has the same name.
pub(super) const UNSURE: &str = "unsure";
/// The control whose choices are relations to the article's author.
pub(super) const AUTHOR_OF: &str = "author";
/// Names of controls that no attribute has.
const RESERVED: [&str; 5] = [LABEL, OBJECT, NOTE, UNSURE, AUTHOR_OF];

/// What a control takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Takes {
    /// One of the schema's choices.
    Choice,
    /// Several of them.
    Choices,
    /// A text.
    Text,
    /// Several texts.
    Texts,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
}

impl Takes {
    /// Ends the name of a control that is not of the schema's kind.
    const fn ending(self) -> &'static str {
        match self {
            Self::Choice => " (choice)",
            Self::Choices => " (choices)",
            Self::Text => " (text)",
            Self::Texts => " (several)",
            Self::Number => " (number)",
            Self::Flag => " (yes or no)",
        }
    }

    /// As it is noted among what was met.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Text => "text",
            Self::Texts => "several",
            Self::Number => "number",
            Self::Flag => "flag",
        }
    }

    const ALL: [Self; 6] = [Self::Choice, Self::Choices, Self::Text, Self::Texts, Self::Number, Self::Flag];

    /// The kind that was noted.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|takes| takes.id() == id)
    }
}

/// The attribute that a control is for, and the kind where the name tells it.
pub(super) fn attribute_of(control: &str) -> (&str, Option<Takes>) {
    let found = Takes::ALL.into_iter().find_map(|takes| Some((control.strip_suffix(takes.ending())?, Some(takes))));
    found.filter(|(name, _)| !name.is_empty()).unwrap_or((control, None))
}

/// A value as a control holds it.
pub(super) struct Held {
    /// The control's name.
    pub control: String,
    /// What the control takes.
    pub takes: Takes,
    /// `choices`, `textarea` or `number`.
    pub kind: &'static str,
    /// The value's field, and what stands there.
    pub value: (&'static str, Json),
}

/// The controls that a schema has.
#[derive(Clone, Debug, Default)]
pub(super) struct Controls {
    /// Of regions: what each takes, and the choices.
    pub regions: BTreeMap<SmolStr, (Takes, Vec<SmolStr>)>,
    /// Of tasks.
    pub tasks: BTreeMap<SmolStr, (Takes, Vec<SmolStr>)>,
}

impl Controls {
    /// The controls for a schema's attributes. Where two labels have an attribute of the same name, the first says the kind, and
    /// the choices are those of both.
    pub fn new(schema: &Schema) -> Self {
        let mut controls = Self::default();
        for attribute in schema.attributes.iter().filter(|it| it.id != "type" && is_free(&it.id)) {
            let on_article = attribute.on == "document";
            let (takes, choices) = match &attribute.kind {
                AttributeKind::Choice(choices) => (Takes::Choice, choices.as_slice()),
                AttributeKind::Many(choices) => (Takes::Choices, choices.as_slice()),
                AttributeKind::Bool => (Takes::Flag, [].as_slice()),
                AttributeKind::Number => (Takes::Number, [].as_slice()),
                AttributeKind::Text | AttributeKind::Link(_) => (Takes::Text, [].as_slice()),
            };
            if on_article && !matches!(takes, Takes::Choice | Takes::Choices | Takes::Flag) {
                continue;
            }
            let own = if on_article { &mut controls.tasks } else { &mut controls.regions };
            let known = own.entry(attribute.id.clone()).or_insert((takes, Vec::new()));
            if known.0 == takes {
                let new: Vec<_> = choices.iter().filter(|choice| !known.1.contains(choice)).cloned().collect();
                known.1.extend(new);
            }
        }
        let regions = &controls.regions;
        controls.tasks.retain(|name, _| !regions.contains_key(name));
        controls
    }

    /// How a region holds a value; none for a number that JSON has no word for.
    pub fn of_region(&self, name: &str, value: &Value) -> Option<Held> {
        let declared = self.regions.get(name);
        let takes = taken(value, declared);
        let plain = is_free(name)
            && match declared {
                Some((own, _)) => *own == takes,
                None => takes == Takes::Text && !self.tasks.contains_key(name),
            };
        let control = if plain { name.to_owned() } else { format!("{name}{}", takes.ending()) };
        held(control, takes, value)
    }

    /// How a task holds a value of the article; none where it stands in the data.
    pub fn of_task(&self, name: &str, value: &Value) -> Option<Held> {
        let declared = self.tasks.get(name)?;
        let takes = taken(value, Some(declared));
        if takes == declared.0 { held(name.to_owned(), takes, value) } else { None }
    }
}

/// Whether a control can have an attribute's name as it is.
fn is_free(name: &str) -> bool {
    !hidden(name, &RESERVED) && attribute_of(name).1.is_none() && !name.starts_with(FOREIGN)
}

/// What a control must take for a value.
fn taken(value: &Value, declared: Option<&(Takes, Vec<SmolStr>)>) -> Takes {
    let has = |wanted: Takes, choice: &SmolStr| {
        // "true" and "false" are what flags say.
        declared.is_some_and(|(takes, choices)| *takes == wanted && choices.contains(choice))
            && (wanted != Takes::Choice || !matches!(choice.as_str(), "true" | "false"))
    };
    match value {
        Value::Text(text) if has(Takes::Choice, text) => Takes::Choice,
        Value::Text(_) => Takes::Text,
        Value::Many(values) if !values.is_empty() && values.iter().all(|value| has(Takes::Choices, value)) => {
            Takes::Choices
        }
        Value::Many(_) => Takes::Texts,
        Value::Bool(_) => Takes::Flag,
        Value::Number(_) => Takes::Number,
    }
}

fn held(control: String, takes: Takes, value: &Value) -> Option<Held> {
    let (kind, value) = match value {
        Value::Text(text) if takes == Takes::Choice => ("choices", ("choices", json!([text.as_str()]))),
        Value::Text(text) => ("textarea", ("text", json!([text.as_str()]))),
        Value::Many(_) if takes == Takes::Choices => ("choices", ("choices", json_of(value))),
        Value::Many(_) => ("textarea", ("text", json_of(value))),
        Value::Bool(flag) => ("choices", ("choices", json!([flag.to_string()]))),
        Value::Number(number) if number.is_finite() => ("number", ("number", json_of(value))),
        Value::Number(_) => return None,
    };
    Some(Held { control, takes, kind, value })
}

/// The value that a control's row holds; none where it is of no kind that is known. `several` says that the configuration lets people
/// choose several.
pub(super) fn value_of(row: &Map<String, Json>, takes: Option<Takes>, several: bool) -> Option<Value> {
    let value = row.get("value")?;
    let list = |list: &Json| match list {
        Json::String(one) => Some(vec![SmolStr::from(one.as_str())]),
        Json::Array(all) => all.iter().map(|it| it.as_str().map(SmolStr::from)).collect(),
        _ => None,
    };
    let one_or_many = |mut all: Vec<SmolStr>, many: bool| {
        if all.len() == 1 && !many { Value::Text(all.remove(0)) } else { Value::Many(all.into()) }
    };
    match row.get("type")?.as_str()? {
        "choices" => {
            let all = list(value.get("choices")?)?;
            let flag = match (all.as_slice(), several) {
                ([one], false) if one == "true" => Some(true),
                ([one], false) if one == "false" => Some(false),
                _ => None,
            };
            Some(flag.map_or_else(|| one_or_many(all, several || takes == Some(Takes::Choices)), Value::Bool))
        }
        "textarea" => Some(one_or_many(list(value.get("text")?)?, takes == Some(Takes::Texts))),
        "number" => value.get("number")?.as_f64().map(Value::Number),
        "rating" => value.get("rating")?.as_f64().map(Value::Number),
        _ => None,
    }
}
