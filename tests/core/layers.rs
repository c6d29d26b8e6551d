//! What a layer finds: by place, by id, in reading order, by relation. A plain scan is the measure.
//!
//! `assert_consistent` compares all of it at once; the other files call it after each change.

use pressmark::model::{AUTHOR, Annotation, Attributes, Layer, Orphan, PartsError, Relation, Span, Value};
use proptest::prelude::*;

use crate::notation::{annotation, head, linked, listed, marked};

/// Strings with an emoji joined by ZWJ, a combining mark, CRLF, Arabic, Chinese and Burmese.
pub const SCRIPTS: [&str; 6] = [
    "[person:👩🏽‍🚀 Ada] met [organization:the [place:👨‍👩‍👧‍👦] club]",
    "[person:Zoe\u{301}] sat in a [place:cafe\u{301}]",
    "[quote#1:We came]\r\n\r\nand [quote#1:saw]\r\n",
    "قال [person:تشن هاي] من [organization:وزارة الخارجية] أمس",
    "[person:陈海]会见了[organization:[place:缅甸]内政部]部长",
    "[person:ချန်ဟိုင်] က [place:နေပြည်တော်] တွင် တွေ့ဆုံသည်",
];

/// Fails unless every way to find something in a layer agrees with a plain scan of its annotations and relations.
pub fn assert_consistent(layer: &Layer) {
    let all: Vec<&Annotation> = layer.annotations().collect();
    assert_eq!(all.len(), layer.len());
    assert_eq!(all.is_empty(), layer.is_empty());
    let key = |a: &Annotation| (a.hull().map_or((u32::MAX, u32::MAX), |hull| (hull.start(), hull.end())), a.id.clone());
    assert!(all.windows(2).all(|pair| key(pair[0]) < key(pair[1])), "reading order");
    for (at, annotation) in all.iter().enumerate() {
        assert_eq!(layer.position(&annotation.id), Some(at));
        assert_eq!(layer.nth(at), Some(*annotation));
        assert_eq!(layer.get(&annotation.id), Some(*annotation));
        assert!(layer.has_id(&annotation.id));
        for &span in &annotation.spans {
            assert_eq!(layer.overlapping(span), scan(layer, span), "at {span:?}");
            let before = all.iter().filter(|a| a.hull().is_some_and(|hull| hull.start() < span.start())).count();
            assert_eq!(layer.count_before(span.start()), before);
        }
    }
    assert_eq!(layer.nth(all.len()), None);
    let relations = layer.relations();
    assert_eq!(relations.len(), layer.relation_count());
    assert!(relations.windows(2).all(|pair| pair[0].id < pair[1].id));
    let ends = all.iter().map(|annotation| annotation.id.as_str()).chain([AUTHOR, "nobody"]);
    for end in ends {
        let mut touching: Vec<&Relation> = relations.iter().copied().filter(|relation| relation.touches(end)).collect();
        touching.sort_by_key(|relation| (relation.label.clone(), relation.id.clone()));
        assert_eq!(layer.relations_of(end), touching, "relations of {end}");
    }
    for relation in relations {
        assert_eq!(layer.relation(&relation.id), Some(relation));
        assert!([&relation.from, &relation.to].iter().all(|end| *end == AUTHOR || layer.get(end).is_some()));
    }
}

fn scan(layer: &Layer, query: Span) -> Vec<&Annotation> {
    let touches = |span: &Span| {
        if query.is_empty() {
            span.start() <= query.start() && query.start() <= span.end()
        } else {
            span.overlaps(query)
        }
    };
    layer.annotations().filter(|annotation| annotation.spans.iter().any(touches)).collect()
}

