//! Which way a change goes through the history, and what the journal is told of it.

use super::command::Done;
use super::plan::Refusal;
use crate::edit::{Edit, EditError, History, Step};
use crate::model::Layer;
use crate::store::journal::{Change, Entry, Record};

/// Which way a change goes through the history.
pub enum Walk {
    Make(String),
    Undo,
    Redo,
}

/// A change that is about to be made.
pub struct Way {
    pub walk: Walk,
    pub edit: Edit,
    pub done: Done,
}

impl Way {
    /// One step back.
    pub fn back(history: &History) -> Result<Self, Refusal> {
        let step = history.undo_step().ok_or_else(|| Refusal("Nothing to undo.".to_owned()))?;
        Ok(Self::along(step, Walk::Undo, "Undone"))
    }

    /// The step that was taken back last.
    pub fn again(history: &History) -> Result<Self, Refusal> {
        let step = history.redo_step().ok_or_else(|| Refusal("Nothing to redo.".to_owned()))?;
        Ok(Self::along(step, Walk::Redo, "Done again"))
    }

    fn along(step: &Step, walk: Walk, verb: &str) -> Self {
        let done = Done { message: format!("{verb}: {}", step.name), created: None };
        Self { walk, edit: step.edit.clone(), done }
    }
}

impl Walk {
    /// Makes a change, and says what the journal is told of it.
    pub fn make(self, history: &mut History, layer: &mut Layer, edit: Edit) -> Result<Entry, EditError> {
        let edit_of = |step: Option<&Step>| step.map_or(Edit::Batch(Vec::new()), |step| step.edit.clone());
        Ok(match self {
            Self::Make(name) => {
                history.perform(layer, name.clone(), edit.clone())?;
                Entry::step(name, Change { edit, back: edit_of(history.undo_step()) })
            }
            Self::Undo => {
                history.undo(layer)?;
                Entry { record: Record::Undo, change: Change { edit, back: edit_of(history.redo_step()) } }
            }
            Self::Redo => {
                history.redo(layer)?;
                Entry { record: Record::Redo, change: Change { edit, back: edit_of(history.undo_step()) } }
            }
        })
    }
}
