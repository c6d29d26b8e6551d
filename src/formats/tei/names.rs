//! What marks are called in TEI: elements by their label, ids that XML takes, and words for attributes that take one word.
//!
//! No two things of a file have the same id, and the same layer gives the same ids.

use std::collections::{BTreeMap, BTreeSet};

use crate::formats::taken::Taken;
use crate::formats::{FullLabel, Names, full_label};
use crate::model::{Annotation, Layer};

/// The element of a mark in the text.
pub(super) fn element(annotation: &Annotation, names: &Names) -> &'static str {
    if annotation.label == "quote" {
        return "said";
    }
    match names.of(annotation).to_lowercase().as_str() {
        "person" | "per" => "persName",
        "organization" | "organisation" | "org" => "orgName",
        "place" | "location" | "loc" | "gpe" => "placeName",
        _ => "seg",
    }
}

/// One word, for attributes that take no more.
pub(super) fn word(text: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "-_.:".contains(c) { c } else { '_' };
    let word: String = text.chars().map(kept).collect();
    if word.is_empty() { "_".to_owned() } else { word }
}

/// The ids of one file.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: Taken,
    marks: BTreeMap<String, String>,
    categories: BTreeMap<FullLabel, String>,
}

impl Ids {
    /// Ids for all marks and labels of a layer.
    pub fn new(layer: &Layer) -> Self {
        let mut ids = Self::default();
        for annotation in layer.annotations() {
            let id = ids.free('m', &annotation.id);
            ids.marks.insert(annotation.id.to_string(), id);
        }
        let labels: BTreeSet<FullLabel> = layer.annotations().map(full_label).collect();
        for full in labels {
            let name = full.1.as_ref().map_or_else(|| full.0.to_string(), |kind| format!("{}-{kind}", full.0));
            let id = ids.free('c', &name);
            ids.categories.insert(full, id);
        }
        ids
    }

    /// An id that is not taken: a letter, for what it is of, and the name as far as XML takes it.
    pub fn free(&mut self, letter: char, name: &str) -> String {
        let fit = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        self.taken.take(format!("{letter}-{}", name.chars().map(fit).collect::<String>()), '_')
    }

    /// The id of a mark.
    pub fn mark(&self, id: &str) -> &str {
        self.marks.get(id).map_or("", String::as_str)
    }

    /// The id of a mark's label and type.
    pub fn category(&self, annotation: &Annotation) -> &str {
        self.categories.get(&full_label(annotation)).map_or("", String::as_str)
    }

    /// All labels with their ids.
    pub fn categories(&self) -> impl Iterator<Item = (&FullLabel, &String)> {
        self.categories.iter()
    }
}

/// Whether a text is a tag of a language, as far as TEI asks.
pub(super) fn is_language(text: &str) -> bool {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = text.split('-').next().unwrap_or_default();
    (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic()) && text.split('-').all(part)
}
