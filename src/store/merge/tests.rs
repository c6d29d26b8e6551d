//! Merges by example, in a small notation of layers, and what the files around them refuse.
//!
//! A layer is one thing a line: `a1 person 0-3 key=value note:text`, `r1 speaker a2>a1`, `status done`. In a result,
//! other versions stand after ` | `.

use std::fmt::Write as _;

use super::*;
use crate::edit::{Edit, apply};
use crate::model::{Head, Relation, RelationExtra, SchemaRef, Span, Status, Value};

mod files;
mod laws;

fn head() -> Head {
    Head::new("ann1", SchemaRef { id: "news".into(), version: 1 })
}

/// A layer from its notation.
fn layer(lines: &str) -> Layer {
    let (mut head, mut annotations, mut relations) = (head(), Vec::new(), Vec::new());
    for line in lines.split(';').map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["status", status] => head.status = Status::from_id(status).expect("a status"),
            ["topic", topic] => head.document.set("topic", Some(Value::Text(topic.into()))),
            [id, label, place, ref rest @ ..] => {
                if let Some((from, to)) = place.split_once('>') {
                    let mut relation = Relation::new(id, label, from, to);
                    if let Some(note) = rest.first() {
                        let extra = RelationExtra { note: (*note).to_owned(), ..RelationExtra::default() };
                        relation.extra = Some(Box::new(extra));
                    }
                    relations.push(relation);
                    continue;
                }
                let (start, end) = place.split_once('-').expect("a span");
                let span = Span::new(start.parse().expect("a number"), end.parse().expect("a number"));
                let mut annotation = Annotation::new(id, label, span);
                for word in rest {
                    if let Some(note) = word.strip_prefix("note:") {
                        annotation.edit_extra(|extra| extra.note = note.to_owned());
                    } else if *word == "unsure" {
                        annotation.edit_extra(|extra| extra.unsure = true);
                    } else if let Some(made) = word.strip_prefix("made:") {
                        annotation.edit_extra(|extra| extra.made = Some(made.into()));
                    } else {
                        let (name, value) = word.split_once('=').expect("an attribute");
                        annotation.attributes.set(name, Some(Value::Text(value.into())));
                    }
                }
                annotations.push(annotation);
            }
            _ => panic!("{line}"),
        }
    }
    Layer::from_parts(head, annotations, relations).expect("a sound layer")
}

fn annotation_line(annotation: &Annotation) -> String {
    let spans: Vec<String> = annotation.spans.iter().map(|span| format!("{}-{}", span.start(), span.end())).collect();
    let mut line = format!("{} {} {}", annotation.id, annotation.label, spans.join("+"));
    for (name, value) in annotation.attributes.iter() {
        write!(line, " {name}={value}").expect("a string takes it");
    }
    if !annotation.note().is_empty() {
        write!(line, " note:{}", annotation.note()).expect("a string takes it");
    }
    if annotation.unsure() {
        line += " unsure";
    }
    if let Some(made) = annotation.extra.as_ref().and_then(|extra| extra.made.as_ref()) {
        write!(line, " made:{made}").expect("a string takes it");
    }
    for other in annotation.extra.iter().flat_map(|extra| &extra.conflict) {
        write!(line, " | {}", annotation_line(other).split_once(' ').expect("an id").1).expect("a string takes it");
    }
    line
}

fn relation_line(relation: &Relation) -> String {
    let mut line = format!("{} {} {}>{}", relation.id, relation.label, relation.from, relation.to);
    if !relation.note().is_empty() {
        write!(line, " {}", relation.note()).expect("a string takes it");
    }
    for other in relation.extra.iter().flat_map(|extra| &extra.conflict) {
        write!(line, " | {}", relation_line(other).split_once(' ').expect("an id").1).expect("a string takes it");
    }
    line
}

/// The notation of a layer.
fn notation(layer: &Layer) -> String {
    let head = layer.head();
    let mut lines = Vec::new();
    if head.status != Status::New {
        lines.push(format!("status {}", head.status.id()));
    }
    lines.extend(head.document.iter().map(|(name, value)| format!("{name} {value}")));
    lines.extend(head.conflict.iter().map(|(field, value)| format!("{field} | {value}")));
    lines.extend(layer.annotations().map(annotation_line));
    lines.extend(layer.relations().into_iter().map(relation_line));
    lines.join("; ")
}

/// Merges both ways round and again with each side, and gives the result and the ids in conflict.
fn check(base: Option<&str>, ours: &str, theirs: &str, expected: &str, in_conflict: &[&str]) {
    let (base, ours, theirs) = (base.map(layer), layer(ours), layer(theirs));
    let merged = merge(base.as_ref(), &ours, &theirs);
    assert_eq!(notation(&merged.layer), expected);
    let ids: Vec<&str> = merged.conflicts.iter().map(|conflict| conflict.id.as_str()).collect();
    assert_eq!(ids, in_conflict, "conflicts of {expected}");
    assert_eq!(merge(base.as_ref(), &theirs, &ours).layer, merged.layer, "commutative: {expected}");
    for side in [&ours, &theirs, &merged.layer] {
        let again = merge(base.as_ref(), &merged.layer, side);
        assert_eq!(notation(&again.layer), expected, "idempotent");
        assert_eq!(again.conflicts, [], "nothing new the second time: {expected}");
    }
}

