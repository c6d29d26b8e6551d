//! One thing in three states, merged: the rule that annotations, relations and head fields share.
//!
//! A thing is its main version and the others that a merge kept beside it. What only one side changed is taken; what
//! both changed is put together field by field where that cannot mislead, and else all versions stay. Nothing here
//! looks at which side is "ours", so that the result is the same whichever way the sides are given.

use std::cmp::Ordering;

/// A thing that can have other versions of itself beside it.
pub(super) trait Versioned: Clone + PartialEq {
    /// The versions, the main one first, each without others beside it and none twice.
    fn versions(&self) -> Vec<Self>;
    /// A version with others beside it.
    fn with_others(self, others: Vec<Self>) -> Self;
    /// A total order of versions, by content alone.
    fn order(&self, other: &Self) -> Ordering;
    /// One version out of two that both differ from the base (or have none), where that cannot mislead.
    fn by_field(base: Option<&Self>, one: &Self, other: &Self) -> Option<Self>;
}

/// What becomes of one thing; none where it is deleted, or was never there.
pub(super) fn merge_one<T: Versioned>(base: Option<&T>, one: Option<&T>, other: Option<&T>) -> Option<T> {
    match (one, other) {
        (None, None) => None,
        // Delete against change keeps the change.
        (Some(kept), None) | (None, Some(kept)) => (base != Some(kept)).then(|| kept.clone()),
        (Some(one), Some(other)) => Some(if one == other || base == Some(other) {
            one.clone()
        } else if base == Some(one) {
            other.clone()
        } else {
            merge_changed(base, one, other)
        }),
    }
}

/// Both sides changed it.
fn merge_changed<T: Versioned>(base: Option<&T>, one: &T, other: &T) -> T {
    let before = base.map(T::versions).unwrap_or_default();
    let (ours, theirs) = (one.versions(), other.versions());
    if let ([one], [other], [] | [_]) = (&ours[..], &theirs[..], &before[..]) {
        if one == other {
            return one.clone();
        }
        if let Some(merged) = T::by_field(before.first(), one, other) {
            return merged;
        }
    }
    // A version that both have stays, one that a side brought stays, one that a side settled away goes.
    let mut kept: Vec<T> = Vec::new();
    let stays = |version: &&T| {
        let (here, there) = (ours.contains(version), theirs.contains(version));
        (here && there) || !before.contains(version)
    };
    for version in ours.iter().chain(&theirs).filter(stays) {
        if !kept.contains(version) {
            kept.push(version.clone());
        }
    }
    let mains = [&ours[0], &theirs[0]];
    // An open conflict that both sides settled, or settled and changed: what each chose stays.
    let settled = |side: &[T]| before.iter().any(|version| !side.contains(version));
    if before.len() > 1 && settled(&ours) && settled(&theirs) {
        for main in mains {
            if !kept.contains(main) {
                kept.push(main.clone());
            }
        }
    }
    kept.sort_by(T::order);
    let was_main = |version: &T| before.first() == Some(version);
    let main = (0..kept.len())
        .filter(|&at| mains.contains(&&kept[at]))
        .min_by_key(|&at| was_main(&kept[at]))
        .expect("a main version of one side is among those kept");
    kept.remove(main).with_others(kept)
}

/// The value that a field has after both sides; none where they changed it differently.
pub(super) fn field<T: PartialEq + Clone>(base: &T, one: &T, other: &T) -> Option<T> {
    if one == other || base == other {
        Some(one.clone())
    } else if base == one {
        Some(other.clone())
    } else {
        None
    }
}

/// Whether a merge put versions beside each other that stood together on neither side.
pub(super) fn is_new_conflict<T: Versioned>(merged: &T, one: Option<&T>, other: Option<&T>) -> bool {
    let versions = merged.versions();
    let known = |side: Option<&T>| {
        side.is_some_and(|side| {
            let side = side.versions();
            versions.iter().all(|version| side.contains(version))
        })
    };
    versions.len() > 1 && !known(one) && !known(other)
}

/// The versions of a thing and of those beside it, each stripped of what stands beside it, without repeats.
pub(super) fn flatten<T: Clone + PartialEq>(whole: &T, strip: &dyn Fn(&T) -> (T, Vec<T>), into: &mut Vec<T>) {
    let (bare, others) = strip(whole);
    if !into.contains(&bare) {
        into.push(bare);
    }
    for other in &others {
        flatten(other, strip, into);
    }
}
