//! From a layer to a CAS: a structure for each annotation and relation, tokens and sentences, and what only Pressmark has.
//!
//! A mark in several pieces stands from its first piece to its last, and links its pieces. A relation to the article's
//! author leads to an empty annotation at the start of the text.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value as Json, json};
use smol_str::{SmolStr, format_smolstr};

use super::model::{Cas, Feature, Fs, View};
use crate::formats::uima::declare::{Declared, ID_RANGES};
use crate::formats::uima::plan::{Plan, Shape, Use};
use crate::formats::uima::types::{Range, STRING, Types};
use crate::formats::uima::{self, ARTICLE, AUTHOR_LAYER, Layers, METADATA, METADATA_KEPT, Named, PIECE, Slot, slot};
use crate::formats::{Document, Done, Kind, Losses, Met, tokens};
use crate::model::{AUTHOR, Annotation, Attributes, Id, Relation, Schema, Value};
use crate::text::{OffsetIndex, OffsetWalk};

/// Makes CAS of layers.
pub(super) struct Maker {
    schema: Schema,
    layers: Layers,
    /// Whether XML will hold it, which cannot hold controls.
    xml: bool,
}

impl Maker {
    pub fn new(schema: &Schema, xml: bool) -> Self {
        Self { schema: schema.clone(), layers: Layers::new(schema), xml }
    }

    /// The types of a dataset: what the schema has, and what was met.
    pub fn types(&self, met: &Met) -> Types {
        let mut declared = Declared::default();
        declared.schema(&self.schema, &self.layers);
        declared.met(met);
        declared.types
    }

    /// The CAS of a layer.
    pub fn cas(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Cas {
        met.note(&document.layer);
        let mut making = Making {
            maker: self,
            document,
            index: OffsetIndex::new(&document.text),
            losses,
            declared: Declared::default(),
            cas: Cas::default(),
            next: 1,
            named: Named::default(),
            plan: Plan::default(),
            ranges: ranges(document.layer.head().document.text(uima::RANGES).unwrap_or_default()),
            author: None,
        };
        making.all();
        making.declared.note(met);
        making.cas.types = making.declared.types;
        making.cas
    }
}

/// Which numbers are of another kind than `Double`.
fn ranges(said: &str) -> HashMap<String, SmolStr> {
    let lines = said.lines().filter_map(|line| line.split_once(' '));
    lines.filter(|(_, range)| uima::NUMBERS.contains(range)).map(|(at, range)| (at.to_owned(), range.into())).collect()
}

/// One CAS that is being made.
struct Making<'a> {
    maker: &'a Maker,
    document: &'a Document,
    index: OffsetIndex,
    losses: &'a mut Losses,
    declared: Declared,
    cas: Cas,
    next: u64,
    named: Named,
    plan: Plan,
    ranges: HashMap<String, SmolStr>,
    author: Option<u64>,
}

/// What an annotation has that leads to others: feature, value, what it takes.
type Leads = Vec<(SmolStr, Feature, Range)>;

impl<'a> Making<'a> {
    fn lose(&mut self, kind: Kind, done: Done, id: &str) {
        self.losses.add(kind, done, &self.document.file, id);
    }

    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// An offset of the text in UTF-16 units.
    fn offset(&self, byte: u32) -> u64 {
        self.index.utf16_from_byte(&self.document.text, byte as usize).0
    }

    /// A text as the codec takes it; what it has no place for is counted.
    fn text(&mut self, text: &str, kind: Kind, id: &str) -> Feature {
        if self.maker.xml && text.contains(super::is_no_xml) {
            self.lose(kind, Done::Dropped, id);
            return Feature::Text(text.replace(super::is_no_xml, "\u{fffd}"));
        }
        Feature::Text(text.to_owned())
    }

    /// Adds a structure, indexed where it has a place in the text or is about it as a whole.
    fn add(&mut self, fs: Fs) {
        debug_assert!(
            fs.features.iter().map(|(name, _)| name).collect::<HashSet<_>>().len() == fs.features.len(),
            "a feature stands once"
        );
        if fs.sofa.is_some() {
            self.cas.views[0].members.push(fs.id);
        }
        self.cas.structures.push(fs);
    }

