//! The menu bar: all commands by their groups, with keys, and at its right end whose layer is being made.
//!
//! Built from [`UiCommand::ALL`], so that no command can be left out. A command that cannot do anything now is disabled.

use egui::containers::menu::{MenuBar, MenuButton, MenuConfig, SubMenuButton};
use egui::{Align, Button, Layout, PopupCloseBehavior, Ui, vec2};
use smol_str::SmolStr;

use super::annotator::{self, annotator_ui};
use super::menu_keys::MenuKeys;
use super::paint::{Icon, Sign};
use super::words;
use crate::gui::command::{Action, Group, UiCommand, shortcut_text};
use crate::gui::scene::Scene;
use crate::gui::settings::ThemeChoice;
use crate::workspace::Workspace;

/// Commands that move the edges of a mark; they share a menu of their own.
const EDGES: [UiCommand; 8] = [
    UiCommand::StartOut,
    UiCommand::StartIn,
    UiCommand::EndOut,
    UiCommand::EndIn,
    UiCommand::StartOutChar,
    UiCommand::StartInChar,
    UiCommand::EndOutChar,
    UiCommand::EndInChar,
];

/// Commands that a line stands before.
const AFTER_A_LINE: [UiCommand; 9] = [
    UiCommand::ImportDataset,
    UiCommand::SaveNow,
    UiCommand::Quit,
    UiCommand::Copy,
    UiCommand::Find,
    UiCommand::Delete,
    UiCommand::Details,
    UiCommand::NextArticle,
    UiCommand::ToggleArticles,
];

/// Paints the panel.
pub fn menu_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    MenuBar::new().ui(ui, |ui| {
        let mut asking = false;
        let mut keys = MenuKeys::read(ui);
        for group in Group::ALL {
            let (button, open) = MenuButton::new(keys.title(ui, group)).ui(ui, |ui| {
                ui.set_min_width(210.0);
                asking |= group_ui(ui, scene, group, actions);
            });
            keys.follow(group, &button, open.is_some());
        }
        keys.keep(ui.ctx());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let Some(workspace) = scene.workspace else { return };
            let name = egui::RichText::new(workspace.annotator()).color(scene.theme.faded);
            let (button, open) = MenuButton::from_button(Button::new(name).truncate())
                .config(staying())
                .ui(ui, |ui| annotator_ui(ui, scene, actions));
            asking |= open.is_some();
            button
                .on_hover_text("Who marks. Click to change it.")
                .accessible_name(format!("Annotator: {}", workspace.annotator()));
        });
        if !asking {
            annotator::forget(ui);
        }
    });
}

/// A menu that stays open while a field in it is used.
fn staying() -> MenuConfig {
    MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside)
}

/// The commands of a group, with what else stands in its menu. True while the annotator's name is asked for.
fn group_ui(ui: &mut Ui, scene: &Scene<'_>, group: Group, actions: &mut Vec<Action>) -> bool {
    let mut asking = false;
    if group == Group::Mark {
        ui.menu_button("Mark as", |ui| labels_ui(ui, scene, actions));
        ui.menu_button("Link as", |ui| relations_ui(ui, scene, actions));
        ui.separator();
    }
    for &command in UiCommand::ALL.iter().filter(|command| command.group() == group) {
        if EDGES.contains(&command) {
            continue;
        }
        if command == UiCommand::Quit
            && let Some(workspace) = scene.workspace
        {
            let name = format!("Annotator: {}…", workspace.annotator());
            let (_, open) = SubMenuButton::new(name).config(staying()).ui(ui, |ui| annotator_ui(ui, scene, actions));
            asking = open.is_some();
        }
        if AFTER_A_LINE.contains(&command) {
            ui.separator();
        }
        command_ui(ui, scene, command, actions);
    }
    match group {
        Group::Mark => {
            ui.separator();
            ui.menu_button("Move the edges", |ui| {
                for command in EDGES {
                    command_ui(ui, scene, command, actions);
                }
            });
        }
        Group::View => {
            ui.separator();
            ui.menu_button("Theme", |ui| themes_ui(ui, scene, actions));
            ui.menu_button("Layers of this article", |ui| layers_ui(ui, scene, actions));
        }
        _ => {}
    }
    asking
}

fn command_ui(ui: &mut Ui, scene: &Scene<'_>, command: UiCommand, actions: &mut Vec<Action>) {
    let text = command_text(scene, command);
    let keys = command.shortcuts().first().map(shortcut_text).unwrap_or_default();
    let switch = switched_on(scene, command);
    let indent = if switch.is_some() { "     " } else { "" };
    let button = Button::new(format!("{indent}{text}")).shortcut_text(keys);
    let response = ui.add_enabled(applies(scene, command), button).on_hover_text(command.tip());
    if switch == Some(true) {
        let color = ui.visuals().text_color();
        Icon::Tick.paint(ui.painter(), response.rect.left_center() + vec2(11.0, 0.0), color);
    }
    if response.accessible_name(text).clicked() {
        actions.push(Action::Run(command));
        ui.close();
    }
}

