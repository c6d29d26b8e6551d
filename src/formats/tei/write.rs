//! From a layer to a TEI document: header with the labels, what stands beside the text, and the text.
//!
//! Every mark has an element in the text or a `span` beside it, of the same id; links, attributes and notes point to that.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use super::body::{Inline, body, nested, paragraphs};
use super::names::{Ids, element, is_language, word};
use crate::formats::loss::count_history;
use crate::formats::xml::{escaped, escaped_value, fits};
use crate::formats::{Document, Done, Kind, Losses, Met, Names, Piece, Writer};
use crate::model::{AUTHOR, Annotation, Attributes, Relation, Schema, Value};
use crate::text::OffsetIndex;

/// What readers must know of the pointers.
const POINTERS: &str = "Pointers #string-range(body,OFFSET,LENGTH) count Unicode code points from 0 over all characters in \
body, with the white space between its paragraphs, which are the article's text as it is.";

/// Writes TEI.
pub(super) struct TeiWriter {
    names: Names,
}

impl TeiWriter {
    pub fn new(schema: &Schema) -> Self {
        Self { names: Names::new(schema, str::to_owned) }
    }
}

impl Writer for TeiWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        met.note(&document.layer);
        let ids = Ids::new(&document.layer);
        let mut article = Article {
            names: &self.names,
            document,
            losses,
            ids,
            links: Vec::new(),
            beside: String::new(),
            features: BTreeMap::new(),
        };
        let xml = article.tei();
        count_history(document, losses);
        let file = &document.file;
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        vec![Piece::whole(format!("{stem}.tei.xml"), xml)]
    }

    fn whole(&self, _: &Met) -> Vec<Piece> {
        Vec::new()
    }
}

/// One article that is being written.
struct Article<'a> {
    names: &'a Names,
    document: &'a Document,
    losses: &'a mut Losses,
    ids: Ids,
    /// The links whose ends are there, with their ids.
    links: Vec<(&'a Relation, String)>,
    /// What stands beside the text.
    beside: String,
    /// The ids of attributes, by what they are of.
    features: BTreeMap<String, String>,
}

impl<'a> Article<'a> {
    fn lose(&mut self, kind: Kind, done: Done, id: &str) {
        self.losses.add(kind, done, &self.document.file, id);
    }

    fn tei(&mut self) -> String {
        let Document { text, layer, .. } = self.document;
        self.find_links();
        let mut marks = Vec::new();
        for annotation in layer.annotations() {
            if annotation.orphan().is_some() {
                self.lose(Kind::Orphan, Done::Dropped, &annotation.id);
            } else {
                marks.push(annotation);
            }
        }
        self.details(&marks);
        let one: Vec<Inline<'a>> =
            marks.iter().filter(|mark| mark.spans.len() == 1).map(|mark| self.inline(mark)).collect();
        let paragraphs = paragraphs(text);
        let (inside, crossing) = nested(one, &paragraphs);
        let crossing: HashSet<&str> = crossing.into_iter().collect();
        let mut spans = String::new();
        let index = OffsetIndex::new(text);
        for mark in marks {
            let kind = match mark.spans.len() {
                1 if crossing.contains(mark.id.as_str()) => Kind::Overlap,
                1 => continue,
                _ => Kind::Discontinuous,
            };
            self.lose(kind, Done::Kept, &mark.id);
            spans.push_str(&self.span(mark, &index));
        }
        if !spans.is_empty() {
            let group = format!("<spanGrp type=\"marks\">\n{spans}</spanGrp>\n");
            self.beside.insert_str(0, &group);
        }
        self.relations();
        let language = layer.head().document.text("language").filter(|language| is_language(language));
        let language = language.map(|language| format!(" xml:lang=\"{language}\"")).unwrap_or_default();
        let features = self.features.get("article").map(|id| format!(" ana=\"#{id}\"")).unwrap_or_default();
        let beside = match self.beside.as_str() {
            "" => String::new(),
            beside => format!("<standOff>\n{beside}</standOff>\n"),
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n{}{beside}\
<text{language}{features}><body xml:id=\"body\" xml:space=\"preserve\">{}</body></text>\n</TEI>\n",
            self.header(),
            body(text, &paragraphs, &inside)
        )
    }

