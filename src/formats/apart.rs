//! Parts of one file that are read side by side, and handed over in their order.

use rayon::prelude::*;

use super::Report;

/// Reads parts on all cores, all of them at once: whoever calls bounds them. What is told of each stands in the order of the file.
pub(super) fn side_by_side<P: Sync, T: Send>(
    parts: &[P],
    report: &mut Report,
    read: impl Fn(&P, &mut Report) -> T + Sync,
    mut take: impl FnMut(T),
) {
    let one = |part: &P| {
        let mut told = Report::default();
        (read(part, &mut told), told)
    };
    for (read, told) in parts.par_iter().map(one).collect::<Vec<_>>() {
        report.warnings.extend(told.warnings);
        report.declared.extend(told.declared);
        take(read);
    }
}
