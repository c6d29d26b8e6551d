//! `pressmark import`: layers of a dataset into a folder.
//!
//! Adds by id and writes over nothing: an article that is there with another text, an annotation that is there with
//! other content, a layer that is read-only are left as they are and told.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::args::Import;
use super::found::{Found, find};
use super::output::{self, Output};
use super::progress::Progress;
use super::select::select_one;
use super::show::count;
use crate::article::{self, Article};
use crate::edit::{Edit, apply};
use crate::formats::found::schema_text;
use crate::formats::{self, Document, Met, ReadLine, Reads, Report, jsonl};
use crate::model::{Head, Id, Layer, Relation, Schema, Value};
use crate::store::disk::{Disk, OsDisk};
use crate::store::journal::{ChangeError, LayerFiles, change};
use crate::store::schema::{SCHEMA_FILE, read_schema};
use crate::store::sidecar::{self, is_annotator, sidecar_path};

/// Warnings of a file that holds nothing that could be read, at most.
const NOTHING_RIGHT: usize = 3;
/// So many wrong lines before the first that is right make a file one of another format.
const HELD: usize = 10_000;

pub(super) fn run(args: &Import, output: &mut Output) -> Result<Outcome> {
    let root = &args.output;
    fs::create_dir_all(root).with_context(|| format!("{}: this folder cannot be made", root.display()))?;
    let mut importer = Importer {
        met: Met::default(),
        map: args.map.clone(),
        root: root.clone(),
        schema: read_schema(root)?,
        told: 0,
        articles: 0,
        added: 0,
        silent: false,
        unheard: Vec::new(),
    };
    let Some(reads) = formats::format(&args.from).and_then(|format| format.reads) else {
        bail!("{} can be exported, not imported.", args.from);
    };
    if args.from == jsonl::FORMAT.id {
        let take = |importer: &mut Importer, document: Document| {
            let layer = importer.mapped(document.layer)?;
            importer.document(Document { layer, ..document }, args.annotator.as_deref())
        };
        importer.all(args, reads, &take)?;
    } else {
        importer.foreign(args, reads)?;
    }
    output.line(&format!(
        "{} written, {} added to {}",
        count(importer.articles, "article"),
        count(importer.added, "annotation"),
        root.display()
    ))?;
    Ok(Outcome::found(importer.told > 0))
}

/// What is done with each document.
type Take<'t> = &'t dyn Fn(&mut Importer, Document) -> Result<()>;

struct Importer {
    met: Met,
    map: Vec<(String, String)>,
    root: PathBuf,
    schema: Schema,
    told: usize,
    articles: usize,
    added: usize,
    /// While a dataset is only looked through.
    silent: bool,
    /// The first that was not told because of that.
    unheard: Vec<String>,
}

impl Importer {
    fn tell(&mut self, message: &str) {
        if self.silent {
            if self.unheard.len() < NOTHING_RIGHT {
                self.unheard.push(message.to_owned());
            }
            return;
        }
        self.told += 1;
        output::note(&format!("warning: {message}"));
    }

    /// Takes in a dataset of a format that knows no schema of ours: once to see which labels there are, once to import.
    fn foreign(&mut self, args: &Import, reads: Reads) -> Result<()> {
        self.silent = true;
        let note = |importer: &mut Self, document: Document| {
            importer.met.note(&importer.mapped(document.layer)?);
            Ok(())
        };
        self.all(args, reads, &note)?;
        self.silent = false;
        let met = std::mem::take(&mut self.met);
        self.make_schema(&met)?;
        let login = sidecar::fit_annotator(&whoami::username().unwrap_or_default());
        let take = |importer: &mut Self, document: Document| {
            let said = Some(document.layer.head().annotator.to_string()).filter(|name| !name.is_empty());
            // Names of people are made to fit: the dataset's cannot be chosen again.
            let said = said.map(|name| if is_annotator(&name) { name } else { sidecar::fit_annotator(&name) });
            let annotator = args.annotator.clone().or(said).unwrap_or_else(|| login.clone());
            importer.with_schema(document, &annotator)
        };
        self.all(args, reads, &take)
    }

    /// Takes in all files of a dataset; that there is nothing in one that was named is an error.
    fn all(&mut self, args: &Import, reads: Reads, take: Take<'_>) -> Result<()> {
        let endings = match reads {
            Reads::Lines(endings, _) | Reads::Files(endings, _) => endings,
        };
        let files = find(&args.files, endings)?;
        let nothing = |path: &Path| {
            anyhow::anyhow!("{}: there is no layer in it that could be read; is it {}?", path.display(), args.from)
        };
        let progress = Progress::of(files.len());
        let mut all = 0;
        for file in &files {
            let found = match reads {
                Reads::Lines(_, read) => self.dataset(&file.path, read, take)?,
                Reads::Files(_, read) => self.file(file, read, take)?,
            };
            if found == 0 && file.named {
                self.give_reasons();
                return Err(nothing(&file.path));
            }
            if found > 0 {
                self.unheard.clear();
            }
            all += found;
            progress.step(1);
        }
        if all > 0 {
            return Ok(());
        }
        self.give_reasons();
        Err(nothing(&args.files[0]))
    }

