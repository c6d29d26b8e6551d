//! Who says what: source, cue and content of each quote, as PolNeAR has them in brat's files, and PARC's roles in JSON.
//!
//! An attribution is a mark `quote` with the marks that its links `speaker` and `cue` lead to. All else of a layer has no
//! place here and is counted. In `NAME.ann` an event `Attribution` names the three; `quotes.jsonl` has a row for each event.

mod read;
mod write;

use super::{Format, Kind, Reads, Shape};

/// Attributions, as the list of formats tells them.
pub const FORMAT: Format = Format {
    id: "quotes",
    reads: Some(Reads::Files(&["ann"], read::read_file)),
    writes: Some(Shape::Folder(|_, _| Box::new(write::QuotesWriter))),
    unit: "code points",
    about: "source, cue and content of quotes: PolNeAR's brat, and a row of JSON for each",
    cannot: &[
        Kind::Orphan,
        Kind::Blank,
        Kind::Relation,
        Kind::RelationToAuthor,
        Kind::RelationAttribute,
        Kind::Attribute,
        Kind::Note,
        Kind::Unsure,
        Kind::ArticleAttribute,
        Kind::ArticleNote,
        Kind::Discussion,
        Kind::OtherVersion,
        Kind::Origin,
        Kind::Mark,
    ],
    opens: "import json\n\nwith open(\"quotes.jsonl\", encoding=\"utf-8\") as file:\n    attributions = [json.loads(line) for line in file]\n",
};

/// The event, and the kind of its trigger.
const ATTRIBUTION: &str = "Attribution";

/// A part that a mark has in an attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Role {
    Source,
    Cue,
    Content,
}

impl Role {
    const ALL: [Self; 3] = [Self::Source, Self::Cue, Self::Content];

    /// As brat's lines name it.
    const fn name(self) -> &'static str {
        match self {
            Self::Source => "Source",
            Self::Cue => "Cue",
            Self::Content => "Content",
        }
    }

    /// The label of such marks.
    const fn label(self) -> &'static str {
        match self {
            Self::Source => "entity",
            Self::Cue => "cue",
            Self::Content => "quote",
        }
    }

    /// The link of the content to a mark of this role; the content has none to itself.
    const fn link(self) -> &'static str {
        match self {
            Self::Source => "speaker",
            Self::Cue | Self::Content => "cue",
        }
    }

    /// The role of this name, in any case, with a number after it or not.
    fn from_name(name: &str) -> Option<Self> {
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(name))
    }
}
