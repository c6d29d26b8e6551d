//! A fence round libraries that panic on damaged files: what they say of it is not printed, and the caller goes on.
//!
//! Only for foreign code that is given foreign bytes; our own readers have no need of it. What aborts is not caught.

use std::cell::Cell;
use std::panic::{self, UnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is awaited.
    static AWAITED: Cell<bool> = const { Cell::new(false) };
}

/// What `run` gives; nothing where it panics.
pub(super) fn caught<T>(run: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !AWAITED.get() {
                before(panic);
            }
        }));
    });
    let before = AWAITED.replace(true);
    let result = panic::catch_unwind(run);
    AWAITED.set(before);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_what_is_fenced_and_nothing_else() {
        assert_eq!(caught(|| 3), Some(3));
        assert_eq!(caught(|| caught(|| panic!("inner")).is_none()), Some(true));
        assert_eq!(caught(|| [1, 2].iter().position(|it| *it == 3).expect("outer")), None);
        assert!(!AWAITED.get());
    }
}
