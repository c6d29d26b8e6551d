//! What can be asked for in the window: commands without payload, with their words and keys, and actions with payload.
//!
//! Panels only push [`Action`]s; `App` carries them out after painting. Keys are matched by the logical key first and
//! by the physical one else, so that other layouts work too.

use egui::{Key, KeyboardShortcut, Modifiers};
use smol_str::SmolStr;

use super::settings::ThemeChoice;
use crate::model::{Id, Span};
use crate::workspace::Command;

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };
const SHIFT: Modifiers = Modifiers::SHIFT;

/// Where a command stands in the menus and in the overview of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Opening and closing.
    File,
    /// Changing what is marked.
    Edit,
    /// Choosing text.
    Select,
    /// Marking it.
    Mark,
    /// Moving about.
    Go,
    /// How it looks.
    View,
    /// Finding one's way.
    Help,
}

impl Group {
    /// All groups in the order of the menu bar.
    pub const ALL: [Self; 7] = [Self::File, Self::Edit, Self::Select, Self::Mark, Self::Go, Self::View, Self::Help];

    /// The menu's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Select => "Select",
            Self::Mark => "Mark",
            Self::Go => "Go",
            Self::View => "View",
            Self::Help => "Help",
        }
    }
}

macro_rules! ui_commands {
    ($($(#[$doc:meta])* $name:ident: $group:ident, $text:literal, $tip:literal, [$(($mods:expr, $key:ident)),*];)*) => {
        /// A command without payload.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum UiCommand { $($(#[$doc])* $name,)* }

        impl UiCommand {
            /// All commands, in the order of the menus.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The menu that it stands in.
            pub const fn group(self) -> Group {
                match self { $(Self::$name => Group::$group,)* }
            }

            /// Its words in menus.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it does, in a sentence.
            pub const fn tip(self) -> &'static str {
                match self { $(Self::$name => $tip,)* }
            }

            /// Its keys; the first is the one that menus show.
            pub const fn shortcuts(self) -> &'static [KeyboardShortcut] {
                match self {
                    $(Self::$name => const { &[$(KeyboardShortcut::new($mods, Key::$key)),*] },)*
                }
            }
        }
    };
}

