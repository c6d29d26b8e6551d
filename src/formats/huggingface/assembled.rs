//! Rows put together again from columns that are ours, column by column: much faster than the library's rows, each of whose
//! values is a tree with the names of its columns.
//!
//! It is the way back of what [`super::parquet`] takes apart (Melnik et al. 2010). Files with other columns are read by the
//! library.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::reader::RowGroupReader;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use super::cells::Cell;
use super::columns::{Column, ROW, leaves_of, message};
use crate::formats::caught::caught;

/// So many rows are held at once.
const ROWS: usize = 1000;
/// What is said of a file that the library panics on.
pub(super) const DAMAGED: &str = "it is damaged";
/// How programs call the levels of a list.
const LEVELS: [&str; 4] = ["list", "element", "item", "array"];

/// Whether a file has our columns, and nothing else.
pub(super) fn is_ours(schema: &SchemaDescriptor) -> bool {
    let Ok(ours) = parse_message_type(&message()) else { return false };
    let ours = SchemaDescriptor::new(Arc::new(ours));
    let named = |column: &ColumnDescriptor| -> Vec<String> {
        column.path().parts().iter().filter(|part| !LEVELS.contains(&part.as_str())).cloned().collect()
    };
    let same = |(one, other): (&Arc<ColumnDescriptor>, &Arc<ColumnDescriptor>)| {
        one.physical_type() == other.physical_type()
            && one.converted_type() == other.converted_type()
            && (one.max_def_level(), one.max_rep_level()) == (other.max_def_level(), other.max_rep_level())
            && named(one) == named(other)
    };
    ours.num_columns() == schema.num_columns() && ours.columns().iter().zip(schema.columns()).all(same)
}

/// The values of a column.
enum Values {
    Texts(Vec<ByteArray>),
    Wholes(Vec<i64>),
    Truths(Vec<bool>),
}

/// A column of some rows.
struct Leaf {
    values: Values,
    defined: Vec<i16>,
    /// Empty where nothing repeats.
    repeated: Vec<i16>,
}

/// Hands over the rows of a group, a cell for each column; those of these names are left out, as nothing. Ends when one is
/// not taken.
pub(super) fn rows(
    group: &dyn RowGroupReader,
    without: &[&str],
    take: &mut dyn FnMut(&[Cell<'_>]) -> bool,
) -> Result<(), String> {
    let mut readers: Vec<Option<ColumnReader>> = Vec::new();
    for (name, column) in ROW {
        for _ in 0..leaves_of(*column) {
            let number = readers.len();
            let reader = (!without.contains(name)).then(|| fenced(|| group.get_column_reader(number)));
            readers.push(reader.transpose()?);
        }
    }
    loop {
        let mut leaves: Vec<Option<Leaf>> = Vec::new();
        let mut count = None;
        for reader in &mut readers {
            let Some(reader) = reader else {
                leaves.push(None);
                continue;
            };
            let (records, leaf) = fenced(|| leaf(reader))?;
            if *count.get_or_insert(records) != records {
                return Err(DAMAGED.to_owned());
            }
            leaves.push(Some(leaf));
        }
        let count = count.unwrap_or(0);
        if count == 0 {
            return Ok(());
        }
        let mut cursors: Vec<Option<Cursor<'_>>> = leaves.iter().map(|leaf| leaf.as_ref().map(Cursor::new)).collect();
        for _ in 0..count {
            let row = row(&mut cursors).ok_or_else(|| DAMAGED.to_owned())?;
            if !take(&row) {
                return Ok(());
            }
        }
    }
}

/// What the library does, which may give up on a damaged file in more than one way.
fn fenced<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    caught(AssertUnwindSafe(work))
        .map_or_else(|| Err(DAMAGED.to_owned()), |done| done.map_err(|error| error.to_string()))
}

/// The next rows of a column, and how many they are.
fn leaf(reader: &mut ColumnReader) -> Result<(usize, Leaf), ParquetError> {
    let (mut defined, mut repeated) = (Vec::new(), Vec::new());
    let levels = (Some(&mut defined), Some(&mut repeated));
    let (records, values) = match reader {
        ColumnReader::ByteArrayColumnReader(reader) => {
            let mut texts = Vec::new();
            (reader.read_records(ROWS, levels.0, levels.1, &mut texts)?.0, Values::Texts(texts))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            let mut wholes = Vec::new();
            (reader.read_records(ROWS, levels.0, levels.1, &mut wholes)?.0, Values::Wholes(wholes))
        }
        ColumnReader::BoolColumnReader(reader) => {
            let mut truths = Vec::new();
            (reader.read_records(ROWS, levels.0, levels.1, &mut truths)?.0, Values::Truths(truths))
        }
        _ => return Err(ParquetError::General(DAMAGED.to_owned())),
    };
    Ok((records, Leaf { values, defined, repeated }))
}

/// A place in a column.
struct Cursor<'l> {
    leaf: &'l Leaf,
    level: usize,
    value: usize,
}

impl<'l> Cursor<'l> {
    fn new(leaf: &'l Leaf) -> Self {
        Self { leaf, level: 0, value: 0 }
    }

    /// How much of the path is there; nothing at the column's end.
    fn defined(&self) -> Option<i16> {
        self.leaf.defined.get(self.level).copied()
    }

    /// At which list what comes next repeats; 0 where a row begins.
    fn repeated(&self) -> i16 {
        self.leaf.repeated.get(self.level).copied().unwrap_or(0)
    }