    /// Tells what was found wrong while nothing was told: there will be no second look.
    fn give_reasons(&mut self) {
        self.silent = false;
        std::mem::take(&mut self.unheard).iter().for_each(|reason| self.tell(reason));
    }

    /// Takes in one file; gives the number of layers.
    fn file(&mut self, file: &Found, read: formats::ReadFile, take: Take<'_>) -> Result<usize> {
        let (mut report, mut found, mut failed) = (Report::default(), 0, None);
        file.read(read, &mut report, &mut |document| {
            found += 1;
            if failed.is_none() {
                failed = take(self, document).err();
            }
        })?;
        let told = if found == 0 { NOTHING_RIGHT } else { usize::MAX };
        report.warnings.iter().take(told).for_each(|warning| self.tell(&warning.to_string()));
        failed.map_or(Ok(found), Err)
    }

    /// The layer with the labels that `--map` gives.
    fn mapped(&self, mut layer: Layer) -> Result<Layer> {
        let mut edits = Vec::new();
        for annotation in layer.annotations() {
            let full = annotation.full_label();
            let Some((_, to)) = self.map.iter().find(|(from, _)| *from == full) else { continue };
            let (label, kind) = to.split_once(':').map_or((to.as_str(), None), |(label, kind)| (label, Some(kind)));
            let mut changed = annotation.clone();
            changed.label = label.into();
            changed.attributes.set("type", kind.map(|kind| Value::Text(kind.into())));
            edits.push(Edit::Put(changed));
        }
        for relation in layer.relations() {
            if let Some((_, to)) = self.map.iter().find(|(from, _)| *from == relation.label) {
                edits.push(Edit::Link(Relation { label: to.as_str().into(), ..relation.clone() }));
            }
        }
        apply(&mut layer, Edit::Batch(edits))?;
        Ok(layer)
    }

    /// Takes in a document whose format knows no schema.
    fn with_schema(&mut self, document: Document, annotator: &str) -> Result<()> {
        let Document { file, text, layer } = document;
        let mut layer = self.mapped(layer)?;
        let head = Head { schema: self.schema.reference(), ..layer.head().clone() };
        apply(&mut layer, Edit::Head(Box::new(head)))?;
        self.document(Document { file, text, layer }, Some(annotator))
    }

    /// A folder without a schema of its own gets one, where the built-in one does not have all that was found.
    fn make_schema(&mut self, met: &Met) -> Result<()> {
        let path = self.root.join(SCHEMA_FILE);
        if met.is_in(&self.schema) || path.exists() {
            return Ok(());
        }
        sidecar::create_file(&path, schema_text(met, "imported").as_bytes())?;
        output::note(&format!("{}: made of the labels that were found", path.display()));
        self.schema = read_schema(&self.root)?;
        Ok(())
    }

    /// Takes in a dataset line by line, so that no more than a line of it is held; gives the number of layers.
    fn dataset(&mut self, file: &Path, read: ReadLine, take: Take<'_>) -> Result<usize> {
        let unreadable = || format!("{}: cannot be read", file.display());
        let mut reader = BufReader::with_capacity(1 << 16, fs::File::open(file).with_context(unreadable)?);
        let (mut line, mut number, mut before, mut found) = (Vec::new(), 0, 0, 0);
        let mut held: Vec<String> = Vec::new();
        loop {
            line.clear();
            let length = (&mut reader).take(jsonl::LONGEST as u64 + 1).read_until(b'\n', &mut line);
            if length.with_context(unreadable)? == 0 {
                return Ok(if found == 0 { self.nothing_right(&held) } else { found });
            }
            number += 1;
            if line.len() > jsonl::LONGEST && !line.ends_with(b"\n") {
                bail!("{}:{number}: this line is longer than 256 MiB, which no layer is.", file.display());
            }
            let text = str::from_utf8(line.strip_suffix(b"\n").unwrap_or(&line)).map_err(|error| {
                let byte = before + error.valid_up_to();
                anyhow::anyhow!("{}: byte {byte} is not UTF-8, and the format is.", file.display())
            })?;
            let text = if number == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
            let mut report = Report::default();
            let document = read(file, number, text, &mut report);
            held.extend(report.warnings.iter().map(ToString::to_string));
            if found > 0 || document.is_some() {
                held.drain(..).for_each(|warning| self.tell(&warning));
            } else if held.len() > HELD {
                return Ok(self.nothing_right(&held));
            }
            if let Some(document) = document {
                found += 1;
                take(self, document)?;
            }
            before += line.len();
        }
    }

