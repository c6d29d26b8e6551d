//! Sentences, by ICU's rules, less the breaks that they see after "Mr." and other abbreviations.
//!
//! A sentence ends with its line at the latest. ICU's rules look back only to the last stop, so a window that starts
//! inside a word (letters on both sides) finds each later break where the whole line would have it.

use std::ops::Range;

use icu_segmenter::options::SentenceBreakInvariantOptions;
use icu_segmenter::{SentenceSegmenter, SentenceSegmenterBorrowed};

use super::super::quotes::{closing_of, is_opening, is_opening_bracket};
use super::paragraph::{next_paragraph, prev_paragraph};
use super::{char_at, char_before, floor_char, skip_space};

/// Free to make: its tables are constants.
fn segmenter() -> SentenceSegmenterBorrowed<'static> {
    SentenceSegmenter::new(SentenceBreakInvariantOptions::default())
}

/// The first window reaches this far each way; where no break is in it, it is doubled.
const FIRST_REACH: usize = 1024;
/// A longer sentence is cut here.
const LAST_REACH: usize = 16 * 1024;
/// What ICU looks at past a stop before it is sure of a break.
const LOOK_AHEAD: usize = 128;

/// Titles and ranks, written with a capital, whose full stop ends no sentence.
const TITLES: &[&str] = &[
    "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Lt", "Gen", "Col", "Maj", "Capt", "Cmdr", "Sgt", "Adm", "Brig", "Sen",
    "Rep", "Gov", "Pres", "Hon", "Rev", "Fr", "Mme", "Sr", "Sra", "Hr", "vs", "approx", "e.g", "i.e",
];
/// Words whose full stop ends no sentence when a number follows.
const BEFORE_NUMBERS: &[&str] = &[
    "no", "nr", "fig", "vol", "art", "sec", "pp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
    "oct", "nov", "dec",
];
/// After "U.S." or an initial, one of these begins a new sentence and most other words do not.
const STARTERS: &[&str] = &[
    "The", "A", "An", "He", "She", "It", "They", "We", "I", "You", "In", "On", "At", "But", "And", "This", "That",
    "His", "Her", "Its", "Their", "There", "Then", "When", "After", "If", "As", "For", "However",
];
/// Abbreviations that may end a sentence, but whose full stop is their own.
const ABBREVIATIONS: &[&str] = &["inc", "ltd", "co", "corp", "jr", "bros", "llc", "etc", "gmbh", "al", "plc"];

/// The sentence that holds `byte`, without the white space after it; it never crosses a line end.
pub fn sentence_at(text: &str, byte: usize) -> Range<usize> {
    let whole = with_space(text, byte);
    let start = skip_space(text, whole.start, whole.end);
    if start == whole.end {
        return whole;
    }
    start..whole.start + text[whole].trim_end().len()
}

/// The start of the next sentence, or the text's end.
pub fn next_sentence(text: &str, byte: usize) -> usize {
    let byte = floor_char(text, byte);
    let whole = with_space(text, byte);
    let start = skip_space(text, whole.start, whole.end);
    if start > byte && start < whole.end {
        return start;
    }
    let next = char_at(text, whole.end).filter(|c| !matches!(c, '\n' | '\r'));
    let at = if next.is_some() { whole.end } else { next_paragraph(text, byte) };
    at + text[at..].find(|c: char| !c.is_whitespace()).unwrap_or(0)
}

/// Where the sentences of a text begin, in order: at a letter, never at white space.
pub fn sentence_starts(text: &str) -> Vec<usize> {
    let (mut found, mut breaks) = (Vec::new(), Vec::new());
    let mut from = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let to = from + line.trim_end_matches(['\n', '\r']).len();
        let mut start = from;
        breaks.clear();
        if !simple_breaks(&text[from..to], &mut breaks) {
            breaks.clear();
            breaks.extend(segmenter().segment_str(&text[from..to]).filter(|&at| at > 0));
        }
        for at in breaks.iter().map(|at| from + at) {
            if at < to && is_inside_name(text, at) {
                continue;
            }
            let at = if at < to { before_opening_marks(text, from, at) } else { at };
            if at > start {
                found.extend(Some(skip_space(text, start, at)).filter(|&first| first < at));
                start = at;
            }
        }
        from += line.len();
    }
    found
}

