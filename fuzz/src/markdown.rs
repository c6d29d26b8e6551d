//! Markdown: blocks are in order and in bounds, their pieces cover them, and every place of the page leads back into the
//! source, between characters.

use std::path::Path;

use pressmark::article::{Article, from_bytes};

/// Any text as Markdown.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(article) = from_bytes(Path::new("talks.md"), text.as_bytes().to_vec(), Some("UTF-8")) {
        blocks_hold(&article);
        for image in article.images() {
            assert!(image.target.len() <= text.len());
        }
    }
}

/// What holds for the blocks of every article.
pub fn blocks_hold(article: &Article) {
    let text = &*article.text;
    let mut done = 0;
    for (index, block) in article.blocks().iter().enumerate() {
        let (start, end) = (block.source.start as usize, block.source.end as usize);
        assert!(done <= start && start < end && end <= text.len(), "{block:?} after {done}");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{block:?}");
        done = end;
        let mut at = block.source.start;
        for piece in &block.pieces {
            assert!(piece.source.start == at && piece.source.end > at, "{block:?} has a gap");
            at = piece.source.end;
        }
        assert!(block.pieces.is_empty() || at == block.source.end, "{block:?} is not covered");
        places_hold(article, index);
    }
}

fn places_hold(article: &Article, index: usize) {
    let source = article.blocks()[index].source.clone();
    let display = article.display(index);
    assert!(!display.text.contains('\r'));
    let mut last = source.start;
    for shown in (0..=display.text.len()).filter(|byte| display.text.is_char_boundary(*byte)) {
        let (start, end) = (display.source_from_shown(shown), display.source_end_from_shown(shown));
        assert!(source.start <= start && start <= source.end && end <= source.end, "{shown} leads outside");
        assert!(article.text.is_char_boundary(start as usize) && article.text.is_char_boundary(end as usize));
        assert!(start >= last, "the page runs as the source does");
        assert!(display.shown_from_source(start) <= shown, "there and back");
        last = start;
    }
    let mut last = 0;
    for byte in source.filter(|byte| article.text.is_char_boundary(*byte as usize)) {
        let shown = display.shown_from_source(byte);
        assert!(shown >= last && display.text.is_char_boundary(shown), "the source runs as the page does");
        last = shown;
    }
}
