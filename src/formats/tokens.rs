//! Tokens of a text: the words that ICU finds in any script, cut where an annotation begins or ends.
//!
//! Text is the tokens put together, with a single space after those that say so. All other white space is a token of
//! its own, as spaCy has it; formats that know no such tokens leave them out.

use crate::text::boundary::{sentence_starts, word_breaks};

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// Whether a single space (U+0020) comes after it that is no token.
    pub space: bool,
    /// Whether it is white space.
    pub blank: bool,
    /// Whether a sentence begins with it.
    pub sentence: bool,
}

impl Token {
    /// Its text.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }
}

/// How tags of tokens are spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tags {
    /// `B-` for the first token of an annotation, `I-` for the others.
    #[default]
    Iob2,
    /// `E-` for the last of several, `S-` for the only one.
    Bioes,
}

impl Tags {
    /// What the tag of token `at` of an annotation of `count` begins with.
    pub fn prefix(self, at: usize, count: usize) -> &'static str {
        match (self, at + 1 == count) {
            (Self::Bioes, true) if count == 1 => "S-",
            (Self::Bioes, true) => "E-",
            _ if at == 0 => "B-",
            _ => "I-",
        }
    }
}

/// Whether a character is white space to Rust or to Python.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

/// The tokens of a text, cut at these bytes too. No sentence begins inside a stretch of `whole`. With `by_spaces` the words
/// are what stands between white space, as in texts that were made of tokens.
pub fn tokens(text: &str, cuts: &[u32], whole: &[(u32, u32)], by_spaces: bool) -> Vec<Token> {
    let mut found = words(text, cuts, by_spaces);
    sentences(text, &mut found, whole, by_spaces);
    found
}

/// The same for formats without sentences: no token says that one begins.
pub fn words(text: &str, cuts: &[u32], by_spaces: bool) -> Vec<Token> {
    let mut bounds: Vec<u32> = cuts.to_vec();
    bounds.sort_unstable();
    if !by_spaces {
        bounds.extend(word_breaks(text).into_iter().map(|at| at as u32));
        #[expect(clippy::stable_sort_primitive, reason = "it merges two runs that are sorted")]
        bounds.sort();
    }
    let mut found: Vec<Token> = Vec::with_capacity(bounds.len());
    let mut bounds = bounds.into_iter().map(|bound| bound as usize).peekable();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let (start, blank) = (at, is_space(first));
        // Of a run of white space, a single space may belong to the token before it.
        if first == ' '
            && let Some(last) = found.last_mut().filter(|last| !last.blank && !last.space && last.end as usize == start)
        {
            last.space = true;
            at += 1;
            continue;
        }
        while bounds.next_if(|&bound| bound <= start).is_some() {}
        let limit = bounds.peek().filter(|_| !blank).map_or(text.len(), |&bound| text.ceil_char_boundary(bound));
        at += text[start..limit].find(|c| is_space(c) != blank).unwrap_or(limit - start);
        found.push(Token { start: start as u32, end: at as u32, space: false, blank, sentence: false });
    }
    found
}

fn sentences(text: &str, tokens: &mut [Token], whole: &[(u32, u32)], by_lines: bool) {
    let mut whole: Vec<(u32, u32)> = whole.to_vec();
    whole.sort_unstable();
    let starts = if by_lines { line_starts(text) } else { sentence_starts(text) };
    let mut starts = starts.into_iter().map(|start| start as u32).peekable();
    let (mut stretch, mut inside) = (0, 0);
    for token in tokens.iter_mut().filter(|token| !token.blank) {
        let mut begins = false;
        while starts.next_if(|&start| start <= token.start).is_some() {
            begins = true;
        }
        if !begins {
            continue;
        }
        while whole.get(stretch).is_some_and(|&(from, _)| from < token.start) {
            inside = inside.max(whole[stretch].1);
            stretch += 1;
        }
        token.sentence = token.start >= inside;
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    [0].into_iter().chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens with `_` for a space that is none, sentences parted by `|`.
    fn shown(text: &str, cuts: &[u32], whole: &[(u32, u32)]) -> String {
        let tokens = tokens(text, cuts, whole, false);
        let mut again = String::new();
        for token in &tokens {
            again.push_str(token.of(text));
            again.push_str(if token.space { " " } else { "" });
        }
        assert_eq!(again, text, "the tokens are the text");
        let shown = tokens.iter().map(|token| {
            let bar = if token.sentence { "|" } else { "" };
            format!("{bar}{}{}", token.of(text).escape_debug(), if token.space { "_" } else { "" })
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_of_any_script_are_tokens_and_spaces_belong_to_them() {
        assert_eq!(
            shown("Bob said: hi.  So!\n\nYes", &[], &[]),
            "|Bob_ said :_ hi ._ \" \" |So ! \\n\\n |Yes".replace("\" \"", " ")
        );
        assert_eq!(shown("北京欢迎你", &[], &[]), "|北京 欢迎 你");
        assert_eq!(shown(" a\u{a0}b\u{1c}c", &[], &[]), "  |a \\u{a0} b \\u{1c} c");
    }

    #[test]
    fn an_annotation_cuts_words_and_keeps_sentences_together() {
        assert_eq!(shown("unhappy", &[2], &[]), "|un happy");
        assert_eq!(shown("One. Two. Three.", &[], &[(0, 9)]), "|One ._ Two ._ |Three .");
    }

    #[test]
    fn tags_tell_where_an_annotation_ends() {
        let all = |tags: Tags, count| (0..count).map(|at| tags.prefix(at, count)).collect::<Vec<_>>().join(" ");
        assert_eq!(all(Tags::Iob2, 3), "B- I- I-");
        assert_eq!(all(Tags::Bioes, 3), "B- I- E-");
        assert_eq!(all(Tags::Bioes, 1), "S-");
    }
}
