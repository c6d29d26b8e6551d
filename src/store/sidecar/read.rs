//! Reads a sidecar into a layer.
//!
//! Three outcomes: a layer that can be worked on; a layer with a reason why it is read-only (a newer format, unknown
//! fields, an article that was edited, annotations that do not stand where they say); or an error with its place, for
//! a file that is damaged. Whatever is not understood stays in the file, since nothing is saved over it.

use std::collections::HashSet;
use std::path::Path;

use smol_str::SmolStr;

use super::convert::Converter;
use super::file::{FormatOnly, SidecarFile};
use super::name::annotator_of;
use super::quote::quoted;
use super::{FORMAT, check};
use crate::article::{Article, sha256_hex};
use crate::model::{AUTHOR, Annotation, Head, Id, Layer, PartsError, Relation, Schema, SchemaRef};
use crate::store::disk::{Disk, OsDisk};
use crate::store::source::{damaged, line_column, read_text, ron_fault};
use crate::store::{Problem, Severity, StoreError};
use crate::text::{OffsetIndex, short};

/// So many names of unknown fields are told.
const NAMED: usize = 3;
/// Levels of lists and records in each other, at most: half of what a journal takes, where they stand deeper.
const DEEPEST: usize = 64;

/// A layer, and what was found on the way.
#[derive(Clone, Debug)]
pub struct LoadedLayer {
    /// What the file says.
    pub layer: Layer,
    /// What is wrong with it, in the file's order.
    pub problems: Vec<Problem>,
    /// Why it must not be changed: whole sentences for its reader. None when it may be.
    pub read_only: Option<String>,
}

/// A layer as its file describes it, no annotation having a place: each is an orphan with the spans and the context
/// that it had in the text that it was made on.
#[derive(Clone, Debug)]
pub struct UnplacedLayer {
    /// The layer; read-only for every reason but that its article was edited.
    pub loaded: LoadedLayer,
    /// The hash of the text that it was made on.
    pub text_sha256: String,
    /// Those that had no place in that text either.
    pub orphans: HashSet<Id>,
}

/// Reads the sidecar of an article.
pub fn read_layer(path: &Path, article: &Article, schema: &Schema) -> Result<LoadedLayer, StoreError> {
    let text = read_text(path)?;
    parse_layer(path, &text, parse_file(path, &text)?, article, schema, false)
}

/// Reads the sidecar of an article that was edited since, for its annotations to be placed anew.
pub fn read_unplaced(path: &Path, article: &Article, schema: &Schema) -> Result<UnplacedLayer, StoreError> {
    parse_unplaced(path, &read_text(path)?, article, schema)
}

/// The same of a sidecar's text; `path` is only told.
pub(in crate::store) fn parse_unplaced(
    path: &Path,
    text: &str,
    article: &Article,
    schema: &Schema,
) -> Result<UnplacedLayer, StoreError> {
    let file = parse_file(path, text)?;
    let text_sha256 = file.source.text_sha256.to_string();
    let orphans = file.annotations.iter().filter(|annotation| annotation.orphan.is_some());
    let orphans = orphans.map(|annotation| Id::new(&*annotation.id)).collect();
    Ok(UnplacedLayer { loaded: parse_layer(path, text, file, article, schema, true)?, text_sha256, orphans })
}

/// The text that layers were made on, as `save_layer` kept it; none when it is not there or is another.
pub fn kept_text(corpus_root: &Path, text_sha256: &str) -> Option<String> {
    let named = text_sha256.len() == 64 && text_sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = named.then(|| OsDisk.read(&corpus_root.join(".pressmark/texts").join(text_sha256)).ok())??;
    (sha256_hex(&bytes) == text_sha256).then(|| String::from_utf8(bytes).ok())?
}

/// The layer that a sidecar's file tells; `path` is only told. With `unplaced`, no annotation is given a place.
pub(in crate::store) fn parse_layer(
    path: &Path,
    file_text: &str,
    mut file: SidecarFile<'_>,
    article: &Article,
    schema: &Schema,
    unplaced: bool,
) -> Result<LoadedLayer, StoreError> {
    let mut reasons = Vec::new();
    if file.format > FORMAT {
        reasons.push(format!(
            "It has format {}, and this version of Pressmark knows formats up to {FORMAT}: update Pressmark to change it.",
            file.format
        ));
    }
    let same_text = *file.source.text_sha256 == *article.text_sha256;
    let mut converter = Converter {
        path,
        text: &article.text,
        index: &OffsetIndex::new(&article.text),
        same_text,
        unplaced,
        problems: Vec::new(),
        unknown: Vec::new(),
        lost: 0,
    };
    let annotations: Vec<Annotation> =
        std::mem::take(&mut file.annotations).into_iter().map(|annotation| converter.annotation(annotation)).collect();
    let relations: Vec<Relation> =
        std::mem::take(&mut file.relations).into_iter().map(|relation| converter.relation(relation)).collect();
    let head = parse_head(&mut converter, file);
    let Converter { mut problems, unknown, lost, .. } = converter;
    check_ids(path, file_text, &annotations, &relations)?;
    let relations = without_nowhere(path, &annotations, relations, &mut problems);
    let owner = annotator_of(&article.path, path);
    if let Some(owner) = owner.filter(|owner| *owner != head.annotator) {
        problems.push(Problem {
            path: path.to_path_buf(),
            annotation: None,
            severity: Severity::Error,
            message: format!(
                "The file's name says that this layer is {owner}'s, the field annotator says {}'s. Make the two agree.",
                head.annotator
            ),
        });
    }
    let layer = Layer::from_parts(head, annotations, relations).map_err(|error| {
        let (PartsError::DuplicateId(id) | PartsError::RelationToNowhere { relation: id, .. }) = error;
        duplicate(path, file_text, &id)
    })?;

    if !unknown.is_empty() {
        reasons.push(unknown_fields(&unknown));
    }
    if !same_text && !unplaced {
        reasons.push(format!(
            "The article was edited since: {lost} of {} annotations no longer stand where they did. `pressmark reanchor` finds their places again.",
            layer.len()
        ));
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if errors > 0 {
        let count = if errors == 1 { "One problem".to_owned() } else { format!("{errors} problems") };
        reasons.push(format!("{count} in the file: see `pressmark check`, and correct the file."));
    }
    problems.extend(check::check_layer(path, &layer, schema));
    let read_only = (!reasons.is_empty())
        .then(|| format!("{}: this layer can be looked at, not changed. {}", path.display(), short(reasons.join(" "))));
    Ok(LoadedLayer { layer, problems, read_only })
}

/// The file's own types; what is wrong with its form is told with its place.
pub(in crate::store) fn parse_file<'a>(path: &Path, text: &'a str) -> Result<SidecarFile<'a>, StoreError> {
    let options = ron::Options::default().with_recursion_limit(DEEPEST);
    let parsed = options.from_str::<SidecarFile<'a>>(text);
    let format = match &parsed {
        Ok(file) => Some(file.format),
        Err(_) => options.from_str::<FormatOnly<'_>>(text).ok().map(|file| file.format),
    };
    match (parsed, format) {
        (_, Some(0)) => Err(damaged(path, "there is no format 0".to_owned(), place_of(text, "format"))),
        (Ok(file), _) => Ok(file),
        (Err(_), Some(newer)) if newer > FORMAT => Err(damaged(
            path,
            format!("format {newer} is newer than what this version of Pressmark reads ({FORMAT}): update Pressmark"),
            place_of(text, "format"),
        )),
        (Err(error), _) => {
            let (reason, place) = ron_fault(text, &error);
            Err(damaged(path, reason, place))
        }
    }
}

