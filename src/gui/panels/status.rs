//! The status bar: whether all is saved, what just happened, what the keys mean now, where the caret stands, who marks.
//!
//! States are told by a word beside the colour. Nothing here walks over the article: the place of the caret is a
//! paragraph's number, and a long selection is measured in part.

use egui::{Align, Button, ComboBox, Layout, RichText, Sense, Ui, vec2};

use super::paint::status_sign_ui;
use super::words;
use crate::gui::command::{Action, UiCommand};
use crate::gui::scene::Scene;
use crate::gui::view::Mode;
use crate::model::Status;
use crate::workspace::{Command, SaveState};

/// Bytes of a selection up to which its characters are counted.
const COUNTED: usize = 200_000;

/// Paints the panel.
pub fn status_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        right_ui(ui, scene, actions);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            saved_ui(ui, scene);
            said_ui(ui, scene);
        });
    });
}

/// From the right end: zoom, annotator, status, marks, place.
fn right_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let percent = format!("{:.0} %", ui.ctx().zoom_factor() * 100.0);
    let zoom = ui.add(Button::new(quiet(scene, &percent)).frame_when_inactive(false));
    let zoom = zoom.on_hover_text("Size of everything. Click for the normal size.");
    if zoom.accessible_name(format!("Size {percent}, back to normal")).clicked() {
        actions.push(Action::Run(UiCommand::ZoomReset));
    }
    let (Some(workspace), Some(layer)) = (scene.workspace, scene.layer) else { return };
    let shown = &layer.head().annotator;
    if shown == workspace.annotator() {
        ui.label(quiet(scene, shown)).on_hover_text("The annotator");
    } else {
        let reading = RichText::new(format!("reading {shown}")).size(words::SMALL).color(scene.theme.warning);
        ui.label(reading).on_hover_text("This is another annotator's layer.");
    }
    article_status_ui(ui, scene, layer.head().status, actions);
    ui.label(quiet(scene, &words::count(layer.len(), "mark", "marks")));
    if let Some(place) = place(scene) {
        ui.label(quiet(scene, &place));
    }
}

/// How far the annotator is, to be changed here too.
fn article_status_ui(ui: &mut Ui, scene: &Scene<'_>, current: Status, actions: &mut Vec<Action>) {
    ui.add_enabled_ui(scene.editable(), |ui| {
        let combo = ComboBox::from_id_salt("article status")
            .selected_text(RichText::new(words::status_title(current)).size(words::SMALL))
            .width(96.0)
            .show_ui(ui, |ui| {
                for status in Status::ALL {
                    let chosen = ui.horizontal(|ui| {
                        status_sign_ui(ui, Some(status), scene.theme);
                        ui.selectable_label(status == current, words::status_title(status)).clicked()
                    });
                    if chosen.inner {
                        if status != current {
                            actions.push(Action::Do(Command::SetStatus(status)));
                        }
                        ui.close();
                    }
                }
            });
        combo.response.accessible_name("Status of the article");
    });
}

/// A dot and a word for how it stands with saving.
fn saved_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (Some(workspace), Some(document)) = (scene.workspace, scene.document) else { return };
    let theme = scene.theme;
    let (color, word, reason) = match (document.save_state(), workspace.read_only()) {
        (SaveState::Failed(reason), _) => (theme.error, "not saved:", Some(reason)),
        (_, Some(_)) if document.is_loading() => (theme.faded, "reading the marks…", None),
        (_, Some(reason)) => (theme.warning, "read only:", Some(reason.to_owned())),
        (SaveState::Saving, None) => (theme.warning, "saving…", None),
        (SaveState::Saved, None) => (theme.good, "saved", None),
    };
    let (rect, _) = ui.allocate_exact_size(vec2(8.0, 16.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 3.5, color);
    let mut said = word.to_owned();
    if let Some(reason) = &reason {
        said = format!("{word} {reason}");
    }
    let label = egui::Label::new(RichText::new(said).size(words::SMALL).color(color)).truncate();
    let sidecar = document.sidecar().file_name().unwrap_or_default().to_string_lossy();
    ui.add(label).on_hover_text(reason.unwrap_or_else(|| format!("Saved in {sidecar}, beside the article.")));
}

/// What the keys mean now, else what just happened.
fn said_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let read_only = scene.workspace.and_then(|workspace| workspace.read_only());
    let (text, color) = match (mode_words(scene), &scene.view.message) {
        (Some(text), _) => (text, scene.theme.accent),
        // It stands on the left already.
        (None, Some((notice, _))) if read_only == Some(&notice.text) => return,
        (None, Some((notice, _))) => {
            (notice.text.clone(), if notice.error { scene.theme.error } else { scene.theme.ink })
        }
        (None, None) => return,
    };
    let label = egui::Label::new(RichText::new(&text).size(12.0).color(color)).truncate();
    ui.add(label);
}

