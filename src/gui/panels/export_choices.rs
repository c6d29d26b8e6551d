//! What can be chosen for an export: the format, whose marks, which labels, and what the format leaves open.
//!
//! Each control changes a copy of what is chosen; the sheet sends it when it differs.

use std::collections::{BTreeMap, BTreeSet};

use egui::{ComboBox, DragValue, FontId, Label, RichText, ScrollArea, TextEdit, Ui, text::LayoutJob, vec2};
use smol_str::SmolStr;

use super::list::row_ui;
use super::paint;
use super::{put_back, take_out, words};
use crate::formats::{FORMATS, Overlap, Table, Tags};
use crate::gui::datasets::{ExportSheet, ExportStage};
use crate::gui::scene::Scene;
use crate::model::Schema;
use crate::model::schema::Label as SchemaLabel;
use crate::store::sidecar::GOLD;
use crate::workspace::dataset::{Choices, Whose, takes};

/// Height of a format's row, in points.
const ROW: f32 = 48.0;
/// With more labels than this, there is a line to look for one.
const MANY: usize = 12;

/// The formats that can be written, as rows; the chosen one takes the keyboard when the sheet opens.
pub fn formats_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet, choices: &mut Choices) {
    ui.spacing_mut().item_spacing.y = 1.0;
    for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
        let chosen = choices.format == format.id;
        let name = || format!("{}: {}", format.id, format.about);
        let (rect, response) = row_ui(ui, ROW, chosen, scene.theme, name);
        if chosen && matches!(sheet.stage, ExportStage::Choosing) {
            super::dataset_parts::focus_once(ui, (sheet.serial, "choosing"), &response);
        }
        if response.clicked() {
            choices.format = format.id;
        }
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let quiet = if chosen { scene.theme.ink } else { scene.theme.faded };
        let at = rect.left_top() + vec2(10.0, 4.0);
        let title = paint::elided(ui, format.id, words::BODY, scene.theme.ink, rect.width() - 20.0);
        ui.painter().galley(at, title, scene.theme.ink);
        let mut about =
            LayoutJob::simple(format.about.to_owned(), FontId::proportional(11.0), quiet, rect.width() - 20.0);
        about.wrap.max_rows = 2;
        let about = ui.painter().layout_job(about);
        ui.painter().galley(at + vec2(0.0, 15.0), about, quiet);
    }
}

/// All that can be chosen besides.
pub fn choices_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet, choices: &mut Choices) {
    ui.label(words::section(scene.theme, "Whose marks"));
    whose_ui(ui, scene, sheet, choices);
    section_ui(ui, scene, "Articles");
    ui.radio_value(&mut choices.only_done, false, "All");
    ui.radio_value(&mut choices.only_done, true, "Only those that are done");
    section_ui(ui, scene, "Labels");
    labels_ui(ui, scene, sheet, choices);
    section_ui(ui, scene, "Options");
    format_options_ui(ui, choices);
    split_ui(ui, scene, choices);
    let tip = "annotator-1, annotator-2 and so on, in place of their names";
    ui.checkbox(&mut choices.anonymise, "Other names for annotators").on_hover_text(tip);
    ui.label(words::faint(scene.theme, "Licence, for the dataset's card"));
    let licence = TextEdit::singleline(&mut choices.licence).hint_text("such as CC-BY-4.0").char_limit(200);
    // As wide as the lists above it.
    ui.add(licence.desired_width(ui.available_width() - 20.0)).accessible_name("Licence");
}

fn section_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str) {
    ui.add_space(8.0);
    ui.label(words::section(scene.theme, name));
}

