//! From a layer to a collection of one document.
//!
//! An annotation stands in the passage or sentence that holds all of it, else in the document; what it quotes is all from
//! its first piece to its last, as `bioc.validate` wants it. Relations stand in the document.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::infons::Infons;
use super::{ANNOTATOR, CONTROLS, FILE, FOREIGN, KEY, LABEL, NOTE, SOURCE, TO, TYPE, UNSURE};
use crate::formats::loss::count_history;
use crate::formats::xml::{escaped, escaped_value, fits};
use crate::formats::{Document, Done, Kind, Losses, Met, Names, Piece, Writer};
use crate::model::{AUTHOR, Annotation, Layer, Relation, Schema};
use crate::text::{CharOffset, OffsetIndex};

/// Writes BioC XML.
pub(super) struct BiocWriter {
    names: Names,
}

impl BiocWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { names: Names::new(schema, str::to_owned) }
    }
}

/// A passage or sentence as it will be written.
#[derive(Debug, Default)]
struct Part {
    /// Line ends before it, and its length, in code points.
    gap: u64,
    length: u64,
    /// Its first code point in the text.
    start: u64,
    infons: Map<String, Json>,
    sentences: Option<Vec<Part>>,
}

impl Writer for BiocWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        let Document { file, text, layer } = document;
        met.note(layer);
        let index = OffsetIndex::new(text);
        let (base, parts) = planned(layer, text, &index);
        let mut article = Article { writer: self, document, index: &index, base, losses, marks: Vec::new() };
        for annotation in layer.annotations() {
            if annotation.orphan().is_some() {
                article.losses.add(Kind::Orphan, Done::Dropped, file, &annotation.id);
            } else if let Some(hull) = annotation.hull() {
                let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
                article.marks.push((char(hull.start()), char(hull.end()), annotation));
            }
        }
        let xml = article.collection(&parts);
        count_history(document, losses);
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        vec![Piece::whole(format!("{stem}.bioc.xml"), xml)]
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        Vec::new()
    }
}

/// An attribute that holds JSON of BioC's.
fn kept(layer: &Layer, name: &str) -> Option<Json> {
    serde_json::from_str(layer.head().document.text(&format!("{FOREIGN}{name}"))?).ok()
}

/// The passages as they were when the article was imported, if the text is still that; else one.
fn planned(layer: &Layer, text: &str, index: &OffsetIndex) -> (u64, Vec<Part>) {
    let all = index.chars();
    let whole = || (0, vec![Part { length: all, ..Part::default() }]);
    let Some(layout) = kept(layer, "passages") else { return whole() };
    let base = layout.get("offset").and_then(Json::as_u64).filter(|base| *base < 1 << 40).unwrap_or(0);
    let Some(passages) = layout.get("passages").and_then(Json::as_array) else { return whole() };
    let mut parts: Vec<Part> = passages.iter().map(part).collect();
    let mut at = 0_u64;
    let mut fits_text = true;
    for one in &mut parts {
        one.start = at;
        let mut blocks: Vec<&mut Part> = match &mut one.sentences {
            Some(sentences) => sentences.iter_mut().collect(),
            None => Vec::new(),
        };
        let mut place = |block: &mut Part| {
            let end = at.saturating_add(block.gap);
            let gap = index.byte_from_char(text, CharOffset(at)).zip(index.byte_from_char(text, CharOffset(end)));
            fits_text &= gap.is_some_and(|(from, to)| text[from..to].bytes().all(|byte| byte == b'\n'));
            block.start = end;
            at = end.saturating_add(block.length);
        };
        if blocks.is_empty() {
            place(one);
        } else {
            for block in &mut blocks {
                place(block);
            }
            one.start = blocks[0].start;
            one.length = at - one.start;
        }
    }
    if fits_text && at == all && !parts.is_empty() { (base, parts) } else { whole() }
}

fn part(json: &Json) -> Part {
    let number = |name: &str| json.get(name).and_then(Json::as_u64).unwrap_or(0);
    let infons = json.get("infons").and_then(Json::as_object).cloned().unwrap_or_default();
    let sentences = json.get("sentences").and_then(Json::as_array);
    let sentences = sentences.filter(|all| !all.is_empty()).map(|all| all.iter().map(part).collect());
    Part { gap: number("gap"), length: number("length"), start: 0, infons, sentences }
}

