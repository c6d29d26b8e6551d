//! The corpus: its articles with status and number of marks; a click opens one.
//!
//! Only visible rows are made. What the filter lets through and how many articles are done is kept by the list's
//! revision, in egui's temporary memory, and dies with the panel.

use std::path::PathBuf;

use egui::{Id as EguiId, TextEdit, Ui, vec2};

use super::list::{List, row_ui};
use super::paint::{self, Icon, elided, elided_name, icon_button, status_sign};
use super::words;
use super::{put_back, take_out};
use crate::gui::command::{Action, UiCommand};
use crate::gui::scene::Scene;
use crate::gui::theme::Theme;
use crate::model::Status;
use crate::workspace::{Entry, Workspace};

/// Height of a row, in points.
const ROW: f32 = 25.0;

/// What the panel keeps from frame to frame.
#[derive(Clone, Default)]
struct State {
    filter: String,
    /// What `found` holds: root, number of articles, filter.
    found_for: (PathBuf, usize, String),
    /// Numbers of the articles that the filter lets through.
    found: Vec<u32>,
    /// The list's revision and how many articles were done in it.
    done: (u64, usize),
    /// The article that was last scrolled to.
    followed: Option<usize>,
}

impl State {
    /// Brings what is derived up to date with the corpus.
    fn follow(&mut self, workspace: &Workspace) {
        let entries = workspace.entries();
        let another = self.found_for.0 != workspace.root() || self.found_for.1 != entries.len();
        if another {
            self.filter.clear();
            self.followed = None;
        }
        if another || self.done.0 != workspace.revision() {
            let done = entries.iter().filter(|entry| entry.status == Some(Status::Done)).count();
            self.done = (workspace.revision(), done);
        }
        if another || self.found_for.2 != self.filter {
            let words = self.filter.trim().to_lowercase();
            let fits = |entry: &Entry| entry.path.to_string_lossy().to_lowercase().contains(&words);
            self.found = if words.is_empty() {
                Vec::new()
            } else {
                (0..).zip(entries).filter(|(_, entry)| fits(entry)).map(|(at, _)| at).collect()
            };
            self.found_for = (workspace.root().to_owned(), entries.len(), self.filter.clone());
        }
    }

    fn filtered(&self) -> bool {
        !self.filter.trim().is_empty()
    }
}

/// Paints the panel.
pub fn articles_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let theme = scene.theme;
    let Some(workspace) = scene.workspace else {
        ui.label(words::title(theme, "Articles"));
        ui.label(words::faint(theme, "No folder is open."));
        if ui.button("Open folder…").clicked() {
            actions.push(Action::Run(UiCommand::OpenFolder));
        }
        return;
    };
    let id = EguiId::unique("pressmark articles");
    let mut state: State = take_out(ui.ctx(), id);
    state.follow(workspace);
    let entries = workspace.entries();
    head_ui(ui, theme, workspace, &mut state);
    if entries.is_empty() {
        ui.add(egui::Label::new(words::faint(theme, "There is no article (.txt or .md) in this folder.")).wrap());
    } else if state.filtered() && state.found.is_empty() {
        ui.label(words::faint(theme, "No name fits the filter."));
    }
    let current = workspace.loading().or_else(|| scene.document.map(|document| document.number));
    let found = state.filtered().then_some(state.found.as_slice());
    let mut reveal = None;
    if state.followed != current {
        reveal = current.and_then(|number| match found {
            None => Some(number),
            Some(found) => found.binary_search(&(number as u32)).ok(),
        });
        state.followed = current;
    }
    let total = found.map_or(entries.len(), <[u32]>::len);
    List { id: id.with("rows"), row: ROW, total, reveal }.show(ui, |ui, row| {
        let number = found.map_or(row, |found| found[row] as usize);
        if let Some(entry) = entries.get(number)
            && entry_ui(ui, theme, entry, current == Some(number))
        {
            actions.push(Action::OpenArticle(number));
        }
    });
    put_back(ui.ctx(), id, state);
}

fn head_ui(ui: &mut Ui, theme: &Theme, workspace: &Workspace, state: &mut State) {
    let root = workspace.root();
    let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy();
    ui.add_space(3.0);
    let galley = elided(ui, name, 14.0, theme.ink, ui.available_width());
    ui.label(galley).on_hover_text(root.display().to_string());
    let (done, all) = (state.done.1, workspace.entries().len());
    if all > 0 {
        let words = format!("{} of {} done", words::grouped(done as u64), words::grouped(all as u64));
        ui.label(words::faint(theme, words));
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 3.0), egui::Sense::hover());
        ui.painter().rect_filled(rect, 1.5, theme.rule);
        let mut part = rect;
        part.set_width(rect.width() * done as f32 / all as f32);
        ui.painter().rect_filled(part, 1.5, theme.good);
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let clear = if state.filter.is_empty() { 0.0 } else { 26.0 };
        let wide = ui.available_width() - clear;
        paint::outline_fields(ui, theme);
        ui.add(TextEdit::singleline(&mut state.filter).id(filter_id()).hint_text("Filter").desired_width(wide))
            .accessible_name("Filter articles by name");
        if clear > 0.0 && icon_button(ui, Icon::Cross, "Show all articles", true).clicked() {
            state.filter.clear();
        }
    });
}

