//! `pressmark reanchor`: layers find their places again in articles that were edited.
//!
//! What is exact or moved is taken over; the rest stays in the file without a place, with candidates. A layer that
//! cannot be read, or not be changed, is told and left as it is, and all the others are still looked at.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::Outcome;
use super::args::Reanchor;
use super::output::{self, Output};
use super::progress::Progress;
use super::select::{Selection, select};
use super::show::count;
use crate::anchor::State;
use crate::article::Article;
use crate::model::Span;
use crate::store::disk::OsDisk;
use crate::store::follow::{Sign, follow, homes};
use crate::store::journal::{LayerFiles, begin_placing, place, read_unplaced};
use crate::store::sidecar::{UnplacedLayer, fit_annotator, kept_text, recorded_hashes};
use crate::text::OffsetIndex;
use crate::workspace::{Choice, Review, ReviewItem};

pub(super) fn run(args: &Reanchor, output: &mut Output) -> Result<Outcome> {
    let login = || fit_annotator(&whoami::username().unwrap_or_default());
    let mut run =
        Run { args, annotator: args.annotator.clone().unwrap_or_else(login), left: 0, seen: 0, layers: Vec::new() };
    for selection in select(&args.paths)? {
        if let Some(error) = selection.schema_error {
            bail!("{error} Until it is mended, nothing in {} is changed.", selection.root.display());
        }
        run.follow(&selection, output)?;
        let progress = Progress::of(selection.articles.len());
        for (article, layers) in selection.with_layers() {
            progress.step(1);
            if layers.is_empty() {
                continue;
            }
            match selection.read(article, &layers) {
                Ok(article) => run.article(&selection, &article, &layers, output)?,
                Err(error) => run.problem(&format!("{error:#}")),
            }
        }
    }
    if args.json {
        output.json(&json!({"layers": run.layers}))?;
    } else if run.seen == 0 {
        output.line("every layer stands on its article's text")?;
    } else if args.dry_run {
        output.line("nothing was written")?;
    }
    Ok(Outcome::found(run.left > 0))
}

struct Run<'a> {
    args: &'a Reanchor,
    annotator: String,
    /// What is left to be looked at.
    left: usize,
    /// Layers and sidecars that there was something to say about.
    seen: usize,
    layers: Vec<Value>,
}

/// A layer that is looked at.
struct Target<'a> {
    selection: &'a Selection,
    article: &'a Article,
    sidecar: &'a Path,
    annotator: &'a str,
}

