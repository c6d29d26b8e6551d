//! Sidecars read and written without their article.
//!
//! While git merges, the article may lie there in another state, under another name, or not at all. But a sidecar
//! quotes what it needs of the text: what is marked, and 32 code points around it. From these quotes a text is put
//! together that is right wherever an annotation looks, and empty between. Where quotes are missing or do not agree,
//! the kept text under `.pressmark/texts` is asked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::Encoding;

use super::context::REACH;
use super::file::{AnnotationFile, SidecarFile, SourceFile};
use super::read::{UnplacedLayer, parse_file, parse_layer, parse_unplaced};
use super::write::write_layer;
use crate::article::{Article, sha256_hex};
use crate::model::Layer;
use crate::store::disk::{Disk, OsDisk};
use crate::store::schema::builtin;
use crate::store::source::damaged;
use crate::store::{Severity, StoreError};
use crate::text::{CharOffset, OffsetIndex};

/// No text has more code points: articles over 1 GiB are refused.
const LONGEST: u64 = 1 << 30;
/// Stands where nothing is known; no article has it, since a file with it is taken for a binary one.
const UNKNOWN: char = '\0';

/// What a sidecar says of the article that it was made on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct MadeOn {
    /// The article's name.
    pub file: String,
    /// The hash of its bytes; empty when it is not told, as the two below.
    pub sha256: String,
    /// The encoding that it was read with.
    pub encoding: String,
    /// The hash of its text.
    pub text_sha256: String,
    /// Code points of its text.
    pub chars: u64,
}

/// A sidecar by itself.
pub(in crate::store) struct Alone {
    /// What it was made on.
    pub made_on: MadeOn,
    /// What it says, on the text that [`read_together`] put together.
    pub layer: Layer,
}

/// Whether all sidecars were made on one text.
pub(in crate::store) fn same_text(files: &[(&Path, &str)]) -> Result<Option<MadeOn>, StoreError> {
    let mut first: Option<MadeOn> = None;
    for (path, text) in files {
        let made_on = MadeOn::of(&parse_file(path, text)?.source);
        if first.as_ref().is_some_and(|first| first.text_sha256 != made_on.text_sha256) {
            return Ok(None);
        }
        first.get_or_insert(made_on);
    }
    Ok(first)
}

/// Reads sidecars that were made on one text, and gives back a text that fits them all. A file that may not be changed
/// (damaged, of a newer format, with unknown fields) is an error. `root` is where `.pressmark` lies.
pub(in crate::store) fn read_together(
    files: &[(&Path, &str)],
    root: Option<&Path>,
) -> Result<(Arc<str>, Vec<Alone>), StoreError> {
    let mut pieces = Pieces { all: Vec::new(), whole: true };
    let mut text_sha256 = String::new();
    for (path, text) in files {
        let file = parse_file(path, text)?;
        text_sha256 = file.source.text_sha256.to_string();
        pieces.add(&file);
    }
    let (text, agree) = pieces.text();
    let read = read_on(files, &text);
    if pieces.whole && agree && read.is_ok() {
        return Ok((text, read?));
    }
    if let Some(text) = kept_text(root, &text_sha256) {
        let read = read_on(files, &text)?;
        return Ok((text, read));
    }
    read?;
    let reason =
        format!("its quotes do not tell enough of the article's text, and there is no .pressmark/texts/{text_sha256}");
    Err(damaged(files[0].0, reason, (1, 1)))
}

/// The article that a sidecar says it was made on, without its text: the text is empty, and there are no blocks.
pub fn article_of(path: &Path, file_text: &str) -> Result<Article, StoreError> {
    Ok(MadeOn::of(&parse_file(path, file_text)?.source).article(&Arc::from("")))
}

/// The layer of a sidecar on the text that it was made on; one that may not be changed is an error.
pub fn layer_on(path: &Path, file_text: &str, article: &Article) -> Result<Layer, StoreError> {
    Ok(read_one(path, file_text, &article.text)?.layer)
}

/// The layer of a sidecar that was made on another text than the article's, no annotation having a place; one that may
/// not be changed is an error.
pub fn unplaced_on(path: &Path, file_text: &str, article: &Article) -> Result<UnplacedLayer, StoreError> {
    let unplaced = parse_unplaced(path, file_text, article, &builtin())?;
    match &unplaced.loaded.read_only {
        Some(reason) => Err(damaged(path, without_path(path, reason), (1, 1))),
        None => Ok(unplaced),
    }
}

/// The text that a layer was made on, where the corpus keeps it.
fn kept_text(root: Option<&Path>, text_sha256: &str) -> Option<Arc<str>> {
    let is_hash = text_sha256.len() == 64 && text_sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = root.filter(|_| is_hash)?.join(".pressmark").join("texts").join(text_sha256);
    let text = String::from_utf8(OsDisk.read(&path).ok()?).ok()?;
    (sha256_hex(text.as_bytes()) == text_sha256).then(|| Arc::from(text))
}

