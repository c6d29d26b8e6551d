//! The hash by which sidecars know a file and a text again.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

/// SHA-256 (FIPS 180-4) in lower-case hexadecimal, 64 characters.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The same of a file, which is read piece by piece: it may be larger than memory.
pub fn sha256_hex_of(file: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut piece) = (File::open(file)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&hash.finalize())),
            length => hash.update(&piece[..length]),
        }
    }
}

fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_agrees_with_the_standard() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), abc);
        assert_eq!(&sha256_hex(b"")[..8], "e3b0c442");
        let file = tempfile::NamedTempFile::new().expect("a file");
        let long = "abc".repeat(50_000);
        std::fs::write(file.path(), &long).expect("it is written");
        assert_eq!(sha256_hex_of(file.path()).expect("it is read"), sha256_hex(long.as_bytes()));
    }
}
