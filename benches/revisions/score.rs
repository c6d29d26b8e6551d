//! How well marks were found: counts as the field's tables have them, one row an edit.
//!
//! A place counts as found when intersection over union with the true one is at least 0.8. *Wrong* is below 0.5, a
//! *ghost* is a place for a mark that was deleted, *missed* a mark that is there and was given no place.

use std::collections::BTreeMap;
use std::fmt;

use pressmark::model::Span;

/// What came of some marks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Marks that are still there.
    pub there: usize,
    /// Marks that were deleted.
    pub deleted: usize,
    /// Places given.
    pub given: usize,
    /// Just the true place.
    pub exact: usize,
    /// Found.
    pub found: usize,
    /// Elsewhere.
    pub wrong: usize,
    /// Given a place though deleted.
    pub ghosts: usize,
    /// Given none.
    pub missed: usize,
}

impl Score {
    /// Counts one mark.
    pub fn add(&mut self, gold: Option<Span>, place: Option<Span>) {
        self.given += usize::from(place.is_some());
        let Some(gold) = gold else {
            self.deleted += 1;
            self.ghosts += usize::from(place.is_some());
            return;
        };
        self.there += 1;
        let Some(place) = place else {
            self.missed += 1;
            return;
        };
        let common = place.end().min(gold.end()).saturating_sub(place.start().max(gold.start()));
        let all = place.end().max(gold.end()) - place.start().min(gold.start());
        let alike = f64::from(common) / f64::from(all.max(1));
        self.exact += usize::from(place == gold);
        self.found += usize::from(alike >= 0.8);
        self.wrong += usize::from(alike < 0.5);
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.found as f64 / self.given.max(1) as f64, self.part(self.found));
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }

    /// A count as a part of the marks that are still there.
    pub fn part(&self, count: usize) -> f64 {
        count as f64 / self.there.max(1) as f64
    }

    /// Ghosts as a part of the deleted marks.
    pub fn ghostly(&self) -> f64 {
        self.ghosts as f64 / self.deleted.max(1) as f64
    }
}

/// Scores by edit, one of each way that is compared.
#[derive(Default)]
pub struct Table {
    rows: BTreeMap<String, Vec<Score>>,
}

impl Table {
    /// Counts one mark: its place by each way.
    pub fn add(&mut self, edit: &str, gold: Option<Span>, places: &[Option<Span>]) {
        let all = (edit != "noop").then_some("~ all but noop");
        for row in [Some(edit), all].into_iter().flatten() {
            let scores = self.rows.entry(row.to_owned()).or_insert_with(|| vec![Score::default(); places.len()]);
            for (score, &place) in scores.iter_mut().zip(places) {
                score.add(gold, place);
            }
        }
    }

    /// The row of all edits but `noop`, by the first way.
    pub fn all(&self) -> Score {
        self.row("~ all but noop")
    }

    /// The row of an edit, by the first way.
    pub fn row(&self, edit: &str) -> Score {
        self.rows.get(edit).map_or_else(Score::default, |scores| scores[0])
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<15}{:>8}{:>8}{:>7}{:>12}{:>8}", "edit", "F1", "exact", "wrong", "ghosts", "missed")?;
        write!(f, "{:>12}{:>16}", "position", "text + context")?;
        for (edit, scores) in &self.rows {
            let first = scores[0];
            write!(f, "\n{edit:<15}{:>8.4}{:>8.4}{:>7}", first.f1(), first.part(first.exact), first.wrong)?;
            write!(f, "{:>12}{:>8}", format!("{}/{}", first.ghosts, first.deleted), first.missed)?;
            for other in &scores[1..] {
                write!(f, "{:>12.4}", other.f1())?;
            }
        }
        Ok(())
    }
}
