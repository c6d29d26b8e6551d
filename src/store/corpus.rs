//! A corpus: a folder of articles, their sidecars and at most one `pressmark.ron`.
//!
//! Lists what lies there; reads no article and no sidecar. Hidden names, `README*` and `LICENSE*` are no articles, and
//! nothing outside the root is reached through a symbolic link.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::disk::{Disk, OsDisk};
use super::error::StoreError;
use super::journal::{is_pending, local_folder};
use super::schema::{SCHEMA_FILE, SchemaError, SchemaFile, builtin, read_schema_file};
use super::sidecar::annotator_of;
use crate::article;
use crate::model::Schema;

/// A folder of articles.
#[derive(Debug)]
pub struct Corpus {
    /// The folder; paths of articles count from here.
    pub root: PathBuf,
    /// The articles, relative to the root, sorted as people sort (`a2` before `a10`).
    pub articles: Vec<PathBuf>,
    /// The article that was asked for, as an index of `articles`; 0 where a folder was.
    pub chosen: usize,
    /// The corpus's schema; the built-in one when its own is faulty.
    pub schema: Schema,
    /// What is wrong with `pressmark.ron`. Then nothing of the corpus may be changed.
    pub schema_error: Option<SchemaError>,
    /// Folders that could not be listed: whole sentences.
    pub warnings: Vec<String>,
}

/// Opens a folder, or the corpus that an article lies in: the nearest folder above it with a `pressmark.ron` or a
/// `.pressmark`; without one, the article's folder alone, not those below it.
pub fn open(path: &Path) -> Result<Corpus, StoreError> {
    let metadata = fs::metadata(path).map_err(StoreError::read(path))?;
    if metadata.is_dir() {
        return list(path, None, true);
    }
    if !article::is_article(path) {
        return Err(StoreError::NotAnArticle { path: path.to_path_buf() });
    }
    let full = std::path::absolute(path).map_err(StoreError::read(path))?;
    let root = root_of(&full);
    let folder = full.parent().unwrap_or(Path::new("/"));
    list(root.as_deref().unwrap_or(folder), Some(&full), root.is_some())
}

/// The root of the corpus that a file lies in: the nearest folder above it with a `pressmark.ron` or a `.pressmark`.
pub fn root_of(file: &Path) -> Option<PathBuf> {
    let full = std::path::absolute(file).ok()?;
    let is_root = |folder: &&Path| folder.join(SCHEMA_FILE).is_file() || folder.join(".pressmark").is_dir();
    full.parent()?.ancestors().find(is_root).map(Path::to_path_buf)
}

fn list(root: &Path, asked: Option<&Path>, deep: bool) -> Result<Corpus, StoreError> {
    // A folder that cannot be listed is an error for the root alone.
    fs::read_dir(root).map_err(StoreError::read(root))?;
    let (file, schema_error) = match read_schema_file(root) {
        Ok(file) => (file, None),
        Err(error) => (SchemaFile::new(builtin()), Some(error)),
    };
    let mut warnings = Vec::new();
    let mut articles = find_articles(root, &file, deep, &mut warnings);
    let asked = asked.map(|asked| asked.strip_prefix(root).unwrap_or(asked).to_path_buf());
    if let Some(asked) = asked.as_ref().filter(|asked| !articles.contains(asked)) {
        articles.push(asked.clone());
    }
    if articles.is_empty() {
        return Err(StoreError::NoArticles { path: root.to_path_buf() });
    }
    articles.sort_by(|a, b| natural(a, b));
    let chosen = asked.and_then(|asked| articles.iter().position(|article| *article == asked)).unwrap_or(0);
    Ok(Corpus { root: root.to_path_buf(), articles, chosen, schema: file.schema, schema_error, warnings })
}

impl Corpus {
    /// The full path of an article of the list.
    pub fn path(&self, article: usize) -> Option<PathBuf> {
        self.articles.get(article).map(|article| self.root.join(article))
    }
}

