//! A schema: the labels, their types, attributes and relations, with colours, keys and policies.
//!
//! Pure data with look-ups; read from RON by `store::schema`. Ids are stable and name things in sidecars; names are
//! what people see. Policies warn, they never block typing.

use smol_str::SmolStr;

use super::{Annotation, SchemaRef};

/// Colours that every theme has; those that a schema brings along are numbered from here on.
pub const SLOTS: usize = 9;

/// Light and dark, for labels past the nine slots: muted, so that they stand back behind the built-in ones.
pub const SPARE: &[(&str, &str)] = &[
    ("#7A4E9E", "#C9A6E6"),
    ("#00796B", "#6FD0C3"),
    ("#8A6D00", "#E0C766"),
    ("#A0365C", "#F09CB9"),
    ("#3F5EA8", "#9DB4EE"),
    ("#5E6B2E", "#B9C98A"),
];

/// Single keys that the program itself answers while one reads; a schema may not take them.
pub const RESERVED_KEYS: &[char] =
    &['?', '/', '[', ']', ' ', 'd', 'g', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 't', 'u', 'y'];

/// How a label's spans are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A tint behind the text.
    Fill,
    /// A line under the text.
    Solid,
    /// A dashed line under the text.
    Dashed,
    /// A dotted line under the text.
    Dotted,
    /// Two lines under the text.
    Double,
}

/// Whether spans of one label may stand in each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nesting {
    /// They should not.
    None,
    /// Only the outermost is marked.
    Outermost,
    /// They may.
    #[default]
    Any,
}

/// What is said when spans of one label cross without nesting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crossing {
    /// A fault.
    Forbid,
    /// Worth a look.
    #[default]
    Warn,
    /// Nothing.
    Allow,
}

/// A type of a label, such as `person` of `entity`.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelType {
    /// Stands in sidecars.
    pub id: SmolStr,
    /// What people see.
    pub name: SmolStr,
    /// The key that chooses it: a digit or a letter.
    pub key: Option<char>,
    /// Number of its colour in the palette.
    pub color: usize,
    /// Finer kinds; the attribute `kind` takes one.
    pub kinds: Vec<SmolStr>,
    /// The name that datasets expect, such as `PER`.
    pub export: Option<SmolStr>,
}

/// A label.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Stands in sidecars.
    pub id: SmolStr,
    /// What people see.
    pub name: SmolStr,
    /// The key that tags the selection with it.
    pub key: Option<char>,
    /// How its spans are drawn.
    pub mark: Mark,
    /// Number of its colour in the palette.
    pub color: usize,
    /// Its types, if it has any.
    pub types: Vec<LabelType>,
    /// Whether an annotation may have more than one span.
    pub fragments: bool,
    /// Whether spans of this label may stand in each other.
    pub nesting: Nesting,
    /// What is said when they cross.
    pub crossing: Crossing,
    /// Whether quotation marks at the edges of a selection stay in the span.
    pub keep_quotation_marks: bool,
    /// Serves the other labels (a cue, evidence).
    pub helper: bool,
    /// The name that datasets expect.
    pub export: Option<SmolStr>,
}

impl Label {
    /// The type with this id.
    pub fn type_by_id(&self, id: &str) -> Option<&LabelType> {
        self.types.iter().find(|kind| kind.id == id)
    }
}

/// What an attribute takes.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeKind {
    /// One of these.
    Choice(Vec<SmolStr>),
    /// Any of these.
    Many(Vec<SmolStr>),
    /// Free text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// A link into something, such as `wikidata` or `url`.
    Link(SmolStr),
}

/// An attribute of annotations with some label, or of the whole article.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The label's id, a relation's id, or `document`.
    pub on: SmolStr,
    /// Stands in sidecars.
    pub id: SmolStr,
    /// What people see.
    pub name: SmolStr,
    /// What it takes.
    pub kind: AttributeKind,
    /// What is meant where nothing is written.
    pub default: Option<SmolStr>,
    /// Whether the order of the choices means something.
    pub ordered: bool,
    /// Guessed from the quotation marks in and around the span.
    pub guess_from_quotation_marks: bool,
}

/// How the other end of a relation is guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggest {
    /// The nearest one within this many code points.
    Nearest(u32),
    /// The one that stands next to it.
    Adjacent,
}

/// A kind of relation.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationKind {
    /// Stands in sidecars.
    pub id: SmolStr,
    /// What people see.
    pub name: SmolStr,
    /// Labels, or `label:type`, that it may start from.
    pub from: Vec<SmolStr>,
    /// Labels, `label:type`, or `author`, that it may lead to.
    pub to: Vec<SmolStr>,
    /// How many one annotation should have at most.
    pub max: Option<u32>,
    /// The key that chooses it.
    pub key: Option<char>,
    /// Whether direction means nothing.
    pub symmetric: bool,
    /// How its other end is guessed.
    pub suggest: Option<Suggest>,
}

impl RelationKind {
    /// Whether it may start from an annotation.
    pub fn starts_from(&self, annotation: &Annotation) -> bool {
        self.from.iter().any(|end| fits(end, annotation))
    }

