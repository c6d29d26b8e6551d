//! What a layer costs at 25, 10,000 and 100,000 annotations: tag and undo, relabel, find, build, and bytes held.
//!
//! Tagging, undoing, relabelling and finding are to cost the same at every size; a plain typed entity takes at most 200
//! bytes, index included. Articles and layers come from `generate`, the same on every machine.

mod generate;
mod report;

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, measurement::WallTime};
use generate::{Random, SIZES};
use peak_alloc::PeakAlloc;
use pressmark::edit::{Edit, History, apply};
use pressmark::model::{Annotation, Layer, Span, Value};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What one screen shows of an article, in bytes.
const SCREEN: u32 = 3 << 10;
/// How many places each bench goes through, over and over.
const PLACES: usize = 1_024;
const NAMES: [&str; 4] = ["tag and undo", "relabel", "find what a screen shows", "build from a file's parts"];

fn main() {
    let mut run = report::Run::new();
    for (size, bytes, annotations) in SIZES {
        let text = generate::article(bytes, 1);
        let mut layer = generate::layer(&text, annotations, 2);
        let mut random = Random::new(3);
        let places: Vec<usize> = (0..PLACES).map(|_| random.below(text.len())).collect();
        let mut group = run.criterion.benchmark_group(NAMES[0]);
        tag_and_undo(&mut group, size, &mut layer, &places);
        group.finish();
        let mut group = run.criterion.benchmark_group(NAMES[1]);
        relabel(&mut group, size, &mut layer, &places);
        group.finish();
        let mut group = run.criterion.benchmark_group(NAMES[2]);
        find(&mut group, size, &layer, &places);
        group.finish();
        let mut group = run.criterion.benchmark_group(NAMES[3]);
        build(group.sample_size(20), size, &layer);
        group.finish();
    }
    run.table("layer, medians", &SIZES.map(|(size, ..)| size), &NAMES);
    memory();
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn tag_and_undo(group: &mut Group<'_>, size: &str, layer: &mut Layer, places: &[usize]) {
    let mut history = History::default();
    let mut places = places.iter().cycle();
    group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
        bencher.iter(|| {
            let at = places.next().map_or(0, |&at| at as u32);
            let mut made = Annotation::new("fresh1", "entity", Span::new(at, at + 9));
            made.attributes.set("type", Some(Value::Text("person".into())));
            history.perform(layer, "tag", Edit::Put(made)).expect("the id is free");
            history.undo(layer).expect("undo fits")
        });
    });
}

fn relabel(group: &mut Group<'_>, size: &str, layer: &mut Layer, places: &[usize]) {
    let mut places = places.iter().zip([true, false, true].into_iter().cycle()).cycle();
    group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
        bencher.iter(|| {
            let (&at, person) = places.next().expect("an endless walk");
            let mut changed = layer.nth(at % layer.len()).expect("a place in the layer").clone();
            let kind = if person { "person" } else { "place" };
            changed.attributes.set("type", Some(Value::Text(kind.into())));
            apply(layer, Edit::Put(changed)).expect("the annotation is sound")
        });
    });
}

fn find(group: &mut Group<'_>, size: &str, layer: &Layer, places: &[usize]) {
    let end = layer.annotations().filter_map(Annotation::hull).map(Span::end).max().unwrap_or_default();
    let screens = places.iter().map(|&at| (at as u32).min(end.saturating_sub(SCREEN)));
    let screens: Vec<Span> = screens.map(|start| Span::new(start, start + SCREEN)).collect();
    let found: usize = screens.iter().map(|&screen| layer.overlapping(screen).len()).sum();
    report::print(&format!("{size}: a screen shows {} annotations on average", found / screens.len()));
    let mut screens = screens.iter().cycle();
    group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
        bencher.iter(|| layer.overlapping(*screens.next().expect("an endless walk")).len());
    });
}

fn build(group: &mut Group<'_>, size: &str, layer: &Layer) {
    let annotations: Vec<Annotation> = layer.annotations().cloned().collect();
    let relations: Vec<_> = layer.relations().into_iter().cloned().collect();
    group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
        bencher.iter_batched(
            || (annotations.clone(), relations.clone()),
            |(annotations, relations)| Layer::from_parts(generate::head(), annotations, relations),
            BatchSize::LargeInput,
        );
    });
}

/// Bytes held, as asked of the allocator (its own rounding comes on top).
fn memory() {
    let (_, bytes, annotations) = SIZES[2];
    let text = generate::article(bytes, 1);
    let held = |make: &dyn Fn() -> Layer| {
        let before = ALLOCATOR.current_usage();
        let layer = black_box(make());
        let held = ALLOCATOR.current_usage() - before;
        held as f64 / layer.len() as f64
    };
    let plain = held(&|| generate::entities(&text, annotations, 2));
    let mixed = held(&|| generate::layer(&text, annotations, 2));
    report::print(&format!(
        "bytes an annotation, of {annotations}: {plain:.1} plain typed entities (limit 200), {mixed:.1} mixed with quotes, claims, relations"
    ));
}
