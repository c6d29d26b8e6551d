//! What is chosen on the screen: the selection, the annotation in hand, a link that was begun, the search.
//!
//! Pure state that panels read; `App` alone changes it. It dies with the window and holds no annotation, only ids.

use smol_str::SmolStr;

use crate::model::{Id, Span, Spans};
use crate::text::snap::{self, Snap};
use crate::workspace::Sought;

/// What is said where a command needs a mark and none is chosen.
pub const CHOOSE_FIRST: &str = "Choose a mark first: click it, or press j.";
/// Bytes of a selection that is longer than a screen.
const LONG: usize = 16 << 10;

/// Where F6 has brought the keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyboardPanel {
    /// The page.
    #[default]
    Article,
    /// The details of a mark or of the article.
    Details,
    /// The list of marks.
    Marks,
    /// The list of articles.
    Articles,
}

/// What is being placed: the layer's serial and revision, and the mark.
pub type PlacingKey = (u64, u64, Id);

/// The selected text: finished fragments, and the stretch in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Fragments that were put aside, in the order of making.
    pub pieces: Vec<Span>,
    /// Where the stretch in hand began, in bytes.
    pub anchor: u32,
    /// Where it ends: the caret, in bytes.
    pub focus: u32,
    /// Whether it takes whole words.
    pub snap: Snap,
    /// The caret where growing began.
    pub origin: u32,
}

impl Default for Selection {
    fn default() -> Self {
        Self { pieces: Vec::new(), anchor: 0, focus: 0, snap: Snap::Character, origin: 0 }
    }
}

impl Selection {
    /// A caret.
    pub fn caret(at: u32) -> Self {
        Self { anchor: at, focus: at, origin: at, ..Self::default() }
    }

    /// A stretch as it is.
    pub fn span(span: Span) -> Self {
        Self { anchor: span.start(), focus: span.end(), origin: span.start(), ..Self::default() }
    }

    /// The stretch in hand, snapped; empty for a caret.
    pub fn current(&self, text: &str) -> Span {
        let span = Span::new(self.anchor, self.focus);
        if span.is_empty() || span.slice(text).is_none() {
            return Span::new(self.focus, self.focus);
        }
        Span::from_range(snap::snap(text, &span.range(), self.snap))
    }

    /// Where the caret is drawn: at the edge of what is selected that the focus is nearest to.
    pub fn caret_place(&self, text: &str) -> u32 {
        let span = self.current(text);
        if self.focus >= self.anchor { span.end() } else { span.start() }
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.anchor == self.focus && self.pieces.is_empty()
    }

    /// All that is selected, as it is drawn: sorted, what touches made one.
    pub fn shown(&self, text: &str) -> Spans {
        let mut spans: Vec<Span> = self.pieces.clone();
        spans.push(self.current(text));
        merged(spans)
    }

    /// All that is selected as a mark would most likely take it, for the page: what is longer than a screen is not
    /// searched for the other halves of its quotation marks in each frame.
    pub fn painted(&self, text: &str) -> Spans {
        let shown = self.shown(text);
        if shown.iter().map(|span| span.len() as usize).sum::<usize>() > LONG {
            return shown;
        }
        self.trimmed(text, true)
    }

    /// All that is selected as a mark would take it: white space and stray punctuation off the edges.
    pub fn trimmed(&self, text: &str, keep_quotation_marks: bool) -> Spans {
        let trim = |span: Span| Span::from_range(snap::trim(text, span.range(), keep_quotation_marks));
        merged(self.shown(text).into_iter().map(trim).collect())
    }

    /// Puts the stretch in hand aside, so that another can be selected.
    pub fn put_aside(&mut self, text: &str) {
        let span = self.current(text);
        if !span.is_empty() {
            self.pieces.push(span);
        }
        self.anchor = self.focus;
        self.snap = Snap::Character;
    }
}

/// Sorted, without empty ones, overlapping and touching ones made one.
fn merged(mut spans: Vec<Span>) -> Spans {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut all = Spans::new();
    for span in spans {
        match all.last_mut() {
            Some(last) if span.start() <= last.end() => *last = Span::new(last.start(), last.end().max(span.end())),
            _ => all.push(span),
        }
    }
    all
}

