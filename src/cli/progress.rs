//! How far a command has come, on a terminal; nothing in a pipe or a file.
//!
//! The bar stands on standard error. Whoever prints meanwhile asks [`aside`], so that no line is written into it.

use std::io::{IsTerminal as _, stderr};
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

/// Fewer articles are done before a bar can be read.
const FEW: usize = 50;

/// The bar on the screen.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// A walk through articles; its bar goes when it ends.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Of so many articles.
    pub fn of(articles: usize) -> Self {
        Self::with(articles, "articles")
    }

    /// Of so many steps.
    pub fn with(articles: usize, unit: &str) -> Self {
        let template = format!("{{wide_bar}} {{human_pos}} of {{human_len}} {unit}, {{eta}} left");
        let style = ProgressStyle::with_template(&template).ok();
        let style = style.filter(|_| articles >= FEW && stderr().is_terminal());
        let bar = style.map(|style| ProgressBar::new(articles as u64).with_style(style));
        bar_in_hand().clone_from(&bar);
        Self(bar)
    }

    /// Articles are done.
    pub fn step(&self, articles: usize) {
        if let Some(bar) = &self.0 {
            bar.inc(articles as u64);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        *bar_in_hand() = None;
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Prints something while no bar stands in the way.
pub(super) fn aside<R>(print: impl FnOnce() -> R) -> R {
    let bar = bar_in_hand().clone();
    match bar {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}

fn bar_in_hand() -> std::sync::MutexGuard<'static, Option<ProgressBar>> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner)
}