fn find_articles(root: &Path, file: &SchemaFile, deep: bool, warnings: &mut Vec<String>) -> Vec<PathBuf> {
    let inside = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let walk = WalkDir::new(root).follow_links(true).max_depth(if deep { usize::MAX } else { 1 });
    let mut found = Vec::new();
    for entry in walk.into_iter().filter_entry(|entry| entry.depth() == 0 || is_listed(entry, &inside)) {
        match entry {
            Ok(entry) => {
                let Ok(relative) = entry.path().strip_prefix(root) else { continue };
                if entry.file_type().is_file() && article::is_article(entry.path()) && file.takes(relative) {
                    found.push(relative.to_path_buf());
                }
            }
            Err(error) => {
                // A link to nowhere is no article; a folder that may not be read may hold some.
                let denied = error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied);
                if let Some(path) = error.path().filter(|_| denied) {
                    warnings
                        .push(format!("{}: this folder may not be read; its articles are not listed.", path.display()));
                }
            }
        }
    }
    found
}

/// Whether a name may be an article or a folder of them.
fn is_listed(entry: &DirEntry, inside: &Path) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    let starts = |prefix: &[u8]| name.len() >= prefix.len() && name[..prefix.len()].eq_ignore_ascii_case(prefix);
    if name.starts_with(b".") || (entry.file_type().is_file() && (starts(b"readme") || starts(b"license"))) {
        return false;
    }
    !entry.path_is_symlink() || fs::canonicalize(entry.path()).is_ok_and(|target| target.starts_with(inside))
}

/// Who has a layer of an article, and where it lies, sorted by annotator. The article's path counts from the root. It lists the
/// article's folder: for many articles there is [`layers_in`].
pub fn layers_of(root: &Path, article: &Path) -> Vec<(String, PathBuf)> {
    layers_in(root, std::slice::from_ref(&article.to_path_buf())).pop().unwrap_or_default()
}

/// The layers of many articles, in their order; each folder is read once.
pub fn layers_in(root: &Path, articles: &[PathBuf]) -> Vec<Vec<(String, PathBuf)>> {
    let mut all: Vec<Vec<(String, PathBuf)>> = vec![Vec::new(); articles.len()];
    let mut folders: HashMap<&Path, HashMap<OsString, usize>> = HashMap::new();
    for (at, article) in articles.iter().enumerate() {
        if let (Some(folder), Some(name)) = (article.parent(), article.file_name()) {
            folders.entry(folder).or_default().insert(name.to_os_string(), at);
        }
    }
    #[expect(clippy::iter_over_hash_type, reason = "each article's list is sorted below")]
    for (folder, names) in &folders {
        // `talks.txt.ann1.ron` without its last two suffixes is the article's name.
        let article = |name: &Path| names.get(name.file_stem().map(Path::new)?.file_stem()?).copied();
        for path in sidecars_in(root, folder, |name| article(name).is_some()) {
            let Some(at) = path.file_name().and_then(|name| article(Path::new(name))) else { continue };
            if let Some(annotator) = annotator_of(&articles[at], &path) {
                all[at].push((annotator, path));
            }
        }
    }
    for layers in &mut all {
        layers.sort();
        layers.dedup();
    }
    all
}

/// The sidecars in a folder whose names are wanted, and those that only a journal has yet. What the listing says of an entry
/// is believed: a look at each file of a large folder takes far longer.
fn sidecars_in(root: &Path, folder: &Path, is_wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let beside = root.join(folder);
    let leads_out = |entry: &fs::DirEntry| {
        !entry.file_type().is_ok_and(|kind| !kind.is_symlink()) && !OsDisk.is_inside(root, &entry.path())
    };
    let mut found: Vec<PathBuf> = entries(&beside)
        .filter(|entry| is_wanted(Path::new(&entry.file_name())) && !leads_out(entry))
        .map(|entry| entry.path())
        .collect();
    let local = local_folder(root).join(folder);
    let journals = entries(&local).map(|entry| entry.path());
    for journal in journals.filter(|path| path.extension().is_some_and(|it| it == "journal")) {
        let Some(name) = journal.file_stem().map(Path::new).filter(|name| is_wanted(name)) else { continue };
        if !beside.join(name).exists() && is_pending(&OsDisk, &journal) {
            found.push(beside.join(name));
        }
    }
    found
}

