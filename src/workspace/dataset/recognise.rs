//! A look at a dataset before it is imported: what is in it, and what cannot be taken as it is. Writes nothing.

use std::collections::BTreeSet;

use smol_str::format_smolstr;

use super::archive::with_unpacked;
use super::import::{Importer, Silent, reads};
use super::order::{ImportOrder, Recognised};
use super::{DatasetError, Listener};
use crate::formats::{Document, Reads};
use crate::store::schema::builtin;

/// Looks at a dataset without writing anything.
pub fn recognise(order: &ImportOrder, listener: &dyn Listener) -> Result<Recognised, DatasetError> {
    with_unpacked(order, listener, |order, listener| {
        let mut found = recognise_files(order, listener)?;
        found.first.iter_mut().for_each(|line| *line = listener.said(line));
        Ok(found)
    })
}

fn recognise_files(order: &ImportOrder, listener: &dyn Listener) -> Result<Recognised, DatasetError> {
    let (format, reads) = reads(order)?;
    let (Reads::Lines(endings, _) | Reads::Files(endings, _)) = reads;
    let silent = Silent { inner: listener };
    let mut importer = Importer::new(order, builtin(), &silent);
    let mut found = Recognised { format: format.id, ..Recognised::default() };
    let mut articles = BTreeSet::new();
    let mut take = |importer: &mut Importer<'_>, document: Document| {
        articles.insert(document.file);
        found.layers += usize::from(!importer.in_project.is_initial || !document.layer.is_empty());
        found.annotations += document.layer.len();
        found.relations += document.layer.relation_count();
        for annotation in document.layer.annotations() {
            *found.labels.entry(annotation.full_label()).or_default() += 1;
        }
        let annotator = document.layer.head().annotator.to_string();
        found.annotators.extend(Some(annotator).filter(|name| !name.is_empty()));
        Ok(())
    };
    importer.all(reads, format, &mut take)?;
    // What a project declares is worth seeing though nobody has used it yet.
    for (label, kind) in importer.declared.labels.keys() {
        let full = kind.as_ref().map_or_else(|| label.clone(), |kind| format_smolstr!("{label}:{kind}"));
        found.labels.entry(full).or_default();
    }
    importer.not_read(format.id, endings)?.iter().for_each(|other| importer.tell(other));
    (found.articles, found.warnings, found.first) = (articles.len(), importer.told, importer.first);
    Ok(found)
}
