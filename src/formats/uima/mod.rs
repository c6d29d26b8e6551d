//! Names of layers and features as INCEpTION takes them: `webanno.custom.Entity` for the label `entity`.
//!
//! A name says the same of a label whatever else is in the dataset. What a name cannot say (`claim-type` is the feature
//! `claim_type`) is told beside the annotations by whoever writes them.

pub(in crate::formats) mod declare;
pub(in crate::formats) mod declared;
pub(in crate::formats) mod plan;
pub mod project;
pub(in crate::formats) mod type_system;
pub(in crate::formats) mod types;
pub(in crate::formats) mod xml;

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::{Document, Done, Kind, Losses};
use crate::model::{Attributes, GOLD, Schema};

/// Before the names of layers that people made.
pub(in crate::formats) const CUSTOM: &str = "webanno.custom.";
/// DKPro's named entities, a layer that every project has.
pub(in crate::formats) const NAMED_ENTITY: &str = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";
/// DKPro's tokens.
pub(in crate::formats) const TOKEN: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token";
/// DKPro's sentences.
pub(in crate::formats) const SENTENCE: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence";
/// Of which all layers with a place are.
pub(in crate::formats) const ANNOTATION: &str = "uima.tcas.Annotation";

/// The feature that holds the finer label.
pub(in crate::formats) const VALUE: &str = "value";
/// The feature that holds an id.
pub(in crate::formats) const ID: &str = "pressmark_id";
/// The feature that holds a note.
pub(in crate::formats) const NOTE: &str = "note";
/// The feature that flags what its annotator is not sure of.
pub(in crate::formats) const UNSURE: &str = "unsure";
/// The feature that links the pieces of an annotation of several spans.
pub(in crate::formats) const PIECES: &str = "pieces";
/// Begins the names of what only Pressmark has.
pub(in crate::formats) const OURS: &str = "Pressmark";

/// The attribute that holds the full name of a layer that is not INCEpTION's own.
pub(in crate::formats) const LAYER: &str = "cas:layer";
/// The attribute of a relation that was a feature or a slot: feature, kind, and type.
pub(in crate::formats) const SLOT: &str = "cas:slot";
/// The attribute of an article that holds which features have numbers of another kind than `Double`.
pub(in crate::formats) const RANGES: &str = "cas:ranges";

/// The type of what an article has.
pub(in crate::formats) const ARTICLE: &str = "webanno.custom.PressmarkArticle";
/// Its features, besides the article's attributes.
pub(in crate::formats) const ARTICLE_FEATURES: [&str; 5] = ["article", "annotator", "note", "names", "controls"];
/// The layer of pieces of annotations.
pub(in crate::formats) const PIECE: &str = "webanno.custom.PressmarkPiece";
/// The layer of the article's author.
pub(in crate::formats) const AUTHOR_LAYER: &str = "webanno.custom.PressmarkAuthor";
/// DKPro's type of what is known of a document.
pub(in crate::formats) const METADATA: &str = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData";
/// Its features that are kept under `cas:`.
pub(in crate::formats) const METADATA_KEPT: &[&str] =
    &["documentId", "documentUri", "documentBaseUri", "collectionId", "language"];
/// The types of numbers besides `Double`.
pub(in crate::formats) const NUMBERS: [&str; 5] =
    ["uima.cas.Integer", "uima.cas.Long", "uima.cas.Short", "uima.cas.Byte", "uima.cas.Float"];
/// The file that declares the types of a dataset.
pub(in crate::formats) const TYPE_SYSTEM: &str = "TypeSystem.xml";

/// DKPro's layers of words and grammar.
const GRAMMAR: [&str; 7] = [
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.",
    "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata.",
    "de.tudarmstadt.ukp.dkpro.core.api.transform.",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.PennTree",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.constituent.",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.",
];

/// Names that no feature for an attribute may have: UIMA's, INCEpTION's, ours, and words of Java and Python, in which
/// features become fields.
const RESERVED: &[&str] = &[
    "begin",
    "end",
    "sofa",
    "self",
    "id",
    "xmiID",
    "Governor",
    "Dependent",
    "role",
    "target",
    "first",
    "next",
    ID,
    NOTE,
    UNSURE,
    PIECES,
    "elements",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "case",
    "class",
    "continue",
    "def",
    "default",
    "del",
    "do",
    "elif",
    "else",
    "except",
    "False",
    "final",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "int",
    "is",
    "lambda",
    "new",
    "None",
    "nonlocal",
    "not",
    "null",
    "or",
    "package",
    "pass",
    "public",
    "raise",
    "return",
    "static",
    "this",
    "True",
    "try",
    "void",
    "while",
    "with",
    "yield",
];

