//! The controls of attributes, as the schema declares them: choices, toggles, words, numbers, yes or no, links.
//!
//! Choices that are few and short stand side by side, others in a list that opens. "–" takes a value away. What is meant
//! where nothing is written is shown as such, and nothing is written for it.

use egui::{Button, ComboBox, OpenUrl, RichText, Stroke, Ui};
use smol_str::SmolStr;

use super::draft::{Field, Reading};
use super::paint::list_height;
use super::sheet::{Sheet, TypedField};
use super::words;
use crate::model::schema::{Attribute, AttributeKind};
use crate::model::{Attributes, Value};

/// Choices up to this many letters, all told, stand side by side.
const SIDE_BY_SIDE: usize = 34;

/// One of several words to be chosen.
pub struct Choice<'a> {
    /// What people see of the field.
    pub name: &'a str,
    /// What can be chosen.
    pub values: &'a [SmolStr],
    /// What is meant where nothing is written.
    pub default: Option<&'a str>,
    /// What is written.
    pub current: Option<&'a str>,
}

/// What was clicked in this frame.
#[derive(Default)]
enum Picked {
    /// Nothing was.
    #[default]
    Untouched,
    /// That nothing is to be written.
    None,
    /// One of the words.
    Value(SmolStr),
}

impl Choice<'_> {
    fn is_short(&self) -> bool {
        self.values.iter().map(|value| value.chars().count() + 3).sum::<usize>() <= SIDE_BY_SIDE
    }

    /// All that is offered: the schema's values, and what is written if the schema does not have it.
    fn offered(&self) -> Vec<&str> {
        let foreign = self.current.filter(|current| !self.values.iter().any(|value| value == current));
        self.values.iter().map(SmolStr::as_str).chain(foreign).collect()
    }
}

/// So many characters of a value that nobody here can change are shown.
const SHOWN: usize = 200;

