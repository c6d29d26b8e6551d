//! From a layer to its part of a DocBin: tokens, `doc.ents`, `doc.spans`, and what spaCy has no place for.
//!
//! Tokens are cut at the edges of all annotations, so that spaCy finds each of them.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use rmpv::Value as Pack;

use super::docbin::{DocBin, GroupSpan, Packed, pack_groups, packed};
use super::strings::Strings;
use super::{KB_ID, OURS};
use crate::formats::details::{annotation_json, attributes_json, relation_json};
use crate::formats::flat::{Stretch, Tagged, stretches};
use crate::formats::loss::{count_details, count_head};
use crate::formats::tree::{Fields, Tree, fields};
use crate::formats::{
    Bundles, Document, Done, Joint, Kind, Losses, Met, Names, Options, Piece, Token, Writer, tokens, write_ascii,
};
use crate::model::{AUTHOR, Schema};
use crate::text::OffsetIndex;

/// So many layers stand in a file: spaCy holds a whole file in memory.
const LAYERS: usize = 1000;

/// Writes DocBins.
pub(super) struct SpacyWriter {
    names: Names,
    /// What is in `doc.ents`; all annotations are in `doc.spans`.
    entities: Tagged,
}

impl SpacyWriter {
    pub fn new(schema: &Schema, options: &Options) -> Self {
        Self { names: Names::new(schema, str::to_owned), entities: Tagged::new(schema, options.overlap) }
    }
}

impl Writer for SpacyWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        let Document { file, text, layer } = document;
        met.note(layer);
        let all = stretches(document, Done::Split, losses, |_| true);
        let mut covered = Losses::default();
        let entities = self.entities.of(&all, file, &mut covered);
        losses.extend(covered.became(Done::Kept));
        let cuts: Vec<u32> = all.iter().flat_map(|it| [it.span.start(), it.span.end()]).collect();
        let whole: Vec<(u32, u32)> = entities.iter().map(|it| (it.span.start(), it.span.end())).collect();
        let tokens = tokens(text, &cuts, &whole, false);
        let mut strings = Strings::default();
        let mut rows: Vec<[u64; 6]> = tokens
            .iter()
            .map(|token| {
                let sentence = if token.sentence { 1 } else { u64::MAX };
                [strings.noted(token.of(text)), 2, 0, sentence, 0, 0]
            })
            .collect();
        for entity in &entities {
            let label = strings.noted(&self.names.of(entity.annotation));
            let id = strings.noted(&entity.annotation.id);
            let kb_id = entity.annotation.attributes.text(KB_ID).unwrap_or_default();
            let kb_id = strings.noted(kb_id);
            let (from, to) = of_tokens(&tokens, entity);
            for (at, row) in rows[from..to].iter_mut().enumerate() {
                (row[1], row[2], row[4], row[5]) = (if at == 0 { 3 } else { 1 }, label, kb_id, id);
            }
        }
        let groups = self.groups(&all, &tokens, text, &mut strings);
        let written: HashSet<&str> = all.iter().map(|it| it.annotation.id.as_str()).collect();
        let (ours, beside) = details(document, &written, losses);
        let packed = Packed {
            rows,
            spaces: tokens.iter().map(|token| u8::from(token.space)).collect(),
            groups: pack_groups(&groups),
            user_data: packed(&Pack::Map(vec![(
                OURS.into(),
                serde_json::to_string(&ours).expect("memory takes it").into(),
            )])),
            strings,
        };
        let mut pieces = vec![Piece::block(packed)];
        if let Some(beside) = beside {
            let mut line = Vec::new();
            write_ascii(&mut line, &beside).expect("memory takes it");
            line.push(b'\n');
            pieces.push(Piece::rows("relations.jsonl", line, Joint::default()));
        }
        pieces
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        Vec::new()
    }

    fn bundles(&self) -> Option<Bundles> {
        Some(Bundles { ending: "spacy", layers: LAYERS, begin: DocBin::begin })
    }
}

impl SpacyWriter {
    /// All annotations as span groups, by their label.
    fn groups(
        &self,
        all: &[Stretch<'_>],
        tokens: &[Token],
        text: &str,
        strings: &mut Strings,
    ) -> Vec<(String, Vec<GroupSpan>)> {
        let index = OffsetIndex::new(text);
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0 as i32;
        let keys: BTreeSet<&str> = all.iter().map(|it| it.annotation.label.as_str()).collect();
        let number = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
        let group = |key: &str| {
            let spans = all.iter().filter(|it| it.annotation.label == key).map(|it| {
                let (from, to) = of_tokens(tokens, it);
                GroupSpan {
                    id: strings.noted(&it.annotation.id),
                    label: strings.noted(&self.names.of(it.annotation)),
                    tokens: (number(from), number(to)),
                    chars: (char(it.span.start()), char(it.span.end())),
                }
            });
            (key.to_owned(), spans.collect())
        };
        keys.into_iter().map(group).collect()
    }
}

/// The first token of a stretch, and the one after its last. Tokens are cut at its edges.
fn of_tokens(tokens: &[Token], stretch: &Stretch<'_>) -> (usize, usize) {
    let from = tokens.partition_point(|token| token.end <= stretch.span.start());
    (from, tokens.partition_point(|token| token.start < stretch.span.end()))
}

/// What spaCy has no place for: for our own reader, and the relations for all.
fn details<'d>(
    document: &'d Document,
    written: &HashSet<&str>,
    losses: &mut Losses,
) -> (Fields<'d>, Option<Fields<'d>>) {
    let Document { file, layer, .. } = document;
    let head = || fields! {"file": file.as_str(), "annotator": layer.head().annotator.as_str()};
    let mut ours = head();
    let marks: Fields<'d> = layer
        .annotations()
        .filter(|it| written.contains(it.id.as_str()))
        .filter_map(|annotation| {
            let mut details = annotation_json(annotation, &[]);
            if let Some(kind) = annotation.kind() {
                details.set("type", kind);
            }
            (!details.is_empty()).then(|| (Cow::Borrowed(annotation.id.as_str()), details.into()))
        })
        .collect();
    count_details(document, Done::Kept, losses);
    if !marks.is_empty() {
        ours.set("annotations", marks);
    }
    let there = |id: &str| id == AUTHOR || written.contains(id);
    let (kept, lost): (Vec<_>, Vec<_>) = layer.relations().into_iter().partition(|it| there(&it.from) && there(&it.to));
    lost.iter().for_each(|relation| losses.add(Kind::Relation, Done::Dropped, file, &relation.id));
    kept.iter().for_each(|relation| losses.add(Kind::Relation, Done::Kept, file, &relation.id));
    let relations: Vec<Tree<'d>> = kept.into_iter().map(|relation| relation_json(relation, &[]).into()).collect();
    let mut beside = None;
    if !relations.is_empty() {
        let line = beside.insert(head());
        line.set("relations", relations.clone());
        ours.set("relations", relations);
    }
    let attributes = attributes_json(&layer.head().document, &[]);
    attributes.iter().for_each(|(name, _)| losses.add(Kind::ArticleAttribute, Done::Kept, file, name));
    if !attributes.is_empty() {
        ours.set("document", attributes);
    }
    count_head(layer, file, losses);
    (ours, beside)
}
