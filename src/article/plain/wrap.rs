//! Which lines of a hard-wrapped text (Project Gutenberg, e-mail, news wires) belong to one paragraph.
//!
//! A run of lines without blank ones between is wrapped if most of its lines are 45 to 90 columns wide and do not end
//! like a sentence. Inside such a run a line goes on in the next if the next one's first word had no room left in it.

use super::lines::{Line, width};
use super::looks;

const NARROWEST: usize = 45;
const WIDEST: usize = 90;
/// Editors and justified text leave this much of the measure unused.
const SLACK: usize = 6;

/// For each line, whether its paragraph goes on in the next line.
pub(super) fn joined_to_next(text: &str, lines: &[Line]) -> Vec<bool> {
    let mut joined = vec![false; lines.len()];
    let mut start = 0;
    while start < lines.len() {
        let length = lines[start + 1..].iter().take_while(|line| !line.after_blank).count() + 1;
        let run = start..start + length;
        if length > 1 && is_wrapped(text, &lines[run.clone()]) {
            join(text, &lines[run.clone()], &mut joined[run]);
        }
        start += length;
    }
    joined
}

fn is_wrapped(text: &str, run: &[Line]) -> bool {
    let inner = &run[..run.len() - 1];
    if run.iter().any(|line| line.width > WIDEST) {
        return false;
    }
    let full = inner.iter().filter(|line| line.width >= NARROWEST).count();
    let ended = inner.iter().filter(|line| looks::ends_sentence(line.of(text))).count();
    let odd = |line: &Line| looks::is_byline(line.of(text), line.width) || looks::is_caption(line.of(text), line.width);
    full * 3 >= inner.len() * 2 && ended * 2 < inner.len().max(2) && !odd(&run[0])
}

fn join(text: &str, run: &[Line], joined: &mut [bool]) {
    let measure = run.iter().map(|line| line.width).max().unwrap_or(0);
    for (i, pair) in run.windows(2).enumerate() {
        let (line, next) = (pair[0], pair[1]);
        let words = next.of(text);
        let no_room = line.width + 1 + first_word(words) + SLACK > measure;
        let new_paragraph = next.indent > line.indent + 1 && looks::list_marker(line.of(text)).is_none();
        let other = looks::is_rule(words)
            || looks::is_rule(line.of(text))
            || looks::underline_level(words).is_some()
            || looks::list_marker(words).is_some();
        joined[i] = no_room && line.width >= NARROWEST && !new_paragraph && !other;
    }
}

/// Columns of the first word: of one letter where lines break anywhere.
fn first_word(words: &str) -> usize {
    let first = words.split_whitespace().next().unwrap_or_default();
    let letter = first.chars().next().map_or(0, char::len_utf8);
    let wide = width(&first[..letter], 10) > 1;
    if wide { 2 } else { width(first, WIDEST) }
}
