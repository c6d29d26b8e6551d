//! What a merge kept twice, to be settled: versions of the chosen mark or of its links, values of the article's fields.

use egui::{Button, Frame, Margin, RichText, Ui};

use super::paint;
use super::sheet::Sheet;
use super::words;
use crate::model::{Annotation, Head, Relation};
use crate::workspace::{Command, differences, link_versions, versions};

/// Characters of a version's text that are laid out.
const LONGEST: usize = 200;

impl Sheet<'_> {
    /// The versions of the chosen mark, with a button that keeps each; nothing when there is one.
    pub fn versions_ui(&mut self, ui: &mut Ui, chosen: &Annotation) {
        if chosen.extra.as_ref().is_none_or(|extra| extra.conflict.is_empty()) {
            return;
        }
        let all = versions(chosen);
        let theme = self.scene.theme;
        self.section_ui(ui, "A merge kept several versions");
        let rows = differences(&all, self.scene.schema);
        let texts: Vec<String> = all.iter().map(|version| self.reading(version, LONGEST)).collect();
        let same_text = all.windows(2).all(|pair| pair[0].spans == pair[1].spans);
        for (number, text) in texts.iter().enumerate() {
            Frame::new().fill(theme.paper).corner_radius(4).inner_margin(Margin::symmetric(8, 6)).show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                if !same_text {
                    let galley = paint::paragraph(ui, text.as_str(), theme.ink, ui.available_width(), 3);
                    ui.label(galley);
                }
                for (name, said) in &rows {
                    let said = if said[number].is_empty() { "–" } else { &said[number] };
                    ui.add(egui::Label::new(RichText::new(format!("{name}: {said}")).size(12.0)).wrap());
                }
                let name = format!("Keep version {}", number + 1);
                let button = ui.add_enabled(self.editable, Button::new(name.as_str()));
                self.claim(&button);
                if button.on_hover_text("The other versions go; undo brings them back.").clicked() {
                    self.perform(Command::Settle { id: chosen.id.clone(), version: number });
                }
            });
        }
        let judged = |it: &Annotation| (it.spans.clone(), it.label.clone(), it.kind().map(str::to_owned));
        if all.windows(2).all(|pair| judged(&pair[0]) != judged(&pair[1])) {
            let button = ui.add_enabled(self.editable, Button::new("Keep each as a mark of its own"));
            if button.clicked() {
                self.perform(Command::SettleApart { id: chosen.id.clone() });
            }
        }
    }

    /// The versions of a link; nothing when there is one. `told` says what a version leads to.
    pub fn link_versions_ui(&mut self, ui: &mut Ui, link: &Relation, told: impl Fn(&Self, &Relation) -> String) {
        if link.extra.as_ref().is_none_or(|extra| extra.conflict.is_empty()) {
            return;
        }
        let all = link_versions(link);
        ui.label(words::warning(self.scene.theme, "A merge kept several versions: choose one."));
        for (number, version) in all.iter().enumerate() {
            let attributes = version.attributes.iter().map(|(name, value)| format!(", {name}: {value}"));
            let mut said = told(self, version);
            said.extend(attributes);
            if !version.note().is_empty() {
                said.extend([", note: ", version.note()]);
            }
            ui.horizontal_wrapped(|ui| {
                let button = ui.add_enabled(self.editable, Button::new("Keep"));
                if button.accessible_name(format!("Keep {said}")).clicked() {
                    self.perform(Command::Settle { id: link.id.clone(), version: number });
                }
                ui.label(RichText::new(said).size(12.0));
            });
        }
    }

    /// Fields of the article of which a merge kept several values.
    pub fn values_ui(&mut self, ui: &mut Ui, head: &Head) {
        let mut fields: Vec<&smol_str::SmolStr> = head.conflict.iter().map(|(field, _)| field).collect();
        fields.dedup();
        for field in fields {
            let name = field.strip_prefix("document.attributes.").or(field.strip_prefix("document.")).unwrap_or(field);
            self.section_ui(ui, &format!("A merge kept several values of {name}"));
            let mut keep_ui = |ui: &mut Ui, said: &str, value: Option<smol_str::SmolStr>| {
                ui.horizontal_wrapped(|ui| {
                    let button = ui.add_enabled(self.editable, Button::new("Keep"));
                    if button.accessible_name(format!("Keep {name} {said}")).clicked() {
                        self.perform(Command::SettleHead { field: field.clone(), value });
                    }
                    ui.label(RichText::new(said).size(12.0));
                });
            };
            keep_ui(ui, "as it is shown below", None);
            for (_, value) in head.conflict.iter().filter(|(other, _)| other == field) {
                keep_ui(ui, value, Some(value.clone()));
            }
        }
    }
}
