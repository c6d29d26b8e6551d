//! No step that the journal has taken in is lost, whatever instant the power goes at, and no file is left that cannot
//! be read.
//!
//! Each case makes random steps, undoes and folds on a disk that fails now and then and crashes at a random step, finds
//! the layer again on what a machine may find afterwards, and holds it against the steps that were acknowledged.
//! `PRESSMARK_CRASHES=10000 cargo test --test core crashes` makes more of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pressmark::article::{Article, from_bytes};
use pressmark::edit::{Edit, History};
use pressmark::model::{Annotation, Head, Layer, Relation, Schema, SchemaRef, Span, Value};
use pressmark::store::journal::{Begin, Change, Entry, Fold, Folding, LayerFiles, LayerLog, Record, open};
use pressmark::store::schema::builtin;

use crate::sim_disk::{Dice, SimDisk};

const TEXT: &str = "Ada met 👩\u{200d}🔬 Zoe\u{301}.\r\nقال خالد: မြန်မာ 陈海 said “we stay”.\n";
const CASES: u64 = 600;

/// A layer as people work on it: every state that it has been in, and what is known to last.
struct Work {
    layer: Layer,
    history: History,
    /// The layer after each change, the first before any.
    states: Vec<Layer>,
    names: Vec<(Option<String>, Option<String>)>,
}

impl Work {
    fn new(layer: Layer, history: History) -> Self {
        let names = vec![told(&history)];
        Self { states: vec![layer.clone()], layer, history, names }
    }

    /// A random step, undo or redo, as the journal is told of it.
    fn step(&mut self, dice: &mut Dice, number: u64) -> Entry {
        let edit_of = |step: Option<&pressmark::edit::Step>| step.map(|step| step.edit.clone());
        let entry = match dice.below(6) {
            0 if self.history.undo_step().is_some() => {
                let edit = edit_of(self.history.undo_step()).expect("it was looked at");
                self.history.undo(&mut self.layer).expect("it fits");
                let back = edit_of(self.history.redo_step()).expect("it was taken back");
                Entry { record: Record::Undo, change: Change { edit, back } }
            }
            1 if self.history.redo_step().is_some() => {
                let edit = edit_of(self.history.redo_step()).expect("it was looked at");
                self.history.redo(&mut self.layer).expect("it fits");
                let back = edit_of(self.history.undo_step()).expect("it was made again");
                Entry { record: Record::Redo, change: Change { edit, back } }
            }
            kind => {
                let edit = self.edit(dice, kind, number);
                let name = format!("step {number}");
                self.history.perform(&mut self.layer, name.clone(), edit.clone()).expect("it fits");
                let back = edit_of(self.history.undo_step()).expect("it was made");
                Entry::step(name, Change { edit, back })
            }
        };
        self.states.push(self.layer.clone());
        self.names.push(told(&self.history));
        entry
    }

    fn edit(&self, dice: &mut Dice, kind: u64, number: u64) -> Edit {
        let bounds: Vec<u32> = TEXT.char_indices().map(|(at, _)| at as u32).collect();
        let ids: Vec<_> = self.layer.annotations().map(|annotation| annotation.id.clone()).collect();
        match kind {
            2 if ids.len() > 2 => {
                let id = &ids[dice.below(ids.len() as u64) as usize];
                Edit::remove_with_relations(&self.layer, id)
            }
            3 if ids.len() > 1 => {
                Edit::Link(Relation::new(format!("r{number}"), "speaker", ids[0].clone(), ids[1].clone()))
            }
            4 => {
                let mut head = self.layer.head().clone();
                head.document_note = format!("note {number} \u{202e}မ");
                Edit::Head(Box::new(head))
            }
            _ => {
                let from = dice.below(bounds.len() as u64 - 1) as usize;
                let to = from + 1 + dice.below((bounds.len() - from - 1) as u64) as usize;
                let mut made = Annotation::new(format!("a{number}"), "entity", Span::new(bounds[from], bounds[to]));
                made.attributes.set("type", Some(Value::Text("person".into())));
                Edit::Put(made)
            }
        }
    }
}

fn told(history: &History) -> (Option<String>, Option<String>) {
    (history.undo_name().map(str::to_owned), history.redo_name().map(str::to_owned))
}

/// How far a fold on another thread is.
enum Stage {
    Begun(Folding),
    Made(Fold),
    Announced(Fold),
    Saved(Fold),
}

impl Stage {
    /// The next stage; none when it came to its end or failed.
    fn go_on(self, log: &mut LayerLog, schema: &Schema) -> Option<Self> {
        match self {
            Self::Begun(folding) => folding.make(schema).ok().map(Self::Made),
            Self::Made(fold) => log.announce(&fold).ok().map(|()| Self::Announced(fold)),
            Self::Announced(fold) => fold.save().ok().map(|()| Self::Saved(fold)),
            Self::Saved(fold) => log.finish(fold).ok().and(None),
        }
    }
}

