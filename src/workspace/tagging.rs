//! What the program guesses when a person tags: ids, the form of a quote, the other end of a relation.
//!
//! Guesses are offered or stand in an attribute that can be changed; none is ever made over a person's choice.

use smol_str::SmolStr;

use crate::model::schema::RelationKind;
use crate::model::{Annotation, Id, Layer, Span};
use crate::text::quotes;

const ID_LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// An id that nothing in the layer has: six letters or digits, random, so that two machines can add at once.
pub(super) fn fresh_id(layer: &Layer) -> Id {
    loop {
        let letters: [u8; 6] = std::array::from_fn(|_| ID_LETTERS[fastrand::usize(..ID_LETTERS.len())]);
        let id: SmolStr = letters.iter().map(|&letter| letter as char).collect();
        if !layer.has_id(&id) {
            return id;
        }
    }
}

/// `direct` where the words stand in quotation marks, `mixed` where some of them do, else `indirect`.
pub fn guess_form(text: &str, spans: &[Span]) -> &'static str {
    let mut quoted = 0;
    let mut inside = false;
    for span in spans {
        let Some(words) = span.slice(text) else { continue };
        let before = text[..span.range().start].chars().next_back();
        let after = text[span.range().end..].chars().next();
        let first = words.chars().next();
        let last = words.chars().next_back();
        let opens = first.is_some_and(quotes::is_quotation_mark) || before.is_some_and(quotes::is_opening);
        let closes = last.is_some_and(quotes::is_quotation_mark) || after.is_some_and(quotes::is_quotation_mark);
        if opens && closes {
            quoted += 1;
        }
        // An apostrophe is no quotation mark of this kind: only marks that open count inside.
        inside |= words.chars().any(|c| quotes::is_opening(c) && c != '\'' && c != '\u{2019}');
    }
    if quoted == spans.len() && quoted > 0 {
        "direct"
    } else if quoted > 0 || inside {
        "mixed"
    } else {
        "indirect"
    }
}

/// The annotation that most likely is the other end of a relation: the nearest that the schema allows, those before
/// the annotation first where two are equally near. None beyond `reach` bytes.
pub fn nearest_target<'a>(
    layer: &'a Layer,
    from: &Annotation,
    kind: &RelationKind,
    reach: u32,
) -> Option<&'a Annotation> {
    let hull = from.hull()?;
    let window = Span::new(hull.start().saturating_sub(reach), hull.end().saturating_add(reach));
    layer
        .overlapping(window)
        .into_iter()
        .filter(|other| other.id != from.id && kind.leads_to(other))
        .filter_map(|other| Some((distance(hull, other.hull()?), other)))
        .min_by_key(|&(distance, other)| (distance, other.hull().map(Span::start)))
        .map(|(_, other)| other)
}

/// Bytes between two spans; inside counts less than beside, so that an entity in a quote is not its speaker.
fn distance(hull: Span, other: Span) -> u32 {
    if hull.overlaps(other) {
        hull.len()
    } else if other.end() <= hull.start() {
        hull.start() - other.end()
    } else {
        other.start() - hull.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_the_quotation_marks() {
        let check = |text: &str, marked: &[&str], expected| {
            let spans: Vec<Span> = marked
                .iter()
                .map(|words| {
                    let at = text.find(words).expect("the words stand in the text");
                    Span::from_range(at..at + words.len())
                })
                .collect();
            assert_eq!(guess_form(text, &spans), expected, "{text:?} {marked:?}");
        };
        check("“We will stay,” she said.", &["“We will stay,”"], "direct");
        check("“We will stay,” she said.", &["We will stay,"], "direct");
        check("She said they would stay.", &["they would stay"], "indirect");
        check("She said they'd stay.", &["they'd stay"], "indirect");
        check("She called it “a farce” and left.", &["it “a farce”"], "mixed");
        check("“We will,” she said, “stay.”", &["“We will,”", "“stay.”"], "direct");
        check("她说：「我们留下。」", &["「我们留下。」"], "direct");
    }
}
