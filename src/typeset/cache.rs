//! What has been set and drawn, and the threads that set and draw ahead.
//!
//! The frame that needs something makes it at once, in parallel; what is a screen away is made by the pool and comes
//! back through [`Setter::collect`]. Counts say what a frame waited for; tests hold them small.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rayon::prelude::*;

use super::column::{Chunk, Column};
use super::fonts::Fonts;
use super::look::Measure;
use super::paragraph::Paragraph;
use super::raster::Picture;
use crate::article::Article;

/// How many set paragraphs are kept.
const KEPT: usize = 600;

/// What was made since the counts were last taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Paragraphs that the frame waited for.
    pub set: usize,
    /// Bands that the frame waited for.
    pub drawn: usize,
    /// Paragraphs that were made ahead.
    pub set_ahead: usize,
}

/// What the pool made.
enum Made {
    Paragraph(u64, usize, Arc<Paragraph>, Vec<Picture>),
}

/// Sets paragraphs of one article and keeps them.
pub struct Setter {
    fonts: Fonts,
    article: Arc<Article>,
    language: Option<Arc<str>>,
    state: u64,
    kept: HashMap<usize, (u64, Arc<Paragraph>)>,
    /// Pictures made ahead, by chunk and band, until they are fetched.
    pictures: HashMap<(usize, usize), Picture>,
    wanted: HashSet<usize>,
    clock: u64,
    counts: Counts,
    made: (Sender<Made>, Receiver<Made>),
}

impl Setter {
    /// A setter for an article.
    pub fn new(fonts: Fonts, article: Arc<Article>) -> Self {
        let language = guess_language(&article.text).map(Arc::from);
        Self {
            fonts,
            article,
            language,
            state: 0,
            kept: HashMap::new(),
            pictures: HashMap::new(),
            wanted: HashSet::new(),
            clock: 0,
            counts: Counts::default(),
            made: channel(),
        }
    }

    /// Forgets everything: the width, the scale or the fonts have changed.
    pub fn forget(&mut self, fonts: Fonts) {
        self.fonts = fonts;
        self.state += 1;
        self.kept.clear();
        self.pictures.clear();
        self.wanted.clear();
    }

    /// What was made since the last call.
    pub fn take_counts(&mut self) -> Counts {
        std::mem::take(&mut self.counts)
    }

    /// The paragraph of a chunk, if it is at hand.
    pub fn get(&self, chunk: usize) -> Option<&Arc<Paragraph>> {
        self.kept.get(&chunk).map(|(_, paragraph)| paragraph)
    }

    /// Sets what is missing among these chunks, in parallel, and waits for it.
    pub fn ensure(&mut self, column: &mut Column, chunks: &[usize]) {
        self.clock += 1;
        for chunk in chunks {
            if let Some(kept) = self.kept.get_mut(chunk) {
                kept.0 = self.clock;
            }
        }
        let missing: Vec<usize> = chunks.iter().copied().filter(|chunk| !self.kept.contains_key(chunk)).collect();
        if missing.is_empty() {
            return;
        }
        self.counts.set += missing.len();
        let (fonts, article, language) = (&self.fonts, &*self.article, self.language.as_deref());
        let (chunks, measure) = (column.chunks(), column.measure());
        let set = |&chunk: &usize| (chunk, Arc::new(set(fonts, article, &chunks[chunk], measure, language)));
        let made: Vec<_> =
            if missing.len() == 1 { missing.iter().map(set).collect() } else { missing.par_iter().map(set).collect() };
        for (chunk, paragraph) in made {
            column.measured(chunk, &paragraph);
            self.kept.insert(chunk, (self.clock, paragraph));
        }
        self.prune();
    }

