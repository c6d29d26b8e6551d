//! Articles as bytes: the text is what the bytes say, malformed sequences are marked where they stand, and the encoding
//! that is recorded reads the same text again.
//!
//! The first byte chooses the encoding that a sidecar has recorded, if any.

use std::path::Path;

use pressmark::article::{ArticleError, from_bytes, sha256_hex};

use super::markdown::blocks_hold;
use super::told::is_clear;

const RECORDED: &[Option<&str>] = &[
    None,
    Some("UTF-8"),
    Some("utf-16le"),
    Some("utf-16be"),
    Some("gb18030"),
    Some("big5"),
    Some("shift_jis"),
    Some("euc-jp"),
    Some("iso-2022-jp"),
    Some("euc-kr"),
    Some("windows-1256"),
    Some("x-user-defined"),
    Some("replacement"),
    Some("nonsense"),
];

/// Any bytes as a plain article.
pub fn check(data: &[u8]) {
    let [choice, bytes @ ..] = data else { return };
    let recorded = RECORDED[usize::from(*choice) % RECORDED.len()];
    let path = Path::new("talks.txt");
    let article = match from_bytes(path, bytes.to_vec(), recorded) {
        Ok(article) => article,
        Err(error) => return is_clear(&format!("{error}."), "talks.txt"),
    };
    assert_eq!(article.sha256, sha256_hex(bytes));
    assert_eq!(article.text_sha256, sha256_hex(article.text.as_bytes()));
    assert_eq!(article.chars, article.text.chars().count() as u64);
    for place in &article.invalid {
        assert!(article.text[*place as usize..].starts_with('\u{fffd}'), "a malformed sequence is one U+FFFD");
    }
    // With a zero byte it is taken for UTF-16, or for no text.
    if recorded.is_none_or(|name| name == "UTF-8")
        && !bytes.contains(&0)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        assert_eq!(*article.text, *text.strip_prefix('\u{feff}').unwrap_or(text), "UTF-8 is never changed");
    }
    for warning in &article.warnings {
        is_clear(&format!("talks.txt: {}.", warning.0), "talks.txt");
    }
    blocks_hold(&article);
    match from_bytes(path, bytes.to_vec(), Some(article.encoding)) {
        Ok(again) => assert_eq!(again.text, article.text, "what is recorded reads the same text again"),
        Err(ArticleError::Binary { .. }) if article.encoding.starts_with("UTF-16") => {}
        Err(error) => panic!("{error}"),
    }
}
