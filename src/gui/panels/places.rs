//! An article that was edited: the marks that want a look, and for the one in hand what it stood on beside where it
//! might belong now.
//!
//! The comparison lies under the article, where it is as wide as that; the list takes the place of the list of marks.

use egui::text::LayoutJob;
use egui::{Align, Button, FontId, Layout, RichText, ScrollArea, TextFormat, Ui, vec2};

use super::list::{List, row_ui};
use super::paint::{self, Icon, Sign, elided};
use super::{put_back, take_out, words};
use crate::anchor::State;
use crate::gui::command::{Action, Decision, UiCommand};
use crate::gui::scene::Scene;
use crate::gui::theme::Theme;
use crate::model::{Id, Span};
use crate::text::boundary;
use crate::workspace::{Choice, Places, ReviewItem};

/// Height of a row, in points.
const ROW: f32 = 27.0;
/// Characters of an old or a new text that are laid out.
const LONGEST: usize = 600;
/// Bytes around a place that are shown with it.
const AROUND: u32 = 60;

/// What is offered for a place, in a few words.
fn told(item: &ReviewItem) -> String {
    match (item.state, item.candidates.len() + usize::from(!item.spans.is_empty())) {
        (State::Edited, _) => format!("edited, {:.0} % alike", item.similarity * 100.0),
        (_, 0) => "gone".to_owned(),
        (_, 1) => "one place is offered".to_owned(),
        (_, count) => format!("{count} places are offered"),
    }
}

fn decided(choice: Option<&Choice>) -> &'static str {
    match choice {
        None => "to decide",
        Some(Choice::Leave) => "kept without a place",
        Some(_) => "placed",
    }
}

