//! The layer in hand after its article was edited: what was found again, and what a person decides on it.
//!
//! The layer is shown as the choices so far would make it, and nothing is written. [`Workspace::take_places`] carries
//! them out, all in one step of undo. What is left without a place can be placed later, mark by mark.

use std::collections::HashMap;
use std::sync::Arc;

use super::reanchor::spans_in;
use super::{Choice, Review, ReviewItem, Workspace, load};
use crate::anchor::{Candidate, State};
use crate::edit::{Edit, apply};
use crate::model::{Annotation, Id, Layer};
use crate::store::journal::{Placed, Placing};
use crate::text::OffsetIndex;

/// What was found again of a layer, and what was chosen so far.
#[derive(Clone)]
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

    /// The one of those with a number.
    pub fn nth(&self, number: usize) -> Option<&ReviewItem> {
        self.review.items.get(*self.doubtful.get(number)?)
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

    /// The layer as the choices so far make it.
    pub(super) fn shown(&self, text: &str) -> Layer {
        let mut layer = self.review.layer.clone();
        // It puts marks of this very layer in their places, which always fits.
        let _ = apply(&mut layer, self.edit(text));
        layer
    }

    /// Carries out what was chosen, on the layer as it is held now; why not, when that is another than was looked at.
    pub(super) fn carry_out(&self, placing: Placing, text: &str) -> Result<Placed, String> {
        if placing.unplaced.loaded.layer != self.review.layer {
            return Err("Another program changed this layer meanwhile: it is read again. Look once more.".to_owned());
        }
        placing.carry_out(self.edit(text)).map_err(|error| error.to_string())
    }

    /// What all choices come to.
    fn edit(&self, text: &str) -> Edit {
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

    /// Takes choices over from an earlier plan for the same marks; whether there were any.
    pub(super) fn remember(&mut self, earlier: &Self) -> bool {
        let same = !earlier.choices.is_empty() && earlier.review.layer == self.review.layer;
        if same {
            self.choices.clone_from(&earlier.choices);
        }
        same
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
        let Some(document) = &mut self.document else { return };
        let Some(places) = document.begin_placing() else { return };
        self.ticket += 1;
        load::place(
            load::Place {
                ticket: self.ticket,
                files: document.files().clone(),
                article: Arc::clone(document.article()),
                schema: self.schema.clone(),
                who: document.who(),
                places,
            },
            self.news.0.clone(),
            self.wake.clone(),
        );
    }

    pub(super) fn take_placed(&mut self, placed: Result<Placed, String>) {
        let Some(document) = &mut self.document else { return };
        match placed {
            Ok(placed) => {
                let text = document.take_placed(placed, &self.schema, &self.saver);
                self.notices.push(super::Notice { text, error: false });
            }
            Err(text) => {
                self.notices.push(super::Notice { text, error: true });
                self.read_again();
            }
        }
    }
}

impl super::Workspace {
    /// Whether the article in hand shows marks that were found again and are not taken over yet.
    pub fn is_reviewing(&self) -> bool {
        self.document().is_some_and(|document| document.places().is_some())
    }
}
