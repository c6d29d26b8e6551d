//! Carries actions out: each beside the state that it changes.
//!
//! Leaves what changes the layer to the workspace; what is linked and how stands in `linking`.

use egui::OpenUrl;
use smol_str::SmolStr;

use super::app::App;
use super::command::{Action, UiCommand};
use super::pane::Pane;
use super::settings::ThemeChoice;
use super::view::{CHOOSE_FIRST, KeyboardPanel, Mode, Search, Selection};
use crate::model::{Id, Span, Spans, Status};
use crate::text::snap::Snap;
use crate::workspace::{Command, Document, Sought, Workspace};

impl App {
    /// Carries out one action.
    pub(super) fn carry_out(&mut self, action: Action) {
        match action {
            Action::Run(command) => self.run(command),
            Action::Do(command) => {
                // The type given to a mark just made belongs to what `r` repeats.
                if let (Command::Relabel { id, label, kind }, Mode::Kind(made)) = (&command, &self.view.mode)
                    && id == made
                {
                    self.view.last_label = Some((label.clone(), kind.clone()));
                }
                if matches!(command, Command::Relabel { .. } | Command::Link { .. }) {
                    self.view.mode = Mode::Mark;
                }
                self.perform(command);
            }
            Action::OpenArticle(number) => {
                if let Some(workspace) = &mut self.workspace {
                    workspace.open_article(number);
                }
            }
            Action::OpenLayer(annotator) => {
                if let Some(workspace) = &mut self.workspace
                    && let Some(number) = workspace.document().map(|document| document.number)
                {
                    workspace.open_layer(number, &annotator);
                }
            }
            Action::OpenPath(path) => self.open_path(&path),
            Action::Choose(id) => {
                self.view.chosen = id;
                self.view.mode = Mode::Mark;
            }
            // While a link is open, the list of marks offers its other end, wherever that stands.
            Action::GoTo(id) if matches!(self.view.mode, Mode::Link { .. }) => self.end_link(&id),
            Action::GoTo(id) => self.go_to(&id),
            Action::Reveal(span) => self.pane.reveal(span),
            Action::Select(selection) => self.select(selection),
            Action::Tag(label, kind) => self.tag(label, kind),
            Action::BeginLink(from, only) => self.begin_link(from, only),
            Action::EndLink(to) => self.end_link(&to),
            Action::Decide(decision) => self.decide(decision),
            Action::SetAnnotator(name) => self.set_annotator(&name),
            Action::SetTheme(theme) => self.settings.theme = theme,
            Action::Seek(words) => self.seek(&words),
            Action::EndSearch => {
                self.view.search = None;
                self.pane.focus();
            }
            Action::CopyText(words) => self.ctx.copy_text(words),
            Action::FocusArticle => self.pane.focus(),
            Action::Follow(wanted) => {
                if let Some(workspace) = &mut self.workspace {
                    workspace.settle_homes(wanted);
                }
            }
            Action::Leave => {
                self.leaving = true;
                self.ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            Action::Stay => self.view.unsaved_at_close = false,
            Action::Dataset(action) => self.carry_out_dataset(action),
            Action::OpenUrl(url) => self.ctx.open_url(OpenUrl::new_tab(url)),
        }
    }

    fn run(&mut self, command: UiCommand) {
        use UiCommand as C;
        match command {
            C::OpenFile | C::OpenFolder => self.pick(command == C::OpenFolder),
            C::OpenSample => self.open_sample(),
            C::ImportDataset => self.open_import(Vec::new()),
            C::ExportDataset => self.open_export(),
            C::SaveNow => self.save_now(),
            C::Quit => self.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            C::Undo | C::Redo => {
                self.perform(if command == C::Undo { Command::Undo } else { Command::Redo });
            }
            C::Copy => self.copy(),
            C::Find => {
                self.view.search = Some(self.view.search.take().unwrap_or_default());
                self.ctx.memory_mut(|memory| memory.request_focus(super::panels::search::field_id()));
            }
            C::FindNext => self.step_search(1),
            C::FindPrevious => self.step_search(-1),
            C::Delete => self.delete(),
            C::Grow | C::Shrink => self.grow(command == C::Grow),
            C::AddFragment => self.add_fragment(),
            C::SelectMark => self.select_mark(),
            C::Clear => self.clear(),
            C::Repeat => match self.view.last_label.clone() {
                Some((label, kind)) => self.tag(label, kind),
                None => self.say("There is no last mark to repeat yet.", false),
            },
            C::Relabel => self.begin_relabel(),
            C::Details => self.show_details(),
            C::Link => match self.view.chosen.clone() {
                Some(from) => self.begin_link(from, None),
                None => self.say(CHOOSE_FIRST, false),
            },
            C::Unsure => match self.with_chosen(|it| (it.id.clone(), it.unsure())) {
                Some((id, unsure)) => {
                    self.perform(Command::SetUnsure { id, unsure: !unsure });
                }
                None => self.say(CHOOSE_FIRST, false),
            },
            C::CopyAttributes => {
                self.view.copied = self.view.chosen.clone();
                self.say(if self.view.copied.is_some() { "Attributes copied." } else { CHOOSE_FIRST }, false);
            }
            C::PasteAttributes => match (self.view.copied.clone(), self.view.chosen.clone()) {
                (Some(from), Some(to)) => {
                    self.perform(Command::CopyAttributes { from, to });
                }
                (None, _) => self.say("Copy the attributes of a mark first.", false),
                (_, None) => self.say(CHOOSE_FIRST, false),
            },
            C::TakePlaces => self.take_places(),
            C::StartOut | C::StartIn | C::EndOut | C::EndIn => self.move_edge_by(command, Snap::Word),
            C::StartOutChar | C::StartInChar | C::EndOutChar | C::EndInChar => {
                self.move_edge_by(command, Snap::Character);
            }
            C::NextMark => self.step_mark(1),
            C::PreviousMark => self.step_mark(-1),
            C::NextArticle => self.step_article(1),
            C::PreviousArticle => self.step_article(-1),
            C::Done => self.toggle_done(),
            C::NextPanel => self.next_panel(),
            C::ZoomIn => self.zoom(1.1),
            C::ZoomOut => self.zoom(1.0 / 1.1),
            C::ZoomReset => self.ctx.set_zoom_factor(1.0),
            C::ToggleArticles => self.settings.show_articles = !self.settings.show_articles,
            C::ToggleMarks => self.settings.show_marks = !self.settings.show_marks,
            C::ToggleSnap => {
                self.settings.snap_to_words = !self.settings.snap_to_words;
                let unit = if self.settings.snap_to_words { "whole words" } else { "characters" };
                self.say(format!("Selections take {unit}."), false);
            }
            C::ToggleTheme => {
                let dark = self.ctx.theme() == egui::Theme::Dark;
                self.settings.theme = if dark { ThemeChoice::Light } else { ThemeChoice::Dark };
            }
            C::Keys => self.view.keys_open = !self.view.keys_open,
            C::About => self.view.about_open = !self.view.about_open,
        }
    }

    /// Carries out a command and says what came of it; returns what it made.
    pub(super) fn perform(&mut self, command: Command) -> Option<Id> {
        let workspace = self.workspace.as_mut()?;
        match workspace.perform(command) {
            Ok(done) => {
                self.say(done.message, false);
                let chosen = self.view.chosen.clone();
                if chosen.is_some() && self.with_chosen(|_| ()).is_none() {
                    self.view.chosen = None;
                    self.view.mode = Mode::Mark;
                }
                done.created
            }
            Err(refusal) => {
                self.say(refusal.0, false);
                None
            }
        }
    }

    pub(super) fn document(&self) -> Option<&Document> {
        self.workspace.as_ref().and_then(Workspace::document)
    }

    fn select(&mut self, selection: Selection) {
        if selection != self.view.selection {
            // A mark without a place can be given what is selected.
            if !selection.is_empty() && self.view.placing.is_none() {
                self.view.chosen = None;
            }
            if !matches!(self.view.mode, Mode::Link { .. } | Mode::ChooseRelation { .. }) {
                self.view.mode = Mode::Mark;
            }
            self.view.selection = selection;
        }
    }

    fn tag(&mut self, label: SmolStr, kind: Option<SmolStr>) {
        let Some((document, schema)) = self.document().zip(self.workspace.as_ref().map(Workspace::schema)) else {
            return;
        };
        let keep = schema.label(&label).is_none_or(|label| label.keep_quotation_marks);
        let spans: Spans = self.view.selection.trimmed(&document.article().text, keep);
        if spans.is_empty() {
            self.say("Select some text first: drag over it, or put the caret in it and press g.", false);
            return;
        }
        let typed = kind.is_none() && schema.label(&label).is_some_and(|label| !label.types.is_empty());
        let command = Command::Tag { label: label.clone(), kind: kind.clone(), spans };
        if let Some(id) = self.perform(command) {
            self.view.last_label = Some((label, kind));
            self.view.selection = Selection::caret(self.view.selection.focus);
            self.view.chosen = Some(id.clone());
            self.view.mode = if typed { Mode::Kind(id) } else { Mode::Mark };
        }
    }

    pub(super) fn go_to(&mut self, id: &Id) {
        self.view.chosen = Some(id.clone());
        self.view.mode = Mode::Mark;
        let hull = self.with_chosen(crate::model::Annotation::hull).flatten();
        if let Some(hull) = hull {
            self.view.selection = Selection::caret(hull.start());
            self.pane.reveal(hull);
        }
    }

    fn step_mark(&mut self, step: isize) {
        if self.step_doubtful(step) {
            return;
        }
        let Some(document) = self.document() else { return };
        let layer = document.layer();
        let here = self.view.chosen.as_deref().and_then(|id| layer.position(id));
        let caret = self.view.selection.focus;
        let target = match here {
            Some(here) => here.checked_add_signed(step),
            None => match layer.overlapping(Span::new(caret, caret)).last() {
                // The mark that the caret stands in is the nearest one.
                Some(under) => layer.position(&under.id),
                None if step > 0 => Some(layer.count_before(caret)),
                None => layer.count_before(caret).checked_sub(1),
            },
        };
        let next = target.and_then(|at| layer.nth(at)).map(|annotation| annotation.id.clone());
        let none = layer.is_empty();
        drop(layer);
        match next {
            Some(id) => self.go_to(&id),
            None if none => self.say("There is no mark here yet.", false),
            None => {
                if let Some(hull) = self.with_chosen(crate::model::Annotation::hull).flatten() {
                    self.pane.reveal(hull);
                }
                self.say(if step > 0 { "This is the last mark." } else { "This is the first mark." }, false);
            }
        }
    }

    fn step_article(&mut self, step: isize) {
        if let Some(workspace) = &mut self.workspace {
            workspace.step_article(step);
        }
    }

    fn toggle_done(&mut self) {
        let Some(document) = self.document() else { return };
        let done = document.layer().head().status == Status::Done;
        self.perform(Command::SetStatus(if done { Status::InProgress } else { Status::Done }));
    }

    fn delete(&mut self) {
        if let Some(id) = self.view.chosen.clone() {
            self.perform(Command::Delete { ids: vec![id] });
        } else {
            self.say("To delete a mark, choose it first: click it, or press j.", false);
        }
    }

    fn clear(&mut self) {
        if self.datasets.is_open() {
            self.leave_dataset();
            return;
        }
        if self.view.keys_open || self.view.about_open {
            (self.view.keys_open, self.view.about_open) = (false, false);
        } else if self.view.search.is_some() {
            self.view.search = None;
        } else if self.was_elsewhere {
            // Out of the panel first; what it shows stays.
        } else if self.view.mode != Mode::Mark {
            self.view.mode = Mode::Mark;
        } else if self.view.chosen.is_some() {
            self.view.chosen = None;
        } else {
            self.view.selection = Selection::caret(self.view.selection.focus);
        }
        self.pane.focus();
    }

    fn begin_relabel(&mut self) {
        if self.view.chosen.is_some() {
            self.view.mode = Mode::Relabel;
        } else {
            self.say(CHOOSE_FIRST, false);
        }
    }

    fn show_details(&mut self) {
        if self.view.chosen.is_none() {
            let Some(document) = self.document() else { return };
            let caret = self.view.selection.focus;
            let under = document.layer().overlapping(Span::new(caret, caret)).last().map(|it| it.id.clone());
            self.view.chosen = under;
        }
        self.settings.show_marks = true;
        self.view.focus_details = true;
    }

    fn copy(&mut self) {
        let Some(document) = self.document() else { return };
        let text = &document.article().text;
        let mut spans = self.view.selection.shown(text);
        if spans.is_empty() {
            spans = self.with_chosen(|annotation| annotation.spans.clone()).unwrap_or_default();
        }
        let words: Vec<&str> = spans.iter().filter_map(|span| span.slice(text)).collect();
        if !words.is_empty() {
            self.ctx.copy_text(words.join(" … "));
            self.say("Text copied.", false);
        }
    }

    fn seek(&mut self, words: &str) {
        let Some(document) = self.document() else { return };
        let sought = Sought::find(&document.article().text, words);
        let caret = self.view.selection.focus;
        let at = sought.hits.iter().position(|hit| hit.end() >= caret).unwrap_or(0);
        self.view.search = Some(Search { sought, at });
        self.show_hit();
    }

    fn step_search(&mut self, step: isize) {
        let Some(search) = &mut self.view.search else {
            self.view.search = Some(Search::default());
            return;
        };
        let count = search.sought.hits.len();
        if count > 0 {
            search.at = (search.at.cast_signed() + step).rem_euclid(count.cast_signed()).cast_unsigned();
            self.show_hit();
        }
    }

    fn show_hit(&mut self) {
        let hit = self.view.search.as_ref().and_then(|search| search.sought.hits.get(search.at).copied());
        if let Some(hit) = hit {
            // What is looked at is the place found, not what was chosen before.
            self.view.chosen = None;
            self.view.mode = Mode::Mark;
            self.view.selection = Selection::span(hit);
            self.pane.reveal(hit);
        }
    }

    pub(super) fn set_annotator(&mut self, name: &str) {
        self.settings.annotator = Some(crate::store::sidecar::fit_annotator(name));
        self.start.annotator = None;
        if let Some(workspace) = &mut self.workspace {
            workspace.set_annotator(name);
            let name = workspace.annotator().to_owned();
            self.say(format!("Marks are now made by {name}."), false);
        }
    }

    fn save_now(&mut self) {
        let Some(workspace) = &mut self.workspace else { return };
        workspace.save_now();
        if let Some(document) = workspace.document() {
            let path = document.sidecar();
            let words = if path.exists() {
                format!("Saved in {}.", path.display())
            } else {
                "There is nothing to save yet.".to_owned()
            };
            if document.save_state() == crate::workspace::SaveState::Saved {
                self.say(words, false);
            }
        }
    }

    fn zoom(&mut self, factor: f32) {
        let zoom = (self.ctx.zoom_factor() * factor).clamp(0.5, 4.0);
        self.ctx.set_zoom_factor((zoom * 100.0).round() / 100.0);
    }

    /// From the article to the details, the list of marks, the list of articles, and back.
    fn next_panel(&mut self) {
        use super::panels::{annotations, articles};
        let marks = self.document().is_some_and(|document| !document.layer().is_empty());
        let focused = self.ctx.memory(egui::Memory::focused).filter(|focused| *focused != Pane::id());
        let filter = |wanted: egui::Id| focused == Some(wanted);
        let next = match self.panel {
            _ if focused.is_none() => KeyboardPanel::Details,
            KeyboardPanel::Details if marks => KeyboardPanel::Marks,
            _ if filter(articles::filter_id()) => KeyboardPanel::Article,
            KeyboardPanel::Details | KeyboardPanel::Marks => KeyboardPanel::Articles,
            KeyboardPanel::Articles | KeyboardPanel::Article => KeyboardPanel::Article,
        };
        self.panel = next;
        let field = match next {
            KeyboardPanel::Article => return self.pane.focus(),
            KeyboardPanel::Details => {
                self.settings.show_marks = true;
                self.view.focus_details = true;
                return self.ctx.memory_mut(|memory| memory.surrender_focus(Pane::id()));
            }
            KeyboardPanel::Marks => annotations::filter_id(),
            KeyboardPanel::Articles => {
                self.settings.show_articles = true;
                articles::filter_id()
            }
        };
        self.ctx.memory_mut(|memory| memory.request_focus(field));
    }
}