    fn find_links(&mut self) {
        let layer = &self.document.layer;
        let there = |id: &str| layer.get(id).is_some_and(|mark| mark.orphan().is_none());
        let mut all = layer.relations();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        for relation in all {
            if there(&relation.from) && (relation.to == AUTHOR || there(&relation.to)) {
                let id = self.ids.free('r', &relation.id);
                self.links.push((relation, id));
            } else {
                self.lose(Kind::Relation, Done::Dropped, &relation.id);
            }
        }
    }

    /// Where a link leads.
    fn pointer(&self, id: &str) -> String {
        if id == AUTHOR { "#author".to_owned() } else { format!("#{}", self.ids.mark(id)) }
    }

    fn header(&self) -> String {
        let Document { file, text, layer } = self.document;
        let mut out = format!("<teiHeader>\n<fileDesc>\n<titleStmt>\n<title>{}</title>\n", escaped(file));
        if self.links.iter().any(|(relation, _)| relation.to == AUTHOR) {
            out.push_str("<author xml:id=\"author\">the article's author</author>\n");
        }
        if !layer.head().annotator.is_empty() {
            let name = escaped(&layer.head().annotator);
            add(&mut out, format_args!("<respStmt><resp>annotated by</resp><name>{name}</name></respStmt>\n"));
        }
        out.push_str("</titleStmt>\n<publicationStmt><p>Written by Pressmark.</p></publicationStmt>\n");
        add(&mut out, format_args!("<sourceDesc><p>{}</p></sourceDesc>\n</fileDesc>\n", escaped(file)));
        add(&mut out, format_args!("<encodingDesc>\n<projectDesc>\n<p>{POINTERS}</p>\n"));
        let controls = text.chars().enumerate().filter(|(_, c)| !fits(*c));
        let controls: Vec<String> = controls.map(|(at, c)| format!("{at}: U+{:04X}", c as u32)).collect();
        if !controls.is_empty() {
            let list = controls.join(", ");
            add(&mut out, format_args!("<p>Characters that XML cannot hold are U+FFFD in body: {list}.</p>\n"));
        }
        out.push_str("</projectDesc>\n");
        let mut categories = String::new();
        for (full, id) in self.ids.categories() {
            let name = self.names.name(full);
            let whole = full.1.as_ref().map_or_else(|| full.0.to_string(), |kind| format!("{}: {kind}", full.0));
            let (name, whole) = (escaped_value(&name), escaped(&whole));
            add(
                &mut categories,
                format_args!("<category xml:id=\"{id}\" n=\"{name}\"><catDesc>{whole}</catDesc></category>\n"),
            );
        }
        if !categories.is_empty() {
            add(
                &mut out,
                format_args!("<classDecl>\n<taxonomy xml:id=\"labels\">\n{categories}</taxonomy>\n</classDecl>\n"),
            );
        }
        out.push_str("</encodingDesc>\n</teiHeader>\n");
        out
    }

    /// Attributes and notes of the article and of all marks and links.
    fn details(&mut self, marks: &[&Annotation]) {
        let head = self.document.layer.head();
        self.features_of("article", "article", &head.document, |_| true);
        if !head.document_note.is_empty() {
            self.note("body", &head.document_note, "article");
        }
        for mark in marks {
            let typed = mark.kind().is_some();
            let id = self.ids.mark(&mark.id).to_owned();
            self.features_of(&id, &mark.id, &mark.attributes, |name| !(typed && name == "type"));
            if !mark.note().is_empty() {
                self.note(&id, mark.note(), &mark.id);
            }
        }
        for (relation, id) in self.links.clone() {
            self.features_of(&id, &relation.id, &relation.attributes, |_| true);
        }
    }

    fn note(&mut self, on: &str, note: &str, id: &str) {
        add(&mut self.beside, format_args!("<note target=\"#{on}\">{}</note>\n", escaped(note)));
        if !note.chars().all(fits) {
            self.lose(Kind::Note, Done::Dropped, id);
        }
    }

    /// Writes attributes as a structure of features; `of` is what they are of in the file, `id` in the layer.
    fn features_of(&mut self, of: &str, id: &str, attributes: &Attributes, wanted: impl Fn(&str) -> bool) {
        let string = |text: &str| format!("<string>{}</string>", escaped(text));
        let (mut inside, mut broken) = (String::new(), 0);
        for (name, value) in attributes.iter().filter(|(name, _)| wanted(name)) {
            let written = match value {
                Value::Bool(value) => format!("<binary value=\"{value}\"/>"),
                Value::Number(number) if number.is_finite() => format!("<numeric value=\"{number}\"/>"),
                Value::Many(all) => {
                    let all: String = all.iter().map(|text| string(text)).collect();
                    format!("<vColl org=\"list\">{all}</vColl>")
                }
                other => string(&other.to_string()),
            };
            broken += usize::from(!value.to_string().chars().all(fits));
            add(&mut inside, format_args!("<f name=\"{}\">{written}</f>\n", word(name)));
        }
        for _ in 0..broken {
            self.lose(Kind::Attribute, Done::Dropped, id);
        }
        if !inside.is_empty() {
            let own = self.ids.free('f', of);
            add(&mut self.beside, format_args!("<fs xml:id=\"{own}\" type=\"attributes\">\n{inside}</fs>\n"));
            self.features.insert(of.to_owned(), own);
        }
    }

