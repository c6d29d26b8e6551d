//! Decodes a picture within bounds; knows no toolkit, so that `fuzz/` can take it in alone.
//!
//! Whatever the file says of itself, no more than [`MEMORY`] bytes are taken for it, and at most [`KEPT`] pixels of a
//! side are kept. What cannot be shown gives its reason.

use std::io::{BufRead, Seek};

/// Pixels of a side that a picture is kept at.
pub const KEPT: u32 = 1600;
/// Pixels of a side, at most, of a picture that is read.
const LARGEST: u32 = 12_000;
/// Bytes that decoding may take.
const MEMORY: u64 = 256 << 20;
/// Characters of what a decoder says that are told.
const TOLD: usize = 200;

/// The pixels of a picture, made smaller where it is large; or why there are none, without a full stop.
pub fn decode(file: impl BufRead + Seek) -> Result<image::RgbaImage, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string().chars().take(TOLD).collect::<String>();
    let mut reader = image::ImageReader::new(file).with_guessed_format().map_err(|error| said(&error))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LARGEST);
    limits.max_image_height = Some(LARGEST);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| said(&error))?;
    if picture.width() == 0 || picture.height() == 0 {
        return Err("it has no pixel".to_owned());
    }
    let picture = if picture.width() > KEPT || picture.height() > KEPT {
        picture.resize(KEPT, KEPT, image::imageops::FilterType::Triangle)
    } else {
        picture
    };
    Ok(picture.to_rgba8())
}
