//! A layer in the making, for readers: ids that are free, links whose ends are there, places that are settled at the end.
//!
//! What a reader cannot say of a file is a warning here; what is left out is one too.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use super::found::LabelSet;
use super::places::{self, Place, Said};
use super::taken::Taken;
use super::units::Unit;
use super::{Document, Report, Warning, WarningKind, made};
use crate::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Spans};
use crate::text::short;

/// A layer in the making.
pub(super) struct Draft<'r> {
    path: PathBuf,
    report: &'r mut Report,
    unit: Unit,
    marks: Vec<(Annotation, Said)>,
    links: Vec<(Relation, usize)>,
    /// What the dataset calls each annotation, and where it stands among the marks.
    known: HashMap<String, usize>,
    taken: Taken,
    /// The first mark at each stretch, and the first with each label there.
    at: HashMap<(u64, u64), usize>,
    labelled_at: HashMap<(u64, u64, SmolStr), usize>,
    /// What the layer says besides its annotations.
    pub head: Head,
}

impl<'r> Draft<'r> {
    /// A layer with nothing in it; `path` is for messages, `unit` what the format says that offsets count.
    pub fn new(path: &Path, unit: Unit, report: &'r mut Report) -> Self {
        Self {
            path: path.to_owned(),
            report,
            unit,
            marks: Vec::new(),
            links: Vec::new(),
            known: HashMap::new(),
            taken: Taken::default(),
            at: HashMap::new(),
            labelled_at: HashMap::new(),
            head: Head::new("", SchemaRef { id: SmolStr::default(), version: 0 }),
        }
    }

    /// Notes what the dataset says that can be marked.
    pub fn declare(&mut self, declared: LabelSet) {
        self.report.declared.extend(declared);
    }

    /// Tells of something that was not taken as it is.
    pub fn warn(&mut self, line: usize, kind: WarningKind, message: impl Into<String>) {
        let message = short(message.into());
        self.report.warnings.push(Warning { file: self.path.clone(), line, kind, message });
    }

    /// Adds an annotation that the dataset calls `id`, which may be empty, at stretches that need not be sound. The
    /// words are held against the text at the end. Gives the annotation, for what else is known of it.
    pub fn mark(
        &mut self,
        id: &str,
        label: &str,
        line: usize,
        mut stretches: Vec<(u64, u64)>,
        words: Option<&str>,
    ) -> &mut Annotation {
        stretches.sort_unstable();
        let label = if label.is_empty() { "mark" } else { label };
        let own = self.free(id, || made::of_stretches(label, &stretches));
        if !id.is_empty() && self.known.insert(id.to_owned(), self.marks.len()).is_some() {
            self.warn(line, WarningKind::TakenId, format!("the id {id} is there twice; the second is called {own}"));
        }
        let name = if id.is_empty() { own.to_string() } else { id.to_owned() };
        if let Some(&(start, end)) = stretches.first() {
            self.at.entry((start, end)).or_insert(self.marks.len());
            self.labelled_at.entry((start, end, label.into())).or_insert(self.marks.len());
        }
        let said = Said { line, name, stretches, words: words.map(str::to_owned) };
        self.marks.push((Annotation::new(own, label, Span::new(0, 1)), said));
        &mut self.marks.last_mut().expect("one was added").0
    }

    /// The annotation that the dataset calls `id`.
    pub fn get(&mut self, id: &str) -> Option<&mut Annotation> {
        self.marks.get_mut(*self.known.get(id)?).map(|(annotation, _)| annotation)
    }

    /// What the dataset calls the annotation that it says stands there, the one with this label where there are several.
    pub fn standing_at(&self, stretch: (u64, u64), label: Option<&str>) -> Option<String> {
        let labelled = label.and_then(|label| self.labelled_at.get(&(stretch.0, stretch.1, label.into())));
        let at = labelled.or_else(|| self.at.get(&stretch))?;
        self.marks.get(*at).map(|(_, said)| said.name.clone())
    }

    /// Adds a link between annotations as the dataset calls them; [`AUTHOR`] is the article's author. They may come later.
    pub fn link(&mut self, id: &str, label: &str, from: &str, to: &str, line: usize) -> &mut Relation {
        let label = if label.is_empty() { "link" } else { label };
        let own = self.free(id, || made::of_link(label, from, to));
        self.links.push((Relation::new(own, label, from, to), line));
        &mut self.links.last_mut().expect("one was added").0
    }

    /// An id that none has yet: the dataset's, or one that is made.
    fn free(&mut self, id: &str, made: impl FnOnce() -> String) -> SmolStr {
        let wanted = if id.is_empty() || id == AUTHOR { made() } else { id.to_owned() };
        self.taken.take(wanted, '+').into()
    }

    /// The document, with all that has a place or words.
    pub fn finish(self, file: String, text: String) -> Document {
        self.finish_joining(file, text, places::apart)
    }

    /// The same; `joins` makes one of spans that another program had to part.
    pub fn finish_joining(self, file: String, text: String, joins: impl Fn(&[Span]) -> Spans) -> Document {
        let Self { path, report, unit, marks, links, known, head, .. } = self;
        let mut warn = |line: usize, kind: WarningKind, message: String| {
            report.warnings.push(Warning { file: path.clone(), line, kind, message: short(message) });
        };
        let ids: Vec<SmolStr> = marks.iter().map(|(annotation, _)| annotation.id.clone()).collect();
        let (annotations, said): (Vec<Annotation>, Vec<Said>) = marks.into_iter().unzip();
        let places = places::settle(&text, unit, &said, joins, &mut warn);
        let mut kept: Vec<Annotation> = Vec::new();
        let mut there: HashSet<SmolStr> = HashSet::new();
        for (mut annotation, place) in annotations.into_iter().zip(places) {
            match place {
                Place::At(spans) => annotation.spans = spans,
                Place::Nowhere(orphan) => {
                    annotation.spans = Spans::new();
                    annotation.edit_extra(|extra| extra.orphan = Some(orphan));
                }
                Place::Nothing => continue,
            }
            there.insert(annotation.id.clone());
            kept.push(annotation);
        }
        let mut relations = Vec::new();
        for (mut relation, line) in links {
            let end = |id: &str| match known.get(id) {
                Some(&at) if there.contains(&ids[at]) => Some(ids[at].clone()),
                None if id == AUTHOR => Some(AUTHOR.into()),
                _ => None,
            };
            let (Some(from), Some(to)) = (end(&relation.from).filter(|from| from != AUTHOR), end(&relation.to)) else {
                let message = format!(
                    "the link {} from {:?} to {:?} leads to a mark that is not there; it is left out",
                    relation.label, relation.from, relation.to
                );
                warn(line, WarningKind::RelationToNowhere, message);
                continue;
            };
            (relation.from, relation.to) = (from, to);
            relations.push(relation);
        }
        let layer = Layer::from_parts(head, kept, relations).expect("ids are free, and ends are there");
        Document { file, text, layer }
    }
}
