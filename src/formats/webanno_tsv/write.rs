//! From a layer to a file: a row a token, in which each annotation of the token stands with all its features.
//!
//! Tokens end where annotations do, so that no row is a part of a token, but that of the article's author.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::{NO_VALUE, cells};
use crate::formats::uima::declare::{Declared, ID_RANGES};
use crate::formats::uima::plan::{Plan, Shape, Use};
use crate::formats::uima::types::{Range, STRING};
use crate::formats::uima::{self, AUTHOR_LAYER, Layers, Named, TYPE_SYSTEM, is_grammar, type_system};
use crate::formats::{Document, Done, Kind, Losses, Met, Piece, Token, Writer, tokens};
use crate::model::{AUTHOR, Annotation, Attributes, Id, Relation, Schema, Span, Value};
use crate::text::OffsetIndex;

/// Writes WebAnno TSV.
pub(super) struct TsvWriter {
    schema: Schema,
    layers: Layers,
}

impl TsvWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { schema: schema.clone(), layers: Layers::new(schema) }
    }
}

impl Writer for TsvWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let stem = document.file.rsplit_once('.').map_or(document.file.as_str(), |(stem, _)| stem);
        let mut file = File::new(self, document, losses);
        file.marks();
        file.relations();
        file.author();
        file.numbers();
        let out = file.all();
        uima::count_discussion(document, file.losses);
        file.declared.note(met);
        vec![Piece::whole(format!("{stem}.tsv"), out)]
    }

    fn whole(&self, met: &Met) -> Vec<Piece> {
        let mut declared = Declared { flat: true, ..Declared::default() };
        declared.schema(&self.schema, &self.layers);
        declared.met(met);
        vec![Piece::whole(TYPE_SYSTEM, type_system::write(&declared.types))]
    }
}

/// An annotation as it stands in the rows.
pub(super) struct Mark<'d> {
    pub annotation: Option<&'d Annotation>,
    pub layer: SmolStr,
    /// Its tokens.
    pub tokens: Vec<usize>,
    /// Its number, where it has one.
    pub number: Option<usize>,
    pub features: BTreeMap<SmolStr, String>,
    /// Slots by feature: roles, what they lead to, and the ids of relations.
    pub slots: BTreeMap<SmolStr, Vec<(String, usize, Id)>>,
}

/// A relation as it stands in the row that it leads to.
pub(super) struct Link {
    pub id: Id,
    pub layer: SmolStr,
    pub from: usize,
    pub to: usize,
    pub features: BTreeMap<SmolStr, String>,
}

/// One file that is being made.
pub(super) struct File<'a> {
    pub writer: &'a TsvWriter,
    pub document: &'a Document,
    pub losses: &'a mut Losses,
    pub declared: Declared,
    pub index: OffsetIndex,
    pub tokens: Vec<Token>,
    /// Of each token, the number of its sentence and its own in it, from 1.
    pub places: Vec<(usize, usize)>,
    pub named: Named,
    pub plan: Plan,
    pub marks: Vec<Mark<'a>>,
    pub links: Vec<Link>,
    pub at: HashMap<&'a Id, usize>,
    /// Relations and their layers; the layers of slots are none.
    pub wanted: Vec<(&'a Relation, Option<SmolStr>)>,
    pub author: Option<usize>,
    pub spans: Map<String, Json>,
}

impl<'a> File<'a> {
    fn new(writer: &'a TsvWriter, document: &'a Document, losses: &'a mut Losses) -> Self {
        let spans = document.layer.annotations().flat_map(|annotation| annotation.spans.iter());
        let cuts: Vec<u32> = spans.flat_map(|span| [span.start(), span.end()]).collect();
        let all = tokens(&document.text, &cuts, &[], false);
        let tokens: Vec<Token> = all.into_iter().filter(|token| !token.blank).collect();
        let (mut places, mut sentence, mut number) = (Vec::with_capacity(tokens.len()), 0, 0);
        for (at, token) in tokens.iter().enumerate() {
            (sentence, number) = if token.sentence || at == 0 { (sentence + 1, 1) } else { (sentence, number + 1) };
            places.push((sentence, number));
        }
        Self {
            writer,
            document,
            losses,
            declared: Declared { flat: true, ..Declared::default() },
            index: OffsetIndex::new(&document.text),
            tokens,
            places,
            named: Named::default(),
            plan: Plan::default(),
            marks: Vec::new(),
            links: Vec::new(),
            at: HashMap::new(),
            wanted: Vec::new(),
            author: None,
            spans: Map::new(),
        }
    }

    fn lose(&mut self, kind: Kind, done: Done, id: &str) {
        self.losses.add(kind, done, &self.document.file, id);
    }

