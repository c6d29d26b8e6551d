//! Sidecars as files.
