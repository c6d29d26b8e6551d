//! Which faces a script is set in, where the system's own choice is not good enough, and what is never slanted.
//!
//! A fallback that only asks who has the letters takes faces that place marks wrongly (Noto Looped Thai 1.0 lays tone
//! marks over the vowels), or draws emoji as outlines because a text face has those too. Faces named here come first
//! where they are installed; all others follow as before.

use std::ops::Range;

use icu_properties::props::{EmojiModifier, EmojiPresentation, ExtendedPictographic, Script};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Reading faces by script, the best first: they go with a book face, have a heavy cut and place marks well.
const FACES: &[(Script, &[&str])] = &[
    (Script::Arabic, &["Noto Naskh Arabic", "Amiri", "Scheherazade New", "Geeza Pro", "Arabic Typesetting"]),
    (Script::Armenian, &["Noto Serif Armenian", "Noto Sans Armenian"]),
    (Script::Bengali, &["Noto Serif Bengali", "Noto Sans Bengali", "Nirmala UI"]),
    (Script::Devanagari, &["Noto Serif Devanagari", "Noto Sans Devanagari", "Nirmala UI"]),
    (Script::Ethiopic, &["Noto Serif Ethiopic", "Noto Sans Ethiopic"]),
    (Script::Georgian, &["Noto Serif Georgian", "Noto Sans Georgian"]),
    (Script::Gujarati, &["Noto Serif Gujarati", "Noto Sans Gujarati", "Nirmala UI"]),
    (Script::Gurmukhi, &["Noto Serif Gurmukhi", "Noto Sans Gurmukhi", "Nirmala UI"]),
    (Script::Hebrew, &["Noto Serif Hebrew", "Noto Sans Hebrew"]),
    (Script::Kannada, &["Noto Serif Kannada", "Noto Sans Kannada", "Nirmala UI"]),
    (Script::Khmer, &["Noto Serif Khmer", "Noto Sans Khmer", "Leelawadee UI"]),
    (Script::Lao, &["Noto Serif Lao", "Noto Sans Lao", "Leelawadee UI"]),
    (Script::Malayalam, &["Noto Serif Malayalam", "Noto Sans Malayalam", "Nirmala UI"]),
    // Noto Serif Myanmar is not among them: its heavy cut says that it is the ordinary one (`usWeightClass` 400).
    (Script::Myanmar, &["Noto Sans Myanmar", "Padauk", "Myanmar Text", "Myanmar MN"]),
    (Script::Sinhala, &["Noto Serif Sinhala", "Noto Sans Sinhala", "Nirmala UI"]),
    (Script::Tamil, &["Noto Serif Tamil", "Noto Sans Tamil", "Nirmala UI"]),
    (Script::Telugu, &["Noto Serif Telugu", "Noto Sans Telugu", "Nirmala UI"]),
    (Script::Thai, &["Noto Serif Thai", "Noto Sans Thai", "Sarabun", "Thonburi", "Leelawadee UI"]),
    (Script::Tibetan, &["Noto Serif Tibetan", "Kokonor", "Microsoft Himalaya"]),
];

const JAPANESE: &[&str] =
    &["Noto Serif CJK JP", "Noto Serif JP", "Source Han Serif", "Hiragino Mincho ProN", "Yu Mincho"];
const KOREAN: &[&str] = &["Noto Serif CJK KR", "Noto Serif KR", "Source Han Serif K", "AppleMyungjo", "Batang"];
const CHINESE: &[&str] = &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Songti SC", "SimSun"];

/// What differs from the paragraph's own setting in a stretch of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Which bytes.
    pub range: Range<usize>,
    /// Whether the colour emoji face goes before all others; else the stretch is of a script without italics.
    pub emoji: bool,
}

/// For each script of a text the best face that is at hand.
pub(super) fn families(
    text: &str,
    language: Option<&str>,
    mut is_at_hand: impl FnMut(&'static str) -> bool,
) -> Vec<&'static str> {
    let mut found: Vec<Script> = Vec::new();
    for c in text.chars().filter(|&c| !is_western(c)) {
        let script = script_of(c);
        if !found.contains(&script) {
            found.push(script);
        }
    }
    let of = |script: Script| match script {
        Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo => match language {
            Some("ja") => JAPANESE,
            Some("ko") => KOREAN,
            _ => CHINESE,
        },
        _ => FACES.iter().find(|(known, _)| *known == script).map_or(&[][..], |(_, faces)| faces),
    };
    let mut faces = Vec::new();
    for script in found {
        if let Some(face) = of(script).iter().find(|face| is_at_hand(face))
            && !faces.contains(face)
        {
            faces.push(*face);
        }
    }
    faces
}

