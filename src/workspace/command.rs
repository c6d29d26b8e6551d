//! What can be done to a layer, and the edit that each command comes to.
//!
//! `plan` decides and never changes: it gives an edit with a name for the undo menu, or a refusal in plain words.

use smol_str::SmolStr;

use super::plan::{Planned, Refusal, gone};
use super::reanchor::place_at;
use super::settle;
use super::tagging;
use crate::article::Article;
use crate::edit::Edit;
use crate::model::{AUTHOR, Annotation, Head, Id, Layer, Relation, Schema, Spans, Status, Value};

/// Something to be done to the layer in hand.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values, named for what they hold")]
pub enum Command {
    /// Marks spans with a label, and a type where one is given.
    Tag { label: SmolStr, kind: Option<SmolStr>, spans: Spans },
    /// Gives an annotation another label or type.
    Relabel { id: Id, label: SmolStr, kind: Option<SmolStr> },
    /// Takes annotations out, with their relations.
    Delete { ids: Vec<Id> },
    /// Moves an annotation's edges.
    SetSpans { id: Id, spans: Spans },
    /// Gives an annotation a place that had lost it.
    Place { id: Id, spans: Spans },
    /// Keeps one of the versions of an annotation or a relation that a merge kept, by its number; the main one is 0.
    Settle { id: Id, version: usize },
    /// Keeps all versions of an annotation, each as an annotation of its own.
    SettleApart { id: Id },
    /// Keeps the value of a field of the head, or one that a merge kept beside it.
    SettleHead { field: SmolStr, value: Option<SmolStr> },
    /// Sets an attribute, or takes it away.
    SetAttribute { id: Id, attribute: SmolStr, value: Option<Value> },
    /// Sets the note.
    SetNote { id: Id, note: String },
    /// Flags an annotation as unsure, or not.
    SetUnsure { id: Id, unsure: bool },
    /// Gives one annotation the attributes of another with the same label.
    CopyAttributes { from: Id, to: Id },
    /// Links an annotation to another, or to [`AUTHOR`].
    Link { label: SmolStr, from: Id, to: Id },
    /// Takes a relation out.
    Unlink { id: Id },
    /// Sets an attribute of a relation, or takes it away.
    SetRelationAttribute { id: Id, attribute: SmolStr, value: Option<Value> },
    /// Sets the note of a relation.
    SetRelationNote { id: Id, note: String },
    /// Says how far the annotator is.
    SetStatus(Status),
    /// Sets an attribute of the article itself.
    SetDocumentAttribute { attribute: SmolStr, value: Option<Value> },
    /// Sets the note on the article itself.
    SetDocumentNote(String),
    /// Takes the last step back.
    Undo,
    /// Makes the last undone step again.
    Redo,
}

/// What came of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What to say, in a few words.
    pub message: String,
    /// The annotation or relation that was made.
    pub created: Option<Id>,
}

/// The change of status that the first edit of a layer brings with it.
pub(super) fn begun(layer: &Layer, edit: &Edit) -> Option<Edit> {
    (layer.head().status == Status::New && !matches!(edit, Edit::Head(_)))
        .then(|| Edit::Head(Box::new(Head { status: Status::InProgress, ..layer.head().clone() })))
}

