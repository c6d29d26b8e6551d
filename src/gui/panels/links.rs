//! The links of the chosen annotation: those that lead from it, those that lead to it, and those that may be missing.
//!
//! A suggestion is a button and never more: one click makes the link.

use egui::{Align, Button, Layout, RichText, Ui, vec2};

use super::draft::{Field, Reading};
use super::paint::{Icon, Sign, elided, icon_button};
use super::sheet::{Sheet, TypedField};
use super::visual::visual;
use super::words;
use super::{put_back, take_out};
use crate::gui::command::{Action, UiCommand};
use crate::model::schema::{RelationKind, Suggest};
use crate::model::{AUTHOR, Annotation, Id, Layer, Relation, Span};
use crate::workspace::{Command, findings, nearest_target};

/// Links beyond this number are counted, not shown.
const MOST: usize = 40;
/// How near, in characters, a neighbour must stand to be taken for adjacent.
const ADJACENT: u32 = 3;

impl Sheet<'_> {
    /// What may be missing, with what would mend it.
    pub fn findings_ui(&mut self, ui: &mut Ui, layer: &Layer, chosen: &Annotation) {
        let (scene, text) = (self.scene, self.scene.text());
        let linked = |kind: &RelationKind| {
            layer.relations_of(&chosen.id).iter().any(|link| link.label == kind.id && link.from == chosen.id)
        };
        let found = findings(text, layer, scene.schema, chosen);
        for finding in &found {
            ui.label(words::warning(scene.theme, &finding.message));
            if let Some(kind) = finding.relation.and_then(|relation| scene.schema.relation(relation)) {
                self.mending_ui(ui, layer, chosen, kind);
            }
        }
        let told = |kind: &RelationKind| found.iter().any(|finding| finding.relation == Some(kind.id.as_str()));
        let open = scene
            .schema
            .relations
            .iter()
            .filter(|kind| kind.suggest.is_some() && !told(kind) && kind.starts_from(chosen) && !linked(kind));
        for kind in open {
            if let Some(target) = suggested(text, layer, chosen, kind) {
                ui.horizontal_wrapped(|ui| self.suggestion_ui(ui, chosen, kind, target));
            }
        }
    }

    /// The ways to a link that is missing: the one suggested, the author, any other.
    fn mending_ui(&mut self, ui: &mut Ui, layer: &Layer, chosen: &Annotation, kind: &RelationKind) {
        ui.horizontal_wrapped(|ui| {
            if let Some(target) = suggested(self.scene.text(), layer, chosen, kind) {
                self.suggestion_ui(ui, chosen, kind, target);
            }
            if kind.to.iter().any(|end| end == AUTHOR) {
                let button = ui.add_enabled(self.editable, Button::new(format!("{}: the author", kind.name)));
                if button.on_hover_text("The article itself says so.").clicked() {
                    self.link(kind, &chosen.id, AUTHOR.into());
                }
            }
            let other = ui.add_enabled(self.editable, Button::new(format!("Choose the {}…", kind.name.to_lowercase())));
            if other.on_hover_text("Then type the letters that stand on it in the article.").clicked() {
                self.actions.push(Action::BeginLink(chosen.id.clone(), Some(kind.id.clone())));
            }
        });
    }

    fn suggestion_ui(&mut self, ui: &mut Ui, chosen: &Annotation, kind: &RelationKind, target: &Annotation) {
        let words = format!("{}: {}?", kind.name, visual(&self.reading(target, 28)));
        let button = ui.add_enabled(self.editable, Button::new(words));
        if button.on_hover_text("Make this link.").clicked() {
            self.link(kind, &chosen.id, target.id.clone());
        }
    }

    fn link(&mut self, kind: &RelationKind, from: &Id, to: Id) {
        self.perform(Command::Link { label: kind.id.clone(), from: from.clone(), to });
    }

    /// All links of the chosen annotation.
    pub fn links_ui(&mut self, ui: &mut Ui, layer: &Layer, chosen: &Annotation) {
        self.section_ui(ui, "Links");
        let links = layer.relations_of(&chosen.id);
        for link in links.iter().take(MOST) {
            ui.push_id(&link.id, |ui| self.link_ui(ui, layer, chosen, link));
        }
        if links.len() > MOST {
            ui.label(words::faint(self.scene.theme, format!("and {} more", links.len() - MOST)));
        }
        let may = self.scene.schema.relations.iter().any(|kind| kind.starts_from(chosen));
        self.command_ui(ui, UiCommand::Link, "Link to…", self.editable && may);
    }

    fn link_ui(&mut self, ui: &mut Ui, layer: &Layer, chosen: &Annotation, link: &Relation) {
        let outgoing = link.from == chosen.id;
        let kind = self.scene.schema.relation(&link.label);
        let name = kind.map_or(link.label.as_str(), |kind| kind.name.as_str());
        let mirrored = kind.is_some_and(|kind| kind.symmetric);
        let shown = if outgoing || mirrored { name.to_owned() } else { format!("{name} of") };
        let other = if outgoing { &link.to } else { &link.from };
        let open_id = ui.scope_id().with("open");
        let mut open: bool = take_out(ui.ctx(), open_id);
        let written = !link.note().is_empty() || !link.attributes.is_empty();
        self.row_ui(ui, &shown, |sheet, ui| {
            let line = vec2(ui.available_width(), 20.0);
            ui.allocate_ui_with_layout(line, Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                if icon_button(ui, Icon::Cross, &format!("Remove {shown}"), sheet.editable).clicked() {
                    sheet.perform(Command::Unlink { id: link.id.clone() });
                }
                let more = ui.add(Button::selectable(open, RichText::new("note").size(words::SMALL)));
                if more.accessible_name(format!("Note on {shown}")).clicked() {
                    open = !open;
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| sheet.end_ui(ui, layer, other, &shown));
            });
            sheet.link_versions_ui(ui, link, |sheet, version| {
                let end = if outgoing { &version.to } else { &version.from };
                let end = layer.get(end).map_or_else(|| end.to_string(), |end| sheet.reading(end, 40));
                let kind = sheet.scene.schema.relation(&version.label);
                format!("{}: {end}", kind.map_or(version.label.as_str(), |kind| kind.name.as_str()))
            });
            if open || written {
                let attributes: Vec<_> = sheet.scene.schema.attributes_on(&link.label).collect();
                let field = |id| Field::RelationAttribute(link.id.clone(), id);
                sheet.attributes_ui(ui, &attributes, &link.attributes, field);
                sheet.typed_ui(
                    ui,
                    &TypedField {
                        field: Field::RelationNote(link.id.clone()),
                        current: link.note(),
                        reading: Reading::Words,
                        lines: 1,
                        hint: "Note on this link",
                        name: &format!("Note on {shown}, text"),
                    },
                );
            }
        });
        put_back(ui.ctx(), open_id, open);
    }

    /// The other end of a link; a click goes there.
    fn end_ui(&mut self, ui: &mut Ui, layer: &Layer, end: &Id, name: &str) {
        let Some(other) = layer.get(end) else {
            ui.label(if end == AUTHOR { "the author" } else { "not there any more" });
            return;
        };
        Sign::of(self.scene.schema, other).show(ui, self.scene.theme);
        let text = self.reading(other, 80);
        let room = ui.available_width() - 2.0 * ui.spacing().button_padding.x;
        let shown = elided(ui, text.as_str(), words::BODY, self.scene.theme.ink, room);
        let button = ui.add(Button::new(egui::WidgetText::from(shown)).frame_when_inactive(false));
        let button = button.on_hover_text("Go there").accessible_name(format!("{name}: {text}"));
        if button.clicked() {
            self.actions.push(Action::GoTo(end.clone()));
        }
    }

    /// Other marks that share text with the chosen one, to change over to.
    pub fn neighbours_ui(&mut self, ui: &mut Ui, layer: &Layer, chosen: &Annotation) {
        const CHIPS: usize = 12;
        let Some(hull) = chosen.hull() else { return };
        let others: Vec<&Annotation> =
            layer.overlapping(hull).into_iter().filter(|other| other.id != chosen.id).collect();
        if others.is_empty() {
            return;
        }
        self.section_ui(ui, "Also here");
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
            for other in others.iter().take(CHIPS) {
                let sign = Sign::of(self.scene.schema, other);
                let short = self.reading(other, 24);
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 3.0;
                    sign.show(ui, self.scene.theme);
                    let name = format!("{}: {}", self.scene.schema.label_name(other), self.reading(other, 60));
                    let chip = ui.add(Button::new(visual(&short))).on_hover_text(&name);
                    if chip.accessible_name(format!("Choose {name}")).clicked() {
                        self.actions.push(Action::Choose(Some(other.id.clone())));
                    }
                });
            }
            if others.len() > CHIPS {
                ui.label(words::faint(self.scene.theme, format!("and {} more", others.len() - CHIPS)));
            }
        });
    }
}

