//! What the sheets of datasets share: the sheet itself, a bar for work that goes on, lists of lines that can be copied.
//!
//! A sheet is laid out in parts of fixed sizes, so that nothing jumps when it opens; what does not fit scrolls in its part.

use egui::{
    Align, Button, FontId, Frame, Id, Key, Label, Layout, Modal, Modifiers, ProgressBar, Rect, Response, RichText,
    ScrollArea, Sense, Stroke, TextEdit, Ui, UiBuilder, vec2,
};

use super::paint::{self, Icon, icon_button};
use super::{put_back, take_out, words};
use crate::gui::command::Action;
use crate::gui::datasets::DatasetAction;
use crate::gui::scene::Scene;
use crate::gui::theme::mix;

/// Room between the parts of a sheet, in points.
pub const GAP: f32 = 14.0;

/// Asks for something on a sheet.
pub fn ask(actions: &mut Vec<Action>, action: DatasetAction) {
    actions.push(Action::Dataset(action));
}

/// A sheet over the window, as large as it is wanted and as there is room for: its head, and what `add` paints below.
pub fn sheet_ui(
    ui: &Ui,
    scene: &Scene<'_>,
    title: &str,
    wanted: egui::Vec2,
    actions: &mut Vec<Action>,
    add: impl FnOnce(&mut Ui, &mut Vec<Action>),
) {
    let room = ui.ctx().content_rect().size() - vec2(72.0, 72.0);
    let size = vec2(wanted.x.min(room.x), wanted.y.min(room.y));
    let frame = Frame::popup(ui.style()).inner_margin(18);
    // Sheets of other sizes are other areas: one would stand aside for a frame, where the last was centred.
    Modal::new(Id::unique(("pressmark dataset", title, size.x as i32))).frame(frame).show(ui.ctx(), |ui| {
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let ui = &mut ui.new_child(UiBuilder::new().max_rect(rect));
        paint::outline_fields(ui, scene.theme);
        let closed = ui
            .horizontal(|ui| {
                ui.label(RichText::new(title).size(18.0).strong());
                let close = |ui: &mut Ui| icon_button(ui, Icon::Cross, "Close", true).clicked();
                ui.with_layout(Layout::right_to_left(Align::Center), close).inner
            })
            .inner;
        if closed {
            ask(actions, DatasetAction::Leave);
        }
        ui.add_space(6.0);
        add(ui, actions);
    });
}

/// What is left of a sheet, as a part above and one below of so many points.
pub fn split_below(ui: &Ui, below: f32) -> (Rect, Rect) {
    let rect = ui.available_rect_before_wrap();
    let at = (rect.bottom() - below).max(rect.top());
    rect.split_top_bottom_at_y(at)
}

/// Paints into a part of a sheet.
pub fn part_ui<R>(ui: &mut Ui, rect: Rect, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt(name), |ui| {
        ui.set_clip_rect(rect.expand(3.0).intersect(ui.clip_rect()));
        add(ui)
    })
    .inner
}

/// Gives the keyboard to a control once for each `stage` of a sheet.
pub fn focus_once(ui: &Ui, stage: (u64, &'static str), response: &Response) {
    let id = Id::unique("pressmark dataset focus");
    let last: Option<(u64, &'static str)> = take_out(ui.ctx(), id);
    if last != Some(stage) && !ui.is_sizing_pass() {
        response.request_focus();
        response.scroll_to_me(Some(Align::Center));
        put_back(ui.ctx(), id, Some(stage));
    } else {
        put_back(ui.ctx(), id, last);
    }
}

/// The button that the sheet is for. Ctrl+Enter presses it too.
pub fn main_button(ui: &mut Ui, scene: &Scene<'_>, text: &str, enabled: bool) -> (Response, bool) {
    let button = Button::new(RichText::new(text).strong()).min_size(vec2(96.0, 28.0));
    let button = button.stroke(Stroke::new(1.0, scene.theme.accent));
    let response = ui.add_enabled(enabled, button).on_hover_text("Ctrl+Enter");
    // By the event's own modifiers: in a slow frame the key may be up again already.
    let keys = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
    let pressed = response.clicked() || (enabled && keys);
    (response, pressed)
}

/// Another button beside it.
pub fn button(ui: &mut Ui, text: &str) -> Response {
    ui.add(Button::new(text).min_size(vec2(0.0, 28.0)))
}

/// The line of buttons at the bottom of a sheet, from the right.
pub fn buttons_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let (_, line) = split_below(ui, 30.0);
    ui.scope_builder(UiBuilder::new().max_rect(line).layout(Layout::right_to_left(Align::Center)), add);
}

/// A line for a path, with a button that asks for one. Returns what is typed now, where it changed, and whether the
/// button was pressed.
pub fn path_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str, path: &str, hint: &str) -> (Option<String>, bool) {
    let mut typed = path.to_owned();
    let mut picked = false;
    let changed = ui
        .horizontal(|ui| {
            ui.label(words::faint(scene.theme, name));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                picked = ui.button("Choose…").accessible_name(format!("{name}: choose in a dialog")).clicked();
                let field = TextEdit::singleline(&mut typed).hint_text(hint).desired_width(ui.available_width() - 8.0);
                ui.add(field).accessible_name(format!("{name}: path")).changed()
            })
            .inner
        })
        .inner;
    (changed.then_some(typed), picked)
}

