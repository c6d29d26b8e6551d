//! A layer: all that one annotator said about one article.
//!
//! Annotations stand in slots that do not move, found by id, by place and in reading order, so that an edit costs the
//! same in a layer of 25 as in one of 100,000. Only `edit` changes a layer; `Layer::from_parts` builds one.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::order::{Order, Place};
use super::{Annotation, Attributes, Comment, Decision, Id, IntervalIndex, Rejected, Relation, Span};

/// The annotator of the layer that a reviewer settled.
pub const GOLD: &str = "gold";

/// How far an annotator is with an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Never worked on.
    #[default]
    New,
    /// Begun.
    InProgress,
    /// Finished: what is not marked was looked at and left.
    Done,
    /// Put aside on purpose.
    Skipped,
}

impl Status {
    /// All of them, in the order of work.
    pub const ALL: [Self; 4] = [Self::New, Self::InProgress, Self::Done, Self::Skipped];

    /// As sidecars write it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in-progress",
            Self::Done => "done",
            Self::Skipped => "skipped",
        }
    }

    /// The status that a sidecar names.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.id() == id)
    }
}

/// Which schema a layer was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaRef {
    /// The schema's id.
    pub id: SmolStr,
    /// Its version.
    pub version: u32,
}

/// What a layer says besides its annotations.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Whose layer it is.
    pub annotator: SmolStr,
    /// How far its annotator is.
    pub status: Status,
    /// The schema that it was made with.
    pub schema: SchemaRef,
    /// Attributes of the article itself, such as topic or language.
    pub document: Attributes,
    /// A note on the article itself; empty for none.
    pub document_note: String,
    /// Comments on the article or on spans, own and answered.
    pub comments: Vec<Comment>,
    /// Suggestions that the annotator turned down.
    pub rejected: Vec<Rejected>,
    /// In a gold layer: what was decided, and from what.
    pub decisions: Vec<Decision>,
    /// Other versions of head fields that a merge kept: field name and value as written.
    pub conflict: Vec<(SmolStr, SmolStr)>,
}

impl Head {
    /// The head of a layer that nobody has worked on.
    pub fn new(annotator: impl Into<SmolStr>, schema: SchemaRef) -> Self {
        Self {
            annotator: annotator.into(),
            status: Status::New,
            schema,
            document: Attributes::default(),
            document_note: String::new(),
            comments: Vec::new(),
            rejected: Vec::new(),
            decisions: Vec::new(),
            conflict: Vec::new(),
        }
    }
}

/// What `Layer::from_parts` could not take as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartsError {
    /// Two annotations or relations have this id.
    DuplicateId(Id),
    /// A relation leads to or from an annotation that is not there.
    RelationToNowhere {
        /// The relation.
        relation: Id,
        /// The end that is missing.
        end: Id,
    },
}

/// All that one annotator said about one article.
#[derive(Clone, Debug)]
pub struct Layer {
    head: Head,
    slots: Vec<Option<Annotation>>,
    free: Vec<u32>,
    /// Slots by the ids that stand in them: a key of its own would cost an annotation 24 bytes more.
    by_id: HashTable<u32>,
    hasher: RandomState,
    /// Slots in reading order: by start, end, id; orphans last.
    order: Order,
    index: IntervalIndex,
    relations: HashMap<Id, Relation>,
    links: HashMap<Id, SmallVec<[Id; 2]>>,
    revision: u64,
}

impl Layer {
    /// A layer with nothing in it.
    pub fn new(head: Head) -> Self {
        Self {
            head,
            slots: Vec::new(),
            free: Vec::new(),
            by_id: HashTable::new(),
            hasher: RandomState::new(),
            order: Order::default(),
            index: IntervalIndex::default(),
            relations: HashMap::new(),
            links: HashMap::new(),
            revision: 0,
        }
    }

