//! Sentences of CoNLL-U, and the text that their tokens make.
//!
//! Ranges of tokens that are one word, and nodes without a word, are told apart here alone.

use std::fmt::Write as _;

use smol_str::SmolStr;

/// An article's part of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Article {
    /// What `newdoc` calls it.
    pub name: Option<String>,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
}

/// A sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Lines that begin with `#`.
    pub comments: Vec<String>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row: a token, a range of tokens that are one word, or a node without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The ten columns.
    pub columns: Vec<SmolStr>,
}

/// Where a word stands: its rows, and its code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub sentence: usize,
    /// Its first row and its last: those of the tokens, where several are one word.
    pub first: usize,
    pub last: usize,
    pub start: u64,
    pub end: u64,
}

impl Row {
    /// The values of MISC, in their order.
    pub fn misc(&self) -> impl Iterator<Item = &str> {
        self.columns[9].split('|').filter(|value| *value != "_" && !value.is_empty())
    }

    /// One of them.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.misc().find_map(|value| value.strip_prefix(name)?.strip_prefix('='))
    }
}

/// Reads a file; what is no row is told with its line.
pub(super) fn articles(text: &str, mut wrong: impl FnMut(usize, String)) -> Vec<Article> {
    let mut found = vec![Article::default()];
    let mut sentence = Sentence::default();
    let lines = text.split('\n').map(|line| line.trim_end_matches('\r')).chain([""]);
    for (at, line) in lines.enumerate() {
        if line.trim().is_empty() {
            let done = std::mem::take(&mut sentence);
            if let Some(name) = done.comments.iter().find_map(|line| newdoc(line)) {
                let begun = found.last().is_some_and(|article| article.sentences.is_empty());
                let article = Article { name: Some(name).filter(|name| !name.is_empty()), sentences: Vec::new() };
                if begun {
                    found.pop().into_iter().for_each(drop);
                }
                found.push(article);
            }
            if let Some(article) = found.last_mut().filter(|_| done != Sentence::default()) {
                article.sentences.push(done);
            }
        } else if line.starts_with('#') {
            sentence.comments.push(line.to_owned());
        } else {
            let columns: Vec<SmolStr> = line.split('\t').map(SmolStr::from).collect();
            let is_number = columns[0].bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
            if columns.len() == 10 && is_number && !columns[0].is_empty() {
                sentence.rows.push(Row { line: at + 1, columns });
            } else {
                wrong(at + 1, format!("it has {} columns of CoNLL-U's ten; the line is left out", columns.len()));
            }
        }
    }
    found.retain(|article| article.sentences.iter().any(|sentence| !sentence.rows.is_empty()));
    found
}

/// The name that a comment gives to an article; empty where it begins one without a name.
fn newdoc(line: &str) -> Option<String> {
    let rest = line.strip_prefix("# newdoc")?;
    let name = rest.trim().strip_prefix("id").map(|name| name.trim_start_matches([' ', '=']).trim().to_owned());
    Some(name.unwrap_or_default())
}

