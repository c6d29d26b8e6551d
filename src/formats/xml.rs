//! XML for the formats that are written in it: a reader that hands over parts one by one, and what a writer must escape.
//!
//! No entity is expanded but XML's own five and numbers, so that a small file stays small; elements lie no deeper than
//! [`DEEPEST`]. What is not well-formed is a fault with its line, and all before it was handed over.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// No element lies deeper.
const DEEPEST: usize = 128;

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub name: String,
    /// Attributes by names without prefixes, as they stand there.
    pub attributes: Vec<(String, String)>,
    /// Elements and texts in it, in order.
    pub inside: Vec<Node>,
    /// The line that it begins on, from 1.
    pub line: usize,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Characters; what stands on both sides of a comment is two.
    Text(String),
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.inside.iter().filter_map(|node| if let Node::Element(element) = node { Some(element) } else { None })
    }

    /// All characters in it, at any depth.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.add_text(&mut out);
        out
    }

    fn add_text(&self, out: &mut String) {
        for node in &self.inside {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.add_text(out),
            }
        }
    }
}

/// Why XML could not be read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// An element begins; nothing is in it yet.
    Open(Element),
    /// The element that began last ends.
    Close,
    /// Characters.
    Text(String),
    /// The file ends, with all elements closed.
    End,
}

/// A file that is being read.
pub(super) struct Xml<'t> {
    text: &'t str,
    reader: quick_xml::Reader<&'t [u8]>,
    depth: usize,
    /// The byte up to which lines are counted, and how many ended before it.
    counted: (usize, usize),
}

impl<'t> Xml<'t> {
    /// Begins to read.
    pub fn new(text: &'t str) -> Self {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { text, reader, depth: 0, counted: (0, 0) }
    }

    /// The line of the part that was read last, from 1.
    fn line(&mut self) -> usize {
        let to = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        let (from, lines) = self.counted;
        if to > from {
            let more = self.text.get(from..to).map_or(0, |read| read.matches('\n').count());
            self.counted = (to, lines + more);
        }
        self.counted.1 + 1
    }

    fn fault(&mut self, message: impl Into<String>) -> Fault {
        Fault { line: self.line(), message: message.into() }
    }

    /// The next part.
    pub fn part(&mut self) -> Result<Part, Fault> {
        loop {
            let event = self.reader.read_event().map_err(|error| self.fault(format!("this is no XML ({error})")))?;
            return Ok(match event {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(self.fault(format!("elements lie deeper than {DEEPEST} in each other")));
                    }
                    Part::Open(self.open(&start)?)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Part::Close
                }
                Event::Text(text) => Part::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Part::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(name) => {
                    let number = name.resolve_char_ref();
                    let number = number.map_err(|error| self.fault(format!("this is no XML ({error})")))?;
                    let own = quick_xml::escape::resolve_xml_entity(&name);
                    match number.map(String::from).or(own.map(str::to_owned)) {
                        Some(text) => Part::Text(text),
                        None => return Err(self.fault(format!("&{};: this entity is none of XML's own", &*name))),
                    }
                }
                Event::Eof if self.depth > 0 => return Err(self.fault("the file ends before its elements do")),
                Event::Eof => Part::End,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            });
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<Element, Fault> {
        let mut element =
            Element { name: start.local_name().as_ref().to_owned(), line: self.line(), ..Element::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.fault(format!("this is no XML ({error})")))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.fault(format!("this is no XML ({error})")))?;
            let name = attribute.key.local_name();
            element.attributes.push((name.as_ref().to_owned(), value.into_owned()));
        }
        Ok(element)
    }

    /// An element that began, with all that is in it.
    pub fn whole(&mut self, open: Element) -> Result<Element, Fault> {
        let mut stack = vec![open];
        loop {
            match self.part()? {
                Part::Open(element) => stack.push(element),
                Part::Text(text) => {
                    if let Some(Element { inside, .. }) = stack.last_mut() {
                        match inside.last_mut() {
                            Some(Node::Text(before)) => before.push_str(&text),
                            _ => inside.push(Node::Text(text)),
                        }
                    }
                }
                Part::Close | Part::End => {
                    let Some(element) = stack.pop() else { return Err(self.fault("an element ends twice")) };
                    match stack.last_mut() {
                        Some(above) => above.inside.push(Node::Element(element)),
                        None => return Ok(element),
                    }
                }
            }
        }
    }
}

