//! What a command comes to before it is carried out: an edit with a name, or why it is refused.

use crate::edit::Edit;
use crate::model::Id;

/// Why a command was not carried out, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// A command that can be carried out.
pub(super) struct Planned {
    pub name: String,
    pub message: String,
    pub edit: Edit,
    pub created: Option<Id>,
}

impl Planned {
    pub(super) fn new(name: impl Into<String>, edit: Edit) -> Self {
        let name = name.into();
        let mut message = name.clone();
        if let Some(first) = message.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        Self { name, message, edit, created: None }
    }
}

/// Why a command about something that was deleted is refused.
pub(super) fn gone() -> Refusal {
    Refusal("It is not there any more.".to_owned())
}
