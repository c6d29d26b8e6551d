//! Words, with ICU's dictionaries and models for scripts that write no spaces.
//!
//! A break always stands before a run of white space and before CJK stops and brackets (UAX #29, WB999), so a window
//! between two such places gives exactly what the whole text would.

use std::ops::Range;
use std::sync::OnceLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use super::{ceil_char, char_at, char_before, floor_char, is_word};

/// How far to look each way for a certain break: some 170 letters of Thai, which puts spaces between phrases and
/// whose model costs about two microseconds a byte.
const REACH: usize = 512;
/// Where no certain break is in reach, windows start at multiples of this, so that neighbours agree on their words.
const GRID: usize = 256;

fn segmenter() -> WordSegmenterBorrowed<'static> {
    static SEGMENTER: OnceLock<WordSegmenterBorrowed<'static>> = OnceLock::new();
    *SEGMENTER.get_or_init(|| WordSegmenter::new_auto(WordBreakInvariantOptions::default()))
}

/// The breaks in a window, its ends included. The models for South-East Asian scripts may break before a mark of
/// another script, which no reader would.
fn breaks<'a>(text: &'a str, window: &Range<usize>) -> impl Iterator<Item = usize> + 'a {
    let (start, end) = (window.start, window.end);
    let is_mark = |c| matches!(c, '\u{300}'..='\u{36F}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}');
    let found = segmenter().segment_str(&text[start..end]).map(move |at| start + at);
    found.filter(move |&at| at == start || at == end || !char_at(text, at).is_some_and(is_mark))
}

/// The segment that holds `byte`: a word, a run of spaces, or one punctuation mark. At the text's end: the last one.
pub fn word_at(text: &str, byte: usize) -> Range<usize> {
    let Some(byte) = inside(text, byte) else { return 0..0 };
    let window = window(text, byte);
    let mut start = window.start;
    for end in breaks(text, &window) {
        if end > byte {
            return start..end;
        }
        start = end;
    }
    start..window.end
}

/// The start of the next word after `byte`, or the text's end: where the caret goes with ctrl and the right arrow.
pub fn next_word(text: &str, byte: usize) -> usize {
    let mut at = floor_char(text, byte);
    while at < text.len() {
        let window = window(text, at);
        let mut start = window.start;
        for end in breaks(text, &window) {
            if start > byte && end > start && is_word(&text[start..end]) {
                return start;
            }
            start = end;
        }
        at = window.end.max(at + 1);
        // A word that starts a window has no segment before it to be told from.
        if starts_word(text, at, byte) {
            return at;
        }
        at = ceil_char(text, at);
    }
    text.len()
}

/// The start of the word that holds `byte`, or of the word before if `byte` starts one; 0 if there is none.
pub fn prev_word(text: &str, byte: usize) -> usize {
    let byte = floor_char(text, byte);
    let mut at = byte;
    while let Some(before) = char_before(text, at) {
        let window = window(text, at - before.len_utf8());
        let mut found = None;
        let mut start = window.start;
        for end in breaks(text, &window) {
            if start < byte && end > start && is_word(&text[start..end]) {
                found = Some(start);
            }
            start = end;
        }
        if let Some(found) = found {
            return found;
        }
        at = window.start;
    }
    0
}

/// The words in a range, without spaces and punctuation; a word that is only partly inside is cut at the range's edge.
pub fn words(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let range = floor_char(text, range.start)..floor_char(text, range.end);
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let window = window(text, at);
        let mut start = window.start;
        for end in breaks(text, &window) {
            let cut = start.max(at)..end.min(range.end);
            if cut.start < cut.end && is_word(&text[cut.clone()]) {
                found.push(cut);
            }
            start = end;
        }
        at = window.end.max(at + 1);
    }
    found
}

/// All breaks of a text in order, its end included: every word, run of spaces and punctuation mark ends at one.
pub fn word_breaks(text: &str) -> Vec<usize> {
    let mut found = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while at < text.len() {
        if let Some(end) = simple_breaks(text, at, &mut found) {
            at = end;
            continue;
        }
        let window = window(text, at);
        found.extend(breaks(text, &window).filter(|&end| end > at));
        at = window.end;
    }
    found
}

