//! A sidecar in lines that a person can compare: one thing a line, by its label, its place and its words.
//!
//! What `git diff` shows of sidecars. A file that this version does not know in full gives none, so that nothing in it
//! is hidden; what is left out on purpose are contexts and the hash of the file, which follow from the article.

use std::collections::HashMap;
use std::path::Path;

use super::FORMAT;
use super::convert::shortened;
use super::file::{
    AnnotationFile, CommentFile, DecisionFile, Pairs, Quote, RelationFile, SidecarFile, TargetFile, ValueFile,
};
use super::quote::quoted;
use super::read::parse_file;
use super::write::push_fmt;
use crate::model::AUTHOR;

/// The lines, in the file's order; none for a file that is not known in full. Texts stand in them as they are.
pub fn readable(path: &Path, text: &str) -> Option<Vec<String>> {
    let file = parse_file(path, text).ok().filter(|file| file.format <= FORMAT && is_known(file))?;
    let by = &*file.annotator;
    let words: HashMap<&str, String> = file.annotations.iter().map(|a| (&*a.id, words(&a.spans))).collect();
    let mut lines = vec![
        format!(
            "article {}, {} characters, text {}",
            &*file.source.file,
            file.source.chars,
            short(&file.source.text_sha256)
        ),
        format!("schema {} {}", &*file.schema.id, file.schema.version),
        format!("status {}", file.status.0.id()),
    ];
    if let Some(document) = &file.document {
        lines.extend(
            document.attributes.0.iter().map(|(name, value)| format!("article: {} = {}", &**name, shown(value))),
        );
        if !document.note.is_empty() {
            lines.push(format!("article: note {}", quoted(&document.note)));
        }
    }
    for annotation in &file.annotations {
        push_annotation(&mut lines, annotation, &format!("by {by}"), "");
    }
    for relation in &file.relations {
        push_relation(&mut lines, relation, &words, &format!("by {by}"), "");
    }
    lines.extend(file.comments.iter().map(comment));
    lines.extend(
        file.rejected.iter().map(|r| format!("turned down {} {} (rule {})", &*r.label, quoted(&r.text), &*r.rule)),
    );
    for decided in &file.decisions {
        lines.push(decision(decided));
        for rejected in &decided.rejected {
            push_annotation(&mut lines, rejected, "rejected", "    ");
        }
    }
    lines.extend(file.conflict.iter().map(|(field, value)| format!("conflict: {} or {}", &**field, quoted(value))));
    Some(lines)
}

fn push_annotation(lines: &mut Vec<String>, annotation: &AnnotationFile<'_>, by: &str, indent: &str) {
    let kind = annotation.attributes.0.iter().find(|(name, _)| &**name == "type");
    let kind = kind.map(|(_, value)| format!(":{}", plain(value))).unwrap_or_default();
    let places: Vec<String> = annotation.spans.iter().map(|(start, end, _)| format!("{start}–{end}")).collect();
    let mut line =
        format!("{indent}{}{kind} {} {} {by}", &*annotation.label, places.join(", "), words(&annotation.spans));
    push_attributes(&mut line, &annotation.attributes, true);
    if annotation.unsure {
        line.push_str(" (unsure)");
    }
    if let Some(orphan) = &annotation.orphan {
        line.push_str(" (no place in the text)");
        for (start, end, text) in &orphan.candidates {
            push_fmt(&mut line, format_args!(" perhaps {start}–{end} \u{201c}{}\u{201d}", shortened(text)));
        }
    }
    if let Some(origin) = &annotation.origin {
        push_fmt(&mut line, format_args!(" from {}", &*origin.by));
        for part in [&origin.rule, &origin.import, &origin.layer, &origin.person].into_iter().filter(|p| !p.is_empty())
        {
            push_fmt(&mut line, format_args!(" {}", &**part));
        }
    }
    push_end(&mut line, &annotation.note, &annotation.made, &annotation.id);
    lines.push(line);
    for other in &annotation.conflict {
        push_annotation(lines, other, "conflict", &format!("{indent}    or "));
    }
}

