//! Which article each document of an import becomes: its own, and where two documents of one name have different texts, a
//! free one for the second.
//!
//! The same dataset gives the same names each time, so that importing it again finds the same articles. Names and texts are
//! kept as hashes: a few bytes an article.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::DatasetError;
use super::select::select_one;
use crate::article;
use crate::formats::is_inside;
use crate::store::corpus::layers_of;
use crate::store::disk::{Disk, OsDisk};

/// Where a document of a dataset stands, for messages.
#[derive(Clone)]
pub(super) struct Origin {
    path: Arc<Path>,
    at: At,
}

#[derive(Clone, Copy)]
enum At {
    Line(usize),
    Document(usize),
}

impl Origin {
    /// On this line.
    pub fn line(path: &Path, line: usize) -> Self {
        Self { path: path.into(), at: At::Line(line) }
    }

    /// The document with this number, from 1.
    pub fn document(path: &Path, number: usize) -> Self {
        Self { path: path.into(), at: At::Document(number) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            At::Line(line) => write!(f, "{}:{line}", self.path.display()),
            At::Document(0 | 1) => write!(f, "{}", self.path.display()),
            At::Document(number) => write!(f, "{}, document {number}", self.path.display()),
        }
    }
}

/// The names that documents of an import have taken.
#[derive(Default)]
pub(super) struct Naming {
    /// The text that has a name.
    taken: HashMap<u64, u64>,
    /// Which number a text got whose name another had, and the last number that was given for a name.
    numbers: HashMap<(u64, u64), usize>,
    last: HashMap<u64, usize>,
}

impl Naming {
    /// The article of a document, from the corpus root; and whether it is a new name, since another text has its own.
    pub fn name(&mut self, root: &Path, file: &str, text: &str) -> Result<(String, bool), DatasetError> {
        let is_named = article::is_article(Path::new(file));
        let file = if is_named { file.to_owned() } else { format!("{file}.txt") };
        let (key, text_key) = (hash(&file.to_lowercase()), hash(text));
        let first = *self.taken.entry(key).or_insert(text_key);
        // What is hidden or outside is left out, whatever its name.
        if first == text_key || !is_inside(&file) {
            return Ok((file, false));
        }
        if let Some(&number) = self.numbers.get(&(key, text_key)) {
            return Ok((numbered(&file, number), false));
        }
        // Two names that differ in capitals alone may be there.
        let mut number = 1;
        if !is_there(root, &file, text)? {
            number = self.last.get(&key).copied().unwrap_or(1) + 1;
            while !self.is_free(root, &numbered(&file, number), text)? {
                number += 1;
            }
            self.last.insert(key, number);
            self.taken.insert(hash(&numbered(&file, number).to_lowercase()), text_key);
        }
        self.numbers.insert((key, text_key), number);
        Ok((numbered(&file, number), number > 1))
    }

    /// Whether a name can be had: nobody has it, or the article there is this one.
    fn is_free(&self, root: &Path, file: &str, text: &str) -> Result<bool, DatasetError> {
        if self.taken.contains_key(&hash(&file.to_lowercase())) {
            return Ok(false);
        }
        let there = !root.as_os_str().is_empty() && root.join(file).exists();
        Ok(!there || is_there(root, file, text)?)
    }
}

/// Whether an article is there and has this text.
fn is_there(root: &Path, file: &str, text: &str) -> Result<bool, DatasetError> {
    let path = root.join(file);
    if root.as_os_str().is_empty() || !path.is_file() || !OsDisk.is_inside(root, &path) {
        return Ok(false);
    }
    let selection = select_one(&path)?;
    let Some(name) = selection.articles.first() else { return Ok(false) };
    Ok(*selection.read(name, &layers_of(&selection.root, name))?.text == *text)
}

/// `NAME-2.txt`; the first is as it is.
fn numbered(file: &str, number: usize) -> String {
    let path = PathBuf::from(file);
    match path.extension() {
        Some(ending) if number > 1 => {
            let ending = ending.to_string_lossy();
            format!("{}-{number}.{ending}", file.strip_suffix(&format!(".{ending}")).unwrap_or(file))
        }
        _ => file.to_owned(),
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_of_one_name_become_two_articles_and_the_same_ones_each_time() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("b-2.txt"), "mine").expect("a file");
        for _ in 0..2 {
            let mut naming = Naming::default();
            let mut given = Vec::new();
            for (file, text) in [
                ("a", "one"),
                ("a.txt", "one"),
                ("A.txt", "two"),
                ("a.txt", "three"),
                ("a", "two"),
                ("a-2.txt", "four"),
                ("b.md", "one"),
                ("b.txt", "one"),
                ("b.txt", "two"),
            ] {
                let (name, is_new) = naming.name(folder.path(), file, text).expect("a name");
                given.push(format!("{name}{}", if is_new { "!" } else { "" }));
            }
            assert_eq!(
                given,
                ["a.txt", "a.txt", "A-2.txt!", "a-3.txt!", "a-2.txt", "a-2-2.txt!", "b.md", "b.txt", "b-3.txt!"]
            );
            std::fs::write(folder.path().join("b-3.txt"), "two").expect("a file");
        }
    }
}
