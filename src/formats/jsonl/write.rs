//! From a layer to JSON objects, written field by field: no tree of values is made first.
//!
//! Fields come in the order of a sidecar, empty ones are left out; bytes become code points.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value as Json;

use crate::model::{
    Annotation, Attributes, Comment, CommentTarget, Decision, Head, Layer, Origin, Quoted, Rejected, Relation, Span,
    Value,
};
use crate::text::OffsetIndex;

/// So many code points of context are told on each side.
const CONTEXT: usize = 32;
/// Whole numbers up to here are exact, and stand without a point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// How annotations without a place say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orphans {
    /// `"orphan": {"candidates": […]}`, as in a sidecar.
    Whole,
    /// `"orphan": true`.
    Flag,
}

/// A line of the format: a layer with its article's path and text.
pub struct Line<'a> {
    /// The article's path.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The layer.
    pub layer: &'a Layer,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("file", self.file)?;
        object.serialize_entry("text", self.text)?;
        let on = Place { text: self.text, index: &OffsetIndex::new(self.text), orphans: Orphans::Whole };
        layer_fields(&mut Fields(&mut object), &on.of(self.layer))?;
        object.end()
    }
}

/// A line as a value.
pub fn line_object(file: &str, text: &str, layer: &Layer) -> Json {
    serde_json::to_value(Line { file, text, layer }).expect("every key is a text")
}

/// A layer alone, without its article.
pub fn layer_object(text: &str, layer: &Layer, orphans: Orphans) -> Json {
    let on = Place { text, index: &OffsetIndex::new(text), orphans };
    serde_json::to_value(on.of(layer)).expect("every key is a text")
}

/// The text that a layer is on, and how it is told.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    index: &'t OffsetIndex,
    orphans: Orphans,
}

impl<'t> Place<'t> {
    fn of<T>(self, thing: &'t T) -> On<'t, T> {
        On { on: self, thing }
    }

    fn char(&self, byte: u32) -> u64 {
        self.index.char_from_byte(self.text, byte as usize).0
    }
}

/// A thing with places in a text.
struct On<'t, T> {
    on: Place<'t>,
    thing: &'t T,
}

/// A thing without any.
struct Of<'t, T>(&'t T);

/// A list of things, which can be gone through anew.
struct List<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for List<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

/// An object that is being written.
struct Fields<'m, M>(&'m mut M);

impl<M: SerializeMap> Fields<'_, M> {
    fn set(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), M::Error> {
        self.0.serialize_entry(name, value)
    }

    /// A text, unless it is empty.
    fn text(&mut self, name: &'static str, text: &str) -> Result<(), M::Error> {
        if text.is_empty() { Ok(()) } else { self.set(name, text) }
    }

    /// A list, unless it is empty.
    fn list<I: Iterator<Item: Serialize> + Clone>(&mut self, name: &'static str, list: I) -> Result<(), M::Error> {
        if list.clone().next().is_none() { Ok(()) } else { self.set(name, &List(list)) }
    }

    /// Attributes, unless there are none.
    fn attributes(&mut self, attributes: &Attributes) -> Result<(), M::Error> {
        if attributes.is_empty() { Ok(()) } else { self.set("attributes", &Of(attributes)) }
    }
}

/// The annotations of a layer, in its order.
struct Annotations<'t> {
    on: Place<'t>,
    layer: &'t Layer,
}

impl Serialize for Annotations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.layer.annotations().map(|annotation| self.on.of(annotation)))
    }
}

/// Makes an object of a thing by a function that writes its fields.
macro_rules! object {
    ($thing:ty, $fields:path) => {
        impl Serialize for $thing {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut object = serializer.serialize_map(None)?;
                $fields(&mut Fields(&mut object), self)?;
                object.end()
            }
        }
    };
}

