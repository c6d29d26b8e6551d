//! The sheets of datasets: what is chosen for an export or an import, how far it is, what came of it.
//!
//! Pure state that panels read and `App` changes, in `exporting` and `importing`. It outlives the article in hand.

use std::collections::BTreeMap;
use std::path::PathBuf;

use smol_str::SmolStr;

use crate::workspace::dataset::{Choices, DatasetError, Delivery, Imported, Job, Offer, Preview, Recognised};

/// Both sheets; at most one is open.
#[derive(Default)]
pub struct Datasets {
    /// The export, while its sheet is open.
    pub export: Option<ExportSheet>,
    /// The import, while its sheet is open.
    pub import: Option<ImportSheet>,
    /// What was chosen for the last export.
    pub(super) last: Option<Choices>,
    /// Where the last dataset was put.
    pub(super) folder: Option<PathBuf>,
    /// What was dropped, while it is looked at what of it is a dataset.
    pub(super) dropped: Option<(Vec<PathBuf>, Job<Vec<PathBuf>>)>,
    /// That the open folder can be imported.
    pub offer: Option<Offer>,
    /// The job that looks whether it can.
    pub(super) offering: Option<Job<Option<Offer>>>,
    /// Counts the sheets that were opened.
    pub(super) opened: u64,
}

/// Work that goes on.
pub struct Running<T> {
    /// The work.
    pub job: Job<T>,
    /// Whether it is asked if it is to stop.
    pub asking: bool,
    /// What becomes of what was done, if it stops.
    pub lost: &'static str,
}

impl<T> Running<T> {
    /// Work that has just begun.
    pub fn new(job: Job<T>, lost: &'static str) -> Self {
        Self { job, asking: false, lost }
    }
}

/// What is chosen for an export.
pub struct ExportSheet {
    /// Tells this sheet from those before.
    pub serial: u64,
    /// What is chosen.
    pub choices: Choices,
    /// Where it goes, as it is typed.
    pub target: String,
    /// Who has layers, each with the number of articles.
    pub annotators: Vec<(String, usize)>,
    /// How many articles have several layers, none of which is gold.
    pub undecided: usize,
    /// The revision of the list of articles that they were counted in.
    pub(super) counted: Option<u64>,
    /// How often each full label is used; looked up once labels are chosen.
    pub used: Option<BTreeMap<SmolStr, usize>>,
    /// The job that looks it up.
    pub(super) counting: Option<Job<BTreeMap<SmolStr, usize>>>,
    /// The first article as it will be written.
    pub preview: Look,
    /// What the preview is of, and the job that makes it.
    pub(super) looking: Option<(Choices, Option<Job<Option<Preview>>>)>,
    /// Why it cannot be done so.
    pub problem: Option<String>,
    /// How far it is.
    pub stage: ExportStage,
}

/// What there is of a preview.
#[derive(Clone, Debug, Default)]
pub enum Look {
    /// It is being made.
    #[default]
    Waiting,
    /// The article as it will be written.
    Shown(Preview),
    /// No layer fits what is chosen.
    Nothing,
    /// It cannot be written, and why.
    Failed(String),
}

/// How far an export is.
pub enum ExportStage {
    /// It is being chosen.
    Choosing,
    /// It is asked whether what is there is to be replaced.
    Replacing(PathBuf),
    /// It is being written.
    Running(Running<Delivery>),
    /// It was written.
    Done(Box<Delivered>),
}

/// What was written, as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// So many layers.
    pub layers: usize,
    /// The file or folder.
    pub target: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Its first files, with their sizes.
    pub files: Vec<String>,
    /// How many files there are.
    pub count: usize,
    /// Bytes of all of them.
    pub bytes: u64,
    /// What the format does not hold as it is, and what was told on the way.
    pub report: Vec<String>,
}

/// What is chosen for an import.
pub struct ImportSheet {
    /// Tells this sheet from those before.
    pub serial: u64,
    /// The dataset's files and folders.
    pub files: Vec<PathBuf>,
    /// Whether that is one folder.
    pub is_folder: bool,
    /// Whether that folder has articles, which can be opened as they are.
    pub has_articles: bool,
    /// A path that is being typed.
    pub typed: String,
    /// The format, or `auto`.
    pub from: String,
    /// Whose layers they become where the dataset does not say.
    pub annotator: String,
    /// Whether they all become layers of that one.
    pub take_over: bool,
    /// Whether what models predicted becomes layers of theirs.
    pub predictions: bool,
    /// The folder to import into, as it is typed.
    pub into: String,
    /// What was recognised.
    pub found: Option<Recognised>,
    /// Why it cannot be done so.
    pub problem: Option<String>,
    /// How far it is.
    pub stage: ImportStage,
}

