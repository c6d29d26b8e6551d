//! The annotations of a document, wherever they stand in it, and its relations.
//!
//! What annotations quote decides what offsets count, for the document as a whole.

use std::collections::HashSet;
use std::ops::Range;

use serde_json::{Map, Value as Json};
use smol_str::format_smolstr;

use super::blocks::{Block, Finder, length};
use super::infons::{into_attributes, meant, take_text};
use super::{FOREIGN, LABEL, NOTE, TO, TYPE, UNSURE, elements};
use crate::formats::WarningKind;
use crate::formats::draft::Draft;
use crate::formats::units::{Offsets, Unit};
use crate::model::{RelationExtra, Value};

/// What an annotation says of itself, and the blocks that it should stand in.
pub(super) struct Mark {
    fields: Map<String, Json>,
    own: Range<usize>,
    line: usize,
}

impl Mark {
    /// An annotation, which should stand in these blocks.
    pub fn new(mark: Json, own: Range<usize>, line: usize) -> Option<Self> {
        let Json::Object(mut fields) = mark else { return None };
        let line = line_of(&mut fields, line);
        Some(Self { fields, own, line })
    }

    /// Starts and ends, as the file says them.
    fn locations(&self) -> Vec<(u64, u64)> {
        let all = self.fields.get("locations").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let of = |location: &Json| {
            let (offset, length) = (number(location.get("offset")?)?, number(location.get("length")?)?);
            Some((offset, offset.saturating_add(length)))
        };
        let mut all: Vec<(u64, u64)> = all.iter().filter_map(of).collect();
        all.sort_unstable();
        all
    }

    /// The words of its pieces. Annotations of several pieces quote all from the first to the last.
    fn words(&self, unit: Unit, locations: &[(u64, u64)]) -> Option<String> {
        let said = self.fields.get("text").and_then(Json::as_str)?;
        let (Some(first), Some(last)) = (locations.first(), locations.last()) else { return Some(said.to_owned()) };
        if locations.len() < 2 || length(unit, said) != last.1.saturating_sub(first.0) {
            return Some(said.to_owned());
        }
        let offsets = Offsets::new(said);
        let piece = |&(start, end): &(u64, u64)| offsets.span(unit, start - first.0, end - first.0)?.slice(said);
        let pieces: Option<Vec<&str>> = locations.iter().map(piece).collect();
        Some(pieces.map_or_else(|| said.to_owned(), |pieces| pieces.join(" ")))
    }
}

/// What all offsets of a document count, by what its annotations quote.
pub(super) fn unit_of(blocks: &[Block], marks: &[Mark]) -> Unit {
    let all_fit = |unit: Unit| {
        let finder = Finder::new(blocks, unit);
        marks.iter().all(|mark| {
            let locations = mark.locations();
            let Some(words) = mark.words(unit, &locations) else { return true };
            let place = |&(start, end): &(u64, u64)| finder.stretch(mark.own.clone(), start, end);
            let Some(places) = locations.iter().map(place).collect::<Option<Vec<_>>>() else { return false };
            let said = places.iter().filter_map(|&(start, end)| finder.joined.text.get(start..end));
            let letters = said.flat_map(str::chars).filter(|c| !c.is_whitespace());
            letters.eq(words.chars().filter(|c| !c.is_whitespace()))
        })
    };
    Unit::ALL.into_iter().find(|&unit| all_fit(unit)).unwrap_or(Unit::CodePoints)
}

