//! What `exportedproject.json` says of a project that INCEpTION exported: its layers and tags, and how far each layer is.
//!
//! INCEpTION 20 to 37 write it alike. A key that is not there says nothing.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::declared::is_own;
use super::{VALUE, is_tag, label_of, whose};
use crate::formats::found::{Ends, LabelSet, On};
use crate::model::{GOLD, Status};

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its layers with their tags.
    pub declared: LabelSet,
    /// What is said of a layer, by article and annotator.
    layers: HashMap<(String, String), Said>,
}

/// What a project says of a layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// How far it is.
    pub status: Option<Status>,
    /// What its annotator remarked.
    pub note: String,
}

#[derive(Deserialize)]
struct Exported {
    #[serde(default)]
    source_documents: Vec<Source>,
    #[serde(default)]
    annotation_documents: Vec<Annotated>,
    #[serde(default)]
    tag_sets: Vec<TagSet>,
    #[serde(default)]
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Source {
    name: String,
    #[serde(default)]
    state: Option<String>,
}

#[derive(Deserialize)]
struct Annotated {
    name: String,
    user: String,
    #[serde(default)]
    state: Option<String>,
    #[serde(default, rename = "annotatorComment")]
    comment: Option<String>,
}

#[derive(Deserialize)]
struct TagSet {
    name: String,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    create_tag: bool,
}

#[derive(Deserialize)]
struct Tag {
    tag_name: String,
}

#[derive(Deserialize)]
struct Layer {
    name: String,
    #[serde(default)]
    features: Vec<Feature>,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(default)]
    attach_type: Option<String>,
}

#[derive(Deserialize)]
struct Feature {
    name: String,
    #[serde(default)]
    tag_set: Option<Named>,
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(default, rename = "type")]
    range: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

fn yes() -> bool {
    true
}

impl Project {
    /// Reads the file; none where it is no such file.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        // An array would do for fields in their order.
        let exported: Exported =
            bytes.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(bytes).ok())??;
        let mut layers = HashMap::new();
        for Annotated { name, user, state, comment } in exported.annotation_documents {
            let status = state.as_deref().and_then(|state| match state {
                "FINISHED" => Some(Status::Done),
                "IN_PROGRESS" => Some(Status::InProgress),
                "IGNORE" => Some(Status::Skipped),
                _ => None,
            });
            layers.insert((name, user), Said { status, note: comment.unwrap_or_default() });
        }
        for Source { name, state } in exported.source_documents {
            let status = state.as_deref().and_then(|state| match state {
                "CURATION_FINISHED" => Some(Status::Done),
                "CURATION_IN_PROGRESS" => Some(Status::InProgress),
                _ => None,
            });
            layers.insert((name, GOLD.to_owned()), Said { status, note: String::new() });
        }
        Some(Self { declared: declared(&exported.layers, &exported.tag_sets), layers })
    }

    /// What it says of a layer of an article.
    pub fn said(&self, article: &str, annotator: &str) -> Said {
        self.layers.get(&(article.to_owned(), annotator.to_owned())).cloned().unwrap_or_default()
    }
}

/// The article that a layer's file is of, and whose layer it is: `annotation/talk.txt/ben.xmi`.
pub fn layer_of(path: &str) -> Option<(&str, &str)> {
    super::in_project(path)
}

/// Whether a file's name is that of a text nobody worked on.
pub fn is_initial(name: &str) -> bool {
    name.starts_with(super::INITIAL) && whose(name.rsplit_once('.').map_or(name, |(stem, _)| stem)).is_empty()
}