/// What a sidecar says besides its annotations and relations.
pub(in crate::store) fn parse_head(converter: &mut Converter<'_>, file: SidecarFile<'_>) -> Head {
    converter.note_unknown(file.unknown, "head");
    converter.note_unknown(file.source.unknown, "source");
    converter.note_unknown(file.schema.unknown, "schema");
    let (document, document_note) = converter.document(file.document);
    Head {
        annotator: SmolStr::new(&*file.annotator),
        status: file.status.0,
        schema: SchemaRef { id: SmolStr::new(&*file.schema.id), version: file.schema.version },
        document,
        document_note,
        comments: file.comments.into_iter().map(|comment| converter.comment(comment)).collect(),
        rejected: file.rejected.into_iter().map(|rejected| converter.rejected(rejected)).collect(),
        decisions: file.decisions.into_iter().map(|decision| converter.decision(decision)).collect(),
        conflict: file.conflict.iter().map(|(field, value)| (SmolStr::new(&**field), SmolStr::new(&**value))).collect(),
    }
}

/// Ids are there, are not reserved, and stand there once.
fn check_ids(path: &Path, text: &str, annotations: &[Annotation], relations: &[Relation]) -> Result<(), StoreError> {
    let mut seen = HashSet::with_capacity(annotations.len() + relations.len());
    for id in annotations.iter().map(|a| &a.id).chain(relations.iter().map(|r| &r.id)) {
        if id.is_empty() || id == AUTHOR {
            let reason = format!("{} cannot be an id", quoted(id));
            return Err(damaged(path, reason, place_of(text, &format!("id: {}", quoted(id)))));
        }
        if !seen.insert(id) {
            return Err(duplicate(path, text, id));
        }
    }
    Ok(())
}

fn duplicate(path: &Path, text: &str, id: &str) -> StoreError {
    let reason = format!("the id {} is there twice; give one of the two another", quoted(id));
    let needle = format!("(id: {}", quoted(id));
    let at = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start + line.len() - line.trim_start().len(), line.trim_start()))
        })
        .filter(|(_, line)| line.starts_with(&needle))
        .nth(1)
        .map(|(at, _)| at)
        .or_else(|| text.match_indices(&needle).nth(1).map(|(at, _)| at));
    damaged(path, reason, at.map_or((1, 1), |at| line_column(text, at)))
}

/// Relations whose ends are there; the others are told, and stay in the file.
fn without_nowhere(
    path: &Path,
    annotations: &[Annotation],
    relations: Vec<Relation>,
    problems: &mut Vec<Problem>,
) -> Vec<Relation> {
    let ids: HashSet<&str> = annotations.iter().map(|annotation| annotation.id.as_str()).collect();
    relations
        .into_iter()
        .filter(|relation| {
            let missing = [&relation.from, &relation.to].into_iter().find(|end| *end != AUTHOR && !ids.contains(end.as_str()));
            let Some(end) = missing else { return true };
            problems.push(Problem {
                path: path.to_path_buf(),
                annotation: Some(relation.id.clone()),
                severity: Severity::Error,
                message: format!(
                    "The relation {} leads to {}, which is no annotation of this layer. Take the relation out of the file, or put the annotation back.",
                    relation.label,
                    quoted(end)
                ),
            });
            false
        })
        .collect()
}

fn unknown_fields(unknown: &[String]) -> String {
    let mut names = unknown[..unknown.len().min(NAMED)].join(", ");
    if unknown.len() > NAMED {
        names.extend([" and ", &(unknown.len() - NAMED).to_string(), " more"]);
    }
    format!("It has fields that this version of Pressmark does not know: {names}. Update Pressmark, or take them out.")
}

/// Where a needle first stands, or the start of the file.
fn place_of(text: &str, needle: &str) -> (usize, usize) {
    line_column(text, text.find(needle).unwrap_or(0))
}