/// Why something cannot be done so, on at most two lines.
pub fn problem_ui(ui: &mut Ui, scene: &Scene<'_>, problem: Option<&str>) {
    let Some(problem) = problem else { return };
    let width = ui.available_width();
    let galley = paint::paragraph(ui, problem, scene.theme.error, width, 2);
    let cut = galley.elided;
    let response = ui.add(Label::new(galley).selectable(true));
    if cut {
        response.on_hover_text(problem);
    }
}

/// Lines in a box that scrolls, with a button that copies them all.
pub fn lines_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str, lines: &[String], actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.label(words::section(scene.theme, name));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.small_button("Copy").accessible_name(format!("Copy: {name}")).clicked() {
                actions.push(Action::CopyText(lines.join("\n")));
            }
        });
    });
    box_ui(ui, scene, |ui| {
        let shown = |line: &String| RichText::new(line).size(12.5);
        if lines.len() <= WRAPPED {
            ScrollArea::vertical().id_salt(name).auto_shrink([false, false]).show(ui, |ui| {
                for line in lines {
                    ui.add(Label::new(shown(line)).wrap().selectable(true));
                }
            });
        } else {
            // Rows of one height, so that only those in the window are set.
            let area = ScrollArea::both().id_salt(name).auto_shrink([false, false]);
            area.show_rows(ui, 17.0, lines.len(), |ui, rows| {
                for line in &lines[rows] {
                    ui.add(Label::new(shown(line)).extend().selectable(true));
                }
            });
        }
    });
}

/// So many lines are wrapped; of more, each stands on one line.
const WRAPPED: usize = 300;

/// A box with a ground of its own that takes all the room there is.
pub fn box_ui<R>(ui: &mut Ui, scene: &Scene<'_>, add: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = scene.theme;
    let ground = mix(theme.paper, theme.desk, 0.6);
    let frame = Frame::new().fill(ground).stroke(Stroke::new(1.0, theme.rule)).corner_radius(4.0).inner_margin(8);
    let rect = ui.available_rect_before_wrap();
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        frame
            .show(ui, |ui| {
                ui.set_min_size(ui.available_size());
                add(ui)
            })
            .inner
    })
    .inner
}

/// Work that goes on, how far it is, and how it is stopped. Returns nothing; what is asked goes to `actions`.
pub fn running_ui(ui: &mut Ui, scene: &Scene<'_>, work: &Work<'_>, actions: &mut Vec<Action>) {
    let Work { serial, told, part, asking, stopping, lost } = work;
    let height = ui.available_height();
    ui.add_space((height * 0.2).min(60.0));
    ui.vertical_centered(|ui| {
        ui.set_max_width(460.0);
        ui.label(RichText::new(if *stopping { "Stopping…" } else { told.as_str() }).size(14.0));
        ui.add_space(8.0);
        let bar = ProgressBar::new(*part).desired_width(420.0).desired_height(8.0).fill(scene.theme.accent);
        ui.add(bar).accessible_name("How far it is");
        ui.add_space(14.0);
        if *asking && !stopping {
            ui.add(Label::new(format!("Stop? {lost}")).wrap());
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                ui.add_space((ui.available_width() - 200.0).max(0.0) / 2.0);
                let go_on = ui.add(Button::new("Go on").min_size(vec2(96.0, 28.0)));
                focus_once(ui, (*serial, "asking"), &go_on);
                if go_on.clicked() {
                    ask(actions, DatasetAction::GoOn);
                }
                if ui.add(Button::new("Stop").min_size(vec2(96.0, 28.0))).clicked() {
                    ask(actions, DatasetAction::Stop);
                }
            });
        } else {
            let cancel = ui.add_enabled(!stopping, Button::new("Cancel").min_size(vec2(96.0, 28.0)));
            focus_once(ui, (*serial, "running"), &cancel);
            if cancel.clicked() {
                ask(actions, DatasetAction::Stop);
            }
        }
    });
}

/// What is told of work that goes on.
pub struct Work<'a> {
    /// The sheet's.
    pub serial: u64,
    /// How far it is, in words.
    pub told: String,
    /// The same, from 0 to 1.
    pub part: f32,
    /// Whether it is asked if it is to stop.
    pub asking: bool,
    /// Whether it was told to.
    pub stopping: bool,
    /// What becomes of what was done.
    pub lost: &'a str,
}

/// A size as people read it.
pub fn size_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return words::count(bytes as usize, "byte", "bytes");
    }
    let (mut size, mut unit) = (bytes as f64 / 1_000.0, 0);
    while size >= 999.5 && unit + 1 < UNITS.len() {
        (size, unit) = (size / 1_000.0, unit + 1);
    }
    if size < 10.0 { format!("{size:.1} {}", UNITS[unit]) } else { format!("{size:.0} {}", UNITS[unit]) }
}

/// Words of a fixed width, as files have them.
pub fn mono(size: f32) -> FontId {
    FontId::monospace(size)
}

#[cfg(test)]
mod tests {
    use super::size_words;

    #[test]
    fn sizes_are_short() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_500, "1.5 kB"),
            (999_999, "1.0 MB"),
            (12_345_678, "12 MB"),
        ] {
            assert_eq!(size_words(bytes), words);
        }
    }
}
