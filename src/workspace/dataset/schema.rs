//! The schema of a folder that a dataset is imported into.
//!
//! A `pressmark.ron` that somebody wrote or changed stays as it is: what it lacks is told, with the lines to add. One that an import
//! made gets what it lacks; a seal at its end tells the two apart. Without one, a folder that has articles keeps the built-in
//! schema and gets what was found besides; a new one gets a schema of what was found.

use std::fs;
use std::path::Path;

use super::{DatasetError, Listener, count};
use crate::article::sha256_hex;
use crate::formats::found::{Additions, Item, LabelSet, Line, additions, grown, made};
use crate::model::Schema;
use crate::model::schema::{Attribute, Label};
use crate::store::StoreError;
use crate::store::corpus::{open, strays};
use crate::store::disk::{OsDisk, replace};
use crate::store::schema::{SCHEMA_FILE, builtin, parse};
use crate::store::sidecar;

/// Begins the last line of a file that an import made; what follows is the hash of all above.
const SEAL: &str = "// As an import made it: later imports may add to it, until anything above is changed. ";
/// Stands in a file that extends the built-in schema.
const EXTENDS: &str = "\n        extends: ";
/// So many names are told.
const NAMED: usize = 12;
/// So many lines are told.
const LINES: usize = 40;

/// Sees that the folder has a schema for what was found, or tells what its own lacks.
pub(super) fn make_schema(
    root: &Path,
    schema: &Schema,
    found: &LabelSet,
    listener: &dyn Listener,
) -> Result<(), DatasetError> {
    let path = root.join(SCHEMA_FILE);
    let shown = path.display().to_string();
    if path.exists() {
        let more = additions(found, schema);
        match grown_file(&path, schema, found).filter(|_| !more.lines.is_empty()) {
            Some(text) => {
                replace(&OsDisk, &path, sealed(&text).as_bytes())
                    .map_err(|error| DatasetError::io("written", error, &path))?;
                let names = named(more.lines.iter().map(|line| line.name.as_str()));
                listener.note(&format!("{shown}: an import made it, and it gets what was found besides: {names}"));
                tell_left_out(&shown, &more, listener);
            }
            None => tell_missing(&shown, &more, listener),
        }
        return Ok(());
    }
    let (text, all, extends) = made(found, schema, has_articles(root));
    if !all.lines.is_empty() {
        sidecar::create_file(&path, sealed(&text).as_bytes())?;
        let names = named(all.lines.iter().map(|line| line.name.as_str()));
        listener.note(&if extends {
            format!("{shown}: made of the built-in labels and what was found besides: {names}")
        } else {
            format!("{shown}: made of the labels that were found")
        });
    }
    tell_left_out(&shown, &all, listener);
    Ok(())
}

/// The file with all that was found besides; none where somebody changed it since an import made it.
fn grown_file(path: &Path, schema: &Schema, found: &LabelSet) -> Option<String> {
    let there = fs::read_to_string(path).ok()?;
    let body = there.rsplit_once(SEAL).filter(|(body, seal)| seal.trim_end() == sha256_hex(body.as_bytes()))?.0;
    let base = body.contains(EXTENDS).then(builtin);
    let (text, _) = grown(found, schema, base.as_ref());
    // What cannot be read, or has no room for all that was there, takes nothing away.
    let new = parse(&text, path).ok()?.schema;
    keeps(&new, schema).then_some(text)
}

/// Whether a schema has all that another one has.
fn keeps(new: &Schema, old: &Schema) -> bool {
    let has_label = |label: &Label| {
        let known = new.label(&label.id);
        known.is_some_and(|known| label.types.iter().all(|kind| known.type_by_id(&kind.id).is_some()))
    };
    let has_attribute = |it: &Attribute| new.attributes_on(&it.on).any(|known| known.id == it.id);
    old.labels.iter().all(has_label)
        && old.attributes.iter().all(has_attribute)
        && old.relations.iter().all(|relation| new.relation(&relation.id).is_some())
}

/// A file that an import makes, with what tells whether it was changed since.
fn sealed(text: &str) -> String {
    format!("{text}{SEAL}{}\n", sha256_hex(text.as_bytes()))
}

/// Whether somebody works in a folder already.
fn has_articles(root: &Path) -> bool {
    match open(root) {
        Ok(corpus) => !corpus.articles.is_empty(),
        Err(StoreError::NoArticles { .. }) => !strays(root).is_empty(),
        Err(_) => true,
    }
}

/// Tells what a schema lacks, and the lines for it.
fn tell_missing(path: &str, more: &Additions, listener: &dyn Listener) {
    for (item, _, what) in Item::ALL {
        let lines: Vec<&Line> = more.lines.iter().filter(|line| line.item == item).collect();
        if lines.is_empty() {
            continue;
        }
        let names = named(lines.iter().map(|line| line.name.as_str()));
        let marks: usize = lines.iter().map(|line| line.marks).sum();
        let marks = if marks > 0 { format!(" ({})", count(marks, "mark")) } else { String::new() };
        let keep = match item {
            Item::Label if !marks.is_empty() => "; marks keep them, without colour and key",
            _ => "",
        };
        listener.note(&format!("{path}: does not have these {what} of the dataset: {names}{marks}{keep}"));
    }
    tell_left_out(path, more, listener);
    if more.lines.is_empty() {
        return;
    }
    listener.note(&format!("To have them, add these lines to {path}:"));
    let mut left = LINES;
    for (item, field, _) in Item::ALL {
        let lines: Vec<&Line> = more.lines.iter().filter(|line| line.item == item).collect();
        if lines.is_empty() || left == 0 {
            continue;
        }
        listener.note(&format!("  {field}: ["));
        for line in lines.iter().take(left) {
            let there = if line.is_wider { " // one of this id is there: put it in its place" } else { "" };
            listener.note(&format!("    {},{there}", line.text));
        }
        left -= lines.len().min(left);
        listener.note("  ],");
    }
    if more.lines.len() > LINES {
        let rest = count(more.lines.len() - LINES, "more line");
        listener.note(&format!("and {rest}: import the dataset into a new folder, whose {SCHEMA_FILE} has them all"));
    }
}

/// Tells what a schema cannot have, and why.
fn tell_left_out(path: &str, more: &Additions, listener: &dyn Listener) {
    let mut reasons: Vec<&str> = more.left_out.iter().map(|(why, _)| *why).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        let names = more.left_out.iter().filter(|(why, _)| *why == reason).map(|(_, name)| name.as_str());
        listener.note(&format!("{path}: cannot have what {reason}: {}; marks keep them all the same", named(names)));
    }
    if !more.keys.is_empty() {
        let names = named(more.keys.iter().map(String::as_str));
        listener.note(&format!(
            "{path}: keys of the dataset that the window needs, that are no single letter or digit, or that another label has: \
             {names}; these labels get other keys"
        ));
    }
}

/// Some names, and how many more there are.
fn named<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let all: Vec<&str> = names.collect();
    let some: Vec<String> = all
        .iter()
        .take(NAMED)
        .map(|name| match *name {
            "" => "(no name)".to_owned(),
            name if name.contains(char::is_control) || name.len() > 200 => {
                format!("{:.60?}", name.chars().take(60).collect::<String>())
            }
            name => name.to_owned(),
        })
        .collect();
    let more = if all.len() > NAMED { format!(" and {} more", all.len() - NAMED) } else { String::new() };
    format!("{}{more}", some.join(", "))
}
