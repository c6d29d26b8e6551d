//! The marks of the article in hand, in reading order; those without a place in the text come last.
//!
//! Only visible rows are made, straight from [`Layer::nth`], so that 100,000 marks cost what is visible. A filter keeps
//! the numbers of the rows that it lets through; they are found a slice a frame, and again when the layer changes, while
//! the old ones stay on the screen. All this dies with the panel, in egui's temporary memory.

use egui::{Align, ComboBox, Id as EguiId, Layout, TextEdit, Ui};
use smol_str::SmolStr;

use super::list::{List, row_ui};
use super::paint::{self, Icon, SWATCH, Sign, elided, icon_button};
use super::words::{self, reading};
use super::{put_back, take_out};
use crate::article::Article;
use crate::gui::command::Action;
use crate::gui::scene::Scene;
use crate::model::{Annotation, Id, Layer, Schema};
use crate::workspace::{Document, findings};

/// Height of a row, in points.
const ROW: f32 = 25.0;
/// Marks that a filter looks at in one frame.
const SLICE: usize = 4_000;
/// Characters of each mark that a filter looks at.
const FILTERED: usize = 300;

/// What a filter lets through.
#[derive(Clone, Debug, Default, PartialEq)]
struct Filter {
    /// Stands in the marked text or the note; case does not count.
    words: String,
    /// A label, or `label:type`.
    label: Option<SmolStr>,
}

impl Filter {
    fn is_empty(&self) -> bool {
        self.words.trim().is_empty() && self.label.is_none()
    }

    fn lets_through(&self, annotation: &Annotation, article: &Article) -> bool {
        let label = self.label.as_deref().is_none_or(|it| annotation.label == it || annotation.full_label() == it);
        let words = self.words.trim().to_lowercase();
        label
            && (words.is_empty()
                || reading(annotation, article, FILTERED).to_lowercase().contains(&words)
                || annotation.note().to_lowercase().contains(&words))
    }
}

/// What a search through the marks was begun for.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    /// Of the layer, [`crate::workspace::Document::serial`].
    serial: u64,
    revision: u64,
    filter: Filter,
}

/// A search through the marks.
#[derive(Clone, Debug)]
struct Scan {
    key: Key,
    next: usize,
    rows: Vec<u32>,
}

/// What the panel keeps from frame to frame.
#[derive(Clone, Default)]
struct Marks {
    filter: Filter,
    scan: Option<Scan>,
    /// The rows found by the last search that ended.
    found: Vec<u32>,
    /// The annotation that was last scrolled to.
    followed: Option<Id>,
}

impl Marks {
    /// Goes on searching; true while there is more to look at.
    fn search(&mut self, serial: u64, layer: &Layer, article: &Article) -> bool {
        if self.filter.is_empty() {
            (self.scan, self.found) = (None, Vec::new());
            return false;
        }
        let key = Key { serial, revision: layer.revision(), filter: self.filter.clone() };
        if self.scan.as_ref().is_none_or(|scan| scan.key != key) {
            self.scan = Some(Scan { key, next: 0, rows: Vec::new() });
        }
        let Some(scan) = &mut self.scan else { return false };
        if scan.next >= layer.len() && scan.next > 0 {
            return false;
        }
        let end = (scan.next + SLICE).min(layer.len());
        for at in scan.next..end {
            if layer.nth(at).is_some_and(|annotation| self.filter.lets_through(annotation, article)) {
                scan.rows.push(at as u32);
            }
        }
        scan.next = end.max(1);
        let more = end < layer.len();
        if !more {
            self.found.clone_from(&scan.rows);
        }
        more
    }
}

/// Which rows there are: marks with a place, a heading, marks without one.
struct Rows<'a> {
    /// Numbers of marks; none when all show.
    found: Option<&'a [u32]>,
    /// How many rows hold a mark that has a place.
    placed: usize,
    /// How many rows hold a mark.
    marks: usize,
}

impl<'a> Rows<'a> {
    fn new(layer: &Layer, found: Option<&'a [u32]>) -> Self {
        let placed = layer.count_before(u32::MAX);
        match found {
            None => Self { found, placed, marks: layer.len() },
            Some(rows) => {
                Self { found, placed: rows.partition_point(|&row| (row as usize) < placed), marks: rows.len() }
            }
        }
    }

    fn total(&self) -> usize {
        self.marks + usize::from(self.placed < self.marks)
    }

