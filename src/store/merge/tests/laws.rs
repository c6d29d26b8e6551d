//! The laws of merging over random histories: nothing dropped, the order of the sides has no meaning, a second merge
//! changes nothing, and the result is a sidecar that reads back.

use proptest::prelude::*;

use super::super::versions::Versioned;
use super::*;
use crate::model::{AUTHOR, Comment, Decision, Rejected};

const IDS: [&str; 6] = ["a1", "a2", "a3", "r1", "r2", "x"];
const LABELS: [&str; 3] = ["entity", "quote", "claim"];

fn id() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&IDS[..])
}

fn annotations() -> impl Strategy<Value = Annotation> {
    let value = prop::sample::select(&["p", "q"][..]);
    let attributes = prop::collection::vec((prop::sample::select(&["type", "x", "y"][..]), value), 0..3);
    let label = prop::sample::select(&LABELS[..]);
    (id(), label, 0u32..4, 1u32..3, attributes, 0u8..8).prop_map(|(id, label, start, length, attributes, rare)| {
        let mut made = Annotation::new(id, label, Span::new(start, start + length));
        for (name, value) in attributes {
            made.attributes.set(name, Some(Value::Text(value.into())));
        }
        match rare {
            0 => made.edit_extra(|extra| extra.note = "n".to_owned()),
            1 => made.edit_extra(|extra| extra.note = "m".to_owned()),
            2 => made.edit_extra(|extra| extra.unsure = true),
            3 => {
                made.spans.clear();
                made.edit_extra(|extra| extra.orphan = Some(crate::model::Orphan::default()));
            }
            _ => {}
        }
        made
    })
}

fn heads() -> impl Strategy<Value = Head> {
    let texts = || prop::collection::btree_map(prop::sample::select(&["c1", "c2"][..]), "[ab]", 0..3);
    (0usize..4, texts(), texts(), prop::option::of("[ab]"), 1u32..3).prop_map(
        |(status, comments, decided, topic, version)| {
            let mut head = Head { status: Status::ALL[status], ..head() };
            head.schema.version = version;
            head.document.set("topic", topic.map(|topic| Value::Text(topic.into())));
            head.comments = comments
                .iter()
                .map(|(id, text)| Comment {
                    id: (*id).into(),
                    on: None,
                    text: text.clone(),
                    by: "ann1".into(),
                    made: None,
                    reply_to: (*id == "c2" && comments.contains_key("c1")).then(|| "c1".into()),
                    resolves: false,
                })
                .collect();
            head.decisions = decided
                .iter()
                .map(|(id, text)| Decision {
                    id: (*id).into(),
                    sources: vec![("ann1".into(), "a1".into())],
                    verdict: text.into(),
                    result: Some("a2".into()),
                    rejected: Vec::new(),
                    reason: String::new(),
                    comment: String::new(),
                    by: "ann1".into(),
                    made: None,
                    layers: Vec::new(),
                })
                .collect();
            head.rejected = decided
                .into_values()
                .map(|text| Rejected { rule: text.into(), label: "entity".into(), text: String::new() })
                .collect();
            head
        },
    )
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Do(Box<Edit>),
    Clear(&'static str),
}

pub(super) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let relation = (id(), prop::sample::select(&["same", "about"][..]), id(), prop_oneof![id(), Just(AUTHOR)]);
    let one = prop_oneof![
        6 => annotations().prop_map(Edit::Put),
        4 => relation.prop_map(|(id, label, from, to)| Edit::Link(Relation::new(id, label, from, to))),
        1 => id().prop_map(|id| Edit::Unlink(id.into())),
        1 => heads().prop_map(|head| Edit::Head(Box::new(head))),
    ]
    .prop_map(|edit| Step::Do(Box::new(edit)));
    let one = prop_oneof![9 => one, 2 => id().prop_map(Step::Clear)];
    prop::collection::vec(one, 0..most)
}

/// The layer after the steps that fit.
pub(super) fn after(layer: &Layer, steps: &[Step]) -> Layer {
    let mut layer = layer.clone();
    for step in steps {
        let edit = match step {
            Step::Do(edit) => (**edit).clone(),
            Step::Clear(id) => Edit::remove_with_relations(&layer, &(*id).into()),
        };
        let _ = apply(&mut layer, edit);
    }
    layer
}

fn bare(annotation: &Annotation) -> Vec<Annotation> {
    annotation.versions()
}

