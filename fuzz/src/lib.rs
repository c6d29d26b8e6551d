//! What holds for every parser, whatever bytes it is given: stronger than that it does not panic.
//!
//! Each module has one function `check`, which takes any bytes and panics where a promise is broken. Fuzzers call it
//! (`fuzz_targets`), and `tests/fuzz_corpus.rs` calls the same one on what they found (`corpus`), on a plain `cargo test`.
#![allow(missing_docs, reason = "the modules say what they hold")]

pub mod brat;
pub mod datasets;
pub mod decode;
pub mod doccano;
pub mod journal;
pub mod jsonl;
pub mod markdown;
#[cfg(feature = "gui")]
pub mod picture;
pub mod schema;
pub mod sidecar;
pub mod told;
