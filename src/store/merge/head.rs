//! What a layer says besides its annotations, merged.
//!
//! Status, schema, the article's note and each of its attributes are things of their own, whose other versions stand
//! in the head's `conflict` as (field, value). Comments and decisions have no such place: of two versions of one, the
//! second becomes a comment or decision beside it, whose id is made of the first's and of what it says.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use smol_str::{SmolStr, format_smolstr};

use super::versions::{Versioned, field, is_new_conflict, merge_one};
use super::{Conflict, ConflictOn};
use crate::article::sha256_hex;
use crate::model::{Comment, CommentTarget, Decision, Head, Id, Rejected, SchemaRef, Status};
use crate::store::sidecar::{value_as_written, value_from_written};

/// What an attribute of the article is called in `conflict`.
const ATTRIBUTE: &str = "document.attributes.";

/// A field of the head with the values that are kept beside it, as the file writes them.
#[derive(Clone, Debug, PartialEq)]
struct Field {
    name: SmolStr,
    value: SmolStr,
    others: Vec<SmolStr>,
}

impl Versioned for Field {
    fn versions(&self) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for value in std::iter::once(&self.value).chain(&self.others) {
            if !all.iter().any(|known| known.value == *value) {
                all.push(Self { name: self.name.clone(), value: value.clone(), others: Vec::new() });
            }
        }
        all
    }

    fn with_others(mut self, others: Vec<Self>) -> Self {
        self.others = others.into_iter().map(|other| other.value).collect();
        self
    }

    /// The less finished status first: nobody is told that an article is done while that is in doubt.
    fn order(&self, other: &Self) -> Ordering {
        let rank = |field: &Self| Status::from_id(&field.value).filter(|_| field.name == "status");
        (rank(self), &self.value).cmp(&(rank(other), &other.value))
    }

    fn by_field(_: Option<&Self>, one: &Self, other: &Self) -> Option<Self> {
        // "Never worked on" says nothing against what the other side says.
        let unsaid = |field: &Self| field.name == "status" && field.value == Status::New.id();
        if unsaid(one) {
            return Some(other.clone());
        }
        if unsaid(other) {
            return Some(one.clone());
        }
        // Of two versions of one schema the newer: it reads what was made with the older.
        let version = |field: &Self| {
            let (id, version) = field.value.rsplit_once(' ').filter(|_| field.name == "schema")?;
            Some((SmolStr::new(id), version.parse::<u32>().ok()?))
        };
        let ((id, first), (same, second)) = (version(one)?, version(other)?);
        (id == same).then(|| if first < second { other.clone() } else { one.clone() })
    }
}

/// The fields of a head that have a value, by name.
fn fields(head: &Head) -> BTreeMap<SmolStr, Field> {
    let schema = format_smolstr!("{} {}", head.schema.id, head.schema.version);
    let mut values = vec![("status".into(), head.status.id().into()), ("schema".into(), schema)];
    if !head.document_note.is_empty() {
        values.push(("document.note".into(), SmolStr::new(&head.document_note)));
    }
    let attribute = |name: &SmolStr| format_smolstr!("{ATTRIBUTE}{name}");
    values.extend(head.document.iter().map(|(name, value)| (attribute(name), value_as_written(value).into())));
    let others = |name: &SmolStr| {
        head.conflict.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    };
    values.into_iter().map(|(name, value)| (name.clone(), Field { others: others(&name), value, name })).collect()
}

