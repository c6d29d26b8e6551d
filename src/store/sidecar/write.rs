//! Writes a layer as its sidecar, in one canonical form.
//!
//! Equal content gives equal bytes: fields in a fixed order, empty ones left out, one annotation, relation, comment or
//! decision a line, so that a change of one is a diff of one line. Strings keep every script as it is and escape
//! only quotation marks, backslashes, controls, line separators and invisible format characters.

use std::fmt::Write as _;

use super::quote::push_quoted;
use super::{FORMAT, context};
use crate::article::Article;
use crate::model::{
    Annotation, Attributes, Comment, CommentTarget, Decision, Head, Layer, Origin, Quoted, Relation, Value,
};
use crate::text::OffsetIndex;

/// The sidecar of a layer: what [`super::save_layer`] puts on disk.
pub fn write_layer(article: &Article, layer: &Layer) -> String {
    write_layer_with(article, &OffsetIndex::new(&article.text), layer)
}

/// The sidecar of a layer, with an index of the article's text that is at hand.
pub(in crate::store) fn write_layer_with(article: &Article, index: &OffsetIndex, layer: &Layer) -> String {
    let mut writer = Writer::new(article, index, layer.len());
    writer.layer(article, layer);
    writer.out
}

/// An annotation as it stands in a sidecar, on one line.
pub(in crate::store) fn write_annotation(article: &Article, index: &OffsetIndex, annotation: &Annotation) -> String {
    let mut writer = Writer::new(article, index, 1);
    writer.annotation(annotation);
    writer.out
}

/// A relation as it stands in a sidecar, on one line.
pub(in crate::store) fn write_relation(article: &Article, index: &OffsetIndex, relation: &Relation) -> String {
    let mut writer = Writer::new(article, index, 1);
    writer.relation(relation);
    writer.out
}

/// The value of an attribute as it stands in a sidecar.
pub(in crate::store) fn value_as_written(value: &Value) -> String {
    let mut out = String::new();
    push_value(&mut out, value);
    out
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => push_quoted(out, text),
        Value::Many(values) => {
            out.push('[');
            let mut commas = Commas(false);
            for value in values {
                commas.next(out);
                push_quoted(out, value);
            }
            out.push(']');
        }
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => push_number(out, *number),
    }
}

pub(super) fn push_fmt(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("writing to a string does not fail");
}

struct Writer<'t> {
    text: &'t str,
    index: &'t OffsetIndex,
    out: String,
}

/// Between two things of a list: nothing before the first.
struct Commas(bool);

impl Commas {
    fn next(&mut self, out: &mut String) {
        if std::mem::replace(&mut self.0, true) {
            out.push_str(", ");
        }
    }
}

