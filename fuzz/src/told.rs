//! What a person is told of a faulty file: one short sentence with the file, the place and a way out.

/// The longest message about a file, in characters. Whatever the file holds, only a part of it is quoted.
const LONGEST: usize = 1_000;

/// A message names the file, ends as a sentence does, and is no longer than a person reads.
pub fn is_clear(message: &str, file: &str) {
    assert!(message.contains(file), "no file is named: {message}");
    assert!(message.ends_with(['.', '!', '?', ')', '"']), "it does not end: {message}");
    let length = message.chars().count();
    assert!(length <= LONGEST, "{length} characters: {message}");
}
