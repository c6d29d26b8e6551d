//! Pictures: one that can be shown is no larger than what is kept, any other leaves a short reason.

use std::io::Cursor;

#[path = "../../src/gui/pane/picture.rs"]
mod decoding;

/// Any bytes as a picture.
pub fn check(data: &[u8]) {
    match decoding::decode(Cursor::new(data)) {
        Ok(picture) => {
            let most = picture.width().max(picture.height());
            assert!((1..=decoding::KEPT).contains(&most), "{most} pixels are kept");
        }
        Err(reason) => assert!(!reason.is_empty() && reason.chars().count() <= 300, "{reason}"),
    }
}
