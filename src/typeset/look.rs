//! How each kind of block is set: size, weight, space around it, and how wide a line may be.
//!
//! Sizes are given in points at zoom 1 and come out in physical pixels.

use crate::article::BlockKind;

/// The size of running text, in points.
const BODY: f32 = 18.0;
/// Line pitch of running text as a multiple of its size: room for the lines that mark quotes and claims.
const LEADING: f32 = 1.62;
/// Line length in ems of running text: 31 of them hold 60 to 75 characters of Libertinus Serif.
const MEASURE: f32 = 31.0;

/// How a block is set. Lengths in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Font size.
    pub size: f32,
    /// Distance of baselines.
    pub pitch: f32,
    /// Heavy.
    pub bold: bool,
    /// Slanted.
    pub italic: bool,
    /// Fixed width.
    pub mono: bool,
    /// Space to the left.
    pub indent: f32,
    /// Space above.
    pub above: f32,
    /// Space below.
    pub below: f32,
}

/// What the look depends on besides the kind of block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Physical pixels to a point, zoom included.
    pub scale: f32,
    /// Physical pixels that a line may take.
    pub width: f32,
}

impl Measure {
    /// The measure in a view of this many physical pixels: as wide as reading is easy, and no wider.
    pub fn fit(scale: f32, view: f32) -> Self {
        Self { scale, width: view.min((BODY * MEASURE * scale).round()).max(BODY * 8.0 * scale).floor() }
    }
}

/// How a kind of block is set.
pub fn look_of(kind: BlockKind, measure: Measure) -> Look {
    let base = Look {
        size: BODY,
        pitch: BODY * LEADING,
        bold: false,
        italic: false,
        mono: false,
        indent: 0.0,
        above: 0.0,
        below: 11.0,
    };
    let look = match kind {
        BlockKind::Kicker => Look { size: 13.0, pitch: 20.0, bold: true, below: 4.0, above: 8.0, ..base },
        BlockKind::Title => Look { size: 31.0, pitch: 40.0, bold: true, above: 6.0, below: 12.0, ..base },
        BlockKind::Heading(1) => Look { size: 26.0, pitch: 36.0, bold: true, above: 20.0, below: 8.0, ..base },
        BlockKind::Heading(2) => Look { size: 22.0, pitch: 32.0, bold: true, above: 18.0, below: 6.0, ..base },
        BlockKind::Heading(_) => Look { size: 19.0, pitch: 29.0, bold: true, above: 14.0, below: 5.0, ..base },
        BlockKind::Byline => Look { size: 15.0, pitch: 24.0, italic: true, below: 14.0, ..base },
        BlockKind::Caption => Look { size: 15.0, pitch: 24.0, italic: true, above: 2.0, below: 16.0, ..base },
        BlockKind::ListItem { depth, .. } => Look { indent: 24.0 * (f32::from(depth) + 1.0), below: 5.0, ..base },
        BlockKind::BlockQuote => Look { indent: 26.0, ..base },
        BlockKind::Code => Look { size: 14.5, pitch: 23.0, mono: true, indent: 14.0, ..base },
        BlockKind::Rule => Look { above: 8.0, below: 16.0, ..base },
        BlockKind::Figure(_) => Look { above: 8.0, below: 8.0, ..base },
        BlockKind::Paragraph => base,
    };
    let scale = measure.scale;
    Look {
        size: look.size * scale,
        pitch: (look.pitch * scale).round(),
        indent: (look.indent * scale).round(),
        above: (look.above * scale).round(),
        below: (look.below * scale).round(),
        ..look
    }
}
