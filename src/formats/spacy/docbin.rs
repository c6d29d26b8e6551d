//! The bytes of a DocBin (FORMATS.md, section 5): a MessagePack map of columns over all documents, deflated.
//!
//! What a document gives to it stands apart from how it is packed; a file that is read is checked column by column.

use std::io::{self, BufWriter, IntoInnerError, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use rmp::encode::{self as e, ValueWriteError};
use rmpv::{Value as Pack, ValueRef as PackRef};

use super::strings::Strings;
use crate::formats::{Block, Bundle};

/// Columns of tokens: what they are called in spaCy's table of symbols.
pub(super) const ORTH: u64 = 65;
pub(super) const ENT_IOB: u64 = 77;
pub(super) const ENT_TYPE: u64 = 78;
pub(super) const SENT_START: u64 = 80;
pub(super) const ENT_KB_ID: u64 = 452;
pub(super) const ENT_ID: u64 = 454;
const COLUMNS: [u64; 6] = [ORTH, ENT_IOB, ENT_TYPE, SENT_START, ENT_KB_ID, ENT_ID];

/// How hard zlib tries: most of the columns repeats, so that more than this takes twice the time for a thirtieth less.
const LEVEL: u32 = 2;
/// More than this is not unpacked.
const LARGEST: u64 = 1 << 30;
/// Nor more values than this: two million documents have as many.
const MOST: usize = 8_000_000;
/// Values are nested no deeper than this.
const DEEPEST: usize = 32;

/// A document's part of the columns.
pub(super) struct Packed {
    /// A row of [`COLUMNS`] for each token.
    pub rows: Vec<[u64; 6]>,
    /// Whether a space comes after each token.
    pub spaces: Vec<u8>,
    /// All strings that numbers stand for.
    pub strings: Strings,
    /// Span groups, packed.
    pub groups: Vec<u8>,
    /// `user_data`, packed.
    pub user_data: Vec<u8>,
}

/// A span of a group: of tokens and of characters, the ends not included.
pub(super) struct GroupSpan {
    pub id: u64,
    pub label: u64,
    pub tokens: (i32, i32),
    pub chars: (i32, i32),
}

/// Span groups, each with its key.
pub(super) fn pack_groups(groups: &[(String, Vec<GroupSpan>)]) -> Vec<u8> {
    let filled = || groups.iter().filter(|(_, spans)| !spans.is_empty());
    let mut all = Vec::new();
    if filled().next().is_none() {
        return all;
    }
    let mut write = || -> Result<(), ValueWriteError> {
        e::write_map_len(&mut all, filled().count() as u32)?;
        for (key, spans) in filled() {
            let mut group = Vec::with_capacity(64 + spans.len() * 42);
            e::write_map_len(&mut group, 3)?;
            e::write_str(&mut group, "name")?;
            e::write_str(&mut group, key)?;
            e::write_str(&mut group, "attrs")?;
            e::write_map_len(&mut group, 0)?;
            e::write_str(&mut group, "spans")?;
            e::write_array_len(&mut group, spans.len() as u32)?;
            for span in spans {
                e::write_bin_len(&mut group, 40)?;
                group.extend_from_slice([span.id, 0, span.label].map(u64::to_be_bytes).as_flattened());
                let places = [span.tokens.0, span.tokens.1, span.chars.0, span.chars.1];
                group.extend_from_slice(places.map(i32::to_be_bytes).as_flattened());
            }
            e::write_bin(&mut all, &group)?;
            e::write_array_len(&mut all, 1)?;
            e::write_str(&mut all, key)?;
        }
        Ok(())
    };
    write().expect("memory takes it");
    all
}

/// A value's bytes.
pub(super) fn packed(value: &Pack) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, value).expect("memory takes it");
    bytes
}

/// A DocBin in the making.
pub(super) struct DocBin {
    out: Box<dyn Write + Send>,
    documents: Vec<Packed>,
}

impl DocBin {
    /// Begins a file.
    #[expect(clippy::unnecessary_wraps, reason = "other bundles write when they begin")]
    pub fn begin(out: Box<dyn Write + Send>) -> io::Result<Box<dyn Bundle>> {
        Ok(Box::new(Self { out, documents: Vec::new() }))
    }
}

impl Bundle for DocBin {
    fn add(&mut self, block: Block) -> io::Result<()> {
        let packed = block.downcast::<Packed>().map_err(|_| io::Error::other("a block of another format"))?;
        self.documents.push(*packed);
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let Self { out, mut documents } = *self;
        let mut strings = Strings::default();
        documents.iter_mut().for_each(|document| strings.extend(std::mem::take(&mut document.strings)));
        // The encoder makes room for each write, however short it is.
        let mut zip = BufWriter::with_capacity(1 << 16, ZlibEncoder::new(out, Compression::new(LEVEL)));
        pack(&mut zip, &documents, &strings.sorted())?;
        zip.into_inner().map_err(IntoInnerError::into_error)?.finish()?.flush()
    }
}

