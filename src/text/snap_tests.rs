//! Selections in a small notation: the range stands between `[` and `]`.

use super::*;
use proptest::prelude::*;

/// The text without its first `[` and `]`, and the range between them.
fn parse(marked: &str) -> (String, Range<usize>) {
    let start = marked.find('[').expect("a start");
    let rest = marked.replacen('[', "", 1);
    let end = rest.find(']').expect("an end");
    (rest.replacen(']', "", 1), start..end)
}

fn show(text: &str, range: &Range<usize>) -> String {
    format!("{}[{}]{}", &text[..range.start], &text[range.clone()], &text[range.end..])
}

#[test]
fn snapping_takes_touched_words_whole() {
    for (drag, expected) in [
        ("The am[bassador to My]anmar", "The [ambassador to Myanmar]"),
        ("The[ ambassador ]to", "The[ ambassador ]to"),
        ("The []ambassador", "The []ambassador"),
        ("[Chen] Hai", "[Chen] Hai"),
        ("他说中[国和缅]甸合作。", "他说[中国和缅甸]合作。"),
        ("ภาษาไท[ยแล]ะประเทศ", "ภาษา[ไทยและ]ประเทศ"),
        ("(Re[ut]ers)", "([Reuters])"),
        ("💬 👩‍👩[‍👧 o]k", "💬 [👩‍👩‍👧 ok]"),
        ("قال الس[في]ر هنا", "قال [السفير] هنا"),
    ] {
        let (text, range) = parse(drag);
        assert_eq!(show(&text, &snap(&text, &range, Snap::Word)), expected);
    }
}

#[test]
fn snapping_to_characters_keeps_clusters_whole() {
    for (drag, expected) in
        [("ab[c]d", "ab[c]d"), ("e[\u{301}]x", "[e\u{301}]x"), ("👩[‍]👧!", "[👩‍👧]!"), ("a\r[\n]b", "a[\r\n]b")]
    {
        let (text, range) = parse(drag);
        assert_eq!(show(&text, &snap(&text, &range, Snap::Character)), expected);
    }
}

#[test]
fn trimming_drops_space_and_stray_punctuation() {
    for (before, keep, expected) in [
        ("the[ two sides, ]he", false, "the [two sides], he"),
        ("He met[ Chen Hai.]", false, "He met [Chen Hai]."),
        ("[He met Chen Hai.] Then", false, "[He met Chen Hai.] Then"),
        ("[“We go,”] he", true, "[“We go,”] he"),
        ("[“We go,”] he", false, "“[We go],” he"),
        ("[“We go.”] Then", false, "“[We go.]” Then"),
        ("[We go,”] he", false, "[We go],” he"),
        ("he said [“we go]", false, "he said “[we go]"),
        ("in the [U.S.] embassy", false, "in the [U.S.] embassy"),
        ("by [Apple Inc.] today", false, "by [Apple Inc.] today"),
        ("said [(Reuters)] today", false, "said [(Reuters)] today"),
        ("said [Reuters)] today", false, "said [Reuters]) today"),
        ("he [don’t know’] it", false, "he [don’t know]’ it"),
        ("the [’90s] were", false, "the [’90s] were"),
        ("[「我们合作，」]他", false, "「[我们合作]，」他"),
        ("他说[，中国]和", false, "他说，[中国]和"),
        ("[„Ja“, „nein“] sagte", false, "[„Ja“, „nein“] sagte"),
        ("said [\"it is\"] so", false, "said \"[it is]\" so"),
        ("said [\"it is] so", false, "said \"[it is] so"),
        ("نعم[، السفير؛ ]قال", false, "نعم، [السفير]؛ قال"),
        ("x[ … — ]y", false, "x […] — y"),
        ("x[ !? ]y", false, "x [!?] y"),
        ("x[  ]y", false, "x  []y"),
    ] {
        let (text, range) = parse(before);
        assert_eq!(show(&text, &trim(&text, range, keep)), expected, "from {before}");
    }
}

#[test]
fn growing_goes_from_caret_to_the_paragraph_and_back() {
    let text = "Top.\nHe left. In recent years, Chen Hai, who spoke for 3,500 people, went. End.\nLast.";
    let caret = text.find("ei").unwrap_or_default().max(text.find("hen").unwrap_or_default());
    let mut range = caret..caret;
    let mut seen = vec![range.clone()];
    for expected in [
        "Chen",
        "Chen Hai",
        "In recent years, Chen Hai, who spoke for 3,500 people, went.",
        "He left. In recent years, Chen Hai, who spoke for 3,500 people, went. End.",
        "He left. In recent years, Chen Hai, who spoke for 3,500 people, went. End.",
    ] {
        range = grow(text, &range);
        assert_eq!(&text[range.clone()], expected);
        seen.push(range.clone());
    }
    seen.dedup();
    for step in seen.iter().rev().skip(1) {
        range = shrink(text, &range, caret);
        assert_eq!(&range, step);
    }
    assert_eq!(shrink(text, &range, caret), caret..caret);
}

#[test]
fn growing_works_without_spaces() {
    let text = "中国和缅甸，加强合作。结束。";
    let at = text.find("强").unwrap_or_default();
    let word = grow(text, &(at..at));
    assert_eq!(&text[word.clone()], "加强");
    let phrase = grow(text, &word);
    assert_eq!(&text[phrase.clone()], "加强合作");
    assert_eq!(&text[grow(text, &phrase)], "中国和缅甸，加强合作。");
}

#[test]
fn growing_in_an_empty_text_is_harmless() {
    assert_eq!(grow("", &(0..0)), 0..0);
    assert_eq!(shrink("", &(0..0), 0), 0..0);
    assert_eq!(snap("", &(3..9), Snap::Word), 0..0);
}

proptest! {
    #[test]
    fn trimming_and_snapping_never_lose_what_is_there(
        text in "[a-c “”\"'’(),.!:\r\n中。「」\u{301}👩\u{200d}မ]{0,40}", a in 0..60_usize, b in 0..60_usize, keep: bool,
    ) {
        let range = floor_char(&text, a.min(b))..floor_char(&text, a.max(b));
        let trimmed = trim(&text, range.clone(), keep);
        prop_assert!(range.start <= trimmed.start && trimmed.end <= range.end);
        let held_something = !trim_space(&text, &range).is_empty();
        prop_assert_eq!(held_something, !trimmed.is_empty());
        prop_assert_eq!(trim(&text, trimmed.clone(), keep), trimmed);
        for unit in [Snap::Word, Snap::Character] {
            let wide = snap(&text, &range, unit);
            prop_assert!(wide.start <= range.start && range.end <= wide.end);
            prop_assert_eq!(snap(&text, &wide, unit), wide);
        }
        let larger = grow(&text, &range);
        prop_assert!(larger.start <= range.start && range.end <= larger.end);
    }
}