    fn all(&mut self) {
        let sofa = self.id();
        let text =
            if self.maker.xml { self.document.text.replace(super::is_no_xml, " ") } else { self.document.text.clone() };
        let features = vec![
            ("sofaNum".into(), Feature::Number(1.0)),
            ("sofaID".into(), Feature::Text("_InitialView".to_owned())),
            ("mimeType".into(), Feature::Text("text".to_owned())),
            ("sofaString".into(), Feature::Text(text)),
        ];
        self.cas.structures.push(Fs { id: sofa, kind: super::model::SOFA.into(), features, ..Fs::default() });
        self.cas.views.push(View { sofa, members: Vec::new() });
        let marks: Vec<(&Annotation, SmolStr)> = self.marks();
        let relations: Vec<(&Relation, SmolStr)> = self.relations();
        self.plan = Plan::new(self.uses(&marks, &relations));
        self.article();
        self.tokens(&marks);
        let mut ids: HashMap<&Id, u64> = HashMap::new();
        for (annotation, _) in &marks {
            let id = self.id();
            ids.insert(&annotation.id, id);
        }
        let mut slots = self.slots(&relations, &ids);
        for (annotation, layer) in &marks {
            self.mark(annotation, layer, ids[&annotation.id], slots.remove(&ids[&annotation.id]).unwrap_or_default());
        }
        for (relation, layer) in relations {
            if slot(&relation.attributes).is_none() {
                self.relation(relation, &layer, &ids);
            }
        }
    }

    /// The annotations that have a place, with their layers.
    fn marks(&mut self) -> Vec<(&'a Annotation, SmolStr)> {
        let mut marks = Vec::new();
        for annotation in self.document.layer.annotations() {
            if annotation.orphan().is_some() {
                self.lose(Kind::Orphan, Done::Dropped, &annotation.id);
                continue;
            }
            let wanted = self.maker.layers.label(&annotation.label);
            let layer = self.layer(false, &annotation.label, &annotation.attributes, wanted, &annotation.id);
            marks.push((annotation, layer));
        }
        marks
    }

    /// The relations, with their layers.
    fn relations(&mut self) -> Vec<(&'a Relation, SmolStr)> {
        let mut relations = Vec::new();
        for relation in self.document.layer.relations() {
            let layer = if let Some(slot) = slot(&relation.attributes) {
                slot.of.into()
            } else {
                let wanted = self.maker.layers.relation(&relation.label);
                self.layer(true, &relation.label, &relation.attributes, wanted, &relation.id)
            };
            relations.push((relation, layer));
        }
        relations
    }

    /// The name of a layer; that the one which was kept is no longer that of the label is counted.
    fn layer(
        &mut self,
        relation: bool,
        label: &SmolStr,
        attributes: &Attributes,
        wanted: SmolStr,
        id: &str,
    ) -> SmolStr {
        let kept = attributes.text(uima::LAYER);
        let (layer, is_kept) = self.named.take(relation, label, kept, wanted);
        if kept.is_some() && !is_kept {
            self.lose(if relation { Kind::RelationAttribute } else { Kind::Attribute }, Done::Dropped, id);
        }
        layer
    }

    /// Which attributes with what values each layer has.
    fn uses(&self, marks: &[(&Annotation, SmolStr)], relations: &[(&Relation, SmolStr)]) -> BTreeSet<Use> {
        let mut uses = BTreeSet::new();
        let mut add = |layer: &SmolStr, span: bool, attributes: &Attributes| {
            for (name, value) in attributes.iter().filter(|(name, _)| !is_special(name)) {
                uses.insert(Use::new(layer, span, name, Shape::of(value), value));
            }
        };
        for (annotation, layer) in marks {
            add(layer, true, &annotation.attributes);
        }
        for (relation, layer) in relations {
            if slot(&relation.attributes).is_none_or(|slot| slot.kind == "link") {
                add(layer, false, &relation.attributes);
            }
        }
        add(&ARTICLE.into(), false, &self.document.layer.head().document);
        uses
    }

