//! `pressmark stats`: how much there is of what.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::Outcome;
use super::args::Stats;
use super::output::{self, Output};
use super::progress::Progress;
use super::select::{note_schema, read_layer, select};
use super::show::count;
use crate::model::{Layer, Status};

/// What one annotator has done.
#[derive(Default)]
struct Work {
    layers: usize,
    statuses: BTreeMap<Status, usize>,
    annotations: usize,
    orphans: usize,
    labels: BTreeMap<String, usize>,
    relations: BTreeMap<String, usize>,
}

impl Work {
    fn add(&mut self, layer: &Layer) {
        self.layers += 1;
        *self.statuses.entry(layer.head().status).or_default() += 1;
        self.annotations += layer.len();
        for annotation in layer.annotations() {
            *self.labels.entry(annotation.full_label().to_string()).or_default() += 1;
            self.orphans += usize::from(annotation.orphan().is_some());
        }
        for relation in layer.relations() {
            *self.relations.entry(relation.label.to_string()).or_default() += 1;
        }
    }

    fn json(&self, annotator: &str) -> Value {
        let counts = |map: &BTreeMap<String, usize>| -> Map<String, Value> {
            map.iter().map(|(name, number)| (name.clone(), (*number).into())).collect()
        };
        let statuses: Map<String, Value> =
            self.statuses.iter().map(|(status, number)| (status.id().to_owned(), (*number).into())).collect();
        json!({
            "annotator": annotator, "layers": self.layers, "statuses": statuses, "annotations": self.annotations,
            "orphans": self.orphans, "labels": counts(&self.labels), "relations": counts(&self.relations),
        })
    }

    fn print(&self, annotator: &str, output: &mut Output) -> Result<()> {
        let statuses: Vec<String> =
            self.statuses.iter().map(|(status, number)| format!("{number} {}", status.id())).collect();
        output.line("")?;
        output.line(&format!(
            "{annotator}: {} ({}), {}",
            count(self.layers, "layer"),
            statuses.join(", "),
            count(self.annotations, "annotation")
        ))?;
        for (label, number) in &self.labels {
            output.line(&format!("  {number:>7}  {label}"))?;
        }
        for (label, number) in &self.relations {
            output.line(&format!("  {number:>7}  {label} (relation)"))?;
        }
        if self.orphans > 0 {
            output.line(&format!("  {:>7}  without a place", self.orphans))?;
        }
        Ok(())
    }
}

pub(super) fn run(args: &Stats, output: &mut Output) -> Result<Outcome> {
    let (mut articles, mut characters) = (0, 0);
    let mut work: BTreeMap<String, Work> = BTreeMap::new();
    let mut found = false;
    for selection in select(&args.paths)? {
        found |= note_schema(&selection);
        let progress = Progress::of(selection.articles.len());
        for (path, layers) in selection.with_layers() {
            progress.step(1);
            let article = match selection.read(path, &layers) {
                Ok(article) => article,
                Err(error) => {
                    output::note(&format!("warning: {error:#}; it is not counted"));
                    found = true;
                    continue;
                }
            };
            articles += 1;
            characters += article.chars;
            for (annotator, sidecar) in layers {
                match read_layer(&selection, &sidecar, &article) {
                    Ok(loaded) => {
                        found |= loaded.read_only.is_some();
                        let blank = loaded.layer.is_empty() && loaded.layer.head().status == Status::New;
                        if !blank {
                            work.entry(annotator).or_default().add(&loaded.layer);
                        }
                    }
                    Err(error) => {
                        output::note(&format!("warning: {error:#} It is not counted."));
                        found = true;
                    }
                }
            }
        }
    }
    if args.json {
        let annotators: Vec<Value> = work.iter().map(|(annotator, work)| work.json(annotator)).collect();
        output.json(&json!({"articles": articles, "characters": characters, "annotators": annotators}))?;
    } else {
        output.line(&format!("{}, {characters} characters", count(articles, "article")))?;
        for (annotator, work) in &work {
            work.print(annotator, output)?;
        }
    }
    Ok(Outcome::found(found))
}
