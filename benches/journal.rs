//! What a step costs until it lasts: its record in the journal, synced, at 25, 10,000 and 100,000 annotations.
//!
//! It is to cost the same at every size; the disk's own sync is most of it. Beside it what the first step costs, which
//! reads the sidecar once, and a fold, both on the saving thread.

mod generate;
mod report;

use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId};
use generate::SIZES;
use pressmark::article;
use pressmark::edit::Edit;
use pressmark::model::{Annotation, Span, Value};
use pressmark::store::disk::OsDisk;
use pressmark::store::journal::{Begin, Change, Entry, LayerFiles, LayerLog, open};
use pressmark::store::schema::builtin;

const NAMES: [&str; 3] = ["a step until it lasts", "the first step of a layer", "a fold"];

fn main() {
    let mut run = report::Run::new();
    for (size, bytes, annotations) in SIZES {
        let folder = tempfile::tempdir().expect("a folder");
        let text = generate::article(bytes, 1);
        let files = generate::files::write(folder.path(), "a.txt", &text, annotations, 2);
        let article = Arc::new(article::read(&files.article, None).expect("it can be read"));
        let files = LayerFiles::new(folder.path(), &files.sidecar);
        let begin = || {
            let opened = open(&OsDisk, &files, &article, &builtin()).expect("it can be read").expect("it is there");
            Begin::opened(&opened)
        };
        let log = |begin| LayerLog::begin(Arc::new(OsDisk), files.clone(), article.clone(), begin).expect("it begins");
        let mut goes_on = log(begin());
        let mut group = run.criterion.benchmark_group(NAMES[0]);
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| goes_on.append(&[step()]).expect("it lasts"));
        });
        group.finish();
        goes_on.fold(&builtin()).expect("it is folded");
        drop(goes_on);
        let mut group = run.criterion.benchmark_group(NAMES[1]);
        group.sample_size(10).bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_batched(&begin, |begin| log(begin).append(&[step()]), BatchSize::PerIteration);
        });
        group.finish();
        let mut goes_on = log(begin());
        let mut group = run.criterion.benchmark_group(NAMES[2]);
        group.sample_size(10).bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                goes_on.append(&[step()]).expect("it lasts");
                goes_on.fold(&builtin()).expect("it is folded");
            });
        });
        group.finish();
    }
    run.table("journal, medians", &SIZES.map(|(size, ..)| size), &NAMES);
}

/// A tag, always of the same id: the layer stays as large as it is.
fn step() -> Entry {
    let mut made = Annotation::new("fresh1", "entity", Span::new(0, 9));
    made.attributes.set("type", Some(Value::Text("person".into())));
    let back = Edit::Remove("fresh1".into());
    Entry::step("tag person", Change { edit: Edit::Put(made), back })
}
