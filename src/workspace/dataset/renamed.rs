//! Tells of files by the names that people know, where the work is done on others: a folder that is made beside its place, an
//! archive that is unpacked elsewhere.

use super::{DatasetError, Listener};

/// Hears for another, by other names.
pub(super) struct Renamed<'l> {
    /// Who hears it.
    pub inner: &'l dyn Listener,
    /// What is read or written, and what it is called.
    pub names: Vec<(String, String)>,
}

impl Renamed<'_> {
    /// A line with the names that people know.
    pub fn said(&self, line: &str) -> String {
        self.names.iter().fold(line.to_owned(), |line, (from, to)| line.replace(from, to))
    }

    /// The same of an error.
    pub fn error(&self, error: DatasetError) -> DatasetError {
        self.names.iter().fold(error, |error, (from, to)| error.renamed(from, to))
    }
}

impl Listener for Renamed<'_> {
    fn note(&self, note: &str) {
        self.inner.note(&self.said(note));
    }

    fn begin(&self, steps: usize) {
        self.inner.begin(steps);
    }

    fn step(&self, steps: usize) {
        self.inner.step(steps);
    }

    fn took(&self, layers: usize) {
        self.inner.took(layers);
    }

    fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled()
    }
}
