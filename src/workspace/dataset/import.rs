//! Layers of a dataset into a folder.
//!
//! Adds by id and writes over nothing: an article that is there with another text, an annotation that is there with
//! other content, a layer that is read-only are left as they are and told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::annotators::Annotators;
use super::archive::with_unpacked;
use super::chosen::without_status;
use super::found::{Found, find, no_file, others_among, sniff, sniff_all};
use super::mapping::{mapped, mapped_set, note_declared, note_labels, unknown_targets, without_use};
use super::naming::{Holder, Naming, Origin};
use super::order::{ImportOrder, Imported};
use super::placing::{Placed, Target, Waiting};
use super::projects::{InProject, Projects};
use super::reading::{self, Line, Lines, with_text};
use super::schema::make_schema;
use super::{DatasetError, Listener, count, lines};
use crate::edit::{Edit, apply};
use crate::formats::found::LabelSet;
use crate::formats::uima::project::Said;
use crate::formats::{
    self, Document, Format, ReadFile, ReadLine, Reads, Report, SourceLine, doccano, jsonl, label_studio,
};
use crate::model::{Head, Schema, Status};
use crate::store::fresh;
use crate::store::schema::{SCHEMA_FILE, read_schema};
use crate::store::sidecar::{self, is_annotator};

/// So many layers are written at once: each waits for the disk, and the disk takes many together.
const AT_ONCE: usize = 128;
/// Warnings of a file that holds nothing that could be read, at most.
const NOTHING_RIGHT: usize = 3;
/// So many wrong lines before the first that is right make a file one of another format.
const HELD: usize = 10_000;
/// So many warnings are given to whoever only looks.
const SHOWN: usize = 50;

/// Imports a dataset.
pub fn import(order: &ImportOrder, listener: &dyn Listener) -> Result<Imported, DatasetError> {
    import_into(order, false, listener)
}

/// Imports a dataset, into a folder that was made for it (`fresh`) and that nobody opens before this is done, or into any other.
pub(super) fn import_into(order: &ImportOrder, fresh: bool, listener: &dyn Listener) -> Result<Imported, DatasetError> {
    with_unpacked(order, listener, |order, listener| import_files(order, fresh, listener))
}

fn import_files(order: &ImportOrder, fresh: bool, listener: &dyn Listener) -> Result<Imported, DatasetError> {
    let (format, reads) = reads(order)?;
    let (Reads::Lines(endings, _) | Reads::Files(endings, _)) = reads;
    let root = &order.into;
    fs::create_dir_all(root).map_err(|error| DatasetError::io("made a folder", error, root))?;
    let schema = read_schema(root)?;
    let slips = unknown_targets(&order.map, &schema, root.join(SCHEMA_FILE).exists());
    let foreign = format.id != jsonl::FORMAT.id;
    if foreign || order.strict {
        let silent = Silent { inner: listener };
        let mut first = Importer::new(order, schema.clone(), &silent);
        let mut found = LabelSet::default();
        first.all(reads, format, &mut |_, document| {
            found.note(&mapped(&order.map, document.layer)?);
            Ok(())
        })?;
        found.extend(mapped_set(&order.map, std::mem::take(&mut first.declared)));
        first.recognition(format.id, endings)?.iter().for_each(|note| listener.note(note));
        slips.iter().for_each(|slip| first.tell(slip));
        if order.strict && first.told > 0 {
            first.first.iter().for_each(|warning| listener.note(&format!("warning: {warning}")));
            let more = first.told.saturating_sub(first.first.len());
            if more > 0 {
                listener.note(&format!("warning: and {more} more"));
            }
            return Err(DatasetError::refused(
                "not all of it can be taken as it is, as told above, and --strict was asked for: nothing is imported.",
            ));
        }
        if foreign {
            make_schema(root, &schema, &found, listener)?;
        }
    }
    let mut importer = Importer { fresh, ..Importer::new(order, read_schema(root)?, listener) };
    slips.iter().for_each(|slip| importer.tell(slip));
    importer.all(reads, format, &mut |importer, document| {
        let (document, annotator) =
            if foreign { importer.with_schema(document)? } else { importer.as_it_is(document)? };
        let is_bare = importer.in_project.is_initial && document.layer.is_empty();
        importer.waiting.extend(importer.origin.take().map(|origin| Waiting { document, annotator, origin, is_bare }));
        if importer.waiting.len() >= AT_ONCE { importer.flush() } else { Ok(()) }
    })?;
    importer.flush()?;
    if fresh {
        fresh::sync(root)?;
    }
    if !foreign && !order.strict {
        importer.recognition(format.id, endings)?.iter().for_each(|note| listener.note(note));
    }
    let Importer { placed, told, left_out, .. } = importer;
    let Placed { articles, added, links, is_new, annotators, .. } = placed;
    let is_there = !is_new && left_out == 0;
    Ok(Imported { format: format.id, articles, added, links, annotators, is_there, told })
}

