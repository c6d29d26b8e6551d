//! The columns of a row, stated once: for Parquet's schema, for the card's features, and for the metadata of the file.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    Text,
    Whole,
    Truth,
    /// Values of one kind.
    Values(&'static Column),
    /// Objects with these fields.
    Objects(&'static [(&'static str, Column)]),
}

const ATTRIBUTE: &[(&str, Column)] = &[("name", Column::Text), ("value", Column::Text), ("kind", Column::Text)];
const STRETCH: &[(&str, Column)] = &[("start", Column::Whole), ("end", Column::Whole)];
const ENTITY: &[(&str, Column)] = &[
    ("id", Column::Text),
    ("label", Column::Text),
    ("layer", Column::Text),
    ("type", Column::Text),
    ("start", Column::Whole),
    ("end", Column::Whole),
    ("text", Column::Text),
    ("fragments", Column::Objects(STRETCH)),
    ("attributes", Column::Objects(ATTRIBUTE)),
    ("note", Column::Text),
    ("unsure", Column::Truth),
];
const RELATION: &[(&str, Column)] = &[
    ("id", Column::Text),
    ("type", Column::Text),
    ("head", Column::Text),
    ("tail", Column::Text),
    ("attributes", Column::Objects(ATTRIBUTE)),
    ("note", Column::Text),
];

/// The columns of a row.
pub(super) const ROW: &[(&str, Column)] = &[
    ("id", Column::Text),
    ("annotator", Column::Text),
    ("status", Column::Text),
    ("text", Column::Text),
    ("entities", Column::Objects(ENTITY)),
    ("relations", Column::Objects(RELATION)),
    ("tokens", Column::Values(&Column::Text)),
    ("ner_tags", Column::Values(&Column::Text)),
    ("meta", Column::Objects(ATTRIBUTE)),
];

/// How many columns of values a column has.
pub(super) fn leaves_of(column: Column) -> usize {
    match column {
        Column::Values(of) => leaves_of(*of),
        Column::Objects(fields) => fields.iter().map(|(_, column)| leaves_of(*column)).sum(),
        _ => 1,
    }
}

/// Parquet's schema. All may be missing, as in files of pyarrow.
pub(super) fn message() -> String {
    let mut out = "message schema {\n".to_owned();
    ROW.iter().for_each(|(name, column)| message_of(&mut out, name, *column));
    out.push('}');
    out
}

fn message_of(out: &mut String, name: &str, column: Column) {
    let list = |out: &mut String, inner: &dyn Fn(&mut String)| {
        write!(out, "optional group {name} (LIST) {{ repeated group list {{ ").expect("a string takes it");
        inner(out);
        out.push_str("} }\n");
    };
    match column {
        Column::Text => writeln!(out, "optional binary {name} (STRING);").expect("a string takes it"),
        Column::Whole => writeln!(out, "optional int64 {name};").expect("a string takes it"),
        Column::Truth => writeln!(out, "optional boolean {name};").expect("a string takes it"),
        Column::Values(of) => list(out, &|out| message_of(out, "element", *of)),
        Column::Objects(fields) => list(out, &|out| {
            out.push_str("optional group element {\n");
            fields.iter().for_each(|(name, column)| message_of(out, name, *column));
            out.push_str("} ");
        }),
    }
}

/// The features as a card names them, in YAML that versions 2 and 5 of `datasets` load (FORMATS.md, section 12).
pub(super) fn yaml() -> String {
    let mut out = "dataset_info:\n  features:\n".to_owned();
    ROW.iter().for_each(|(name, column)| yaml_of(&mut out, 2, name, *column));
    out
}

fn yaml_of(out: &mut String, indent: usize, name: &str, column: Column) {
    let space = " ".repeat(indent);
    writeln!(out, "{space}- name: {name}").expect("a string takes it");
    match column {
        Column::Values(of) => writeln!(out, "{space}  sequence: {}", dtype(*of)).expect("a string takes it"),
        Column::Objects(fields) => {
            writeln!(out, "{space}  list:").expect("a string takes it");
            fields.iter().for_each(|(name, column)| yaml_of(out, indent + 2, name, *column));
        }
        scalar => writeln!(out, "{space}  dtype: {}", dtype(scalar)).expect("a string takes it"),
    }
}

fn dtype(column: Column) -> &'static str {
    match column {
        Column::Whole => "int64",
        Column::Truth => "bool",
        _ => "string",
    }
}

/// The features as a Parquet file has them under `huggingface`.
pub(super) fn features() -> Json {
    json!({"info": {"features": features_of(ROW)}})
}

fn features_of(fields: &[(&str, Column)]) -> Json {
    let value = |column: Column| json!({"dtype": dtype(column), "_type": "Value"});
    let all: Map<String, Json> = fields
        .iter()
        .map(|(name, column)| {
            let feature = match column {
                Column::Values(of) => json!({"feature": value(**of), "_type": "Sequence"}),
                Column::Objects(fields) => json!([features_of(fields)]),
                scalar => value(*scalar),
            };
            ((*name).to_owned(), feature)
        })
        .collect();
    all.into()
}
