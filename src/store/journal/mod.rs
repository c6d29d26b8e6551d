//! The journal: every step of a layer lasts as soon as it is made, at a cost that does not grow with the layer.
//!
//! [`open()`] finds a layer again from its sidecar and its journal, and writes nothing. [`Lock`] is taken at the first
//! change; [`LayerLog`] then appends steps, and folds them into the sidecar now and then. The journal lies in
//! `.pressmark/local/` and is this machine's alone: `docs/journal.md` has its form. Undo lives in it too.

mod command;
mod files;
mod fold;
mod frame;
mod joined;
mod lock;
mod log;
mod older;
mod open;
mod opened;
mod outside;
mod past;
mod record;

pub use command::{ChangeError, PLACES, Placed, Placing, begin_placing, change, fold_pending, place, read_whole};
pub(super) use files::local_folder;
pub use files::{LayerFiles, Signature, signature};
pub use fold::{Fold, Folding};
pub use joined::Joined;
pub use lock::{Lock, LockError};
pub use log::{Begin, LayerLog, LogError};
pub use older::read_unplaced;
pub use open::{is_pending, open};
pub use opened::{Opened, Position};
pub use outside::TakeInError;
pub use record::{Change, Entry, Record};