/// Adds an annotation with all that it says; gives its id, unless it is left out.
pub(super) fn add_mark(
    draft: &mut Draft<'_>,
    mark: Mark,
    unit: Unit,
    finder: &Finder<'_>,
    code_points: &dyn Fn(usize) -> u64,
    controls: bool,
) -> Option<String> {
    let locations = mark.locations();
    // The words of a text with characters that XML cannot hold are not those that stand there.
    let words = mark.words(unit, &locations).filter(|words| !(controls && words.contains('\u{FFFD}')));
    let place = |&(start, end): &(u64, u64)| finder.stretch(mark.own.clone(), start, end);
    let places: Option<Vec<_>> = locations.iter().map(place).collect();
    let Mark { mut fields, line, .. } = mark;
    let id = text_of(fields.remove("id"));
    let stretches = match places {
        Some(places) => places.into_iter().map(|(start, end)| (code_points(start), code_points(end))).collect(),
        // They lie nowhere; the words may.
        None if words.is_some() => locations,
        None => {
            let message = format!("{id}: its locations are no stretches of the text; it is left out");
            draft.warn(line, WarningKind::WrongValue, message);
            return None;
        }
    };
    let mut infons = meant(fields.remove("infons"));
    let short = take_text(&mut infons, "type").unwrap_or_default();
    let (label, kind) = match take_text(&mut infons, LABEL) {
        Some(label) => (label, take_text(&mut infons, TYPE)),
        None => (short, None),
    };
    let (note, unsure) = (take_text(&mut infons, NOTE), take_text(&mut infons, UNSURE));
    for known in ["locations", "text", "bioctype"] {
        fields.remove(known);
    }
    let annotation = draft.mark(&id, &label, line, stretches, words.as_deref());
    annotation.attributes = into_attributes(infons);
    if let Some(kind) = kind {
        annotation.attributes.set("type", Some(Value::Text(kind.into())));
    }
    let text = |value: Json| Value::Text(value.to_string().into());
    annotation
        .attributes
        .extend(fields.into_iter().map(|(name, value)| (format_smolstr!("{FOREIGN}{name}"), text(value))));
    annotation.edit_extra(|extra| {
        extra.note = note.unwrap_or_default();
        extra.unsure = unsure.is_some();
    });
    Some(id)
}

/// Adds relations of two; gives the others, to be kept.
pub(super) fn relations(
    draft: &mut Draft<'_>,
    fields: &mut Map<String, Json>,
    known: &HashSet<String>,
    line: usize,
) -> Vec<Json> {
    let mut kept = Vec::new();
    for relation in listed(fields.remove("relations")) {
        let Json::Object(mut relation) = relation else { continue };
        let line = line_of(&mut relation, line);
        let mut infons = meant(relation.get("infons").cloned());
        let to_author = take_text(&mut infons, TO);
        let nodes = relation.get("nodes").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let part = |node: &Json, name: &str| text_of(node.get(name).cloned());
        let ends: Vec<(String, String)> = nodes.iter().map(|node| (part(node, "refid"), part(node, "role"))).collect();
        let there = ends.iter().all(|(end, _)| known.contains(end));
        let (from, to) = match (&ends[..], &to_author) {
            ([(from, _)], Some(to)) if there => (from, to),
            ([(from, _), (to, _)], None) if there => (from, to),
            _ => {
                relation.remove(elements::LINE);
                kept.push(without_lines(relation.into()));
                continue;
            }
        };
        let id = text_of(relation.get("id").cloned());
        let label = take_text(&mut infons, "type").unwrap_or_default();
        let (note, roles) = (take_text(&mut infons, NOTE), ends.iter().map(|(_, role)| role.as_str()));
        let roles: Vec<&str> = roles.collect();
        let ours = roles == ["from", "to"] || to_author.is_some();
        let link = draft.link(&id, &label, from, to, line);
        let mut said = into_attributes(infons);
        if !ours {
            said.set(format!("{FOREIGN}roles"), Some(Value::Text(Json::from(roles).to_string().into())));
        }
        link.attributes = said;
        if let Some(note) = note {
            link.extra = Some(Box::new(RelationExtra { note, ..RelationExtra::default() }));
        }
    }
    kept
}

/// A value as the file had it.
fn without_lines(mut value: Json) -> Json {
    if let Some(nodes) = value.get_mut("nodes").and_then(Json::as_array_mut) {
        for node in nodes.iter_mut().filter_map(Json::as_object_mut) {
            node.remove(elements::LINE);
        }
    }
    value
}

/// The line that an object stands on.
pub(super) fn line_of(fields: &mut Map<String, Json>, otherwise: usize) -> usize {
    let line = fields.remove(elements::LINE).and_then(|line| line.as_u64());
    line.map_or(otherwise.max(1), |line| usize::try_from(line).unwrap_or(1))
}

/// The objects of a list.
pub(super) fn listed(value: Option<Json>) -> impl Iterator<Item = Json> {
    if let Some(Json::Array(all)) = value { all } else { Vec::new() }.into_iter()
}

/// What a field says, as text.
pub(super) fn text_of(value: Option<Json>) -> String {
    match value {
        Some(Json::String(text)) => text,
        None | Some(Json::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// A number, which XML has as text.
pub(super) fn number(value: &Json) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}
