//! What the projects of a dataset say of its layers, read once for each.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::archive::PROJECT;
use super::reading::beside;
use crate::formats::found::LabelSet;
use crate::formats::uima::project::{Project, Said, is_initial, layer_of};

/// The projects that files are of.
#[derive(Default)]
pub(super) struct Projects(HashMap<PathBuf, Option<Project>>);

/// What a file is in its project.
#[derive(Default)]
pub(super) struct InProject {
    /// Whether it is the text as it was before anybody worked on it.
    pub is_initial: bool,
    /// What the project says of the layer.
    pub said: Said,
}

impl Projects {
    /// What is known of a layer's file; nothing where it is of no project.
    pub fn of(&mut self, file: &Path) -> InProject {
        // ROOT/annotation/ARTICLE/ANNOTATOR.xmi
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let path = file.to_string_lossy().replace('\\', "/");
        let (Some((article, annotator)), Some(root)) = (layer_of(&path), file.ancestors().nth(3)) else {
            return InProject::default();
        };
        let project = self.at(root);
        let said = project.map(|project| project.said(article, annotator)).unwrap_or_default();
        InProject { is_initial: is_initial(&name), said }
    }

    /// What the project declares that a file is of, the first time that it is asked for.
    pub fn declared(&mut self, file: &Path) -> Option<LabelSet> {
        let root = file.ancestors().nth(3)?;
        if self.0.contains_key(root) {
            return None;
        }
        self.at(root).map(|project| project.declared.clone())
    }

    fn at(&mut self, root: &Path) -> Option<&Project> {
        let read = || Project::read(&beside(&root.join(PROJECT), PROJECT)?);
        self.0.entry(root.to_path_buf()).or_insert_with(read).as_ref()
    }
}
