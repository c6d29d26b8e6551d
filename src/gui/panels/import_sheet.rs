//! The sheet of an import: which dataset, what was recognised in it, where it goes, and what was not taken.
//!
//! It only asks; `importing` does.

use egui::{Align, ComboBox, Grid, Label, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::dataset_parts::{
    GAP, Work, ask, button, buttons_ui, focus_once, lines_ui, main_button, part_ui, path_ui, problem_ui, running_ui,
    sheet_ui, split_below,
};
use super::{paint, words};
use crate::formats::label_studio::PREDICTIONS_KEPT;
use crate::formats::{FORMATS, format};
use crate::gui::command::Action;
use crate::gui::datasets::{Arrived, DatasetAction, ImportSheet, ImportStage};
use crate::gui::scene::Scene;
use crate::workspace::dataset::{Imported, Progress, Recognised};

/// Stands for the format that is found out.
const AUTO: &str = "auto";
/// From this width on, labels and warnings stand beside the counts.
const WIDE: f32 = 620.0;
/// So many notes are shown where all went well.
const FEW: usize = 3;
/// Below this height, all that was recognised scrolls as one.
const LOW: f32 = 330.0;
/// Height of the line for the folder and of the buttons below it.
const FOOT: f32 = 84.0;

/// Paints the sheet, while it is open.
pub fn import_sheet_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let Some(sheet) = &scene.datasets.import else { return };
    match &sheet.stage {
        ImportStage::Asking => sheet_ui(ui, scene, "Import dataset", vec2(620.0, 220.0), actions, |ui, actions| {
            asking_ui(ui, scene, sheet, actions);
        }),
        ImportStage::Looking(running) => {
            sheet_ui(ui, scene, "Import dataset", vec2(640.0, 240.0), actions, |ui, actions| {
                let name = names(sheet);
                ui.add(Label::new(words::faint(scene.theme, name)).truncate());
                let (told, part) = progress_words(running.job.progress(), None);
                let (serial, stopping) = (sheet.serial, running.job.is_stopped());
                running_ui(ui, scene, &Work { serial, told, part, asking: false, stopping, lost: "" }, actions);
            });
        }
        ImportStage::Ready | ImportStage::Adding(_) => {
            sheet_ui(ui, scene, "Import dataset", vec2(880.0, 660.0), actions, |ui, actions| {
                ready_ui(ui, scene, sheet, actions);
            });
        }
        ImportStage::Running(running) => {
            sheet_ui(ui, scene, "Importing", vec2(640.0, 240.0), actions, |ui, actions| {
                let (told, part) = progress_words(running.job.progress(), sheet.found.as_ref());
                let (asking, stopping) = (running.asking, running.job.is_stopped());
                let lost = running.lost;
                running_ui(ui, scene, &Work { serial: sheet.serial, told, part, asking, stopping, lost }, actions);
            });
        }
        ImportStage::Done(arrived) => {
            let height = (240.0 + arrived.report.len() as f32 * 20.0).clamp(260.0, 560.0);
            sheet_ui(ui, scene, "Imported", vec2(760.0, height), actions, |ui, actions| {
                done_ui(ui, scene, sheet, arrived, actions);
            });
        }
    }
}

/// How far it is, in words and from 0 to 1. A dataset of one file is counted by its layers, where they are known.
fn progress_words(progress: Progress, found: Option<&Recognised>) -> (String, f32) {
    let Progress { walk, done, all, taken } = progress;
    let whole = found.map_or(0, |found| found.layers);
    let layers = match whole {
        0 => words::count(taken, "layer", "layers"),
        whole => format!("{} of {}", words::grouped(taken as u64), words::count(whole, "layer", "layers")),
    };
    let part = match (all, whole) {
        (0, _) => 0.0,
        (1, 0) => done as f32,
        (_, 0) => done as f32 / all as f32,
        (_, whole) => taken as f32 / whole as f32,
    };
    let files = if all > 1 && found.is_none() {
        format!("{} of {}, ", words::grouped(done as u64), words::count(all, "file", "files"))
    } else {
        String::new()
    };
    // Foreign datasets are read once for their labels, and then again.
    match (walk, found) {
        (0, _) => ("Looking at it…".to_owned(), 0.0),
        (_, None) => (format!("Read {files}{layers}"), part),
        (1, Some(found)) if found.format != "jsonl" => {
            (format!("Step 1 of 2, reading the labels: {files}{layers}"), part)
        }
        (_, Some(found)) if found.format != "jsonl" => (format!("Step 2 of 2: imported {files}{layers}"), part),
        _ => (format!("Imported {files}{layers}"), part),
    }
}

