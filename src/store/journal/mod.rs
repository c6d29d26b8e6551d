//! The journal: every step of a layer lasts as soon as it is made, at a cost that does not grow with the layer.
//!
//! [`open()`] finds a layer again from its sidecar and its journal, and writes nothing. [`Lock`] is taken at the first
//! change; [`LayerLog`] then appends steps, and folds them into the sidecar now and then. The journal lies in
//! `.pressmark/local/` and is this machine's alone: `docs/journal.md` has its form. Undo lives in it too.

mod files;
mod frame;
mod lock;
mod log;
mod open;
mod record;

pub use files::LayerFiles;
pub use lock::{Lock, LockError};
pub use log::{Begin, Entry, LayerLog, LogError};
pub use open::{Opened, Position, open};
pub use record::Record;
