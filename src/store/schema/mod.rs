//! Schemas: the built-in one, and a corpus's own `pressmark.ron` that extends or replaces it (`docs/schema.md`).
//!
//! A file with any fault is refused whole, with its place: half a schema would show annotations wrongly. Files that
//! give only `include` and `exclude` leave the built-in schema as it is.

mod check;
mod colors;
mod file;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ron::extensions::Extensions;

use check::Fault;
use file::CorpusFile;

pub use crate::model::schema::RESERVED_KEYS;

use super::StoreError;
use super::disk::{Disk, OsDisk};
use super::source::{line_column, read_bounded, ron_fault};
use crate::model::Schema;
use crate::text::short;

/// The file of a corpus's own schema, at its root.
pub const SCHEMA_FILE: &str = "pressmark.ron";
/// The built-in schema's id, which `extends` names.
pub const NEWS: &str = "news";
/// Bytes of a `pressmark.ron`, at most.
const LARGEST: u64 = 8 << 20;
const NEWS_TEXT: &str = include_str!("../../../assets/news.ron");

/// Why a `pressmark.ron` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It may not be read.
    #[error(transparent)]
    Read(#[from] StoreError),
    /// Something in it does not fit.
    #[error("{}:{line}:{column}: {reason}. Correct the file, then open the folder again.", path.display())]
    Faulty {
        /// What, without a full stop.
        reason: String,
        /// Line, from 1.
        line: usize,
        /// Column in code points, from 1.
        column: usize,
        /// The file.
        path: PathBuf,
    },
}

/// What a `pressmark.ron` says.
#[derive(Debug)]
pub struct SchemaFile {
    /// Labels, attributes, relations.
    pub schema: Schema,
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl SchemaFile {
    /// A schema alone: every article is listed.
    pub fn new(schema: Schema) -> Self {
        Self { schema, include: None, exclude: GlobSet::empty() }
    }

    /// Whether the corpus lists an article, by its path from the root.
    pub fn takes(&self, article: &Path) -> bool {
        self.include.as_ref().is_none_or(|include| include.is_match(article)) && !self.exclude.is_match(article)
    }
}

/// The built-in schema: entities, quotes and claims in news.
#[expect(clippy::missing_panics_doc, reason = "a test reads the built-in schema")]
pub fn builtin() -> Schema {
    static NEWS_SCHEMA: OnceLock<Schema> = OnceLock::new();
    NEWS_SCHEMA
        .get_or_init(|| {
            parse(NEWS_TEXT, Path::new("assets/news.ron")).expect("a test reads the built-in schema").schema
        })
        .clone()
}

/// The schema of a corpus: its own, or the built-in one where it has none.
pub fn read_schema(root: &Path) -> Result<Schema, SchemaError> {
    read_schema_file(root).map(|file| file.schema)
}

/// The whole `pressmark.ron` of a corpus; the built-in schema where it has none.
pub fn read_schema_file(root: &Path) -> Result<SchemaFile, SchemaError> {
    let path = root.join(SCHEMA_FILE);
    if !path.exists() {
        return Ok(SchemaFile::new(builtin()));
    }
    if !OsDisk.is_inside(root, &path) {
        return Err(StoreError::Outside { path }.into());
    }
    parse(&read_bounded(&path, LARGEST)?, &path)
}

/// Reads the text of a `pressmark.ron`; `path` is for messages.
pub fn parse(text: &str, path: &Path) -> Result<SchemaFile, SchemaError> {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let file: CorpusFile = options.from_str(text).map_err(|error| {
        let (reason, (line, column)) = ron_fault(text, &error);
        SchemaError::Faulty { reason: short(reason), line, column, path: path.to_path_buf() }
    })?;
    assemble(file).map_err(|fault| {
        let (line, column) = line_column(text, find(text, fault.field, &fault.value));
        SchemaError::Faulty { reason: short(fault.reason), line, column, path: path.to_path_buf() }
    })
}

fn assemble(file: CorpusFile) -> Result<SchemaFile, Fault> {
    check::check_file(&file)?;
    let include = if file.include.is_empty() { None } else { Some(globs(&file.include)?) };
    let exclude = globs(&file.exclude)?;
    let schema = match file.schema {
        None => builtin(),
        Some(part) => {
            let mut schema = match part.extends.as_deref() {
                None => empty(),
                Some(NEWS) => builtin(),
                Some(other) => {
                    let reason = format!("there is no schema {other} to extend; the built-in one is \"{NEWS}\"");
                    return Err(Fault { reason, field: "extends", value: other.to_owned() });
                }
            };
            check::check_removals(&part, &schema)?;
            file::overlay(&mut schema, part);
            check::check_schema(&schema)?;
            schema
        }
    };
    Ok(SchemaFile { schema, include, exclude })
}

fn empty() -> Schema {
    Schema {
        id: smol_str::SmolStr::default(),
        version: 1,
        labels: Vec::new(),
        attributes: Vec::new(),
        relations: Vec::new(),
        checks: Vec::new(),
        colors: Vec::new(),
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, Fault> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| Fault {
            reason: format!("{pattern:?} is no pattern for files: {}", error.kind()),
            field: "",
            value: pattern.clone(),
        })?;
        set.add(glob);
    }
    set.build().map_err(|error| Fault { reason: error.to_string(), field: "include", value: String::new() })
}

/// Where `field: "value"` last stands in the file, or only the field, or only the value; else its start.
fn find(text: &str, field: &str, value: &str) -> usize {
    let quoted = format!("\"{value}\"");
    let stands_for = |at: &usize| {
        let before = text[..*at].trim_end();
        field.is_empty() || before.strip_suffix(':').is_some_and(|before| before.trim_end().ends_with(field))
    };
    let places = || text.match_indices(&quoted).map(|(at, _)| at).filter(|at| !in_comment(text, *at));
    let exact = places().filter(stands_for).last();
    exact.or_else(|| places().last()).or_else(|| text.rfind(field).filter(|_| !field.is_empty())).unwrap_or(0)
}

/// Whether a place stands after `//` on its line.
fn in_comment(text: &str, at: usize) -> bool {
    let line = &text[text[..at].rfind('\n').map_or(0, |start| start + 1)..at];
    line.contains("//")
}

#[cfg(test)]
mod tests;
