//! Characters that leave no trace on a page or turn the text around them, and the signs that stand for them there.
//!
//! A text must not seem to say another thing than its file does. What does its plain work where it stands (a joiner
//! inside an emoji, a break between words of Thai) is left alone; all else of the kind is shown as a sign.

use std::ops::Range;

/// Bytes before a character that are looked at to tell what it belongs to.
const BEFORE: usize = 64;

/// A character that is shown as a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Its byte in the text.
    pub at: usize,
    /// What it is.
    pub character: char,
}

/// The characters of a part of a text that are shown as signs, in order.
pub fn hidden(text: &str, part: Range<usize>) -> impl Iterator<Item = Hidden> {
    // Each paragraph that is set is looked through: only what may begin such a character is decoded.
    let bytes = text.as_bytes().get(part.clone()).unwrap_or_default();
    let begins = bytes.iter().enumerate().filter(|(_, byte)| may_begin(**byte)).map(move |(at, _)| part.start + at);
    begins
        .filter_map(|at| Some(Hidden { at, character: text.get(at..)?.chars().next()? }))
        .filter(|it| is_hidden(it.character) && !is_at_work(text, *it))
}

/// Whether a byte of UTF-8 may be the first of a hidden character.
const fn may_begin(byte: u8) -> bool {
    matches!(byte,
        0..=0x08 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F
        | 0xC2 | 0xCD | 0xD8 | 0xE1 | 0xE2 | 0xE3 | 0xEF | 0xF0 | 0xF3)
}

impl Hidden {
    /// What stands for it on the page. Its letters do not turn what stands around them.
    pub(super) fn sign(self) -> String {
        let label = match (self.character, abbreviation(self.character)) {
            ('\u{AD}', _) => "-".to_owned(),
            (_, Some(short)) => short.to_owned(),
            (other, None) => format!("U+{:04X}", other as u32),
        };
        // Direction marks move no letters, so that they may do their work, after their sign; what embeds, overrides or
        // isolates can make a text read in another order, and has no effect here.
        let mark = Some(self.character).filter(|c| matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}'));
        format!("\u{2066}{label}\u{2069}{}", mark.map(String::from).unwrap_or_default())
    }

    /// What it is, in a sentence for its reader.
    pub fn told(self) -> String {
        let name = name(self.character);
        let turns = matches!(self.character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        let turns = if turns { " It does not turn the text here: letters stand in the order of the file." } else { "" };
        format!("An invisible character of the file: {name} (U+{:04X}).{turns}", self.character as u32)
    }
}

/// Characters without a shape of their own: controls, and those that format. Line ends and tabs are not among them.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}'
        | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character does what it is there for, so that its work is what is seen.
fn is_at_work(text: &str, Hidden { at, character }: Hidden) -> bool {
    let before = || text[..at].chars().next_back();
    let after = || text[at + character.len_utf8()..].chars().next();
    let near = |wanted: fn(char) -> bool| before().is_some_and(wanted) || after().is_some_and(wanted);
    match character {
        // Joiners shape letters of many scripts, and make one emoji of several.
        '\u{200C}' | '\u{200D}' => before().is_some_and(|c| is_shaped(c) || is_selector(c)),
        // Where words are not parted by spaces, this parts them.
        '\u{200B}' | '\u{2060}' => near(parts_no_words),
        // One selector chooses a shape of the sign before it; letters and digits alone have no such choice.
        '\u{FE00}'..='\u{FE0F}' => match before() {
            Some(base @ ('0'..='9' | '#' | '*')) => after() == Some('\u{20E3}') && !is_hidden(base),
            base => base.is_some_and(|c| !c.is_ascii() && !is_hidden(c)),
        },
        '\u{E0100}'..='\u{E01EF}' => before().is_some_and(
            |c| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'),
        ),
        '\u{180B}'..='\u{180F}' => before().is_some_and(|c| matches!(c, '\u{1800}'..='\u{18AF}')),
        // Tags spell the region of a flag.
        '\u{E0020}'..='\u{E007F}' => {
            let tags = text[..at].chars().rev().take(BEFORE / 4).find(|c| !matches!(c, '\u{E0020}'..='\u{E007F}'));
            tags == Some('\u{1F3F4}')
        }
        '\u{1160}' | '\u{115F}' => near(|c| matches!(c, '\u{1100}'..='\u{11FF}')),
        _ => false,
    }
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// Letters that joiners shape (from Arabic to the scripts of India, Tibet, Burma, Cambodia and Mongolia), and emoji.
fn is_shaped(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{DFF}' | '\u{F00}'..='\u{109F}' | '\u{1700}'..='\u{1AFF}' | '\u{1B00}'..='\u{1CFF}'
        | '\u{2190}'..='\u{2BFF}' | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10A00}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}' | '\u{1F000}'..='\u{1FAFF}')
        && !is_hidden(c)
}

