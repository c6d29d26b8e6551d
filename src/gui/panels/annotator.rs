//! The little field that changes whose layers are made: in the File menu and at the right end of the menu bar.

use egui::{Id as EguiId, Key, TextEdit, Ui};

use super::words;
use super::{put_back, take_out};
use crate::gui::command::Action;
use crate::gui::scene::Scene;
use crate::store::sidecar::GOLD;
use crate::workspace::Workspace;

/// Paints the field; closes the menu that it stands in when a name was given.
pub fn annotator_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let Some(workspace) = scene.workspace else { return };
    let id = EguiId::unique("pressmark annotator");
    let typed: Option<String> = take_out(ui.ctx(), id);
    let opened = typed.is_none();
    let mut typed = typed.unwrap_or_else(|| workspace.annotator().to_owned());
    ui.set_max_width(230.0);
    ui.label(words::section(scene.theme, "Annotator"));
    let field = ui
        .add(TextEdit::singleline(&mut typed).char_limit(64).desired_width(f32::INFINITY))
        .accessible_name("Name of the annotator");
    if opened {
        field.request_focus();
    }
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let how = "Marks are saved beside each article in a file with this name: small letters, digits, - and _.";
    ui.add(egui::Label::new(words::faint(scene.theme, how)).wrap());
    let name = typed.trim().to_owned();
    let fit = !name.is_empty() && name != workspace.annotator();
    let button = ui.add_enabled(fit, egui::Button::new("Work under this name"));
    let names = others(scene, workspace);
    if !names.is_empty() {
        ui.add_space(4.0);
        ui.label(words::faint(scene.theme, "Who has marked this article"));
        ui.horizontal_wrapped(|ui| {
            for name in names {
                if ui.link(name).on_hover_text(format!("Work as {name}.")).clicked() {
                    actions.push(Action::SetAnnotator(name.to_owned()));
                    ui.close();
                }
            }
        });
    }
    if entered || button.clicked() {
        if fit {
            actions.push(Action::SetAnnotator(name));
        }
        ui.close();
        forget(ui);
    } else {
        put_back(ui.ctx(), id, Some(typed));
    }
}

/// Other people with a layer of the article in hand; what was decided of several is nobody's.
fn others<'w>(scene: &Scene<'w>, workspace: &'w Workspace) -> Vec<&'w str> {
    const SHOWN: usize = 8;
    let Some(document) = scene.document else { return Vec::new() };
    let all = workspace.annotators_of(document.number);
    all.filter(|name| *name != workspace.annotator() && *name != GOLD).take(SHOWN).collect()
}

/// Forgets what was typed; called while the field does not show.
pub fn forget(ui: &Ui) {
    ui.ctx().data_mut(|data| data.remove_temp::<Option<String>>(EguiId::unique("pressmark annotator")));
}
