//! Where annotations stand: by position, which is held against the words, or by the words and what stands around them.
//!
//! The unit of positions is one for the whole file. All are given on in code points.

use crate::formats::units::{Offsets, Unit};
use crate::text::OffsetIndex;

/// A stretch, as selectors say it.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Start and end.
    pub position: Option<(u64, u64)>,
    /// The words.
    pub exact: Option<String>,
    /// What stands before them.
    pub prefix: String,
    /// What stands after them.
    pub suffix: String,
}

/// What became of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It stands where it says, in code points.
    There(u64, u64),
    /// It stands elsewhere, by its words.
    Elsewhere(u64, u64),
    /// It says a place that is not its own, or none.
    Nowhere,
}

/// Finds places in a text.
pub(super) struct Anchors<'t> {
    text: &'t str,
    offsets: Offsets<'t>,
    index: OffsetIndex,
    /// What positions count.
    pub unit: Unit,
}

impl<'t> Anchors<'t> {
    /// Of a text; positions count `own` unless all of them fit another unit alone.
    pub fn new<'p>(text: &'t str, own: Unit, parts: &(impl Iterator<Item = &'p Part> + Clone)) -> Self {
        let mut anchors = Self { text, offsets: Offsets::new(text), index: OffsetIndex::new(text), unit: own };
        let all_fit = |unit: Unit| {
            let mut told = parts.clone().filter(|part| part.position.is_some() && part.exact.is_some());
            told.all(|part| anchors.at(unit, part).is_some())
        };
        let fitting = [own].into_iter().chain(Unit::ALL).find(|&unit| all_fit(unit));
        anchors.unit = fitting.unwrap_or(own);
        anchors
    }

    /// The bytes where a part says that it stands, if its words do.
    fn at(&self, unit: Unit, part: &Part) -> Option<(usize, usize)> {
        let (start, end) = part.position?;
        let span = self.offsets.span(unit, start, end)?;
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let fits = part
            .exact
            .as_ref()
            .is_none_or(|words| span.slice(self.text).is_some_and(|it| it == words || letters(it) == letters(words)));
        fits.then_some((span.start() as usize, span.end() as usize))
    }

    /// Where a part stands.
    pub fn find(&self, part: &Part) -> Found {
        let char = |byte: usize| self.index.char_from_byte(self.text, byte).0;
        if let Some((start, end)) = self.at(self.unit, part) {
            return Found::There(char(start), char(end));
        }
        let Some(words) = part.exact.as_deref().filter(|words| !words.trim().is_empty()) else { return Found::Nowhere };
        let fits = |at: &usize| {
            self.text[..*at].ends_with(&part.prefix) && self.text[at + words.len()..].starts_with(&part.suffix)
        };
        let all = || self.text.match_indices(words).map(|(at, _)| at);
        let only = |mut found: Box<dyn Iterator<Item = usize> + '_>| found.next().filter(|_| found.next().is_none());
        let Some(at) = only(Box::new(all().filter(fits))).or_else(|| only(Box::new(all()))) else {
            return Found::Nowhere;
        };
        let (start, end) = (char(at), char(at + words.len()));
        // Words alone say no other place.
        if part.position.is_none() { Found::There(start, end) } else { Found::Elsewhere(start, end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "😀 Bob met Bob. Zoë left.";

    fn part(position: Option<(u64, u64)>, exact: &str, prefix: &str) -> Part {
        Part { position, exact: Some(exact.to_owned()), prefix: prefix.to_owned(), suffix: String::new() }
    }

    #[test]
    fn the_unit_is_one_for_all_and_words_tell_the_place_where_positions_do_not() {
        let utf16 = [part(Some((3, 6)), "Bob", ""), part(Some((16, 19)), "Zoë", "")];
        let anchors = Anchors::new(TEXT, Unit::CodePoints, &utf16.iter());
        assert_eq!(anchors.unit, Unit::Utf16);
        assert_eq!(utf16.each_ref().map(|part| anchors.find(part)), [Found::There(2, 5), Found::There(15, 18)]);
        let mixed = [
            part(Some((2, 5)), "Bob", ""),
            part(Some((0, 3)), "Bob", "met "),
            part(None, "Zoë", "?"),
            part(None, "Bob", ""),
        ];
        let anchors = Anchors::new(TEXT, Unit::CodePoints, &mixed.iter());
        let found = mixed.each_ref().map(|part| anchors.find(part));
        assert_eq!(found, [Found::There(2, 5), Found::Elsewhere(10, 13), Found::There(15, 18), Found::Nowhere]);
    }
}
