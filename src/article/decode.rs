//! From bytes to text: which encoding, and where the bytes are no text.
//!
//! A byte order mark decides first, then what a sidecar recorded, then whether the bytes are UTF-8; what is left is
//! guessed. Each malformed sequence becomes one U+FFFD, as the WHATWG standard says, and its place is kept, so that it
//! is never taken for one that the author wrote. Nothing else of the text changes.

use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use super::{ArticleError, Warning};

/// A text and how it was come by.
pub(super) struct Decoded {
    pub text: String,
    pub encoding: &'static str,
    /// The places of U+FFFD that stand for malformed sequences.
    pub invalid: Vec<u32>,
    /// The bytes were UTF-8 and are the text (after a byte order mark).
    pub is_verbatim: bool,
    pub warnings: Vec<Warning>,
}

/// First bytes of what people take for text and is not.
const MAGIC: [(&[u8], &str); 9] = [
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a packed file (such as a Word or OpenDocument text)"),
    (b"\xD0\xCF\x11\xE0", "an old Word document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1F\x8B", "a packed file"),
    (b"\x7FELF", "a program"),
];

/// This much of a file is enough to guess from.
const SAMPLE: usize = 256 * 1024;

/// Decodes a file's bytes; `recorded` is the encoding that a sidecar names.
pub(super) fn decode(path: &Path, bytes: Vec<u8>, recorded: Option<&str>) -> Result<Decoded, ArticleError> {
    let binary = |kind| ArticleError::Binary { kind, path: path.to_owned() };
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(binary(kind));
    }
    let recorded = recorded.map(|label| named(path, label)).transpose()?;
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return Ok(run(encoding, bytes, mark));
    }
    let has_zero = bytes.contains(&0);
    if let Some(encoding) = recorded {
        if has_zero && encoding != UTF_16LE && encoding != UTF_16BE {
            return Err(binary("a binary file"));
        }
        return Ok(run(encoding, bytes, 0));
    }
    if has_zero {
        let encoding = guess_utf16(&bytes).ok_or_else(|| binary("a binary file"))?;
        return Ok(run(encoding, bytes, 0));
    }
    if is_mostly_utf8(&bytes) {
        return Ok(run(UTF_8, bytes, 0));
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if is_mostly_controls(sample) {
        return Err(binary("a binary file"));
    }
    let encoding = guess_legacy(sample, bytes.len() <= SAMPLE);
    let mut decoded = run(encoding, bytes, 0);
    decoded.warnings.push(Warning(format!(
        "read as {}, guessed from its bytes; if the text looks wrong, convert the file to UTF-8",
        decoded.encoding
    )));
    Ok(decoded)
}

fn named(path: &Path, label: &str) -> Result<&'static Encoding, ArticleError> {
    Encoding::for_label(label.as_bytes())
        .filter(|&encoding| encoding != REPLACEMENT)
        .ok_or_else(|| ArticleError::UnknownEncoding { encoding: label.to_owned(), path: path.to_owned() })
}

/// Decodes from byte `skip` on, which is past the byte order mark.
fn run(encoding: &'static Encoding, mut bytes: Vec<u8>, skip: usize) -> Decoded {
    if encoding == UTF_8 {
        bytes.drain(..skip);
        match String::from_utf8(bytes) {
            Ok(text) => {
                let (invalid, warnings) = (Vec::new(), Vec::new());
                return Decoded { text, encoding: encoding.name(), invalid, is_verbatim: true, warnings };
            }
            Err(error) => bytes = error.into_bytes(),
        }
    } else {
        bytes.drain(..skip);
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8 + 16);
    let mut invalid = Vec::new();
    let mut read = 0;
    loop {
        let (result, taken) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += taken;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => text.reserve((bytes.len() - read) * 2 + 64),
            DecoderResult::Malformed(_, _) => {
                invalid.push(text.len() as u32);
                text.push('\u{FFFD}');
            }
        }
    }
    Decoded { text, encoding: encoding.name(), invalid, is_verbatim: false, warnings: Vec::new() }
}

/// UTF-8 with a fault here and there is still UTF-8: more good characters beyond ASCII than faults. In the legacy
/// encodings a good one comes about by chance only: in GB18030 for one pair in eight.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let (mut good, mut faults) = (0, 0);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    good > faults
}

/// UTF-16 without a mark: the order of bytes in which no surrogate stands alone, nothing is a control character, and
/// spaces, line ends and common stops appear.
fn guess_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let score = |to_unit: fn([u8; 2]) -> u16| -> Option<usize> {
        let units = sample.as_chunks::<2>().0.iter().map(|&pair| to_unit(pair));
        let mut common = 0;
        let last = sample.len() / 2;
        for (i, c) in char::decode_utf16(units).enumerate() {
            match c {
                Ok('\t' | '\n' | '\r' | '\u{C}' | '\u{1B}') => common += 1,
                Ok(c) if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => return None,
                Ok(' '..='~' | '。' | '，' | '、' | '،' | '။') => common += 1,
                Ok(_) => {}
                // The sample may end between the halves of a pair.
                Err(_) if i + 1 >= last => {}
                Err(_) => return None,
            }
        }
        Some(common)
    };
    let (little, big) = (score(u16::from_le_bytes), score(u16::from_be_bytes));
    let enough = |common: usize| common * 50 >= sample.len() / 2;
    match (little.filter(|&n| enough(n)), big.filter(|&n| enough(n))) {
        (Some(little), Some(big)) => Some(if little >= big { UTF_16LE } else { UTF_16BE }),
        (Some(_), None) => Some(UTF_16LE),
        (None, Some(_)) => Some(UTF_16BE),
        (None, None) => None,
    }
}

