//! What each edit does, what it refuses, and that its inverse takes it back.
//!
//! Case by case; random edits are left to `walks.rs`.

use pressmark::edit::{Edit, EditError, History, apply};
use pressmark::model::{AUTHOR, Layer, Orphan, Relation, Span, Status, Value};

use crate::layers::{SCRIPTS, assert_consistent};
use crate::notation::{annotation, head, linked, listed, marked};

/// Applies an edit that must be refused, and sees that nothing changed.
fn refused(layer: &mut Layer, edit: Edit) -> EditError {
    let before = layer.clone();
    let error = apply(layer, edit).expect_err("the edit is refused");
    assert_eq!(*layer, before);
    assert_consistent(layer);
    error
}

/// Applies an edit, its inverse and the inverse's inverse; the layer is left with the edit applied.
fn there_and_back(layer: &mut Layer, edit: Edit) {
    let before = layer.clone();
    let revision = layer.revision();
    let inverse = apply(layer, edit).expect("the edit is sound");
    assert!(layer.revision() > revision, "a change shows in the revision");
    let after = layer.clone();
    assert_consistent(layer);
    let again = apply(layer, inverse).expect("an inverse fits");
    assert_eq!(*layer, before);
    assert_consistent(layer);
    apply(layer, again).expect("an inverse fits");
    assert_eq!(*layer, after);
}

