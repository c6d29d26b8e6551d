//! brat standoff: `NAME.txt` with `NAME.ann`, and the configuration that brat needs beside them.
//!
//! Offsets are code points, the end not included. What brat's lines cannot say of a layer stands in notes of a kind of
//! its own; a dataset that Pressmark wrote says so in `annotation.conf`, and is read back as it was.

mod config;
mod declared;
mod lines;
mod read;
mod write;

pub use config::Config;
pub use read::read;

use super::{Document, Format, Kind, Reads, Report, Shape, Source, Warning, WarningKind};

/// brat, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "brat",
    reads: Some(Reads::Files(&["ann"], read_file)),
    writes: Some(Shape::Folder(|schema, _| Box::new(write::BratWriter::new(schema)))),
    unit: "code points",
    about: "brat standoff: .ann beside .txt, with annotation.conf",
    cannot: &[
        Kind::Orphan,
        Kind::Blank,
        Kind::RelationToAuthor,
        Kind::ArticleAttribute,
        Kind::ArticleNote,
        Kind::Discussion,
        Kind::OtherVersion,
        Kind::Origin,
    ],
    opens: "",
};

/// What flags an annotation that its annotator is not sure of.
const UNSURE: &str = "Unsure";
/// brat's own kind of note.
const NOTE: &str = "AnnotatorNotes";
/// Begins the kinds of notes that hold an attribute whose values cannot be listed.
const ATTRIBUTE: &str = "Attribute-";
/// Begins the kinds of notes that hold a relation to the article's author.
const TO_AUTHOR: &str = "Author-";
/// Begins the names of attributes that hold brat's lines word for word.
const FOREIGN: &str = "brat:";

/// So many lines are told of a file that has none of brat's.
const TOLD: usize = 3;

/// Reads an `.ann` file with the text beside it and the configuration that it stands under.
fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut warn = |kind, message| {
        report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message });
    };
    let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
    let file = format!("{stem}.txt");
    let Some(text) = (source.beside)(&file) else {
        return warn(WarningKind::BadPath, format!("there is no {file} beside it; the file is left out"));
    };
    let (Ok(text), Ok(ann)) = (String::from_utf8(text), str::from_utf8(source.bytes)) else {
        return warn(
            WarningKind::BrokenLine,
            format!("it or {file} is not UTF-8, and brat's files are; it is left out"),
        );
    };
    // The configuration of the folder, or of the nearest above it.
    let folders = source.name.char_indices().rev().filter(|(_, c)| *c == '/').map(|(at, _)| &source.name[..=at]);
    let nearest = |name: &str| {
        let found = folders.clone().chain([""]).find_map(|folder| (source.beside)(&format!("{folder}{name}")));
        String::from_utf8_lossy(&found.unwrap_or_default()).into_owned()
    };
    let conf = nearest("annotation.conf");
    let config = Config::read(&conf);
    let mut declared = declared::declared(&conf, &config);
    declared::drawn(&nearest("visual.conf"), &config, &mut declared);
    report.declared.extend(declared);
    let mut own = Report::default();
    let document = read(source.path, ann, &file, &text, &config, &mut own);
    let broken = own.warnings.iter().any(|warning| warning.kind == WarningKind::BrokenLine);
    let nothing = document.layer.is_empty() && broken;
    if nothing {
        own.warnings.truncate(TOLD);
    }
    report.warnings.extend(own.warnings);
    if nothing {
        let message = "no line of it is brat's; the file is left out".to_owned();
        let kind = WarningKind::BrokenLine;
        report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message });
    } else {
        take(document);
    }
}

/// A name as brat takes it: letters and digits of ASCII, `_` and `-`.
fn name(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}