    /// The number of the mark on a row; none for the heading.
    fn mark(&self, row: usize) -> Option<usize> {
        let at = match row.cmp(&self.placed) {
            std::cmp::Ordering::Less => row,
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => row - 1,
        };
        match self.found {
            None => Some(at),
            Some(rows) => rows.get(at).map(|&at| at as usize),
        }
    }

    /// The row of a mark.
    fn row(&self, mark: usize) -> Option<usize> {
        let at = match self.found {
            None => mark,
            Some(rows) => rows.binary_search(&(mark as u32)).ok()?,
        };
        Some(at + usize::from(at >= self.placed))
    }
}

/// Paints the panel.
pub fn annotations_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let (Some(document), Some(layer)) = (scene.document, scene.layer) else {
        ui.label(words::title(scene.theme, "Marks"));
        ui.label(words::faint(scene.theme, "No article is open."));
        return;
    };
    let id = EguiId::unique("pressmark marks");
    let mut state: Marks = take_out(ui.ctx(), id);
    if layer.is_empty() {
        ui.add_space(3.0);
        ui.label(words::title(scene.theme, "Marks"));
        empty_ui(ui, scene, document.is_loading(), actions);
        put_back(ui.ctx(), id, state);
        return;
    }
    if state.search(document.serial(), layer, document.article()) {
        ui.ctx().request_repaint();
    }
    head_ui(ui, scene, layer, &mut state);
    whose_ui(ui, scene, actions);
    let found = (!state.filter.is_empty()).then_some(state.found.as_slice());
    let rows = Rows::new(layer, found);
    if rows.marks == 0 {
        ui.label(words::faint(scene.theme, "No mark fits the filter."));
    }
    let mut reveal = None;
    if state.followed != scene.view.chosen {
        let position = scene.view.chosen.as_deref().and_then(|chosen| layer.position(chosen));
        reveal = position.and_then(|mark| rows.row(mark));
        state.followed.clone_from(&scene.view.chosen);
    }
    List { id: id.with("rows"), row: ROW, total: rows.total(), reveal }.show(ui, |ui, row| match rows.mark(row) {
        None => {
            ui.add_space(5.0);
            ui.label(words::section(scene.theme, "Without a place"));
        }
        Some(mark) => {
            if let Some(annotation) = layer.nth(mark) {
                mark_ui(ui, scene, layer, annotation, actions);
            }
        }
    });
    put_back(ui.ctx(), id, state);
}

/// The id of the field that filters the list.
pub fn filter_id() -> egui::Id {
    egui::Id::unique("filter of marks")
}

/// What to do first.
fn empty_ui(ui: &mut Ui, scene: &Scene<'_>, loading: bool, actions: &mut Vec<Action>) {
    if loading {
        ui.label(words::faint(scene.theme, "The marks are being read…"));
        return;
    }
    if !scene.editable() {
        ui.label(words::faint(scene.theme, "There are no marks in this layer."));
        return;
    }
    ui.add(egui::Label::new(words::faint(scene.theme, how_to_begin(scene.schema))).wrap());
    others_ui(ui, scene, actions);
}

/// How the first mark is made: the keys of the first labels, since a schema may have any number of them.
fn how_to_begin(schema: &Schema) -> String {
    const NAMED: usize = 5;
    let mut keys =
        schema.labels.iter().filter(|label| !label.helper).filter_map(|label| Some((label.key?, &label.name)));
    let named: Vec<String> = keys.by_ref().take(NAMED).map(|(key, name)| format!("{key} ({name})")).collect();
    match named.as_slice() {
        [] => "No marks yet. Select some text, then choose a label from the list beside it.".to_owned(),
        named => {
            let more = if keys.next().is_some() { "; the list beside it has the others" } else { "" };
            format!("No marks yet. Select some text, then press {}{more}.", named.join(", "))
        }
    }
}

/// Who has marked the article, a click away: it shows what marks look like.
fn others_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let Some((workspace, document)) = scene.workspace.zip(scene.document) else { return };
    let own = workspace.annotator();
    let mut others = workspace.annotators_of(document.number).filter(|name| *name != own).peekable();
    if others.peek().is_none() {
        return;
    }
    ui.add_space(8.0);
    ui.horizontal_wrapped(|ui| {
        ui.label(words::faint(scene.theme, "Look at the marks of"));
        for name in others {
            let link = ui.link(name).on_hover_text("To read; your own layer stays as it is.");
            if link.accessible_name(format!("Look at the marks of {name}")).clicked() {
                actions.push(Action::OpenLayer(name.to_owned()));
            }
        }
    });
}

