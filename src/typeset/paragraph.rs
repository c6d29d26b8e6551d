//! One paragraph, set: its lines, where each byte stands, which byte a point means.
//!
//! Offsets are bytes of the article; what Markdown hides is mapped by the block's [`Display`]. Coordinates are physical
//! pixels from the paragraph's top left corner.

use std::borrow::Cow;
use std::ops::Range;

use parley::{
    Affinity, Alignment, AlignmentOptions, Cursor, FontFamily, FontFamilyName, FontStyle, FontWeight, Layout, Line,
    LineHeight, OverflowWrap, PositionedLayoutItem, StyleProperty,
};

use super::faces;
use super::fonts::{Fonts, MONO, SERIF, has_text_cut};
use super::look::{Look, Measure};
use crate::article::Display;
use crate::text::boundary;

/// How far the reading face reaches above and below the baseline, in ems (its `hhea` table).
const ASCENT: f32 = 0.894;
const DESCENT: f32 = 0.246;

/// Bands are cut after this many pixels.
const BAND: f32 = 480.0;

/// Characters of one letter that are set: no script has as many.
const PILE: usize = 30;

/// The letters of a sign for an invisible character, in parts of the text's size.
const SIGN: f32 = 0.56;

/// A run of lines that is drawn as one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Which lines.
    pub lines: Range<usize>,
    /// Where they begin.
    pub top: f32,
    /// Where they end.
    pub bottom: f32,
}

/// A line's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineBox {
    /// Where the line begins, its leading included.
    pub top: f32,
    /// Where it ends.
    pub bottom: f32,
    /// Where its letters stand.
    pub baseline: f32,
    /// How far letters reach above the baseline.
    pub ascent: f32,
    /// How far they reach below.
    pub descent: f32,
}

/// A stretch of one line, as a highlight covers it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// The line's number.
    pub line: usize,
    /// Left edge.
    pub left: f32,
    /// Right edge.
    pub right: f32,
}

/// A paragraph, set.
pub struct Paragraph {
    layout: Layout<()>,
    display: Display,
    look: Look,
    lines: Vec<LineBox>,
    bands: Vec<Band>,
    /// Where each line's text ends, in bytes of what is shown.
    ends: Vec<usize>,
    missing: Option<char>,
    width: f32,
}

