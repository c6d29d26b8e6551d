//! How much the pages of a Parquet file claim to hold, seen before the library makes room for it.
//!
//! The library takes the sizes that a page's header names for true. Here they are held against the bytes that are there;
//! headers are Thrift's compact protocol, of which only what is needed is read.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

/// No page is larger.
const LARGEST: u64 = 256 << 20;
/// Snappy makes at most so many bytes of one: a copy of 64 takes three.
const SNAPPY: u64 = 24;
/// So many values may stand in a column's part for each byte of the file, and so many in any file: lists of values that
/// are all the same take no room, but what stands beside them does.
const VALUES: u64 = 2;
const ANYWAY: u64 = 1 << 16;
/// Structures of a header are in each other no deeper.
const DEEPEST: usize = 8;

/// Why a file claims too much; none where it may be read.
pub(super) fn too_much(bytes: &[u8], metadata: &ParquetMetaData) -> Option<String> {
    for column in metadata.row_groups().iter().flat_map(RowGroupMetaData::columns) {
        let Some(part) = part(bytes, column) else { return Some("a column lies outside of the file".to_owned()) };
        let most =
            if column.column_descr().max_rep_level() > 0 { bytes.len() as u64 * VALUES + ANYWAY } else { u64::MAX };
        if let Err(reason) = pages(part, column.compression(), most) {
            return Some(reason);
        }
    }
    None
}

/// The bytes of a column's pages.
fn part<'b>(bytes: &'b [u8], column: &ColumnChunkMetaData) -> Option<&'b [u8]> {
    let data = column.data_page_offset();
    let start = column.dictionary_page_offset().filter(|at| (1..data).contains(at)).unwrap_or(data);
    let start = usize::try_from(start).ok()?;
    let length = usize::try_from(column.compressed_size()).ok()?;
    bytes.get(start..start.checked_add(length)?)
}

fn pages(mut part: &[u8], compression: Compression, most: u64) -> Result<(), String> {
    let mut values = 0_u64;
    while !part.is_empty() {
        let mut reader = Compact { bytes: part };
        let Some(header) = reader.header() else { return Err("the header of a page is damaged".to_owned()) };
        let Some((page, rest)) = reader.bytes.split_at_checked(header.packed) else {
            return Err("a page ends after its column".to_owned());
        };
        let ends = header.levels.min(page.len());
        let is_true = match compression {
            Compression::SNAPPY => header.plain <= SNAPPY * (page.len() as u64 + 8),
            Compression::GZIP(_) => inflates_to(&page[ends..], header.plain),
            _ => header.plain <= page.len() as u64,
        };
        if header.plain > LARGEST || !(is_true || header.is_plain) {
            return Err(format!("a page of {} bytes says that it holds {}", page.len(), header.plain));
        }
        values = header.values.saturating_add(values);
        if values > most {
            return Err(format!("a column claims {values} values, more than a file of this size has"));
        }
        part = rest;
    }
    Ok(())
}

/// Whether no more than this comes out.
fn inflates_to(page: &[u8], most: u64) -> bool {
    let most = most.min(LARGEST);
    let length = io::copy(&mut MultiGzDecoder::new(page).take(most + 1), &mut io::sink());
    // What cannot be unpacked is told by the library.
    length.is_ok_and(|length| length <= most) || page.is_empty()
}

/// What a header says of its page.
#[derive(Debug, Default, PartialEq, Eq)]
struct Header {
    /// Bytes in the file.
    packed: usize,
    /// Bytes when it is unpacked.
    plain: u64,
    values: u64,
    /// Bytes before those that are packed.
    levels: usize,
    /// Whether it is not packed, whatever the column says.
    is_plain: bool,
}

/// Reads Thrift's compact protocol.
struct Compact<'b> {
    bytes: &'b [u8],
}

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A number that is not negative.
    fn number(&mut self) -> Option<u64> {
        self.varint().filter(|zigzag| zigzag & 1 == 0).map(|zigzag| zigzag >> 1)
    }

    /// The next field of a structure, after field `last`: its number and type. Type 0 ends the structure.
    fn field(&mut self, last: u64) -> Option<(u64, u8)> {
        let byte = self.byte()?;
        let (step, kind) = (u64::from(byte >> 4), byte & 0x0f);
        Some((
            if kind == 0 {
                0
            } else if step == 0 {
                self.number()?
            } else {
                last + step
            },
            kind,
        ))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1 | 2 => {}
            3 => drop(self.byte()?),
            4..=6 => drop(self.varint()?),
            7 => self.bytes = self.bytes.get(8..)?,
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.bytes = self.bytes.get(length..)?;
            }
            12 if depth < DEEPEST => {
                let mut last = 0;
                loop {
                    let (field, kind) = self.field(last)?;
                    if kind == 0 {
                        break;
                    }
                    self.skip(kind, depth + 1)?;
                    last = field;
                }
            }
            // Lists and maps stand in no header of a page.
            _ => return None,
        }
        Some(())
    }

    /// The header of a page, which ends where the page begins.
    fn header(&mut self) -> Option<Header> {
        let (mut header, mut last) = (Header::default(), 0);
        loop {
            let (field, kind) = self.field(last)?;
            match (field, kind) {
                (_, 0) => return Some(header),
                (2, 5) => header.plain = self.number()?,
                (3, 5) => header.packed = usize::try_from(self.number()?).ok()?,
                (5 | 7 | 8, 12) => self.inner(field, &mut header)?,
                _ => self.skip(kind, 0)?,
            }
            last = field;
        }
    }

    /// What stands in a header of its kind: of data, of a dictionary, of data of the second version.
    fn inner(&mut self, of: u64, header: &mut Header) -> Option<()> {
        let mut last = 0;
        loop {
            let (field, kind) = self.field(last)?;
            match (field, kind) {
                (_, 0) => return Some(()),
                (1, 5) => header.values = self.number()?,
                (5 | 6, 5) if of == 8 => header.levels += usize::try_from(self.number()?).ok()?,
                (7, 2) if of == 8 => header.is_plain = true,
                _ => self.skip(kind, 0)?,
            }
            last = field;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_and_what_it_claims_is_held_against_its_page() {
        // type 0, 40 bytes, 10 packed, then of data: 3 values, encodings 0, 3, 3.
        let header = [0x15, 0x00, 0x15, 80, 0x15, 20, 0x2c, 0x15, 6, 0x15, 0, 0x15, 6, 0x15, 6, 0x00, 0x00];
        let mut reader = Compact { bytes: &header };
        let read = reader.header();
        assert_eq!(read, Some(Header { packed: 10, plain: 40, values: 3, ..Header::default() }));
        assert!(reader.bytes.is_empty());
        let page = [header.as_slice(), &[0; 10]].concat();
        assert_eq!(pages(&page, Compression::SNAPPY, 3), Ok(()));
        assert!(pages(&page, Compression::SNAPPY, 2).is_err_and(|why| why.contains("values")));
        assert!(pages(&page, Compression::UNCOMPRESSED, 3).is_err_and(|why| why.contains("says that it holds 40")));
        assert!(pages(&page[..20], Compression::SNAPPY, 3).is_err());
        for end in 0..header.len() {
            assert!(Compact { bytes: &header[..end] }.header().is_none(), "{end}");
        }
    }
}
