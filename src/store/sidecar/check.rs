//! Holds a layer against its schema.
//!
//! A schema guides and never throws away: whatever it does not know is told as a warning, and stays as it is.

use std::path::Path;

use crate::model::schema::{AttributeKind, RelationKind};
use crate::model::{AUTHOR, Annotation, Attributes, Id, Layer, Relation, Schema, Value};
use crate::store::error::{Problem, Severity};

/// What the schema does not know of a layer.
pub fn check_layer(path: &Path, layer: &Layer, schema: &Schema) -> Vec<Problem> {
    let mut checker = Checker { path, schema, problems: Vec::new() };
    let head = layer.head();
    if head.schema.id != schema.id {
        checker.warn(
            None,
            format!(
                "The layer was made with the schema {} version {}, and is read with {} version {}.",
                head.schema.id, head.schema.version, schema.id, schema.version
            ),
        );
    }
    checker.attributes(None, "document", &head.document);
    for annotation in layer.annotations() {
        checker.annotation(annotation);
    }
    for relation in layer.relations() {
        checker.relation(layer, relation);
    }
    checker.problems
}

struct Checker<'a> {
    path: &'a Path,
    schema: &'a Schema,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn warn(&mut self, id: Option<&Id>, message: String) {
        self.problems.push(Problem {
            path: self.path.to_path_buf(),
            annotation: id.cloned(),
            severity: Severity::Warning,
            message,
        });
    }

    fn annotation(&mut self, annotation: &Annotation) {
        let id = Some(&annotation.id);
        let Some(label) = self.schema.label(&annotation.label) else {
            self.warn(
                id,
                format!(
                    "The schema {} has no label {}; it is kept. Add the label to the schema, or choose another.",
                    self.schema.id, annotation.label
                ),
            );
            return;
        };
        if let Some(kind) = annotation.kind() {
            match label.type_by_id(kind) {
                None => self.warn(id, format!("The label {} has no type {kind}; it is kept.", label.id)),
                Some(known) => {
                    let finer =
                        annotation.attributes.text("kind").filter(|finer| !known.kinds.iter().any(|k| k == finer));
                    if let Some(finer) = finer {
                        self.warn(id, format!("The type {}:{kind} has no kind {finer}; it is kept.", label.id));
                    }
                }
            }
        }
        self.attributes(id, &annotation.label, &annotation.attributes);
    }

    fn attributes(&mut self, id: Option<&Id>, on: &str, attributes: &Attributes) {
        let typed = self.schema.label(on).is_some_and(|label| !label.types.is_empty());
        for (name, value) in attributes.iter() {
            if typed && (name == "type" || name == "kind") {
                continue;
            }
            match self.schema.attributes_on(on).find(|attribute| attribute.id == *name) {
                // What another format has and we do not is kept under its own name, as `brat:E1`.
                None if name.contains(':') => {}
                None => self.warn(id, format!("The schema has no attribute {name} on {on}; it is kept.")),
                Some(attribute) => {
                    if let Some(expected) = mismatch(&attribute.kind, value) {
                        self.warn(
                            id,
                            format!("The attribute {name} takes {expected}, not \u{201c}{value}\u{201d}; it is kept."),
                        );
                    }
                }
            }
        }
    }

    fn relation(&mut self, layer: &Layer, relation: &Relation) {
        let id = Some(&relation.id);
        let Some(kind) = self.schema.relation(&relation.label) else {
            self.warn(id, format!("The schema {} has no relation {}; it is kept.", self.schema.id, relation.label));
            return;
        };
        if !self.ends_fit(layer, relation, kind) {
            self.warn(
                id,
                format!(
                    "The relation {} leads from {} to {}, and here it does not; it is kept.",
                    kind.id,
                    kind.from.join(" or "),
                    kind.to.join(" or ")
                ),
            );
        }
        self.attributes(id, &relation.label, &relation.attributes);
    }

    fn ends_fit(&self, layer: &Layer, relation: &Relation, kind: &RelationKind) -> bool {
        let Some(from) = layer.get(&relation.from) else { return false };
        let to = layer.get(&relation.to);
        if to.is_none() && relation.to != AUTHOR {
            return false;
        }
        self.schema.relations_between(from, to).any(|allowed| allowed.id == kind.id)
    }
}

/// What an attribute takes, where a value is something else.
fn mismatch(kind: &AttributeKind, value: &Value) -> Option<String> {
    match (kind, value) {
        (AttributeKind::Choice(choices), Value::Text(text)) if choices.contains(text) => None,
        (AttributeKind::Choice(choices), _) => Some(format!("one of {}", choices.join(", "))),
        (AttributeKind::Many(choices), Value::Many(texts)) if texts.iter().all(|text| choices.contains(text)) => None,
        // One alone is some of them.
        (AttributeKind::Many(choices), Value::Text(text)) if choices.contains(text) => None,
        (AttributeKind::Many(choices), _) => Some(format!("some of {}", choices.join(", "))),
        // Whatever was written can be read as text.
        (AttributeKind::Text, _)
        | (AttributeKind::Link(_), Value::Text(_))
        | (AttributeKind::Number, Value::Number(_))
        | (AttributeKind::Bool, Value::Bool(_)) => None,
        (AttributeKind::Link(to), _) => Some(format!("a link ({to})")),
        (AttributeKind::Number, _) => Some("a number".to_owned()),
        (AttributeKind::Bool, _) => Some("yes or no".to_owned()),
    }
}
