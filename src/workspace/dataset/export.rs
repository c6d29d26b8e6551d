//! Layers out, as a dataset.
//!
//! Articles are read and written in their order, many at a time; what a format cannot hold is counted and told.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::card::{Card, Contents, Counted};
use super::chosen::{ReadLayer, anonymous, article, without_text};
use super::order::{ExportOrder, Which};
use super::select::{Selection, select};
use super::similar::{groups, signature};
use super::sink::{Place, Sink};
use super::split::{Member, PARTS, Split, parts, shards};
use super::wanted::{self, there_are};
use super::{DatasetError, Listener};
use crate::formats::{self, Done, LineWriter, Losses, Met, Piece, Shape, Writer, write_ascii};
use crate::model::{Layer, Schema};
use crate::store::schema::builtin;

/// So many articles are read at once; no more are held.
const AT_ONCE: usize = 64;
/// Where the parts of a split are listed, so that a dataset that replaces this one keeps them.
const LIST: &str = "split.tsv";

/// What became of it.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// So many layers were written.
    pub layers: usize,
    /// What the format does not hold as it is.
    pub losses: Losses,
    /// Whether something was told that is to be looked at.
    pub found: bool,
}

/// Writes a dataset. `standard` takes it where no file is named. Nothing is left of one that fails or is cancelled.
pub fn export(
    order: &ExportOrder,
    standard: &mut dyn Write,
    listener: &dyn Listener,
) -> Result<Exported, DatasetError> {
    let made = order.output.as_deref().filter(|target| !target.exists());
    let exported = write(order, standard, listener);
    if let (Err(_), Some(target)) = (&exported, made) {
        // The folder for the parts of a split; one that holds anything stays.
        let _ = std::fs::remove_dir(target);
    }
    exported
}

fn write(order: &ExportOrder, standard: &mut dyn Write, listener: &dyn Listener) -> Result<Exported, DatasetError> {
    let selections = select(&order.paths)?;
    let format = formats::format(&order.to).filter(|format| format.writes.is_some());
    let Some((format, shape)) = format.and_then(|format| Some((format, format.writes?))) else {
        return Err(DatasetError::refused(format!("{} can be imported, not exported.", order.to)));
    };
    let roots: Vec<&Path> = selections.iter().map(|selection| selection.root.as_path()).collect();
    super::target::refuse(order, format, &roots)?;
    let schema = selections.first().map_or_else(builtin, |first| first.schema.clone());
    let options = order.writers();
    let writer = match shape {
        Shape::Folder(writer) => How::Folder(writer(&schema, &options)),
        Shape::Lines(writer) => How::Lines(writer(&schema, &options)),
    };
    let bundles = match &writer {
        How::Folder(writer) => writer.bundles(),
        How::Lines(_) => None,
    };
    wanted::check(order, bundles.is_some(), &selections)?;
    let sink = match &writer {
        How::Folder(_) => Sink::folder(order, bundles)?,
        How::Lines(_) => Sink::lines(order, standard)?,
    };
    let plan = Plan::new(order, &selections, listener)?;
    let names = if order.anonymise { anonymous(&selections) } else { BTreeMap::new() };
    let maker = Maker { order, writer, plan, names };
    let run = Run {
        order,
        listener,
        maker: &maker,
        sink,
        found: false,
        written: 0,
        met: HashSet::new(),
        losses: Losses::default(),
        contents: Contents::default(),
    };
    run.all(&selections, format, &schema)
}

/// Where each article goes.
#[derive(Default)]
struct Plan {
    parts: HashMap<(PathBuf, PathBuf), usize>,
    shards: HashMap<(PathBuf, PathBuf), usize>,
    /// The list of parts, for the next time.
    list: String,
}

