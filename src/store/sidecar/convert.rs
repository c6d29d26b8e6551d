//! From the file's types to the model: code points become bytes, each quoted text is held against the article.
//!
//! An annotation that does not stand where it says becomes an orphan with all that the file said about it. Nothing is
//! left out but relations to nowhere, and then the layer is read-only.

use std::path::Path;

use smol_str::SmolStr;

use super::file::{
    AnnotationFile, CommentFile, DecisionFile, DocumentFile, OriginFile, Pairs, Quote, RejectedFile, RelationFile,
    TargetFile, Text, ValueFile,
};
use crate::model::{
    Annotation, Attributes, Comment, CommentTarget, Decision, Id, Origin, Orphan, Quoted, Rejected, Relation,
    RelationExtra, Span, Spans, Value,
};
use crate::store::error::{Problem, Severity};
use crate::text::{CharOffset, OffsetIndex};

/// What is gathered on the way.
pub(in crate::store) struct Converter<'t> {
    /// The sidecar.
    pub path: &'t Path,
    /// The article's text.
    pub text: &'t str,
    /// Its code points.
    pub index: &'t OffsetIndex,
    /// Whether the layer was made on this very text.
    pub same_text: bool,
    /// Whether annotations are left without a place, for whoever finds theirs in an edited text.
    pub unplaced: bool,
    /// What is wrong with the layer.
    pub problems: Vec<Problem>,
    /// Fields that this version does not know, with the thing that they belong to.
    pub unknown: Vec<String>,
    /// Annotations that an edit of the article left without a place.
    pub lost: usize,
}

impl Converter<'_> {
    /// Remembers the unknown fields of a record.
    pub fn note_unknown(&mut self, fields: Vec<String>, of: &str) {
        self.unknown.extend(fields.into_iter().map(|field| format!("{field} ({of})")));
    }

    fn problem(&mut self, id: &str, message: String) {
        self.problems.push(Problem {
            path: self.path.to_path_buf(),
            annotation: Some(Id::from(id)),
            severity: Severity::Error,
            message,
        });
    }

    /// An annotation, in its place or an orphan.
    pub fn annotation(&mut self, file: AnnotationFile<'_>) -> Annotation {
        self.note_unknown(file.unknown, &file.id);
        let mut annotation = Annotation {
            id: smol(&file.id),
            label: smol(&file.label),
            spans: Spans::new(),
            attributes: attributes(file.attributes),
            extra: None,
        };
        let origin = file.origin.map(|origin| self.origin(origin, &file.id));
        let orphan = if let Some(orphan) = file.orphan {
            self.note_unknown(orphan.unknown, &file.id);
            Some(orphan.candidates)
        } else if self.unplaced {
            Some(Vec::new())
        } else {
            match place(self.text, self.index, &file.spans) {
                Ok(spans) => {
                    annotation.spans = spans;
                    None
                }
                Err(reason) => {
                    if self.same_text {
                        self.problem(
                            &file.id,
                            format!("{reason}. It is kept without a place; correct the offsets in the file."),
                        );
                    } else {
                        self.lost += 1;
                    }
                    Some(Vec::new())
                }
            }
        };
        let rare = orphan.is_some()
            || origin.is_some()
            || file.unsure
            || !(file.note.is_empty() && file.made.is_empty() && file.conflict.is_empty());
        if rare {
            let conflict: Vec<Annotation> = file.conflict.into_iter().map(|other| self.annotation(other)).collect();
            annotation.edit_extra(|extra| {
                extra.note = file.note.0.into_owned();
                extra.unsure = file.unsure;
                extra.origin = origin;
                extra.made = given(&file.made);
                extra.orphan = orphan.map(|candidates| Orphan {
                    spans: file.spans.into_iter().map(quoted).collect(),
                    context: (file.context.0.0.into_owned(), file.context.1.0.into_owned()),
                    candidates: candidates.into_iter().map(quoted).collect(),
                });
                extra.conflict = conflict;
            });
        }
        annotation
    }

    fn origin(&mut self, file: OriginFile<'_>, id: &str) -> Origin {
        self.note_unknown(file.unknown, id);
        Origin {
            by: smol(&file.by),
            rule: given(&file.rule),
            import: given(&file.import),
            layer: given(&file.layer),
            person: given(&file.person),
        }
    }

    /// A relation.
    pub fn relation(&mut self, file: RelationFile<'_>) -> Relation {
        self.note_unknown(file.unknown, &file.id);
        let conflict: Vec<Relation> = file.conflict.into_iter().map(|other| self.relation(other)).collect();
        let extra = RelationExtra { note: file.note.0.into_owned(), made: given(&file.made), conflict };
        Relation {
            id: smol(&file.id),
            label: smol(&file.label),
            from: smol(&file.from),
            to: smol(&file.to),
            attributes: attributes(file.attributes),
            extra: (extra != RelationExtra::default()).then(|| Box::new(extra)),
        }
    }

    /// The article's own attributes and note.
    pub fn document(&mut self, file: Option<DocumentFile<'_>>) -> (Attributes, String) {
        let Some(file) = file else { return (Attributes::default(), String::new()) };
        self.note_unknown(file.unknown, "document");
        (attributes(file.attributes), file.note.0.into_owned())
    }

    /// A comment.
    pub fn comment(&mut self, file: CommentFile<'_>) -> Comment {
        self.note_unknown(file.unknown, &file.id);
        Comment {
            id: smol(&file.id),
            on: file.on.map(|on| match on {
                TargetFile::Annotation(annotator, id) => CommentTarget::Annotation(smol(&annotator), smol(&id)),
                TargetFile::Span(span) => CommentTarget::Span(quoted(span)),
            }),
            text: file.text.0.into_owned(),
            by: smol(&file.by),
            made: given(&file.made),
            reply_to: given(&file.reply_to),
            resolves: file.resolves,
        }
    }

    /// A suggestion that was turned down.
    pub fn rejected(&mut self, file: RejectedFile<'_>) -> Rejected {
        self.note_unknown(file.unknown, "rejected");
        Rejected { rule: smol(&file.rule), label: smol(&file.label), text: file.text.0.into_owned() }
    }

    /// A reviewer's decision.
    pub fn decision(&mut self, file: DecisionFile<'_>) -> Decision {
        self.note_unknown(file.unknown, &file.id);
        Decision {
            id: smol(&file.id),
            sources: file.sources.iter().map(|(annotator, id)| (smol(annotator), smol(id))).collect(),
            verdict: smol(&file.verdict),
            result: given(&file.result),
            rejected: file.rejected.into_iter().map(|annotation| self.annotation(annotation)).collect(),
            reason: file.reason.0.into_owned(),
            comment: file.comment.0.into_owned(),
            by: smol(&file.by),
            made: given(&file.made),
            layers: file.layers.0.iter().map(|(annotator, text)| (smol(annotator), smol(text))).collect(),
        }
    }
}