/// A command's words; undo and redo say what they would do.
fn command_text(scene: &Scene<'_>, command: UiCommand) -> String {
    let history = scene.document.map(crate::workspace::Document::history);
    let step = match command {
        UiCommand::Undo => history.and_then(|history| history.undo_name()),
        UiCommand::Redo => history.and_then(|history| history.redo_name()),
        _ => None,
    };
    step.map_or_else(|| command.text().to_owned(), |step| format!("{}: {step}", command.text()))
}

/// Whether a switch is on; none for commands that are no switch.
fn switched_on(scene: &Scene<'_>, command: UiCommand) -> Option<bool> {
    match command {
        UiCommand::ToggleArticles => Some(scene.settings.show_articles),
        UiCommand::ToggleMarks => Some(scene.settings.show_marks),
        UiCommand::ToggleSnap => Some(scene.settings.snap_to_words),
        UiCommand::Unsure => scene.chosen().map(crate::model::Annotation::unsure),
        _ => None,
    }
}

/// Whether a command can do anything now.
pub fn applies(scene: &Scene<'_>, command: UiCommand) -> bool {
    let history = scene.document.map(crate::workspace::Document::history);
    let editable = scene.editable();
    let selected = !scene.view.selection.is_empty();
    let chosen = scene.chosen().is_some();
    match command {
        UiCommand::SaveNow | UiCommand::Find | UiCommand::Details | UiCommand::Grow | UiCommand::Shrink => {
            scene.document.is_some()
        }
        UiCommand::Undo => editable && history.is_some_and(|history| history.undo_name().is_some()),
        UiCommand::Redo => editable && history.is_some_and(|history| history.redo_name().is_some()),
        UiCommand::Copy | UiCommand::AddFragment => selected,
        UiCommand::FindNext | UiCommand::FindPrevious => {
            scene.view.search.as_ref().is_some_and(|search| !search.sought.hits.is_empty())
        }
        UiCommand::SelectMark | UiCommand::CopyAttributes => chosen,
        UiCommand::Clear => {
            selected || chosen || scene.view.search.is_some() || scene.view.mode != crate::gui::view::Mode::Mark
        }
        UiCommand::ExportDataset => scene.workspace.is_some(),
        UiCommand::TakePlaces => scene.workspace.is_some_and(Workspace::is_reviewing),
        UiCommand::Repeat => editable && selected && scene.view.last_label.is_some(),
        UiCommand::PasteAttributes => editable && chosen && scene.view.copied.is_some(),
        UiCommand::Delete | UiCommand::Relabel | UiCommand::Link | UiCommand::Unsure => editable && chosen,
        UiCommand::NextMark | UiCommand::PreviousMark => scene.layer.is_some_and(|layer| !layer.is_empty()),
        UiCommand::NextArticle | UiCommand::PreviousArticle => {
            scene.workspace.is_some_and(|workspace| workspace.entries().len() > 1)
        }
        UiCommand::Done => editable,
        command if EDGES.contains(&command) => editable && chosen,
        _ => true,
    }
}

/// All labels and types, as they tag the selection.
fn labels_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let can = scene.editable() && !scene.view.selection.is_empty();
    let mut item_ui = |ui: &mut Ui, name: &str, key: Option<char>, label: &SmolStr, kind: Option<&SmolStr>| {
        ui.add_enabled_ui(can, |ui| {
            ui.horizontal(|ui| {
                Sign::of_label(scene.schema, label, kind.map(SmolStr::as_str)).show(ui, scene.theme);
                let keys = key.map(words::key_cap).unwrap_or_default();
                let button = Button::new(name).shortcut_text(keys).min_size(egui::vec2(140.0, 0.0));
                if ui.add(button).accessible_name(format!("Mark as {name}")).clicked() {
                    actions.push(Action::Tag(label.clone(), kind.cloned()));
                    ui.close();
                }
            });
        });
    };
    for label in &scene.schema.labels {
        item_ui(ui, &label.name, label.key, &label.id, None);
        for kind in &label.types {
            item_ui(ui, &kind.name, kind.key, &label.id, Some(&kind.id));
        }
    }
    if !can {
        ui.label(words::faint(scene.theme, "Select some text first."));
    }
}

/// All relations, as they begin a link from the chosen mark.
fn relations_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let chosen = scene.chosen();
    for kind in &scene.schema.relations {
        let from = chosen.filter(|chosen| scene.editable() && kind.starts_from(chosen));
        let keys = kind.key.map(words::key_cap).unwrap_or_default();
        let button = Button::new(kind.name.as_str()).shortcut_text(keys).min_size(egui::vec2(140.0, 0.0));
        let response = ui.add_enabled(from.is_some(), button).accessible_name(format!("Link as {}", kind.name));
        if let Some(from) = from.filter(|_| response.clicked()) {
            actions.push(Action::BeginLink(from.id.clone(), Some(kind.id.clone())));
            ui.close();
        }
    }
    if chosen.is_none() {
        ui.label(words::faint(scene.theme, "Choose a mark first."));
    }
}