    pub(super) fn offset(&self, byte: u32) -> u64 {
        self.index.utf16_from_byte(&self.document.text, byte as usize).0
    }

    /// The annotations that have tokens.
    fn marks(&mut self) {
        for annotation in self.document.layer.annotations() {
            if annotation.orphan().is_some() {
                self.lose(Kind::Orphan, Done::Dropped, &annotation.id);
                continue;
            }
            let mut own: Vec<usize> = Vec::new();
            for span in &annotation.spans {
                let first = self.tokens.partition_point(|token| token.start < span.start());
                own.extend((first..self.tokens.len()).take_while(|at| self.tokens[*at].end <= span.end()));
            }
            if own.is_empty() {
                self.lose(Kind::Blank, Done::Dropped, &annotation.id);
                continue;
            }
            if annotation.spans.len() > 1 {
                self.lose(Kind::Discontinuous, Done::Kept, &annotation.id);
            }
            self.places_of(annotation, &own);
            let wanted = self.writer.layers.label(&annotation.label);
            let kept = annotation.attributes.text(uima::LAYER).filter(|kept| !is_grammar(kept));
            let (layer, _) = self.named.take(false, &annotation.label, kept, wanted);
            self.at.insert(&annotation.id, self.marks.len());
            self.marks.push(Mark {
                annotation: Some(annotation),
                layer,
                tokens: own,
                number: None,
                features: BTreeMap::new(),
                slots: BTreeMap::new(),
            });
            if let Some(extra) = &annotation.extra {
                for _ in &extra.conflict {
                    self.lose(Kind::OtherVersion, Done::Dropped, &annotation.id);
                }
                if extra.origin.is_some() || extra.made.is_some() {
                    self.lose(Kind::Origin, Done::Dropped, &annotation.id);
                }
            }
        }
    }

    /// Keeps the spans that tokens do not say: with white space at an edge, or with no token between.
    fn places_of(&mut self, annotation: &Annotation, own: &[usize]) {
        let mut said: Vec<Span> = Vec::new();
        for (number, &at) in own.iter().enumerate() {
            let token = self.tokens[at];
            match said.last_mut() {
                Some(last) if own[number - 1] + 1 == at => *last = Span::new(last.start(), token.end),
                _ => said.push(Span::new(token.start, token.end)),
            }
        }
        if said[..] != annotation.spans[..] {
            let places =
                annotation.spans.iter().map(|span| json!([self.offset(span.start()), self.offset(span.end())]));
            let places = places.collect();
            self.spans.insert(annotation.id.to_string(), places);
        }
    }

    /// The relations whose ends are there, as columns or as slots, and what all names mean.
    fn relations(&mut self) {
        for relation in self.document.layer.relations() {
            let there = |id: &Id| id == AUTHOR || self.at.contains_key(id);
            if !(self.at.contains_key(&relation.from) && there(&relation.to)) || self.tokens.is_empty() {
                self.lose(Kind::Relation, Done::Dropped, &relation.id);
                continue;
            }
            if relation.to == AUTHOR {
                self.lose(Kind::RelationToAuthor, Done::Kept, &relation.id);
            }
            if let Some(extra) = &relation.extra {
                for _ in &extra.conflict {
                    self.lose(Kind::OtherVersion, Done::Dropped, &relation.id);
                }
                if extra.made.is_some() {
                    self.lose(Kind::Origin, Done::Dropped, &relation.id);
                }
            }
            let layer = if uima::slot(&relation.attributes).is_some_and(|slot| slot.kind == "link") {
                let lost = relation.attributes.len() - 1 + usize::from(!relation.note().is_empty());
                (0..lost).for_each(|_| self.lose(Kind::RelationAttribute, Done::Dropped, &relation.id));
                None
            } else {
                let wanted = self.writer.layers.relation(&relation.label);
                let kept = relation.attributes.text(uima::LAYER).filter(|kept| !is_grammar(kept));
                Some(self.named.take(true, &relation.label, kept, wanted).0)
            };
            self.wanted.push((relation, layer));
        }
        let mut uses = BTreeSet::new();
        let mut add = |layer: &SmolStr, span: bool, attributes: &Attributes| {
            for (name, value) in attributes.iter().filter(|(name, value)| !is_said(layer, name, value)) {
                uses.insert(Use::new(layer, span, name, Shape::of(value), value));
            }
        };
        for Mark { layer, annotation, .. } in &self.marks {
            if let Some(annotation) = annotation {
                add(layer, true, &annotation.attributes);
            }
        }
        for (relation, layer) in &self.wanted {
            if let Some(layer) = layer {
                add(layer, false, &relation.attributes);
            }
        }
        self.plan = Plan::new(uses);
    }

