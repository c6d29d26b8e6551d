//! What a format cannot hold of a layer, and what was done with it: counted, with the first places, never in silence.
//!
//! Writers count, whoever exports tells. The kinds are also what the list of formats says of each.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::Layer;

/// What a format may have no place for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The white space between the words of an article.
    Spacing,
    /// An annotation without a place in the text.
    Orphan,
    /// An annotation of nothing but white space.
    Blank,
    /// An annotation of several spans.
    Discontinuous,
    /// An annotation that overlaps another one.
    Overlap,
    /// A relation.
    Relation,
    /// A relation to the article's author, who is no annotation.
    RelationToAuthor,
    /// An attribute or note of a relation.
    RelationAttribute,
    /// An attribute of an annotation.
    Attribute,
    /// A note on an annotation.
    Note,
    /// The flag of an annotation that its annotator is not sure of.
    Unsure,
    /// An attribute of the article.
    ArticleAttribute,
    /// The note on the article.
    ArticleNote,
    /// A comment, or a reviewer's decision.
    Discussion,
    /// The other version of something that was changed on two sides.
    OtherVersion,
    /// Who or what made an annotation, and when.
    Origin,
    /// An annotation of a kind that the dataset is not of.
    Mark,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Spacing,
        Self::Orphan,
        Self::Blank,
        Self::Discontinuous,
        Self::Overlap,
        Self::Relation,
        Self::RelationToAuthor,
        Self::RelationAttribute,
        Self::Attribute,
        Self::Note,
        Self::Unsure,
        Self::ArticleAttribute,
        Self::ArticleNote,
        Self::Discussion,
        Self::OtherVersion,
        Self::Origin,
        Self::Mark,
    ];

    /// As `--json` writes it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Spacing => "spacing",
            Self::Orphan => "orphan",
            Self::Blank => "blank",
            Self::Discontinuous => "discontinuous",
            Self::Overlap => "overlap",
            Self::Relation => "relation",
            Self::RelationToAuthor => "relation-to-author",
            Self::RelationAttribute => "relation-attribute",
            Self::Attribute => "attribute",
            Self::Note => "note",
            Self::Unsure => "unsure",
            Self::ArticleAttribute => "article-attribute",
            Self::ArticleNote => "article-note",
            Self::Discussion => "discussion",
            Self::OtherVersion => "other-version",
            Self::Origin => "origin",
            Self::Mark => "mark",
        }
    }

    /// What it is, of several, as people say it.
    pub const fn many(self) -> &'static str {
        self.words().1
    }

    /// What it is, of one and of several.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Spacing => ("article's spaces and line ends", "articles' spaces and line ends"),
            Self::Orphan => ("mark without a place", "marks without a place"),
            Self::Blank => ("mark of white space alone", "marks of white space alone"),
            Self::Discontinuous => ("mark in several pieces", "marks in several pieces"),
            Self::Overlap => ("mark that overlaps another", "marks that overlap another"),
            Self::Relation => ("link", "links"),
            Self::RelationToAuthor => ("link to the author", "links to the author"),
            Self::RelationAttribute => ("attribute or note of a link", "attributes or notes of links"),
            Self::Attribute => ("attribute", "attributes"),
            Self::Note => ("note", "notes"),
            Self::Unsure => ("flag \"unsure\"", "flags \"unsure\""),
            Self::ArticleAttribute => ("attribute of an article", "attributes of articles"),
            Self::ArticleNote => ("note on an article", "notes on articles"),
            Self::Discussion => ("comment or decision", "comments and decisions"),
            Self::OtherVersion => ("version that is still to be settled", "versions that are still to be settled"),
            Self::Origin => ("record of who made a mark", "records of who made a mark"),
            Self::Mark => ("mark of another kind", "marks of other kinds"),
        }
    }
}