    /// A file in which nothing is right is of another format: why its first lines are wrong says it. Returns how many
    /// layers were found.
    fn nothing_right(&mut self, held: &[String]) -> usize {
        held.iter().take(NOTHING_RIGHT).for_each(|warning| self.tell(warning));
        0
    }

    fn document(&mut self, document: Document, annotator: Option<&str>) -> Result<()> {
        let Document { file, text, layer } = document;
        let annotator = annotator.unwrap_or(&layer.head().annotator).to_owned();
        if !is_annotator(&annotator) {
            self.tell(&format!(
                "{file}: {annotator:?} cannot be an annotator; name one with --annotator. It is left out."
            ));
            return Ok(());
        }
        let named = Path::new(&file);
        let file = if article::is_article(named) { file.clone() } else { format!("{file}.txt") };
        let path = self.root.join(&file);
        if !OsDisk.is_inside(&self.root, &path) {
            self.tell(&format!("{file}: a link leads out of {}; the line is left out.", self.root.display()));
            return Ok(());
        }
        let Some(article) = self.article(&path, &text)? else {
            self.tell(&format!("{}: the article there has another text; its layer is left out.", path.display()));
            return Ok(());
        };
        let sidecar = sidecar_path(&path, &annotator);
        let imported = owned_by(&layer, &annotator)?;
        let files = LayerFiles::new(&self.root, &sidecar);
        let empty = Layer::new(imported.head().clone());
        let schema = self.schema.clone();
        let changed = change(&files, &article, &schema, &empty, "import", |there| {
            Ok::<_, anyhow::Error>(self.additions(there, &imported, &sidecar))
        });
        match changed {
            Err(error) if matches!(error.downcast_ref(), Some(ChangeError::ReadOnly(_) | ChangeError::Held { .. })) => {
                self.tell(&format!("{error} The imported layer is left out."));
                Ok(())
            }
            changed => changed,
        }
    }

    /// The article with this text: the one that is there, or written now. None where another text is there.
    fn article(&mut self, path: &Path, text: &str) -> Result<Option<Article>> {
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
                sidecar::create_file(path, &bytes)?;
                self.articles += 1;
                return Ok(Some(article));
            }
        }
        bail!("{}: its text cannot be written so that it reads back the same.", path.display())
    }

    /// What is new, as one step; tells what is there with other content.
    fn additions(&mut self, layer: &Layer, imported: &Layer, sidecar: &Path) -> Edit {
        let mut edits = Vec::new();
        let mut taken: Vec<&Id> = Vec::new();
        for annotation in imported.annotations() {
            match layer.get(&annotation.id) {
                Some(there) if there == annotation => {}
                None if layer.relation(&annotation.id).is_none() => {
                    self.added += 1;
                    edits.push(Edit::Put(annotation.clone()));
                }
                _ => taken.push(&annotation.id),
            }
        }
        for relation in imported.relations() {
            match layer.relation(&relation.id) {
                Some(there) if there == relation => {}
                None if layer.get(&relation.id).is_none() => edits.push(Edit::Link(relation.clone())),
                _ => taken.push(&relation.id),
            }
        }
        for id in taken {
            self.tell(&format!("{}: {id} is there already with other content; it stays as it is.", sidecar.display()));
        }
        edits.push(Edit::Head(Box::new(joined(layer.head(), imported.head()))));
        Edit::Batch(edits)
    }
}

/// The layer under the annotator's own name.
fn owned_by(layer: &Layer, annotator: &str) -> Result<Layer> {
    let mut layer = layer.clone();
    let head = Head { annotator: annotator.into(), ..layer.head().clone() };
    apply(&mut layer, Edit::Head(Box::new(head)))?;
    Ok(layer)
}

/// What is there, with what it does not have yet.
fn joined(there: &Head, imported: &Head) -> Head {
    let mut head = there.clone();
    for (name, value) in imported.document.iter() {
        if head.document.get(name).is_none() {
            head.document.set(name.clone(), Some(value.clone()));
        }
    }
    if head.document_note.is_empty() {
        head.document_note.clone_from(&imported.document_note);
    }
    let known = |id: &Id| there.comments.iter().any(|comment| comment.id == *id);
    head.comments.extend(imported.comments.iter().filter(|comment| !known(&comment.id)).cloned());
    let known = |id: &Id| there.decisions.iter().any(|decision| decision.id == *id);
    head.decisions.extend(imported.decisions.iter().filter(|decision| !known(&decision.id)).cloned());
    head.rejected.extend(imported.rejected.iter().filter(|rejected| !there.rejected.contains(rejected)).cloned());
    head.conflict.extend(imported.conflict.iter().filter(|conflict| !there.conflict.contains(conflict)).cloned());
    head
}