    /// The value here, which is there at this level.
    fn next(&mut self, there: i16) -> Option<Cell<'l>> {
        let defined = self.defined()?;
        self.level += 1;
        if defined < there {
            return Some(Cell::Nothing);
        }
        let at = self.value;
        self.value += 1;
        Some(match &self.leaf.values {
            Values::Texts(texts) => Cell::Text(std::str::from_utf8(texts.get(at)?.data()).ok()?.into()),
            Values::Wholes(wholes) => u64::try_from(*wholes.get(at)?).map_or(Cell::Nothing, Cell::Whole),
            Values::Truths(truths) => Cell::Truth(*truths.get(at)?),
        })
    }
}

fn row<'l>(mut cursors: &mut [Option<Cursor<'l>>]) -> Option<Vec<Cell<'l>>> {
    let mut cells = Vec::with_capacity(ROW.len());
    for (_, column) in ROW {
        let own;
        (own, cursors) = cursors.split_at_mut(leaves_of(*column));
        let mut own: Vec<&mut Cursor<'l>> = own.iter_mut().flatten().collect();
        cells.push(if own.is_empty() { Cell::Nothing } else { cell(*column, (0, 0), &mut own)? });
    }
    Some(cells)
}

/// A value of a column, from the columns below it; nothing where they end too early. The levels: how much of the path is
/// there, and how many lists are around it.
fn cell<'l>(column: Column, (defined, depth): (i16, i16), below: &mut [&mut Cursor<'l>]) -> Option<Cell<'l>> {
    let fields = match column {
        Column::Values(_) => &[],
        Column::Objects(fields) => fields,
        _ => return below[0].next(defined + 1),
    };
    let (mut values, mut objects) = (Vec::new(), Vec::new());
    let list = below[0].defined()?;
    if list < defined + 2 {
        pass(below);
        if list <= defined {
            return Some(Cell::Nothing);
        }
    } else {
        loop {
            if let Column::Values(of) = column {
                values.push(cell(*of, (defined + 2, depth + 1), below)?);
            } else {
                objects.push(object(fields, (defined + 2, depth + 1), below)?);
            }
            if below[0].repeated() <= depth {
                break;
            }
        }
    }
    Some(if matches!(column, Column::Values(_)) { Cell::Values(values) } else { Cell::Objects(objects) })
}

fn object<'l>(
    fields: &[(&str, Column)],
    (defined, depth): (i16, i16),
    mut below: &mut [&mut Cursor<'l>],
) -> Option<Vec<Cell<'l>>> {
    if below[0].defined()? <= defined {
        pass(below);
        return Some(Vec::new());
    }
    let mut cells = Vec::with_capacity(fields.len());
    for (_, column) in fields {
        let own;
        (own, below) = below.split_at_mut(leaves_of(*column));
        cells.push(cell(*column, (defined + 1, depth), own)?);
    }
    Some(cells)
}

/// Goes past what is not there, in every column below.
fn pass(below: &mut [&mut Cursor<'_>]) {
    below.iter_mut().for_each(|cursor| cursor.level += 1);
}

#[cfg(test)]
mod tests {
    use super::super::parquet::{File, Row, Table};
    use super::*;

    fn any(column: Column, random: &mut fastrand::Rng) -> Cell<'static> {
        if random.u8(..5) == 0 {
            return Cell::Nothing;
        }
        let count = random.usize(..4);
        match column {
            Column::Text => Cell::Text("añ北😀".repeat(count).into()),
            Column::Whole => Cell::Whole(random.u64(..1 << 40)),
            Column::Truth => Cell::Truth(random.bool()),
            Column::Values(of) => Cell::Values((0..count).map(|_| any(*of, random)).collect()),
            Column::Objects(fields) => {
                let mut object = || fields.iter().map(|(_, column)| any(*column, random)).collect();
                Cell::Objects((0..count).map(|_| object()).collect())
            }
        }
    }

    #[derive(Clone, Default)]
    struct Shared(Arc<std::sync::Mutex<Vec<u8>>>);

    impl std::io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("nobody else has it").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn rows_that_are_taken_apart_come_together_again() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut row = || ROW.iter().map(|(_, column)| any(*column, &mut random)).collect::<Vec<_>>();
        let rows: Vec<Vec<Cell<'_>>> = (0..2500).map(|_| row()).collect();
        let out = Shared::default();
        let mut table = Table::begin(Box::new(out.clone())).expect("it begins");
        rows.iter().for_each(|row| table.add(Box::new(Row::new(row))).expect("it is taken"));
        table.finish().expect("it ends");
        let bytes = out.0.lock().expect("nobody else has it").clone();
        let file = File::open(&bytes).expect("it is Parquet");
        assert!(file.is_ours());
        let mut wanted = rows.iter();
        for group in file.groups() {
            let mut left = group.rows;
            let read = file.own_rows(group, &[], |cells| {
                assert!(wanted.next().is_some_and(|row| row == cells), "{cells:?}");
                left -= 1;
                true
            });
            read.expect("it is whole");
            assert_eq!(left, 0);
        }
        assert!(wanted.next().is_none());
    }

    #[test]
    fn columns_of_others_are_not_taken_for_ours() {
        let others = message().replace("optional int64 start", "optional int32 start");
        let items = message().replace("element", "item");
        for (text, ours) in [(message(), true), (items, true), (others, false)] {
            let schema = SchemaDescriptor::new(Arc::new(parse_message_type(&text).expect("a schema")));
            assert_eq!(is_ours(&schema), ours, "{text}");
        }
    }
}
