//! The panels around the article. Each paints from a [`super::scene::Scene`] and pushes actions; none changes
//! anything but what dies with it.

pub mod annotations;
pub mod articles;
pub mod details;
pub mod help;
pub mod menu;
pub mod search;
pub mod status;
