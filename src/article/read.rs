//! The way in: from a file, or its bytes, to an article.
//!
//! The size is looked at before anything is read; nothing is ever written.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::types::{Block, ImageRef, Shape};
use super::{Article, ArticleError, Warning, decode, markdown, plain, sha256_hex};
use crate::text::OffsetIndex;

/// The longest file that is read; offsets are kept in 32 bits and a legacy encoding may grow threefold as UTF-8.
const MOST_BYTES: u64 = 1 << 30;

const PLAIN: [&str; 2] = ["txt", "text"];
const MARKDOWN: [&str; 2] = ["md", "markdown"];

/// Whether a file is an article by its extension: `.txt`, `.text`, `.md` or `.markdown`, in any case.
pub fn is_article(path: &Path) -> bool {
    has_extension(path, &PLAIN) || has_extension(path, &MARKDOWN)
}

/// Reads a file. `encoding` is what a sidecar recorded for it (a WHATWG label), if any.
pub fn read(path: &Path, encoding: Option<&str>) -> Result<Article, ArticleError> {
    let failed = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound => ArticleError::Missing(path.to_owned()),
        ErrorKind::PermissionDenied => ArticleError::Forbidden(path.to_owned()),
        ErrorKind::IsADirectory => ArticleError::Folder(path.to_owned()),
        _ => ArticleError::Unreadable { source, path: path.to_owned() },
    };
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(ArticleError::Folder(path.to_owned()));
    }
    if metadata.len() > MOST_BYTES {
        return Err(ArticleError::TooLarge { bytes: metadata.len(), path: path.to_owned() });
    }
    // It may grow meanwhile.
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    open_regular(path).map_err(failed)?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    from_bytes(path, bytes, encoding)
}

/// Opens a file to read it; a pipe or a device, which may have no end or never begin, is an error.
pub fn open_regular(path: &Path) -> io::Result<fs::File> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is a pipe or a device, not a file"));
    }
    fs::File::open(path)
}

/// Makes an article of a file's bytes; `path` tells whether it is Markdown.
pub fn from_bytes(path: &Path, bytes: Vec<u8>, encoding: Option<&str>) -> Result<Article, ArticleError> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(ArticleError::TooLarge { bytes: bytes.len() as u64, path: path.to_owned() });
    }
    let sha256 = sha256_hex(&bytes);
    let length = bytes.len();
    let decoded = decode::decode(path, bytes, encoding)?;
    if decoded.text.len() as u64 > u64::from(u32::MAX) {
        return Err(ArticleError::TooLarge { bytes: decoded.text.len() as u64, path: path.to_owned() });
    }
    if decoded.text.is_empty() {
        return Err(ArticleError::Empty(path.to_owned()));
    }
    // Bytes that are UTF-8 already, without a mark, are the text.
    let same = decoded.is_verbatim && decoded.text.len() == length;
    let text_sha256 = if same { sha256.clone() } else { sha256_hex(decoded.text.as_bytes()) };
    let mut warnings = decoded.warnings;
    if let Some(&first) = decoded.invalid.first() {
        warnings.push(malformed(&decoded.text, decoded.invalid.len(), first));
    }
    Ok(Article {
        path: path.to_owned(),
        chars: decoded.text.chars().count() as u64,
        text: Arc::from(decoded.text),
        encoding: decoded.encoding,
        sha256,
        text_sha256,
        invalid: decoded.invalid,
        warnings,
        shape: OnceLock::new(),
    })
}

impl Article {
    /// How the text is shown, in its order. Made when it is asked for first, which takes its time for a long text.
    pub fn blocks(&self) -> &[Block] {
        &self.shape().blocks
    }

    /// The pictures that blocks name.
    pub fn images(&self) -> &[ImageRef] {
        &self.shape().images
    }

    fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| {
            let (blocks, images) = if has_extension(&self.path, &MARKDOWN) {
                markdown::blocks(&self.text)
            } else {
                (plain::blocks(&self.text), Vec::new())
            };
            Shape { blocks, images }
        })
    }
}

fn malformed(text: &str, count: usize, first: u32) -> Warning {
    let line = OffsetIndex::new(text).line_column(text, first as usize).line;
    let (what, place) = if count == 1 { ("place", "") } else { ("places", "the first ") };
    Warning(format!(
        "{count} {what} with bytes that are no text in this encoding, {place}in line {line}, shown as \u{FFFD}; the file stays as it is"
    ))
}

fn has_extension(path: &Path, names: &[&str]) -> bool {
    path.extension()
        .and_then(|name| name.to_str())
        .is_some_and(|name| names.iter().any(|n| n.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn articles_are_known_by_extension_in_any_case() {
        for (name, expected) in
            [("a.txt", true), ("A.TXT", true), ("b.Markdown", true), ("c.md", true), ("d.text", true)]
        {
            assert_eq!(is_article(Path::new(name)), expected, "{name}");
        }
        for name in ["a.html", "txt", "a.txt.ann1.ron", "a.txt~"] {
            assert!(!is_article(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn each_failure_is_one_sentence_with_the_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("empty.txt"), "").expect("written");
        fs::write(at("bom.txt"), "\u{FEFF}").expect("written");
        fs::write(at("binary.txt"), b"abc\0\x01\x02\x03defg").expect("written");
        fs::write(at("paper.txt"), b"%PDF-1.7\n...").expect("written");
        let huge = fs::File::create(at("huge.txt")).expect("made");
        huge.set_len(MOST_BYTES + 1).expect("a sparse file");
        let cases: [(PathBuf, &str); 7] = [
            (at("none.txt"), "does not exist"),
            (folder.path().to_owned(), "is a folder"),
            (at("empty.txt"), "is empty"),
            (at("bom.txt"), "is empty"),
            (at("binary.txt"), "not plain text"),
            (at("paper.txt"), "a PDF document"),
            (at("huge.txt"), "1.0 GiB long"),
        ];
        for (path, expected) in cases {
            let message = read(&path, None).expect_err("a failure").to_string();
            assert!(message.contains(expected) && message.contains(&*path.to_string_lossy()), "{message}");
            assert!(message.contains("; "), "no way out in: {message}");
        }
        let message =
            from_bytes(Path::new("a.txt"), b"x".to_vec(), Some("klingon")).expect_err("a failure").to_string();
        assert!(message.contains("\"klingon\""), "{message}");
    }

    #[test]
    fn hashes_tell_file_from_text() {
        let plain = from_bytes(Path::new("a.txt"), b"abc".to_vec(), None).expect("read");
        let marked = from_bytes(Path::new("a.txt"), b"\xEF\xBB\xBFabc".to_vec(), None).expect("read");
        assert_eq!(plain.sha256, plain.text_sha256);
        assert_eq!(marked.text_sha256, plain.text_sha256);
        assert_ne!(marked.sha256, plain.sha256);
        assert_eq!((&*marked.text, marked.chars, marked.encoding), ("abc", 3, "UTF-8"));
    }

    #[test]
    fn malformed_bytes_are_told_apart_from_a_real_replacement_character() {
        let bytes = [b"real \xEF\xBF\xBD\nbad \xFF, ".as_slice(), "né é ü ö.".as_bytes()].concat();
        let article = from_bytes(Path::new("a.txt"), bytes, None).expect("read");
        assert_eq!(article.encoding, "UTF-8");
        assert_eq!(article.invalid, [13]);
        assert!(article.warnings[0].0.contains("line 2"), "{:?}", article.warnings);
    }
}
