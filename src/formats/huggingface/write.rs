//! From a layer to a row.
//!
//! Every row has all columns, so that no split of a dataset is read with other features than the rest.

use super::cells::{self, Cell, write_object};
use super::columns::{ROW, yaml};
use super::parquet::{Row, Table as Parquet};
use crate::formats::flat::{Stretch, Tagged, stretches};
use crate::formats::loss::{count_head, count_origins};
use crate::formats::{
    Bundles, Document, Done, Joint, Kind, Losses, Met, Names, Options, Piece, Table, Token, Writer, tokens,
};
use crate::model::{AUTHOR, Annotation, Attributes, Schema, Value};
use crate::text::OffsetIndex;

/// So many rows stand in a file.
const LAYERS: usize = 20_000;

/// Writes rows.
pub(super) struct TableWriter {
    names: Names,
    options: Options,
    /// What has tags; all annotations are entities.
    tagged: Tagged,
}

impl TableWriter {
    pub fn new(schema: &Schema, options: &Options) -> Self {
        let tagged = Tagged::new(schema, options.overlap);
        Self { names: Names::new(schema, str::to_owned), options: options.clone(), tagged }
    }
}

impl Writer for TableWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let row = self.row(document, losses);
        if self.options.table == Table::Parquet {
            return vec![Piece::block(Row::new(&row))];
        }
        let mut line = Vec::new();
        write_object(&mut line, ROW, &row);
        line.push(b'\n');
        vec![Piece::rows("data.jsonl", line, Joint::default())]
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        Vec::new()
    }

    fn bundles(&self) -> Option<Bundles> {
        let bundles = Bundles { ending: "parquet", layers: LAYERS, begin: Parquet::begin };
        Some(bundles).filter(|_| self.options.table == Table::Parquet)
    }

    fn front(&self, parts: &[String]) -> Option<String> {
        let ending = if self.options.table == Table::Parquet { "parquet" } else { "jsonl" };
        let mut out = String::new();
        out.push_str("task_categories:\n- token-classification\nconfigs:\n- config_name: default\n  data_files:\n");
        for part in parts {
            let (split, folder) = match part.as_str() {
                "" => ("train", String::new()),
                "dev" => ("validation", "dev/".to_owned()),
                part => (part, format!("{part}/")),
            };
            out.push_str(&format!("  - split: {split}\n    path: \"{folder}**/*.{ending}\"\n"));
        }
        out.push_str(&yaml());
        Some(out)
    }
}

impl TableWriter {
    /// A row's cells, in the order of [`ROW`].
    fn row<'d>(&self, document: &'d Document, losses: &mut Losses) -> Vec<Cell<'d>> {
        let Document { file, text, layer } = document;
        let mut seen = Losses::default();
        let all = stretches(document, Done::Kept, &mut seen, |_| true);
        for (kind, done, count) in seen.iter().filter(|(kind, ..)| *kind == Kind::Orphan) {
            losses.add_all(kind, done, count);
        }
        let index = OffsetIndex::new(text);
        let char = |byte: u32| Cell::Whole(index.char_from_byte(text, byte as usize).0);
        let entity = |annotation: &'d Annotation| {
            let hull = annotation.hull()?;
            let fragments = annotation.spans.iter().filter(|_| annotation.spans.len() > 1);
            let fragments = fragments.map(|span| vec![char(span.start()), char(span.end())]);
            Some(vec![
                cells::text(annotation.id.as_str()),
                cells::text(self.names.of(annotation)),
                cells::text(annotation.label.as_str()),
                cells::text(annotation.kind().unwrap_or_default()),
                char(hull.start()),
                char(hull.end()),
                cells::text(annotation.text(text)),
                Cell::Objects(fragments.collect()),
                attributes(&annotation.attributes, "type"),
                cells::text(annotation.note()),
                Cell::Truth(annotation.unsure()),
            ])
        };
        let written = |id: &str| layer.get(id).is_some_and(|it| it.orphan().is_none());
        let entities = layer.annotations().filter(|it| it.orphan().is_none()).filter_map(entity).collect();
        let mut relations = Vec::new();
        for relation in layer.relations() {
            if !written(&relation.from) || !(relation.to == AUTHOR || written(&relation.to)) {
                losses.add(Kind::Relation, Done::Dropped, file, &relation.id);
                continue;
            }
            relations.push(vec![
                cells::text(relation.id.as_str()),
                cells::text(relation.label.as_str()),
                cells::text(relation.from.as_str()),
                cells::text(relation.to.as_str()),
                attributes(&relation.attributes, ""),
                cells::text(relation.note()),
            ]);
        }
        let (words, tags) = self.tags(document, &all);
        count_origins(document, losses);
        count_head(layer, file, losses);
        vec![
            cells::text(file),
            cells::text(layer.head().annotator.as_str()),
            cells::text(layer.head().status.id()),
            cells::text(text),
            Cell::Objects(entities),
            Cell::Objects(relations),
            Cell::Values(words),
            Cell::Values(tags),
            attributes(&layer.head().document, ""),
        ]
    }

    /// Words, and a tag for each: of what overlaps, all is in the entities.
    fn tags<'d>(&self, document: &'d Document, all: &[Stretch<'_>]) -> (Vec<Cell<'d>>, Vec<Cell<'d>>) {
        let text = &document.text;
        let lane = self.tagged.of(all, &document.file, &mut Losses::default());
        let cuts: Vec<u32> = all.iter().flat_map(|it| [it.span.start(), it.span.end()]).collect();
        let words: Vec<Token> = tokens::words(text, &cuts, false).into_iter().filter(|token| !token.blank).collect();
        let mut tags = vec![cells::text("O"); words.len()];
        for stretch in lane {
            let from = words.partition_point(|word| word.end <= stretch.span.start());
            let to = words.partition_point(|word| word.start < stretch.span.end());
            let name = self.names.of(stretch.annotation);
            for (at, tag) in tags[from..to].iter_mut().enumerate() {
                *tag = cells::text(format!("{}{name}", self.options.tags.prefix(at, to - from)));
            }
        }
        (words.iter().map(|word| cells::text(word.of(text))).collect(), tags)
    }
}

/// Attributes as a list, so that every row has the same columns.
fn attributes<'d>(attributes: &'d Attributes, but: &str) -> Cell<'d> {
    let own = attributes.iter().filter(|(name, _)| *name != but);
    let object = |(name, value): (&'d smol_str::SmolStr, &'d Value)| {
        let (kind, value) = match value {
            Value::Text(text) => ("text", cells::text(text.as_str())),
            Value::Bool(truth) => ("bool", cells::text(truth.to_string())),
            Value::Number(number) => ("number", cells::text(number.to_string())),
            Value::Many(values) => {
                let json: serde_json::Value = values.iter().map(smol_str::SmolStr::as_str).collect();
                ("many", cells::text(json.to_string()))
            }
        };
        vec![cells::text(name.as_str()), value, cells::text(kind)]
    };
    Cell::Objects(own.map(object).collect())
}
