//! The merge of sidecars as files, whatever texts they were made on.
//!
//! Sides on one text are merged as they are. Sides on different texts are brought to one first, as re-anchoring brings
//! a layer to an edited article: what is found again has its place, the rest waits without one, with candidates. Which
//! text that is does not depend on whose side is "ours", and what a side left as it was counts as left as it was.

use std::path::Path;

use super::reanchor::{Choice, Review};
use crate::anchor::State;
use crate::article::Article;
use crate::edit::{Edit, apply};
use crate::model::Layer;
use crate::store::StoreError;
use crate::store::merge::{MergeError, MergedSidecar, merge_sidecars};
use crate::store::sidecar::{article_of, layer_on, unplaced_on, write_layer};

/// A state of a sidecar: the path that errors tell, and the file's text.
pub type Side<'a> = (&'a Path, &'a str);

/// A merged sidecar, and how it came about.
#[derive(Clone, Debug)]
pub struct MergedFiles {
    /// What both say.
    pub sidecar: MergedSidecar,
    /// Whether the sides were made on different states of the article.
    pub brought: bool,
    /// Annotations that have no place in the text that they were brought to, and wait for one.
    pub waiting: usize,
    /// Whether some places were found by quotes alone, since the old text is not at hand.
    pub by_quotes: bool,
}

/// Merges two states of a sidecar. An empty base is none. `root` is the corpus's root, where there is one, and `texts`
/// finds the text of an article by its SHA-256.
pub fn merge_files(
    base: Option<Side<'_>>,
    ours: Side<'_>,
    theirs: Side<'_>,
    path: &Path,
    root: Option<&Path>,
    texts: &dyn Fn(&str) -> Option<String>,
) -> Result<MergedFiles, MergeError> {
    let base = base.filter(|(_, text)| !text.trim().is_empty());
    match merge_sidecars(base, ours, theirs, path, root) {
        Err(MergeError::Texts { .. }) => {}
        merged => {
            let sidecar = merged?;
            return Ok(MergedFiles { sidecar, brought: false, waiting: 0, by_quotes: false });
        }
    }
    let mut way = Way { target: target(base, ours, theirs, path, texts)?, texts, waiting: 0, by_quotes: false };
    let base_there = base.map(|base| way.layer(base)).transpose()?;
    let written = base_there.as_ref().map(|layer| write_layer(&way.target, layer));
    let mine = way.side(ours, base, base_there.as_ref())?;
    let yours = way.side(theirs, base, base_there.as_ref())?;
    let base = base.zip(written.as_deref()).map(|((path, _), text)| (path, text));
    let sidecar = merge_sidecars(base, (ours.0, &mine), (theirs.0, &yours), path, root)?;
    Ok(MergedFiles { sidecar, brought: true, waiting: way.waiting, by_quotes: way.by_quotes })
}

/// The text that all are brought to: that of the side which changed it. Where both did, or there is no base, the one
/// with the smaller hash; where a text is not at hand, the other's.
fn target(
    base: Option<Side<'_>>,
    ours: Side<'_>,
    theirs: Side<'_>,
    path: &Path,
    texts: &dyn Fn(&str) -> Option<String>,
) -> Result<Article, MergeError> {
    let before = base.map(|base| article_of(base.0, base.1)).transpose()?.map(|article| article.text_sha256);
    let mut wanted = [article_of(ours.0, ours.1)?, article_of(theirs.0, theirs.1)?];
    wanted.sort_by_cached_key(|it| {
        let changed = before.as_ref() != Some(&it.text_sha256);
        (!changed, it.text_sha256.clone(), it.sha256.clone(), it.path.clone())
    });
    let found = wanted.iter().find_map(|it| Some((it.clone(), texts(&it.text_sha256)?)));
    let Some((article, text)) = found else { return Err(MergeError::Texts { path: path.to_path_buf() }) };
    Ok(Article { text: text.into(), ..article })
}

/// How sides come to the text that is merged on.
struct Way<'a> {
    target: Article,
    texts: &'a dyn Fn(&str) -> Option<String>,
    waiting: usize,
    by_quotes: bool,
}

impl Way<'_> {
    /// A side as a file on the target's text.
    fn side(
        &mut self,
        side: Side<'_>,
        base: Option<Side<'_>>,
        base_there: Option<&Layer>,
    ) -> Result<String, MergeError> {
        let made_on = article_of(side.0, side.1)?;
        if made_on.text_sha256 == self.target.text_sha256 {
            return Ok(side.1.to_owned());
        }
        let mut layer = self.layer(side)?;
        if let (Some(base), Some(base_there), Some(text)) = (base, base_there, (self.texts)(&made_on.text_sha256)) {
            let made_on = Article { text: text.into(), ..made_on };
            let own = layer_on(side.0, side.1, &made_on)?;
            let base_here = brought(base, &made_on, self.texts)?.0;
            let left = own.annotations().filter(|it| base_here.get(&it.id) == Some(*it));
            let edits = left.filter_map(|it| base_there.get(&it.id).cloned().map(Edit::Put)).collect();
            apply(&mut layer, Edit::Batch(edits)).expect("annotations of the same ids are put");
        }
        self.waiting += layer.annotations().filter(|it| it.orphan().is_some()).count();
        Ok(write_layer(&self.target, &layer))
    }

    /// A side as a layer on the target's text.
    fn layer(&mut self, side: Side<'_>) -> Result<Layer, MergeError> {
        let (layer, by_quotes) = brought(side, &self.target, self.texts)?;
        self.by_quotes |= by_quotes;
        Ok(layer)
    }
}