/// Both heads as one. The second list is what they disagree in for the first time.
pub(super) fn merge(base: Option<&Head>, ours: &Head, theirs: &Head) -> (Head, Vec<Conflict>) {
    let mut conflicts = Vec::new();
    if let Some(head) = base.map_or_else(|| (ours == theirs).then(|| ours.clone()), |base| field(base, ours, theirs)) {
        return (head, conflicts);
    }
    let mut head = Head::new(ours.annotator.clone().min(theirs.annotator.clone()), ours.schema.clone());
    let sides = [ours, theirs];
    let before = base.map(fields).unwrap_or_default();
    let [mine, yours] = sides.map(fields);
    let names: BTreeSet<&SmolStr> = mine.keys().chain(yours.keys()).collect();
    for name in names {
        let (one, other) = (mine.get(name), yours.get(name));
        let Some(merged) = merge_one(before.get(name), one, other) else { continue };
        if is_new_conflict(&merged, one, other) {
            conflicts.push(Conflict { on: ConflictOn::Field, id: name.clone() });
        }
        let said = if one.is_some_and(|one| one.value == merged.value) { ours } else { theirs };
        set(&mut head, name, said);
        head.conflict.extend(merged.others.into_iter().map(|value| (name.clone(), value)));
    }
    head.conflict.extend(loose(base, ours, theirs));
    let none = Vec::new();
    let comments = merge_list(base.map_or(&none, |head| &head.comments), &ours.comments, &theirs.comments);
    head.comments = comments.things;
    let none = Vec::new();
    let decisions = merge_list(base.map_or(&none, |head| &head.decisions), &ours.decisions, &theirs.decisions);
    head.decisions = decisions.things;
    let on = |on: ConflictOn| move |id: Id| Conflict { on, id };
    conflicts.extend(comments.twice.into_iter().map(on(ConflictOn::Comment)));
    conflicts.extend(decisions.twice.into_iter().map(on(ConflictOn::Decision)));
    let none = Vec::new();
    head.rejected = merge_rejected(base.map_or(&none, |head| &head.rejected), &ours.rejected, &theirs.rejected);
    (head, conflicts)
}

/// Takes a field's value from the side that has it.
fn set(head: &mut Head, name: &SmolStr, said: &Head) {
    match name.as_str() {
        "status" => head.status = said.status,
        "schema" => head.schema.clone_from(&said.schema),
        "document.note" => head.document_note.clone_from(&said.document_note),
        _ => {
            let name = name.strip_prefix(ATTRIBUTE).unwrap_or(name);
            head.document.set(name, said.document.get(name).cloned());
        }
    }
}

/// The head with a field settled: its value stays, or another that was kept beside it takes its place. None when that
/// cannot be read.
pub fn settle_field(head: &Head, name: &str, value: Option<&str>) -> Option<Head> {
    let mut settled = head.clone();
    if let Some(value) = value {
        match name {
            "status" => settled.status = Status::from_id(value)?,
            "schema" => {
                let (id, version) = value.rsplit_once(' ')?;
                settled.schema = SchemaRef { id: id.into(), version: version.parse().ok()? };
            }
            "document.note" => value.clone_into(&mut settled.document_note),
            _ => settled.document.set(name.strip_prefix(ATTRIBUTE)?, Some(value_from_written(value)?)),
        }
    }
    settled.conflict.retain(|(field, _)| field != name);
    Some(settled)
}

/// Kept values of fields that have no value now, or that this version does not know.
fn loose(base: Option<&Head>, ours: &Head, theirs: &Head) -> BTreeSet<(SmolStr, SmolStr)> {
    let of = |head: &Head| -> BTreeSet<(SmolStr, SmolStr)> {
        let known = fields(head);
        head.conflict.iter().filter(|(field, _)| !known.contains_key(field)).cloned().collect()
    };
    merge_sets(&base.map(of).unwrap_or_default(), &of(ours), &of(theirs))
}

fn merge_sets<T: Ord + Clone>(base: &BTreeSet<T>, one: &BTreeSet<T>, other: &BTreeSet<T>) -> BTreeSet<T> {
    let stays = |thing: &&T| (one.contains(thing) && other.contains(thing)) || !base.contains(thing);
    one.union(other).filter(stays).cloned().collect()
}

fn merge_rejected(base: &[Rejected], one: &[Rejected], other: &[Rejected]) -> Vec<Rejected> {
    if let Some(unchanged) = field(&base, &one, &other) {
        return unchanged.to_vec();
    }
    let key = |r: &Rejected| (r.rule.clone(), r.label.clone(), r.text.clone());
    let set = |list: &[Rejected]| list.iter().map(key).collect::<BTreeSet<_>>();
    let mut left = merge_sets(&set(base), &set(one), &set(other));
    let old: Vec<_> = base.iter().map(key).filter(|thing| left.remove(thing)).collect();
    let all = old.into_iter().chain(left);
    all.map(|(rule, label, text)| Rejected { rule, label, text }).collect()
}

/// A comment or a decision.
trait Remark: Clone + PartialEq + std::fmt::Debug {
    fn id(&self) -> &Id;
    fn set_id(&mut self, id: Id);
    fn made(&self) -> Option<&SmolStr>;
    /// What it cannot be understood without.
    fn needs(&self) -> Option<&Id>;
}

