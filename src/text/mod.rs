//! Offsets and boundaries of a text, for every script.
//!
//! Bytes are plain `usize` (or a [`crate::model::Span`]), always on a character boundary; every other unit has a type of its own.
//! Nothing here copies or normalises a text.
