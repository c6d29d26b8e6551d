//! The window's state and the order of a frame: news, keys, panels, then what was asked for.
//!
//! Each kind of action is carried out beside the state that it changes: opening in this file, marking in `act`,
//! linking in `linking`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use egui::{Context, Ui};

use super::datasets::Datasets;
use super::layout::layout_ui;
use super::pane::Pane;
use super::panels;
use super::picked::Picked;
use super::scene::Scene;
use super::settings::Settings;
use super::theme::Theme;
use super::view::View;
use crate::model::Schema;
use crate::store::{self, StoreError};
use crate::typeset::Fonts;
use crate::workspace::dataset::{dataset_among, is_dataset_file};
use crate::workspace::{Document, Notice, Wake, Workspace, install_sample};

/// Seconds that a message stays in the status bar.
const MESSAGE: f64 = 6.0;

/// What the program was started with.
#[derive(Clone, Debug)]
pub struct Start {
    /// An article or a folder.
    pub path: Option<PathBuf>,
    /// Whose layers are made.
    pub annotator: Option<String>,
    /// The login name, for want of a choice.
    pub login: String,
    /// The user's data folder, where the sample corpus goes.
    pub data: PathBuf,
}

impl Start {
    /// A start as this user on this machine.
    pub fn here(path: Option<PathBuf>, annotator: Option<String>) -> Self {
        let data = dirs::data_dir().unwrap_or_else(std::env::temp_dir).join("pressmark");
        let login = whoami::username().unwrap_or_else(|_| "annotator".to_owned());
        Self { path, annotator, login, data }
    }
}

/// The window's state.
pub struct App {
    pub(super) start: Start,
    pub(super) workspace: Option<Workspace>,
    pub(super) pane: Pane,
    pub(super) view: View,
    pub(super) settings: Settings,
    theme: Theme,
    applied: Option<Theme>,
    builtin: Arc<Schema>,
    fonts: Receiver<Fonts>,
    pub(super) picked: (Sender<Picked>, Receiver<Picked>),
    pub(super) ctx: Context,
    shown_document: Option<u64>,
    /// Whether words were being typed when the last frame ended: Esc leaves the field before keys are looked at.
    pub(super) was_typing: bool,
    /// Whether a control had the keyboard when the last frame ended.
    pub(super) was_elsewhere: bool,
    pub(super) panel: super::view::KeyboardPanel,
    pub(super) leaving: bool,
    /// The sheets of datasets.
    pub(super) datasets: Datasets,
    /// What was in view when hint letters were put.
    pub(super) hinted: Option<crate::model::Span>,
    /// What `view.placing` was found for.
    pub(super) placing_key: Option<super::view::PlacingKey>,
    said_missing: bool,
}

impl App {
    /// The app of a new window.
    pub fn new(context: &eframe::CreationContext<'_>, start: Start) -> Self {
        let settings =
            context.storage.and_then(|storage| eframe::get_value::<Settings>(storage, "settings")).unwrap_or_default();
        Self::with(&context.egui_ctx, start, settings)
    }

    /// An app with these settings.
    pub fn with(ctx: &Context, start: Start, settings: Settings) -> Self {
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        ctx.set_zoom_factor(settings.zoom.clamp(0.5, 4.0));
        let (sender, fonts) = channel();
        let waker = ctx.clone();
        std::thread::spawn(move || {
            let _ = sender.send(Fonts::with_system());
            waker.request_repaint();
        });
        let mut app = Self {
            workspace: None,
            pane: Pane::new(Fonts::bundled()),
            view: View::default(),
            theme: Theme::light(),
            applied: None,
            builtin: Arc::new(store::schema::builtin()),
            fonts,
            picked: channel(),
            ctx: ctx.clone(),
            shown_document: None,
            was_typing: false,
            was_elsewhere: false,
            panel: super::view::KeyboardPanel::default(),
            leaving: false,
            datasets: Datasets::default(),
            hinted: None,
            placing_key: None,
            said_missing: false,
            start,
            settings,
        };
        app.open_first();
        app
    }

    /// What the command line names, or what was open last, or the sample corpus.
    fn open_first(&mut self) {
        if let Some(path) = self.start.path.clone() {
            self.open_path(&path);
            return;
        }
        if let Some(last) = self.settings.last.clone().filter(|last| last.exists()) {
            let article = self.settings.last_article.clone();
            if self.open_corpus(&last) {
                self.open_named(article.as_deref());
                return;
            }
        }
        self.open_sample();
    }