/// What a person did on `side` since `base` is in `merged`: each version, or its judgement and each of its fields.
fn nothing_dropped(base: &Layer, side: &Layer, other: &Layer, merged: &Merged) -> Result<(), TestCaseError> {
    let stayed =
        |id: &Id| merged.unified.iter().find(|(gone, _)| gone == id).map_or(id.clone(), |(_, kept)| kept.clone());
    for annotation in side.annotations() {
        if base.get(&annotation.id) == Some(annotation) {
            // Only the other side may have changed or deleted it.
            let untouched = other.get(&annotation.id) == Some(annotation);
            prop_assert!(!untouched || merged.layer.get(&annotation.id) == Some(annotation));
            continue;
        }
        let now = merged.layer.get(&stayed(&annotation.id)).map(bare).unwrap_or_default();
        let was = base.get(&annotation.id).map(bare).unwrap_or_default();
        for version in bare(annotation).into_iter().filter(|version| !was.contains(version)) {
            let settled = other.get(&annotation.id).is_some_and(|other| !bare(other).contains(&version))
                && was.contains(&version);
            let judged = now.iter().any(|now| {
                let same = now.spans == version.spans && now.label == version.label && now.kind() == version.kind();
                let unmoved = was.iter().any(|was| {
                    was.spans == version.spans && was.label == version.label && was.kind() == version.kind()
                });
                same || unmoved
            });
            prop_assert!(judged || settled, "{} is lost", annotation_line(annotation));
            for (name, value) in version.attributes.iter().filter(|(name, _)| *name != "type") {
                let unmoved = was.iter().any(|was| was.attributes.get(name) == Some(value));
                prop_assert!(
                    unmoved || now.iter().any(|now| now.attributes.get(name) == Some(value)),
                    "{name} is lost"
                );
            }
            let unmoved = version.note().is_empty() || was.iter().any(|was| was.note() == version.note());
            prop_assert!(unmoved || now.iter().any(|now| now.note() == version.note()), "a note is lost");
        }
    }
    let all: Vec<Relation> = merged.layer.relations().into_iter().flat_map(Relation::versions).collect();
    for relation in side.relations() {
        // A relation whose id an annotation took is the base's, under another id.
        let first = super::super::relations::parted_from(side, &relation.id);
        let was = base.relation(&relation.id).or(first.and_then(|id| base.relation(&id)));
        let was = was.map(Relation::versions).unwrap_or_default();
        let said = |r: &Relation| (r.label.clone(), r.from.clone(), r.to.clone());
        for version in relation.versions() {
            let known = was.iter().any(|was| said(was) == said(&version));
            let ends = (version.label.clone(), stayed(&version.from), stayed(&version.to));
            prop_assert!(known || all.iter().any(|r| said(r) == ends), "{} is lost", relation_line(relation));
        }
    }
    let (said, now) = (side.head(), merged.layer.head());
    for comment in said.comments.iter().filter(|comment| !base.head().comments.contains(comment)) {
        prop_assert!(now.comments.iter().any(|now| now.text == comment.text), "a comment is lost");
    }
    for decision in said.decisions.iter().filter(|decision| !base.head().decisions.contains(decision)) {
        prop_assert!(now.decisions.iter().any(|now| now.verdict == decision.verdict), "a decision is lost");
    }
    Ok(())
}

/// The laws that hold for any two sides of a base.
fn lawful(base: &Layer, ours: &Layer, theirs: &Layer) -> Result<Layer, TestCaseError> {
    let merged = merge(Some(base), ours, theirs);
    prop_assert_eq!(&merge(Some(base), theirs, ours).layer, &merged.layer, "commutative");
    prop_assert_eq!(&merge(Some(base), theirs, ours).conflicts, &merged.conflicts);
    prop_assert_eq!(&merge(Some(base), ours, ours).layer, ours);
    prop_assert_eq!(&merge(Some(base), ours, base).layer, ours);
    for side in [ours, theirs] {
        // As git merges again: the side is then the common past.
        prop_assert_eq!(&merge(Some(side), &merged.layer, side).layer, &merged.layer);
    }
    nothing_dropped(base, ours, theirs, &merged)?;
    nothing_dropped(base, theirs, ours, &merged)?;
    let parts = merged.layer.annotations().cloned().collect();
    let relations = merged.layer.relations().into_iter().cloned().collect();
    prop_assert!(Layer::from_parts(merged.layer.head().clone(), parts, relations).is_ok());
    Ok(merged.layer)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn two_sides_merge_lawfully(start in steps(8), ours in steps(8), theirs in steps(8)) {
        let base = after(&Layer::new(head()), &start);
        let (ours, theirs) = (after(&base, &ours), after(&base, &theirs));
        let merged = lawful(&base, &ours, &theirs)?;
        for side in [&ours, &theirs] {
            let again = merge(Some(&base), &merged, side);
            prop_assert_eq!(notation(&again.layer), notation(&merged), "idempotent");
            prop_assert_eq!(&again.layer, &merged, "idempotent");
            prop_assert_eq!(again.conflicts, vec![]);
        }
    }

    #[test]
    fn sides_without_a_common_past_merge_lawfully(ours in steps(8), theirs in steps(8)) {
        let (ours, theirs) = (after(&Layer::new(head()), &ours), after(&Layer::new(head()), &theirs));
        let merged = merge(None, &ours, &theirs).layer;
        prop_assert_eq!(&merge(None, &theirs, &ours).layer, &merged);
        for side in [&ours, &theirs] {
            prop_assert_eq!(&merge(None, &merged, side).layer, &merged);
        }
    }

    #[test]
    fn three_sides_merge_lawfully(start in steps(6), sides in prop::collection::vec(steps(6), 3), later in steps(6)) {
        let base = after(&Layer::new(head()), &start);
        let sides: Vec<Layer> = sides.iter().map(|side| after(&base, side)).collect();
        let first = lawful(&base, &sides[0], &sides[1])?;
        lawful(&base, &first, &sides[2])?;
        // One goes on from the merge, conflicts and all, while another merge was made of the same sides.
        let second = lawful(&base, &sides[1], &sides[2])?;
        lawful(&sides[1], &first, &second)?;
        lawful(&first, &after(&first, &later), &after(&first, &[]))?;
        lawful(&first, &after(&first, &later), &merge(Some(&base), &first, &sides[2]).layer)?;
    }

    #[test]
    fn changes_lead_from_one_state_to_the_other(start in steps(12), now in steps(12)) {
        let base = after(&Layer::new(head()), &start);
        let now = after(&base, &now);
        let edits = changes(&base, &now);
        prop_assert_eq!(edits.is_empty(), base == now);
        let mut led = base.clone();
        for edit in edits {
            prop_assert!(apply(&mut led, edit).is_ok(), "each edit fits");
        }
        prop_assert_eq!(&led, &now);
    }
}
