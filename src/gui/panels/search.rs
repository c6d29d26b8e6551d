//! The search line above the article: words, how many places, from one to the next.
//!
//! The words being typed die with the line; what they were found in is `App`'s.

use egui::{Id as EguiId, Key, Modifiers, TextEdit, Ui};

use super::paint::{self, Icon, icon_button};
use super::words;
use super::{put_back, take_out};
use crate::gui::command::{Action, UiCommand};
use crate::gui::scene::Scene;

/// What the line keeps from frame to frame.
#[derive(Clone, Default)]
struct State {
    typed: String,
    /// The words that were last asked for.
    asked: String,
    /// The pass in which the line was last painted.
    seen: u64,
}

/// The id of the field for words, for whoever wants to give it the keyboard.
pub fn field_id() -> EguiId {
    EguiId::unique("pressmark search words")
}

/// Paints the line while a search is open.
pub fn search_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let Some(search) = &scene.view.search else { return };
    let id = EguiId::unique("pressmark search");
    let mut state: State = take_out(ui.ctx(), id);
    let now = ui.ctx().cumulative_pass_nr();
    let opened = state.seen == 0 || state.seen + 1 < now;
    if opened || search.sought.words != state.asked {
        state.typed.clone_from(&search.sought.words);
        state.asked.clone_from(&search.sought.words);
    }
    state.seen = now;
    ui.horizontal(|ui| {
        ui.label(words::faint(scene.theme, "Find"));
        paint::outline_fields(ui, scene.theme);
        let wide = (ui.available_width() - 250.0).clamp(90.0, 320.0);
        let field = TextEdit::singleline(&mut state.typed).id(field_id()).desired_width(wide);
        let field = ui.add(field.hint_text("Words in this article")).accessible_name("Find in the article");
        if opened {
            field.request_focus();
        }
        if field.changed() && state.typed != state.asked {
            state.asked.clone_from(&state.typed);
            actions.push(Action::Seek(state.typed.clone()));
        }
        if field.lost_focus() {
            keys_ui(ui, &field, actions);
        }
        let hits = &search.sought.hits;
        let (text, color) = match hits.len() {
            0 if search.sought.words.is_empty() => (String::new(), scene.theme.faded),
            0 => ("not found".to_owned(), scene.theme.warning),
            all => {
                let at = search.at.min(all - 1) as u64 + 1;
                (format!("{} of {}", words::grouped(at), words::grouped(all as u64)), scene.theme.faded)
            }
        };
        for (icon, name, command) in [
            (Icon::Up, "Previous place (Shift+Enter)", UiCommand::FindPrevious),
            (Icon::Down, "Next place (Enter)", UiCommand::FindNext),
        ] {
            if icon_button(ui, icon, name, !hits.is_empty()).clicked() {
                actions.push(Action::Run(command));
            }
        }
        ui.label(egui::RichText::new(text).size(words::SMALL).color(color));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::Cross, "Close the search (Esc)", true).clicked() {
                actions.push(Action::EndSearch);
            }
        });
    });
    put_back(ui.ctx(), id, state);
}

/// Enter goes on and stays in the field; Esc closes.
fn keys_ui(ui: &Ui, field: &egui::Response, actions: &mut Vec<Action>) {
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        actions.push(Action::EndSearch);
        actions.push(Action::FocusArticle);
        return;
    }
    let (enter, back) = ui.input(|input| (input.key_pressed(Key::Enter), input.modifiers.shift));
    if enter {
        actions.push(Action::Run(if back { UiCommand::FindPrevious } else { UiCommand::FindNext }));
        field.request_focus();
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::super::stage::Stage;
    use super::*;
    use crate::gui::view::Search;
    use crate::workspace::Sought;

    #[test]
    fn typing_seeks_and_enter_goes_on() {
        let mut stage = Stage::new("Ada met Ada.");
        stage.view.search = Some(Search::default());
        let mut harness = stage.show(search_ui);
        let field = "Find in the article";
        assert!(harness.get_by_label(field).is_focused(), "the field takes the keyboard when the line opens");
        harness.get_by_label(field).type_text("ada");
        harness.run();
        assert_eq!(harness.state().actions, [Action::Seek("ada".to_owned())]);
        harness.state_mut().actions.clear();
        harness.state_mut().view.search = Some(Search { sought: Sought::find("Ada met Ada.", "ada"), at: 1 });
        harness.run();
        harness.get_by_label("2 of 2");
        harness.key_press(Key::Enter);
        harness.run();
        harness.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
        harness.run();
        let expected = [Action::Run(UiCommand::FindNext), Action::Run(UiCommand::FindPrevious)];
        assert_eq!(harness.state().actions, expected);
        assert!(harness.get_by_label(field).is_focused());
        harness.key_press(Key::Escape);
        harness.run();
        assert_eq!(harness.state().actions[2..], [Action::EndSearch, Action::FocusArticle]);
    }
}