/// What is imported, by name.
fn names(sheet: &ImportSheet) -> String {
    let Some(first) = sheet.files.first() else { return String::new() };
    match sheet.files.len() {
        1 => first.display().to_string(),
        many => format!("{} and {}", first.display(), words::count(many - 1, "other file", "other files")),
    }
}

/// Which dataset it is to be.
fn asking_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ImportSheet, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    let about = "A dataset is a file or a folder: a brat folder, an export of Label Studio, INCEpTION, doccano or \
                 Prodigy, a CoNLL file and others. You can also drop it on the window.";
    ui.add(Label::new(about).wrap());
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let file = button(ui, "Choose a file…");
        focus_once(ui, (sheet.serial, "asking for a dataset"), &file);
        if file.clicked() {
            ask(actions, DatasetAction::PickDataset { folder: false });
        }
        if button(ui, "Choose a folder…").clicked() {
            ask(actions, DatasetAction::PickDataset { folder: true });
        }
    });
    ui.add_space(10.0);
    ui.label(words::faint(theme, "Or type where it is:"));
    let mut typed = sheet.typed.clone();
    let mut look = false;
    ui.horizontal(|ui| {
        let width = ui.available_width() - 84.0;
        let field = TextEdit::singleline(&mut typed).hint_text("/home/me/project.json").desired_width(width);
        let field = ui.add(field).accessible_name("Path of the dataset");
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if entered {
            // What is wrong can be typed over at once.
            field.request_focus();
        }
        look |= entered;
        look |= ui.add_enabled(!typed.trim().is_empty(), egui::Button::new("Look at it")).clicked();
    });
    if typed != sheet.typed {
        ask(actions, DatasetAction::Type(typed.clone()));
    }
    if look && !typed.trim().is_empty() {
        ask(actions, DatasetAction::LookAtTyped);
    }
    ui.add_space(4.0);
    problem_ui(ui, scene, sheet.problem.as_deref());
}

/// What was recognised, or that nothing was, and what is to be done with it.
fn ready_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ImportSheet, actions: &mut Vec<Action>) {
    ui.add(Label::new(words::faint(scene.theme, names(sheet))).truncate()).on_hover_text(names(sheet));
    let (above, below) = split_below(ui, FOOT);
    part_ui(ui, above.with_max_y(above.bottom() - 8.0), "above", |ui| {
        ui.add_space(4.0);
        let low = ui.available_height() < LOW;
        if low && let Some(found) = &sheet.found {
            ScrollArea::vertical().id_salt("import all").auto_shrink([false, false]).show(ui, |ui| {
                format_ui(ui, scene, sheet, actions);
                found_ui(ui, scene, sheet, (found, low), actions);
            });
            return;
        }
        format_ui(ui, scene, sheet, actions);
        ui.add_space(6.0);
        if let Some(found) = &sheet.found {
            found_ui(ui, scene, sheet, (found, low), actions);
            return;
        }
        let why = sheet.problem.as_deref().unwrap_or("Nothing was recognised.");
        let area = ScrollArea::vertical().id_salt("import problem").auto_shrink([false, false]);
        area.show(ui, |ui| ui.add(Label::new(words::warning(scene.theme, why)).wrap().selectable(true)));
    });
    part_ui(ui, below, "below", |ui| foot_ui(ui, scene, sheet, actions));
}

