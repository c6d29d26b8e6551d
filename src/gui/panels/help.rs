//! Finding one's way: all keys on one page, what Pressmark is, and what to do when nothing is open.
//!
//! The page of keys is built from the commands and the schema, so that it cannot say anything that is not so. It only
//! asks to be closed; whether it is open is the view's.

use std::sync::LazyLock;

use egui::{Align, Button, FontId, Grid, Id as EguiId, Key, Layout, Modal, Modifiers, RichText, ScrollArea, Ui, vec2};

use super::paint::{Icon, Sign, icon_button};
use super::words;
use crate::gui::command::{Action, Group, UiCommand, shortcut_texts};
use crate::gui::scene::Scene;

/// What the mouse does in the article.
const SELECTING: [(&str, &str); 6] = [
    ("Drag", "Select text, by whole words"),
    ("Ctrl while dragging", "By characters"),
    ("Double click", "Select a word"),
    ("Triple click", "Select a sentence"),
    ("Shift+click", "Extend the selection to here"),
    ("Ctrl+Shift+drag", "Select another piece for the same mark"),
];

/// What it does with marks and files.
const GRASPING: [(&str, &str); 5] = [
    ("Click on a mark", "Choose it; click again for the one around it"),
    ("Drag an edge of a mark", "Make it longer or shorter"),
    ("Drag a mark's handle to another mark", "Link the two"),
    ("Drag the edge of a panel", "Make it wider or narrower; double click: as before"),
    ("Drop a file or a folder", "Open it, or import it if it is a dataset"),
];

/// Where the caret goes; with Shift, the selection follows.
const CARET: [(&str, &str); 7] = [
    ("Left  Right", "A character"),
    ("Ctrl+Left  Right", "A word"),
    ("Alt+Left  Right", "A sentence"),
    ("Ctrl+Up  Down", "A paragraph"),
    ("Up  Down  Home  End", "A line, its start, its end"),
    ("Page Up  Page Down", "A screen"),
    ("Shift with any of them", "Extend the selection"),
];

/// How menus open by keys.
const MENUS: [(&str, &str); 2] = [("F10", "The first menu"), ("Alt+its first letter", "Any menu")];

/// What keys mean while a link is open.
const LINKING: [(&str, &str); 5] = [
    ("The letters on a mark", "Link to it"),
    ("Enter", "Link to the mark that is offered"),
    ("0", "Link to the article itself, where that is allowed"),
    ("Page Up  Page Down", "Show marks further off"),
    ("Backspace  Esc", "Take a letter back; end the link"),
];

/// Paints the windows that are open.
pub fn help_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    if scene.view.keys_open {
        keys_window_ui(ui, scene, actions);
    }
    if scene.view.about_open {
        about_window_ui(ui, scene, actions);
    }
}

/// Asks for a window to be closed, unless something else that closes it was asked for in this frame.
fn close(command: UiCommand, actions: &mut Vec<Action>) {
    let asked = actions.iter().any(|it| *it == Action::Run(command) || *it == Action::Run(UiCommand::Clear));
    if !asked {
        actions.push(Action::Run(command));
    }
}

fn keys_window_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let room = ui.ctx().content_rect().size() - vec2(72.0, 130.0);
    let frame = egui::Frame::popup(ui.style()).inner_margin(18);
    let modal = Modal::new(EguiId::unique("pressmark keys")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(room.x.clamp(280.0, 960.0));
        let closed = ui
            .horizontal(|ui| {
                ui.label(RichText::new("All keys").size(18.0).strong());
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    icon_button(ui, Icon::Cross, "Close the keys", true).clicked()
                })
                .inner
            })
            .inner;
        ui.add_space(4.0);
        ScrollArea::vertical().max_height(room.y).min_scrolled_height(room.y).show(ui, |ui| {
            scroll_by_keys(ui, room.y);
            keys_ui(ui, scene);
        });
        closed
    });
    let question =
        [(Modifiers::SHIFT, Key::Slash), (Modifiers::SHIFT, Key::Questionmark), (Modifiers::NONE, Key::Questionmark)];
    let again = ui.input_mut(|input| question.into_iter().any(|(held, key)| input.consume_key(held, key)));
    if modal.inner || again || modal.should_close() {
        close(UiCommand::Keys, actions);
    }
}

/// Lets the keys that scroll an article scroll what lies over it.
fn scroll_by_keys(ui: &Ui, page: f32) {
    const LINE: f32 = 40.0;
    let steps = [
        (Key::ArrowDown, LINE),
        (Key::ArrowUp, -LINE),
        (Key::PageDown, page * 0.9),
        (Key::PageUp, -page * 0.9),
        (Key::Space, page * 0.9),
        (Key::End, f32::MAX / 4.0),
        (Key::Home, f32::MIN / 4.0),
    ];
    let down: f32 = steps.iter().filter(|(key, _)| ui.input(|input| input.key_pressed(*key))).map(|(_, by)| by).sum();
    if down != 0.0 {
        ui.scroll_with_delta(vec2(0.0, -down));
    }
}

