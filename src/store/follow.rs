//! Sidecars whose article was renamed or moved: which article they belong to, and how they follow it.
//!
//! An article is known again by the hash of its file or text, or by most of its word sequences. Nothing is written over,
//! and a sidecar for which two articles would do stays where it is.

use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::StoreError;
use super::disk::{Disk, OsDisk};
use super::sidecar::{annotator_of, create_file, kept_text, recorded_hashes, sidecar_path};
use crate::article;

/// So many words make a sequence.
const WORDS: usize = 4;
/// This part of the sequences of both texts must be common.
const NEAR: f64 = 0.6;

/// By what an article was known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It is the same file, or the same text.
    Same,
    /// Most of its text is the same.
    Near,
}

/// A sidecar without its article, and the article that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Where the sidecar lies.
    pub sidecar: PathBuf,
    /// The article, in full.
    pub article: PathBuf,
    /// Where the sidecar would lie beside it; nothing is there yet.
    pub target: PathBuf,
    /// How sure it is.
    pub sign: Sign,
}

/// Where stray sidecars (of [`super::corpus::strays`]) belong among a corpus's articles, which count from the root.
pub fn homes(root: &Path, articles: &[PathBuf], strays: &[(PathBuf, String)]) -> Vec<Home> {
    if strays.is_empty() {
        return Vec::new();
    }
    let read: Vec<(PathBuf, article::Article)> = articles
        .iter()
        .map(|article| root.join(article))
        .filter_map(|path| article::read(&path, None).ok().map(|article| (path, article)))
        .collect();
    let mut found = Vec::new();
    for (sidecar, name) in strays {
        let Some(annotator) = annotator_of(&sidecar.with_file_name(name), sidecar) else { continue };
        let Ok((sha256, text_sha256)) = recorded_hashes(sidecar) else { continue };
        let free: Vec<&(PathBuf, article::Article)> =
            read.iter().filter(|(path, _)| !sidecar_path(path, &annotator).exists()).collect();
        let same = |article: &article::Article| article.sha256 == sha256 || article.text_sha256 == text_sha256;
        let mut likely: Vec<&PathBuf> =
            free.iter().filter(|(_, article)| same(article)).map(|(path, _)| path).collect();
        let mut sign = Sign::Same;
        if likely.is_empty() {
            let Some(old) = kept_text(root, &text_sha256) else { continue };
            let old = sequences(&old);
            let near = |article: &article::Article| likeness(&old, &sequences(&article.text)) >= NEAR;
            likely = free.iter().filter(|(_, article)| near(article)).map(|(path, _)| path).collect();
            sign = Sign::Near;
        }
        if let [article] = likely[..] {
            let target = sidecar_path(article, &annotator);
            found.push(Home { sidecar: sidecar.clone(), article: article.clone(), target, sign });
        }
    }
    found
}

/// Lets a sidecar follow its article: the same bytes under the new name, then the old name goes.
pub fn follow(home: &Home) -> Result<(), StoreError> {
    let bytes = OsDisk.read(&home.sidecar).map_err(StoreError::read(&home.sidecar))?;
    create_file(&home.target, &bytes)?;
    fs::remove_file(&home.sidecar).map_err(StoreError::write(&home.sidecar))
}

fn sequences(text: &str) -> HashSet<u64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(WORDS.min(words.len()).max(1))
        .map(|sequence| {
            let mut hasher = DefaultHasher::new();
            sequence.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

/// What is common to two sets by what is in the larger one.
fn likeness(a: &HashSet<u64>, b: &HashSet<u64>) -> f64 {
    let most = a.len().max(b.len());
    if most == 0 { 0.0 } else { a.intersection(b).count() as f64 / most as f64 }
}