    /// The article's author, where relations lead there: an empty annotation at the first token.
    fn author(&mut self) {
        if self.wanted.iter().any(|(relation, _)| relation.to == AUTHOR) {
            self.author = Some(self.marks.len());
            self.declared.layer(AUTHOR_LAYER);
            self.marks.push(Mark {
                annotation: None,
                layer: AUTHOR_LAYER.into(),
                tokens: Vec::new(),
                number: None,
                features: BTreeMap::new(),
                slots: BTreeMap::new(),
            });
        }
        for at in 0..self.marks.len() {
            let Mark { annotation: Some(annotation), layer, .. } = &self.marks[at] else { continue };
            let (annotation, layer) = (*annotation, layer.clone());
            self.declared.layer(&layer);
            self.marks[at].features =
                self.features(&layer, &annotation.attributes, annotation.note(), annotation.unsure());
        }
        for (relation, layer) in std::mem::take(&mut self.wanted) {
            let end = |id: &Id| if id == AUTHOR { self.author } else { self.at.get(id).copied() };
            let (Some(from), Some(to)) = (end(&relation.from), end(&relation.to)) else { continue };
            match (layer, uima::slot(&relation.attributes)) {
                (Some(layer), _) => {
                    self.declared.relation(&layer);
                    let features = self.features(&layer, &relation.attributes, relation.note(), false);
                    self.links.push(Link { id: relation.id.clone(), layer, from, to, features });
                }
                (None, Some(slot)) => {
                    let host = self.marks[from].layer.clone();
                    self.declared.layer(slot.target);
                    self.declared.link(slot.of, slot.target);
                    self.declared.feature(&host, slot.feature, &Range::list(slot.of));
                    let role = if relation.label == slot.feature {
                        NO_VALUE.to_owned()
                    } else {
                        cells::value(&relation.label)
                    };
                    self.marks[from].slots.entry(slot.feature.into()).or_default().push((
                        role,
                        to,
                        relation.id.clone(),
                    ));
                }
                (None, None) => {}
            }
        }
    }

    /// The features of an annotation or relation.
    fn features(
        &mut self,
        layer: &SmolStr,
        attributes: &Attributes,
        note: &str,
        unsure: bool,
    ) -> BTreeMap<SmolStr, String> {
        let mut features: BTreeMap<SmolStr, String> = BTreeMap::new();
        if !note.is_empty() {
            features.insert(uima::NOTE.into(), note.to_owned());
        }
        if unsure {
            features.insert(uima::UNSURE.into(), "true".to_owned());
        }
        for (name, range) in ID_RANGES.iter().filter(|(name, _)| features.contains_key(*name)) {
            self.declared.feature(layer, name, &Range::of(range));
        }
        for (name, value) in attributes.iter().filter(|(name, value)| !is_said(layer, name, value)) {
            let shape = Shape::of(value);
            let feature = self.plan.feature(layer, name, shape);
            let text = match value {
                Value::Text(text) => text.to_string(),
                Value::Bool(value) => value.to_string(),
                Value::Number(number) => format!("{number:?}"),
                Value::Many(values) => values
                    .iter()
                    .map(|value| value.replace('\\', "\\\\").replace('|', "\\|"))
                    .collect::<Vec<_>>()
                    .join("|"),
            };
            self.declared.feature(
                layer,
                &feature,
                &(if shape == Shape::List { Range::of(STRING) } else { shape.range() }),
            );
            features.insert(feature, text);
        }
        features
    }

    /// Numbers for all that a row alone does not say: annotations of several tokens, of one layer in one token, and ends
    /// of relations.
    fn numbers(&mut self) {
        let mut needs: BTreeSet<usize> = self.author.into_iter().collect();
        needs.extend(self.links.iter().flat_map(|link| [link.from, link.to]));
        let mut first: HashMap<(&SmolStr, usize), usize> = HashMap::new();
        for (at, mark) in self.marks.iter().enumerate() {
            needs.extend(mark.slots.values().flatten().map(|(_, to, _)| *to));
            needs.extend((mark.tokens.len() > 1).then_some(at));
            for &token in &mark.tokens {
                if let Some(other) = first.insert((&mark.layer, token), at) {
                    needs.extend([at, other]);
                }
            }
        }
        for (number, at) in needs.into_iter().enumerate() {
            self.marks[at].number = Some(number + 1);
        }
    }

    /// The address of the row that an annotation begins in.
    pub(super) fn address(&self, mark: usize) -> String {
        let (sentence, token) = self.places[self.marks[mark].tokens.first().copied().unwrap_or(0)];
        let part = if self.author == Some(mark) { ".1" } else { "" };
        format!("{sentence}-{token}{part}")
    }
}

/// Whether an attribute is told by the name of its layer.
fn is_said(layer: &SmolStr, name: &str, value: &Value) -> bool {
    name == uima::LAYER && value.as_text() == Some(layer)
}