/// How far an import is.
pub enum ImportStage {
    /// The dataset is being chosen.
    Asking,
    /// It is being looked at.
    Looking(Running<Recognised>),
    /// What was recognised is shown.
    Ready,
    /// It is asked whether it is to be added to a folder that is there.
    Adding(PathBuf),
    /// It is being imported.
    Running(Running<Imported>),
    /// It was imported.
    Done(Box<Arrived>),
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// How much.
    pub imported: Imported,
    /// What was told on the way, such as what was not taken.
    pub report: Vec<String>,
    /// The folder.
    pub into: PathBuf,
    /// Whose layers there are, where none is the annotator's own.
    pub others: Vec<String>,
}

/// What panels ask of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum DatasetAction {
    /// Chooses otherwise for the export.
    Choose(Box<Choices>),
    /// Types where it goes.
    Target(String),
    /// Asks for a place in a dialog.
    PickTarget,
    /// Begins to export.
    Export {
        /// Also where something stands that can be replaced.
        replace: bool,
    },
    /// Types the path of a dataset.
    Type(String),
    /// Looks at what was typed.
    LookAtTyped,
    /// Asks for a dataset in a dialog: a folder, or a file.
    PickDataset {
        /// A folder.
        folder: bool,
    },
    /// Reads the dataset as another format.
    From(String),
    /// Types whose layers they become.
    Annotator(String),
    /// Makes all of them layers of that one, or leaves them to their own.
    TakeOver(bool),
    /// Makes layers of what models predicted, or leaves it out.
    Predictions(bool),
    /// Types the folder to import into.
    Into(String),
    /// Asks for a folder in a dialog.
    PickInto,
    /// Goes back to choose another dataset.
    Another,
    /// Begins to import.
    Import {
        /// Also into a folder that is there.
        add: bool,
    },
    /// Imports the folder that is open, as it was offered, or does not.
    AnswerOffer {
        /// Imports it.
        import: bool,
    },
    /// Opens the folder that was dropped as articles.
    OpenArticles,
    /// Works on as another annotator.
    WorkAs(String),
    /// Shows a folder in the desktop's file manager.
    ShowFolder(PathBuf),
    /// Stops the work.
    Stop,
    /// Lets go of a question.
    GoOn,
    /// Closes the sheet, or asks first.
    Leave,
}

impl ExportSheet {
    /// Whether it is being looked up how often labels are used.
    pub fn is_counting(&self) -> bool {
        self.counting.is_some()
    }
}

impl Datasets {
    /// Whether one of the sheets lies over the window.
    pub fn is_open(&self) -> bool {
        self.export.is_some() || self.import.is_some()
    }

    /// Whether something is being written.
    pub fn is_running(&self) -> bool {
        let exports = self.export.as_ref().is_some_and(|sheet| matches!(sheet.stage, ExportStage::Running(_)));
        exports || self.import.as_ref().is_some_and(|sheet| matches!(sheet.stage, ImportStage::Running(_)))
    }

    /// Whether any thread is waited for.
    pub fn is_busy(&self) -> bool {
        let looks = |sheet: &ExportSheet| matches!(sheet.preview, Look::Waiting) || sheet.counting.is_some();
        let reads = |sheet: &ImportSheet| matches!(sheet.stage, ImportStage::Looking(_));
        self.dropped.is_some()
            || self.offering.is_some()
            || self.is_running()
            || self.export.as_ref().is_some_and(looks)
            || self.import.as_ref().is_some_and(reads)
    }
}

/// Why something could not be done, as the window says it: it has no arguments to be named.
pub fn told(error: &DatasetError) -> String {
    match error {
        DatasetError::SeveralLayers { article, names } => format!(
            "{} have layers of {}, and none is gold. Choose one annotator, or everyone's.",
            names.join(" and "),
            article.display()
        ),
        DatasetError::Unrecognised { path, what } => {
            format!("{}: {what} If you know its format, choose it.", path.display())
        }
        DatasetError::Cancelled => "Stopped. Nothing was written.".to_owned(),
        error => error.lines().join("\n"),
    }
}