/// Adds the breaks of a line that every rule agrees on, without the segmenter, which takes far longer. They stand after a
/// stop, with marks that close and spaces after it, before a letter of ASCII, or a mark that opens and one (UAX #29, SB6 to SB11).
/// False, with breaks missing, for a line with any other mark, or with something else after a stop.
fn simple_breaks(line: &str, found: &mut Vec<usize>) -> bool {
    let mut before = ' ';
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if !c.is_ascii() && !c.is_alphanumeric() && !matches!(c, '“' | '”' | '‘' | '’' | '–' | '—' | '…')
        {
            return false;
        }
        let is_full_stop = c == '.';
        let last = std::mem::replace(&mut before, c);
        if !is_full_stop && !matches!(c, '!' | '?') {
            continue;
        }
        let closed = rest.trim_start_matches(['”', '’', '"', '\'', ')']);
        let next = closed.trim_start_matches(' ');
        let letter = next.strip_prefix(['“', '‘', '(']).unwrap_or(next).bytes().next();
        if next.is_empty() {
            break;
        }
        let Some(letter) = letter.filter(u8::is_ascii_alphanumeric) else { return false };
        if next.len() == closed.len() {
            // Inside a number, an address, or an abbreviation.
            let goes_on = !letter.is_ascii_uppercase() || last.is_ascii_alphabetic();
            if closed.len() < rest.len() || letter != next.as_bytes()[0] || !is_full_stop || !goes_on {
                return false;
            }
        } else if letter.is_ascii_digit() {
            return false;
        } else if !is_full_stop || letter.is_ascii_uppercase() {
            found.push(line.len() - next.len());
        }
        (before, rest) = (' ', next);
    }
    found.extend(Some(line.len()).filter(|end| *end > 0));
    true
}

/// The start of the sentence that holds `byte`, or of the one before if `byte` is its start; 0 at the top.
pub fn prev_sentence(text: &str, byte: usize) -> usize {
    let byte = floor_char(text, byte);
    let mut at = byte;
    loop {
        let whole = with_space(text, at);
        let start = skip_space(text, whole.start, whole.end);
        if start < byte && start < whole.end {
            return start;
        }
        let Some(before) = char_before(text, whole.start) else { return 0 };
        at = whole.start - before.len_utf8();
        if matches!(before, '\n' | '\r') {
            at = super::paragraph_at(text, prev_paragraph(text, whole.start)).end;
            if at >= whole.start {
                return 0;
            }
        }
    }
}

/// Whether the stop at `stop` belongs to an abbreviation: "U.S.", "Inc.", "Mr.", "J.".
pub(in crate::text) fn is_abbreviation_before(text: &str, stop: usize) -> bool {
    let Some(word) = word_before(text, stop) else { return false };
    is_initial(word) || word.contains('.') || TITLES.contains(&word) || is_in(ABBREVIATIONS, word)
}

/// The sentence that holds `byte`, with the white space after it.
fn with_space(text: &str, byte: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let byte = {
        let byte = floor_char(text, byte);
        // The end of a line belongs to its last sentence.
        if byte > 0
            && matches!(bytes.get(byte), None | Some(b'\n' | b'\r'))
            && !matches!(bytes[byte - 1], b'\n' | b'\r')
        {
            byte - char_before(text, byte).map_or(0, char::len_utf8)
        } else {
            byte
        }
    };
    if matches!(bytes.get(byte), None | Some(b'\n' | b'\r')) {
        return byte..byte;
    }
    let (mut back, mut ahead) = (FIRST_REACH, FIRST_REACH);
    loop {
        let (from, from_is_start) = window_start(text, byte, back);
        let (to, to_is_end) = window_end(text, byte, ahead);
        let (mut start, mut end) = (None, None);
        let sure = if to_is_end { to } else { to.saturating_sub(LOOK_AHEAD) };
        for at in segmenter().segment_str(&text[from..to]).map(|at| from + at) {
            if at > from && at < to && is_inside_name(text, at) {
                continue;
            }
            let at = if at < to { before_opening_marks(text, from, at) } else { at };
            if at > byte {
                end = (at <= sure).then_some(at);
                break;
            }
            if at > from || from_is_start {
                start = Some(at);
            }
        }
        match (start, end) {
            (Some(start), Some(end)) => return start..end,
            (None, _) if back < LAST_REACH => back *= 2,
            (_, None) if ahead < LAST_REACH => ahead *= 2,
            _ => return start.unwrap_or(from)..end.unwrap_or(to),
        }
    }
}