object!(On<'_, Layer>, layer_fields);
object!(On<'_, Annotation>, annotation_fields);
object!(On<'_, Decision>, decision_fields);
object!(Of<'_, Head>, article_fields);
object!(Of<'_, Relation>, relation_fields);
object!(Of<'_, Comment>, comment_fields);
object!(Of<'_, Rejected>, rejected_fields);
object!(Of<'_, Origin>, origin_fields);

fn layer_fields<M: SerializeMap>(object: &mut Fields<'_, M>, layer: &On<'_, Layer>) -> Result<(), M::Error> {
    let On { on, thing: layer } = *layer;
    let head = layer.head();
    object.set("annotator", head.annotator.as_str())?;
    object.set("status", head.status.id())?;
    object.set("schema", &Schema { id: &head.schema.id, version: head.schema.version })?;
    if !(head.document.is_empty() && head.document_note.is_empty()) {
        object.set("document", &Of(head))?;
    }
    object.set("annotations", &Annotations { on, layer })?;
    object.set("relations", &List(layer.relations().into_iter().map(Of)))?;
    object.list("comments", head.comments.iter().map(Of))?;
    object.list("rejected", head.rejected.iter().map(Of))?;
    object.list("decisions", head.decisions.iter().map(|decision| on.of(decision)))?;
    object.list("conflict", head.conflict.iter().map(|(field, value)| [field.as_str(), value.as_str()]))
}

#[derive(serde::Serialize)]
struct Schema<'a> {
    id: &'a str,
    version: u32,
}

fn article_fields<M: SerializeMap>(object: &mut Fields<'_, M>, head: &Of<'_, Head>) -> Result<(), M::Error> {
    object.attributes(&head.0.document)?;
    object.text("note", &head.0.document_note)
}

fn annotation_fields<M: SerializeMap>(
    object: &mut Fields<'_, M>,
    annotation: &On<'_, Annotation>,
) -> Result<(), M::Error> {
    let On { on, thing: annotation } = *annotation;
    object.set("id", annotation.id.as_str())?;
    object.set("label", annotation.label.as_str())?;
    let (before, after) = if let Some(orphan) = annotation.orphan() {
        object.set("spans", &List(orphan.spans.iter().map(Of)))?;
        (orphan.context.0.as_str(), orphan.context.1.as_str())
    } else {
        let span = |span: &Span| (on.char(span.start()), on.char(span.end()), span.slice(on.text).unwrap_or_default());
        object.set("spans", &List(annotation.spans.iter().map(span)))?;
        annotation.hull().map_or(("", ""), |hull| context(on.text, hull))
    };
    if !(before.is_empty() && after.is_empty()) {
        object.set("context", &[before, after])?;
    }
    object.attributes(&annotation.attributes)?;
    let Some(extra) = &annotation.extra else { return Ok(()) };
    object.text("note", &extra.note)?;
    if extra.unsure {
        object.set("unsure", &true)?;
    }
    if let Some(origin) = &extra.origin {
        object.set("origin", &Of(origin))?;
    }
    object.text("made", extra.made.as_deref().unwrap_or_default())?;
    match (&extra.orphan, on.orphans) {
        (Some(_), Orphans::Flag) => object.set("orphan", &true)?,
        (Some(orphan), Orphans::Whole) => object.set("orphan", &Candidates(&orphan.candidates))?,
        (None, _) => {}
    }
    object.list("conflict", extra.conflict.iter().map(|other| on.of(other)))
}

/// Where an annotation without a place may belong.
struct Candidates<'a>(&'a [Quoted]);

impl Serialize for Candidates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        Fields(&mut object).list("candidates", self.0.iter().map(Of))?;
        object.end()
    }
}

fn decision_fields<M: SerializeMap>(object: &mut Fields<'_, M>, decision: &On<'_, Decision>) -> Result<(), M::Error> {
    let On { on, thing: decision } = *decision;
    object.set("id", decision.id.as_str())?;
    object.list("sources", decision.sources.iter().map(|(who, id)| [who.as_str(), id.as_str()]))?;
    object.set("verdict", decision.verdict.as_str())?;
    object.text("result", decision.result.as_deref().unwrap_or_default())?;
    object.list("rejected", decision.rejected.iter().map(|other| on.of(other)))?;
    object.text("reason", &decision.reason)?;
    object.text("comment", &decision.comment)?;
    object.text("by", &decision.by)?;
    object.text("made", decision.made.as_deref().unwrap_or_default())?;
    if decision.layers.is_empty() {
        return Ok(());
    }
    object.set("layers", &Hashes(&decision.layers))
}

/// Hashes by annotator.
struct Hashes<'a>(&'a [(smol_str::SmolStr, smol_str::SmolStr)]);

impl Serialize for Hashes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(who, hash)| (who.as_str(), hash.as_str())))
    }
}