/// A side on the text of an article, as `pressmark reanchor` leaves it; and whether quotes were all there was.
fn brought(
    (path, text): Side<'_>,
    article: &Article,
    texts: &dyn Fn(&str) -> Option<String>,
) -> Result<(Layer, bool), StoreError> {
    let made_on = article_of(path, text)?;
    if made_on.text_sha256 == article.text_sha256 {
        return Ok((layer_on(path, text, article)?, false));
    }
    let unplaced = unplaced_on(path, text, article)?;
    let old = texts(&made_on.text_sha256);
    let review = Review::new(unplaced, old.as_deref(), &article.text);
    let edit = review.edit_for(&article.text, |item| match item.state {
        State::Exact | State::Moved => Choice::Take,
        State::Edited | State::Orphan => Choice::Leave,
    });
    let mut layer = review.layer;
    apply(&mut layer, edit).expect("the plan is about this layer");
    Ok((layer, old.is_none()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;
    use crate::article::from_bytes;
    use crate::model::{Annotation, Head, SchemaRef, Span};

    const OLD: &str = "The minister met the envoy on Monday. “We agreed on all points,” he said. Talks go on in Yangon next \
                       week. Nobody else was asked, and the harbour stays closed until the rain is over.";

    fn article(text: &str) -> Article {
        from_bytes(&PathBuf::from("a.txt"), text.as_bytes().to_vec(), None).expect("a text")
    }

    /// A sidecar with a mark for each name and the words that it stands on.
    fn sidecar(text: &str, marks: &[(&str, &str)]) -> String {
        let head = Head::new("ada", SchemaRef { id: "news".into(), version: 1 });
        let marks = marks.iter().map(|(id, words)| {
            let at = text.find(words).expect("the words stand there");
            Annotation::new(*id, "entity", Span::from_range(at..at + words.len()))
        });
        let layer = Layer::from_parts(head, marks.collect(), Vec::new()).expect("it is sound");
        write_layer(&article(text), &layer)
    }

    fn merged(base: &str, ours: &str, theirs: &str, known: &[&str]) -> MergedFiles {
        let texts =
            |sha256: &str| known.iter().find(|text| article(text).text_sha256 == sha256).map(ToString::to_string);
        let path = Path::new("a.txt.ada.ron");
        merge_files(Some((path, base)), (path, ours), (path, theirs), path, None, &texts).expect("they merge")
    }

    fn layer(merged: &MergedFiles, text: &str) -> Layer {
        layer_on(Path::new("a.txt.ada.ron"), &merged.sidecar.contents, &article(text)).expect("it is on this text")
    }

    #[test]
    fn marks_of_the_old_text_come_to_the_new_one() {
        let new = OLD.replace("on Monday", "late on Monday, in the rain");
        let base = sidecar(OLD, &[("a1", "minister"), ("a2", "Yangon")]);
        let ours = sidecar(OLD, &[("a1", "minister"), ("a2", "Yangon"), ("a3", "“We agreed on all points,”")]);
        let theirs = sidecar(&new, &[("a1", "minister"), ("a2", "Yangon"), ("a4", "in the rain")]);
        let it = merged(&base, &ours, &theirs, &[OLD, &new]);
        assert_eq!((it.brought, it.waiting, it.by_quotes), (true, 0, false));
        assert!(it.sidecar.conflicts.is_empty() && it.sidecar.kept.is_empty(), "{:?}", it.sidecar);
        let layer = layer(&it, &new);
        let texts: Vec<String> = layer.annotations().map(|mark| mark.text(&new)).collect();
        assert_eq!(texts, ["minister", "in the rain", "“We agreed on all points,”", "Yangon"]);
    }

    #[test]
    fn what_has_no_place_in_the_new_text_waits() {
        let new = OLD.replace("“We agreed on all points,” he said. ", "");
        let base = sidecar(OLD, &[("a1", "minister")]);
        let ours = sidecar(OLD, &[("a1", "minister"), ("a3", "“We agreed on all points,”")]);
        let theirs = sidecar(&new, &[("a1", "minister")]);
        let it = merged(&base, &ours, &theirs, &[OLD, &new]);
        assert_eq!(it.waiting, 1);
        let waits = layer(&it, &new).get("a3").and_then(|mark| mark.orphan().cloned()).expect("it is there");
        assert_eq!(waits.spans[0].text, "“We agreed on all points,”");
    }

    #[test]
    fn both_edited_the_article_and_nothing_is_in_conflict() {
        let (one, other) = (OLD.replace("on Monday", "on Tuesday"), OLD.replace("next week", "in a fortnight"));
        let base = sidecar(OLD, &[("a1", "minister"), ("a2", "Yangon"), ("gone", "rain")]);
        let ours = sidecar(&one, &[("a1", "minister"), ("a2", "Yangon"), ("o", "Tuesday"), ("gone", "rain")]);
        let theirs = sidecar(&other, &[("a1", "minister"), ("a2", "Yangon"), ("t", "fortnight")]);
        let it = merged(&base, &ours, &theirs, &[OLD, &one, &other]);
        assert!(it.sidecar.conflicts.is_empty() && it.sidecar.kept.is_empty(), "{:?}", it.sidecar);
        let text = if it.sidecar.contents.contains(&article(&one).text_sha256) { &one } else { &other };
        let layer = layer(&it, text);
        let ids: Vec<&str> = layer.annotations().map(|mark| mark.id.as_str()).collect();
        assert!(["a1", "a2", "o", "t"].iter().all(|id| ids.contains(id)) && ids.len() == 4, "{ids:?}");
    }

    #[test]
    fn without_the_old_text_its_quotes_are_used_and_without_any_it_is_refused() {
        let new = OLD.replace("on Monday", "late on Monday, in the rain");
        let base = sidecar(OLD, &[("a1", "minister")]);
        let ours = sidecar(OLD, &[("a1", "minister"), ("a3", "“We agreed on all points,”")]);
        let theirs = sidecar(&new, &[("a1", "minister")]);
        let it = merged(&base, &ours, &theirs, &[&new]);
        assert!(it.by_quotes);
        assert_eq!(
            layer(&it, &new).get("a3").map(|mark| mark.text(&new)).as_deref(),
            Some("“We agreed on all points,”")
        );
        let path = Path::new("a.txt.ada.ron");
        let refused = merge_files(Some((path, &base)), (path, &ours), (path, &theirs), path, None, &|_| None);
        assert!(refused.expect_err("there is no text").to_string().contains(".pressmark/texts"));
    }

    /// A text with some of its words replaced, put in or taken out.
    fn edited(edits: &[(usize, u8)]) -> String {
        let mut words: Vec<String> = OLD.split(' ').map(str::to_owned).collect();
        for &(at, what) in edits {
            let at = at % words.len();
            match what % 3 {
                0 => "rather".clone_into(&mut words[at]),
                1 => words.insert(at, "quite 👩‍🎤".to_owned()),
                _ if words.len() > 5 => drop(words.remove(at)),
                _ => {}
            }
        }
        words.join(" ")
    }

    /// Marks on words of a text, by their numbers.
    fn marked(text: &str, marks: &[(u8, usize)]) -> String {
        let words: Vec<&str> = text.split(' ').collect();
        let mut all: Vec<(String, &str)> = Vec::new();
        for &(id, word) in marks {
            let id = format!("m{id}");
            if !all.iter().any(|(had, _)| *had == id) {
                all.push((id, words[word % words.len()]));
            }
        }
        let all: Vec<(&str, &str)> = all.iter().map(|(id, words)| (id.as_str(), *words)).collect();
        sidecar(text, &all)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn nothing_is_dropped_and_neither_side_comes_first(
            before in prop::collection::vec((0u8..9, 0usize..40), 0..5),
            mine in prop::collection::vec((0u8..9, 0usize..40), 0..6),
            yours in prop::collection::vec((0u8..9, 0usize..40), 0..6),
            here in prop::collection::vec((0usize..40, 0u8..3), 0..4),
            there in prop::collection::vec((0usize..40, 0u8..3), 0..4),
            known in any::<bool>(),
        ) {
            let (one, other) = (edited(&here), edited(&there));
            let (base, ours, theirs) = (marked(OLD, &before), marked(&one, &mine), marked(&other, &yours));
            let all = [OLD, &one, &other];
            let known = if known { &all[..] } else { &all[1..] };
            let it = merged(&base, &ours, &theirs, known);
            prop_assert_eq!(&merged(&base, &theirs, &ours, known).sidecar.contents, &it.sidecar.contents);
            prop_assert_eq!(&merged(&base, &it.sidecar.contents, &theirs, known).sidecar.contents, &it.sidecar.contents);
            let text = if it.sidecar.contents.contains(&article(&one).text_sha256) { &one } else { &other };
            let layer = layer(&it, text);
            let ids = |marks: &[(u8, usize)]| marks.iter().map(|(id, _)| format!("m{id}")).collect::<Vec<_>>();
            let (had, mine, yours) = (ids(&before), ids(&mine), ids(&yours));
            let all: Vec<&String> = mine.iter().chain(&yours).collect();
            // What only one side has is there under its own id, or is the same mark as one with a smaller id.
            let count = layer.annotations().count();
            for id in all.iter().filter(|id| !had.contains(id) || (mine.contains(id) && yours.contains(id))) {
                let united = layer.annotations().any(|mark| mark.id.as_str() < id.as_str());
                prop_assert!(layer.get(id).is_some() || united, "{id} of {count}");
            }
        }
    }
}