fn pack(out: &mut impl Write, documents: &[Packed], strings: &[&str]) -> io::Result<()> {
    let key = |out: &mut _, key: &str| e::write_str(out, key).map_err(io::Error::from);
    let array = |out: &mut _, length: usize| e::write_array_len(out, length as u32).map(drop).map_err(io::Error::from);
    e::write_map_len(out, 10)?;
    key(out, "version")?;
    key(out, "0.1")?;
    key(out, "attrs")?;
    array(out, COLUMNS.len())?;
    COLUMNS.iter().try_for_each(|&column| e::write_uint(out, column).map(drop))?;
    let tokens: usize = documents.iter().map(|document| document.rows.len()).sum();
    key(out, "tokens")?;
    e::write_bin_len(out, (tokens * COLUMNS.len() * 8) as u32)?;
    for row in documents.iter().flat_map(|document| &document.rows) {
        out.write_all(row.map(u64::to_le_bytes).as_flattened())?;
    }
    key(out, "spaces")?;
    e::write_bin_len(out, tokens as u32)?;
    documents.iter().try_for_each(|document| out.write_all(&document.spaces))?;
    key(out, "lengths")?;
    e::write_bin_len(out, (documents.len() * 4) as u32)?;
    documents.iter().try_for_each(|document| {
        out.write_all(&i32::try_from(document.rows.len()).unwrap_or(i32::MAX).to_le_bytes())
    })?;
    key(out, "strings")?;
    array(out, strings.len())?;
    strings.iter().try_for_each(|text| key(out, text))?;
    key(out, "cats")?;
    array(out, documents.len())?;
    documents.iter().try_for_each(|_| e::write_map_len(out, 0).map(drop))?;
    key(out, "flags")?;
    array(out, documents.len())?;
    for _ in documents {
        e::write_map_len(out, 1)?;
        key(out, "has_unknown_spaces")?;
        e::write_bool(out, false)?;
    }
    key(out, "span_groups")?;
    array(out, documents.len())?;
    documents.iter().try_for_each(|document| e::write_bin(out, &document.groups))?;
    key(out, "user_data")?;
    array(out, documents.len())?;
    documents.iter().try_for_each(|document| e::write_bin(out, &document.user_data).map_err(io::Error::from))
}

/// What a DocBin holds, as it was found: nothing of it is copied, since it may be large.
pub(super) struct Unpacked<'p> {
    pub columns: Vec<u64>,
    rows: &'p [[u8; 8]],
    pub spaces: &'p [u8],
    pub lengths: Vec<usize>,
    pub strings: Vec<&'p str>,
    pub groups: Vec<&'p [u8]>,
    pub user_data: Vec<&'p [u8]>,
}

impl Unpacked<'_> {
    /// The value of a column of the file's token.
    pub fn value(&self, token: usize, column: usize) -> u64 {
        self.rows.get(token * self.columns.len() + column).map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }
}

/// Inflates a file, or says what is wrong with it.
pub(super) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut plain = Vec::new();
    let read = ZlibDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut plain);
    read.map_err(|error| format!("it is no deflated file, as spaCy's are ({error})"))?;
    if plain.len() as u64 > LARGEST {
        return Err(format!("it holds more than {} MiB", LARGEST >> 20));
    }
    Ok(plain)
}

/// Unpacks what was inflated, or says what is wrong with it.
pub(super) fn unpack(plain: &[u8]) -> Result<Unpacked<'_>, String> {
    if !is_bounded(plain) {
        return Err(format!("it is no MessagePack, or holds more than {MOST} values"));
    }
    let mut rest = plain;
    let Ok(PackRef::Map(fields)) = rmpv::decode::read_value_ref_with_max_depth(&mut rest, DEEPEST) else {
        return Err("there is no map in it, as in spaCy's files".to_owned());
    };
    let field = |name: &str| fields.iter().find(|(key, _)| as_text(key) == Some(name)).map(|(_, value)| value);
    let binary = |name: &str| match field(name) {
        Some(PackRef::Binary(bytes)) => Ok(*bytes),
        _ => Err(format!("{name} is missing, or no bytes")),
    };
    let list = |name: &str| if let Some(PackRef::Array(list)) = field(name) { list.as_slice() } else { &[] };
    let binaries = |name: &str| list(name).iter().map(as_bytes).collect();
    let number = |value: &PackRef<'_>| if let PackRef::Integer(number) = value { number.as_u64() } else { None };
    let lengths = binary("lengths")?.as_chunks::<4>().0.iter().map(|it| i32::from_le_bytes(*it).max(0) as usize);
    let unpacked = Unpacked {
        rows: binary("tokens")?.as_chunks::<8>().0,
        spaces: binary("spaces")?,
        lengths: lengths.collect(),
        strings: list("strings").iter().filter_map(as_text).collect(),
        groups: binaries("span_groups"),
        user_data: binaries("user_data"),
        columns: list("attrs").iter().filter_map(number).collect(),
    };
    let tokens: usize = unpacked.lengths.iter().fold(0, |sum, &length| sum.saturating_add(length));
    if unpacked.columns.first() != Some(&ORTH)
        || tokens.checked_mul(unpacked.columns.len()) != Some(unpacked.rows.len())
        || tokens != unpacked.spaces.len()
    {
        return Err("its columns do not hold as many tokens as it says".to_owned());
    }
    Ok(unpacked)
}

