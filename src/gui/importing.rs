//! Importing a dataset in the window: what was dropped, what is recognised, the work, and the corpus that comes of it.
//!
//! Nothing is written before a person says so. Reading and writing are left to `workspace::dataset`, on a thread.

use std::path::{Path, PathBuf};

use super::app::App;
use super::datasets::{Arrived, DatasetAction, ImportSheet, ImportStage, Running, told};
use super::exporting::typed_path;
use super::picked::Picked;
use crate::article::is_article;
use crate::store::sidecar::{fit_annotator, sidecar_path};
use crate::workspace::dataset::{
    DatasetError, ImportOrder, Imported, Job, Notes, beside, dataset_among, holds_articles, import_whole, recognise,
};

/// Stands for the format that is found out.
pub const AUTO: &str = "auto";

impl App {
    /// Opens the sheet of an import, on a dataset or to choose one.
    pub(super) fn open_import(&mut self, files: Vec<PathBuf>) {
        self.send_draft();
        if self.datasets.is_running() {
            self.say("A dataset is being written. Stop that first, or wait.", false);
            return;
        }
        self.datasets.export = None;
        self.datasets.opened += 1;
        let workspace = self.workspace.as_ref();
        let annotator = workspace.map_or_else(|| self.start.login.clone(), |it| it.annotator().to_owned());
        self.datasets.import = Some(ImportSheet {
            serial: self.datasets.opened,
            files: Vec::new(),
            is_folder: false,
            has_articles: false,
            typed: String::new(),
            from: AUTO.to_owned(),
            annotator,
            take_over: false,
            predictions: false,
            into: String::new(),
            found: None,
            problem: None,
            stage: ImportStage::Asking,
        });
        if !files.is_empty() {
            self.look_at(files);
        }
        self.ctx.request_repaint();
    }

    /// Something was dropped on the window.
    pub(super) fn take_dropped(&mut self, paths: Vec<PathBuf>) {
        if self.datasets.is_running() {
            self.say("A dataset is being written. Stop that first, or wait.", false);
            return;
        }
        if let [article] = paths.as_slice()
            && is_article(article)
            && !article.is_dir()
        {
            self.open_articles(article);
            return;
        }
        let looked = paths.clone();
        self.datasets.dropped = Some((paths, Job::start(self.waker(), move |_| Ok(dataset_among(&looked)))));
    }

    fn open_articles(&mut self, path: &Path) {
        (self.datasets.export, self.datasets.import) = (None, None);
        self.open_path(path);
    }

    /// Looks at a dataset, on a thread.
    pub(super) fn look_at(&mut self, files: Vec<PathBuf>) {
        let wake = self.waker();
        let folder = import_folder(&files[0]);
        let Some(sheet) = &mut self.datasets.import else { return };
        if files != sheet.files {
            sheet.into = beside(&files[0], &folder, "pressmark").display().to_string();
            sheet.is_folder = files.len() == 1 && files[0].is_dir();
            sheet.has_articles = sheet.is_folder && holds_articles(&files[0]);
            sheet.files = files;
            sheet.predictions = false;
        }
        (sheet.found, sheet.problem) = (None, None);
        let order = ImportOrder {
            from: sheet.from.clone(),
            files: sheet.files.clone(),
            predictions: sheet.predictions,
            ..ImportOrder::default()
        };
        let job = Job::start(wake, move |listener| recognise(&order, listener));
        sheet.stage = ImportStage::Looking(Running::new(job, ""));
    }