fn old_words(item: &ReviewItem) -> String {
    let texts: Vec<&str> = item.old.iter().map(|quoted| quoted.text.as_str()).collect();
    texts.join(" … ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Paints the list of marks that want a look, with the button that carries all out.
pub fn places_ui(ui: &mut Ui, scene: &Scene<'_>, places: &Places, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    ui.add_space(3.0);
    ui.label(words::title(theme, "The article was edited"));
    let (found, open) = (places.found(), places.doubtful().len());
    let found = match found {
        0 => String::new(),
        1 => "One mark was found again. ".to_owned(),
        many => format!("{} marks were found again. ", words::grouped(many as u64)),
    };
    let open = match open {
        0 => "None wants a look.".to_owned(),
        1 => "One wants a look.".to_owned(),
        many => {
            let (many, decided) = (words::grouped(many as u64), words::grouped(places.decided() as u64));
            format!("{many} want a look, {decided} of them decided on.")
        }
    };
    ui.add(egui::Label::new(words::faint(theme, format!("{found}{open}"))).wrap());
    ui.add_space(4.0);
    let button = Button::new(RichText::new("Take places over").strong()).shortcut_text("Ctrl+Enter");
    let tip = "Nothing is written before that. It is one step, which undo takes back; what is not decided on waits \
               without a place.";
    if ui.add(button).on_hover_text(tip).accessible_name("Take places over").clicked() {
        actions.push(Action::Run(UiCommand::TakePlaces));
    }
    ui.add_space(6.0);
    let id = egui::Id::unique("pressmark places");
    let followed: Option<Id> = take_out(ui.ctx(), id.with("followed"));
    // Only a mark that was chosen just now is scrolled to.
    let chosen = scene.view.chosen.as_ref().filter(|chosen| followed.as_ref() != Some(*chosen));
    let reveal = chosen.and_then(|chosen| places.doubtful().position(|item| item.id == *chosen));
    List { id, row: ROW, total: places.doubtful().len(), reveal }.show(ui, |ui, row| {
        if let Some(item) = places.nth(row) {
            item_ui(ui, scene, places, item, actions);
        }
    });
    put_back(ui.ctx(), id.with("followed"), scene.view.chosen.clone());
}

/// A mark's row: its sign, what it stood on, how it stands with it.
fn item_ui(ui: &mut Ui, scene: &Scene<'_>, places: &Places, item: &ReviewItem, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    let Some(annotation) = scene.layer.and_then(|layer| layer.get(&item.id)) else { return };
    let chosen = scene.view.chosen.as_ref() == Some(&item.id);
    let (choice, old) = (places.choice(&item.id), old_words(item));
    let label = scene.schema.label_name(annotation);
    let (rect, response) =
        row_ui(ui, ROW, chosen, theme, || format!("{label}: {old}, {}, {}", told(item), decided(choice)));
    if response.clicked() {
        actions.push(Action::Choose(Some(item.id.clone())));
        actions.push(Action::FocusArticle);
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let row = rect.shrink2(vec2(8.0, 0.0));
    let swatch = egui::Rect::from_center_size(egui::pos2(row.left() + 9.0, row.center().y), vec2(18.0, 16.0));
    Sign::of(scene.schema, annotation).paint(ui.painter(), swatch, theme);
    let mut right = row.right() - 6.0;
    if choice.is_some() {
        Icon::Tick.paint(ui.painter(), egui::pos2(right - 6.0, row.center().y), theme.good);
        right -= 18.0;
    }
    let quiet = if chosen { theme.ink } else { theme.faded };
    let state = match choice {
        Some(_) => decided(choice).to_owned(),
        None if item.state == State::Edited => format!("{:.0} %", item.similarity * 100.0),
        None => match item.offered().count() {
            0 => "gone".to_owned(),
            1 => "1 place?".to_owned(),
            count => format!("{count} places?"),
        },
    };
    let state = elided(ui, state, words::SMALL, quiet, row.width() * 0.42);
    right -= state.size().x;
    paint::on_row(ui.painter(), row, right, state, quiet);
    let left = swatch.right() + 8.0;
    let galley = elided(ui, old, words::BODY, theme.ink, right - 8.0 - left);
    paint::on_row(ui.painter(), row, left, galley, theme.ink);
}

/// Paints what the mark in hand stood on beside where it might belong.
pub fn compare_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ReviewItem, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    let places = scene.document.and_then(|document| document.places());
    let choice = places.and_then(|places| places.choice(&item.id));
    ui.horizontal(|ui| {
        if let Some(annotation) = scene.layer.and_then(|layer| layer.get(&item.id)) {
            Sign::of(scene.schema, annotation).show(ui, theme);
            ui.label(RichText::new(scene.schema.label_name(annotation).as_str()).strong());
        }
        ui.label(words::faint(theme, told(item)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let state = if places.is_some() { decided(choice) } else { "without a place" };
            ui.label(words::faint(theme, state));
        });
    });
    ScrollArea::vertical().id_salt("places").max_height(ui.available_height() - 32.0).show(ui, |ui| {
        let half = (ui.available_width() - 16.0) / 2.0;
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(half, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(half);
                ui.label(words::section(theme, "Before"));
                ui.label(before(theme, item));
            });
            ui.add_space(8.0);
            ui.allocate_ui_with_layout(vec2(half, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(half);
                ui.label(words::section(theme, "Now"));
                now_ui(ui, scene, item, choice, actions);
            });
        });
    });
    buttons_ui(ui, scene, choice, places.is_some(), actions);
}

/// Each place that is offered, with its number; a click takes it.
fn now_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ReviewItem, choice: Option<&Choice>, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    let taken = choice.and_then(|choice| item.spans_of(choice));
    for (number, (spans, similarity)) in item.offered().enumerate() {
        let place = place(theme, scene.text(), spans);
        let alike = if similarity > 0.0 { format!(", {:.0} % alike", similarity * 100.0) } else { String::new() };
        ui.horizontal_top(|ui| {
            let key = (number + 1).to_string();
            let button = Button::selectable(taken.as_ref() == Some(spans), key.as_str()).frame_when_inactive(true);
            let words: Vec<&str> = spans.iter().filter_map(|span| span.slice(scene.text())).collect();
            let name = format!("Place {key}{alike}: {}", words.join(" … "));
            let button = ui.add(button).on_hover_text(format!("Put the mark there ({key}{alike})"));
            if button.accessible_name(name).clicked() {
                actions.push(Action::Decide(Decision::Offered(number)));
            }
            ui.add(egui::Label::new(place).wrap());
        });
    }
    if item.offered().next().is_none() {
        ui.add(egui::Label::new(words::faint(theme, "Nothing in the article is like it.")).wrap());
    }
    if let Some(Choice::At(spans)) = choice {
        ui.label(words::faint(theme, "Placed by hand:"));
        ui.add(egui::Label::new(place(theme, scene.text(), spans)).wrap());
    }
}