impl Paragraph {
    /// Sets a text.
    pub fn set(fonts: &Fonts, display: Display, look: Look, measure: Measure, language: Option<&str>) -> Self {
        let width = (measure.width - look.indent).max(look.size);
        let text = shapeable(&display.text);
        let generation = fonts.generation();
        let mut layout = fonts.with_scratch(|faces, scratch| {
            let scripts = faces::families(&text, language, |family| has_text_cut(faces, generation, family));
            let mut builder = scratch.ranged_builder(faces, &text, 1.0, true);
            let family = |name: &'static str, generic| {
                let named = std::iter::once(name).chain(scripts.iter().copied());
                let named = named.map(|name| FontFamilyName::Named(Cow::Borrowed(name)));
                FontFamily::List(Cow::Owned(named.chain([FontFamilyName::Generic(generic)]).collect()))
            };
            let mono = || family(MONO, parley::GenericFamily::Monospace);
            builder.push_default(if look.mono { mono() } else { family(SERIF, parley::GenericFamily::Serif) });
            builder.push_default(StyleProperty::FontSize(look.size));
            builder.push_default(LineHeight::Absolute(look.pitch));
            builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
            if look.bold {
                builder.push_default(FontWeight::SEMI_BOLD);
            }
            if look.italic {
                builder.push_default(FontStyle::Italic);
            }
            if let Some(language) = language.and_then(|it| parley::style::Language::parse(it).ok()) {
                builder.push_default(StyleProperty::Locale(Some(language)));
            }
            for (range, style) in display.styles() {
                if style.emphasis {
                    builder.push(FontStyle::Italic, range.clone());
                }
                if style.strong {
                    builder.push(FontWeight::BOLD, range.clone());
                }
                if style.code {
                    builder.push(mono(), range.clone());
                    builder.push(StyleProperty::FontSize(look.size * 0.86), range.clone());
                }
                if style.sign {
                    builder.push(mono(), range.clone());
                    builder.push(StyleProperty::FontSize(look.size * SIGN), range.clone());
                    builder.push(StyleProperty::LetterSpacing(look.size * 0.06), range.clone());
                }
                if style.strike {
                    builder.push(StyleProperty::Strikethrough(true), range.clone());
                }
                if style.link {
                    builder.push(StyleProperty::Underline(true), range.clone());
                }
            }
            for stretch in faces::stretches(&text) {
                builder.push(FontStyle::Normal, stretch.range.clone());
                if stretch.emoji {
                    let colour = FontFamilyName::Generic(parley::GenericFamily::Emoji);
                    let emoji = vec![colour, FontFamilyName::Named(Cow::Borrowed(SERIF))];
                    builder.push(FontFamily::List(Cow::Owned(emoji)), stretch.range);
                }
            }
            builder.build(&text)
        });
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        let lines = lines_of(&layout, &look);
        let bands = bands_of(&lines);
        let missing = missing_character(&layout, &display.text);
        // In odd mixtures of scripts parley 0.11.1 ends a line inside a character.
        let ends = layout.lines().map(|line| boundary::floor_char(&display.text, line.text_range().end)).collect();
        Self { layout, display, look, lines, bands, ends, missing, width }
    }

    /// How high the lines are together.
    pub fn height(&self) -> f32 {
        self.lines.last().map_or(self.look.pitch, |line| line.bottom)
    }

    /// How it is set.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// How wide a line may be.
    pub fn width(&self) -> f32 {
        self.width
    }

    /// The text as it is shown.
    pub fn shown(&self) -> &str {
        &self.display.text
    }

    /// Where a byte of the article stands in the text as it is shown.
    pub fn shown_from_source(&self, byte: u32) -> usize {
        self.display.shown_from_source(byte)
    }

    /// The signs that stand for invisible characters: the byte of the article, and the pieces of lines that each covers.
    pub fn signs(&self) -> impl Iterator<Item = (u32, Vec<Piece>)> {
        let signs = self.display.styles().iter().filter(|(_, style)| style.sign);
        // A direction mark that works on beside its sign is no wider than the space between letters.
        let least = self.look.size * 0.15;
        let wide = move |pieces: Vec<Piece>| pieces.into_iter().filter(|it| it.right - it.left > least).collect();
        let segments = signs.flat_map(|(range, _)| self.display.segments_in(range));
        segments.map(move |(source, shown)| (source, wide(self.pieces_shown(shown))))
    }

    /// Which part of the text as it is shown stands on a line.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        // A figure shows no text, yet has a line.
        let all = self.display.text.len();
        let start = if line == 0 { 0 } else { self.ends[line - 1].min(all) };
        start..self.ends[line].clamp(start, all)
    }

    /// Which bytes of the article stand on a line, without hidden markup at its edges.
    pub fn line_source(&self, line: usize) -> Range<u32> {
        self.display.source_range_from_shown(self.line_range(line))
    }

    /// The lines' places.
    pub fn lines(&self) -> &[LineBox] {
        &self.lines
    }

    /// The pictures that it is drawn from.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// A character that no font has, if there is one.
    pub fn missing(&self) -> Option<char> {
        self.missing
    }

    /// Whether it reads from right to left.
    pub fn is_rtl(&self) -> bool {
        self.layout.is_rtl()
    }

    pub(super) fn layout(&self) -> &Layout<()> {
        &self.layout
    }

    /// The byte of the article that a point means: the boundary nearest to it.
    pub fn byte_at(&self, x: f32, y: f32) -> u32 {
        // parley's lines reach into each other where a face is taller than the pitch: ask for the middle of ours.
        let line = self.lines.partition_point(|line| line.bottom <= y).min(self.lines.len().saturating_sub(1));
        let middle = (line as f32 + 0.5) * self.look.pitch;
        let shown = Cursor::from_point(&self.layout, x, middle).index();
        self.display.source_from_shown(whole_letter(&self.display.text, shown))
    }

    /// Where a caret before this byte stands: x and the line.
    pub fn caret(&self, byte: u32) -> (f32, usize) {
        let shown = self.display.shown_from_source(byte);
        let cursor = Cursor::from_byte_index(&self.layout, shown, Affinity::Downstream);
        let place = cursor.geometry(&self.layout, 1.0);
        let middle = f64::midpoint(place.y0, place.y1) as f32;
        let line = self.lines.partition_point(|line| line.bottom <= middle).min(self.lines.len().saturating_sub(1));
        (place.x0 as f32, line)
    }

    /// The pieces of lines that a stretch of the article covers, line by line and from left to right. White space that
    /// hangs over the end of a line is not part of a piece.
    pub fn pieces(&self, source: Range<u32>) -> Vec<Piece> {
        let shown = |byte| self.display.shown_from_source(byte);
        self.pieces_shown(shown(source.start)..shown(source.end))
    }

    /// The same for a stretch of the text as it is shown.
    pub fn pieces_shown(&self, shown: Range<usize>) -> Vec<Piece> {
        let Range { start, end } = shown;
        let mut pieces = Vec::new();
        if start >= end {
            return pieces;
        }
        let first = self.ends.partition_point(|&line_end| line_end <= start);
        for number in first..self.lines.len() {
            let Some(line) = self.layout.get(number).filter(|line| line.text_range().start < end) else { break };
            let range = self.line_range(number);
            let covered = start..end.min(range.start + self.display.text[range].trim_end().len());
            pieces_of_line(number, &line, &covered, &mut pieces);
        }
        pieces
    }
}