    /// Carries out what the sheet of an import asks for.
    pub(super) fn carry_out_import(&mut self, action: DatasetAction) {
        match action {
            DatasetAction::LookAtTyped => {
                let base = std::env::current_dir().unwrap_or_default().join("here");
                let typed = self.datasets.import.as_ref().map(|sheet| typed_path(&sheet.typed, &base));
                match typed {
                    Some(path) if path.exists() => self.look_at(vec![path]),
                    Some(path) => self.set_problem(format!("{} is not there.", path.display())),
                    None => {}
                }
            }
            DatasetAction::PickDataset { folder } => self.ask(Picked::Dataset, move |dialog| {
                let dialog = dialog.set_title("Import dataset");
                if folder { dialog.pick_folder() } else { dialog.pick_file() }
            }),
            DatasetAction::PickInto => {
                self.ask(Picked::Into, |dialog| dialog.set_title("Put the corpus into this folder").pick_folder());
            }
            DatasetAction::From(from) => {
                let Some(sheet) = &mut self.datasets.import else { return };
                (sheet.from, sheet.predictions) = (from, false);
                let files = sheet.files.clone();
                if !files.is_empty() {
                    self.look_at(files);
                }
            }
            DatasetAction::Predictions(read) => {
                let Some(sheet) = &mut self.datasets.import else { return };
                sheet.predictions = read;
                let files = sheet.files.clone();
                self.look_at(files);
            }
            DatasetAction::Another => {
                let Some(sheet) = &mut self.datasets.import else { return };
                (sheet.found, sheet.problem, sheet.files) = (None, None, Vec::new());
                (sheet.from, sheet.stage) = (AUTO.to_owned(), ImportStage::Asking);
            }
            DatasetAction::Import { add } => self.begin_import(add),
            DatasetAction::OpenArticles => {
                let folder = self.datasets.import.as_ref().and_then(|sheet| sheet.files.first().cloned());
                if let Some(folder) = folder {
                    self.decline_offer(std::path::absolute(&folder).unwrap_or_else(|_| folder.clone()));
                    self.open_articles(&folder);
                }
            }
            DatasetAction::WorkAs(name) => {
                self.set_annotator(&name);
                if let Some(ImportStage::Done(arrived)) = self.datasets.import.as_mut().map(|sheet| &mut sheet.stage) {
                    arrived.others.clear();
                }
            }
            action => {
                let Some(sheet) = &mut self.datasets.import else { return };
                sheet.problem = None;
                match action {
                    DatasetAction::Type(typed) => sheet.typed = typed,
                    DatasetAction::Annotator(name) => sheet.annotator = name,
                    DatasetAction::TakeOver(all) => sheet.take_over = all,
                    DatasetAction::Into(into) => (sheet.into, sheet.stage) = (into, ImportStage::Ready),
                    _ => {}
                }
            }
        }
    }

    /// Says what is wrong on the sheet of an import.
    pub(super) fn set_problem(&mut self, problem: String) {
        if let Some(sheet) = &mut self.datasets.import {
            sheet.problem = Some(problem);
        }
    }

    /// A folder was chosen that the corpus's own folder goes into.
    pub(super) fn take_into(&mut self, folder: &Path) {
        if let Some(sheet) = &mut self.datasets.import
            && let Some(first) = sheet.files.first()
        {
            sheet.into = beside(first, folder, "pressmark").display().to_string();
            sheet.problem = None;
        }
    }

    fn begin_import(&mut self, add: bool) {
        let wake = self.waker();
        let Some(sheet) = &mut self.datasets.import else { return };
        let (Some(found), ImportStage::Ready | ImportStage::Adding(_)) = (&sheet.found, &sheet.stage) else { return };
        let (format, first) = (found.format, sheet.files.first().cloned().unwrap_or_default());
        sheet.stage = ImportStage::Ready;
        if sheet.annotator.trim().is_empty() {
            sheet.problem = Some("Say whose layers they become.".to_owned());
            return;
        }
        if sheet.into.trim().is_empty() {
            sheet.problem = Some("Say which folder the articles go into.".to_owned());
            return;
        }
        let into = typed_path(&sheet.into, &std::path::absolute(&first).unwrap_or(first));
        if into.is_file() {
            sheet.problem = Some(format!("{} is a file. Choose a folder.", into.display()));
            return;
        }
        if into.exists() && !add {
            sheet.stage = ImportStage::Adding(into);
            return;
        }
        let login = fit_annotator(sheet.annotator.trim());
        let order = ImportOrder {
            from: format.to_owned(),
            annotator: sheet.take_over.then(|| login.clone()),
            login,
            into,
            files: sheet.files.clone(),
            predictions: sheet.predictions,
            ..ImportOrder::default()
        };
        sheet.into = order.into.display().to_string();
        sheet.problem = None;
        let lost = if add { "What was added until now stays." } else { "Nothing of it is kept." };
        let job = Job::start(wake, move |listener| import_whole(&order, listener));
        sheet.stage = ImportStage::Running(Running::new(job, lost));
    }

