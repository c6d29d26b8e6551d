//! The details: all that is said about the chosen mark, or about the article when none is chosen.
//!
//! Each control sends one command when it is used; words are sent when the keyboard leaves their field, see
//! [`super::draft`]. Where nothing can be changed the reason stands on top and the controls are disabled.

use egui::{ComboBox, Frame, Margin, ScrollArea, Ui};
use smol_str::SmolStr;

use super::attributes::Choice;
use super::draft::{Drafts, Field, Reading};
use super::paint::{self, Sign};
use super::sheet::{Sheet, TypedField};
use super::words;
use crate::gui::command::{Action, UiCommand};
use crate::gui::scene::Scene;
use crate::model::schema::{Attribute, Label};
use crate::model::{Annotation, Layer, Value};
use crate::workspace::Command;

/// Characters of the marked text that are laid out; four lines show.
const TEXT_LIMIT: usize = 400;

/// Paints the panel.
pub fn details_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let mut drafts = Drafts::recall(ui.ctx());
    ScrollArea::vertical().id_salt("details").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        let mut sheet = Sheet::new(scene, &mut drafts, actions);
        match (scene.layer, scene.chosen()) {
            (Some(layer), Some(chosen)) => {
                ui.push_id(&chosen.id, |ui| mark_ui(&mut sheet, ui, layer, chosen));
            }
            (Some(layer), None) => super::article_sheet::article_ui(&mut sheet, ui, layer),
            (None, _) => {
                ui.label(words::faint(scene.theme, "No article is open."));
            }
        }
        ui.add_space(12.0);
    });
    drafts.send_abandoned(ui.ctx(), actions);
    drafts.keep(ui.ctx());
}

fn mark_ui(sheet: &mut Sheet<'_>, ui: &mut Ui, layer: &Layer, chosen: &Annotation) {
    let scene = sheet.scene;
    sheet.reason_ui(ui);
    sheet.steady_ui(ui, "head", |sheet, ui| head_ui(sheet, ui, chosen));
    text_ui(sheet, ui, chosen);
    sheet.steady_ui(ui, "versions", |sheet, ui| sheet.versions_ui(ui, chosen));
    if chosen.orphan().is_some() {
        let lost = "This mark has lost its place in the text. It is kept as it was.";
        ui.label(words::warning(scene.theme, lost));
    } else {
        sheet.steady_ui(ui, "findings", |sheet, ui| sheet.findings_ui(ui, layer, chosen));
    }

    let attributes: Vec<&Attribute> = scene.schema.attributes_on(&chosen.label).collect();
    let label = scene.schema.label(&chosen.label);
    ui.add_space(2.0);
    kinds_ui(sheet, ui, label, chosen);
    sheet.attributes_ui(ui, &attributes, &chosen.attributes, |id| Field::Attribute(chosen.id.clone(), id));

    sheet.steady_ui(ui, "links", |sheet, ui| sheet.links_ui(ui, layer, chosen));
    sheet.section_ui(ui, "Note");
    let note = TypedField {
        field: Field::Note(chosen.id.clone()),
        current: chosen.note(),
        reading: Reading::Words,
        lines: 3,
        hint: "What another reader should know",
        name: "Note on this mark",
    };
    sheet.steady_ui(ui, "note", |sheet, ui| sheet.typed_ui(ui, &note));
    origin_ui(sheet, ui, chosen);
    sheet.steady_ui(ui, "neighbours", |sheet, ui| sheet.neighbours_ui(ui, layer, chosen));
    sheet.steady_ui(ui, "buttons", |sheet, ui| buttons_ui(sheet, ui));
}

/// The label and type, which can be changed, and the flag.
fn head_ui(sheet: &mut Sheet<'_>, ui: &mut Ui, chosen: &Annotation) {
    let scene = sheet.scene;
    let name = scene.schema.label_name(chosen);
    ui.horizontal(|ui| {
        Sign::of(scene.schema, chosen).show(ui, scene.theme);
        let mut relabel = None;
        ui.add_enabled_ui(sheet.editable, |ui| {
            let combo = ComboBox::from_id_salt("label")
                .selected_text(egui::RichText::new(name.as_str()).strong())
                .width((ui.available_width() - 84.0).clamp(80.0, 170.0))
                .truncate()
                .height(paint::list_height(ui))
                .show_ui(ui, |ui| {
                    for label in &scene.schema.labels {
                        labels_ui(ui, sheet, label, chosen, &mut relabel);
                    }
                });
            let combo = combo.response.accessible_name("Label of this mark");
            if relabel.is_some() {
                // The list closes with the choice, and the keyboard stays here.
                combo.request_focus();
            }
            paint::outline_fields(ui, scene.theme);
            let mut unsure = chosen.unsure();
            let flag = ui.checkbox(&mut unsure, "unsure").on_hover_text("Flag this mark for another look (u)");
            if flag.changed() {
                sheet.perform(Command::SetUnsure { id: chosen.id.clone(), unsure });
            }
        });
        if let Some((label, kind)) = relabel {
            sheet.perform(Command::Relabel { id: chosen.id.clone(), label, kind });
        }
    });
}