/// An article's row; true when it was clicked.
fn entry_ui(ui: &mut Ui, theme: &Theme, entry: &Entry, current: bool) -> bool {
    let name = entry.path.file_name().unwrap_or_default().to_string_lossy();
    let marks = words::count(entry.annotations, "mark", "marks");
    let (rect, response) = row_ui(ui, ROW, current, theme, || {
        let state = words::status_words(entry.status);
        format!("{}, {state}, {marks}", entry.path.display())
    });
    if ui.is_rect_visible(rect) {
        let row = rect.shrink2(vec2(8.0, 0.0));
        let quiet = if current { theme.ink } else { theme.faded };
        let center = egui::pos2(row.left() + 6.0, row.center().y);
        status_sign(ui.painter(), center, entry.status, theme);
        let mut right = row.right() - 6.0;
        if entry.annotations > 0 {
            let count = elided(ui, words::grouped(entry.annotations as u64), words::SMALL, quiet, 60.0);
            right -= count.size().x;
            paint::on_row(ui.painter(), row, right, count, quiet);
            right -= 8.0;
        }
        let left = row.left() + 20.0;
        let folder = entry.path.parent().map(|folder| folder.to_string_lossy()).filter(|folder| !folder.is_empty());
        // The folder has what the name leaves; a long name leaves it some, since two of one name are told apart by it.
        let room = right - left;
        let whole = elided(ui, name.as_ref(), words::BODY, theme.ink, f32::INFINITY).size().x;
        let beside = (room - whole - 8.0).max(room * 0.25);
        let folder = folder.map(|folder| elided_name(ui, &folder, words::SMALL, quiet, beside));
        let aside = folder.as_ref().map_or(0.0, |folder| folder.size().x + 8.0);
        let galley = elided_name(ui, &name, words::BODY, theme.ink, right - left - aside);
        let after = left + galley.size().x + 8.0;
        paint::on_row(ui.painter(), row, left, galley, theme.ink);
        if let Some(folder) = folder {
            paint::on_row(ui.painter(), row, after, folder, quiet);
        }
    }
    let clicked = response.clicked();
    response.on_hover_ui(|ui| {
        ui.label(entry.path.display().to_string());
        let state = words::status_words(entry.status);
        ui.label(words::faint(theme, format!("{state}, {marks}")));
        if !entry.annotators.is_empty() {
            ui.label(words::faint(theme, format!("Marked by {}", entry.annotators.join(", "))));
        }
    });
    clicked
}

/// The id of the field that filters the list.
pub fn filter_id() -> egui::Id {
    egui::Id::unique("filter of articles")
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::super::stage::Stage;
    use super::*;

    #[test]
    fn rows_tell_name_state_and_marks_and_open() {
        let mut stage = Stage::with_files(&[("a.txt", "Ada left."), ("b.txt", "Ben left."), ("more/c.txt", "So.")]);
        stage.tag("entity", Some("person"), "Ada");
        let mut harness = stage.show(articles_ui);
        harness.get_by_label("a.txt, in progress, 1 mark");
        harness.get_by_label("0 of 3 done");
        harness.get_by_label_contains("c.txt, ");
        harness.get_by_label_contains("b.txt, ").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::OpenArticle(1)]);
    }

    #[test]
    fn a_filter_leaves_what_fits() {
        let stage = Stage::with_files(&[("a.txt", "Ada left."), ("b.txt", "Ben left.")]);
        let mut harness = stage.show(articles_ui);
        harness.get_by_label("Filter articles by name").focus();
        harness.run();
        harness.get_by_label("Filter articles by name").type_text("B.T");
        harness.run();
        assert!(harness.query_by_label_contains("a.txt, ").is_none());
        harness.get_by_label_contains("b.txt, ").click();
        harness.run();
        assert_eq!(harness.state().actions, [Action::OpenArticle(1)]);
    }

    #[test]
    fn a_long_list_costs_what_is_visible() {
        let names: Vec<String> = (0..900).map(|at| format!("{at:04}.txt")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "So.")).collect();
        let harness = Stage::with_files(&files).show(articles_ui);
        let rows = harness.query_all_by_label_contains(".txt, ").count();
        assert!((5..60).contains(&rows), "{rows} rows are made");
    }
}
