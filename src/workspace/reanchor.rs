//! What becomes of a layer when its article was edited: a plan that a person, or a command, goes through and decides.
//!
//! The plan is made on the layer without places, so that what it decides is one edit of it: annotations get their
//! places, the rest stay orphans with candidates. Nothing is written here.

use std::collections::HashMap;

use crate::anchor::{self, Anchored, Candidate, State};
use crate::edit::Edit;
use crate::model::{Annotation, CommentTarget, Head, Id, Layer, Orphan, Quoted, Span, Spans};
use crate::store::sidecar::UnplacedLayer;
use crate::text::{CharOffset, OffsetIndex};

/// One annotation to be decided on.
#[derive(Clone, Debug)]
pub struct ReviewItem {
    /// The annotation's id.
    pub id: Id,
    /// What it stood on, and where in the old text, in code points.
    pub old: Vec<Quoted>,
    /// What stood before and after it.
    pub context: (String, String),
    /// How it came over.
    pub state: State,
    /// Its spans in the new text; empty for an orphan.
    pub spans: Spans,
    /// From 0 to 1.
    pub similarity: f32,
    /// Where an orphan might belong, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// What is to become of an annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It gets the place that was found.
    Take,
    /// It gets the place of a candidate, by its number.
    Candidate(usize),
    /// It gets a place that a person chose.
    At(Spans),
    /// It stays without a place, with what was found as candidates.
    Leave,
}

/// All annotations of a layer, in reading order of the old text.
#[derive(Clone, Debug)]
pub struct Review {
    /// The layer on the new text, every annotation without a place: what the edit is for.
    pub layer: Layer,
    /// What was found for each.
    pub items: Vec<ReviewItem>,
    head: Option<Head>,
}

impl Review {
    /// Plans where a layer's annotations belong in `new`. Without the text that it was made on, quotes and contexts
    /// are all there is, and less is taken over.
    pub fn new(unplaced: UnplacedLayer, old: Option<&str>, new: &str) -> Self {
        let UnplacedLayer { loaded, orphans, .. } = unplaced;
        let layer = loaded.layer;
        let annotations: Vec<&Annotation> = layer.annotations().collect();
        let mut places: Vec<Option<Anchored>> = vec![None; annotations.len()];
        let mut head = None;
        if let Some(old) = old {
            let index = OffsetIndex::new(old);
            let mut map = anchor::Map::new(old, new);
            for (place, annotation) in places.iter_mut().zip(&annotations) {
                let spans = annotation.orphan().and_then(|orphan| spans_in(old, &index, &orphan.spans));
                *place = spans.filter(|_| !orphans.contains(&annotation.id)).map(|spans| map.anchor(&spans));
            }
            head = head_on(layer.head(), old, &index, &mut map, new);
        }
        let unknown: Vec<usize> = (0..places.len()).filter(|&at| places[at].is_none()).collect();
        let quotes: Vec<anchor::Quote<'_>> = unknown.iter().map(|&at| quote(annotations[at])).collect();
        if !quotes.is_empty() {
            for (at, found) in unknown.into_iter().zip(anchor::find(new, &quotes)) {
                places[at] = Some(found);
            }
        }
        let index = OffsetIndex::new(new);
        let items = annotations.iter().zip(places).filter_map(|(annotation, place)| {
            let mut item = item(annotation, place?);
            if item.state == State::Orphan {
                item.candidates = known(annotation, new, &index, item.candidates);
            }
            Some(item)
        });
        let mut items: Vec<ReviewItem> = items.collect();
        items.sort_by_key(|item| (item.old.first().map_or(0, |quoted| quoted.start), item.id.clone()));
        Self { layer, items, head }
    }

    /// How many annotations ended in a state.
    pub fn count(&self, state: State) -> usize {
        self.items.iter().filter(|item| item.state == state).count()
    }

    /// The edit that carries out what is chosen for each item; one step of undo.
    pub fn edit_for(&self, new: &str, choose: impl Fn(&ReviewItem) -> Choice) -> Edit {
        let index = OffsetIndex::new(new);
        let items: HashMap<&str, &ReviewItem> = self.items.iter().map(|item| (item.id.as_str(), item)).collect();
        let mut edits = Vec::with_capacity(self.items.len() + 1);
        for annotation in self.layer.annotations() {
            let Some(item) = items.get(annotation.id.as_str()) else { continue };
            let changed = item.placed(annotation, &choose(item), new, &index);
            if changed != *annotation {
                edits.push(Edit::Put(changed));
            }
        }
        edits.extend(self.head.clone().map(|head| Edit::Head(Box::new(head))));
        Edit::Batch(edits)
    }
}