/// The text of an article, and where its words stand. `ours` keeps the white space at its end.
pub(super) fn text(article: &Article, ours: bool) -> (String, Vec<Place>) {
    let (mut text, mut count, mut places) = (String::new(), 0_u64, Vec::new());
    let paragraphs =
        article.sentences.iter().any(|sentence| sentence.comments.iter().any(|it| it.starts_with("# newpar")));
    for (at, sentence) in article.sentences.iter().enumerate() {
        let begins = sentence.comments.iter().any(|comment| comment.starts_with("# newpar"));
        // The default between sentences is a space, which a paragraph makes a line end.
        if !ours && at > 0 && text.ends_with(' ') && (begins || !paragraphs) {
            text.pop();
            text.push('\n');
        } else if !ours && at > 0 && begins && !text.ends_with(char::is_whitespace) {
            text.push('\n');
            count += 1;
        }
        // The last token of the range that a row before is; no token is 0.
        let mut covered = 0;
        for (number, row) in sentence.rows.iter().enumerate() {
            let id = row.columns[0].as_str();
            if id.contains('.') {
                continue;
            }
            let (first, last) = id.split_once('-').map_or((id, id), |(first, last)| (first, last));
            if covered > 0 && first.parse::<u32>().is_ok_and(|first| first <= covered) {
                if let Some(place) = places.last_mut().filter(|place: &&mut Place| place.sentence == at) {
                    // The row of the range itself has no tokens.
                    if place.first == place.last && sentence.rows[place.first].columns[0].contains('-') {
                        place.first = number;
                    }
                    place.last = number;
                }
                continue;
            }
            if id.contains('-') {
                covered = last.parse().unwrap_or(0);
            }
            let before = row.value("SpacesBefore").map(unescaped).unwrap_or_default();
            let after = match row.value("SpacesAfter") {
                Some(spaces) => unescaped(spaces),
                None if row.value("SpaceAfter") == Some("No") => String::new(),
                None => " ".to_owned(),
            };
            text.push_str(&before);
            count += before.chars().count() as u64;
            let start = count;
            text.push_str(&row.columns[1]);
            count += row.columns[1].chars().count() as u64;
            places.push(Place { sentence: at, first: number, last: number, start, end: count });
            text.push_str(&after);
            count += after.chars().count() as u64;
        }
    }
    if !ours && text.ends_with(' ') {
        text.pop();
    }
    (text, places)
}

/// White space as MISC has it: `\s`, `\t`, `\n`, `\r`, and `\u` with four digits for what would part a line elsewhere.
pub(super) fn escaped(spaces: &str) -> String {
    let mut out = String::new();
    for c in spaces.chars() {
        match c {
            ' ' => out.push_str("\\s"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '|' => out.push_str("\\p"),
            '\\' => out.push_str("\\\\"),
            other => write!(out, "\\u{:04x}", u32::from(other)).expect("a string takes it"),
        }
    }
    out
}

fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('s') => out.push(' '),
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('p') => out.push('|'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_comes_back() {
        let spaces = " \t\n\u{a0}\u{2028}\u{1c}";
        assert_eq!(unescaped(&escaped(spaces)), spaces);
        assert!(escaped(spaces).is_ascii());
        assert_eq!(unescaped("\\p\\\\"), "|\\");
    }

    #[test]
    fn a_number_that_no_range_covers_is_a_word_of_its_own() {
        let row = |id: &str| format!("{id}\tw\t_\t_\t_\t_\t_\t_\t_\t_\n");
        for id in ["0", "-", "0-1", "-2", "99999999999"] {
            let file = [row("1-2"), row("1"), row("2"), "\n".to_owned(), row(id), row("3")].concat();
            let articles = articles(&file, |line, _| panic!("line {line}"));
            let places = text(&articles[0], false).1;
            assert!(places.len() >= 2, "{id}");
            for place in places {
                assert!(place.last < articles[0].sentences[place.sentence].rows.len(), "{id}: {place:?}");
            }
        }
    }

    #[test]
    fn words_of_several_tokens_and_nodes_without_a_word_make_no_text() {
        let row = |id: &str, form: &str, misc: &str| format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n");
        let file = [
            "# newdoc id = a\n# newpar\n".to_owned(),
            row("1-2", "don't", "_"),
            row("1", "do", "_"),
            row("2", "n't", "_"),
            row("2.1", "go", "_"),
            row("3", "go", "SpaceAfter=No"),
            row("4", ".", "_"),
            "\n# newpar\n".to_owned(),
            row("1", "Yes", "_"),
            "\nnot\ta row\n".to_owned(),
        ];
        let mut wrong = Vec::new();
        let articles = articles(&file.concat(), |line, _| wrong.push(line));
        assert_eq!((articles.len(), articles[0].name.as_deref(), wrong), (1, Some("a"), vec![13]));
        let (text, places) = text(&articles[0], false);
        assert_eq!(text, "don't go.\nYes");
        assert_eq!(
            places.iter().map(|place| (place.start, place.end)).collect::<Vec<_>>(),
            [(0, 5), (6, 8), (8, 9), (10, 13)]
        );
    }
}
