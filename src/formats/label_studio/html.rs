//! An article in HTML as Label Studio counts it: the text of all text nodes, with a line feed for each `<br>`.
//!
//! Blocks are parted by line feeds here, so that it can be read; offsets that do not count those are put right.
//! Old exports name a text node by its path (`/div[1]/p[2]/text()[1]`). Elements are nested as a browser would where that is
//! simple; a path that leads elsewhere is found out by the words that stand there.

use std::collections::{HashMap, HashSet};

use super::markup::{Markup, Token, decoded};

/// Elements that have no end.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements that end a paragraph.
const BLOCKS: [&str; 20] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "div",
    "dl",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];
/// Deeper elements count as part of the one that they are in.
const DEEPEST: usize = 256;

/// An article's text, with the places of text nodes that were asked for.
pub(super) struct Page {
    /// The text.
    pub text: String,
    /// First bytes of text nodes, by path.
    nodes: HashMap<String, usize>,
    /// Code points without those that were added.
    count: u64,
    /// How many of them stood before each one that was added.
    added: Vec<u64>,
}

struct Element {
    name: String,
    children: HashMap<String, usize>,
    path: String,
}

impl Page {
    /// Reads HTML; text nodes with these paths can be asked for.
    pub fn new(html: &str, wanted: &HashSet<String>) -> Self {
        let mut page = Self { text: String::new(), nodes: HashMap::new(), count: 0, added: Vec::new() };
        let root = Element { name: String::new(), children: HashMap::new(), path: String::new() };
        let mut stack = vec![root];
        let mut markup = Markup::new(html);
        let mut in_text = false;
        while let Some(token) = markup.next() {
            let is_text = matches!(token, Token::Text(_));
            match token {
                Token::Text(text) => {
                    if !in_text {
                        let path = child(&mut stack, "text()");
                        if wanted.contains(&path) {
                            page.nodes.insert(path, page.text.len());
                        }
                    }
                    page.say(&decoded(text).replace("\r\n", "\n").replace('\r', "\n"));
                }
                Token::Open(name, _, _) => {
                    let name = name.to_ascii_lowercase();
                    page.open(&mut stack, &name);
                    if matches!(name.as_str(), "script" | "style") {
                        markup.skip_to_close(&name);
                    }
                }
                Token::Close(name) => {
                    page.part(&name.to_ascii_lowercase());
                    let found = stack.iter().rposition(|element| element.name.eq_ignore_ascii_case(name));
                    stack.truncate(found.filter(|&at| at > 0).unwrap_or(stack.len()));
                }
                Token::Other(_) => {}
            }
            in_text = is_text;
        }
        while page.added.last() == Some(&page.count) {
            page.added.pop();
            page.text.pop();
        }
        page
    }

    fn say(&mut self, text: &str) {
        self.text.push_str(text);
        self.count += text.chars().count() as u64;
    }

    /// Parts what comes from what was before, at the start or end of a block.
    fn part(&mut self, name: &str) {
        let by = match name {
            "li" | "tr" | "dt" | "dd" => "\n",
            "td" | "th" if !self.text.ends_with(char::is_whitespace) => " ",
            _ if BLOCKS.contains(&name) => "\n\n",
            _ => return,
        };
        let there = self.text.len() - self.text.trim_end_matches('\n').len();
        if self.text.is_empty() {
            return;
        }
        for c in by.chars().skip(there) {
            self.text.push(c);
            self.added.push(self.count);
        }
    }

    /// The code points of the text between two offsets that do not count what was added.
    pub fn stretch(&self, start: u64, end: u64) -> (u64, u64) {
        let added = |before: usize| before as u64;
        let first = added(self.added.partition_point(|&at| at <= start));
        (start.saturating_add(first), end.saturating_add(added(self.added.partition_point(|&at| at < end))))
    }

