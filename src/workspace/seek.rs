//! Finding things in the article in hand: words, and the annotations that a relation may lead to.

use crate::model::{AUTHOR, Annotation, Id, Layer, Schema, Span};
use smol_str::SmolStr;

/// A place where the words that were looked for stand.
pub type Hit = Span;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// What was looked for.
    pub words: String,
    /// Where it stands, in order.
    pub hits: Vec<Hit>,
}

impl Sought {
    /// Looks for words in a text; case counts only where the words have upper case.
    pub fn find(text: &str, words: &str) -> Self {
        let hits = if words.is_empty() {
            Vec::new()
        } else if words.chars().any(char::is_uppercase) {
            text.match_indices(words).map(|(at, found)| Span::from_range(at..at + found.len())).collect()
        } else {
            find_folded(text, words)
        };
        Self { words: words.to_owned(), hits }
    }
}

/// Matches letter by letter in lower case, so that offsets stay those of the text.
fn find_folded(text: &str, words: &str) -> Vec<Hit> {
    let wanted: Vec<char> = words.chars().flat_map(char::to_lowercase).collect();
    let mut hits = Vec::new();
    let mut from = 0;
    while let Some((start, _)) = text[from..].char_indices().find(|&(_, c)| c.to_lowercase().next() == Some(wanted[0]))
    {
        let start = from + start;
        from = start + text[start..].chars().next().map_or(1, char::len_utf8);
        let mut left = wanted.as_slice();
        for (at, c) in text[start..].char_indices() {
            let mut fits = true;
            for lower in c.to_lowercase() {
                match left.split_first() {
                    Some((&first, rest)) if first == lower => left = rest,
                    _ => fits = false,
                }
            }
            if !fits {
                break;
            }
            if left.is_empty() {
                hits.push(Span::from_range(start..start + at + c.len_utf8()));
                from = start + at + c.len_utf8();
                break;
            }
        }
    }
    hits
}

/// An annotation, or the article's author, that a relation may lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The annotation, or [`AUTHOR`].
    pub id: Id,
    /// The relations that the schema allows, in its order.
    pub relations: Vec<SmolStr>,
}

/// What `from` may be linked to among the annotations in `window`, in reading order; the author last. With `only`,
/// just that relation is asked for.
pub fn targets(layer: &Layer, schema: &Schema, from: &Annotation, window: Span, only: Option<&str>) -> Vec<Target> {
    let allowed = |to: Option<&Annotation>| -> Vec<SmolStr> {
        schema
            .relations_between(from, to)
            .filter(|kind| only.is_none_or(|only| kind.id == only))
            .map(|kind| kind.id.clone())
            .collect()
    };
    let mut found: Vec<Target> = layer
        .overlapping(window)
        .into_iter()
        .map(|to| Target { id: to.id.clone(), relations: allowed(Some(to)) })
        .collect();
    found.push(Target { id: AUTHOR.into(), relations: allowed(None) });
    found.retain(|target| !target.relations.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_counts_case_only_when_asked_to() {
        let text = "Ada met ADA in İzmir; ada smiled. Straße 👩‍🔬 ada";
        assert_eq!(Sought::find(text, "ada").hits.len(), 4);
        assert_eq!(Sought::find(text, "ADA").hits, [Span::new(8, 11)]);
        let hit = Sought::find(text, "straße").hits[0];
        assert_eq!(hit.slice(text), Some("Straße"));
        assert!(Sought::find(text, "").hits.is_empty());
    }
}
