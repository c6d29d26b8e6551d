//! Exporting a dataset from the window: the sheet's choices, its preview, the work, and what came of it.
//!
//! What is written is what is on the screen: typed words are sent and the layer is saved first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::app::App;
use super::datasets::{DatasetAction, Datasets, Delivered, ExportSheet, ExportStage, ImportStage, Look, Running, told};
use super::panels::{self, is_known, size_words};
use super::picked::Picked;
use crate::formats::jsonl;
use crate::store::sidecar::GOLD;
use crate::workspace::dataset::{
    Choices, DatasetError, Delivery, Job, Notes, Preview, Standing, Whose, deliver, named_target, preview, standing,
    used_labels,
};
use crate::workspace::{Wake, Workspace};

impl App {
    /// Wakes the window from any thread.
    pub(super) fn waker(&self) -> Wake {
        let ctx = self.ctx.clone();
        Arc::new(move || ctx.request_repaint())
    }

    /// Opens the sheet of an export.
    pub(super) fn open_export(&mut self) {
        self.send_draft();
        if self.datasets.is_open() {
            return;
        }
        let Some(workspace) = &mut self.workspace else {
            self.say("Open a folder of articles first.", false);
            return;
        };
        workspace.save_now();
        let annotators = annotators(workspace);
        let mut choices = self.datasets.last.clone().unwrap_or_default();
        let is_there = |whose: &Whose| match whose {
            Whose::One(name) => annotators.iter().any(|(there, _)| there == name),
            Whose::Gold | Whose::All => true,
        };
        if self.datasets.last.is_none() || !is_there(&choices.whose) {
            choices.whose = whose(workspace, &annotators, choices.format);
        }
        // Labels are those of another corpus, perhaps.
        choices.labels = None;
        let (counted, open, root) = (Some(workspace.revision()), undecided(workspace), workspace.root().to_owned());
        let target = named_target(&self.export_folder(&root), &root, &choices).display().to_string();
        self.datasets.opened += 1;
        self.datasets.export = Some(ExportSheet {
            serial: self.datasets.opened,
            choices,
            target,
            annotators,
            undecided: open,
            counted,
            used: None,
            counting: None,
            preview: Look::Waiting,
            looking: None,
            problem: None,
            stage: ExportStage::Choosing,
        });
        self.ctx.request_repaint();
    }

    /// Where a dataset goes, for want of a choice: where the last one went, beside the corpus, or among the user's
    /// documents where the corpus lies in the program's own folder.
    fn export_folder(&self, root: &Path) -> PathBuf {
        let own = root.starts_with(&self.start.data);
        let documents = || dirs::document_dir().or_else(dirs::home_dir).filter(|folder| folder.is_dir());
        let beside = root.parent().unwrap_or(root).to_path_buf();
        let last = self.datasets.folder.clone().filter(|folder| folder.is_dir());
        last.or_else(|| own.then(documents).flatten()).unwrap_or(beside)
    }

    /// Carries out what a sheet asks for.
    pub(super) fn carry_out_dataset(&mut self, action: DatasetAction) {
        match action {
            DatasetAction::Choose(choices) => self.choose(*choices),
            DatasetAction::Target(target) => {
                if let Some(sheet) = &mut self.datasets.export {
                    (sheet.target, sheet.problem, sheet.stage) = (target, None, ExportStage::Choosing);
                }
            }
            DatasetAction::PickTarget => self.pick_target(),
            DatasetAction::Export { replace } => self.begin_export(replace),
            DatasetAction::ShowFolder(folder) => self.show_folder(&folder),
            DatasetAction::Stop => self.stop_dataset(),
            DatasetAction::GoOn => self.go_on_dataset(),
            DatasetAction::Leave => self.leave_dataset(),
            DatasetAction::AnswerOffer { import } => self.answer_offer(import),
            action => self.carry_out_import(action),
        }
    }