/// The whole page, in as many columns as there is room for.
fn keys_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let columns = (ui.available_width() / 300.0).floor().clamp(1.0, 3.0) as usize;
    // Each block goes to the column that is the shortest so far, in lines.
    let mut filled = vec![0; columns];
    let mut place = |lines: usize| {
        let at = (0..columns).min_by_key(|&at| filled[at]).unwrap_or(0);
        filled[at] += lines + 2;
        at
    };
    ui.columns(columns, |columns| {
        let labels = scene.schema.labels.iter().map(|label| label.types.len() + 1).sum();
        labels_ui(&mut columns[place(labels)], scene);
        for group in [Group::Mark, Group::Select, Group::Go, Group::Edit, Group::File, Group::View, Group::Help] {
            let lines = UiCommand::ALL.iter().filter(|command| command.group() == group).count();
            group_ui(&mut columns[place(lines)], scene, group);
        }
        relations_ui(
            &mut columns[place(scene.schema.relations.iter().filter(|kind| kind.key.is_some()).count())],
            scene,
        );
        // A gesture takes a line and a half.
        gestures_ui(&mut columns[place(MENUS.len() * 3 / 2)], scene, "Menus", &MENUS);
        gestures_ui(&mut columns[place(CARET.len() * 3 / 2)], scene, "The caret in the article", &CARET);
        gestures_ui(&mut columns[place(LINKING.len() * 3 / 2)], scene, "While a link is open", &LINKING);
        gestures_ui(&mut columns[place(SELECTING.len() * 3 / 2)], scene, "Selecting with the mouse", &SELECTING);
        gestures_ui(&mut columns[place(GRASPING.len() * 3 / 2)], scene, "Marks and files with the mouse", &GRASPING);
    });
}

fn heading_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str) {
    ui.add_space(6.0);
    ui.label(words::section(scene.theme, name));
}

fn grid(name: &str) -> Grid {
    Grid::new(name.to_owned()).num_columns(2).spacing(vec2(12.0, 3.0)).min_col_width(100.0)
}

fn key(scene: &Scene<'_>, text: impl Into<String>) -> RichText {
    RichText::new(text).size(12.0).color(scene.theme.accent)
}

fn group_ui(ui: &mut Ui, scene: &Scene<'_>, group: Group) {
    heading_ui(ui, scene, group.name());
    grid(group.name()).show(ui, |ui| {
        for command in UiCommand::ALL.iter().filter(|command| command.group() == group) {
            if command.shortcuts().is_empty() {
                continue;
            }
            ui.label(key(scene, shortcut_texts(*command).join(", ")));
            ui.label(RichText::new(command.text()).size(12.5)).on_hover_text(command.tip());
            ui.end_row();
        }
    });
}

fn labels_ui(ui: &mut Ui, scene: &Scene<'_>) {
    heading_ui(ui, scene, "Mark the selection as");
    grid("labels").show(ui, |ui| {
        let line_ui = |ui: &mut Ui, typed: Option<char>, name: &str, sign: Sign| {
            ui.label(key(scene, typed.map_or_else(|| "–".to_owned(), words::key_cap)));
            ui.horizontal(|ui| {
                sign.show(ui, scene.theme);
                ui.label(RichText::new(name).size(12.5));
            });
            ui.end_row();
        };
        for label in &scene.schema.labels {
            line_ui(ui, label.key, &label.name, Sign::of_label(scene.schema, &label.id, None));
            for kind in &label.types {
                let sign = Sign::of_label(scene.schema, &label.id, Some(&kind.id));
                line_ui(ui, kind.key, &kind.name, sign);
            }
        }
    });
}

fn relations_ui(ui: &mut Ui, scene: &Scene<'_>) {
    heading_ui(ui, scene, "Links of the chosen mark");
    grid("relations").show(ui, |ui| {
        for kind in &scene.schema.relations {
            let Some(typed) = kind.key else { continue };
            ui.label(key(scene, words::key_cap(typed)));
            ui.label(RichText::new(kind.name.as_str()).size(12.5));
            ui.end_row();
        }
    });
}

fn gestures_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str, gestures: &[(&str, &str)]) {
    heading_ui(ui, scene, name);
    for &(gesture, what) in gestures {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.label(key(scene, gesture));
            ui.add(egui::Label::new(RichText::new(what).size(12.5)).wrap());
        });
    }
}