    /// A layer from what a file or a generator gives, in any order.
    pub fn from_parts(head: Head, annotations: Vec<Annotation>, relations: Vec<Relation>) -> Result<Self, PartsError> {
        let mut layer = Self::new(head);
        layer.slots.reserve_exact(annotations.len());
        for annotation in annotations {
            let slot = layer.slots.len() as u32;
            if layer.slot(&annotation.id).is_some() {
                return Err(PartsError::DuplicateId(annotation.id));
            }
            for &span in &annotation.spans {
                layer.index.insert(span, slot);
            }
            layer.slots.push(Some(annotation));
            layer.name(slot);
        }
        layer.index.shrink();
        let mut order: Vec<u32> = (0..layer.slots.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| layer.key(a).cmp(&layer.key(b)));
        let order: Vec<(u32, u32)> = order.into_iter().map(|slot| (layer.key(slot).0, slot)).collect();
        layer.order = Order::from_sorted(&order);
        for relation in relations {
            if layer.slot(&relation.id).is_some() || layer.relations.contains_key(&relation.id) {
                return Err(PartsError::DuplicateId(relation.id));
            }
            for end in [&relation.from, &relation.to] {
                if end != super::AUTHOR && layer.slot(end).is_none() {
                    return Err(PartsError::RelationToNowhere { relation: relation.id.clone(), end: end.clone() });
                }
            }
            layer.insert_relation(relation);
        }
        layer.revision = 0;
        Ok(layer)
    }

    /// Grows with every change; what is derived from a layer is kept by it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the layer says besides its annotations.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// How many annotations there are, orphans included.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no annotation.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The annotation with this id.
    pub fn get(&self, id: &str) -> Option<&Annotation> {
        self.slot(id).and_then(|slot| self.slots[slot as usize].as_ref())
    }

    /// The annotation at a place in reading order.
    pub fn nth(&self, at: usize) -> Option<&Annotation> {
        self.order.nth(at).and_then(|slot| self.slots[slot as usize].as_ref())
    }

    /// An annotation's place in reading order.
    pub fn position(&self, id: &str) -> Option<usize> {
        let slot = self.slot(id)?;
        Some(self.order.rank(self.place(slot)))
    }

    /// How many annotations start before this byte.
    pub fn count_before(&self, byte: u32) -> usize {
        self.order.rank(self.order.find(byte, |_| false))
    }

    /// All annotations in reading order (by start, end, id; orphans last).
    pub fn annotations(&self) -> impl DoubleEndedIterator<Item = &Annotation> + ExactSizeIterator {
        self.order.iter().map(|slot| self.held(slot))
    }

    /// The annotations with a fragment that shares a byte with `span` (at a caret: that touches it), in reading order.
    pub fn overlapping(&self, span: Span) -> Vec<&Annotation> {
        let mut slots: SmallVec<[u32; 32]> = SmallVec::new();
        self.index.each(span, |_, slot| slots.push(slot));
        slots.sort_unstable_by(|&a, &b| self.key(a).cmp(&self.key(b)));
        slots.dedup();
        slots.iter().filter_map(|&slot| self.slots[slot as usize].as_ref()).collect()
    }

    /// How many relations there are.
    pub fn relation_count(&self) -> usize {
        self.relations.len()
    }

    /// The relation with this id.
    pub fn relation(&self, id: &str) -> Option<&Relation> {
        self.relations.get(id)
    }

    /// All relations, sorted by id.
    pub fn relations(&self) -> Vec<&Relation> {
        let mut all: Vec<&Relation> = self.relations.values().collect();
        all.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        all
    }

    /// The relations that start from or lead to an annotation, sorted by label and id.
    pub fn relations_of(&self, id: &str) -> Vec<&Relation> {
        let mut found: Vec<&Relation> =
            self.links.get(id).into_iter().flatten().filter_map(|link| self.relations.get(link)).collect();
        found.sort_unstable_by(|a, b| (&a.label, &a.id).cmp(&(&b.label, &b.id)));
        found
    }