/// Adds the breaks from one certain break to the next where every rule agrees on them, without the segmenter, which takes
/// longer to begin than to go over a word: line ends, spaces, marks, one word of Latin or Cyrillic letters, marks. Tells where
/// they end; nothing is added where anything else stands.
fn simple_breaks(text: &str, start: usize, found: &mut Vec<usize>) -> Option<usize> {
    let bytes = text.as_bytes();
    if start > 0 && !is_certain_break(text, start) {
        return None;
    }
    let run = |from: usize, byte: u8| from + bytes[from..].iter().take_while(|it| **it == byte).count();
    let pieces = |from: usize, words: bool| {
        let mut at = from;
        while let Some((_, length)) = simple_piece(&bytes[at..]).filter(|(is_word, _)| *is_word == words) {
            at += length;
        }
        at
    };
    let line = run(start, b'\n');
    let spaces = run(line, b' ');
    let word = pieces(spaces, false);
    let after = pieces(word, true);
    let end = pieces(after, false);
    if end == start || end - start > REACH || end < text.len() && !is_certain_break(text, end) {
        return None;
    }
    found.extend(start + 1..=line);
    found.extend(Some(spaces).filter(|_| spaces > line));
    let mut at = spaces;
    while at < end {
        at = if at == word && after > word {
            after
        } else {
            at + simple_piece(&bytes[at..]).map_or(1, |(_, length)| length)
        };
        found.push(at);
    }
    Some(end)
}

/// Whether a letter, digit or mark that begins here is part of a word, and its bytes; nothing for what other rules are about.
fn simple_piece(bytes: &[u8]) -> Option<(bool, usize)> {
    match *bytes {
        [byte, ..] if byte.is_ascii_alphanumeric() || byte == b'_' => Some((true, 1)),
        [byte, ..] if byte.is_ascii_punctuation() => Some((false, 1)),
        // Latin but for × and ÷, then Cyrillic.
        [0xC3, next, ..] if !matches!(next, 0x97 | 0xB7) => Some((true, 2)),
        [0xC4..=0xC9 | 0xD0 | 0xD1, _, ..] => Some((true, 2)),
        // – — ‘ ’ “ ” …
        [0xE2, 0x80, 0x93 | 0x94 | 0x98 | 0x99 | 0x9C | 0x9D | 0xA6, ..] => Some((false, 3)),
        _ => None,
    }
}

fn starts_word(text: &str, at: usize, after: usize) -> bool {
    at > after && at < text.len() && text.is_char_boundary(at) && {
        let segment = word_at(text, at);
        segment.start == at && is_word(&text[segment])
    }
}

/// `byte` on a character boundary and before the text's end; none in an empty text.
fn inside(text: &str, byte: usize) -> Option<usize> {
    let byte = floor_char(text, byte);
    if byte < text.len() { Some(byte) } else { Some(byte - char_before(text, byte)?.len_utf8()) }
}

/// The text around `byte` (which is inside) from one certain break to the next.
fn window(text: &str, byte: usize) -> Range<usize> {
    let limit = byte.saturating_sub(REACH);
    let mut start = 0;
    let mut at = byte;
    while at > 0 {
        if is_certain_break(text, at) {
            start = at;
            break;
        }
        at = floor_char(text, at - 1);
        if at < limit {
            start = ceil_char(text, at.next_multiple_of(GRID)).min(byte);
            break;
        }
    }
    let limit = byte.saturating_add(REACH);
    let mut end = ceil_char(text, byte + 1);
    while end < text.len() && end < limit && !is_certain_break(text, end) {
        end = ceil_char(text, end + 1);
    }
    start..end
}

