//! What becomes of a layer when its article was edited: a plan that a person, or a command, goes through and decides.
//!
//! The plan is made on the layer without places, so that what it decides is one edit of it: annotations get their
//! places, the rest stay orphans with candidates. Nothing is written here.

use std::collections::HashMap;

use crate::anchor::{self, Anchored, Candidate, State};
use crate::edit::Edit;
use crate::model::{Annotation, CommentTarget, Head, Id, Layer, Orphan, Quoted, Span, Spans};
use crate::store::sidecar::UnplacedLayer;
use crate::text::{CharOffset, OffsetIndex};

/// One annotation to be decided on.
#[derive(Clone, Debug)]
pub struct ReviewItem {
    /// The annotation's id.
    pub id: Id,
    /// What it stood on, and where in the old text, in code points.
    pub old: Vec<Quoted>,
    /// What stood before and after it.
    pub context: (String, String),
    /// How it came over.
    pub state: State,
    /// Its spans in the new text; empty for an orphan.
    pub spans: Spans,
    /// From 0 to 1.
    pub similarity: f32,
    /// Where an orphan might belong, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// What is to become of an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It gets the place that was found.
    Take,
    /// It gets the place of a candidate, by its number.
    Candidate(usize),
    /// It stays without a place, with what was found as candidates.
    Leave,
}

/// All annotations of a layer, in reading order of the old text.
#[derive(Clone, Debug)]
pub struct Review {
    /// The layer on the new text, every annotation without a place: what the edit is for.
    pub layer: Layer,
    /// What was found for each.
    pub items: Vec<ReviewItem>,
    head: Option<Head>,
}

impl Review {
    /// Plans where a layer's annotations belong in `new`. Without the text that it was made on, quotes and contexts
    /// are all there is, and less is taken over.
    pub fn new(unplaced: UnplacedLayer, old: Option<&str>, new: &str) -> Self {
        let UnplacedLayer { loaded, orphans, .. } = unplaced;
        let layer = loaded.layer;
        let annotations: Vec<&Annotation> = layer.annotations().collect();
        let mut places: Vec<Option<Anchored>> = vec![None; annotations.len()];
        let mut head = None;
        if let Some(old) = old {
            let index = OffsetIndex::new(old);
            let mut map = anchor::Map::new(old, new);
            for (place, annotation) in places.iter_mut().zip(&annotations) {
                let spans = annotation.orphan().and_then(|orphan| spans_in(old, &index, &orphan.spans));
                *place = spans.filter(|_| !orphans.contains(&annotation.id)).map(|spans| map.anchor(&spans));
            }
            head = head_on(layer.head(), old, &index, &mut map, new);
        }
        let unknown: Vec<usize> = (0..places.len()).filter(|&at| places[at].is_none()).collect();
        let quotes: Vec<anchor::Quote<'_>> = unknown.iter().map(|&at| quote(annotations[at])).collect();
        if !quotes.is_empty() {
            for (at, found) in unknown.into_iter().zip(anchor::find(new, &quotes)) {
                places[at] = Some(found);
            }
        }
        let index = OffsetIndex::new(new);
        let items = annotations.iter().zip(places).filter_map(|(annotation, place)| {
            let mut item = item(annotation, place?);
            if item.state == State::Orphan {
                item.candidates = known(annotation, new, &index, item.candidates);
            }
            Some(item)
        });
        let mut items: Vec<ReviewItem> = items.collect();
        items.sort_by_key(|item| (item.old.first().map_or(0, |quoted| quoted.start), item.id.clone()));
        Self { layer, items, head }
    }

    /// How many annotations ended in a state.
    pub fn count(&self, state: State) -> usize {
        self.items.iter().filter(|item| item.state == state).count()
    }

    /// The edit that carries out what is chosen for each item; one step of undo.
    pub fn edit_for(&self, new: &str, choose: impl Fn(&ReviewItem) -> Choice) -> Edit {
        let index = OffsetIndex::new(new);
        let chosen: HashMap<&str, (&ReviewItem, Choice)> =
            self.items.iter().map(|item| (item.id.as_str(), (item, choose(item)))).collect();
        let mut edits = Vec::with_capacity(self.items.len() + 1);
        for annotation in self.layer.annotations() {
            let Some((item, choice)) = chosen.get(annotation.id.as_str()) else { continue };
            let spans = match choice {
                Choice::Take => item.spans.clone(),
                Choice::Candidate(number) => {
                    item.candidates.get(*number).map(|it| it.spans.clone()).unwrap_or_default()
                }
                Choice::Leave => Spans::new(),
            };
            let mut changed = annotation.clone();
            if spans.is_empty() {
                let candidates = candidates(item, new, &index);
                changed.edit_extra(|extra| {
                    if let Some(orphan) = &mut extra.orphan {
                        // What was known before stays, where nothing was found now.
                        if !candidates.is_empty() {
                            orphan.candidates = candidates;
                        }
                    }
                });
            } else {
                changed.spans = spans;
                changed.edit_extra(|extra| extra.orphan = None);
            }
            if changed != *annotation {
                edits.push(Edit::Put(changed));
            }
        }
        edits.extend(self.head.clone().map(|head| Edit::Head(Box::new(head))));
        Edit::Batch(edits)
    }
}