    /// Whether an annotation or a relation has this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.slot(id).is_some() || self.relations.contains_key(id)
    }

    fn slot(&self, id: &str) -> Option<u32> {
        let named = |&slot: &u32| self.slots[slot as usize].as_ref().is_some_and(|annotation| annotation.id == id);
        self.by_id.find(self.hasher.hash_one(id), named).copied()
    }

    /// Lets the annotation in a slot be found by its id.
    fn name(&mut self, slot: u32) {
        let (slots, hasher) = (&self.slots, &self.hasher);
        let hash = |&slot: &u32| hasher.hash_one(slots[slot as usize].as_ref().map_or("", |held| held.id.as_str()));
        self.by_id.insert_unique(hash(&slot), slot, hash);
    }

    fn held(&self, slot: u32) -> &Annotation {
        self.slots[slot as usize].as_ref().expect("the order and the index hold full slots only")
    }

    fn key(&self, slot: u32) -> (u32, u32, &str) {
        let annotation = self.held(slot);
        let hull = annotation.hull();
        (hull.map_or(u32::MAX, Span::start), hull.map_or(u32::MAX, Span::end), annotation.id.as_str())
    }

    /// Where a slot stands in reading order, or where it would.
    fn place(&self, slot: u32) -> Place {
        let key = self.key(slot);
        self.order.find(key.0, |other| self.key(other) < key)
    }

    /// Puts an annotation in, in the place of the one with its id, which it returns.
    pub(crate) fn put(&mut self, annotation: Annotation) -> Option<Annotation> {
        self.revision += 1;
        // What stays in its place, as in a relabel, leaves the order and the index alone.
        if let Some(slot) = self.slot(&annotation.id)
            && let Some(held) = &mut self.slots[slot as usize]
            && held.spans == annotation.spans
        {
            return Some(std::mem::replace(held, annotation));
        }
        let old = self.take(&annotation.id);
        let slot = self.free.pop().unwrap_or_else(|| {
            // An eighth more at a time: doubling would hold as much again for a layer that was just opened.
            if self.slots.len() == self.slots.capacity() {
                self.slots.reserve_exact(self.slots.len() / 8 + 8);
            }
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        for &span in &annotation.spans {
            self.index.insert(span, slot);
        }
        self.slots[slot as usize] = Some(annotation);
        self.name(slot);
        let (place, start) = (self.place(slot), self.key(slot).0);
        self.order.insert(place, start, slot);
        old
    }

    /// Takes an annotation out; its relations stay.
    pub(crate) fn take(&mut self, id: &str) -> Option<Annotation> {
        let slot = self.slot(id)?;
        self.revision += 1;
        self.order.remove(self.place(slot));
        if let Ok(entry) = self.by_id.find_entry(self.hasher.hash_one(id), |&other| other == slot) {
            entry.remove();
        }
        let annotation = self.slots[slot as usize].take()?;
        for &span in &annotation.spans {
            self.index.remove(span, slot);
        }
        self.free.push(slot);
        Some(annotation)
    }

    /// Puts a relation in, in the place of the one with its id, which it returns.
    pub(crate) fn insert_relation(&mut self, relation: Relation) -> Option<Relation> {
        let old = self.take_relation(&relation.id);
        self.revision += 1;
        for end in [&relation.from, &relation.to] {
            let links = self.links.entry(end.clone()).or_default();
            // It is in none by now, but for one that leads back to where it starts: looking through all would take long
            // where thousands lead to one mark, as to the author.
            if links.last() != Some(&relation.id) {
                links.push(relation.id.clone());
            }
        }
        self.relations.insert(relation.id.clone(), relation);
        old
    }

    /// Takes a relation out.
    pub(crate) fn take_relation(&mut self, id: &str) -> Option<Relation> {
        let relation = self.relations.remove(id)?;
        self.revision += 1;
        for end in [&relation.from, &relation.to] {
            if let Some(links) = self.links.get_mut(end) {
                // Where all relations of a mark go one by one, each stands near the front.
                if let Some(at) = links.iter().position(|link| link == id) {
                    links.remove(at);
                }
                if links.is_empty() {
                    self.links.remove(end);
                }
            }
        }
        Some(relation)
    }

    /// Exchanges the head, and returns the old one.
    pub(crate) fn set_head(&mut self, head: Head) -> Head {
        self.revision += 1;
        std::mem::replace(&mut self.head, head)
    }
}

/// Two layers are equal when they say the same, however they came to it.
impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head && self.annotations().eq(other.annotations()) && self.relations == other.relations
    }
}
