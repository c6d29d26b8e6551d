//! Rows to the columns of a Parquet file, and back.
//!
//! Nested values are taken apart as Dremel does (Melnik et al. 2010): each value of a column stands with how much of its
//! path is there, and at which list it repeats.

use std::io::{self, Write};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, RowGroupMetaData};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::reader::RowIter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{Type, TypePtr};
use serde_json::Value as Json;

use super::assembled::{self, DAMAGED};
use super::cells::Cell;
use super::columns::{Column, ROW, features, leaves_of, message};
use super::pages::too_much;
use crate::formats::caught::caught;
use crate::formats::{Block, Bundle};

/// So many rows, or bytes of text, stand in a group, which is held in memory.
const ROWS: usize = 1000;
const BYTES: usize = 32 << 20;

/// The values of a column.
#[derive(Debug, Default)]
struct Leaf {
    /// All texts, one after the other: there are too many for a place of memory each.
    texts: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
    wholes: Vec<i64>,
    truths: Vec<bool>,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

/// A file in the making.
pub(super) struct Table {
    out: SerializedFileWriter<Box<dyn Write + Send>>,
    leaves: Vec<Leaf>,
    rows: usize,
    bytes: usize,
}

impl Table {
    /// Begins a file.
    pub fn begin(out: Box<dyn Write + Send>) -> io::Result<Box<dyn Bundle>> {
        let schema = Arc::new(parse_message_type(&message()).map_err(io::Error::other)?);
        let metadata = KeyValue::new("huggingface".to_owned(), features().to_string());
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("Pressmark {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(vec![metadata]))
            .build();
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(io::Error::other)?;
        let leaves = kinds().iter().map(|_| Leaf::default()).collect();
        Ok(Box::new(Self { out, leaves, rows: 0, bytes: 0 }))
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.out.next_row_group().map_err(io::Error::other)?;
        for (leaf, kind) in self.leaves.iter_mut().zip(kinds()) {
            let leaf = std::mem::take(leaf);
            let Some(mut column) = group.next_column().map_err(io::Error::other)? else { break };
            let levels = (Some(leaf.defined.as_slice()), Some(leaf.repeated.as_slice()));
            let written = match kind {
                Column::Whole => column.typed::<Int64Type>().write_batch(&leaf.wholes, levels.0, levels.1),
                Column::Truth => column.typed::<BoolType>().write_batch(&leaf.truths, levels.0, levels.1),
                _ => {
                    let (texts, mut start) = (bytes::Bytes::from(leaf.texts), 0);
                    let text = |end: usize| ByteArray::from(texts.slice(std::mem::replace(&mut start, end)..end));
                    let texts: Vec<ByteArray> = leaf.ends.into_iter().map(text).collect();
                    column.typed::<ByteArrayType>().write_batch(&texts, levels.0, levels.1)
                }
            };
            written.map_err(io::Error::other)?;
            column.close().map_err(io::Error::other)?;
        }
        group.close().map_err(io::Error::other)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Bundle for Table {
    fn add(&mut self, block: Block) -> io::Result<()> {
        let row = block.downcast::<Row>().map_err(|_| io::Error::other("a block of another format"))?;
        self.leaves.iter_mut().zip(row.leaves).for_each(|(leaf, more)| leaf.append(more));
        self.bytes += row.bytes;
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()?;
        let Self { out, .. } = *self;
        out.into_inner().map_err(io::Error::other)?.flush()
    }
}

/// What each column of values holds, in order.
fn kinds() -> Vec<Column> {
    fn add(column: Column, kinds: &mut Vec<Column>) {
        match column {
            Column::Values(of) => add(*of, kinds),
            Column::Objects(fields) => fields.iter().for_each(|(_, column)| add(*column, kinds)),
            scalar => kinds.push(scalar),
        }
    }
    let mut kinds = Vec::new();
    ROW.iter().for_each(|(_, column)| add(*column, &mut kinds));
    kinds
}

/// A row in columns.
pub(super) struct Row {
    leaves: Vec<Leaf>,
    /// Bytes of its texts.
    bytes: usize,
}

impl Row {
    /// Takes a row apart: a cell for each column.
    pub fn new(cells: &[Cell<'_>]) -> Self {
        let mut leaves: Vec<Leaf> = kinds().iter().map(|_| Leaf::default()).collect();
        let mut rest = leaves.as_mut_slice();
        for ((_, column), cell) in ROW.iter().zip(cells) {
            let own;
            (own, rest) = rest.split_at_mut(leaves_of(*column));
            take_apart(Some(cell), *column, (0, 0, 0), own);
        }
        let bytes = leaves.iter().map(|leaf| leaf.texts.len()).sum();
        Self { leaves, bytes }
    }
}

/// Adds a value to the columns below it. The levels: how much of the path is there, at which list this value repeats, and how
/// many lists are around it.
fn take_apart(
    cell: Option<&Cell<'_>>,
    column: Column,
    (defined, repeated, depth): (i16, i16, i16),
    leaves: &mut [Leaf],
) {
    let cell = cell.filter(|cell| !matches!(cell, Cell::Nothing));
    let inner = |at: usize| (defined + 2, if at == 0 { repeated } else { depth + 1 }, depth + 1);
    let defined = match (column, cell) {
        (Column::Values(of), Some(Cell::Values(values))) if !values.is_empty() => {
            leaves.iter_mut().for_each(|leaf| leaf.reserve(values.len()));
            let values = values.iter().enumerate();
            return values.for_each(|(at, value)| take_apart(Some(value), *of, inner(at), leaves));
        }
        (Column::Objects(fields), Some(Cell::Objects(objects))) if !objects.is_empty() => {
            leaves.iter_mut().for_each(|leaf| leaf.reserve(objects.len()));
            for (at, object) in objects.iter().enumerate() {
                let (defined, repeated, depth) = inner(at);
                let mut rest = &mut *leaves;
                for (number, (_, column)) in fields.iter().enumerate() {
                    let own;
                    (own, rest) = rest.split_at_mut(leaves_of(*column));
                    take_apart(object.get(number), *column, (defined + 1, repeated, depth), own);
                }
            }
            return;
        }
        (Column::Values(_) | Column::Objects(_), cell) => defined + i16::from(cell.is_some()),
        (_, cell) => defined + i16::from(leaves[0].take(cell)),
    };
    // The path ends here, for every column below.
    leaves.iter_mut().for_each(|leaf| leaf.level(defined, repeated));
}

impl Leaf {
    /// Takes in a value.
    fn take(&mut self, cell: Option<&Cell<'_>>) -> bool {
        match cell {
            Some(Cell::Text(text)) => {
                self.texts.extend_from_slice(text.as_bytes());
                self.ends.push(self.texts.len());
            }
            Some(Cell::Whole(number)) => self.wholes.push(i64::try_from(*number).unwrap_or(i64::MAX)),
            Some(Cell::Truth(truth)) => self.truths.push(*truth),
            _ => return false,
        }
        true
    }

    /// Makes room for levels: lists are taken in as wholes.
    fn reserve(&mut self, more: usize) {
        self.defined.reserve(more);
        self.repeated.reserve(more);
    }

    fn level(&mut self, defined: i16, repeated: i16) {
        self.defined.push(defined);
        self.repeated.push(repeated);
    }

    fn append(&mut self, mut other: Self) {
        let before = self.texts.len();
        self.texts.append(&mut other.texts);
        self.ends.extend(other.ends.iter().map(|end| before + end));
        self.wholes.append(&mut other.wholes);
        self.truths.append(&mut other.truths);
        self.defined.append(&mut other.defined);
        self.repeated.append(&mut other.repeated);
    }
}

/// A file that is read. The library may give up on a damaged one in more than one way: all are a reason why, and end the
/// rows.
pub(super) struct File {
    reader: SerializedFileReader<bytes::Bytes>,
    /// What the file says of its features.
    pub features: Option<Json>,
}

/// Rows that stand together in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    number: usize,
    /// How many rows are before it.
    pub before: usize,
    /// How many there are.
    pub rows: usize,
    /// Whether it is small enough to be held as a whole.
    pub is_small: bool,
}

impl File {
    /// Opens a file.
    pub fn open(bytes: &[u8]) -> Result<Self, String> {
        let said = |error: ParquetError| error.to_string();
        caught(|| {
            let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).map_err(said)?;
            if let Some(reason) = too_much(bytes, reader.metadata()) {
                return Err(reason);
            }
            // Each row takes some room.
            let rows = reader.metadata().row_groups().iter().map(|group| group.num_rows().max(0) as u64);
            if rows.fold(0_u64, u64::saturating_add) > bytes.len() as u64 {
                return Err("it claims more rows than a file of this size has".to_owned());
            }
            let metadata = reader.metadata().file_metadata().key_value_metadata();
            let features = metadata.and_then(|all| all.iter().find(|entry| entry.key == "huggingface"));
            let features = features.and_then(|entry| serde_json::from_str(entry.value.as_deref()?).ok());
            Ok(Self { reader, features })
        })
        .unwrap_or_else(|| Err(DAMAGED.to_owned()))
    }

    /// The file's groups, in their order.
    pub fn groups(&self) -> Vec<Group> {
        let mut before = 0;
        let group = |(number, group): (usize, &RowGroupMetaData)| {
            let rows = usize::try_from(group.num_rows()).unwrap_or(0);
            let is_small = rows <= ROWS && usize::try_from(group.total_byte_size()).is_ok_and(|size| size <= BYTES);
            before += rows;
            Group { number, before: before - rows, rows, is_small }
        };
        self.reader.metadata().row_groups().iter().enumerate().map(group).collect()
    }

    /// Whether there is a column of this name, which is a list or is not.
    pub fn has(&self, name: &str, is_list: bool) -> bool {
        let schema = self.reader.metadata().file_metadata().schema();
        schema.get_fields().iter().any(|field| field.name() == name && field.is_primitive() != is_list)
    }

    /// The columns without those of these names; none where that are all.
    fn without(&self, names: &[&str]) -> Option<Type> {
        let schema = self.reader.metadata().file_metadata().schema();
        let is_wanted = |field: &&TypePtr| !names.contains(&field.name());
        let fields: Vec<TypePtr> = schema.get_fields().iter().filter(is_wanted).cloned().collect();
        if fields.len() == schema.get_fields().len() {
            return None;
        }
        Type::group_type_builder(schema.name()).with_fields(fields).build().ok()
    }

    /// Whether the file has our columns alone: they are read by [`File::own_rows`].
    pub fn is_ours(&self) -> bool {
        assembled::is_ours(self.reader.metadata().file_metadata().schema_descr())
    }

    /// The same as [`File::rows`] for a file with our columns.
    pub fn own_rows(
        &self,
        group: Group,
        without: &[&str],
        mut take: impl FnMut(&[Cell<'_>]) -> bool,
    ) -> Result<(), String> {
        let open = || self.reader.get_row_group(group.number).map_err(|error| error.to_string());
        let group = caught(AssertUnwindSafe(open)).unwrap_or_else(|| Err(DAMAGED.to_owned()))?;
        assembled::rows(&*group, without, &mut take)
    }

    /// Hands over the rows of a group without the columns of these names, until one is not taken, or there is a reason why
    /// there is no next one.
    pub fn rows(&self, group: Group, without: &[&str], mut take: impl FnMut(Json) -> bool) -> Result<(), String> {
        let said = |error: ParquetError| error.to_string();
        let damaged = || Err(DAMAGED.to_owned());
        // What is left half done by a panic is not looked at again.
        let open = || self.reader.get_row_group(group.number).map_err(said);
        let group = caught(AssertUnwindSafe(open)).unwrap_or_else(damaged)?;
        let columns = self.without(without);
        let mut rows = caught(AssertUnwindSafe(|| RowIter::from_row_group(columns, &*group).map_err(said)))
            .unwrap_or_else(|| Err(DAMAGED.to_owned()))?;
        loop {
            let next = || Some(rows.next()?.map(|row| row.to_json_value()).map_err(said));
            match caught(AssertUnwindSafe(next)) {
                Some(Some(Ok(row))) => {
                    if !take(row) {
                        return Ok(());
                    }
                }
                Some(Some(Err(reason))) => return Err(reason),
                Some(None) => return Ok(()),
                None => return Err(DAMAGED.to_owned()),
            }
        }
    }
}
