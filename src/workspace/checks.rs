//! What an annotator may have forgotten: a quote that nobody says, a claim that nobody makes.
//!
//! Findings are advice beside the annotation. They never block typing and never change a layer.

use crate::model::schema::Check;
use crate::model::{Annotation, Layer, Schema, Span};
use crate::text::quotes;

/// Something that may be missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// One sentence.
    pub message: String,
    /// The relation that would mend it.
    pub relation: Option<&'static str>,
}

/// What the schema's checks say of one annotation.
pub fn findings(text: &str, layer: &Layer, schema: &Schema, annotation: &Annotation) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        schema.checks.iter().filter_map(|&check| run(check, text, layer, annotation)).collect();
    if annotation.extra.as_ref().is_some_and(|extra| !extra.conflict.is_empty()) {
        found.insert(0, Finding { message: "A merge kept several versions: choose one.".to_owned(), relation: None });
    }
    found.extend(misfits(layer, schema, annotation));
    found
}

/// Links that the schema does not allow, as a change of label leaves them.
fn misfits(layer: &Layer, schema: &Schema, annotation: &Annotation) -> Vec<Finding> {
    let links = layer.relations_of(&annotation.id);
    let odd = links.iter().filter(|link| {
        let (Some(kind), Some(from)) = (schema.relation(&link.label), layer.get(&link.from)) else { return false };
        !schema.relations_between(from, layer.get(&link.to)).any(|allowed| allowed.id == kind.id)
    });
    odd.map(|link| Finding {
        message: format!(
            "The link {} does not fit these labels. Take it out, or change a label.",
            schema.relation(&link.label).map_or(link.label.as_str(), |kind| kind.name.as_str())
        ),
        relation: None,
    })
    .collect()
}

fn run(check: Check, text: &str, layer: &Layer, annotation: &Annotation) -> Option<Finding> {
    let linked = |relation: &str| {
        layer.relations_of(&annotation.id).iter().any(|link| link.label == relation && link.from == annotation.id)
    };
    let is = |label: &str| annotation.label == label;
    let (message, relation) = match check {
        Check::QuoteWithoutSpeaker if is("quote") && !linked("speaker") => {
            ("Who says this? The quote has no speaker.".to_owned(), Some("speaker"))
        }
        Check::ClaimWithoutClaimant if is("claim") && !linked("claimant") => {
            ("Who claims this? The claim has no claimant.".to_owned(), Some("claimant"))
        }
        Check::DirectQuoteWithoutMarks
            if is("quote")
                && annotation.attributes.text("form") == Some("direct")
                && super::guess_form(text, &annotation.spans) == "indirect" =>
        {
            ("The quote is called direct, but has no quotation marks.".to_owned(), None)
        }
        Check::CueFarFromQuote(limit) if is("quote") => (far_cue(text, layer, annotation, limit)?, None),
        Check::UnbalancedQuotationMarks if is("quote") || is("claim") => {
            let odd = annotation.spans.iter().filter_map(|span| span.slice(text)).any(|words| !quotes::balanced(words));
            if !odd {
                return None;
            }
            ("A quotation mark opens or closes outside the mark.".to_owned(), None)
        }
        _ => return None,
    };
    Some(Finding { message, relation })
}

fn far_cue(text: &str, layer: &Layer, quote: &Annotation, limit: u32) -> Option<String> {
    let hull = quote.hull()?;
    let far = layer.relations_of(&quote.id).into_iter().filter(|link| link.label == "cue").any(|link| {
        let Some(cue) = layer.get(&link.to).and_then(Annotation::hull) else { return false };
        let gap = if cue.end() <= hull.start() {
            Span::new(cue.end(), hull.start())
        } else {
            Span::new(hull.end().min(cue.start()), cue.start())
        };
        gap.slice(text).is_some_and(|between| between.chars().count() > limit as usize)
    });
    far.then(|| format!("The cue is more than {limit} characters away from its quote."))
}
