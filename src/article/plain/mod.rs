//! The blocks of a plain text: a line is a block, unless the text is hard-wrapped, when a paragraph's lines are joined.
//!
//! What a line is (title, byline, heading …) is judged from its look and its neighbours by `looks`. One pass over the
//! lines; each line is looked at a bounded number of times.

mod lines;
pub(super) mod looks;
mod wrap;

use self::lines::Line;
use super::pieces::{Pieces, joins_with_space};
use super::{Block, BlockKind, Style};

/// Lines at the top, blank ones aside, among which title and byline are looked for.
const HEAD_LINES: usize = 8;

/// The blocks of a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let lines = lines::of(text);
    let joined = wrap::joined_to_next(text, &lines);
    let mut reader =
        Reader { text, lines: &lines, joined: &joined, blocks: Vec::new(), has_title: false, captions: Vec::new() };
    let mut at = 0;
    while at < lines.len() {
        at = reader.read_block(at);
    }
    reader.blocks
}

struct Reader<'a> {
    text: &'a str,
    /// The lines that are not blank.
    lines: &'a [Line],
    /// Whether a line's paragraph goes on in the next.
    joined: &'a [bool],
    blocks: Vec<Block>,
    has_title: bool,
    captions: Vec<&'a str>,
}

impl Reader<'_> {
    /// Reads the block that starts with a line; returns the line after it.
    fn read_block(&mut self, at: usize) -> usize {
        let line = self.lines[at];
        let words = line.of(self.text);
        if looks::is_rule(words) {
            self.add(at..at + 1, BlockKind::Rule, None);
            return at + 1;
        }
        if let Some(level) = self.underline_after(at) {
            let kind = if at == 0 { BlockKind::Title } else { BlockKind::Heading(level) };
            self.has_title |= at == 0;
            self.add_underlined(at, kind);
            return at + 2;
        }
        if let Some((kind, marker)) = self.list_item(at) {
            let last = self.last_joined(at);
            self.add(at..last + 1, kind, Some(marker));
            return last + 1;
        }
        let kind = self.kind(at);
        let last = if kind == BlockKind::Paragraph { self.last_joined(at) } else { at };
        self.add(at..last + 1, kind, None);
        last + 1
    }

    fn kind(&mut self, at: usize) -> BlockKind {
        let line = self.lines[at];
        let words = line.of(self.text);
        if self.joined[at] || (at > 0 && self.joined[at - 1]) {
            return BlockKind::Paragraph;
        }
        if looks::is_caption(words, line.width)
            || (line.width <= looks::CAPTION_WIDTH && self.captions.contains(&words))
        {
            if self.captions.len() < 64 {
                self.captions.push(words);
            }
            return BlockKind::Caption;
        }
        if at < HEAD_LINES {
            if looks::is_byline(words, line.width) {
                return BlockKind::Byline;
            }
            let has_body = at + 1 < self.lines.len();
            if at == 0 && has_body && looks::is_kicker(words, line.width) && self.may_be_title(1) {
                return BlockKind::Kicker;
            }
            let all_head = self.blocks.iter().all(|b| matches!(b.kind, BlockKind::Kicker | BlockKind::Byline));
            if !self.has_title && all_head && at < 3 && self.may_be_title(at) {
                self.has_title = true;
                return BlockKind::Title;
            }
        }
        if self.is_heading(at) { BlockKind::Heading(2) } else { BlockKind::Paragraph }
    }

    fn may_be_title(&self, at: usize) -> bool {
        let line = self.lines[at];
        at + 1 < self.lines.len()
            && !self.joined[at]
            && looks::is_title(line.of(self.text), line.width)
            && !looks::is_byline(line.of(self.text), line.width)
    }

    /// A short line without a stop, alone between blank lines or between long lines, that something follows.
    fn is_heading(&self, at: usize) -> bool {
        let line = self.lines[at];
        let Some(next) = self.lines.get(at + 1) else { return false };
        if !looks::is_heading(line.of(self.text), line.width) {
            return false;
        }
        let Some(before) = at.checked_sub(1).map(|before| self.lines[before]) else { return false };
        let leads = next.width > line.width && !looks::is_rule(next.of(self.text));
        let is_alone = line.after_blank && next.after_blank;
        let after_head = self.blocks.last().is_some_and(|block| block.kind != BlockKind::Paragraph);
        let stands_out = next.width >= looks::LONG_WIDTH && (before.width >= looks::LONG_WIDTH || after_head);
        leads && (is_alone && looks::is_prose(next.of(self.text), next.width) || stands_out)
    }

    fn underline_after(&self, at: usize) -> Option<u8> {
        let (line, next) = (self.lines[at], self.lines.get(at + 1)?);
        let fits = line.width <= looks::HEADING_WIDTH && next.width * 2 >= line.width && !next.after_blank;
        fits.then(|| looks::underline_level(next.of(self.text)))?
    }

    /// The kind of a list item and the length of its marker in bytes.
    fn list_item(&self, at: usize) -> Option<(BlockKind, usize)> {
        let line = self.lines[at];
        let marker = looks::list_marker(line.of(self.text))?;
        if let Some(number) = marker.number {
            // "12. March" begins many a sentence; a neighbour with the next number makes it a list.
            let number_of = |at: usize| looks::list_marker(self.lines.get(at)?.of(self.text))?.number;
            let follows = at.checked_sub(1).and_then(number_of).is_some_and(|before| before + 1 == number);
            let leads = number_of(self.last_joined(at) + 1) == Some(number + 1);
            if !(follows || leads || self.follows_item(number)) {
                return None;
            }
        }
        let depth = (line.indent / 2).min(5) as u8;
        Some((BlockKind::ListItem { depth, number: marker.number }, marker.len))
    }

    fn follows_item(&self, number: u32) -> bool {
        let last = self.blocks.last().map(|block| block.kind);
        matches!(last, Some(BlockKind::ListItem { number: Some(before), .. }) if before + 1 == number)
    }

    fn last_joined(&self, at: usize) -> usize {
        (at..self.lines.len()).find(|&line| !self.joined[line]).unwrap_or(at)
    }

    fn add_underlined(&mut self, at: usize, kind: BlockKind) {
        let (line, under) = (self.lines[at], self.lines[at + 1]);
        let mut pieces = Pieces::new(self.text, line.start);
        pieces.source(line.start..line.end, Style::default());
        pieces.hide_to(under.end);
        self.blocks.extend(pieces.finish(kind, under.end));
    }

    fn add(&mut self, lines: std::ops::Range<usize>, kind: BlockKind, marker: Option<usize>) {
        let lines = &self.lines[lines];
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let mut pieces = Pieces::new(self.text, first.start);
        if kind == BlockKind::Rule {
            pieces.hide_to(first.end);
        } else if let Some(marker) = marker {
            pieces.hide_to(first.start + marker);
        }
        let mut before = None;
        for line in lines {
            let words = line.of(self.text);
            if before.is_some() {
                let shown = if joins_with_space(before, words.chars().next()) { " " } else { "" };
                pieces.replaced(pieces.done()..line.start, shown, Style::default());
            }
            pieces.source(pieces.done().max(line.start)..line.end, Style::default());
            before = words.chars().next_back();
        }
        self.blocks.extend(pieces.finish(kind, last.end));
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