fn declared(layers: &[Layer], tag_sets: &[TagSet]) -> LabelSet {
    let mut out = LabelSet::default();
    let tag_sets: BTreeMap<&str, &TagSet> = tag_sets.iter().map(|set| (set.name.as_str(), set)).collect();
    for layer in layers.iter().filter(|layer| layer.enabled && is_own(&layer.name)) {
        let label = label_of(&layer.name);
        let is_span = layer.kind == "span";
        let tags = |feature: &Feature| {
            let set = tag_sets.get(feature.tag_set.as_ref()?.name.as_str())?;
            let tags: Vec<&str> = set.tags.iter().map(|tag| tag.tag_name.as_str()).collect();
            (feature.enabled && !tags.is_empty()).then_some((tags, set.create_tag))
        };
        match layer.kind.as_str() {
            "span" => out.declare((label.clone(), None)),
            "relation" => {
                let ends = out.relations.entry(label.clone()).or_default();
                let attached = layer.attach_type.as_deref().filter(|kind| is_own(kind));
                for Ends { any, labels } in ends {
                    *any |= attached.is_none();
                    labels.extend(attached.map(|kind| (label_of(kind), None)));
                }
            }
            _ => continue,
        }
        for feature in layer.features.iter().filter(|feature| feature.range == "uima.cas.String") {
            let Some((tags, is_open)) = tags(feature) else { continue };
            if is_span && feature.name == VALUE {
                tags.iter().filter(|tag| is_tag(tag)).for_each(|tag| out.declare((label.clone(), Some((*tag).into()))));
                continue;
            }
            let takes = out.declare_attribute(On::One(label.clone()), &feature.name);
            takes.list(tags);
            if is_open {
                takes.any_text();
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORTED: &str = r#"{"name": "News", "version": 1,
        "source_documents": [{"name": "talk.txt", "format": "text", "state": "CURATION_FINISHED", "timestamp": null}],
        "annotation_documents": [
            {"name": "talk.txt", "user": "ben", "state": "FINISHED", "annotatorComment": "hard to read"},
            {"name": "talk.txt", "user": "eve", "state": "IGNORE", "annotatorComment": null}],
        "tag_sets": [{"name": "Roles", "tags": [{"tag_name": "agent", "tag_description": null}, {"tag_name": "goal"}]},
            {"name": "Kinds", "tags": [{"tag_name": "PER"}, {"tag_name": "ORG"}], "create_tag": true}],
        "layers": [
            {"name": "webanno.custom.Person", "type": "span", "enabled": true, "features": [
                {"name": "role", "type": "uima.cas.String", "tag_set": {"name": "Roles", "tags": []}},
                {"name": "value", "type": "uima.cas.String", "tag_set": {"name": "Kinds"}},
                {"name": "free", "type": "uima.cas.String", "tag_set": null}]},
            {"name": "webanno.custom.Knows", "type": "relation", "attach_type": "webanno.custom.Person"},
            {"name": "webanno.custom.Old", "type": "span", "enabled": false},
            {"name": "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", "type": "span", "enabled": true}]}"#;

    #[test]
    fn a_project_says_its_tags_and_how_far_layers_are() {
        let project = Project::read(EXPORTED.as_bytes()).expect("it is one");
        let labels: Vec<_> =
            project.declared.labels.keys().map(|(label, kind)| (label.as_str(), kind.as_deref())).collect();
        assert_eq!(labels, [("Person", None), ("Person", Some("ORG")), ("Person", Some("PER"))]);
        let attributes: Vec<_> = project.declared.attributes.keys().map(|(_, name)| name.as_str()).collect();
        assert_eq!(attributes, ["role"]);
        let ends = &project.declared.relations["Knows"];
        assert!(ends.iter().all(|end| !end.any && end.labels.contains(&("Person".into(), None))), "{ends:?}");
        let said = |annotator: &str| project.said("talk.txt", annotator);
        assert_eq!(said("ben"), Said { status: Some(Status::Done), note: "hard to read".to_owned() });
        assert_eq!((said("eve").status, said("gold").status), (Some(Status::Skipped), Some(Status::Done)));
        assert_eq!(said("ada"), Said::default());
        assert_eq!(Project::read(b"[]"), None);
    }

    #[test]
    fn a_name_says_whose_layer_it_is() {
        for (name, whose) in [
            ("ben", "ben"),
            ("ben2", "ben2"),
            ("yes8090299544098498525", "yes"),
            ("sm_4343257511917352145", "sm"),
            ("CURATION_USER", "gold"),
            ("CURATION_USER12345678901234567", "gold"),
            ("INITIAL_CAS", ""),
            ("1234567890123456", "1234567890123456"),
        ] {
            assert_eq!(super::whose(name), whose, "{name}");
        }
        assert!(is_initial("INITIAL_CAS.xmi") && is_initial("INITIAL_CAS6543210987654.tsv") && !is_initial("ben.xmi"));
    }
}