    /// What all marks have in their element: id, label, attributes, whether it is sure.
    fn common(&self, mark: &Annotation) -> String {
        let id = self.ids.mark(&mark.id);
        let mut out = format!(" xml:id=\"{id}\"");
        if id.strip_prefix("m-") != Some(mark.id.as_str()) {
            add(&mut out, format_args!(" n=\"{}\"", escaped_value(&mark.id)));
        }
        add(&mut out, format_args!(" ana=\"#{}", self.ids.category(mark)));
        if let Some(features) = self.features.get(id) {
            add(&mut out, format_args!(" #{features}"));
        }
        out.push('"');
        if mark.unsure() {
            out.push_str(" cert=\"low\"");
        }
        out
    }

    fn inline(&self, mark: &'a Annotation) -> Inline<'a> {
        let element = element(mark, self.names);
        let mut attributes = self.common(mark);
        if element == "said" {
            let layer = &self.document.layer;
            let there = |id: &str| id == AUTHOR || layer.get(id).is_some_and(|mark| mark.orphan().is_none());
            let mut speakers = layer.relations_of(&mark.id);
            speakers.retain(|it| it.label == "speaker" && it.from == mark.id && there(&it.to));
            speakers.sort_by(|one, other| one.id.cmp(&other.id));
            let who: Vec<String> = speakers.iter().map(|relation| self.pointer(&relation.to)).collect();
            if !who.is_empty() {
                add(&mut attributes, format_args!(" who=\"{}\"", who.join(" ")));
            }
            let direct = match mark.attributes.text("form") {
                Some("direct") => "true",
                Some("indirect") => "false",
                _ => "unknown",
            };
            add(&mut attributes, format_args!(" direct=\"{direct}\""));
        }
        let range = mark.spans[0].start() as usize..mark.spans[0].end() as usize;
        Inline { range, element, attributes, id: &mark.id }
    }

    fn span(&self, mark: &Annotation, index: &OffsetIndex) -> String {
        let text = &self.document.text;
        let char = |byte: u32| index.char_from_byte(text, byte as usize).0;
        let ranges = mark.spans.iter().map(|span| (char(span.start()), char(span.end())));
        let ranges: Vec<String> = ranges.map(|(start, end)| format!("{start},{}", end - start)).collect();
        let words: Vec<&str> = mark.spans.iter().filter_map(|span| span.slice(text)).collect();
        format!(
            "<span{} type=\"{}\" target=\"#string-range(body,{})\">{}</span>\n",
            self.common(mark),
            word(&self.names.of(mark)),
            ranges.join(","),
            escaped(&words.join(" … "))
        )
    }

    fn relations(&mut self) {
        let mut out = String::new();
        for (relation, id) in &self.links {
            let name = word(&relation.label);
            let (from, to) = (self.pointer(&relation.from), self.pointer(&relation.to));
            let n = match id.strip_prefix("r-") {
                Some(same) if same == relation.id => String::new(),
                _ => format!(" n=\"{}\"", escaped_value(&relation.id)),
            };
            add(
                &mut out,
                format_args!("<relation xml:id=\"{id}\"{n} name=\"{name}\" active=\"{from}\" passive=\"{to}\""),
            );
            if let Some(features) = self.features.get(id) {
                add(&mut out, format_args!(" ana=\"#{features}\""));
            }
            match relation.note() {
                "" => out.push_str("/>\n"),
                note => add(&mut out, format_args!("><desc>{}</desc></relation>\n", escaped(note))),
            }
        }
        if !out.is_empty() {
            add(&mut self.beside, format_args!("<listRelation>\n{out}</listRelation>\n"));
        }
    }
}

fn add(out: &mut String, more: std::fmt::Arguments<'_>) {
    out.write_fmt(more).expect("a string takes it");
}
