//! Ids for marks and links to which a dataset gives none: made of what they are and where, so that the same mark has the same id
//! in a later export of the same project, whatever was marked before it by then.

/// Of a longer label this much.
const LONGEST: usize = 40;

/// The id of a mark, from its label and place.
pub(super) fn of_mark(label: &str, start: u64, end: u64) -> String {
    format!("{}-{start}-{end}", start_of(label))
}

/// The same of one in several stretches, which are in their order; they may be none.
pub(super) fn of_stretches(label: &str, stretches: &[(u64, u64)]) -> String {
    match (stretches.first(), stretches.last()) {
        (Some((start, _)), Some((_, end))) => of_mark(label, *start, *end),
        _ => start_of(label).to_owned(),
    }
}

/// The id of a link, from its label and the ids of its ends.
pub(super) fn of_link(label: &str, from: &str, to: &str) -> String {
    format!("{from}-{}-{to}", start_of(label))
}

fn start_of(label: &str) -> &str {
    label.char_indices().nth(LONGEST).map_or(label, |(end, _)| &label[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_and_where() {
        assert_eq!(of_mark("PER", 0, 3), "PER-0-3");
        assert_eq!(of_stretches("PER", &[(0, 3), (8, 11)]), "PER-0-11");
        assert_eq!(of_stretches("PER", &[]), "PER");
        assert_eq!(of_link("says", "PER-0-3", "QUOTE-5-9"), "PER-0-3-says-QUOTE-5-9");
        assert_eq!(of_mark(&"ö".repeat(90), 1, 2), format!("{}-1-2", "ö".repeat(40)));
    }
}