/// What was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Done {
    /// It is in the dataset in another form, which Pressmark reads back.
    Kept,
    /// It is in the dataset, and only there when the other program is set to take it.
    Setting,
    /// Its pieces became annotations of their own.
    Split,
    /// It became one stretch, from its first piece to its last.
    Hull,
    /// A longer annotation stands in its place.
    Covered,
    /// It is not in the dataset.
    Dropped,
}

impl Done {
    /// As `--json` writes it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Setting => "setting",
            Self::Split => "split",
            Self::Hull => "hull",
            Self::Covered => "covered",
            Self::Dropped => "dropped",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Kept => "kept in another form",
            Self::Setting => "taken only where the project allows it",
            Self::Split => "split",
            Self::Hull => "written from end to end",
            Self::Covered => "left out for a longer one",
            Self::Dropped => "left out",
        }
    }
}

/// So many places are told of each kind.
const TOLD: usize = 3;

/// How often something happened, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How often.
    pub count: usize,
    /// The first places: the article and the id.
    pub first: Vec<String>,
}

/// All that was lost of the layers that were written so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses(BTreeMap<(Kind, Done), Count>);

impl Losses {
    /// Counts one; `id` names it in the article, and may be empty.
    pub fn add(&mut self, kind: Kind, done: Done, file: &str, id: &str) {
        let count = self.0.entry((kind, done)).or_default();
        count.count += 1;
        if count.first.len() < TOLD {
            count.first.push(if id.is_empty() { file.to_owned() } else { format!("{file}: {id}") });
        }
    }

    /// Adds a whole count.
    pub fn add_all(&mut self, kind: Kind, done: Done, count: &Count) {
        self.extend(Self([((kind, done), count.clone())].into()));
    }

    /// Adds what was counted elsewhere, after what is counted here.
    pub fn extend(&mut self, other: Self) {
        for (key, Count { count, first }) in other.0 {
            let here = self.0.entry(key).or_default();
            here.count += count;
            here.first.extend(first);
            here.first.truncate(TOLD);
        }
    }

    /// The same counts, all of them done otherwise.
    #[must_use]
    pub fn became(self, done: Done) -> Self {
        let mut all = Self::default();
        for ((kind, _), count) in self.0 {
            all.add_all(kind, done, &count);
        }
        all
    }

    /// What was counted, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, Done, &Count)> {
        self.0.iter().map(|(&(kind, done), count)| (kind, done, count))
    }

    /// Whether anything is not in the dataset as it was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Losses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (kind, done, count)) in self.iter().enumerate() {
            let (one, many) = kind.words();
            let what = if count.count == 1 { one } else { many };
            let more = if count.count > count.first.len() { ", …" } else { "" };
            let line_end = if number > 0 { "\n" } else { "" };
            write!(f, "{line_end}{} {what}: {} ({}{more})", count.count, done.words(), count.first.join("; "))?;
        }
        Ok(())
    }
}

/// Counts what a format has no place for at all: attributes, notes, flags, and what a layer says of the article
/// besides its attributes.
pub fn count_rest(document: &super::Document, losses: &mut Losses) {
    count_details(document, Done::Dropped, losses);
    count_head(&document.layer, &document.file, losses);
}

/// Counts what annotations say besides label, type and place; `done` is what became of attributes, notes and flags.
/// Where an annotation came from, and its other versions, no dataset holds.
pub(super) fn count_details(document: &super::Document, done: Done, losses: &mut Losses) {
    let super::Document { file, layer, .. } = document;
    for annotation in layer.annotations().filter(|annotation| annotation.orphan().is_none()) {
        for _ in annotation.attributes.iter().filter(|(name, _)| *name != "type") {
            losses.add(Kind::Attribute, done, file, &annotation.id);
        }
        if !annotation.note().is_empty() {
            losses.add(Kind::Note, done, file, &annotation.id);
        }
        if annotation.unsure() {
            losses.add(Kind::Unsure, done, file, &annotation.id);
        }
    }
    count_origins(document, losses);
}

