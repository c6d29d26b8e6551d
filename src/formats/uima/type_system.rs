//! `TypeSystem.xml`: the types of a dataset, with what each feature takes.
//!
//! What INCEpTION makes layers of; descriptions and imports of other files are not looked at.

use super::types::{Range, Types};
use super::xml::{Node, Nodes, Refused, decode, escape, refused};

/// No element of a type system stands deeper.
const DEEPEST: usize = 32;

/// Reads a type system; what else stands in it is not looked at.
pub(in crate::formats) fn read(bytes: &[u8]) -> Result<Types, Refused> {
    let text = decode(bytes)?;
    let (mut nodes, mut types, mut path, mut said) =
        (Nodes::new(&text), Types::default(), Vec::<String>::new(), String::new());
    let (mut name, mut parent) = (String::new(), String::new());
    let (mut feature, mut range, mut features) = (String::new(), Range::of(""), Vec::new());
    loop {
        match nodes.next()? {
            Node::Begin(element, _) => {
                if path.len() >= DEEPEST {
                    return Err(refused(nodes.line(), "it is nested too deep"));
                }
                path.push(element.rsplit(':').next().unwrap_or_default().to_owned());
                said.clear();
            }
            Node::Text(text) => said.push_str(&text),
            Node::End => {
                let Some(element) = path.pop() else {
                    return Err(refused(nodes.line(), "an element ends that did not begin"));
                };
                let word = said.trim();
                match (path.last().map(String::as_str), element.as_str()) {
                    (Some("featureDescription"), "name") => word.clone_into(&mut feature),
                    (Some("featureDescription"), "rangeTypeName") => range.name = word.into(),
                    (Some("featureDescription"), "elementType") => {
                        range.element = Some(word.into()).filter(|it: &smol_str::SmolStr| !it.is_empty());
                    }
                    (Some("featureDescription"), "multipleReferencesAllowed") => range.shared = word == "true",
                    (Some("typeDescription"), "name") => word.clone_into(&mut name),
                    (Some("typeDescription"), "supertypeName") => word.clone_into(&mut parent),
                    (_, "featureDescription") => {
                        features.push((std::mem::take(&mut feature), std::mem::replace(&mut range, Range::of(""))));
                    }
                    (_, "typeDescription") => {
                        let kind = types.declare(&std::mem::take(&mut name), &std::mem::take(&mut parent));
                        kind.features.extend(features.drain(..).map(|(name, range)| (name.into(), range)));
                    }
                    _ => {}
                }
                said.clear();
            }
            Node::Done if path.is_empty() => return Ok(types),
            Node::Done => return Err(refused(nodes.line(), "it ends before its end")),
        }
    }
}

/// The file of a type system.
pub(in crate::formats) fn write(types: &Types) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n<types>\n",
    );
    let element = |out: &mut String, name: &str, text: &str| {
        push(out, format_args!("<{name}>"));
        escape(out, text);
        push(out, format_args!("</{name}>"));
    };
    for (name, kind) in &types.0 {
        out.push_str("<typeDescription>");
        element(&mut out, "name", name);
        out.push_str("<description/>");
        element(&mut out, "supertypeName", &kind.parent);
        out.push_str(if kind.features.is_empty() { "" } else { "<features>\n" });
        for (feature, range) in &kind.features {
            out.push_str("  <featureDescription>");
            element(&mut out, "name", feature);
            out.push_str("<description/>");
            element(&mut out, "rangeTypeName", &range.name);
            if let Some(of) = &range.element {
                element(&mut out, "elementType", of);
            }
            out.push_str("</featureDescription>\n");
        }
        out.push_str(if kind.features.is_empty() { "" } else { "</features>" });
        out.push_str("</typeDescription>\n");
    }
    out.push_str("</types>\n</typeSystemDescription>\n");
    out
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    std::fmt::Write::write_fmt(out, text).expect("a string takes it");
}