#[test]
fn relabel_changes_one_annotation_and_keeps_its_relations() {
    let (text, mut layer) = linked("[person:Ada] said [quote:so]", &[("speaker", "a2", "a1")]);
    let mut changed = layer.get("a1").expect("it is there").clone();
    changed.attributes.set("type", Some(Value::Text("organization".into())));
    there_and_back(&mut layer, Edit::Put(changed));
    assert_eq!(listed(&text, &layer), [r#"a1 organization "Ada""#, r#"a2 quote "so""#]);
    assert_eq!(layer.relations_of("a1").len(), 1);
}

#[test]
fn moving_a_span_changes_its_place_in_the_order() {
    let (text, mut layer) = marked("[person:Ada] met [person:Bo] and Cy");
    let at = text.find("Cy").expect("it is there");
    there_and_back(&mut layer, Edit::Put(annotation("a1", "person", &[Span::from_range(at..at + 2)])));
    assert_eq!(listed(&text, &layer), [r#"a2 person "Bo""#, r#"a1 person "Cy""#]);
}

#[test]
fn every_annotation_of_every_script_is_removed_and_restored() {
    for notation in SCRIPTS {
        let (_, mut layer) = marked(notation);
        let ids: Vec<_> = layer.annotations().map(|annotation| annotation.id.clone()).collect();
        there_and_back(&mut layer, Edit::Batch(ids.into_iter().map(Edit::Remove).collect()));
        assert!(layer.is_empty());
    }
}

#[test]
fn removing_what_is_linked_takes_its_relations_first() {
    let relations = [("speaker", "a2", "a1"), ("claimant", "a3", "a1"), ("claimant", "a3", AUTHOR)];
    let (_, mut layer) = linked("[person:Ada] said [quote:so] and [claim:more]", &relations);
    assert_eq!(refused(&mut layer, Edit::Remove("a1".into())), EditError::Linked("a1".into()));
    let edit = Edit::remove_with_relations(&layer, &"a1".into());
    there_and_back(&mut layer, edit);
    assert_eq!((layer.len(), layer.relation_count()), (2, 1));
}

#[test]
fn a_relation_of_an_annotation_with_itself_comes_and_goes() {
    let (_, mut layer) = marked("[person:Ada]");
    there_and_back(&mut layer, Edit::Link(Relation::new("r1", "same", "a1", "a1")));
    let edit = Edit::remove_with_relations(&layer, &"a1".into());
    there_and_back(&mut layer, edit);
    assert!(layer.is_empty());
}

#[test]
fn a_relation_that_changes_its_ends_leaves_the_old_ones() {
    let (_, mut layer) = linked("[person:Ada], [person:Bo]: [quote:so]", &[("speaker", "a3", "a1")]);
    there_and_back(&mut layer, Edit::Link(Relation::new("r1", "speaker", "a3", "a2")));
    assert_eq!((layer.relations_of("a1").len(), layer.relations_of("a2").len()), (0, 1));
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let (_, mut layer) = linked("[person:Ada] said [quote:so]", &[("speaker", "a2", "a1")]);
    let at = |start, end| Span::new(start, end);
    let mut nowhere = annotation("a5", "person", &[at(0, 1)]);
    nowhere.spans.clear();
    let mut both = annotation("a5", "person", &[at(0, 1)]);
    both.edit_extra(|extra| extra.orphan = Some(Orphan::default()));
    let cases = [
        (Edit::Remove("a9".into()), EditError::Missing("a9".into())),
        (Edit::Unlink("r9".into()), EditError::Missing("r9".into())),
        (Edit::Unlink("a1".into()), EditError::Missing("a1".into())),
        (Edit::Put(annotation("r1", "person", &[at(0, 1)])), EditError::Taken("r1".into())),
        (Edit::Put(annotation(AUTHOR, "person", &[at(0, 1)])), EditError::Taken(AUTHOR.into())),
        (Edit::Put(annotation("a5", "person", &[at(1, 1)])), EditError::Spans("a5".into())),
        (Edit::Put(annotation("a5", "quote", &[at(4, 6), at(0, 2)])), EditError::Spans("a5".into())),
        (Edit::Put(annotation("a5", "quote", &[at(0, 3), at(2, 6)])), EditError::Spans("a5".into())),
        (Edit::Put(nowhere), EditError::Spans("a5".into())),
        (Edit::Put(both), EditError::Spans("a5".into())),
        (Edit::Link(Relation::new("a1", "same", "a1", "a2")), EditError::Taken("a1".into())),
        (Edit::Link(Relation::new(AUTHOR, "same", "a1", "a2")), EditError::Taken(AUTHOR.into())),
        (Edit::Link(Relation::new("r2", "same", "a1", "a9")), EditError::Missing("a9".into())),
        (Edit::Link(Relation::new("r2", "same", "r1", "a1")), EditError::Missing("r1".into())),
    ];
    for (edit, expected) in cases {
        assert_eq!(refused(&mut layer, edit), expected);
    }
}

#[test]
fn a_batch_that_fails_late_changes_nothing() {
    let (_, mut layer) = linked("[person:Ada] said [quote:so]", &[("speaker", "a2", "a1")]);
    let mut done = head();
    done.status = Status::Done;
    let edit = Edit::Batch(vec![
        Edit::Put(annotation("a7", "claim", &[Span::new(0, 8)])),
        Edit::Batch(vec![Edit::Unlink("r1".into()), Edit::Remove("a1".into())]),
        Edit::Head(Box::new(done)),
        Edit::Link(Relation::new("r7", "claimant", "a7", AUTHOR)),
        Edit::Link(Relation::new("r8", "claimant", "a7", "a1")),
    ]);
    assert_eq!(refused(&mut layer, edit), EditError::Missing("a1".into()));
}

#[test]
fn the_head_comes_back() {
    let (_, mut layer) = marked("[person:Ada]");
    let mut changed = head();
    changed.status = Status::Skipped;
    changed.document.set("topic", Some(Value::Text("မြန်မာ".into())));
    changed.document_note = "line one\r\nline two".into();
    there_and_back(&mut layer, Edit::Head(Box::new(changed.clone())));
    assert_eq!(*layer.head(), changed);
}

#[test]
fn undo_and_redo_say_what_they_did() {
    let (_, mut layer) = marked("[person:Ada]");
    let mut history = History::default();
    assert_eq!(history.undo(&mut layer), Ok(None));
    let quote = annotation("a2", "quote", &[Span::new(0, 3)]);
    assert_eq!(history.perform(&mut layer, "tag quote", Edit::Put(quote)), Ok(()));
    assert!(history.perform(&mut layer, "delete", Edit::Remove("a9".into())).is_err());
    assert_eq!((history.undo_name(), history.redo_name()), (Some("tag quote"), None));
    assert_eq!(history.undo(&mut layer), Ok(Some("tag quote".into())));
    assert_eq!((history.undo_name(), history.redo_name()), (None, Some("tag quote")));
    assert_eq!(history.redo(&mut layer), Ok(Some("tag quote".into())));
    assert_eq!((layer.len(), history.redo(&mut layer)), (2, Ok(None)));
    history.undo(&mut layer).expect("undo fits");
    history.perform(&mut layer, "delete entity", Edit::Remove("a1".into())).expect("it is there");
    assert_eq!(history.redo_name(), None, "a new step forgets what was undone");
}
