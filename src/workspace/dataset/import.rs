//! Layers of a dataset into a folder.
//!
//! Adds by id and writes over nothing: an article that is there with another text, an annotation that is there with
//! other content, a layer that is read-only are left as they are and told.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use smol_str::format_smolstr;

use super::found::{Found, find, sniff_all};
use super::join::{additions, owned_by};
use super::order::{ImportOrder, Imported, Recognised};
use super::reading::{self, Line, Lines, with_text};
use super::schema::make_schema;
use super::select::select_one;
use super::{DatasetError, Listener, lines};
use crate::article::{self, Article};
use crate::edit::{Edit, apply};
use crate::formats::found::LabelSet;
use crate::formats::{self, Document, Format, FullLabel, ReadFile, ReadLine, Reads, Report, jsonl};
use crate::model::{Head, Layer, Relation, Schema, Status, Value};
use crate::store::disk::{Disk, OsDisk};
use crate::store::fresh;
use crate::store::journal::{ChangeError, LayerFiles, change};
use crate::store::schema::{builtin, read_schema};
use crate::store::sidecar::{self, is_annotator, sidecar_path};

/// So many layers are written at once: each waits for the disk, and the disk takes many together.
const AT_ONCE: usize = 128;
/// Warnings of a file that holds nothing that could be read, at most.
const NOTHING_RIGHT: usize = 3;
/// So many wrong lines before the first that is right make a file one of another format.
const HELD: usize = 10_000;
/// So many warnings are given to whoever only looks.
const SHOWN: usize = 50;

/// Looks at a dataset without writing anything.
pub fn recognise(order: &ImportOrder, listener: &dyn Listener) -> Result<Recognised, DatasetError> {
    let (format, reads) = reads(order)?;
    let silent = Silent { inner: listener };
    let mut importer = Importer::new(order, builtin(), &silent);
    let mut found = Recognised { format: format.id, ..Recognised::default() };
    let mut articles = BTreeSet::new();
    let told = {
        let mut take = |_: &mut Importer<'_>, document: Document| {
            articles.insert(document.file);
            found.layers += 1;
            found.annotations += document.layer.len();
            found.relations += document.layer.relation_count();
            for annotation in document.layer.annotations() {
                *found.labels.entry(annotation.full_label()).or_default() += 1;
            }
            let annotator = document.layer.head().annotator.to_string();
            found.annotators.extend(Some(annotator).filter(|name| !name.is_empty()));
            Ok(())
        };
        importer.all(reads, format, &mut take)?;
        importer.told
    };
    (found.articles, found.warnings, found.first) = (articles.len(), told, importer.first);
    Ok(found)
}

/// Imports a dataset.
pub fn import(order: &ImportOrder, listener: &dyn Listener) -> Result<Imported, DatasetError> {
    import_into(order, false, listener)
}

/// Imports a dataset, into a folder that was made for it (`fresh`) and that nobody opens before this is done, or into any other.
pub(super) fn import_into(order: &ImportOrder, fresh: bool, listener: &dyn Listener) -> Result<Imported, DatasetError> {
    let (format, reads) = reads(order)?;
    let root = &order.into;
    fs::create_dir_all(root).map_err(|error| DatasetError::io("made a folder", error, root))?;
    let schema = read_schema(root)?;
    let foreign = format.id != jsonl::FORMAT.id;
    if foreign || order.strict {
        let silent = Silent { inner: listener };
        let mut first = Importer::new(order, schema.clone(), &silent);
        let mut found = LabelSet::default();
        first.all(reads, format, &mut |importer, document| {
            found.note(&importer.mapped(document.layer)?);
            Ok(())
        })?;
        found.extend(first.mapped_labels());
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
    importer.all(reads, format, &mut |importer, document| {
        let prepared = if foreign { importer.with_schema(document)? } else { importer.as_it_is(document)? };
        importer.waiting.push(prepared);
        if importer.waiting.len() >= AT_ONCE { importer.flush() } else { Ok(()) }
    })?;
    importer.flush()?;
    if fresh {
        fresh::sync(root)?;
    }
    Ok(Imported { articles: importer.articles, added: importer.added, told: importer.told })
}

/// The format that is asked for, or that the files have.
fn reads(order: &ImportOrder) -> Result<(&'static Format, Reads), DatasetError> {
    let id = if order.from == "auto" { sniff_all(&order.files)? } else { &order.from };
    let format = formats::format(id).and_then(|format| Some((format, format.reads?)));
    format.ok_or_else(|| DatasetError::refused(format!("{id} can be exported, not imported.")))
}

/// Hears nothing of what is told.
struct Silent<'l> {
    inner: &'l dyn Listener,
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

struct Importer<'a> {
    order: &'a ImportOrder,
    listener: &'a dyn Listener,
    schema: Schema,
    /// Whether the folder is made for this, so that files need not last one by one.
    fresh: bool,
    told: usize,
    /// The first that was told.
    first: Vec<String>,
    /// What the dataset declares.
    declared: LabelSet,
    articles: usize,
    added: usize,
    /// Layers that are still to be written, each with its annotator.
    waiting: Vec<(Document, String)>,
}

