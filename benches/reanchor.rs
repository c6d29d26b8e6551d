//! How well and how fast marks are found again in edited articles, beside two ways that need no thought.
//!
//! Prints one table for five seeds together, the time an article takes, and that of documents of 300 articles with six
//! edits each. `PRESSMARK_REVISIONS=a.jsonl:b.jsonl` takes other sets (see `revisions::read`) instead of its own.

#[path = "generate/mod.rs"]
mod generate;
#[path = "report/mod.rs"]
mod report;
#[path = "revisions/mod.rs"]
mod revisions;

use std::time::{Duration, Instant};

use pressmark::anchor::{Quote, anchor, find};
use pressmark::model::Span;
use revisions::{Case, Table, exact_with_context, same_position};

const SEEDS: std::ops::RangeInclusive<u64> = 101..=105;

fn main() {
    let sets: Vec<Vec<Case>> = match std::env::var("PRESSMARK_REVISIONS") {
        Ok(paths) => paths
            .split(':')
            .map(|path| {
                revisions::read(&std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}")))
            })
            .collect(),
        Err(_) => SEEDS.map(|seed| revisions::cases(seed, 60, 1, None)).collect(),
    };
    let (mut table, mut alone) = (Table::default(), Table::default());
    let mut times = Vec::new();
    for case in sets.iter().flatten() {
        let spans: Vec<[Span; 1]> = case.marks.iter().map(|mark| [mark.span]).collect();
        let begun = Instant::now();
        let found = anchor(&case.old, &case.new, &spans);
        times.push(begun.elapsed());
        let by_quotes = find(&case.new, &quotes(case));
        for ((mark, found), by_quote) in
            case.marks.iter().zip(&found).zip(&by_quotes).filter(|((mark, _), _)| !mark.gray)
        {
            let places = [
                found.spans.first().copied(),
                same_position(&case.new, mark.span),
                exact_with_context(&case.old, &case.new, mark.span),
            ];
            table.add(&case.edit, mark.gold, &places);
            alone.add(&case.edit, mark.gold, &[by_quote.spans.first().copied(), places[1], places[2]]);
        }
    }
    report::print(&format!("{table}\n"));
    let all = table.all();
    report::print(&format!(
        "{} marks: wrong {:.3} %, ghosts {:.2} % of the deleted, missed {:.3} %",
        all.there + all.deleted,
        100.0 * all.part(all.wrong),
        100.0 * all.ghostly(),
        100.0 * all.part(all.missed)
    ));
    let quotes = alone.all();
    report::print(&format!(
        "without the old text: F1 {:.4}, wrong {:.3} %, ghosts {:.2} %, missed {:.2} %",
        quotes.f1(),
        100.0 * quotes.part(quotes.wrong),
        100.0 * quotes.ghostly(),
        100.0 * quotes.part(quotes.missed)
    ));
    times.sort_unstable();
    let at = |part: usize| milliseconds(times[(times.len() - 1) * part / 100]);
    report::print(&format!(
        "an article: median {:.2} ms, 95th percentile {:.2} ms, slowest {:.1} ms",
        at(50),
        at(95),
        at(100)
    ));
    large();
}

fn quotes(case: &Case) -> Vec<Quote<'_>> {
    const REACH: usize = 32;
    let around = |span: Span| {
        let (before, after) = (&case.old[..span.start() as usize], &case.old[span.end() as usize..]);
        let from = before.char_indices().rev().nth(REACH - 1).map_or(0, |(at, _)| at);
        let to = after.char_indices().nth(REACH).map_or(after.len(), |(at, _)| at);
        (&before[from..], &after[..to])
    };
    let quote = |span: Span| Quote {
        texts: vec![span.slice(&case.old).unwrap_or_default()],
        context: around(span),
        start: span.start().into(),
    };
    case.marks.iter().map(|mark| quote(mark.span)).collect()
}

fn large() {
    let mut slowest = Duration::ZERO;
    for case in revisions::cases(1, 3, 300, Some("mixed6")) {
        let spans: Vec<[Span; 1]> = case.marks.iter().map(|mark| [mark.span]).collect();
        let begun = Instant::now();
        let found = anchor(&case.old, &case.new, &spans);
        let took = begun.elapsed();
        let orphans = found.iter().filter(|found| found.spans.is_empty()).count();
        report::print(&format!(
            "300 articles, mixed6: {} KB, {} marks, {orphans} orphans: {:.0} ms",
            case.old.len() >> 10,
            case.marks.len(),
            milliseconds(took)
        ));
        slowest = slowest.max(took);
    }
    report::print(&format!("the slowest of them: {:.0} ms", milliseconds(slowest)));
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
