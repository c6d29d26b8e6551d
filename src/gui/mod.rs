//! gui.
