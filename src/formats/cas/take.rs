//! From a CAS to layers: a document for each text in it.
//!
//! Every annotation that is not grammar is taken, relations by `Governor` and `Dependent`, slots as relations named by
//! their role. What is not taken is told, once for each type.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value as Json};
use smol_str::{SmolStr, format_smolstr};

use super::model::{Cas, Feature, Fs, SOFA};
use super::walk::{Held, Lead, Walk};
use crate::formats::draft::Draft;
use crate::formats::taken::Taken;
use crate::formats::uima::plan::Shape;
use crate::formats::uima::{
    self, ANNOTATION, ARTICLE, ARTICLE_FEATURES, AUTHOR_LAYER, METADATA, METADATA_KEPT, NUMBERS, PIECE, is_foreign,
    is_grammar, is_layer, is_tag, label_of,
};
use crate::formats::units::Unit;
use crate::formats::{Document, Report, Source, Warning, WarningKind, is_inside, made};
use crate::model::{AUTHOR, Attributes, RelationExtra, Value};

/// What INCEpTION says of whose a CAS is.
const WHOSE: &str = "de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata";
/// The documents of a CAS.
pub(super) fn documents(source: &Source<'_>, cas: &Cas, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let mut warn = |line: usize, kind: WarningKind, message: String| {
        report.warnings.push(Warning { file: source.path.to_owned(), line, kind, message });
    };
    for (line, message) in &cas.told {
        warn(*line, WarningKind::BrokenLine, message.clone());
    }
    let mut texts: Vec<(&Fs, &str)> = Vec::new();
    for sofa in cas.structures.iter().filter(|fs| fs.kind == SOFA) {
        match sofa.text("sofaString") {
            Some(text) => texts.push((sofa, text)),
            None => warn(sofa.line, WarningKind::BrokenLine, "a view has no text in it; it is left out".to_owned()),
        }
    }
    if texts.is_empty() {
        warn(1, WarningKind::BrokenLine, "there is no text in it; the file is left out".to_owned());
    }
    // The types of what Pressmark wrote are told by what is marked: their names are not the labels.
    if !cas.structures.iter().any(|fs| fs.kind == ARTICLE) {
        report.declared.extend(uima::declared::declared(&cas.types));
    }
    let walk = Walk::new(cas);
    let mut links: HashSet<u64> = HashSet::new();
    for (number, (sofa, text)) in texts.into_iter().enumerate() {
        let members: HashSet<u64> = cas
            .views
            .iter()
            .filter(|view| view.sofa == sofa.id)
            .flat_map(|view| view.members.iter().copied())
            .collect();
        let mut taker = Taker {
            source,
            cas,
            walk: &walk,
            sofa: sofa.id,
            members,
            names: Map::new(),
            draft: Draft::new(source.path, Unit::Utf16, report),
            passed: BTreeMap::new(),
            ids: HashMap::new(),
            taken: Taken::from([AUTHOR]),
            ranges: BTreeSet::new(),
            links: HashSet::new(),
        };
        let (file, text) = taker.head(sofa, text, number);
        taker.all();
        let Taker { mut draft, passed, ranges, links: own, .. } = taker;
        links.extend(own);
        for (what, (count, line)) in passed {
            draft.warn(line, WarningKind::UnknownField, format!("{count} {what}"));
        }
        if !ranges.is_empty() {
            let ranges: Vec<String> = ranges.into_iter().collect();
            draft.head.document.set(uima::RANGES, Some(Value::Text(ranges.join("\n").into())));
        }
        take(draft.finish(file, text));
    }
    // What is about no text.
    let mut passed: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for fs in cas.structures.iter().filter(|fs| {
        fs.sofa.is_none() && !fs.kind.starts_with("uima.cas.") && !fs.kind.ends_with("[]") && !links.contains(&fs.id)
    }) {
        passed.entry(&fs.kind).or_insert((0, fs.line)).0 += 1;
    }
    for (kind, (count, line)) in passed {
        let message = format!("{count} of type {kind} are no annotations; they are left out");
        report.warnings.push(Warning { file: source.path.to_owned(), line, kind: WarningKind::UnknownField, message });
    }
}