/// Where another's layer is shown: the ways to change something.
fn whose_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let (Some(workspace), Some(document)) = (scene.workspace, scene.document) else { return };
    let name = document.layer().head().annotator.clone();
    if name == workspace.annotator() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(words::faint(scene.theme, format!("{name}’s marks, to read.")));
        if ui.link("My layer").on_hover_text("Shows your own marks again.").clicked() {
            actions.push(Action::OpenLayer(workspace.annotator().to_owned()));
        }
        let work = ui.link(format!("Go on as {name}"));
        if work.on_hover_text("What you mark from now on is in that layer, under that name.").clicked() {
            actions.push(Action::SetAnnotator(name.to_string()));
        }
    });
}

fn head_ui(ui: &mut Ui, scene: &Scene<'_>, layer: &Layer, state: &mut Marks) {
    ui.add_space(3.0);
    ui.horizontal(|ui| {
        ui.label(words::title(scene.theme, "Marks"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let all = words::grouped(layer.len() as u64);
            let count = if state.filter.is_empty() {
                all
            } else {
                format!("{} of {all}", words::grouped(state.found.len() as u64))
            };
            ui.label(words::faint(scene.theme, count));
        });
    });
    ui.horizontal(|ui| {
        let wide = ui.available_width();
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.scope(|ui| {
            paint::outline_fields(ui, scene.theme);
            let field = TextEdit::singleline(&mut state.filter.words).id(filter_id()).hint_text("Filter");
            ui.add(field.desired_width(wide * 0.5 - 16.0)).accessible_name("Filter marks by their text");
        });
        let shown = state.filter.label.as_deref().map_or("All labels", |label| label_title(scene.schema, label));
        let combo = ComboBox::from_id_salt("label filter")
            .selected_text(shown)
            .width(ui.available_width() - if state.filter.is_empty() { 0.0 } else { 26.0 })
            .truncate()
            .show_ui(ui, |ui| {
                let now = &mut state.filter.label;
                ui.selectable_value(now, None, "All labels");
                for label in &scene.schema.labels {
                    ui.selectable_value(now, Some(label.id.clone()), label.name.as_str());
                    for kind in &label.types {
                        let full = smol_str::format_smolstr!("{}:{}", label.id, kind.id);
                        ui.selectable_value(now, Some(full), format!("   {}", kind.name));
                    }
                }
            });
        combo.response.accessible_name("Filter marks by label");
        if !state.filter.is_empty() && icon_button(ui, Icon::Cross, "Show all marks", true).clicked() {
            state.filter = Filter::default();
        }
    });
}

fn label_title<'a>(schema: &'a Schema, full: &'a str) -> &'a str {
    if let Some(label) = schema.label(full) {
        return &label.name;
    }
    let Some((label, kind)) = full.split_once(':') else { return full };
    let Some(known) = schema.label(label) else { return full };
    known.type_by_id(kind).map_or(&known.name, |kind| &kind.name)
}