fn item(annotation: &Annotation, place: Anchored) -> ReviewItem {
    let Orphan { spans, context, .. } = annotation.orphan().cloned().unwrap_or_default();
    let Anchored { state, spans: found, similarity, candidates } = place;
    ReviewItem { id: annotation.id.clone(), old: spans, context, state, spans: found, similarity, candidates }
}

/// The candidates that an orphan had and that still stand, before those that were found now.
fn known(annotation: &Annotation, text: &str, index: &OffsetIndex, found: Vec<Candidate>) -> Vec<Candidate> {
    let Some(orphan) = annotation.orphan() else { return found };
    let had = orphan.candidates.chunks(orphan.spans.len().max(1));
    let had = had.filter(|quoted| quoted.len() == orphan.spans.len());
    let mut all: Vec<Candidate> = had
        .filter_map(|quoted| Some(Candidate { spans: spans_in(text, index, quoted)?, similarity: 0.0 }))
        .map(|candidate| found.iter().find(|other| other.spans == candidate.spans).cloned().unwrap_or(candidate))
        .collect();
    for candidate in found {
        if !all.iter().any(|other| other.spans == candidate.spans) {
            all.push(candidate);
        }
    }
    all
}

fn quote(annotation: &Annotation) -> anchor::Quote<'_> {
    let Some(orphan) = annotation.orphan() else { return anchor::Quote::default() };
    anchor::Quote {
        texts: orphan.spans.iter().map(|quoted| quoted.text.as_str()).collect(),
        context: (&orphan.context.0, &orphan.context.1),
        start: orphan.spans.first().map_or(0, |quoted| quoted.start),
    }
}

/// Where quotes stand in the text that they came from; none when it says something else there.
fn spans_in(text: &str, index: &OffsetIndex, quoted: &[Quoted]) -> Option<Spans> {
    let mut spans = Spans::new();
    for quoted in quoted {
        let start = index.byte_from_char(text, CharOffset(quoted.start))?;
        let span = Span::from_range(start..start + quoted.text.len());
        let ordered = spans.last().is_none_or(|last: &Span| last.end() <= span.start());
        if span.is_empty() || !ordered || span.slice(text) != Some(&quoted.text) {
            return None;
        }
        spans.push(span);
    }
    (!spans.is_empty()).then_some(spans)
}

fn quoted_in(text: &str, index: &OffsetIndex, span: Span) -> Quoted {
    Quoted {
        start: index.char_from_byte(text, span.start() as usize).0,
        end: index.char_from_byte(text, span.end() as usize).0,
        text: span.slice(text).unwrap_or_default().to_owned(),
    }
}

/// An item's places as an orphan keeps them: each with as many spans as the annotation has, one after the other.
fn candidates(item: &ReviewItem, text: &str, index: &OffsetIndex) -> Vec<Quoted> {
    let found = (!item.spans.is_empty()).then_some(&item.spans);
    let places = found.into_iter().chain(item.candidates.iter().map(|candidate| &candidate.spans));
    places.flatten().map(|&span| quoted_in(text, index, span)).collect()
}

/// The head with comments on stretches of text moved along; none when there is nothing to change.
fn head_on(head: &Head, old: &str, index: &OffsetIndex, map: &mut anchor::Map<'_>, new: &str) -> Option<Head> {
    let mut changed = head.clone();
    let new_index = OffsetIndex::new(new);
    for comment in &mut changed.comments {
        if let Some(CommentTarget::Span(quoted)) = &mut comment.on
            && let Some(spans) = spans_in(old, index, std::slice::from_ref(quoted))
            && let [span] = map.anchor(&spans).spans[..]
        {
            *quoted = quoted_in(new, &new_index, span);
        }
    }
    (changed != *head).then_some(changed)
}
