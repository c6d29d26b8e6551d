//! Where the caret goes: by character, word, sentence and paragraph in the text, and by line on the page.

use crate::text::boundary;
use crate::typeset::{Column, Setter};

/// A motion in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// To the next character.
    NextCharacter,
    /// To the one before.
    PreviousCharacter,
    /// To the next word.
    NextWord,
    /// To the word before.
    PreviousWord,
    /// To the next sentence.
    NextSentence,
    /// To the sentence before.
    PreviousSentence,
    /// To the next paragraph.
    NextParagraph,
    /// To the paragraph before.
    PreviousParagraph,
    /// To the article's start.
    Start,
    /// To its end.
    End,
}

impl Motion {
    /// The byte that the motion leads to.
    pub fn from(self, text: &str, byte: u32) -> u32 {
        let at = boundary::floor_char(text, (byte as usize).min(text.len()));
        let to = match self {
            Self::NextCharacter => boundary::next_grapheme(text, at),
            Self::PreviousCharacter => boundary::prev_grapheme(text, at),
            Self::NextWord => boundary::next_word(text, at),
            Self::PreviousWord => boundary::prev_word(text, at),
            Self::NextSentence => boundary::next_sentence(text, at),
            Self::PreviousSentence => boundary::prev_sentence(text, at),
            Self::NextParagraph => boundary::next_paragraph(text, at),
            Self::PreviousParagraph => boundary::prev_paragraph(text, at),
            Self::Start => 0,
            Self::End => text.len(),
        };
        to as u32
    }
}

/// A motion on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Vertical {
    /// Lines down, or up if negative.
    Lines(i32),
    /// Pixels down, or up if negative: a page.
    Pixels(f32),
    /// To the line's start.
    LineStart,
    /// To the line's end.
    LineEnd,
}

/// The byte that a motion on the page leads to. Up and down keep to the x where they began.
pub(super) fn vertical(
    setter: &mut Setter,
    column: &mut Column,
    byte: u32,
    goal: &mut Option<f32>,
    motion: Vertical,
) -> Option<u32> {
    let mut chunk = column.chunk_at(byte);
    setter.ensure(column, &[chunk]);
    let (x, mut line) = setter.get(chunk)?.caret(byte);
    if matches!(motion, Vertical::LineStart | Vertical::LineEnd) {
        let paragraph = setter.get(chunk)?;
        let bounds = paragraph.lines().get(line)?;
        let left = (motion == Vertical::LineStart) != paragraph.is_rtl();
        let x = if left { -10.0 } else { paragraph.width() + 10.0 };
        return Some(paragraph.byte_at(x, f32::midpoint(bounds.top, bounds.bottom)));
    }
    let indent = setter.get(chunk)?.look().indent;
    let x = *goal.get_or_insert(x + indent);
    let pitch = setter.get(chunk)?.look().pitch;
    let steps = match motion {
        Vertical::Lines(lines) => lines,
        Vertical::Pixels(pixels) => (pixels / pitch) as i32,
        _ => 0,
    };
    for _ in 0..steps.abs() {
        if steps > 0 {
            if line + 1 < setter.get(chunk)?.lines().len() {
                line += 1;
            } else if chunk + 1 < column.chunks().len() {
                chunk += 1;
                line = 0;
                setter.ensure(column, &[chunk]);
            }
        } else if line > 0 {
            line -= 1;
        } else if chunk > 0 {
            chunk -= 1;
            setter.ensure(column, &[chunk]);
            line = setter.get(chunk)?.lines().len().saturating_sub(1);
        }
    }
    let paragraph = setter.get(chunk)?;
    let bounds = paragraph.lines().get(line)?;
    Some(paragraph.byte_at(x - paragraph.look().indent, f32::midpoint(bounds.top, bounds.bottom)))
}