    /// Opens the sample corpus on its first story.
    pub(super) fn open_sample(&mut self) {
        match install_sample(&self.start.data) {
            Ok(root) => {
                if self.open_corpus(&root) {
                    self.open_named(Some(Path::new("border-fraud-talks.txt")));
                }
            }
            Err(error) => self
                .say(format!("The sample articles cannot be copied to {}: {error}.", self.start.data.display()), true),
        }
    }

    /// Opens a folder, or an article with the folder that it stands in.
    pub fn open_path(&mut self, path: &Path) {
        self.send_draft();
        // What lies beside a folder, and what was open last, have a place whatever folder a shell stood in.
        let full = std::path::absolute(path);
        let path = full.as_deref().unwrap_or(path);
        if self.open_corpus(path) && path.is_dir() {
            self.open_named(None);
        }
    }

    fn open_corpus(&mut self, path: &Path) -> bool {
        if self.workspace.as_mut().is_some_and(|workspace| !workspace.save_now()) {
            return false;
        }
        let annotator = self
            .start
            .annotator
            .clone()
            .or_else(|| self.settings.annotator.clone())
            .unwrap_or_else(|| self.start.login.clone());
        let ctx = self.ctx.clone();
        let wake: Wake = Arc::new(move || ctx.request_repaint());
        match Workspace::open(path, &annotator, wake) {
            Ok((workspace, chosen)) => {
                self.settings.last = Some(workspace.root().to_owned());
                self.workspace = Some(workspace);
                self.view = View::default();
                self.look_for_offer(path);
                if let (Some(workspace), Some(chosen)) = (&mut self.workspace, chosen) {
                    workspace.open_article(chosen);
                }
                true
            }
            Err(StoreError::NoArticles { path }) if !dataset_among(std::slice::from_ref(&path)).is_empty() => {
                self.open_import(vec![path]);
                false
            }
            Err(StoreError::NotAnArticle { path }) if is_dataset_file(&path) => {
                self.open_import(vec![path]);
                false
            }
            Err(error) => {
                self.say(error.to_string(), true);
                false
            }
        }
    }

    fn open_named(&mut self, name: Option<&Path>) {
        let Some(workspace) = &mut self.workspace else { return };
        let number = name.and_then(|name| workspace.entries().iter().position(|entry| entry.path == name));
        workspace.open_article(number.unwrap_or(0));
    }

    /// Puts a message into the status bar.
    pub(super) fn say(&mut self, text: impl Into<String>, error: bool) {
        let now = self.ctx.input(|input| input.time);
        self.view.message = Some((Notice { text: text.into(), error }, now));
        self.ctx.request_repaint_after(Duration::from_secs_f64(MESSAGE));
    }

    /// Carries out what was typed into the details and not sent yet.
    pub(super) fn send_draft(&mut self) {
        if let Some(command) = panels::take_draft(&self.ctx) {
            self.perform(command);
        }
    }

    /// Saves before the window closes, and keeps it open if that fails.
    fn mind_closing(&mut self) {
        if self.leaving || !self.ctx.input(|input| input.viewport().close_requested()) {
            return;
        }
        self.send_draft();
        if self.mind_running() {
            self.ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            return;
        }
        if self.workspace.as_mut().is_some_and(|workspace| !workspace.save_now()) {
            self.ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.view.unsaved_at_close = true;
        }
    }

