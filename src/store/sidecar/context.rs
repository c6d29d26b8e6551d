//! What stands around an annotation: kept in sidecars, so that it can be found again in an edited text.

use crate::model::Span;

/// So many code points are kept on each side.
pub(super) const REACH: usize = 32;

/// Up to 32 code points before and after a stretch of the text.
pub(super) fn around(text: &str, hull: Span) -> (&str, &str) {
    let before = &text[..hull.start() as usize];
    let after = &text[hull.end() as usize..];
    let from = before.char_indices().rev().nth(REACH - 1).map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(REACH).map_or(after.len(), |(at, _)| at);
    (&before[from..], &after[..to])
}
