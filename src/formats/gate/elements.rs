//! GATE's XML: the text with its nodes, annotation sets, relation sets, and features of Java's classes.
//!
//! A node's offset is where it stands in the text, whatever its id says. Values that Java's serializer wrote are read as
//! far as they are texts, numbers, lists and maps; others are kept as they stand there.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::{Gate, Link, Mark, Set};
use crate::formats::WarningKind;
use crate::formats::units::Unit;
use crate::formats::xml::{Element, Fault, Node, Part, Xml};

/// Takes a document apart; `warn` takes a line, a kind and a message. Nothing where this is no document of GATE's; a fault
/// ends the file, and what came before it is there.
pub(super) fn document(text: &str, warn: &mut dyn FnMut(usize, WarningKind, String)) -> Result<Option<Gate>, Fault> {
    let mut xml = Xml::new(text);
    let mut gate = Gate { text: String::new(), features: Map::new(), unit: Unit::CodePoints, sets: Vec::new() };
    let mut nodes: HashMap<String, u64> = HashMap::new();
    let mut inside = false;
    loop {
        let open = match xml.part() {
            Ok(Part::Open(open)) => open,
            Ok(Part::End) => return Ok(inside.then_some(gate)),
            Ok(Part::Close | Part::Text(_)) => continue,
            Err(fault) if inside => {
                let message = format!("{}; what comes after it is left out", fault.message);
                warn(fault.line, WarningKind::BrokenLine, message);
                return Ok(Some(gate));
            }
            Err(fault) => return Err(fault),
        };
        match open.name.as_str() {
            "GateDocument" if !inside => inside = true,
            _ if !inside => return Ok(None),
            // Sets are gone through one by one.
            "AnnotationSet" | "RelationSet" => {
                let name = open.attribute("Name").unwrap_or_default().to_owned();
                let read = members(&mut xml, gate.set(&name), &nodes, warn);
                if let Err(fault) = read {
                    let message = format!("{}; what comes after it is left out", fault.message);
                    warn(fault.line, WarningKind::BrokenLine, message);
                    return Ok(Some(gate));
                }
            }
            "TextWithNodes" => {
                let whole = xml.whole(open)?;
                gate.text = text_with(&whole, &mut nodes);
            }
            "GateDocumentFeatures" => gate.features = features(&xml.whole(open)?, warn),
            other => {
                let message = format!("<{other}> is nothing that a document has; it is left out");
                warn(open.line, WarningKind::UnknownField, message);
                xml.whole(open)?;
            }
        }
    }
}

/// The text, and at which code point each node stands.
fn text_with(element: &Element, nodes: &mut HashMap<String, u64>) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for node in &element.inside {
        match node {
            Node::Text(more) => {
                text.push_str(more);
                at += more.chars().count() as u64;
            }
            Node::Element(node) => {
                nodes.insert(node.attribute("id").unwrap_or_default().to_owned(), at);
            }
        }
    }
    text
}

/// Reads what is in a set, to its end.
fn members(
    xml: &mut Xml<'_>,
    set: &mut Set,
    nodes: &HashMap<String, u64>,
    warn: &mut dyn FnMut(usize, WarningKind, String),
) -> Result<(), Fault> {
    loop {
        let open = match xml.part()? {
            Part::Open(open) => open,
            Part::Close | Part::End => return Ok(()),
            Part::Text(_) => continue,
        };
        let element = xml.whole(open)?;
        let own = |name: &str| element.attribute(name).unwrap_or_default().to_owned();
        let line = element.line;
        match element.name.as_str() {
            "Annotation" => {
                let node = |name: &str| nodes.get(element.attribute(name)?).copied();
                let (Some(start), Some(end)) = (node("StartNode"), node("EndNode")) else {
                    let message =
                        format!("the annotation {} stands at a node that is not there; it is left out", own("Id"));
                    warn(line, WarningKind::WrongValue, message);
                    continue;
                };
                let features = features(&element, warn);
                set.marks.push(Mark { line, id: own("Id"), kind: own("Type"), start, end, features });
            }
            "Relation" => {
                let members = own("Members");
                let members = members.split(';').map(str::trim).filter(|member| !member.is_empty());
                let members = members.map(str::to_owned).collect();
                let features = features(&element, warn);
                set.links.push(Link { line, id: own("Id"), kind: own("Type"), members, features });
            }
            other => {
                let message = format!("<{other}> is nothing that a set has; it is left out");
                warn(line, WarningKind::UnknownField, message);
            }
        }
    }
}

