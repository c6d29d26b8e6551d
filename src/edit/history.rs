//! What can be undone and redone, each step with a name.
//!
//! Holds edits, never states, so that a step costs what it changed.

use super::{Edit, EditError, apply};
use crate::model::Layer;

/// One step: its name, as in "Undo: tag quote", and the edit that takes it back (or makes it again).
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What was done, in a few words.
    pub name: String,
    /// The edit to apply.
    pub edit: Edit,
}

/// The steps of one layer.
#[derive(Clone, Debug, Default)]
pub struct History {
    undo: Vec<Step>,
    redo: Vec<Step>,
}

impl History {
    /// A history from what was kept of it: what takes each step back, and what makes the undone ones again, the next
    /// one last.
    pub fn from_steps(undo: Vec<Step>, redo: Vec<Step>) -> Self {
        Self { undo, redo }
    }

    /// Applies an edit and remembers how to take it back; what was undone before is forgotten.
    pub fn perform(&mut self, layer: &mut Layer, name: impl Into<String>, edit: Edit) -> Result<(), EditError> {
        let inverse = apply(layer, edit)?;
        self.undo.push(Step { name: name.into(), edit: inverse });
        self.redo.clear();
        Ok(())
    }

    /// Remembers a step that was made elsewhere, by what takes it back; what was undone before is forgotten.
    pub fn push(&mut self, name: impl Into<String>, back: Edit) {
        self.undo.push(Step { name: name.into(), edit: back });
        self.redo.clear();
    }

    /// Takes the last step back, and returns its name; none when there is nothing to undo.
    pub fn undo(&mut self, layer: &mut Layer) -> Result<Option<String>, EditError> {
        Self::walk(&mut self.undo, &mut self.redo, layer)
    }

    /// Makes the last undone step again, and returns its name; none when there is nothing to redo.
    pub fn redo(&mut self, layer: &mut Layer) -> Result<Option<String>, EditError> {
        Self::walk(&mut self.redo, &mut self.undo, layer)
    }

    fn walk(from: &mut Vec<Step>, to: &mut Vec<Step>, layer: &mut Layer) -> Result<Option<String>, EditError> {
        let Some(step) = from.last() else { return Ok(None) };
        let name = step.name.clone();
        let inverse = apply(layer, step.edit.clone())?;
        from.pop();
        to.push(Step { name: name.clone(), edit: inverse });
        Ok(Some(name))
    }

    /// What takes the last step back.
    pub fn undo_step(&self) -> Option<&Step> {
        self.undo.last()
    }

    /// What makes the last undone step again.
    pub fn redo_step(&self) -> Option<&Step> {
        self.redo.last()
    }

    /// The name of what would be undone.
    pub fn undo_name(&self) -> Option<&str> {
        self.undo.last().map(|step| step.name.as_str())
    }

    /// The name of what would be done again.
    pub fn redo_name(&self) -> Option<&str> {
        self.redo.last().map(|step| step.name.as_str())
    }
}
