//! From a layer to JSON objects.
//!
//! Fields come in the order of a sidecar, empty ones are left out; bytes become code points.

use serde_json::{Map, Number, Value as Json, json};

use crate::model::{
    Annotation, Attributes, Comment, CommentTarget, Decision, Layer, Origin, Quoted, Relation, Span, Value,
};
use crate::text::OffsetIndex;

/// So many code points of context are told on each side.
const CONTEXT: usize = 32;

/// How annotations without a place say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orphans {
    /// `"orphan": {"candidates": […]}`, as in a sidecar.
    Whole,
    /// `"orphan": true`.
    Flag,
}

/// A line of the format: a layer with its article's path and text.
pub fn line_object(file: &str, text: &str, layer: &Layer) -> Json {
    let mut object = Map::new();
    object.insert("file".to_owned(), file.into());
    object.insert("text".to_owned(), text.into());
    object.extend(layer_map(text, layer, Orphans::Whole));
    Json::Object(object)
}

/// A layer alone, without its article.
pub fn layer_object(text: &str, layer: &Layer, orphans: Orphans) -> Json {
    Json::Object(layer_map(text, layer, orphans))
}

fn layer_map(text: &str, layer: &Layer, orphans: Orphans) -> Map<String, Json> {
    let writer = Writer { text, index: OffsetIndex::new(text), orphans };
    let head = layer.head();
    let mut object = Map::new();
    object.insert("annotator".to_owned(), head.annotator.as_str().into());
    object.insert("status".to_owned(), head.status.id().into());
    object.insert("schema".to_owned(), json!({"id": head.schema.id.as_str(), "version": head.schema.version}));
    let mut document = Map::new();
    put_attributes(&mut document, &head.document);
    put_text(&mut document, "note", &head.document_note);
    if !document.is_empty() {
        object.insert("document".to_owned(), document.into());
    }
    object.insert("annotations".to_owned(), layer.annotations().map(|a| writer.annotation(a)).collect());
    object.insert("relations".to_owned(), layer.relations().into_iter().map(relation).collect());
    put_list(&mut object, "comments", head.comments.iter().map(comment));
    put_list(
        &mut object,
        "rejected",
        head.rejected.iter().map(
            |rejected| json!({"rule": rejected.rule.as_str(), "label": rejected.label.as_str(), "text": rejected.text}),
        ),
    );
    put_list(&mut object, "decisions", head.decisions.iter().map(|decision| writer.decision(decision)));
    put_list(
        &mut object,
        "conflict",
        head.conflict.iter().map(|(field, value)| json!([field.as_str(), value.as_str()])),
    );
    object
}

struct Writer<'t> {
    text: &'t str,
    index: OffsetIndex,
    orphans: Orphans,
}

impl Writer<'_> {
    fn char(&self, byte: u32) -> u64 {
        self.index.char_from_byte(self.text, byte as usize).0
    }

    fn annotation(&self, annotation: &Annotation) -> Json {
        let mut object = Map::new();
        object.insert("id".to_owned(), annotation.id.as_str().into());
        object.insert("label".to_owned(), annotation.label.as_str().into());
        let (spans, before, after): (Json, &str, &str) = if let Some(orphan) = annotation.orphan() {
            (orphan.spans.iter().map(quoted).collect(), &orphan.context.0, &orphan.context.1)
        } else {
            let spans = annotation.spans.iter().map(|span| {
                json!([self.char(span.start()), self.char(span.end()), span.slice(self.text).unwrap_or_default()])
            });
            let (before, after) = annotation.hull().map_or(("", ""), |hull| context(self.text, hull));
            (spans.collect(), before, after)
        };
        object.insert("spans".to_owned(), spans);
        if !(before.is_empty() && after.is_empty()) {
            object.insert("context".to_owned(), json!([before, after]));
        }
        put_attributes(&mut object, &annotation.attributes);
        if let Some(extra) = &annotation.extra {
            put_text(&mut object, "note", &extra.note);
            if extra.unsure {
                object.insert("unsure".to_owned(), true.into());
            }
            if let Some(by) = &extra.origin {
                object.insert("origin".to_owned(), origin(by));
            }
            put_text(&mut object, "made", extra.made.as_deref().unwrap_or_default());
            if let Some(orphan) = &extra.orphan {
                let value = match self.orphans {
                    Orphans::Flag => true.into(),
                    Orphans::Whole => {
                        let mut map = Map::new();
                        put_list(&mut map, "candidates", orphan.candidates.iter().map(quoted));
                        map.into()
                    }
                };
                object.insert("orphan".to_owned(), value);
            }
            put_list(&mut object, "conflict", extra.conflict.iter().map(|other| self.annotation(other)));
        }
        object.into()
    }

    fn decision(&self, decision: &Decision) -> Json {
        let mut object = Map::new();
        object.insert("id".to_owned(), decision.id.as_str().into());
        put_list(&mut object, "sources", decision.sources.iter().map(|(who, id)| json!([who.as_str(), id.as_str()])));
        object.insert("verdict".to_owned(), decision.verdict.as_str().into());
        put_text(&mut object, "result", decision.result.as_deref().unwrap_or_default());
        put_list(&mut object, "rejected", decision.rejected.iter().map(|other| self.annotation(other)));
        put_text(&mut object, "reason", &decision.reason);
        put_text(&mut object, "comment", &decision.comment);
        put_text(&mut object, "by", &decision.by);
        put_text(&mut object, "made", decision.made.as_deref().unwrap_or_default());
        if !decision.layers.is_empty() {
            let layers: Map<String, Json> =
                decision.layers.iter().map(|(who, hash)| (who.to_string(), hash.as_str().into())).collect();
            object.insert("layers".to_owned(), layers.into());
        }
        object.into()
    }
}