    /// Whether an annotation may be the other end.
    pub fn leads_to(&self, annotation: &Annotation) -> bool {
        self.to.iter().any(|end| fits(end, annotation))
    }
}

/// A check of what an annotator may have forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// A quote that nobody says.
    QuoteWithoutSpeaker,
    /// A quote called direct without quotation marks.
    DirectQuoteWithoutMarks,
    /// A cue further than this many code points from its quote.
    CueFarFromQuote(u32),
    /// A claim that nobody makes.
    ClaimWithoutClaimant,
    /// A span with an opening quotation mark and no closing one, or the other way round.
    UnbalancedQuotationMarks,
}

/// Labels, attributes and relations, and how they look and are typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// Names the schema in sidecars.
    pub id: SmolStr,
    /// Grows when labels change their meaning.
    pub version: u32,
    /// The labels in the order of menus.
    pub labels: Vec<Label>,
    /// The attributes in the order of the details panel.
    pub attributes: Vec<Attribute>,
    /// The relations in the order of menus.
    pub relations: Vec<RelationKind>,
    /// What is checked.
    pub checks: Vec<Check>,
    /// Colours of labels that the palette is extended with: light and dark theme, `#RRGGBB`.
    pub colors: Vec<(SmolStr, SmolStr)>,
}

impl Schema {
    /// How sidecars name this schema.
    pub fn reference(&self) -> SchemaRef {
        SchemaRef { id: self.id.clone(), version: self.version }
    }

    /// The label with this id.
    pub fn label(&self, id: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == id)
    }

    /// The label that has types and whose digits tag at once.
    pub fn typed_label(&self) -> Option<&Label> {
        self.labels.iter().find(|label| !label.types.is_empty())
    }

    /// The relation with this id.
    pub fn relation(&self, id: &str) -> Option<&RelationKind> {
        self.relations.iter().find(|relation| relation.id == id)
    }

    /// The attributes of a label, in order.
    pub fn attributes_on<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a Attribute> {
        self.attributes.iter().filter(move |attribute| attribute.on == label)
    }

    /// What people see of an annotation's label: `Person`, `Quote`; the id of one that the schema does not have.
    pub fn label_name(&self, annotation: &Annotation) -> SmolStr {
        let Some(label) = self.label(&annotation.label) else { return annotation.full_label() };
        match annotation.kind() {
            Some(kind) => label.type_by_id(kind).map_or_else(|| kind.into(), |kind| kind.name.clone()),
            None => label.name.clone(),
        }
    }

    /// What people see of an end of a relation, `label` or `label:type`; the id itself where the schema does not have it.
    pub fn end_name(&self, end: &str) -> SmolStr {
        if let Some(label) = self.label(end) {
            return label.name.clone();
        }
        let Some((label, kind)) = end.split_once(':') else { return end.into() };
        let Some(label) = self.label(label) else { return end.into() };
        label.type_by_id(kind).map_or_else(|| kind.into(), |kind| kind.name.clone())
    }

    /// The number of an annotation's colour in the palette; none when the schema does not have its label.
    pub fn color(&self, annotation: &Annotation) -> Option<usize> {
        let label = self.label(&annotation.label)?;
        Some(annotation.kind().and_then(|kind| label.type_by_id(kind)).map_or(label.color, |kind| kind.color))
    }

    /// The colours on light and on dark paper that the schema gives to a label or to a type of it; none where the program chose.
    pub fn own_colors(&self, label: &str, kind: Option<&str>) -> Option<&(SmolStr, SmolStr)> {
        let label = self.label(label)?;
        let color = kind.map_or(Some(label.color), |kind| label.type_by_id(kind).map(|kind| kind.color))?;
        let own = self.colors.get(color.checked_sub(SLOTS)?)?;
        (!SPARE.contains(&(own.0.as_str(), own.1.as_str()))).then_some(own)
    }

    /// The key of a label or of a type of it.
    pub fn key(&self, label: &str, kind: Option<&str>) -> Option<char> {
        let label = self.label(label)?;
        kind.map_or(label.key, |kind| label.type_by_id(kind).and_then(|kind| kind.key))
    }

    /// The relations that may lead from one annotation to another (`None`: to the author), in order.
    pub fn relations_between<'a>(
        &'a self,
        from: &'a Annotation,
        to: Option<&'a Annotation>,
    ) -> impl Iterator<Item = &'a RelationKind> {
        self.relations.iter().filter(move |relation| {
            relation.from.iter().any(|end| fits(end, from))
                && match to {
                    Some(to) => to.id != from.id && relation.to.iter().any(|end| fits(end, to)),
                    None => relation.to.iter().any(|end| end == super::AUTHOR),
                }
        })
    }
}

/// Whether an annotation is what a relation's end asks for: `label` or `label:type`.
fn fits(end: &str, annotation: &Annotation) -> bool {
    match end.strip_prefix(annotation.label.as_str()) {
        Some("") => true,
        Some(rest) => rest.strip_prefix(':').is_some_and(|kind| annotation.kind() == Some(kind)),
        None => false,
    }
}