/// The format that is asked for, or that the files have.
pub(super) fn reads(order: &ImportOrder) -> Result<(&'static Format, Reads), DatasetError> {
    let id = if order.from == "auto" { sniff_all(&order.files)? } else { &order.from };
    let format = formats::format(id).and_then(|format| Some((format, format.reads?)));
    let is_studio = id == label_studio::FORMAT.id;
    if order.predictions && !is_studio {
        let why = format!("--predictions is for label-studio alone: {id} has no predictions. Leave it out.");
        return Err(DatasetError::refused(why));
    }
    let format =
        format.map(|(format, reads)| (format, if order.predictions { label_studio::WITH_PREDICTIONS } else { reads }));
    format.ok_or_else(|| DatasetError::refused(format!("{id} can be exported, not imported.")))
}

/// Hears nothing of what is told.
pub(super) struct Silent<'l> {
    pub(super) inner: &'l dyn Listener,
}

impl Listener for Silent<'_> {
    fn note(&self, _: &str) {}

    fn begin(&self, steps: usize) {
        self.inner.begin(steps);
    }

    fn step(&self, steps: usize) {
        self.inner.step(steps);
    }

    fn took(&self, layers: usize) {
        self.inner.took(layers);
    }

    fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled()
    }
}

/// What is done with each document.
type Take<'t, 'a> = &'t mut dyn FnMut(&mut Importer<'a>, Document) -> Result<(), DatasetError>;

pub(super) struct Importer<'a> {
    order: &'a ImportOrder,
    listener: &'a dyn Listener,
    schema: Schema,
    /// Whether the folder is made for this, so that files need not last one by one.
    fresh: bool,
    pub(super) told: usize,
    /// The first that was told.
    pub(super) first: Vec<String>,
    /// What the dataset declares.
    pub(super) declared: LabelSet,
    /// Layers that are still to be written.
    waiting: Vec<Waiting>,
    placed: Placed,
    /// How many layers or marks were left out.
    left_out: usize,
    naming: Naming,
    /// Where the document stands that is being taken in.
    origin: Option<Origin>,
    projects: Projects,
    /// What its project says of it.
    pub(super) in_project: InProject,
    /// Whose files are, where their names say it, and whether a document of theirs is nobody's.
    annotators: Annotators,
    is_nobodys: bool,
    /// The labels that were met, where any are to become others.
    labels: BTreeSet<SmolStr>,
    /// How many files had layers, and how many look like those of other formats.
    files: usize,
    others: BTreeMap<&'static str, usize>,
    /// What it is read as.
    format: Option<&'static str>,
}

impl<'a> Importer<'a> {
    pub(super) fn new(order: &'a ImportOrder, schema: Schema, listener: &'a dyn Listener) -> Self {
        Self {
            order,
            listener,
            schema,
            fresh: false,
            told: 0,
            first: Vec::new(),
            declared: LabelSet::default(),
            waiting: Vec::new(),
            placed: Placed::default(),
            left_out: 0,
            naming: Naming::default(),
            origin: None,
            projects: Projects::default(),
            in_project: InProject::default(),
            annotators: Annotators::default(),
            is_nobodys: false,
            labels: BTreeSet::new(),
            files: 0,
            others: BTreeMap::new(),
            format: None,
        }
    }

    pub(super) fn tell(&mut self, message: &str) {
        self.told += 1;
        if self.first.len() < SHOWN {
            self.first.push(message.to_owned());
        }
        self.listener.note(&format!("warning: {message}"));
    }

    /// Takes in all files of a dataset; that there is nothing in one that was named is an error.
    pub(super) fn all(&mut self, reads: Reads, format: &Format, take: Take<'_, 'a>) -> Result<(), DatasetError> {
        let (Reads::Lines(endings, _) | Reads::Files(endings, _)) = reads;
        let files = find(&self.order.files, endings)?;
        let is_auto = self.order.from == "auto";
        let nothing = |path: &Path, reasons: &[String]| DatasetError::Unreadable {
            path: path.to_path_buf(),
            format: format.id,
            is_auto,
            reasons: reasons.iter().take(NOTHING_RIGHT).cloned().collect(),
        };
        if files.is_empty() {
            return Err(no_file(&self.order.files, endings, format.id));
        }
        self.format = Some(format.id);
        self.naming.is_own = format.id == jsonl::FORMAT.id;
        self.annotators = Annotators::of(format.id, &files);
        self.listener.begin(files.len());
        let mut all = 0;
        for some in reading::together(&files) {
            if self.listener.is_cancelled() {
                return Err(DatasetError::Cancelled);
            }
            let mut side_by_side = Vec::new();
            if let (Reads::Files(_, read), [_, _, ..]) = (reads, some) {
                side_by_side = some.par_iter().map(|file| reading::whole(file, read)).collect();
            }
            let mut side_by_side = side_by_side.into_iter();
            for file in some {
                let told = self.first.len();
                let found = match (reads, side_by_side.next()) {
                    (_, Some(whole)) => self.taken_in(file, whole?, take)?,
                    (Reads::Lines(_, read), None) => self.lines(file, read, take)?,
                    (Reads::Files(_, read), None) => self.file(file, read, take)?,
                };
                if found == 0 && file.named {
                    return Err(nothing(&file.path, &self.first[told..]));
                }
                self.files += usize::from(found > 0);
                all += found;
                self.listener.step(1);
            }
        }
        if all == 0 {
            return Err(nothing(&self.order.files[0], &self.first));
        }
        note_declared(&self.declared, &mut self.labels);
        without_use(&self.order.map, &self.labels).iter().for_each(|slip| self.tell(slip));
        Ok(())
    }

