//! How well marks are found again, on a small fixed set of edited articles: no bar may be missed.
//!
//! `cargo bench --bench reanchor` prints the whole table on a larger set, and the times.

#[path = "../benches/generate/mod.rs"]
mod generate;
#[path = "../benches/revisions/mod.rs"]
mod revisions;

use pressmark::anchor::anchor;
use pressmark::model::Span;
use revisions::Table;

#[test]
fn marks_are_found_again_and_hardly_one_in_the_wrong_place() {
    let mut table = Table::default();
    for case in revisions::cases(7, 12, 1, None) {
        let spans: Vec<[Span; 1]> = case.marks.iter().map(|mark| [mark.span]).collect();
        for (mark, found) in case.marks.iter().zip(anchor(&case.old, &case.new, &spans)).filter(|(mark, _)| !mark.gray)
        {
            table.add(&case.edit, mark.gold, &[found.spans.first().copied()]);
        }
    }
    let all = table.all();
    assert!(all.there > 8_000 && all.deleted > 150, "the set is what it was: {all:?}");
    assert!(all.f1() >= 0.998, "F1 {}\n{table}", all.f1());
    assert!(all.part(all.wrong) <= 0.0005, "{} wrong\n{table}", all.wrong);
    assert!(all.ghostly() <= 0.02, "{} ghosts of {}\n{table}", all.ghosts, all.deleted);
    assert!(all.part(all.missed) <= 0.0015, "{} missed\n{table}", all.missed);
    for edit in ["noop", "crlf", "space", "unicode", "case", "markup", "insert", "typo"] {
        let row = table.row(edit);
        assert_eq!((row.found, row.wrong, row.missed), (row.there, 0, 0), "{edit}\n{table}");
    }
    assert!(table.row("reorder").f1() >= 0.995, "{table}");
}

#[test]
fn a_long_text_with_a_slip_in_every_fourth_word_keeps_its_marks() {
    let case = revisions::cases(7, 1, 40, Some("noop")).remove(0);
    let slip = |(at, word): (usize, &str)| match word.char_indices().nth(2) {
        Some((middle, _)) if at % 4 == 0 => format!("{}x{}", &word[..middle], &word[middle..]),
        _ => word.to_owned(),
    };
    let new: String = case.old.split_inclusive(' ').enumerate().map(slip).collect();
    let spans: Vec<[Span; 1]> = case.marks.iter().map(|mark| [mark.span]).collect();
    let lost = anchor(&case.old, &new, &spans).iter().filter(|found| found.spans.is_empty()).count();
    assert!(spans.len() > 2_000 && lost * 200 <= spans.len(), "{lost} of {} are lost", spans.len());
}

#[test]
fn the_set_is_the_same_on_every_machine() {
    let all = revisions::cases(7, 2, 1, None);
    let texts = all.iter().flat_map(|case| case.new.bytes());
    let sum = texts.fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    assert_eq!((all.len(), sum), (36, 2_502_014_006), "the generator changed: figures before and after do not compare");
}

#[test]
fn texts_that_are_no_prose_come_to_an_end_too() {
    let words = |words: &str, times: usize| words.repeat(times);
    let cases = [
        (words("ab c ", 60_000), words("c ab d ", 60_000)),
        (words("the ", 60_000), words("the ", 50_000)),
        (words("中文汉字", 20_000), words("文中字汉", 20_000)),
        (words("abc", 80_000), words("abd", 80_000)),
        (words("one two three ", 20_000), String::new()),
    ];
    for (old, new) in cases {
        let spans: Vec<[Span; 1]> =
            (0..old.len() as u32 / 6_000).map(|n| [Span::new(n * 6_000, n * 6_000 + 60)]).collect();
        let found = anchor(&old, &new, &spans);
        assert!(found.iter().flat_map(|found| &found.spans).all(|span| span.slice(&new).is_some()));
    }
}
