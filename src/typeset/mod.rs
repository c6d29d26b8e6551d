//! Sets paragraphs into lines and pixels, for every script; knows no toolkit.
//!
//! All lengths are physical pixels, all offsets bytes of the article's text. `parley` shapes and breaks, `vello_cpu`
//! rasterises. A [`Column`] holds what is known of a whole article's height and sets only what is near the view.

mod cache;
mod column;
#[cfg(test)]
mod column_tests;
mod faces;
mod fenwick;
mod fonts;
mod look;
mod paragraph;
#[cfg(test)]
mod paragraph_tests;
mod raster;
mod walk;

pub use cache::{Counts, Setter};
pub use column::{Chunk, Column, Place, Visible};
pub use fonts::Fonts;
pub use look::{Look, Measure, look_of};
pub use paragraph::{Band, LineBox, Paragraph, Piece};
pub use raster::Picture;