impl ReviewItem {
    /// The annotation, which has no place yet, as a choice makes it.
    pub fn placed(&self, annotation: &Annotation, choice: &Choice, new: &str, index: &OffsetIndex) -> Annotation {
        if let Some(spans) = self.spans_of(choice) {
            return place_at(annotation, spans);
        }
        let candidates = candidates(self, new, index);
        let mut changed = annotation.clone();
        changed.edit_extra(|extra| {
            // What was known before stays, where nothing was found now.
            if let Some(orphan) = extra.orphan.as_mut().filter(|_| !candidates.is_empty()) {
                orphan.candidates = candidates;
            }
        });
        changed
    }

    /// The choice of the place that is offered as such a number; none when there are not so many.
    pub fn choice(&self, number: usize) -> Option<Choice> {
        let found = usize::from(!self.spans.is_empty());
        match number.checked_sub(found) {
            None => Some(Choice::Take),
            Some(number) => (number < self.candidates.len()).then_some(Choice::Candidate(number)),
        }
    }

    /// The place that a choice gives; none for no place.
    pub fn spans_of(&self, choice: &Choice) -> Option<Spans> {
        let spans = match choice {
            Choice::Take => self.spans.clone(),
            Choice::Candidate(number) => self.candidates.get(*number)?.spans.clone(),
            Choice::At(spans) => spans.clone(),
            Choice::Leave => return None,
        };
        (!spans.is_empty()).then_some(spans)
    }

    /// All places that are offered, the likeliest first, with how alike they are.
    pub fn offered(&self) -> impl Iterator<Item = (&Spans, f32)> {
        let found = (!self.spans.is_empty()).then_some((&self.spans, self.similarity));
        found.into_iter().chain(self.candidates.iter().map(|candidate| (&candidate.spans, candidate.similarity)))
    }
}

/// An annotation that had no place, at one.
pub(super) fn place_at(annotation: &Annotation, spans: Spans) -> Annotation {
    let mut changed = annotation.clone();
    changed.edit_extra(|extra| {
        let orphan = extra.orphan.take().unwrap_or_default();
        // Versions that a merge kept stood mostly on the same words.
        for other in &mut extra.conflict {
            if other.orphan().is_some_and(|it| it.spans == orphan.spans) {
                other.spans.clone_from(&spans);
                other.edit_extra(|extra| extra.orphan = None);
            }
        }
    });
    changed.spans = spans;
    changed
}

fn item(annotation: &Annotation, place: Anchored) -> ReviewItem {
    let Orphan { spans, context, .. } = annotation.orphan().cloned().unwrap_or_default();
    let Anchored { state, spans: found, similarity, candidates } = place;
    ReviewItem { id: annotation.id.clone(), old: spans, context, state, spans: found, similarity, candidates }
}

/// The candidates that an orphan had and that still stand, before those that were found now.
fn known(annotation: &Annotation, text: &str, index: &OffsetIndex, found: Vec<Candidate>) -> Vec<Candidate> {
    let Some(orphan) = annotation.orphan() else { return found };
    let had = orphan.candidates.chunks(orphan.spans.len().max(1));
    let had = had.filter(|quoted| quoted.len() == orphan.spans.len());
    let mut all: Vec<Candidate> = had
        .filter_map(|quoted| Some(Candidate { spans: spans_in(text, index, quoted)?, similarity: 0.0 }))
        .map(|candidate| found.iter().find(|other| other.spans == candidate.spans).cloned().unwrap_or(candidate))
        .collect();
    for candidate in found {
        if !all.iter().any(|other| other.spans == candidate.spans) {
            all.push(candidate);
        }
    }
    all
}

fn quote(annotation: &Annotation) -> anchor::Quote<'_> {
    let Some(orphan) = annotation.orphan() else { return anchor::Quote::default() };
    anchor::Quote {
        texts: orphan.spans.iter().map(|quoted| quoted.text.as_str()).collect(),
        context: (&orphan.context.0, &orphan.context.1),
        start: orphan.spans.first().map_or(0, |quoted| quoted.start),
    }
}

/// Where quotes stand in the text that they came from; none when it says something else there.
pub(super) fn spans_in(text: &str, index: &OffsetIndex, quoted: &[Quoted]) -> Option<Spans> {
    let mut spans = Spans::new();
    for quoted in quoted {
        let start = index.byte_from_char(text, CharOffset(quoted.start))?;
        let span = Span::from_range(start..start + quoted.text.len());
        let ordered = spans.last().is_none_or(|last: &Span| last.end() <= span.start());
        if span.is_empty() || !ordered || span.slice(text) != Some(&quoted.text) {
            return None;
        }
        spans.push(span);
    }
    (!spans.is_empty()).then_some(spans)
}