impl Remark for Comment {
    fn id(&self) -> &Id {
        &self.id
    }
    fn set_id(&mut self, id: Id) {
        self.id = id;
    }
    fn made(&self) -> Option<&SmolStr> {
        self.made.as_ref()
    }
    fn needs(&self) -> Option<&Id> {
        self.reply_to.as_ref()
    }
}

impl Remark for Decision {
    fn id(&self) -> &Id {
        &self.id
    }
    fn set_id(&mut self, id: Id) {
        self.id = id;
    }
    fn made(&self) -> Option<&SmolStr> {
        self.made.as_ref()
    }
    fn needs(&self) -> Option<&Id> {
        None
    }
}

struct List<T> {
    things: Vec<T>,
    /// Ids of which there are two versions now.
    twice: Vec<Id>,
}

/// Comments or decisions by id: first those of the base in its order, then by time and id.
fn merge_list<T: Remark>(base: &[T], one: &[T], other: &[T]) -> List<T> {
    if let Some(unchanged) = field(&base, &one, &other) {
        return List { things: unchanged.to_vec(), twice: Vec::new() };
    }
    let by_id = |list: &[T]| list.iter().map(|thing| (thing.id().clone(), thing.clone())).collect::<BTreeMap<_, _>>();
    let (before, mine, yours) = (by_id(base), by_id(one), by_id(other));
    let (mut kept, mut seconds): (BTreeMap<Id, T>, Vec<T>) = (BTreeMap::new(), Vec::new());
    for id in mine.keys().chain(yours.keys()).collect::<BTreeSet<_>>() {
        let was = before.get(id);
        match (mine.get(id), yours.get(id)) {
            (Some(one), Some(other)) => {
                let (first, second) = if one == other || was == Some(other) {
                    (one, None)
                } else if was == Some(one) {
                    (other, None)
                } else if content(one) <= content(other) {
                    (one, Some(other))
                } else {
                    (other, Some(one))
                };
                kept.insert(id.clone(), first.clone());
                seconds.extend(second.cloned());
            }
            (Some(thing), None) | (None, Some(thing)) if was != Some(thing) => {
                kept.insert(id.clone(), thing.clone());
            }
            _ => {}
        }
    }
    let mut twice = Vec::new();
    for mut second in seconds {
        let id = format_smolstr!("{}-{}", second.id(), &sha256_hex(content(&second).as_bytes())[..6]);
        if !mine.contains_key(&id) && !yours.contains_key(&id) {
            twice.push(second.id().clone());
            second.set_id(id.clone());
            kept.entry(id).or_insert(second);
        }
    }
    let mut open: Vec<Id> = kept.values().filter_map(|thing| thing.needs().cloned()).collect();
    while let Some(id) = open.pop() {
        if let Some(needed) = mine.get(&id).or(yours.get(&id)).filter(|_| !kept.contains_key(&id)) {
            open.extend(needed.needs().cloned());
            kept.insert(id, needed.clone());
        }
    }
    let mut things: Vec<T> = base.iter().filter_map(|thing| kept.remove(thing.id())).collect();
    let mut new: Vec<T> = kept.into_values().collect();
    new.sort_by(|a, b| (a.made(), a.id()).cmp(&(b.made(), b.id())));
    things.extend(new);
    List { things, twice }
}

/// What a remark says, as text: only to choose between two and to make an id of.
fn content<T: Remark>(thing: &T) -> String {
    format!("{thing:?}")
}

/// Remarks on annotations of this layer lead to the ids that stayed.
pub(super) fn follow(head: &mut Head, gone: &BTreeMap<Id, Id>) {
    if gone.is_empty() {
        return;
    }
    let owner = head.annotator.clone();
    let go = |id: &mut Id| {
        if let Some(kept) = gone.get(id) {
            *id = kept.clone();
        }
    };
    for comment in &mut head.comments {
        if let Some(CommentTarget::Annotation(annotator, id)) = &mut comment.on
            && *annotator == owner
        {
            go(id);
        }
    }
    for decision in &mut head.decisions {
        if let Some(id) = &mut decision.result {
            go(id);
        }
        decision.sources.iter_mut().filter(|(annotator, _)| *annotator == owner).for_each(|(_, id)| go(id));
    }
}
