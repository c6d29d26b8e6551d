//! What was changed between two states of one layer, as the edits that lead from the one to the other.
//!
//! Applied in their order they are sound at each step, so that a journal can keep them and a person can read them.

use crate::edit::Edit;
use crate::model::{AUTHOR, Layer, Relation};

/// The edits that make `now` of `base`, in an order in which each can be applied: relations and annotations that went,
/// then annotations, relations and the head that came or changed. None when both say the same.
pub fn changes(base: &Layer, now: &Layer) -> Vec<Edit> {
    let gone = |end: &str| end != AUTHOR && now.get(end).is_none();
    let (before, after) = (base.relations(), now.relations());
    // A relation that moves away from an annotation that goes has to let go of it first.
    let unlinked = |r: &&&Relation| now.relation(&r.id).is_none() || gone(&r.from) || gone(&r.to);
    let mut edits: Vec<Edit> =
        before.iter().filter(unlinked).map(|relation| Edit::Unlink(relation.id.clone())).collect();
    edits.extend(base.annotations().filter(|a| now.get(&a.id).is_none()).map(|a| Edit::Remove(a.id.clone())));
    edits.extend(now.annotations().filter(|a| base.get(&a.id) != Some(a)).cloned().map(Edit::Put));
    let linked = after.iter().filter(|r| base.relation(&r.id) != Some(r));
    edits.extend(linked.map(|relation| Edit::Link((*relation).clone())));
    if base.head() != now.head() {
        edits.push(Edit::Head(Box::new(now.head().clone())));
    }
    edits
}
