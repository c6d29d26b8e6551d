//! What a journal tells: which steps stand, which are taken back, and what no sidecar has yet.

use super::record::{Change, Context, Record, Title};
use crate::edit::{History, Step};

/// A journal's records, read.
pub(super) struct Journal {
    pub title: Title,
    pub records: Vec<Record>,
}

impl Journal {
    /// Reads records; the reason when one is not understood.
    pub fn read(context: Context<'_>, title: &str, records: &[&str]) -> Result<Self, String> {
        let title = context.read_title(title)?;
        let records = records.iter().map(|record| context.read(record)).collect::<Result<_, _>>()?;
        Ok(Self { title, records })
    }

    /// The first record that a sidecar does not have; none when the journal does not know it.
    pub fn goes_on_from(&self, sidecar: Option<&str>) -> Option<usize> {
        let sidecar = sidecar.unwrap_or_default();
        let known = self.records.iter().enumerate().rev().find_map(|(at, record)| match record {
            Record::Fold { sha256, records } if sha256 == sidecar => Some(*records),
            Record::Outside { sha256, .. } if sha256 == sidecar => Some(at),
            _ => None,
        });
        // Once a sidecar was in its place, that there is none means that something took it away.
        let written = |record: &Record| matches!(record, Record::Folded | Record::PartlyFolded);
        let deleted = sidecar.is_empty() && self.records.iter().any(written);
        known.or((self.title.base == sidecar && !deleted).then_some(0))
    }

    /// The changes that no sidecar is known to have.
    pub fn unfolded(&self) -> Result<Vec<Change>, String> {
        let (mut walk, mut changes, mut from, mut announced) = (Walk::default(), Vec::new(), 0, 0);
        for (at, record) in self.records.iter().enumerate() {
            match record {
                Record::Fold { records, .. } => announced = *records,
                Record::Folded | Record::PartlyFolded => from = announced,
                // It leads from what was there then to all that came before.
                Record::Outside { .. } => from = at,
                _ => {}
            }
            changes.extend(walk.change(record)?.map(|change| (at, change)));
        }
        Ok(changes.into_iter().filter(|(at, _)| *at >= from).map(|(_, change)| change).collect())
    }

    /// What can be undone and redone after all records; a record that does not fit counts for nothing.
    pub fn history(&self) -> History {
        let mut walk = Walk::default();
        for record in &self.records {
            let _ = walk.change(record);
        }
        walk.history()
    }
}

/// Which steps stand and which are taken back, record by record.
#[derive(Default)]
pub(super) struct Walk {
    done: Vec<(String, Change)>,
    undone: Vec<(String, Change)>,
}

impl Walk {
    /// The change that a record is; none when it changes nothing.
    pub fn change(&mut self, record: &Record) -> Result<Option<Change>, String> {
        match record {
            Record::Step { name, change } => {
                self.undone.clear();
                self.done.push((name.clone(), change.clone()));
                Ok(Some(change.clone()))
            }
            Record::Undo => {
                let step = self.done.pop().ok_or("there is nothing to undo")?;
                let change = Change { edit: step.1.back.clone(), back: step.1.edit.clone() };
                self.undone.push(step);
                Ok(Some(change))
            }
            Record::Redo => {
                let step = self.undone.pop().ok_or("there is nothing to make again")?;
                let change = step.1.clone();
                self.done.push(step);
                Ok(Some(change))
            }
            Record::Outside { change, .. } => Ok(Some(change.clone())),
            Record::Fold { .. } | Record::Folded | Record::PartlyFolded => Ok(None),
        }
    }

    /// What can be undone and redone.
    pub fn history(self) -> History {
        let undo = self.done.into_iter().map(|(name, change)| Step { name, edit: change.back }).collect();
        let redo = self.undone.into_iter().map(|(name, change)| Step { name, edit: change.edit }).collect();
        History::from_steps(undo, redo)
    }
}