impl Run<'_> {
    fn problem(&mut self, message: &str) {
        self.left += 1;
        self.seen += 1;
        output::note(&format!("warning: {message}"));
    }

    fn line(&mut self, output: &mut Output, text: &str) -> Result<()> {
        self.seen += 1;
        if self.args.json { Ok(()) } else { output.line(text) }
    }

    /// Sidecars whose article was renamed or moved.
    fn follow(&mut self, selection: &Selection, output: &mut Output) -> Result<()> {
        for home in homes(&selection.root, &selection.articles, &selection.strays()) {
            let (sidecar, target) = (home.sidecar.display(), home.target.display());
            if self.args.follow && !self.args.dry_run {
                follow(&selection.root, &home)?;
                self.line(output, &format!("{sidecar}: now {target}"))?;
            } else {
                let known = match home.sign {
                    Sign::Same => "has its very text",
                    Sign::Near => "has most of its text",
                };
                self.problem(&format!(
                    "{sidecar}: its article is gone; {} {known}. --follow renames the sidecar to {target}.",
                    home.article.display()
                ));
            }
        }
        Ok(())
    }

    fn article(
        &mut self,
        selection: &Selection,
        article: &Article,
        layers: &[(String, PathBuf)],
        output: &mut Output,
    ) -> Result<()> {
        for (annotator, sidecar) in layers {
            let target = Target { selection, article, sidecar, annotator };
            if self.args.all_annotators || *annotator == self.annotator {
                let files = LayerFiles::new(&selection.root, sidecar);
                match read_unplaced(&OsDisk, &files, article, &selection.schema) {
                    Ok(unplaced) => self.layer(&target, &files, unplaced, output)?,
                    Err(error) => self.problem(&error.to_string()),
                }
            } else if recorded_hashes(sidecar).is_ok_and(|(_, text)| text != article.text_sha256) {
                let message = "pending: its owner has to open it, or --all-annotators";
                self.line(output, &format!("{}: {message}", sidecar.display()))?;
                let marks = crate::store::sidecar::peek(sidecar).map_or(0, |peek| peek.annotations);
                self.layers.push(json!({
                    "file": name(&target), "annotator": annotator, "counts": {"pending": marks}, "annotations": []
                }));
            }
        }
        Ok(())
    }

    fn layer(
        &mut self,
        target: &Target<'_>,
        files: &LayerFiles,
        mut unplaced: UnplacedLayer,
        output: &mut Output,
    ) -> Result<()> {
        let Target { selection, article, .. } = *target;
        if unplaced.text_sha256 == article.text_sha256 && unplaced.orphans.is_empty() {
            return Ok(());
        }
        let mut placing = None;
        if !self.args.dry_run {
            // What came in between counts.
            let who = format!("pressmark reanchor (process {})", std::process::id());
            match begin_placing(files, article, &selection.schema, &who) {
                Ok(begun) => unplaced = placing.insert(begun).unplaced.clone(),
                Err(error) => {
                    self.problem(&error.to_string());
                    return Ok(());
                }
            }
        }
        if let Some(reason) = &unplaced.loaded.read_only {
            self.problem(reason);
            return Ok(());
        }
        let same = unplaced.text_sha256 == article.text_sha256;
        let kept = if same { None } else { kept_text(&selection.root, &unplaced.text_sha256) };
        let old = if same { Some(&*article.text) } else { kept.as_deref() };
        let review = Review::new(unplaced, old, &article.text);
        let accept = self.args.accept.is_some();
        let choose = |item: &ReviewItem| match item.state {
            State::Exact | State::Moved => Choice::Take,
            State::Edited if accept => Choice::Take,
            State::Edited | State::Orphan => Choice::Leave,
        };
        let left = review.items.iter().filter(|item| choose(item) == Choice::Leave).count();
        self.left += left;
        self.tell(target, &review, old.is_none(), output)?;
        if let Some(placing) = placing {
            place(files, article, &selection.schema, placing, review.edit_for(&article.text, choose))?;
        }
        Ok(())
    }

    /// The summary of a layer, and each mark that needs a look; or all of it as JSON.
    fn tell(&mut self, target: &Target<'_>, review: &Review, alone: bool, output: &mut Output) -> Result<()> {
        let text = &*target.article.text;
        let index = OffsetIndex::new(text);
        let counts = State::ALL.map(|state| (state, review.count(state)));
        let counts = counts.into_iter().filter(|(_, number)| *number > 0);
        if self.args.json {
            self.seen += 1;
            let counts: serde_json::Map<String, Value> =
                counts.map(|(state, number)| (state.id().to_owned(), number.into())).collect();
            let annotations: Vec<Value> = review.items.iter().map(|item| item_object(item, text, &index)).collect();
            self.layers.push(json!({
                "file": name(target), "annotator": target.annotator, "counts": counts, "annotations": annotations
            }));
            return Ok(());
        }
        let counts: Vec<String> = counts.map(|(state, number)| format!("{number} {}", state.id())).collect();
        let how = if alone { " (by quotes and context: the text that it was made on is not kept)" } else { "" };
        let what = if counts.is_empty() { count(0, "annotation") } else { counts.join(", ") };
        self.line(output, &format!("{}: {what}{how}", target.sidecar.display()))?;
        for item in review.items.iter().filter(|item| item.state >= State::Edited) {
            output.line(&item_line(item, text, &index))?;
        }
        Ok(())
    }
}

fn name(target: &Target<'_>) -> String {
    let path = &target.article.path;
    Selection::name(path.strip_prefix(&target.selection.root).unwrap_or(path))
}

fn item_object(item: &ReviewItem, text: &str, index: &OffsetIndex) -> Value {
    let spans = |spans: &[Span]| -> Vec<Value> {
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
        spans.iter().map(|span| json!([char(span.start()), char(span.end()), span.slice(text)])).collect()
    };
    let rounded = |similarity: f32| (f64::from(similarity) * 1000.0).round() / 1000.0;
    let candidates: Vec<Value> = item
        .candidates
        .iter()
        .map(|candidate| json!({"spans": spans(&candidate.spans), "similarity": rounded(candidate.similarity)}))
        .collect();
    json!({
        "id": item.id.as_str(),
        "state": item.state.id(),
        "spans": spans(&item.spans),
        "similarity": rounded(item.similarity),
        "candidates": candidates
    })
}

/// `  edited  a2 (86 %): “said no” → 4:10 “said not”`.
fn item_line(item: &ReviewItem, text: &str, index: &OffsetIndex) -> String {
    let place = |spans: &[Span]| {
        let at = spans.first().map(|span| index.line_column(text, span.start() as usize));
        let words: Vec<&str> = spans.iter().filter_map(|span| span.slice(text)).collect();
        at.map_or_else(String::new, |at| format!("{}:{} “{}”", at.line, at.column, words.join(" … ")))
    };
    let old: Vec<&str> = item.old.iter().map(|quoted| quoted.text.as_str()).collect();
    let old = old.join(" … ");
    let (state, id) = (item.state.id(), &item.id);
    if item.state == State::Edited {
        let percent = item.similarity * 100.0;
        format!("  {state:<7} {id} ({percent:.0} %): “{old}” → {}", place(&item.spans))
    } else {
        let candidates: Vec<String> = item.candidates.iter().map(|candidate| place(&candidate.spans)).collect();
        let perhaps = if candidates.is_empty() { "" } else { "; perhaps " };
        format!("  {state:<7} {id}: “{old}”{perhaps}{}", candidates.join(", or "))
    }
}