#[test]
fn additions_of_both_sides_stay_and_the_same_change_is_made_once() {
    check(Some(""), "a entity 0-3", "b quote 5-9", "a entity 0-3; b quote 5-9", &[]);
    check(Some("a entity 0-3"), "a quote 0-3", "a quote 0-3", "a quote 0-3", &[]);
    check(Some("a entity 0-3; b cue 4-5"), "a entity 0-3", "b cue 4-5; a claim 0-3", "a claim 0-3", &[]);
    check(Some("a entity 0-3"), "", "", "", &[]);
    check(Some("a entity 0-3"), "", "a entity 0-3; b cue 4-5", "b cue 4-5", &[]);
    check(None, "a entity 0-3", "b quote 5-9", "a entity 0-3; b quote 5-9", &[]);
}

#[test]
fn fields_of_one_annotation_merge_where_that_cannot_mislead() {
    let base = Some("a entity 0-3 type=person x=1");
    check(
        base,
        "a entity 0-3 type=person x=1 note:n",
        "a entity 0-4 type=place x=1",
        "a entity 0-4 type=place x=1 note:n",
        &[],
    );
    check(
        base,
        "a entity 0-3 type=person x=2",
        "a entity 0-3 type=person x=1 y=1 unsure",
        "a entity 0-3 type=person x=2 y=1 unsure",
        &[],
    );
    // Spans and type are one judgement.
    check(
        base,
        "a entity 0-4 type=person x=1",
        "a entity 0-3 type=place x=1",
        "a entity 0-3 type=place x=1 | entity 0-4 type=person x=1",
        &["a"],
    );
    check(
        base,
        "a entity 0-3 type=person x=2",
        "a entity 0-3 type=person x=3",
        "a entity 0-3 type=person x=2 | entity 0-3 type=person x=3",
        &["a"],
    );
    // An attribute does not move to another label.
    check(Some("a quote 0-3"), "a claim 0-3", "a quote 0-3 form=direct", "a claim 0-3 | quote 0-3 form=direct", &["a"]);
    check(
        Some("a quote 0-3 note:a"),
        "a quote 0-3 note:b",
        "a quote 0-3 note:c",
        "a quote 0-3 note:b | quote 0-3 note:c",
        &["a"],
    );
    check(Some("a quote 0-3"), "a claim 0-3", "a quote 0-3 note:n unsure", "a claim 0-3 note:n unsure", &[]);
}

#[test]
fn delete_against_change_keeps_the_change_and_what_it_needs() {
    check(Some("a entity 0-3"), "", "a entity 0-4", "a entity 0-4", &[]);
    // The new link needs the entity that the other side deleted.
    check(
        Some("q quote 5-9; a entity 0-3"),
        "q quote 5-9",
        "q quote 5-9; a entity 0-3; r speaker q>a",
        "a entity 0-3; q quote 5-9; r speaker q>a",
        &[],
    );
    // The quote stays since it was changed, and its link, which went only with it, comes back.
    let base = "q quote 5-9; a entity 0-3; r speaker q>a";
    check(
        Some(base),
        "a entity 0-3",
        "q quote 5-8; a entity 0-3; r speaker q>a",
        "a entity 0-3; q quote 5-8; r speaker q>a",
        &[],
    );
    // Here the link's other end is gone for good.
    check(Some(base), "", "q quote 5-8; a entity 0-3; r speaker q>a", "q quote 5-8", &[]);
    // A link that was taken away by itself stays away.
    check(
        Some(base),
        "q quote 5-9; a entity 0-3",
        "q quote 5-8; a entity 0-3; r speaker q>a",
        "a entity 0-3; q quote 5-8",
        &[],
    );
    check(
        Some(base),
        "",
        "q quote 5-9; a entity 0-3; r speaker q>a n",
        "a entity 0-3; q quote 5-9; r speaker q>a n",
        &[],
    );
}

#[test]
fn the_same_span_and_label_under_two_ids_becomes_one() {
    check(Some(""), "a entity 0-3 type=person", "b entity 0-3 type=person", "a entity 0-3 type=person", &[]);
    check(None, "b entity 0-3 x=1", "a entity 0-3 y=2 note:n", "a entity 0-3 x=1 y=2 note:n", &[]);
    check(None, "b entity 0-3 x=1", "a entity 0-3 x=2", "a entity 0-3 x=1 | entity 0-3 x=2", &["a"]);
    check(
        None,
        "a entity 0-3 type=person",
        "b entity 0-3 type=place",
        "a entity 0-3 type=person; b entity 0-3 type=place",
        &[],
    );
    check(Some(""), "a entity 0-3; c entity 0-3", "b entity 0-3", "a entity 0-3; c entity 0-3", &[]);
    check(None, "a quote 0-3 made:2026-02", "b quote 0-3 made:2026-01", "a quote 0-3 made:2026-01", &[]);
}