impl Plan {
    fn new(order: &ExportOrder, selections: &[Selection], listener: &dyn Listener) -> Result<Self, DatasetError> {
        if order.split.is_none() && order.shards.is_none() {
            return Ok(Self::default());
        }
        let all: Vec<(&Selection, &PathBuf)> = selections
            .iter()
            .flat_map(|selection| selection.articles.iter().map(move |path| (selection, path)))
            .collect();
        let key = |(selection, path): &(&Selection, &PathBuf)| (selection.root.clone(), (*path).clone());
        let mut plan = Self::default();
        let mut sides = vec![0; all.len()];
        if let Some(split) = order.split {
            let members = members(order, split, selections, listener)?;
            let former = former(order.output.as_deref());
            let (found, notes) = parts(&members, split, &former);
            notes.iter().for_each(|note| listener.note(note));
            for (member, &side) in members.iter().zip(&found) {
                plan.list.push_str(&format!("{}\t{}\n", member.name.replace(['\t', '\n'], " "), PARTS[side]));
            }
            plan.parts = all.iter().map(key).zip(found.iter().copied()).collect();
            sides = found;
        }
        if let Some(count) = order.shards {
            plan.shards = all.iter().map(key).zip(shards(&sides, count.max(1))).collect();
        }
        Ok(plan)
    }
}

/// What a split needs to know of all articles: their texts are read once for it.
fn members(
    order: &ExportOrder,
    split: Split,
    selections: &[Selection],
    listener: &dyn Listener,
) -> Result<Vec<Member>, DatasetError> {
    let count = selections.iter().map(|selection| selection.articles.len()).sum();
    listener.begin(count);
    let mut signatures = Vec::with_capacity(count);
    let mut members = Vec::with_capacity(count);
    let mut all = selections
        .iter()
        .flat_map(|selection| selection.with_layers().map(move |(path, layers)| (selection, path, layers)));
    loop {
        if listener.is_cancelled() {
            return Err(DatasetError::Cancelled);
        }
        let some: Vec<_> = all.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let read: Vec<Result<_, DatasetError>> = some
            .par_iter()
            .map(|(selection, path, layers)| {
                let mut labels: BTreeMap<SmolStr, usize> = BTreeMap::new();
                let text = if split.stratify {
                    let read = article(order, &BTreeMap::new(), false, selection, path, layers.clone())?;
                    for mark in read.layers.iter().flat_map(|layer| layer.document.layer.annotations()) {
                        *labels.entry(mark.full_label()).or_default() += 1;
                    }
                    selection.read(path, layers)?.text
                } else {
                    selection.read(path, layers)?.text
                };
                Ok((signature(&text), labels))
            })
            .collect();
        for ((_, path, _), read) in some.iter().zip(read) {
            let (signature, labels) = read?;
            signatures.push(signature);
            members.push(Member { name: Selection::name(path), group: members.len(), labels });
        }
        listener.step(some.len());
    }
    for (member, group) in members.iter_mut().zip(groups(&signatures)) {
        member.group = group;
    }
    Ok(members)
}

/// Where articles were in the dataset that this one replaces.
fn former(target: Option<&Path>) -> HashMap<String, usize> {
    let list = target.and_then(|target| std::fs::read_to_string(target.join(LIST)).ok()).unwrap_or_default();
    let line = |line: &str| {
        let (name, part) = line.split_once('\t')?;
        Some((name.to_owned(), PARTS.iter().position(|it| *it == part)?))
    };
    list.lines().filter_map(line).collect()
}

/// An export on its way.
struct Run<'a> {
    order: &'a ExportOrder,
    listener: &'a dyn Listener,
    maker: &'a Maker<'a>,
    sink: Sink<'a>,
    found: bool,
    written: usize,
    /// Labels that were met, alone and with their types.
    met: HashSet<SmolStr>,
    losses: Losses,
    contents: Contents,
}

/// What writes layers, many at a time.
struct Maker<'a> {
    order: &'a ExportOrder,
    writer: How,
    plan: Plan,
    names: BTreeMap<String, String>,
}

/// How layers are written.
enum How {
    Lines(Box<dyn LineWriter>),
    Folder(Box<dyn Writer>),
}

/// What came of one layer.
struct Made {
    annotator: String,
    labels: HashSet<SmolStr>,
    counted: Counted,
    /// Only where there are several, to be compared: what is large is best freed by the thread that made it.
    layer: Option<Layer>,
    content: Written,
    losses: Losses,
}

enum Written {
    Line(Vec<u8>),
    Pieces(Vec<Piece>, Met),
}

