//! Words that are being typed into a field of the details, until they become one command.
//!
//! There is at most one draft. It becomes a command when its field loses the keyboard, on Enter, when its field is not
//! painted any more, before an action that leaves the article, and when the app asks for it. So nothing typed is lost
//! when another annotation gets chosen, and a sentence typed is one step of undo, not forty.

use egui::{Context, Id, Response, TextEdit, Ui};
use smol_str::SmolStr;

use super::{put_back, take_out};
use crate::gui::command::{Action, UiCommand};
use crate::model::{self, Value};
use crate::workspace::Command;

/// What a field of the details sets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// An attribute of an annotation.
    Attribute(model::Id, SmolStr),
    /// The note of an annotation.
    Note(model::Id),
    /// An attribute of a relation.
    RelationAttribute(model::Id, SmolStr),
    /// The note of a relation.
    RelationNote(model::Id),
    /// An attribute of the article.
    DocumentAttribute(SmolStr),
    /// The note on the article.
    DocumentNote,
}

impl Field {
    /// The command that gives the field a value, or takes it away.
    pub fn command(&self, value: Option<Value>) -> Command {
        let words = |value: Option<Value>| value.map(|value| value.to_string()).unwrap_or_default();
        match self.clone() {
            Self::Attribute(id, attribute) => Command::SetAttribute { id, attribute, value },
            Self::Note(id) => Command::SetNote { id, note: words(value) },
            Self::RelationAttribute(id, attribute) => Command::SetRelationAttribute { id, attribute, value },
            Self::RelationNote(id) => Command::SetRelationNote { id, note: words(value) },
            Self::DocumentAttribute(attribute) => Command::SetDocumentAttribute { attribute, value },
            Self::DocumentNote => Command::SetDocumentNote(words(value)),
        }
    }
}

/// How typed words are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// As they are.
    #[default]
    Words,
    /// As a number, with a point or a comma.
    Number,
}

impl Reading {
    /// The value of typed words; none when they are blank; an error, as a sentence, when they cannot be read.
    pub fn value(self, words: &str) -> Result<Option<Value>, &'static str> {
        let words = words.trim();
        if words.is_empty() {
            return Ok(None);
        }
        match self {
            Self::Words => Ok(Some(Value::Text(words.into()))),
            Self::Number => words
                .replace(',', ".")
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
                .map(|number| Some(Value::Number(number)))
                .ok_or("Write a number, such as 3 or 2.5."),
        }
    }
}

/// Words typed into a field and not sent yet.
#[derive(Clone, Debug)]
struct Draft {
    field: Field,
    reading: Reading,
    text: String,
    /// The pass in which its field was last painted.
    seen: u64,
}

impl Draft {
    fn command(&self) -> Option<Command> {
        self.reading.value(&self.text).ok().map(|value| self.field.command(value))
    }
}

/// The draft in hand, if there is one.
#[derive(Clone, Default)]
pub struct Drafts(Option<Draft>);

fn memory() -> Id {
    Id::unique("pressmark draft")
}

/// The command that words come to which were typed into the details and not sent yet. To be carried out before the
/// article is left in a way that is no action of a frame: a dropped folder, the window closing.
pub fn take_draft(ctx: &Context) -> Option<Command> {
    take_out::<Drafts>(ctx, memory()).take()
}

impl Drafts {
    /// What was typed until the last frame.
    pub fn recall(ctx: &Context) -> Self {
        take_out(ctx, memory())
    }

    /// Keeps what is typed for the next frame.
    pub fn keep(self, ctx: &Context) {
        put_back(ctx, memory(), self);
    }

    /// The command that the words typed last come to, if they were not sent yet.
    fn take(&mut self) -> Option<Command> {
        self.0.take()?.command()
    }

    /// Sends a draft whose field was not painted in this pass, or whose article is about to be left.
    pub fn send_abandoned(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        let pass = ctx.cumulative_pass_nr();
        if self.0.as_ref().is_some_and(|draft| draft.seen != pass) || actions.iter().any(leaves) {
            // Before all else: once the article is left, its annotations are not there any more.
            actions.splice(0..0, self.take().map(Action::Do));
        }
    }
}

/// Whether what is typed must be sent before an action.
fn leaves(action: &Action) -> bool {
    match action {
        Action::OpenArticle(_) | Action::OpenLayer(_) | Action::OpenPath(_) | Action::SetAnnotator(_) => true,
        Action::Run(command) => matches!(
            command,
            UiCommand::NextArticle
                | UiCommand::PreviousArticle
                | UiCommand::OpenSample
                | UiCommand::ImportDataset
                | UiCommand::ExportDataset
                | UiCommand::SaveNow
                | UiCommand::Quit
                | UiCommand::Undo
                | UiCommand::ToggleMarks
        ),
        _ => false,
    }
}

/// A field for words.
pub struct Typed<'a> {
    /// What it sets.
    pub field: Field,
    /// What is set now.
    pub current: &'a str,
    /// How the words are read.
    pub reading: Reading,
    /// Lines that show; with more than one, Enter starts a new line.
    pub lines: usize,
    /// Stands in the empty field.
    pub hint: &'a str,
    /// The accessible name.
    pub name: &'a str,
    /// Width in points.
    pub width: f32,
}

impl Typed<'_> {
    /// Paints the field; sends the words when the keyboard leaves it. The error is a sentence to show beside it.
    pub fn show(self, ui: &mut Ui, drafts: &mut Drafts, actions: &mut Vec<Action>) -> (Response, Option<&'static str>) {
        let own = drafts.0.take_if(|draft| draft.field == self.field);
        let mut text = own.as_ref().map_or_else(|| self.current.to_owned(), |draft| draft.text.clone());
        let edit = if self.lines > 1 { TextEdit::multiline(&mut text) } else { TextEdit::singleline(&mut text) };
        let response = ui
            .add(edit.id_salt(&self.field).hint_text(self.hint).desired_rows(self.lines).desired_width(self.width))
            .accessible_name(self.name);
        if own.is_none() && !response.changed() {
            return (response, None);
        }
        let seen = ui.ctx().cumulative_pass_nr();
        let draft = Draft { field: self.field, reading: self.reading, text, seen };
        let error = draft.reading.value(&draft.text).err();
        if response.has_focus() || error.is_some() {
            let other = drafts.0.replace(draft);
            actions.extend(other.and_then(|other| other.command()).map(Action::Do));
        } else if draft.text.trim() != self.current.trim() {
            actions.extend(draft.command().map(Action::Do));
        }
        (response, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_point_or_comma() {
        assert_eq!(Reading::Number.value(" 2,5 "), Ok(Some(Value::Number(2.5))));
        assert_eq!(Reading::Number.value(""), Ok(None));
        assert!(Reading::Number.value("many").is_err());
        assert!(Reading::Number.value("inf").is_err());
        assert_eq!(Reading::Words.value(" 陈海 "), Ok(Some(Value::Text("陈海".into()))));
    }
}
