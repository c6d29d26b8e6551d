//! `pressmark.ron` as `ron` reads it: the file's own types, and how they become a schema.
//!
//! Every field of a label may be left out, so that a corpus can change one key of a built-in label and keep the rest.
//! What does not fit together is found by `check`, after this.

use serde::Deserialize;
use smol_str::SmolStr;

use super::colors::{ColorPart, Palette};
use crate::model::Schema;
use crate::model::schema::{
    Attribute, AttributeKind, Check, Crossing, Label, LabelType, Mark, Nesting, RelationKind, Suggest,
};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "")]
pub(super) struct CorpusFile {
    pub schema: Option<SchemaPart>,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

/// A schema, or what it changes of the one that it extends.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "")]
pub(super) struct SchemaPart {
    pub extends: Option<String>,
    pub id: Option<String>,
    pub version: Option<u32>,
    pub remove: RemovePart,
    pub labels: Vec<LabelPart>,
    pub attributes: Vec<AttributePart>,
    pub relations: Vec<RelationPart>,
    pub checks: Option<Vec<CheckPart>>,
}

/// What is taken out of the schema that is extended.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "")]
pub(super) struct RemovePart {
    pub labels: Vec<String>,
    pub types: Vec<String>,
    pub attributes: Vec<String>,
    pub relations: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "")]
pub(super) struct LabelPart {
    pub id: String,
    pub name: Option<String>,
    pub key: Option<String>,
    pub mark: Option<MarkPart>,
    pub color: Option<ColorPart>,
    #[serde(default)]
    pub types: Vec<TypePart>,
    pub fragments: Option<bool>,
    pub nesting: Option<NestingPart>,
    pub crossing: Option<CrossingPart>,
    pub keep_quotation_marks: Option<bool>,
    pub helper: Option<bool>,
    pub export: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "")]
pub(super) struct TypePart {
    pub id: String,
    pub name: Option<String>,
    pub key: Option<String>,
    pub color: Option<ColorPart>,
    pub kinds: Option<Vec<String>>,
    pub export: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "")]
pub(super) struct AttributePart {
    pub on: String,
    pub id: String,
    pub name: Option<String>,
    pub values: Option<Vec<String>>,
    pub value: Option<ValuePart>,
    #[serde(default)]
    pub many: bool,
    #[serde(default)]
    pub ordered: bool,
    pub default: Option<String>,
    pub guess: Option<GuessPart>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "")]
pub(super) struct RelationPart {
    pub id: String,
    pub name: Option<String>,
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub max: Option<u32>,
    pub key: Option<String>,
    #[serde(default)]
    pub symmetric: bool,
    pub suggest: Option<SuggestPart>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename = "mark")]
pub(super) enum MarkPart {
    Fill,
    Solid,
    Dashed,
    Dotted,
    Double,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename = "nesting")]
pub(super) enum NestingPart {
    None,
    Outermost,
    Any,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename = "crossing")]
pub(super) enum CrossingPart {
    Forbid,
    Warn,
    Allow,
}

#[derive(Debug, Deserialize)]
#[serde(rename = "value")]
pub(super) enum ValuePart {
    Text,
    Number,
    Bool,
    Link(String),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename = "guess")]
pub(super) enum GuessPart {
    QuotationMarks,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename = "suggest")]
pub(super) enum SuggestPart {
    Nearest(u32),
    Adjacent,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename = "check")]
pub(super) enum CheckPart {
    QuoteWithoutSpeaker,
    DirectQuoteWithoutMarks,
    CueFarFromQuote(u32),
    ClaimWithoutClaimant,
    UnbalancedQuotationMarks,
}

/// Puts what a file says over the schema that it starts from.
pub(super) fn overlay(schema: &mut Schema, part: SchemaPart) {
    if let Some(id) = part.id {
        schema.id = id.into();
    }
    if let Some(version) = part.version {
        schema.version = version;
    }
    remove(schema, &part.remove);
    let mut palette = Palette::of(schema);
    for label in part.labels {
        let at = schema.labels.iter().position(|known| known.id == label.id).unwrap_or_else(|| {
            schema.labels.push(new_label(&label.id));
            schema.labels.len() - 1
        });
        overlay_label(&mut schema.labels[at], label, &mut palette);
    }
    palette.fill(schema);
    for part in part.attributes {
        let attribute = attribute(part);
        match schema.attributes.iter_mut().find(|known| known.on == attribute.on && known.id == attribute.id) {
            Some(known) => *known = attribute,
            None => schema.attributes.push(attribute),
        }
    }
    for part in part.relations {
        let relation = relation(part);
        match schema.relations.iter_mut().find(|known| known.id == relation.id) {
            Some(known) => *known = relation,
            None => schema.relations.push(relation),
        }
    }
    if let Some(checks) = part.checks {
        schema.checks = checks.into_iter().map(check).collect();
    }
}

/// Takes labels, types, attributes and relations out; what led only to them goes too.
fn remove(schema: &mut Schema, part: &RemovePart) {
    let gone = |ids: &[String], id: &str| ids.iter().any(|other| other == id);
    schema.labels.retain(|label| !gone(&part.labels, &label.id));
    for label in &mut schema.labels {
        let of = label.id.clone();
        label.types.retain(|kind| !gone(&part.types, &format!("{of}:{}", kind.id)));
    }
    schema.relations.retain(|relation| !gone(&part.relations, &relation.id));
    for relation in &mut schema.relations {
        for ends in [&mut relation.from, &mut relation.to] {
            ends.retain(|end| {
                !gone(&part.types, end) && !gone(&part.labels, end.split_once(':').map_or(end, |(label, _)| label))
            });
        }
    }
    schema.relations.retain(|relation| !(relation.from.is_empty() || relation.to.is_empty()));
    schema.attributes.retain(|attribute| {
        !(gone(&part.labels, &attribute.on) || gone(&part.attributes, &format!("{}.{}", attribute.on, attribute.id)))
    });
}

