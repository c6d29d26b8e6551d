//! The text of a document, made of its passages or sentences, and where an offset of BioC's is in it.
//!
//! Passages need not touch: what lies between two is filled with line ends, as `bioc` does. A gap that no text would have
//! counts as one, so that no file makes a text long by a number that it claims.

use serde_json::{Map, Value as Json, json};

use crate::formats::units::{Offsets, Unit};

/// A longer gap is not believed.
const LONGEST_GAP: u64 = 16;

/// A passage or sentence with a text.
#[derive(Debug)]
pub(super) struct Block {
    /// Its offset, as the file claims.
    pub offset: u64,
    /// What it says.
    pub text: String,
}

/// The text of a document under one reading of its offsets.
pub(super) struct Joined {
    /// All blocks with line ends between them.
    pub text: String,
    /// The byte at which each block begins.
    pub starts: Vec<usize>,
    /// Line ends before each block.
    pub gaps: Vec<u64>,
}

/// How many line ends stand between two blocks, or nothing where offsets do not say.
fn gap(end: u64, offset: u64) -> Option<u64> {
    offset.checked_sub(end).filter(|gap| *gap <= LONGEST_GAP)
}

/// So much of a unit is in a text.
pub(super) fn length(unit: Unit, text: &str) -> u64 {
    match unit {
        Unit::CodePoints => text.chars().count() as u64,
        Unit::Utf16 => text.encode_utf16().count() as u64,
        Unit::Bytes => text.len() as u64,
        Unit::WithCarriageReturns => text.chars().map(|c| 1 + u64::from(c == '\n')).sum(),
    }
}

/// Puts the text together.
pub(super) fn joined(blocks: &[Block], unit: Unit) -> Joined {
    let mut joined = Joined { text: String::new(), starts: Vec::new(), gaps: Vec::new() };
    let mut end = None;
    for block in blocks {
        let gap = end.map_or(0, |end| gap(end, block.offset).unwrap_or(1));
        (0..gap).for_each(|_| joined.text.push('\n'));
        joined.gaps.push(gap);
        joined.starts.push(joined.text.len());
        joined.text.push_str(&block.text);
        end = Some(block.offset.saturating_add(length(unit, &block.text)));
    }
    joined
}

/// Finds places of offsets.
pub(super) struct Finder<'b> {
    blocks: &'b [Block],
    offsets: Vec<Offsets<'b>>,
    lengths: Vec<u64>,
    unit: Unit,
    /// The text.
    pub joined: Joined,
}

impl<'b> Finder<'b> {
    pub fn new(blocks: &'b [Block], unit: Unit) -> Self {
        let offsets = blocks.iter().map(|block| Offsets::new(&block.text)).collect();
        let lengths = blocks.iter().map(|block| length(unit, &block.text)).collect();
        Self { blocks, offsets, lengths, unit, joined: joined(blocks, unit) }
    }

    fn in_block(&self, at: usize, offset: u64) -> Option<usize> {
        let inside = offset.checked_sub(self.blocks[at].offset)?;
        Some(self.joined.starts[at] + self.offsets[at].byte(self.unit, inside)?)
    }

    /// The bytes of a stretch of the text: in the blocks of its own passage or sentence if it is there, else in any.
    pub fn stretch(&self, own: std::ops::Range<usize>, start: u64, end: u64) -> Option<(usize, usize)> {
        let whole = |at: usize| Some((self.in_block(at, start)?, self.in_block(at, end)?));
        if let Some(found) = { own }.find_map(whole) {
            return Some(found);
        }
        // It may begin and end in different ones.
        let all = || 0..self.blocks.len();
        if let Some(found) = all().find_map(whole) {
            return Some(found);
        }
        let first = all().find(|&at| self.in_block_or_after(at, start).is_some())?;
        let last = all().skip(first).find(|&at| self.in_block_or_after(at, end).is_some())?;
        Some((self.in_block_or_after(first, start)?, self.in_block_or_after(last, end)?))
    }

    /// The same, in the gap after a block too.
    fn in_block_or_after(&self, at: usize, offset: u64) -> Option<usize> {
        let after = || {
            let beyond = offset.checked_sub(self.blocks[at].offset.checked_add(self.lengths[at])?)?;
            let gap = *self.joined.gaps.get(at + 1)?;
            (beyond <= gap).then_some(self.joined.starts[at] + self.blocks[at].text.len() + beyond as usize)
        };
        self.in_block(at, offset).or_else(after)
    }
}

/// How a document was divided, kept as JSON where it is not the way that a writer would choose.
pub(super) fn layout(blocks: &[Block], joined: &Joined, passages: &[Passage], unit: Unit) -> Option<Json> {
    let base = blocks.first().map_or(0, |block| block.offset);
    if let ([only], [_]) = (passages, blocks)
        && base == 0
        && only.infons.is_empty()
        && only.sentences.is_none()
    {
        return None;
    }
    let of_block = |at: usize, infons: &Map<String, Json>| json!({"gap": joined.gaps[at], "length": length(Unit::CodePoints, &blocks[at].text), "infons": infons});
    let mut at = 0;
    let mut all = Vec::new();
    for passage in passages {
        if let Some(sentences) = &passage.sentences {
            let list: Vec<Json> = sentences.iter().zip(at..).map(|(infons, at)| of_block(at, infons)).collect();
            at += list.len();
            all.push(json!({"infons": passage.infons, "sentences": list}));
        } else {
            all.push(of_block(at, &passage.infons));
            at += 1;
        }
    }
    let base = if unit == Unit::CodePoints { base } else { 0 };
    Some(json!({"offset": base, "passages": all}))
}

/// What a file says of a passage besides its text.
#[derive(Debug, Default)]
pub(super) struct Passage {
    /// Its infons.
    pub infons: Map<String, Json>,
    /// The infons of its sentences, where it has its text in these.
    pub sentences: Option<Vec<Map<String, Json>>>,
}
