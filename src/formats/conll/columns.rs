//! Lines of columns: which of them holds the token and which the tag, and the stretches that tags make.
//!
//! IOB1, IOB2, BIOES and BILOU are read alike: a tag says whether it may begin, and whether it may end, a stretch.

use std::borrow::Cow;

use smallvec::SmallVec;

/// A line with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row<'t> {
    /// Its number in the file, from 1.
    pub line: usize,
    /// The token.
    pub token: &'t str,
    /// The tag.
    pub tag: &'t str,
    /// The other columns, with single spaces.
    pub rest: Cow<'t, str>,
}

/// What the other columns are where nothing is known.
pub(super) const NO_REST: &str = "-X- _";

/// The columns of a line: few, so that they need no heap.
type Columns<'t> = SmallVec<[&'t str; 8]>;

/// Where token and tag stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Places {
    token: usize,
    /// The column of the tag; none where it is the last of each line, however many the line has.
    tag: Option<usize>,
}

/// So many lines are looked at to find the columns.
const LOOKED_AT: usize = 500;

impl Places {
    /// Finds the columns: the tag is in the last one that holds nothing but tags. None where there is no such. In a file of
    /// ours the token is always first, be it a number.
    pub fn find(text: &str, ours: bool) -> Option<Self> {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !begins_article(line));
        let rows: Vec<Columns<'_>> = lines.filter(|line| !is_comment(line)).take(LOOKED_AT).map(split).collect();
        let width = rows.iter().map(SmallVec::len).max().filter(|&width| width > 1)?;
        // A line that is broken does not make the file another format.
        let holds = |at: usize, is: &dyn Fn(&str) -> bool| {
            rows.iter().filter(|row| row.get(at).is_some_and(|it| is(it))).count() * 5 >= rows.len() * 4
        };
        let ends = rows.iter().filter(|row| row.len() > 1 && row.last().is_some_and(|it| is_tag(it))).count();
        let last = ends * 5 >= rows.len() * 4;
        let tag = (1..width).rev().find(|&at| holds(at, &is_tag));
        let far = tag.unwrap_or(width - 1) > 1;
        let numbered = !ours && far && holds(0, &|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        let tag = if last { None } else { Some(tag?) };
        Some(Self { token: usize::from(numbered), tag })
    }

    /// A line's row, or why it is none.
    pub fn row(self, number: usize, line: &str) -> Result<Row<'_>, String> {
        let columns = split(line);
        let column = |at: usize| columns.get(at).copied().unwrap_or_default();
        let at_tag = self.tag.unwrap_or(columns.len() - 1).max(self.token + 1);
        let (token, tag) = (column(self.token), column(at_tag));
        if token.is_empty() || token.contains(char::is_whitespace) {
            return Err("there is no token in it".to_owned());
        }
        if !is_tag(tag) {
            return Err(format!("{tag:?} is no tag such as O, B-PER or I-PER"));
        }
        let others = columns.iter().enumerate().filter(|(at, _)| *at != self.token && *at != at_tag);
        let others: Columns<'_> = others.map(|(_, column)| *column).collect();
        let rest = match &others[..] {
            [] => Cow::Borrowed(""),
            ["-X-", "_"] => Cow::Borrowed(NO_REST),
            others => Cow::Owned(others.iter().map(|column| solid(column)).collect::<Vec<_>>().join(" ")),
        };
        Ok(Row { line: number, token, tag, rest })
    }
}

/// A column without white space, of which lines of spaces are parted.
fn solid(column: &str) -> Cow<'_, str> {
    match column {
        "" => Cow::Borrowed("_"),
        _ if column.contains(char::is_whitespace) => Cow::Owned(column.replace(char::is_whitespace, "_")),
        _ => Cow::Borrowed(column),
    }
}

/// Whether a line begins an article.
pub(super) fn begins_article(line: &str) -> bool {
    line.split_whitespace().next() == Some(super::DOCSTART)
}

/// Whether a line is a comment: it has a # first and no tag.
pub(super) fn is_comment(line: &str) -> bool {
    line.starts_with('#') && !split(line).iter().skip(1).any(|column| is_tag(column))
}

fn split(line: &str) -> Columns<'_> {
    if line.contains('\t') { line.split('\t').map(str::trim).collect() } else { line.split_whitespace().collect() }
}

fn is_tag(tag: &str) -> bool {
    tag == "O" || parts(tag).is_some()
}

/// A tag's letter and label.
fn parts(tag: &str) -> Option<(u8, &str)> {
    let (letter, label) = tag.split_once('-')?;
    let plain = matches!(letter, "B" | "I" | "E" | "S" | "L" | "U") && !label.is_empty();
    plain.then(|| (letter.as_bytes()[0], label))
}

/// The stretches of a sentence's tags: first token, the one after the last, and the label.
pub(super) fn stretches<'t>(tags: &[&'t str]) -> Vec<(usize, usize, &'t str)> {
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    let mut open = None;
    for (at, tag) in tags.iter().enumerate() {
        let Some((letter, label)) = parts(tag) else {
            open = None;
            continue;
        };
        match open {
            Some(before) if before == label && !matches!(letter, b'B' | b'S' | b'U') => {
                if let Some(last) = found.last_mut() {
                    last.1 = at + 1;
                }
            }
            _ => found.push((at, at + 1, label)),
        }
        open = (!matches!(letter, b'E' | b'L' | b'S' | b'U')).then_some(label);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_tags_make_the_same_stretches() {
        fn made(tags: &str) -> Vec<(usize, usize, &str)> {
            stretches(&tags.split(' ').collect::<Vec<_>>())
        }
        let two = vec![(0, 2, "A"), (2, 3, "A"), (4, 5, "B-x")];
        assert_eq!(made("B-A I-A B-A O B-B-x"), two, "IOB2");
        assert_eq!(made("I-A I-A B-A O I-B-x"), two, "IOB1");
        assert_eq!(made("B-A E-A S-A O S-B-x"), two, "BIOES");
        assert_eq!(made("B-A L-A U-A O U-B-x"), two, "BILOU");
    }

    #[test]
    fn token_and_tag_are_found_among_other_columns() {
        let row = |text: &str| {
            let line = text.lines().last().unwrap_or_default();
            Places::find(text, false).map(|places| {
                places.row(1, line).map(|row| (row.token.to_owned(), row.tag.to_owned(), row.rest.into_owned()))
            })
        };
        let is = |token: &str, tag: &str, rest: &str| Some(Ok((token.to_owned(), tag.to_owned(), rest.to_owned())));
        assert_eq!(row("-DOCSTART- -X- O O\n\nEU NNP I-NP B-ORG"), is("EU", "B-ORG", "NNP I-NP"));
        assert_eq!(row("# text = a\n1\tEU\tB-ORG\t-\tada"), is("EU", "B-ORG", "1 - ada"));
        assert_eq!(row("#\tO"), is("#", "O", ""));
        assert_eq!(row("broken\na O\nb O\nc O\nd O"), is("d", "O", ""));
        assert_eq!(row("one two three"), None);
        assert_eq!(row("a X B-A O\nb O\nc X O\nd B-A X O"), is("d", "O", "B-A X"), "lines of many widths");
        assert_eq!(row("a\t\tb c\tO"), is("a", "O", "_ b_c"));
        let numbers = "1 -X- _ O\n2 -X- _ O";
        assert_eq!(Places::find(numbers, true).map(|places| places.token), Some(0), "an article of numbers");
    }
}