ui_commands! {
    /// A file dialog.
    OpenFile: File, "Open article…", "Open one article and the folder that it stands in.", [(CTRL, O)];
    /// A folder dialog.
    OpenFolder: File, "Open folder…", "Open a folder of articles.", [(CTRL_SHIFT, O)];
    /// The sample corpus.
    OpenSample: File, "Open the sample articles", "Open the articles that come with Pressmark.", [];
    /// The sheet of an import.
    ImportDataset: File, "Import dataset…", "Import a dataset of another program: brat, Label Studio, INCEpTION and others.", [(CTRL, I)];
    /// The sheet of an export.
    ExportDataset: File, "Export dataset…", "Write the marks of all articles as a dataset.", [(CTRL, E)];
    /// Writes what waits.
    SaveNow: File, "Save now", "Pressmark saves by itself; this saves at once.", [(CTRL, S)];
    /// Ends the program.
    Quit: File, "Quit", "Save and close the window.", [(CTRL, Q)];
    /// One step back.
    Undo: Edit, "Undo", "Take the last step back.", [(CTRL, Z)];
    /// One step forth.
    Redo: Edit, "Redo", "Make the undone step again.", [(CTRL_SHIFT, Z), (CTRL, Y)];
    /// The selected text to the clipboard.
    Copy: Edit, "Copy text", "Copy the selected text.", [(CTRL, C)];
    /// Opens the search line.
    Find: Edit, "Find in article…", "Look for words in this article.", [(CTRL, F)];
    /// To the next hit.
    FindNext: Edit, "Find next", "Go to the next place found.", [(NONE, F3)];
    /// To the hit before.
    FindPrevious: Edit, "Find previous", "Go to the place found before.", [(SHIFT, F3)];
    /// Takes the chosen annotation out.
    Delete: Edit, "Delete mark", "Delete the chosen mark and its links.", [(NONE, Delete), (NONE, Backspace)];
    /// Selects the word at the caret, then the phrase, the sentence, the paragraph.
    Grow: Select, "Grow selection", "Word, phrase, sentence, paragraph: one step wider.", [(NONE, G)];
    /// One step back.
    Shrink: Select, "Shrink selection", "One step narrower again.", [(SHIFT, G)];
    /// Keeps the selection and starts another part of it.
    AddFragment: Select, "Add another piece", "Keep this piece and select a further one for the same mark.", [(NONE, M)];
    /// The text of the chosen annotation.
    SelectMark: Select, "Select the mark's text", "Select the text of the chosen mark.", [(NONE, Y)];
    /// Nothing selected, nothing chosen.
    Clear: Select, "Clear", "Let go of the selection, the chosen mark, a link begun.", [(NONE, Escape)];
    /// The same label as last time.
    Repeat: Mark, "Repeat last mark", "Mark the selection as the last one was.", [(NONE, R)];
    /// Waits for a label key.
    Relabel: Mark, "Change label…", "Then press the key of the new label or type.", [(NONE, T)];
    /// Opens the details.
    Details: Mark, "Details", "Attributes, note and links of the chosen mark.", [(NONE, Enter)];
    /// Waits for a target.
    Link: Mark, "Link to…", "Link the chosen mark: type the letters that stand on its partner.", [(NONE, L)];
    /// Flags as unsure.
    Unsure: Mark, "Flag as unsure", "Flag the chosen mark for another look.", [(NONE, U)];
    /// Remembers the chosen annotation's attributes.
    CopyAttributes: Mark, "Copy attributes", "Remember the attributes of the chosen mark.", [(CTRL_SHIFT, C)];
    /// Gives them to the chosen annotation.
    PasteAttributes: Mark, "Paste attributes", "Give the chosen mark the attributes that were copied.", [(CTRL_SHIFT, V)];
    /// Carries out what was chosen for marks of an article that was edited.
    TakePlaces: Mark, "Take places over", "The article was edited: give its marks the places that were found and chosen, in one step.", [(CTRL, Enter)];
    /// Moves the first edge out by a word.
    StartOut: Mark, "Move start out", "The chosen mark starts a word earlier; with ctrl, a character.", [(NONE, OpenBracket)];
    /// Moves the first edge in by a word.
    StartIn: Mark, "Move start in", "The chosen mark starts a word later; with ctrl, a character.", [(SHIFT, OpenBracket)];
    /// Moves the last edge out by a word.
    EndOut: Mark, "Move end out", "The chosen mark ends a word later; with ctrl, a character.", [(NONE, CloseBracket)];
    /// Moves the last edge in by a word.
    EndIn: Mark, "Move end in", "The chosen mark ends a word earlier; with ctrl, a character.", [(SHIFT, CloseBracket)];
    /// Moves the first edge out by a character.
    StartOutChar: Mark, "Move start out by a character", "The chosen mark starts a character earlier.", [(CTRL, OpenBracket)];
    /// Moves the first edge in by a character.
    StartInChar: Mark, "Move start in by a character", "The chosen mark starts a character later.", [(CTRL_SHIFT, OpenBracket)];
    /// Moves the last edge out by a character.
    EndOutChar: Mark, "Move end out by a character", "The chosen mark ends a character later.", [(CTRL, CloseBracket)];
    /// Moves the last edge in by a character.
    EndInChar: Mark, "Move end in by a character", "The chosen mark ends a character earlier.", [(CTRL_SHIFT, CloseBracket)];
    /// The annotation after.
    NextMark: Go, "Next mark", "Choose the next mark.", [(NONE, J)];
    /// The annotation before.
    PreviousMark: Go, "Previous mark", "Choose the mark before.", [(NONE, K)];
    /// The article after.
    NextArticle: Go, "Next article", "Open the next article of the list.", [(NONE, N), (CTRL, PageDown)];
    /// The article before.
    PreviousArticle: Go, "Previous article", "Open the article before.", [(NONE, P), (CTRL, PageUp)];
    /// Done, or in progress again.
    Done: Go, "Article done", "Say that this article is done, or in progress again.", [(NONE, D)];
    /// Moves the keyboard's focus on.
    NextPanel: Go, "Next panel", "Move the keyboard from the article to the panels and back.", [(NONE, F6)];
    /// Larger.
    ZoomIn: View, "Larger", "Make everything larger.", [(CTRL, Plus), (CTRL, Equals), (CTRL_SHIFT, Plus), (CTRL_SHIFT, Equals)];
    /// Smaller.
    ZoomOut: View, "Smaller", "Make everything smaller.", [(CTRL, Minus)];
    /// As it was.
    ZoomReset: View, "Normal size", "Back to the normal size.", [(CTRL, Num0)];
    /// The list of articles.
    ToggleArticles: View, "List of articles", "Show or hide the list of articles.", [(NONE, F7)];
    /// The list of annotations.
    ToggleMarks: View, "List of marks", "Show or hide the list of marks and the details.", [(NONE, F8)];
    /// Whole words, or characters.
    ToggleSnap: View, "Snap to words", "Selections take whole words; with ctrl held, characters.", [(NONE, F9)];
    /// Light, dark.
    ToggleTheme: View, "Light or dark", "Change between the light and the dark theme.", [(NONE, F12)];
    /// All keys.
    Keys: Help, "All keys", "Show all keys on one page.", [(SHIFT, Slash), (SHIFT, Questionmark), (NONE, Questionmark), (NONE, F1)];
    /// Version, licences.
    About: Help, "About Pressmark", "Version, licence and what it is built on.", [];
}