impl Sheet<'_> {
    /// A row for each attribute, then the values that the schema does not know.
    pub fn attributes_ui(
        &mut self,
        ui: &mut Ui,
        attributes: &[&Attribute],
        values: &Attributes,
        field: impl Fn(SmolStr) -> Field,
    ) {
        for attribute in attributes {
            let field = field(attribute.id.clone());
            self.row_ui(ui, &attribute.name, |sheet, ui| {
                sheet.attribute_ui(ui, attribute, values.get(&attribute.id), field);
            });
        }
        let known = |id: &str| matches!(id, "type" | "kind") || attributes.iter().any(|attribute| attribute.id == id);
        // What another format has and nobody here reads may be as long as the article: it is named alone.
        let (foreign, unknown): (Vec<_>, Vec<_>) =
            values.iter().filter(|(id, _)| !known(id)).partition(|(id, _)| id.contains(':'));
        for (id, value) in unknown {
            self.row_ui(ui, id, |sheet, ui| {
                let said = match value.as_text() {
                    Some(text) => text.chars().take(SHOWN).collect(),
                    None => value.to_string(),
                };
                ui.label(words::faint(sheet.scene.theme, format!("{said} (not in the schema)")));
            });
        }
        if !foreign.is_empty() {
            let names: Vec<&str> = foreign.iter().map(|(id, _)| id.as_str()).collect();
            let words = format!("Kept for exports: {}", names.join(", "));
            ui.label(words::faint(self.scene.theme, words));
        }
    }

    /// The control of one attribute.
    fn attribute_ui(&mut self, ui: &mut Ui, attribute: &Attribute, value: Option<&Value>, field: Field) {
        let name = attribute.name.as_str();
        let text = value.map(ToString::to_string).unwrap_or_default();
        match &attribute.kind {
            AttributeKind::Choice(values) => {
                let current = value.map(|_| text.as_str());
                let choice = Choice { name, values, default: attribute.default.as_deref(), current };
                self.choice_ui(ui, &choice, |value| field.command(value.map(Value::Text)));
            }
            AttributeKind::Bool => {
                let current = value.map(|_| text.as_str());
                let values = ["yes".into(), "no".into()];
                let choice = Choice { name, values: &values, default: attribute.default.as_deref(), current };
                self.choice_ui(ui, &choice, |value| field.command(value.map(|value| Value::Bool(value == "yes"))));
            }
            AttributeKind::Many(values) => self.toggles_ui(ui, name, values, value, &field),
            AttributeKind::Text => self
                .typed_ui(ui, &TypedField { field, current: &text, reading: Reading::Words, lines: 1, hint: "", name }),
            AttributeKind::Number => self.typed_ui(
                ui,
                &TypedField { field, current: &text, reading: Reading::Number, lines: 1, hint: "a number", name },
            ),
            AttributeKind::Link(into) => {
                let hint = if into == "wikidata" { "Q…" } else { "https://…" };
                self.typed_ui(ui, &TypedField { field, current: &text, reading: Reading::Words, lines: 1, hint, name });
                if let Some(url) = address(into, &text) {
                    let open = ui.link(RichText::new("Open in the browser").size(words::SMALL)).on_hover_text(&url);
                    if open.clicked() {
                        ui.ctx().open_url(OpenUrl::new_tab(url));
                    }
                }
            }
        }
    }

    /// One of several words; `command` is asked for when another one is chosen.
    pub fn choice_ui(
        &mut self,
        ui: &mut Ui,
        choice: &Choice<'_>,
        command: impl Fn(Option<SmolStr>) -> crate::workspace::Command,
    ) {
        let mut picked = Picked::default();
        ui.add_enabled_ui(self.editable, |ui| {
            if choice.is_short() {
                self.side_by_side_ui(ui, choice, &mut picked);
            } else {
                self.dropped_ui(ui, choice, &mut picked);
            }
        });
        match picked {
            Picked::None if choice.current.is_some() => self.perform(command(None)),
            Picked::Value(value) if choice.current != Some(&value) => self.perform(command(Some(value))),
            _ => {}
        }
    }

    fn side_by_side_ui(&mut self, ui: &mut Ui, choice: &Choice<'_>, picked: &mut Picked) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(2.0, 2.0);
            ui.spacing_mut().button_padding.x = 6.0;
            // It stands there at all times, so that no button moves from under the pointer or the keyboard.
            let none = ui
                .add(Button::selectable(choice.current.is_none(), "–"))
                .on_hover_text("Nothing written")
                .accessible_name(format!("{}: none", choice.name));
            self.claim(&none);
            if none.clicked() {
                *picked = Picked::None;
            }
            for value in choice.offered() {
                let mut button = Button::selectable(choice.current == Some(value), value);
                let meant = choice.current.is_none() && choice.default == Some(value);
                if meant {
                    button = button.stroke(Stroke::new(1.0, self.scene.theme.faded)).frame_when_inactive(true);
                }
                let mut response = ui.add(button).accessible_name(format!("{}: {value}", choice.name));
                self.claim(&response);
                if meant {
                    response = response.on_hover_text("This is meant where nothing is written.");
                }
                if response.clicked() {
                    *picked = Picked::Value(value.into());
                }
            }
        });
    }

    fn dropped_ui(&mut self, ui: &mut Ui, choice: &Choice<'_>, picked: &mut Picked) {
        let shown = match (choice.current, choice.default) {
            (Some(current), _) => RichText::new(current),
            (None, Some(default)) => RichText::new(format!("{default} (default)")).color(self.scene.theme.faded),
            (None, None) => RichText::new("–"),
        };
        let combo = ComboBox::from_id_salt(choice.name)
            .selected_text(shown)
            .width(ui.available_width())
            .truncate()
            .height(list_height(ui))
            .show_ui(ui, |ui| {
                if ui.selectable_label(choice.current.is_none(), "–").clicked() {
                    *picked = Picked::None;
                    ui.close();
                }
                for value in choice.offered() {
                    let text = if choice.default == Some(value) { format!("{value} (default)") } else { value.into() };
                    if ui.selectable_label(choice.current == Some(value), text).clicked() {
                        *picked = Picked::Value(value.into());
                        ui.close();
                    }
                }
            });
        self.claim(&combo.response);
        let combo = combo.response.accessible_name(choice.name);
        if !matches!(picked, Picked::Untouched) {
            // The list closes with the choice, and the keyboard stays here.
            combo.request_focus();
        }
    }

    /// Any of several words, as toggles; the values are kept in the schema's order.
    fn toggles_ui(&mut self, ui: &mut Ui, name: &str, values: &[SmolStr], value: Option<&Value>, field: &Field) {
        let set: Vec<SmolStr> = match value {
            Some(Value::Many(set)) => set.to_vec(),
            Some(other) => vec![other.to_string().into()],
            None => Vec::new(),
        };
        let mut flipped = None;
        ui.add_enabled_ui(self.editable, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(2.0, 2.0);
                ui.spacing_mut().button_padding.x = 6.0;
                for value in values {
                    let button = Button::selectable(set.contains(value), value.as_str()).frame_when_inactive(true);
                    let response = ui.add(button).accessible_name(format!("{name}: {value}"));
                    self.claim(&response);
                    if response.clicked() {
                        flipped = Some(value);
                    }
                }
            });
        });
        let Some(flipped) = flipped else { return };
        let ordered = values.iter().filter(|value| set.contains(value) != (*value == flipped));
        let foreign = set.iter().filter(|value| !values.contains(value));
        let now: Box<[SmolStr]> = ordered.chain(foreign).cloned().collect();
        self.perform(field.command((!now.is_empty()).then_some(Value::Many(now))));
    }
}

/// The web address that a link means: an item of Wikidata, or what is written when it is an address itself.
fn address(into: &str, written: &str) -> Option<String> {
    let written = written.trim();
    let item = written.strip_prefix('Q').is_some_and(|number| {
        !number.is_empty() && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    if into == "wikidata" && item {
        return Some(format!("https://www.wikidata.org/wiki/{written}"));
    }
    let rest = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://"))?;
    let plain = !rest.is_empty() && !written.chars().any(|c| c.is_whitespace() || c.is_control());
    plain.then(|| written.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_and_wikidata_items_open() {
        for (into, written, expected) in [
            ("wikidata", "Q42", Some("https://www.wikidata.org/wiki/Q42")),
            ("wikidata", "Q042", None),
            ("wikidata", "Q", None),
            ("url", "Q42", None),
            ("url", "https://example.org/a?b", Some("https://example.org/a?b")),
            ("url", "https://", None),
            ("url", "https://example.org/\nx", None),
            ("url", "file:///etc/passwd", None),
            ("url", "javascript:alert(1)", None),
        ] {
            assert_eq!(address(into, written).as_deref(), expected, "{into} {written:?}");
        }
    }
}
