//! Records in a file that only grows: each with its length and a checksum that hangs on all records before it.
//!
//! `<checksum> <length>\n<record>\n`. The checksum is the first 16 hexadecimal digits of SHA-256 over the checksum
//! before and the record, so that a record counts only if everything before it is there too: what a crash tore or wrote
//! out of order is not taken in.

use crate::article::sha256_hex;

/// Digits of a checksum.
const DIGITS: usize = 16;

/// What a journal is made of, and how far it is sound.
#[derive(Debug, Default)]
pub struct Frames<'a> {
    /// The sound records, in order.
    pub records: Vec<&'a str>,
    /// Bytes that they take.
    pub length: usize,
    /// The checksum of the last one.
    pub chain: Chain,
}

/// The checksum that the next record hangs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain(String);

impl Chain {
    /// Appends a record to bytes that will be written.
    pub fn push(&mut self, bytes: &mut Vec<u8>, record: &str) {
        self.0 = self.next(record);
        bytes.extend_from_slice(format!("{} {}\n{record}\n", self.0, record.len()).as_bytes());
    }

    fn next(&self, record: &str) -> String {
        let mut hash = sha256_hex(format!("{}\n{record}", self.0).as_bytes());
        hash.truncate(DIGITS);
        hash
    }
}

impl<'a> Frames<'a> {
    /// Reads records as long as they are sound.
    pub fn read(bytes: &'a [u8]) -> Self {
        let mut frames = Self::default();
        while let Some((record, end, chain)) = next(&bytes[frames.length..], &frames.chain) {
            frames.records.push(record);
            frames.length += end;
            frames.chain = chain;
        }
        frames
    }
}

fn next<'a>(bytes: &'a [u8], before: &Chain) -> Option<(&'a str, usize, Chain)> {
    // A checksum, a space, at most ten digits, a line end.
    let head = bytes[..bytes.len().min(DIGITS + 12)].iter().position(|&byte| byte == b'\n')?;
    let line = std::str::from_utf8(&bytes[..head]).ok()?;
    let (sum, length) = line.split_once(' ')?;
    let length: usize = length.parse().ok()?;
    let start = head + 1;
    let end = start.checked_add(length)?;
    if bytes.get(end) != Some(&b'\n') {
        return None;
    }
    let record = std::str::from_utf8(&bytes[start..end]).ok()?;
    (before.next(record) == sum).then(|| (record, end + 1, Chain(sum.to_owned())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(records: &[String]) -> (Vec<u8>, Vec<usize>) {
        let (mut bytes, mut ends, mut chain) = (Vec::new(), Vec::new(), Chain::default());
        for record in records {
            chain.push(&mut bytes, record);
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    proptest! {
        #[test]
        fn whole_records_before_the_damage_are_read_and_no_others(
            records in prop::collection::vec("[a-zမ\n👩]{0,12}", 1..8), cut in 0..1000usize, flip in prop::option::of(0..7u8),
        ) {
            let (mut bytes, ends) = written(&records);
            let cut = cut % (bytes.len() + 1);
            match flip {
                Some(bit) if cut < bytes.len() => bytes[cut] ^= 1 << bit,
                _ => bytes.truncate(cut),
            }
            let frames = Frames::read(&bytes);
            let sound = if flip.is_some() && cut == bytes.len() { records.len() } else {
                ends.iter().take_while(|&&end| end <= cut).count()
            };
            prop_assert_eq!(frames.records, &records[..sound]);
            prop_assert_eq!(frames.length, sound.checked_sub(1).map_or(0, |last| ends[last]));
        }
    }

    #[test]
    fn a_record_that_lost_the_one_before_does_not_count() {
        let (bytes, ends) = written(&["one".to_owned(), "two".to_owned()]);
        assert!(Frames::read(&bytes[ends[0]..]).records.is_empty());
    }
}