fn quoted_in(text: &str, index: &OffsetIndex, span: Span) -> Quoted {
    Quoted {
        start: index.char_from_byte(text, span.start() as usize).0,
        end: index.char_from_byte(text, span.end() as usize).0,
        text: span.slice(text).unwrap_or_default().to_owned(),
    }
}

/// An item's places as an orphan keeps them: each with as many spans as the annotation has, one after the other.
fn candidates(item: &ReviewItem, text: &str, index: &OffsetIndex) -> Vec<Quoted> {
    let found = (!item.spans.is_empty()).then_some(&item.spans);
    let places = found.into_iter().chain(item.candidates.iter().map(|candidate| &candidate.spans));
    places.flatten().map(|&span| quoted_in(text, index, span)).collect()
}

/// The head with comments on stretches of text moved along; none when there is nothing to change.
fn head_on(head: &Head, old: &str, index: &OffsetIndex, map: &mut anchor::Map<'_>, new: &str) -> Option<Head> {
    let mut changed = head.clone();
    let new_index = OffsetIndex::new(new);
    for comment in &mut changed.comments {
        if let Some(CommentTarget::Span(quoted)) = &mut comment.on
            && let Some(spans) = spans_in(old, index, std::slice::from_ref(quoted))
            && let [span] = map.anchor(&spans).spans[..]
        {
            *quoted = quoted_in(new, &new_index, span);
        }
    }
    (changed != *head).then_some(changed)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::PathBuf;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::article::{Article, from_bytes};
    use crate::edit::apply;
    use crate::model::SchemaRef;
    use crate::store::schema::builtin;
    use crate::store::sidecar::{read_unplaced, write_layer};

    fn article(text: &str) -> Article {
        from_bytes(&PathBuf::from("a.txt"), text.as_bytes().to_vec(), None).expect("a text")
    }

    /// A layer on the old text as it is read when the article says something else.
    fn unplaced(old: &str, new: &str, marks: &[(&str, &[Span])]) -> UnplacedLayer {
        let head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
        let marks = marks.iter().map(|(id, spans)| {
            let mut mark = Annotation::new(*id, "quote", spans[0]);
            mark.spans = spans.iter().copied().collect();
            mark
        });
        let layer = Layer::from_parts(head, marks.collect(), Vec::new()).expect("it is sound");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt.ada.ron");
        std::fs::write(&path, write_layer(&article(old), &layer)).expect("it is written");
        read_unplaced(&path, &article(new), &builtin()).expect("it can be read")
    }

    fn span_of(text: &str, words: &str) -> Span {
        let at = text.find(words).expect("the words stand there");
        Span::from_range(at..at + words.len())
    }

    const OLD: &str = "“We go,” she said, “and never return.” They went away in the morning.";

    #[test]
    fn what_is_decided_is_one_edit_that_can_be_taken_back() {
        let new = "Listen! “We go,” she said, “and never ever return.” They went away in the morning.";
        let split = [span_of(OLD, "“We go,”"), span_of(OLD, "“and never return.”")];
        let late = [span_of(OLD, "in the morning")];
        let review = Review::new(unplaced(OLD, new, &[("q1", &split), ("t1", &late)]), Some(OLD), new);
        let states: Vec<State> = review.items.iter().map(|item| item.state).collect();
        assert_eq!(states, [State::Edited, State::Exact]);

        let mut layer = review.layer.clone();
        let take = |item: &ReviewItem| if item.state == State::Exact { Choice::Take } else { Choice::Leave };
        let inverse = apply(&mut layer, review.edit_for(new, take)).expect("it fits");
        let waiting = layer.get("q1").and_then(Annotation::orphan).expect("it waits");
        let texts: Vec<&str> = waiting.candidates.iter().map(|quoted| quoted.text.as_str()).collect();
        assert_eq!(texts, ["“We go,”", "“and never ever return.”"], "both fragments of the first candidate");
        assert_eq!(waiting.spans[0].text, "“We go,”", "what it stood on is kept");
        assert_eq!(layer.get("t1").map(|mark| mark.text(new)).as_deref(), Some("in the morning"));
        apply(&mut layer, inverse).expect("it fits");
        assert_eq!(layer, review.layer);

        let mut layer = review.layer.clone();
        apply(&mut layer, review.edit_for(new, |_| Choice::Take)).expect("it fits");
        assert!(layer.annotations().all(|mark| mark.orphan().is_none()));
    }

    #[test]
    fn versions_that_a_merge_kept_go_along() {
        let new = "Listen! “We go,” she said, “and never return.” They went away in the morning.";
        let mut layer = unplaced(OLD, new, &[("q1", &[span_of(OLD, "“We go,”")])]);
        let held = layer.loaded.layer.get("q1").cloned().expect("it is there");
        let mut both = held.clone();
        both.edit_extra(|extra| extra.conflict = vec![Annotation { label: "claim".into(), ..held }]);
        apply(&mut layer.loaded.layer, Edit::Put(both)).expect("it fits");
        let review = Review::new(layer, Some(OLD), new);
        let mut layer = review.layer.clone();
        apply(&mut layer, review.edit_for(new, |_| Choice::Take)).expect("it fits");
        let mark = layer.get("q1").expect("it is there");
        let other = &mark.extra.as_ref().expect("it has another version").conflict[0];
        assert_eq!((other.label.as_str(), &other.spans), ("claim", &mark.spans));
    }

    #[test]
    fn what_waited_is_still_there_when_the_plan_is_made_again() {
        let new = "Nothing of it is left but this: “We go,” he thought.";
        let mark = [span_of(OLD, "“We go,”")];
        let mut again = unplaced(OLD, new, &[("q1", &mark)]);
        let mut held = again.loaded.layer.get("q1").cloned().expect("it is there");
        let quoted = Quoted { start: 32, end: 40, text: "“We go,”".to_owned() };
        held.edit_extra(|extra| {
            if let Some(orphan) = &mut extra.orphan {
                orphan.candidates = vec![quoted.clone()];
                orphan.context = ("elsewhere".to_owned(), "altogether".to_owned());
            }
        });
        apply(&mut again.loaded.layer, Edit::Put(held)).expect("it fits");
        again.orphans = HashSet::from(["q1".into()]);
        let review = Review::new(again, Some(new), new);
        assert_eq!(review.items[0].state, State::Orphan);
        let mut layer = review.layer.clone();
        apply(&mut layer, review.edit_for(new, |_| Choice::Leave)).expect("it fits");
        assert_eq!(
            layer.get("q1").and_then(Annotation::orphan).map(|orphan| &orphan.candidates[..]),
            Some(&[quoted][..])
        );
        apply(&mut layer, review.edit_for(new, |_| Choice::Candidate(0))).expect("it fits");
        assert_eq!(layer.get("q1").map(|mark| mark.text(new)).as_deref(), Some("“We go,”"));
    }

    proptest! {
        #[test]
        fn no_mark_is_ever_dropped(
            new in "[a-c ]{1,12}|“We go,” [a-z ]{0,30}never return.” They went|\\PC{1,20}",
            cuts in prop::collection::vec((0usize..60, 1usize..20), 1..6),
            kept in any::<bool>(),
            accept in any::<bool>(),
        ) {
            prop_assume!(!new.contains('\0') && !new.starts_with('\u{feff}'));
            let bounds: Vec<usize> = OLD.char_indices().map(|(at, _)| at).chain([OLD.len()]).collect();
            let spans: Vec<[Span; 1]> = cuts
                .iter()
                .map(|&(at, count)| [Span::from_range(bounds[at]..bounds[(at + count).min(bounds.len() - 1)])])
                .collect();
            let ids: Vec<String> = (0..spans.len()).map(|at| format!("m{at}")).collect();
            let marks: Vec<(&str, &[Span])> = ids.iter().map(String::as_str).zip(spans.iter().map(|it| &it[..])).collect();
            let review = Review::new(unplaced(OLD, &new, &marks), kept.then_some(OLD), &new);
            prop_assert_eq!(review.items.len(), ids.len());
            let choose = |item: &ReviewItem| {
                if item.state == State::Orphan || (item.state == State::Edited && !accept) { Choice::Leave } else { Choice::Take }
            };
            let mut layer = review.layer.clone();
            let inverse = apply(&mut layer, review.edit_for(&new, choose)).expect("it fits");
            prop_assert!(ids.iter().all(|id| layer.get(id).is_some()));
            let text: Arc<str> = Arc::from(new.as_str());
            prop_assert!(layer.annotations().all(|mark| mark.spans.iter().all(|span| span.slice(&text).is_some())));
            apply(&mut layer, inverse).expect("it fits");
            prop_assert_eq!(layer, review.layer);
        }
    }
}