/// The annotation that most likely is the other end, within the reach that the schema gives.
fn suggested<'a>(text: &str, layer: &'a Layer, from: &Annotation, kind: &RelationKind) -> Option<&'a Annotation> {
    let chars = match kind.suggest? {
        Suggest::Nearest(chars) => chars,
        Suggest::Adjacent => ADJACENT,
    };
    nearest_target(layer, from, kind, reach(text, from.hull()?, chars))
}

/// How many bytes so many characters before and after a span take, at most.
fn reach(text: &str, hull: Span, chars: u32) -> u32 {
    let (start, end) = (hull.range().start, hull.range().end);
    let before = text
        .get(..start)
        .map_or(0, |head| head.char_indices().rev().take(chars as usize).last().map_or(0, |(at, _)| start - at));
    let after =
        text.get(end..).map_or(0, |tail| tail.char_indices().nth(chars as usize).map_or(tail.len(), |(at, _)| at));
    before.max(after) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_counts_characters_in_any_script() {
        let text = "မြန်မာ 陈海 said";
        let at = text.find("陈").expect("it is there") as u32;
        assert_eq!(reach(text, Span::new(at, at + 6), 1), 1);
        assert_eq!(reach(text, Span::new(at, at + 6), 2), 4, "a space, and a Burmese vowel of three bytes");
        assert_eq!(reach(text, Span::new(at, at + 6), 999), at);
    }
}
