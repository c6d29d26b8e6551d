//! A block as it is shown, with the way back to the text.
//!
//! A shown place between two pieces has more than one source: a range that starts there starts after hidden markup,
//! one that ends there ends before it, so that `**bold**` selected as "bold" is marked without its stars.

use std::ops::Range;

use super::hidden::hidden;
use super::{Article, Piece, Shown, Style};

/// A block, or a part of one, as it stands on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Display {
    /// What is shown; lines are parted by `\n`.
    pub text: String,
    segments: Vec<Segment>,
    styles: Vec<(Range<usize>, Style)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    source: Range<u32>,
    shown: Range<usize>,
    /// Byte for byte the same; otherwise hidden or replaced.
    is_verbatim: bool,
}

impl Article {
    /// A block as it is shown; nothing for a block that is not there.
    pub fn display(&self, block: usize) -> Display {
        self.display_part(block, 0..u32::MAX)
    }

    /// The part of a block whose source lies in a range. Parts that adjoin show together what the whole shows: a
    /// replaced piece stands in the part that holds its first byte.
    pub fn display_part(&self, block: usize, source: Range<u32>) -> Display {
        let mut display = Display::default();
        let Some(block) = self.blocks().get(block) else { return display };
        let part = source.start.max(block.source.start)..source.end.min(block.source.end);
        if part.start >= part.end {
            return display;
        }
        if block.pieces.is_empty() {
            display.push(&self.text, part, &Shown::Source, Style::default());
            return display;
        }
        let first = block.pieces.partition_point(|piece| piece.source.end <= part.start);
        for Piece { source, shown, style } in &block.pieces[first..] {
            if source.start >= part.end {
                break;
            }
            let cut = source.start.max(part.start)..source.end.min(part.end);
            let began_before = source.start < part.start;
            let shown = if began_before && matches!(shown, Shown::Replaced(_)) { &Shown::Hidden } else { shown };
            display.push(&self.text, cut, shown, *style);
        }
        display
    }

    /// A range as it reads on the page: without markup, a space between blocks.
    pub fn reads(&self, source: Range<u32>) -> String {
        let mut words = String::new();
        let first = self.blocks().partition_point(|block| block.source.end <= source.start);
        for number in first..self.blocks().len() {
            if self.blocks()[number].source.start >= source.end {
                break;
            }
            let part = self.display_part(number, source.clone()).text;
            if !words.is_empty() && !part.is_empty() {
                words.push(' ');
            }
            words.push_str(&part);
        }
        words
    }

    /// Whether any of a range's bytes is to be seen: markup and what lies between blocks are not.
    pub fn shows(&self, source: Range<u32>) -> bool {
        let first = self.blocks().partition_point(|block| block.source.end <= source.start);
        let blocks = self.blocks()[first..].iter().take_while(|block| block.source.start < source.end);
        blocks.into_iter().any(|block| {
            let first = block.pieces.partition_point(|piece| piece.source.end <= source.start);
            let mut pieces = block.pieces[first..].iter().take_while(|piece| piece.source.start < source.end);
            block.pieces.is_empty() && source.start < source.end || pieces.any(|piece| piece.shown != Shown::Hidden)
        })
    }

    /// The block that holds a byte, or else the nearest before it; the first where there is none before.
    pub fn block_at(&self, byte: u32) -> usize {
        self.blocks().partition_point(|block| block.source.start <= byte).saturating_sub(1)
    }
}

impl Display {
    /// Adds a piece. Of the source, what is invisible is shown by signs.
    fn push(&mut self, text: &str, source: Range<u32>, shown: &Shown, style: Style) {
        if *shown != Shown::Source {
            return self.push_as_it_is(text, source, shown, style);
        }
        let mut done = source.start;
        for it in hidden(text, source.start as usize..source.end as usize) {
            let (at, end) = (it.at as u32, (it.at + it.character.len_utf8()) as u32);
            if done < at {
                self.push_as_it_is(text, done..at, shown, style);
            }
            self.push_as_it_is(text, at..end, &Shown::Replaced(it.sign().into()), Style { sign: true, ..style });
            done = end;
        }
        if done < source.end {
            self.push_as_it_is(text, done..source.end, shown, style);
        }
    }

