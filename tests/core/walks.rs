//! Random edits: each is taken back by its inverse, a failing one changes nothing, and any walk of do, undo and redo
//! gives what a plain model of whole cloned layers gives.

use pressmark::edit::{Edit, History, apply};
use pressmark::model::{AUTHOR, Annotation, Layer, Orphan, Quoted, Relation, Span, Status, Value};
use proptest::prelude::*;

use crate::layers::assert_consistent;
use crate::notation::{TYPES, annotation, head};

/// Few ids, so that edits meet: annotations and relations share some of them, and one is reserved.
const IDS: [&str; 8] = ["a1", "a2", "a3", "a4", "r1", "r2", "x", AUTHOR];
const LABELS: [&str; 4] = ["quote", "claim", "cue", "person"];
const PIECES: [&str; 10] = ["👩🏽‍🚀", "👨‍👩‍👧‍👦", "e\u{301}", "\r\n", "تشن هاي", "陈海", "ချန်ဟိုင်", "Ada ", " said ", "\u{200b}"];

fn id() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&IDS[..])
}

/// A text of pieces of several scripts, cut at random at character boundaries.
fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 1..12).prop_map(|pieces| pieces.concat())
}

/// One or two spans on character boundaries of the text, now and then empty.
fn spans(text: &str) -> impl Strategy<Value = Vec<Span>> + use<> {
    let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    prop::collection::vec(prop::sample::select(cuts), 2..5).prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts.chunks_exact(2).map(|cut| Span::from_range(cut[0]..cut[1])).collect()
    })
}

fn annotations(text: &str) -> impl Strategy<Value = Annotation> + use<> {
    let label = prop_oneof![prop::sample::select(&LABELS[..]), prop::sample::select(&TYPES[..])];
    let note = prop::option::of(texts());
    (id(), label, spans(text), note, 0..20u8).prop_map(|(id, label, spans, note, rare)| {
        let mut made = annotation(id, label, &spans);
        if let Some(note) = note {
            made.edit_extra(|extra| extra.note = note);
        }
        match rare {
            0 => made.edit_extra(|extra| extra.unsure = true),
            1 => made.attributes.set("restated", Some(Value::Text("缅甸".into()))),
            2 => {
                made.spans.clear();
                let was = Quoted { start: 3, end: 9, text: "e\u{301}".into() };
                made.edit_extra(|extra| extra.orphan = Some(Orphan { spans: vec![was], ..Orphan::default() }));
            }
            _ => {}
        }
        made
    })
}

fn edits(text: &str) -> impl Strategy<Value = Edit> + use<> {
    let one = prop_oneof![
        6 => annotations(text).prop_map(Edit::Put),
        2 => id().prop_map(|id| Edit::Remove(id.into())),
        4 => (id(), id(), id()).prop_map(|(id, from, to)| Edit::Link(Relation::new(id, "same", from, to))),
        1 => id().prop_map(|id| Edit::Unlink(id.into())),
        1 => prop::sample::select(&Status::ALL[..]).prop_map(|status| {
            let mut changed = head();
            changed.status = status;
            Edit::Head(Box::new(changed))
        }),
    ];
    one.prop_recursive(2, 12, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Edit::Batch))
}

#[derive(Clone, Debug)]
enum Move {
    Do(Edit),
    /// Remove an annotation with whatever is linked to it then.
    Clear(&'static str),
    Undo,
    Redo,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    texts().prop_flat_map(|text| {
        let one = prop_oneof![
            5 => edits(&text).prop_map(Move::Do),
            1 => id().prop_map(Move::Clear),
            3 => Just(Move::Undo),
            2 => Just(Move::Redo),
        ];
        prop::collection::vec(one, 0..60)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn an_inverse_restores_the_layer_and_a_failure_leaves_it(
        edits in texts().prop_flat_map(|text| prop::collection::vec(edits(&text), 0..40)),
    ) {
        let mut layer = Layer::new(head());
        for edit in edits {
            let before = layer.clone();
            if let Ok(inverse) = apply(&mut layer, edit) {
                    let after = layer.clone();
                    let again = apply(&mut layer, inverse).expect("an inverse fits the state that it came from");
                    prop_assert_eq!(&layer, &before);
                    assert_consistent(&layer);
                    apply(&mut layer, again).expect("an inverse fits the state that it came from");
                    prop_assert_eq!(&layer, &after);
            } else {
                prop_assert_eq!(&layer, &before);
            }
            assert_consistent(&layer);
        }
    }

    #[test]
    fn any_walk_of_do_undo_redo_equals_a_plain_model(moves in moves()) {
        let mut layer = Layer::new(head());
        let mut history = History::default();
        let (mut past, mut future): (Vec<Layer>, Vec<Layer>) = (Vec::new(), Vec::new());
        for (step, one) in moves.into_iter().enumerate() {
            let now = layer.clone();
            let edit = match one {
                Move::Undo => {
                    let name = history.undo(&mut layer).expect("undo fits");
                    prop_assert_eq!(name.is_some(), !past.is_empty());
                    if let Some(before) = past.pop() {
                        prop_assert_eq!(&layer, &before);
                        future.push(now);
                    }
                    continue;
                }
                Move::Redo => {
                    let name = history.redo(&mut layer).expect("redo fits");
                    prop_assert_eq!(name.is_some(), !future.is_empty());
                    if let Some(after) = future.pop() {
                        prop_assert_eq!(&layer, &after);
                        past.push(now);
                    }
                    continue;
                }
                Move::Do(edit) => edit,
                Move::Clear(id) => Edit::remove_with_relations(&layer, &id.into()),
            };
            if history.perform(&mut layer, format!("step {step}"), edit).is_ok() {
                past.push(now);
                future.clear();
            } else {
                prop_assert_eq!(&layer, &now);
            }
        }
        assert_consistent(&layer);
        while history.undo(&mut layer).expect("undo fits").is_some() {}
        prop_assert_eq!(&layer, &Layer::new(head()));
    }
}
