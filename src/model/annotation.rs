//! An annotation: a label on one or more spans, with attributes, a note and where it came from.
//!
//! Made for many: a plain entity with a type takes at most 200 bytes in memory, index and all. What few annotations
//! have stands behind one pointer ([`Extra`]). Exact texts and contexts are not kept: they follow from the article.

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::Span;

/// The id of an annotation, a relation, a comment or a decision: short, random, unique in its layer.
pub type Id = SmolStr;

/// The spans of an annotation: sorted, not overlapping, at least one unless it is an orphan.
pub type Spans = SmallVec<[Span; 1]>;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A choice, a text or a link.
    Text(SmolStr),
    /// Several choices, in the schema's order.
    Many(Box<[SmolStr]>),
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(f64),
}

impl Value {
    /// The text, where the value is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Many(values) => f.write_str(&values.join(", ")),
            Self::Bool(value) => f.write_str(if *value { "yes" } else { "no" }),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// Attributes by id, sorted by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(Box<[(SmolStr, Value)]>);

impl Attributes {
    /// The value of an attribute.
    pub fn get(&self, id: &str) -> Option<&Value> {
        self.0.binary_search_by(|(key, _)| key.as_str().cmp(id)).ok().map(|at| &self.0[at].1)
    }

    /// The value of an attribute, where it is a text.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.get(id).and_then(Value::as_text)
    }

    /// Sets an attribute, or takes it away with `None`.
    pub fn set(&mut self, id: impl Into<SmolStr>, value: Option<Value>) {
        let id = id.into();
        let found = self.0.binary_search_by(|(key, _)| key.cmp(&id));
        let mut all = std::mem::take(&mut self.0).into_vec();
        match (found, value) {
            (Ok(at), Some(value)) => all[at].1 = value,
            (Ok(at), None) => {
                all.remove(at);
            }
            (Err(at), Some(value)) => {
                all.reserve_exact(1);
                all.insert(at, (id, value));
            }
            (Err(_), None) => {}
        }
        self.0 = all.into_boxed_slice();
    }

    /// All attributes, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &Value)> {
        self.0.iter().map(|(id, value)| (id, value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(SmolStr, Value)> for Attributes {
    fn from_iter<T: IntoIterator<Item = (SmolStr, Value)>>(iter: T) -> Self {
        let mut all: Vec<(SmolStr, Value)> = iter.into_iter().collect();
        // The last of the same name counts, as if they were set one by one.
        all.reverse();
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        all.dedup_by(|later, kept| later.0 == kept.0);
        Self(all.into_boxed_slice())
    }
}

/// Sets many at once, as if one by one, in the time of a sort.
impl Extend<(SmolStr, Value)> for Attributes {
    fn extend<T: IntoIterator<Item = (SmolStr, Value)>>(&mut self, iter: T) {
        let there = std::mem::take(&mut self.0).into_vec();
        *self = there.into_iter().chain(iter).collect();
    }
}

/// Where an annotation that no person typed came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `"suggestion"`, `"import"`, `"layer"` or `"person"`.
    pub by: SmolStr,
    /// The rule that suggested it.
    pub rule: Option<SmolStr>,
    /// The format or file that it was imported from.
    pub import: Option<SmolStr>,
    /// The layer that it was taken from.
    pub layer: Option<SmolStr>,
    /// The person who made it.
    pub person: Option<SmolStr>,
}

/// A span as a file gives it: what an orphan had, or a place that it might have. Its offsets need not fit the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// First code point.
    pub start: u64,
    /// The code point after the last.
    pub end: u64,
    /// The text that stood there.
    pub text: String,
}

/// An annotation whose place in the text is not known. It is kept as it was, shown in a list, never dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orphan {
    /// Its spans in the text that it was made on.
    pub spans: Vec<Quoted>,
    /// Up to 32 code points before and after it, in that text.
    pub context: (String, String),
    /// Places where it might belong.
    pub candidates: Vec<Quoted>,
}

/// What few annotations have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// A free note; empty for none.
    pub note: String,
    /// Flagged as unsure by the annotator.
    pub unsure: bool,
    /// Where it came from, if no person made it here.
    pub origin: Option<Origin>,
    /// When it was made, UTC, RFC 3339.
    pub made: Option<SmolStr>,
    /// Set when the annotation has no place in the text.
    pub orphan: Option<Orphan>,
    /// Other versions of this annotation that a merge kept.
    pub conflict: Vec<Annotation>,
}

/// A label on spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Unique in its layer.
    pub id: Id,
    /// The schema's id of the label, such as `entity`.
    pub label: SmolStr,
    /// Where; empty only for an orphan.
    pub spans: Spans,
    /// By the schema; `type` is one of them.
    pub attributes: Attributes,
    /// What few annotations have.
    pub extra: Option<Box<Extra>>,
}

impl Annotation {
    /// An annotation with one span and nothing else.
    pub fn new(id: impl Into<Id>, label: impl Into<SmolStr>, span: Span) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            spans: smallvec::smallvec![span],
            attributes: Attributes::default(),
            extra: None,
        }
    }

    /// From the first span's start to the last one's end; none for an orphan.
    pub fn hull(&self) -> Option<Span> {
        Some(Span::new(self.spans.first()?.start(), self.spans.last()?.end()))
    }

    /// The schema's type, such as `person`.
    pub fn kind(&self) -> Option<&str> {
        self.attributes.text("type")
    }

    /// `label`, or `label:type` where it has a type.
    pub fn full_label(&self) -> SmolStr {
        match self.kind() {
            Some(kind) => smol_str::format_smolstr!("{}:{kind}", self.label),
            None => self.label.clone(),
        }
    }

    /// The note; empty for none.
    pub fn note(&self) -> &str {
        self.extra.as_ref().map_or("", |extra| extra.note.as_str())
    }

    /// Whether the annotator flagged it as unsure.
    pub fn unsure(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.unsure)
    }

    /// What is known of its place when it has none in the text.
    pub fn orphan(&self) -> Option<&Orphan> {
        self.extra.as_ref().and_then(|extra| extra.orphan.as_ref())
    }

    /// Changes the rare parts; they are dropped again when nothing is left in them.
    pub fn edit_extra(&mut self, change: impl FnOnce(&mut Extra)) {
        let mut extra = self.extra.take().unwrap_or_default();
        change(&mut extra);
        if *extra != Extra::default() {
            self.extra = Some(extra);
        }
    }

    /// The annotated text, fragments joined by ` … `.
    pub fn text(&self, text: &str) -> String {
        if let Some(orphan) = self.orphan() {
            return orphan.spans.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join(" … ");
        }
        self.spans.iter().filter_map(|span| span.slice(text)).collect::<Vec<_>>().join(" … ")
    }
}