/// One article that is being written.
struct Article<'a> {
    writer: &'a BiocWriter,
    document: &'a Document,
    index: &'a OffsetIndex,
    /// What is added to every offset.
    base: u64,
    losses: &'a mut Losses,
    /// Annotations that are not written yet, with the code points of their ends, in the order of the layer.
    marks: Vec<(u64, u64, &'a Annotation)>,
}

impl Article<'_> {
    fn collection(&mut self, parts: &[Part]) -> String {
        let Document { layer, file, .. } = self.document;
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<collection>\n");
        let said =
            kept(layer, "collection").and_then(|said| if let Json::Object(said) = said { Some(said) } else { None });
        let mut said = said.unwrap_or_default();
        said.entry("source").or_insert_with(|| SOURCE.into());
        let mut key = || said.remove("key").unwrap_or_else(|| KEY.into());
        let key = key();
        for (name, value) in [("source", said.remove("source")), ("date", said.remove("date")), ("key", Some(key))] {
            let value = value.as_ref().and_then(Json::as_str).unwrap_or_default();
            tag(&mut out, name, value);
        }
        let version = said.remove("version");
        if let Some(version) = version.as_ref().and_then(Json::as_str) {
            tag(&mut out, "version", version);
        }
        if let Some(Json::Object(infons)) = said.remove("infons") {
            out.push_str(&elements(&infons));
        }
        out.push_str("<document>\n");
        tag(&mut out, "id", layer.head().document.text("bioc:id").unwrap_or(file));
        out.push_str(&self.head());
        for part in parts {
            self.part(&mut out, "passage", part);
        }
        for mark in std::mem::take(&mut self.marks) {
            self.annotation(&mut out, mark);
        }
        self.relations(&mut out);
        out.push_str("</document>\n</collection>\n");
        out
    }

    /// The document's infons.
    fn head(&self) -> String {
        let Document { file, text, layer } = self.document;
        let head = layer.head();
        let mut infons = Infons::default();
        infons.text(FILE, file);
        if !head.annotator.is_empty() {
            infons.text(ANNOTATOR, &head.annotator);
        }
        let controls = text.chars().enumerate().filter(|(_, c)| !fits(*c));
        let controls: Vec<String> = controls.map(|(at, c)| format!("{at}:{:x}", c as u32)).collect();
        if !controls.is_empty() {
            infons.text(CONTROLS, &controls.join(" "));
        }
        if !head.document_note.is_empty() {
            infons.text(NOTE, &head.document_note);
        }
        let own = ["id", "passages", "relations", "collection"];
        infons.attributes(&head.document, |name| name.strip_prefix(FOREIGN).is_some_and(|name| own.contains(&name)));
        infons.elements()
    }

    fn part(&mut self, out: &mut String, name: &str, part: &Part) {
        let text = &self.document.text;
        let byte = |char: u64| self.index.byte_from_char(text, CharOffset(char)).unwrap_or(text.len());
        writeln!(out, "<{name}>").expect("a string takes it");
        out.push_str(&elements(&part.infons));
        tag(out, "offset", &(self.base + part.start).to_string());
        let end = part.start + part.length;
        if let Some(sentences) = &part.sentences {
            for sentence in sentences {
                self.part(out, "sentence", sentence);
            }
        } else {
            tag(out, "text", &text[byte(part.start)..byte(end)]);
        }
        let all = std::mem::take(&mut self.marks);
        let (own, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|mark| part.start <= mark.0 && mark.1 <= end);
        self.marks = rest;
        for mark in own {
            self.annotation(out, mark);
        }
        writeln!(out, "</{name}>").expect("a string takes it");
    }

    fn annotation(&self, out: &mut String, (_, _, annotation): (u64, u64, &Annotation)) {
        let text = &self.document.text;
        let mut infons = Infons::default();
        let short = self.writer.names.of(annotation);
        infons.text("type", &short);
        if short != annotation.label || annotation.kind().is_some() {
            infons.text(LABEL, &annotation.label);
        }
        if let Some(kind) = annotation.kind() {
            infons.text(TYPE, kind);
        }
        let typed = annotation.kind().is_some();
        infons.attributes(&annotation.attributes, |name| name == "type" && typed);
        if !annotation.note().is_empty() {
            infons.text(NOTE, annotation.note());
        }
        if annotation.unsure() {
            infons.text(UNSURE, "true");
        }
        writeln!(out, "<annotation id=\"{}\">", escaped_value(&annotation.id)).expect("a string takes it");
        out.push_str(&infons.elements());
        for span in &annotation.spans {
            let char = |byte: u32| self.index.char_from_byte(text, byte as usize).0;
            let (start, end) = (char(span.start()), char(span.end()));
            writeln!(out, "<location offset=\"{}\" length=\"{}\"/>", self.base + start, end - start)
                .expect("a string takes it");
        }
        tag(out, "text", annotation.hull().and_then(|hull| hull.slice(text)).unwrap_or_default());
        out.push_str("</annotation>\n");
    }

    fn relations(&mut self, out: &mut String) {
        let Document { file, layer, .. } = self.document;
        let mut all = layer.relations();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        for relation in all {
            let there = |id: &str| layer.get(id).is_some_and(|annotation| annotation.orphan().is_none());
            if there(&relation.from) && (relation.to == AUTHOR || there(&relation.to)) {
                add_relation(out, relation);
            } else {
                self.losses.add(Kind::Relation, Done::Dropped, file, &relation.id);
            }
        }
        // Those that were kept, as long as what they name is there.
        let Some(Json::Array(all)) = kept(layer, "relations") else { return };
        let id_of = |relation: &Json| relation.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        let kept: HashSet<String> = all.iter().map(id_of).collect();
        for relation in &all {
            let nodes = relation.get("nodes").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            let end = |node: &Json| node.get("refid").and_then(Json::as_str).unwrap_or_default().to_owned();
            let there = |id: String| layer.has_id(&id) || kept.contains(&id);
            let id = id_of(relation);
            if !nodes.iter().map(end).all(there) || layer.relation(&id).is_some() {
                self.losses.add(Kind::Relation, Done::Dropped, file, &id);
                continue;
            }
            let written: Vec<(String, String)> = nodes
                .iter()
                .map(|node| (end(node), node.get("role").and_then(Json::as_str).unwrap_or_default().to_owned()))
                .collect();
            let infons = relation.get("infons").and_then(Json::as_object).map(elements).unwrap_or_default();
            relation_element(out, &id, &infons, &written);
        }
    }
}

