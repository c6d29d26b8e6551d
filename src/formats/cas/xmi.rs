//! XMI: an element a structure, its features as attributes, texts in arrays as elements in it.
//!
//! What an attribute is — a text, a number, a reference — is said by the type system alone. Without one, what is
//! certain by its name is taken so, and what leads to links.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use smol_str::{SmolStr, format_smolstr};

use super::model::{Cas, Feature, Fs, SOFA, View};
use crate::formats::uima::NUMBERS;
use crate::formats::uima::types::{BOOLEAN, DOUBLE, FS_ARRAY, STRING, STRING_ARRAY, Types};
use crate::formats::uima::xml::{Node, Nodes, Refused, decode, escape, refused};

/// Reads a file whose types are these, as far as they are known.
pub(super) fn read(bytes: &[u8], types: Types) -> Result<Cas, Refused> {
    let text = decode(bytes)?;
    let mut nodes = Nodes::new(&text);
    let mut reading = Reading { cas: Cas { types, ..Cas::default() }, spaces: HashMap::new(), kinds: HashMap::new() };
    let (mut depth, mut feature, mut said, mut skipped) = (0usize, SmolStr::default(), String::new(), 0);
    loop {
        match nodes.next()? {
            Node::Begin(name, attributes) => {
                let line = nodes.line();
                match depth {
                    0 if name.rsplit(':').next() != Some("XMI") => {
                        return Err(refused(line, format!("its root is {name}, and XMI's is xmi:XMI")));
                    }
                    0 => reading.spaces(&attributes),
                    1 => {
                        reading.spaces(&attributes);
                        reading.element(line, &name, attributes);
                    }
                    2 => {
                        feature = name;
                        said.clear();
                    }
                    _ => skipped += 1,
                }
                depth += 1;
            }
            Node::Text(text) if depth == 3 => said.push_str(&text),
            Node::Text(_) => {}
            Node::End => {
                depth = depth.checked_sub(1).ok_or_else(|| refused(1, "an element ends that did not begin"))?;
                if depth == 2 {
                    reading.child(&feature, std::mem::take(&mut said));
                }
            }
            Node::Done if depth == 0 && !reading.spaces.is_empty() => break,
            Node::Done => return Err(refused(nodes.line(), "it ends before its end")),
        }
    }
    if skipped > 0 {
        reading.cas.told.push((1, format!("{skipped} elements stand in features; they are left out")));
    }
    Ok(reading.typed())
}

struct Reading {
    cas: Cas,
    /// Packages by prefix.
    spaces: HashMap<String, String>,
    /// Names of types by names of elements.
    kinds: HashMap<String, SmolStr>,
}

