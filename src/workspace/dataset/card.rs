//! The card of a dataset: a README that says what is in it, how it is counted, and how it is opened.
//!
//! All figures are those of the layers that were written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use smol_str::SmolStr;

use super::split::PARTS;
use crate::formats::{Document, Format, Losses};
use crate::model::{Layer, Schema, Value};

/// Figures of a part.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    articles: usize,
    /// The article of the last layer: those of one come after each other.
    last: Option<String>,
    layers: usize,
    characters: usize,
    annotations: usize,
    relations: usize,
    labels: BTreeMap<SmolStr, usize>,
}

/// What is in a dataset.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    parts: [Figures; 3],
    annotators: BTreeSet<String>,
    languages: BTreeSet<String>,
    /// What two annotators of the same articles have marked: both alike, the one, the other.
    pairs: BTreeMap<(String, String), [usize; 3]>,
}

/// Figures of a layer.
pub(super) struct Counted {
    article: String,
    annotator: SmolStr,
    language: Option<String>,
    characters: usize,
    annotations: usize,
    relations: usize,
    labels: Vec<(SmolStr, usize)>,
}

impl Counted {
    /// Counts a layer.
    pub fn of(document: &Document) -> Self {
        let Document { file, text, layer } = document;
        let mut labels: BTreeMap<(&str, Option<&str>), (SmolStr, usize)> = BTreeMap::new();
        for annotation in layer.annotations() {
            let full = (annotation.label.as_str(), annotation.kind());
            labels.entry(full).or_insert_with(|| (annotation.full_label(), 0)).1 += 1;
        }
        let language = layer.head().document.get("language");
        Self {
            article: file.clone(),
            annotator: layer.head().annotator.clone(),
            language: if let Some(Value::Text(language)) = language { Some(language.to_string()) } else { None },
            characters: text.chars().count(),
            annotations: layer.len(),
            relations: layer.relation_count(),
            labels: labels.into_values().collect(),
        }
    }
}

impl Contents {
    /// Adds the figures of a layer.
    pub fn add(&mut self, part: usize, counted: Counted) {
        let figures = &mut self.parts[part];
        if figures.last.as_deref() != Some(counted.article.as_str()) {
            (figures.articles, figures.last) = (figures.articles + 1, Some(counted.article));
        }
        figures.layers += 1;
        figures.characters += counted.characters;
        figures.annotations += counted.annotations;
        figures.relations += counted.relations;
        for (label, count) in counted.labels {
            *figures.labels.entry(label).or_default() += count;
        }
        if !self.annotators.contains(counted.annotator.as_str()) {
            self.annotators.insert(counted.annotator.to_string());
        }
        self.languages.extend(counted.language);
    }

    /// Counts what all annotators of an article have marked alike.
    pub fn compare(&mut self, layers: &[&Layer]) {
        type Marks<'l> = BTreeSet<(SmolStr, Vec<(u32, u32)>)>;
        let marks = |layer: &Layer| -> Marks<'_> {
            let placed = layer.annotations().filter(|annotation| annotation.orphan().is_none());
            placed
                .map(|it| (it.full_label(), it.spans.iter().map(|span| (span.start(), span.end())).collect()))
                .collect()
        };
        let all: Vec<(String, Marks<'_>)> =
            layers.iter().map(|layer| (layer.head().annotator.to_string(), marks(layer))).collect();
        for (at, (one, ones)) in all.iter().enumerate() {
            for (other, others) in &all[at + 1..] {
                let counts = self.pairs.entry((one.clone(), other.clone())).or_default();
                counts[0] += ones.intersection(others).count();
                counts[1] += ones.len();
                counts[2] += others.len();
            }
        }
    }

    /// How many articles and annotations each part has.
    pub fn sizes(&self) -> [[usize; 2]; 3] {
        [0, 1, 2].map(|part: usize| [self.parts[part].articles, self.parts[part].annotations])
    }
}

/// What a card says besides its figures.
pub(super) struct Card<'a> {
    pub format: &'a Format,
    pub title: &'a str,
    pub schema: &'a Schema,
    pub losses: &'a Losses,
    pub licence: Option<&'a str>,
    pub split: bool,
    pub seed: u64,
    /// What a program reads before the text.
    pub front: Option<String>,
}