fn is_mostly_controls(sample: &[u8]) -> bool {
    // Escape starts the shifts of ISO-2022-JP.
    let odd = sample.iter().filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)).count();
    odd * 20 > sample.len()
}

fn guess_legacy(sample: &[u8], is_whole: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, is_whole);
    let guess = detector.guess(None, Utf8Detection::Deny);
    // GB18030 decodes all that GBK does, and more.
    if guess == GBK { GB18030 } else { guess }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], recorded: Option<&str>) -> Decoded {
        decode(Path::new("a.txt"), bytes.to_vec(), recorded).unwrap_or_else(|error| panic!("{error}"))
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    const MIXED: &str = "Ambassador 👩‍👩‍👧 e\u{301}\r\nنص عربي، မြန်မာ ไทย 日本語。\n";

    #[test]
    fn unicode_is_read_with_and_without_a_mark() {
        let cases = [
            ("UTF-8", MIXED.as_bytes().to_vec()),
            ("UTF-8", format!("\u{FEFF}{MIXED}").into_bytes()),
            ("UTF-16LE", utf16(&format!("\u{FEFF}{MIXED}"), u16::to_le_bytes)),
            ("UTF-16BE", utf16(&format!("\u{FEFF}{MIXED}"), u16::to_be_bytes)),
            ("UTF-16LE", utf16(MIXED, u16::to_le_bytes)),
            ("UTF-16BE", utf16(MIXED, u16::to_be_bytes)),
        ];
        for (encoding, bytes) in cases {
            let read = decoded(&bytes, None);
            assert_eq!((read.encoding, read.text.as_str()), (encoding, MIXED));
            assert!(read.invalid.is_empty() && read.warnings.is_empty());
        }
    }

    #[test]
    fn legacy_encodings_are_guessed_and_said() {
        let chinese = "中国驻缅甸大使周四在内比都会见了缅甸内政部长，双方就加强合作打击跨境犯罪交换了意见。";
        let taiwanese = "中國駐緬甸大使週四在內比都會見了緬甸內政部長，雙方就加強合作打擊跨境犯罪交換了意見。";
        let japanese = "日本の首相は木曜日、東京で記者会見を開き、両国の協力について述べた。";
        let korean = "대통령은 목요일 서울에서 기자회견을 열고 양국의 협력에 대해 말했다.";
        let french = "Le général a déclaré jeudi à la presse que « tout a été fait » pour protéger les élèves.";
        let russian = "Министр заявил в четверг, что стороны договорились о сотрудничестве.";
        let arabic = "قال السفير يوم الخميس إن الجانبين اتفقا على التعاون في مكافحة الجريمة.";
        for (label, name, text) in [
            ("gb18030", "gb18030", chinese),
            ("big5", "Big5", taiwanese),
            ("shift_jis", "Shift_JIS", japanese),
            ("euc-jp", "EUC-JP", japanese),
            ("iso-2022-jp", "ISO-2022-JP", japanese),
            ("euc-kr", "EUC-KR", korean),
            ("windows-1252", "windows-1252", french),
            ("windows-1251", "windows-1251", russian),
            ("windows-1256", "windows-1256", arabic),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).expect("a known label");
            let (bytes, _, _) = encoding.encode(text);
            if label != "iso-2022-jp" {
                let read = decoded(&bytes, None);
                assert_eq!((read.encoding, read.text.as_str()), (name, text));
                assert!(read.warnings[0].0.contains(name));
            }
            let read = decoded(&bytes, Some(label));
            assert_eq!((read.encoding, read.text.as_str()), (name, text));
            assert!(read.warnings.is_empty());
        }
    }

    #[test]
    fn each_malformed_sequence_is_one_replacement_character() {
        // As in the Encoding Standard: a cut-off three-byte sequence is one, each lone byte is one.
        let read = decoded(
            "ééééé éééé éééé".as_bytes().iter().chain(b"\xE4\xB8|\xFF\xFE").copied().collect::<Vec<_>>().as_slice(),
            None,
        );
        assert_eq!(read.text, "ééééé éééé éééé\u{FFFD}|\u{FFFD}\u{FFFD}");
        assert_eq!(read.invalid.len(), 3);
        for place in read.invalid {
            assert!(read.text[place as usize..].starts_with('\u{FFFD}'));
        }
    }

    #[test]
    fn recorded_encoding_is_used_unless_a_mark_says_otherwise() {
        assert_eq!(decoded(b"caf\xE9", Some("windows-1252")).text, "café");
        assert_eq!(decoded(b"\xEF\xBB\xBFcaf\xC3\xA9", Some("windows-1252")).text, "café");
        assert_eq!(decoded("café".as_bytes(), Some("windows-1252")).text, "cafÃ©");
    }

    #[test]
    fn binary_files_are_refused() {
        for bytes in [b"\x00\x01\x02\x03".as_slice(), b"text\0text", b"\x01\x02\x03\xFF\xFE\xFD\x04\x05"] {
            assert!(decode(Path::new("a.txt"), bytes.to_vec(), None).is_err(), "{bytes:?}");
        }
        assert!(decode(Path::new("a.txt"), b"a\0b".to_vec(), Some("UTF-8")).is_err());
    }
}