impl Maker<'_> {
    /// Reads an article and writes its layers in the format.
    fn article(
        &self,
        selection: &Selection,
        path: &Path,
        layers: Vec<(String, PathBuf)>,
    ) -> Result<(Vec<Made>, Vec<String>, bool), DatasetError> {
        let key = (selection.root.clone(), path.to_path_buf());
        if self.order.shard.is_some_and(|shard| self.plan.shards.get(&key) != Some(&shard)) {
            return Ok((Vec::new(), Vec::new(), false));
        }
        let whole = matches!(&self.writer, How::Lines(writer) if writer.keeps_newlines());
        let read = article(self.order, &self.names, whole, selection, path, layers)?;
        let several = read.layers.len() > 1;
        let make = |mut layer: ReadLayer| {
            let mut losses = std::mem::take(&mut layer.losses);
            let content = match &self.writer {
                How::Lines(writer) => {
                    let mut bytes = Vec::new();
                    if self.order.without_text {
                        let line = without_text(writer.line(&layer.document, &mut losses), &layer.document.text);
                        write_ascii(&mut bytes, &line).expect("memory takes it");
                    } else {
                        writer.write(&layer.document, &mut losses, &mut bytes);
                    }
                    bytes.push(b'\n');
                    Written::Line(bytes)
                }
                How::Folder(writer) => {
                    let mut met = Met::default();
                    let pieces = writer.document(&layer.document, &mut losses, &mut met);
                    Written::Pieces(pieces, met)
                }
            };
            let ReadLayer { annotator, labels, document, .. } = layer;
            let counted = Counted::of(&document);
            Made { annotator, labels, counted, layer: several.then_some(document.layer), content, losses }
        };
        Ok((read.layers.into_iter().map(make).collect(), read.notes, read.read_only))
    }
}

