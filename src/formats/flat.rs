//! Stretches that do not overlap, for formats in which a token has one tag.
//!
//! What gives way is counted. With lanes nothing gives way: what overlaps stands in another lane.

use super::tokens::is_space;
use super::{Document, Done, Kind, Losses};
use crate::model::{Annotation, Schema, Span};

/// Which annotation is written where several overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlap {
    /// The longest; of those that are as long, the first.
    #[default]
    Longest,
    /// The one that begins first; of those, the longest.
    First,
    /// All: each in the first lane that has room.
    Layers,
}

impl Overlap {
    /// As `--overlap` names them.
    pub const NAMES: [&str; 3] = ["longest", "first", "layers"];

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Longest, Self::First, Self::Layers];
        all.into_iter().zip(Self::NAMES).find(|(_, its)| *its == name).map(|(overlap, _)| overlap)
    }
}

/// A stretch of an annotation, without white space at its edges.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'d> {
    /// Where.
    pub span: Span,
    /// Whose.
    pub annotation: &'d Annotation,
}

/// All stretches of annotations that are `wanted`, in the order of the text. Annotations without a place or of white space alone are
/// counted, and those in several pieces as `several` says.
pub fn stretches<'d>(
    document: &'d Document,
    several: Done,
    losses: &mut Losses,
    wanted: impl Fn(&Annotation) -> bool,
) -> Vec<Stretch<'d>> {
    let Document { file, text, layer } = document;
    let mut found = Vec::new();
    for annotation in layer.annotations().filter(|annotation| wanted(annotation)) {
        if annotation.orphan().is_some() {
            losses.add(Kind::Orphan, Done::Dropped, file, &annotation.id);
            continue;
        }
        let trimmed: Vec<Span> = annotation.spans.iter().filter_map(|span| trimmed(text, *span)).collect();
        if trimmed.is_empty() {
            losses.add(Kind::Blank, Done::Dropped, file, &annotation.id);
        }
        if trimmed.len() > 1 {
            losses.add(Kind::Discontinuous, several, file, &annotation.id);
        }
        found.extend(trimmed.into_iter().map(|span| Stretch { span, annotation }));
    }
    found.sort_by_key(|it| (it.span.start(), u32::MAX - it.span.end()));
    found
}

/// Which annotations stand where a token has one tag and all others stand elsewhere too.
#[derive(Clone, Copy, Debug)]
pub struct Tagged {
    overlap: Overlap,
    /// Whether the schema has labels with types; then those alone are tagged.
    typed: bool,
}

impl Tagged {
    /// As the schema and the choice say; there is one lane.
    pub fn new(schema: &Schema, overlap: Overlap) -> Self {
        let overlap = if overlap == Overlap::Layers { Overlap::Longest } else { overlap };
        Self { overlap, typed: schema.labels.iter().any(|label| !label.types.is_empty()) }
    }

    /// Those that have a tag, in the order of the text. What gives way is counted.
    pub fn of<'d>(self, all: &[Stretch<'d>], file: &str, losses: &mut Losses) -> Vec<Stretch<'d>> {
        let wanted = all.iter().filter(|it| !self.typed || it.annotation.kind().is_some());
        lanes(wanted.copied().collect(), self.overlap, file, losses).pop().unwrap_or_default()
    }
}

/// A span without the white space at its edges; none of white space alone.
pub fn trimmed(text: &str, span: Span) -> Option<Span> {
    let said = span.slice(text)?;
    let start = said.len() - said.trim_start_matches(is_space).len();
    let end = said.trim_end_matches(is_space).len();
    (start < end).then(|| Span::from_range(span.start() as usize + start..span.start() as usize + end))
}

/// Divides stretches into lanes in which none overlaps, each in the order of the text. Without [`Overlap::Layers`] there
/// is one lane, and what is not in it is counted.
pub fn lanes<'d>(
    mut stretches: Vec<Stretch<'d>>,
    overlap: Overlap,
    file: &str,
    losses: &mut Losses,
) -> Vec<Vec<Stretch<'d>>> {
    if overlap == Overlap::Longest {
        stretches.sort_by_key(|it| (u32::MAX - it.span.len(), it.span.start()));
    }
    let mut lanes: Vec<std::collections::BTreeMap<u32, Stretch<'d>>> = Vec::new();
    for stretch in stretches {
        let has_room = |lane: &std::collections::BTreeMap<u32, Stretch<'d>>| {
            let before = lane.range(..stretch.span.end()).next_back();
            before.is_none_or(|(_, other)| other.span.end() <= stretch.span.start())
        };
        if let Some(lane) = lanes.iter_mut().find(|lane| has_room(lane)) {
            lane.insert(stretch.span.start(), stretch);
        } else if lanes.is_empty() || overlap == Overlap::Layers {
            lanes.push([(stretch.span.start(), stretch)].into());
        } else {
            losses.add(Kind::Overlap, Done::Covered, file, &stretch.annotation.id);
        }
    }
    lanes.into_iter().map(|lane| lane.into_values().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Head, Layer, SchemaRef};

    fn kept(overlap: Overlap) -> (Vec<Vec<String>>, usize) {
        let text = "aa bb cc dd ";
        let marks = [("x", 0, 5), ("y", 3, 12), ("z", 9, 11), ("s", 2, 3)];
        let marks = marks.map(|(id, start, end)| Annotation::new(id, "entity", Span::new(start, end)));
        let layer =
            Layer::from_parts(Head::new("ada", SchemaRef { id: "news".into(), version: 1 }), marks.to_vec(), vec![]);
        let document = Document { file: "a.txt".to_owned(), text: text.to_owned(), layer: layer.expect("it is sound") };
        let mut losses = Losses::default();
        let found = stretches(&document, Done::Split, &mut losses, |_| true);
        let lanes = lanes(found, overlap, "a.txt", &mut losses);
        let ids = |lane: Vec<Stretch<'_>>| lane.iter().map(|it| it.annotation.id.to_string()).collect();
        let lost = losses.iter().map(|(_, _, count)| count.count).sum();
        (lanes.into_iter().map(ids).collect(), lost)
    }

    #[test]
    fn what_gives_way_is_counted_and_lanes_hold_all() {
        let ids = |all: &[&[&str]]| all.iter().map(|lane| lane.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(kept(Overlap::Longest), (ids(&[&["y"]]), 3));
        assert_eq!(kept(Overlap::First), (ids(&[&["x", "z"]]), 2));
        assert_eq!(kept(Overlap::Layers), (ids(&[&["x", "z"], &["y"]]), 1), "white space alone is in none");
    }
}