/// What became of one layer.
#[derive(Default)]
struct Placed {
    articles: usize,
    added: usize,
    told: Vec<String>,
}

impl<'a> Importer<'a> {
    fn new(order: &'a ImportOrder, schema: Schema, listener: &'a dyn Listener) -> Self {
        Self {
            order,
            listener,
            schema,
            fresh: false,
            told: 0,
            first: Vec::new(),
            declared: LabelSet::default(),
            articles: 0,
            added: 0,
            waiting: Vec::new(),
        }
    }

    fn tell(&mut self, message: &str) {
        self.told += 1;
        if self.first.len() < SHOWN {
            self.first.push(message.to_owned());
        }
        self.listener.note(&format!("warning: {message}"));
    }

    /// Takes in all files of a dataset; that there is nothing in one that was named is an error.
    fn all(&mut self, reads: Reads, format: &Format, take: Take<'_, 'a>) -> Result<(), DatasetError> {
        let (Reads::Lines(endings, _) | Reads::Files(endings, _)) = reads;
        let files = find(&self.order.files, endings)?;
        let nothing = |path: &Path| {
            DatasetError::refused(format!(
                "{}: there is no layer in it that could be read; is it {}?",
                path.display(),
                format.id
            ))
        };
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
                    (_, Some(whole)) => self.taken_in(whole?, take)?,
                    (Reads::Lines(_, read), None) => self.lines(&file.path, read, take)?,
                    (Reads::Files(_, read), None) => self.file(file, read, take)?,
                };
                if found == 0 && file.named {
                    let reasons: Vec<String> = self.first[told..].iter().take(NOTHING_RIGHT).cloned().collect();
                    return Err(Self::with_reasons(nothing(&file.path), &reasons));
                }
                all += found;
                self.listener.step(1);
            }
        }
        if all > 0 {
            return Ok(());
        }
        let reasons: Vec<String> = self.first.iter().take(NOTHING_RIGHT).cloned().collect();
        Err(Self::with_reasons(nothing(&self.order.files[0]), &reasons))
    }

    /// An error with what was found wrong before it, for those who only heard of the error.
    fn with_reasons(error: DatasetError, reasons: &[String]) -> DatasetError {
        if reasons.is_empty() {
            return error;
        }
        DatasetError::refused(format!("{error}\n  {}", reasons.join("\n  ")))
    }

    /// Takes in one file; gives the number of layers.
    fn file(&mut self, file: &Found, read: ReadFile, take: Take<'_, 'a>) -> Result<usize, DatasetError> {
        let (mut report, mut found, mut failed) = (Report::default(), 0, None);
        file.read(read, &mut report, &mut |document| {
            found += 1;
            if failed.is_none() {
                let stopped = self.listener.is_cancelled().then_some(DatasetError::Cancelled);
                failed = stopped.or_else(|| take(self, document).err());
                self.listener.took(1);
            }
        })?;
        let told = if found == 0 { NOTHING_RIGHT } else { usize::MAX };
        lines(&report).take(told).for_each(|warning| self.tell(&warning));
        self.declared.extend(report.declared);
        failed.map_or(Ok(found), Err)
    }

    /// Takes in what was read of a file; gives the number of layers.
    fn taken_in(
        &mut self,
        (told, documents, declared): reading::Read,
        take: Take<'_, 'a>,
    ) -> Result<usize, DatasetError> {
        let found = documents.len();
        self.declared.extend(declared);
        for document in documents {
            take(self, document)?;
            self.listener.took(1);
        }
        told.iter().take(if found == 0 { NOTHING_RIGHT } else { usize::MAX }).for_each(|warning| self.tell(warning));
        Ok(found)
    }

    /// Takes in a file by its lines; gives the number of layers.
    fn lines(&mut self, file: &Path, read: ReadLine, take: Take<'_, 'a>) -> Result<usize, DatasetError> {
        let mut reader = Lines::open(file)?;
        let (mut found, mut held) = (0, Vec::new());
        loop {
            let (some, rest) = reader.some();
            if some.is_empty() {
                rest?;
                return Ok(if found == 0 { self.nothing_right(&held) } else { found });
            }
            let into = &self.order.into;
            let line = |line: &Line| {
                let mut report = Report::default();
                let document = read(file, line.number, &with_text(into, line.text(file)?), &mut report);
                Ok((lines(&report).collect::<Vec<String>>(), document))
            };
            let read: Vec<Result<_, DatasetError>> = some.par_iter().map(line).collect();
            for read in read {
                let (told, document) = read?;
                held.extend(told);
                if found > 0 || document.is_some() {
                    held.drain(..).for_each(|warning| self.tell(&warning));
                } else if held.len() > HELD {
                    return Ok(self.nothing_right(&held));
                }
                if let Some(document) = document {
                    found += 1;
                    take(self, document)?;
                    self.listener.took(1);
                }
            }
            rest?;
            if self.listener.is_cancelled() {
                return Err(DatasetError::Cancelled);
            }
        }
    }

    /// A file in which nothing is right is of another format: why its first lines are wrong says it. Returns how many
    /// layers were found.
    fn nothing_right(&mut self, held: &[String]) -> usize {
        held.iter().take(NOTHING_RIGHT).for_each(|warning| self.tell(warning));
        0
    }

    /// The layer with the labels that were asked for.
    fn mapped(&self, mut layer: Layer) -> Result<Layer, DatasetError> {
        let mut edits = Vec::new();
        for annotation in layer.annotations() {
            let full = annotation.full_label();
            let Some((_, to)) = self.order.map.iter().find(|(from, _)| *from == full) else { continue };
            let (label, kind) = to.split_once(':').map_or((to.as_str(), None), |(label, kind)| (label, Some(kind)));
            let mut changed = annotation.clone();
            changed.label = label.into();
            changed.attributes.set("type", kind.map(|kind| Value::Text(kind.into())));
            edits.push(Edit::Put(changed));
        }
        for relation in layer.relations() {
            if let Some((_, to)) = self.order.map.iter().find(|(from, _)| *from == relation.label) {
                edits.push(Edit::Link(Relation { label: to.as_str().into(), ..relation.clone() }));
            }
        }
        apply(&mut layer, Edit::Batch(edits))?;
        Ok(layer)
    }

    /// What the dataset declares, with the labels that were asked for.
    fn mapped_labels(&mut self) -> LabelSet {
        let to = |from: &str| self.order.map.iter().find(|(label, _)| label == from).map(|(_, to)| to.as_str());
        let full = |(label, kind): &FullLabel| {
            let from = kind.as_ref().map_or_else(|| label.clone(), |kind| format_smolstr!("{label}:{kind}"));
            let Some(to) = to(&from) else { return (label.clone(), kind.clone()) };
            to.split_once(':').map_or_else(|| (to.into(), None), |(label, kind)| (label.into(), Some(kind.into())))
        };
        std::mem::take(&mut self.declared).mapped(full, |label| to(label).unwrap_or(label).into())
    }

    /// Takes in a document of our own format.
    fn as_it_is(&self, document: Document) -> Result<(Document, String), DatasetError> {
        let layer = self.mapped(document.layer)?;
        let annotator = self.order.annotator.clone().unwrap_or_else(|| layer.head().annotator.to_string());
        Ok((Document { layer, ..document }, annotator))
    }

    /// Takes in a document whose format knows no schema.
    fn with_schema(&self, document: Document) -> Result<(Document, String), DatasetError> {
        let Document { file, text, layer } = document;
        let said = Some(layer.head().annotator.to_string()).filter(|name| !name.is_empty());
        // Names of people are made to fit: the dataset's cannot be chosen again.
        let said = said.map(|name| if is_annotator(&name) { name } else { sidecar::fit_annotator(&name) });
        let annotator = self.order.annotator.clone().or(said).unwrap_or_else(|| self.order.login.clone());
        let mut layer = self.mapped(layer)?;
        // Somebody looked at the article, even if there is nothing that was marked in it.
        let status = if layer.head().status == Status::New { Status::InProgress } else { layer.head().status };
        let head = Head { schema: self.schema.reference(), status, ..layer.head().clone() };
        apply(&mut layer, Edit::Head(Box::new(head)))?;
        Ok((Document { file, text, layer }, annotator))
    }

    /// Writes what waits: the articles beside each other, the layers of one after the other.
    fn flush(&mut self) -> Result<(), DatasetError> {
        let mut articles: Vec<Vec<(Document, String)>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (document, annotator) in std::mem::take(&mut self.waiting) {
            // Names that a file system may take for one.
            let at = *known.entry(document.file.to_lowercase()).or_insert(articles.len());
            if at == articles.len() {
                articles.push(Vec::new());
            }
            articles[at].push((document, annotator));
        }
        let this = &*self;
        let written: Vec<Result<Vec<Placed>, DatasetError>> = articles
            .into_par_iter()
            .map(|layers| layers.into_iter().map(|(document, annotator)| this.document(document, &annotator)).collect())
            .collect();
        for layers in written {
            for Placed { articles, added, told } in layers? {
                self.articles += articles;
                self.added += added;
                told.iter().for_each(|message| self.tell(message));
            }
        }
        Ok(())
    }

    fn document(&self, document: Document, annotator: &str) -> Result<Placed, DatasetError> {
        let Document { file, text, layer } = document;
        let mut placed = Placed::default();
        let root = &self.order.into;
        if !is_annotator(annotator) {
            placed.told.push(format!(
                "{file}: {annotator:?} cannot be an annotator; name one with --annotator. It is left out."
            ));
            return Ok(placed);
        }
        if !formats::is_inside(&file) {
            placed.told.push(format!(
                "{file}: an article of this name would be hidden, or lie outside of the folder; its layer is left out."
            ));
            return Ok(placed);
        }
        let named = Path::new(&file);
        let file = if article::is_article(named) { file.clone() } else { format!("{file}.txt") };
        let path = root.join(&file);
        if !OsDisk.is_inside(root, &path) {
            let message = format!("{file}: a link leads out of {}; the line is left out.", root.display());
            placed.told.push(message);
            return Ok(placed);
        }
        let Some(article) = self.article(&path, &text, &mut placed)? else {
            placed.told.push(format!("{}: the article there has another text; its layer is left out.", path.display()));
            return Ok(placed);
        };
        let sidecar = sidecar_path(&path, annotator);
        let imported = owned_by(layer, annotator)?;
        if self.fresh && !sidecar.exists() {
            fresh::add_layer(root, &sidecar, &article, &imported)?;
            placed.added += imported.len();
            return Ok(placed);
        }
        let empty = Layer::new(imported.head().clone());
        let files = LayerFiles::new(root, &sidecar);
        let mut taken = Vec::new();
        let mut added = 0;
        let changed = change(&files, &article, &self.schema, &empty, "import", |there| {
            let (edit, count, others) = additions(there, &imported);
            (added, taken) = (count, others);
            Ok::<_, DatasetError>(edit)
        });
        match changed {
            Err(DatasetError::Change(error @ (ChangeError::ReadOnly(_) | ChangeError::Held { .. }))) => {
                placed.told.push(format!("{error} The imported layer is left out."));
                return Ok(placed);
            }
            changed => changed?,
        }
        placed.added += added;
        for id in taken {
            placed
                .told
                .push(format!("{}: {id} is there already with other content; it stays as it is.", sidecar.display()));
        }
        Ok(placed)
    }

    /// The article with this text: the one that is there, or written now. None where another text is there.
    fn article(&self, path: &Path, text: &str, placed: &mut Placed) -> Result<Option<Article>, DatasetError> {
        if path.exists() {
            let selection = select_one(path)?;
            let layers = crate::store::corpus::layers_of(&selection.root, &selection.articles[0]);
            let article = selection.read(&selection.articles[0].clone(), &layers)?;
            return Ok((*article.text == *text).then_some(Article { path: path.to_path_buf(), ..article }));
        }
        // A text that begins with a byte order mark of its own needs one before it.
        for mark in ["", "\u{feff}"] {
            let bytes = format!("{mark}{text}").into_bytes();
            let article = article::from_bytes(path, bytes.clone(), None)?;
            if *article.text == *text {
                if self.fresh {
                    fresh::write(path, &bytes)?
                } else {
                    sidecar::create_file(path, &bytes)?
                }
                placed.articles += 1;
                return Ok(Some(article));
            }
        }
        let why = format!("{}: its text cannot be written so that it reads back the same.", path.display());
        Err(DatasetError::refused(why))
    }
}