/// What stands around a stretch of the text.
fn context(text: &str, hull: Span) -> (&str, &str) {
    let (before, after) = (&text[..hull.start() as usize], &text[hull.end() as usize..]);
    let from = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
    (&before[from..], &after[..to])
}

fn relation(relation: &Relation) -> Json {
    let mut object = Map::new();
    for (name, value) in
        [("id", &relation.id), ("label", &relation.label), ("from", &relation.from), ("to", &relation.to)]
    {
        object.insert(name.to_owned(), value.as_str().into());
    }
    put_attributes(&mut object, &relation.attributes);
    if let Some(extra) = &relation.extra {
        put_text(&mut object, "note", &extra.note);
        put_text(&mut object, "made", extra.made.as_deref().unwrap_or_default());
        put_list(&mut object, "conflict", extra.conflict.iter().map(self::relation));
    }
    object.into()
}

fn comment(comment: &Comment) -> Json {
    let mut object = Map::new();
    object.insert("id".to_owned(), comment.id.as_str().into());
    if let Some(on) = &comment.on {
        let on = match on {
            CommentTarget::Annotation(annotator, id) => json!([annotator.as_str(), id.as_str()]),
            CommentTarget::Span(span) => quoted(span),
        };
        object.insert("on".to_owned(), on);
    }
    object.insert("text".to_owned(), comment.text.as_str().into());
    object.insert("by".to_owned(), comment.by.as_str().into());
    put_text(&mut object, "made", comment.made.as_deref().unwrap_or_default());
    put_text(&mut object, "reply_to", comment.reply_to.as_deref().unwrap_or_default());
    if comment.resolves {
        object.insert("resolves".to_owned(), true.into());
    }
    object.into()
}

fn origin(origin: &Origin) -> Json {
    let mut object = Map::new();
    object.insert("by".to_owned(), origin.by.as_str().into());
    for (name, value) in
        [("rule", &origin.rule), ("import", &origin.import), ("layer", &origin.layer), ("person", &origin.person)]
    {
        put_text(&mut object, name, value.as_deref().unwrap_or_default());
    }
    object.into()
}

fn quoted(span: &Quoted) -> Json {
    json!([span.start, span.end, span.text])
}

fn put_text(object: &mut Map<String, Json>, name: &str, text: &str) {
    if !text.is_empty() {
        object.insert(name.to_owned(), text.into());
    }
}

fn put_list(object: &mut Map<String, Json>, name: &str, things: impl Iterator<Item = Json>) {
    let list: Vec<Json> = things.collect();
    if !list.is_empty() {
        object.insert(name.to_owned(), list.into());
    }
}

fn put_attributes(object: &mut Map<String, Json>, attributes: &Attributes) {
    if !attributes.is_empty() {
        let map: Map<String, Json> = attributes.iter().map(|(id, value)| (id.to_string(), value_json(value))).collect();
        object.insert("attributes".to_owned(), map.into());
    }
}

fn value_json(value: &Value) -> Json {
    /// Whole numbers up to here are exact, and stand without a point.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Many(values) => values.iter().map(smol_str::SmolStr::as_str).collect(),
        Value::Bool(value) => (*value).into(),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < EXACT => (*number as i64).into(),
        Value::Number(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
    }
}
