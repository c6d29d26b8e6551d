//! What fuzzers found, and what they began with, replayed without a fuzzer: every file of `fuzz/corpus/<target>` keeps
//! the promises that `fuzz/src` states of its parser.
//!
//! `docs/fuzzing.md` says how to find more.

#[path = "../fuzz/src/lib.rs"]
mod checks;

use std::path::Path;

/// Calls a check on each file of its corpus. A small stack, as threads of the program have: nesting must not need more.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("a corpus").flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{}: there is nothing in it", folder.display());
    for file in files {
        let bytes = std::fs::read(&file).expect("it can be read");
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || check(&bytes)).expect("a thread");
        assert!(thread.join().is_ok(), "{} breaks a promise: see above", file.display());
    }
}

#[test]
fn sidecars_keep_their_promises() {
    replay("sidecar", checks::sidecar::check);
}

#[test]
fn journals_keep_their_promises() {
    replay("journal", checks::journal::check);
}

#[test]
fn schemas_keep_their_promises() {
    replay("schema", checks::schema::check);
}

#[test]
fn lines_of_our_own_keep_their_promises() {
    replay("jsonl", checks::jsonl::check);
}

#[test]
fn datasets_keep_their_promises() {
    replay("datasets", checks::datasets::check);
}

#[test]
fn brats_files_keep_their_promises() {
    replay("brat", checks::brat::check);
}

#[test]
fn doccanos_lines_keep_their_promises() {
    replay("doccano", checks::doccano::check);
}

#[test]
fn markdown_keeps_its_promises() {
    replay("markdown", checks::markdown::check);
}

#[test]
fn decoding_keeps_its_promises() {
    replay("decode", checks::decode::check);
}

#[test]
#[cfg(feature = "gui")]
fn pictures_keep_their_promises() {
    replay("picture", checks::picture::check);
}
