//! What type systems and headers say that can be marked: layers become labels and links, features become attributes.
//!
//! Of DKPro's own layers, which every project has, only those count that something is marked with.

use super::types::{BOOLEAN, DOUBLE, STRING, STRING_ARRAY, Types};
use super::{
    ANNOTATION, ARTICLE, AUTHOR_LAYER, ID, NAMED_ENTITY, NOTE, NUMBERS, PIECE, PIECES, UNSURE, VALUE, is_grammar,
    label_of,
};
use crate::formats::found::{Ends, LabelSet, On, Sort};

/// Begins the names of types that come with UIMA, DKPro, WebAnno or INCEpTION.
const COMMON: [&str; 4] = ["uima.", "de.tudarmstadt.ukp.", "org.dkpro.", "org.apache.uima."];
/// The ends of a relation.
const ENDS: [&str; 2] = ["Governor", "Dependent"];

/// Whether a layer is one of the project's own.
pub(in crate::formats) fn is_own(layer: &str) -> bool {
    let common = COMMON.iter().any(|begin| layer.starts_with(begin)) && layer != NAMED_ENTITY;
    !common && !is_grammar(layer) && !matches!(layer, ARTICLE | AUTHOR_LAYER | PIECE) && !layer.ends_with("[]")
}

/// What a type system declares.
pub(in crate::formats) fn declared(types: &Types) -> LabelSet {
    let mut out = LabelSet::default();
    for layer in types.0.keys().filter(|layer| is_own(layer) && types.is_a(layer, ANNOTATION) == Some(true)) {
        let ends = ENDS.map(|end| types.range(layer, end));
        let name = label_of(layer);
        if let [Some(from), Some(to)] = ends {
            let known = out.relations.entry(name.clone()).or_default();
            known.iter_mut().zip([from, to]).for_each(|(known, range)| add_end(known, &range.name));
        } else {
            out.declare((name.clone(), None));
        }
        for (feature, range) in types.features(layer).filter(|(feature, _)| !is_layers_own(feature)) {
            let sorts = sorts(&range.name);
            // Of texts only the values that are met tell more.
            if sorts.is_empty() && range.name != STRING {
                continue;
            }
            let takes = out.declare_attribute(On::One(name.clone()), feature);
            sorts.iter().for_each(|sort| takes.sort(*sort));
        }
    }
    out
}

/// Adds what an end of a relation may be: of DKPro's words, any mark.
pub(in crate::formats) fn add_end(ends: &mut Ends, layer: &str) {
    if is_own(layer) {
        ends.labels.insert((label_of(layer), None));
    } else {
        ends.any = true;
    }
}

/// Whether a feature is none of the annotator's.
pub(in crate::formats) fn is_layers_own(feature: &str) -> bool {
    let own = [ID, NOTE, UNSURE, PIECES, VALUE, "sofa", "begin", "end"];
    own.contains(&feature) || ENDS.contains(&feature)
}

/// The sort of values that a range takes, where it says one.
fn sorts(range: &str) -> &'static [Sort] {
    match range {
        BOOLEAN => &[Sort::Flag],
        DOUBLE => &[Sort::Number],
        STRING_ARRAY => &[Sort::Several],
        range if NUMBERS.contains(&range) => &[Sort::Number],
        _ => &[],
    }
}
