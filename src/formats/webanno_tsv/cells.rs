//! Cells: values with a backslash before what means something, numbers of annotations in brackets.
//!
//! What is escaped here is what it was when it is read here, and when WebAnno reads it.

/// A value as a cell has it.
pub(super) fn value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => out.extend(['\\', c]),
            '-' if chars.peek() == Some(&'>') => out.push_str("\\-"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out
}

/// What [`value`] was made of.
pub(super) fn unescaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek().copied()) {
            ('\\', Some(next)) if "\\[]|_;*-tnr".contains(next) => {
                chars.next();
                out.push(match next {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    next => next,
                });
            }
            (c, _) => out.push(c),
        }
    }
    out
}

/// A line of text as a header of a sentence has it.
pub(super) fn text(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{7}' | '\u{e}'..='\u{1f}' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// What [`text`] was made of. Up to version 3.1 texts are escaped as in Java.
pub(super) fn untext(line: &str, java: bool) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let rest = chars.as_str();
        match chars.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('\\') | None => out.push('\\'),
            Some('u') if java && java_units(rest).is_some() => {
                let (text, used) = java_units(rest).unwrap_or_default();
                out.push_str(&text);
                chars = rest[used..].chars();
            }
            Some(c @ ('\0'..='\u{1f}' | '"' | '\'')) if java || c < ' ' => out.push(c),
            Some(c) => out.extend(['\\', c]),
        }
    }
    out
}

/// The character of `uXXXX`, or of two of them with a backslash between, and how many bytes it takes.
fn java_units(rest: &str) -> Option<(String, usize)> {
    let unit = |at: usize| u16::from_str_radix(rest.get(at..at + 4)?, 16).ok();
    let first = unit(1)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((c.to_string(), 5));
    }
    let second = rest.get(5..7).filter(|gap| *gap == "\\u").and_then(|_| unit(7))?;
    Some((String::from_utf16(&[first, second]).ok()?, 11))
}

/// A cell at what parts its values.
pub(super) fn split(cell: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in cell.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == separator {
            parts.push(&cell[start..at]);
            start = at + c.len_utf8();
        }
    }
    parts.push(&cell[start..]);
    parts
}

/// A value and what stands in brackets after it.
pub(super) fn bracket(cell: &str) -> (&str, Option<&str>) {
    let inside = || {
        let before = cell.strip_suffix(']')?;
        let at = before.rfind('[')?;
        let slashes = before[..at].len() - before[..at].trim_end_matches('\\').len();
        let said = &before[at + 1..];
        let is_number = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        (slashes % 2 == 0 && is_number).then_some((&before[..at], said))
    };
    inside().map_or((cell, None), |(value, said)| (value, Some(said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back() {
        for said in ["", "a_b|c;d[e]*", "->-", "\\", "\\n", "a\\|b\n\t\r", "_", "*", "日本\u{2028}"] {
            assert_eq!(unescaped(&value(said)), said);
            assert_eq!(split(&value(said), '|'), [value(said).as_str()], "{said}");
            assert_eq!(untext(&text(said), false), said);
        }
        assert_eq!(value("a->b"), "a\\->b", "as WebAnno has it");
        assert_eq!(untext("\\uD83D\\uDE00 \\u00e9 \\\\u", true), "😀 é \\u");
        assert_eq!(untext("\\u00e9 \u{1}\\\u{2}", false), "\\u00e9 \u{1}\u{2}");
    }

    #[test]
    fn numbers_stand_in_brackets() {
        assert_eq!(bracket("a[12]"), ("a", Some("12")));
        assert_eq!(bracket("1-1[0_1]"), ("1-1", Some("0_1")));
        assert_eq!(bracket("a\\[0\\]"), ("a\\[0\\]", None));
        assert_eq!(bracket("n____[11]"), ("n____", Some("11")));
        assert_eq!(bracket("a[b]"), ("a[b]", None));
    }
}
