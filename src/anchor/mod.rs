//! Finds the places of annotations again when the text was edited.
//!
//! [`Map`] knows both texts; [`Selectors`] knows only what was quoted and what stood around it, and is stricter. Every
//! annotation ends as exact, moved, edited or orphan; what could belong in several places is an orphan with candidates,
//! never a guess. How much is looked for has a bound for the whole article, counted in steps and not in time, so that
//! the same texts always give the same answer. What is done with the answer is left to `workspace`.

mod gaps;
mod links;
mod moves;
mod project;
mod search;
mod selectors;
mod token;

use crate::model::{Span, Spans};
use links::Links;
use search::Index;
pub use selectors::{Quote, find};
use token::{Keys, Tokens};

/// So many steps are done at most for an article: cells of alignments and places looked at. About a second's work.
const STEPS: usize = 12_000_000;
/// So many candidates are told at most.
const CANDIDATES: usize = 3;

/// How an annotation came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The same characters, in order with the rest of the text.
    Exact,
    /// The same words, carried to another place, or set otherwise: line ends, spaces, case, quotation marks.
    Moved,
    /// Other words in its place; see the similarity.
    Edited,
    /// No place, or no single one.
    Orphan,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Moved, Self::Edited, Self::Orphan];

    /// As reports write it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Moved => "moved",
            Self::Edited => "edited",
            Self::Orphan => "orphan",
        }
    }
}

/// A place where an orphan might belong.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// As many spans as the annotation has.
    pub spans: Spans,
    /// From 0 to 1.
    pub similarity: f32,
}

/// Where an annotation stands in the new text.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchored {
    /// How it came over.
    pub state: State,
    /// Its spans in the new text; empty for an orphan.
    pub spans: Spans,
    /// From 0 to 1, 1 for the same words; of an orphan that of its best candidate, or 0.
    pub similarity: f32,
    /// Where an orphan might belong, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// The steps that are left for an article.
#[derive(Debug)]
struct Budget(usize);

impl Budget {
    /// Whether so many steps may still be done; then they are counted as done.
    fn spend(&mut self, steps: usize) -> bool {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// The places of annotations of `old` in `new`, in their order. Spans lie in `old`, on character boundaries.
pub fn anchor<S: AsRef<[Span]>>(old: &str, new: &str, annotations: &[S]) -> Vec<Anchored> {
    let mut map = Map::new(old, new);
    annotations.iter().map(|spans| map.anchor(spans.as_ref())).collect()
}

/// What became of each token of a text in an edited version of it.
#[derive(Debug)]
pub struct Map<'t> {
    old_text: &'t str,
    new_text: &'t str,
    keys: Keys,
    old: Tokens,
    new: Tokens,
    links: Links,
    budget: Budget,
    index: Option<Index>,
}

impl<'t> Map<'t> {
    /// Compares two texts.
    pub fn new(old_text: &'t str, new_text: &'t str) -> Self {
        let mut keys = Keys::default();
        let old = keys.cut(old_text);
        let new = keys.cut(new_text);
        let mut budget = Budget(STEPS);
        let kept = links::kept(&old, &new, &keys);
        let mut links = moves::tiles(&old, &new, &kept);
        moves::changed(&old, &new, &keys, &mut links, &mut budget);
        gaps::fill(&old, &new, &keys, &mut links, &mut budget);
        Self { old_text, new_text, keys, old, new, links, budget, index: None }
    }

    /// The place of an annotation with these spans. Later calls may find less, once the bound is reached.
    pub fn anchor(&mut self, spans: &[Span]) -> Anchored {
        if self.old_text == self.new_text {
            return Anchored { state: State::Exact, spans: spans.into(), similarity: 1.0, candidates: Vec::new() };
        }
        let mut places = Vec::with_capacity(spans.len());
        for &span in spans {
            let found = span.slice(self.old_text).map_or_else(|| Err(Vec::new()), |_| project::project(self, span));
            places.push(found.or_else(|parts| self.search(span, parts)));
        }
        combined(&places)
    }
}

/// Places of fragments as the place of the whole.
fn combined(places: &[Result<project::Place, Vec<project::Place>>]) -> Anchored {
    let mut all: Vec<project::Place> = places.iter().filter_map(|place| place.as_ref().ok().copied()).collect();
    all.sort_by_key(|place| place.span);
    let apart = all.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start());
    let orphan = |mut candidates: Vec<Candidate>| {
        candidates.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then_with(|| a.spans.cmp(&b.spans)));
        candidates.dedup_by(|a, b| a.spans == b.spans);
        candidates.truncate(CANDIDATES);
        let similarity = candidates.first().map_or(0.0, |candidate| candidate.similarity);
        Anchored { state: State::Orphan, spans: Spans::new(), similarity, candidates }
    };
    if all.len() == places.len() && !all.is_empty() {
        let least = all.iter().map(|place| place.similarity).fold(1.0, f32::min);
        let spans: Spans = all.iter().map(|place| place.span).collect();
        if !apart {
            return orphan(Vec::new());
        }
        let state = all.iter().map(|place| place.state).max().unwrap_or(State::Orphan);
        return Anchored { state, spans, similarity: least, candidates: Vec::new() };
    }
    let [Err(parts)] = places else {
        return orphan(Vec::new());
    };
    orphan(
        parts
            .iter()
            .map(|place| Candidate { spans: Spans::from_iter([place.span]), similarity: place.similarity })
            .collect(),
    )
}

#[cfg(test)]
mod tests;
