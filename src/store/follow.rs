//! Sidecars whose article was renamed or moved: which article they belong to, and how they follow it.
//!
//! An article is known again by the hash of its file or text, or by most of its word sequences. Nothing is written over,
//! and a sidecar for which two articles would do stays where it is.

use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::disk::{Disk, OsDisk, folder_of, read_if_there};
use super::journal::{LayerFiles, Lock};
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
    /// Where the sidecar would lie beside it; no other layer is there.
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
        let bytes = fs::read(sidecar).ok();
        let is_free = |path: &Path| {
            let target = sidecar_path(path, &annotator);
            // One with the same bytes is a move that was cut short.
            !target.exists() || fs::read(target).ok() == bytes
        };
        let free: Vec<&(PathBuf, article::Article)> = read.iter().filter(|(path, _)| is_free(path)).collect();
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

/// Lets a sidecar follow its article: the same bytes under the new name, then its journal, then the old name goes. Cut
/// short, it is carried on by the next call.
pub fn follow(root: &Path, home: &Home) -> Result<(), StoreError> {
    let (from, to) = (LayerFiles::new(root, &home.sidecar), LayerFiles::new(root, &home.target));
    let refuse = |path: &Path, reason: String| Err(StoreError::write(path)(io::Error::other(reason)));
    if let Some(holder) = Lock::holder(&from.lock) {
        return refuse(&home.sidecar, format!("{holder} changes it just now"));
    }
    for files in [&from, &to] {
        files.check_inside(&OsDisk)?;
    }
    let bytes = OsDisk.read(&home.sidecar).map_err(StoreError::read(&home.sidecar))?;
    if from.journal.exists() && to.journal.exists() {
        return refuse(&home.target, format!("there is a journal for it already, {}", to.journal.display()));
    }
    if read_if_there(&OsDisk, &home.target).map_err(StoreError::read(&home.target))?.as_ref() != Some(&bytes) {
        create_file(&home.target, &bytes)?;
    }
    if from.journal.exists() {
        let folder = folder_of(&to.journal);
        OsDisk.create_folder(folder).map_err(StoreError::write(folder))?;
        OsDisk.rename(&from.journal, &to.journal).map_err(StoreError::write(&to.journal))?;
        OsDisk.sync_folder(folder).map_err(StoreError::write(folder))?;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ada met Zoe in Bern.\n";

    /// A folder with an article, and a sidecar of it that has the name of an article that is gone.
    fn folder() -> (tempfile::TempDir, Vec<Home>) {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("new.txt"), TEXT).expect("it is written");
        let article = article::read(&folder.path().join("new.txt"), None).expect("a text");
        let layer = crate::model::Layer::new(crate::model::Head::new(
            "ada",
            crate::model::SchemaRef { id: "news".into(), version: 1 },
        ));
        let written = super::super::sidecar::write_layer(&article, &layer);
        fs::write(folder.path().join("old.txt.ada.ron"), written).expect("it is written");
        let found = found(folder.path());
        assert_eq!(found.len(), 1);
        (folder, found)
    }

    fn found(root: &Path) -> Vec<Home> {
        homes(root, &[PathBuf::from("new.txt")], &super::super::corpus::strays(root))
    }

    #[test]
    fn a_move_that_was_cut_short_is_carried_on() {
        let (folder, homes) = folder();
        let files = LayerFiles::new(folder.path(), &homes[0].sidecar);
        fs::create_dir_all(folder_of(&files.journal)).expect("a folder");
        fs::write(&files.journal, "steps").expect("it is written");
        fs::copy(&homes[0].sidecar, &homes[0].target).expect("as far as it came");
        let again = found(folder.path());
        assert_eq!(again, homes);
        follow(folder.path(), &again[0]).expect("it follows");
        let moved = LayerFiles::new(folder.path(), &homes[0].target);
        assert_eq!(fs::read_to_string(moved.journal).ok().as_deref(), Some("steps"));
        assert!(!files.journal.exists() && !files.sidecar.exists() && homes[0].target.exists());
    }

    #[test]
    fn nothing_is_written_over() {
        let (folder, homes) = folder();
        fs::write(&homes[0].target, "another layer").expect("it is written");
        assert_eq!(found(folder.path()), []);
        assert!(follow(folder.path(), &homes[0]).is_err());
        fs::remove_file(&homes[0].target).expect("it was there");
        for sidecar in [&homes[0].sidecar, &homes[0].target] {
            let journal = LayerFiles::new(folder.path(), sidecar).journal;
            fs::create_dir_all(folder_of(&journal)).expect("a folder");
            fs::write(journal, sidecar.display().to_string()).expect("it is written");
        }
        let refused = follow(folder.path(), &homes[0]).expect_err("there are two journals").to_string();
        assert!(refused.contains("there is a journal for it already"), "{refused}");
        assert!(homes[0].sidecar.exists() && !homes[0].target.exists());
    }
}
