//! Any bytes as input of the parsers; what must hold is in `src/datasets.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pressmark_fuzz::datasets::check(data));
