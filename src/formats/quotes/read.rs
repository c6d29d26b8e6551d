//! From attributions in brat's lines to a layer: marks by their role, links from the content.
//!
//! Marks of other kinds are taken as they are. Every line that is in no attribution and is no mark is on the report.

use std::collections::{HashMap, HashSet};

use super::{ATTRIBUTION, Role};
use crate::formats::draft::Draft;
use crate::formats::pieces::together;
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind};
use crate::text::short;

/// So many lines are told of a file that has none of brat's.
const TOLD: usize = 3;

/// Reads an `.ann` file with the text beside it.
pub(super) fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut warn = |kind, message: &str| {
        let message = short(message.to_owned());
        report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message });
    };
    let Some((file, text, annotator)) = text_of(source) else {
        return warn(WarningKind::BadPath, "there is no .txt of its name beside it; the file is left out");
    };
    if text.is_empty() {
        return warn(WarningKind::WrongValue, "its text is empty; the file is left out");
    }
    let (Ok(text), Ok(ann)) = (String::from_utf8(text), str::from_utf8(source.bytes)) else {
        return warn(WarningKind::BrokenLine, "it or its text is not UTF-8, and brat's files are; it is left out");
    };
    let mut own = Report::default();
    let document = read(source, ann, (file, text), annotator, &mut own);
    let nothing = document.layer.is_empty() && own.warnings.iter().any(|it| it.kind == WarningKind::BrokenLine);
    if nothing {
        own.warnings.truncate(TOLD);
    }
    report.warnings.extend(own.warnings);
    if nothing {
        let message = "no line of it is an attribution's; the file is left out".to_owned();
        let kind = WarningKind::BrokenLine;
        report.warnings.push(Warning { file: source.path.to_owned(), line: 1, kind, message });
    } else {
        take(document);
    }
}

/// The article of a file, with what it says and the annotator that the file's name tells: `NAME_ef2d.ann` is `ef2d`'s on
/// `NAME.txt`, unless there is a `NAME_ef2d.txt`.
fn text_of(source: &Source<'_>) -> Option<(String, Vec<u8>, String)> {
    let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
    let file = format!("{stem}.txt");
    if let Some(text) = (source.beside)(&file) {
        return Some((file, text, String::new()));
    }
    let (stem, annotator) = stem.rsplit_once('_')?;
    if annotator.is_empty() || !annotator.chars().all(char::is_alphanumeric) || stem.is_empty() || stem.ends_with('/') {
        return None;
    }
    let file = format!("{stem}.txt");
    let text = (source.beside)(&file)?;
    Some((file, text, annotator.to_owned()))
}

/// A mark's line.
struct TextBound<'a> {
    line: usize,
    id: &'a str,
    kind: &'a str,
    stretches: Vec<(u64, u64)>,
    words: &'a str,
}

/// An event's line.
struct Event<'a> {
    line: usize,
    id: &'a str,
    trigger: &'a str,
    parts: Vec<(Role, &'a str)>,
}

fn read(
    source: &Source<'_>,
    ann: &str,
    (file, text): (String, String),
    annotator: String,
    report: &mut Report,
) -> Document {
    let mut draft = Draft::new(source.path, Unit::CodePoints, report);
    draft.head.annotator = annotator.into();
    let (mut marks, mut events) = (Vec::new(), Vec::new());
    let lines = ann.split('\n').enumerate().map(|(at, line)| (at + 1, line.trim_end_matches('\r')));
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let read = match line.as_bytes()[0] {
            b'T' => text_bound(number, line).map(|mark| marks.push(mark)),
            b'E' => event(number, line).map(|(event, foreign)| {
                events.push(event);
                for role in foreign {
                    let message = format!("{role} is no role that an attribution has; it is left out");
                    draft.warn(number, WarningKind::UnknownField, message);
                }
            }),
            b'A' | b'M' | b'N' | b'R' | b'#' | b'*' if is_of_brat(line) => {
                let message = "attributions have no lines of this kind; it is left out";
                draft.warn(number, WarningKind::UnknownField, message);
                continue;
            }
            _ => Err("this is no line that brat has".to_owned()),
        };
        if let Err(reason) = read {
            draft.warn(number, WarningKind::BrokenLine, format!("{reason}; the line is left out"));
        }
    }
    let mut triggers: HashMap<&str, TextBound<'_>> = HashMap::new();
    let mut places: HashMap<&str, Vec<(u64, u64)>> = HashMap::new();
    for mark in marks {
        if mark.kind.eq_ignore_ascii_case(ATTRIBUTION) {
            triggers.insert(mark.id, mark);
            continue;
        }
        let role = Role::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(mark.kind));
        let label = if let Some(role) = role { role.label() } else { mark.kind };
        places.insert(mark.id, mark.stretches.clone());
        draft.mark(mark.id, label, mark.line, mark.stretches, Some(mark.words));
    }
    let mut used: HashSet<&str> = HashSet::new();
    for event in &events {
        used.insert(event.trigger);
        attribution(&mut draft, event, triggers.get(event.trigger), &mut places);
    }
    let mut unused: Vec<&TextBound<'_>> = triggers.values().filter(|trigger| !used.contains(trigger.id)).collect();
    unused.sort_by_key(|trigger| trigger.line);
    for trigger in unused {
        let message = format!("{} is of no event; it is left out", trigger.id);
        draft.warn(trigger.line, WarningKind::RelationToNowhere, message);
    }
    let joins_in = text.clone();
    draft.finish_joining(file, text, |spans| together(&joins_in, spans))
}

