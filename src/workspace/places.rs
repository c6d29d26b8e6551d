//! The layer in hand after its article was edited: what was found again, and what a person decides on it.
//!
//! The layer is shown as the choices so far would make it, and nothing is written. [`Workspace::take_places`] carries
//! them out, all in one step of undo. What is left without a place can be placed later, mark by mark.

use std::collections::HashMap;
use std::sync::Arc;

use super::reanchor::spans_in;
use super::{Choice, Review, ReviewItem, Workspace, load};
use crate::anchor::{Candidate, State};
use crate::edit::Edit;
use crate::model::{Annotation, Id, Layer};
use crate::text::OffsetIndex;

/// What was found again of a layer, and what was chosen so far.
pub struct Places {
    review: Review,
    choices: HashMap<Id, Choice>,
    /// Numbers of the items that want a look.
    doubtful: Vec<usize>,
}

impl Places {
    pub(super) fn new(review: Review) -> Self {
        let doubtful = (0..review.items.len()).filter(|&at| review.items[at].state >= State::Edited).collect();
        Self { review, choices: HashMap::new(), doubtful }
    }

    /// What wants a look, in reading order of the old text.
    pub fn doubtful(&self) -> impl ExactSizeIterator<Item = &ReviewItem> {
        self.doubtful.iter().map(|&at| &self.review.items[at])
    }

    /// How many annotations were found without a doubt.
    pub fn found(&self) -> usize {
        self.review.items.len() - self.doubtful.len()
    }

    /// What was chosen for an annotation; none while nobody decided.
    pub fn choice(&self, id: &str) -> Option<&Choice> {
        self.choices.get(id)
    }

    /// How many of those that want a look are decided on.
    pub fn decided(&self) -> usize {
        self.choices.len()
    }

    /// The layer without places: what the edit is for.
    pub(super) fn layer(&self) -> &Layer {
        &self.review.layer
    }

    /// What all choices come to.
    pub(super) fn edit(&self, text: &str) -> Edit {
        self.review.edit_for(text, |item| match (self.choices.get(&item.id), item.state) {
            (Some(choice), _) => choice.clone(),
            (None, State::Exact | State::Moved) => Choice::Take,
            (None, State::Edited | State::Orphan) => Choice::Leave,
        })
    }

    /// Decides on one; the annotation as it is shown then. None when there is no such item.
    pub(super) fn choose(&mut self, id: &Id, choice: Option<Choice>, text: &str) -> Option<Annotation> {
        let item = self.doubtful().find(|item| item.id == *id)?;
        let leave = Choice::Leave;
        let shown = choice.as_ref().unwrap_or(&leave);
        let annotation = item.placed(self.review.layer.get(id)?, shown, text, &OffsetIndex::new(text));
        match choice {
            Some(choice) => self.choices.insert(id.clone(), choice),
            None => self.choices.remove(id),
        };
        Some(annotation)
    }

    /// Takes choices over from an earlier plan for the same marks.
    pub(super) fn remember(&mut self, earlier: Self) {
        if earlier.review.layer == self.review.layer {
            self.choices = earlier.choices;
        }
    }
}

/// An annotation without a place, as a review tells it: what it stood on, and where it might belong.
pub fn waiting(annotation: &Annotation, text: &str) -> Option<ReviewItem> {
    let orphan = annotation.orphan()?;
    let index = OffsetIndex::new(text);
    let places = orphan.candidates.chunks(orphan.spans.len().max(1));
    let candidates = places.filter_map(|quoted| spans_in(text, &index, quoted));
    Some(ReviewItem {
        id: annotation.id.clone(),
        old: orphan.spans.clone(),
        context: orphan.context.clone(),
        state: State::Orphan,
        spans: crate::model::Spans::new(),
        similarity: 0.0,
        candidates: candidates.map(|spans| Candidate { spans, similarity: 0.0 }).collect(),
    })
}

impl Workspace {
    /// Decides what is to become of an annotation of an article that was edited; none takes the decision back. Nothing
    /// is written.
    pub fn choose_place(&mut self, id: &Id, choice: Option<Choice>) {
        if let Some(document) = &mut self.document {
            document.choose_place(id, choice);
        }
    }

    /// Carries out what was chosen: what was found without a doubt and what was accepted gets its place, the rest
    /// waits without one. [`Workspace::poll`] brings the layer then.
    pub fn take_places(&mut self) {
        let Some(document) = self.document.as_mut().filter(|document| document.places().is_some()) else { return };
        document.begin_placing();
        self.ticket += 1;
        load::place(
            load::Place {
                ticket: self.ticket,
                files: document.files().clone(),
                article: Arc::clone(document.article()),
                schema: self.schema.clone(),
                who: document.who(),
            },
            self.news.0.clone(),
            self.wake.clone(),
        );
    }

    pub(super) fn take_placing(&mut self, placing: Result<crate::store::journal::Placing, String>) {
        let Some(document) = &mut self.document else { return };
        let told = match placing {
            Ok(placing) => document.take_places(placing, &self.schema, &self.saver),
            Err(error) => Err(error),
        };
        match told {
            Ok(text) => self.notices.push(super::Notice { text, error: false }),
            Err(text) => {
                self.notices.push(super::Notice { text, error: true });
                self.read_again();
            }
        }
    }
}