impl Reading {
    fn spaces(&mut self, attributes: &[(SmolStr, SmolStr)]) {
        for (name, value) in attributes {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                let package =
                    value.strip_prefix("http:///").and_then(|path| path.strip_suffix(".ecore")).unwrap_or_default();
                let package = if package == "uima/noNamespace" { String::new() } else { package.replace('/', ".") };
                self.spaces.insert(prefix.to_owned(), package);
                self.kinds.clear();
            }
        }
    }

    /// The type of an element.
    fn kind(&mut self, element: &str) -> SmolStr {
        if let Some(kind) = self.kinds.get(element) {
            return kind.clone();
        }
        let (prefix, local) = element.split_once(':').unwrap_or(("", element));
        let kind: SmolStr = match self.spaces.get(prefix).map(String::as_str) {
            Some("") | None => local.into(),
            Some(package) => format_smolstr!("{package}.{local}"),
        };
        self.kinds.insert(element.to_owned(), kind.clone());
        kind
    }

    fn element(&mut self, line: usize, element: &str, attributes: Vec<(SmolStr, SmolStr)>) {
        let kind = self.kind(element);
        let ids = |text: &str| text.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect();
        if kind == "uima.cas.View" {
            let mut view = View::default();
            for (name, value) in attributes {
                match name.as_str() {
                    "sofa" => view.sofa = value.parse().unwrap_or(0),
                    "members" => view.members = ids(&value),
                    _ => {}
                }
            }
            self.cas.views.push(view);
            return;
        }
        let mut fs = Fs { kind, line, ..Fs::default() };
        let (mut begin, mut end) = (None, None);
        for (name, value) in attributes {
            match name.as_str() {
                "xmi:id" => fs.id = value.parse().unwrap_or(0),
                "sofa" => fs.sofa = value.parse().ok(),
                "begin" => begin = value.parse().ok(),
                "end" => end = value.parse().ok(),
                name if name.contains(':') || name == "xmlns" => {}
                _ => fs.features.push((name, Feature::Text(value.into()))),
            }
        }
        fs.place = begin.zip(end);
        self.cas.structures.push(fs);
    }

    /// A text of an array.
    fn child(&mut self, name: &str, text: String) {
        let Some(fs) = self.cas.structures.last_mut() else { return };
        // Those of one array stand together.
        if let Some((_, Feature::Texts(texts))) = fs.features.last_mut().filter(|(known, _)| known == name) {
            texts.push(text);
        } else {
            fs.features.push((name.into(), Feature::Texts(vec![text])));
        }
    }

    /// All features as what they are.
    fn typed(self) -> Cas {
        let Cas { types, mut structures, views, told } = self.cas;
        let known: HashSet<u64> = structures.iter().map(|fs| fs.id).collect();
        let links: HashSet<u64> =
            structures.iter().filter(|fs| fs.sofa.is_none() && fs.get("target").is_some()).map(|fs| fs.id).collect();
        for fs in &mut structures {
            let kind = fs.kind.clone();
            for (name, feature) in &mut fs.features {
                let Feature::Text(text) = feature else { continue };
                if let Some(value) = typed(&types, &kind, name, text, &known, &links) {
                    *feature = value;
                }
            }
            // `0` is no structure.
            fs.features.retain(|(_, feature)| *feature != Feature::One(0));
        }
        Cas { types, structures, views, told }
    }
}

/// What a text of an attribute is, where it is no text.
fn typed(
    types: &Types,
    kind: &str,
    name: &str,
    text: &str,
    known: &HashSet<u64>,
    links: &HashSet<u64>,
) -> Option<Feature> {
    let one = || text.parse().ok().map(Feature::One);
    let ids = || -> Option<Vec<u64>> { text.split_ascii_whitespace().map(|id| id.parse().ok()).collect() };
    let words = || Feature::Texts(text.split_ascii_whitespace().map(str::to_owned).collect());
    if let Some(range) = types.range(kind, name) {
        let of = range.name.as_str();
        return match of {
            STRING => None,
            BOOLEAN => matches!(text, "true" | "false").then_some(Feature::Flag(text == "true")),
            _ if of == DOUBLE || NUMBERS.contains(&of) => {
                text.parse().ok().filter(|number: &f64| number.is_finite()).map(Feature::Number)
            }
            _ if range.shared => one(),
            FS_ARRAY | "uima.cas.FSList" => ids().map(Feature::Many),
            _ if of.ends_with("[]") => ids().map(Feature::Many),
            STRING_ARRAY if text.is_empty() => Some(Feature::Texts(Vec::new())),
            STRING_ARRAY => None,
            _ if of.starts_with("uima.cas.") && (of.ends_with("Array") || of.ends_with("List")) => Some(words()),
            _ if types.is_a(of, STRING) == Some(true) => None,
            _ => one(),
        };
    }
    match (kind, name) {
        (SOFA, _) => None,
        (FS_ARRAY, "elements") => ids().map(Feature::Many),
        (_, "elements") if kind.starts_with("uima.cas.") && kind != STRING_ARRAY => Some(words()),
        (_, "head" | "tail")
            if kind.starts_with("uima.cas.NonEmpty") && (name == "tail" || kind.ends_with("FSList")) =>
        {
            one()
        }
        (_, "Governor" | "Dependent" | "target" | "first" | "next") => {
            one().filter(|feature| matches!(feature, Feature::One(id) if known.contains(id)))
        }
        _ => {
            let ids = ids().filter(|ids| !ids.is_empty() && ids.iter().all(|id| links.contains(id)))?;
            Some(Feature::Many(ids))
        }
    }
}

