//! GATE's documents: its XML and gatenlp's bdocjs; they are read only.
//!
//! Each annotation set is a layer of its own, under the set's name; the set without a name is nobody's. Offsets are what
//! the file says they are: code points or UTF-16 units in bdocjs, and in XML wherever a node stands in the text.

mod bdoc;
mod elements;
mod read;

use serde_json::{Map, Value as Json};

use super::units::Unit;
use super::{Format, Reads};

/// GATE, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "gate",
    reads: Some(Reads::Files(&["xml", "bdocjs", "bdoc"], read::read_file)),
    writes: None,
    unit: "as it says",
    about: "GATE's XML and bdocjs, a layer for each annotation set",
    cannot: &[],
    opens: "",
};

/// Begins the names of attributes that hold features with parts of their own.
const FOREIGN: &str = "gate:";

/// A document as GATE has it.
#[derive(Debug)]
struct Gate {
    text: String,
    features: Map<String, Json>,
    /// What offsets count.
    unit: Unit,
    sets: Vec<Set>,
}

/// An annotation set.
#[derive(Debug, Default)]
struct Set {
    name: String,
    marks: Vec<Mark>,
    links: Vec<Link>,
}

/// An annotation.
#[derive(Debug)]
struct Mark {
    /// The line, or the number in its set.
    line: usize,
    id: String,
    kind: String,
    start: u64,
    end: u64,
    features: Map<String, Json>,
}

/// A relation.
#[derive(Debug)]
struct Link {
    line: usize,
    id: String,
    kind: String,
    members: Vec<String>,
    features: Map<String, Json>,
}

impl Gate {
    /// The set of a name.
    fn set(&mut self, name: &str) -> &mut Set {
        let at = self.sets.iter().position(|set| set.name == name).unwrap_or_else(|| {
            self.sets.push(Set { name: name.to_owned(), ..Set::default() });
            self.sets.len() - 1
        });
        &mut self.sets[at]
    }
}
