//! The blocks of Markdown, with every piece of markup in its place.
//!
//! `pulldown-cmark` tells what is shown and where in the source it stands; what lies between is hidden. Paragraphs,
//! headings, items, quotes, code, table rows and pictures each become blocks of their own, in the order of the source.
//! HTML is shown as it is written, comments are hidden.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::pieces::{Pieces, joins_with_space};
use super::plain::looks;
use super::{Block, BlockKind, ImageRef, Style};

/// Blocks below the title among which a byline is looked for.
const HEAD_BLOCKS: usize = 5;

/// The blocks of a text and the pictures that they name.
pub(super) fn blocks(text: &str) -> (Vec<Block>, Vec<ImageRef>) {
    let mut options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    if text.starts_with("---") {
        options |= Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    } else if text.starts_with("+++") {
        options |= Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    }
    let mut reader = Reader::new(text);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, range);
    }
    reader.close(text.len());
    name_head(text, &mut reader.blocks);
    (reader.blocks, reader.images)
}

/// The first heading of level 1 is the title, if nothing but a byline stands before it; bylines and captions as in
/// plain text.
fn name_head(text: &str, blocks: &mut [Block]) {
    let is_front_matter = |block: &Block| block.kind == BlockKind::Code && block.source.start < 8;
    let top = blocks.iter().position(|block| !is_front_matter(block)).unwrap_or(0);
    let before_title = |kind| matches!(kind, BlockKind::Figure(_) | BlockKind::Caption | BlockKind::Paragraph);
    let title = (top..blocks.len().min(top + 3)).find(|&i| !before_title(blocks[i].kind));
    if let Some(title) = title.filter(|&title| blocks[title].kind == BlockKind::Heading(1)) {
        blocks[title].kind = BlockKind::Title;
    }
    for block in blocks.iter_mut().skip(top).take(HEAD_BLOCKS).filter(|block| block.kind == BlockKind::Paragraph) {
        let source = &text[block.source.start as usize..block.source.end as usize];
        let shown = source.trim_matches(['*', '_']);
        if !shown.contains('\n') && looks::is_byline(shown, shown.chars().count()) {
            block.kind = BlockKind::Byline;
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    blocks: Vec<Block>,
    images: Vec<ImageRef>,
    /// The block that is being read.
    open: Option<(BlockKind, Pieces<'a>)>,
    /// The next number of each list that is open; none in a bulleted one.
    lists: Vec<Option<u32>>,
    /// Where items began whose first block has not; the marker belongs to it.
    item: Option<(usize, BlockKind)>,
    quotes: usize,
    in_code: bool,
    in_html: bool,
    emphasis: usize,
    strong: usize,
    strike: usize,
    links: usize,
    /// Before the next table cell.
    cell_border: bool,
    /// Where the last block ended.
    done: usize,
    picture: Option<Picture>,
    /// The last thing shown, for line ends.
    last_shown: Option<char>,
    /// A line end that waits for what follows it.
    soft_break: Option<Range<usize>>,
}

/// An image that is being read: its alternative text becomes the caption.
struct Picture {
    index: usize,
    depth: usize,
    kind_after: BlockKind,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            blocks: Vec::new(),
            images: Vec::new(),
            open: None,
            lists: Vec::new(),
            item: None,
            quotes: 0,
            in_code: false,
            in_html: false,
            emphasis: 0,
            strong: 0,
            strike: 0,
            links: 0,
            cell_border: false,
            done: 0,
            picture: None,
            last_shown: None,
            soft_break: None,
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(shown) => self.show(&shown, range),
            Event::Code(shown) => self.code_span(&shown, range),
            Event::Html(shown) | Event::InlineHtml(shown) => self.html(&shown, range),
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                let shown = self.text.get(range.clone()).unwrap_or_default();
                self.show(shown, range);
            }
            Event::SoftBreak => {
                self.pieces(range.start);
                self.soft_break = Some(range);
            }
            Event::HardBreak => self.replace(range, "\n"),
            Event::Rule => {
                self.close(range.start);
                self.rule(range);
            }
            Event::TaskListMarker(done) => self.replace(range, if done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.begin(self.running_kind(), range.start),
            Tag::Heading { level, .. } => self.begin(BlockKind::Heading(level_number(level)), range.start),
            Tag::BlockQuote(_) => {
                self.close(range.start);
                self.quotes += 1;
            }
            Tag::CodeBlock(_) | Tag::MetadataBlock(MetadataBlockKind::YamlStyle | MetadataBlockKind::PlusesStyle) => {
                self.in_code = true;
                self.begin(BlockKind::Code, range.start);
            }
            Tag::HtmlBlock => {
                self.in_html = true;
                self.begin(BlockKind::Code, range.start);
            }
            Tag::List(first) => {
                self.close(range.start);
                self.lists.push(first.map(|number| u32::try_from(number).unwrap_or(u32::MAX)));
            }
            Tag::Item => {
                self.close(range.start);
                let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                let next = self.lists.last_mut();
                let number = next.and_then(|next| {
                    let number = *next;
                    *next = number.map(|number| number.saturating_add(1));
                    number
                });
                let start = self.item.take().map_or(range.start, |(start, _)| start);
                self.item = Some((start, BlockKind::ListItem { depth, number }));
            }
            Tag::FootnoteDefinition(_) => {
                self.close(range.start);
                let label = self.text[range.clone()].find("]:").map_or(range.start, |at| range.start + at + 2);
                let label = label + usize::from(self.text.as_bytes().get(label) == Some(&b' '));
                self.begin(BlockKind::Paragraph, range.start);
                let shown = self.text.get(range.start..label).unwrap_or_default();
                self.show(shown, range.start..label);
            }
            Tag::TableHead | Tag::TableRow => {
                self.cell_border = false;
                self.begin(BlockKind::Paragraph, range.start);
            }
            Tag::Emphasis => self.open_style(range.start, |reader| &mut reader.emphasis),
            Tag::Strong => self.open_style(range.start, |reader| &mut reader.strong),
            Tag::Strikethrough => self.open_style(range.start, |reader| &mut reader.strike),
            Tag::Link { .. } => self.open_style(range.start, |reader| &mut reader.links),
            Tag::Image { dest_url, .. } => self.picture_begins(&dest_url, &range),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::FootnoteDefinition => self.close(range.end),
            TagEnd::BlockQuote(_) => {
                self.close(range.end);
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => {
                self.close(range.end);
                self.in_code = false;
            }
            TagEnd::HtmlBlock => {
                self.close(range.end);
                self.in_html = false;
            }
            TagEnd::Item => {
                self.close(range.end);
                self.item = None;
            }
            TagEnd::List(_) => {
                self.close(range.end);
                self.lists.pop();
            }
            TagEnd::TableCell => self.cell_border = true,
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Strikethrough => self.strike = self.strike.saturating_sub(1),
            TagEnd::Link => self.links = self.links.saturating_sub(1),
            TagEnd::Image => self.picture_ends(range.end),
            _ => {}
        }
    }

    fn running_kind(&self) -> BlockKind {
        match self.item {
            Some((_, kind)) => kind,
            None if self.quotes > 0 => BlockKind::BlockQuote,
            None => BlockKind::Paragraph,
        }
    }

    /// Begins a block; the marker of an item that has just begun belongs to it.
    fn begin(&mut self, kind: BlockKind, start: usize) {
        // A footnote's label has already begun the paragraph that follows it.
        if kind == BlockKind::Paragraph && matches!(self.open, Some((BlockKind::Paragraph, _))) {
            return;
        }
        self.close(start);
        let start = self.item.take().map_or(start, |(start, _)| start).max(self.done);
        self.last_shown = None;
        self.open = Some((kind, Pieces::new(self.text, start)));
    }

    /// The pieces of the open block; an item's text begins one by itself.
    fn pieces(&mut self, start: usize) -> &mut Pieces<'a> {
        if self.open.is_none() {
            self.begin(self.running_kind(), start);
        }
        let text = self.text;
        &mut self.open.get_or_insert_with(|| (BlockKind::Paragraph, Pieces::new(text, start))).1
    }

    /// Ends the open block at `end` at the latest.
    fn close(&mut self, end: usize) {
        self.soft_break = None;
        let Some((kind, pieces)) = self.open.take() else { return };
        let end = end.max(pieces.done());
        if let Some(block) = pieces.finish(kind, end) {
            self.done = block.source.end as usize;
            self.blocks.push(block);
        }
    }

    fn rule(&mut self, range: Range<usize>) {
        let start = self.item.take().map_or(range.start, |(start, _)| start).max(self.done);
        let mut pieces = Pieces::new(self.text, start);
        pieces.hide_to(range.end);
        if let Some(block) = pieces.finish(BlockKind::Rule, range.end) {
            self.done = block.source.end as usize;
            self.blocks.push(block);
        }
    }

    fn style(&self) -> Style {
        Style {
            emphasis: self.emphasis > 0,
            strong: self.strong > 0,
            code: self.in_code || self.in_html,
            strike: self.strike > 0,
            link: self.links > 0,
            sign: false,
        }
    }

    fn open_style(&mut self, start: usize, count: fn(&mut Self) -> &mut usize) {
        self.pieces(start);
        *count(self) += 1;
    }

    /// Shows what an event says, as the source itself where the two agree.
    fn show(&mut self, shown: &str, range: Range<usize>) {
        if shown.is_empty() {
            return;
        }
        self.before_shown(shown, range.start);
        let style = self.style();
        let is_source = self.text.get(range.clone()) == Some(shown);
        let pieces = self.pieces(range.start);
        if is_source {
            pieces.source(range, style);
        } else {
            pieces.replaced(range, shown, style);
        }
        self.last_shown = shown.chars().next_back();
        if let Some(picture) = &self.picture {
            self.images[picture.index].alt.push_str(shown);
        }
    }

    fn replace(&mut self, range: Range<usize>, shown: &str) {
        self.before_shown(shown, range.start);
        let style = self.style();
        self.pieces(range.start).replaced(range, shown, style);
        self.last_shown = shown.chars().next_back();
    }

    /// Puts what stands for a line end or a cell's border before what follows it.
    fn before_shown(&mut self, shown: &str, start: usize) {
        if let Some(line_end) = self.soft_break.take() {
            let space = if joins_with_space(self.last_shown, shown.chars().next()) { " " } else { "" };
            let style = self.style();
            let pieces = self.pieces(line_end.start);
            pieces.replaced(line_end, space, style);
        }
        if std::mem::take(&mut self.cell_border)
            && let Some((_, pieces)) = &mut self.open
            && !pieces.is_blank()
        {
            let border = pieces.done()..start;
            pieces.replaced(border, " | ", Style::default());
        }
    }

    /// A code span: its backticks are hidden, its line ends are spaces.
    fn code_span(&mut self, shown: &str, range: Range<usize>) {
        let source = &self.text[range.clone()];
        let ticks = source.len() - source.trim_start_matches('`').len();
        let inner = source.get(ticks..source.len().saturating_sub(ticks)).unwrap_or_default();
        let padding = usize::from(inner.len() == shown.len() + 2);
        let start = range.start + ticks + padding;
        self.before_shown(shown, range.start);
        let style = Style { code: true, ..self.style() };
        let is_source = self.text_matches(start, shown);
        let pieces = self.pieces(range.start);
        if is_source {
            let mut at = start;
            for line in shown.split_inclusive(' ') {
                let end = at + line.len();
                let text = pieces.text();
                if line.ends_with(' ') && text.as_bytes()[end - 1] != b' ' {
                    pieces.source(at..end - 1, style);
                    pieces.replaced(end - 1..end, " ", style);
                } else {
                    pieces.source(at..end, style);
                }
                at = end;
            }
        } else {
            pieces.replaced(range.clone(), shown, style);
        }
        pieces.hide_to(range.end);
        self.last_shown = shown.chars().next_back();
        if let Some(picture) = &self.picture {
            self.images[picture.index].alt.push_str(shown);
        }
    }

    /// Whether the source at `start` is what is shown, but for line feeds shown as spaces.
    fn text_matches(&self, start: usize, shown: &str) -> bool {
        self.text.get(start..start + shown.len()).is_some_and(|source| {
            source
                .bytes()
                .zip(shown.bytes())
                .all(|(source, shown)| source == shown || (source == b'\n' && shown == b' '))
        })
    }

    fn html(&mut self, shown: &str, range: Range<usize>) {
        let lower = shown.trim_start();
        if lower.starts_with("<!--") && shown.trim_end().ends_with("-->") {
            self.pieces(range.start).hide_to(range.end);
        } else if !self.in_html && matches!(lower, "<br>" | "<br/>" | "<br />" | "<BR>") {
            self.replace(range, "\n");
        } else {
            self.show(shown, range);
        }
    }

    /// What stands before a picture in its paragraph is a block, the picture is one, and its text the caption.
    fn picture_begins(&mut self, target: &str, range: &Range<usize>) {
        if let Some(picture) = &mut self.picture {
            picture.depth += 1;
            return;
        }
        let kind_after = self.open.as_ref().map_or_else(|| self.running_kind(), |open| open.0);
        let start = match self.open.take() {
            // Markup before the picture, such as a link's bracket, goes with it.
            Some((_, pieces)) if pieces.is_blank() => pieces.start(),
            Some(open) => {
                self.open = Some(open);
                self.close(range.start);
                range.start
            }
            None => self.item.take().map_or(range.start, |(start, _)| start),
        };
        let index = self.images.len();
        self.images.push(ImageRef { target: target.to_owned(), alt: String::new() });
        let mut pieces = Pieces::new(self.text, start.max(self.done));
        let end = (range.start + 2).min(range.end);
        pieces.hide_to(end);
        if let Some(block) = pieces.finish(BlockKind::Figure(index as u32), end) {
            self.done = block.source.end as usize;
            self.blocks.push(block);
        }
        self.soft_break = None;
        self.last_shown = None;
        self.picture = Some(Picture { index, depth: 0, kind_after });
        self.open = Some((BlockKind::Caption, Pieces::new(self.text, self.done)));
    }

    fn picture_ends(&mut self, end: usize) {
        let Some(mut picture) = self.picture.take() else { return };
        if picture.depth > 0 {
            picture.depth -= 1;
            self.picture = Some(picture);
            return;
        }
        self.close(end);
        self.done = self.done.max(end);
        // Running text that goes on after the picture; dropped if nothing of it is shown.
        let kind = if picture.kind_after == BlockKind::Caption { BlockKind::Paragraph } else { picture.kind_after };
        self.open = Some((kind, Pieces::new(self.text, end)));
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