    fn choose(&mut self, choices: Choices) {
        let Some((sheet, workspace)) = self.datasets.export.as_mut().zip(self.workspace.as_ref()) else { return };
        let root = workspace.root();
        // A name that was made of the format goes with it; one that was typed stays.
        let target = typed_path(&sheet.target, root);
        if let Some(folder) = target.parent().filter(|folder| target == named_target(folder, root, &sheet.choices)) {
            sheet.target = named_target(folder, root, &choices).display().to_string();
        }
        (sheet.choices, sheet.problem, sheet.stage) = (choices, None, ExportStage::Choosing);
    }

    fn pick_target(&self) {
        let Some((sheet, workspace)) = self.datasets.export.as_ref().zip(self.workspace.as_ref()) else { return };
        let target = typed_path(&sheet.target, workspace.root());
        let folder = sheet.choices.is_folder();
        self.ask(Picked::Target, move |mut dialog| {
            if let Some(above) = target.parent().filter(|above| above.is_dir()) {
                dialog = dialog.set_directory(above);
            }
            if folder {
                dialog.set_title("Put the dataset into this folder").pick_folder()
            } else {
                let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
                dialog.set_title("Export dataset").set_file_name(name).save_file()
            }
        });
    }

    /// A place was chosen: a file, or the folder that the dataset's own folder goes into.
    pub(super) fn take_target(&mut self, picked: &Path) {
        let Some((sheet, workspace)) = self.datasets.export.as_mut().zip(self.workspace.as_ref()) else { return };
        let folder = sheet.choices.is_folder();
        let target = if folder { named_target(picked, workspace.root(), &sheet.choices) } else { picked.to_path_buf() };
        (sheet.target, sheet.problem) = (target.display().to_string(), None);
    }

    fn begin_export(&mut self, replace: bool) {
        self.send_draft();
        let wake = self.waker();
        let Some((sheet, workspace)) = self.datasets.export.as_mut().zip(self.workspace.as_mut()) else { return };
        if !matches!(sheet.stage, ExportStage::Choosing | ExportStage::Replacing(_)) {
            return;
        }
        sheet.stage = ExportStage::Choosing;
        if sheet.choices.labels.as_ref().is_some_and(std::collections::BTreeSet::is_empty) {
            sheet.problem = Some("Choose at least one label.".to_owned());
            return;
        }
        if sheet.target.trim().is_empty() {
            sheet.problem = Some("Say where the dataset goes.".to_owned());
            return;
        }
        let target = typed_path(&sheet.target, workspace.root());
        match standing(&target, workspace.root(), &sheet.choices) {
            Standing::Taken(why) => {
                sheet.problem = Some(why);
                return;
            }
            Standing::Replaceable if !replace => {
                sheet.stage = ExportStage::Replacing(target);
                return;
            }
            Standing::Replaceable | Standing::Free => {}
        }
        if !workspace.save_now() {
            sheet.problem = Some("The last changes could not be saved. What is on disk would be exported.".to_owned());
            return;
        }
        sheet.problem = None;
        self.datasets.last = Some(sheet.choices.clone());
        self.datasets.folder = target.parent().map(Path::to_path_buf);
        let order = sheet.choices.order(workspace.root(), Some(target), replace);
        sheet.stage = {
            let job = Job::start(wake, move |listener| deliver(&order, listener));
            ExportStage::Running(Running::new(job, "Nothing of it is kept."))
        };
    }