pub(super) fn plan(command: Command, layer: &Layer, article: &Article, schema: &Schema) -> Result<Planned, Refusal> {
    match command {
        Command::Tag { label, kind, spans } => tag(layer, article, schema, label, kind, spans),
        Command::Relabel { id, label, kind } => relabel(layer, article, schema, &id, label, kind),
        Command::Delete { ids } => {
            for id in &ids {
                existing(layer, id)?;
            }
            let name = match ids.as_slice() {
                [id] => format!("delete {}", schema.label_name(existing(layer, id)?).to_lowercase()),
                _ => format!("delete {} annotations", ids.len()),
            };
            Ok(Planned::new(name, delete(layer, &ids)))
        }
        Command::SetSpans { id, spans } => {
            let mut annotation = existing(layer, &id)?.clone();
            annotation.spans = spans;
            refuse_twin(layer, schema, &annotation)?;
            let name = format!("move the edges of {}", schema.label_name(&annotation).to_lowercase());
            Ok(Planned::new(name, Edit::Put(annotation)))
        }
        Command::Place { id, spans } => place(layer, schema, &id, spans),
        Command::Settle { id, version } => settle::settle(layer, &id, version),
        Command::SettleApart { id } => settle::settle_apart(layer, &id),
        Command::SettleHead { field, value } => settle::settle_head(layer, &field, value.as_deref()),
        Command::SetAttribute { id, attribute, value } => {
            let mut annotation = existing(layer, &id)?.clone();
            annotation.attributes.set(attribute.clone(), value);
            Ok(Planned::new(format!("set {attribute}"), Edit::Put(annotation)))
        }
        Command::SetNote { id, note } => {
            let mut annotation = existing(layer, &id)?.clone();
            annotation.edit_extra(|extra| extra.note = note);
            Ok(Planned::new("change note", Edit::Put(annotation)))
        }
        Command::SetUnsure { id, unsure } => {
            let mut annotation = existing(layer, &id)?.clone();
            annotation.edit_extra(|extra| extra.unsure = unsure);
            Ok(Planned::new(if unsure { "flag as unsure" } else { "take the flag off" }, Edit::Put(annotation)))
        }
        Command::CopyAttributes { from, to } => {
            let from = existing(layer, &from)?;
            let mut annotation = existing(layer, &to)?.clone();
            if annotation.label != from.label {
                return Err(Refusal("Attributes can be copied between annotations of one label only.".to_owned()));
            }
            annotation.attributes = from.attributes.clone();
            Ok(Planned::new("copy attributes", Edit::Put(annotation)))
        }
        Command::Link { label, from, to } => link(layer, schema, &label, &from, &to),
        Command::Unlink { id } => {
            let relation = layer.relation(&id).ok_or_else(gone)?;
            Ok(Planned::new(format!("remove {}", relation.label), Edit::Unlink(id)))
        }
        Command::SetRelationAttribute { id, attribute, value } => {
            let mut relation = layer.relation(&id).ok_or_else(gone)?.clone();
            relation.attributes.set(attribute.clone(), value);
            Ok(Planned::new(format!("set {attribute}"), Edit::Link(relation)))
        }
        Command::SetRelationNote { id, note } => {
            let mut relation = layer.relation(&id).ok_or_else(gone)?.clone();
            let mut extra = relation.extra.take().unwrap_or_default();
            extra.note = note;
            relation.extra = (*extra != crate::model::RelationExtra::default()).then_some(extra);
            Ok(Planned::new("change note", Edit::Link(relation)))
        }
        Command::SetStatus(status) => {
            Ok(head(layer, format!("set status to {}", status.id()), |head| head.status = status))
        }
        Command::SetDocumentAttribute { attribute, value } => {
            Ok(head(layer, format!("set {attribute} of the article"), |head| head.document.set(attribute, value)))
        }
        Command::SetDocumentNote(note) => {
            Ok(head(layer, "change the note on the article", |head| head.document_note = note))
        }
        Command::Undo | Command::Redo => Err(Refusal("There is nothing to plan.".to_owned())),
    }
}

fn existing<'a>(layer: &'a Layer, id: &str) -> Result<&'a Annotation, Refusal> {
    layer.get(id).ok_or_else(gone)
}

fn head(layer: &Layer, name: impl Into<String>, change: impl FnOnce(&mut Head)) -> Planned {
    let mut head = layer.head().clone();
    change(&mut head);
    Planned::new(name, Edit::Head(Box::new(head)))
}

fn delete(layer: &Layer, ids: &[Id]) -> Edit {
    let mut links: Vec<&Id> = ids.iter().flat_map(|id| layer.relations_of(id)).map(|relation| &relation.id).collect();
    links.sort_unstable();
    links.dedup();
    let mut edits: Vec<Edit> = links.into_iter().map(|id| Edit::Unlink(id.clone())).collect();
    edits.extend(ids.iter().map(|id| Edit::Remove(id.clone())));
    Edit::Batch(edits)
}

/// Gives an annotation a place that has none.
fn place(layer: &Layer, schema: &Schema, id: &str, spans: Spans) -> Result<Planned, Refusal> {
    let annotation = existing(layer, id)?;
    if spans.is_empty() {
        return Err(Refusal("Select the text where it belongs first.".to_owned()));
    }
    let placed = place_at(annotation, spans);
    refuse_twin(layer, schema, &placed)?;
    let name = format!("place {}", schema.label_name(annotation).to_lowercase());
    Ok(Planned::new(name, Edit::Put(placed)))
}