/// The format that was recognised, and the others that it may be instead.
fn format_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ImportSheet, actions: &mut Vec<Action>) {
    let recognised = sheet.found.as_ref().map(|found| found.format);
    let auto = match recognised {
        Some(id) if sheet.from == AUTO => format!("{id} (recognised)"),
        _ => "Recognise it".to_owned(),
    };
    let shown = if sheet.from == AUTO { auto.clone() } else { sheet.from.clone() };
    let mut picked = None;
    ui.horizontal(|ui| {
        ui.label(words::faint(scene.theme, "Format"));
        let combo = ComboBox::from_id_salt("import format").selected_text(shown).width(190.0);
        let combo = combo.height(paint::list_height(ui)).show_ui(ui, |ui| {
            if ui.selectable_label(sheet.from == AUTO, auto).clicked() {
                picked = Some(AUTO);
            }
            for format in FORMATS.iter().filter(|format| format.reads.is_some()) {
                let row = ui.selectable_label(sheet.from == format.id, format.id).on_hover_text(format.about);
                if row.clicked() {
                    picked = Some(format.id);
                }
            }
        });
        combo.response.accessible_name("Format of the dataset");
        if let Some(format) = recognised.and_then(format) {
            ui.add(Label::new(words::faint(scene.theme, format.about)).truncate());
        }
    });
    if let Some(id) = picked.filter(|id| *id != sheet.from) {
        ask(actions, DatasetAction::From(id.to_owned()));
    }
}

/// What was recognised. In a `low` window, its lists stand one below the other.
fn found_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    sheet: &ImportSheet,
    (found, low): (&Recognised, bool),
    actions: &mut Vec<Action>,
) {
    let counts = [
        words::count(found.articles, "article", "articles"),
        words::count(found.layers, "layer", "layers"),
        words::count(found.annotations, "mark", "marks"),
        words::count(found.relations, "link", "links"),
    ];
    ui.add(Label::new(RichText::new(counts.join(", ")).size(15.0).strong()).wrap());
    ui.add_space(4.0);
    whose_ui(ui, sheet, found, actions);
    if sheet.predictions || found.first.iter().any(|line| line.contains(PREDICTIONS_KEPT)) {
        let mut read = sheet.predictions;
        ui.checkbox(&mut read, "Read predictions as layers of the models that made them");
        if read != sheet.predictions {
            ask(actions, DatasetAction::Predictions(read));
        }
    }
    ui.add_space(6.0);
    let rect = ui.available_rect_before_wrap();
    let told = (found.warnings > 0).then(|| {
        let mut lines = found.first.clone();
        if found.warnings > lines.len() {
            lines.push(format!("and {} more", words::grouped((found.warnings - lines.len()) as u64)));
        }
        lines
    });
    if low {
        let size = vec2(rect.width() - 10.0, 170.0);
        ui.allocate_ui(size, |ui| labels_ui(ui, scene, found));
        ui.add_space(8.0);
        if let Some(lines) = told {
            ui.allocate_ui(size, |ui| lines_ui(ui, scene, &warnings_title(found), &lines, actions));
        }
        return;
    }
    match told {
        Some(lines) if rect.width() >= WIDE => {
            let (left, right) = rect.split_left_right_at_fraction(0.4);
            part_ui(ui, left, "labels", |ui| labels_ui(ui, scene, found));
            part_ui(ui, right.with_min_x(right.left() + GAP), "warnings", |ui| {
                lines_ui(ui, scene, &warnings_title(found), &lines, actions);
            });
        }
        Some(lines) => {
            let (above, below) = rect.split_top_bottom_at_fraction(0.5);
            part_ui(ui, above, "labels", |ui| labels_ui(ui, scene, found));
            part_ui(ui, below, "warnings", |ui| lines_ui(ui, scene, &warnings_title(found), &lines, actions));
        }
        None => labels_ui(ui, scene, found),
    }
}

fn warnings_title(found: &Recognised) -> String {
    words::count(found.warnings, "thing that is not taken as it is", "things that are not taken as they are")
}

