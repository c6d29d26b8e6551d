//! Quotation marks and brackets of all scripts: the one table of what opens and what closes.
//!
//! Some marks change sides with the language (`“` closes in German, `»` opens in Danish, `”` does both in Finnish),
//! so pairs are asked for with [`pairs`]; what a mark is on its own is only its commonest use.

/// Opening and closing marks; the first pair of an opening mark is its commonest.
const QUOTATION_PAIRS: &[(char, char)] = &[
    ('“', '”'),
    ('‘', '’'),
    ('"', '"'),
    ('\'', '\''),
    ('«', '»'),
    ('‹', '›'),
    ('„', '“'),
    ('„', '”'),
    ('‚', '‘'),
    ('‚', '’'),
    ('‟', '”'),
    ('‛', '’'),
    ('»', '«'),
    ('›', '‹'),
    ('”', '”'),
    ('’', '’'),
    ('»', '»'),
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
    ('〈', '〉'),
    ('﹁', '﹂'),
    ('﹃', '﹄'),
    ('｢', '｣'),
    ('〝', '〞'),
    ('〝', '〟'),
    ('＂', '＂'),
    ('＇', '＇'),
    ('⹂', '”'),
];

/// Brackets that are no quotation marks.
const BRACKET_PAIRS: &[(char, char)] = &[
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('（', '）'),
    ('［', '］'),
    ('｛', '｝'),
    ('【', '】'),
    ('〔', '〕'),
    ('〖', '〗'),
    ('〘', '〙'),
    ('〚', '〛'),
    ('⟨', '⟩'),
    ('⟦', '⟧'),
    ('﴿', '﴾'),
];

/// Whether a character is a quotation mark on either side.
pub fn is_quotation_mark(c: char) -> bool {
    !c.is_alphanumeric() && QUOTATION_PAIRS.iter().any(|&(open, close)| open == c || close == c)
}

/// Whether a quotation mark may open: its commonest use, or either use of a straight mark.
pub fn is_opening(c: char) -> bool {
    is_quotation_mark(c) && !matches!(c, '”' | '’' | '»' | '›') && QUOTATION_PAIRS.iter().any(|&(open, _)| open == c)
}

/// Whether a quotation mark may close: its commonest use, or either use of a straight mark.
pub fn is_closing(c: char) -> bool {
    is_quotation_mark(c) && !matches!(c, '“' | '‘' | '«' | '‹') && QUOTATION_PAIRS.iter().any(|&(_, close)| close == c)
}

/// The mark that commonly closes what `open` opens; none if it opens nothing.
pub fn closing_of(open: char) -> Option<char> {
    QUOTATION_PAIRS.iter().find(|pair| pair.0 == open).map(|pair| pair.1)
}

/// Whether `close` may close what `open` opened, in any language's custom; brackets too.
pub fn pairs(open: char, close: char) -> bool {
    QUOTATION_PAIRS.contains(&(open, close)) || BRACKET_PAIRS.contains(&(open, close))
}

/// Whether a character is an opening bracket.
pub fn is_opening_bracket(c: char) -> bool {
    BRACKET_PAIRS.iter().any(|pair| pair.0 == c)
}

/// Whether a character is a closing bracket.
pub fn is_closing_bracket(c: char) -> bool {
    BRACKET_PAIRS.iter().any(|pair| pair.1 == c)
}

/// Whether each quotation mark in a text has its other half in it, nested as they open. Apostrophes (marks after a
/// letter that nothing opened) are passed over, as are straight single marks.
pub fn balanced(text: &str) -> bool {
    let mut open: Vec<char> = Vec::new();
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after_letter = before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        if !is_quotation_mark(c) || matches!(c, '\'' | '＇') {
            continue;
        }
        let before_letter = chars.peek().is_some_and(|next| next.is_alphanumeric());
        if c == '’' && after_letter && before_letter {
            continue;
        }
        if open.last().is_some_and(|&last| pairs(last, c)) {
            open.pop();
        } else if c == '’' {
            // "the workers’ party", "’90s"
        } else {
            open.push(c);
        }
    }
    open.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commonest_use_decides_what_a_mark_is() {
        for (mark, opens, closes) in [
            ('“', true, false),
            ('”', false, true),
            ('‘', true, false),
            ('’', false, true),
            ('"', true, true),
            ('«', true, false),
            ('»', false, true),
            ('„', true, false),
            ('「', true, false),
            ('』', false, true),
            ('(', false, false),
            ('a', false, false),
        ] {
            assert_eq!((is_opening(mark), is_closing(mark)), (opens, closes), "{mark}");
        }
    }

    #[test]
    fn balance_counts_nested_marks_and_no_apostrophes() {
        for (text, expected) in [
            ("“He said ‘don’t’,” she said", true),
            ("the workers’ party", true),
            ("„Ja“, »nein«", true),
            ("他说“中国《时报》”", true),
            ("\"it is\"", true),
            ("“open", false),
            ("closed”", false),
            ("\"odd", false),
            ("", true),
        ] {
            assert_eq!(balanced(text), expected, "{text}");
        }
    }

    #[test]
    fn pairs_follow_every_custom() {
        for pair in ["“”", "„“", "»«", "«»", "””", "《》", "（）", "\"\""] {
            let mut marks = pair.chars();
            assert!(marks.next().zip(marks.next()).is_some_and(|(open, close)| pairs(open, close)), "{pair}");
        }
        assert!(!pairs('“', '"'));
        assert_eq!(closing_of('„'), Some('“'));
        assert_eq!(closing_of('x'), None);
    }
}
