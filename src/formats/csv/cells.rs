//! Cells: a spreadsheet runs one that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, so that a `'` stands before.
//!
//! A cell that has `'` before such a sign already gets one more, so that each is read as it was.

use std::borrow::Cow;

/// Whether a spreadsheet would run a cell, or would if a `'` or more were taken off.
fn runs(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell that no spreadsheet runs.
pub(super) fn defused(cell: &str) -> Cow<'_, str> {
    if runs(cell) { format!("'{cell}").into() } else { cell.into() }
}

/// A cell as it was.
pub(super) fn as_it_was(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| runs(rest)).unwrap_or(cell)
}

/// Rows as bytes.
pub(super) fn rows(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .has_headers(false)
        .from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| defused(cell).into_owned());
        writer.write_record(cells).expect("memory takes it");
    }
    writer.into_inner().expect("memory takes it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_run_and_each_is_read_as_it_was() {
        let plain = ["a", "", "'", "'a", "a=b", "“-”", " =1"];
        for cell in plain {
            assert_eq!((defused(cell).as_ref(), as_it_was(cell)), (cell, cell));
        }
        for cell in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''-"] {
            let safe = defused(cell);
            assert!(safe.starts_with('\'') && *safe == format!("'{cell}"));
            assert_eq!(as_it_was(&safe), cell);
        }
    }

    #[test]
    fn rows_are_those_of_the_rfc() {
        let row = vec!["a \"b\"".to_owned(), "c,\nd".to_owned(), String::new(), "=e".to_owned()];
        assert_eq!(rows(&[row]), b"\"a \"\"b\"\"\",\"c,\nd\",,'=e\r\n");
    }
}
