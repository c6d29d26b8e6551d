//! Ctrl+C while a dataset is written or read: the command ends at the next article and takes back what is half made.
//!
//! A second one ends it at once, as it would have without this.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// Whether somebody asked to stop, and by which signal.
struct Asked {
    stop: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
}

static ASKED: OnceLock<Asked> = OnceLock::new();

/// Listens from now on. Where the system refuses, a signal goes on ending the program at once.
pub(super) fn listen() {
    ASKED.get_or_init(|| {
        let asked = Asked { stop: Arc::default(), signal: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            // The first that is registered runs first: it ends the program only where the flag was set before.
            let _ = flag::register_conditional_default(signal, asked.stop.clone())
                .and_then(|_| flag::register_usize(signal, asked.signal.clone(), signal as usize))
                .and_then(|_| flag::register(signal, asked.stop.clone()));
        }
        asked
    });
}

/// Whether somebody asked to stop.
pub(super) fn is_asked() -> bool {
    ASKED.get().is_some_and(|asked| asked.stop.load(Ordering::Relaxed))
}

/// Ends the program by the signal that asked for it, so that a shell's loop around it ends too; returns where none did.
pub(super) fn end_as_asked() {
    let signal = ASKED.get().map_or(0, |asked| asked.signal.load(Ordering::Relaxed));
    if let Some(signal) = i32::try_from(signal).ok().filter(|signal| *signal != 0) {
        let _ = low_level::emulate_default_handler(signal);
    }
}