fn buttons_ui(ui: &mut Ui, scene: &Scene<'_>, choice: Option<&Choice>, review: bool, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let selected = !scene.view.selection.is_empty();
        let mut button_ui = |ui: &mut Ui, words: &str, key: &str, enabled: bool, decision: Decision| {
            let button = ui.add_enabled(enabled, Button::new(words).shortcut_text(key)).accessible_name(words);
            if button.clicked() {
                actions.push(Action::Decide(decision));
                actions.push(Action::FocusArticle);
            }
            button
        };
        button_ui(ui, "Put it on the selected text", "S", selected, Decision::Selection)
            .on_disabled_hover_text("Select the text where it belongs first.");
        button_ui(ui, "Keep it without a place", "O", true, Decision::Keep);
        if review && choice.is_some() {
            button_ui(ui, "Decide later", "Backspace", true, Decision::Open);
        }
        if !review {
            ui.label(words::faint(scene.theme, "Esc: leave it"));
        }
    });
}

/// What a mark stood on, with what stood around it.
fn before(theme: &Theme, item: &ReviewItem) -> LayoutJob {
    let mut job = LayoutJob::default();
    let (plain, marked) = formats(theme);
    job.append(&squeezed(&item.context.0, true), 0.0, plain.clone());
    for (at, quoted) in item.old.iter().enumerate() {
        if at > 0 {
            job.append(" … ", 0.0, plain.clone());
        }
        let words: String = quoted.text.chars().take(LONGEST).collect();
        job.append(&words, 0.0, marked.clone());
    }
    job.append(&squeezed(&item.context.1, false), 0.0, plain);
    job
}

/// A place in the article as it is now, with what stands around it.
fn place(theme: &Theme, text: &str, spans: &[Span]) -> LayoutJob {
    let mut job = LayoutJob::default();
    let (plain, marked) = formats(theme);
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return job };
    let start = boundary::floor_char(text, first.start().saturating_sub(AROUND) as usize);
    let end = boundary::floor_char(text, (last.end() as usize + AROUND as usize).min(text.len()));
    job.append(&squeezed(&text[start..first.start() as usize], true), 0.0, plain.clone());
    let mut at = first.start() as usize;
    for span in spans {
        let between = text.get(at..span.start() as usize).unwrap_or_default();
        if between.chars().count() > 80 {
            job.append(" … ", 0.0, plain.clone());
        } else {
            job.append(between, 0.0, plain.clone());
        }
        let words: String = span.slice(text).unwrap_or_default().chars().take(LONGEST).collect();
        job.append(&words, 0.0, marked.clone());
        at = span.end() as usize;
    }
    job.append(&squeezed(&text[(last.end() as usize).min(end)..end], false), 0.0, plain);
    job
}

fn formats(theme: &Theme) -> (TextFormat, TextFormat) {
    let font = FontId::proportional(words::BODY + 0.5);
    let marked = TextFormat { background: theme.selection, ..TextFormat::simple(font.clone(), theme.ink) };
    (TextFormat::simple(font, theme.faded), marked)
}

/// The context on one line, from a word's start on or to a word's end.
fn squeezed(context: &str, before: bool) -> String {
    let line: String = context.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let cut = if before { line.find(' ').map(|at| &line[at..]) } else { line.rfind(' ').map(|at| &line[..=at]) };
    let short = line.chars().count() < 24;
    let words = if short { line.as_str() } else { cut.unwrap_or(&line) };
    if before { format!("…{words}") } else { format!("{words}…") }
}