/// Whether a break stands before the character at `at`, whatever comes before and after.
fn is_certain_break(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    match bytes[at] {
        b' ' | b'\t' | b'\r' => !matches!(bytes[at - 1], b' ' | b'\t'),
        b'\n' => bytes[at - 1] != b'\r',
        0xE3 => matches!(bytes.get(at + 1..at + 3), Some([0x80, 0x81 | 0x82 | 0x88..=0x91])),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sample's segments, separated by `|`.
    const SAMPLES: [&str; 10] = [
        "The| |two| |sides|,| |he| |said|.",
        "China's| |$|3.5| |plan| |(|e\u{301}tude|)",
        "one|\r\n|two|  |three",
        "他|说|：|“|中国|和|缅甸|合作|。|”",
        "日本|の|首相|が|、|東京|で|会見|した|。",
        "ภาษา|ไทย|และ|ประเทศ|ไทย| |กรุง|เทพ",
        "မြန်မာနိုင်ငံ| |တွင်",
        "قال| |السفير|،| |Chen Hai",
        "👩‍👩‍👧|👍🏽| |ok",
        "ใน|เวลา",
    ];

    fn segments(text: &str) -> String {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let segment = word_at(text, at);
            assert!(segment.contains(&at), "{segment:?} does not hold {at}");
            found.push(&text[segment.clone()]);
            at = segment.end;
        }
        found.join("|")
    }

    #[test]
    fn words_are_found_in_every_script() {
        for sample in SAMPLES {
            let sample = sample.replace("Chen Hai", "Chen| |Hai");
            assert_eq!(segments(&sample.replace('|', "")), sample);
        }
    }

    #[test]
    fn the_breaks_of_a_text_are_the_ends_of_its_segments() {
        for sample in SAMPLES {
            let text = sample.replace('|', "");
            let mut ends = Vec::new();
            while let Some(segment) = text.get(ends.last().copied().unwrap_or(0)..).filter(|rest| !rest.is_empty()) {
                ends.push(word_at(&text, text.len() - segment.len()).end);
            }
            assert_eq!(word_breaks(&text), ends, "{sample}");
        }
    }

    #[test]
    fn simple_words_break_as_the_segmenter_breaks_them() {
        let parts = [
            "\n", " ", "  ", "a", "B9", "7", "_", "$", "\"", "'", ".", ",", ":", "-", "é", "Ж", "×", "“", "’", "—",
            "…", "北", "\u{301}", "\t",
        ];
        let mut simple = 0;
        for number in 0..parts.len().pow(4) {
            let part = |power: u32| parts[number / parts.len().pow(power) % parts.len()];
            let text = [part(0), part(1), part(2), part(3)].concat();
            let whole: Vec<usize> = breaks(&text, &(0..text.len())).filter(|&at| at > 0).collect();
            assert_eq!(word_breaks(&text), whole, "{text:?}");
            simple += usize::from(simple_breaks(&text, 0, &mut Vec::new()) == Some(text.len()));
        }
        assert!(simple > 10_000, "{simple}");
    }

    #[test]
    fn windows_give_what_the_whole_text_gives() {
        let text = SAMPLES.concat().replace('|', "").repeat(8);
        let whole: Vec<usize> = segmenter().segment_str(&text).collect();
        for pair in whole.windows(2) {
            for byte in (pair[0]..pair[1]).filter(|&byte| text.is_char_boundary(byte)) {
                assert_eq!(word_at(&text, byte), pair[0]..pair[1], "byte {byte}");
            }
        }
    }

    #[test]
    fn caret_moves_from_word_to_word_and_back() {
        let text = "Ada, «met»  — 2 中国合作。";
        let mut stops = vec![0];
        while stops[stops.len() - 1] < text.len() {
            stops.push(next_word(text, stops[stops.len() - 1]));
        }
        let starts: Vec<&str> = stops.windows(2).map(|pair| text[pair[0]..pair[1]].trim()).collect();
        assert_eq!(starts, ["Ada, «", "met»  —", "2", "中国", "合作。"]);
        let mut back = vec![text.len()];
        while back[back.len() - 1] > 0 {
            back.push(prev_word(text, back[back.len() - 1]));
        }
        back.reverse();
        assert_eq!(back, stops);
    }

    #[test]
    fn prev_word_from_inside_a_word_is_its_start() {
        assert_eq!(prev_word("one two", 6), 4);
        assert_eq!(prev_word("... one", 3), 0);
        assert_eq!(next_word("one ...", 1), 7);
    }

    #[test]
    fn words_leave_out_spaces_and_punctuation() {
        let text = "He said: “我们合作。” 👍🏽";
        let found: Vec<&str> = words(text, 0..text.len()).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["He", "said", "我们", "合作"]);
        let cut: Vec<&str> = words(text, 1..5).into_iter().map(|range| &text[range]).collect();
        assert_eq!(cut, ["e", "sa"]);
    }

    #[test]
    fn text_without_any_break_is_walked_in_bounded_windows() {
        let text = "中国".repeat(20_000);
        let middle = word_at(&text, 60_000);
        assert!(middle.contains(&60_000) && middle.len() == "中国".len());
        let text = "a".repeat(100_000);
        assert!(next_word(&text, 0) > 0);
        assert_eq!(prev_word("", 3), 0);
        assert_eq!(word_at("", 0), 0..0);
    }
}