fn push_relation(
    lines: &mut Vec<String>,
    relation: &RelationFile<'_>,
    words: &HashMap<&str, String>,
    by: &str,
    indent: &str,
) {
    let end = |id: &str| match words.get(id) {
        Some(words) => words.clone(),
        None if id == AUTHOR => "the author".to_owned(),
        None => id.to_owned(),
    };
    let mut line = format!("{indent}{} {} → {} {by}", &*relation.label, end(&relation.from), end(&relation.to));
    push_attributes(&mut line, &relation.attributes, false);
    let ids = format!("{}: {} → {}", &*relation.id, &*relation.from, &*relation.to);
    push_end(&mut line, &relation.note, &relation.made, &ids);
    lines.push(line);
    for other in &relation.conflict {
        push_relation(lines, other, words, "conflict", &format!("{indent}    or "));
    }
}

fn comment(comment: &CommentFile<'_>) -> String {
    let on = match &comment.on {
        None => "the article".to_owned(),
        Some(TargetFile::Annotation(annotator, id)) => format!("{} of {}", &**id, &**annotator),
        Some(TargetFile::Span(quote)) => format!("{}–{} {}", quote.0, quote.1, words(std::slice::from_ref(quote))),
    };
    let mut line = format!("comment on {on} by {}: {}", &*comment.by, quoted(&comment.text));
    if !comment.reply_to.is_empty() {
        push_fmt(&mut line, format_args!(", answers {}", &*comment.reply_to));
    }
    if comment.resolves {
        line.push_str(", settles it");
    }
    push_end(&mut line, "", &comment.made, &comment.id);
    line
}

fn decision(decision: &DecisionFile<'_>) -> String {
    let sources: Vec<String> = decision.sources.iter().map(|(who, id)| format!("{} of {}", &**id, &**who)).collect();
    let mut line = format!("decision {} on {} by {}", &*decision.verdict, sources.join(", "), &*decision.by);
    for (name, text) in [("result", &decision.result), ("reason", &decision.reason), ("comment", &decision.comment)] {
        if !text.is_empty() {
            push_fmt(&mut line, format_args!(", {name} {}", quoted(text)));
        }
    }
    for (who, text) in &decision.layers.0 {
        push_fmt(&mut line, format_args!(", {} on text {}", &**who, short(text)));
    }
    push_end(&mut line, "", &decision.made, &decision.id);
    line
}

fn push_attributes(line: &mut String, attributes: &Pairs<'_, ValueFile<'_>>, typed: bool) {
    for (name, value) in attributes.0.iter().filter(|(name, _)| !(typed && &**name == "type")) {
        push_fmt(line, format_args!(" [{} = {}]", &**name, shown(value)));
    }
}

fn push_end(line: &mut String, note: &str, made: &str, id: &str) {
    if !note.is_empty() {
        push_fmt(line, format_args!(" note {}", quoted(note)));
    }
    if !made.is_empty() {
        push_fmt(line, format_args!(" {made}"));
    }
    push_fmt(line, format_args!(" ({id})"));
}