/// The bytes of spans that stand in the text as they are quoted, or what is wrong with them.
fn place(text: &str, index: &OffsetIndex, quotes: &[Quote<'_>]) -> Result<Spans, String> {
    let mut spans = Spans::new();
    for (start, end, quote) in quotes {
        if start >= end {
            return Err(format!("The span ({start}, {end}) is empty or turned round"));
        }
        let outside = || format!("The span ({start}, {end}) lies outside the text of {} characters", index.chars());
        let from = index.byte_from_char(text, CharOffset(*start)).ok_or_else(outside)?;
        let fits = text[from..].starts_with(&**quote) && quote.chars().count() as u64 == end - start;
        if !fits {
            let to = index.byte_from_char(text, CharOffset(*end)).ok_or_else(outside)?;
            return Err(format!(
                "At ({start}, {end}) the article says \u{201c}{}\u{201d}, not \u{201c}{}\u{201d}",
                shortened(&text[from..to]),
                shortened(quote)
            ));
        }
        let span = Span::from_range(from..from + quote.len());
        if spans.last().is_some_and(|last: &Span| last.end() > span.start()) {
            return Err(format!("The span ({start}, {end}) is out of order or overlaps the one before it"));
        }
        spans.push(span);
    }
    if spans.is_empty() { Err("It has no span".to_owned()) } else { Ok(spans) }
}

/// A text that fits into a message.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn attributes(file: Pairs<'_, ValueFile<'_>>) -> Attributes {
    file.0.into_iter().map(|(key, value)| (smol(&key), value_of(value))).collect()
}

fn value_of(file: ValueFile<'_>) -> Value {
    match file {
        ValueFile::Text(text) => Value::Text(smol(&text)),
        ValueFile::Many(texts) => Value::Many(texts.iter().map(|text| smol(text)).collect()),
        ValueFile::Bool(value) => Value::Bool(value),
        ValueFile::Number(number) => Value::Number(number),
    }
}

/// The value of an attribute that stands alone as a sidecar writes it; none when it is none.
pub(in crate::store) fn value_from_written(text: &str) -> Option<Value> {
    ron::from_str::<ValueFile<'_>>(text).ok().map(value_of)
}

fn quoted((start, end, text): Quote<'_>) -> Quoted {
    Quoted { start, end, text: text.0.into_owned() }
}

fn smol(text: &Text<'_>) -> SmolStr {
    SmolStr::new(&*text.0)
}

/// A text that is there, or none for an empty one.
fn given(text: &Text<'_>) -> Option<SmolStr> {
    (!text.is_empty()).then(|| smol(text))
}