/// Counts where annotations and relations came from, and their other versions.
pub(super) fn count_origins(document: &super::Document, losses: &mut Losses) {
    let super::Document { file, layer, .. } = document;
    let mut add = |id: &str, versions: usize, is_told: bool| {
        for _ in 0..versions {
            losses.add(Kind::OtherVersion, Done::Dropped, file, id);
        }
        if is_told {
            losses.add(Kind::Origin, Done::Dropped, file, id);
        }
    };
    for annotation in layer.annotations().filter(|annotation| annotation.orphan().is_none()) {
        if let Some(extra) = &annotation.extra {
            add(&annotation.id, extra.conflict.len(), extra.origin.is_some() || extra.made.is_some());
        }
    }
    for relation in layer.relations() {
        if let Some(extra) = &relation.extra {
            add(&relation.id, extra.conflict.len(), extra.made.is_some());
        }
    }
}

/// Counts what no dataset but the lossless one holds: versions to be settled, comments and decisions, who made what.
pub(super) fn count_history(document: &super::Document, losses: &mut Losses) {
    count_origins(document, losses);
    count_discussion(&document.layer, &document.file, losses);
}

/// Counts what a layer says of the article besides attributes.
pub(super) fn count_head(layer: &Layer, file: &str, losses: &mut Losses) {
    let head = layer.head();
    if !head.document_note.is_empty() {
        losses.add(Kind::ArticleNote, Done::Dropped, file, "");
    }
    count_discussion(layer, file, losses);
}

/// Counts what a layer holds of comments, decisions and versions that are to be settled.
pub(super) fn count_discussion(layer: &Layer, file: &str, losses: &mut Losses) {
    let head = layer.head();
    for id in head.comments.iter().map(|it| &it.id).chain(head.decisions.iter().map(|it| &it.id)) {
        losses.add(Kind::Discussion, Done::Dropped, file, id);
    }
    for (field, _) in &head.conflict {
        losses.add(Kind::OtherVersion, Done::Dropped, file, field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_made_a_link_and_its_other_versions_are_counted_too() {
        use crate::model::{Annotation, Head, Relation, RelationExtra, SchemaRef, Span};
        let mark = |id: &str| Annotation::new(id, "entity", Span::new(0, 1));
        let mut link = Relation::new("r", "same", "a", "b");
        let version = Relation::new("r", "speaker", "a", "b");
        let extra = RelationExtra {
            made: Some("2026-11-01T00:00:00Z".into()),
            conflict: vec![version],
            ..RelationExtra::default()
        };
        link.extra = Some(Box::new(extra));
        let head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
        let layer = Layer::from_parts(head, vec![mark("a"), mark("b")], vec![link]).expect("it is sound");
        let mut losses = Losses::default();
        count_rest(&super::super::Document { file: "a.txt".to_owned(), text: "x".to_owned(), layer }, &mut losses);
        let told: Vec<(Kind, usize)> = losses.iter().map(|(kind, _, count)| (kind, count.count)).collect();
        assert_eq!(told, [(Kind::OtherVersion, 1), (Kind::Origin, 1)]);
    }

    #[test]
    fn what_was_lost_is_counted_and_the_first_places_are_told() {
        let (mut first, mut second) = (Losses::default(), Losses::default());
        first.add(Kind::Relation, Done::Dropped, "a.txt", "r1");
        for id in ["r2", "r3", "r4"] {
            second.add(Kind::Relation, Done::Dropped, "b.txt", id);
        }
        second.add(Kind::ArticleNote, Done::Dropped, "b.txt", "");
        first.extend(second);
        assert_eq!(
            first.to_string(),
            "4 links: left out (a.txt: r1; b.txt: r2; b.txt: r3, …)\n1 note on an article: left out (b.txt)"
        );
        assert!(!first.is_empty() && Losses::default().to_string().is_empty());
    }
}
