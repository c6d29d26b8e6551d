//! Giving a mark a place that has none: after its article was edited, before anything is written, or later, as a step.
//!
//! While such a mark is chosen, its keys are those of its choices; what is offered stands under the article.

use std::sync::Arc;

use egui::Key;

use super::app::App;
use super::command::{Action, Decision, digit};
use crate::model::{Id, Spans};
use crate::workspace::{Choice, Command, Document, Places, ReviewItem, waiting};

impl App {
    /// Finds what there is to choose for the chosen mark, when another is chosen or the layer has changed.
    pub(super) fn follow_placing(&mut self) {
        let key = self.document().zip(self.view.chosen.clone()).map(|(document, chosen)| {
            let revision = document.layer().revision();
            (document.serial(), revision, chosen)
        });
        if key == self.placing_key {
            return;
        }
        let item = self.document().zip(key.as_ref()).and_then(|(document, (.., chosen))| placing(document, chosen));
        let another = item.is_some() && key.as_ref().map(|key| &key.2) != self.placing_key.as_ref().map(|key| &key.2);
        if let Some((spans, _)) = item.as_ref().filter(|_| another).and_then(|item| item.offered().next())
            && let Some(first) = spans.first()
        {
            self.pane.reveal(*first);
        }
        self.view.placing = item.map(Arc::new);
        self.placing_key = key;
    }

    /// Keys that decide on a mark without a place.
    pub(super) fn placing_key(&self, key: Key, actions: &mut Vec<Action>) -> bool {
        let Some(item) = &self.view.placing else { return false };
        let number = digit(key).filter(|&number| number > 0);
        let decision = match key {
            Key::Enter => Decision::Offered(0),
            Key::S => Decision::Selection,
            Key::O => Decision::Keep,
            Key::Backspace if self.places().is_some() => Decision::Open,
            _ => match number.filter(|&number| number <= item.offered().count()) {
                Some(number) => Decision::Offered(number - 1),
                // Any other digit would mark the selection.
                None => return number.is_some(),
            },
        };
        actions.push(Action::Decide(decision));
        true
    }

    fn places(&self) -> Option<&Places> {
        self.document().and_then(Document::places)
    }

    /// Decides on the chosen mark.
    pub(super) fn decide(&mut self, decision: Decision) {
        let Some(item) = self.view.placing.clone() else { return };
        let choice = match decision {
            Decision::Offered(number) => item.choice(number),
            Decision::Selection => self.selected_place(&item).map(Choice::At),
            Decision::Keep => Some(Choice::Leave),
            Decision::Open => None,
        };
        if choice.is_none() && decision != Decision::Open {
            let selection = decision == Decision::Selection;
            self.say(
                if selection {
                    "Select the text where it belongs first, then press s."
                } else {
                    "No place is offered for this mark. Select the text where it belongs and press s, or keep it with o."
                },
                false,
            );
            return;
        }
        if self.places().is_some() {
            if let Some(workspace) = &mut self.workspace {
                workspace.choose_place(&item.id, choice.clone());
            }
            if choice.is_some() {
                self.go_on(&item.id);
            }
        } else if let Some(spans) = choice.and_then(|choice| item.spans_of(&choice)) {
            self.perform(Command::Place { id: item.id.clone(), spans });
            self.go_to(&item.id);
        } else {
            self.say("It stays without a place; you can place it at any time.", false);
        }
    }

    /// The selected text, as a mark of this label takes it.
    fn selected_place(&self, item: &ReviewItem) -> Option<Spans> {
        let document = self.document()?;
        let layer = document.layer();
        let label = self.workspace.as_ref()?.schema().label(&layer.get(&item.id)?.label);
        let keep = label.is_none_or(|label| label.keep_quotation_marks);
        let spans = self.view.selection.trimmed(&document.article().text, keep);
        (!spans.is_empty()).then_some(spans)
    }

    /// From a mark that is decided on to the next that is not.
    fn go_on(&mut self, from: &Id) {
        let next = self.places().and_then(|places| {
            let open = |item: &&ReviewItem| places.choice(&item.id).is_none();
            let after = places.doubtful().skip_while(|item| item.id != *from).skip(1);
            after.chain(places.doubtful()).find(open).map(|item| item.id.clone())
        });
        match next {
            Some(next) => self.view.chosen = Some(next),
            None => self.say("All are decided on. Ctrl+Enter takes the places over.", false),
        }
    }

    /// To the next mark that wants a look (`1`) or the one before (`-1`); false where nothing was found again.
    pub(super) fn step_doubtful(&mut self, step: isize) -> bool {
        let Some(places) = self.places() else { return false };
        let ids: Vec<Id> = places.doubtful().map(|item| item.id.clone()).collect();
        let here = self.view.chosen.as_ref().and_then(|chosen| ids.iter().position(|id| id == chosen));
        let next = here.map_or(Some(0), |here| here.checked_add_signed(step)).and_then(|at| ids.get(at).cloned());
        match next {
            Some(id) => self.view.chosen = Some(id),
            None if ids.is_empty() => self.say("No mark wants a look: Ctrl+Enter takes the places over.", false),
            None => self.say("There is no further mark that wants a look.", false),
        }
        true
    }

    /// Carries out what was chosen.
    pub(super) fn take_places(&mut self) {
        match &mut self.workspace {
            Some(workspace) if workspace.document().is_some_and(|it| it.places().is_some()) => workspace.take_places(),
            Some(_) => self.say("This article's marks stand where they should: there is nothing to take over.", false),
            None => {}
        }
    }
}

/// What there is to choose for a mark; none when it has its place.
fn placing(document: &Document, chosen: &str) -> Option<ReviewItem> {
    match document.places() {
        Some(places) => places.doubtful().find(|item| item.id == chosen).cloned(),
        None => waiting(document.layer().get(chosen)?, &document.article().text),
    }
}
