//! A notation for a text with its annotations: `[person:Ada] met [organization:the [place:London] club]`.
//!
//! A label is a label's id (`quote`) or the id of an entity's type (`person`). A number makes fragments one annotation:
//! `[quote#1:We came] … [quote#1:and saw]`. Ids are a1, a2, … in the order of opening brackets. A bracket of the text
//! itself is written `\[` or `\]`. What is faulty panics: the notation is for tests.

use pressmark::model::{Annotation, Head, Layer, Relation, SchemaRef, Span, Value};

/// The types of `entity` in the built-in schema.
pub const TYPES: [&str; 5] = ["person", "organization", "place", "thing", "value"];

/// A head that says as little as it may.
pub fn head() -> Head {
    Head::new("ann1", SchemaRef { id: "news".into(), version: 1 })
}

/// An annotation by the id of its label or of its type.
pub fn annotation(id: &str, label: &str, spans: &[Span]) -> Annotation {
    let typed = TYPES.contains(&label);
    let mut made = Annotation::new(id, if typed { "entity" } else { label }, spans[0]);
    made.spans = spans.iter().copied().collect();
    if typed {
        made.attributes.set("type", Some(Value::Text(label.into())));
    }
    made
}

/// The text and the layer that a marked text stands for.
pub fn marked(notation: &str) -> (String, Layer) {
    linked(notation, &[])
}

/// The same, with relations as (label, from, to), whose ids are r1, r2, ….
pub fn linked(notation: &str, relations: &[(&str, &str, &str)]) -> (String, Layer) {
    let (text, annotations) = parse(notation);
    let relations = relations.iter().zip(1..);
    let relations = relations.map(|((label, from, to), n)| Relation::new(format!("r{n}"), *label, *from, *to));
    let layer = Layer::from_parts(head(), annotations, relations.collect()).expect("a sound notation");
    (text, layer)
}

fn parse(notation: &str) -> (String, Vec<Annotation>) {
    let mut text = String::new();
    // One entry an annotation: what stands between `[` and `:`, and its spans.
    let mut made: Vec<(&str, Vec<Span>)> = Vec::new();
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut rest = notation;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let escaped = rest.chars().next().expect("something after `\\`");
                text.push(escaped);
                rest = &rest[escaped.len_utf8()..];
            }
            '[' => {
                let (label, after) = rest.split_once(':').expect("a label and `:` after `[`");
                let known = made.iter().position(|(other, _)| *other == label && label.contains('#'));
                let at = known.unwrap_or_else(|| {
                    made.push((label, Vec::new()));
                    made.len() - 1
                });
                open.push((at, text.len() as u32));
                rest = after;
            }
            ']' => {
                let (at, start) = open.pop().expect("a `[` before `]`");
                made[at].1.push(Span::new(start, text.len() as u32));
            }
            c => text.push(c),
        }
    }
    assert!(open.is_empty(), "a `]` for each `[` of {notation}");
    let named = made.into_iter().zip(1..);
    let label = |marked: &str| marked.split('#').next().unwrap_or_default().to_owned();
    (text, named.map(|((marked, spans), n)| annotation(&format!("a{n}"), &label(marked), &spans)).collect())
}

/// Each annotation of a layer as `a1 person "Ada"`, in reading order.
pub fn listed(text: &str, layer: &Layer) -> Vec<String> {
    let line = |a: &Annotation| format!("{} {} {:?}", a.id, a.kind().unwrap_or(&a.label), a.text(text));
    layer.annotations().map(line).collect()
}

#[test]
fn brackets_become_annotations() {
    let (text, layer) =
        marked(r"[person:Ada] met [organization:the [place:London] club] \[sic\]: [quote#1:so] it [quote#1:goes]");
    assert_eq!(text, "Ada met the London club [sic]: so it goes");
    let expected = [
        r#"a1 person "Ada""#,
        r#"a2 organization "the London club""#,
        r#"a3 place "London""#,
        r#"a4 quote "so … goes""#,
    ];
    assert_eq!(listed(&text, &layer), expected);
}