#[test]
fn every_script_keeps_its_spans() {
    for notation in SCRIPTS {
        let (text, layer) = marked(notation);
        assert_consistent(&layer);
        for annotation in layer.annotations() {
            for span in &annotation.spans {
                assert!(span.slice(&text).is_some_and(|slice| !slice.is_empty()), "{notation}: {span:?}");
            }
        }
    }
    let (text, layer) = marked(SCRIPTS[4]);
    assert_eq!(listed(&text, &layer), [r#"a1 person "陈海""#, r#"a3 place "缅甸""#, r#"a2 organization "缅甸内政部""#]);
}

#[test]
fn a_fragment_is_met_and_the_gap_between_fragments_is_not() {
    let (text, layer) = marked("[quote#1:We came], he said, [quote#1:and saw].");
    let met = |word: &str| {
        let start = text.find(word).expect("the word stands in the text");
        layer.overlapping(Span::from_range(start..start + word.len())).len()
    };
    assert_eq!((met("came"), met("he said"), met("and")), (1, 0, 1));
}

#[test]
fn parts_with_one_id_twice_or_a_dead_end_are_refused() {
    let span = Span::new(0, 3);
    let two = vec![annotation("a1", "person", &[span]), annotation("a1", "place", &[span])];
    assert_eq!(Layer::from_parts(head(), two, vec![]).err(), Some(PartsError::DuplicateId("a1".into())));
    let one = vec![annotation("a1", "person", &[span])];
    let taken = vec![Relation::new("a1", "same", "a1", AUTHOR)];
    let refused = Layer::from_parts(head(), one.clone(), taken).err();
    assert_eq!(refused, Some(PartsError::DuplicateId("a1".into())));
    let dead = vec![Relation::new("r1", "speaker", "a1", "a9")];
    let refused = Layer::from_parts(head(), one, dead).err();
    assert_eq!(refused, Some(PartsError::RelationToNowhere { relation: "r1".into(), end: "a9".into() }));
}

#[test]
fn an_orphan_stands_last_and_nowhere_in_the_text() {
    let (_, placed) = marked("[person:Ada] met [person:Bo]");
    let mut orphan = annotation("a0", "person", &[Span::new(0, 1)]);
    orphan.spans.clear();
    orphan.edit_extra(|extra| extra.orphan = Some(Orphan::default()));
    let all = placed.annotations().cloned().chain([orphan]).collect();
    let layer = Layer::from_parts(head(), all, vec![]).expect("sound parts");
    assert_consistent(&layer);
    assert_eq!(layer.nth(2).map(|annotation| annotation.id.as_str()), Some("a0"));
    assert!(layer.overlapping(Span::new(0, 1_000)).iter().all(|annotation| annotation.id != "a0"));
}

#[test]
fn layers_are_equal_when_they_say_the_same() {
    let (_, one) = linked("[person:Ada] said [quote:so]", &[("speaker", "a2", "a1")]);
    let parts = one.annotations().rev().cloned().collect();
    let other = Layer::from_parts(head(), parts, one.relations().into_iter().cloned().collect());
    assert_eq!(Some(one), other.ok());
}

#[test]
fn attributes_are_found_whatever_the_order_they_came_in() {
    let text = |value: &str| Value::Text(value.into());
    let mut one = Attributes::default();
    one.set("type", Some(text("person")));
    one.set("link", Some(text("Q7259")));
    one.set("mention", Some(text("name")));
    let all = [("mention", "name"), ("type", "person"), ("link", "Q7259")];
    assert_eq!(one, all.iter().map(|&(id, value)| (id.into(), text(value))).collect());
    one.set("link", None);
    one.set("link", None);
    assert_eq!((one.len(), one.text("type"), one.get("link")), (2, Some("person"), None));
}

proptest! {
    #[test]
    fn overlapping_equals_a_plain_scan(
        spans in prop::collection::vec((0u32..5_000, 1u32..400, 0u32..50, 0u32..300), 0..80),
        queries in prop::collection::vec((0u32..5_500, 0u32..800), 1..12),
    ) {
        let annotations = spans.iter().zip(1..).map(|(&(start, len, gap, more), n)| {
            let mut all = vec![Span::new(start, start + len)];
            if more > 0 {
                all.push(Span::new(start + len + gap, start + len + gap + more));
            }
            annotation(&format!("a{n}"), "quote", &all)
        });
        let layer = Layer::from_parts(head(), annotations.collect(), vec![]).expect("sound parts");
        assert_consistent(&layer);
        for (start, len) in queries {
            let query = Span::new(start, start + len);
            prop_assert_eq!(layer.overlapping(query), scan(&layer, query));
        }
    }
}