/// A label of the list that opens, or each of its types.
fn labels_ui(
    ui: &mut Ui,
    sheet: &Sheet<'_>,
    label: &Label,
    chosen: &Annotation,
    relabel: &mut Option<(SmolStr, Option<SmolStr>)>,
) {
    let mut item_ui = |ui: &mut Ui, name: &str, kind: Option<&SmolStr>| {
        ui.horizontal(|ui| {
            Sign::of_label(sheet.scene.schema, &label.id, kind.map(SmolStr::as_str)).show(ui, sheet.scene.theme);
            let current = chosen.label == label.id && chosen.kind() == kind.map(SmolStr::as_str);
            if ui.selectable_label(current, name).clicked() {
                if !current {
                    *relabel = Some((label.id.clone(), kind.cloned()));
                }
                ui.close();
            }
        });
    };
    if label.types.is_empty() {
        item_ui(ui, &label.name, None);
    }
    for kind in &label.types {
        item_ui(ui, &kind.name, Some(&kind.id));
    }
}

/// The marked text, on a piece of paper.
fn text_ui(sheet: &Sheet<'_>, ui: &mut Ui, chosen: &Annotation) {
    let theme = sheet.scene.theme;
    let words = sheet.reading(chosen, TEXT_LIMIT);
    Frame::new().fill(theme.paper).corner_radius(4).inner_margin(Margin::symmetric(8, 6)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let galley = paint::paragraph(ui, words, theme.ink, ui.available_width(), 4);
        ui.label(galley);
    });
}

/// The finer kinds of the mark's type.
fn kinds_ui(sheet: &mut Sheet<'_>, ui: &mut Ui, label: Option<&Label>, chosen: &Annotation) {
    let kind = chosen.kind().and_then(|kind| label?.type_by_id(kind));
    let Some(kind) = kind.filter(|kind| !kind.kinds.is_empty()) else { return };
    let field = Field::Attribute(chosen.id.clone(), "kind".into());
    let choice = Choice { name: "Kind", values: &kind.kinds, default: None, current: chosen.attributes.text("kind") };
    sheet.row_ui(ui, "Kind", |sheet, ui| {
        sheet.choice_ui(ui, &choice, |value| field.command(value.map(Value::Text)));
    });
}

/// Where the mark came from, if no person made it here.
fn origin_ui(sheet: &Sheet<'_>, ui: &mut Ui, chosen: &Annotation) {
    let Some(origin) = chosen.extra.as_ref().and_then(|extra| extra.origin.as_ref()) else { return };
    let source = [&origin.rule, &origin.import, &origin.layer, &origin.person].into_iter().flatten().next();
    let from = source.map_or_else(|| origin.by.to_string(), |source| format!("{} ({source})", origin.by));
    ui.label(words::faint(sheet.scene.theme, format!("From: {from}")));
}

