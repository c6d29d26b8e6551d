//! What a column keeps: nothing that is read moves when heights turn out otherwise than estimated, and parts of long
//! blocks cover them whole.
//!
//! Only the bundled faces are used; texts are made so that estimates are wrong.

use std::path::Path;
use std::sync::Arc;

use super::{Column, Fonts, Measure, Place, Setter, Visible};
use crate::article::{self, Article};

const VIEW: f32 = 700.0;

fn read(name: &str, text: &str) -> Arc<Article> {
    let article = article::from_bytes(Path::new(name), text.as_bytes().to_vec(), Some("UTF-8"));
    Arc::new(article.expect("a text that can be read"))
}

fn open(article: &Arc<Article>) -> (Setter, Column) {
    let measure = Measure { scale: 1.0, width: 420.0 };
    (Setter::new(Fonts::bundled(), article.clone()), Column::new(article, measure))
}

/// Paragraphs of wide and of narrow letters, and headings: estimates are wrong both ways.
fn uneven() -> Arc<Article> {
    let mut text = String::new();
    for at in 0..160 {
        match at % 4 {
            0 => text.push_str(&"Will mild lilies fill? ".repeat(3 + at % 17)),
            1 => text.push_str(&"WOMAN MEMORANDUM ".repeat(2 + at % 11)),
            2 => text.extend(["## Part ", &at.to_string()]),
            _ => text.push_str(&"Ordinary words stand here, as many as there are. ".repeat(1 + at % 7)),
        }
        text.push_str("\n\n");
    }
    read("uneven.md", &text)
}

/// How far the chunks that both views show have moved down.
fn moved(before: &[Visible], after: &[Visible]) -> Vec<f32> {
    let old = |chunk| before.iter().find(|seen| seen.chunk == chunk);
    after.iter().filter_map(|seen| Some(seen.top - old(seen.chunk)?.top)).collect()
}

#[test]
fn scrolling_through_what_was_never_set_moves_just_as_far_as_asked() {
    let article = uneven();
    for step in [-37.0, -260.0, 41.0, 300.0] {
        let (mut setter, mut column) = open(&article);
        let mut place = column.place_at(column.height() * 0.5);
        let mut before = column.view(&mut setter, &mut place, VIEW);
        for _ in 0..60 {
            place.offset += step;
            let after = column.view(&mut setter, &mut place, VIEW);
            let edge = after.first().is_some_and(|seen| seen.chunk == 0)
                || after.last().is_some_and(|seen| seen.chunk + 1 == column.chunks().len());
            if edge {
                break;
            }
            let moves = moved(&before, &after);
            assert!(!moves.is_empty(), "views a step apart share a chunk");
            assert!(moves.iter().all(|by| (by + step).abs() < 0.05), "{step}: {moves:?}");
            before = after;
        }
    }
}

#[test]
fn heights_that_are_corrected_elsewhere_move_nothing_in_view() {
    let article = uneven();
    let (mut setter, mut column) = open(&article);
    let mut place = Place { chunk: 90, offset: 5.0 };
    let before = column.view(&mut setter, &mut place, VIEW);
    let byte = column.chunks()[before[0].chunk].source.start;
    let estimated = column.height_before(place);
    for chunk in [3, 40, 41, 42, 88, 89, 120, 140] {
        setter.ensure(&mut column, &[chunk]);
    }
    let after = column.view(&mut setter, &mut place, VIEW);
    assert_eq!(before, after);
    assert_eq!(column.chunks()[after[0].chunk].source.start, byte);
    assert!((column.height_before(place) - estimated).abs() > 1.0, "the estimates were wrong, or this tests nothing");
}

#[test]
fn a_view_is_filled_without_a_gap_wherever_one_jumps() {
    let article = uneven();
    let (mut setter, mut column) = open(&article);
    for at in 0..40 {
        let mut place = column.place_at(column.height() * f64::from(at) / 39.0);
        let visible = column.view(&mut setter, &mut place, VIEW);
        for pair in visible.windows(2) {
            let [first, next] = [pair[0], pair[1]];
            let paragraph = setter.get(first.chunk).expect("what is in view is set");
            let gap = next.top - first.top - paragraph.height();
            assert!((0.0..60.0).contains(&gap), "a gap of {gap} below chunk {}", first.chunk);
        }
        assert!(visible[0].top <= 40.0, "the view begins with text");
        let last = visible[visible.len() - 1];
        let end = last.top + setter.get(last.chunk).expect("it is set").height();
        assert!(end >= VIEW * 0.6, "the view is filled to {end}");
    }
}