    /// Takes in what the threads of an export bring, and has the preview follow what is chosen.
    pub(super) fn follow_export(&mut self) {
        let wake = self.waker();
        let Self { datasets: Datasets { export: Some(sheet), .. }, workspace: Some(workspace), .. } = self else {
            return;
        };
        if sheet.counted != Some(workspace.revision()) {
            sheet.counted = Some(workspace.revision());
            sheet.annotators = annotators(workspace);
            sheet.undecided = undecided(workspace);
        }
        if let ExportStage::Running(running) = &sheet.stage
            && let Some(outcome) = running.job.poll()
        {
            let notes = running.job.take_notes();
            match outcome {
                Ok(delivery) if delivery.exported.layers == 0 => {
                    sheet.stage = ExportStage::Choosing;
                    sheet.problem = Some("No layer fits what is chosen. Nothing was written.".to_owned());
                }
                Ok(delivery) => sheet.stage = ExportStage::Done(Box::new(delivered(delivery, notes))),
                Err(error) => (sheet.stage, sheet.problem) = (ExportStage::Choosing, Some(told(&error))),
            }
        }
        follow_labels(sheet, workspace, &wake);
        let wanted = sheet.choices.for_preview();
        match &mut sheet.looking {
            Some((of, job)) if *of == wanted => {
                if let Some(outcome) = job.as_ref().and_then(Job::poll) {
                    *job = None;
                    sheet.preview = looked(outcome);
                }
            }
            _ => {
                let job = if wanted.labels.as_ref().is_some_and(std::collections::BTreeSet::is_empty) {
                    sheet.preview = Look::Failed("Choose at least one label.".to_owned());
                    None
                } else {
                    sheet.preview = Look::Waiting;
                    let order = wanted.order(workspace.root(), None, false);
                    Some(Job::start(wake, move |_| preview(&order)))
                };
                sheet.looking = Some((wanted, job));
            }
        }
    }

    fn stop_dataset(&mut self) {
        if let Some(ExportSheet { stage: ExportStage::Running(running), .. }) = &mut self.datasets.export {
            running.job.stop();
            running.asking = false;
        }
        match self.datasets.import.as_mut().map(|sheet| &mut sheet.stage) {
            Some(ImportStage::Running(running)) => {
                running.job.stop();
                running.asking = false;
            }
            Some(ImportStage::Looking(running)) => running.job.stop(),
            _ => {}
        }
    }

    fn go_on_dataset(&mut self) {
        match self.datasets.export.as_mut().map(|sheet| &mut sheet.stage) {
            Some(ExportStage::Running(running)) => running.asking = false,
            Some(stage @ ExportStage::Replacing(_)) => *stage = ExportStage::Choosing,
            _ => {}
        }
        match self.datasets.import.as_mut().map(|sheet| &mut sheet.stage) {
            Some(ImportStage::Running(running)) => running.asking = false,
            Some(stage @ ImportStage::Adding(_)) => *stage = ImportStage::Ready,
            _ => {}
        }
    }

    /// Lets go of a question, else closes the sheet; asks first while something is being written.
    pub(super) fn leave_dataset(&mut self) {
        if let Some(sheet) = &mut self.datasets.export {
            match &mut sheet.stage {
                ExportStage::Running(running) => running.asking = !running.asking,
                stage @ ExportStage::Replacing(_) => *stage = ExportStage::Choosing,
                ExportStage::Choosing | ExportStage::Done(_) => {
                    self.datasets.last = Some(sheet.choices.clone());
                    self.datasets.export = None;
                }
            }
        } else if let Some(sheet) = &mut self.datasets.import {
            match &mut sheet.stage {
                ImportStage::Running(running) => running.asking = !running.asking,
                stage @ ImportStage::Adding(_) => *stage = ImportStage::Ready,
                _ => self.datasets.import = None,
            }
        }
        if !self.datasets.is_open() {
            self.pane.focus();
        }
    }

    /// Asks whether to stop, where the window is to be closed meanwhile. Whether it is to stay open.
    pub(super) fn mind_running(&mut self) -> bool {
        let running = self.datasets.is_running();
        if let Some(ExportSheet { stage: ExportStage::Running(running), .. }) = &mut self.datasets.export {
            running.asking = true;
        }
        if let Some(ImportStage::Running(running)) = self.datasets.import.as_mut().map(|sheet| &mut sheet.stage) {
            running.asking = true;
        }
        running
    }