impl<'t> Writer<'t> {
    fn new(article: &'t Article, index: &'t OffsetIndex, annotations: usize) -> Self {
        let out = String::with_capacity(256 + annotations * 200);
        Self { text: &article.text, index, out }
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// `name: "text"`, left out when the text is empty.
    fn field(&mut self, commas: &mut Commas, name: &str, text: &str) {
        if !text.is_empty() {
            self.name(commas, name);
            push_quoted(&mut self.out, text);
        }
    }

    /// A field that a reader asks for, even where it is empty.
    fn needed(&mut self, commas: &mut Commas, name: &str, text: &str) {
        self.name(commas, name);
        push_quoted(&mut self.out, text);
    }

    fn name(&mut self, commas: &mut Commas, name: &str) {
        commas.next(&mut self.out);
        self.raw(name);
        self.raw(": ");
    }

    /// A list with one thing a line; nothing when it is empty.
    fn lines<T>(&mut self, name: &str, things: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        let mut things = things.into_iter().peekable();
        if things.peek().is_none() {
            return;
        }
        push_fmt(&mut self.out, format_args!("    {name}: [\n"));
        for thing in things {
            self.raw("        ");
            each(self, thing);
            self.raw(",\n");
        }
        self.raw("    ],\n");
    }

    /// A list on one line.
    fn list<T>(&mut self, things: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.raw("[");
        let mut commas = Commas(false);
        for thing in things {
            commas.next(&mut self.out);
            each(self, thing);
        }
        self.raw("]");
    }

    fn layer(&mut self, article: &Article, layer: &Layer) {
        let head = layer.head();
        self.raw("(\n");
        push_fmt(&mut self.out, format_args!("    format: {FORMAT},\n    source: (file: "));
        push_quoted(
            &mut self.out,
            &article.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        );
        for (name, value) in
            [("sha256", article.sha256.as_str()), ("encoding", article.encoding), ("text_sha256", &article.text_sha256)]
        {
            push_fmt(&mut self.out, format_args!(", {name}: "));
            push_quoted(&mut self.out, value);
        }
        push_fmt(&mut self.out, format_args!(", chars: {}),\n    schema: (id: ", article.chars));
        push_quoted(&mut self.out, &head.schema.id);
        push_fmt(&mut self.out, format_args!(", version: {}),\n    annotator: ", head.schema.version));
        push_quoted(&mut self.out, &head.annotator);
        push_fmt(&mut self.out, format_args!(",\n    status: \"{}\",\n", head.status.id()));
        self.document(head);
        if layer.is_empty() {
            self.raw("    annotations: [],\n");
        }
        let ordered = self.in_order(layer);
        self.lines("annotations", ordered, Self::annotation);
        self.lines("relations", layer.relations(), Self::relation);
        self.lines("comments", &head.comments, Self::comment);
        self.lines("rejected", &head.rejected, |writer, rejected| {
            let mut commas = Commas(false);
            writer.raw("(");
            for (name, value) in [("rule", &*rejected.rule), ("label", &*rejected.label), ("text", &*rejected.text)] {
                writer.name(&mut commas, name);
                push_quoted(&mut writer.out, value);
            }
            writer.raw(")");
        });
        self.lines("decisions", &head.decisions, Self::decision);
        self.lines("conflict", &head.conflict, |writer, (field, value)| writer.pair(field, value));
        self.raw(")\n");
    }

    fn document(&mut self, head: &Head) {
        if head.document.is_empty() && head.document_note.is_empty() {
            return;
        }
        let mut commas = Commas(false);
        self.raw("    document: (");
        self.attributes(&mut commas, &head.document);
        self.field(&mut commas, "note", &head.document_note);
        self.raw("),\n");
    }

    /// By the start of the first span, the end of the last, and id, orphans by the places that they had.
    fn in_order<'l>(&mut self, layer: &'l Layer) -> Vec<&'l Annotation> {
        let mut keyed: Vec<(u64, u64, &Annotation)> = Vec::with_capacity(layer.len());
        for annotation in layer.annotations() {
            let (start, end) = match (annotation.hull(), annotation.orphan()) {
                (_, Some(orphan)) => {
                    (orphan.spans.first().map_or(0, |s| s.start), orphan.spans.last().map_or(0, |s| s.end))
                }
                (Some(hull), None) => (self.char(hull.start()), self.char(hull.end())),
                (None, None) => (0, 0),
            };
            keyed.push((start, end, annotation));
        }
        keyed.sort_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)));
        keyed.into_iter().map(|(_, _, annotation)| annotation).collect()
    }

    fn char(&self, byte: u32) -> u64 {
        self.index.char_from_byte(self.text, byte as usize).0
    }

    fn annotation(&mut self, annotation: &Annotation) {
        let mut commas = Commas(false);
        self.raw("(");
        self.needed(&mut commas, "id", &annotation.id);
        self.name(&mut commas, "label");
        push_quoted(&mut self.out, &annotation.label);
        self.name(&mut commas, "spans");
        if let Some(orphan) = annotation.orphan() {
            self.list(&orphan.spans, Self::quote);
            if !(orphan.context.0.is_empty() && orphan.context.1.is_empty()) {
                self.name(&mut commas, "context");
                self.pair(&orphan.context.0, &orphan.context.1);
            }
        } else {
            let text = self.text;
            self.list(&annotation.spans, |writer, span| {
                let (start, end) = (writer.char(span.start()), writer.char(span.end()));
                push_fmt(&mut writer.out, format_args!("({start}, {end}, "));
                push_quoted(&mut writer.out, span.slice(text).unwrap_or_default());
                writer.raw(")");
            });
            if let Some(hull) = annotation.hull() {
                self.name(&mut commas, "context");
                let (before, after) = context::around(text, hull);
                self.pair(before, after);
            }
        }
        self.attributes(&mut commas, &annotation.attributes);
        if let Some(extra) = &annotation.extra {
            self.field(&mut commas, "note", &extra.note);
            if extra.unsure {
                self.name(&mut commas, "unsure");
                self.raw("true");
            }
            if let Some(origin) = &extra.origin {
                self.name(&mut commas, "origin");
                self.origin(origin);
            }
            self.field(&mut commas, "made", extra.made.as_deref().unwrap_or_default());
            if let Some(orphan) = &extra.orphan {
                self.name(&mut commas, "orphan");
                self.raw("(");
                if !orphan.candidates.is_empty() {
                    self.raw("candidates: ");
                    self.list(&orphan.candidates, Self::quote);
                }
                self.raw(")");
            }
            if !extra.conflict.is_empty() {
                self.name(&mut commas, "conflict");
                self.list(&extra.conflict, Self::annotation);
            }
        }
        self.raw(")");
    }

    fn origin(&mut self, origin: &Origin) {
        let mut commas = Commas(false);
        self.raw("(");
        self.name(&mut commas, "by");
        push_quoted(&mut self.out, &origin.by);
        for (name, value) in
            [("rule", &origin.rule), ("import", &origin.import), ("layer", &origin.layer), ("person", &origin.person)]
        {
            self.field(&mut commas, name, value.as_deref().unwrap_or_default());
        }
        self.raw(")");
    }

    fn relation(&mut self, relation: &Relation) {
        let mut commas = Commas(false);
        self.raw("(");
        for (name, value) in
            [("id", &relation.id), ("label", &relation.label), ("from", &relation.from), ("to", &relation.to)]
        {
            self.name(&mut commas, name);
            push_quoted(&mut self.out, value);
        }
        self.attributes(&mut commas, &relation.attributes);
        if let Some(extra) = &relation.extra {
            self.field(&mut commas, "note", &extra.note);
            self.field(&mut commas, "made", extra.made.as_deref().unwrap_or_default());
            if !extra.conflict.is_empty() {
                self.name(&mut commas, "conflict");
                self.list(&extra.conflict, Self::relation);
            }
        }
        self.raw(")");
    }

    fn comment(&mut self, comment: &Comment) {
        let mut commas = Commas(false);
        self.raw("(");
        self.needed(&mut commas, "id", &comment.id);
        if let Some(on) = &comment.on {
            self.name(&mut commas, "on");
            match on {
                CommentTarget::Annotation(annotator, id) => self.pair(annotator, id),
                CommentTarget::Span(span) => self.quote(span),
            }
        }
        self.name(&mut commas, "text");
        push_quoted(&mut self.out, &comment.text);
        self.name(&mut commas, "by");
        push_quoted(&mut self.out, &comment.by);
        self.field(&mut commas, "made", comment.made.as_deref().unwrap_or_default());
        self.field(&mut commas, "reply_to", comment.reply_to.as_deref().unwrap_or_default());
        if comment.resolves {
            self.name(&mut commas, "resolves");
            self.raw("true");
        }
        self.raw(")");
    }

    fn decision(&mut self, decision: &Decision) {
        let mut commas = Commas(false);
        self.raw("(");
        self.needed(&mut commas, "id", &decision.id);
        if !decision.sources.is_empty() {
            self.name(&mut commas, "sources");
            self.list(&decision.sources, |writer, (annotator, id)| writer.pair(annotator, id));
        }
        self.name(&mut commas, "verdict");
        push_quoted(&mut self.out, &decision.verdict);
        self.field(&mut commas, "result", decision.result.as_deref().unwrap_or_default());
        if !decision.rejected.is_empty() {
            self.name(&mut commas, "rejected");
            self.list(&decision.rejected, Self::annotation);
        }
        self.field(&mut commas, "reason", &decision.reason);
        self.field(&mut commas, "comment", &decision.comment);
        self.field(&mut commas, "by", &decision.by);
        self.field(&mut commas, "made", decision.made.as_deref().unwrap_or_default());
        if !decision.layers.is_empty() {
            self.name(&mut commas, "layers");
            self.raw("{");
            let mut between = Commas(false);
            for (annotator, text) in &decision.layers {
                between.next(&mut self.out);
                push_quoted(&mut self.out, annotator);
                self.raw(": ");
                push_quoted(&mut self.out, text);
            }
            self.raw("}");
        }
        self.raw(")");
    }

    fn attributes(&mut self, commas: &mut Commas, attributes: &Attributes) {
        if attributes.is_empty() {
            return;
        }
        self.name(commas, "attributes");
        self.raw("{");
        let mut between = Commas(false);
        for (id, value) in attributes.iter() {
            between.next(&mut self.out);
            push_quoted(&mut self.out, id);
            self.raw(": ");
            push_value(&mut self.out, value);
        }
        self.raw("}");
    }

    fn quote(&mut self, quote: &Quoted) {
        push_fmt(&mut self.out, format_args!("({}, {}, ", quote.start, quote.end));
        push_quoted(&mut self.out, &quote.text);
        self.raw(")");
    }

    fn pair(&mut self, first: &str, second: &str) {
        self.raw("(");
        push_quoted(&mut self.out, first);
        self.raw(", ");
        push_quoted(&mut self.out, second);
        self.raw(")");
    }
}

/// Whole numbers without a point, others as short as reads back the same. A number that is not finite, which no
/// reader and no panel makes, is written as 0.
fn push_number(out: &mut String, number: f64) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number == 0.0 || !number.is_finite() {
        out.push('0');
    } else if number.fract() == 0.0 && number.abs() < EXACT {
        push_fmt(out, format_args!("{number:.0}"));
    } else {
        push_fmt(out, format_args!("{number:?}"));
    }
}