/// What a structure is to us.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Part of what others say, or made anew by a writer.
    Own,
    /// Not taken.
    Passed,
    Relation,
    Mark,
}

struct Taker<'a, 'c> {
    source: &'a Source<'a>,
    cas: &'c Cas,
    walk: &'a Walk<'c>,
    sofa: u64,
    members: HashSet<u64>,
    /// What names stand for, where Pressmark wrote the file.
    names: Map<String, Json>,
    draft: Draft<'a>,
    /// What was not taken: how often, and where first.
    passed: BTreeMap<String, (usize, usize)>,
    /// What messages and relations call a structure.
    ids: HashMap<u64, String>,
    taken: Taken,
    /// Features with numbers of other kinds than `Double`.
    ranges: BTreeSet<String>,
    /// Links that were followed.
    links: HashSet<u64>,
}

impl<'c> Taker<'_, 'c> {
    fn pass(&mut self, line: usize, what: String) {
        self.passed.entry(what).or_insert((0, line)).0 += 1;
    }

    fn role(&self, fs: &Fs) -> Role {
        let kind = fs.kind.as_str();
        let is = |other: &str| self.cas.types.is_a(kind, other) == Some(true);
        let own =
            matches!(kind, ARTICLE | PIECE | AUTHOR_LAYER | WHOSE | METADATA) || is("uima.tcas.DocumentAnnotation");
        if own || kind.starts_with("uima.cas.") {
            return Role::Own;
        }
        let is_annotation = self.cas.types.is_a(kind, ANNOTATION).unwrap_or(fs.sofa.is_some() && fs.place.is_some());
        if !is_annotation {
            return Role::Passed;
        }
        // A word that somebody marked is a mark.
        if fs.get(uima::ID).is_none() {
            if is(uima::TOKEN) || is(uima::SENTENCE) || kind == uima::TOKEN || kind == uima::SENTENCE {
                return Role::Own;
            }
            if is_grammar(kind) {
                return Role::Passed;
            }
        }
        let has = |end: &str| fs.get(end).is_some() || self.cas.types.range(kind, end).is_some();
        if has("Governor") && has("Dependent") { Role::Relation } else { Role::Mark }
    }

    /// What the file says of the article; gives its path, and its text.
    fn head(&mut self, sofa: &Fs, text: &str, number: usize) -> (String, String) {
        let own = |fs: &&Fs| fs.sofa == Some(self.sofa);
        let of = |kind: &str| self.cas.structures.iter().filter(own).find(|fs| fs.kind == kind);
        let (article, metadata, whose) = (of(ARTICLE), of(METADATA), of(WHOSE));
        let title = metadata.and_then(|fs| fs.text("documentTitle"));
        let said =
            article.and_then(|fs| fs.text("article")).or(whose.and_then(|fs| fs.text("sourceDocumentName"))).or(title);
        let project = uima::in_project(self.source.name);
        let said = said.or(project.map(|(article, _)| article));
        let stem = self.source.name.rsplit_once('.').map_or(self.source.name, |(stem, _)| stem);
        let mut file = said.filter(|said| is_inside(said)).map_or_else(|| format!("{stem}.txt"), str::to_owned);
        if let Some(said) = said.filter(|said| !is_inside(said)) {
            let message = format!("{said:?} is no path inside the folder; the article is called {file}");
            self.draft.warn(1, WarningKind::BadPath, message);
        }
        let view = sofa.text("sofaID").unwrap_or_default();
        if number > 0 {
            let (stem, ending) = file.rsplit_once('.').unwrap_or((&file, "txt"));
            let plain: String = view.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
            file = format!("{stem}-{}.{ending}", if plain.is_empty() { number.to_string() } else { plain });
        }
        let annotator =
            article.and_then(|fs| fs.text("annotator")).or(whose.and_then(|fs| fs.text("username")).map(uima::whose));
        let annotator = annotator.or(project.filter(|_| article.is_none()).map(|(_, annotator)| annotator));
        self.draft.head.annotator = annotator.unwrap_or_default().into();
        let known = metadata.or_else(|| of("uima.tcas.DocumentAnnotation"));
        let mut document: Vec<(SmolStr, Value)> = Vec::new();
        for name in METADATA_KEPT {
            let kept = known.and_then(|fs| fs.text(name)).filter(|kept| !kept.is_empty());
            if let Some(kept) = kept.filter(|kept| *kept != "x-unspecified" && *kept != file) {
                document.push((format_smolstr!("cas:{name}"), Value::Text(kept.into())));
            }
        }
        let Some(article) = article else {
            self.draft.head.document = document.into_iter().collect();
            return (file, text.to_owned());
        };
        if let Some(Ok(Json::Object(names))) = article.text("names").map(serde_json::from_str) {
            self.names = names;
        }
        self.draft.head.document_note = article.text(uima::NOTE).unwrap_or_default().to_owned();
        for (name, feature) in article.features.iter().filter(|(name, _)| !ARTICLE_FEATURES.contains(&name.as_str())) {
            match self.walk.held(feature) {
                Held::Value(value) => document.push(self.attribute(article, name, &value, false)),
                Held::Leads(..) => self.pass(article.line, format!("references in {name} of {ARTICLE} are left out")),
            }
        }
        self.draft.head.document = document.into_iter().collect();
        (file, super::with_controls(text, article.text("controls").unwrap_or_default()))
    }

    /// Takes in all annotations and relations of the text.
    fn all(&mut self) {
        let cas = self.cas;
        // There are many structures and few kinds.
        let mut roles: HashMap<(&str, [bool; 4]), Role> = HashMap::new();
        let here = cas.structures.iter().filter(|fs| fs.sofa == Some(self.sofa));
        let here: Vec<(&'c Fs, Role)> = here
            .map(|fs| {
                let has = |name: &str| fs.get(name).is_some();
                let what = [fs.place.is_some(), has(uima::ID), has("Governor"), has("Dependent")];
                (fs, *roles.entry((&fs.kind, what)).or_insert_with(|| self.role(fs)))
            })
            .collect();
        let is_member = |fs: &Fs| self.members.contains(&fs.id);
        let mut marks: HashSet<u64> =
            here.iter().filter(|(fs, role)| *role == Role::Mark && is_member(fs)).map(|(fs, _)| fs.id).collect();
        // Words and grammar that relations and slots lead to are marks too.
        let mut wanted = Vec::new();
        for (fs, _) in here.iter().filter(|(fs, role)| matches!(role, Role::Mark | Role::Relation) && is_member(fs)) {
            for (_, feature) in &fs.features {
                if let Held::Leads(leads, _) = self.walk.held(feature) {
                    wanted
                        .extend(leads.iter().map(|lead| lead.target).filter(|fs| self.may_be_mark(fs)).map(|fs| fs.id));
                }
            }
        }
        marks.extend(wanted);
        for (fs, role) in &here {
            let member = self.members.contains(&fs.id);
            if fs.kind == AUTHOR_LAYER {
                self.ids.insert(fs.id, AUTHOR.to_owned());
            } else if marks.contains(&fs.id) {
                let (label, place) = (self.label(&fs.kind), fs.place.into_iter().collect::<Vec<_>>());
                let id = self.name(fs, || made::of_stretches(&label, &place));
                self.ids.insert(fs.id, id);
            } else if *role == Role::Passed {
                self.pass(fs.line, format!("of type {} are left out", fs.kind));
            } else if *role != Role::Own && !member {
                self.pass(fs.line, format!("of type {} are in no index; they are left out", fs.kind));
            }
        }
        for (fs, _) in here.iter().filter(|(fs, _)| marks.contains(&fs.id)) {
            self.mark(fs);
        }
        for (fs, role) in &here {
            if *role == Role::Relation && self.members.contains(&fs.id) && !marks.contains(&fs.id) {
                self.relation(fs);
            }
        }
    }

    /// Whether something that is led to can be a mark.
    fn may_be_mark(&self, fs: &Fs) -> bool {
        let own = matches!(fs.kind.as_str(), PIECE | AUTHOR_LAYER | METADATA);
        fs.sofa == Some(self.sofa) && fs.place.is_some() && !own && self.role(fs) != Role::Relation
    }

    /// What a structure is called: its id with us, or one that is made, since its number is another one in each export.
    fn name(&mut self, fs: &Fs, made: impl FnOnce() -> String) -> String {
        let own = fs.text(uima::ID).filter(|id| !id.is_empty() && !self.taken.has(id)).map(str::to_owned);
        self.taken.take(own.unwrap_or_else(made), '+')
    }

    /// The label of a layer.
    fn label(&self, kind: &str) -> SmolStr {
        self.names.get(kind).and_then(Json::as_str).map_or_else(|| label_of(kind), SmolStr::from)
    }

    fn mark(&mut self, fs: &'c Fs) {
        let (mut attributes, mut leads) = (Vec::new(), Vec::new());
        let (mut note, mut unsure) = (String::new(), false);
        let mut stretches: Vec<(u64, u64)> = Vec::new();
        for (name, feature) in &fs.features {
            let held = self.walk.held(feature);
            if let Held::Leads(leads, _) = &held {
                self.links.extend(leads.iter().filter_map(|lead| lead.link).map(|link| link.id));
            }
            match (name.as_str(), held) {
                (uima::ID, _) => {}
                (uima::NOTE, Held::Value(Feature::Text(text))) => note = text,
                (uima::UNSURE, Held::Value(Feature::Flag(true))) => unsure = true,
                (uima::UNSURE, Held::Value(Feature::Text(text))) if text == "true" => unsure = true,
                (uima::PIECES, Held::Leads(all, _))
                    if !all.is_empty() && all.iter().all(|lead| lead.target.kind == PIECE) =>
                {
                    stretches = all.iter().filter_map(|lead| lead.target.place).collect();
                }
                (_, Held::Value(value)) => {
                    self.range(fs, name, &value);
                    attributes.push(self.attribute(fs, name, &value, true));
                }
                (_, Held::Leads(all, missing)) => {
                    if missing > 0 {
                        self.pass(
                            fs.line,
                            format!("references in {name} of {} lead nowhere; they are left out", fs.kind),
                        );
                    }
                    leads.extend(all.into_iter().map(|lead| (name, lead)));
                }
            }
        }
        if is_foreign(&fs.kind) {
            attributes.push((uima::LAYER.into(), Value::Text(fs.kind.clone())));
        }
        if stretches.is_empty() {
            stretches.extend(fs.place);
        }
        let (id, label) = (self.ids[&fs.id].clone(), self.label(&fs.kind));
        let mark = self.draft.mark(&id, &label, fs.line, stretches, None);
        mark.attributes = attributes.into_iter().collect();
        mark.edit_extra(|extra| {
            extra.note = note;
            extra.unsure = unsure;
        });
        for (number, (name, lead)) in leads.into_iter().enumerate() {
            self.slot(fs, &id, number, name, lead);
        }
    }

    /// A feature that leads from a mark to another: a relation, named by its role.
    fn slot(&mut self, fs: &Fs, from: &str, number: usize, name: &SmolStr, lead: Lead<'c>) {
        let Some(to) = self.ids.get(&lead.target.id).cloned() else {
            let what = format!(
                "references in {name} of {} lead to {}, which is not taken in; they are left out",
                fs.kind, lead.target.kind
            );
            return self.pass(fs.line, what);
        };
        let range = self.cas.types.range(&fs.kind, name);
        let known = |of: Option<&SmolStr>| {
            of.filter(|of| *of == ANNOTATION || is_layer(of)).cloned().unwrap_or_else(|| ANNOTATION.into())
        };
        let (id, label, slot, details) = if let Some(link) = lead.link {
            let role = link.text("role").filter(|role| !role.is_empty()).map_or_else(|| name.clone(), SmolStr::from);
            let target = known(self.cas.types.range(&link.kind, "target").map(|range| &range.name));
            let target = if target == ANNOTATION { String::new() } else { format!(" {target}") };
            (
                self.name(link, || made::of_link(&role, from, &to)),
                role,
                format_smolstr!("{name} link {}{target}", link.kind),
                Some(link),
            )
        } else {
            let id = format!("{from}.{name}{}", number + 1);
            let (kind, of) = if lead.several {
                ("list", range.and_then(|range| range.element.as_ref()))
            } else {
                ("one", range.map(|range| &range.name))
            };
            (id, name.clone(), format_smolstr!("{name} {kind} {}", known(of)), None)
        };
        let (mut attributes, note) = details.map(|link| self.details(link)).unwrap_or_default();
        attributes.set(uima::SLOT, Some(Value::Text(slot)));
        let relation = self.draft.link(&id, &label, from, &to, fs.line);
        relation.attributes = attributes;
        if !note.is_empty() {
            relation.extra = Some(Box::new(RelationExtra { note, ..RelationExtra::default() }));
        }
    }

    fn relation(&mut self, fs: &'c Fs) {
        let end = |name: &str| fs.one(name).and_then(|id| self.ids.get(&id)).cloned();
        let (Some(from), Some(to)) = (end("Governor"), end("Dependent")) else {
            let message =
                format!("the relation {} of type {} leads to what is not taken in; it is left out", fs.id, fs.kind);
            return self.draft.warn(fs.line, WarningKind::RelationToNowhere, message);
        };
        let label = self.label(&fs.kind);
        let id = self.name(fs, || made::of_link(&label, &from, &to));
        let (mut attributes, note) = self.details(fs);
        if is_foreign(&fs.kind) {
            attributes.set(uima::LAYER, Some(Value::Text(fs.kind.clone())));
        }
        let relation = self.draft.link(&id, &label, &from, &to, fs.line);
        relation.attributes = attributes;
        if !note.is_empty() {
            relation.extra = Some(Box::new(RelationExtra { note, ..RelationExtra::default() }));
        }
    }

    /// The attributes and the note of a relation.
    fn details(&mut self, fs: &'c Fs) -> (Attributes, String) {
        let is_link = fs.place.is_none() && fs.get("Governor").is_none();
        let (mut attributes, mut note) = (Vec::new(), String::new());
        for (name, feature) in &fs.features {
            match (name.as_str(), self.walk.held(feature)) {
                (uima::ID | "Governor" | "Dependent", _) => {}
                // A link leads from a feature of another structure; a relation may have features of these names.
                ("role" | "target", _) if is_link => {}
                (uima::NOTE, Held::Value(Feature::Text(text))) => note = text,
                (_, Held::Value(value)) => {
                    self.range(fs, name, &value);
                    attributes.push(self.attribute(fs, name, &value, false));
                }
                _ => self.pass(fs.line, format!("references in {name} of {} are left out", fs.kind)),
            }
        }
        (attributes.into_iter().collect(), note)
    }

    /// Remembers what kind of number a feature takes, for the next export.
    fn range(&mut self, fs: &Fs, name: &str, value: &Feature) {
        let range = self.cas.types.range(&fs.kind, name).map(|range| range.name.as_str());
        if let (Feature::Number(_), Some(range)) = (value, range.filter(|range| NUMBERS.contains(range))) {
            self.ranges.insert(format!("{}:{name} {range}", fs.kind));
        }
    }

    /// The attribute that a feature is.
    fn attribute(&self, fs: &Fs, name: &SmolStr, value: &Feature, span: bool) -> (SmolStr, Value) {
        let plain = || match value {
            Feature::Text(text) => Value::Text(text.into()),
            Feature::Number(number) => Value::Number(*number),
            Feature::Flag(value) => Value::Bool(*value),
            Feature::Texts(texts) => Value::Many(texts.iter().map(SmolStr::from).collect()),
            Feature::One(id) => Value::Text(format_smolstr!("{id}")),
            Feature::Many(ids) => Value::Many(ids.iter().map(|id| format_smolstr!("{id}")).collect()),
        };
        let told = self.names.get(&format!("{}:{name}", fs.kind)).and_then(Json::as_array);
        let Some([Json::String(attribute), Json::String(shape)]) = told.map(Vec::as_slice) else {
            let tag = span && name == uima::VALUE && matches!(value, Feature::Text(text) if is_tag(text));
            return (if tag { "type".into() } else { name.clone() }, plain());
        };
        let value = match (Shape::from_id(shape), value) {
            (Some(Shape::Flag), Feature::Text(text)) => Value::Bool(text == "true"),
            (Some(Shape::Number), Feature::Text(text)) => text.parse().map_or_else(|_| plain(), Value::Number),
            (Some(Shape::List), Feature::Text(text)) if text.is_empty() => Value::Many(Box::default()),
            (Some(Shape::List), Feature::Text(text)) => Value::Many([text.into()].into()),
            _ => plain(),
        };
        (attribute.into(), value)
    }
}