    /// Pictures of bands, in parallel: those made ahead, else made now.
    pub fn pictures(&mut self, bands: &[(usize, usize)]) -> Vec<((usize, usize), Picture)> {
        let (mut ready, mut missing) = (Vec::new(), Vec::new());
        for &band in bands {
            match self.pictures.remove(&band) {
                Some(picture) => ready.push((band, picture)),
                None => {
                    if let Some(paragraph) = self.get(band.0) {
                        missing.push((band, paragraph.clone()));
                    }
                }
            }
        }
        self.counts.drawn += missing.len();
        let draw = |(band, paragraph): &((usize, usize), Arc<Paragraph>)| (*band, paragraph.picture(band.1));
        if missing.len() == 1 {
            ready.extend(missing.iter().map(draw));
        } else {
            ready.par_extend(missing.par_iter().map(draw));
        }
        ready
    }

    /// Asks the pool for chunks that will soon be looked at.
    pub fn ahead(&mut self, column: &Column, chunks: impl Iterator<Item = usize>) {
        for chunk in chunks {
            if self.kept.contains_key(&chunk) || !self.wanted.insert(chunk) {
                continue;
            }
            let (fonts, article, language) = (self.fonts.clone(), self.article.clone(), self.language.clone());
            let (state, sender) = (self.state, self.made.0.clone());
            let (piece, measure) = (column.chunks()[chunk].clone(), column.measure());
            rayon::spawn(move || {
                let paragraph = Arc::new(set(&fonts, &article, &piece, measure, language.as_deref()));
                let pictures = (0..paragraph.bands().len().min(4)).map(|band| paragraph.picture(band)).collect();
                let _ = sender.send(Made::Paragraph(state, chunk, paragraph, pictures));
            });
        }
    }

    /// Takes in what the pool made. Returns whether anything came.
    pub fn collect(&mut self, column: &mut Column) -> bool {
        let mut any = false;
        while let Ok(Made::Paragraph(state, chunk, paragraph, pictures)) = self.made.1.try_recv() {
            if state != self.state {
                continue;
            }
            any = true;
            self.wanted.remove(&chunk);
            self.counts.set_ahead += 1;
            column.measured(chunk, &paragraph);
            for (band, picture) in pictures.into_iter().enumerate() {
                self.pictures.insert((chunk, band), picture);
            }
            self.kept.entry(chunk).or_insert((self.clock, paragraph));
        }
        self.prune();
        any
    }

    fn prune(&mut self) {
        if self.kept.len() <= KEPT {
            return;
        }
        let mut ages: Vec<u64> = self.kept.values().map(|&(age, _)| age).collect();
        ages.sort_unstable();
        let oldest = ages[self.kept.len() - KEPT / 2];
        self.kept.retain(|_, &mut (age, _)| age >= oldest);
        let kept = &self.kept;
        self.pictures.retain(|(chunk, _), _| kept.contains_key(chunk));
    }

    /// A character that no font has, among what is set.
    pub fn missing(&self) -> Option<char> {
        let mut found: Vec<char> = self.kept.values().filter_map(|(_, paragraph)| paragraph.missing()).collect();
        found.sort_unstable();
        found.first().copied()
    }
}

fn set(fonts: &Fonts, article: &Article, chunk: &Chunk, measure: Measure, language: Option<&str>) -> Paragraph {
    let display = if chunk.whole {
        article.display(chunk.block)
    } else {
        article.display_part(chunk.block, chunk.source.clone())
    };
    Paragraph::set(fonts, display, super::look_of(chunk.kind, measure), measure, language)
}

/// The language that decides between Chinese, Japanese and Korean shapes of the same character.
fn guess_language(text: &str) -> Option<&'static str> {
    let mut han = false;
    for c in text.chars().take(3000) {
        match c {
            '\u{3040}'..='\u{30FF}' => return Some("ja"),
            '\u{AC00}'..='\u{D7AF}' => return Some("ko"),
            '\u{4E00}'..='\u{9FFF}' => han = true,
            _ => {}
        }
    }
    han.then_some("zh-Hans")
}