/// Links below the root that lead out of it: what is behind them is neither listed nor read, whatever it is. Sorted.
pub fn links_out(root: &Path) -> Vec<PathBuf> {
    let seen = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let walk = WalkDir::new(root).into_iter().filter_entry(seen).flatten();
    let mut found: Vec<PathBuf> = walk
        .filter(|entry| entry.path_is_symlink() && entry.path().exists() && !OsDisk.is_inside(root, entry.path()))
        .map(DirEntry::into_path)
        .collect();
    found.sort();
    found
}

/// Sidecars below the root whose article is not beside them, with the article's name, sorted.
pub fn strays(root: &Path) -> Vec<(PathBuf, String)> {
    let inside = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let walk = WalkDir::new(root).follow_links(true).into_iter();
    let mut found: Vec<_> = walk
        .filter_entry(|entry| entry.depth() == 0 || is_listed(entry, &inside))
        .flatten()
        .filter_map(|entry| {
            let name = Path::new(entry.path().file_stem()?).file_stem()?;
            let article = entry.path().with_file_name(name);
            let stray = article::is_article(&article)
                && annotator_of(&article, entry.path()).is_some()
                && !article.exists()
                && entry.file_type().is_file();
            stray.then(|| (entry.path().to_path_buf(), name.to_string_lossy().into_owned()))
        })
        .collect();
    found.sort();
    found
}

/// As people sort: folder by folder, digits by their number, case last.
fn natural(a: &Path, b: &Path) -> Ordering {
    let key = |path: &Path| path.to_string_lossy().to_lowercase();
    compare_runs(&key(a), &key(b)).then_with(|| a.cmp(b))
}

