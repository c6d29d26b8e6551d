//! Names of sidecars and annotators: `talks.txt` marked by `ann1` has its layer in `talks.txt.ann1.ron`.

use std::path::{Path, PathBuf};

/// The longest id of an annotator.
const LONGEST: usize = 64;
/// The annotator of a name in which nothing fits.
const NOBODY: &str = "annotator";

/// Where an annotator's layer of an article lies.
///
/// ```
/// use std::path::Path;
/// let path = pressmark::store::sidecar::sidecar_path(Path::new("news/talks.txt"), "ann1");
/// assert_eq!(path, Path::new("news/talks.txt.ann1.ron"));
/// ```
pub fn sidecar_path(article: &Path, annotator: &str) -> PathBuf {
    let mut name = article.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{annotator}.ron"));
    article.with_file_name(name)
}

/// Whose layer of the article a file is; none when it is no sidecar of it.
pub fn annotator_of(article: &Path, sidecar: &Path) -> Option<String> {
    let name = sidecar.file_name()?.as_encoded_bytes();
    let rest = name.strip_prefix(article.file_name()?.as_encoded_bytes())?;
    let id = std::str::from_utf8(rest.strip_prefix(b".")?.strip_suffix(b".ron")?).ok()?;
    is_annotator(id).then(|| id.to_owned())
}

/// Whether a text is an annotator's id: `[a-z0-9][a-z0-9_-]{0,63}`.
pub fn is_annotator(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=LONGEST).contains(&id.len())
        && id.bytes().all(|byte| fits(byte) || matches!(byte, b'_' | b'-'))
        && id.bytes().next().is_some_and(fits)
}

/// A name made to fit an annotator's id: lower case, what does not fit as `-`; `annotator` when nothing is left.
///
/// ```
/// assert_eq!(pressmark::store::sidecar::fit_annotator("Ada Lovelace"), "ada-lovelace");
/// ```
pub fn fit_annotator(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => id.push(c),
            '_' | '-' if !id.is_empty() => id.push(c),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id.truncate(LONGEST);
    let id = id.trim_end_matches('-');
    if id.is_empty() { NOBODY.to_owned() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_made_to_fit() {
        for (name, id) in [
            ("ann1", "ann1"),
            ("Ada Lovelace", "ada-lovelace"),
            ("--x--", "x"),
            ("_y", "y"),
            ("DOMAIN\\user.name", "domain-user-name"),
            ("陈海", "annotator"),
            ("José", "jos"),
            ("", "annotator"),
        ] {
            assert_eq!(fit_annotator(name), id, "{name}");
        }
        assert_eq!(fit_annotator(&"a".repeat(100)).len(), LONGEST);
    }

    #[test]
    fn only_sidecars_of_the_article_have_an_annotator() {
        let article = Path::new("dir/talks.txt");
        for (name, annotator) in [
            ("talks.txt.ann1.ron", Some("ann1")),
            ("talks.txt.gold.ron", Some("gold")),
            ("talks.txt.ron", None),
            ("talks.txt.Ann.ron", None),
            ("talks.txt.a.b.ron", None),
            ("talks.txt..ron", None),
            ("other.txt.ann1.ron", None),
            ("talks.txt.ann1.ron~", None),
        ] {
            assert_eq!(annotator_of(article, &Path::new("dir").join(name)).as_deref(), annotator, "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_fitted_name_is_an_id_and_is_found_in_its_path(name in ".{0,80}") {
            let id = fit_annotator(&name);
            prop_assert!(is_annotator(&id));
            let article = Path::new("a.txt");
            prop_assert_eq!(annotator_of(article, &sidecar_path(article, &id)), Some(id));
        }
    }
}