    /// Takes in a document, under a name that no other text has.
    fn one(&mut self, origin: Origin, mut document: Document, take: Take<'_, 'a>) -> Result<(), DatasetError> {
        let (file, holder) = self.naming.name(&self.order.into, &document.file, &document.text)?;
        if let Some(holder) = holder {
            let was = &document.file;
            let whose = match holder {
                Holder::Dataset => format!("another text of this dataset is called {was}"),
                Holder::Folder => format!("the article {was} is there with another text"),
            };
            self.tell(&format!("{origin}: {whose}; this one becomes {file}."));
        }
        document.file = file;
        if !self.order.map.is_empty() {
            note_labels(&document.layer, &mut self.labels);
        }
        self.declared.extend(self.projects.declared(origin.path()).unwrap_or_default());
        self.in_project = self.projects.of(origin.path());
        self.in_project.is_initial |= std::mem::take(&mut self.is_nobodys);
        self.origin = Some(origin);
        take(self, document)
    }

    /// What `auto` took the dataset for, whose layers they were taken for, and what is there besides.
    pub(super) fn recognition(&self, format: &str, endings: &[&str]) -> Result<Vec<String>, DatasetError> {
        let recognised =
            (self.order.from == "auto").then(|| format!("recognised: {format} ({})", count(self.files, "file")));
        let notes = recognised.into_iter().chain(self.annotators.note());
        Ok(notes.chain(self.not_read(format, endings)?).collect())
    }

    /// What is there besides what `auto` took the dataset for.
    pub(super) fn not_read(&self, format: &str, endings: &[&str]) -> Result<Vec<String>, DatasetError> {
        if self.order.from != "auto" {
            return Ok(Vec::new());
        }
        let mut others = self.others.clone();
        others_among(&self.order.files, endings, format, &mut others)?;
        let note = |(other, files): (&&str, &usize)| {
            format!("also there, and not read: {} of {other}; import them with --from {other}", count(*files, "file"))
        };
        Ok(others.iter().map(note).collect())
    }

    /// Takes in one file; gives the number of layers.
    fn file(&mut self, file: &Found, read: ReadFile, take: Take<'_, 'a>) -> Result<usize, DatasetError> {
        let (mut report, mut found, mut failed) = (Report::default(), 0, None);
        file.read(read, &mut report, &mut |mut document| {
            found += 1;
            if failed.is_none() {
                self.is_nobodys = self.annotators.settle(file, found, &mut document);
                let stopped = self.listener.is_cancelled().then_some(DatasetError::Cancelled);
                failed = stopped.or_else(|| self.one(Origin::document(&file.path, found), document, take).err());
                self.listener.took(1);
            }
        })?;
        self.declared.extend(std::mem::take(&mut report.declared));
        let told: Vec<String> = lines(&report).collect();
        if found == 0 {
            self.nothing_right(file, &told);
        } else {
            told.iter().for_each(|warning| self.tell(warning));
        }
        failed.map_or(Ok(found), Err)
    }

    /// Takes in what was read of a file; gives the number of layers.
    fn taken_in(
        &mut self,
        file: &Found,
        (told, documents, declared): reading::Read,
        take: Take<'_, 'a>,
    ) -> Result<usize, DatasetError> {
        let found = documents.len();
        self.declared.extend(declared);
        for (at, mut document) in documents.into_iter().enumerate() {
            self.is_nobodys = self.annotators.settle(file, at + 1, &mut document);
            self.one(Origin::document(&file.path, at + 1), document, take)?;
            self.listener.took(1);
        }
        if found == 0 {
            self.nothing_right(file, &told);
        } else {
            told.iter().for_each(|warning| self.tell(warning));
        }
        Ok(found)
    }

