//! Settling what a merge kept twice: versions of a mark or of a link, and values of a field of the head.

use smol_str::SmolStr;

use super::plan::{Planned, Refusal, gone};
use super::tagging::fresh_id;
use crate::edit::Edit;
use crate::model::{Annotation, Layer, Relation, RelationExtra, Schema};
use crate::store::merge::settle_field;

/// The versions of a mark, the main one first, each by itself. One where there is nothing to settle.
pub fn versions(annotation: &Annotation) -> Vec<Annotation> {
    let mut main = annotation.clone();
    let mut others = Vec::new();
    main.edit_extra(|extra| others = std::mem::take(&mut extra.conflict));
    for other in &mut others {
        other.id.clone_from(&main.id);
    }
    [main].into_iter().chain(others).collect()
}

/// The same of a link.
pub fn link_versions(relation: &Relation) -> Vec<Relation> {
    let mut main = relation.clone();
    let mut extra = main.extra.take().unwrap_or_default();
    let mut others = std::mem::take(&mut extra.conflict);
    main.extra = (*extra != RelationExtra::default()).then_some(extra);
    for other in &mut others {
        other.id.clone_from(&main.id);
    }
    [main].into_iter().chain(others).collect()
}

/// How many things of a layer a merge kept twice.
pub fn unsettled(layer: &Layer) -> usize {
    let marks = layer.annotations().filter(|it| it.extra.as_ref().is_some_and(|extra| !extra.conflict.is_empty()));
    let links =
        layer.relations().into_iter().filter(|it| it.extra.as_ref().is_some_and(|extra| !extra.conflict.is_empty()));
    let mut fields: Vec<&SmolStr> = layer.head().conflict.iter().map(|(field, _)| field).collect();
    fields.dedup();
    marks.count() + links.count() + fields.len()
}

/// Where versions of a mark differ, as a name and what each says; the marked text is told by the caller.
pub fn differences(versions: &[Annotation], schema: &Schema) -> Vec<(String, Vec<String>)> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let mut row = |name: &str, of: &dyn Fn(&Annotation) -> String| {
        let said: Vec<String> = versions.iter().map(of).collect();
        if said.windows(2).any(|pair| pair[0] != pair[1]) {
            rows.push((name.to_owned(), said));
        }
    };
    row("Label", &|it| schema.label_name(it).to_string());
    let mut names: Vec<&SmolStr> = Vec::new();
    for (name, _) in versions.iter().flat_map(|version| version.attributes.iter()) {
        if name != "type" && !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let shown = versions.iter().find_map(|version| schema.attributes_on(&version.label).find(|it| it.id == *name));
        let title = shown.map_or(name.as_str(), |attribute| attribute.name.as_str());
        row(title, &|it| it.attributes.get(name).map(ToString::to_string).unwrap_or_default());
    }
    row("Note", &|it| it.note().to_owned());
    row("Unsure", &|it| if it.unsure() { "yes" } else { "no" }.to_owned());
    rows
}

/// Keeps one version of a mark or a link.
pub(super) fn settle(layer: &Layer, id: &str, version: usize) -> Result<Planned, Refusal> {
    let edit = if let Some(annotation) = layer.get(id) {
        versions(annotation).into_iter().nth(version).map(Edit::Put)
    } else {
        link_versions(layer.relation(id).ok_or_else(gone)?).into_iter().nth(version).map(Edit::Link)
    };
    Ok(Planned::new("settle two versions", edit.ok_or_else(gone)?))
}

/// Keeps every version of a mark, each as a mark of its own.
pub(super) fn settle_apart(layer: &Layer, id: &str) -> Result<Planned, Refusal> {
    let mut all = versions(layer.get(id).ok_or_else(gone)?).into_iter();
    let main = all.next().ok_or_else(gone)?;
    let mut taken: Vec<crate::model::Id> = Vec::new();
    let mut edits = vec![Edit::Put(main)];
    for mut version in all {
        let fresh = std::iter::repeat_with(|| fresh_id(layer)).find(|id| !taken.contains(id)).ok_or_else(gone)?;
        taken.push(fresh.clone());
        version.id = fresh;
        edits.push(Edit::Put(version));
    }
    Ok(Planned::new("keep two versions as two marks", Edit::Batch(edits)))
}

/// Keeps one value of a field of the head: another than the main one, where one is given.
pub(super) fn settle_head(layer: &Layer, field: &str, value: Option<&str>) -> Result<Planned, Refusal> {
    let head = settle_field(layer.head(), field, value)
        .ok_or_else(|| Refusal(format!("The value kept for {field} cannot be read; the one that counts stays.")))?;
    Ok(Planned::new(format!("settle {field}"), Edit::Head(Box::new(head))))
}
