//! The panels around the article. Each paints from a [`super::scene::Scene`] and pushes actions; none changes
//! anything but what dies with it.
//!
//! What dies with a panel (a filter, a scroll position, words being typed) stands in egui's temporary memory, under an
//! id of the panel's own, so that the app need not know it. One exception: who leaves the article without an action
//! (a dropped folder, closing the window) asks [`take_draft`] first for words that were typed and not sent yet.

pub mod annotations;
mod annotator;
mod article_sheet;
pub mod articles;
mod attributes;
mod dataset_parts;
pub mod details;
mod draft;
pub mod dropping;
mod export_choices;
pub mod export_sheet;
pub mod help;
pub mod homes;
pub mod import_sheet;
pub mod leaving;
mod links;
pub(super) mod list;
pub mod menu;
mod menu_keys;
pub mod offer;
pub(super) mod paint;
pub mod places;
pub mod search;
mod sheet;
#[cfg(test)]
mod stage;
pub mod status;
mod versions;
mod visual;
pub(super) mod words;

pub(super) use dataset_parts::size_words;
pub use draft::take_draft;
pub(super) use export_choices::is_known;
pub(super) use visual::on_screen;

use egui::{Context, Id};

/// Takes what a panel kept under `id` out of egui's temporary memory; [`put_back`] puts it in again.
fn take_out<T: 'static + Default + Clone + Send + Sync>(ctx: &Context, id: Id) -> T {
    ctx.data_mut(|data| data.remove_temp(id)).unwrap_or_default()
}

/// Keeps what a panel needs in the next frame.
fn put_back<T: 'static + Clone + Send + Sync>(ctx: &Context, id: Id, kept: T) {
    ctx.data_mut(|data| data.insert_temp(id, kept));
}
