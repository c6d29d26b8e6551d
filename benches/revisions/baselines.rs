//! The two ways that need no thought, to compare with: the same offsets, and the same words with the likest context.
//!
//! Both always answer where they can; neither knows when it is wrong.

use pressmark::model::Span;

/// The same bytes, where the new text has them.
pub fn same_position(new: &str, span: Span) -> Option<Span> {
    span.slice(new).map(|_| span)
}

/// The occurrence of the very words with the longest common context on both sides, the nearest among equals.
pub fn exact_with_context(old: &str, new: &str, span: Span) -> Option<Span> {
    const REACH: usize = 32;
    let words = span.slice(old)?;
    let (before, after) = (&old[..span.start() as usize], &old[span.end() as usize..]);
    let common = |at: usize| {
        let left = new[..at].chars().rev().zip(before.chars().rev()).take(REACH).take_while(|(a, b)| a == b).count();
        let right = new[at + words.len()..].chars().zip(after.chars()).take(REACH).take_while(|(a, b)| a == b).count();
        left + right
    };
    let found = new.match_indices(words).map(|(at, _)| at);
    let best = found.max_by_key(|&at| (common(at), std::cmp::Reverse(at.abs_diff(span.start() as usize))))?;
    Some(Span::from_range(best..best + words.len()))
}