/// Whose layers they become.
fn whose_ui(ui: &mut Ui, sheet: &ImportSheet, found: &Recognised, actions: &mut Vec<Action>) {
    let said: Vec<&str> = found.annotators.iter().map(String::as_str).collect();
    let mut name = sheet.annotator.clone();
    let mut field_ui = |ui: &mut Ui, enabled: bool| {
        let field = TextEdit::singleline(&mut name).char_limit(64).desired_width(170.0);
        ui.add_enabled(enabled, field).accessible_name("Whose layers they become");
    };
    if said.is_empty() {
        ui.horizontal(|ui| {
            ui.label("The dataset does not say who marked. The layers become those of");
            field_ui(ui, true);
        });
    } else {
        let few = said.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let more = if said.len() > 6 { format!(" and {} more", said.len() - 6) } else { String::new() };
        ui.horizontal(|ui| {
            let own = ui.radio(!sheet.take_over, "Layers stay those of");
            if own.clicked() {
                ask(actions, DatasetAction::TakeOver(false));
            }
            ui.add(Label::new(RichText::new(format!("{few}{more}")).strong()).truncate());
        });
        ui.horizontal(|ui| {
            if ui.radio(sheet.take_over, "All become layers of").clicked() {
                ask(actions, DatasetAction::TakeOver(true));
            }
            field_ui(ui, true);
        });
    }
    if name != sheet.annotator {
        ask(actions, DatasetAction::Annotator(name));
    }
}

/// How often each label is there, most of them first.
fn labels_ui(ui: &mut Ui, scene: &Scene<'_>, found: &Recognised) {
    ui.label(words::section(scene.theme, words::count(found.labels.len(), "label", "labels")));
    let mut labels: Vec<(&str, usize)> = found.labels.iter().map(|(label, count)| (label.as_str(), *count)).collect();
    labels.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most = labels.first().map_or(1, |(_, count)| *count).max(1);
    super::dataset_parts::box_ui(ui, scene, |ui| {
        let width = ui.available_width();
        let area = ScrollArea::vertical().id_salt("import labels").auto_shrink([false, false]);
        area.show_rows(ui, 18.0, labels.len(), |ui, rows| {
            for (label, count) in &labels[rows] {
                let (rect, response) = ui.allocate_exact_size(vec2(width - 14.0, 18.0), egui::Sense::hover());
                let told = format!("{label}: {}", words::count(*count, "mark", "marks"));
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &told));
                let number = paint::elided(ui, words::grouped(*count as u64), 12.0, scene.theme.faded, 80.0);
                let at = rect.right() - number.size().x;
                let part = *count as f32 / most as f32 * (rect.width() * 0.3);
                let bar = egui::Rect::from_min_max(
                    egui::pos2(at - 8.0 - part, rect.top() + 5.0),
                    egui::pos2(at - 8.0, rect.bottom() - 5.0),
                );
                ui.painter().rect_filled(bar, 2.0, scene.theme.selection);
                let name = paint::elided(ui, *label, 12.5, scene.theme.ink, rect.width() * 0.58);
                paint::on_row(ui.painter(), rect, rect.left(), name, scene.theme.ink);
                paint::on_row(ui.painter(), rect, at, number, scene.theme.faded);
                response.on_hover_text(told);
            }
        });
    });
}

