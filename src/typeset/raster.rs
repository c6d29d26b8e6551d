//! Lines to pixels: a band of a paragraph as a picture.
//!
//! Letters are drawn white, to be tinted when they are put on the screen, so that a change of theme rasterises
//! nothing; glyphs that have colours of their own (emoji) come in a second picture.

use std::cell::RefCell;

use parley::PositionedLayoutItem;
use vello_cpu::color::palette::css::WHITE;
use vello_cpu::kurbo::{Affine, Rect};
use vello_cpu::{Glyph, Pixmap, RenderContext, Resources};

use super::fonts::draws_in_colour;
use super::paragraph::Paragraph;

/// Pixels of a band, with what surrounds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// How far the picture's corner stands left of and above the band's: letters may reach over.
    pub bleed: (u16, u16),
    /// How far letters cover each pixel: one byte a pixel.
    pub letters: Vec<u8>,
    /// Glyphs with colours of their own: premultiplied RGBA.
    pub coloured: Option<Vec<u8>>,
}

thread_local! {
    static TOOLS: RefCell<(Option<RenderContext>, Resources)> = RefCell::new((None, Resources::new()));
}

impl Paragraph {
    /// Draws one of its bands.
    pub fn picture(&self, band: usize) -> Picture {
        let band = &self.bands()[band];
        // Fallback faces are taller than the line, and slanted letters lean out of it.
        let across = (self.look().size * 0.4).ceil() as u16;
        let down = (self.look().pitch * 0.5).ceil() as u16;
        let width = (self.width().ceil() as u16).saturating_add(2 * across);
        let height = ((band.bottom - band.top).ceil() as u16).saturating_add(2 * down);
        let corner = Affine::translate((f64::from(across), f64::from(down) - f64::from(band.top)));
        let (letters, _) = self.draw(band.lines.clone(), corner, (width, height), false);
        let (coloured, any) = if self.has_colour(band.lines.clone()) {
            self.draw(band.lines.clone(), corner, (width, height), true)
        } else {
            (Vec::new(), false)
        };
        // Letters are white and premultiplied: all four channels say the same.
        let letters = letters.chunks_exact(4).map(|pixel| pixel[3]).collect();
        Picture { width, height, bleed: (across, down), letters, coloured: any.then_some(coloured) }
    }

    fn has_colour(&self, lines: std::ops::Range<usize>) -> bool {
        lines
            .filter_map(|line| self.layout().get(line))
            .any(|line| line.runs().any(|run| draws_in_colour(run.font().data.data(), run.font().index)))
    }

    fn draw(
        &self,
        lines: std::ops::Range<usize>,
        corner: Affine,
        (width, height): (u16, u16),
        coloured: bool,
    ) -> (Vec<u8>, bool) {
        TOOLS.with_borrow_mut(|(context, resources)| {
            let context = context.get_or_insert_with(|| RenderContext::new(width, height));
            context.reset_and_resize(width, height);
            context.set_transform(corner);
            context.set_paint(WHITE);
            let mut any = false;
            for (line, place) in lines.filter_map(|line| self.layout().get(line).zip(self.lines().get(line))) {
                let baseline = place.baseline;
                for item in line.items() {
                    let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                    let font = run.run().font();
                    if draws_in_colour(font.data.data(), font.index) != coloured {
                        continue;
                    }
                    any = true;
                    let shift = baseline - run.baseline();
                    let skew = run
                        .run()
                        .synthesis()
                        .skew()
                        .map(|angle| Affine::skew(f64::from(angle).to_radians().tan(), 0.0));
                    let mut builder = context
                        .glyph_run(resources, font)
                        .font_size(run.run().font_size())
                        .normalized_coords(bytemuck_coords(run.run().normalized_coords()))
                        .hint(true);
                    if let Some(skew) = skew {
                        builder = builder.glyph_transform(skew);
                    }
                    builder.fill_glyphs(run.positioned_glyphs().map(|glyph| Glyph {
                        id: glyph.id,
                        x: glyph.x,
                        y: glyph.y + shift,
                    }));
                    if !coloured {
                        decorate(context, &run, baseline);
                    }
                }
            }
            let mut pixels = Pixmap::new(width, height);
            context.flush();
            context.render(&mut pixels, resources);
            (pixels.data_as_u8_slice().to_vec(), any)
        })
    }
}

/// Underlines of links and strokes through deleted words.
fn decorate(context: &mut RenderContext, run: &parley::GlyphRun<'_, ()>, baseline: f32) {
    let metrics = run.run().metrics();
    let style = run.style();
    let lines = [
        style.underline.as_ref().map(|_| (metrics.underline_offset, metrics.underline_size)),
        style.strikethrough.as_ref().map(|_| (metrics.strikethrough_offset, metrics.strikethrough_size)),
    ];
    for (offset, thickness) in lines.into_iter().flatten() {
        let top = f64::from((baseline - offset).round());
        let left = f64::from(run.offset());
        let rect = Rect::new(left, top, left + f64::from(run.advance()), top + f64::from(thickness.max(1.0)).round());
        context.fill_rect(&rect);
    }
}

/// Both crates mean the same 2.14 fixed-point numbers.
fn bytemuck_coords(coords: &[i16]) -> &[i16] {
    coords
}
