//! Colours of labels in other programs: light enough for dark letters, and the same label always in the same.
//!
//! Those of the window are chosen for its themes, and stay there.

/// Colours that can be told apart (Paul Tol's light scheme, with three of his pastel one).
const COLORS: [&str; 12] = [
    "#77aadd", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00", "#eedd88", "#ee8866", "#ffaabb", "#dddddd", "#cc99bb",
    "#aacc99", "#ddaa77",
];

/// The colour at a place in a list of labels.
pub(super) fn color(at: usize) -> &'static str {
    COLORS[at % COLORS.len()]
}

/// Whether a colour is one of these as they are written here; colours of a schema are written in capitals.
pub(super) fn is_filler(color: &str) -> bool {
    COLORS.contains(&color)
}
