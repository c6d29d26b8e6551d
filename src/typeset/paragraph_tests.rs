//! What a set paragraph says of places: pieces, carets and bytes agree in every script.
//!
//! Only the bundled faces are used, and nothing depends on what a glyph looks like: a machine without fonts passes too.

use std::ops::Range;
use std::path::Path;

use proptest::prelude::*;

use super::{Fonts, Measure, Paragraph, Piece, look_of};
use crate::article::{self, Article};
use crate::text::boundary;

const LATIN: &str =
    "Officials “reviewed” the plan in Zoé's office; naïve fi ffl ligatures did not help, e\u{301} stands apart.";
const ARABIC: &str =
    "قال السفير Chen Hai إن الاجتماع استمر 45 دقيقة مع Ada Lovelace وإن البيان سيصدر غدًا في مدينة Port Louis.";
const CHINESE: &str = "陈海大使表示，双方就12项议题交换了意见，并同意继续保持沟通。会议持续了四十五分钟。";
const BURMESE: &str = "သံအမတ်ကြီးက အစည်းအဝေးတွင် အချက် ၁၂ ချက်ကို ဆွေးနွေးခဲ့ကြောင်း ပြောကြားသည်။";
const THAI: &str = "เอกอัครราชทูตกล่าวว่าที่ประชุมเห็นชอบแผนงาน 12 ข้อเมื่อวานนี้และจะแถลงในวันพรุ่งนี้";
const EMOJI: &str = "The crew 👩🏽‍🚀 and 👨‍👩‍👧 waved 🇲🇲 twice, then left 🙂.";

fn read(name: &str, text: &str) -> Article {
    article::from_bytes(Path::new(name), text.as_bytes().to_vec(), Some("UTF-8")).expect("a text that can be read")
}

fn set(article: &Article, block: usize, width: f32) -> Paragraph {
    let measure = Measure { scale: 1.0, width };
    let look = look_of(article.blocks()[block].kind, measure);
    Paragraph::set(&Fonts::bundled(), article.display(block), look, measure, None)
}

fn graphemes(text: &str, within: Range<u32>) -> Vec<Range<u32>> {
    let mut found = Vec::new();
    let mut at = within.start as usize;
    while at < within.end as usize {
        let next = boundary::next_grapheme(text, at);
        found.push(at as u32..next as u32);
        at = next;
    }
    found
}

fn width(pieces: &[Piece]) -> f32 {
    pieces.iter().map(|piece| piece.right - piece.left).sum()
}

fn span_of(text: &str, words: &str) -> Range<u32> {
    let start = text.find(words).expect("it stands in the text") as u32;
    start..start + words.len() as u32
}

fn overlap(a: &Piece, b: &Piece) -> bool {
    a.line == b.line && a.left.max(b.left) + 0.05 < a.right.min(b.right)
}

#[test]
fn a_latin_name_in_arabic_covers_its_own_letters_alone() {
    let article = read("a.txt", ARABIC);
    let name = span_of(ARABIC, "Ada Lovelace");
    let mut broken = 0;
    for step in 0..40 {
        let paragraph = set(&article, 0, 150.0 + step as f32 * 9.0);
        assert!(paragraph.is_rtl());
        let pieces = paragraph.pieces(name.clone());
        let letters: Vec<Piece> =
            graphemes(ARABIC, name.clone()).into_iter().flat_map(|it| paragraph.pieces(it)).collect();
        assert!((width(&pieces) - width(&letters)).abs() < 0.1, "{pieces:?} {letters:?}");
        let lines: Vec<usize> = pieces.iter().map(|piece| piece.line).collect();
        assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "one piece a line: {pieces:?}");
        broken += usize::from(lines.len() > 1);
        let others = [0..name.start, name.end..ARABIC.len() as u32];
        for other in others.into_iter().flat_map(|it| paragraph.pieces(it)) {
            assert!(!pieces.iter().any(|piece| overlap(piece, &other)), "{pieces:?} {other:?}");
        }
    }
    assert!(broken > 0, "at some width the name is broken over two lines");
}

