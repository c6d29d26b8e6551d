//! What a selection becomes: widened to words, trimmed at its edges, grown and shrunk by steps.
//!
//! All of it works on ranges of one text and knows no labels; whether outer quotation marks belong to a span is told
//! by the caller (the schema says). Ranges come back on character boundaries and, if they held anything but white
//! space, never empty.

use std::ops::Range;

use super::boundary::{
    char_at, char_before, floor_char, is_abbreviation_before, is_word, next_grapheme, paragraph_at, prev_grapheme,
    sentence_at, word_at,
};
use super::quotes::{
    closing_of, is_closing, is_closing_bracket, is_opening, is_opening_bracket, is_quotation_mark, pairs,
};

/// What a drag snaps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Snap {
    /// Every word that is touched is taken whole.
    Word,
    /// Every grapheme cluster that is touched is taken whole.
    Character,
}

/// More punctuation than this at one edge is left as it is, which bounds the cost.
const MOST_TRIMMED: usize = 64;

/// Widens a range to the words or clusters that it covers a part of. An empty range, and a word that is only touched
/// at its edge, stay as they are.
pub fn snap(text: &str, range: &Range<usize>, unit: Snap) -> Range<usize> {
    let range = clamp(text, range);
    if range.is_empty() {
        return range;
    }
    let last = range.end - char_before(text, range.end).map_or(0, char::len_utf8);
    let clusters = cluster_start(text, range.start)..next_grapheme(text, last);
    if unit == Snap::Character {
        return clusters;
    }
    let (first, last) = (word_at(text, range.start), word_at(text, last));
    let start = if is_word(&text[first.clone()]) { first.start } else { clusters.start };
    let end = if is_word(&text[last.clone()]) { last.end } else { clusters.end };
    start..end
}

/// Takes white space and stray punctuation off the edges of a range.
///
/// - Commas, colons, semicolons, dashes and stops go, and so do brackets and quotation marks whose other half is not in
///   the range; an apostrophe inside a word is none.
/// - Quotation marks around the whole range stay or go as `keep_quotation_marks` says.
/// - A final stop stays if the range ends with its sentence and began at a sentence's start, or if it belongs to an
///   abbreviation ("U.S.", "Inc.").
/// - A range of nothing but punctuation stays, less its white space.
pub fn trim(text: &str, range: Range<usize>, keep_quotation_marks: bool) -> Range<usize> {
    let spaceless = trim_space(text, &clamp(text, &range));
    let mut left = spaceless.clone();
    for _ in 0..MOST_TRIMMED {
        let Some(less) = trim_once(text, &left, keep_quotation_marks) else { break };
        left = trim_space(text, &less);
    }
    if text[left.clone()].chars().all(is_mark) { spaceless } else { left }
}

/// The next larger of: word, phrase between punctuation, sentence, paragraph; the range itself where there is none.
pub fn grow(text: &str, range: &Range<usize>) -> Range<usize> {
    let range = clamp(text, range);
    let steps = [word_cover, phrase_cover, sentence_cover, paragraph_cover];
    steps
        .iter()
        .map(|step| step(text, &range))
        .find(|larger| larger.start <= range.start && range.end <= larger.end && *larger != range)
        .unwrap_or(range)
}

/// The step back from [`grow`], for a range that grew from the caret `from`; the caret itself when there is none.
pub fn shrink(text: &str, range: &Range<usize>, from: usize) -> Range<usize> {
    let range = clamp(text, range);
    let from = floor_char(text, from).clamp(range.start, range.end);
    let mut step = from..from;
    loop {
        let larger = grow(text, &step);
        let inside = range.start <= larger.start && larger.end <= range.end && larger != range;
        if !inside || larger == step {
            return step;
        }
        step = larger;
    }
}

fn clamp(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = floor_char(text, range.start);
    start..floor_char(text, range.end).max(start)
}

fn cluster_start(text: &str, byte: usize) -> usize {
    if byte == 0 || byte == text.len() {
        return byte;
    }
    let before = prev_grapheme(text, byte);
    if next_grapheme(text, before) == byte { byte } else { before }
}

fn trim_space(text: &str, range: &Range<usize>) -> Range<usize> {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}');
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start_matches(blank).len();
    start..(range.start + part.trim_end_matches(blank).len()).max(start)
}

/// One mark less at an edge, or none if both edges are clean.
fn trim_once(text: &str, range: &Range<usize>, keep_quotation_marks: bool) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let (first, last) = (part.chars().next()?, part.chars().next_back()?);
    let without_first = range.start + first.len_utf8()..range.end;
    let without_last = range.start..range.end - last.len_utf8();
    // A mark alone is not trimmed.
    part.chars().nth(1)?;
    if opens(first) && closes(last) && matching_end(part, first) == Some(part.len() - last.len_utf8()) {
        let drop = is_quotation_mark(first) && !keep_quotation_marks;
        return drop.then_some(without_first.start..without_last.end);
    }
    if is_stray_at_end(text, range, last) {
        return Some(without_last);
    }
    is_stray_at_start(part, first).then_some(without_first)
}

fn opens(c: char) -> bool {
    is_opening_bracket(c) || is_quotation_mark(c) && closing_of(c).is_some()
}

fn closes(c: char) -> bool {
    is_closing_bracket(c) || is_quotation_mark(c)
}

fn is_stray_at_start(part: &str, first: char) -> bool {
    let second = part.chars().nth(1);
    match first {
        // ".NET", ".5"
        '.' => !second.is_some_and(char::is_alphanumeric),
        // "’90s"
        '’' if second.is_some_and(char::is_alphanumeric) => false,
        _ if is_break(first) || is_stop(first) => true,
        _ if is_closing_bracket(first) => true,
        _ if opens(first) => matching_end(part, first).is_none(),
        _ => false,
    }
}

