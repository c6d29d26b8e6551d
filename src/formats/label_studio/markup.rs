//! Tags and text of XML and HTML, one after the other, for configurations and for articles in HTML.
//!
//! Nothing is an error: what is no tag is text. No entity is expanded but those that stand for a character.

/// A piece of markup.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A start tag; the flag says whether it is closed at once.
    Open(&'t str, Vec<(&'t str, String)>, bool),
    /// An end tag.
    Close(&'t str),
    /// Text, with its entities.
    Text(&'t str),
    /// What is neither: comments, declarations.
    Other(&'t str),
}

/// The pieces of a document.
pub(super) struct Markup<'t> {
    rest: &'t str,
}

impl<'t> Markup<'t> {
    /// The pieces of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// All up to the end tag of an element that holds no tags, such as `script`.
    pub fn skip_to_close(&mut self, name: &str) {
        let lower = |at: usize| self.rest.as_bytes().get(at..at + name.len());
        let mut ends = self.rest.match_indices("</").map(|(at, _)| at);
        let found = ends.find(|at| lower(at + 2).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes())));
        self.take(found.unwrap_or(self.rest.len()));
    }
}

impl<'t> Iterator for Markup<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let upto = |rest: &str, end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
        if self.rest.starts_with("<!--") {
            return Some(Token::Other(self.take(upto(self.rest, "-->"))));
        }
        if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
            return Some(Token::Other(self.take(upto(self.rest, ">"))));
        }
        let name_at = |rest: &str, at: usize| rest[at..].starts_with(|c: char| c.is_ascii_alphabetic());
        if self.rest.starts_with("</") && name_at(self.rest, 2) {
            let tag = self.take(upto(self.rest, ">"));
            return Some(Token::Close(tag[2..].trim_end_matches('>').trim()));
        }
        if self.rest.starts_with('<') && name_at(self.rest, 1) {
            let tag = self.take(tag_length(self.rest));
            let inner = tag[1..].strip_suffix('>').unwrap_or(&tag[1..]);
            let (inner, closed) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
            let end = inner.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inner.len());
            return Some(Token::Open(&inner[..end], attributes(&inner[end..]), closed));
        }
        // A `<` that begins no tag is text.
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let length = self.rest[first..].find('<').map_or(self.rest.len(), |at| at + first);
        Some(Token::Text(self.take(length)))
    }
}

/// The length of a start tag, with `>` in quotes not counted.
fn tag_length(rest: &str) -> usize {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    rest.len()
}

fn attributes(mut rest: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        if end == 0 && !rest.starts_with('=') {
            return found;
        }
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        rest = after.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value;
        if let Some(quote) = quote {
            let inner = &rest[1..];
            let end = inner.find(quote).unwrap_or(inner.len());
            value = &inner[..end];
            rest = inner.get(end + 1..).unwrap_or_default();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            (value, rest) = rest.split_at(end);
        }
        found.push((name, decoded(value)));
    }
}

/// The most common names of characters; the others stay as they are.
const NAMES: [(&str, char); 22] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("eacute", 'é'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
];

/// Text with its entities as characters.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[1..].find(';').filter(|&end| end < 12).map(|end| &rest[1..=end]);
        if let Some((name, c)) = entity.and_then(|name| Some((name, character(name)?))) {
            out.push(c);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|&c| c != '\0');
    }
    NAMES.iter().find(|(known, _)| *known == name).map(|&(_, c)| c)
}

/// A value as it stands between double quotes in XML. What XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_values_and_text_are_told_apart() {
        let all: Vec<Token<'_>> = Markup::new("<!-- <a> --><A b='1 > 0' c=d e>x &lt; y < 3</A ><br/>").collect();
        let own =
            |pairs: &[(&'static str, &str)]| pairs.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        assert_eq!(
            all,
            [
                Token::Other("<!-- <a> -->"),
                Token::Open("A", own(&[("b", "1 > 0"), ("c", "d"), ("e", "")]), false),
                Token::Text("x &lt; y "),
                Token::Text("< 3"),
                Token::Close("A"),
                Token::Open("br", vec![], true),
            ]
        );
        assert_eq!(decoded("a&amp;lt;&#x1F600;&#33;&nope; & &#0;"), "a&lt;😀!&nope; & &#0;");
        assert_eq!(decoded(&escaped("\"<a>\n&amp;'")), "\"<a>\n&amp;'");
    }
}