#[test]
fn relations_follow_and_collapse() {
    check(
        Some("q quote 5-9"),
        "q quote 5-9; a entity 0-3; r2 speaker q>a",
        "q quote 5-9; b entity 0-3; r1 speaker q>b",
        "a entity 0-3; q quote 5-9; r1 speaker q>a",
        &[],
    );
    check(
        Some("q quote 5-9; a entity 0-3; b entity 1-2; r speaker q>a"),
        "q quote 5-9; a entity 0-3; b entity 1-2; r speaker q>b",
        "q quote 5-9; a entity 0-3; b entity 1-2; r cue q>a",
        "a entity 0-3; b entity 1-2; q quote 5-9; r cue q>a | speaker q>b",
        &["r"],
    );
    // An annotation and a relation with one id: the relation gets another.
    check(
        Some("q quote 5-9"),
        "q quote 5-9; x entity 0-3",
        "q quote 5-9; x speaker q>author",
        "x entity 0-3; q quote 5-9; x-r1 speaker q>author",
        &[],
    );
}

#[test]
fn fields_of_the_head_merge_one_by_one() {
    check(Some(""), "status in-progress", "topic war", "status in-progress; topic war", &[]);
    check(Some(""), "status in-progress", "status done", "status in-progress; status | done", &["status"]);
    check(Some("status done"), "status new", "status done; a cue 0-1", "a cue 0-1", &[]);
    check(
        Some("topic a"),
        "topic b",
        "topic c",
        "topic \"b\"; document.attributes.topic | \"c\"".replace("topic \"b\"", "topic b").as_str(),
        &["document.attributes.topic"],
    );
    check(None, "topic a", "status done", "status done; topic a", &[]);
}

#[test]
fn a_conflict_is_carried_settled_and_found_again() {
    let base = layer("a entity 0-3");
    let (ours, theirs) = (layer("a quote 0-3"), layer("a claim 0-3"));
    let open = merge(Some(&base), &ours, &theirs).layer;
    assert_eq!(notation(&open), "a claim 0-3 | quote 0-3");
    // A third side brings a third version; the open ones are not told again.
    let third = merge(Some(&base), &open, &layer("a cue 0-3"));
    assert_eq!(notation(&third.layer), "a claim 0-3 | cue 0-3 | quote 0-3");
    // Settled on one side, untouched on the other.
    let settled = layer("a quote 0-3");
    assert_eq!(notation(&merge(Some(&open), &settled, &open).layer), "a quote 0-3");
    // Settled differently, or settled and changed.
    for (other, expected) in [
        ("a claim 0-3", "a quote 0-3 | claim 0-3"),
        ("a claim 0-4", "a quote 0-3 | claim 0-4"),
        ("a quote 0-3 note:n", "a quote 0-3 | quote 0-3 note:n"),
        ("", "a quote 0-3"),
    ] {
        assert_eq!(notation(&merge(Some(&open), &settled, &layer(other)).layer), expected);
        assert_eq!(notation(&merge(Some(&open), &layer(other), &settled).layer), expected);
    }
    assert_eq!(notation(&merge(Some(&open), &layer("a claim 0-3 note:n"), &open).layer), "a claim 0-3 note:n");
}

#[test]
fn remarks_merge_by_id_and_both_versions_stay() {
    let comment = |id: &str, text: &str| crate::model::Comment {
        id: id.into(),
        on: (id == "d").then(|| crate::model::CommentTarget::Annotation("ann1".into(), "b".into())),
        text: text.into(),
        by: "ann1".into(),
        made: None,
        reply_to: None,
        resolves: false,
    };
    let with = |lines: &str, comments: Vec<crate::model::Comment>| {
        let mut changed = layer(lines);
        let head = Head { comments, ..changed.head().clone() };
        apply(&mut changed, Edit::Head(Box::new(head))).expect("a head fits");
        changed
    };
    let base = with("", vec![comment("c", "one")]);
    let ours = with("a entity 0-3", vec![comment("c", "two")]);
    let theirs = with("b entity 0-3", vec![comment("c", "three"), comment("d", "new")]);
    let merged = merge(Some(&base), &ours, &theirs);
    let texts: Vec<&str> = merged.layer.head().comments.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(texts, ["three", "two", "new"]);
    let on = &merged.layer.head().comments[2].on;
    assert_eq!(*on, Some(crate::model::CommentTarget::Annotation("ann1".into(), "a".into())), "it follows b to a");
    assert_eq!(merged.conflicts, [Conflict { on: ConflictOn::Comment, id: "c".into() }]);
    for side in [&ours, &theirs] {
        let again = merge(Some(&base), side, &merged.layer);
        assert_eq!(again.layer, merged.layer);
        assert_eq!(again.conflicts, []);
    }
    // An answer keeps what it answers.
    let mut answer = comment("e", "no");
    answer.reply_to = Some("c".into());
    let kept = merge(Some(&base), &with("", vec![]), &with("", vec![comment("c", "one"), answer]));
    assert_eq!(kept.layer.head().comments.len(), 2);
}
