//! The first article as an export will write it, for people to look at.
//!
//! Only what can be read is kept: the beginning of files that are text, and how large the others are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::chosen::{anonymous, article, without_text};
use super::{DatasetError, ExportOrder, Which};
use crate::article::hidden;
use crate::formats::{self, Document, Format, Losses, Shape};
use crate::model::Schema;

/// So many lines of a file are kept, and so many bytes.
const LINES: usize = 200;
const BYTES: usize = 20_000;

/// An article as it will be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The article, from the root.
    pub article: String,
    /// Its files, by name.
    pub files: Vec<PreviewFile>,
    /// What the format does not hold of it.
    pub losses: Losses,
}

/// A file of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewFile {
    /// Its path in the dataset.
    pub name: String,
    /// How large it is.
    pub bytes: usize,
    /// How it begins; nothing where it is no text.
    pub text: Option<String>,
    /// Whether that is all of it.
    pub whole: bool,
    /// Whether letters that stand as `\u` escapes in the file are shown as they read.
    pub eased: bool,
}

/// Writes the first article that has a layer which fits, into memory. Nothing where there is none.
pub fn preview(order: &ExportOrder) -> Result<Option<Preview>, DatasetError> {
    let Some((format, shape)) = formats::format(&order.to).and_then(|format| Some((format, format.writes?))) else {
        return Err(DatasetError::refused(format!("{} can be imported, not exported.", order.to)));
    };
    let selections = super::select(&order.paths)?;
    let names = if order.anonymise { anonymous(&selections) } else { BTreeMap::new() };
    for selection in &selections {
        let whole =
            matches!(shape, Shape::Lines(writer) if writer(&selection.schema, &order.writers()).keeps_newlines());
        for (path, layers) in selection.with_layers() {
            let read = article(order, &names, whole, selection, path, layers)?;
            if read.layers.is_empty() {
                continue;
            }
            let documents = read.layers.into_iter().map(|layer| (layer.annotator, layer.document)).collect();
            return Ok(Some(written(order, format, &selection.schema, documents)));
        }
    }
    Ok(None)
}

fn written(order: &ExportOrder, format: &Format, schema: &Schema, layers: Vec<(String, Document)>) -> Preview {
    let mut all = Preview { article: layers[0].1.file.clone(), ..Preview::default() };
    // In a folder each annotator has one below it; in a file of lines all stand one after the other.
    let apart = order.which == Which::All && matches!(format.writes, Some(Shape::Folder(_)));
    let mut add = |folder: &str, documents: &[Document]| {
        let made = formats::dataset(format, &order.writers(), schema, documents);
        let Some((files, losses)) = made else { return };
        all.losses.extend(losses);
        for (name, bytes) in files {
            let bytes = if order.without_text { stripped(&bytes, &documents[0].text) } else { bytes };
            all.files.push(shown(format!("{folder}{name}"), &bytes));
        }
    };
    if apart {
        for (annotator, document) in layers {
            add(&format!("{annotator}/"), &[document]);
        }
    } else {
        let documents: Vec<Document> = layers.into_iter().map(|(_, document)| document).collect();
        add("", &documents);
    }
    all
}

/// Lines of the lossless format without the text.
fn stripped(lines: &[u8], text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(value) => {
                formats::write_ascii(&mut out, &without_text(value, text)).expect("memory takes it");
                out.push(b'\n');
            }
            Err(_) => out.extend_from_slice(line),
        }
    }
    out
}

/// A file with its beginning.
fn shown(name: String, bytes: &[u8]) -> PreviewFile {
    let size = bytes.len();
    let Some(text) = str::from_utf8(bytes).ok().filter(|text| !text.contains('\0')) else {
        return PreviewFile { name, bytes: size, text: None, whole: false, eased: false };
    };
    let mut end = crate::text::boundary::floor_char(text, BYTES.min(size));
    if let Some((at, _)) = text[..end].match_indices('\n').nth(LINES - 1) {
        end = at + 1;
    }
    let kept = &text[..end];
    let eased = if matches!(kept.as_bytes(), [b'{' | b'[', ..]) { eased(kept) } else { Cow::Borrowed(kept) };
    let (is_eased, text) = (matches!(eased, Cow::Owned(_)), eased.into_owned());
    PreviewFile { name, bytes: size, text: Some(text), whole: end == size, eased: is_eased }
}

