//! What the rows of a file say: annotations by their numbers, relations by the row that they lead to, slots, chains.
//!
//! An annotation without a number stands in one row alone.

use std::collections::{BTreeMap, HashMap};

use smol_str::SmolStr;

use super::body::{Body, Unit};
use super::header::{Column, Header, Layer, Layered};
use super::{NO_VALUE, NOTHING, cells};

/// A link of a slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    pub role: String,
    /// The unit and the number of what it leads to.
    pub target: Option<(String, u64)>,
}

/// An annotation.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    /// The full name of its layer.
    pub layer: SmolStr,
    /// Its units, in the order of the file.
    pub units: Vec<usize>,
    pub features: BTreeMap<SmolStr, String>,
    /// Slots: the feature, the types of its links and of what they lead to, and the links.
    pub slots: BTreeMap<SmolStr, (SmolStr, SmolStr, Vec<Link>)>,
}

/// A relation.
#[derive(Clone, Debug, Default)]
pub(super) struct Relation {
    pub layer: SmolStr,
    /// The type of both ends.
    pub base: SmolStr,
    /// The unit that it leads to.
    pub unit: usize,
    pub features: BTreeMap<SmolStr, String>,
    /// The unit that it starts from.
    pub from: String,
    /// The numbers of both ends; 0 for none.
    pub numbers: (u64, u64),
}

/// The first annotations of some place.
#[derive(Debug, Default)]
struct First {
    any: Option<usize>,
    /// By layer.
    of: BTreeMap<SmolStr, usize>,
}

impl First {
    fn add(&mut self, layer: &SmolStr, mark: usize) {
        self.any.get_or_insert(mark);
        self.of.entry(layer.clone()).or_insert(mark);
    }
}

/// What rows say.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub marks: Vec<Mark>,
    pub relations: Vec<Relation>,
    /// The first annotation of each layer by number.
    by_number: HashMap<u64, First>,
    /// The first annotation of each layer by unit.
    by_unit: HashMap<usize, First>,
    /// Chains by number: annotations by their place in it.
    pub chains: BTreeMap<u64, BTreeMap<u64, usize>>,
}

impl Rows {
    /// Reads all rows but those of layers that are not wanted.
    pub fn read(header: &Header, body: &Body, wanted: impl Fn(&Layer) -> bool) -> Self {
        let mut rows = Self::default();
        let mut known: HashMap<(usize, u64), usize> = HashMap::new();
        for (number, unit) in body.units.iter().enumerate().filter(|(_, unit)| !unit.cells.is_empty()) {
            let mut at = 0;
            for (layer_number, layer) in header.layers.iter().enumerate() {
                let columns = &unit.cells[at..at + layer.columns.len()];
                at += layer.columns.len();
                if !wanted(layer) || columns.iter().all(|cell| cell == NOTHING) {
                    continue;
                }
                match layer.kind {
                    Layered::Spans => rows.spans(layer, layer_number, number, columns, &mut known),
                    Layered::Relations => rows.links(layer, number, columns),
                    Layered::Chains => rows.chain(layer, number, columns),
                }
            }
        }
        rows
    }

    /// The annotation with a number, or a new one in a unit.
    fn add(&mut self, layer: &Layer, unit: usize, known: Option<usize>) -> usize {
        let mark = known.unwrap_or_else(|| {
            self.marks.push(Mark { layer: layer.name.clone(), ..Mark::default() });
            self.marks.len() - 1
        });
        if self.marks[mark].units.last() != Some(&unit) {
            self.marks[mark].units.push(unit);
            self.by_unit.entry(unit).or_default().add(&layer.name, mark);
        }
        mark
    }

    fn spans(
        &mut self,
        layer: &Layer,
        layer_number: usize,
        unit: usize,
        columns: &[String],
        known: &mut HashMap<(usize, u64), usize>,
    ) {
        let mut here: Vec<usize> = Vec::new();
        let mut slot: (SmolStr, Vec<usize>) = Default::default();
        for (column, cell) in layer.columns.iter().zip(columns).filter(|(_, cell)| *cell != NOTHING) {
            let items = cells::split(cell, '|');
            if let Column::Targets(of) = column {
                self.targets(&items, of, &slot);
                continue;
            }
            slot.1.clear();
            for (at, item) in items.into_iter().enumerate() {
                let (value, number) = cells::bracket(item);
                let (value, number) = match number.map(str::parse::<u64>) {
                    Some(Ok(number)) => (value, Some(number)),
                    Some(Err(_)) => (item, None),
                    None => (value, None),
                };
                let mark = match number {
                    Some(number) => {
                        let found = known.get(&(layer_number, number)).copied();
                        let mark = self.add(layer, unit, found);
                        if found.is_none() {
                            known.insert((layer_number, number), mark);
                            self.by_number.entry(number).or_default().add(&layer.name, mark);
                        }
                        mark
                    }
                    None => match here.get(at) {
                        Some(&mark) => mark,
                        None => self.add(layer, unit, None),
                    },
                };
                if here.len() == at {
                    here.push(mark);
                }
                match column {
                    Column::Feature(name) if value != NO_VALUE => {
                        self.marks[mark].features.entry(name.clone()).or_insert_with(|| cells::unescaped(value));
                    }
                    Column::Roles(name, link) => self.roles(mark, name, link, value, &mut slot),
                    _ => {}
                }
            }
        }
    }

