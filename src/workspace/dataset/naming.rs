//! Which article each document of an import becomes: its own, and where another text has that name, in the dataset or in the
//! folder, a free one.
//!
//! The same dataset gives the same names each time, so that importing it again finds the same articles. Names and texts are
//! kept as hashes: a few bytes an article.

use std::collections::HashMap;
use std::fmt;
use std::fs;
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

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
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
    /// Whether the dataset names the articles of this very folder: one with another text was edited, and is no other article.
    pub is_own: bool,
    /// The text that has a name.
    taken: HashMap<u64, u64>,
    /// Which number a text got whose name another had, and the last number that was given for a name.
    numbers: HashMap<(u64, u64), usize>,
    last: HashMap<u64, usize>,
}

impl Naming {
    /// The article of a document, from the corpus root; and who has its own name, where it is told of a new one.
    pub fn name(&mut self, root: &Path, file: &str, text: &str) -> Result<(String, Option<Holder>), DatasetError> {
        let is_named = article::is_article(Path::new(file));
        let file = if is_named { file.to_owned() } else { format!("{file}.txt") };
        let (key, text_key) = (hash(&file.to_lowercase()), hash(text));
        let first = self.taken.get(&key).copied();
        // What is hidden or outside is left out, whatever its name.
        if first == Some(text_key) || !is_inside(&file) {
            return Ok((file, None));
        }
        if let Some(&number) = self.numbers.get(&(key, text_key)) {
            return Ok((numbered(&file, number), None));
        }
        // Two names that differ in capitals alone may be there.
        let there = Standing::of(root, &file, text)?;
        let is_free = there != Standing::Other || self.is_own;
        if there == Standing::Same || (first.is_none() && is_free) {
            self.taken.entry(key).or_insert(text_key);
            self.numbers.insert((key, text_key), 1);
            return Ok((file, None));
        }
        let mut number = self.last.get(&key).copied().unwrap_or(1) + 1;
        while !self.is_free(root, &numbered(&file, number), text)? {
            number += 1;
        }
        self.last.insert(key, number);
        self.taken.insert(hash(&numbered(&file, number).to_lowercase()), text_key);
        self.numbers.insert((key, text_key), number);
        let holder = if first.is_some() { Holder::Dataset } else { Holder::Folder };
        Ok((numbered(&file, number), Some(holder)))
    }

    /// Whether a name can be had: nobody has it, or the article there is this one.
    fn is_free(&self, root: &Path, file: &str, text: &str) -> Result<bool, DatasetError> {
        let is_taken = self.taken.contains_key(&hash(&file.to_lowercase()));
        Ok(!is_taken && matches!(Standing::of(root, file, text)?, Standing::Nothing | Standing::Same))
    }
}

/// Who has the name that a document would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// Another text of the dataset.
    Dataset,
    /// An article of the folder.
    Folder,
}

/// What stands where an article would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Nothing,
    /// An article with this text.
    Same,
    /// One with another text, or a folder.
    Other,
    /// A link out of the folder: nothing is read there, and nothing written.
    Outside,
}

impl Standing {
    fn of(root: &Path, file: &str, text: &str) -> Result<Self, DatasetError> {
        let path = root.join(file);
        if root.as_os_str().is_empty() || !path.exists() {
            return Ok(Self::Nothing);
        }
        if !OsDisk.is_inside(root, &path) {
            return Ok(Self::Outside);
        }
        if !path.is_file() {
            return Ok(Self::Other);
        }
        // Most are as they were written; what another encoding says, its layers tell.
        if fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes()) {
            return Ok(Self::Same);
        }
        let selection = select_one(&path)?;
        let Some(name) = selection.articles.first() else { return Ok(Self::Other) };
        let is_same = *selection.read(name, &layers_of(&selection.root, name))?.text == *text;
        Ok(if is_same { Self::Same } else { Self::Other })
    }
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
                given.push(format!("{name}{}", if is_new.is_some() { "!" } else { "" }));
            }
            assert_eq!(
                given,
                ["a.txt", "a.txt", "A-2.txt!", "a-3.txt!", "a-2.txt", "a-2-2.txt!", "b.md", "b.txt", "b-3.txt!"]
            );
            std::fs::write(folder.path().join("b-3.txt"), "two").expect("a file");
        }
    }

    #[test]
    fn an_article_of_the_folder_keeps_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("a.txt", "mine"), ("a-2.txt", "also mine"), ("b.txt", "\u{feff}one"), ("d.txt/x.txt", "")]
        {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        for _ in 0..2 {
            let mut naming = Naming::default();
            let mut name = |file: &str, text: &str| naming.name(folder.path(), file, text).expect("a name");
            assert_eq!(name("a", "yours"), ("a-3.txt".to_owned(), Some(Holder::Folder)));
            assert_eq!(name("a.txt", "mine"), ("a.txt".to_owned(), None), "the same text, whatever came before");
            assert_eq!(name("a.txt", "yours"), ("a-3.txt".to_owned(), None), "told once");
            assert_eq!(name("a.txt", "theirs"), ("a-4.txt".to_owned(), Some(Holder::Dataset)));
            assert_eq!(name("b.txt", "one"), ("b.txt".to_owned(), None));
            assert_eq!(name("c.txt", "one"), ("c.txt".to_owned(), None));
            assert_eq!(name("d.txt", "one"), ("d-2.txt".to_owned(), Some(Holder::Folder)));
            assert_eq!(name("../a.txt", "one"), ("../a.txt".to_owned(), None), "it is left out later");
            std::fs::write(folder.path().join("a-3.txt"), "yours").expect("a file");
        }
    }
}
