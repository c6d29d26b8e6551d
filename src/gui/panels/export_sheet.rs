//! The sheet of an export: what is chosen, the first article as it will be written, where it goes, and the report.
//!
//! What can be chosen is painted in `export_choices`; the sheet only asks, `exporting` does.

use egui::{Align, ComboBox, Label, Layout, RichText, ScrollArea, Ui, vec2};

use super::dataset_parts::{
    GAP, Work, ask, box_ui, button, buttons_ui, focus_once, lines_ui, main_button, mono, part_ui, path_ui, problem_ui,
    running_ui, sheet_ui, size_words, split_below,
};
use super::export_choices::{choices_ui, formats_ui};
use super::{put_back, take_out, words};
use crate::formats::Format;
use crate::gui::command::Action;
use crate::gui::datasets::{DatasetAction, Delivered, ExportSheet, ExportStage, Look};
use crate::gui::scene::Scene;
use crate::workspace::dataset::{Preview, Progress};

/// From this width on, formats, choices and the preview stand side by side.
const WIDE: f32 = 860.0;
/// Height of the line for the target and of the buttons below it.
const FOOT: f32 = 84.0;

/// Paints the sheet, while it is open.
pub fn export_sheet_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let Some(sheet) = &scene.datasets.export else { return };
    match &sheet.stage {
        ExportStage::Choosing | ExportStage::Replacing(_) => {
            sheet_ui(ui, scene, "Export dataset", vec2(1180.0, 760.0), actions, |ui, actions| {
                let (above, below) = split_below(ui, FOOT);
                part_ui(ui, above.with_max_y(above.bottom() - 8.0), "above", |ui| above_ui(ui, scene, sheet, actions));
                part_ui(ui, below, "below", |ui| foot_ui(ui, scene, sheet, actions));
            });
        }
        ExportStage::Running(running) => {
            sheet_ui(ui, scene, "Exporting", vec2(640.0, 240.0), actions, |ui, actions| {
                let (told, part) = progress_words(running.job.progress(), sheet.choices.is_split);
                let (asking, stopping) = (running.asking, running.job.is_stopped());
                let lost = running.lost;
                running_ui(ui, scene, &Work { serial: sheet.serial, told, part, asking, stopping, lost }, actions);
            });
        }
        ExportStage::Done(done) => {
            sheet_ui(ui, scene, "Exported", vec2(760.0, 620.0), actions, |ui, actions| {
                done_ui(ui, scene, sheet, done, actions);
            });
        }
    }
}

/// How far it is, in words and from 0 to 1. A split reads all articles once before.
fn progress_words(progress: Progress, is_split: bool) -> (String, f32) {
    let Progress { walk, done, all, .. } = progress;
    let part = if all == 0 { 0.0 } else { done as f32 / all as f32 };
    let (done, all) = (words::grouped(done as u64), words::grouped(all as u64));
    match (walk, is_split) {
        (0, _) => ("Listing the articles…".to_owned(), 0.0),
        (1, true) => (format!("Step 1 of 2: compared {done} of {all} articles"), part),
        (_, true) => (format!("Step 2 of 2: wrote {done} of {all} articles"), part),
        (_, false) => (format!("Wrote {done} of {all} articles"), part),
    }
}

/// Formats, choices and the preview.
fn above_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet, actions: &mut Vec<Action>) {
    let mut choices = sheet.choices.clone();
    let rect = ui.max_rect();
    if rect.width() >= WIDE {
        let (formats, rest) = rect.split_left_right_at_x(rect.left() + 232.0);
        let (middle, right) = rest.split_left_right_at_x(rest.left() + GAP + 262.0);
        part_ui(ui, formats, "formats", |ui| {
            ui.label(words::section(scene.theme, "Format"));
            let area = ScrollArea::vertical().id_salt("export formats").auto_shrink([false, false]);
            area.show(ui, |ui| formats_ui(ui, scene, sheet, &mut choices));
        });
        let middle = middle.with_min_x(middle.left() + GAP);
        part_ui(ui, middle, "choices", |ui| {
            let area = ScrollArea::vertical().id_salt("export choices").auto_shrink([false, false]);
            area.show(ui, |ui| choices_ui(ui, scene, sheet, &mut choices));
        });
        part_ui(ui, right.with_min_x(right.left() + GAP), "preview", |ui| preview_ui(ui, scene, sheet));
    } else {
        ScrollArea::vertical().id_salt("export all").auto_shrink([false, false]).show(ui, |ui| {
            ui.label(words::section(scene.theme, "Format"));
            let area = ScrollArea::vertical().id_salt("export formats").max_height(150.0).auto_shrink([false, true]);
            area.show(ui, |ui| formats_ui(ui, scene, sheet, &mut choices));
            ui.add_space(8.0);
            choices_ui(ui, scene, sheet, &mut choices);
            ui.add_space(8.0);
            let width = ui.available_width();
            ui.allocate_ui(vec2(width, 360.0), |ui| preview_ui(ui, scene, sheet));
        });
    }
    if choices != sheet.choices {
        ask(actions, DatasetAction::Choose(Box::new(choices)));
    }
}

