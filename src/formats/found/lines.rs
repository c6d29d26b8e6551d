//! Lines of a `pressmark.ron`, as text.
//!
//! All that a dataset says stands in quotes, with what would end them escaped.

use smol_str::SmolStr;

use super::LabelSet;
use super::additions::MOST;
use crate::formats::FullLabel;
use crate::model::schema::{Attribute, AttributeKind, Label, RelationKind, Suggest};

/// The line of a type that the label does not have, or not with all kinds.
pub(super) fn type_line(
    found: &LabelSet,
    full: &FullLabel,
    known: Option<&Label>,
    key: Option<char>,
) -> Option<String> {
    let kind = full.1.as_deref()?;
    let known = known.and_then(|known| known.type_by_id(kind));
    let before: &[SmolStr] = known.map_or(&[], |known| &known.kinds);
    let fits = |finer: &&SmolStr| !finer.trim().is_empty() && !before.contains(finer);
    let mut kinds: Vec<&SmolStr> = found.kinds.get(full).into_iter().flatten().filter(fits).collect();
    kinds.truncate(MOST.saturating_sub(before.len()));
    if known.is_some() && kinds.is_empty() {
        return None;
    }
    let name = if known.is_some() {
        String::new()
    } else {
        format!(", name: {:?}{}", shown_name(kind), look_text(found, full, key))
    };
    let kinds = if kinds.is_empty() {
        String::new()
    } else {
        format!(", kinds: {:?}", before.iter().chain(kinds).map(SmolStr::as_str).collect::<Vec<_>>())
    };
    Some(format!("(id: {kind:?}{name}{kinds})"))
}

/// The key and the colour of a label or type.
pub(super) fn look_text(found: &LabelSet, full: &FullLabel, key: Option<char>) -> String {
    let key = key.map(|key| format!(", key: \"{key}\"")).unwrap_or_default();
    let color = found.looks.of(full).and_then(|look| look.color.as_ref());
    let color = color.map(|(light, dark)| format!(", color: (\"{light}\", \"{dark}\")")).unwrap_or_default();
    format!("{key}{color}")
}

pub(super) fn kind_text(kind: &AttributeKind) -> String {
    match kind {
        AttributeKind::Choice(values) => format!("values: {:?}", strs(values)),
        AttributeKind::Many(values) => format!("values: {:?}, many: true", strs(values)),
        AttributeKind::Text => "value: Text".to_owned(),
        AttributeKind::Number => "value: Number".to_owned(),
        AttributeKind::Bool => "value: Bool".to_owned(),
        AttributeKind::Link(to) => format!("value: Link({:?})", to.as_str()),
    }
}

/// An attribute that is there, with another kind.
pub(super) fn attribute_text(known: &Attribute, kind: &AttributeKind) -> String {
    let Attribute { on, id, name, default, ordered, guess_from_quotation_marks, .. } = known;
    let default = default.as_ref().map(|default| format!(", default: {:?}", default.as_str())).unwrap_or_default();
    let ordered = if *ordered { ", ordered: true" } else { "" };
    let guess = if *guess_from_quotation_marks { ", guess: QuotationMarks" } else { "" };
    let (on, id, name) = (on.as_str(), id.as_str(), name.as_str());
    format!("(on: {on:?}, id: {id:?}, name: {name:?}, {}{default}{ordered}{guess})", kind_text(kind))
}

pub(super) fn relation_text(relation: &RelationKind) -> String {
    let mut text = format!(
        "(id: {:?}, name: {:?}, from: {:?}, to: {:?}",
        relation.id.as_str(),
        relation.name.as_str(),
        strs(&relation.from),
        strs(&relation.to)
    );
    if let Some(max) = relation.max {
        text.push_str(&format!(", max: {max}"));
    }
    if let Some(key) = relation.key {
        text.push_str(&format!(", key: {:?}", key.to_string()));
    }
    if relation.symmetric {
        text.push_str(", symmetric: true");
    }
    match relation.suggest {
        Some(Suggest::Nearest(reach)) => text.push_str(&format!(", suggest: Nearest({reach})")),
        Some(Suggest::Adjacent) => text.push_str(", suggest: Adjacent"),
        None => {}
    }
    text.push(')');
    text
}

fn strs(texts: &[SmolStr]) -> Vec<&str> {
    texts.iter().map(SmolStr::as_str).collect()
}

/// What people see of an id.
pub(super) fn shown_name(id: &str) -> &str {
    if id.is_empty() { "unnamed" } else { id }
}