    fn open(&mut self, stack: &mut Vec<Element>, name: &str) {
        self.part(name);
        if matches!(name, "html" | "body" | "head") {
            return;
        }
        let closes = |open: &str| match name {
            "li" => open == "li",
            "dt" | "dd" => matches!(open, "dt" | "dd"),
            "td" | "th" => matches!(open, "td" | "th"),
            "tr" => matches!(open, "td" | "th" | "tr"),
            "tbody" | "tfoot" => matches!(open, "td" | "th" | "tr" | "thead" | "tbody"),
            _ => open == "p" && BLOCKS.contains(&name),
        };
        while stack.last().is_some_and(|element| closes(&element.name)) {
            stack.pop();
        }
        // A browser puts rows into a body that is not there.
        if name == "tr" && stack.last().is_some_and(|element| element.name == "table") {
            self.open(stack, "tbody");
        }
        let path = child(stack, name);
        if name == "br" {
            self.say("\n");
        }
        if !VOID.contains(&name) && stack.len() < DEEPEST {
            stack.push(Element { name: name.to_owned(), children: HashMap::new(), path });
        }
    }

    /// The code point of the text at an offset in a text node, which counts UTF-16 as a browser does.
    pub fn char(&self, path: &str, offset: u64) -> Option<u64> {
        let start = *self.nodes.get(path)?;
        let mut left = offset;
        let mut chars = self.text[..start].chars().count() as u64;
        for c in self.text[start..].chars() {
            if left == 0 {
                break;
            }
            left = left.checked_sub(c.len_utf16() as u64)?;
            chars += 1;
        }
        (left == 0).then_some(chars)
    }
}

/// The path of a new child of the element that is open.
fn child(stack: &mut [Element], name: &str) -> String {
    let parent = stack.last_mut().expect("the root is never taken off");
    let count = parent.children.entry(name.to_owned()).or_default();
    *count += 1;
    format!("{}/{name}[{count}]", parent.path)
}

/// A path with a number at each step.
pub(super) fn full_path(path: &str) -> String {
    let steps = path.trim().split('/').filter(|step| !step.is_empty());
    steps
        .map(|step| {
            if step.ends_with(']') {
                format!("/{}", step.to_ascii_lowercase())
            } else {
                format!("/{}[1]", step.to_ascii_lowercase())
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_nodes_are_found_by_path_as_in_a_browser() {
        let html = "<div>A<p>One <b>two</b> 😀 x<p>three<br>four</div><table><tr><td>c<td>d</table><script>if (a<b) {}</script>z";
        let paths =
            ["/div/p[1]/text()[2]", "/div[1]/p[2]/text()[2]", "/table[1]/tbody[1]/tr[1]/td[2]/text()[1]", "/text()"];
        let wanted: HashSet<String> = paths.iter().map(|path| full_path(path)).collect();
        let page = Page::new(html, &wanted);
        assert_eq!(page.text, "A\n\nOne two 😀 x\n\nthree\nfour\n\nc d\n\nz");
        let counted = "AOne two 😀 xthree\nfourcdz";
        for words in ["A", "One", "three", "four", "c", "d", "z", "😀 x"] {
            let at = counted.find(words).expect("it is there");
            let start = counted[..at].chars().count() as u64;
            let (start, end) = page.stretch(start, start + words.chars().count() as u64);
            let said: String = page.text.chars().skip(start as usize).take((end - start) as usize).collect();
            assert_eq!(said, words);
        }
        let at =
            |path: &str, offset| page.char(&full_path(path), offset).and_then(|at| page.text.chars().nth(at as usize));
        assert_eq!(at(paths[0], 4), Some('x'), "an emoji counts two");
        assert_eq!(at(paths[0], 2), None, "inside a character");
        assert_eq!([at(paths[1], 0), at(paths[2], 0), at(paths[3], 0)], [Some('f'), Some('d'), Some('z')]);
        assert_eq!(page.char("/nowhere[1]", 0), None);
    }
}