/// What is to become of a mark without a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It gets the place that is offered under this number, counted from 0.
    Offered(usize),
    /// It gets the selected text.
    Selection,
    /// It stays without a place.
    Keep,
    /// What was decided is open again.
    Open,
}

/// Something to be carried out after painting.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A command without payload.
    Run(UiCommand),
    /// A change of the layer.
    Do(Command),
    /// Opens an article of the corpus.
    OpenArticle(usize),
    /// Opens the layer of an annotator for the article in hand.
    OpenLayer(String),
    /// Opens a file or a folder.
    OpenPath(std::path::PathBuf),
    /// Chooses an annotation, or none.
    Choose(Option<Id>),
    /// Chooses an annotation and scrolls to it.
    GoTo(Id),
    /// Scrolls to a place.
    Reveal(Span),
    /// Marks the selection with a label and a type.
    Tag(SmolStr, Option<SmolStr>),
    /// Selects text.
    Select(super::view::Selection),
    /// Begins a link from an annotation, perhaps of one relation only.
    BeginLink(Id, Option<SmolStr>),
    /// Ends the link that was begun at an annotation or the author.
    EndLink(Id),
    /// Decides where the chosen mark belongs, which has no place.
    Decide(Decision),
    /// Works on as another annotator.
    SetAnnotator(String),
    /// Changes the theme.
    SetTheme(ThemeChoice),
    /// Looks for words.
    Seek(String),
    /// Closes the search line.
    EndSearch,
    /// Puts words on the clipboard.
    CopyText(String),
    /// Moves the keyboard's focus into the article.
    FocusArticle,
    /// Lets sidecars follow their renamed articles, or leaves them where they are.
    Follow(bool),
    /// Closes the window although something is not saved.
    Leave,
    /// Keeps the window open after all.
    Stay,
    /// Something on the sheet of a dataset.
    Dataset(super::datasets::DatasetAction),
    /// Opens a web address in the browser.
    OpenUrl(String),
}

/// How a shortcut is written in menus: `Ctrl+Shift+Z`.
pub fn shortcut_text(shortcut: &KeyboardShortcut) -> String {
    let mut text = String::new();
    let mac = cfg!(target_os = "macos");
    for (held, name) in [
        (shortcut.modifiers.command, if mac { "⌘" } else { "Ctrl+" }),
        (shortcut.modifiers.shift, if mac { "⇧" } else { "Shift+" }),
        (shortcut.modifiers.alt, if mac { "⌥" } else { "Alt+" }),
    ] {
        if held {
            text.push_str(name);
        }
    }
    match shortcut.logical_key {
        Key::Questionmark => text.push('?'),
        Key::OpenBracket => text.push('['),
        Key::CloseBracket => text.push(']'),
        Key::Slash => text.push('/'),
        key => text.push_str(key.symbol_or_name()),
    }
    // Other ways to the same sign, on other layouts.
    match text.as_str() {
        "Shift+/" | "Shift+?" => "?".to_owned(),
        "Ctrl+=" | "Ctrl+Shift++" | "Ctrl+Shift+=" => "Ctrl++".to_owned(),
        _ => text,
    }
}

/// A command's shortcuts as people read them, each once.
pub fn shortcut_texts(command: UiCommand) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for text in command.shortcuts().iter().map(shortcut_text) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// The digit on a key.
pub fn digit(key: Key) -> Option<usize> {
    let name = key.name();
    (name.len() == 1).then(|| name.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key() {
        let mut seen: Vec<(KeyboardShortcut, UiCommand)> = Vec::new();
        for &command in UiCommand::ALL {
            for &shortcut in command.shortcuts() {
                let clash = seen.iter().find(|(other, _)| *other == shortcut);
                assert!(clash.is_none(), "{command:?} and {clash:?} both answer {}", shortcut_text(&shortcut));
                seen.push((shortcut, command));
            }
        }
    }

    #[test]
    fn plain_keys_keep_clear_of_the_built_in_schema() {
        let schema = crate::store::schema::builtin();
        let mut typed: Vec<char> = schema.labels.iter().filter_map(|label| label.key).collect();
        typed.extend(schema.relations.iter().filter_map(|relation| relation.key));
        for &command in UiCommand::ALL {
            for shortcut in command.shortcuts().iter().filter(|shortcut| shortcut.modifiers == NONE) {
                let name = shortcut.logical_key.name().to_lowercase();
                assert!(!typed.iter().any(|key| key.to_string() == name), "{command:?} takes the schema's key {name}");
            }
        }
    }
}
