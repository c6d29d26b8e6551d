//! Marked text in lists and on buttons, in the order in which it stands on the screen.
//!
//! egui shapes each word in its own direction, but sets words one after another from the left and turns Arabic digits
//! around; lists of Arabic or Hebrew marks would read backwards. The order here is that of UAX #9 without embeddings,
//! isolates and weak separators beyond numbers: enough for a line of news, cheap, and only for lines that need it.
//! Accessible names keep the logical order. The article itself is set by `typeset`, with the whole algorithm.

use std::borrow::Cow;

/// What a token is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Left,
    Right,
    Number,
    Neutral,
}

/// A stretch of a line that moves as one.
struct Token<'a> {
    text: &'a str,
    class: Class,
    level: u8,
}

/// Whether a text has letters that run from right to left.
pub fn has_right_to_left(text: &str) -> bool {
    text.chars().any(|c| class(c) == Class::Right)
}

/// A line of text as egui must be given it, so that it stands on the screen as it should be read.
pub fn visual(line: &str) -> Cow<'_, str> {
    if !has_right_to_left(line) {
        return Cow::Borrowed(line);
    }
    let mut tokens = tokens(line);
    give_levels(&mut tokens);
    for level in (1..=2).rev() {
        let mut at = 0;
        while at < tokens.len() {
            let run = tokens[at..].iter().take_while(|token| token.level >= level).count();
            tokens[at..at + run].reverse();
            at += run.max(1);
        }
    }
    let mut shown = String::with_capacity(line.len());
    for token in &tokens {
        match token.class {
            // The shaper turns these digits around; so do we, before it.
            Class::Number if !token.text.is_ascii() => shown.extend(token.text.chars().rev()),
            Class::Neutral if token.level == 1 => shown.extend(token.text.chars().map(mirrored)),
            _ => shown.push_str(token.text),
        }
    }
    Cow::Owned(shown)
}

/// A text of several lines as egui must be given it; none where it is right as it is.
pub fn on_screen(text: &str) -> Option<String> {
    has_right_to_left(text).then(|| text.split('\n').map(visual).collect::<Vec<_>>().join("\n"))
}

fn class(c: char) -> Class {
    match c as u32 {
        0x30..=0x39 | 0x660..=0x669 | 0x6F0..=0x6F9 => Class::Number,
        0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF => Class::Right,
        _ if c.is_alphabetic() => Class::Left,
        _ => Class::Neutral,
    }
}

/// Whether a character belongs to the one before it: marks, joiners, what changes an emoji.
fn joins(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x200C..=0x200D | 0xFE00..=0xFE0F | 0x1_F3FB..=0x1_F3FF | 0x20D0..=0x20FF)
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut found: Vec<(usize, Class)> = Vec::new();
    let mut before: Option<char> = None;
    for (at, c) in line.char_indices() {
        let next = line[at + c.len_utf8()..].chars().next();
        let last = found.last().map(|&(_, class)| class);
        let glued = before.is_some() && (joins(c) || before == Some('\u{200D}'));
        let separates = last == Some(Class::Number)
            && (matches!(c, '%' | '٪')
                || (matches!(c, '.' | ',' | ':' | '/' | '٫' | '٬') && next.map(class) == Some(Class::Number)));
        let class = if separates { Class::Number } else { class(c) };
        if !glued && (last != Some(class) || class == Class::Neutral) {
            found.push((at, class));
        }
        before = Some(c);
    }
    let ends = found.iter().skip(1).map(|&(at, _)| at).chain([line.len()]);
    found.iter().zip(ends).map(|(&(start, class), end)| Token { text: &line[start..end], class, level: 0 }).collect()
}

/// Levels as UAX #9 numbers them: 0 left to right, 1 right to left, 2 left to right inside of that.
fn give_levels(tokens: &mut [Token<'_>]) {
    let strong = tokens.iter().map(|token| token.class).find(|class| matches!(class, Class::Left | Class::Right));
    let base = u8::from(strong == Some(Class::Right));
    let mut right = base == 1;
    for token in tokens.iter_mut() {
        match token.class {
            Class::Left => (token.level, right) = (base * 2, false),
            Class::Right => (token.level, right) = (1, true),
            Class::Number => token.level = if base == 1 || right { 2 } else { 0 },
            Class::Neutral => {}
        }
    }
    // What is neutral goes with its neighbours where they agree; a number counts as part of what it stands in.
    let runs_right = |token: &Token<'_>| match token.class {
        Class::Left => false,
        Class::Right => true,
        _ => token.level == 2,
    };
    let mut at = 0;
    while at < tokens.len() {
        let run = tokens[at..].iter().take_while(|token| token.class == Class::Neutral).count();
        let before = at.checked_sub(1).map_or(base == 1, |before| runs_right(&tokens[before]));
        let after = tokens.get(at + run).map_or(base == 1, runs_right);
        let level = match (before, after) {
            (true, true) => 1,
            (false, false) => base * 2,
            _ => base,
        };
        tokens[at..at + run].iter_mut().for_each(|token| token.level = level);
        at += run + 1;
    }
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '«' => '»',
        '»' => '«',
        '‹' => '›',
        '›' => '‹',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_the_screen() {
        for (line, expected) in [
            ("Chen Hai, 陈海", "Chen Hai, 陈海"),
            ("سلمى الحداد", "الحداد سلمى"),
            ("٧ سبتمبر ٢٠٢٦", "٦٢٠٢ سبتمبر ٧"),
            ("شركة Halvorsen & Kaya هنا", "هنا Halvorsen & Kaya شركة"),
            ("met سلمى الحداد today", "met الحداد سلمى today"),
            ("بلغ 3,500 (متر)", "(متر) 3,500 بلغ"),
            ("ارتفع 4.5% ثم", "ثم 4.5% ارتفع"),
            ("عائلة 👩‍👩‍👧 هنا", "هنا 👩‍👩‍👧 عائلة"),
            ("", ""),
        ] {
            assert_eq!(visual(line), expected, "{line}");
        }
    }

    #[test]
    fn no_character_is_lost() {
        let line = "قال: «نبقى» (in 2026) 👩‍🔬 و e\u{301} … 12:30";
        let sorted = |text: &str| {
            let mut all: Vec<char> = text.chars().collect();
            all.sort_unstable();
            all
        };
        assert_eq!(sorted(&visual(line)), sorted(line), "brackets come in pairs here");
    }
}
