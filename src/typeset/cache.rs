//! What has been set and drawn, and the threads that set and draw ahead.
//!
//! The frame that needs something makes it at once, in parallel; what is a screen away is made by the pool and comes
//! back through [`Setter::collect`]. Counts say what a frame waited for; tests hold them small.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::column::{Chunk, Column};
use super::fonts::Fonts;
use super::look::Measure;
use super::paragraph::Paragraph;
use super::raster::Picture;
use crate::article::Article;

/// Bytes of text that are kept set, at most: some hundred screens.
const KEPT: usize = 256 << 10;

/// Bands of a chunk that are made ahead, at most.
const AHEAD: usize = 8;

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

/// What a thread made ahead: of which state, which chunk; nothing if it was not near any more.
struct Made {
    state: u64,
    chunk: usize,
    work: Option<(Arc<Paragraph>, Bands)>,
}

/// Pictures of bands, by their numbers.
type Bands = Vec<(usize, Picture)>;

/// The threads that work ahead: not those that a frame waits for, which would wait for them too.
fn threads() -> Option<&'static rayon::ThreadPool> {
    static POOL: OnceLock<Option<rayon::ThreadPool>> = OnceLock::new();
    let count = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, 4));
    POOL.get_or_init(|| rayon::ThreadPoolBuilder::new().num_threads(count).build().ok()).as_ref()
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
    /// First and last chunk that is near; threads pass over what is not.
    near: Arc<(AtomicUsize, AtomicUsize)>,
    /// Bytes of the text that is kept.
    bytes: usize,
    missing: Option<char>,
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
            near: Arc::default(),
            bytes: 0,
            missing: None,
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
        (self.bytes, self.missing) = (0, None);
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
            self.keep(chunk, paragraph);
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

    /// Asks the threads for what will soon be looked at: chunks that are not set, and their bands that are not `shown`
    /// and have no picture. Drops the pictures of all that is not near.
    pub fn ahead(&mut self, column: &Column, near: Range<usize>, shown: impl Fn((usize, usize)) -> bool) {
        self.near.0.store(near.start, Ordering::Relaxed);
        self.near.1.store(near.end, Ordering::Relaxed);
        self.pictures.retain(|(chunk, _), _| near.contains(chunk));
        for chunk in near {
            if self.wanted.contains(&chunk) {
                continue;
            }
            let set = self.get(chunk).cloned();
            let bands: Option<Vec<usize>> = set.as_ref().map(|set| {
                let missing = |&band: &usize| !shown((chunk, band)) && !self.pictures.contains_key(&(chunk, band));
                (0..set.bands().len().min(AHEAD)).filter(missing).collect()
            });
            if bands.as_ref().is_none_or(|bands| !bands.is_empty()) {
                self.wanted.insert(chunk);
                self.ask(column, chunk, set, bands);
            }
        }
    }

    /// Asks the threads for a chunk, or for bands of one that is set.
    fn ask(&self, column: &Column, chunk: usize, set_before: Option<Arc<Paragraph>>, bands: Option<Vec<usize>>) {
        let (fonts, article, language) = (self.fonts.clone(), self.article.clone(), self.language.clone());
        let (state, sender, near) = (self.state, self.made.0.clone(), self.near.clone());
        let (piece, measure) = (column.chunks()[chunk].clone(), column.measure());
        let work = move || {
            let is_near = (near.0.load(Ordering::Relaxed)..near.1.load(Ordering::Relaxed)).contains(&chunk);
            let work = is_near.then(|| {
                let made = || Arc::new(set(&fonts, &article, &piece, measure, language.as_deref()));
                let paragraph = set_before.unwrap_or_else(made);
                let bands = bands.unwrap_or_else(|| (0..paragraph.bands().len().min(AHEAD)).collect());
                let pictures = bands.into_iter().map(|band| (band, paragraph.picture(band))).collect();
                (paragraph, pictures)
            });
            let _ = sender.send(Made { state, chunk, work });
        };
        match threads() {
            Some(threads) => threads.spawn_fifo(work),
            None => rayon::spawn_fifo(work),
        }
    }

    /// Takes in what the threads made. Returns whether anything came.
    pub fn collect(&mut self, column: &mut Column) -> bool {
        let mut any = false;
        while let Ok(made) = self.made.1.try_recv() {
            any |= self.take(column, made);
        }
        self.prune();
        any
    }

    /// Waits until the threads have made all that was asked for, and takes it in.
    #[cfg(test)]
    pub fn collect_all(&mut self, column: &mut Column) {
        while !self.wanted.is_empty() {
            let made = self.made.1.recv().expect("this holds a sender itself");
            self.take(column, made);
        }
    }

    fn take(&mut self, column: &mut Column, Made { state, chunk, work }: Made) -> bool {
        if state != self.state {
            return false;
        }
        self.wanted.remove(&chunk);
        let Some((paragraph, pictures)) = work else { return false };
        self.pictures.extend(pictures.into_iter().map(|(band, picture)| ((chunk, band), picture)));
        if !self.kept.contains_key(&chunk) {
            self.counts.set_ahead += 1;
            column.measured(chunk, &paragraph);
            self.keep(chunk, paragraph);
        }
        true
    }

    fn keep(&mut self, chunk: usize, paragraph: Arc<Paragraph>) {
        self.bytes += paragraph.shown().len();
        self.missing = self.missing.or(paragraph.missing());
        self.kept.insert(chunk, (self.clock, paragraph));
    }

    /// Drops what was not looked at for longest, down to half of what may be kept.
    fn prune(&mut self) {
        if self.bytes <= KEPT {
            return;
        }
        let mut ages: Vec<(u64, usize)> = self.kept.values().map(|(age, it)| (*age, it.shown().len())).collect();
        ages.sort_unstable_by_key(|&(age, _)| std::cmp::Reverse(age));
        let (mut bytes, mut oldest) = (0, self.clock);
        for (age, length) in ages {
            // All that was looked at together stays together.
            if age != oldest && bytes > KEPT / 2 {
                break;
            }
            (bytes, oldest) = (bytes + length, age);
        }
        self.kept.retain(|_, &mut (age, _)| age >= oldest);
        self.bytes = bytes;
        let kept = &self.kept;
        self.pictures.retain(|(chunk, _), _| kept.contains_key(chunk));
    }

    /// A character that no font has, among what has been set.
    pub fn missing(&self) -> Option<char> {
        self.missing
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