fn quiet(scene: &Scene<'_>, text: &str) -> RichText {
    words::faint(scene.theme, text)
}

/// What the next keys mean, in plain words; none while marking as usual.
fn mode_words(scene: &Scene<'_>) -> Option<String> {
    let relation = |id: &str| scene.schema.relation(id).map_or_else(|| id.to_owned(), |kind| kind.name.to_string());
    match &scene.view.mode {
        Mode::Mark => None,
        Mode::Link { from, only, typed, suggested, .. } => {
            let name = only.as_deref().map_or_else(|| "Link".to_owned(), relation);
            let enter = if suggested.is_some() { "Enter takes the nearest, " } else { "" };
            let source = scene.layer.and_then(|layer| layer.get(from));
            let author = source.is_some_and(|source| {
                scene
                    .schema
                    .relations_between(source, None)
                    .any(|kind| only.as_ref().is_none_or(|only| kind.id == *only))
            });
            let author = if author { "0 is the author, " } else { "" };
            let so_far = if typed.is_empty() { String::new() } else { format!(" ({typed}…)") };
            Some(format!(
                "{name}: type the letters on the partner{so_far}, or click it here or in the list; {author}{enter}Esc ends"
            ))
        }
        Mode::ChooseRelation { relations, .. } => {
            let choices: Vec<String> =
                relations.iter().enumerate().map(|(at, id)| format!("{} {}", at + 1, relation(id))).collect();
            Some(format!("Which link? {}; Esc ends", choices.join(", ")))
        }
        Mode::Relabel => Some("Change label: press the key of the new label or type; Esc ends".to_owned()),
        Mode::Kind(id) => {
            let label = scene.layer?.get(id).and_then(|annotation| scene.schema.label(&annotation.label))?;
            let types: Vec<String> =
                label.types.iter().filter_map(|kind| Some(format!("{} {}", kind.key?, kind.name))).collect();
            (!types.is_empty()).then(|| format!("Type: {}", types.join(", ")))
        }
    }
}

/// Where the caret stands, or how much is selected.
fn place(scene: &Scene<'_>) -> Option<String> {
    let article = scene.document?.article();
    let selection = &scene.view.selection;
    if selection.is_empty() {
        let all = article.blocks().len();
        let before = article.blocks().partition_point(|block| block.source.start <= selection.focus);
        return (all > 0)
            .then(|| format!("paragraph {} of {}", words::grouped(before.max(1) as u64), words::grouped(all as u64)));
    }
    let shown = selection.painted(&article.text);
    let bytes: usize = shown.iter().map(|span| span.len() as usize).sum();
    let pieces = if shown.len() > 1 { format!(" in {} pieces", shown.len()) } else { String::new() };
    if bytes > COUNTED {
        return Some(format!("over {} characters selected{pieces}", words::grouped(COUNTED as u64 / 4)));
    }
    let chars: usize = shown.iter().filter_map(|span| span.slice(&article.text)).map(|it| it.chars().count()).sum();
    Some(format!("{} selected{pieces}", words::count(chars, "character", "characters")))
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::super::stage::Stage;
    use super::*;
    use crate::workspace::Notice;

    #[test]
    fn all_is_told_in_words() {
        let mut stage = Stage::new("Ada met 陈海.");
        stage.view.message = Some((Notice { text: "Tag person".to_owned(), error: false }, 0.0));
        stage.select("陈海");
        let harness = stage.show(status_ui);
        harness.get_by_label("saved");
        harness.get_by_label("ada");
        harness.get_by_label("0 marks");
        harness.get_by_label("2 characters selected");
        harness.get_by_label("Tag person");
    }

    #[test]
    fn the_mode_is_told_in_plain_words() {
        let mut stage = Stage::new("Ada said “we stay”.");
        stage.tag("quote", None, "“we stay”");
        stage.view.mode = Mode::Link {
            from: stage.id_of("“we stay”"),
            only: None,
            hints: Vec::new(),
            typed: String::new(),
            suggested: None,
        };
        let mut harness = stage.show(status_ui);
        harness.get_by_label("Link: type the letters on the partner, or click it here or in the list; Esc ends");
        harness.state_mut().view.mode = Mode::Relabel;
        harness.run();
        harness.get_by_label_contains("press the key of the new label");
    }

    #[test]
    fn the_status_can_be_changed_here() {
        let mut harness = Stage::new("Ada.").show(status_ui);
        harness.get_by_label("Status of the article").click();
        harness.run();
        harness.get_by_label("Skipped").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::Do(Command::SetStatus(Status::Skipped))]);
    }
}