fn whose_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet, choices: &mut Choices) {
    let own = scene.workspace.map_or("", |workspace| workspace.annotator());
    let one = match &choices.whose {
        Whose::One(name) => Some(name.clone()),
        _ => None,
    };
    if ui.radio(one.as_deref() == Some(own), format!("Mine ({own})")).clicked() {
        choices.whose = Whose::One(own.to_owned());
    }
    let others = || sheet.annotators.iter().filter(|(name, _)| name != own && name != GOLD);
    if let Some((first, _)) = others().next() {
        let other = one.clone().filter(|name| name != own);
        let shown = other.clone().unwrap_or_else(|| first.clone());
        let mut picked = None;
        ui.horizontal(|ui| {
            if ui.radio(other.is_some(), "One annotator's:").clicked() {
                picked = Some(shown.clone());
            }
            let combo = ComboBox::from_id_salt("export annotator").selected_text(RichText::new(&shown));
            let combo = combo.width(ui.available_width() - 10.0).truncate().show_ui(ui, |ui| {
                for (name, articles) in others() {
                    let text = format!("{name}, {}", words::count(*articles, "article", "articles"));
                    if ui.selectable_label(other.as_ref() == Some(name), text).clicked() {
                        picked = Some(name.clone());
                    }
                }
            });
            combo.response.accessible_name("Annotator");
        });
        if let Some(name) = picked {
            choices.whose = Whose::One(name);
        }
    }
    ui.radio_value(&mut choices.whose, Whose::Gold, "Gold, else the only one's");
    if choices.whose == Whose::Gold && sheet.undecided > 0 {
        let some = words::count(sheet.undecided, "article has", "articles have");
        ui.add(Label::new(words::warning(scene.theme, format!("{some} several layers and no gold."))).wrap());
    }
    ui.radio_value(&mut choices.whose, Whose::All, "Everyone's");
}

/// Whether a schema has a full label, or the label that it is a type of.
pub fn is_known(schema: &Schema, full: &str) -> bool {
    schema.label(full).is_some() || full.split_once(':').is_some_and(|(label, _)| schema.label(label).is_some())
}

/// All labels, or those that are ticked. A label stands for all its types; labels that the schema does not have come last.
fn labels_ui(ui: &mut Ui, scene: &Scene<'_>, sheet: &ExportSheet, choices: &mut Choices) {
    let labels = &scene.schema.labels;
    let used = || sheet.used.iter().flatten();
    let others: Vec<&SmolStr> = used().map(|(label, _)| label).filter(|label| !is_known(scene.schema, label)).collect();
    let mut all = choices.labels.is_none();
    if ui.checkbox(&mut all, "All labels").changed() {
        let every = labels.iter().map(|label| &label.id).chain(others.iter().copied());
        choices.labels = (!all).then(|| every.cloned().collect());
    }
    let Some(chosen) = &mut choices.labels else { return };
    let id = egui::Id::unique("pressmark export labels");
    let mut sought: String = take_out(ui.ctx(), id);
    let rows = labels.iter().map(|label| 1 + label.types.len()).sum::<usize>() + others.len();
    ui.horizontal(|ui| {
        if ui.small_button("None").accessible_name("No label").clicked() {
            chosen.clear();
        }
        if sheet.is_counting() {
            ui.label(words::faint(scene.theme, "Counting…"));
        } else if rows > MANY {
            let field = TextEdit::singleline(&mut sought).hint_text("Look for a label").desired_width(f32::INFINITY);
            ui.add(field).accessible_name("Look for a label");
        }
    });
    let mut ticks = Ticks { chosen, used: sheet.used.as_ref(), wanted: sought.trim().to_lowercase() };
    let all_ui = |ui: &mut Ui| {
        for label in labels {
            ticks.label_ui(ui, label);
        }
        for label in others {
            ticks.tick_ui(ui, 0.0, label, (label, label), true);
        }
    };
    // A few scroll with all else: a list that scrolls within another is a nuisance.
    if rows > MANY {
        ScrollArea::vertical().id_salt("export labels").max_height(190.0).auto_shrink([false, true]).show(ui, all_ui);
    } else {
        all_ui(ui);
    }
    put_back(ui.ctx(), id, sought);
}

/// The list of labels while it is painted.
struct Ticks<'a> {
    chosen: &'a mut BTreeSet<SmolStr>,
    used: Option<&'a BTreeMap<SmolStr, usize>>,
    /// What is looked for, in small letters.
    wanted: String,
}

