//! Markdown shown as "kind: text" lines, styles in a small notation: `/emphasis/`, `+strong+`, `#code#`, `_link_`, `~strike~`.

use crate::article::{Article, from_bytes};
use std::fmt::Write;
use std::path::Path;

fn read(text: &str) -> Article {
    from_bytes(Path::new("a.md"), text.as_bytes().to_vec(), None).expect("read")
}

fn outline(text: &str) -> String {
    let article = read(text);
    let mut lines = String::new();
    for (i, block) in article.blocks().iter().enumerate() {
        let display = article.display(i);
        let mut shown = String::new();
        let mut at = 0;
        for (range, style) in display.styles() {
            let mark =
                [(style.emphasis, '/'), (style.strong, '+'), (style.code, '#'), (style.link, '_'), (style.strike, '~')];
            let marks: String = mark.iter().filter(|mark| mark.0).map(|mark| mark.1).collect();
            shown += &display.text[at..range.start];
            let _ = write!(shown, "{marks}{}{marks}", &display.text[range.clone()]);
            at = range.end;
        }
        shown += &display.text[at..];
        let _ = writeln!(lines, "{:?}: {shown}", block.kind);
    }
    lines
}

fn check(markdown: &str, expected: &str) {
    assert_eq!(outline(markdown), expected, "from {markdown:?}");
    let crlf = markdown.replace('\n', "\r\n");
    assert_eq!(outline(&crlf), expected, "with CRLF, from {markdown:?}");
}

#[test]
fn inline_markup_is_hidden_and_styled() {
    check("a *b* **c** ~~d~~ `e` [f](g \"h\") <http://i.j>", "Paragraph: a /b/ +c+ ~d~ #e# _f_ _http://i.j_\n");
    check("***both*** and *one **two***", "Paragraph: /+both/+ and /one //+two/+\n");
    check("``a ` b`` and ` c `", "Paragraph: #a ` b# and #c#\n");
    check("[**bold** link][ref]\n\n[ref]: http://a.b", "Paragraph: +_bold+__ link_\n");
    check("**ta\u{301}** 👩‍👩‍👧 *မြန်မာ* نص", "Paragraph: +ta\u{301}+ 👩‍👩‍👧 /မြန်မာ/ نص\n");
}

#[test]
fn escapes_and_entities_show_what_they_mean() {
    check("\\*no\\* &amp; &copy; &#x4e2d; 3 &lt; 4", "Paragraph: *no* & © 中 3 < 4\n");
}

#[test]
fn line_ends_are_spaces_breaks_or_nothing() {
    check("one\ntwo  \nthree\\\nfour<br>five", "Paragraph: one two\nthree\nfour\nfive\n");
    check("中国和\n缅甸", "Paragraph: 中国和缅甸\n");
    check("中国 and\n缅甸", "Paragraph: 中国 and 缅甸\n");
}

#[test]
fn headings_of_both_kinds_are_found() {
    check(
        "# Top\n\nText\n\n## *Sub* ##\n\nLow\n---\n\n# Again",
        "Title: Top\nParagraph: Text\nHeading(2): /Sub/\nHeading(2): Low\nHeading(1): Again\n",
    );
    check("# Top\n\n*By Ada Lovelace*\n\nText.", "Title: Top\nByline: /By Ada Lovelace/\nParagraph: Text.\n");
}

#[test]
fn lists_keep_depth_and_number() {
    check(
        "- a\n- **b**\n  1. c\n  2. d\n\n     more\n- e",
        "ListItem { depth: 0, number: None }: a\nListItem { depth: 0, number: None }: +b+\nListItem { depth: 1, number: Some(1) }: c\n\
         ListItem { depth: 1, number: Some(2) }: d\nParagraph: more\nListItem { depth: 0, number: None }: e\n",
    );
    check("7. x\n8. y", "ListItem { depth: 0, number: Some(7) }: x\nListItem { depth: 0, number: Some(8) }: y\n");
    check("- [x] done", "ListItem { depth: 0, number: None }: ☑ done\n");
}

#[test]
fn quotes_code_and_rules_are_blocks() {
    check("> one\n> two\n\n---\n\n> # H", "BlockQuote: one two\nRule: \nHeading(1): H\n");
    check("```rust\nlet a;\n\n  b\n```\n", "Code: #let a;\n\n  b#\n");
    check("    a\n      b\n", "Code: #a\n  b#\n");
}

#[test]
fn tables_show_their_rows_plainly() {
    check("| a | b |\n|---|---|\n| *c* | d\\|e |\n", "Paragraph: a | b\nParagraph: /c/ | d|e\n");
}

#[test]
fn pictures_are_figures_with_captions() {
    check("See ![a *cat*](cat.png \"t\") here", "Paragraph: See\nFigure(0): \nCaption: a /cat/\nParagraph: here\n");
    check("![](x.png)", "Figure(0): \n");
    check("[![alt](x.png)](y)\n\nText", "Figure(0): \nCaption: _alt_\nParagraph: Text\n");
    let article = read("![a *cat*](img/cat.png)\n\n![b](<c d.png>)");
    let images: Vec<_> = article.images().iter().map(|image| (image.target.as_str(), image.alt.as_str())).collect();
    assert_eq!(images, [("img/cat.png", "a cat"), ("c d.png", "b")]);
}

#[test]
fn html_is_shown_and_comments_are_not() {
    check("a <b>c</b><!-- no -->d", "Paragraph: a <b>c</b>d\n");
    check("<!-- gone -->\n\ntext", "Paragraph: text\n");
    check("<div>\nx\n</div>\n", "Code: #<div>\nx\n</div>#\n");
}

#[test]
fn front_matter_is_code() {
    check("---\ntitle: x\n---\n\n# T\n\nText", "Code: #title: x#\nTitle: T\nParagraph: Text\n");
}

#[test]
fn footnotes_show_their_labels() {
    check("a[^1]\n\n[^1]: note *here*", "Paragraph: a[^1]\nParagraph: [^1]: note /here/\n");
}

#[test]
fn a_selected_bold_word_is_marked_without_its_stars() {
    let text = "x **bold** y\\* &amp; z";
    let article = read(text);
    let display = article.display(0);
    assert_eq!(display.text, "x bold y* & z");
    let source = |shown: &str| {
        let at = display.text.find(shown).expect("shown");
        let range = display.source_range_from_shown(at..at + shown.len());
        &text[range.start as usize..range.end as usize]
    };
    for (shown, expected) in
        [("bold", "bold"), ("x bold y", "x **bold** y"), ("&", "&amp;"), ("*", "*"), ("y*", "y\\*")]
    {
        assert_eq!(source(shown), expected);
    }
    assert_eq!(display.shown_from_source(3), 2, "inside the stars");
    assert_eq!(display.shown_from_source(4), 2);
    assert_eq!(display.shown_from_source(999), display.text.len());
}
