//! Makes the pieces of one block: what is shown is added in order, what lies between becomes hidden markup.
//!
//! Keeps the promise of [`Block::pieces`]: in order, without gaps, covering the source whole, on character boundaries.
//! A carriage return is never shown: before a line feed it is hidden, alone it becomes one.

use std::borrow::Cow;
use std::ops::Range;

use super::{Block, BlockKind, Piece, Shown, Style};

/// The pieces of a block that is being read.
pub(super) struct Pieces<'a> {
    text: &'a str,
    start: usize,
    /// All before this byte is in a piece.
    done: usize,
    made: Vec<Piece>,
}

impl<'a> Pieces<'a> {
    /// A block that starts at byte `start`.
    pub fn new(text: &'a str, start: usize) -> Self {
        Self { text, start, done: start, made: Vec::new() }
    }

    /// The text that the block is of.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The first byte of the block.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The first byte that is not in a piece yet.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Whether nothing is shown yet.
    pub fn is_blank(&self) -> bool {
        self.made.iter().all(|piece| piece.shown == Shown::Hidden)
    }

    /// Shows the source itself.
    pub fn source(&mut self, range: Range<usize>, style: Style) {
        let range = range.start.max(self.done)..range.end;
        if range.start >= range.end {
            return;
        }
        let mut at = range.start;
        while let Some(cr) = self.text[at..range.end].find('\r').map(|found| at + found) {
            self.push(at..cr, Shown::Source, style);
            let is_crlf = self.text.as_bytes().get(cr + 1) == Some(&b'\n');
            self.push(cr..cr + 1, if is_crlf { Shown::Hidden } else { Shown::Replaced("\n".into()) }, style);
            at = cr + 1;
        }
        self.push(at..range.end, Shown::Source, style);
    }

    /// Shows another text instead of the source.
    pub fn replaced(&mut self, range: Range<usize>, shown: &str, style: Style) {
        let range = range.start.max(self.done)..range.end;
        if range.start < range.end {
            let shown = line_feeds(shown);
            self.push(range, if shown.is_empty() { Shown::Hidden } else { Shown::Replaced((*shown).into()) }, style);
        }
    }

    /// Hides all up to byte `end`.
    pub fn hide_to(&mut self, end: usize) {
        self.push(self.done..end, Shown::Hidden, Style::default());
    }

    /// The block, its source ending at `end`, which is past the last piece; none if nothing of it is shown.
    pub fn finish(mut self, kind: BlockKind, end: usize) -> Option<Block> {
        self.hide_space_at_end();
        if kind != BlockKind::Code {
            self.hide_space_at_start();
        }
        if self.is_blank() && !matches!(kind, BlockKind::Figure(_) | BlockKind::Rule) {
            return None;
        }
        // White space and line ends after the last thing shown belong to no block.
        let shown_end =
            self.made.iter().rfind(|piece| piece.shown != Shown::Hidden).map_or(self.start, |p| p.source.end as usize);
        let end = end.max(shown_end);
        let end = shown_end.max(self.start + self.text[self.start..end].trim_end().len());
        while self.made.last().is_some_and(|piece| piece.source.start as usize >= end) {
            self.made.pop();
        }
        if let Some(last) = self.made.last_mut()
            && last.source.end as usize > end
        {
            last.source.end = end as u32;
        }
        self.done = self.done.min(end);
        self.hide_to(end);
        self.made.dedup_by(|later, earlier| {
            let both = later.shown == Shown::Hidden && earlier.shown == Shown::Hidden;
            if both {
                earlier.source.end = later.source.end;
            }
            both
        });
        let source = self.start as u32..end as u32;
        let all_as_it_stands =
            matches!(&*self.made, [piece] if piece.shown == Shown::Source && piece.style == Style::default());
        let pieces = if all_as_it_stands { Vec::new() } else { self.made };
        Some(Block { kind, source, pieces: pieces.into_boxed_slice() })
    }

    /// Hides white space and line ends at the end of what is shown.
    fn hide_space_at_end(&mut self) {
        for at in (0..self.made.len()).rev() {
            let shown = self.shown_by(at);
            let kept = shown.trim_end().len();
            if kept > 0 {
                if kept < shown.len() && self.made[at].shown == Shown::Source {
                    self.split(at, kept, false);
                }
                return;
            }
            self.hide(at);
        }
    }

    /// Hides white space and line ends at the start of what is shown.
    fn hide_space_at_start(&mut self) {
        for at in 0..self.made.len() {
            let shown = self.shown_by(at);
            let space = shown.len() - shown.trim_start().len();
            if space < shown.len() {
                if space > 0 && self.made[at].shown == Shown::Source {
                    self.split(at, space, true);
                }
                return;
            }
            self.hide(at);
        }
    }

    fn shown_by(&self, at: usize) -> &str {
        let Piece { source, shown, .. } = &self.made[at];
        match shown {
            Shown::Source => &self.text[source.start as usize..source.end as usize],
            Shown::Hidden => "",
            Shown::Replaced(other) => other,
        }
    }

    fn hide(&mut self, at: usize) {
        self.made[at].shown = Shown::Hidden;
        self.made[at].style = Style::default();
    }

    /// Parts a piece after `len` bytes and hides one half of it.
    fn split(&mut self, at: usize, len: usize, hides_first: bool) {
        let mut second = self.made[at].clone();
        let middle = second.source.start + len as u32;
        second.source.start = middle;
        self.made[at].source.end = middle;
        self.made.insert(at + 1, second);
        self.hide(if hides_first { at } else { at + 1 });
    }

    fn push(&mut self, range: Range<usize>, shown: Shown, style: Style) {
        if range.start >= range.end {
            return;
        }
        if self.done < range.start {
            self.push(self.done..range.start, Shown::Hidden, Style::default());
        }
        let style = if shown == Shown::Hidden { Style::default() } else { style };
        self.done = range.end;
        let source = range.start as u32..range.end as u32;
        if let Some(last) = self.made.last_mut()
            && last.style == style
            && last.shown == shown
            && !matches!(shown, Shown::Replaced(_))
        {
            last.source.end = source.end;
            return;
        }
        self.made.push(Piece { source, shown, style });
    }
}

/// The same with a line feed for each line end: what is shown has no carriage return.
fn line_feeds(shown: &str) -> Cow<'_, str> {
    if shown.contains('\r') {
        Cow::Owned(shown.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(shown)
    }
}

/// Whether a line end between two characters is shown as a space: not between scripts that write none.
pub(super) fn joins_with_space(before: Option<char>, after: Option<char>) -> bool {
    !(before.is_some_and(writes_no_spaces) && after.is_some_and(writes_no_spaces))
}

/// Han, kana, their punctuation, and the scripts of South-East Asia that put spaces between phrases only.
fn writes_no_spaces(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{AA60}'..='\u{AA7F}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF65}'
        | '\u{20000}'..='\u{3FFFF}')
}