/// The file of a CAS.
pub(super) fn write(cas: &Cas) -> String {
    let package = |kind: &str| kind.rsplit_once('.').map_or("", |(package, _)| package).to_owned();
    let mut prefixes: BTreeMap<String, String> = [("uima.cas".to_owned(), "cas".to_owned())].into();
    let kinds: BTreeSet<&str> = cas.structures.iter().map(|fs| fs.kind.as_str()).collect();
    let packages: BTreeSet<String> = kinds.iter().map(|kind| package(kind)).collect();
    for package in packages {
        let short = package.rsplit('.').next().filter(|it| !it.is_empty()).unwrap_or("noNamespace");
        let taken = |prefix: &str| prefix == "xmi" || prefixes.values().any(|known| known == prefix);
        let mut prefix = short.to_owned();
        for number in 2.. {
            if !taken(&prefix) || prefixes.contains_key(&package) {
                break;
            }
            prefix = format!("{short}{number}");
        }
        prefixes.entry(package).or_insert(prefix);
    }
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\"");
    for (package, prefix) in &prefixes {
        let path = if package.is_empty() { "uima/noNamespace".to_owned() } else { package.replace('.', "/") };
        push(&mut out, format_args!(" xmlns:{prefix}=\"http:///{path}.ecore\""));
    }
    out.push_str(" xmi:version=\"2.0\">\n<cas:NULL xmi:id=\"0\"/>\n");
    let (texts, others): (Vec<&Fs>, Vec<&Fs>) = cas.structures.iter().partition(|fs| fs.kind == SOFA);
    let element = |kind: &str| format!("{}:{}", prefixes[&package(kind)], kind.rsplit('.').next().unwrap_or_default());
    let elements: HashMap<&str, String> = kinds.iter().map(|kind| (*kind, element(kind))).collect();
    for fs in others.into_iter().chain(texts) {
        let element = &elements[fs.kind.as_str()];
        push(&mut out, format_args!("<{element} xmi:id=\"{}\"", fs.id));
        if let Some(sofa) = fs.sofa {
            push(&mut out, format_args!(" sofa=\"{sofa}\""));
        }
        if let Some((begin, end)) = fs.place {
            push(&mut out, format_args!(" begin=\"{begin}\" end=\"{end}\""));
        }
        features(&mut out, &cas.types, fs, element);
    }
    for view in &cas.views {
        let members: Vec<String> = view.members.iter().map(ToString::to_string).collect();
        push(&mut out, format_args!("<cas:View sofa=\"{}\" members=\"{}\"/>\n", view.sofa, members.join(" ")));
    }
    out.push_str("</xmi:XMI>\n");
    out
}

/// The features of an element, and its end.
fn features(out: &mut String, types: &Types, fs: &Fs, element: &str) {
    let mut children = String::new();
    for (name, feature) in &fs.features {
        let value = match feature {
            Feature::Text(text) => text.clone(),
            Feature::Flag(value) => value.to_string(),
            Feature::Number(number) if fs.kind == SOFA || super::is_whole(types, fs, name, *number) => {
                format!("{number}")
            }
            Feature::Number(number) if number.is_finite() => format!("{number:?}"),
            Feature::Number(number) => super::special(*number).to_owned(),
            Feature::One(id) => id.to_string(),
            Feature::Many(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Feature::Texts(texts) if texts.is_empty() => String::new(),
            Feature::Texts(texts) => {
                for text in texts {
                    push(&mut children, format_args!("<{name}>"));
                    escape(&mut children, text);
                    push(&mut children, format_args!("</{name}>"));
                }
                continue;
            }
        };
        push(out, format_args!(" {name}=\""));
        escape(out, &value);
        out.push('"');
    }
    if children.is_empty() {
        out.push_str("/>\n");
    } else {
        push(out, format_args!(">{children}</{element}>\n"));
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes it");
}