fn as_text<'p>(value: &PackRef<'p>) -> Option<&'p str> {
    if let PackRef::String(text) = value { text.into_str() } else { None }
}

fn as_bytes<'p>(value: &PackRef<'p>) -> &'p [u8] {
    if let PackRef::Binary(bytes) = value { bytes } else { as_text(value).unwrap_or_default().as_bytes() }
}

/// Whether a value begins there that is whole and has no more than [`MOST`] in it, seen before room is made for them: a
/// byte of a list is a value that takes forty times the room.
fn is_bounded(bytes: &[u8]) -> bool {
    let (mut at, mut left, mut seen) = (0_usize, 1_usize, 0_usize);
    while left > 0 {
        let Some(&marker) = bytes.get(at) else { return false };
        (left, seen) = (left - 1, seen + 1);
        if seen > MOST {
            return false;
        }
        // How many bytes say a length.
        let said = |count: usize| {
            let bytes = bytes.get(at + 1..at + 1 + count)?;
            Some(bytes.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte)))
        };
        let (length, inside) = match marker {
            0x80..=0x8f => (Some(1), 2 * usize::from(marker & 0x0f)),
            0x90..=0x9f => (Some(1), usize::from(marker & 0x0f)),
            0xa0..=0xbf => (Some(1 + usize::from(marker & 0x1f)), 0),
            0xc4 | 0xd9 => (said(1).map(|length| 2 + length), 0),
            0xc5 | 0xda => (said(2).map(|length| 3 + length), 0),
            0xc6 | 0xdb => (said(4).map(|length| 5 + length), 0),
            0xc7 => (said(1).map(|length| 3 + length), 0),
            0xc8 => (said(2).map(|length| 4 + length), 0),
            0xc9 => (said(4).map(|length| 6 + length), 0),
            0xcc | 0xd0 => (Some(2), 0),
            0xcd | 0xd1 => (Some(3), 0),
            0xca | 0xce | 0xd2 => (Some(5), 0),
            0xcb | 0xcf | 0xd3 => (Some(9), 0),
            0xd4..=0xd8 => (Some(2 + (1 << (marker - 0xd4))), 0),
            0xdc => (Some(3), said(2).unwrap_or(MOST)),
            0xdd => (Some(5), said(4).unwrap_or(MOST)),
            0xde => (Some(3), 2 * said(2).unwrap_or(MOST)),
            0xdf => (Some(5), 2 * said(4).unwrap_or(MOST)),
            _ => (Some(1), 0),
        };
        let Some(length) = length else { return false };
        (at, left) = (at + length, left + inside);
    }
    at <= bytes.len()
}

/// A value from bytes; nothing where they are none.
pub(super) fn value(mut bytes: &[u8]) -> Option<Pack> {
    if !is_bounded(bytes) {
        return None;
    }
    rmpv::decode::read_value_with_max_depth(&mut bytes, DEEPEST).ok()
}

/// The spans of all groups, each with its key.
pub(super) fn unpack_groups(bytes: &[u8]) -> Vec<(String, GroupSpan)> {
    let mut found = Vec::new();
    let Some(Pack::Map(entries)) = value(bytes) else { return found };
    for (group, keys) in &entries {
        let Some(group) = group.as_slice().and_then(value) else { continue };
        let field = |name: &str| {
            let fields = group.as_map()?;
            fields.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)
        };
        let own = field("name").and_then(Pack::as_str).unwrap_or_default();
        let key = keys.as_array().and_then(|keys| keys.first()?.as_str()).unwrap_or(own);
        let spans = field("spans").and_then(Pack::as_array).map(Vec::as_slice).unwrap_or_default();
        for bytes in spans.iter().filter_map(Pack::as_slice).filter(|bytes| bytes.len() == 40) {
            let id = |at: usize| bytes[at..].first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default();
            let place = |at: usize| bytes[at..].first_chunk().copied().map(i32::from_be_bytes).unwrap_or_default();
            let (tokens, chars) = ((place(24), place(28)), (place(32), place(36)));
            found.push((key.to_owned(), GroupSpan { id: id(0), label: id(16), tokens, chars }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_claims_more_than_is_there_is_found_before_room_is_made() {
        let list =
            Pack::Array(vec![Pack::Map(vec![(1.into(), "a".into())]), Pack::F64(0.5), Pack::Binary(vec![0; 300])]);
        let whole = packed(&list);
        assert!(is_bounded(&whole));
        for end in 0..whole.len() {
            assert!(!is_bounded(&whole[..end]), "{end}");
        }
        for claim in
            [&[0xc6, 0xff, 0xff, 0xff, 0xff][..], &[0xdd, 0xff, 0xff, 0xff, 0xff, 0], &[0xdf, 0x7f, 0, 0, 0, 0]]
        {
            assert!(!is_bounded(claim) && value(claim).is_none());
        }
        let zeros = [&[0xdd, 0x01, 0, 0, 0][..], &vec![0; 1 << 24]].concat();
        assert!(!is_bounded(&zeros), "each byte would be a value");
    }
}
