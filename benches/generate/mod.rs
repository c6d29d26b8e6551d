//! News-like articles and layers for benches, the same for the same seed on every machine.
//!
//! Texts are unique from sentence to sentence, so that no cache of words or paragraphs flatters a figure. Layers have
//! what real ones have: mostly typed entities, some nested, quotes (one in six in two fragments), claims, and relations
//! to the nearest entity before. What a bench measures is left to the benches.

#![allow(dead_code, reason = "each bench and test uses a part of its own")]

pub mod files;
mod words;

use pressmark::model::{AUTHOR, Annotation, Head, Layer, Relation, SchemaRef, Span, Value};
use words::{BODIES, CLAIMS, DO, GIVEN, SAY, SCRIPTS, SYLLABLES, THINGS, WHEN};

/// The sizes that the README's figures are about: a name, bytes of article, annotations.
pub const SIZES: [(&str, usize, usize); 3] =
    [("4 KB / 25", 4 << 10, 25), ("1 MB / 10,000", 1 << 20, 10_000), ("10 MB / 100,000", 10 << 20, 100_000)];

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
pub struct Random(u64);

impl Random {
    /// A generator that always gives the same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of several.
    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// Yes, so many times in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }
}

/// An article of `bytes` bytes or up to one sentence more: title, dateline, paragraphs with blank lines between.
pub fn article(bytes: usize, seed: u64) -> String {
    write(bytes, seed, false, "\n\n")
}

/// The same with every sixth sentence or so in Arabic, Chinese, Burmese, Thai, Japanese, or with emoji.
pub fn article_in_scripts(bytes: usize, seed: u64) -> String {
    write(bytes, seed, true, "\n\n")
}

/// The same as one paragraph without a line end.
pub fn single_paragraph(bytes: usize, seed: u64) -> String {
    write(bytes, seed, false, " ")
}

fn write(bytes: usize, seed: u64, scripts: bool, between: &str) -> String {
    let mut random = Random::new(seed);
    let mut text = String::with_capacity(bytes + 512);
    let place = surname(&mut random);
    let title = format!("{} {} {}", random.one(BODIES), random.one(DO), random.one(THINGS));
    let dateline = format!("{}, {} March — ", place.to_uppercase(), 1 + random.below(28));
    text.extend([title.as_str(), between, &dateline]);
    while text.len() < bytes {
        for _ in 0..2 + random.below(5) {
            let sentence = if scripts && random.percent(16) { foreign(&mut random) } else { sentence(&mut random) };
            text.push_str(&sentence);
            text.push(' ');
            if text.len() >= bytes {
                break;
            }
        }
        text.pop();
        text.push_str(between);
    }
    text.truncate(text.trim_end().len());
    if between.contains('\n') {
        text.push('\n');
    }
    text
}

fn surname(random: &mut Random) -> String {
    let mut name: String = (0..2 + random.below(2)).map(|_| random.one(SYLLABLES)).collect();
    name[..1].make_ascii_uppercase();
    name
}

fn person(random: &mut Random) -> String {
    format!("{} {}", random.one(GIVEN), surname(random))
}

fn sentence(random: &mut Random) -> String {
    let (who, whom, place) = (person(random), person(random), surname(random));
    let (body, when, thing) = (random.one(BODIES), random.one(WHEN), random.one(THINGS));
    let (count, claim) = (2 + random.below(98_000), random.one(CLAIMS));
    let (done, said) = (random.one(DO), random.one(SAY));
    match random.below(7) {
        0 => format!("The {place} {body} {done} {thing} {when}, {who} {said}."),
        1 => {
            format!("“We have seen {count} letters about {thing},” {who} {said} {when}, “and we will answer each one.”")
        }
        2 => format!("{who}, who met {whom} in {place} {when}, {said} that {claim}."),
        3 => format!("According to media reports, {claim}, and {count} people in {place} {done} {thing}."),
        4 => format!("{whom} of the {body} called it “a matter for {place}, not for {who}”."),
        5 => format!("In {place}, {count} of {} households {done} {thing}.", count + 1 + random.below(9_000)),
        _ => format!("{who} {done} {thing} {when}; the {body} did not comment."),
    }
}

fn foreign(random: &mut Random) -> String {
    let (who, count) = (person(random), 2 + random.below(98_000));
    random.one(SCRIPTS).replace("NAME", &who).replace("NUMBER", &count.to_string())
}