#[test]
fn pieces_carets_and_bytes_agree_for_every_letter() {
    for (text, left_to_right) in
        [(LATIN, true), (CHINESE, true), (BURMESE, true), (THAI, true), (EMOJI, true), (ARABIC, false)]
    {
        let article = read("a.txt", text);
        for width_of_line in [180.0, 330.0, 4000.0] {
            let paragraph = set(&article, 0, width_of_line);
            let whole = paragraph.pieces(0..text.len() as u32);
            let mut sum = 0.0;
            for letter in graphemes(text, 0..text.len() as u32) {
                let words = &text[letter.start as usize..letter.end as usize];
                let pieces = paragraph.pieces(letter.clone());
                sum += width(&pieces);
                let (x, line) = paragraph.caret(letter.start);
                let Some(piece) = pieces.first() else {
                    assert!(words.chars().all(char::is_whitespace), "{words:?} covers nothing");
                    continue;
                };
                assert!(pieces.iter().all(|other| other.line == piece.line), "{words:?} stands on one line");
                assert_eq!(line, piece.line, "{words:?} of {text:?}");
                let place = paragraph.lines()[line];
                let middle = f32::midpoint(place.top, place.bottom);
                for quarter in [0.25, 0.75] {
                    let at = paragraph.byte_at(piece.left + (piece.right - piece.left) * quarter, middle);
                    assert!(at == letter.start || at == letter.end, "{at} for {words:?} at {letter:?}");
                }
                if left_to_right {
                    assert!((x - piece.left).abs() < 0.1, "{words:?}: caret {x}, {piece:?}");
                    assert_eq!(paragraph.byte_at(x, middle), letter.start, "{words:?} of {text:?}");
                }
            }
            // Spaces between words of one line count in both; those at line ends in neither.
            assert!((sum - width(&whole)).abs() < 0.5, "{sum} {whole:?}");
            let most = whole.iter().fold(0.0f32, |most, piece| most.max(piece.right));
            assert!(most <= width_of_line + 0.5, "{most} of {width_of_line}");
        }
    }
}

#[test]
fn markup_takes_no_room_and_what_it_holds_keeps_its_bytes() {
    let text = "He said **bold words** and [a *new* link](https://example.org/a) by `code` here.\n";
    let article = read("a.md", text);
    let paragraph = set(&article, 0, 5000.0);
    assert_eq!(paragraph.shown(), "He said bold words and a new link by code here.");
    for words in ["bold words", "new", "link", "code", "here"] {
        let span = span_of(text, words);
        let (x, line) = paragraph.caret(span.start);
        let pieces = paragraph.pieces(span.clone());
        assert_eq!(pieces.len(), 1, "{words}");
        assert!((pieces[0].left - x).abs() < 0.1, "{words}: {x} {pieces:?}");
        let place = paragraph.lines()[line];
        assert_eq!(paragraph.byte_at(x + 0.1, f32::midpoint(place.top, place.bottom)), span.start, "{words}");
    }
    for markup in ["**", "](https://example.org/a)", "`"] {
        assert_eq!(paragraph.pieces(span_of(text, markup)), [], "{markup}");
    }
    let bare = paragraph.pieces(span_of(text, "bold words"));
    assert_eq!(paragraph.pieces(span_of(text, "**bold words**")), bare);
}

/// Asks everything of a paragraph, at every character.
fn ask(article: &Article, width: f32) {
    for number in 0..article.blocks().len().min(40) {
        let block = &article.blocks()[number];
        if block.source.len() > 6000 {
            continue;
        }
        let paragraph = set(article, number, width);
        assert!(paragraph.height() >= 1.0);
        for byte in (block.source.start..=block.source.end).filter(|&it| article.text.is_char_boundary(it as usize)) {
            let (x, line) = paragraph.caret(byte);
            assert!(x.is_finite() && line < paragraph.lines().len().max(1));
            let end = boundary::next_grapheme(&article.text, byte as usize) as u32;
            for piece in paragraph.pieces(byte..end) {
                assert!(piece.line < paragraph.lines().len() && piece.left < piece.right, "{piece:?}");
            }
        }
        for (x, y) in [(-50.0, -50.0), (0.0, 0.0), (width / 2.0, 10.0), (1e6, 1e6)] {
            let byte = paragraph.byte_at(x, y);
            assert!(article.text.is_char_boundary(byte as usize));
            assert!((block.source.start..=block.source.end).contains(&byte));
        }
        for band in 0..paragraph.bands().len() {
            let picture = paragraph.picture(band);
            assert_eq!(picture.letters.len(), usize::from(picture.width) * usize::from(picture.height));
        }
    }
}

