//! UIMA's CAS as INCEpTION and DKPro have it: JSON CAS 0.4, and XMI with a type system.
//!
//! One model of feature structures (`model`), two codecs (`json`, `xmi`); `make` goes from a layer to structures and
//! `take` back. Offsets are UTF-16 units. What a layer has that INCEpTION does not know stands in features too.

mod json;
mod make;
mod model;
mod take;
mod walk;
mod xmi;

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use self::make::Maker;
use super::uima::types::Types;
use super::uima::xml::Refused;
use super::uima::{NUMBERS, TYPE_SYSTEM, type_system};
use super::{Document, Format, Kind, Losses, Met, Piece, Reads, Report, Shape, Source, Warning, WarningKind, Writer};
use crate::text::short;

/// JSON CAS, as the list of formats tells it.
pub const JSON: Format = Format {
    id: "cas-json",
    reads: Some(Reads::Files(&["json"], read_json)),
    writes: Some(Shape::Folder(|schema, _| {
        Box::new(CasWriter { maker: Maker::new(schema, false), codec: Codec::Json })
    })),
    unit: "UTF-16 units",
    about: "UIMA JSON CAS 0.4, as INCEpTION has it",
    cannot: CANNOT,
    opens: "import cassis\n\nwith open(\"FILE\", encoding=\"utf-8\") as file:\n    cas = cassis.load_cas_from_json(file)",
};

/// XMI, as the list of formats tells it.
pub const XMI: Format = Format {
    id: "cas-xmi",
    reads: Some(Reads::Files(&["xmi"], read_xmi)),
    writes: Some(Shape::Folder(|schema, _| Box::new(CasWriter { maker: Maker::new(schema, true), codec: Codec::Xmi }))),
    unit: "UTF-16 units",
    about: "UIMA XMI with TypeSystem.xml, as INCEpTION and DKPro have it",
    cannot: CANNOT,
    opens: "import cassis\n\nwith open(\"TypeSystem.xml\", \"rb\") as file:\n    types = cassis.load_typesystem(file)\nwith open(\"FILE\", \"rb\") as file:\n    cas = cassis.load_cas_from_xmi(file, typesystem=types)",
};

const CANNOT: &[Kind] =
    &[Kind::Orphan, Kind::Discontinuous, Kind::RelationToAuthor, Kind::Discussion, Kind::OtherVersion, Kind::Origin];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    Json,
    Xmi,
}

/// Writes CAS.
struct CasWriter {
    maker: Maker,
    codec: Codec,
}

impl Writer for CasWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        let stem = document.file.rsplit_once('.').map_or(document.file.as_str(), |(stem, _)| stem);
        let cas = self.maker.cas(document, losses, met);
        vec![match self.codec {
            Codec::Json => Piece::whole(format!("{stem}.json"), json::write(&cas)),
            Codec::Xmi => Piece::whole(format!("{stem}.xmi"), xmi::write(&cas)),
        }]
    }

    fn whole(&self, met: &Met) -> Vec<Piece> {
        vec![Piece::whole(TYPE_SYSTEM, type_system::write(&self.maker.types(met)))]
    }
}

fn read_json(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let cas = json::read(source.bytes);
    taken(source, cas, report, take);
}

fn read_xmi(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let stem = source.name.strip_suffix(".xmi").unwrap_or(source.name);
    let folders =
        source.name.char_indices().rev().filter(|(_, c)| *c == '/').map(|(at, _)| &source.name[..=at]).chain([""]);
    let beside = folders.flat_map(|folder| [format!("{folder}{TYPE_SYSTEM}"), format!("{folder}typesystem.xml")]);
    let mut names = vec![format!("{stem}-typesystem.xml"), format!("{stem}.typesystem.xml")];
    names.extend(beside);
    let mut types = Types::default();
    if let Some((bytes, name)) = names.into_iter().find_map(|name| Some(((source.beside)(&name)?, name))) {
        match known_types(bytes) {
            Ok(known) => types = known,
            Err(Refused { line, reason }) => {
                let message =
                    short(format!("{name}, line {line}: {reason}; types are told by what stands in the file"));
                report.warnings.push(Warning {
                    file: source.path.to_owned(),
                    line: 1,
                    kind: WarningKind::BrokenLine,
                    message,
                });
            }
        }
    }
    taken(source, xmi::read(source.bytes, types), report, take);
}

/// The types of a file. The last file's are kept: all files of a folder have the same.
fn known_types(bytes: Vec<u8>) -> Result<Types, Refused> {
    static LAST: Mutex<Option<(Vec<u8>, Types)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, types)) = last.as_ref().filter(|(before, _)| *before == bytes) {
        return Ok(types.clone());
    }
    let types = type_system::read(&bytes)?;
    Ok(last.insert((bytes, types)).1.clone())
}

fn taken(source: &Source<'_>, cas: Result<model::Cas, Refused>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    match cas {
        Ok(cas) => take::documents(source, &cas, report, take),
        Err(Refused { line, reason }) => {
            let message = short(format!("{reason}; the file is left out"));
            report.warnings.push(Warning {
                file: source.path.to_owned(),
                line,
                kind: WarningKind::BrokenLine,
                message,
            });
        }
    }
}

/// Whether a number stands without a point: its feature takes whole ones.
fn is_whole(types: &Types, fs: &model::Fs, feature: &str, number: f64) -> bool {
    /// Whole numbers up to here are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let takes = types.range(&fs.kind, feature).is_some_and(|range| NUMBERS[..4].contains(&range.name.as_str()));
    takes && number.fract() == 0.0 && number.abs() < EXACT
}

/// A number that is none, as UIMA writes it.
fn special(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// Whether XML 1.0 has no place for a character.
fn is_no_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The characters that XML has no place for, with their offsets in UTF-16 units; a space stands for each in the text.
fn controls(text: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for c in text.chars() {
        if is_no_xml(c) {
            let gap = if out.is_empty() { "" } else { " " };
            write!(out, "{gap}{at}:{:x}", c as u32).expect("a string takes it");
        }
        at += c.len_utf16();
    }
    out
}

/// The text with such characters again.
fn with_controls(text: &str, controls: &str) -> String {
    let mut wanted = controls.split(' ').filter_map(|said| {
        let (at, code) = said.split_once(':')?;
        let c = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
        Some((at.parse::<usize>().ok()?, Some(c).filter(|c| is_no_xml(*c))?))
    });
    let (mut out, mut at, mut next) = (String::with_capacity(text.len()), 0, wanted.next());
    for c in text.chars() {
        match next {
            Some((place, control)) if place == at && c == ' ' => {
                out.push(control);
                next = wanted.next();
            }
            _ => out.push(c),
        }
        at += c.len_utf16();
    }
    out
}
