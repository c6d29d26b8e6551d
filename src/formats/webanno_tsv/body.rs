//! The body of a file: its text, put together from sentences and offsets, and its rows.
//!
//! A sentence ends with a line feed, unless the next one begins at once; a wider gap is filled with spaces. That is how
//! WebAnno reads it; a file of Pressmark's own says what stands between.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::header::Header;
use super::{OURS_LINE, TEXT_LINE, cells};
use crate::formats::WarningKind;

/// No gap between sentences is wider.
const WIDEST: u64 = 100_000;

/// A token, or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// `1-2`, or `1-2.1` for a part.
    pub number: String,
    /// Which token it is, or is in.
    pub token: usize,
    /// Offsets as the file has them.
    pub place: (u64, u64),
    /// The word.
    pub word: String,
    /// The line of its row.
    pub line: usize,
    /// The cells of all columns; none where there are not as many as the header declares.
    pub cells: Vec<String>,
}

/// A file's body.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub text: String,
    pub units: Vec<Unit>,
    /// Units by their numbers, such as `1-2` and `1-2.1`.
    pub by_number: HashMap<String, usize>,
    /// What only Pressmark has.
    pub ours: Map<String, Json>,
    /// Lines of the header that declare nothing: names and what they say.
    pub said: Vec<(String, String)>,
    /// What was left out.
    pub told: Vec<(usize, WarningKind, String)>,
    /// So many units are before the next sentence.
    length: (u64, u64),
    sentences: Vec<String>,
    tokens: usize,
}

impl Body {
    /// Reads all lines after the first.
    pub fn read<'t>(header: &mut Header, lines: impl Iterator<Item = (usize, &'t str)>) -> Self {
        let mut body = Self::default();
        let (mut in_header, mut sentence, mut fresh) = (true, String::new(), false);
        for (number, line) in lines {
            let begins_body =
                line.is_empty() || line.starts_with(TEXT_LINE) || line.starts_with(OURS_LINE) || !line.starts_with('#');
            if in_header && !begins_body {
                if !header.take(line) {
                    let (name, said) = line[1..].split_once('=').unwrap_or((&line[1..], ""));
                    body.said.push((name.to_owned(), said.to_owned()));
                }
                continue;
            }
            in_header = false;
            if let Some(text) = line.strip_prefix(TEXT_LINE) {
                if fresh {
                    sentence.push('\n');
                }
                sentence.push_str(&cells::untext(text, header.java));
                fresh = true;
            } else if let Some(ours) = line.strip_prefix(OURS_LINE) {
                match serde_json::from_str(ours) {
                    Ok(Json::Object(fields)) => body.ours = fields,
                    _ => body.tell(number, WarningKind::BrokenLine, "this is no JSON object; it is left out"),
                }
            } else if line.starts_with('#') {
                // The words of a token may begin so too, but not its number.
                if !line.starts_with("#Sentence.id=") {
                    body.tell(number, WarningKind::UnknownField, "the line is not known; it is left out");
                }
            } else if !line.is_empty() {
                let begins = std::mem::take(&mut fresh).then(|| std::mem::take(&mut sentence));
                body.row(header, number, line, begins);
            }
        }
        body.joined();
        body
    }

    fn tell(&mut self, line: usize, kind: WarningKind, message: impl Into<String>) {
        self.told.push((line, kind, message.into()));
    }

    fn row(&mut self, header: &Header, number: usize, line: &str, begins: Option<String>) {
        let mut fields = line.split('\t');
        let (name, offsets) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let place = offsets.split_once('-').and_then(|(begin, end)| Some((begin.parse().ok()?, end.parse().ok()?)));
        let word = fields.next();
        let (Some(place), Some(word)) = (place, word) else {
            if let Some(sentence) = begins {
                self.sentence(number, self.length.0, &sentence);
            }
            return self.tell(number, WarningKind::BrokenLine, "this is no row of a token; it is left out");
        };
        let place: (u64, u64) = place;
        if let Some(sentence) = begins {
            self.sentence(number, place.0, &sentence);
        }
        let mut cells: Vec<String> = fields.map(str::to_owned).collect();
        let wanted = header.columns;
        // A row ends with a tab.
        if cells.len() == wanted + 1 && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.len() != wanted {
            let message = format!(
                "there are {} columns, and the header declares {wanted}; what they say is left out",
                cells.len()
            );
            self.tell(number, WarningKind::BrokenLine, message);
            cells.clear();
        }
        if !name.contains('.') {
            self.tokens += 1;
        }
        if self.by_number.insert(name.to_owned(), self.units.len()).is_some() {
            self.tell(
                number,
                WarningKind::TakenId,
                format!("the token {name} is there twice; references lead to the second"),
            );
        }
        let token = self.tokens.saturating_sub(1);
        self.units.push(Unit { number: name.to_owned(), token, place, word: word.to_owned(), line: number, cells });
    }

    /// Adds a sentence whose first token begins there.
    fn sentence(&mut self, line: usize, begin: u64, sentence: &str) {
        let is = |shift: u64| begin + shift == self.length.0 || begin + shift == self.length.1;
        if !is(0) && is(1) && self.text.ends_with('\n') {
            self.text.pop();
            self.length = (self.length.0 - 1, self.length.1 - 1);
        } else if begin > self.length.0 {
            let gap = begin - self.length.0;
            if gap <= WIDEST {
                self.add(&" ".repeat(gap as usize));
            } else {
                self.tell(
                    line,
                    WarningKind::OtherUnit,
                    "the sentence begins far behind the one before; the gap is left out",
                );
            }
        }
        self.add(sentence);
        self.add("\n");
        self.sentences.push(sentence.to_owned());
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.length.0 += text.encode_utf16().count() as u64;
        self.length.1 += text.chars().count() as u64;
    }

    /// The text with what stands between the sentences, where the file says it.
    fn joined(&mut self) {
        let said: Option<Vec<&str>> =
            self.ours.get("between").and_then(Json::as_array).and_then(|all| all.iter().map(Json::as_str).collect());
        match said {
            Some(between) if between.len() == self.sentences.len() + 1 => {
                let mut text = String::new();
                for (before, sentence) in between.iter().zip(self.sentences.iter().map(String::as_str).chain([""])) {
                    text.push_str(before);
                    text.push_str(sentence);
                }
                self.text = text;
            }
            // Nothing says that the article ends with a line feed.
            _ => drop(self.text.ends_with('\n').then(|| self.text.pop())),
        }
    }
}