/// The features in an element.
fn features(element: &Element, warn: &mut dyn FnMut(usize, WarningKind, String)) -> Map<String, Json> {
    let mut all = Map::new();
    for feature in element.elements().filter(|element| element.name == "Feature") {
        let part = |name: &str| feature.elements().find(|element| element.name == name);
        match (part("Name").map(Element::text), part("Value")) {
            (Some(name), Some(value)) if !name.is_empty() => {
                all.insert(name, feature_value(value));
            }
            _ => {
                warn(
                    feature.line,
                    WarningKind::WrongValue,
                    "a feature has no name or value; it is left out".to_owned(),
                );
            }
        }
    }
    all
}

/// A value of one of Java's classes.
fn feature_value(element: &Element) -> Json {
    let text = element.text();
    let class = element.attribute("className").unwrap_or_default();
    match class.rsplit('.').next().unwrap_or_default() {
        "ObjectWrapper" => {
            serialized(&text).unwrap_or_else(|| Json::Object([(class.to_owned(), text.into())].into_iter().collect()))
        }
        // As older versions wrote them.
        "ArrayList" | "HashSet" | "LinkedList" | "Vector" | "TreeSet" | "LinkedHashSet" => {
            text.split(';').filter(|item| !item.is_empty()).collect()
        }
        simple => scalar(simple, text),
    }
}

/// A text, a number or yes and no; a text where it is not as its class says.
fn scalar(class: &str, text: String) -> Json {
    match class.to_lowercase().as_str() {
        "integer" | "int" | "long" | "short" | "byte" => {
            text.trim().parse::<i64>().map_or_else(|_| text.as_str().into(), Json::from)
        }
        "double" | "float" => {
            let number = text.trim().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            number.map_or_else(|| text.into(), Json::Number)
        }
        "boolean" => match text.trim() {
            "true" => true.into(),
            "false" => false.into(),
            _ => text.into(),
        },
        _ => text.into(),
    }
}

/// What Java's serializer wrote, as far as it is plain.
fn serialized(text: &str) -> Option<Json> {
    let mut xml = Xml::new(text);
    loop {
        if let Part::Open(open) = xml.part().ok()? {
            let whole = xml.whole(open).ok()?;
            let value = whole.elements().next()?;
            return plain(value, value.attribute("class")?);
        }
    }
}

/// Elements lie no deeper than [`Xml`] lets them.
fn plain(element: &Element, class: &str) -> Option<Json> {
    if matches!(class, "list" | "set" | "linked-list" | "sorted-set" | "tree-set" | "linked-hash-set")
        || class.ends_with("-array")
    {
        return element.elements().map(|item| plain(item, &item.name)).collect();
    }
    if matches!(class, "map" | "hash-map" | "linked-hash-map" | "tree-map") {
        let entry = |entry: &Element| {
            let mut parts = entry.elements();
            let (key, value) = (parts.next()?, parts.next()?);
            Some((key.text(), plain(value, &value.name)?))
        };
        return element.elements().map(entry).collect::<Option<Map<_, _>>>().map(Json::Object);
    }
    match class {
        "string" | "date" | "char" | "big-decimal" | "big-int" => Some(element.text().into()),
        "int" | "long" | "short" | "byte" | "double" | "float" | "boolean" => Some(scalar(class, element.text())),
        "null" => Some(Json::Null),
        _ => None,
    }
}