fn add_relation(out: &mut String, relation: &Relation) {
    let roles = relation.attributes.text("bioc:roles");
    let roles = roles.and_then(|roles| serde_json::from_str::<[String; 2]>(roles).ok());
    let mut infons = Infons::default();
    infons.text("type", &relation.label);
    infons.attributes(&relation.attributes, |name| name == "bioc:roles" && roles.is_some());
    if !relation.note().is_empty() {
        infons.text(NOTE, relation.note());
    }
    let [from, to] = roles.unwrap_or_else(|| ["from".to_owned(), "to".to_owned()]);
    let mut nodes = vec![(relation.from.to_string(), from)];
    if relation.to == AUTHOR {
        infons.text(TO, AUTHOR);
    } else {
        nodes.push((relation.to.to_string(), to));
    }
    relation_element(out, &relation.id, &infons.elements(), &nodes);
}

fn relation_element(out: &mut String, id: &str, infons: &str, nodes: &[(String, String)]) {
    writeln!(out, "<relation id=\"{}\">", escaped_value(id)).expect("a string takes it");
    out.push_str(infons);
    for (end, role) in nodes {
        writeln!(out, "<node refid=\"{}\" role=\"{}\"/>", escaped_value(end), escaped_value(role))
            .expect("a string takes it");
    }
    out.push_str("</relation>\n");
}

/// Infons that were kept as they are.
fn elements(kept: &Map<String, Json>) -> String {
    let mut infons = Infons::default();
    for (key, value) in kept {
        match value {
            Json::String(text) => infons.text(key, text),
            other => infons.json(key, other),
        }
    }
    infons.elements()
}

fn tag(out: &mut String, name: &str, text: &str) {
    writeln!(out, "<{name}>{}</{name}>", escaped(text)).expect("a string takes it");
}