fn about_window_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let frame = egui::Frame::popup(ui.style()).inner_margin(22);
    let modal = Modal::new(EguiId::unique("pressmark about")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(440.0);
        ui.label(RichText::new("Pressmark").size(22.0).strong());
        ui.label(words::faint(scene.theme, format!("Version {}", env!("CARGO_PKG_VERSION"))));
        ui.add_space(8.0);
        for line in [
            "Mark entities, quotes and claims in articles, on the desktop, in plain files.",
            "Nothing leaves this computer: no server, no account, no network.",
        ] {
            ui.add(egui::Label::new(line).wrap());
        }
        ui.add_space(8.0);
        for (name, text) in [
            ("Licence", "MIT OR Apache-2.0"),
            ("Built with", "egui, parley, vello_cpu, ICU4X and the Rust ecosystem"),
            ("Reading face", "Libertinus Serif, SIL Open Font License"),
        ] {
            ui.label(words::section(scene.theme, name));
            ui.add(egui::Label::new(RichText::new(text).size(12.5)).wrap());
        }
        egui::CollapsingHeader::new("Licences of what it is built with").show(ui, |ui| notices_ui(ui, scene));
        ui.add_space(10.0);
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() {
        close(UiCommand::About, actions);
    }
}

/// The licences of the packages that are in the program, which they ask to be shown; only the lines in view are set.
fn notices_ui(ui: &mut Ui, scene: &Scene<'_>) {
    static LINES: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| include_str!("../../../assets/notices.txt").lines().collect());
    let font = FontId::monospace(10.5);
    let height = ui.fonts_mut(|fonts| fonts.row_height(&font));
    let room = (ui.ctx().content_rect().height() - 430.0).clamp(90.0, 320.0);
    let area = ScrollArea::both().max_height(room).auto_shrink([false, true]);
    area.show_rows(ui, height, LINES.len(), |ui, rows| {
        for line in &LINES[rows] {
            let text = RichText::new(*line).font(font.clone()).color(scene.theme.ink);
            ui.add(egui::Label::new(text).extend());
        }
    });
}

/// What to do first, while nothing is open, and why nothing is where that is known.
pub fn welcome_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.24).max(12.0));
        if let Some((notice, _)) = scene.view.message.as_ref().filter(|(notice, _)| notice.error) {
            ui.set_max_width(560.0);
            ui.add(egui::Label::new(RichText::new(&notice.text).size(14.0).color(theme.error)).wrap());
            ui.add_space(18.0);
        }
        ui.label(RichText::new("Pressmark").size(30.0).strong().color(theme.ink));
        ui.add_space(2.0);
        ui.label(RichText::new("Mark entities, quotes and claims in articles.").size(15.0).color(theme.faded));
        ui.add_space(22.0);
        for (command, main) in
            [(UiCommand::OpenFolder, true), (UiCommand::OpenFile, false), (UiCommand::OpenSample, false)]
        {
            let text = RichText::new(command.text()).size(14.0);
            let mut button = Button::new(text).min_size(vec2(230.0, 32.0));
            if main {
                button = button.stroke(egui::Stroke::new(1.0, theme.accent));
            }
            if ui.add(button).on_hover_text(command.tip()).clicked() {
                actions.push(Action::Run(command));
            }
            ui.add_space(2.0);
        }
        ui.add_space(16.0);
        for line in [
            "Articles are .txt and .md files. You can also drop a file or a folder here.",
            "Marks are saved by themselves, in a small file beside each article. Press ? for all keys.",
        ] {
            ui.label(words::faint(theme, line));
        }
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::super::stage::Stage;
    use super::*;

    #[test]
    fn every_command_with_a_key_stands_on_the_page() {
        let mut stage = Stage::new("Ada.");
        stage.view.keys_open = true;
        let mut harness = stage.show(help_ui);
        for command in UiCommand::ALL.iter().filter(|command| !command.shortcuts().is_empty()) {
            let found = harness.query_all_by_label(command.text()).count();
            assert!(found > 0, "{} is not there", command.text());
        }
        harness.key_press(Key::Escape);
        harness.run();
        assert_eq!(harness.state().actions, [Action::Run(UiCommand::Keys)]);
    }

    #[test]
    fn the_licences_of_others_can_be_read() {
        let mut stage = Stage::new("Ada.");
        stage.view.about_open = true;
        let mut harness = stage.show(help_ui);
        harness.get_by_label("Licences of what it is built with").click();
        harness.run();
        assert!(harness.query_by_label_contains("packages below").is_some());
    }

    #[test]
    fn the_first_steps_are_buttons() {
        let mut harness = Stage::new("Ada.").show(welcome_ui);
        harness.get_by_label("Open the sample articles").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::Run(UiCommand::OpenSample)]);
    }
}