/// Names of layers for all labels and relations of a schema, and for those that it does not have.
#[derive(Clone, Debug)]
pub(in crate::formats) struct Layers {
    labels: BTreeMap<SmolStr, SmolStr>,
    relations: BTreeMap<SmolStr, SmolStr>,
}

impl Layers {
    /// Names for a schema. Where two would have the same, the later gets one of its own.
    pub fn new(schema: &Schema) -> Self {
        let (mut labels, mut relations) = (BTreeMap::new(), BTreeMap::<SmolStr, SmolStr>::new());
        let mut taken: Vec<SmolStr> = Vec::new();
        let mut free = |wanted: [SmolStr; 3]| -> SmolStr {
            let name = wanted.iter().find(|name| !taken.contains(name)).unwrap_or(&wanted[2]).clone();
            taken.push(name.clone());
            name
        };
        for label in &schema.labels {
            let (name, hashed) = (camel(&label.id), with_hash(&label.id));
            labels.insert(label.id.clone(), free([name, hashed.clone(), hashed]));
        }
        for relation in &schema.relations {
            let name = camel(&relation.id);
            let longer = format_smolstr!("{name}Relation");
            relations.insert(relation.id.clone(), free([name, longer, with_hash(&relation.id)]));
        }
        Self { labels, relations }
    }

    /// The full name of a label's layer.
    pub fn label(&self, label: &str) -> SmolStr {
        if label == "NamedEntity" {
            return NAMED_ENTITY.into();
        }
        format_smolstr!("{CUSTOM}{}", self.known(&self.labels, label, ""))
    }

    /// The full name of a relation's layer.
    pub fn relation(&self, label: &str) -> SmolStr {
        format_smolstr!("{CUSTOM}{}", self.known(&self.relations, label, "Relation"))
    }

    fn known(&self, names: &BTreeMap<SmolStr, SmolStr>, label: &str, suffix: &str) -> SmolStr {
        if let Some(name) = names.get(label) {
            return name.clone();
        }
        let plain = camel(label);
        // A name in capitals is a layer's that was read; any other gets what tells it from labels.
        let name = if plain == label || suffix.is_empty() { plain } else { format_smolstr!("{plain}{suffix}") };
        let taken = self.labels.values().chain(self.relations.values()).any(|known| *known == name);
        if taken { with_hash(label) } else { name }
    }
}

/// The layers of one document: never one name for two labels.
#[derive(Clone, Debug, Default)]
pub(in crate::formats) struct Named(BTreeMap<SmolStr, (bool, SmolStr)>);

impl Named {
    /// The name of a label's or relation's layer: the one that was kept where it still is that of the label, or else the
    /// wanted one. Gives also whether the kept one is that.
    pub fn take(&mut self, relation: bool, label: &SmolStr, kept: Option<&str>, wanted: SmolStr) -> (SmolStr, bool) {
        let kept = kept.filter(|kept| is_layer(kept) && is_foreign(kept) && label_of(kept) == *label);
        let mut layer = kept.map_or(wanted, SmolStr::from);
        let own = (relation, label.clone());
        if self.0.get(&layer).is_some_and(|other| *other != own) {
            layer = format_smolstr!("{CUSTOM}{}", with_hash(label));
        }
        self.0.insert(layer.clone(), own);
        (layer, kept.is_some())
    }

    /// The layers whose names do not say their labels.
    pub fn told(&self) -> impl Iterator<Item = (&SmolStr, &SmolStr)> {
        self.0.iter().map(|(layer, (_, label))| (layer, label)).filter(|(layer, label)| label_of(layer) != **label)
    }
}

/// A relation that is a feature of the annotation that it starts from.
pub(in crate::formats) struct Slot<'a> {
    /// The feature.
    pub feature: &'a str,
    /// `link`, `list` or `one`.
    pub kind: &'a str,
    /// The type of its links, or of what it leads to.
    pub of: &'a str,
    /// What links lead to.
    pub target: &'a str,
}

/// What a relation says of the slot that it was.
pub(in crate::formats) fn slot(attributes: &Attributes) -> Option<Slot<'_>> {
    let mut words = attributes.text(SLOT)?.split(' ');
    let (feature, kind, of) = (words.next()?, words.next()?, words.next()?);
    let is_type = |name: &str| name == ANNOTATION || is_layer(name);
    let target = words.next().filter(|name| is_type(name)).unwrap_or(ANNOTATION);
    let known = matches!(kind, "link" if is_layer(of)) || matches!(kind, "list" | "one" if is_type(of));
    let plain = self::feature(feature) == feature || feature == "next";
    (plain && known).then_some(Slot { feature, kind, of, target })
}