/// Scripts that write no spaces between words.
fn parts_no_words(c: char) -> bool {
    matches!(c,
        '\u{E00}'..='\u{FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{1950}'..='\u{19FF}'
        | '\u{1A20}'..='\u{1AAF}' | '\u{2E80}'..='\u{A4CF}' | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        && !is_hidden(c)
}

/// The abbreviation that the Unicode standard has for a character.
fn abbreviation(c: char) -> Option<&'static str> {
    const CONTROLS: [&str; 32] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
        "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
    ];
    KNOWN
        .iter()
        .find(|(known, ..)| *known == c)
        .map(|(_, short, _)| *short)
        .or_else(|| CONTROLS.get(c as usize).copied())
}

fn name(c: char) -> &'static str {
    match KNOWN.iter().find(|(known, ..)| *known == c) {
        Some((.., name)) => name,
        None if c.is_control() => "a control character",
        None if matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}') => "variation selector",
        None if matches!(c, '\u{E0020}'..='\u{E007F}') => "tag character",
        None => "a format character",
    }
}

/// Abbreviations and names of the characters that a reader is likely to meet (Unicode 16, chapter 23).
const KNOWN: [(char, &str, &str); 26] = [
    ('\u{7F}', "DEL", "delete"),
    ('\u{AD}', "SHY", "soft hyphen"),
    ('\u{34F}', "CGJ", "combining grapheme joiner"),
    ('\u{61C}', "ALM", "Arabic letter mark"),
    ('\u{180E}', "MVS", "Mongolian vowel separator"),
    ('\u{200B}', "ZWSP", "zero width space"),
    ('\u{200C}', "ZWNJ", "zero width non-joiner"),
    ('\u{200D}', "ZWJ", "zero width joiner"),
    ('\u{200E}', "LRM", "left-to-right mark"),
    ('\u{200F}', "RLM", "right-to-left mark"),
    ('\u{202A}', "LRE", "left-to-right embedding"),
    ('\u{202B}', "RLE", "right-to-left embedding"),
    ('\u{202C}', "PDF", "pop directional formatting"),
    ('\u{202D}', "LRO", "left-to-right override"),
    ('\u{202E}', "RLO", "right-to-left override"),
    ('\u{2060}', "WJ", "word joiner"),
    ('\u{2061}', "FA", "function application"),
    ('\u{2062}', "IT", "invisible times"),
    ('\u{2063}', "IS", "invisible separator"),
    ('\u{2064}', "IP", "invisible plus"),
    ('\u{2066}', "LRI", "left-to-right isolate"),
    ('\u{2067}', "RLI", "right-to-left isolate"),
    ('\u{2068}', "FSI", "first strong isolate"),
    ('\u{2069}', "PDI", "pop directional isolate"),
    ('\u{3164}', "HF", "Hangul filler"),
    ('\u{FEFF}', "BOM", "zero width no-break space, the byte order mark"),
];

#[cfg(test)]
mod tests {
    use super::hidden;

    fn found(text: &str) -> Vec<char> {
        hidden(text, 0..text.len()).map(|it| it.character).collect()
    }

    #[test]
    fn what_does_its_work_is_left_alone() {
        for text in [
            "plain\ttext\r\nwith\nlines\u{2028}and\u{85}more",
            "👩‍👩‍👧 👩🏽‍🚀 ❤️‍🔥 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} ☎️ 1️⃣",
            "می‌خواهم क्‍ष",
            "ကို\u{200B}သွား ไทย\u{200B}คำ 中\u{200B}文 abc\u{200B}ไทย",
            "葛\u{E0100} e\u{301}",
        ] {
            assert_eq!(found(text), &[] as &[char], "{text:?}");
        }
    }

    #[test]
    fn no_hidden_character_begins_with_another_byte() {
        let hidden = (0..=0x0010_FFFF).filter_map(char::from_u32).filter(|c| super::is_hidden(*c));
        for c in hidden {
            let first = c.encode_utf8(&mut [0; 4]).as_bytes()[0];
            assert!(super::may_begin(first), "U+{:04X} begins with {first:x}", c as u32);
        }
    }

    #[test]
    fn what_hides_or_turns_is_found() {
        for (text, wanted) in [
            ("a\u{202E}b\u{202C}c\u{2066}d\u{2069}", &['\u{202E}', '\u{202C}', '\u{2066}', '\u{2069}'][..]),
            ("gu\u{200B}ilty gu\u{AD}ilty\u{FEFF}", &['\u{200B}', '\u{AD}', '\u{FEFF}']),
            ("a\u{200D}b\u{200C} \u{0}\u{1b}[31m", &['\u{200D}', '\u{200C}', '\0', '\u{1b}']),
            ("a\u{FE0F}b", &['\u{FE0F}']),
            ("☎\u{FE0F}\u{FE0F}\u{E0101}", &['\u{FE0F}', '\u{E0101}']),
            ("x\u{E0061}\u{E0062}", &['\u{E0061}', '\u{E0062}']),
            ("عربي\u{200F} \u{61C}", &['\u{200F}', '\u{61C}']),
        ] {
            assert_eq!(found(text), wanted, "{text:?}");
        }
        let text = "ab\u{202E}c";
        let it = hidden(text, 1..text.len()).next().expect("found");
        assert_eq!((it.at, it.sign().contains("RLO")), (2, true));
        assert!(it.told().contains("right-to-left override (U+202E)"), "{}", it.told());
        assert!(!it.sign().contains('\u{202E}'), "it turns nothing on the page");
    }
}
