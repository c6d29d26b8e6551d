//! Messages short enough to be read, whatever a file holds that they quote.

/// Characters of a message, at most.
const MOST: usize = 700;
/// Characters of its beginning and of its end that are kept.
const BEGINNING: usize = 450;
const END: usize = 240;

/// A message of at most 700 characters: of a longer one the middle is left out, since the way out stands at the end.
///
/// ```
/// assert_eq!(pressmark::text::short("Correct the file.".to_owned()), "Correct the file.");
/// assert_eq!(pressmark::text::short("x".repeat(5_000)).chars().count(), 693);
/// ```
pub fn short(message: String) -> String {
    if message.len() <= MOST || message.chars().count() <= MOST {
        return message;
    }
    let first = message.char_indices().nth(BEGINNING).map_or(message.len(), |(at, _)| at);
    let last = message.char_indices().nth_back(END - 1).map_or(0, |(at, _)| at);
    format!("{} … {}", &message[..first], &message[last..])
}
