//! Grapheme clusters: what a reader takes for one character, such as a letter with its marks or a joined emoji.
//!
//! Next and previous read a window of the text only; what is longer than any script needs may be parted.

use icu_segmenter::{GraphemeClusterSegmenter, GraphemeClusterSegmenterBorrowed};

use super::{ceil_char, char_at, char_before, floor_char};

const SEGMENTER: GraphemeClusterSegmenterBorrowed<'static> = GraphemeClusterSegmenter::new();

/// How far to look for a certain boundary; clusters are far shorter.
const REACH: usize = 256;
/// Flags are pairs counted from the start of their run, so the whole run is needed; nobody writes a longer one.
const FLAGS_REACH: usize = 16 * 1024;

/// The end of the cluster that holds `byte`; the text's end at the end.
pub fn next_grapheme(text: &str, byte: usize) -> usize {
    let byte = floor_char(text, byte);
    let bytes = text.as_bytes();
    if let [here, next, ..] = bytes[byte..]
        && here.is_ascii()
        && next.is_ascii()
        && here != b'\r'
    {
        return byte + 1;
    }
    let mut reach = REACH;
    loop {
        let start = certain_start(text, byte);
        let end = ceil_char(text, byte + reach);
        let found = SEGMENTER.segment_str(&text[start..end]).map(|at| start + at).find(|&at| at > byte);
        match found {
            // A break at the end of the window may be the window's own.
            Some(at) if at < end || end == text.len() || reach > REACH => return at,
            None if end == text.len() => return end,
            _ => reach *= 16,
        }
    }
}

/// All clusters of a text, in bytes.
pub fn graphemes(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut start = 0;
    SEGMENTER.segment_str(text).skip(1).map(move |end| std::mem::replace(&mut start, end)..end)
}

/// The start of the cluster that ends at `byte` or holds it; 0 at the start.
pub fn prev_grapheme(text: &str, byte: usize) -> usize {
    let byte = floor_char(text, byte);
    let Some(before) = char_before(text, byte) else { return 0 };
    let place = byte - before.len_utf8();
    if let [.., further, here] = text.as_bytes()[..byte]
        && here.is_ascii()
        && further.is_ascii()
        && here != b'\n'
    {
        return place;
    }
    let start = certain_start(text, place);
    let end = ceil_char(text, byte + 8);
    let boundaries = SEGMENTER.segment_str(&text[start..end]).map(|at| start + at);
    boundaries.take_while(|&at| at < byte).last().unwrap_or(place)
}

/// A boundary at or before `byte` that holds whatever stands before it, or the end of a bounded search for one.
fn certain_start(text: &str, byte: usize) -> usize {
    let bytes = text.as_bytes();
    let limit = floor_char(text, byte.saturating_sub(REACH));
    let mut at = byte;
    while at > limit {
        if at < bytes.len() && bytes[at].is_ascii() && bytes[at - 1].is_ascii() && bytes[at] != b'\n' {
            return at;
        }
        at -= 1;
    }
    let flags_limit = byte.saturating_sub(FLAGS_REACH);
    while at > flags_limit
        && char_before(text, at).is_some_and(is_flag_half)
        && char_at(text, at).is_some_and(is_flag_half)
    {
        at -= 4;
    }
    at
}

fn is_flag_half(c: char) -> bool {
    ('\u{1F1E6}'..='\u{1F1FF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The clusters of each sample, separated by `|`.
    const SAMPLES: [&str; 8] = [
        "a|b| |c",
        "e\u{301}|x|\r\n|y|\r|z",
        "👩‍👩‍👧|👍🏽|🇲🇲|🇨🇳|🇹🇭|!",
        "မြ|န်|မ|ာ",
        "ก|ำ|ที่|นี่",
        "中|文|か\u{3099}|。",
        "ن|صٌّ| |ع",
        "각|\u{1100}\u{1161}\u{11A8}|",
    ];

    fn check(marked: &str) {
        let text = marked.replace('|', "");
        let mut boundaries = vec![0];
        for cluster in marked.split('|') {
            boundaries.push(boundaries[boundaries.len() - 1] + cluster.len());
        }
        boundaries.dedup();
        for pair in boundaries.windows(2) {
            for byte in pair[0]..pair[1] {
                assert_eq!(next_grapheme(&text, byte), pair[1], "after {byte} in {marked}");
            }
            for byte in (pair[0] + 1..=pair[1]).filter(|&byte| text.is_char_boundary(byte)) {
                assert_eq!(prev_grapheme(&text, byte), pair[0], "before {byte} in {marked}");
            }
        }
        assert_eq!(next_grapheme(&text, text.len()), text.len());
        assert_eq!(prev_grapheme(&text, 0), 0);
    }

    #[test]
    fn clusters_are_whole_in_every_script() {
        for sample in SAMPLES {
            // Thai sara am (ำ) joins what it follows.
            check(&sample.replace("ก|ำ", "กำ"));
        }
    }

    #[test]
    fn a_long_run_of_flags_keeps_its_pairs() {
        let text = "🇲🇲".repeat(500);
        assert_eq!(next_grapheme(&text, 8 * 400), 8 * 401);
        assert_eq!(prev_grapheme(&text, 8 * 400), 8 * 399);
    }

    #[test]
    fn walking_visits_every_boundary_of_a_mixed_text() {
        let text = SAMPLES.concat().replace('|', "").repeat(20);
        let expected: Vec<usize> = SEGMENTER.segment_str(&text).collect();
        let mut walked = vec![0];
        while walked[walked.len() - 1] < text.len() {
            walked.push(next_grapheme(&text, walked[walked.len() - 1]));
        }
        assert_eq!(walked, expected);
        let mut back = vec![text.len()];
        while back[back.len() - 1] > 0 {
            back.push(prev_grapheme(&text, back[back.len() - 1]));
        }
        back.reverse();
        assert_eq!(back, expected);
    }
}
