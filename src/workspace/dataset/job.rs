//! Work on a thread, as a window needs it: how far it is, stopped at any time, and what came of it.
//!
//! The thread wakes the window, a few times a second at most. A job that is dropped is stopped.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{DatasetError, Listener};
use crate::workspace::Wake;

/// The window is woken no sooner after the last time.
const BREATH: Duration = Duration::from_millis(60);
/// So many lines are kept of what is told; the others are counted.
const KEPT: usize = 10_000;

/// Work on a thread.
pub struct Job<T> {
    shared: Arc<Shared>,
    outcome: Receiver<Result<T, DatasetError>>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Which walk through the articles or files it is, from 1; 0 before the first.
    pub walk: usize,
    /// Steps of this walk that are done.
    pub done: usize,
    /// Steps that this walk has.
    pub all: usize,
    /// Layers that this walk took out of files.
    pub taken: usize,
}

/// What was told on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The first of them.
    pub lines: Vec<String>,
    /// How many more there were.
    pub more: usize,
}

impl Notes {
    /// All lines, and one that says how many more there were.
    pub fn into_lines(self) -> Vec<String> {
        let more = (self.more > 0).then(|| format!("and {} more", self.more));
        self.lines.into_iter().chain(more).collect()
    }
}

#[derive(Default)]
struct Counts {
    walk: AtomicUsize,
    done: AtomicUsize,
    all: AtomicUsize,
    taken: AtomicUsize,
}

struct Shared {
    counts: Counts,
    stopped: AtomicBool,
    notes: Mutex<Notes>,
    woken: Mutex<Instant>,
    wake: Wake,
}

impl<T: Send + 'static> Job<T> {
    /// Begins work on a thread of its own. `wake` is called from there when there is something new.
    pub fn start(wake: Wake, work: impl FnOnce(&dyn Listener) -> Result<T, DatasetError> + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            counts: Counts::default(),
            stopped: AtomicBool::new(false),
            notes: Mutex::default(),
            woken: Mutex::new(Instant::now()),
            wake,
        });
        let (sender, outcome) = channel();
        let here = shared.clone();
        std::thread::spawn(move || {
            // The sender goes before the window is woken, also when the work panics.
            let awake = Awake(here.wake.clone());
            let sender = sender;
            let _ = sender.send(work(&*here));
            drop((sender, awake));
        });
        Self { shared, outcome }
    }

    /// What came of it, once it has ended.
    pub fn poll(&self) -> Option<Result<T, DatasetError>> {
        match self.outcome.try_recv() {
            Ok(outcome) => Some(outcome),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(broken())),
        }
    }

    /// Waits for what comes of it (for commands and tests, never for a window).
    pub fn wait(&self) -> Result<T, DatasetError> {
        self.outcome.recv().unwrap_or_else(|_| Err(broken()))
    }
}

impl<T> Job<T> {
    /// How far it is.
    pub fn progress(&self) -> Progress {
        let Counts { walk, done, all, taken } = &self.shared.counts;
        let load = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Progress { walk: load(walk), done: load(done), all: load(all), taken: load(taken) }
    }

    /// Asks it to stop; it ends soon after.
    pub fn stop(&self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.shared.stopped.load(Ordering::Relaxed)
    }

    /// What was told since the last call.
    pub fn take_notes(&self) -> Notes {
        std::mem::take(&mut *self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

fn broken() -> DatasetError {
    DatasetError::refused("The work broke off in the middle. That is a fault of Pressmark.")
}

/// Wakes the window when it goes.
struct Awake(Wake);

impl Drop for Awake {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Shared {
    fn wake(&self) {
        let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        if woken.elapsed() > BREATH {
            *woken = Instant::now();
            (self.wake)();
        }
    }
}

impl Listener for Shared {
    fn note(&self, note: &str) {
        let note = note.strip_prefix("warning: ").unwrap_or(note);
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.lines.len() < KEPT {
            notes.lines.push(note.to_owned());
        } else {
            notes.more += 1;
        }
    }

    fn begin(&self, steps: usize) {
        let Counts { walk, done, all, taken } = &self.counts;
        done.store(0, Ordering::Relaxed);
        taken.store(0, Ordering::Relaxed);
        all.store(steps, Ordering::Relaxed);
        walk.fetch_add(1, Ordering::Relaxed);
        self.wake();
    }

    fn step(&self, steps: usize) {
        self.counts.done.fetch_add(steps, Ordering::Relaxed);
        self.wake();
    }

    fn took(&self, layers: usize) {
        self.counts.taken.fetch_add(layers, Ordering::Relaxed);
        self.wake();
    }

    fn is_cancelled(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still() -> Wake {
        Arc::new(|| {})
    }

    #[test]
    fn a_job_tells_how_far_it_is_and_what_came_of_it() {
        let (woken, wakes) = channel();
        let wake: Wake = Arc::new(move || {
            let _ = woken.send(());
        });
        let job = Job::start(wake, |listener| {
            listener.begin(3);
            listener.step(2);
            listener.took(5);
            listener.note("warning: one");
            listener.note("two");
            Ok("done")
        });
        wakes.recv().expect("the window is woken");
        let outcome = loop {
            if let Some(outcome) = job.poll() {
                break outcome;
            }
        };
        assert_eq!(outcome.expect("it went well"), "done");
        assert_eq!(job.progress(), Progress { walk: 1, done: 2, all: 3, taken: 5 });
        assert_eq!(job.take_notes(), Notes { lines: vec!["one".to_owned(), "two".to_owned()], more: 0 });
        assert_eq!(job.take_notes(), Notes::default());
    }

    #[test]
    fn a_job_stops_when_it_is_told_to_and_when_it_is_dropped() {
        let work = |listener: &dyn Listener| -> Result<(), DatasetError> {
            while !listener.is_cancelled() {
                std::thread::yield_now();
            }
            Err(DatasetError::Cancelled)
        };
        let job = Job::start(still(), work);
        assert!(job.poll().is_none() && !job.is_stopped());
        job.stop();
        assert!(matches!(job.wait(), Err(DatasetError::Cancelled)));
        let (ended, end) = channel();
        drop(Job::start(still(), move |listener| {
            let outcome = work(listener);
            ended.send(()).expect("it is waited for");
            outcome
        }));
        end.recv().expect("it ended");
    }

    #[test]
    fn work_that_breaks_off_is_an_error_and_notes_do_not_grow_for_ever() {
        let job: Job<()> = Job::start(still(), |listener| {
            (0..KEPT + 7).for_each(|at| listener.note(&at.to_string()));
            Err(DatasetError::Cancelled)
        });
        assert!(job.wait().is_err());
        let notes = job.take_notes();
        assert_eq!((notes.lines.len(), notes.more), (KEPT, 7));
        assert_eq!(notes.into_lines().last().map(String::as_str), Some("and 7 more"));
        let job: Job<()> = Job::start(still(), |_| std::panic::resume_unwind(Box::new("on purpose")));
        assert!(job.wait().expect_err("it broke off").to_string().contains("a fault of Pressmark"));
    }
}
