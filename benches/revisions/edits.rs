//! What editors do to articles: sixteen edits, each of which keeps account of every character.
//!
//! Words typed over others take their place but not their life: the mark reaches over them, and its letters are gone.

use std::ops::Range;

use super::{Random, Source, Tracked, news};

type Text = Vec<Tracked>;
type Edit = fn(&mut Text, &Source, &mut Random);

/// The edits by name; `noop` changes nothing.
pub const EDITS: &[(&str, Edit)] = &[
    ("noop", |_, _, _| {}),
    ("insert", insert),
    ("typo", typo),
    ("crlf", crlf),
    ("space", space),
    ("unicode", unicode),
    ("reorder", reorder),
    ("headline", headline),
    ("delquote", delete_quote),
    ("delpara", delete_paragraph),
    ("rewrite", rewrite),
    ("rename", rename),
    ("pullquote", pull_quote),
    ("markup", markup),
    ("case", case),
    ("punct", punctuation),
];
/// How many different edits in one.
pub const MIXED: &[(&str, usize)] = &[("mixed3", 3), ("mixed6", 6)];

/// Carries out an edit, or a mix of them.
pub(super) fn run(name: &str, text: &mut Text, source: &Source, random: &mut Random) {
    if let Some((_, edit)) = EDITS.iter().find(|(known, _)| *known == name) {
        return edit(text, source, random);
    }
    let mut left: Vec<Edit> = EDITS[1..].iter().map(|(_, edit)| *edit).collect();
    let count = MIXED.iter().find(|(known, _)| *known == name).map_or(0, |(_, count)| *count);
    for _ in 0..count {
        left.remove(random.below(left.len()))(text, source, random);
    }
}

/// Puts a text that came from nowhere in the place of a stretch.
fn put(text: &mut Text, range: Range<usize>, new: &str) {
    text.splice(range, new.chars().map(|c| Tracked { c, from: None, alive: false }));
}

/// Types a text over a stretch that is not empty: all but its last character stand for the first, that for the last.
fn type_over(text: &mut Text, range: Range<usize>, new: &str) {
    let (first, last) = (text[range.start].from, text[range.end - 1].from);
    let count = new.chars().count();
    let over = |at: usize| if at + 1 < count { first } else { last };
    text.splice(range, new.chars().enumerate().map(|(at, c)| Tracked { c, from: over(at), alive: false }));
}

/// A character as others; all of them are the old one.
fn set(text: &mut Text, at: usize, new: &str) {
    let from = text[at].from;
    text.splice(at..=at, new.chars().map(|c| Tracked { c, from, alive: from.is_some() }));
}

fn paragraphs(text: &Text) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    let mut at = 0;
    while at < text.len() {
        let breaks = text[at..].iter().take_while(|tracked| tracked.c == '\n').count();
        if breaks >= 2 {
            found.push(start..at);
            start = at + breaks;
        }
        at += breaks.max(1);
    }
    found.push(start..text.len());
    found.retain(|range| !range.is_empty());
    found
}

/// Words of at least four letters.
fn words(text: &Text) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for at in 0..=text.len() {
        if text.get(at).is_none_or(|tracked| !(tracked.c.is_alphanumeric() || tracked.c == '_')) {
            if at - start >= 4 {
                found.push(start..at);
            }
            start = at + 1;
        }
    }
    found
}

fn any<'a, T>(of: &'a [T], random: &mut Random) -> &'a T {
    &of[random.below(of.len())]
}

fn fresh(random: &mut Random) -> String {
    let mut source = Source { chars: Vec::new(), marks: Vec::new() };
    news::write(&mut source, random);
    source.chars.into_iter().collect()
}

/// A mark's text, of marks longer than `least` characters.
fn marked(source: &Source, least: usize, random: &mut Random) -> Option<(Range<usize>, String)> {
    let long: Vec<_> = source.marks.iter().filter(|mark| mark.2 - mark.1 > least).collect();
    if long.is_empty() {
        return None;
    }
    let (_, start, end) = **any(&long, random);
    Some((start..end, source.chars[start..end].iter().collect()))
}

fn insert(text: &mut Text, _: &Source, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = any(&paragraphs(text), random).start;
        let article = fresh(random);
        let long: Vec<&str> = article.split("\n\n").filter(|paragraph| paragraph.len() > 60).collect();
        if !long.is_empty() {
            put(text, at..at, &format!("{}\n\n", any(&long, random)));
        }
    }
}