#[test]
fn odd_texts_are_set_without_a_panic() {
    let marks = "\u{301}\u{308}\u{20dd}\u{5b0}\u{64b}".repeat(40);
    let controls = "a\u{0}\u{7}\u{b}\u{c}\u{1b}\u{85}\u{2028}\u{2029}\u{200d}\u{feff}\u{202e}b\u{202c} \u{2066}c";
    // A line of this ended inside a character.
    let mixture = "رر🇲\t🏽bမ🏽*ာ#🏽#h中\u{200d}\t[ي[*\u{200d}ยย中🇲မ(]*\u{301}🇲*ر👩\u{301}r[]🚀*é中é文🚀🇲ب🏽k🚀]\u{301}ي\u{301}f\tာ\u{103a}";
    for text in [
        mixture,
        "\n\n\n",
        " ",
        "   \t  ",
        "\u{3000}\u{3000}",
        "\r\n \r\n",
        &marks,
        controls,
        "\u{fffd}\u{fffd} \u{fffd}",
        "\u{ad}",
    ] {
        for name in ["a.txt", "a.md"] {
            if let Ok(article) = article::from_bytes(Path::new(name), text.as_bytes().to_vec(), Some("UTF-8")) {
                ask(&article, 300.0);
                ask(&article, 52.825_035);
                ask(&article, 1.0);
            }
        }
    }
}

#[test]
fn what_is_invisible_has_a_sign_and_turns_nothing() {
    let text = "The man \u{202E}ytliug ton\u{202C} was gu\u{200B}ilty, قال\u{200F} هو.";
    let article = read("a.txt", text);
    let paragraph = set(&article, 0, 2000.0);
    let signs: Vec<u32> = paragraph.signs().map(|(byte, _)| byte).collect();
    let wanted: Vec<u32> = ['\u{202E}', '\u{202C}', '\u{200B}', '\u{200F}']
        .map(|sign| text.find(sign).expect("it is there") as u32)
        .into();
    assert_eq!(signs, wanted);
    assert!(paragraph.signs().all(|(_, pieces)| width(&pieces) > 3.0), "each can be seen");
    let letters = span_of(text, "ytliug");
    let carets: Vec<f32> = letters.map(|byte| paragraph.caret(byte).0).collect();
    assert!(carets.is_sorted(), "letters stand in the order of the file: {carets:?}");
    let (from, to) = (span_of(text, "man").start, span_of(text, "ytliug").end);
    assert_eq!(article.reads(from..to).replace(['\u{2066}', '\u{2069}'], ""), "man RLOytliug");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_set_and_asked(
        text in "[a-zé\u{301}عربي中文မြန်မာไทย👩🏽\u{200d}🚀🇲\u{fffd}\u{200f}*_`\\[\\]()# \n\t]{1,120}",
        width in 20.0f32..600.0,
    ) {
        for name in ["a.txt", "a.md"] {
            if let Ok(article) = article::from_bytes(Path::new(name), text.as_bytes().to_vec(), Some("UTF-8")) {
                ask(&article, width);
            }
        }
    }
}

#[test]
fn lines_stand_at_one_pitch_whatever_faces_stand_in() {
    // Where a machine has none of these faces, the boxes that stand for them are in the reading face.
    let text = format!("{EMOJI} {BURMESE} {THAI} {CHINESE} {ARABIC} ☁ ⛵ {LATIN}");
    let article = read("a.txt", &text);
    let measure = Measure { scale: 1.0, width: 240.0 };
    let look = look_of(crate::article::BlockKind::Paragraph, measure);
    let paragraph = Paragraph::set(&Fonts::with_system(), article.display(0), look, measure, None);
    let lines = paragraph.lines();
    assert!(lines.len() > 10);
    for pair in lines.windows(2) {
        assert!((pair[1].baseline - pair[0].baseline - look.pitch).abs() < 0.01, "{pair:?}");
        assert!((pair[1].top - pair[0].bottom).abs() < 0.01, "{pair:?}");
    }
    for (number, line) in lines.iter().enumerate() {
        let (start, end) = (paragraph.line_range(number).start as u32, paragraph.line_range(number).end as u32);
        for y in [line.top + 1.0, line.baseline, line.bottom - 1.0] {
            let hit = paragraph.byte_at(60.0, y);
            assert!((start..=end).contains(&hit), "line {number} at {y} gives {hit}, not {start}..{end}");
        }
    }
}

#[test]
fn only_scripts_that_have_italics_are_slanted() {
    let fonts = Fonts::with_system();
    for text in [THAI, CHINESE, BURMESE, ARABIC, "記者 2026年9月18日", "🪁 ✍\u{FE0F}"] {
        let article = read("a.txt", text);
        let measure = Measure { scale: 1.0, width: 900.0 };
        let look = look_of(crate::article::BlockKind::Byline, measure);
        let paragraph = Paragraph::set(&fonts, article.display(0), look, measure, None);
        for line in paragraph.layout().lines() {
            for run in line.runs().filter(|run| !text[run.text_range()].is_ascii()) {
                assert!(run.synthesis().skew().is_none(), "{}", &text[run.text_range()]);
            }
        }
    }
}