    /// Takes in what threads, dialogs and the desktop bring.
    fn take_news(&mut self) {
        if let Ok(fonts) = self.fonts.try_recv() {
            self.pane.set_fonts(fonts);
        }
        let dropped: Vec<PathBuf> =
            self.ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        if !dropped.is_empty() {
            self.take_dropped(dropped);
        }
        match self.picked.1.try_recv().ok() {
            Some(Picked::Path(path)) => self.open_path(&path),
            Some(Picked::Target(path)) => self.take_target(&path),
            Some(Picked::Dataset(path)) => self.look_at(vec![path]),
            Some(Picked::Into(path)) => self.take_into(&path),
            Some(Picked::NoDialog) => self.say_there_is_no_dialog(),
            None => {}
        }
        self.follow_export();
        self.follow_import();
        self.follow_offer();
        let Some(workspace) = &mut self.workspace else { return };
        workspace.poll();
        let notices = workspace.take_notices();
        let document = workspace.document().map(Document::serial);
        if document != self.shown_document {
            self.shown_document = document;
            self.said_missing = false;
            // What was said of the article before is not said of this one.
            let message = self.view.message.take().filter(|(notice, _)| notice.error);
            let kept = View { message, last_label: self.view.last_label.take(), ..View::default() };
            self.view = kept;
            self.pane.focus();
            let open = self.workspace.as_ref().and_then(Workspace::document);
            let name = open.and_then(|document| {
                self.workspace.as_ref().map(|workspace| workspace.entries()[document.number].path.clone())
            });
            let title =
                name.as_ref().map_or_else(|| "Pressmark".to_owned(), |name| format!("{} – Pressmark", name.display()));
            self.ctx.send_viewport_cmd(egui::ViewportCommand::Title(title));
            self.settings.last_article = name;
        }
        if let Some(notice) = notices.into_iter().max_by_key(|notice| notice.error) {
            self.say(notice.text, notice.error);
        }
        let now = self.ctx.input(|input| input.time);
        if self.view.message.as_ref().is_some_and(|(notice, at)| !notice.error && now - at > MESSAGE) {
            self.view.message = None;
        }
        if let Some(c) = self.pane.missing().filter(|_| !self.said_missing) {
            self.said_missing = true;
            self.say(missing_font(c), true);
        }
    }

    fn follow_theme(&mut self) {
        let colors = self.workspace.as_ref().map_or(&self.builtin.colors, |workspace| &workspace.schema().colors);
        self.theme = Theme::of(self.settings.theme, &self.ctx, colors);
        if self.applied.as_ref() != Some(&self.theme) {
            self.theme.apply(&self.ctx);
            self.applied = Some(self.theme.clone());
        }
    }

    /// One frame.
    pub fn frame(&mut self, ui: &mut Ui) {
        self.take_news();
        self.mind_closing();
        self.follow_theme();
        let mut actions = Vec::new();
        self.keys(&mut actions);
        self.follow_placing();
        {
            let Self { workspace, pane, view, settings, theme, builtin, datasets, .. } = self;
            let workspace = workspace.as_ref();
            let document = workspace.and_then(Workspace::document);
            let layer = document.map(Document::layer);
            let schema = workspace.map_or(&**builtin, |workspace| workspace.schema());
            let scene = Scene { workspace, document, layer: layer.as_deref(), schema, theme, view, settings, datasets };
            layout_ui(ui, &scene, pane, &mut actions);
        }
        self.view.focus_details = false;
        self.was_typing = self.ctx.text_edit_focused();
        let elsewhere = !self.article_has_keyboard();
        self.follow_link();
        for action in actions {
            self.carry_out(action);
        }
        self.was_elsewhere = elsewhere;
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        self.settings.zoom = self.ctx.zoom_factor();
        eframe::set_value(storage, "settings", &self.settings);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if let Some(workspace) = &mut self.workspace {
            workspace.save_now();
        }
    }
}

/// Says which script has no font, and what to install.
fn missing_font(c: char) -> String {
    let (script, package) = match c as u32 {
        0x0590..=0x05FF => ("Hebrew", "fonts-noto-core"),
        0x0600..=0x06FF | 0x0750..=0x077F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC => ("Arabic", "fonts-noto-core"),
        0x0900..=0x0DFF => ("Indic letters", "fonts-noto-core"),
        0x0E00..=0x0E7F => ("Thai", "fonts-noto-core"),
        0x0E80..=0x0EFF => ("Lao", "fonts-noto-core"),
        0x0F00..=0x0FFF => ("Tibetan", "fonts-noto-core"),
        0x1000..=0x109F | 0xA9E0..=0xA9FF | 0xAA60..=0xAA7F => ("Burmese", "fonts-noto-core"),
        0x10A0..=0x10FF => ("Georgian", "fonts-noto-core"),
        0x1780..=0x17FF => ("Khmer", "fonts-noto-core"),
        0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => {
            ("Chinese, Japanese and Korean", "fonts-noto-cjk")
        }
        0x2190..=0x2BFF | 0x1F000..=0x1FAFF => ("emoji and signs", "fonts-noto-color-emoji"),
        _ => ("this script", "fonts-noto"),
    };
    format!(
        "No installed font has {c} (U+{:04X}), so some of the text shows as boxes. For {script}, install a font such as {package}.",
        c as u32
    )
}