fn typo(text: &mut Text, _: &Source, random: &mut Random) {
    const LETTERS: &[&str] = &["a", "e", "i", "o", "u", "n", "r", "s", "t"];
    for _ in 0..5 + random.below(11) {
        let word = any(&words(text), random).clone();
        let at = word.start + 1 + random.below(word.len() - 2);
        match random.below(100) {
            0..35 => drop(text.remove(at)),
            35..65 => put(text, at..at, random.one(LETTERS)),
            65..90 => type_over(text, at..at + 1, random.one(LETTERS)),
            _ => text.swap(at, at + 1),
        }
    }
}

fn crlf(text: &mut Text, _: &Source, _: &mut Random) {
    for at in (0..text.len()).rev().filter(|&at| text[at].c == '\n').collect::<Vec<_>>() {
        put(text, at..at, "\r");
    }
}

fn space(text: &mut Text, _: &Source, random: &mut Random) {
    match random.below(3) {
        0 => {
            let mut column = 0;
            for tracked in text.iter_mut() {
                column = if tracked.c == '\n' { 0 } else { column + 1 };
                if tracked.c == ' ' && column > 62 + random.below(14) {
                    (tracked.c, column) = ('\n', 0);
                }
            }
        }
        1 => {
            for at in (1..text.len()).rev() {
                if text[at].c == ' ' && random.percent(6) {
                    put(text, at..at, " ");
                } else if text[at].c == '\n' && random.percent(50) {
                    put(text, at..at, "  ");
                }
            }
        }
        _ => {
            for tracked in text.iter_mut().filter(|tracked| tracked.c == ' ') {
                if random.percent(15) {
                    tracked.c = '\u{a0}';
                }
            }
            for at in (1..text.len().saturating_sub(1)).rev() {
                if text[at].c == '\n' && text[at + 1].c == '\n' {
                    text.remove(at);
                }
            }
        }
    }
}

fn unicode(text: &mut Text, _: &Source, random: &mut Random) {
    const MARKS: &[(char, &str)] = &[('“', "\""), ('”', "\""), ('’', "'"), ('‘', "'"), ('—', "--"), ('…', "...")];
    const LETTERS: &[(char, &str)] =
        &[('é', "e\u{301}"), ('ö', "o\u{308}"), ('ó', "o\u{301}"), ('í', "i\u{301}"), ('á', "a\u{301}")];
    let (apart, straight) = (random.percent(60), random.percent(70));
    for at in (0..text.len()).rev() {
        let of = |table: &[(char, &'static str)]| table.iter().find(|(c, _)| *c == text[at].c).map(|(_, new)| *new);
        let new = of(MARKS).filter(|_| straight).or_else(|| of(LETTERS).filter(|_| apart));
        if let Some(new) = new {
            set(text, at, new);
        }
    }
}

fn reorder(text: &mut Text, _: &Source, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let all = paragraphs(text);
        if all.len() < 4 {
            return;
        }
        let number = 1 + random.below(all.len() - 2);
        let range = all[number].start..all[number + 1].start;
        let others: Vec<usize> = (1..all.len()).filter(|&at| at != number && at != number + 1).collect();
        let target = all[*any(&others, random)].start;
        let moved: Text = text.drain(range.clone()).collect();
        let target = if target < range.start { target } else { target - moved.len() };
        text.splice(target..target, moved);
    }
}

fn headline(text: &mut Text, _: &Source, random: &mut Random) {
    let title = paragraphs(text)[0].clone();
    let article = fresh(random);
    let new = article.lines().next().unwrap_or_default().replace(" split over ", " council faces vote on ");
    put(text, title, &new);
}

fn delete_quote(text: &mut Text, source: &Source, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let Some((mark, _)) = marked(source, 25, random) else { return };
        let inside = |tracked: &Tracked| tracked.from.is_some_and(|from| mark.contains(&from));
        let Some(mut start) = text.iter().position(inside) else { continue };
        let mut end = text.iter().rposition(inside).map_or(start, |last| last + 1);
        let ends = |at: usize| matches!(text[at].c, '.' | '”');
        while start > 1 && text[start - 1].c != '\n' && !(text[start - 1].c == ' ' && ends(start - 2)) {
            start -= 1;
        }
        while end < text.len() && text[end].c != '\n' && !(ends(end - 1) && text[end].c == ' ') {
            end += 1;
        }
        text.drain(start..end);
    }
}