fn buttons_ui(sheet: &mut Sheet<'_>, ui: &mut Ui) {
    ui.add_space(8.0);
    let copied = sheet.scene.view.copied.is_some();
    let editable = sheet.editable;
    ui.horizontal_wrapped(|ui| {
        sheet.command_ui(ui, UiCommand::CopyAttributes, "Copy attributes", true);
        sheet.command_ui(ui, UiCommand::PasteAttributes, "Paste", editable && copied);
        sheet.command_ui(ui, UiCommand::Delete, "Delete mark", editable);
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::super::stage::Stage;
    use super::*;

    fn set(stage: &Stage, id: &str, attribute: &str, value: Value) -> Action {
        let id = stage.id_of(id);
        Action::Do(Command::SetAttribute { id, attribute: attribute.into(), value: Some(value) })
    }

    #[test]
    fn a_choice_is_one_command() {
        let mut stage = Stage::new("Ada said “we stay” and left.");
        stage.tag("quote", None, "“we stay”");
        stage.choose("“we stay”");
        let expected = set(&stage, "“we stay”", "form", Value::Text("indirect".into()));
        let name = format!("{}: indirect", stage.attribute_name("quote", "form"));
        let mut harness = stage.show(details_ui);
        harness.get_by_label(&name).click();
        harness.run();
        assert_eq!(harness.state().actions, [expected]);
    }

    #[test]
    fn toggles_keep_the_schemas_order() {
        let mut stage = Stage::new("Taxes rose by 4 % because of the war.");
        stage.tag("claim", None, "Taxes rose by 4 %");
        stage.perform_on("Taxes rose by 4 %", |id| Command::SetAttribute {
            id,
            attribute: "claim-type".into(),
            value: Some(Value::Many(["causal".into()].into())),
        });
        stage.choose("Taxes rose by 4 %");
        let both = Value::Many(["numerical".into(), "causal".into()].into());
        let expected = set(&stage, "Taxes rose by 4 %", "claim-type", both);
        let name = format!("{}: numerical", stage.attribute_name("claim", "claim-type"));
        let mut harness = stage.show(details_ui);
        harness.get_by_label(&name).click();
        harness.run();
        assert_eq!(harness.state().actions, [expected]);
    }

    #[test]
    fn words_are_sent_once_when_the_keyboard_leaves() {
        let mut stage = Stage::new("Ada said so.");
        stage.tag("entity", Some("person"), "Ada");
        stage.choose("Ada");
        let id = stage.id_of("Ada");
        let mut harness = stage.show(details_ui);
        harness.get_by_label("Note on this mark").focus();
        harness.run();
        harness.get_by_label("Note on this mark").type_text("the countess");
        harness.run();
        assert!(harness.state().actions.is_empty(), "typing alone sends nothing");
        harness.key_press(egui::Key::Escape);
        harness.run();
        let note = "the countess".to_owned();
        assert_eq!(harness.state().actions, [Action::Do(Command::SetNote { id, note })]);
    }

    #[test]
    fn words_are_not_lost_when_another_mark_gets_chosen() {
        let mut stage = Stage::new("Ada met Charles.");
        stage.tag("entity", Some("person"), "Ada");
        stage.tag("entity", Some("person"), "Charles");
        stage.choose("Ada");
        let (ada, charles) = (stage.id_of("Ada"), stage.id_of("Charles"));
        let mut harness = stage.show(details_ui);
        harness.get_by_label("Note on this mark").focus();
        harness.run();
        harness.get_by_label("Note on this mark").type_text("the countess");
        harness.run();
        harness.state_mut().view.chosen = Some(charles);
        harness.run();
        let note = "the countess".to_owned();
        assert_eq!(harness.state().actions, [Action::Do(Command::SetNote { id: ada, note })]);
    }

    #[test]
    fn the_nearest_speaker_is_one_click_away() {
        let mut stage = Stage::new("Chen Hai said “we stay” and left.");
        stage.tag("entity", Some("person"), "Chen Hai");
        stage.tag("quote", None, "“we stay”");
        stage.choose("“we stay”");
        let (from, to) = (stage.id_of("“we stay”"), stage.id_of("Chen Hai"));
        let mut harness = stage.show(details_ui);
        harness.get_by_label_contains("Chen Hai?").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::Do(Command::Link { label: "speaker".into(), from, to })]);
    }

    #[test]
    fn links_lead_to_their_other_end_and_can_be_removed() {
        let mut stage = Stage::new("Chen Hai said “we stay” and left.");
        stage.tag("entity", Some("person"), "Chen Hai");
        stage.tag("quote", None, "“we stay”");
        stage.link("speaker", "“we stay”", "Chen Hai");
        stage.choose("Chen Hai");
        let quote = stage.id_of("“we stay”");
        let mut harness = stage.show(details_ui);
        harness.get_by_label_contains("of: “we stay”").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::GoTo(quote)]);
        harness.state_mut().actions.clear();
        harness.get_by_label_contains("Remove").click();
        harness.run();
        assert!(matches!(harness.state().actions.as_slice(), [Action::Do(Command::Unlink { .. })]));
    }

    #[test]
    fn marked_text_reads_as_on_the_page() {
        let text = "*Chen Hai* said “we **do** [stay](http://a.b)” and left.";
        let mut stage = Stage::with_files(&[("article.md", text)]);
        stage.tag("entity", Some("person"), "Chen Hai");
        stage.tag("quote", None, "“we **do** [stay](http://a.b)”");
        stage.link("speaker", "“we **do** [stay](http://a.b)”", "Chen Hai");
        stage.choose("“we **do** [stay](http://a.b)”");
        let harness = stage.show(details_ui);
        harness.get_by_label("“we do stay”");
        let mut stage = harness.into_state();
        stage.choose("Chen Hai");
        stage.show(details_ui).get_by_label_contains("of: “we do stay”");
    }

    #[test]
    fn the_keyboard_comes_to_the_first_control_when_asked() {
        let mut stage = Stage::new("Ada said “we stay” and left.");
        stage.tag("quote", None, "“we stay”");
        stage.choose("“we stay”");
        stage.view.focus_details = true;
        let name = format!("{}: none", stage.attribute_name("quote", "form"));
        let harness = stage.show(details_ui);
        assert!(harness.get_by_label(&name).is_focused());
    }

    #[test]
    fn without_a_chosen_mark_the_article_is_described() {
        let stage = Stage::new("Ada met Charles.");
        let mut harness = stage.show(details_ui);
        harness.get_by_label("16 characters");
        harness.get_by_label("Status: Done").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::Do(Command::SetStatus(crate::model::Status::Done))]);
    }
}
