//! A whole article as one column: what stands where, without setting more than is looked at.
//!
//! The article is cut into chunks (a block, or a part of a very long one). Heights are estimated until a chunk is set,
//! then corrected; the place in the article is (chunk, pixels into it), so that a correction never moves what is read.

use std::ops::Range;

use super::fenwick::Sums;
use super::look::{Measure, look_of};
use super::paragraph::Paragraph;
use crate::article::{Article, BlockKind};
use crate::text::boundary;

/// The page's margin above its first line, in points.
const HEAD: f32 = 22.0;
/// A block longer than this many bytes is cut.
const LONG: usize = 8 * 1024;
/// The parts of a long block have about this many bytes.
const PART: usize = 2 * 1024;
/// Bytes before and after the end of a part that are searched for the end of a sentence.
const SEARCHED: usize = 768;

/// What is set in one go: a block, or a part of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The block's number.
    pub block: usize,
    /// What the block is.
    pub kind: BlockKind,
    /// Bytes of the article.
    pub source: Range<u32>,
    /// Whether this is the whole block.
    pub whole: bool,
    /// Whether it is the first part of its block.
    pub first: bool,
    /// Whether it is the last part of its block.
    pub last: bool,
}

/// A place in the column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// The chunk's number.
    pub chunk: usize,
    /// Pixels below its top, its space above included.
    pub offset: f32,
}

/// A chunk in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visible {
    /// The chunk's number.
    pub chunk: usize,
    /// Where its lines begin, in pixels from the view's top: its space above is left out.
    pub top: f32,
}

/// An article's column.
pub struct Column {
    chunks: Vec<Chunk>,
    pub(super) heights: Sums,
    measure: Measure,
    /// Figures' heights, by chunk, where a picture is known.
    figures: std::collections::HashMap<usize, f32>,
}

impl Column {
    /// The column of an article.
    pub fn new(article: &Article, measure: Measure) -> Self {
        let mut chunks = Vec::with_capacity(article.blocks().len());
        for (number, block) in article.blocks().iter().enumerate() {
            let length = block.source.end - block.source.start;
            if length as usize <= LONG {
                let source = block.source.clone();
                chunks.push(Chunk { block: number, kind: block.kind, source, whole: true, first: true, last: true });
            } else {
                cut(article, number, &mut chunks);
            }
        }
        let mut column = Self { chunks, heights: Sums::default(), measure, figures: std::collections::HashMap::new() };
        column.estimate();
        column
    }

    /// The chunks in order.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The measure that it is set to.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// Changes the measure; all heights are estimates again.
    pub fn set_measure(&mut self, measure: Measure) {
        self.measure = measure;
        self.figures.clear();
        self.estimate();
    }

    fn estimate(&mut self) {
        let measure = self.measure;
        let values = self.chunks.iter().map(|chunk| f64::from(estimated_height(chunk, measure))).collect();
        self.heights = Sums::new(values);
    }

    /// Takes in how high a chunk really is.
    pub(super) fn measured(&mut self, chunk: usize, paragraph: &Paragraph) {
        let lines = self.figures.get(&chunk).copied().unwrap_or_else(|| paragraph.height());
        let height = f64::from(lines + self.above(chunk) + self.below(chunk));
        if (self.heights.get(chunk) - height).abs() > 0.01 {
            self.heights.set(chunk, height);
        }
    }

    /// Says how high a figure is.
    pub fn set_figure_height(&mut self, chunk: usize, height: f32) {
        self.figures.insert(chunk, height);
        self.heights.set(chunk, f64::from(height + self.above(chunk) + self.below(chunk)));
    }

    /// The space above a chunk's lines.
    pub fn above(&self, chunk: usize) -> f32 {
        let it = &self.chunks[chunk];
        let head = if chunk == 0 { (HEAD * self.measure.scale).round() } else { 0.0 };
        head + if it.first { look_of(it.kind, self.measure).above } else { 0.0 }
    }

    fn below(&self, chunk: usize) -> f32 {
        let it = &self.chunks[chunk];
        if it.last { look_of(it.kind, self.measure).below } else { 0.0 }
    }

    /// How high the column is, as far as is known.
    pub fn height(&self) -> f64 {
        self.heights.total()
    }

    /// How high everything above a place is.
    pub fn height_before(&self, place: Place) -> f64 {
        self.heights.before(place.chunk) + f64::from(place.offset)
    }

    /// The place at a height.
    pub fn place_at(&self, height: f64) -> Place {
        let (chunk, offset) = self.heights.find(height);
        Place { chunk, offset: offset as f32 }
    }

    /// The chunk that holds a byte, or else the nearest before it.
    pub fn chunk_at(&self, byte: u32) -> usize {
        self.chunks.partition_point(|chunk| chunk.source.start <= byte).saturating_sub(1)
    }

    /// The chunks of a view of this height, by what is known of theirs.
    pub(super) fn span_of(&self, place: Place, height: f32) -> impl Iterator<Item = usize> {
        let mut top = -place.offset;
        let mut end = place.chunk;
        while end < self.chunks.len() && top < height {
            top += self.heights.get(end) as f32;
            end += 1;
        }
        place.chunk..end
    }

    /// The chunks in view, and those within a view's height above and below: what to set ahead.
    pub fn nearby(&self, visible: &[Visible], height: f32) -> Range<usize> {
        let (Some(first), Some(last)) = (visible.first(), visible.last()) else { return 0..0 };
        let (mut start, mut end) = (first.chunk, last.chunk + 1);
        let mut room = height;
        while room > 0.0 && end < self.chunks.len() {
            room -= self.heights.get(end) as f32;
            end += 1;
        }
        let mut room = height;
        while room > 0.0 && start > 0 {
            start -= 1;
            room -= self.heights.get(start) as f32;
        }
        start..end
    }
}

fn estimated_height(chunk: &Chunk, measure: Measure) -> f32 {
    let look = look_of(chunk.kind, measure);
    let space = if chunk.first { look.above } else { 0.0 } + if chunk.last { look.below } else { 0.0 };
    let letters = (chunk.source.end - chunk.source.start) as f32;
    let across = ((measure.width - look.indent) / (look.size * 0.44)).max(1.0);
    (letters / across).ceil().max(1.0) * look.pitch + space
}

/// Cuts a long block at sentence ends.
fn cut(article: &Article, number: usize, chunks: &mut Vec<Chunk>) {
    let block = &article.blocks()[number];
    let text = &article.text[..block.source.end as usize];
    let (first, end) = (block.source.start as usize, block.source.end as usize);
    let mut start = first;
    while start < end {
        let mut stop = end;
        if end - start > PART + PART / 2 {
            let middle = boundary::floor_char(text, start + PART);
            let from = boundary::floor_char(text, middle - SEARCHED);
            let near = &text[from..boundary::ceil_char(text, middle + SEARCHED).min(end)];
            // Not the whole block: it would be read once more for each of its parts.
            let found = [boundary::next_sentence, boundary::next_word, boundary::next_grapheme]
                .into_iter()
                .map(|next| next(near, middle - from))
                .find(|&at| at > 0 && at < near.len());
            stop = from + found.unwrap_or(middle - from);
        }
        chunks.push(Chunk {
            block: number,
            kind: block.kind,
            source: start as u32..stop as u32,
            whole: false,
            first: start == first,
            last: stop == end,
        });
        start = stop;
    }
}