/// Counts what a layer says of the article that no feature holds.
pub(in crate::formats) fn count_discussion(document: &Document, losses: &mut Losses) {
    let (head, file) = (document.layer.head(), &document.file);
    for id in head.comments.iter().map(|it| &it.id).chain(head.decisions.iter().map(|it| &it.id)) {
        losses.add(Kind::Discussion, Done::Dropped, file, id);
    }
    for (field, _) in &head.conflict {
        losses.add(Kind::OtherVersion, Done::Dropped, file, field);
    }
}

/// What the path of a file in a project that INCEpTION exported says: the article, and whose layer of it; nobody's is the text
/// as it was before anybody worked on it.
pub(in crate::formats) fn in_project(name: &str) -> Option<(&str, &str)> {
    let mut parts = name.rsplit('/');
    let (file, article, kind) = (parts.next()?, parts.next()?, parts.next()?);
    let annotator = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    matches!(kind, "annotation" | "curation").then_some((article, whose(annotator)))
}

/// Whose layer INCEpTION means by a name: the curator's is gold, and what everybody starts from is nobody's. Some of its versions
/// add a long number to a name that has three letters at least, with `_` for what lacks.
pub(in crate::formats) fn whose(name: &str) -> &str {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let plain = if name.len() - plain.len() >= LONG_NUMBER { plain } else { name };
    let plain = if plain.len() == 3 && plain != name { plain.trim_end_matches('_') } else { plain };
    match plain {
        "CURATION_USER" => GOLD,
        INITIAL => "",
        "" => name,
        plain => plain,
    }
}

/// Whose layer INCEpTION has of an article that nobody has worked on.
pub const INITIAL: &str = "INITIAL_CAS";
/// A number after a name that is none of the person's.
const LONG_NUMBER: usize = 12;

/// A name that no other label has.
pub(in crate::formats) fn with_hash(label: &str) -> SmolStr {
    format_smolstr!("{}_{:08x}", letters(label), hash(label))
}

/// `entity` as `Entity`, `claim-type` as `ClaimType`, `PER` as it is; what cannot be told from another label by such a
/// name gets a number from all of its letters.
fn camel(label: &str) -> SmolStr {
    let plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let is_name = label.starts_with(|c: char| c.is_ascii_uppercase())
        && !label.starts_with(OURS)
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name {
        label.into()
    } else if label.split('-').all(plain) && !label.starts_with("pressmark") {
        letters(label)
    } else {
        with_hash(label)
    }
}

/// The letters and digits of ASCII in a label, a capital after each gap.
fn letters(label: &str) -> SmolStr {
    let mut name = String::new();
    let mut begins = true;
    for c in label.chars() {
        if !c.is_ascii_alphanumeric() {
            begins = true;
        } else if begins {
            begins = false;
            name.push(c.to_ascii_uppercase());
        } else {
            name.push(c);
        }
    }
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) || name.starts_with(OURS) {
        name.insert(0, 'L');
    }
    name.into()
}

/// A feature for an attribute.
pub(in crate::formats) fn feature(attribute: &str) -> SmolStr {
    let mut name: String = attribute.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'f');
    }
    if RESERVED.contains(&name.as_str()) {
        name.push('_');
    }
    name.into()
}

/// Whether a value is a tag rather than a text: it becomes the finer label.
pub(in crate::formats) fn is_tag(value: &str) -> bool {
    value.len() <= 40
        && value.starts_with(char::is_alphanumeric)
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// The label that a layer's name says.
pub(in crate::formats) fn label_of(layer: &str) -> SmolStr {
    layer.rsplit('.').next().unwrap_or(layer).into()
}

/// Whether a layer has to be kept beside its label, which does not say it.
pub(in crate::formats) fn is_foreign(layer: &str) -> bool {
    layer != NAMED_ENTITY && layer.strip_prefix(CUSTOM).is_none_or(|name| name.contains('.')) && layer != ANNOTATION
}

/// Whether a layer is one of DKPro's for words and grammar.
pub(in crate::formats) fn is_grammar(layer: &str) -> bool {
    GRAMMAR.iter().any(|prefix| layer.starts_with(prefix))
}

/// Whether a text is the name of a layer that may be written: words with dots between them, and none of UIMA's own.
pub(in crate::formats) fn is_layer(name: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    !name.starts_with("uima.") && name.split('.').all(is_word)
}

/// FNV-1a (Fowler, Noll, Vo).
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