/// What the format is and cannot hold, the first article as it will be written, and what it loses.
fn preview_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet) {
    let theme = scene.theme;
    if let Some(format) = sheet.choices.format() {
        ui.add(Label::new(RichText::new(cannot_words(format)).size(12.5)).wrap());
        ui.add_space(6.0);
    }
    match &sheet.preview {
        Look::Waiting => {
            ui.label(words::faint(theme, "Making a preview…"));
        }
        Look::Nothing => {
            ui.add(
                Label::new(words::warning(theme, "No layer fits what is chosen, so nothing would be written.")).wrap(),
            );
        }
        Look::Failed(why) => {
            ui.add(Label::new(words::warning(theme, why)).wrap());
        }
        Look::Shown(preview) => files_ui(ui, scene, preview),
    }
}

/// What a format cannot hold, as a sentence.
fn cannot_words(format: &Format) -> String {
    let kinds: Vec<&str> = format.cannot.iter().map(|kind| kind.many()).collect();
    match kinds.as_slice() {
        [] => format!("{} holds all there is.", format.id),
        [one] => format!("{} cannot hold as they are: {one}.", format.id),
        [all @ .., last] => format!("{} cannot hold as they are: {} and {last}.", format.id, all.join(", ")),
    }
}

fn files_ui(ui: &mut Ui, scene: &Scene<'_>, preview: &Preview) {
    let theme = scene.theme;
    let losses: Vec<String> = preview.losses.to_string().lines().map(str::to_owned).collect();
    let rect = ui.available_rect_before_wrap();
    let lost = if losses.is_empty() { 22.0 } else { (26.0 + losses.len() as f32 * 19.0).min(rect.height() * 0.34) };
    let (above, below) = split_below(ui, lost);
    part_ui(ui, above.with_max_y(above.bottom() - 8.0), "files", |ui| {
        let id = egui::Id::unique("pressmark export file");
        let named: String = take_out(ui.ctx(), id);
        // Marks are more telling than the text that they stand on.
        let stem = std::path::Path::new(&preview.article).with_extension("");
        let stem = stem.to_string_lossy().into_owned();
        let is_telling = |name: &str| {
            let ending = std::path::Path::new(name).extension();
            ending.is_none_or(|ending| ending != "txt" && ending != "conf")
        };
        let of_article = |name: &str| name.contains(&stem) && is_telling(name);
        let first =
            |fits: &dyn Fn(&str) -> bool| preview.files.iter().position(|file| file.text.is_some() && fits(&file.name));
        let telling = || first(&of_article).or_else(|| first(&is_telling));
        let at = preview.files.iter().position(|file| file.name == named);
        let mut at = at.or_else(telling).unwrap_or(0);
        ui.horizontal(|ui| {
            ui.label(words::section(theme, "Preview"));
            let text = |at: usize| {
                let file = &preview.files[at];
                format!("{}, {}", file.name, size_words(file.bytes as u64))
            };
            if preview.files.is_empty() {
                return;
            }
            let combo = ComboBox::from_id_salt("export file").selected_text(text(at)).width(ui.available_width());
            let combo = combo.truncate().height(super::paint::list_height(ui));
            let shown = combo.show_index(ui, &mut at, preview.files.len(), text);
            shown.accessible_name("File of the preview");
        });
        let Some(file) = preview.files.get(at) else { return };
        put_back(ui.ctx(), id, file.name.clone());
        box_ui(ui, scene, |ui| {
            ScrollArea::vertical().id_salt(("export text", &file.name)).auto_shrink([false, false]).show(ui, |ui| {
                let Some(text) = &file.text else {
                    ui.label(words::faint(
                        theme,
                        "This file is no text. It is written as it must be for the program that reads it.",
                    ));
                    return;
                };
                let words_of = RichText::new(text).font(mono(11.5)).color(theme.ink);
                ui.add(Label::new(words_of).wrap().selectable(true));
                if file.eased {
                    ui.label(words::faint(
                        theme,
                        "Letters are shown as they read. In the file those that are not ASCII stand as \\u and four digits, \
                         which every program reads.",
                    ));
                }
                if !file.whole {
                    ui.label(words::faint(theme, "… and so on: this is how the file begins."));
                }
            });
        });
    });
    part_ui(ui, below, "losses", |ui| {
        if losses.is_empty() {
            ui.label(words::faint(theme, format!("All of {} is kept as it is.", preview.article)));
            return;
        }
        ui.label(words::section(theme, format!("Of {}, this is not kept as it is", preview.article)));
        ScrollArea::vertical().id_salt("export losses").auto_shrink([false, false]).show(ui, |ui| {
            for line in &losses {
                ui.add(Label::new(RichText::new(line).size(12.0)).wrap());
            }
        });
    });
}