    fn push_as_it_is(&mut self, text: &str, source: Range<u32>, shown: &Shown, style: Style) {
        let start = self.text.len();
        match shown {
            Shown::Source => {
                self.text.push_str(text.get(source.start as usize..source.end as usize).unwrap_or_default());
            }
            Shown::Hidden => {}
            Shown::Replaced(other) => self.text.push_str(other),
        }
        let shown_range = start..self.text.len();
        if style != Style::default() && !shown_range.is_empty() {
            match self.styles.last_mut() {
                Some((range, last)) if *last == style && range.end == start => range.end = shown_range.end,
                _ => self.styles.push((shown_range.clone(), style)),
            }
        }
        self.segments.push(Segment { source, shown: shown_range, is_verbatim: *shown == Shown::Source });
    }

    /// The byte of the article's text for a place in the shown text, as a caret or the start of a range: between two
    /// pieces it is the start of the later one. Inside a replaced piece, its start.
    pub fn source_from_shown(&self, shown: usize) -> u32 {
        let shown = self.text.floor_char_boundary(shown);
        let after = self.segments.partition_point(|segment| segment.shown.end <= shown);
        match self.segments.get(after) {
            Some(segment) if segment.is_verbatim => {
                segment.source.start + shown.saturating_sub(segment.shown.start) as u32
            }
            Some(segment) => segment.source.start,
            None => self.source_end_from_shown(shown),
        }
    }

    /// The same for the end of a range: between two pieces it is the end of the earlier one. Inside a replaced piece, its end.
    pub fn source_end_from_shown(&self, shown: usize) -> u32 {
        let shown = self.text.floor_char_boundary(shown);
        // The last segment that begins before the place and shows something.
        let mut before = self.segments.partition_point(|segment| segment.shown.start < shown);
        while before > 0 && self.segments[before - 1].shown.is_empty() {
            before -= 1;
        }
        match before.checked_sub(1).and_then(|i| self.segments.get(i)) {
            Some(segment) if segment.is_verbatim => {
                segment.source.start + (shown.min(segment.shown.end) - segment.shown.start) as u32
            }
            Some(segment) => segment.source.end,
            None => self.segments.first().map_or(0, |segment| segment.source.start),
        }
    }

    /// The bytes of the article's text that a shown range stands for, without the markup at its edges.
    pub fn source_range_from_shown(&self, shown: Range<usize>) -> Range<u32> {
        let start = self.source_from_shown(shown.start);
        start..if shown.is_empty() { start } else { self.source_end_from_shown(shown.end).max(start) }
    }

    /// The place in the shown text for a byte of the article's text: inside hidden markup the nearest shown place,
    /// inside a replaced piece its start, outside the block its start or end.
    pub fn shown_from_source(&self, source: u32) -> usize {
        let after = self.segments.partition_point(|segment| segment.source.end <= source);
        match self.segments.get(after) {
            Some(segment) if segment.is_verbatim => {
                let ahead = source.saturating_sub(segment.source.start) as usize;
                self.text.floor_char_boundary(segment.shown.start + ahead)
            }
            Some(segment) => segment.shown.start,
            None => self.text.len(),
        }
    }

    /// The pieces that a shown range is made of: where each begins in the article, and what it shows.
    pub fn segments_in(&self, shown: &Range<usize>) -> impl Iterator<Item = (u32, Range<usize>)> {
        let first = self.segments.partition_point(|segment| segment.shown.end <= shown.start);
        let end = shown.end;
        let inside = self.segments[first..].iter().take_while(move |segment| segment.shown.start < end);
        inside.filter(|it| !it.shown.is_empty()).map(|segment| (segment.source.start, segment.shown.clone()))
    }

    /// How stretches of the shown text are set, in order; what is not named is plain.
    pub fn styles(&self) -> &[(Range<usize>, Style)] {
        &self.styles
    }
}