fn new_label(id: &str) -> Label {
    Label {
        id: id.into(),
        name: name_of(id),
        key: None,
        mark: Mark::Solid,
        color: Palette::UNSET,
        types: Vec::new(),
        fragments: false,
        nesting: Nesting::default(),
        crossing: Crossing::default(),
        keep_quotation_marks: false,
        helper: false,
        export: None,
    }
}

fn overlay_label(label: &mut Label, part: LabelPart, palette: &mut Palette) {
    set(&mut label.name, part.name.map(SmolStr::from));
    set(&mut label.key, part.key.map(|key| first_char(&key)));
    set(&mut label.mark, part.mark.map(mark));
    set(&mut label.color, part.color.map(|color| palette.take(color)));
    set(&mut label.fragments, part.fragments);
    set(&mut label.nesting, part.nesting.map(nesting));
    set(&mut label.crossing, part.crossing.map(crossing));
    set(&mut label.keep_quotation_marks, part.keep_quotation_marks);
    set(&mut label.helper, part.helper);
    set(&mut label.export, part.export.map(|name| Some(name.into())));
    for part in part.types {
        let at = label.types.iter().position(|known| known.id == part.id).unwrap_or_else(|| {
            label.types.push(LabelType {
                id: part.id.as_str().into(),
                name: name_of(&part.id),
                key: None,
                color: Palette::UNSET,
                kinds: Vec::new(),
                export: None,
            });
            label.types.len() - 1
        });
        let kind = &mut label.types[at];
        set(&mut kind.name, part.name.map(SmolStr::from));
        set(&mut kind.key, part.key.map(|key| first_char(&key)));
        set(&mut kind.color, part.color.map(|color| palette.take(color)));
        set(&mut kind.kinds, part.kinds.map(smols));
        set(&mut kind.export, part.export.map(|name| Some(name.into())));
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// An empty key takes one away; that it is one character was seen before.
fn first_char(key: &str) -> Option<char> {
    key.chars().next()
}

fn attribute(part: AttributePart) -> Attribute {
    let kind = match (part.values, part.value) {
        (Some(values), _) if part.many => AttributeKind::Many(smols(values)),
        (Some(values), _) => AttributeKind::Choice(smols(values)),
        (None, Some(ValuePart::Number)) => AttributeKind::Number,
        (None, Some(ValuePart::Bool)) => AttributeKind::Bool,
        (None, Some(ValuePart::Link(to))) => AttributeKind::Link(to.into()),
        (None, Some(ValuePart::Text) | None) => AttributeKind::Text,
    };
    Attribute {
        name: part.name.map_or_else(|| name_of(&part.id), SmolStr::from),
        on: part.on.into(),
        id: part.id.into(),
        kind,
        default: part.default.map(SmolStr::from),
        ordered: part.ordered,
        guess_from_quotation_marks: matches!(part.guess, Some(GuessPart::QuotationMarks)),
    }
}

fn relation(part: RelationPart) -> RelationKind {
    RelationKind {
        name: part.name.map_or_else(|| name_of(&part.id), SmolStr::from),
        id: part.id.into(),
        from: smols(part.from),
        to: smols(part.to),
        max: part.max,
        key: part.key.as_deref().and_then(first_char),
        symmetric: part.symmetric,
        suggest: part.suggest.map(|suggest| match suggest {
            SuggestPart::Nearest(reach) => Suggest::Nearest(reach),
            SuggestPart::Adjacent => Suggest::Adjacent,
        }),
    }
}

fn smols(texts: Vec<String>) -> Vec<SmolStr> {
    texts.into_iter().map(SmolStr::from).collect()
}

/// A name where the file gives none: `claim-type` is shown as `Claim type`.
fn name_of(id: &str) -> SmolStr {
    if id.is_empty() {
        return "Unnamed".into();
    }
    let words = id.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(SmolStr::default, |first| first.to_uppercase().chain(chars).collect())
}

const fn mark(part: MarkPart) -> Mark {
    match part {
        MarkPart::Fill => Mark::Fill,
        MarkPart::Solid => Mark::Solid,
        MarkPart::Dashed => Mark::Dashed,
        MarkPart::Dotted => Mark::Dotted,
        MarkPart::Double => Mark::Double,
    }
}

const fn nesting(part: NestingPart) -> Nesting {
    match part {
        NestingPart::None => Nesting::None,
        NestingPart::Outermost => Nesting::Outermost,
        NestingPart::Any => Nesting::Any,
    }
}

const fn crossing(part: CrossingPart) -> Crossing {
    match part {
        CrossingPart::Forbid => Crossing::Forbid,
        CrossingPart::Warn => Crossing::Warn,
        CrossingPart::Allow => Crossing::Allow,
    }
}

const fn check(part: CheckPart) -> Check {
    match part {
        CheckPart::QuoteWithoutSpeaker => Check::QuoteWithoutSpeaker,
        CheckPart::DirectQuoteWithoutMarks => Check::DirectQuoteWithoutMarks,
        CheckPart::CueFarFromQuote(reach) => Check::CueFarFromQuote(reach),
        CheckPart::ClaimWithoutClaimant => Check::ClaimWithoutClaimant,
        CheckPart::UnbalancedQuotationMarks => Check::UnbalancedQuotationMarks,
    }
}
