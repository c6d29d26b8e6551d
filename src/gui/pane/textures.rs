//! Pictures of bands on the graphics card: brought there when they come into view, dropped when they are far.

use std::collections::HashMap;

use egui::{Color32, ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions, pos2, vec2};

use super::page::Page;
use crate::article::BlockKind;
use crate::gui::theme::Theme;
use crate::typeset::{Column, Picture, Setter, Visible};

/// How many bands are kept, at most; of more, the half that was in view last stays.
const KEPT: usize = 160;

#[derive(Default)]
pub struct Textures {
    bands: HashMap<(usize, usize), Band>,
    clock: u64,
}

struct Band {
    letters: TextureHandle,
    coloured: Option<TextureHandle>,
    bleed: (u16, u16),
    used: u64,
}

impl Textures {
    /// Brings what is in view to the graphics card.
    pub fn upload(&mut self, ctx: &Context, setter: &mut Setter, column: &Column, visible: &[Visible], height: f32) {
        self.clock += 1;
        let mut missing = Vec::new();
        for seen in visible {
            let Some(paragraph) = setter.get(seen.chunk).filter(|_| !is_figure(column, seen.chunk)) else { continue };
            for (number, band) in paragraph.bands().iter().enumerate() {
                let margin = paragraph.look().pitch;
                if seen.top + band.bottom + margin < 0.0 || seen.top + band.top - margin > height {
                    continue;
                }
                match self.bands.get_mut(&(seen.chunk, number)) {
                    Some(band) => band.used = self.clock,
                    None => missing.push((seen.chunk, number)),
                }
            }
        }
        for (key, picture) in setter.pictures(&missing) {
            self.bands.insert(key, Band::new(ctx, &picture, self.clock));
        }
        if self.bands.len() > KEPT {
            let mut used: Vec<u64> = self.bands.values().map(|band| band.used).collect();
            let (_, &mut middle, _) = used.select_nth_unstable(KEPT / 2);
            let clock = self.clock;
            self.bands.retain(|_, band| band.used > middle || band.used == clock);
        }
    }

    /// Whether a band is at hand.
    pub fn has(&self, band: (usize, usize)) -> bool {
        self.bands.contains_key(&band)
    }

    /// Draws what is in view, letters in the theme's colour.
    pub fn paint(&self, painter: &Painter, page: &Page<'_>, theme: &Theme) {
        for seen in page.visible {
            let Some(paragraph) = page.setter.get(seen.chunk) else { continue };
            for (number, place) in paragraph.bands().iter().enumerate() {
                let Some(band) = self.bands.get(&(seen.chunk, number)) else { continue };
                let [width, height] = band.letters.size();
                let corner = page.frame.point(
                    paragraph.look().indent - f32::from(band.bleed.0),
                    (seen.top + place.top).round() - f32::from(band.bleed.1),
                );
                let size = vec2(width as f32, height as f32) / page.frame.scale;
                let rect = Rect::from_min_size(corner, size);
                let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                painter.image(band.letters.id(), rect, whole, theme.ink);
                if let Some(coloured) = &band.coloured {
                    painter.image(coloured.id(), rect, whole, Color32::WHITE);
                }
            }
        }
    }
}

/// A figure's place is taken by its picture.
fn is_figure(column: &Column, chunk: usize) -> bool {
    matches!(column.chunks()[chunk].kind, BlockKind::Figure(_))
}

impl Band {
    fn new(ctx: &Context, picture: &Picture, used: u64) -> Self {
        let size = [usize::from(picture.width), usize::from(picture.height)];
        let load = |image| ctx.load_texture("band", image, TextureOptions::NEAREST);
        let white = picture.letters.iter().map(|&covered| Color32::from_white_alpha(covered)).collect();
        let coloured = picture.coloured.as_deref().map(|pixels| ColorImage::from_rgba_premultiplied(size, pixels));
        Self { letters: load(ColorImage::new(size, white)), coloured: coloured.map(load), bleed: picture.bleed, used }
    }
}
