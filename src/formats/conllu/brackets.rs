//! CorefUD's brackets: `(e1-person-1` opens, `e1)` closes, `(e1[2/3]-person-1` is the second of three pieces.
//!
//! What fields hold is escaped where it would part them.

/// A bracket of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    /// Opens; the fields are those that the file names, the first without the number of its piece.
    Open { fields: Vec<String>, piece: Option<usize>, closes: bool },
    /// Closes what was opened last under this id.
    Close { eid: String, piece: Option<usize> },
}

/// Reads what a token says of entities.
pub(super) fn read(value: &str) -> Result<Vec<Bracket>, String> {
    let mut found = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        if let Some(opened) = rest.strip_prefix('(') {
            let end = opened.find(['(', ')']).unwrap_or(opened.len());
            let content = &opened[..end];
            rest = &opened[end..];
            let closes = rest.starts_with(')');
            rest = rest.strip_prefix(')').unwrap_or(rest);
            let mut fields: Vec<String> = content.split('-').map(str::to_owned).collect();
            let (eid, piece) = piece(&fields[0]);
            if eid.is_empty() {
                return Err(format!("{value:?} opens an entity without an id"));
            }
            fields[0] = eid;
            found.push(Bracket::Open { fields, piece, closes });
        } else {
            let (eid, after) = rest.split_once(')').ok_or_else(|| format!("{value:?} does not close what it names"))?;
            if eid.contains('(') {
                return Err(format!("{value:?} has a bracket too many"));
            }
            let (eid, piece) = piece(eid);
            found.push(Bracket::Close { eid, piece });
            rest = after;
        }
    }
    Ok(found)
}

/// An id without the number of its piece.
fn piece(eid: &str) -> (String, Option<usize>) {
    let split = eid.strip_suffix(']').and_then(|eid| eid.split_once('['));
    let parts = split.and_then(|(eid, piece)| Some((eid, piece.split_once('/')?.0.parse().ok()?)));
    parts.map_or_else(|| (eid.to_owned(), None), |(eid, piece)| (eid.to_owned(), Some(piece)))
}

/// Text that parts no fields and no values of MISC.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let plain = c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '+' | '\'');
        if plain {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        }
    }
    out
}

/// What [`escaped`] was made of.
pub(super) fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let code = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        if let Some(byte) = code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_open_close_nest_and_are_in_pieces() {
        let open = |fields: &[&str], piece, closes| Bracket::Open {
            fields: fields.iter().map(ToString::to_string).collect(),
            piece,
            closes,
        };
        let close = |eid: &str, piece| Bracket::Close { eid: eid.to_owned(), piece };
        assert_eq!(
            read("(2-event-1(3-place-1)"),
            Ok(vec![open(&["2", "event", "1"], None, false), open(&["3", "place", "1"], None, true)])
        );
        assert_eq!(read("2)(4-x-1)"), Ok(vec![close("2", None), open(&["4", "x", "1"], None, true)]));
        assert_eq!(read("(e5[1/2]-x-1)"), Ok(vec![open(&["e5", "x", "1"], Some(1), true)]));
        assert_eq!(read("e5[2/2])"), Ok(vec![close("e5", Some(2))]));
        assert!(read("e5").is_err() && read("()").is_err());
    }

    #[test]
    fn what_is_escaped_comes_back() {
        for text in ["a-b(c)[1/2]|=,%", "Прса 北京 😀", "%zz"] {
            assert_eq!(unescaped(&escaped(text)), text);
            assert!(!escaped(text).contains(['-', '(', ')', '[', '|', ' ', '=']));
        }
    }
}