impl Ticks<'_> {
    /// A label and its types.
    fn label_ui(&mut self, ui: &mut Ui, label: &SchemaLabel) {
        self.tick_ui(ui, 0.0, &label.id, (&label.name, &label.name), true);
        let whole = self.chosen.contains(&label.id);
        for kind in &label.types {
            let full = smol_str::format_smolstr!("{}:{}", label.id, kind.id);
            let name = format!("{}: {}", label.name, kind.name);
            self.tick_ui(ui, 18.0, &full, (&kind.name, &name), !whole);
        }
    }

    /// One of them. Where it cannot be changed, it is ticked with the label above it.
    fn tick_ui(&mut self, ui: &mut Ui, indent: f32, full: &SmolStr, (text, name): (&str, &str), enabled: bool) {
        if !self.wanted.is_empty() && !name.to_lowercase().contains(&self.wanted) {
            return;
        }
        let mut ticked = !enabled || self.chosen.contains(full);
        let count = self.used.map_or(String::new(), |used| {
            let all = used.range(full.clone()..).map_while(|(label, count)| {
                let rest = label.strip_prefix(full.as_str())?;
                Some(if rest.is_empty() || rest.starts_with(':') { *count as u64 } else { 0 })
            });
            words::grouped(all.sum())
        });
        let changed = ui.horizontal(|ui| {
            ui.add_space(indent);
            let room = (ui.available_width() - 74.0).max(40.0);
            let short = paint::elided(ui, text, words::BODY, ui.visuals().text_color(), room);
            let response = ui.add_enabled(enabled, egui::Checkbox::new(&mut ticked, short)).on_hover_text(name);
            ui.label(RichText::new(count).size(words::SMALL).weak());
            response.accessible_name(format!("Label {name}")).changed()
        });
        if changed.inner {
            if ticked {
                self.chosen.insert(full.clone());
            } else {
                self.chosen.remove(full);
            }
        }
    }
}

/// What the chosen format leaves open.
fn format_options_ui(ui: &mut Ui, choices: &mut Choices) {
    let takes = takes(choices.format);
    let options = &mut choices.options;
    if takes.overlap {
        let mut all = vec![(Overlap::Longest, "the longest is written"), (Overlap::First, "the first is written")];
        if takes.lanes {
            all.push((Overlap::Layers, "all, in files of their own"));
        } else if options.overlap == Overlap::Layers {
            options.overlap = Overlap::Longest;
        }
        combo_ui(ui, "Where marks overlap", &mut options.overlap, &all);
    }
    if takes.tags {
        combo_ui(
            ui,
            "Tags",
            &mut options.tags,
            &[(Tags::Iob2, "IOB2 (B-, I-)"), (Tags::Bioes, "BIOES (B-, I-, E-, S-)")],
        );
    }
    if takes.table {
        combo_ui(ui, "Tables", &mut options.table, &[(Table::Parquet, "Parquet"), (Table::Jsonl, "JSON lines")]);
    }
    if takes.without_text {
        let tip = "Offsets and hashes alone, for articles that may not be passed on";
        ui.checkbox(&mut choices.without_text, "Without the articles' text").on_hover_text(tip);
    }
}

fn combo_ui<T: PartialEq + Copy>(ui: &mut Ui, name: &str, current: &mut T, all: &[(T, &str)]) {
    ui.add(Label::new(RichText::new(name).size(words::SMALL)));
    let shown = all.iter().find(|(value, _)| value == current).map_or("", |(_, text)| text);
    let combo = ComboBox::from_id_salt(name).selected_text(shown).width(ui.available_width() - 10.0);
    let combo = combo.show_ui(ui, |ui| {
        for (value, text) in all {
            ui.selectable_value(current, *value, *text);
        }
    });
    combo.response.accessible_name(name);
}

fn split_ui(ui: &mut Ui, scene: &Scene<'_>, choices: &mut Choices) {
    let tip = "By article; near-duplicates stay in one part, and articles that come later do not move others.";
    ui.checkbox(&mut choices.is_split, "Split into train, dev and test").on_hover_text(tip);
    if !choices.is_split {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (at, name) in ["train", "dev", "test"].into_iter().enumerate() {
            // Something must be left to share out.
            let least = u32::from(at == 0);
            let share = DragValue::new(&mut choices.split.shares[at]).range(least..=100).speed(0.3);
            ui.label(words::faint(scene.theme, name));
            ui.add(share).accessible_name(format!("Share of {name}"));
        }
        ui.end_row();
        ui.label(words::faint(scene.theme, "seed"));
        ui.add(DragValue::new(&mut choices.split.seed).speed(0.1)).accessible_name("Seed of the split");
    });
}
