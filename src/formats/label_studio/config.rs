//! `config.xml`: what Label Studio must be told of labels, relations and attributes, and what of it a reader needs.
//!
//! A configuration of ours begins with a comment, and its labels have hints with what their names stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use smol_str::SmolStr;

use super::controls::{AUTHOR_OF, Controls, LABEL, NOTE, OBJECT, Takes, UNSURE};
use super::markup::{Markup, Token, escaped};
use crate::formats::colors::color;
use crate::formats::{FullLabel, Met, Names};
use crate::model::{AUTHOR, Schema};

/// Begins a configuration that Pressmark wrote.
const OURS: &str = "<!-- Written by Pressmark. The hint of a label says what its name stands for. -->";

/// A configuration for a schema, and for what was met besides.
pub(super) fn config_xml(schema: &Schema, names: &Names, controls: &Controls, met: &Met) -> String {
    let mut labels: Vec<(String, FullLabel)> = Vec::new();
    for label in &schema.labels {
        let kinds = label.types.iter().map(|kind| Some(kind.id.clone()));
        for full in [None].into_iter().chain(kinds).map(|kind| (label.id.clone(), kind)) {
            labels.push((names.name(&full), full));
        }
    }
    for full in met.labels.iter().filter(|full| !names.known().any(|(known, _)| known == *full)) {
        labels.push((names.name(full), full.clone()));
    }
    let mut relations: BTreeSet<&str> = schema.relations.iter().map(|relation| relation.id.as_str()).collect();
    relations.extend(met.kept.iter().filter(|(sort, ..)| *sort == 'r').map(|(_, name, _)| name.as_str()));
    let mut out = format!("{OURS}\n<View>\n");
    if !relations.is_empty() {
        out.push_str("  <Relations>\n");
        for relation in relations {
            push(&mut out, format_args!("    <Relation value=\"{}\"/>", escaped(relation)));
        }
        out.push_str("  </Relations>\n");
    }
    push(&mut out, format_args!("  <Labels name=\"{LABEL}\" toName=\"{OBJECT}\">"));
    for (at, (name, full)) in labels.iter().enumerate() {
        let hint = hint(name, full).map(|hint| format!(" hint=\"{}\"", escaped(&hint))).unwrap_or_default();
        let (look, name) = (look(schema, full, at), escaped(name));
        push(&mut out, format_args!("    <Label value=\"{name}\" {look}{hint}/>"));
    }
    out.push_str("  </Labels>\n");
    let mut all: BTreeMap<&str, Takes> =
        controls.regions.iter().map(|(name, (takes, _))| (name.as_str(), *takes)).collect();
    for (_, name, takes) in met.kept.iter().filter(|(sort, ..)| *sort == 'c') {
        all.extend(Takes::from_id(takes).map(|takes| (name.as_str(), takes)));
    }
    for (name, takes) in all {
        let choices = controls.regions.get(name).map(|(_, choices)| choices.as_slice()).unwrap_or_default();
        control(&mut out, name, takes, choices, true);
    }
    control(&mut out, NOTE, Takes::Text, &[], true);
    control(&mut out, UNSURE, Takes::Choice, &[UNSURE.into()], true);
    let mut to_author: BTreeSet<SmolStr> =
        met.kept.iter().filter(|(sort, ..)| *sort == 'a').map(|(_, name, _)| name.into()).collect();
    to_author.extend(schema.relations.iter().filter(|it| it.to.iter().any(|to| to == AUTHOR)).map(|it| it.id.clone()));
    if !to_author.is_empty() {
        control(&mut out, AUTHOR_OF, Takes::Choices, &to_author.into_iter().collect::<Vec<_>>(), true);
    }
    for (name, (takes, choices)) in &controls.tasks {
        control(&mut out, name, *takes, choices, false);
    }
    push(&mut out, format_args!("  <Text name=\"{OBJECT}\" value=\"$text\" granularity=\"symbol\"/>"));
    out.push_str("</View>\n");
    out
}

fn control(out: &mut String, name: &str, takes: Takes, choices: &[SmolStr], on_regions: bool) {
    let on = if on_regions { " perRegion=\"true\" whenTagName=\"label\"" } else { "" };
    let name = escaped(name);
    let flags = ["true".into(), "false".into()];
    let (tag, more, choices): (&str, &str, &[SmolStr]) = match takes {
        Takes::Choice => ("Choices", " choice=\"single\"", choices),
        Takes::Choices => ("Choices", " choice=\"multiple\"", choices),
        Takes::Flag => ("Choices", " choice=\"single\"", &flags),
        Takes::Text => ("TextArea", " maxSubmissions=\"1\"", &[]),
        Takes::Texts => ("TextArea", "", &[]),
        Takes::Number => ("Number", "", &[]),
    };
    let begin = format!("  <{tag} name=\"{name}\" toName=\"{OBJECT}\"{on}{more}");
    if choices.is_empty() {
        push(out, format_args!("{begin}/>"));
        return;
    }
    push(out, format_args!("{begin}>"));
    for choice in choices {
        push(out, format_args!("    <Choice value=\"{}\"/>", escaped(choice)));
    }
    push(out, format_args!("  </{tag}>"));
}

