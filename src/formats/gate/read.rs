//! From a document of GATE's to its layers.
//!
//! Ids stay as they are, so that features that name annotations by their ids still do. Features with parts of their own
//! are kept as JSON in attributes whose name begins with `gate:`.

use serde_json::{Map, Value as Json};

use super::{FOREIGN, Gate, Set, bdoc, elements};
use crate::formats::draft::Draft;
use crate::formats::values::as_value;
use crate::formats::{Document, Report, Source, Warning, WarningKind, xml};
use crate::model::{Attributes, Value};
use crate::text::short;

/// Reads a document in XML or JSON.
pub(super) fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut warn = |line: usize, kind: WarningKind, message: String| {
        let message = short(message);
        report.warnings.push(Warning { file: source.path.to_owned(), line, kind, message });
    };
    let Some(text) = xml::decoded(source.bytes) else {
        let message = "this is not the encoding that it says; the file is left out".to_owned();
        return warn(1, WarningKind::BrokenLine, message);
    };
    let read = if text.trim_start().starts_with('{') {
        bdoc::document(&text, &mut warn).map(Some)
    } else {
        elements::document(&text, &mut warn).map_err(|fault| (fault.line, fault.message))
    };
    match read {
        Ok(Some(gate)) if gate.text.is_empty() => {
            warn(1, WarningKind::WrongValue, "the document has no text; it is left out".to_owned());
        }
        Ok(Some(gate)) => layers(source, gate, report, take),
        Ok(None) => {
            warn(1, WarningKind::BrokenLine, "this is no document of GATE's; the file is left out".to_owned());
        }
        Err((line, message)) => warn(line, WarningKind::BrokenLine, format!("{message}; the file is left out")),
    }
}

/// Hands over a layer for each set that has something in it; an empty one where none has.
fn layers(source: &Source<'_>, gate: Gate, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let Gate { text, features, unit, mut sets } = gate;
    let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
    let stem = stem.strip_suffix(".txt").unwrap_or(stem);
    let file = format!("{stem}.txt");
    let said = attributes(features);
    sets.retain(|set| !(set.marks.is_empty() && set.links.is_empty()));
    if sets.is_empty() {
        sets.push(Set::default());
    }
    for set in sets {
        let mut draft = Draft::new(source.path, unit, report);
        draft.head.annotator = set.name.as_str().into();
        draft.head.document = said.clone();
        for mark in set.marks {
            let annotation = draft.mark(&mark.id, &mark.kind, mark.line, vec![(mark.start, mark.end)], None);
            annotation.attributes = attributes(mark.features);
        }
        for link in set.links {
            if let [from, to] = &link.members[..] {
                draft.link(&link.id, &link.kind, from, to, link.line).attributes = attributes(link.features);
                continue;
            }
            // A relation of more or fewer is kept on the first that it names.
            let first = link.members.iter().find(|member| draft.get(member).is_some()).cloned();
            let whole = serde_json::json!({"type": link.kind, "members": link.members, "features": link.features});
            if let Some(annotation) = first.and_then(|first| draft.get(&first)) {
                let name = format!("{FOREIGN}relation:{}", link.id);
                annotation.attributes.set(name, Some(Value::Text(whole.to_string().into())));
            } else {
                let message = format!("the relation {} names no annotation that is there; it is left out", link.id);
                draft.warn(link.line, WarningKind::RelationToNowhere, message);
            }
        }
        take(draft.finish(file.clone(), text.clone()));
    }
}

/// Features as attributes: those with parts of their own under another name, as JSON.
fn attributes(features: Map<String, Json>) -> Attributes {
    let named = features.into_iter().filter_map(|(name, value)| {
        let parts = match &value {
            Json::Array(all) => !all.iter().all(Json::is_string),
            other => other.is_object(),
        };
        let name = if parts || name.is_empty() { format!("{FOREIGN}{name}") } else { name };
        Some((name.into(), as_value(value)?))
    });
    named.collect()
}