fn is_stray_at_end(text: &str, range: &Range<usize>, last: char) -> bool {
    let part = &text[range.clone()];
    let place = range.end - last.len_utf8();
    if is_break(last) {
        return true;
    }
    if is_stop(last) {
        return !(ends_whole_sentence(text, range) || last == '.' && is_abbreviation_before(text, place));
    }
    if is_opening_bracket(last) {
        return true;
    }
    closes(last) && matching_start(part, last).is_none()
}

/// Whether a range starts where a sentence does and ends where one does, quotation marks and brackets aside.
fn ends_whole_sentence(text: &str, range: &Range<usize>) -> bool {
    let marks = |c: char| c.is_whitespace() || is_quotation_mark(c) || is_opening_bracket(c) || is_closing_bracket(c);
    let first = sentence_at(text, range.start);
    let before = text.get(first.start..range.start);
    let Some(end_char) = char_before(text, range.end) else { return false };
    let last = sentence_at(text, range.end - end_char.len_utf8());
    let after = text.get(range.end..last.end.max(range.end));
    before.is_some_and(|before| before.chars().all(marks)) && after.is_some_and(|after| after.chars().all(marks))
}

/// Marks that part phrases and never end a sentence.
fn is_break(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '–' | '—' | '、' | '，' | '；' | '：' | '،' | '؛' | '၊' | '·' | '・' | '､')
}

/// Marks that may end a sentence.
fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '．' | '｡' | '؟' | '۔' | '။' | '।' | '॥' | '‼' | '⁇' | '⁉')
}

/// Any mark that trimming may take off.
fn is_mark(c: char) -> bool {
    is_break(c) || is_stop(c) || closes(c) || opens(c)
}

/// Where in `part`, which starts with `open`, its other half stands.
fn matching_end(part: &str, open: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = None;
    let mut chars = part.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside_word = is_inside_word(c, before, chars.peek().map(|next| next.1));
        before = Some(c);
        if inside_word && at > 0 {
            continue;
        }
        if at > 0 && pairs(open, c) {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        } else if c == open {
            depth += 1;
        }
    }
    None
}

/// Where in `part`, which ends with `close`, its other half stands.
fn matching_start(part: &str, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut after = None;
    let mut chars = part.char_indices().rev().peekable();
    let end = part.len() - close.len_utf8();
    while let Some((at, c)) = chars.next() {
        let inside_word = is_inside_word(c, chars.peek().map(|next| next.1), after);
        after = Some(c);
        if inside_word && at < end {
            continue;
        }
        if at < end && pairs(c, close) {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        } else if c == close {
            depth += 1;
        }
    }
    None
}

fn is_inside_word(c: char, before: Option<char>, after: Option<char>) -> bool {
    matches!(c, '\'' | '’' | '＇')
        && before.is_some_and(char::is_alphanumeric)
        && after.is_some_and(char::is_alphanumeric)
}

fn word_cover(text: &str, range: &Range<usize>) -> Range<usize> {
    if !range.is_empty() {
        return snap(text, range, Snap::Word);
    }
    let here = word_at(text, range.start);
    if !here.is_empty() && is_word(&text[here.clone()]) {
        return here;
    }
    // A caret after a word's last letter is still at that word.
    match char_before(text, range.start).map(|c| word_at(text, range.start - c.len_utf8())) {
        Some(before) if is_word(&text[before.clone()]) => before,
        _ => range.clone(),
    }
}

fn phrase_cover(text: &str, range: &Range<usize>) -> Range<usize> {
    let sentence = sentence_at(text, range.start);
    if range.start < sentence.start || range.end > sentence.end {
        return range.clone();
    }
    let mut start = range.start;
    while start > sentence.start
        && let Some(c) = char_before(text, start)
        && !parts_phrases(text, start - c.len_utf8(), c)
    {
        start -= c.len_utf8();
    }
    let mut end = range.end;
    while end < sentence.end
        && let Some(c) = char_at(text, end)
        && !parts_phrases(text, end, c)
    {
        end += c.len_utf8();
    }
    let phrase = trim_space(text, &(start..end));
    phrase.start.min(range.start)..phrase.end.max(range.end)
}

fn parts_phrases(text: &str, at: usize, c: char) -> bool {
    if c == ' ' || c.is_alphanumeric() {
        return false;
    }
    let (before, after) = (char_before(text, at), char_at(text, at + c.len_utf8()));
    let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    match c {
        ',' | ':' | '.' | '،' if is_digit(before) && is_digit(after) => false,
        '.' => after.is_none_or(|c| c.is_whitespace() || closes(c)) && !is_abbreviation_before(text, at),
        _ if is_inside_word(c, before, after) => false,
        _ => {
            is_break(c)
                || is_stop(c)
                || is_opening(c)
                || is_closing(c)
                || is_opening_bracket(c)
                || is_closing_bracket(c)
        }
    }
}

fn sentence_cover(text: &str, range: &Range<usize>) -> Range<usize> {
    let last = char_before(text, range.end).filter(|_| !range.is_empty()).map_or(0, char::len_utf8);
    sentence_at(text, range.start).start..sentence_at(text, range.end - last).end
}

fn paragraph_cover(text: &str, range: &Range<usize>) -> Range<usize> {
    paragraph_at(text, range.start).start..paragraph_at(text, range.end).end
}

#[cfg(test)]
#[path = "snap_tests.rs"]
mod tests;