    /// The values of attributes.
    fn attributes(
        &mut self,
        layer: &SmolStr,
        attributes: &Attributes,
        kind: Kind,
        id: &str,
    ) -> Vec<(SmolStr, Feature)> {
        let mut features = Vec::new();
        for (name, value) in attributes.iter().filter(|(name, _)| !is_special(name)) {
            let shape = Shape::of(value);
            let feature = self.plan.feature(layer, name, shape);
            let mut range = shape.range();
            let value = match value {
                Value::Text(text) => self.text(text, kind, id),
                Value::Bool(value) => Feature::Flag(*value),
                Value::Number(number) => {
                    if let Some(other) = self.ranges.get(&format!("{layer}:{feature}")) {
                        range = Range::of(other);
                    }
                    Feature::Number(*number)
                }
                Value::Many(values) => {
                    let texts = values.iter().map(|value| match self.text(value, kind, id) {
                        Feature::Text(text) => text,
                        _ => String::new(),
                    });
                    Feature::Texts(texts.collect())
                }
            };
            self.declared.feature(layer, &feature, &range);
            features.push((feature, value));
        }
        features
    }

    /// What the article has, and what names stand for.
    fn article(&mut self) {
        let Document { file, text, layer } = self.document;
        let head = layer.head();
        let end = self.offset(text.len() as u32);
        let id = self.id();
        self.declared.metadata();
        let mut features = vec![
            ("documentTitle".into(), Feature::Text(file.clone())),
            ("documentId".into(), Feature::Text(file.clone())),
            ("language".into(), Feature::Text("x-unspecified".to_owned())),
        ];
        for name in METADATA_KEPT {
            if let Some(kept) = head.document.text(&format!("cas:{name}")) {
                let kept = self.text(kept, Kind::ArticleAttribute, name);
                features.retain(|(known, _)| known != name);
                features.push(((*name).into(), kept));
            }
        }
        let sofa = Some(self.cas.views[0].sofa);
        self.add(Fs { id, kind: METADATA.into(), sofa, place: Some((0, end)), features, ..Fs::default() });

        let article: SmolStr = ARTICLE.into();
        self.declared.article();
        let mut features: Vec<(SmolStr, Feature)> = vec![("article".into(), Feature::Text(file.clone()))];
        if !head.annotator.is_empty() {
            features.push(("annotator".into(), self.text(&head.annotator, Kind::ArticleAttribute, "annotator")));
        }
        if !head.document_note.is_empty() {
            features.push((uima::NOTE.into(), self.text(&head.document_note, Kind::ArticleNote, "")));
        }
        let names = self.names();
        if !names.is_empty() {
            let mut bytes = Vec::new();
            crate::formats::write_ascii(&mut bytes, &names).expect("memory takes it");
            features.push(("names".into(), Feature::Text(String::from_utf8_lossy(&bytes).into_owned())));
        }
        let controls = if self.maker.xml { super::controls(text) } else { String::new() };
        if !controls.is_empty() {
            features.push(("controls".into(), Feature::Text(controls)));
        }
        features.extend(self.attributes(&article, &head.document, Kind::ArticleAttribute, ""));
        let id = self.id();
        self.add(Fs { id, kind: article, sofa, features, ..Fs::default() });
        uima::count_discussion(self.document, self.losses);
    }

    /// What the names of layers and features stand for, where they do not say it themselves.
    fn names(&self) -> Map<String, Json> {
        let mut names: BTreeMap<String, Json> = BTreeMap::new();
        names.extend(self.named.told().map(|(layer, label)| (layer.to_string(), label.as_str().into())));
        names.extend(self.plan.told().map(|(at, attribute, shape)| (at, json!([attribute, shape]))));
        names.into_iter().collect()
    }

    /// Tokens that end where annotations do, and sentences. What is a token for an annotator is not there twice.
    fn tokens(&mut self, marks: &[(&Annotation, SmolStr)]) {
        let spans = marks.iter().flat_map(|(annotation, _)| annotation.spans.iter());
        let cuts: Vec<u32> = spans.flat_map(|span| [span.start(), span.end()]).collect();
        let there = |layer: &str| -> HashSet<(u32, u32)> {
            let own = marks.iter().filter(|(_, kind)| kind == layer).filter_map(|(annotation, _)| annotation.hull());
            own.map(|hull| (hull.start(), hull.end())).collect()
        };
        let (words, whole) = (there(uima::TOKEN), there(uima::SENTENCE));
        let (mut places, mut sentences) = (Vec::new(), Vec::<(u32, u32)>::new());
        for token in tokens(&self.document.text, &cuts, &[], false).into_iter().filter(|it| !it.blank) {
            match sentences.last_mut() {
                Some(last) if !token.sentence => last.1 = token.end,
                _ => sentences.push((token.start, token.end)),
            }
            if !words.contains(&(token.start, token.end)) {
                places.push((token.start, token.end));
            }
        }
        sentences.retain(|place| !whole.contains(place));
        for (layer, places) in [(uima::SENTENCE, sentences), (uima::TOKEN, places)] {
            self.declared.layer(layer);
            let kind: SmolStr = layer.into();
            let sofa = Some(self.cas.views[0].sofa);
            let mut walk = OffsetWalk::new(&self.document.text);
            let mut offset = |byte: u32| walk.utf16_from_byte(byte as usize).0;
            for (start, end) in places {
                let (id, place) = (self.id(), Some((offset(start), offset(end))));
                self.add(Fs { id, kind: kind.clone(), sofa, place, ..Fs::default() });
            }
        }
    }

