//! What becomes of marks when a text is edited.
//!
//! Cases are written as the text before with `[marks]`, the text after with the places they should have, and the states
//! in order; a mark that is gone has no brackets after. What is true of any text stands below as properties.

use proptest::prelude::*;

use super::*;

/// The text without its brackets, and what they held.
fn marked(notation: &str) -> (String, Vec<Span>) {
    let (mut text, mut open, mut spans) = (String::new(), Vec::new(), Vec::new());
    for c in notation.chars() {
        match c {
            '[' => open.push(text.len()),
            ']' => spans.push(Span::from_range(open.pop().expect("a bracket that opens")..text.len())),
            _ => text.push(c),
        }
    }
    spans.sort();
    (text, spans)
}

fn ids(found: &[Anchored]) -> String {
    found.iter().map(|anchored| anchored.state.id()).collect::<Vec<_>>().join(" ")
}

fn check(before: &str, after: &str, states: &str) {
    let (old, spans) = marked(before);
    let (new, expected) = marked(after);
    let found = anchor(&old, &new, &spans.iter().map(|&span| [span]).collect::<Vec<_>>());
    assert_eq!(ids(&found), states, "{before} -> {after}: {found:?}");
    let mut places: Vec<Span> = found.iter().flat_map(|anchored| anchored.spans.clone()).collect();
    places.sort();
    let said = |spans: &[Span]| spans.iter().map(|span| span.slice(&new).unwrap_or("?").to_owned()).collect::<Vec<_>>();
    assert_eq!(places, expected, "{before} -> {after}: {:?}", said(&places));
}

#[test]
fn marks_follow_their_words() {
    let cases = [
        ("[Ada] met [Chen Hai].", "Yesterday [Ada] met [Chen Hai].", "exact exact"),
        ("[Ada] met [Chen Hai] in Bern.", "[Ada] greeted [Chen Hai] in Bern.", "exact exact"),
        ("He said [we will go home now].", "He said [we will probably go home now].", "edited"),
        ("She said [we shall overcome] today.", "She said [we shal overcome] today.", "edited"),
        ("One. [Two is gone.] Three stays here.", "One. Three stays here.", "orphan"),
        ("[Keller] left. Then [Keller] came.", "[Kellerman] left. Then [Kellerman] came.", "edited edited"),
        ("Says [“no”] twice.", "Says [\"no\"] twice.", "moved"),
        ("The [Café] is shut.", "The [Cafe\u{301}] is shut.", "moved"),
        ("He saw 👩\u{200d}🎤 [👩🏽\u{200d}🔬] there.", "He saw [👩🏽\u{200d}🔬] there.", "exact"),
        ("one\r\n[two three]\r\nfour", "one\n[two\nthree]\nfour", "moved"),
        ("قال [خالد] نعم.", "وقال السيد [خالد] نعم.", "exact"),
        ("今天[陈海]会见了部长。", "昨天[陈海]会见了部长。", "exact"),
        ("[陈海部长]说了很多话。", "[陈海前部长]说了很多话。", "edited"),
        ("သူသည် [မြန်မာ] နိုင်ငံသား", "ထိုသူသည် [မြန်မာ] နိုင်ငံသား", "exact"),
        ("[UPPER Title]\n\ntext follows", "[Upper TITLE]\n\ntext follows", "moved"),
        ("an under[stand]ing word", "an under[stand]ing new word", "exact"),
        ("mark [all of it] up", "mark **[all** of **it]** up", "edited"),
    ];
    for (before, after, states) in cases {
        check(before, after, states);
    }
}

#[test]
fn a_paragraph_that_was_carried_takes_its_marks_along() {
    let (a, b, c) = (
        "[Ada Lovelace] wrote the first program for an engine that was never built.",
        "Nobody read it for a hundred years, and then [everybody] did so at once.",
        "The engine stands in a museum today, and [Babbage] has a crater on the moon.",
    );
    check(&format!("{a}\n\n{b}\n\n{c}\n"), &format!("{c}\n\n{a}\n\n{b}\n"), "exact exact moved");
    let changed = "The engine stood in a museum until today, and [Babbage] has a crater on the moon.";
    check(&format!("{a}\n\n{b}\n\n{c}\n"), &format!("{changed}\n\n{a}\n\n{b}\n"), "exact exact moved");
}

#[test]
fn what_is_gone_is_not_given_to_a_copy_that_has_its_own_mark() {
    let quote = "“The figures simply do not add up,” ";
    let before = format!("{quote}Marsh said.\n\nThe vote is due before summer.\n\n[{quote}]Osei warned.\n");
    let after = format!("{quote}Marsh said.\n\nThe vote is due before summer.\n");
    let (old, spans) = marked(&before);
    let found = anchor(&old, &after, &[[spans[0]]]);
    assert_eq!(ids(&found), "orphan");
    assert_eq!(found[0].candidates[0].spans[0].start(), 0, "the copy is a candidate");
}

#[test]
fn fragments_come_over_together_or_not_at_all() {
    let (old, spans) = marked("[“We go,] she said, [and never return.”] They went away.");
    let (new, expected) = marked("Listen: [“We go,] she said softly, [and never return.”] They went away.");
    let found = anchor(&old, &new, std::slice::from_ref(&spans));
    assert_eq!((ids(&found).as_str(), found[0].spans.as_slice()), ("exact", expected.as_slice()));
    let found = anchor(&old, "“We go,” she said. They went away.", &[spans]);
    assert_eq!(ids(&found), "orphan");
}