impl Card<'_> {
    /// The card's text.
    pub fn text(&self, contents: &Contents) -> String {
        let mut out = String::new();
        if let Some(front) = &self.front {
            self.front(&mut out, contents, front);
        }
        line(&mut out, format_args!("# {}\n", self.title));
        line(&mut out, format_args!("{}, written by Pressmark {}.\n", self.format.about, env!("CARGO_PKG_VERSION")));
        line(&mut out, format_args!("- Offsets: {}, the end not included.", self.format.unit));
        line(&mut out, format_args!("- Licence: {}", self.licence.unwrap_or("not stated; ask whoever gave you this")));
        let annotators: Vec<&str> = contents.annotators.iter().map(String::as_str).collect();
        line(&mut out, format_args!("- Annotators: {}", annotators.join(", ")));
        line(&mut out, format_args!("- Schema: {}, version {}", self.schema.id, self.schema.version));
        if self.split {
            line(
                &mut out,
                format_args!(
                    "- Parts: drawn by article with seed {}; near-duplicates are in one part. `split.tsv` lists them.",
                    self.seed
                ),
            );
        }
        self.figures(&mut out, contents);
        self.labels(&mut out, contents);
        agreement(&mut out, contents);
        if !self.losses.is_empty() {
            out.push_str("\n## What the format does not hold as it is\n\n");
            self.losses.to_string().lines().for_each(|loss| line(&mut out, format_args!("- {loss}")));
        }
        if !self.format.opens.is_empty() {
            line(&mut out, format_args!("\n## How to open it\n\n```python\n{}\n```", self.format.opens));
        }
        out
    }

    fn front(&self, out: &mut String, contents: &Contents, front: &str) {
        out.push_str("---\n");
        line(out, format_args!("pretty_name: {}", quoted(self.title)));
        if let Some(licence) = self.licence {
            line(out, format_args!("license: {}", quoted(licence)));
        }
        // Only what the hub knows as the code of a language.
        let codes =
            contents.languages.iter().filter(|it| it.len() < 4 && it.bytes().all(|byte| byte.is_ascii_lowercase()));
        let codes: Vec<String> = codes.map(|code| format!("- {}\n", quoted(code))).collect();
        if !codes.is_empty() {
            line(out, format_args!("language:\n{}", codes.concat().trim_end()));
        }
        let layers: usize = contents.parts.iter().map(|part| part.layers).sum();
        let size = match layers {
            0..1_000 => "n<1K",
            1_000..10_000 => "1K<n<10K",
            10_000..100_000 => "10K<n<100K",
            _ => "100K<n<1M",
        };
        line(out, format_args!("size_categories:\n- {size}"));
        out.push_str(front);
        out.push_str("---\n\n");
    }

    fn figures(&self, out: &mut String, contents: &Contents) {
        out.push_str("\n## Figures\n\n| part | articles | layers | characters | marks | links |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
        let parts = if self.split { &contents.parts[..] } else { &contents.parts[..1] };
        for (name, figures) in PARTS.iter().zip(parts) {
            let name = if self.split { name } else { "all" };
            let Figures { articles, layers, characters, annotations, relations, .. } = figures;
            line(out, format_args!("| {name} | {articles} | {layers} | {characters} | {annotations} | {relations} |"));
        }
    }

    fn labels(&self, out: &mut String, contents: &Contents) {
        let all: BTreeSet<&SmolStr> = contents.parts.iter().flat_map(|part| part.labels.keys()).collect();
        if all.is_empty() {
            return;
        }
        let parts = if self.split { &contents.parts[..] } else { &contents.parts[..1] };
        let heads: Vec<&str> = if self.split { PARTS.to_vec() } else { vec!["marks"] };
        line(out, format_args!("\n## Labels\n\n| label | {} |", heads.join(" | ")));
        line(out, format_args!("| --- |{}", " ---: |".repeat(heads.len())));
        for label in all {
            let counts: Vec<String> =
                parts.iter().map(|part| part.labels.get(label).copied().unwrap_or_default().to_string()).collect();
            line(out, format_args!("| {label} | {} |", counts.join(" | ")));
        }
        let relations: Vec<&str> = self.schema.relations.iter().map(|relation| relation.id.as_str()).collect();
        if !relations.is_empty() {
            line(out, format_args!("\nLinks: {}.", relations.join(", ")));
        }
    }
}

/// How far annotators of the same articles agree: the F1 of what they have marked, which is chance-corrected where all that
/// is not marked cannot be counted (Hripcsak and Rothschild 2005).
fn agreement(out: &mut String, contents: &Contents) {
    if contents.pairs.is_empty() {
        return;
    }
    out.push_str("\n## Agreement\n\nF1 of marks with the same label on the same characters, over the articles that both have:\n\n| annotators | F1 | both | first | second |\n| --- | ---: | ---: | ---: | ---: |\n");
    for ((one, other), [both, first, second]) in &contents.pairs {
        let f1 = if first + second == 0 { 1.0 } else { 2.0 * *both as f64 / (first + second) as f64 };
        line(out, format_args!("| {one}, {other} | {f1:.3} | {both} | {first} | {second} |"));
    }
}

/// A text that YAML takes for nothing else.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn line(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("a string takes it");
}