/// The colour and the key of a label: those of the schema, else any colour and no key.
fn look(schema: &Schema, (label, kind): &FullLabel, at: usize) -> String {
    let own = schema.own_colors(label, kind.as_deref()).map(|(light, _)| light.to_ascii_uppercase());
    let background = own.unwrap_or_else(|| color(at).to_owned());
    // Others stand for something else there, as `+` and `,` between keys do.
    let key = schema.key(label, kind.as_deref()).filter(char::is_ascii_alphanumeric);
    let hotkey = key.map(|key| format!(" hotkey=\"{key}\"")).unwrap_or_default();
    format!("background=\"{background}\"{hotkey}")
}

/// What a name stands for, where it is not the label itself.
fn hint(name: &str, (label, kind): &FullLabel) -> Option<String> {
    let plain = |text: &str| !text.contains(':') && !text.chars().any(char::is_control);
    match kind {
        Some(kind) if plain(label) && !kind.chars().any(char::is_control) => Some(format!("{label}:{kind}")),
        None if name != label.as_str() && plain(label) => Some(label.to_string()),
        _ => None,
    }
}

/// A name as the configuration can hold it.
pub(super) fn fit(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { '_' } else { c }).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

/// What the labels, controls and objects of a configuration are.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    /// Whether there is one.
    pub there: bool,
    /// Whether Pressmark wrote it.
    pub ours: bool,
    /// What is labelled: name, tag, and the field of the data.
    pub objects: Vec<Object>,
    /// Controls for choices of a whole task.
    of_tasks: BTreeSet<String>,
    /// Controls for several choices.
    several: BTreeSet<String>,
    labels: BTreeMap<String, FullLabel>,
}

/// Something to label.
#[derive(Clone, Debug)]
pub(super) struct Object {
    /// As results name it.
    pub name: String,
    /// In lower case.
    pub tag: String,
    /// The field of the data.
    pub field: String,
    /// The field of a turn that holds its text, in a dialogue.
    pub text_key: Option<String>,
    /// Whether the data holds where the text is, and not the text.
    pub remote: bool,
}

impl Config {
    /// Reads a configuration, where there is one.
    pub fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        let text = text.trim_start_matches('\u{feff}');
        let mut config = Self { there: true, ours: text.starts_with(OURS), ..Self::default() };
        for token in Markup::new(text) {
            let Token::Open(tag, attributes, _) = token else { continue };
            let own =
                |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
            let tag = tag.to_ascii_lowercase();
            match tag.as_str() {
                "text" | "hypertext" | "paragraphs" => {
                    if let (Some(name), Some(field)) = (own("name"), own("value").and_then(|it| it.strip_prefix('$'))) {
                        let (name, field) = (name.to_owned(), field.to_owned());
                        let remote = own("valueType").or(own("valuetype")) == Some("url");
                        let text_key = own("textKey").map(str::to_owned);
                        config.objects.push(Object { name, tag, field, text_key, remote });
                    }
                }
                "choices" => {
                    let Some(name) = own("name") else { continue };
                    if own("choice") == Some("multiple") {
                        config.several.insert(name.to_owned());
                    }
                    if own("perRegion").is_none() {
                        config.of_tasks.insert(name.to_owned());
                    }
                }
                "label" if config.ours => {
                    if let (Some(value), Some(hint)) = (own("value"), own("hint")) {
                        let full =
                            hint.split_once(':').map_or((hint, None), |(label, kind)| (label, Some(kind.into())));
                        config.labels.insert(value.to_owned(), (full.0.into(), full.1));
                    }
                }
                _ => {}
            }
        }
        config
    }

    /// Whether people can choose several in a control.
    pub fn takes_several(&self, control: &str) -> bool {
        self.several.contains(control)
    }

    /// Whether a control is for choices of a whole task.
    pub fn is_of_task(&self, control: &str) -> bool {
        self.of_tasks.contains(control)
    }

    /// The label and type that a name stands for.
    pub fn label(&self, name: &str) -> FullLabel {
        self.labels.get(name).cloned().unwrap_or_else(|| (name.into(), None))
    }
}

fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("a string takes it");
}