#[test]
fn without_the_old_text_quotes_are_found_by_their_surroundings() {
    let text = "Ada Keller spoke first. Later Keller left the room, and Keller came back alone at night.";
    let quote = |before, words, after, start| Quote { texts: vec![words], context: (before, after), start };
    let cases = [
        (quote("spoke first. Later ", "Keller", " left the room", 30), "exact", "Keller left"),
        (quote("left the room, and ", "Keller", " came back alone", 56), "exact", "Keller came"),
        (quote("", "Keller", "", 30), "orphan", ""),
        (quote("room, and Keller ", "came  back “alone”", " at night.", 63), "edited", "came back"),
        (quote("and Keller ", "CAME BACK\nALONE", " at night.", 63), "moved", "came back"),
        (quote("Somewhere else ", "a quote that is gone", " altogether", 3), "orphan", ""),
    ];
    for (quote, state, start) in cases {
        let found = find(text, std::slice::from_ref(&quote));
        assert_eq!(ids(&found), state, "{quote:?}: {found:?}");
        if let Some(span) = found[0].spans.first() {
            assert!(text[span.start() as usize..].starts_with(start), "{quote:?}");
        }
    }
}

#[test]
fn two_marks_that_stood_apart_never_end_on_the_same_words() {
    let quote = |start| Quote { texts: vec!["a decade of waiting is enough"], context: ("", ""), start };
    let found = find("He says a decade of waiting is enough for all.", &[quote(3), quote(90)]);
    assert_eq!(ids(&found), "orphan orphan");
    assert_eq!(found[0].candidates.len(), 1);
}

const WORDS: &[&str] = &[
    "Ada",
    "said",
    "“no”",
    "the",
    "the",
    "council",
    "cafe\u{301}",
    "👩🏽\u{200d}🎤",
    "中文",
    "မြန်မာ",
    "قال",
    ".\n\n",
    "…",
    "1,300",
    "--",
    "x",
];

fn text_of(words: &[usize], between: &str) -> String {
    words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(between)
}

fn spans_of(text: &str, cuts: &[(usize, usize)]) -> Vec<[Span; 1]> {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let place = |cut: usize| bounds[cut % bounds.len()] as u32;
    cuts.iter().map(|&(a, b)| [Span::new(place(a), place(b))]).filter(|[span]| !span.is_empty()).collect()
}

proptest! {
    #[test]
    fn places_lie_in_the_text_on_boundaries_and_are_always_the_same(
        old in prop::collection::vec(0..WORDS.len(), 0..60),
        new in prop::collection::vec(0..WORDS.len(), 0..60),
        keep in any::<bool>(),
        cuts in prop::collection::vec((0usize..400, 0usize..400), 0..12),
    ) {
        let old = text_of(&old, " ");
        let new = if keep { format!("{}{old}", text_of(&new, "\r\n")) } else { text_of(&new, "") };
        let spans = spans_of(&old, &cuts);
        let found = anchor(&old, &new, &spans);
        prop_assert_eq!(&found, &anchor(&old, &new, &spans));
        for anchored in &found {
            prop_assert_eq!(anchored.spans.is_empty(), anchored.state == State::Orphan);
            let all = anchored.spans.iter().chain(anchored.candidates.iter().flat_map(|candidate| &candidate.spans));
            for span in all {
                prop_assert!(span.slice(&new).is_some_and(|words| !words.is_empty()), "{:?}", anchored);
            }
        }
        let quotes: Vec<Quote<'_>> = spans
            .iter()
            .map(|[span]| Quote { texts: vec![&old[span.range()]], context: ("", ""), start: span.start().into() })
            .collect();
        for anchored in find(&new, &quotes) {
            prop_assert!(anchored.spans.iter().all(|span| span.slice(&new).is_some()));
        }
    }

    #[test]
    fn the_same_text_keeps_every_mark_exactly(
        words in prop::collection::vec(0..WORDS.len(), 1..40),
        cuts in prop::collection::vec((0usize..200, 0usize..200), 0..8),
    ) {
        let text = text_of(&words, " ");
        let spans = spans_of(&text, &cuts);
        for (anchored, span) in anchor(&text, &text, &spans).iter().zip(&spans) {
            prop_assert_eq!(anchored.state, State::Exact);
            prop_assert_eq!(anchored.spans.as_slice(), span);
        }
    }

    #[test]
    fn other_white_space_changes_no_word_of_a_mark(
        words in prop::collection::vec(0..WORDS.len(), 1..40),
        marks in prop::collection::vec((0usize..40, 1usize..6), 1..8),
        between in prop::sample::select(vec!["\n", "\u{a0}", "  ", "\r\n", "\n\n"]),
    ) {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (old, new) = (text_of(&words, " "), text_of(&words, between));
        for (first, count) in marks {
            let first = first % words.len();
            let last = (first + count).min(words.len());
            let start = text_of(&words[..first], " ").len() + usize::from(first > 0);
            let word = text_of(&words[first..last], " ");
            let trimmed = word.trim();
            let start = start + word.len() - word.trim_start().len();
            let span = Span::from_range(start..start + trimmed.len());
            let found = &anchor(&old, &new, &[[span]])[0];
            prop_assert!(matches!(found.state, State::Exact | State::Moved), "{:?}: {:?}", trimmed, found);
            prop_assert_eq!(squeezed(&new[found.spans[0].range()]), squeezed(trimmed));
        }
    }
}