    /// Relations that are features of annotations, by the structure that has them.
    fn slots(&mut self, relations: &[(&'a Relation, SmolStr)], ids: &HashMap<&Id, u64>) -> HashMap<u64, Leads> {
        let mut slots: HashMap<u64, Leads> = HashMap::new();
        for (relation, layer) in relations {
            let Some(slot) = slot(&relation.attributes) else { continue };
            let (Some(&from), Some(to)) = (ids.get(&relation.from), self.end(&relation.to, ids)) else {
                self.lose(Kind::Relation, Done::Dropped, &relation.id);
                continue;
            };
            if slot.kind != "link" {
                let lost = relation.attributes.len() - 1 + usize::from(!relation.note().is_empty());
                (0..lost).for_each(|_| self.lose(Kind::RelationAttribute, Done::Dropped, &relation.id));
            }
            self.rest(relation);
            let (value, range) = match slot.kind {
                "link" => (Feature::Many(vec![self.link(relation, layer, &slot, to)]), Range::list(slot.of)),
                "list" => (Feature::Many(vec![to]), Range::list(slot.of)),
                _ => (Feature::One(to), Range::of(slot.of)),
            };
            if slot.kind != "link" {
                self.declared.layer(slot.of);
            }
            let features = slots.entry(from).or_default();
            match (features.iter_mut().find(|(name, ..)| name == slot.feature).map(|(_, value, _)| value), value) {
                (Some(Feature::Many(all)), Feature::Many(more)) => all.extend(more),
                (Some(_), _) => self.lose(Kind::Relation, Done::Dropped, &relation.id),
                (None, value) => features.push((slot.feature.into(), value, range)),
            }
        }
        slots
    }

    /// A link of a slot.
    fn link(&mut self, relation: &Relation, layer: &SmolStr, slot: &Slot<'_>, to: u64) -> u64 {
        self.declared.layer(slot.target);
        self.declared.link(layer, slot.target);
        let mut features = vec![("target".into(), Feature::One(to))];
        if relation.label != slot.feature {
            features.push(("role".into(), self.text(&relation.label, Kind::RelationAttribute, &relation.id)));
        }
        features.extend(self.details(layer, &relation.id, relation.note(), false));
        features.extend(self.attributes(layer, &relation.attributes, Kind::RelationAttribute, &relation.id));
        let id = self.id();
        self.add(Fs { id, kind: layer.clone(), features, ..Fs::default() });
        id
    }

    /// Id, note and flag.
    fn details(&mut self, layer: &SmolStr, id: &str, note: &str, unsure: bool) -> Vec<(SmolStr, Feature)> {
        let mut features: Vec<(SmolStr, Feature)> = vec![(uima::ID.into(), self.text(id, Kind::Attribute, id))];
        if !note.is_empty() {
            features.push((uima::NOTE.into(), self.text(note, Kind::Note, id)));
        }
        if unsure {
            features.push((uima::UNSURE.into(), Feature::Flag(true)));
        }
        for (name, _) in &features {
            let range = ID_RANGES.iter().find(|(known, _)| name == known).map_or(STRING, |(_, range)| *range);
            self.declared.feature(layer, name, &Range::of(range));
        }
        features
    }

    fn mark(&mut self, annotation: &Annotation, layer: &SmolStr, id: u64, slots: Leads) {
        self.declared.layer(layer);
        let sofa = Some(self.cas.views[0].sofa);
        let mut features = self.details(layer, &annotation.id, annotation.note(), annotation.unsure());
        features.extend(self.attributes(layer, &annotation.attributes, Kind::Attribute, &annotation.id));
        if annotation.spans.len() > 1 {
            self.lose(Kind::Discontinuous, Done::Kept, &annotation.id);
            let link: SmolStr = format_smolstr!("{layer}PiecesLink");
            self.declared.pieces(layer, &link);
            let mut links = Vec::new();
            for (number, span) in annotation.spans.iter().enumerate() {
                let (piece, place) = (self.id(), Some((self.offset(span.start()), self.offset(span.end()))));
                self.add(Fs { id: piece, kind: PIECE.into(), sofa, place, ..Fs::default() });
                let role = Feature::Text((number + 1).to_string());
                let features = vec![("role".into(), role), ("target".into(), Feature::One(piece))];
                let id = self.id();
                self.add(Fs { id, kind: link.clone(), features, ..Fs::default() });
                links.push(id);
            }
            features.push((uima::PIECES.into(), Feature::Many(links)));
        }
        for (name, value, range) in slots {
            self.declared.feature(layer, &name, &range);
            let before = features.len();
            features.retain(|(other, _)| *other != name);
            (features.len()..before).for_each(|_| self.lose(Kind::Attribute, Done::Dropped, &annotation.id));
            features.push((name, value));
        }
        if let Some(extra) = &annotation.extra {
            for _ in &extra.conflict {
                self.lose(Kind::OtherVersion, Done::Dropped, &annotation.id);
            }
            if extra.origin.is_some() || extra.made.is_some() {
                self.lose(Kind::Origin, Done::Dropped, &annotation.id);
            }
        }
        let place = annotation.hull().map(|hull| (self.offset(hull.start()), self.offset(hull.end())));
        self.add(Fs { id, kind: layer.clone(), sofa, place, features, ..Fs::default() });
    }

    /// The structure at the end of a relation.
    fn end(&mut self, end: &Id, ids: &HashMap<&Id, u64>) -> Option<u64> {
        if end != AUTHOR {
            return ids.get(end).copied();
        }
        if self.author.is_none() {
            let (id, sofa) = (self.id(), Some(self.cas.views[0].sofa));
            self.declared.layer(AUTHOR_LAYER);
            self.add(Fs { id, kind: AUTHOR_LAYER.into(), sofa, place: Some((0, 0)), ..Fs::default() });
            self.author = Some(id);
        }
        self.author
    }

    fn relation(&mut self, relation: &Relation, layer: &SmolStr, ids: &HashMap<&Id, u64>) {
        let (Some(&from), Some(to)) = (ids.get(&relation.from), self.end(&relation.to, ids)) else {
            return self.lose(Kind::Relation, Done::Dropped, &relation.id);
        };
        if relation.to == AUTHOR {
            self.lose(Kind::RelationToAuthor, Done::Kept, &relation.id);
        }
        self.rest(relation);
        self.declared.relation(layer);
        let mut features = vec![("Governor".into(), Feature::One(from)), ("Dependent".into(), Feature::One(to))];
        features.extend(self.details(layer, &relation.id, relation.note(), false));
        features.extend(self.attributes(layer, &relation.attributes, Kind::RelationAttribute, &relation.id));
        let hull = self.document.layer.get(&relation.to).and_then(Annotation::hull);
        let place = Some(hull.map_or((0, 0), |hull| (self.offset(hull.start()), self.offset(hull.end()))));
        let (id, sofa) = (self.id(), Some(self.cas.views[0].sofa));
        self.add(Fs { id, kind: layer.clone(), sofa, place, features, ..Fs::default() });
    }

    /// Counts what a relation has that a CAS has no place for.
    fn rest(&mut self, relation: &Relation) {
        let Some(extra) = &relation.extra else { return };
        for _ in &extra.conflict {
            self.lose(Kind::OtherVersion, Done::Dropped, &relation.id);
        }
        if extra.made.is_some() {
            self.lose(Kind::Origin, Done::Dropped, &relation.id);
        }
    }
}

/// Whether an attribute is told otherwise than by a feature of its own.
fn is_special(name: &str) -> bool {
    matches!(name, uima::LAYER | uima::SLOT | uima::RANGES)
        || name.strip_prefix("cas:").is_some_and(|name| METADATA_KEPT.contains(&name))
}