/// Walks a line's clusters in visual order: in mixed text one stretch can cover several pieces.
fn pieces_of_line(number: usize, line: &Line<'_, ()>, covered: &Range<usize>, pieces: &mut Vec<Piece>) {
    let metrics = line.metrics();
    let mut x = metrics.offset + metrics.inline_min_coord;
    let mut open: Option<Piece> = None;
    for run in line.runs() {
        for cluster in run.visual_clusters() {
            let right = x + cluster.advance();
            if covered.contains(&cluster.text_range().start) {
                open.get_or_insert(Piece { line: number, left: x, right }).right = right;
            } else {
                pieces.extend(open.take().filter(|piece| piece.right > piece.left));
            }
            x = right;
        }
    }
    pieces.extend(open.filter(|piece| piece.right > piece.left));
}

/// The pitch is ours: every line is as high, and its letters stand at the same height, whatever faces stand in for
/// letters that the reading face does not have.
fn lines_of(layout: &Layout<()>, look: &Look) -> Vec<LineBox> {
    let above = ((look.pitch - look.size * (ASCENT + DESCENT)) / 2.0 + look.size * ASCENT).round();
    layout
        .lines()
        .enumerate()
        .map(|(number, line)| {
            let metrics = line.metrics();
            let top = number as f32 * look.pitch;
            LineBox {
                top,
                bottom: top + look.pitch,
                baseline: top + above,
                ascent: metrics.ascent.min(look.pitch * 0.62),
                descent: metrics.descent.min(look.pitch * 0.24),
            }
        })
        .collect()
}

fn bands_of(lines: &[LineBox]) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match bands.last_mut() {
            Some(band) if line.bottom - band.top <= BAND => {
                band.lines.end = at + 1;
                band.bottom = line.bottom;
            }
            _ => bands.push(Band { lines: at..at + 1, top: line.top, bottom: line.bottom }),
        }
    }
    bands
}

/// The first character that came out as the "no such glyph" box.
fn missing_character(layout: &Layout<()>, text: &str) -> Option<char> {
    layout.lines().flat_map(|line| line.items().collect::<Vec<_>>()).find_map(|item| {
        let PositionedLayoutItem::GlyphRun(run) = item else { return None };
        if run.glyphs().all(|glyph| glyph.id != 0) {
            return None;
        }
        let found = run.run().clusters().find(|cluster| cluster.glyphs().any(|glyph| glyph.id == 0))?;
        text.get(found.text_range())?.chars().find(|c| !c.is_control() && !c.is_whitespace() && !is_invisible(*c))
    })
}

/// The boundary between letters nearest to a place: faces part what they have no common glyph for.
fn whole_letter(text: &str, at: usize) -> usize {
    let at = boundary::floor_char(text, at);
    let start = boundary::prev_grapheme(text, at);
    let end = boundary::next_grapheme(text, start);
    match end {
        _ if at == 0 || end <= at => at,
        _ if at - start < end - at => start,
        _ => end,
    }
}

/// The text with stand-ins, each as many bytes long, for what piles up beyond reason on one letter: parley counts the
/// characters of a letter in a byte (parley 0.11.1, `shape/mod.rs`, `map_len`).
fn shapeable(text: &str) -> Cow<'_, str> {
    // Such a pile has no ASCII in it, and reading a text letter by letter is dear.
    if !text.split(|c: char| c.is_ascii()).any(|run| run.chars().nth(PILE).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for letter in boundary::graphemes(text) {
        for (number, c) in text[letter].chars().enumerate() {
            out.push(match c.len_utf8() {
                _ if number < PILE => c,
                1 => '.',
                2 => '·',
                3 => '◌',
                _ => '\u{1f784}',
            });
        }
    }
    Cow::Owned(out)
}

/// Characters that leave no mark on the page, whatever the font.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}
