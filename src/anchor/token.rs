//! A text as tokens: words, marks and symbols, without white space.
//!
//! Two tokens are the same when their keys are: NFC, lower case, one form for each kind of quotation mark and dash. So
//! line ends, wrapping, spaces, curly quotes, normal forms and case are no change at all. Scripts that set no spaces
//! between words give a token for each letter with its marks. What is done with tokens is left to the other files.

use std::ops::Range;

use hashbrown::HashTable;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing.
    None,
    /// Spaces.
    Space,
    /// The end of a sentence, as far as its marks tell.
    Sentence,
    /// The end of a line.
    Line,
    /// A blank line, or the start of the text.
    Paragraph,
}

/// A token of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// What stands before it.
    pub gap: Gap,
    /// Whether it is a word and no mark.
    pub word: bool,
}

/// A text's tokens in order, and their keys beside them.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// Where they stand.
    pub list: Vec<Token>,
    /// Their keys, of the [`Keys`] that they were cut with.
    pub keys: Vec<u32>,
}

impl Tokens {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The tokens that share a byte with a stretch of the text.
    pub fn within(&self, start: u32, end: u32) -> Range<usize> {
        let first = self.list.partition_point(|token| token.end <= start);
        let last = self.list.partition_point(|token| token.start < end);
        first..last.max(first)
    }

    /// The first byte of the first and the end of the last of some tokens, of which there is at least one.
    pub fn bytes(&self, tokens: &Range<usize>) -> (u32, u32) {
        (self.list[tokens.start].start, self.list[tokens.end - 1].end)
    }

    /// What stands before a token, or after the last one.
    pub fn gap(&self, at: usize) -> Gap {
        self.list.get(at).map_or(Gap::Paragraph, |token| token.gap)
    }
}

/// The keys of tokens, numbered in the order in which they came; for both texts together.
#[derive(Debug, Default)]
pub(super) struct Keys {
    table: HashTable<u32>,
    text: String,
    ends: Vec<u32>,
    letters: Vec<u16>,
}

impl Keys {
    /// How many there are.
    pub fn count(&self) -> u32 {
        self.ends.len() as u32
    }

    /// A key as text.
    pub fn text(&self, key: u32) -> &str {
        slice(&self.text, &self.ends, key)
    }

    /// How many characters a key has.
    pub fn chars(&self, key: u32) -> u32 {
        u32::from(self.letters[key as usize])
    }

    /// Cuts a text into tokens.
    pub fn cut(&mut self, text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        tokens.list.reserve(text.len() / 5);
        tokens.keys.reserve(text.len() / 5);
        let mut at = 0;
        let mut gap = Gap::Paragraph;
        let mut scratch = String::new();
        let mut ended = false;
        while let Some(c) = text[at..].chars().next() {
            if c.is_whitespace() {
                let length = blank(&text[at..]);
                if at > 0 {
                    gap = gap_of(&text[at..at + length]);
                }
                at += length;
                continue;
            }
            let (length, word) = next(&text[at..], c);
            if ended && gap < Gap::Sentence && (gap == Gap::Space || word) {
                gap = Gap::Sentence;
            }
            ended = if word { false } else { ends_sentence(c) || (ended && gap == Gap::None) };
            scratch.clear();
            fold(&text[at..at + length], &mut scratch);
            tokens.keys.push(self.key(&scratch));
            tokens.list.push(Token { start: at as u32, end: (at + length) as u32, gap, word });
            at += length;
            gap = Gap::None;
        }
        tokens
    }

    fn key(&mut self, folded: &str) -> u32 {
        let Self { table, text, ends, letters } = self;
        let hash = hash(folded);
        if let Some(&key) = table.find(hash, |&key| slice(text, ends, key) == folded) {
            return key;
        }
        let key = ends.len() as u32;
        text.push_str(folded);
        ends.push(text.len() as u32);
        letters.push(folded.chars().count().min(u16::MAX as usize) as u16);
        table.insert_unique(hash, key, |&key| self::hash(slice(text, ends, key)));
        key
    }
}

fn slice<'t>(text: &'t str, ends: &[u32], key: u32) -> &'t str {
    let key = key as usize;
    let start = if key == 0 { 0 } else { ends[key - 1] };
    &text[start as usize..ends[key] as usize]
}

