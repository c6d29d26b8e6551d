//! What opening costs: articles of 4 KB, 1 MB and 10 MB read and decoded, their sidecars read, written and saved.
//!
//! "read the bytes alone" is the measure for the rest: the file into memory and a check that it is UTF-8, nothing more.
//! All files are warm in the system's cache; saving waits for the disk (fsync).

mod generate;
mod report;

use criterion::{BatchSize, BenchmarkId, Criterion};
use generate::{SIZES, files};
use pressmark::article::{self, Article};
use pressmark::store::{schema, sidecar};

const NAMES: [&str; 6] = [
    "read the bytes alone",
    "read and decode the article",
    "one paragraph: read and decode",
    "read the sidecar",
    "write the sidecar's text",
    "save the sidecar",
];

fn main() {
    let mut run = report::Run::new();
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    for (size, bytes, annotations) in SIZES {
        let name = format!("{bytes}.txt");
        let files = files::write(folder.path(), &name, &generate::article(bytes, 1), annotations, 2);
        let paragraph = folder.path().join(format!("{bytes}-paragraph.txt"));
        std::fs::write(&paragraph, generate::single_paragraph(bytes, 1)).expect("the folder can be written");
        let article = read(&files.article);
        let builtin = schema::builtin();
        let criterion = &mut run.criterion;
        bench(criterion, NAMES[0], size, || std::fs::read_to_string(&files.article).expect("the file can be read"));
        bench(criterion, NAMES[1], size, || read(&files.article));
        bench(criterion, NAMES[2], size, || read(&paragraph));
        let load = || sidecar::read_layer(&files.sidecar, &article, &builtin).expect("the sidecar can be read");
        bench(criterion, NAMES[3], size, load);
        let layer = load().layer;
        assert_eq!(layer.len(), annotations, "the sidecar gives the whole layer back");
        bench(criterion, NAMES[4], size, || sidecar::write_layer(&article, &layer));
        // Two in turn, as a save that would change nothing writes nothing.
        let contents = sidecar::write_layer(&article, &layer);
        let contents = [format!("{contents}\n"), contents];
        let mut turns = contents.iter().cycle();
        bench(criterion, NAMES[5], size, || {
            let contents = turns.next().expect("an endless walk");
            sidecar::save_layer(&files.sidecar, &article, folder.path(), contents).expect("the folder can be written");
        });
    }
    run.table("open, medians", &SIZES.map(|(size, ..)| size), &NAMES);
}

fn read(path: &std::path::Path) -> Article {
    article::read(path, None).expect("a generated article can be read")
}

/// Times `work`; what it makes is dropped outside of the time.
fn bench<T>(criterion: &mut Criterion, name: &str, size: &str, mut work: impl FnMut() -> T) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20);
    group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
        bencher.iter_batched(|| (), |()| work(), BatchSize::LargeInput);
    });
    group.finish();
}