/// A mark's row: its sign, its text, what is odd about it, its label.
fn mark_ui(ui: &mut Ui, scene: &Scene<'_>, layer: &Layer, annotation: &Annotation, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    let chosen = scene.view.chosen.as_ref() == Some(&annotation.id);
    let Some(article) = scene.document.map(Document::article) else { return };
    let words = reading(annotation, article, 140);
    let found = findings(scene.text(), layer, scene.schema, annotation);
    let label = scene.schema.label_name(annotation);
    let (rect, response) = row_ui(ui, ROW, chosen, theme, || {
        let mut name = format!("{label}: {words}");
        if annotation.unsure() {
            name.push_str(", unsure");
        }
        for finding in &found {
            name.push_str(", ");
            name.push_str(&finding.message);
        }
        name
    });
    if response.clicked() {
        // A mark without a place can be chosen, but not gone to.
        let id = annotation.id.clone();
        actions.push(if annotation.spans.is_empty() { Action::Choose(Some(id)) } else { Action::GoTo(id) });
    }
    if ui.is_rect_visible(rect) {
        let row = rect.shrink2(egui::vec2(8.0, 0.0));
        let swatch = egui::Rect::from_center_size(egui::pos2(row.left() + SWATCH.x / 2.0, row.center().y), SWATCH);
        Sign::of(scene.schema, annotation).paint(ui.painter(), swatch, theme);
        let quiet = if chosen { theme.ink } else { theme.faded };
        let mut right = row.right() - 6.0;
        let name = elided(ui, label.as_str(), words::SMALL, quiet, row.width() * 0.34);
        right -= name.size().x;
        paint::on_row(ui.painter(), row, right, name, quiet);
        right -= 6.0;
        for (shown, sign, color) in [(annotation.unsure(), "?", theme.warning), (!found.is_empty(), "!", theme.warning)]
        {
            if shown {
                let galley = elided(ui, sign, words::BODY, color, 20.0);
                right -= galley.size().x + 2.0;
                paint::on_row(ui.painter(), row, right, galley, color);
            }
        }
        let left = swatch.right() + 8.0;
        let galley = elided(ui, words.as_str(), words::BODY, theme.ink, right - 6.0 - left);
        paint::on_row(ui.painter(), row, left, galley, theme.ink);
    }
    response.on_hover_ui(|ui| {
        ui.label(words::section(theme, label.as_str()));
        ui.label(paint::paragraph(ui, reading(annotation, article, 300), theme.ink, 320.0, 6));
        for finding in &found {
            ui.label(words::warning(theme, &finding.message));
        }
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::super::stage::Stage;
    use super::*;

    #[test]
    fn a_click_goes_to_the_mark() {
        let mut stage = Stage::new("Ada met 陈海 in مرحبا. She said “we stay”.");
        stage.tag("entity", Some("person"), "Ada");
        stage.tag("entity", Some("person"), "陈海");
        stage.tag("quote", None, "“we stay”");
        let chen = stage.id_of("陈海");
        let mut harness = stage.show(annotations_ui);
        harness.get_by_label("Person: Ada");
        harness.get_by_label_contains("Quote: “we stay”, Who says this?");
        harness.get_by_label("Person: 陈海").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::GoTo(chen)]);
    }

    #[test]
    fn an_empty_list_says_what_to_do() {
        let harness = Stage::new("Nothing yet.").show(annotations_ui);
        harness.get_by_label("No marks yet. Select some text, then press e (Entity), q (Quote), c (Claim).");
        let mut schema = crate::store::schema::builtin();
        schema.labels.retain(|label| label.helper);
        assert!(how_to_begin(&schema).ends_with("choose a label from the list beside it."));
    }

    #[test]
    fn anothers_marks_are_a_click_from_ones_own_and_from_work_under_that_name() {
        let mut stage = Stage::new("Ada met Charles.");
        stage.tag("entity", Some("person"), "Ada");
        stage.workspace.save_now();
        stage.workspace.wait();
        stage.workspace.set_annotator("bob");
        stage.workspace.open_layer(0, "ada");
        stage.workspace.wait();
        let mut harness = stage.show(annotations_ui);
        harness.get_by_label("ada’s marks, to read.");
        harness.get_by_label("My layer").click();
        harness.get_by_label("Go on as ada").click();
        harness.run();
        let wanted = [Action::OpenLayer("bob".to_owned()), Action::SetAnnotator("ada".to_owned())];
        assert_eq!(harness.state().actions, wanted);
    }

    #[test]
    fn a_filter_leaves_what_fits() {
        let mut stage = Stage::new("Ada met Charles. Ada left.");
        stage.tag("entity", Some("person"), "Ada");
        stage.tag("entity", Some("person"), "Charles");
        let mut harness = stage.show(annotations_ui);
        harness.get_by_label("Filter marks by their text").focus();
        harness.run();
        harness.get_by_label("Filter marks by their text").type_text("char");
        harness.run();
        harness.get_by_label("Person: Charles");
        harness.get_by_label("1 of 2");
        assert!(harness.query_by_label("Person: Ada").is_none());
    }

    #[test]
    fn a_mark_is_listed_as_it_reads() {
        let mut stage = Stage::with_files(&[("a.md", "We have been *looking after* it.\n")]);
        stage.tag("quote", None, "been *looking after* it");
        let harness = stage.show(annotations_ui);
        harness.get_by_label_contains("Quote: been looking after it");
    }

    #[test]
    fn many_marks_cost_what_is_visible() {
        let mut stage = Stage::new(&"word ".repeat(3_000));
        stage.tag_each_word("entity", Some("thing"), 3_000);
        let last = stage.last_id();
        let mut harness = stage.show(annotations_ui);
        let rows = |harness: &egui_kittest::Harness<'_, Stage>| harness.query_all_by_label("Thing: word").count();
        assert!((5..60).contains(&rows(&harness)), "{} rows are made", rows(&harness));
        harness.state_mut().view.chosen = Some(last);
        harness.run();
        let chosen = harness
            .query_all_by_label("Thing: word")
            .filter(|node| node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True));
        assert_eq!(chosen.count(), 1, "the list scrolls to the mark that gets chosen");
    }
}