fn read_on(files: &[(&Path, &str)], text: &Arc<str>) -> Result<Vec<Alone>, StoreError> {
    files.iter().map(|(path, file_text)| read_one(path, file_text, text)).collect()
}

fn read_one(path: &Path, file_text: &str, text: &Arc<str>) -> Result<Alone, StoreError> {
    let made_on = MadeOn::of(&parse_file(path, file_text)?.source);
    if !made_on.encoding.is_empty() && Encoding::for_label(made_on.encoding.as_bytes()).is_none() {
        return Err(damaged(path, format!("there is no encoding {:?}", made_on.encoding), (1, 1)));
    }
    let file = parse_file(path, file_text)?;
    let loaded = parse_layer(path, file_text, file, &made_on.article(text), &builtin(), false)?;
    let told = loaded.problems.iter().find(|problem| problem.severity == Severity::Error);
    if let Some(problem) = told {
        let id = problem.annotation.as_ref().map(|id| format!("{id}: ")).unwrap_or_default();
        let message = problem.message.trim_end_matches('.');
        return Err(damaged(path, format!("{id}{message}"), (1, 1)));
    }
    if let Some(reason) = loaded.read_only {
        return Err(damaged(path, without_path(path, &reason), (1, 1)));
    }
    Ok(Alone { made_on, layer: loaded.layer })
}

fn without_path(path: &Path, reason: &str) -> String {
    reason.trim_start_matches(&format!("{}: ", path.display())).trim_end_matches('.').to_owned()
}

impl MadeOn {
    fn of(source: &SourceFile<'_>) -> Self {
        Self {
            file: source.file.to_string(),
            sha256: source.sha256.to_string(),
            encoding: source.encoding.to_string(),
            text_sha256: source.text_sha256.to_string(),
            chars: source.chars,
        }
    }

    fn article(&self, text: &Arc<str>) -> Article {
        Article {
            path: PathBuf::from(&self.file),
            text: Arc::clone(text),
            encoding: Encoding::for_label(self.encoding.as_bytes()).map_or("", Encoding::name),
            sha256: self.sha256.clone(),
            text_sha256: self.text_sha256.clone(),
            chars: self.chars,
            invalid: Vec::new(),
            warnings: Vec::new(),
            shape: std::sync::OnceLock::new(),
        }
    }

    /// The sidecar of a layer on the text of [`read_together`].
    pub fn write(&self, text: &Arc<str>, layer: &Layer) -> String {
        write_layer(&self.article(text), layer)
    }
}

/// Quotes of one text, each with the code point that it starts at.
struct Pieces {
    all: Vec<(u64, String)>,
    /// Whether they are all that a sidecar is written with.
    whole: bool,
}

impl Pieces {
    /// Takes in the quotes of a sidecar.
    fn add(&mut self, file: &SidecarFile<'_>) {
        let turned_down = file.decisions.iter().flat_map(|decision| &decision.rejected);
        for annotation in file.annotations.iter().chain(turned_down) {
            self.add_annotation(annotation, file.source.chars);
        }
    }

    fn add_annotation(&mut self, annotation: &AnnotationFile<'_>, chars: u64) {
        annotation.conflict.iter().for_each(|other| self.add_annotation(other, chars));
        let (Some((start, ..)), Some((_, end, _)), None) =
            (annotation.spans.first(), annotation.spans.last(), &annotation.orphan)
        else {
            return;
        };
        if annotation.spans.iter().any(|(start, end, _)| start.max(end) > &LONGEST) {
            self.whole = false;
            return;
        }
        let (before, after) = (&annotation.context.0, &annotation.context.1);
        let length = |text: &str| text.chars().count() as u64;
        let (had, has) = (length(before), length(after));
        if had <= *start {
            self.all.push((start - had, before.to_string()));
        }
        self.whole &= had == *start.min(&(REACH as u64)) && (has == REACH as u64 || end + has == chars);
        self.all.push((*end, after.to_string()));
        self.all.extend(annotation.spans.iter().map(|(start, _, quote)| (*start, quote.to_string())));
    }

    /// A text put together of them, and whether every quote stands in it where it should.
    fn text(&mut self) -> (Arc<str>, bool) {
        self.all.sort();
        self.all.dedup();
        let mut text = String::new();
        let mut end = 0;
        for (start, quote) in &self.all {
            text.extend((end..*start).map(|_| UNKNOWN));
            end = end.max(*start);
            let before = text.len();
            text.extend(quote.chars().skip((end - start) as usize));
            end += text[before..].chars().count() as u64;
        }
        if text.is_empty() {
            text.push(UNKNOWN);
        }
        let index = OffsetIndex::new(&text);
        let stands = |(start, quote): &(u64, String)| {
            let from = index.byte_from_char(&text, CharOffset(*start));
            !quote.contains(UNKNOWN) && from.is_some_and(|from| text[from..].starts_with(quote.as_str()))
        };
        let agree = self.all.iter().all(stands);
        (Arc::from(text.as_str()), agree)
    }
}