fn delete_paragraph(text: &mut Text, _: &Source, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let all = paragraphs(text);
        if all.len() < 4 {
            return;
        }
        let number = 1 + random.below(all.len() - 2);
        text.drain(all[number].start..all[number + 1].start);
    }
}

fn rewrite(text: &mut Text, source: &Source, random: &mut Random) {
    let all: String = source.chars.iter().collect();
    let lower = |word: &&str| word.len() >= 4 && word.chars().all(|c| c.is_ascii_lowercase());
    let mut vocabulary: Vec<&str> = all.split(|c: char| !c.is_alphanumeric()).filter(lower).collect();
    vocabulary.sort_unstable();
    vocabulary.dedup();
    for _ in 0..2 + random.below(3) {
        let paragraphs = paragraphs(text);
        let paragraph = any(&paragraphs[usize::from(paragraphs.len() > 1)..], random).clone();
        let mut inside: Vec<Range<usize>> =
            words(text).into_iter().filter(|word| paragraph.start <= word.start && word.end <= paragraph.end).collect();
        let least = (inside.len() / 4).max(1).min(inside.len());
        let mut chosen: Vec<Range<usize>> =
            (0..least).map(|_| inside.swap_remove(random.below(inside.len()))).collect();
        chosen.sort_by_key(|word| std::cmp::Reverse(word.start));
        for word in chosen {
            type_over(text, word, random.one(&vocabulary));
        }
    }
}

fn rename(text: &mut Text, source: &Source, random: &mut Random) {
    let names: Vec<_> = source.marks.iter().filter(|mark| matches!(mark.0, "PERSON" | "ORG" | "PLACE")).collect();
    let Some((_, start, end)) = (!names.is_empty()).then(|| **any(&names, random)) else { return };
    let name: String = source.chars[start..end].iter().collect();
    let old: Vec<char> = name.split_whitespace().last().unwrap_or_default().chars().collect();
    let kept = if old.len() > 3 { old.len() - 1 } else { old.len() };
    let ending = if old.len() > 3 { random.one(&["ski", "son", "e", "ham"]) } else { "s" };
    for at in (0..(text.len() + 1).saturating_sub(old.len())).rev() {
        if text[at..at + old.len()].iter().map(|tracked| tracked.c).ne(old.iter().copied()) {
            continue;
        }
        let from = text[at + old.len() - 1].from;
        let new = ending.chars().map(|c| Tracked { c, from, alive: false });
        text.splice(at + kept..at + old.len(), new);
    }
}

fn pull_quote(text: &mut Text, source: &Source, random: &mut Random) {
    for _ in 0..=random.below(2) {
        let Some((_, words)) = marked(source, 20, random) else { return };
        let at = any(&paragraphs(text), random).start;
        put(text, at..at, &format!("> {words}\n\n"));
    }
}

fn markup(text: &mut Text, _: &Source, random: &mut Random) {
    let mut all = words(text);
    let count = (8 + random.below(17)).min(all.len());
    let mut chosen: Vec<Range<usize>> = (0..count).map(|_| all.swap_remove(random.below(all.len()))).collect();
    chosen.sort_by_key(|word| std::cmp::Reverse(word.start));
    for word in chosen {
        let (before, after) = match random.below(100) {
            0..50 => ("**", "**"),
            50..80 => ("[", "](https://example.org/a)"),
            _ => ("<b>", "</b>"),
        };
        put(text, word.end..word.end, after);
        put(text, word.start..word.start, before);
    }
}

fn case(text: &mut Text, _: &Source, _: &mut Random) {
    let title = paragraphs(text)[0].clone();
    for tracked in &mut text[title] {
        let mut upper = tracked.c.to_uppercase();
        if upper.len() == 1 {
            tracked.c = upper.next().unwrap_or(tracked.c);
        }
    }
}

fn punctuation(text: &mut Text, _: &Source, random: &mut Random) {
    for at in (1..text.len()).rev() {
        if text[at].c == ',' && random.percent(35) {
            text.remove(at);
        } else if text[at].c == ' ' && random.percent(2) {
            put(text, at..at, ",");
        }
    }
}