/// What the next keys mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Marking as usual.
    #[default]
    Mark,
    /// A link was begun; targets carry hint letters.
    Link {
        /// The annotation that it starts from.
        from: Id,
        /// The one relation that was asked for.
        only: Option<SmolStr>,
        /// Hint letters and what they stand on.
        hints: Vec<Hint>,
        /// Letters typed so far.
        typed: String,
        /// What Enter takes.
        suggested: Option<Id>,
    },
    /// Two relations fit: a digit chooses.
    ChooseRelation {
        /// The annotation that it starts from.
        from: Id,
        /// The one it leads to.
        to: Id,
        /// The relations that fit.
        relations: Vec<SmolStr>,
    },
    /// The next label key gives the chosen annotation another label.
    Relabel,
    /// A digit sets the type of the annotation just made.
    Kind(Id),
}

/// A letter on a target of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// One or two letters.
    pub letters: String,
    /// The annotation, or the author.
    pub id: Id,
}

/// What is chosen on the screen.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The selected text.
    pub selection: Selection,
    /// The annotation in hand.
    pub chosen: Option<Id>,
    /// What the next keys mean.
    pub mode: Mode,
    /// What the chosen annotation stood on and where it might belong, while it has no place.
    pub placing: Option<std::sync::Arc<crate::workspace::ReviewItem>>,
    /// The search, while its line is open.
    pub search: Option<Search>,
    /// Whether the details ask for the keyboard.
    pub focus_details: bool,
    /// Whether the overview of keys is open.
    pub keys_open: bool,
    /// Whether the about window is open.
    pub about_open: bool,
    /// Whether the window was to be closed while something could not be saved.
    pub unsaved_at_close: bool,
    /// Label and type of the last mark made.
    pub last_label: Option<(SmolStr, Option<SmolStr>)>,
    /// The annotation whose attributes were copied.
    pub copied: Option<Id>,
    /// A short message, and when it came (egui's time in seconds).
    pub message: Option<(crate::workspace::Notice, f64)>,
}

/// The search line.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What was found.
    pub sought: Sought,
    /// The hit that was gone to.
    pub at: usize,
}

/// Hint letters for a number of targets: one letter each, two past 26. Letters that are easy to reach come first.
pub fn hint_letters(count: usize) -> Vec<String> {
    const LETTERS: &[u8; 26] = b"fjdkslaghrueiwoqptyvncmxbz";
    if count <= LETTERS.len() {
        return LETTERS[..count].iter().map(|&letter| (letter as char).to_string()).collect();
    }
    (0..count.min(LETTERS.len() * LETTERS.len()))
        .map(|at| {
            let (first, second) = (LETTERS[at / LETTERS.len()], LETTERS[at % LETTERS.len()]);
            format!("{}{}", first as char, second as char)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_never_begin_like_another() {
        for count in [1, 26, 27, 100, 676, 900] {
            let hints = hint_letters(count);
            for (at, hint) in hints.iter().enumerate() {
                assert!(!hints[at + 1..].iter().any(|other| other.starts_with(hint.as_str())));
            }
        }
    }

    #[test]
    fn what_is_painted_is_what_a_mark_would_take() {
        let text = "Ada met Ben, then left. “Stay,” he said.";
        let painted = |from: &str, to: &str, snap| {
            let anchor = text.find(from).expect("there") as u32;
            let focus = text.find(to).expect("there") as u32;
            let selection = Selection { snap, ..Selection::span(Span::new(anchor, focus)) };
            selection.painted(text).iter().map(|span| span.slice(text).expect("text")).collect::<Vec<_>>()
        };
        assert_eq!(painted(" met", " then", Snap::Word), ["met Ben"]);
        assert_eq!(painted("“Stay", " he", Snap::Character), ["“Stay,”"]);
        assert_eq!(painted(" then", "then", Snap::Character), Vec::<&str>::new());
    }

    #[test]
    fn pieces_that_touch_become_one() {
        let spans = merged(vec![Span::new(8, 12), Span::new(0, 4), Span::new(4, 6), Span::new(9, 10), Span::new(7, 7)]);
        assert_eq!(spans.as_slice(), [Span::new(0, 6), Span::new(8, 12)]);
    }
}