    /// Shows a folder in the desktop's file manager.
    fn show_folder(&mut self, folder: &Path) {
        let opener = if cfg!(windows) {
            "explorer"
        } else if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        match std::process::Command::new(opener).arg(folder).spawn() {
            Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
            Err(error) => self.say(format!("{} cannot be shown: {opener}: {error}.", folder.display()), true),
        }
    }
}

/// Once labels are chosen, looks up which are used: some may not be in the schema. All are ticked at first.
fn follow_labels(sheet: &mut ExportSheet, workspace: &Workspace, wake: &Wake) {
    if let Some(outcome) = sheet.counting.as_ref().and_then(Job::poll) {
        sheet.counting = None;
        let used = outcome.unwrap_or_default();
        if let Some(labels) = &mut sheet.choices.labels {
            labels.extend(used.keys().filter(|label| !is_known(workspace.schema(), label)).cloned());
        }
        sheet.used = Some(used);
    } else if sheet.choices.labels.is_some() && sheet.used.is_none() && sheet.counting.is_none() {
        let root = workspace.root().to_owned();
        sheet.counting = Some(Job::start(wake.clone(), move |listener| used_labels(&root, listener)));
    }
}

/// What was written, as it is told.
fn delivered(delivery: Delivery, notes: Notes) -> Delivered {
    let Delivery { exported, target, files, count, bytes } = delivery;
    let mut report: Vec<String> = exported.losses.to_string().lines().map(str::to_owned).collect();
    report.extend(notes.into_lines());
    let mut list: Vec<String> = files.into_iter().map(|(name, size)| format!("{name}, {}", size_words(size))).collect();
    if count > list.len() {
        list.push(format!("and {} more", count - list.len()));
    }
    Delivered { layers: exported.layers, is_folder: target.is_dir(), target, files: list, count, bytes, report }
}

fn looked(outcome: Result<Option<Preview>, DatasetError>) -> Look {
    match outcome {
        Ok(Some(mut preview)) => {
            for text in preview.files.iter_mut().filter_map(|file| file.text.as_mut()) {
                if let Some(shown) = panels::on_screen(text) {
                    *text = shown;
                }
            }
            Look::Shown(preview)
        }
        Ok(None) => Look::Nothing,
        Err(error) => Look::Failed(told(&error)),
    }
}

/// Who has layers in a corpus, each with the number of articles.
fn annotators(workspace: &Workspace) -> Vec<(String, usize)> {
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for name in workspace.entries().iter().flat_map(|entry| &entry.annotators) {
        *all.entry(name.as_str()).or_default() += 1;
    }
    all.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

/// How many articles of a corpus have several layers, none of which is gold.
fn undecided(workspace: &Workspace) -> usize {
    let open = |names: &[String]| names.len() > 1 && !names.iter().any(|name| name == GOLD);
    workspace.entries().iter().filter(|entry| open(&entry.annotators)).count()
}

/// Whose layers are written, for want of a choice: everyone's where the format loses nothing, else gold where it is decided on
/// everywhere, else one's own, else the only one's.
fn whose(workspace: &Workspace, annotators: &[(String, usize)], format: &str) -> Whose {
    let has = |wanted: &str| annotators.iter().any(|(name, _)| name == wanted);
    match annotators {
        [_, _, ..] if format == jsonl::FORMAT.id => Whose::All,
        _ if has(GOLD) && undecided(workspace) == 0 => Whose::Gold,
        _ if has(workspace.annotator()) => Whose::One(workspace.annotator().to_owned()),
        [] => Whose::Gold,
        [(name, _)] => Whose::One(name.clone()),
        _ => Whose::All,
    }
}

/// A path as it is typed: `~` is the user's own folder, and what is relative counts from beside the corpus.
pub(super) fn typed_path(typed: &str, root: &Path) -> PathBuf {
    let typed = typed.trim();
    let typed = match (typed.strip_prefix("~/"), dirs::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    };
    root.parent().unwrap_or(root).join(typed)
}