/// FNV-1a (Fowler, Noll, Vo), 64 bits: the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn blank(text: &str) -> usize {
    text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len())
}

fn gap_of(blank: &str) -> Gap {
    match blank.matches('\n').count() {
        0 if blank.contains(['\r', '\u{2028}', '\u{2029}', '\u{85}']) => Gap::Line,
        0 => Gap::Space,
        1 => Gap::Line,
        _ => Gap::Paragraph,
    }
}

/// The length of the token that a text begins with, and whether it is a word.
fn next(text: &str, first: char) -> (usize, bool) {
    if is_dash(first) || first == '.' || first == '…' {
        let same = |c: char| if is_dash(first) { is_dash(c) } else { c == '.' || c == '…' };
        return (text.find(|c: char| !same(c)).unwrap_or(text.len()), false);
    }
    let word = first.is_alphanumeric();
    let alone = !word || stands_alone(first);
    let mut length = first.len_utf8();
    let mut joined = false;
    for c in text[length..].chars() {
        let belongs = joined || follows(c) || (!alone && c.is_alphanumeric() && !stands_alone(c));
        if !belongs || c.is_whitespace() {
            break;
        }
        joined = c == '\u{200d}' && !word;
        length += c.len_utf8();
    }
    (length, word)
}

/// Whether a character belongs to the one before it: marks, joiners, variation selectors, skin tones.
fn follows(c: char) -> bool {
    !c.is_ascii()
        && (is_combining_mark(c)
            || matches!(c, '\u{200b}'..='\u{200d}' | '\u{ad}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}'))
}

/// Letters of scripts that set no spaces between words: Thai to Tibetan, Burmese, Khmer, kana, Han.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19df}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{3ffff}')
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' | '။')
}

fn is_dash(c: char) -> bool {
    c == '-' || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Writes a token in the form that is compared.
fn fold(token: &str, into: &mut String) {
    if token.is_ascii() {
        match token.as_bytes() {
            [b'-', ..] => into.push('-'),
            [b'.', b'.', ..] => into.push('…'),
            _ => into.extend(token.bytes().map(|byte| byte.to_ascii_lowercase() as char)),
        }
        return;
    }
    let first = token.chars().next().unwrap_or_default();
    if is_dash(first) {
        into.push('-');
    } else if matches!(first, '.' | '…') {
        into.push('…');
    } else if let Some(mark) = quotation(first) {
        into.push(mark);
    } else {
        let kept = |c: &char| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}');
        let lower = token.chars().filter(kept).flat_map(char::to_lowercase);
        if is_nfc_quick(token.chars()) == IsNormalized::Yes {
            into.extend(lower);
        } else {
            into.extend(lower.nfc());
        }
    }
}

/// One form for single marks and one for double ones.
fn quotation(c: char) -> Option<char> {
    match c {
        '\'' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | '＇' => Some('\''),
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '〝' | '〞' | '〟' => Some('"'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut keys = Keys::default();
        let tokens = keys.cut(text);
        tokens.keys.iter().map(|&key| keys.text(key)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_is_set_otherwise_has_the_same_keys() {
        for (text, keys) in [
            ("Ada’s  “Café”\r\n—NO…", "ada|'|s|\"|café|\"|-|no|…"),
            ("ada's \"Cafe\u{301}\"\u{a0}-- no...", "ada|'|s|\"|café|\"|-|no|…"),
            ("3.5 km, 1,300", "3|.|5|km|,|1|,|300"),
            ("中文 မြန်မာ ไทย", "中|文|မြ|န်|မာ|ไ|ท|ย"),
            ("👩🏽\u{200d}🎤👩 قَالَ", "👩🏽\u{200d}🎤|👩|قَالَ"),
            ("so\u{ad}lid", "solid"),
        ] {
            assert_eq!(folded(text), keys, "{text}");
        }
    }

    #[test]
    fn tokens_cover_all_but_white_space_and_know_what_stands_before_them() {
        let text = "One two\nthree\r\n\r\nfour";
        let tokens = Keys::default().cut(text);
        let gaps: Vec<Gap> = tokens.list.iter().map(|token| token.gap).collect();
        assert_eq!(gaps, [Gap::Paragraph, Gap::Space, Gap::Line, Gap::Paragraph]);
        assert_eq!(tokens.within(4, 12), 1..3);
        assert_eq!(tokens.within(3, 4), 1..1, "white space alone");
    }
}