/// What is marked, pieces joined by ` … `.
fn words(spans: &[Quote<'_>]) -> String {
    let pieces: Vec<&str> = spans.iter().map(|(_, _, text)| &**text).collect();
    format!("\u{201c}{}\u{201d}", shortened(&pieces.join(" … ")))
}

fn shown(value: &ValueFile<'_>) -> String {
    match value {
        ValueFile::Text(text) => quoted(text),
        other => plain(other),
    }
}

fn plain(value: &ValueFile<'_>) -> String {
    match value {
        ValueFile::Text(text) => text.to_string(),
        ValueFile::Many(texts) => format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
        ValueFile::Bool(value) => value.to_string(),
        ValueFile::Number(number) => number.to_string(),
    }
}

/// Enough of a hash to tell two apart.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// Whether no record has a field that this version does not know.
fn is_known(file: &SidecarFile<'_>) -> bool {
    fn annotation(a: &AnnotationFile<'_>) -> bool {
        a.unknown.is_empty()
            && a.origin.as_ref().is_none_or(|origin| origin.unknown.is_empty())
            && a.orphan.as_ref().is_none_or(|orphan| orphan.unknown.is_empty())
            && a.conflict.iter().all(annotation)
    }
    fn relation(r: &RelationFile<'_>) -> bool {
        r.unknown.is_empty() && r.conflict.iter().all(relation)
    }
    file.unknown.is_empty()
        && file.source.unknown.is_empty()
        && file.schema.unknown.is_empty()
        && file.document.as_ref().is_none_or(|document| document.unknown.is_empty())
        && file.annotations.iter().all(annotation)
        && file.relations.iter().all(relation)
        && file.comments.iter().all(|comment| comment.unknown.is_empty())
        && file.rejected.iter().all(|rejected| rejected.unknown.is_empty())
        && file.decisions.iter().all(|decision| decision.unknown.is_empty() && decision.rejected.iter().all(annotation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_thing_has_a_line() {
        let sidecar = |rest: &str| {
            format!(
                "(format: 1, source: (file: \"t.txt\", text_sha256: \"0123456789abcdef\", chars: 99), schema: (id: \"news\", version: 2), annotator: \"ann1\",{rest})"
            )
        };
        let cases = [
            ("", "article t.txt, 99 characters, text 0123456789ab\nschema news 2\nstatus new"),
            ("status: \"done\"", "status done"),
            (
                "document: (attributes: {\"topic\": [\"a\", \"b\"]}, note: \"n\")",
                "article: topic = [\"a\", \"b\"]\narticle: note \"n\"",
            ),
            (
                "annotations: [(id: \"q\", label: \"quote\", spans: [(1, 4, \"We \"), (9, 12, \"saw\")], unsure: true, conflict: [(id: \"q\", label: \"claim\", spans: [(1, 4, \"We \")])])]",
                "quote 1–4, 9–12 “We  … saw” by ann1 (unsure) (q)\n    or claim 1–4 “We ” conflict (q)",
            ),
            (
                "annotations: [(id: \"e\", label: \"entity\", spans: [(0, 3, \"Ada\")], attributes: {\"type\": \"person\", \"x\": 2}, origin: (by: \"suggestion\", rule: \"g\"), orphan: (candidates: [(5, 8, \"Ada\")]))], relations: [(id: \"r\", label: \"same\", from: \"e\", to: \"author\", note: \"n\")]",
                "entity:person 0–3 “Ada” by ann1 [x = 2] (no place in the text) perhaps 5–8 “Ada” from suggestion g (e)\nsame “Ada” → the author by ann1 note \"n\" (r: e → author)",
            ),
            (
                "comments: [(id: \"c\", on: (\"ben\", \"x\"), text: \"no\", by: \"ada\", reply_to: \"b\", resolves: true)]",
                "comment on x of ben by ada: \"no\", answers b, settles it (c)",
            ),
            ("rejected: [(rule: \"g\", label: \"entity\", text: \"the\")]", "turned down entity \"the\" (rule g)"),
            (
                "decisions: [(id: \"d\", verdict: \"chosen\", sources: [(\"ben\", \"x\")], by: \"ada\", layers: {\"ben\": \"ff\"})]",
                "decision chosen on x of ben by ada, ben on text ff (d)",
            ),
            ("conflict: [(\"status\", \"done\")]", "conflict: status or \"done\""),
        ];
        for (rest, expected) in cases {
            let lines = readable(Path::new("t.txt.ann1.ron"), &sidecar(rest)).expect("it is known").join("\n");
            assert!(lines.ends_with(expected) || lines.contains(expected), "{lines}\nhas no\n{expected}");
        }
        for unknown in ["mood: 1", "annotations: [(id: \"a\", label: \"cue\", spans: [], mood: 1)]"] {
            assert_eq!(readable(Path::new("t.txt.ann1.ron"), &sidecar(unknown)), None, "{unknown}");
        }
    }
}