impl Run<'_> {
    fn all(
        mut self,
        selections: &[Selection],
        format: &formats::Format,
        schema: &Schema,
    ) -> Result<Exported, DatasetError> {
        for selection in selections {
            selection.warnings.iter().for_each(|warning| self.listener.note(warning));
            let note = selection.schema_note();
            note.iter().for_each(|note| self.listener.note(note));
            self.found |= note.is_some();
            self.listener.begin(selection.articles.len());
            self.some(selection)?;
        }
        if let Which::Annotator(name) = &self.order.which
            && self.written == 0
        {
            let layers = selections.iter().flat_map(Selection::with_layers).flat_map(|(_, layers)| layers);
            let names: BTreeSet<String> = layers.map(|(name, _)| name).collect();
            if !names.contains(name) {
                let names = names.into_iter().collect::<Vec<_>>().join(", ");
                let there = if names.is_empty() { "nobody".to_owned() } else { names };
                self.listener.note(&format!("warning: {name} has no layer here; who has one: {there}"));
            }
        }
        self.finish(format, schema)
    }

    /// Makes some articles after others, in parallel, while those before are written in their order. No more than three times
    /// [`AT_ONCE`] are in memory.
    fn some(&mut self, selection: &Selection) -> Result<(), DatasetError> {
        let (maker, listener) = (self.maker, self.listener);
        let make = |(path, layers): &(&Path, Vec<(String, PathBuf)>)| {
            if listener.is_cancelled() {
                return Err(DatasetError::Cancelled);
            }
            maker.article(selection, path, layers.clone())
        };
        std::thread::scope(|scope| {
            let (send, made) = sync_channel(1);
            scope.spawn(move || {
                let mut articles = selection.with_layers();
                loop {
                    let some: Vec<_> = articles.by_ref().take(AT_ONCE).collect();
                    if some.is_empty() {
                        break;
                    }
                    let made: Vec<Result<_, DatasetError>> = some.par_iter().map(make).collect();
                    // Whoever writes has stopped.
                    if send.send((some, made)).is_err() {
                        break;
                    }
                }
            });
            for (some, made) in made {
                for ((path, _), made) in some.iter().zip(made) {
                    self.deliver(selection, path, made?)?;
                }
                listener.step(some.len());
            }
            if listener.is_cancelled() { Err(DatasetError::Cancelled) } else { Ok(()) }
        })
    }

    /// Writes what came of an article.
    fn deliver(
        &mut self,
        selection: &Selection,
        path: &Path,
        (layers, notes, read_only): (Vec<Made>, Vec<String>, bool),
    ) -> Result<(), DatasetError> {
        notes.iter().for_each(|note| self.listener.note(note));
        self.found |= read_only;
        let key = (selection.root.clone(), path.to_path_buf());
        let part = self.maker.plan.parts.get(&key).copied().unwrap_or_default();
        let shard = self.maker.plan.shards.get(&key).copied();
        if layers.len() > 1 {
            let all: Vec<&Layer> = layers.iter().filter_map(|made| made.layer.as_ref()).collect();
            self.contents.compare(&all);
        }
        for Made { annotator, labels, counted, content, losses, .. } in layers {
            self.contents.add(part, counted);
            self.met.extend(labels);
            self.losses.extend(losses);
            self.written += 1;
            match content {
                Written::Line(line) => self.sink.line(part, &line)?,
                Written::Pieces(pieces, met) => {
                    let annotator = (self.order.which == Which::All).then_some(annotator.as_str());
                    self.sink.pieces(Place { part, shard, annotator }, pieces, met)?;
                }
            }
        }
        Ok(())
    }

    /// How much is in each part of a split, and which have nothing. One shard is a piece of each.
    fn tell_parts(&mut self) {
        let Some(split) = self.order.split.filter(|_| self.order.shard.is_none()) else { return };
        let sizes = self.contents.sizes();
        let part = |(part, [articles, marks]): (&str, [usize; 2])| {
            format!("{part}: {}, {}", super::count(articles, "article"), super::count(marks, "mark"))
        };
        let parts: Vec<String> = PARTS.into_iter().zip(sizes).map(part).collect();
        self.listener.note(&parts.join("; "));
        for ((part, [articles, _]), share) in PARTS.into_iter().zip(sizes).zip(split.shares) {
            if articles == 0 && share > 0 {
                self.listener.note(&format!(
                    "warning: {part} is empty: there are too few articles for these shares; another --seed draws anew, and --stratify comes nearest to them"
                ));
                self.found = true;
            }
        }
    }

    /// The folders that hold something: a part of a split that is empty is none.
    fn filled(&self) -> Vec<String> {
        if self.order.split.is_none() {
            return vec![String::new()];
        }
        // One shard may have nothing of a part that others have.
        let planned = |part: usize| self.order.shard.is_some() && self.maker.plan.parts.values().any(|it| *it == part);
        let sizes = self.contents.sizes();
        let is_filled = |part: &usize| sizes[*part][0] > 0 || planned(*part);
        (0..PARTS.len()).filter(is_filled).map(|part| PARTS[part].to_owned()).collect()
    }

    fn finish(mut self, format: &formats::Format, schema: &Schema) -> Result<Exported, DatasetError> {
        if self.written == 0 {
            self.listener.note("warning: no layer was found that fits; nothing is written");
            return Ok(Exported { layers: 0, losses: self.losses, found: true });
        }
        for label in self.order.labels.iter().filter(|label| !self.met.contains(label.as_str())) {
            let there = there_are(&self.met.iter().cloned().collect());
            self.listener.note(&format!("warning: nothing is marked as {label}; {there}"));
            self.found = true;
        }
        self.tell_parts();
        if self.order.strict && self.losses.iter().any(|(_, done, _)| done != Done::Kept) {
            self.losses.to_string().lines().for_each(|line| self.listener.note(&format!("  {line}")));
            return Err(DatasetError::refused(format!(
                "{} cannot hold all of it, as told above, and --strict was asked for: nothing is written.",
                self.order.to
            )));
        }
        let writer = match &self.maker.writer {
            How::Folder(writer) => Some(&**writer),
            How::Lines(_) => None,
        };
        let target = self.order.output.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let split = self.order.split;
        let card = Card {
            format,
            title: &target,
            schema,
            losses: &self.losses,
            licence: self.order.licence.as_deref(),
            split: split.is_some(),
            seed: split.map_or(0, |split| split.seed),
            front: writer.and_then(|writer| writer.front(&self.filled())),
        };
        let mut cards = vec![("README.md", card.text(&self.contents))];
        if split.is_some() {
            cards.push((LIST, self.maker.plan.list.clone()));
        }
        self.sink.finish(writer, &cards)?;
        Ok(Exported { layers: self.written, losses: self.losses, found: self.found })
    }
}