struct Case {
    article: Arc<Article>,
    files: LayerFiles,
    schema: Schema,
}

impl Case {
    fn new() -> Self {
        let root = Path::new("/corpus");
        let article = from_bytes(&root.join("a.txt"), TEXT.into(), None).expect("it is text");
        let files = LayerFiles::new(root, &PathBuf::from("/corpus/a.txt.ada.ron"));
        Self { article: Arc::new(article), files, schema: builtin() }
    }

    /// Opens the layer on a disk; an empty one where nothing is there.
    fn open(&self, disk: &SimDisk) -> (Work, Begin) {
        let opened = open(disk, &self.files, &self.article, &self.schema).expect("every file can be read");
        if let Some(opened) = opened {
            assert_eq!(opened.read_only, None, "it can be gone on with");
            let begin = Begin::opened(&opened);
            return (Work::new(opened.layer, opened.history), begin);
        }
        let layer = Layer::new(Head::new("ada", SchemaRef { id: "news".into(), version: 1 }));
        let begin = Begin::nothing(&layer);
        (Work::new(layer, History::default()), begin)
    }

    /// Works until the power goes or all is done; returns the work and how many of its changes were acknowledged.
    fn session(&self, disk: &SimDisk, dice: &mut Dice, first: u64) -> (Work, usize) {
        let (mut work, begin) = self.open(disk);
        let (mut log, mut waiting, mut acknowledged, mut stage) = (None, Vec::new(), 0, None::<Stage>);
        for number in first..first + 14 {
            waiting.push(work.step(dice, number));
            if log.is_none() {
                log = LayerLog::begin(Arc::new(disk.clone()), self.files.clone(), self.article.clone(), begin.clone())
                    .ok();
            }
            let Some(log) = &mut log else { continue };
            if log.append(&waiting).is_ok() {
                waiting.clear();
                acknowledged = work.states.len() - 1;
                match dice.below(8) {
                    0 if stage.is_none() => drop(log.fold(&self.schema)),
                    1 if stage.is_none() => stage = log.folding().map(Stage::Begun),
                    _ => {}
                }
            }
            // A fold goes on while steps come.
            if dice.below(2) == 0 {
                stage = stage.take().and_then(|stage| stage.go_on(log, &self.schema));
            }
            if disk.is_out() {
                break;
            }
        }
        (work, acknowledged)
    }
}

/// The layer that is found again is one that was there after what was acknowledged, with its undo.
fn check(case: &Case, disk: &SimDisk, work: &Work, acknowledged: usize, seed: u64) {
    let (found, _) = case.open(disk);
    let state = (acknowledged..work.states.len())
        .find(|&at| work.states[at] == found.layer && work.names[at] == told(&found.history));
    assert!(
        state.is_some(),
        "case {seed}: after {acknowledged} of {} changes that last, this is found: {:?}",
        work.states.len() - 1,
        found.layer
    );
}

#[test]
fn what_was_acknowledged_is_never_lost_and_undo_survives() {
    let cases = std::env::var("PRESSMARK_CRASHES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let case = Case::new();
    let mut crashed = 0;
    for seed in 0..cases {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let steps = dice.below(100);
        let faults = if dice.below(2) == 0 { 0 } else { 12 };
        let mut disk = SimDisk::new(Dice(seed), faults, Some(steps));
        for round in 0..3 {
            let (work, acknowledged) = case.session(&disk, &mut dice, round * 100);
            crashed += u64::from(disk.is_out());
            disk = disk.crash(Dice(seed ^ (round + 1)));
            check(&case, &disk, &work, acknowledged, seed);
            disk.calm();
        }
    }
    assert!(crashed * 2 > cases, "the power went in {crashed} of {cases} cases");
}

#[test]
fn a_fold_leaves_the_sidecar_that_a_plain_save_would_and_a_second_one_nothing_to_do() {
    let case = Case::new();
    let disk = SimDisk::new(Dice(1), 0, None);
    let (mut work, begin) = case.open(&disk);
    let mut log = LayerLog::begin(Arc::new(disk.clone()), case.files.clone(), case.article.clone(), begin)
        .expect("a journal is begun");
    let mut dice = Dice(5);
    for number in 0..40 {
        log.append(&[work.step(&mut dice, number)]).expect("it lasts");
    }
    log.fold(&case.schema).expect("it is folded");
    let written = pressmark::store::disk::Disk::read(&disk, &case.files.sidecar).expect("it is there");
    let expected = pressmark::store::sidecar::write_layer(&case.article, &work.layer);
    assert_eq!(String::from_utf8(written).expect("it is text"), expected);
    assert!(!log.has_pending());
}