/// Gives an annotation another label. Attributes that the new label has not are taken out and named, for undo to bring
/// them back.
fn relabel(
    layer: &Layer,
    article: &Article,
    schema: &Schema,
    id: &str,
    label: SmolStr,
    kind: Option<SmolStr>,
) -> Result<Planned, Refusal> {
    let mut annotation = existing(layer, id)?.clone();
    let mut gone: Vec<String> = Vec::new();
    if annotation.label != label {
        let old = std::mem::take(&mut annotation.attributes);
        for (name, value) in old.iter().filter(|(name, _)| *name != "type") {
            if schema.attributes_on(&label).any(|attribute| attribute.id == *name) {
                annotation.attributes.set(name.clone(), Some(value.clone()));
            } else {
                gone.push(name.to_string());
            }
        }
        annotation.label = label;
        guess_form(schema, article, &mut annotation);
    } else if annotation.kind() != kind.as_deref() {
        gone.extend(annotation.attributes.text("kind").map(|_| "kind".to_owned()));
        annotation.attributes.set("kind", None);
    }
    annotation.attributes.set("type", kind.map(Value::Text));
    refuse_twin(layer, schema, &annotation)?;
    let name = format!("relabel as {}", schema.label_name(&annotation).to_lowercase());
    let mut planned = Planned::new(name, Edit::Put(annotation));
    if !gone.is_empty() {
        planned.message.extend([" (without ", &gone.join(", "), "; undo brings it back)"]);
    }
    Ok(planned)
}

fn guess_form(schema: &Schema, article: &Article, annotation: &mut Annotation) {
    let attribute = schema.attributes_on(&annotation.label).find(|it| it.guess_from_quotation_marks);
    if let Some(attribute) = attribute.filter(|attribute| annotation.attributes.get(&attribute.id).is_none()) {
        let form = tagging::guess_form(&article.text, &annotation.spans);
        annotation.attributes.set(attribute.id.clone(), Some(Value::Text(form.into())));
    }
}

fn refuse_twin(layer: &Layer, schema: &Schema, annotation: &Annotation) -> Result<(), Refusal> {
    let Some(hull) = annotation.hull() else { return Ok(()) };
    let twin = layer.overlapping(hull).into_iter().find(|other| {
        other.id != annotation.id
            && other.label == annotation.label
            && other.kind() == annotation.kind()
            && other.spans == annotation.spans
    });
    match twin {
        Some(twin) => Err(Refusal(format!(
            "This text is already marked as {}. To change that mark, click it.",
            schema.label_name(twin).to_lowercase()
        ))),
        None => Ok(()),
    }
}

fn tag(
    layer: &Layer,
    article: &Article,
    schema: &Schema,
    label: SmolStr,
    kind: Option<SmolStr>,
    spans: Spans,
) -> Result<Planned, Refusal> {
    if spans.is_empty() {
        return Err(Refusal("Select some text first.".to_owned()));
    }
    let known = schema.label(&label).ok_or_else(|| Refusal(format!("The schema has no label {label}.")))?;
    if spans.len() > 1 && !known.fragments {
        return Err(Refusal(format!("{} takes one piece of text; select it alone.", known.name)));
    }
    let id = tagging::fresh_id(layer);
    let mut annotation = Annotation::new(id.clone(), label, spans[0]);
    annotation.spans = spans;
    annotation.attributes.set("type", kind.map(Value::Text));
    refuse_twin(layer, schema, &annotation)?;
    guess_form(schema, article, &mut annotation);
    let name = format!("tag {}", schema.label_name(&annotation).to_lowercase());
    let mut planned = Planned::new(name, Edit::Put(annotation));
    planned.created = Some(id);
    Ok(planned)
}

fn link(layer: &Layer, schema: &Schema, label: &str, from: &Id, to: &Id) -> Result<Planned, Refusal> {
    let source = existing(layer, from)?;
    let target = if to == AUTHOR { None } else { Some(existing(layer, to)?) };
    let kind = schema
        .relations_between(source, target)
        .find(|kind| kind.id == label)
        .ok_or_else(|| Refusal(format!("The schema allows no {label} between these two.")))?;
    let same = layer.relations_of(from).into_iter().any(|other| {
        other.label == label
            && ((&other.from == from && &other.to == to) || (kind.symmetric && &other.from == to && &other.to == from))
    });
    if same {
        return Err(Refusal(format!("They are already linked as {}.", kind.name.to_lowercase())));
    }
    let id = tagging::fresh_id(layer);
    let relation = Relation::new(id.clone(), label, from.clone(), to.clone());
    let mut planned = Planned::new(format!("link {}", kind.name.to_lowercase()), Edit::Link(relation));
    planned.created = Some(id);
    Ok(planned)
}