    fn roles(&mut self, mark: usize, name: &SmolStr, link: &SmolStr, value: &str, slot: &mut (SmolStr, Vec<usize>)) {
        slot.0 = name.clone();
        slot.1.push(mark);
        let roles = cells::split(value, ';').into_iter().filter(|role| *role != NOTHING);
        let roles = roles.map(|role| if role == NO_VALUE { String::new() } else { cells::unescaped(role) });
        let links: Vec<Link> = roles.map(|role| Link { role, target: None }).collect();
        let slot = self.marks[mark]
            .slots
            .entry(name.clone())
            .or_insert_with(|| (link.clone(), SmolStr::default(), Vec::new()));
        // The rows of an annotation all say the same.
        if slot.2.is_empty() {
            slot.2 = links;
        }
    }

    /// What slots lead to, in the order of the roles in the column before.
    fn targets(&mut self, items: &[&str], of: &SmolStr, (slot, marks): &(SmolStr, Vec<usize>)) {
        for (item, &mark) in items.iter().zip(marks) {
            let targets =
                cells::split(item, ';').into_iter().filter(|target| *target != NOTHING && *target != NO_VALUE);
            let targets = targets.map(|target| {
                let (unit, number) = cells::bracket(target);
                (unit.to_owned(), number.and_then(|number| number.parse().ok()).unwrap_or(0))
            });
            let Some((_, known, links)) = self.marks[mark].slots.get_mut(slot) else { continue };
            known.clone_from(of);
            for (link, target) in links.iter_mut().zip(targets) {
                link.target.get_or_insert(target);
            }
        }
    }

    fn links(&mut self, layer: &Layer, unit: usize, columns: &[String]) {
        let mut relations: Vec<Relation> = Vec::new();
        for (column, cell) in layer.columns.iter().zip(columns).filter(|(_, cell)| *cell != NOTHING) {
            for (at, item) in cells::split(cell, '|').into_iter().enumerate() {
                if relations.len() == at {
                    relations.push(Relation { layer: layer.name.clone(), unit, ..Relation::default() });
                }
                let relation = &mut relations[at];
                match column {
                    Column::Base(base) => {
                        let (from, numbers) = cells::bracket(item);
                        let numbers = numbers.and_then(|said| said.split_once('_')).unwrap_or_default();
                        relation.base = base.clone();
                        from.clone_into(&mut relation.from);
                        relation.numbers = (numbers.0.parse().unwrap_or(0), numbers.1.parse().unwrap_or(0));
                    }
                    Column::Feature(name) if item != NO_VALUE => {
                        relation.features.insert(name.clone(), cells::unescaped(item));
                    }
                    _ => {}
                }
            }
        }
        self.relations.append(&mut relations);
    }

    /// Elements of chains: the relation to the next with the numbers of chain and element, and what the element is.
    fn chain(&mut self, layer: &Layer, unit: usize, columns: &[String]) {
        let mut here: Vec<Option<usize>> = Vec::new();
        let column_of = |name: &str| {
            layer.columns.iter().position(|column| matches!(column, Column::Feature(known) if known == name))
        };
        let cell = |name: &str| column_of(name).map(|at| columns[at].as_str()).filter(|cell| *cell != NOTHING);
        for item in cells::split(cell("referenceRelation").unwrap_or_default(), '|') {
            let numbers = item.rsplit_once("->").and_then(|(value, numbers)| {
                let (chain, element) = numbers.split_once('-')?;
                Some((value, chain.parse::<u64>().ok()?, element.parse::<u64>().ok()?))
            });
            let Some((value, chain, element)) = numbers else {
                here.push(None);
                continue;
            };
            let found = self.chains.get(&chain).and_then(|chain| chain.get(&element)).copied();
            let mark = self.add(layer, unit, found);
            self.chains.entry(chain).or_default().insert(element, mark);
            if value != NO_VALUE {
                self.marks[mark].features.insert("referenceRelation".into(), cells::unescaped(value));
            }
            here.push(Some(mark));
        }
        for (item, mark) in cells::split(cell("referenceType").unwrap_or_default(), '|').into_iter().zip(here) {
            let (value, _) = cells::bracket(item);
            if let Some(mark) = mark.filter(|_| value != NO_VALUE) {
                self.marks[mark].features.insert("referenceType".into(), cells::unescaped(value));
            }
        }
    }

    /// What a reference leads to: a number says it alone; without one it is what stands in a unit.
    pub fn resolve(&self, body: &Body, base: &str, unit: &str, number: u64) -> Option<usize> {
        if number > 0 {
            let found = self.by_number.get(&number)?;
            return found.of.get(base).or(found.any.as_ref()).copied();
        }
        let found = self.by_unit.get(body.by_number.get(unit)?)?;
        found.of.get(base).or(found.any.as_ref().filter(|_| base == crate::formats::uima::ANNOTATION)).copied()
    }

    /// The stretches of an annotation: its tokens, together where they follow each other.
    pub fn stretches(units: &[Unit], mark: &Mark) -> Vec<(u64, u64)> {
        let mut stretches: Vec<(u64, u64)> = Vec::new();
        let mut last = 0;
        for unit in mark.units.iter().map(|unit| &units[*unit]) {
            match stretches.last_mut() {
                Some(stretch) if unit.token <= last + 1 => stretch.1 = stretch.1.max(unit.place.1),
                _ => stretches.push(unit.place),
            }
            last = unit.token;
        }
        stretches
    }
}