/// Where to start: the line's start if it is in reach, or else inside a word.
fn window_start(text: &str, byte: usize, reach: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let limit = floor_char(text, byte.saturating_sub(reach));
    if let Some(line_end) = bytes[limit..byte].iter().rposition(|b| matches!(b, b'\n' | b'\r')) {
        return (limit + line_end + 1, true);
    }
    if limit == 0 {
        return (0, true);
    }
    let inside_word = |at: usize| {
        char_before(text, at).is_some_and(char::is_alphabetic) && char_at(text, at).is_some_and(char::is_alphabetic)
    };
    let found = (limit..byte.min(limit + LOOK_AHEAD)).find(|&at| text.is_char_boundary(at) && inside_word(at));
    (found.unwrap_or(limit), false)
}

/// Where to end: the line's end if it is in reach.
fn window_end(text: &str, byte: usize, reach: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let limit = super::ceil_char(text, byte + reach);
    match bytes[byte..limit].iter().position(|b| matches!(b, b'\n' | b'\r')) {
        Some(at) => (byte + at, true),
        None => (limit, limit == bytes.len()),
    }
}

/// ICU takes an opening mark right after a stop, as Chinese writes it, for a closing one; the break belongs before it.
fn before_opening_marks(text: &str, from: usize, at: usize) -> usize {
    let mut moved = at;
    while let Some(mark) = text[from..moved].chars().next_back().filter(|&mark| opens_only(mark)) {
        moved -= mark.len_utf8();
    }
    if moved > from { moved } else { at }
}

fn opens_only(mark: char) -> bool {
    is_opening_bracket(mark) || (is_opening(mark) && closing_of(mark) != Some(mark))
}

/// Whether the break at `at` follows a stop that ends no sentence: "Mr. Chen", "J. Smith".
fn is_inside_name(text: &str, at: usize) -> bool {
    let before = text[super::ceil_char(text, at.saturating_sub(40))..at].trim_end();
    let Some(rest) = before.strip_suffix('.') else { return false };
    let stop = at - (text[..at].len() - text[..at].trim_end().len()) - 1;
    debug_assert!(text[..stop].ends_with(rest));
    let Some(word) = word_before(text, stop) else { return false };
    let next =
        text[at..super::ceil_char(text, at + 24)].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if next.starts_with(char::is_numeric) {
        return is_in(BEFORE_NUMBERS, word);
    }
    let is_acronym = word.len() > 1 && word.split('.').all(is_initial);
    TITLES.contains(&word) || ((is_acronym || is_initial(word) && word != "I") && !STARTERS.contains(&next))
}

fn word_before(text: &str, stop: usize) -> Option<&str> {
    let from = super::ceil_char(text, stop.saturating_sub(24));
    let before = text.get(from..stop)?;
    let word = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '.')).next()?;
    (!word.is_empty()).then_some(word)
}

fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}