/// A layer of just so many annotations, spread evenly over a text of at least 40 words.
pub fn layer(text: &str, annotations: usize, seed: u64) -> Layer {
    let (annotations, relations) = parts(text, annotations, seed);
    Layer::from_parts(head(), annotations, relations).expect("generated ids are unique and their ends exist")
}

/// A layer of plain typed entities alone: what the limit of 200 bytes an annotation is about.
pub fn entities(text: &str, annotations: usize, seed: u64) -> Layer {
    let mut random = Random::new(seed);
    let words = words_of(text);
    let made = (0..annotations).map(|n| {
        let at = (n * words.len() / annotations).min(words.len() - 4);
        entity(n, cover(&words, at, 1 + random.below(3)), &mut random)
    });
    Layer::from_parts(head(), made.collect(), Vec::new()).expect("generated ids are unique")
}

/// The head of a generated layer.
pub fn head() -> Head {
    Head::new("bench", SchemaRef { id: "news".into(), version: 1 })
}

/// What [`layer`] is made of, in no particular order of place.
pub fn parts(text: &str, annotations: usize, seed: u64) -> (Vec<Annotation>, Vec<Relation>) {
    let mut random = Random::new(seed);
    let words = words_of(text);
    assert!(words.len() >= 40, "the text is too short for quotes");
    let (mut made, mut relations): (Vec<Annotation>, Vec<Relation>) = (Vec::with_capacity(annotations), Vec::new());
    let mut nearest = None;
    for n in 0..annotations {
        let at = (n * words.len() / annotations).min(words.len() - 40);
        match random.below(100) {
            0..8 => {
                let (first, gap) = (6 + random.below(16), 1 + random.below(4));
                let mut quote = Annotation::new(id(n), "quote", cover(&words, at, first));
                if random.percent(16) {
                    quote.spans.push(cover(&words, at + first + gap, 4 + random.below(10)));
                }
                quote.attributes.set("form", Some(Value::Text("direct".into())));
                relations.extend(link(annotations + n, "speaker", n, nearest.as_ref()));
                made.push(quote);
            }
            8..14 => {
                made.push(Annotation::new(id(n), "claim", cover(&words, at, 8 + random.below(20))));
                let whose = nearest.as_ref().filter(|_| !random.percent(15));
                relations.extend(link(annotations + n, "claimant", n, whose));
            }
            14..20 => {
                // Stands around whatever comes next: nested or overlapping.
                let span = cover(&words, at, 4 + random.below(12));
                made.push(entity(n, span, &mut random));
            }
            _ => {
                let span = cover(&words, at, 1 + random.below(3));
                let entity = entity(n, span, &mut random);
                // Those that can say something.
                if matches!(entity.kind(), Some("person" | "organization" | "place")) {
                    nearest = Some(id(n));
                }
                made.push(entity);
            }
        }
    }
    (made, relations)
}

fn link(n: usize, label: &str, from: usize, to: Option<&String>) -> Option<Relation> {
    match (label, to) {
        (_, Some(to)) => Some(Relation::new(id(n), label, id(from), to.as_str())),
        ("claimant", None) => Some(Relation::new(id(n), label, id(from), AUTHOR)),
        _ => None,
    }
}

fn entity(n: usize, span: Span, random: &mut Random) -> Annotation {
    let kinds = ["person", "organization", "place", "thing", "value"];
    let mut made = Annotation::new(id(n), "entity", span);
    made.attributes.set("type", Some(Value::Text(random.one(&kinds).into())));
    made
}

/// The `n`th id: six letters and digits that look random and never repeat, as multiplying by a number without a common
/// divisor goes through all of 36⁶.
pub fn id(n: usize) -> String {
    const ALL: u64 = 36u64.pow(6);
    let mut rest = (n as u64 * 1_295_479_993 + 571_428_571) % ALL;
    let mut id = String::with_capacity(6);
    for _ in 0..6 {
        id.push(char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % 36) as usize]));
        rest /= 36;
    }
    id
}

fn words_of(text: &str) -> Vec<Span> {
    let start = text.as_ptr() as usize;
    let place = |word: &str| word.as_ptr() as usize - start;
    text.split_whitespace().map(|word| Span::from_range(place(word)..place(word) + word.len())).collect()
}

fn cover(words: &[Span], at: usize, count: usize) -> Span {
    Span::new(words[at].start(), words[(at + count - 1).min(words.len() - 1)].end())
}
