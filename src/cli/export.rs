//! `pressmark export`: layers as a dataset.
//!
//! Articles are read and written in their order, many at a time; what a format cannot hold is counted and told.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::Outcome;
use super::args::Export;
use super::output::{self, Output};
use super::progress::Progress;
use super::select::{Selection, filled, of_annotator, select};
use super::show::count;
use super::sink::{Sink, part_of};
use crate::formats::canonical::with_line_feeds;
use crate::formats::{self, Document, Done, LineWriter, Losses, Met, Piece, Shape, Writer};
use crate::model::{AUTHOR, Layer};
use crate::store::schema::builtin;
use crate::store::sidecar::{GOLD, Peek};

/// So many articles are read at once; no more are held.
const AT_ONCE: usize = 64;

pub(super) fn run(args: &Export, output: &mut Output) -> Result<Outcome> {
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if args.json && file.is_none() {
        bail!("--json tells on standard output what was written: name a file or a folder with -o.");
    }
    let selections = select(&args.paths)?;
    let shape = formats::format(&args.to).and_then(|format| format.writes);
    let Some(shape) = shape else { bail!("{} can be imported, not exported.", args.to) };
    let schema = selections.first().map_or_else(builtin, |first| first.schema.clone());
    let (sink, writer) = match shape {
        Shape::Folder(writer) => {
            let writer = writer(&schema, &args.options());
            (Sink::folder(args, file, writer.bundles())?, How::Folder(writer))
        }
        Shape::Lines(writer) => (Sink::lines(args, file)?, How::Lines(writer(&schema, &args.options()))),
    };
    let mut export =
        Run { args, writer, sink, found: false, written: 0, met: HashSet::new(), losses: Losses::default() };
    for selection in &selections {
        export.selection(selection, output)?;
    }
    export.finish(output)
}

/// An export on its way.
struct Run<'a> {
    args: &'a Export,
    writer: How,
    sink: Sink,
    found: bool,
    written: usize,
    /// Labels that were met, alone and with their types.
    met: HashSet<smol_str::SmolStr>,
    losses: Losses,
}

/// How layers are written.
enum How {
    Lines(Box<dyn LineWriter>),
    Folder(Box<dyn Writer>),
}

/// What came of one article.
#[derive(Default)]
struct Made {
    name: String,
    layers: Vec<MadeLayer>,
    notes: Vec<String>,
    read_only: bool,
}

struct MadeLayer {
    annotator: String,
    labels: HashSet<smol_str::SmolStr>,
    made: Written,
    losses: Losses,
}

enum Written {
    Line(Value),
    Pieces(Vec<Piece>, Met),
}

