//! Linking one mark to another: hint letters on what the schema allows, a suggestion, a choice where two relations fit.

use smol_str::SmolStr;

use super::app::App;
use super::view::{Hint, Mode, hint_letters};
use crate::model::schema::Suggest;
use crate::model::{AUTHOR, Id, Span};
use crate::workspace::{Command, Workspace, nearest_target, targets};

/// Bytes around what is in view that targets are looked for in, when the page is not known.
const AROUND: u32 = 4000;

impl App {
    /// Puts hint letters on what a mark may be linked to.
    pub(super) fn begin_link(&mut self, from: Id, only: Option<SmolStr>) {
        let Some(workspace) = &self.workspace else { return };
        if let Some(reason) = workspace.read_only() {
            let reason = reason.to_owned();
            self.say(reason, true);
            return;
        }
        let Some(document) = workspace.document() else { return };
        let schema = workspace.schema();
        let layer = document.layer();
        let Some(annotation) = layer.get(&from) else { return };
        if let Some(kind) =
            only.as_deref().and_then(|only| schema.relation(only)).filter(|it| !it.starts_from(annotation))
        {
            let (name, what) = (kind.name.to_lowercase(), schema.label_name(annotation).to_lowercase());
            let ends: Vec<String> = kind.from.iter().map(|end| schema.end_name(end).to_lowercase()).collect();
            drop(layer);
            let ends = ends.join(" or ");
            self.say(format!("Only a mark tagged {ends} can have a {name}; this one is tagged {what}."), false);
            return;
        }
        let hull = annotation.hull().unwrap_or(Span::new(0, 0));
        let near = Span::new(hull.start().saturating_sub(AROUND), hull.end().saturating_add(AROUND));
        self.hinted = self.pane.visible_span();
        let window = self.hinted.unwrap_or(near);
        let found = targets(&layer, schema, annotation, window, only.as_deref());
        let relation = match &only {
            Some(only) => schema.relation(only),
            None => schema.relations.iter().find(|kind| kind.suggest.is_some() && kind.starts_from(annotation)),
        };
        let suggested = relation.and_then(|kind| {
            let reach = match kind.suggest {
                Some(Suggest::Nearest(characters)) => characters * 4,
                Some(Suggest::Adjacent) => 64,
                None => AROUND,
            };
            nearest_target(&layer, annotation, kind, reach).map(|it| it.id.clone())
        });
        let author = found.iter().any(|target| target.id == AUTHOR);
        let marks: Vec<Id> = found.into_iter().map(|target| target.id).filter(|id| id != AUTHOR).collect();
        let name = only.as_deref().and_then(|only| schema.relation(only)).map(|kind| kind.name.to_lowercase());
        let what = schema.label_name(annotation).to_lowercase();
        if marks.is_empty() && !author && layer.len() < 2 {
            let words = match name {
                Some(name) => format!("There is no mark yet that could be the {name} of this {what}."),
                None => format!("There is no mark yet that this {what} can be linked to."),
            };
            drop(layer);
            self.say(words, false);
            return;
        }
        drop(layer);
        let hints =
            hint_letters(marks.len()).into_iter().zip(marks).map(|(letters, id)| Hint { letters, id }).collect();
        self.view.chosen = Some(from.clone());
        self.view.mode = Mode::Link { from, only, hints, typed: String::new(), suggested };
        self.pane.focus();
    }

    /// Puts the hint letters anew when another part of the article has come into view while a link is open.
    pub(super) fn follow_link(&mut self) {
        let seen = self.pane.visible_span();
        if let Mode::Link { from, only, typed, .. } = &self.view.mode
            && typed.is_empty()
            && seen != self.hinted
        {
            let (from, only) = (from.clone(), only.clone());
            self.begin_link(from, only);
        }
    }

    /// Links what was begun to an annotation or the author.
    pub(super) fn end_link(&mut self, to: &Id) {
        let Mode::Link { from, only, .. } = self.view.mode.clone() else { return };
        self.view.mode = Mode::Mark;
        let Some(workspace) = &self.workspace else { return };
        let fitting: Vec<SmolStr> = {
            let Some(document) = workspace.document() else { return };
            let layer = document.layer();
            let Some(source) = layer.get(&from) else { return };
            let target = layer.get(to);
            if target.is_none() && to != AUTHOR {
                return;
            }
            workspace
                .schema()
                .relations_between(source, target)
                .filter(|kind| only.as_ref().is_none_or(|only| kind.id == *only))
                .map(|kind| kind.id.clone())
                .collect()
        };
        match fitting.as_slice() {
            [] => self.say(self.refused(only.as_deref()), false),
            [label] => {
                self.perform(Command::Link { label: label.clone(), from, to: to.clone() });
            }
            _ => self.view.mode = Mode::ChooseRelation { from, to: to.clone(), relations: fitting },
        }
    }

    fn refused(&self, only: Option<&str>) -> String {
        let schema = self.workspace.as_ref().map(Workspace::schema);
        match only.zip(schema).and_then(|(only, schema)| schema.relation(only)) {
            Some(kind) => format!("This mark cannot be a {}.", kind.name.to_lowercase()),
            None => "The schema allows no link between these two.".to_owned(),
        }
    }
}
