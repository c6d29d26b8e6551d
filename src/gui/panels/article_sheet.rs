//! What the details say when no mark is chosen: the article itself, its status, attributes and note, and what was wrong
//! with its files.

use egui::{Button, Ui};

use super::draft::{Field, Reading};
use super::paint::elided;
use super::sheet::{Sheet, TypedField};
use super::words;
use crate::model::schema::Attribute;
use crate::model::{Layer, Status};
use crate::workspace::Command;

/// Paints the article's own details.
pub fn article_ui(sheet: &mut Sheet<'_>, ui: &mut Ui, layer: &Layer) {
    let scene = sheet.scene;
    let Some(document) = scene.document else { return };
    let article = document.article();
    let name = article.path.file_name().unwrap_or_default().to_string_lossy();
    let galley = elided(ui, name, 14.0, scene.theme.ink, ui.available_width());
    ui.label(galley).on_hover_text(article.path.display().to_string());
    sheet.reason_ui(ui);
    sheet.steady_ui(ui, "status", |sheet, ui| status_ui(sheet, ui, layer));
    sheet.steady_ui(ui, "values", |sheet, ui| sheet.values_ui(ui, layer.head()));
    let attributes: Vec<&Attribute> = scene.schema.attributes_on("document").collect();
    sheet.attributes_ui(ui, &attributes, &layer.head().document, Field::DocumentAttribute);

    sheet.section_ui(ui, "Note");
    let note = TypedField {
        field: Field::DocumentNote,
        current: &layer.head().document_note,
        reading: Reading::Words,
        lines: 3,
        hint: "What another reader should know",
        name: "Note on the article",
    };
    sheet.steady_ui(ui, "note", |sheet, ui| sheet.typed_ui(ui, &note));

    sheet.section_ui(ui, "The article");
    let links = words::count(layer.relation_count(), "link", "links");
    for (name, value) in [
        ("Length", format!("{} characters", words::grouped(article.chars))),
        ("Encoding", article.encoding.to_owned()),
        ("Marks", format!("{}, {links}", words::count(layer.len(), "mark", "marks"))),
        ("Annotator", layer.head().annotator.to_string()),
    ] {
        sheet.row_ui(ui, name, |_, ui| {
            ui.horizontal(|ui| ui.label(egui::RichText::new(value).size(12.0)));
        });
    }
    problems_ui(sheet, ui);
}

/// How far the annotator is, as four buttons.
fn status_ui(sheet: &mut Sheet<'_>, ui: &mut Ui, layer: &Layer) {
    let current = layer.head().status;
    ui.add_enabled_ui(sheet.editable, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(2.0, 2.0);
            for status in Status::ALL {
                let title = words::status_title(status);
                let button = ui.add(Button::selectable(status == current, title));
                let button = button.accessible_name(format!("Status: {title}"));
                sheet.claim(&button);
                if button.clicked() && status != current {
                    sheet.perform(Command::SetStatus(status));
                }
            }
        });
    });
}

/// Problems that stand in the details by themselves, and with the rest unfolded.
const PROBLEMS: (usize, usize) = (6, 60);

/// What was wrong with the article or with its marks' file, a sentence each; many are folded away.
fn problems_ui(sheet: &Sheet<'_>, ui: &mut Ui) {
    let Some(document) = sheet.scene.document else { return };
    let warnings = document.article().warnings.iter().map(|warning| warning.0.as_str());
    let mut problems = warnings.chain(document.problems().iter().map(String::as_str)).peekable();
    if problems.peek().is_none() {
        return;
    }
    let count = document.article().warnings.len() + document.problems().len();
    sheet.section_ui(ui, "Problems");
    for problem in problems.by_ref().take(PROBLEMS.0) {
        ui.label(words::warning(sheet.scene.theme, problem));
    }
    if count <= PROBLEMS.0 {
        return;
    }
    let title = words::faint(sheet.scene.theme, format!("{} more", words::grouped((count - PROBLEMS.0) as u64)));
    egui::CollapsingHeader::new(title).id_salt("problems").show(ui, |ui| {
        for problem in problems.take(PROBLEMS.1 - PROBLEMS.0) {
            ui.label(words::warning(sheet.scene.theme, problem));
        }
        if count > PROBLEMS.1 {
            let all = format!("pressmark check lists all {}.", words::grouped(count as u64));
            ui.label(words::faint(sheet.scene.theme, all));
        }
    });
}
