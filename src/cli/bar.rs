//! A bar for work that others drive: it hears how far they are, and prints what they tell.
//!
//! What is told stands on standard error, beside the bar.

use std::sync::{Mutex, PoisonError};

use super::output::note;
use super::progress::Progress;
use super::stop;
use crate::workspace::dataset::Listener;

/// A bar for work that is driven by others, which also prints what they tell.
pub(super) struct Bar {
    unit: &'static str,
    bar: Mutex<Option<Progress>>,
}

impl Bar {
    /// For steps of this unit; Ctrl+C cancels them from now on.
    pub fn new(unit: &'static str) -> Self {
        stop::listen();
        Self { unit, bar: Mutex::new(None) }
    }
}

impl Listener for Bar {
    fn note(&self, text: &str) {
        note(text);
    }

    fn begin(&self, steps: usize) {
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        *bar = None;
        *bar = Some(Progress::with(steps, self.unit));
    }

    fn step(&self, steps: usize) {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.iter().for_each(|bar| bar.step(steps));
    }

    fn is_cancelled(&self) -> bool {
        stop::is_asked()
    }
}