/// JSON with the letters that its `\u` escapes stand for; what cannot be seen stays as it is.
fn eased(json: &str) -> Cow<'_, str> {
    let unit = |at: usize| {
        let digits = json.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (mut out, mut plain, mut at) = (String::new(), 0, 0);
    while let Some(next) = json[at..].find('\\') {
        at += next;
        let units = [unit(at), unit(at + 6)];
        let found = units[0].and_then(|first| char::decode_utf16([first].into_iter().chain(units[1])).next());
        match found {
            Some(Ok(c)) if can_be_seen(c) => {
                out.push_str(&json[plain..at]);
                out.push(c);
                at += 6 * c.len_utf16();
                plain = at;
            }
            // The letter after a backslash belongs to it.
            _ => at = crate::text::boundary::ceil_char(json, at + 2),
        }
    }
    if plain == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[plain..]);
    Cow::Owned(out)
}

fn can_be_seen(c: char) -> bool {
    let mut bytes = [0; 4];
    let alone = c.encode_utf8(&mut bytes);
    !c.is_control() && hidden(alone, 0..alone.len()).next().is_none()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::workspace::dataset::Choices;
    use crate::workspace::dataset::choices::Whose;

    fn seeds(change: impl FnOnce(&mut Choices)) -> Option<Preview> {
        let mut choices = Choices::default();
        change(&mut choices);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
        preview(&choices.order(&root, None, false)).expect("a preview")
    }

    #[test]
    fn the_first_article_is_shown_as_it_will_be_written() {
        let brat = seeds(|choices| (choices.format, choices.whose) = ("brat", Whose::All)).expect("an article");
        let names: Vec<&str> = brat.files.iter().map(|file| file.name.as_str()).collect();
        assert!(names.iter().any(|name| name.contains(".ann") && name.contains('/')), "{names:?}");
        let ann = brat.files.iter().find(|file| file.name.contains(".ann")).expect("marks");
        assert!(ann.text.as_deref().is_some_and(|text| text.starts_with("T1\t")), "{ann:?}");
        let spacy = seeds(|choices| (choices.format, choices.whose) = ("spacy", Whose::All)).expect("an article");
        assert!(spacy.files.iter().any(|file| file.text.is_none() && file.bytes > 0), "binary files have a size");
        let nobody = seeds(|choices| choices.whose = Whose::One("nobody".into()));
        assert_eq!(nobody, None);
    }

    #[test]
    fn names_and_texts_are_left_out_where_that_is_asked_for() {
        let text = |preview: &Preview| preview.files[0].text.clone().expect("lines");
        let plain = seeds(|choices| choices.whose = Whose::All).expect("an article");
        assert!(text(&plain).contains("\"text\":"));
        let bare = seeds(|choices| {
            (choices.whose, choices.without_text, choices.anonymise) = (Whose::All, true, true);
        });
        let bare = text(&bare.expect("an article"));
        assert!(!bare.contains("\"text\":") && bare.contains("text_sha256") && bare.contains("annotator-1"), "{bare}");
    }

    #[test]
    fn long_files_are_cut_at_a_line_or_a_letter() {
        let lines = "a\n".repeat(500);
        let file = shown("a.txt".to_owned(), lines.as_bytes());
        assert_eq!((file.text.expect("text").lines().count(), file.whole, file.bytes), (LINES, false, 1000));
        let wide = "陈".repeat(10_000);
        let file = shown("a.txt".to_owned(), wide.as_bytes());
        assert!(!file.whole && file.text.expect("text").len() <= BYTES);
        let json = br#"{"a": "\u5317\ud83d\ude00 \\u5317 \u202e \ud83d \n"}"#;
        let file = shown("a".to_owned(), json);
        assert_eq!(file.text.as_deref(), Some(r#"{"a": "北😀 \\u5317 \u202e \ud83d \n"}"#));
        assert!(file.eased && !shown("a".to_owned(), b"\\u5317").eased);
        assert!(shown("a".to_owned(), b"short\n").whole && shown("a".to_owned(), b"\xff\0").text.is_none());
    }
}