/// Emoji, and what is set in scripts that know no italics: a face slanted by machine is not one. Signs that all
/// scripts share go with the letters before them, at the start with those that follow.
pub(super) fn stretches(text: &str) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    if text.chars().all(is_western) {
        return stretches;
    }
    let mut upright = None;
    let mut leading = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (end, emoji) = match emoji_len(&text[at..]) {
            Some(length) => (at + length, true),
            None => (at + c.len_utf8(), false),
        };
        let script = script_of(c);
        if !emoji && !matches!(script, Script::Common | Script::Inherited | Script::Unknown) {
            upright = Some(!matches!(script, Script::Latin | Script::Greek | Script::Cyrillic | Script::Armenian));
        }
        match (emoji, upright) {
            (true, _) => add(&mut stretches, Stretch { range: at..end, emoji }),
            (false, Some(true)) => {
                let start = if leading == at { 0 } else { at };
                let free = stretches.last().map_or(0, |last| last.range.end);
                add(&mut stretches, Stretch { range: start.max(free)..end, emoji });
            }
            _ => {}
        }
        if upright.is_none() {
            leading = end;
        }
        at = end;
    }
    stretches
}

fn add(stretches: &mut Vec<Stretch>, next: Stretch) {
    match stretches.last_mut() {
        Some(last) if last.emoji == next.emoji && last.range.end == next.range.start => last.range.end = next.range.end,
        _ => stretches.push(next),
    }
}

/// Letters of alphabets that the reading face has, and ordinary punctuation.
fn is_western(c: char) -> bool {
    matches!(c, '\0'..='\u{52F}' | '\u{1E00}'..='\u{200C}' | '\u{2010}'..='\u{203B}')
}

fn script_of(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

/// The length of the emoji that a text starts with, by its default presentation (Unicode Technical Standard 51): one
/// that is in colour by itself, or by a variation selector, a skin tone or a joiner that follows.
fn emoji_len(text: &str) -> Option<usize> {
    const JOINER: char = '\u{200D}';
    let pictographs = CodePointSetData::new::<ExtendedPictographic>();
    let modifiers = CodePointSetData::new::<EmojiModifier>();
    let mut chars = text.chars().peekable();
    let first = chars.next()?;
    let next = chars.peek().copied();
    let starts = match next {
        Some('\u{FE0E}') => false,
        Some('\u{FE0F}') => pictographs.contains(first) || matches!(first, '#' | '*' | '0'..='9'),
        Some(next) if pictographs.contains(first) && (modifiers.contains(next) || next == JOINER) => true,
        _ => first > '\u{FF}' && CodePointSetData::new::<EmojiPresentation>().contains(first),
    };
    if !starts {
        return None;
    }
    let mut length = first.len_utf8();
    while let Some(c) = chars.next() {
        let goes_on = matches!(c, '\u{FE0F}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}') || modifiers.contains(c);
        let joins = c == JOINER && chars.peek().is_some_and(|&next| pictographs.contains(next));
        if joins {
            length += c.len_utf8() + chars.next().map_or(0, char::len_utf8);
        } else if goes_on {
            length += c.len_utf8();
        } else {
            break;
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let name =
            |it: &Stretch| format!("{}{}", if it.emoji { "emoji " } else { "upright " }, &text[it.range.clone()]);
        stretches(text).iter().map(name).collect()
    }

    #[test]
    fn emoji_are_told_from_text_signs() {
        let check = |text: &str, expected: &[&str]| assert_eq!(told(text), expected, "{text}");
        check("By Zoë, 26 October 2026, No. 1 © x", &[]);
        check("up 🪁🪁, at 🕗 20:15", &["emoji 🪁🪁", "emoji 🕗"]);
        check("a ☁ and a ☁\u{FE0F}, a 🐟\u{FE0E}", &["emoji ☁\u{FE0F}"]);
        check("👩🏽\u{200D}🚒x☝🏽 🏳\u{FE0F}\u{200D}🌈.", &["emoji 👩🏽\u{200D}🚒", "emoji ☝🏽", "emoji 🏳\u{FE0F}\u{200D}🌈"]);
        check(
            "🇲🇲 #\u{FE0F}\u{20E3} 🏴\u{E0067}\u{E007F}",
            &["emoji 🇲🇲", "emoji #\u{FE0F}\u{20E3}", "emoji 🏴\u{E0067}\u{E007F}"],
        );
        check("a\u{200D}b ☺\u{200D}", &["emoji ☺"]);
    }

    #[test]
    fn scripts_without_italics_stand_upright_with_their_signs() {
        assert_eq!(told("2026年9月18日"), ["upright 2026年9月18日"]);
        assert_eq!(told("“陈海” met Ada"), ["upright “陈海” "]);
        assert_eq!(told("โดย พิมพ์ดาว 12"), ["upright โดย พิมพ์ดาว 12"]);
        assert_eq!(told("Anna, Анна, Άννα"), Vec::<String>::new());
        assert_eq!(told("陈🐟海"), ["upright 陈", "emoji 🐟", "upright 海"]);
    }

    #[test]
    fn a_script_is_set_in_faces_that_place_its_marks() {
        let all = |_: &'static str| true;
        assert_eq!(families("Latin, Ελλάδα", None, all), Vec::<&str>::new());
        assert_eq!(families("วิ่ง", None, all), ["Noto Serif Thai"]);
        assert_eq!(families("陳さん วิ่ง", Some("ja"), all), ["Noto Serif CJK JP", "Noto Serif Thai"]);
        assert_eq!(families("陳 ขึ้น", None, |face| face == "Sarabun"), ["Sarabun"]);
        assert_eq!(families("ခဲ့", None, |face| face != "Noto Sans Myanmar"), ["Padauk"]);
    }
}