    /// Takes in a file by its lines; gives the number of layers.
    fn lines(&mut self, file: &Found, read: ReadLine, take: Take<'_, 'a>) -> Result<usize, DatasetError> {
        let (path, name) = (&file.path, file.name());
        let mut reader = Lines::open(path)?;
        let (mut found, mut held) = (0, Vec::new());
        if self.format == Some(doccano::FORMAT.id)
            && let Some(labels) = reading::beside(path, doccano::LABELS)
        {
            self.declared.extend(doccano::declared(&labels));
        }
        loop {
            let (some, rest) = reader.some();
            if some.is_empty() {
                rest?;
                if found == 0 {
                    self.nothing_right(file, &held);
                }
                return Ok(found);
            }
            let into = &self.order.into;
            let line = |line: &Line| {
                let mut report = Report::default();
                let text = with_text(into, line.text(path)?);
                let source = SourceLine { path, name: &name, number: line.number, text: &text };
                let document = read(&source, &mut report);
                Ok((lines(&report).collect::<Vec<String>>(), document.map(|it| (line.number, it))))
            };
            let read: Vec<Result<_, DatasetError>> = some.par_iter().map(line).collect();
            for read in read {
                let (told, document) = read?;
                held.extend(told);
                if found > 0 || document.is_some() {
                    held.drain(..).for_each(|warning| self.tell(&warning));
                } else if held.len() > HELD {
                    self.nothing_right(file, &held);
                    return Ok(0);
                }
                if let Some((number, mut document)) = document {
                    found += 1;
                    self.is_nobodys = self.annotators.settle(file, number, &mut document);
                    self.one(Origin::line(path, number), document, take)?;
                    self.listener.took(1);
                }
            }
            rest?;
            if self.listener.is_cancelled() {
                return Err(DatasetError::Cancelled);
            }
        }
    }

    /// A file in which nothing is right is of another format: which one, or why its first lines are wrong, says it.
    fn nothing_right(&mut self, file: &Found, held: &[String]) {
        let other = Some(file).filter(|file| !file.named && self.order.from == "auto").and_then(|it| sniff(&it.path));
        if let Some(other) = other.filter(|other| Some(*other) != self.format) {
            *self.others.entry(other).or_default() += 1;
            return;
        }
        for warning in held.iter().take(NOTHING_RIGHT) {
            // Of a file that was named, the error says it.
            if file.named { self.first.push(warning.clone()) } else { self.tell(warning) }
        }
    }

    /// Takes in a document of our own format.
    fn as_it_is(&self, document: Document) -> Result<(Document, String), DatasetError> {
        let layer = mapped(&self.order.map, document.layer)?;
        let annotator = self.order.annotator.clone().unwrap_or_else(|| layer.head().annotator.to_string());
        Ok((Document { layer, ..document }, annotator))
    }

    /// Takes in a document whose format knows no schema.
    fn with_schema(&mut self, document: Document) -> Result<(Document, String), DatasetError> {
        let Document { file, text, layer } = document;
        let said = Some(layer.head().annotator.to_string()).filter(|name| !name.is_empty());
        // Names of people are made to fit: the dataset's cannot be chosen again.
        let said = said.map(|name| if is_annotator(&name) { name } else { sidecar::fit_annotator(&name) });
        let annotator = self.order.annotator.clone().or(said).unwrap_or_else(|| self.order.login.clone());
        let mut layer = mapped(&self.order.map, layer)?;
        // Somebody looked at the article, even if there is nothing that was marked in it.
        let mut head = Head { schema: self.schema.reference(), ..layer.head().clone() };
        without_status(&mut head);
        let Said { status, note } = std::mem::take(&mut self.in_project.said);
        if head.status == Status::New {
            head.status = status.unwrap_or(Status::InProgress);
        }
        if head.document_note.is_empty() {
            head.document_note = note;
        }
        apply(&mut layer, Edit::Head(Box::new(head)))?;
        Ok((Document { file, text, layer }, annotator))
    }

    /// Writes what waits: the articles beside each other, the layers of one after the other.
    fn flush(&mut self) -> Result<(), DatasetError> {
        let mut articles: Vec<Vec<Waiting>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for waiting in std::mem::take(&mut self.waiting) {
            // Names that a file system may take for one.
            let at = *known.entry(waiting.document.file.to_lowercase()).or_insert(articles.len());
            if at == articles.len() {
                articles.push(Vec::new());
            }
            articles[at].push(waiting);
        }
        let target = Target { root: &self.order.into, schema: &self.schema, fresh: self.fresh };
        let written: Vec<Result<Vec<Placed>, DatasetError>> = articles
            .into_par_iter()
            .map(|layers| layers.into_iter().map(|layer| target.place(layer)).collect())
            .collect();
        for layers in written {
            for placed in layers? {
                let told = self.placed.join(placed);
                self.left_out += told.len();
                told.iter().for_each(|message| self.tell(message));
            }
        }
        Ok(())
    }
}
