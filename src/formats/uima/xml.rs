//! XML as CAS files have it: any encoding that is declared, 1.0 or 1.1, the five entities of XML and no other.
//!
//! Nothing is expanded, and nothing nests deeper than what a caller counts.

use std::borrow::Cow;

use encoding_rs::Encoding;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use smol_str::SmolStr;

/// What a file could not be read for.
pub(in crate::formats) struct Refused {
    /// From 1.
    pub line: usize,
    /// Why, in words.
    pub reason: String,
}

/// That a file could not be read.
pub(in crate::formats) fn refused(line: usize, reason: impl Into<String>) -> Refused {
    Refused { line, reason: reason.into() }
}

/// So many bytes are looked at for the declaration of an encoding.
const DECLARATION: usize = 200;

/// A file's text, in the encoding that its mark or its declaration says.
pub(in crate::formats) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refused> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]);
    let declared = head.split("?>").next().and_then(|head| head.split("encoding=").nth(1)).and_then(|rest| {
        let quote = rest.chars().next()?;
        rest[quote.len_utf8()..].split(quote).next()
    });
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = encoding.or_else(|| Encoding::for_label(declared?.as_bytes())).unwrap_or(encoding_rs::UTF_8);
    let (text, _, broken) = encoding.decode(bytes);
    if broken {
        return Err(refused(1, format!("it is not {}", encoding.name())));
    }
    Ok(text)
}

/// What is met in a file.
pub(in crate::formats) enum Node {
    /// An element begins: its name and its attributes.
    Begin(SmolStr, Vec<(SmolStr, SmolStr)>),
    /// An element ends.
    End,
    /// Text of an element.
    Text(String),
    /// The file ends.
    Done,
}

/// A file that is gone through.
pub(in crate::formats) struct Nodes<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    /// Where lines were counted last, and how many there were.
    counted: (usize, usize),
    /// The end of an element that is empty is still to come.
    empty: bool,
}

impl<'t> Nodes<'t> {
    pub fn new(text: &'t str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        Self { text, reader, counted: (0, 1), empty: false }
    }

    /// The line of what was met last.
    pub fn line(&mut self) -> usize {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        let (before, lines) = self.counted;
        let more = self.text.as_bytes()[before.min(at)..at].split(|byte| *byte == b'\n').count() - 1;
        self.counted = (at, lines + more);
        lines + more
    }

    /// What comes next.
    pub fn next(&mut self) -> Result<Node, Refused> {
        if std::mem::take(&mut self.empty) {
            return Ok(Node::End);
        }
        loop {
            let node = match self.reader.read_event() {
                Ok(Event::Start(start)) => begin(&start),
                Ok(Event::Empty(start)) => {
                    self.empty = true;
                    begin(&start)
                }
                Ok(Event::End(_)) => Some(Node::End),
                Ok(Event::Text(text)) => Some(Node::Text(lines(&text))),
                Ok(Event::CData(text)) => Some(Node::Text(lines(&text))),
                Ok(Event::GeneralRef(name)) => {
                    unescaped(&format!("&{};", &*name)).map(|text| Node::Text(text.into_owned()))
                }
                Ok(Event::Eof) => Some(Node::Done),
                Ok(_) => continue,
                Err(error) => return Err(refused(self.line(), format!("this is not XML ({error})"))),
            };
            return node.ok_or_else(|| refused(self.line(), "an attribute or an entity is none that XML has"));
        }
    }
}

fn begin(start: &BytesStart<'_>) -> Option<Node> {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let value = spaces(&attribute.value);
        attributes.push((attribute.key.as_ref().into(), unescaped(&value)?.as_ref().into()));
    }
    Some(Node::Begin(start.name().as_ref().into(), attributes))
}

/// Text as parsers give it: a line end is a line feed.
fn lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// An attribute as parsers give it: a line end or tab that is no reference is a space.
fn spaces(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r', '\t']) {
        text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ").into()
    } else {
        text.into()
    }
}

/// A text with its references resolved; none where there is one that XML does not have.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('&') {
        return Some(text.into());
    }
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)?
            }
        });
        out.push_str(rest);
    }
    Some(out.into())
}

/// Adds a text; in an attribute line ends and tabs are references, or they would be spaces.
pub(in crate::formats) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            c => out.push(c),
        }
    }
}