fn is_in(table: &[&str], word: &str) -> bool {
    table.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentences separated by `|`; spaces after them belong to none.
    const SAMPLES: [&str; 11] = [
        "He left.| She stayed!| Why?",
        "Mr. Chen met Lt. Gen. Soe Htut.| J. Smith of the U.S. embassy paid 3.5 million.",
        "The U.S. Embassy is in the U.S.| The rest said no.| See No. 5 of Jan. 3.",
        "So did I.| Then Plan B.| He left.",
        "“We go,” he said.| “Now.”| (Or later.)| End",
        "第一句。|第二句！|“第三句。”|最后",
        "東京で会見した。|終わり。",
        "هل وصل؟| نعم، وصل السفير.",
        "ပထမ။| ဒုတိယ။",
        "ภาษาไทยไม่มีจุด และประเทศไทย",
        "👩‍👩‍👧 e\u{301}t.| Ok.",
    ];

    #[test]
    fn sentences_are_found_in_every_script() {
        for sample in SAMPLES {
            let text = sample.replace('|', "");
            let mut start = 0;
            for sentence in sample.split('|') {
                let end = start + sentence.len();
                let expected = end - sentence.trim_start().len()..end;
                for byte in expected.clone().filter(|&byte| text.is_char_boundary(byte)) {
                    assert_eq!(&text[sentence_at(&text, byte)], &text[expected.clone()], "byte {byte} of {text}");
                }
                start = end;
            }
        }
    }

    #[test]
    fn a_sentence_never_crosses_a_line_end() {
        let text = "No stop here\r\nnext line. Last";
        assert_eq!(&text[sentence_at(text, 3)], "No stop here");
        assert_eq!(&text[sentence_at(text, 12)], "No stop here");
        assert_eq!(&text[sentence_at(text, 14)], "next line.");
        assert_eq!(&text[sentence_at(text, text.len())], "Last");
        assert_eq!(sentence_at("", 0), 0..0);
    }

    #[test]
    fn caret_moves_from_sentence_to_sentence_and_back() {
        let text = "One. Two.\n\n  Three!\nFour";
        let mut stops = vec![0];
        while stops[stops.len() - 1] < text.len() {
            stops.push(next_sentence(text, stops[stops.len() - 1]));
        }
        assert_eq!(stops, [0, 5, 13, 20, 24]);
        let mut back = vec![text.len()];
        while back[back.len() - 1] > 0 {
            back.push(prev_sentence(text, back[back.len() - 1]));
        }
        assert_eq!(back, [24, 20, 13, 5, 0]);
    }

    #[test]
    fn the_starts_of_a_text_are_where_the_caret_stops() {
        for text in ["One. Two.\n\n  Three!\r\nFour by Mr. Chen. “He” said.", "他说了。“好。”然后走了。\n", "", " \n"]
        {
            let mut stops = vec![text.len() - text.trim_start().len()];
            while stops[stops.len() - 1] < text.len() {
                stops.push(next_sentence(text, stops[stops.len() - 1]));
            }
            stops.pop();
            assert_eq!(sentence_starts(text), stops, "{text:?}");
        }
    }

    #[test]
    fn simple_lines_break_as_the_segmenter_breaks_them() {
        let parts = [
            "", " ", "  ", "a", "B", "c.", "D.", "7", ".", "!", "?", "”", "“", "’", "\"", "(", ")", ",", "—", "é",
            "北", "\u{301}", "\t", "…", "。", "\u{2028}",
        ];
        let mut simple = 0;
        for number in 0..parts.len().pow(4) {
            let part = |power: u32| parts[number / parts.len().pow(power) % parts.len()];
            for line in [[part(0), ". ", part(1), part(2), part(3)], [part(0), part(1), part(2), " ", part(3)]] {
                let line = line.concat();
                let mut found = Vec::new();
                if simple_breaks(&line, &mut found) {
                    simple += 1;
                    let whole: Vec<usize> = segmenter().segment_str(&line).filter(|&at| at > 0).collect();
                    assert_eq!(found, whole, "{line:?}");
                }
            }
        }
        assert!(simple > 100_000, "{simple}");
    }

    #[test]
    fn windows_in_a_long_line_give_what_the_line_gives() {
        let text = "The general of 3.5 cities spoke. 他说了第一句。“No!” she said. Then e.g. nothing. ".repeat(60);
        let breaks = segmenter().segment_str(&text);
        let mut expected: Vec<usize> = breaks.map(|at| before_opening_marks(&text, 0, at)).collect();
        expected.dedup();
        for pair in expected.windows(2) {
            for byte in (pair[0]..pair[1]).step_by(5).filter(|&byte| text.is_char_boundary(byte)) {
                assert_eq!(with_space(&text, byte), pair[0]..pair[1], "byte {byte}");
            }
        }
    }

    #[test]
    fn a_sentence_without_end_is_cut_at_the_last_reach() {
        let text = "word ".repeat(200_000);
        let found = sentence_at(&text, 500_000);
        assert!(found.contains(&500_000) && found.len() < 4 * LAST_REACH);
    }
}
