//! Lines of columns: which of them holds the token and which the tag, and the stretches that tags make.
//!
//! IOB1, IOB2, BIOES and BILOU are read alike: a tag says whether it may begin, and whether it may end, a stretch.

/// A line with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Its number in the file, from 1.
    pub line: usize,
    /// The token.
    pub token: String,
    /// The tag.
    pub tag: String,
    /// The other columns, with single spaces.
    pub rest: String,
}

/// Where token and tag stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Places {
    token: usize,
    tag: usize,
}

/// So many lines are looked at to find the columns.
const LOOKED_AT: usize = 500;

impl Places {
    /// Finds the columns: the tag is in the last one that holds nothing but tags. None where there is no such.
    pub fn find(text: &str) -> Option<Self> {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with(super::DOCSTART));
        let rows: Vec<Vec<&str>> = lines.filter(|line| !is_comment(line)).take(LOOKED_AT).map(split).collect();
        let width = rows.iter().map(Vec::len).max().filter(|&width| width > 1)?;
        // A line that is broken does not make the file another format.
        let holds = |at: usize, is: &dyn Fn(&str) -> bool| {
            rows.iter().filter(|row| row.get(at).is_some_and(|it| is(it))).count() * 5 >= rows.len() * 4
        };
        let tag = (1..width).rev().find(|&at| holds(at, &is_tag))?;
        let numbered = tag > 1 && holds(0, &|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        Some(Self { token: usize::from(numbered), tag })
    }

    /// A line's row, or why it is none.
    pub fn row(self, number: usize, line: &str) -> Result<Row, String> {
        let columns = split(line);
        let column = |at: usize| columns.get(at).copied().unwrap_or_default();
        let (token, tag) = (column(self.token), column(self.tag));
        if token.is_empty() || token.contains(char::is_whitespace) {
            return Err("there is no token in it".to_owned());
        }
        if !is_tag(tag) {
            return Err(format!("{tag:?} is no tag such as O, B-PER or I-PER"));
        }
        let rest = columns.iter().enumerate().filter(|(at, _)| *at != self.token && *at != self.tag);
        let rest = rest.map(|(_, column)| column.replace(' ', "_")).collect::<Vec<_>>().join(" ");
        Ok(Row { line: number, token: token.to_owned(), tag: tag.to_owned(), rest })
    }
}

/// Whether a line is a comment: it has a # first and no tag.
pub(super) fn is_comment(line: &str) -> bool {
    line.starts_with('#') && !split(line).iter().skip(1).any(|column| is_tag(column))
}

fn split(line: &str) -> Vec<&str> {
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
            Places::find(text).map(|places| places.row(1, line).map(|row| (row.token, row.tag, row.rest)))
        };
        let is = |token: &str, tag: &str, rest: &str| Some(Ok((token.to_owned(), tag.to_owned(), rest.to_owned())));
        assert_eq!(row("-DOCSTART- -X- O O\n\nEU NNP I-NP B-ORG"), is("EU", "B-ORG", "NNP I-NP"));
        assert_eq!(row("# text = a\n1\tEU\tB-ORG\t-\tada"), is("EU", "B-ORG", "1 - ada"));
        assert_eq!(row("#\tO"), is("#", "O", ""));
        assert_eq!(row("broken\na O\nb O\nc O\nd O"), is("d", "O", ""));
        assert_eq!(row("one two three"), None);
    }
}