/// Where it goes, and the buttons.
fn foot_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet, actions: &mut Vec<Action>) {
    ui.add_space(6.0);
    let name = if sheet.choices.is_folder() { "Into the new folder" } else { "Into the file" };
    let (typed, picked) = path_ui(ui, scene, name, &sheet.target, "");
    if let Some(typed) = typed {
        ask(actions, DatasetAction::Target(typed));
    }
    if picked {
        ask(actions, DatasetAction::PickTarget);
    }
    buttons_ui(ui, |ui| {
        if let ExportStage::Replacing(target) = &sheet.stage {
            let (_, pressed) = main_button(ui, scene, "Replace", true);
            if pressed {
                ask(actions, DatasetAction::Export { replace: true });
            }
            let keep = button(ui, "Keep it");
            focus_once(ui, (sheet.serial, "replacing"), &keep);
            if keep.clicked() {
                ask(actions, DatasetAction::GoOn);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let what = format!("{} is there already. Replace it?", target.display());
                problem_ui(ui, scene, Some(&what));
            });
            return;
        }
        let (_, pressed) = main_button(ui, scene, "Export", true);
        if pressed {
            ask(actions, DatasetAction::Export { replace: false });
        }
        if button(ui, "Cancel").clicked() {
            ask(actions, DatasetAction::Leave);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| problem_ui(ui, scene, sheet.problem.as_deref()));
    });
}

/// What was written, and the whole report.
fn done_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet, done: &Delivered, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    let layers = words::count(done.layers, "layer", "layers");
    let files = words::count(done.count, "file", "files");
    let told = format!("{layers} in {files}, {}, as {}:", size_words(done.bytes), sheet.choices.format);
    ui.add(Label::new(told).wrap());
    let path = RichText::new(done.target.display().to_string()).strong();
    ui.add(Label::new(path).wrap().selectable(true));
    ui.add_space(8.0);
    let (above, below) = split_below(ui, 40.0);
    part_ui(ui, above, "report", |ui| {
        let room = ui.available_rect_before_wrap();
        let lossless = done.report.is_empty();
        let (files, report) = match (done.count > 1, lossless) {
            (true, true) => room.split_top_bottom_at_y(room.bottom() - 26.0),
            (true, false) => room.split_top_bottom_at_fraction(0.42),
            (false, _) => room.split_top_bottom_at_fraction(0.0),
        };
        if done.count > 1 {
            part_ui(ui, files.with_max_y(files.bottom() - 8.0), "files", |ui| {
                lines_ui(ui, scene, "Files", &done.files, actions);
            });
        }
        part_ui(ui, report, "losses", |ui| {
            if lossless {
                ui.label(words::faint(theme, format!("{} holds all of it: nothing was lost.", sheet.choices.format)));
            } else {
                let name = format!("What {} does not hold as it is", sheet.choices.format);
                lines_ui(ui, scene, &name, &done.report, actions);
            }
        });
    });
    part_ui(ui, below, "buttons", |ui| {
        buttons_ui(ui, |ui| {
            let (close, pressed) = main_button(ui, scene, "Done", true);
            focus_once(ui, (sheet.serial, "done"), &close);
            if pressed {
                ask(actions, DatasetAction::Leave);
            }
            if button(ui, "Open the folder").clicked() {
                let above = done.target.parent().filter(|_| !done.is_folder);
                ask(actions, DatasetAction::ShowFolder(above.unwrap_or(&done.target).to_path_buf()));
            }
        });
    });
}
