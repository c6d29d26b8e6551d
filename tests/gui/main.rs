//! The window, driven as a person would: by keys, by the mouse, by accessible names. No display, no GPU, no clock.

mod browsing;
mod datasets;
mod disk;
mod edited;
mod edits;
mod first_look;
mod keyboard;
mod mouse;
mod names;
mod offers;
mod places;
mod pointer;
mod reading_only;
mod renamed;
mod room;
mod scripts;
mod size;
mod window;
