//! What holds for every article, however its text is written: blocks are in order and in bounds, pieces cover their
//! block, and each place has a way to the page and back.

use std::path::Path;

use proptest::prelude::*;

use super::{Article, Shown, from_bytes};

fn check_article(article: &Article) {
    let text = &*article.text;
    let mut done = 0;
    for (index, block) in article.blocks().iter().enumerate() {
        let (start, end) = (block.source.start as usize, block.source.end as usize);
        assert!(done <= start && start < end && end <= text.len(), "{block:?} after {done}");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{block:?}");
        assert!(!text[..end].ends_with(['\r', '\n']), "{block:?} ends with a line end");
        done = end;
        if !block.pieces.is_empty() {
            let mut at = block.source.start;
            for piece in &block.pieces {
                assert_eq!(piece.source.start, at, "gap in {block:?}");
                assert!(piece.source.end > at && text.is_char_boundary(piece.source.end as usize), "{block:?}");
                at = piece.source.end;
            }
            assert_eq!(at, block.source.end, "{block:?}");
        }
        check_mapping(article, index);
    }
}

fn check_mapping(article: &Article, index: usize) {
    let block = &article.blocks()[index];
    let display = article.display(index);
    assert!(!display.text.contains('\r'));
    let mut last = 0;
    for source in block.source.clone().filter(|&byte| article.text.is_char_boundary(byte as usize)) {
        assert_eq!(article.block_at(source), index);
        let shown = display.shown_from_source(source);
        assert!(shown >= last && display.text.is_char_boundary(shown));
        last = shown;
        let is_shown = block.pieces.is_empty()
            || block.pieces.iter().any(|piece| piece.shown == Shown::Source && piece.source.contains(&source));
        if is_shown {
            assert_eq!(display.source_from_shown(shown), source);
        }
    }
    for shown in (0..=display.text.len()).filter(|&byte| display.text.is_char_boundary(byte)) {
        let (start, end) = (display.source_from_shown(shown), display.source_end_from_shown(shown));
        assert!(block.source.start <= end && end <= start.max(end) && start <= block.source.end);
        assert!(article.text.is_char_boundary(start as usize) && article.text.is_char_boundary(end as usize));
        assert!(display.shown_from_source(start) <= shown);
    }
    let mut styled = 0;
    for (range, _) in display.styles() {
        assert!(styled <= range.start && range.start < range.end && range.end <= display.text.len());
        styled = range.end;
    }
    // Parts show together what the whole shows.
    let middle = block.source.start + (block.source.end - block.source.start) / 2;
    let middle = article.text.floor_char_boundary(middle as usize) as u32;
    let parts =
        [block.source.start..middle, middle..block.source.end].map(|part| article.display_part(index, part).text);
    assert_eq!(parts.concat(), display.text);
}

fn check(text: &str) {
    for name in ["a.txt", "a.md"] {
        let bare = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        if !bare.is_empty() {
            let article = from_bytes(Path::new(name), text.as_bytes().to_vec(), Some("UTF-8")).expect("read");
            assert_eq!(&*article.text, bare, "the text is never changed");
            check_article(&article);
        }
    }
}

/// Bits of Markdown and of plain articles that quarrel with each other.
const BITS: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    "  \n",
    "    ",
    "\t",
    "# ",
    "## ",
    "===\n",
    "---\n",
    "* ",
    "- ",
    "1. ",
    "2. ",
    "> ",
    "**",
    "*",
    "_",
    "`",
    "``",
    "```\n",
    "~~",
    "[",
    "](x)",
    "![",
    "](y.png)",
    "[^1]",
    "[^1]: ",
    "[r]: z\n",
    "|",
    "|-|-|\n",
    "<b>",
    "<!--",
    "-->",
    "<br>",
    "<div>\n",
    "&amp;",
    "&#9;",
    "&copy;",
    "\\",
    "\\\n",
    "☐",
    "[x] ",
    "http://a.b",
    "<http://c.d>",
    "word",
    "By Ada",
    "Photo: B",
    "Published: 2023",
    "CHINA / X",
    "stop. ",
    "中国",
    "。",
    "မြန်မာ",
    "นี่",
    "نص",
    "日本",
    "👩‍👩‍👧",
    "e\u{301}",
    "\u{200B}",
    "\u{202E}",
    "\u{AD}",
    "\u{1B}",
    "\u{200D}",
    "\u{3000}",
    "\u{FEFF}",
    "\u{85}",
    "\u{2028}",
    "\u{A0}",
    "+++\n",
    "title: x\n",
    "A line of some sixty columns that goes on and on in the next one\n",
];

#[test]
fn awkward_texts_keep_every_promise() {
    for text in [
        "a\r\n",
        "> a\r\n> b\r\n",
        "- \n- ",
        "![a\r\nb](c)\r\n",
        "| a |\n|-|\n| |\n",
        "```\r\n\r\n```",
        "\u{FEFF}x",
        "- ```\n  a\n  ```\n",
        "> - a\n>   b\n",
        "# \n\nx",
        "`a\r\nb`",
        "<!-- a\n\nb",
        "&amp;",
        "\\",
        "*a\n\nb*",
        "1. ---\n",
        "- - - a",
        "\t\tx\n\ty",
    ] {
        check(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_text_keeps_every_promise(bits in prop::collection::vec(prop::sample::select(BITS), 0..40)) {
        check(&bits.concat());
    }
}
