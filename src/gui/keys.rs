//! Keys to actions, by what the next keys mean: marking, a link begun, a label awaited.
//!
//! While words are being typed into a field, only keys that no field uses get through.

use egui::{Event, Key, Modifiers};

use super::app::App;
use super::command::{Action, UiCommand, digit};
use super::pane::{Motion, Pane, Vertical};
use super::view::{Mode, Selection};
use crate::model::Annotation;
use crate::text::snap::Snap;
use crate::workspace::{Command, Workspace};

impl App {
    /// Takes this frame's keys.
    pub(super) fn keys(&mut self, actions: &mut Vec<Action>) {
        let typing = self.was_typing || self.ctx.text_edit_focused();
        // What is open over the window has the keyboard; Esc closes it and nothing else.
        if egui::Popup::is_any_open(&self.ctx) {
            return;
        }
        let events: Vec<Event> = self.ctx.input(|input| input.events.clone());
        for event in events {
            match event {
                Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
                    let other = physical_key.filter(|physical| *physical != key && !is_letter(key));
                    let taken = self.key(key, modifiers, typing, actions);
                    if let Some(physical) = other.filter(|_| !taken) {
                        self.key(physical, modifiers, typing, actions);
                    }
                }
                Event::Copy if !typing && !self.datasets.is_open() => actions.push(Action::Run(UiCommand::Copy)),
                _ => {}
            }
        }
    }

    fn key(&mut self, key: Key, modifiers: Modifiers, typing: bool, actions: &mut Vec<Action>) -> bool {
        // A letter that somebody types for a field that has no keyboard any more is no command.
        let reading = !typing && self.article_has_keyboard() && !self.over_window();
        if reading && modifiers.is_none() && (self.mode_key(key, actions) || self.placing_key(key, actions)) {
            return true;
        }
        if reading && self.caret_key(key, modifiers, actions) {
            return true;
        }
        if reading && modifiers.is_none() && self.schema_key(key, actions) {
            return true;
        }
        let found = UiCommand::ALL.iter().copied().filter(|command| self.is_reachable(*command)).find(|command| {
            command.shortcuts().iter().any(|shortcut| {
                shortcut.logical_key == key
                    && modifiers.matches_exact(shortcut.modifiers)
                    && (!typing || allowed_while_typing(*command, key, modifiers))
            })
        });
        let anywhere = modifiers.command || modifiers.alt || matches!(found, Some(UiCommand::Clear | UiCommand::Keys));
        match found.filter(|_| reading || typing || anywhere || is_function(key)) {
            Some(command) => {
                actions.push(Action::Run(command));
                true
            }
            None => false,
        }
    }

    /// Whether a page of its own lies over the window.
    fn over_window(&self) -> bool {
        self.view.keys_open || self.view.about_open || self.datasets.is_open()
    }

    /// Whether a command can be reached by its key: under the sheet of a dataset nothing changes.
    fn is_reachable(&self, command: UiCommand) -> bool {
        use UiCommand as C;
        !self.datasets.is_open()
            || matches!(command, C::Clear | C::Quit | C::ZoomIn | C::ZoomOut | C::ZoomReset | C::ToggleTheme)
    }

    /// Whether no control has the keyboard.
    pub(super) fn article_has_keyboard(&self) -> bool {
        self.ctx.memory(|memory| memory.focused().is_none_or(|focused| focused == Pane::id()))
    }

    /// Keys that mean something else while a link or a label is awaited.
    fn mode_key(&mut self, key: Key, actions: &mut Vec<Action>) -> bool {
        match self.view.mode.clone() {
            Mode::Mark => false,
            Mode::Link { hints, mut typed, suggested, from, only } => {
                match key {
                    Key::Escape => return false,
                    Key::Enter => {
                        if let Some(target) = suggested {
                            actions.push(Action::EndLink(target));
                        }
                    }
                    Key::PageDown => self.pane.scroll_by(self.page_height()),
                    Key::PageUp => self.pane.scroll_by(-self.page_height()),
                    Key::Num0 => actions.push(Action::EndLink(crate::model::AUTHOR.into())),
                    Key::Backspace => {
                        typed.pop();
                        self.view.mode = Mode::Link { hints, typed, suggested, from, only };
                    }
                    _ => {
                        let Some(letter) = letter(key) else { return false };
                        typed.push(letter);
                        if let Some(hint) = hints.iter().find(|hint| hint.letters == typed) {
                            actions.push(Action::EndLink(hint.id.clone()));
                        } else if hints.iter().any(|hint| hint.letters.starts_with(&typed)) {
                            self.view.mode = Mode::Link { hints, typed, suggested, from, only };
                        } else {
                            self.say("No mark carries these letters. Esc ends the link.", false);
                            self.view.mode = Mode::Link { hints, typed: String::new(), suggested, from, only };
                        }
                    }
                }
                true
            }
            Mode::ChooseRelation { from, to, relations } => {
                let Some(relation) = digit(key).and_then(|digit| relations.get(digit.wrapping_sub(1)).cloned()) else {
                    return false;
                };
                self.view.mode = Mode::Mark;
                actions.push(Action::Do(Command::Link { label: relation, from, to }));
                true
            }
            Mode::Relabel => {
                let Some((label, kind)) = self.label_for(key) else { return false };
                self.view.mode = Mode::Mark;
                if let Some(id) = self.view.chosen.clone() {
                    actions.push(Action::Do(Command::Relabel { id, label, kind }));
                }
                true
            }
            Mode::Kind(id) => {
                let Some(workspace) = &self.workspace else { return false };
                let Some(document) = workspace.document() else { return false };
                let layer = document.layer();
                let label = layer.get(&id).and_then(|annotation| workspace.schema().label(&annotation.label));
                let kind = label.and_then(|label| label.types.iter().find(|kind| pressed(kind.key, key)));
                let Some((label, kind)) = label.zip(kind) else { return false };
                let (label, kind) = (label.id.clone(), Some(kind.id.clone()));
                actions.push(Action::Do(Command::Relabel { id, label, kind }));
                true
            }
        }
    }

    /// Label keys, type keys, and keys of relations.
    fn schema_key(&mut self, key: Key, actions: &mut Vec<Action>) -> bool {
        if let Some((label, kind)) = self.label_for(key) {
            actions.push(Action::Tag(label, kind));
            return true;
        }
        let Some(workspace) = &self.workspace else { return false };
        let relation = workspace.schema().relations.iter().find(|relation| pressed(relation.key, key));
        let Some(relation) = relation.map(|relation| relation.id.clone()) else { return false };
        match self.view.chosen.clone() {
            Some(chosen) => actions.push(Action::BeginLink(chosen, Some(relation))),
            None => self.say(super::view::CHOOSE_FIRST, false),
        }
        true
    }

    /// The label and type that a key stands for.
    fn label_for(&self, key: Key) -> Option<(smol_str::SmolStr, Option<smol_str::SmolStr>)> {
        let schema = self.workspace.as_ref().map(Workspace::schema)?;
        if let Some(label) = schema.labels.iter().find(|label| pressed(label.key, key)) {
            return Some((label.id.clone(), None));
        }
        let label = schema.typed_label()?;
        let kind = label.types.iter().find(|kind| pressed(kind.key, key))?;
        Some((label.id.clone(), Some(kind.id.clone())))
    }

    /// Arrows and their kin.
    fn caret_key(&mut self, key: Key, modifiers: Modifiers, actions: &mut Vec<Action>) -> bool {
        if !self.article_has_keyboard() || matches!(self.view.mode, Mode::Link { .. }) {
            return false;
        }
        let Some(document) = self.workspace.as_ref().and_then(Workspace::document) else { return false };
        let article = document.article().clone();
        let (word, far) = (modifiers.command, modifiers.alt);
        let motion = match key {
            Key::ArrowRight | Key::ArrowLeft => {
                // Right is forward in text that runs to the right, and back in text that runs to the left.
                let forward = (key == Key::ArrowRight) != self.runs_left(&article.text);
                Some(match (forward, word, far) {
                    (true, _, true) => Motion::NextSentence,
                    (false, _, true) => Motion::PreviousSentence,
                    (true, true, _) => Motion::NextWord,
                    (false, true, _) => Motion::PreviousWord,
                    (true, ..) => Motion::NextCharacter,
                    (false, ..) => Motion::PreviousCharacter,
                })
            }
            Key::ArrowDown if word => Some(Motion::NextParagraph),
            Key::ArrowUp if word => Some(Motion::PreviousParagraph),
            Key::Home if word => Some(Motion::Start),
            Key::End if word => Some(Motion::End),
            _ => None,
        };
        let vertical = match key {
            Key::ArrowDown if !word => Some(Vertical::Lines(1)),
            Key::ArrowUp if !word => Some(Vertical::Lines(-1)),
            Key::PageDown if !word => Some(Vertical::Pixels(self.page_height())),
            Key::PageUp if !word => Some(Vertical::Pixels(-self.page_height())),
            Key::Home if !word => Some(Vertical::LineStart),
            Key::End if !word => Some(Vertical::LineEnd),
            _ => None,
        };
        let focus = self.view.selection.focus;
        let to = if let Some(motion) = motion {
            self.pane.forget_goal();
            Some(motion.from(&article.text, focus))
        } else if let Some(vertical) = vertical {
            let to = self.pane.vertical(focus, vertical);
            if let Vertical::Pixels(pixels) = vertical {
                self.pane.scroll_by(pixels);
            }
            to
        } else {
            return false;
        };
        let Some(to) = to else { return true };
        let old = &self.view.selection;
        let selection = if modifiers.shift {
            Selection { focus: to, snap: Snap::Character, ..old.clone() }
        } else {
            Selection { pieces: old.pieces.clone(), ..Selection::caret(to) }
        };
        actions.push(Action::Select(selection));
        actions.push(Action::Reveal(crate::model::Span::new(to, to)));
        true
    }

    fn page_height(&self) -> f32 {
        self.ctx.content_rect().height() * 0.8 * self.ctx.pixels_per_point()
    }

    fn runs_left(&self, text: &str) -> bool {
        let here = crate::text::paragraph_at(text, self.view.selection.focus as usize);
        text[here].chars().find(|c| c.is_alphabetic()).is_some_and(|c| {
            matches!(c as u32, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
        })
    }

    /// Whether the annotation in hand is there.
    pub(super) fn with_chosen<R>(&self, use_it: impl FnOnce(&Annotation) -> R) -> Option<R> {
        let layer = self.workspace.as_ref()?.document()?.layer();
        layer.get(self.view.chosen.as_deref()?).map(use_it)
    }
}

fn allowed_while_typing(command: UiCommand, key: Key, modifiers: Modifiers) -> bool {
    let field_uses =
        matches!(command, UiCommand::Undo | UiCommand::Redo | UiCommand::Copy | UiCommand::Details | UiCommand::Delete);
    (modifiers.command && !field_uses) || is_function(key)
}

fn is_function(key: Key) -> bool {
    matches!(key, Key::F1 | Key::F3 | Key::F6 | Key::F7 | Key::F8 | Key::F9 | Key::F12)
}

fn pressed(wanted: Option<char>, key: Key) -> bool {
    let Some(wanted) = wanted else { return false };
    letter(key).is_some_and(|letter| letter == wanted.to_ascii_lowercase())
        || digit(key).is_some_and(|digit| wanted.to_digit(10) == Some(digit as u32))
}

fn is_letter(key: Key) -> bool {
    letter(key).is_some() || digit(key).is_some()
}

/// The letter on a key.
fn letter(key: Key) -> Option<char> {
    let name = key.name();
    let first = name.chars().next()?;
    (name.len() == 1 && first.is_ascii_alphabetic()).then(|| first.to_ascii_lowercase())
}