impl Run<'_> {
    fn selection(&mut self, selection: &Selection, output: &mut Output) -> Result<()> {
        self.found |= selection.note_schema();
        let articles: Vec<(&Path, Vec<(String, PathBuf)>)> = selection.with_layers().collect();
        let progress = Progress::of(articles.len());
        for some in articles.chunks(AT_ONCE) {
            let (args, writer) = (self.args, &self.writer);
            let made: Vec<Result<Made>> =
                some.par_iter().map(|(path, layers)| article(args, writer, selection, path, layers.clone())).collect();
            for made in made {
                self.deliver(made?, output)?;
            }
            progress.step(some.len());
        }
        Ok(())
    }

    /// Writes what came of an article.
    fn deliver(&mut self, made: Made, output: &mut Output) -> Result<()> {
        made.notes.iter().for_each(|note| output::note(note));
        self.found |= made.read_only;
        let part = self.args.split.map_or(0, |shares| part_of(&made.name, shares, self.args.seed));
        for layer in made.layers {
            self.met.extend(layer.labels);
            self.losses.extend(layer.losses);
            self.written += 1;
            match layer.made {
                Written::Line(line) => self.sink.line(part, &line, output)?,
                Written::Pieces(pieces, met) => {
                    let annotator = self.args.all_annotators.then_some(layer.annotator.as_str());
                    self.sink.pieces(part, annotator, pieces, met)?;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, output: &mut Output) -> Result<Outcome> {
        if self.written == 0 {
            output::note("warning: no layer was found that fits; nothing is written");
            return Ok(Outcome::Found);
        }
        for label in self.args.labels.iter().filter(|label| !self.met.contains(label.as_str())) {
            output::note(&format!("warning: nothing is marked as {label}"));
            self.found = true;
        }
        if self.args.strict && self.losses.iter().any(|(_, done, _)| done != Done::Kept) {
            self.losses.to_string().lines().for_each(|line| output::note(&format!("  {line}")));
            bail!(
                "{} cannot hold all of it, as told above, and --strict was asked for: nothing is written.",
                self.args.to
            );
        }
        let writer = match &self.writer {
            How::Folder(writer) => Some(&**writer),
            How::Lines(_) => None,
        };
        self.sink.finish(writer)?;
        if self.args.output.as_deref().is_some_and(|path| path != Path::new("-")) {
            output::note(&format!("{} written", count(self.written, "layer")));
        }
        if self.args.json {
            output.json(&report(&self.args.to, self.written, &self.losses))?;
        } else if !self.losses.is_empty() {
            output::note(&format!("What {} cannot hold as it is:", self.args.to));
            self.losses.to_string().lines().for_each(|line| output::note(&format!("  {line}")));
        }
        Ok(Outcome::found(self.found))
    }
}

/// The losses as `--json` tells them.
fn report(format: &str, layers: usize, losses: &Losses) -> Value {
    let losses: Vec<Value> = losses
        .iter()
        .map(|(kind, done, count)| {
            json!({"kind": kind.id(), "done": done.id(), "count": count.count, "first": count.first})
        })
        .collect();
    json!({"format": format, "layers": layers, "losses": losses})
}

/// Reads an article with the layers that are asked for, and writes them in the format.
fn article(
    args: &Export,
    writer: &How,
    selection: &Selection,
    path: &Path,
    layers: Vec<(String, PathBuf)>,
) -> Result<Made> {
    let layers = choose(args, path, filled(&selection.root, layers)?)?;
    if layers.is_empty() {
        return Ok(Made::default());
    }
    let article = selection.read(path, &layers)?;
    let mut made = Made { name: Selection::name(path), ..Made::default() };
    for (annotator, sidecar) in layers {
        let (loaded, notes) = selection.layer_and_notes(&sidecar, &article)?;
        made.notes.extend(notes);
        // Steps that only the journal has may have changed it.
        if args.status.is_some_and(|status| status != loaded.layer.head().status) {
            continue;
        }
        made.read_only |= loaded.read_only.is_some();
        let labels = loaded.layer.annotations().flat_map(|it| [it.label.clone(), it.full_label()]).collect();
        let layer = with_labels(loaded.layer, &args.labels)?;
        let mut losses = Losses::default();
        let document = Document { file: made.name.clone(), text: article.text.to_string(), layer };
        let whole = args.keep_newlines() || matches!(writer, How::Lines(writer) if writer.keeps_newlines());
        let document = if whole { document } else { with_line_feeds(document) };
        let written = match writer {
            How::Lines(writer) => Written::Line(writer.line(&document, &mut losses)),
            How::Folder(writer) => {
                let mut met = Met::default();
                let pieces = writer.document(&document, &mut losses, &mut met);
                Written::Pieces(pieces, met)
            }
        };
        made.layers.push(MadeLayer { annotator, labels, made: written, losses });
    }
    Ok(made)
}

/// The layers of an article that are asked for.
fn choose(
    args: &Export,
    article: &Path,
    layers: Vec<(String, PathBuf, Option<Peek>)>,
) -> Result<Vec<(String, PathBuf)>> {
    let fits =
        |peek: &Option<Peek>| args.status.is_none_or(|status| peek.as_ref().is_none_or(|peek| status == peek.status));
    let layers: Vec<(String, PathBuf)> =
        layers.into_iter().filter(|(_, _, peek)| fits(peek)).map(|(annotator, path, _)| (annotator, path)).collect();
    if let Some(annotator) = &args.annotator {
        if !layers.iter().any(|(name, _)| name == annotator) {
            return Ok(Vec::new());
        }
        return of_annotator(article, layers, Some(annotator));
    }
    // The lossless format takes all; others hold one layer of an article.
    let all = args.all_annotators || (args.to == formats::jsonl::FORMAT.id && !args.prefer_gold);
    if all || layers.len() < 2 {
        return Ok(layers);
    }
    if let Some(gold) = layers.iter().find(|(name, _)| name == GOLD) {
        return Ok(vec![gold.clone()]);
    }
    let names: Vec<&str> = layers.iter().map(|(name, _)| name.as_str()).collect();
    bail!(
        "{}: {} have layers of it, and none is gold. Choose one with --annotator, or take all with --all-annotators.",
        article.display(),
        names.join(" and ")
    )
}

/// The layer with the annotations of these labels alone, and the relations between them.
fn with_labels(layer: Layer, labels: &[String]) -> Result<Layer> {
    if labels.is_empty() {
        return Ok(layer);
    }
    let wanted = |label: &str| labels.iter().any(|other| other == label);
    let annotations: Vec<_> =
        layer.annotations().filter(|a| wanted(&a.label) || wanted(&a.full_label())).cloned().collect();
    let ids: HashSet<&str> = annotations.iter().map(|annotation| annotation.id.as_str()).collect();
    let is_there = |end: &str| end == AUTHOR || ids.contains(end);
    let relations: Vec<_> =
        layer.relations().into_iter().filter(|r| is_there(&r.from) && is_there(&r.to)).cloned().collect();
    match Layer::from_parts(layer.head().clone(), annotations, relations) {
        Ok(layer) => Ok(layer),
        Err(error) => bail!("a part of a layer does not hold together: {error:?}"),
    }
}