/// What stands around a stretch of the text.
fn context(text: &str, hull: Span) -> (&str, &str) {
    let (before, after) = (&text[..hull.start() as usize], &text[hull.end() as usize..]);
    let from = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
    (&before[from..], &after[..to])
}

fn relation_fields<M: SerializeMap>(object: &mut Fields<'_, M>, relation: &Of<'_, Relation>) -> Result<(), M::Error> {
    let Of(relation) = relation;
    object.set("id", relation.id.as_str())?;
    object.set("label", relation.label.as_str())?;
    object.set("from", relation.from.as_str())?;
    object.set("to", relation.to.as_str())?;
    object.attributes(&relation.attributes)?;
    let Some(extra) = &relation.extra else { return Ok(()) };
    object.text("note", &extra.note)?;
    object.text("made", extra.made.as_deref().unwrap_or_default())?;
    object.list("conflict", extra.conflict.iter().map(Of))
}

fn comment_fields<M: SerializeMap>(object: &mut Fields<'_, M>, comment: &Of<'_, Comment>) -> Result<(), M::Error> {
    let Of(comment) = comment;
    object.set("id", comment.id.as_str())?;
    match &comment.on {
        Some(CommentTarget::Annotation(annotator, id)) => object.set("on", &[annotator.as_str(), id.as_str()])?,
        Some(CommentTarget::Span(span)) => object.set("on", &Of(span))?,
        None => {}
    }
    object.set("text", comment.text.as_str())?;
    object.set("by", comment.by.as_str())?;
    object.text("made", comment.made.as_deref().unwrap_or_default())?;
    object.text("reply_to", comment.reply_to.as_deref().unwrap_or_default())?;
    if comment.resolves { object.set("resolves", &true) } else { Ok(()) }
}

fn rejected_fields<M: SerializeMap>(object: &mut Fields<'_, M>, rejected: &Of<'_, Rejected>) -> Result<(), M::Error> {
    object.set("rule", rejected.0.rule.as_str())?;
    object.set("label", rejected.0.label.as_str())?;
    object.set("text", rejected.0.text.as_str())
}

fn origin_fields<M: SerializeMap>(object: &mut Fields<'_, M>, origin: &Of<'_, Origin>) -> Result<(), M::Error> {
    let Of(origin) = origin;
    object.set("by", origin.by.as_str())?;
    object.text("rule", origin.rule.as_deref().unwrap_or_default())?;
    object.text("import", origin.import.as_deref().unwrap_or_default())?;
    object.text("layer", origin.layer.as_deref().unwrap_or_default())?;
    object.text("person", origin.person.as_deref().unwrap_or_default())
}

impl Serialize for Of<'_, Quoted> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.0.start, self.0.end, &self.0.text).serialize(serializer)
    }
}

impl Serialize for Of<'_, Attributes> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, value)| (id.as_str(), Of(value))))
    }
}

impl Serialize for Of<'_, Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Many(values) => serializer.collect_seq(values.iter().map(smol_str::SmolStr::as_str)),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(number) if number.fract() == 0.0 && number.abs() < EXACT => {
                serializer.serialize_i64(*number as i64)
            }
            // What JSON has no number for is null.
            Value::Number(number) => serializer.serialize_f64(*number),
        }
    }
}
