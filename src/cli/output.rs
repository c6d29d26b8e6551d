//! The only place that prints.
//!
//! Texts come from files that others wrote, so nothing that steers a terminal goes through: controls and characters
//! that turn the direction of writing are shown as `\u{1b}`. Results are buffered; a broken pipe ends them quietly.

use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, StdoutLock, Write};

use anyhow::Result;
use serde_json::Value;

use super::progress::aside;
use crate::formats::write_ascii;

/// Standard output.
pub(super) struct Output {
    out: BufWriter<StdoutLock<'static>>,
    on_terminal: bool,
}

impl Output {
    /// Takes standard output.
    pub fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()), on_terminal: io::stdout().is_terminal() }
    }

    /// Whether somebody reads it as it comes.
    pub fn is_read(&self) -> bool {
        self.on_terminal
    }

    /// A line of a result.
    pub fn line(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "{}", plain(text))?;
        if self.on_terminal {
            aside(|| self.out.flush())?;
        }
        Ok(())
    }

    /// A file's contents as they are, for a file or a pipe; a sidecar has no control characters of its own.
    pub fn raw(&mut self, contents: &str) -> Result<()> {
        self.out.write_all(contents.as_bytes())?;
        Ok(())
    }

    /// A JSON document, in ASCII, on one line.
    pub fn json(&mut self, value: &Value) -> Result<()> {
        write_ascii(&mut self.out, value)?;
        writeln!(self.out)?;
        Ok(())
    }

    /// Writes what is still buffered.
    pub fn finish(&mut self) -> Result<()> {
        self.out.flush()?;
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A line on standard error. That it cannot be written is no reason to stop.
pub(super) fn note(text: &str) {
    let _ = aside(|| writeln!(io::stderr().lock(), "{}", plain(text)));
}

/// Whether a reader of the output went away.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe))
}

/// Whether a text could steer a terminal.
pub(super) fn steers(text: &str) -> bool {
    text.contains(is_steering)
}

fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// A text that cannot steer a terminal: one line, controls and direction marks as escapes.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !steers(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_steering(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_goes_through() {
        for (text, shown) in [
            ("Ada", "Ada"),
            ("\u{1b}[2Jx\r\n", "\\u{1b}[2Jx\\r\\n"),
            ("a\u{9b}b\u{7f}\u{202e}c", "a\\u{9b}b\\u{7f}\\u{202e}c"),
            ("👩\u{200d}🎤 မြန်မာ", "👩\u{200d}🎤 မြန်မာ"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }
}