/// The text of a file: by its byte order mark, by what its first line says, else as UTF-8; none where it is not so.
pub(super) fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let head = &bytes[..bytes.len().min(200)];
    let named = String::from_utf8_lossy(head);
    let named = named.split_once("encoding=").filter(|_| head.starts_with(b"<?xml"));
    let named = named.and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
    let encoding = if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        encoding
    } else {
        // What could be read byte by byte until here is not UTF-16, whatever it says.
        let named = named.and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()));
        named.filter(|named| named.is_ascii_compatible()).unwrap_or(encoding_rs::UTF_8)
    };
    let (text, broken) = encoding.decode_with_bom_removal(bytes);
    (!broken).then_some(text)
}

/// Whether XML can hold a character at all, be it by its number.
pub(super) fn fits(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A text for an element or an attribute. What XML cannot hold is U+FFFD, so that offsets stay.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text, false);
    out
}

/// The same for an attribute, whose line ends would be spaces.
pub(super) fn escaped_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text, true);
    out
}

fn escape_into(out: &mut String, text: &str, value: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if value => out.push_str("&quot;"),
            '\n' if value => out.push_str("&#10;"),
            '\t' if value => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            c if !fits(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Result<Element, Fault> {
        let mut xml = Xml::new(text);
        loop {
            match xml.part()? {
                Part::Open(open) => {
                    let whole = xml.whole(open)?;
                    return xml.part().map(|_| whole);
                }
                Part::End => return Err(Fault { line: 0, message: "empty".to_owned() }),
                _ => {}
            }
        }
    }

    #[test]
    fn an_element_comes_with_its_texts_as_an_xml_reader_sees_them() {
        let text = "<?xml version='1.0'?>\n<!DOCTYPE a>\n<x:a b='1&#10;2 &lt;'>p<!-- c -->q&amp;\r\n<c/>&#13;<![CDATA[<d>]]></x:a>";
        let element = first(text).expect("it is sound");
        assert_eq!((element.name.as_str(), element.line), ("a", 3));
        assert_eq!(element.attribute("b"), Some("1\n2 <"));
        assert_eq!(element.text(), "pq&\n\r<d>");
        assert_eq!(element.elements().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn what_is_not_sound_is_a_fault_with_its_line() {
        let bomb = "<!DOCTYPE a [<!ENTITY x \"yyyy\"><!ENTITY z \"&x;&x;\">]>\n<a>&z;</a>";
        assert_eq!(first(bomb).expect_err("no entity is expanded").line, 2);
        assert!(first("<a b='&z;'/>").is_err());
        assert!(first("<a>\n<b></a>").is_err());
        assert!(first("<a>\n<b>").is_err_and(|fault| fault.message.contains("ends before")));
        assert!(first(&"<a>".repeat(200)).is_err_and(|fault| fault.message.contains("deeper")));
    }

    #[test]
    fn what_is_escaped_is_read_as_it_was() {
        let text = "a<b>&\"c\" \r\n\t 😀\u{85}";
        let xml = format!("<a b=\"{}\">{}</a>", escaped_value(text), escaped(text));
        let element = first(&xml).expect("it is sound");
        assert_eq!((element.attribute("b"), element.text().as_str()), (Some(text), text));
        assert_eq!(escaped("\u{1}x\u{FFFF}"), "\u{FFFD}x\u{FFFD}");
    }

    #[test]
    fn a_file_is_decoded_as_it_says() {
        assert_eq!(
            decoded(b"<?xml version='1.0' encoding='windows-1252'?><a>\xe9</a>").as_deref().map(|t| t.contains('é')),
            Some(true)
        );
        assert_eq!(decoded("\u{FEFF}<a/>".as_bytes()).as_deref(), Some("<a/>"));
        assert_eq!(decoded(b"<a>\xe9</a>"), None);
    }
}
