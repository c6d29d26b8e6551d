//! Texts that articles had: kept beside them, in the article itself, or in git's history.
//!
//! A text is known by its SHA-256, so that it does not matter where it was found. While git merges, files of the other
//! side are not there yet; its objects are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::article;
use crate::store::sidecar::{article_of, kept_text};

/// So many versions of a file are looked at in git's history.
const VERSIONS: usize = 256;

/// Where the texts of a sidecar's article are looked for.
pub(super) struct OldTexts {
    root: Option<PathBuf>,
    /// The folder that git is asked in.
    folder: PathBuf,
    /// The article, under each name that a side gives it, with its encoding.
    articles: Vec<(PathBuf, String)>,
    found: RefCell<HashMap<String, Option<String>>>,
}

impl OldTexts {
    /// For a sidecar and the states of it that are merged.
    pub fn new(root: Option<&Path>, sidecar: &Path, folder: &Path, states: &[(&Path, &str)]) -> Self {
        let mut articles: Vec<(PathBuf, String)> = Vec::new();
        for (path, text) in states {
            let Ok(made_on) = article_of(path, text) else { continue };
            // Only beside the sidecar: what it calls its article may lead anywhere.
            let Some(name) = made_on.path.file_name() else { continue };
            let article = (sidecar.with_file_name(name), made_on.encoding.to_owned());
            if !articles.contains(&article) {
                articles.push(article);
            }
        }
        let root = root.map(Path::to_path_buf);
        Self { root, folder: folder.to_path_buf(), articles, found: RefCell::default() }
    }

    /// The text with this hash; none when it is nowhere.
    pub fn find(&self, text_sha256: &str) -> Option<String> {
        if let Some(found) = self.found.borrow().get(text_sha256) {
            return found.clone();
        }
        let found = self.look(text_sha256);
        self.found.borrow_mut().insert(text_sha256.to_owned(), found.clone());
        found
    }

    fn look(&self, wanted: &str) -> Option<String> {
        let as_article = |path: &Path, encoding: &str, bytes: Vec<u8>| {
            let encoding = (!encoding.is_empty()).then_some(encoding);
            let read = article::from_bytes(path, bytes, encoding).ok();
            read.filter(|read| read.text_sha256 == wanted).map(|read| read.text.to_string())
        };
        let beside = |(path, encoding): &(PathBuf, String)| {
            let encoding = (!encoding.is_empty()).then_some(encoding.as_str());
            let read = article::read(path, encoding).ok().filter(|read| read.text_sha256 == wanted);
            read.map(|read| read.text.to_string())
        };
        let kept = self.root.as_deref().and_then(|root| kept_text(root, wanted));
        kept.or_else(|| self.articles.iter().find_map(beside)).or_else(|| {
            let is_hash = wanted.len() == 64 && wanted.bytes().all(|byte| byte.is_ascii_hexdigit());
            let texts = self.root.as_deref().filter(|_| is_hash).map(|root| root.join(".pressmark/texts").join(wanted));
            let texts = texts.into_iter().map(|path| (path, "UTF-8".to_owned()));
            let all: Vec<(PathBuf, String)> = texts.chain(self.articles.iter().cloned()).collect();
            all.iter().find_map(|(path, encoding)| {
                let versions = self.versions(path);
                versions.iter().take(VERSIONS).find_map(|blob| as_article(path, encoding, self.blob(blob)?))
            })
        })
    }

    /// The objects that a file was in git's history, in any branch.
    fn versions(&self, path: &Path) -> Vec<String> {
        let Ok(full) = std::path::absolute(path) else { return Vec::new() };
        let Some(name) = full.file_name().and_then(OsStr::to_str) else { return Vec::new() };
        let listed = self.git(&[
            OsStr::new("rev-list"),
            OsStr::new("--objects"),
            OsStr::new("--all"),
            OsStr::new("--reflog"),
            OsStr::new("--"),
            full.as_os_str(),
        ]);
        let listed = String::from_utf8_lossy(&listed.unwrap_or_default()).into_owned();
        let objects = listed.lines().filter_map(|line| line.split_once(' '));
        objects.filter(|(_, path)| path.rsplit('/').next() == Some(name)).map(|(object, _)| object.to_owned()).collect()
    }

    fn blob(&self, object: &str) -> Option<Vec<u8>> {
        self.git(&["cat-file", "blob", object].map(OsStr::new))
    }

    fn git(&self, arguments: &[&OsStr]) -> Option<Vec<u8>> {
        let mut git = Command::new("git");
        git.arg("-C").arg(&self.folder).arg("--literal-pathspecs").args(["-c", "core.quotePath=false"]).args(arguments);
        let output = git.output().ok()?;
        output.status.success().then_some(output.stdout)
    }
}