#[test]
fn what_is_set_is_not_set_again() {
    let article = uneven();
    let (mut setter, mut column) = open(&article);
    let mut place = Place { chunk: 30, offset: 0.0 };
    let visible = column.view(&mut setter, &mut place, VIEW);
    let first = setter.take_counts().set;
    assert!((visible.len()..visible.len() + 8).contains(&first), "{first} set for {} in view", visible.len());
    column.view(&mut setter, &mut place, VIEW);
    assert_eq!(setter.take_counts().set, 0);
}

#[test]
fn what_is_near_is_drawn_ahead_also_if_it_was_set_before() {
    let article = uneven();
    let (mut setter, mut column) = open(&article);
    let near = 0..8.min(column.chunks().len());
    let bands = |setter: &Setter| -> Vec<(usize, usize)> {
        let of = |chunk: usize| setter.get(chunk).map_or(0, |paragraph| paragraph.bands().len());
        near.clone().flat_map(|chunk| (0..of(chunk)).map(move |band| (chunk, band))).collect()
    };
    setter.ahead(&column, near.clone(), |_| false);
    setter.collect_all(&mut column);
    let all = bands(&setter);
    setter.take_counts();
    assert_eq!((setter.pictures(&all).len(), setter.take_counts().drawn), (all.len(), 0));
    // What was fetched is on the screen; then all but the first band is dropped there, and comes near again.
    setter.ahead(&column, near.clone(), |_| true);
    setter.ahead(&column, near.clone(), |band| band == all[0]);
    setter.collect_all(&mut column);
    setter.pictures(&all[1..]);
    assert_eq!(setter.take_counts(), super::Counts::default(), "nothing was waited for, nor set again");
    setter.pictures(&all[..1]);
    assert_eq!(setter.take_counts().drawn, 1, "what is shown was not drawn again");
}

#[test]
fn parts_of_a_long_block_cover_it_whole_and_end_with_sentences() {
    let sentence = |at: usize| format!("Sentence {at} says that nobody had asked for so many words. ");
    let text: String = (0..1400).map(sentence).collect();
    let article = read("long.txt", text.trim_end());
    assert_eq!(article.blocks().len(), 1, "one paragraph");
    let (_, column) = open(&article);
    let chunks = column.chunks();
    assert!(chunks.len() > 10);
    check_cover(&article, &column);
    for chunk in &chunks[1..] {
        assert!(article.text[chunk.source.start as usize..].starts_with("Sentence "), "{:?}", chunk.source);
    }
}

#[test]
fn parts_of_odd_long_blocks_cover_them_whole() {
    let link = "words and [a link](https://example.org/with/a/rather/long/address) ".repeat(500);
    for (name, text) in [
        ("word.txt", "x".repeat(100 << 10)),
        ("chinese.txt", "汉字没有句号".repeat(6000)),
        ("marks.txt", format!("e{}", "\u{301}".repeat(30_000))),
        ("faults.txt", "\u{fffd}".repeat(20_000)),
        ("link.md", link),
    ] {
        let article = read(name, &text);
        let (mut setter, mut column) = open(&article);
        check_cover(&article, &column);
        for fraction in [0.0, 0.5, 1.0] {
            let mut place = column.place_at(column.height() * fraction);
            let visible = column.view(&mut setter, &mut place, VIEW);
            assert!(!visible.is_empty(), "{name}");
        }
    }
}

fn check_cover(article: &Article, column: &Column) {
    for (number, block) in article.blocks().iter().enumerate() {
        let chunks: Vec<_> = column.chunks().iter().filter(|chunk| chunk.block == number).collect();
        assert_eq!(chunks[0].source.start, block.source.start);
        assert_eq!(chunks[chunks.len() - 1].source.end, block.source.end);
        assert!(chunks.windows(2).all(|pair| pair[0].source.end == pair[1].source.start));
        assert!(chunks.iter().all(|chunk| (1..=8 << 10).contains(&chunk.source.len())));
        assert_eq!(chunks.iter().filter(|chunk| chunk.first).count(), 1);
        assert_eq!(chunks.iter().filter(|chunk| chunk.last).count(), 1);
        let parts: String =
            chunks.iter().map(|chunk| article.display_part(number, chunk.source.clone()).text).collect();
        assert_eq!(parts, article.display(number).text);
    }
}

#[test]
fn an_article_without_blocks_shows_nothing() {
    for text in ["\n", " \n\n "] {
        if let Ok(article) = article::from_bytes(Path::new("a.txt"), text.as_bytes().to_vec(), Some("UTF-8")) {
            let (mut setter, mut column) = open(&Arc::new(article));
            let mut place = Place::default();
            column.view(&mut setter, &mut place, VIEW);
            assert!(column.height() < 100.0);
        }
    }
}