/// Where it goes, and the buttons.
fn foot_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ImportSheet, actions: &mut Vec<Action>) {
    ui.add_space(6.0);
    let (typed, picked) = path_ui(ui, scene, "Into the folder", &sheet.into, "");
    if let Some(typed) = typed {
        ask(actions, DatasetAction::Into(typed));
    }
    if picked {
        ask(actions, DatasetAction::PickInto);
    }
    buttons_ui(ui, |ui| {
        if let ImportStage::Adding(into) = &sheet.stage {
            let (_, pressed) = main_button(ui, scene, "Add to it", true);
            if pressed {
                ask(actions, DatasetAction::Import { add: true });
            }
            let keep = button(ui, "Choose another");
            focus_once(ui, (sheet.serial, "adding"), &keep);
            if keep.clicked() {
                ask(actions, DatasetAction::GoOn);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let what = format!("{} is there already. What is in it stays as it is.", into.display());
                problem_ui(ui, scene, Some(&what));
            });
            return;
        }
        let (main, pressed) = main_button(ui, scene, "Import", sheet.found.is_some());
        focus_once(ui, (sheet.serial, if sheet.found.is_some() { "found" } else { "not found" }), &main);
        if pressed {
            ask(actions, DatasetAction::Import { add: false });
        }
        if button(ui, "Cancel").clicked() {
            ask(actions, DatasetAction::Leave);
        }
        if button(ui, "Another dataset…").clicked() {
            ask(actions, DatasetAction::Another);
        }
        if sheet.has_articles
            && button(ui, "Open as articles")
                .on_hover_text("Opens the folder's .txt and .md files, without the dataset.")
                .clicked()
        {
            ask(actions, DatasetAction::OpenArticles);
        }
        let problem = sheet.problem.as_deref().filter(|_| sheet.found.is_some());
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| problem_ui(ui, scene, problem));
    });
}

/// What came of it, in a line.
fn came_of_it(imported: &Imported) -> String {
    if imported.is_there {
        return "All of it is there already.".to_owned();
    }
    let articles = words::count(imported.articles, "article", "articles");
    let marks = words::count(imported.added, "mark", "marks");
    let links = words::count(imported.links, "link", "links");
    let links = if imported.links > 0 { format!(" and {links}") } else { String::new() };
    format!("{articles} written, {marks}{links} added.")
}

/// What came of it, and what was not taken.
fn done_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ImportSheet, arrived: &Arrived, actions: &mut Vec<Action>) {
    let told = RichText::new(came_of_it(&arrived.imported)).size(15.0).strong();
    ui.add(Label::new(told).wrap());
    ui.add(Label::new(RichText::new(arrived.into.display().to_string())).wrap().selectable(true));
    ui.add_space(6.0);
    if !arrived.others.is_empty() {
        others_ui(ui, arrived, actions);
    }
    let (above, below) = split_below(ui, 40.0);
    part_ui(ui, above, "report", |ui| {
        if arrived.imported.told == 0 {
            ui.add(Label::new("All of it was taken as it is.").wrap());
            // What a schema lacks comes with the lines to add, which are to be copied.
            if arrived.report.len() > FEW {
                return lines_ui(ui, scene, "About the labels", &arrived.report, actions);
            }
            for note in &arrived.report {
                ui.add(Label::new(words::faint(scene.theme, note)).wrap());
            }
            return;
        }
        let told = arrived.imported.told;
        let name = words::count(told, "thing was not taken as it is", "things were not taken as they are");
        // Among them is what was made on the way, such as the labels' file.
        let name = if arrived.report.len() > told { format!("{name}, and notes") } else { name };
        lines_ui(ui, scene, &name, &arrived.report, actions);
    });
    part_ui(ui, below, "buttons", |ui| {
        buttons_ui(ui, |ui| {
            let own = arrived.others.is_empty();
            let (close, pressed) =
                main_button(ui, scene, if own { "Start marking" } else { "Look at the marks" }, true);
            // Working under a name makes another button of it.
            let stage = if own { "done" } else { "done, of others" };
            focus_once(ui, (sheet.serial, stage), &close);
            if pressed {
                ask(actions, DatasetAction::Leave);
            }
        });
    });
}

/// Whose layers there are, where none is the annotator's own: theirs open to read only.
fn others_ui(ui: &mut Ui, arrived: &Arrived, actions: &mut Vec<Action>) {
    const SHOWN: usize = 4;
    ui.add(
        Label::new("The marks are in layers of others, which you can read. To change one, work under that name:")
            .wrap(),
    );
    Grid::new("others").show(ui, |ui| {
        for name in arrived.others.iter().take(SHOWN) {
            if ui.button(format!("Work as {name}")).clicked() {
                ask(actions, DatasetAction::WorkAs(name.clone()));
            }
        }
    });
    ui.add_space(6.0);
}
