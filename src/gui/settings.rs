//! What the window remembers from one day to the next. The only file of the window that knows serde.

use serde::{Deserialize, Serialize};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the desktop says.
    #[default]
    System,
    /// Dark text on light paper.
    Light,
    /// Light text on dark paper.
    Dark,
}

/// What is remembered. The window's place and the zoom are remembered by eframe.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light or dark.
    pub theme: ThemeChoice,
    /// The annotator, once one was chosen.
    pub annotator: Option<String>,
    /// What was open last: a folder or an article.
    pub last: Option<std::path::PathBuf>,
    /// The last article, relative to the corpus root.
    pub last_article: Option<std::path::PathBuf>,
    /// Whether the list of articles shows.
    pub show_articles: bool,
    /// Whether the list of marks shows.
    pub show_marks: bool,
    /// Whether selections take whole words.
    pub snap_to_words: bool,
    /// Folders that look like a dataset and that nobody wants to import.
    pub unwanted_offers: Vec<std::path::PathBuf>,
    /// How large everything is; 1 is normal.
    pub zoom: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            annotator: None,
            last: None,
            last_article: None,
            show_articles: true,
            show_marks: true,
            snap_to_words: true,
            unwanted_offers: Vec::new(),
            zoom: 1.0,
        }
    }
}
