//! Names as IRIs: a collection's is made of its article and annotator, an annotation's of that and its id.
//!
//! Ids that are IRIs already stay as they are.

use std::fmt::Write as _;

use crate::article::sha256_hex;

/// A UUID (RFC 9562, version 8) of what it names, the same each time.
pub(super) fn uuid(parts: &[&str]) -> String {
    let mut hex: Vec<char> = sha256_hex(parts.join("\0").as_bytes()).chars().take(32).collect();
    // Version and variant have places of their own.
    if hex.len() == 32 {
        hex[12] = '8';
        hex[16] = ['8', '9', 'a', 'b'][hex[16].to_digit(16).unwrap_or_default() as usize % 4];
    }
    let hex: String = hex.into_iter().collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// The IRI of an annotation or relation.
pub(super) fn iri(collection: &str, id: &str) -> String {
    let known = ["http://", "https://", "urn:"].iter().any(|scheme| id.starts_with(scheme));
    let plain = |c: char| {
        !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    };
    if known && id.chars().all(plain) && !id.starts_with(collection) {
        return id.to_owned();
    }
    format!("{collection}#{}", encoded(id))
}

/// The id that an IRI stands for.
pub(super) fn id(collection: &str, iri: &str) -> String {
    let own = iri.strip_prefix(collection).filter(|_| !collection.is_empty()).and_then(|rest| rest.strip_prefix('#'));
    own.map_or_else(|| iri.to_owned(), decoded)
}

/// A text as a part of an IRI.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes it");
        }
    }
    out
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        if let (b'%', Some((high, low))) = (byte, digit(at + 1).zip(digit(at + 2))) {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_iris_and_come_back() {
        let base = uuid(&["a.txt", "ada"]);
        assert_eq!((base.len(), base == uuid(&["a.txt", "ben"])), (45, false));
        for own in
            ["q1", "a b", "100%", "é#", "http://x y", "urn:uuid:1", "http://example.org/anno1", &format!("{base}#x")]
        {
            let iri = iri(&base, own);
            assert!(iri.is_ascii() && !iri.contains(' '));
            assert_eq!(id(&base, &iri), own);
        }
        assert_eq!(iri(&base, "http://example.org/anno1"), "http://example.org/anno1");
    }
}