fn themes_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    for (choice, name) in
        [(ThemeChoice::System, "As the desktop"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")]
    {
        if ui.radio(scene.settings.theme == choice, name).clicked() {
            actions.push(Action::SetTheme(choice));
            ui.close();
        }
    }
}

/// The layers of the article in hand; the annotator's own comes first, even while it is empty.
fn layers_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let (Some(workspace), Some(document), Some(layer)) = (scene.workspace, scene.document, scene.layer) else {
        ui.label(words::faint(scene.theme, "Open an article first."));
        return;
    };
    let own = workspace.annotator();
    let shown = layer.head().annotator.as_str();
    let others = workspace.annotators_of(document.number).filter(|name| *name != own);
    for name in std::iter::once(own).chain(others) {
        let pending = document.is_pending(name) && name != own;
        let title = match name == own {
            true => format!("My layer ({name})"),
            false if pending => format!("{name} (pending)"),
            false => name.to_owned(),
        };
        let mut radio = ui.radio(name == shown, title);
        if pending {
            radio = radio.on_hover_text(format!(
                "The article was edited since {name} marked it. The marks find their places when {name} opens it, or with \
                 pressmark reanchor --all-annotators."
            ));
        }
        if radio.clicked() {
            actions.push(Action::OpenLayer(name.to_owned()));
            ui.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::super::stage::Stage;
    use super::*;

    #[test]
    fn every_command_stands_in_its_menu() {
        let stage = Stage::new("Ada met Charles.");
        let mut harness = stage.show(menu_ui);
        for group in Group::ALL {
            harness.get_by_label(group.name()).click();
            harness.run();
            if group == Group::Mark {
                harness.get_by_label_contains("Move the edges").click();
                harness.run();
            }
            for command in UiCommand::ALL.iter().filter(|command| command.group() == group) {
                let text = command.text();
                assert!(harness.query_by_label(text).is_some(), "{text} is not in {}", group.name());
            }
            harness.key_press(egui::Key::Escape);
            harness.run();
        }
    }

    #[test]
    fn undo_says_what_it_takes_back() {
        let mut stage = Stage::new("Ada said “we stay”.");
        stage.tag("quote", None, "“we stay”");
        let mut harness = stage.show(menu_ui);
        harness.get_by_label("Edit").click();
        harness.run();
        harness.get_by_label("Undo: tag quote").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::Run(UiCommand::Undo)]);
    }

    #[test]
    fn menus_open_by_keys() {
        use egui::{Key, Modifiers};

        let mut harness = Stage::new("Ada met Charles.").show(menu_ui);
        let mut open = |modifiers, key, item: &str| {
            harness.key_press_modifiers(modifiers, key);
            harness.run();
            assert!(harness.get_by_label(item).is_focused(), "{item} has the keyboard");
        };
        open(Modifiers::NONE, Key::F10, "Open article…");
        open(Modifiers::NONE, Key::ArrowLeft, "File");
        open(Modifiers::NONE, Key::ArrowRight, "Find in article…");
        open(Modifiers::ALT, Key::H, "All keys");
        harness.key_press(Key::Escape);
        harness.run();
        assert!(harness.query_by_label("All keys").is_none());
    }

    #[test]
    fn labels_tag_what_is_selected() {
        let mut stage = Stage::new("Ada met Charles.");
        stage.select("Ada");
        let mut harness = stage.show(menu_ui);
        harness.get_by_label("Mark").click();
        harness.run();
        harness.get_by_label_contains("Mark as").click();
        harness.run();
        harness.get_by_label("Mark as Person").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::Tag("entity".into(), Some("person".into()))]);
    }

    #[test]
    fn the_annotator_can_be_changed() {
        let mut harness = Stage::new("Ada met Charles.").show(menu_ui);
        harness.get_by_label("Annotator: ada").click();
        harness.run();
        harness.get_by_label("Name of the annotator").type_text("2");
        harness.run();
        harness.key_press(egui::Key::Enter);
        harness.run();
        assert_eq!(harness.state().actions, [Action::SetAnnotator("ada2".into())]);
    }

    #[test]
    fn who_has_marked_the_article_can_be_worked_as() {
        let mut stage = Stage::new("Ada met Charles.");
        stage.tag("entity", Some("person"), "Ada");
        stage.workspace.save_now();
        stage.workspace.wait();
        stage.workspace.set_annotator("bob");
        // Who has a layer is looked up beside what the window does.
        while stage.workspace.annotators_of(0).next().is_none() {
            stage.workspace.wait();
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let mut harness = stage.show(menu_ui);
        harness.get_by_label("Annotator: bob").click();
        harness.run();
        harness.get_by_label("Who has marked this article");
        harness.get_by_label("ada").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::SetAnnotator("ada".into())]);
    }
}