    /// Takes in what the threads of an import bring.
    pub(super) fn follow_import(&mut self) {
        if let Some((_, job)) = &self.datasets.dropped
            && let Some(outcome) = job.poll()
            && let Some((paths, _)) = self.datasets.dropped.take()
        {
            if let Some(dataset) = outcome.ok().filter(|dataset| !dataset.is_empty()) {
                self.open_import(dataset);
            } else if let Some(first) = paths.iter().find(|path| is_article(path)).or(paths.first()) {
                self.open_articles(first);
            }
        }
        let Some(sheet) = &mut self.datasets.import else { return };
        match &sheet.stage {
            ImportStage::Looking(running) => {
                let Some(outcome) = running.job.poll() else { return };
                sheet.stage = ImportStage::Ready;
                match outcome {
                    Ok(mut found) => {
                        found.first = shortened(found.first, &sheet.files, sheet.is_folder);
                        sheet.found = Some(found);
                    }
                    Err(DatasetError::Cancelled) => sheet.stage = ImportStage::Asking,
                    Err(error) => sheet.problem = Some(told(&error)),
                }
            }
            ImportStage::Running(running) => {
                let Some(outcome) = running.job.poll() else { return };
                let notes = running.job.take_notes();
                self.take_imported(outcome, notes);
            }
            _ => {}
        }
    }

    /// An import has ended: opens what it made.
    fn take_imported(&mut self, outcome: Result<Imported, DatasetError>, notes: Notes) {
        let Some(sheet) = &mut self.datasets.import else { return };
        let into = PathBuf::from(&sheet.into);
        sheet.stage = ImportStage::Ready;
        let imported = match outcome {
            Ok(imported) => imported,
            Err(DatasetError::Cancelled) if into.exists() => {
                let why = "Stopped. What was imported until then stays there; importing again adds the rest.";
                sheet.problem = Some(why.to_owned());
                return;
            }
            Err(error) => {
                sheet.problem = Some(told(&error));
                return;
            }
        };
        let mut names: Vec<String> =
            sheet.found.iter().flat_map(|it| &it.annotators).map(|it| fit_annotator(it)).collect();
        names.dedup();
        let unsaid = names.is_empty() || sheet.take_over;
        let given = fit_annotator(sheet.annotator.trim());
        let inside = format!("{}/", into.display());
        let report = notes.into_lines().into_iter().map(|line| line.replace(&inside, "")).collect();
        let report = shortened(report, &sheet.files, sheet.is_folder);
        let mut arrived = Arrived { imported, report, into: into.clone(), others: Vec::new() };
        self.open_path(&into);
        let whose = if unsaid { vec![given] } else { names };
        // Where it could not be opened, the status bar says why.
        if let Some(workspace) = self.workspace.as_mut().filter(|workspace| workspace.root() == into)
            && !whose.iter().any(|name| name == workspace.annotator())
        {
            // Marks are to be seen at once: those of the first who has a layer of the first article.
            let first = workspace.entries().first().map(|entry| workspace.root().join(&entry.path));
            let has = |name: &&String| first.as_ref().is_some_and(|first| sidecar_path(first, name).exists());
            if let Some(name) = whose.iter().find(has).cloned() {
                workspace.open_layer(0, &name);
            }
            arrived.others = whose;
        }
        if let Some(sheet) = &mut self.datasets.import {
            sheet.stage = ImportStage::Done(Box::new(arrived));
        }
    }
}

/// Lines of a report, with paths from the dataset's folder on: people know where that is.
fn shortened(lines: Vec<String>, files: &[PathBuf], is_folder: bool) -> Vec<String> {
    let folder = files.first().and_then(|first| if is_folder { Some(first.as_path()) } else { first.parent() });
    let Some(start) = folder.map(|folder| format!("{}/", folder.display())) else { return lines };
    let short = |line: String| line.strip_prefix(&start).map(str::to_owned).unwrap_or(line);
    lines.into_iter().map(short).collect()
}

/// Beside the dataset, or among the user's documents where nothing can be written there.
fn import_folder(dataset: &Path) -> PathBuf {
    let full = std::path::absolute(dataset).unwrap_or_else(|_| dataset.to_path_buf());
    let beside = full.parent().unwrap_or(&full).to_path_buf();
    // A folder can be written to where a file can be made in it.
    let writable = tempfile::tempfile_in(&beside).is_ok();
    let documents = || dirs::document_dir().or_else(dirs::home_dir).filter(|folder| folder.is_dir());
    if writable { beside } else { documents().unwrap_or(beside) }
}