/// Adds the links of an attribution. Where it names no cue, its trigger is one, unless that stands on the content.
fn attribution<'a>(
    draft: &mut Draft<'_>,
    event: &Event<'a>,
    trigger: Option<&TextBound<'a>>,
    places: &mut HashMap<&'a str, Vec<(u64, u64)>>,
) {
    let of = |role: Role| event.parts.iter().filter(move |part| part.0 == role).map(|part| part.1);
    let contents: Vec<&str> = of(Role::Content).collect();
    if contents.is_empty() {
        let message = format!("{} has no content; its marks are kept without it", event.id);
        return draft.warn(event.line, WarningKind::WrongValue, message);
    }
    let mut cues: Vec<&str> = of(Role::Cue).collect();
    let on = if cues.is_empty() { &contents } else { &cues };
    match trigger {
        None => {
            let message = format!("the trigger of {}, {:?}, is not there", event.id, event.trigger);
            draft.warn(event.line, WarningKind::RelationToNowhere, message);
        }
        Some(trigger) if on.iter().any(|id| places.get(id) == Some(&trigger.stretches)) => {}
        Some(trigger) if cues.is_empty() => {
            draft.mark(trigger.id, Role::Cue.label(), trigger.line, trigger.stretches.clone(), Some(trigger.words));
            places.insert(trigger.id, trigger.stretches.clone());
            cues.push(trigger.id);
        }
        Some(trigger) => {
            let message = format!("{} stands elsewhere than the cue of {}; it is left out", trigger.id, event.id);
            draft.warn(trigger.line, WarningKind::WrongValue, message);
        }
    }
    let sources: Vec<&str> = of(Role::Source).collect();
    for content in contents {
        for (role, ends) in [(Role::Source, &sources), (Role::Cue, &cues)] {
            for (at, end) in ends.iter().enumerate() {
                let more = if at == 0 { String::new() } else { format!("-{}", at + 1) };
                let id = format!("{}-{}{more}", event.id, role.link());
                draft.link(&id, role.link(), content, end, event.line);
            }
        }
    }
}

/// Whether a line begins with an id that brat has.
fn is_of_brat(line: &str) -> bool {
    let id = line.split('\t').next().unwrap_or_default();
    id == "*" || id.contains(|c: char| c.is_ascii_digit())
}

fn text_bound(line: usize, text: &str) -> Result<TextBound<'_>, String> {
    let mut columns = text.splitn(3, '\t');
    let (Some(id), Some(head), Some(words)) = (columns.next(), columns.next(), columns.next()) else {
        return Err("it has not three columns".to_owned());
    };
    if id.len() < 2 || id.contains(char::is_whitespace) {
        return Err(format!("{id:?} is no id that brat has"));
    }
    let (kind, offsets) = head.split_once(' ').ok_or("there are no offsets")?;
    let mut stretches = Vec::new();
    for stretch in offsets.split(';') {
        let (start, end) = stretch.trim().split_once(' ').ok_or("an offset is missing")?;
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| format!("{text:?} is no offset"));
        let (start, end) = (number(start)?, number(end)?);
        if start >= end {
            return Err(format!("{start} to {end} is no stretch of text"));
        }
        stretches.push((start, end));
    }
    stretches.sort_unstable();
    Ok(TextBound { line, id, kind, stretches, words })
}

/// An event, and the roles that it has besides.
fn event(line: usize, text: &str) -> Result<(Event<'_>, Vec<&str>), String> {
    let (id, rest) = text.split_once('\t').ok_or("there is no tab after the id")?;
    let mut words = rest.split_whitespace().map(|word| word.split_once(':'));
    let (kind, trigger) = words.next().flatten().ok_or("there is no trigger")?;
    if !kind.eq_ignore_ascii_case(ATTRIBUTION) {
        return Err(format!("{kind} is no attribution"));
    }
    let (mut parts, mut foreign) = (Vec::new(), Vec::new());
    for word in words {
        let (name, end) = word.ok_or("a part has no role")?;
        match Role::from_name(name) {
            Some(role) => parts.push((role, end)),
            None => foreign.push(name),
        }
    }
    Ok((Event { line, id, trigger, parts }, foreign))
}
