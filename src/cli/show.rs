//! `pressmark show`: what is marked in one article.

use anyhow::{Result, bail};
use serde_json::json;

use super::Outcome;
use super::args::Show;
use super::output::{self, Output};
use super::select::{Selection, note_schema, of_annotator, read_layer, select_one};
use crate::article::Article;
use crate::formats::jsonl::{Orphans, layer_object};
use crate::model::{AUTHOR, Annotation, Layer, Relation};
use crate::text::OffsetIndex;

pub(super) fn run(args: &Show, output: &mut Output) -> Result<Outcome> {
    if args.path.is_dir() {
        bail!("{}: this is a folder, and show prints one article. Name one in it, or use stats.", args.path.display());
    }
    let selection = select_one(&args.path)?;
    let mut found = note_schema(&selection);
    let Some((path, layers)) = selection.with_layers().next() else {
        bail!("{}: nothing is there.", args.path.display())
    };
    let article = selection.read(path, &layers)?;
    let mut loaded = Vec::new();
    for (_, sidecar) in of_annotator(path, layers, args.annotator.as_deref())? {
        match read_layer(&selection, &sidecar, &article) {
            Ok(layer) => {
                found |= layer.read_only.is_some();
                loaded.push(layer.layer);
            }
            // One damaged file keeps nobody from the other layers; asked for by name, it is all there is.
            Err(error) if args.annotator.is_none() => {
                output::note(&format!("warning: {error:#}"));
                found = true;
            }
            Err(error) => return Err(error),
        }
    }
    if args.json {
        let layers: Vec<_> = loaded.iter().map(|layer| layer_object(&article.text, layer, Orphans::Flag)).collect();
        let name = Selection::name(path);
        output.json(&json!({"file": name, "sha256": article.sha256, "text": &*article.text, "layers": layers}))?;
    } else {
        let page = Page { article: &article, index: OffsetIndex::new(&article.text) };
        output.line(&format!("{}: {} characters, {}", path.display(), article.chars, count(loaded.len(), "layer")))?;
        for layer in &loaded {
            page.layer(layer, output)?;
        }
    }
    Ok(Outcome::found(found))
}

/// `1 layer`, `2 layers`.
pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

struct Page<'a> {
    article: &'a Article,
    index: OffsetIndex,
}

impl Page<'_> {
    fn layer(&self, layer: &Layer, output: &mut Output) -> Result<()> {
        let head = layer.head();
        output.line("")?;
        output.line(&format!(
            "{} ({}): {}, {}",
            head.annotator,
            head.status.id(),
            count(layer.len(), "annotation"),
            count(layer.relation_count(), "relation")
        ))?;
        for (name, value) in head.document.iter() {
            output.line(&format!("  article: {name} = {value}"))?;
        }
        if !head.document_note.is_empty() {
            output.line(&format!("  article: {}", head.document_note))?;
        }
        for annotation in layer.annotations() {
            output.line(&self.annotation(annotation))?;
            for relation in layer.relations_of(&annotation.id).into_iter().filter(|r| r.from == annotation.id) {
                output.line(&self.relation(layer, relation))?;
            }
        }
        Ok(())
    }

    fn annotation(&self, annotation: &Annotation) -> String {
        let place = annotation.hull().map_or_else(
            || "no place".to_owned(),
            |hull| {
                let at = self.index.line_column(&self.article.text, hull.start() as usize);
                format!("{}:{}", at.line, at.column)
            },
        );
        let mut line = format!("  {place:<9} {:<20} {}", annotation.full_label(), annotation.text(&self.article.text));
        let others: Vec<String> = annotation
            .attributes
            .iter()
            .filter(|(name, _)| *name != "type")
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        if !others.is_empty() {
            line.extend(["  [", &others.join("; "), "]"]);
        }
        if annotation.unsure() {
            line.push_str("  (unsure)");
        }
        if !annotation.note().is_empty() {
            line.extend(["  note: ", annotation.note()]);
        }
        line
    }

    fn relation(&self, layer: &Layer, relation: &Relation) -> String {
        let to = match layer.get(&relation.to) {
            Some(to) => to.text(&self.article.text),
            None if relation.to == AUTHOR => "the author".to_owned(),
            None => relation.to.to_string(),
        };
        format!("  {:<9} {:<20} {to}", "", format!("  {}:", relation.label))
    }
}
