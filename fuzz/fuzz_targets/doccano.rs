//! Any bytes as input of the parser; what must hold is in `src/doccano.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pressmark_fuzz::doccano::check(data));
