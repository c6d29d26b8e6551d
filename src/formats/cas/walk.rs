//! Where the features of a structure lead: to one structure, to several through arrays and lists, or to texts.
//!
//! No list is followed around a ring, and what many share is not followed more often than a file of people needs.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::model::{Cas, Feature, Fs};
use crate::formats::uima::types::FS_ARRAY;

/// A structure that a feature leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lead<'c> {
    /// The link between them, with a role.
    pub link: Option<&'c Fs>,
    /// What it leads to.
    pub target: &'c Fs,
    /// Whether there may be several.
    pub several: bool,
}

/// What a feature has.
pub(super) enum Held<'c> {
    /// A value.
    Value(Feature),
    /// Other structures, and how many there are that are not there.
    Leads(Vec<Lead<'c>>, usize),
}

/// Structures by id.
pub(super) struct Walk<'c> {
    by_id: HashMap<u64, &'c Fs>,
    /// So much may still be followed.
    left: Cell<usize>,
}

impl<'c> Walk<'c> {
    pub fn new(cas: &'c Cas) -> Self {
        // Of two with an id the first counts.
        let by_id = cas.structures.iter().rev().map(|fs| (fs.id, fs)).collect();
        let size = |feature: &Feature| match feature {
            Feature::Many(ids) => ids.len(),
            Feature::Texts(texts) => texts.iter().map(|text| 1 + text.len() / 16).sum(),
            _ => 1,
        };
        let all: usize = cas.structures.iter().flat_map(|fs| &fs.features).map(|(_, feature)| size(feature)).sum();
        Self { by_id, left: Cell::new(10_000 + all.saturating_mul(8)) }
    }

    /// Whether so much more may be followed.
    fn may(&self, much: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(much));
        left >= much
    }

    /// The structure with an id.
    pub fn fs(&self, id: u64) -> Option<&'c Fs> {
        self.by_id.get(&id).copied()
    }

    /// What a feature has.
    pub fn held(&self, feature: &'c Feature) -> Held<'c> {
        match feature {
            Feature::One(id) => self.one(*id),
            Feature::Many(ids) => self.several(ids.iter().copied()),
            value => Held::Value(value.clone()),
        }
    }

    fn one(&self, id: u64) -> Held<'c> {
        let Some(fs) = self.fs(id) else { return Held::Leads(Vec::new(), 1) };
        let kind = fs.kind.as_str();
        if kind == FS_ARRAY || kind.ends_with("[]") {
            return match fs.get("elements") {
                Some(Feature::Many(ids)) => self.several(ids.iter().copied()),
                _ => Held::Leads(Vec::new(), 0),
            };
        }
        if kind.starts_with("uima.cas.") && kind.ends_with("Array") {
            return Held::Value(match fs.get("elements") {
                Some(Feature::Texts(texts)) if !self.may(texts.iter().map(|text| 1 + text.len() / 16).sum()) => {
                    return Held::Leads(Vec::new(), 1);
                }
                Some(Feature::Text(text)) => Feature::Texts(vec![text.clone()]),
                Some(Feature::Texts(texts)) => Feature::Texts(texts.clone()),
                Some(Feature::Many(numbers)) => Feature::Texts(numbers.iter().map(ToString::to_string).collect()),
                _ => Feature::Texts(Vec::new()),
            });
        }
        if kind.starts_with("uima.cas.") && kind.ends_with("List") {
            return self.list(fs);
        }
        match self.lead(fs, false) {
            Some(lead) => Held::Leads(vec![lead], 0),
            None => Held::Leads(Vec::new(), 1),
        }
    }

    fn lead(&self, fs: &'c Fs, several: bool) -> Option<Lead<'c>> {
        match (fs.place, fs.one("target")) {
            (None, Some(target)) => Some(Lead { link: Some(fs), target: self.fs(target)?, several }),
            _ => Some(Lead { link: None, target: fs, several }),
        }
    }

    fn several(&self, ids: impl Iterator<Item = u64>) -> Held<'c> {
        let (mut leads, mut missing) = (Vec::new(), 0);
        for id in ids.filter(|id| *id != 0) {
            if !self.may(1) {
                missing += 1;
                break;
            }
            match self.fs(id).and_then(|fs| self.lead(fs, true)) {
                Some(lead) => leads.push(lead),
                None => missing += 1,
            }
        }
        Held::Leads(leads, missing)
    }

    /// A list, which is a chain of heads and tails.
    fn list(&self, fs: &'c Fs) -> Held<'c> {
        let (mut ids, mut texts, mut next) = (Vec::new(), Vec::new(), Some(fs));
        let mut seen = HashSet::new();
        while let Some(fs) = next.filter(|fs| seen.insert(fs.id) && self.may(1)) {
            match fs.get("head") {
                Some(Feature::One(id)) => ids.push(*id),
                Some(Feature::Text(text)) => texts.push(text.clone()),
                Some(Feature::Number(number)) => texts.push(number.to_string()),
                _ => {}
            }
            next = fs.one("tail").and_then(|tail| self.fs(tail));
        }
        if fs.kind.ends_with("FSList") { self.several(ids.into_iter()) } else { Held::Value(Feature::Texts(texts)) }
    }
}