fn compare_runs(mut a: &str, mut b: &str) -> Ordering {
    fn digits(text: &str) -> usize {
        text.bytes().take_while(u8::is_ascii_digit).count()
    }
    loop {
        let (Some(first), Some(second)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        let (left, right) = (digits(a), digits(b));
        let (order, step) = if left > 0 && right > 0 {
            let (x, y) = (a[..left].trim_start_matches('0'), b[..right].trim_start_matches('0'));
            (x.len().cmp(&y.len()).then_with(|| x.cmp(y)), (left, right))
        } else {
            // A folder comes before the names that go on where its name ends.
            let rank = |c: char| if c == '/' { '\0' } else { c };
            (rank(first).cmp(&rank(second)), (first.len_utf8(), second.len_utf8()))
        };
        if order.is_ne() {
            return order;
        }
        (a, b) = (&a[step.0..], &b[step.1..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_sort_as_people_sort() {
        let mut names =
            ["b/a10.txt", "b/A2.txt", "a.txt", "b-c/x.txt", "b/a02.md", "陈.txt", "b/a1.txt"].map(PathBuf::from);
        names.sort_by(|a, b| natural(a, b));
        let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
        assert_eq!(names.join(" "), "a.txt b/a1.txt b/a02.md b/A2.txt b/a10.txt b-c/x.txt 陈.txt");
    }
    fn folder_of(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
            fs::write(path, "()").expect("it is written");
        }
        folder
    }

    fn listed(corpus: &Corpus) -> Vec<String> {
        corpus.articles.iter().map(|article| article.to_string_lossy().replace('\\', "/")).collect()
    }

    #[test]
    fn a_corpus_lists_articles_and_nothing_else() {
        let folder = folder_of(&[
            "b.txt",
            "a/2.md",
            "a/10.md",
            "README.md",
            "License.txt",
            ".hidden.txt",
            ".git/x.txt",
            "b.txt.ada.ron",
            "photo.png",
        ]);
        assert_eq!(listed(&open(folder.path()).expect("it opens")), ["a/2.md", "a/10.md", "b.txt"]);
    }

    #[test]
    fn an_article_alone_lists_its_folder_and_one_in_a_corpus_the_whole() {
        let folder = folder_of(&["a/b/1.txt", "a/b/2.txt", "a/b/c/3.txt", "a/4.txt"]);
        let corpus = open(&folder.path().join("a/b/2.txt")).expect("it opens");
        assert_eq!((listed(&corpus), corpus.chosen), (vec!["1.txt".to_owned(), "2.txt".to_owned()], 1));
        fs::write(folder.path().join("a/pressmark.ron"), "(exclude: [\"b/2*\"])").expect("it is written");
        let corpus = open(&folder.path().join("a/b/2.txt")).expect("it opens");
        assert_eq!(listed(&corpus), ["4.txt", "b/1.txt", "b/2.txt", "b/c/3.txt"]);
        assert_eq!(corpus.path(corpus.chosen), Some(folder.path().join("a/b/2.txt")));
    }

    #[test]
    fn what_is_no_corpus_is_refused_with_a_way_out() {
        let folder = folder_of(&["photo.png"]);
        for (path, message) in
            [("", "there is no article here"), ("photo.png", "this is not an article"), ("none", "no such file")]
        {
            let error = open(&folder.path().join(path)).expect_err(path).to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_faulty_schema_opens_the_corpus_and_is_told() {
        let folder = folder_of(&["a.txt"]);
        fs::write(folder.path().join("pressmark.ron"), "(schema: 1)").expect("it is written");
        let corpus = open(folder.path()).expect("it opens");
        assert!(corpus.schema_error.is_some_and(|error| error.to_string().contains("pressmark.ron:1:10")));
        assert_eq!(corpus.schema, builtin());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_the_root_alone() {
        let outside = folder_of(&["secret.txt", "more/x.txt"]);
        let folder = folder_of(&["a.txt", ".store/real.txt"]);
        let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).expect("a link");
        link(&outside.path().join("secret.txt"), "s.txt");
        link(&outside.path().join("more"), "more");
        link(Path::new(".store/real.txt"), "r.txt");
        link(Path::new("nowhere.txt"), "n.txt");
        link(Path::new("."), "loop");
        assert_eq!(listed(&open(folder.path()).expect("it opens")), ["a.txt", "r.txt"]);
    }

    #[test]
    fn the_layers_of_each_article_are_found_by_name() {
        let folder = folder_of(&[
            "x/a.txt",
            "x/a.txt.ben.ron",
            "x/a.txt.ada.ron",
            "x/a.txt.Bad.ron",
            "x/b.txt",
            "x/b.txt.gold.ron",
        ]);
        let articles = ["x/a.txt", "x/b.txt", "c.txt"].map(PathBuf::from);
        let names = |layers: &[(String, PathBuf)]| layers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let found = layers_in(folder.path(), &articles);
        assert_eq!(
            found.iter().map(|layers| names(layers)).collect::<Vec<_>>(),
            [vec!["ada", "ben"], vec!["gold"], vec![]]
        );
        assert_eq!(layers_of(folder.path(), &articles[0]), found[0]);
        assert_eq!(found[0][0].1, folder.path().join("x/a.txt.ada.ron"));
    }

    #[test]
    fn sidecars_without_their_article_are_found() {
        let folder = folder_of(&["a.txt", "a.txt.ada.ron", "x/b.md.ben.ron", "x/notes.ron", ".git/c.txt.ada.ron"]);
        assert_eq!(strays(folder.path()), [(folder.path().join("x/b.md.ben.ron"), "b.md".to_owned())]);
    }
}
