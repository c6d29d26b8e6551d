//! How much a line may hold, seen before any of it is taken in: parsed, JSON takes many times the room of its text.

/// Bytes of a line, at most: an article of 10 MB with 100,000 marks takes a third of it.
pub const LONGEST: usize = 256 << 20;
/// Levels of lists and objects in each other, at most; a sidecar of the same layer has as many.
const DEEPEST: usize = 48;
/// Values of a line, at most: two million marks, or 600 MB of memory.
const MOST: usize = 8_000_000;

/// Why a line holds too much; none where it may be parsed.
pub(super) fn too_much(line: &str) -> Option<String> {
    if line.len() > LONGEST {
        return Some("the line is longer than 256 MiB".to_owned());
    }
    let (mut depth, mut values) = (0usize, 0usize);
    let (mut in_text, mut escaped) = (false, false);
    for byte in line.bytes() {
        if in_text {
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => (depth, values) = (depth + 1, values + 1),
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' | b':' => values += 1,
            _ => {}
        }
        if depth > DEEPEST {
            return Some(format!("the line has more than {DEEPEST} levels of lists and objects in each other"));
        }
        if values > MOST {
            return Some(format!("the line has more than {MOST} values"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_too_much_is_found_and_texts_count_for_nothing() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        for (line, reason) in [
            (nested(48), None),
            (nested(49), Some("levels")),
            ("{\"a\":".repeat(49), Some("levels")),
            (format!("\"{}\"", "[".repeat(100)), None),
            (format!("\"\\\"{}\\\\\"", "[".repeat(100)), None),
            (format!("\"\\\\\"{}", "[".repeat(100)), Some("levels")),
            (",".repeat(MOST + 1), Some("values")),
            ("[]".repeat(1000), None),
        ] {
            let found = too_much(&line);
            assert_eq!(found.is_some(), reason.is_some(), "{found:?}");
            assert!(found.is_none_or(|found| found.contains(reason.unwrap_or_default())));
        }
    }
}
